"""What each criterion of `sequential_twin` looks at."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise, built, is_a, tried

from ..shared import SHAPES, numbers_of, set_numbers


def mode_of(model: nn.Module) -> str:
    """In which mode a model's modules are."""
    flags = {module.training for module in model.modules()}
    return "training mode" if flags == {True} else "eval mode" if flags == {False} else "a mixture of both modes"


sequential_twin = Exercise(
    "sequential_twin",
    requires="sequential_twin",
    title="The same network as a Sequential",
    minutes=20,
    difficulty=3,
    hints=[
        (
            "An `nn.Sequential` runs its modules in the order in which they stand in it. Write down what `forward` "
            "does, step by step: pooling and flattening have modules of their own in torch, and ReLU comes three times."
        ),
        (
            "The order in which a network *registers* its layers says nothing about the order in which it *uses* them. "
            "So `net.children()` is no help here."
        ),
        (
            "`net.conv1` put into the Sequential is the same object, with the same weights: train one, and you train "
            "both. `copy.deepcopy` copies a module with all that belongs to it: weights, buffers, eps, momentum, p."
        ),
        (
            "A new `nn.Sequential` is in training mode. Which mode is `net` in, and which call sets it for all modules "
            "of the twin at once?"
        ),
    ],
)


WIRING = "conv1 relu bn1 pool conv2 relu bn2 pool flatten fc1 relu dropout fc2"


UNREGISTERED: dict[str, Callable[[Any], Any]] = {
    "pool": lambda x: nn.functional.max_pool2d(x, 2),
    "flatten": lambda x: x.flatten(1),
}


def layer_for(shape: tuple[int, ...]) -> nn.Module:
    """The layer whose weight has this shape."""
    if len(shape) == 4:
        return nn.Conv2d(shape[1], shape[0], shape[2:], padding=shape[2] // 2)
    if len(shape) == 2:
        return torch.nn.utils.skip_init(nn.Linear, shape[1], shape[0])
    return nn.BatchNorm2d(shape[0])


class Wired(nn.Module):
    """The lecture's network, wired from tables. It registers its layers in another order than it uses them."""

    def __init__(self) -> None:
        super().__init__()
        self.add_module("relu", nn.ReLU())
        for name in sorted(SHAPES, reverse=True):
            self.add_module(name, layer_for(SHAPES[name]))
        self.add_module("dropout", nn.Dropout(0.25))

    def forward(self, x: torch.Tensor) -> Any:
        for name in WIRING.split():
            x = UNREGISTERED.get(name, vars(self)["_modules"].get(name))(x)
        return x


SETTINGS = {"bn1": {"eps": 0.03, "momentum": 0.3}, "bn2": {"eps": 0.2, "momentum": 0.6}, "dropout": {"p": 0.4}}
"""Settings that no fresh module has."""


def wired(draw: Draw, **settings: dict[str, Any]) -> Wired:
    """The network with known numbers, and with settings that differ from torch's defaults."""
    net = Wired()
    set_numbers({name: vars(net)["_modules"][name] for name in SHAPES}, draw)
    for name, values in {**SETTINGS, **settings}.items():
        for key, value in values.items():
            setattr(vars(net)["_modules"][name], key, value)
    return net


def twin_of(function: Any, net: nn.Module) -> Any:
    """The student's twin. Raises `TypeError` unless it is a module, not net itself, that holds any tensor."""
    twin = built(function, net)
    if twin is net:
        raise TypeError("what came back is net itself")
    if not _tensors(twin):
        raise TypeError("what came back holds no tensors at all")
    return twin


def modules_of(model: Any) -> list[Any]:
    """A model's modules, each once, the model itself first."""
    return [module for _, module in nn.Module.named_modules(model)]


@sequential_twin.criterion(
    "It is an nn.Sequential, built of torch's own modules alone",
    because="Whoever loads it needs no class of yours: torch is enough.",
)
def twin_kinds(function: Any, draw: Draw) -> Any:
    twin = twin_of(function, wired(draw))
    own = [type(module).__name__ for module in modules_of(twin)[1:] if not _is_torchs(module)]
    return {"type": type(twin).__name__ if _is_torchs(twin) else "a class of your own", "other classes in it": own}


def _is_torchs(module: Any) -> bool:
    kind = type(module)
    home = sys.modules.get(kind.__module__)
    named = kind.__module__.startswith("torch.") and getattr(home, kind.__name__, None) is kind
    return named and "forward" not in vars(module)


def _not_copied(twin: nn.Module, net: nn.Module) -> dict[str, list[str]]:
    """Which weights of net's no tensor of the twin's has the numbers of: two random twins have different logits."""
    tensors = _tensors(twin)
    lost = [name for name, own in net.named_parameters() if not any(torch.equal(own, tensor) for tensor in tensors)]
    return {"weights of net that it has no copy of": lost} if lost else {}


@sequential_twin.criterion(
    "In eval mode it gives the same logits as net",
    points=2,
    because="The same weights in the same order are the same function, whatever the class is called.",
    atol=1e-4,
)
def twin_eval(function: Any, draw: Draw) -> Any:
    images, net = draw.normal(3, 1, 28, 28), wired(draw).eval()
    twin = tried(lambda: twin_of(function, net).eval())
    if not is_a(twin, nn.Module):
        return twin
    if lost := _not_copied(twin, net):
        return lost
    return {
        "logits of three images": tried(lambda: twin(images)),
        "logits of one image": tried(lambda: twin(images[:1])),
    }


@sequential_twin.criterion(
    "Its batch norms have net's eps and momentum, and net's buffers, its dropout net's p",
    because="Settings are no weights: a state_dict does not carry them.",
)
def twin_settings(function: Any, draw: Draw) -> Any:
    twin = twin_of(function, wired(draw))
    norms = [module for module in modules_of(twin) if is_a(module, nn.BatchNorm2d)]
    buffers = ("running_mean", "running_var", "num_batches_tracked")
    return {
        "p of the dropouts": [module.p for module in modules_of(twin) if is_a(module, nn.Dropout)],
        "eps of the batch norms": [norm.eps for norm in norms],
        "momentum of the batch norms": [norm.momentum for norm in norms],
        **{f"{name} of the batch norms": [vars(norm)["_buffers"].get(name) for norm in norms] for name in buffers},
        "momentum of the batch norms, when net's are 0 and None": _momenta(function, draw),
    }


def _momenta(function: Any, draw: Draw) -> Any:
    twin = tried(lambda: twin_of(function, wired(draw, bn1={"momentum": 0.0}, bn2={"momentum": None})))
    if not is_a(twin, nn.Module):
        return twin
    return [module.momentum for module in modules_of(twin) if is_a(module, nn.BatchNorm2d)]


@sequential_twin.criterion(
    "In training mode it gives the same logits, apart from dropout, and its running statistics move the same way",
    because="In training, batch norm and dropout compute something else than in eval mode.",
    atol=1e-4,
)
def twin_training(function: Any, draw: Draw) -> Any:
    seen: dict[str, Any] = {}
    for p, what in ((0.0, "nothing"), (1.0, "everything")):
        images, net = draw.normal(3, 1, 28, 28), wired(draw, dropout={"p": p})
        twin = tried(lambda net=net: twin_of(function, net).train())
        if not is_a(twin, nn.Module):
            return twin
        if lost := _not_copied(twin, net):
            return lost
        seen[f"logits, when dropout drops {what} (p = {p:.0f})"] = tried(lambda twin=twin, x=images: twin(x))
        norms = [module for module in modules_of(twin) if is_a(module, nn.BatchNorm2d)]
        seen[f"running_mean of the batch norms afterwards (p = {p:.0f})"] = [norm.running_mean for norm in norms]
    return seen


@sequential_twin.criterion(
    "It shares nothing with net, neither tensors nor modules, and net stays as it was",
    points=2,
    because="What is shared changes on both sides: train the twin, and you have trained net.",
)
def twin_shares(function: Any, draw: Draw) -> Any:
    images, net = draw.normal(2, 1, 28, 28), wired(draw)
    before, settings = numbers_of(net), _settings(net)
    twin = twin_of(function, net)
    parts = modules_of(twin)
    places = {_place(tensor) for tensor in _tensors(twin)}
    shared = {
        "modules of net in it": [name for name, m in net.named_modules() if any(m is part for part in parts)],
        "tensors of net in it": [name for name, tensor in _named_tensors(net) if _place(tensor) in places],
        "net has other modules or settings now": settings != _settings(net),
    }
    output = tried(lambda: twin.train()(images))
    if is_a(output, torch.Tensor) and output.requires_grad:
        output.square().mean().backward()
        with torch.no_grad():
            for parameter in twin.parameters():
                parameter.sub_(parameter.grad if parameter.grad is not None else 0)
    after = numbers_of(net)
    shared["numbers of net that training the twin has changed"] = [
        name for name in before if name not in after or not torch.equal(before[name], after[name])
    ]
    return shared


def _named_tensors(model: nn.Module) -> list[tuple[str, torch.Tensor]]:
    return [*model.named_parameters(), *model.named_buffers()]


def _tensors(model: Any) -> list[torch.Tensor]:
    tables = [vars(module)[table] for module in modules_of(model) for table in ("_parameters", "_buffers")]
    return [tensor for table in tables for tensor in table.values() if tensor is not None]


def _place(tensor: torch.Tensor) -> int:
    return tensor.untyped_storage().data_ptr()


def _settings(net: nn.Module) -> Any:
    names = ("training", "eps", "momentum", "p")
    return [(place, *(getattr(m, name, None) for name in names)) for place, m in net.named_modules()]


@sequential_twin.criterion(
    "It is in the mode that net is in",
    because="The mode belongs to the network: a copy does at once what the original does.",
)
def twin_mode(function: Any, draw: Draw) -> Any:
    seen = {}
    for training in (True, False):
        net = wired(draw).train(training)
        mode = tried(lambda net=net: mode_of(twin_of(function, net)))
        seen[f"net is in {'training' if training else 'eval'} mode, and the twin in"] = mode
    return seen
