"""Lesson 2: the seven exercises, and what each of their criteria looks at.

Nothing here says what is right: right is what the lesson's solution shows under the same probe. Training is looked at
exactly, not statistically: a few steps of tiny models from known numbers, after which every weight is compared. The
criteria go from the cause to its consequences; models without batch norm and dropout are used wherever the mode is not
the question, so that a forgotten `train()` or `eval()` shows in one place.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from autograder.criteria import (
    Draw,
    Exercise,
    Raised,
    built,
    held_as,
    is_a,
    lineage,
    number,
    raised,
    refusal,
    tried,
    type_of,
    whole,
)

# ---------------------------------------------------------------------------------------------------------------------
# What several criteria look at
# ---------------------------------------------------------------------------------------------------------------------

Batch = tuple[torch.Tensor, torch.Tensor]


def named_refusal(function: Callable[[], Any]) -> Any:
    """Like `refusal`, but another error than a ValueError is named."""
    try:
        function()
    except ValueError:
        return "a ValueError"
    except Exception as error:
        return refusal(function) if isinstance(error, NotImplementedError) else f"a {raised(error).types[0]}"
    return "no error"


def fails(function: Callable[[], Any]) -> Any:
    """Whether `function()` raises anything but a stub's NotImplementedError."""
    error = refusal(function)
    return error != "no error" if isinstance(error, str) else error


class Halfway(RuntimeError):
    """What a loader or a model raises that breaks on purpose."""


class Log(list[Any]):
    """A list that stays the same list when the model that writes into it is copied."""

    def __deepcopy__(self, memo: Any) -> Log:
        return self


class Watched(nn.Module):
    """Runs `body`, and notes at every call what kind of batch came, the mode of all its modules, and whether a graph
    is built. Breaks where it meets a `broken` image, however many come with it."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body
        self.calls = Log()

    def forward(self, x: torch.Tensor) -> Any:
        call = {"test": bool(x.mean() > FAR / 2), "mode": modes_in(self), "graph": False}
        self.calls.append(call)
        if x.max() > BROKEN / 2:
            raise Halfway("the model breaks here, on purpose")
        output = self.body(x)
        call["graph"] = output.requires_grad
        return output

    def modes(self, **wanted: bool) -> list[str]:
        """The modes in which it ran, at the calls that were as wanted."""
        return sorted({call["mode"] for call in self.calls if wanted.items() <= call.items()})

    def graphs(self, **wanted: bool) -> bool:
        """Whether a graph was built at any of the calls that were as wanted."""
        return any(call["graph"] for call in self.calls if wanted.items() <= call.items())


FAR = 20.0
"""How far test images lie from training images where a `Watched` model must tell which it sees."""
BROKEN = 1000.0
"""A number in an image that a `Watched` model can't take."""


def mode_of(model: nn.Module) -> str:
    """In which mode a model's modules are."""
    flags = {module.training for module in model.modules()}
    return "training mode" if flags == {True} else "eval mode" if flags == {False} else "a mixture of both modes"


def modes_in(model: nn.Module) -> str:
    """The same, with the names of those in another mode than the model itself."""
    others = [name for name, module in model.named_modules() if module.training != model.training]
    words = "training mode" if model.training else "eval mode"
    return f"{words}, but not {', '.join(others)}" if others else words


def in_training(model: nn.Module) -> list[str]:
    """The names of the modules that are in training mode."""
    return [name or "the model itself" for name, module in model.named_modules() if module.training]


def classifier(draw: Draw, p: float) -> Watched:
    """Four features, three classes, and between them a batch norm and a dropout, one level down."""
    inner = nn.Sequential(nn.BatchNorm1d(5), nn.Dropout(p))
    return Watched(draw.fill(nn.Sequential(nn.Linear(4, 5), inner, nn.Linear(5, 3))))


def plain(draw: Draw, features: int = 4, classes: int = 3) -> nn.Sequential:
    """A small network that does the same in either mode."""
    return draw.fill(nn.Sequential(nn.Linear(features, 5), nn.Tanh(), nn.Linear(5, classes)))


def reader(classes: int) -> nn.Sequential:
    """A model whose logits are its inputs."""
    model = nn.Sequential(nn.Linear(classes, classes, bias=False))
    nn.init.eye_(model.get_parameter("0.weight"))
    return model


MODES: dict[str, Callable[[Watched], Any]] = {
    "in training mode": lambda model: model.train(),
    "in eval mode": lambda model: model.eval(),
    "in training mode, but its batch norm in eval mode": lambda model: model.train().body[1][0].eval(),
    "in eval mode, but its dropout in training mode": lambda model: model.eval().body[1][1].train(),
}
"""The modes in which a model may arrive."""


def arriving(how: str, model: Watched) -> Watched:
    """The model, put into one of `MODES`."""
    MODES[how](model)
    return model


def samples(draw: Draw, count: int, features: int = 4, classes: int = 3) -> Batch:
    """Random images, flat, and random labels."""
    return draw.normal(count, features), draw.integers(0, classes, count)


def graded(draw: Draw, rights: list[bool], classes: int) -> Batch:
    """Inputs for `reader`, which is right where `rights` says so."""
    images = draw.normal(len(rights), classes)
    wrong = draw.integers(1, classes, len(rights)) * torch.tensor([0 if right else 1 for right in rights])
    return images, (images.argmax(dim=1) + wrong) % classes


def large_logits(draw: Draw) -> Batch:
    """Inputs for `reader`, whose exponentials float32 can't hold."""
    return 100 + 50 * draw.normal(6, 3).abs(), draw.integers(0, 3, 6)


def close_logits() -> Batch:
    """Inputs for `reader`, of which float16 and bfloat16 can't tell the largest."""
    labels = torch.tensor([1, 2, 0, 2, 1])
    return 2048 + torch.eye(3)[labels], labels


def loader_of(data: Batch, size: int) -> Any:
    """A DataLoader over the samples, in order; the last batch may be smaller."""
    return DataLoader(TensorDataset(*data), batch_size=size)


class Readable:
    """An iterable without a length that counts how often it is read; with `turning`, in another order each time."""

    def __init__(self, batches: Iterable[Any], turning: bool = False) -> None:
        self.batches = list(batches)
        self.turning = turning
        self.times = 0

    def __iter__(self) -> Iterator[Any]:
        turn = self.times if self.turning else 0
        self.times += 1
        return iter(self.batches[turn:] + self.batches[:turn])


def broken(data: Batch) -> Batch:
    """The same samples; the last image but one is one that a `Watched` model can't take."""
    images = data[0].clone()
    images[-2] += BROKEN
    return images, data[1]


def breaking(loader: Any, reached: list[Any]) -> Iterator[Any]:
    """The first batch of a loader, and then an error, before which the batch is noted in `reached`."""
    batch = next(iter(loader))
    yield batch
    reached.append(batch)
    raise Halfway("the loader breaks here, on purpose")


def iterables(loader: Any) -> dict[str, Any]:
    """The same batches in all sorts of iterables."""
    return {
        "a DataLoader": loader, "a list": list(loader), "a tuple": tuple(loader), "a generator": (b for b in loader),
        "an iterator": iter(list(loader)), "an object with __iter__ alone": Readable(loader),
    }  # fmt: skip


def numbers_of(model: nn.Module) -> dict[str, torch.Tensor]:
    """All parameters and buffers of a model as they are now, by name."""
    tensors = [*model.named_parameters(), *model.named_buffers()]
    return {name: tensor.detach().clone() for name, tensor in tensors}


def sgd(model: nn.Module, lr: float = 0.5, **options: Any) -> torch.optim.Optimizer:
    """Gradient descent on all of a model's parameters."""
    return torch.optim.SGD(model.parameters(), lr=lr, **options)


# What `evaluate` and `confusion_matrix` have in common: how a model is run over a loader and left alone.


def while_running(function: Any, draw: Draw) -> Any:
    """The mode in which a model runs under `function(model, loader)`, and whether it builds a graph."""
    seen = {}
    for how in MODES:
        model, loader = arriving(how, classifier(draw, p=1.0)), loader_of(samples(draw, 8), 3)
        seen[f"a model that arrives {how}"] = tried(lambda model=model, loader=loader: _run(function, model, loader))
    return seen


def _run(function: Any, model: Watched, loader: Any) -> Any:
    with torch.enable_grad():
        function(model, loader)
    return {"runs in": model.modes(), "a graph is built": model.graphs()}


def modes_left(function: Any, draw: Draw) -> Any:
    """Which modules are in training mode after `function(model, loader)`."""
    seen = {}
    for how in MODES:
        model, loader = arriving(how, classifier(draw, p=1.0)), loader_of(samples(draw, 8), 3)
        seen[f"a model that arrives {how}"] = tried(lambda model=model, loader=loader: _left(function, model, loader))
    return seen


def _left(function: Any, model: Watched, loader: Any) -> Any:
    with torch.enable_grad():
        function(model, loader)
    return {"in training mode afterwards": in_training(model), "the model ran": bool(model.calls)}


def modes_left_on_errors(function: Any, draw: Draw) -> Any:
    """Which modules are in training mode after an error in the loader or in the model, and after an empty loader."""
    seen: dict[str, Any] = {}
    for how in MODES:
        for what in ("the loader", "the model"):
            model, data = arriving(how, classifier(draw, 1.0)), samples(draw, 8)
            reached: list[Any] = []
            batches = breaking(loader_of(data, 3), reached) if what == "the loader" else loader_of(broken(data), 3)
            with torch.enable_grad():
                raised = fails(lambda model=model, batches=batches: function(model, batches))
            facts = {
                "the error comes through": raised if reached or model.calls else "it was not even reached",
                "in training mode afterwards": in_training(model),
            }
            seen[f"{what} fails halfway, the model arrived {how}"] = facts
        model = arriving(how, classifier(draw, 1.0))
        with torch.enable_grad():
            raised_or_not = fails(lambda model=model: function(model, iter(())))
        left = in_training(model) if isinstance(raised_or_not, bool) else raised_or_not
        seen[f"the loader is empty, the model arrived {how}"] = {"in training mode afterwards": left}
    return seen


def left_alone(function: Any, draw: Draw) -> Any:
    """Buffers, requires_grad and torch's grad mode after `function(model, loader)`."""
    seen: dict[str, Any] = {}
    for how in ("in training mode", "in eval mode"):
        model, loader = arriving(how, classifier(draw, p=1.0)), loader_of(samples(draw, 8), 3)
        model.body[0].weight.requires_grad_(False)
        seen[f"a model that arrives {how}"] = tried(lambda model=model, loader=loader: _kept(function, model, loader))
    for enabled in (True, False):
        model, loader = classifier(draw, p=1.0), loader_of(samples(draw, 8), 3)
        word = "on" if enabled else "off"
        after = tried(lambda m=model, loader=loader, enabled=enabled: _grad_mode(function, m, loader, enabled))
        seen[f"grad mode was {word}"] = after
    model, loader = classifier(draw, p=1.0), breaking(loader_of(samples(draw, 8), 3), [])
    after = tried(lambda: _grad_mode(lambda *args: fails(lambda: function(*args)), model, loader, True))
    seen["grad mode was on, and the loader fails halfway"] = after
    return seen


def _kept(function: Any, model: Watched, loader: Any) -> Any:
    before = numbers_of(model)
    with torch.enable_grad():
        function(model, loader)
    after = numbers_of(model)
    changed = [name for name in before if not torch.equal(before[name], after[name])]
    frozen = [name for name, parameter in model.named_parameters() if not parameter.requires_grad]
    seen = {"parameters and buffers that changed": changed, "frozen afterwards": frozen}
    return {**seen, "the model ran": bool(model.calls)}


def _grad_mode(function: Any, model: Watched, loader: Any, enabled: bool) -> Any:
    with torch.set_grad_enabled(enabled):
        outcome = function(model, loader)
        words = "grad mode is on" if torch.is_grad_enabled() else "grad mode is off"
    return outcome if isinstance(outcome, Raised) else f"afterwards {words}"


# ---------------------------------------------------------------------------------------------------------------------
# conv_output_size
# ---------------------------------------------------------------------------------------------------------------------

conv_output_size = Exercise(
    "conv_output_size",
    requires="conv_output_size",
    title="How big is the output of a convolution?",
    minutes=10,
    difficulty=1,
    hints=[
        (
            "Draw a row of 7 boxes and slide a kernel of 3 along it. How often can you put it down? Count for a few "
            "sizes, before you look for a formula."
        ),
        (
            "Padding adds boxes on both sides. Dilation stretches the kernel: with k entries there are k − 1 gaps "
            "between neighbours, each of `dilation` steps. How many boxes does it reach over?"
        ),
        (
            "Of the room that is left, each stride takes a piece, and a rest that is too small for a stride is not "
            "used: `//` does that. The first position needs no stride at all."
        ),
        (
            "Look at the result before you return it. `//` rounds down below zero as well, so a kernel that does not "
            "fit gives 0 or less. Try size 2, kernel 3, stride 2."
        ),
    ],
)


def length(function: Any, *arguments: int, **options: int) -> Any:
    """What the student's function says, whatever numeric type it came in: a whole number as an int."""
    return tried(lambda: whole(function(*arguments, **options)))


@conv_output_size.criterion(
    "Without padding, stride and dilation it counts the places where the kernel fits",
    because="A kernel as long as its input fits once, and each further element gives one place more.",
)
def conv_plain(conv: Any, draw: Draw) -> Any:
    size, kernel = draw.integer(20, 40), draw.integer(2, 8)
    sizes = ((28, 3), (size, kernel), (kernel, kernel), (1, 1), (size, 1))
    return {f"size {s}, kernel {k}": length(conv, s, k) for s, k in sizes}


@conv_output_size.criterion(
    "A stride keeps only every so many of these places, and a rest that is too short is dropped",
    because="The kernel starts at every stride-th place, as long as it fits there.",
)
def conv_stride(conv: Any, draw: Draw) -> Any:
    size = draw.integer(20, 40)
    cases = [(28, 3, 2), (size, 3, 2), (size + 1, 3, 2), (size, 2, 3), (size + 1, 2, 3), (size + 2, 2, 3), (5, 5, 4)]
    return {f"size {s}, kernel {k}, stride {stride}": length(conv, s, k, stride=stride) for s, k, stride in cases}


@conv_output_size.criterion(
    "Padding is added on both sides",
    because="That is why a 3×3 kernel with padding 1 keeps 28 × 28 as it is.",
)
def conv_padding(conv: Any, draw: Draw) -> Any:
    size = draw.integer(20, 40)
    cases = [(28, 3, 1), (size, 5, 2), (size, 2, 1), (3, 7, 2), (size, 1, 3)]
    return {f"size {s}, kernel {k}, padding {padding}": length(conv, s, k, padding=padding) for s, k, padding in cases}


@conv_output_size.criterion(
    "Dilation stretches the kernel",
    because="Between k entries there are k − 1 gaps, so the kernel reaches further than it has entries.",
)
def conv_dilation(conv: Any, draw: Draw) -> Any:
    size = draw.integer(20, 40)
    cases = [(28, 3, 2), (size, 5, 3), (size, 2, 4), (size, 1, 7), (9, 3, 4)]
    return {f"size {s}, kernel {k}, dilation {d}": length(conv, s, k, dilation=d) for s, k, d in cases}


@conv_output_size.criterion(
    "All of it at once, given by name or by position",
    points=0.5,
    because="Each argument counts whatever the others are, in the order of nn.Conv2d where no name is given.",
)
def conv_together(conv: Any, draw: Draw) -> Any:
    seen = {}
    for _ in range(4):
        size, kernel, stride = draw.integer(30, 60), draw.integer(2, 6), draw.integer(2, 5)
        padding, dilation = draw.integer(1, 4), draw.integer(2, 5)
        case = f"size {size}, kernel {kernel}, stride {stride}, padding {padding}, dilation {dilation}"
        seen[f"{case}, by position"] = length(conv, size, kernel, stride, padding, dilation)
        seen[f"{case}, by name"] = length(
            conv, size=size, kernel_size=kernel, dilation=dilation, padding=padding, stride=stride
        )
    return seen


@conv_output_size.criterion(
    "A kernel that does not fit raises ValueError, one that just fits does not",
    because="No layer has an output of length 0 or less, so such a number would only fail later.",
)
def conv_too_big(conv: Any, draw: Draw) -> Any:
    kernel, stride = draw.integer(4, 8), draw.integer(2, 5)
    cases: dict[str, dict[str, int]] = {
        "one too small": {"size": kernel - 1, "kernel_size": kernel},
        "much too small": {"size": 2, "kernel_size": kernel + 9},
        "one too small, with a stride": {"size": kernel - 1, "kernel_size": kernel, "stride": stride},
        "much too small, with a stride": {"size": 1, "kernel_size": kernel + 9, "stride": stride},
        "one too small, with padding": {"size": 2, "kernel_size": 7, "padding": 2},
        "one too small, with dilation": {"size": 2 * kernel - 2, "kernel_size": kernel, "dilation": 2},
    }
    fitting: dict[str, dict[str, int]] = {
        "just fits": {"size": kernel, "kernel_size": kernel},
        "just fits, with a stride": {"size": kernel, "kernel_size": kernel, "stride": stride},
        "just fits, with padding": {"size": 3, "kernel_size": 7, "padding": 2},
        "just fits, with dilation": {"size": 2 * kernel - 1, "kernel_size": kernel, "dilation": 2},
    }
    asked = {**cases, **fitting}
    return {what: refusal(lambda options=options: conv(**options)) for what, options in asked.items()}


@conv_output_size.criterion(
    "It returns a Python int",
    points=0.5,
    because="nn.Linear and reshape want whole numbers, and refuse 14.0.",
)
def conv_int(conv: Any, draw: Draw) -> Any:
    size = draw.integer(20, 40)
    if tried(lambda: conv(size, 3) == conv(size + 9, 3)) is True:
        return "the same for sizes that have different outputs"
    return {
        "type without a stride": tried(lambda: type_of(conv(size, 3))),
        "type with stride 2": tried(lambda: type_of(conv(size, 3, stride=2, padding=1))),
    }


# ---------------------------------------------------------------------------------------------------------------------
# mnist_net
# ---------------------------------------------------------------------------------------------------------------------

mnist_net = Exercise(
    "mnist_net",
    requires="MNISTNet",
    title="The network",
    minutes=25,
    difficulty=2,
    hints=[
        (
            "Everything that has weights or a mode is made once, in `__init__`, after `super().__init__()`, under the "
            "name that the text gives it. `forward` only uses what is there."
        ),
        (
            "Follow the shape: (N, 1, 28, 28), then 32 channels, then half the size, then 64 channels, then half the "
            "size again. The product of the last three numbers is what `fc1` takes in."
        ),
        (
            "In each block the order is convolution, ReLU, batch norm, pooling. Pooling has no weights: "
            "`F.max_pool2d(x, 2)` in `forward` is enough."
        ),
        (
            "Flatten with `x.flatten(start_dim=1)`: it keeps N and leaves the rest to the sizes, so a wrong image size "
            "fails in `fc1`. `view(-1, 3136)` lets N change without a word. After `fc2` comes nothing."
        ),
    ],
)

SHAPES: dict[str, tuple[int, ...]] = {
    "conv1": (32, 1, 3, 3), "bn1": (32,), "conv2": (64, 32, 3, 3), "bn2": (64,), "fc1": (512, 3136), "fc2": (10, 512),
}  # fmt: skip
"""The layers with weights, by the shape of their `weight`."""
PERIOD = 8191


def set_numbers(layers: dict[str, Any], draw: Draw) -> None:
    """Give each layer known numbers, of a size that keeps activations near 1. Large tensors repeat themselves."""
    pattern = draw.uniform(PERIOD)
    with torch.no_grad():
        for place, (name, layer) in enumerate(sorted(layers.items())):
            tensors = [*nn.Module.named_parameters(layer), *nn.Module.named_buffers(layer)]
            for key, tensor in tensors:
                values = _scaled(name, key, tensor, pattern.roll(997 * (place + 1) + 101 * len(key)))
                tensor.copy_(values.repeat(tensor.numel() // PERIOD + 1)[: tensor.numel()].reshape(tensor.shape))


def _scaled(name: str, key: str, tensor: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
    if not tensor.is_floating_point():
        return torch.full_like(values, 3)
    if key == "running_var":
        return 1 + values / 2
    if tensor.dim() > 1:
        return values * (6 / tensor[0].numel()) ** 0.5
    return values if name.startswith("bn") and key == "weight" else values / 2


def layers_of(net: Any) -> dict[str, Any]:
    """The layers with weights, by name. Where a name is missing, what stands for it is the registered module whose
    weight has that layer's shape: so a wrong name costs its own points only."""
    found, everything = {}, [module for _, module in nn.Module.named_modules(net)]
    for name, shape in SHAPES.items():
        own = vars(net)["_modules"].get(name)
        others = [module for module in everything if _weight_shape(module) == shape]
        layer = own if is_a(own, nn.Module) else others[0] if others else None
        if layer is not None:
            found[name] = layer
    return found


def _weight_shape(module: Any) -> Any:
    weight = vars(module)["_parameters"].get("weight")
    return tuple(weight.shape) if is_a(weight, torch.Tensor) else None


def known_net(MNISTNet: Any, draw: Draw) -> Any:
    """An MNISTNet with known numbers, in eval mode."""
    net = built(MNISTNet)
    set_numbers(layers_of(net), draw)
    return net.eval()


def torch_kind(value: Any) -> str:
    """The name of the nearest class of torch.nn among a module's class and its bases."""
    return next((kind.__name__ for kind in lineage(type(value)) if kind.__module__.startswith("torch.nn")), "no module")


CONV_FACTS = ("in_channels", "out_channels", "kernel_size", "stride", "dilation", "groups")
FACTS: dict[str, tuple[str, ...]] = {
    "Conv2d": CONV_FACTS, "BatchNorm2d": ("num_features", "affine", "track_running_stats"),
    "Linear": ("in_features", "out_features"), "Dropout": ("p",),
}  # fmt: skip


def layer_facts(net: Any, name: str) -> Any:
    """How a network holds the layer `name`, what kind it is, and with what settings."""
    held = held_as(net, name)
    if held != "a submodule":
        return {"held as": held}
    layer = vars(net)["_modules"][name]
    kind = torch_kind(layer)
    facts = {"held as": held, "kind": kind, **{fact: getattr(layer, fact, None) for fact in FACTS.get(kind, ())}}
    if kind == "Conv2d":
        same = layer.padding == "same" and set(layer.stride) == {1}
        centred = tuple(d * (k - 1) // 2 for d, k in zip(layer.dilation, layer.kernel_size, strict=True))
        facts["padding"] = centred if same else layer.padding
    if kind in ("Conv2d", "Linear"):
        facts["has a bias"] = layer.bias is not None
    return facts


@mnist_net.criterion(
    "conv1, conv2, bn1 and bn2 are registered, with the right sizes",
    because="Later exercises, and saved weights, find the layers by these names.",
)
def net_blocks(MNISTNet: Any, draw: Draw) -> Any:
    net = built(MNISTNet)
    return {name: layer_facts(net, name) for name in ("conv1", "conv2", "bn1", "bn2")}


@mnist_net.criterion(
    "fc1 and fc2 are registered, with the right sizes",
    because="fc1 must take in exactly what is left of an image after two poolings.",
)
def net_linears(MNISTNet: Any, draw: Draw) -> Any:
    net = built(MNISTNet)
    return {name: layer_facts(net, name) for name in ("fc1", "fc2")}


@mnist_net.criterion(
    "dropout is an nn.Dropout with p = 0.25, relu an nn.ReLU, both registered",
    because="What is registered shows in print(net), and can be switched and watched from outside.",
)
def net_others(MNISTNet: Any, draw: Draw) -> Any:
    net = built(MNISTNet)
    return {name: layer_facts(net, name) for name in ("dropout", "relu")}


@mnist_net.criterion(
    "Behind the blocks come flatten, fc1, ReLU and fc2, and nothing after that",
    because="fc1 gets the features in their order, channel by channel, and what fc2 gives are the logits, as they are.",
    atol=1e-4,
)
def net_head(MNISTNet: Any, draw: Draw) -> Any:
    images = draw.normal(3, 1, 28, 28)
    net = built(MNISTNet)
    layers = layers_of(net)
    set_numbers(layers, draw)
    with torch.no_grad():
        if {"conv2", "bn2"} <= layers.keys():  # what leaves the blocks is the same in any order of ReLU, norm and pool
            layers["conv2"].weight.zero_()
            layers["conv2"].bias.abs_().add_(0.5)
            layers["bn2"].running_mean.zero_()
            layers["bn2"].weight.abs_().add_(0.1)
            layers["bn2"].bias.abs_()
    net.eval()
    return {"logits of images that all give the same features": tried(lambda: net(images))}


@mnist_net.criterion(
    "In each block the order is convolution, ReLU, batch norm, max-pool 2; one image works as well as many",
    points=2,
    because="Each step counts, its kind, its numbers and its place; and one image is a batch, too.",
    atol=1e-4,
)
def net_forward(MNISTNet: Any, draw: Draw) -> Any:
    images = draw.normal(3, 1, 28, 28)
    net = known_net(MNISTNet, draw)
    return {
        "logits of three images": tried(lambda: net(images.clone())),
        "logits of one image": tried(lambda: net(images[:1].clone())),
    }


@mnist_net.criterion(
    "In training mode self.dropout runs once, between fc1 and fc2, batch norm uses the batch, and every layer learns",
    because="In training mode batch norm and dropout do something else, and every layer has to get a gradient.",
    atol=1e-4,
)
def net_training(MNISTNet: Any, draw: Draw) -> Any:
    images = draw.normal(2, 1, 28, 28)
    net = known_net(MNISTNet, draw).train()
    dropout, runs = vars(net)["_modules"].get("dropout"), []
    if not is_a(dropout, nn.Module):
        return {"self.dropout": held_as(net, "dropout")}

    def every_other(x: Any, *rest: Any) -> Any:
        runs.append(tuple(x.shape))
        return x * (2 * (torch.arange(x.numel()) % 2)).reshape(x.shape)

    dropout.forward = every_other
    output = tried(lambda: net(images))
    if is_a(output, torch.Tensor) and len(runs) != 1:
        return {"shapes of what self.dropout gets": runs}
    return {
        "shapes of what self.dropout gets": runs,
        "logits, when self.dropout drops every other number": output,
        **_learning(layers_of(net), output),
    }


def _learning(layers: dict[str, Any], output: Any) -> dict[str, Any]:
    if is_a(output, torch.Tensor) and output.requires_grad:
        output.square().sum().backward()
    weights = {name: layer.weight for name, layer in layers.items()}
    norms = {name: layer for name, layer in layers.items() if name.startswith("bn")}
    return {
        "layers that no gradient reaches": [name for name, weight in weights.items() if weight.grad is None],
        **{f"running_mean of {name} afterwards": getattr(norm, "running_mean", None) for name, norm in norms.items()},
    }


@mnist_net.criterion(
    "An image size that fc1 can't take raises, instead of changing the number of rows",
    because="A wrong size is a mistake of the caller, and an error says so at once.",
)
def net_sizes(MNISTNet: Any, draw: Draw) -> Any:
    net, seen = known_net(MNISTNet, draw), {}
    for count, *size in ((3, 28, 28), (1, 56, 56), (2, 56, 56), (2, 28, 56), (7, 14, 28), (2, 32, 32), (2, 27, 27)):
        shape = (count, 1, *size)
        seen[f"images of shape {shape}"] = _rows(net, draw.normal(*shape))
    return seen


def _rows(net: Any, images: torch.Tensor) -> Any:
    shapes: list[Any] = []
    failed = fails(lambda: shapes.append(tuple(net(images).shape)))
    return "it raises" if failed is True else failed if shapes == [] else f"logits of shape {shapes[0]}"


# ---------------------------------------------------------------------------------------------------------------------
# train_step
# ---------------------------------------------------------------------------------------------------------------------

train_step = Exercise(
    "train_step",
    requires="train_step",
    title="One step of training",
    minutes=20,
    difficulty=2,
    hints=[
        (
            "Say it in words first: switch the mode, forget old gradients, compute the loss, find its gradients, let "
            "the optimizer move. Each is one line, and the order matters."
        ),
        (
            "`F.cross_entropy` takes the raw logits and the labels, in this order, and averages over the batch by "
            "itself. No softmax before it."
        ),
        (
            "Gradients are *added* to what is already in `.grad`. Somebody may have left some there before your "
            "function was called, also in parameters that only the optimizer knows. Who can clear all of them?"
        ),
        (
            "The loss that you return is the one that you had before the step. It is still a tensor with its whole "
            "graph: which method gives the plain Python number?"
        ),
    ],
)


def step(function: Any, model: nn.Module, data: Batch, optimizer: Any) -> Any:
    """What `train_step` returns."""
    with torch.enable_grad():
        return function(model, *data, optimizer)


def after_steps(function: Any, model: nn.Module, batches: list[Batch], optimizer: Any) -> Any:
    """The weights after some steps, or what they raised."""

    def run() -> dict[str, torch.Tensor]:
        for data in batches:
            step(function, model, data, optimizer)
        return numbers_of(model)

    return tried(run)


@train_step.criterion(
    "Every module is in training mode, whatever its mode before, and sees the batch once",
    because="In eval mode batch norm keeps its old statistics; in training mode it learns from every run.",
)
def step_modes(function: Any, draw: Draw) -> Any:
    seen = {}
    for how in MODES:
        model, data = arriving(how, classifier(draw, p=0.0)), samples(draw, 5)
        seen[f"a model that arrives {how}"] = tried(lambda model=model, data=data: _trained(function, model, data))
    return seen


def _trained(function: Any, model: Watched, data: Batch) -> Any:
    step(function, model, data, sgd(model))
    return {"runs in": model.modes(), **dict(model.named_buffers())}


@train_step.criterion(
    "The weights move down the gradient of the mean cross-entropy of the logits",
    points=2,
    because="The step follows this gradient, as it is, and nothing else.",
)
def step_gradient(function: Any, draw: Draw) -> Any:
    seen = {}
    for count, classes in ((5, 3), (1, 3), (8, 10), (4, 2)):
        model, data = plain(draw, classes=classes), samples(draw, count, classes=classes)
        after = after_steps(function, model, [data], sgd(model))
        seen[f"weights after a batch of {count}, {classes} classes"] = after
    model = reader(3)
    return {**seen, "weights, logits of 100 and more": after_steps(function, model, [large_logits(draw)], sgd(model))}


@train_step.criterion(
    "No earlier gradient of any of the optimizer's parameters counts",
    points=2,
    because="backward() adds to what is in .grad, and the optimizer moves whatever has a gradient.",
)
def step_old_gradients(function: Any, draw: Draw) -> Any:
    seen = {}
    model, batches = plain(draw), [samples(draw, 5) for _ in range(3)]
    seen["weights after three steps"] = after_steps(function, model, batches, sgd(model))

    model, data = plain(draw), samples(draw, 5)
    leave_gradients(draw, model.parameters())
    seen["weights, when there were gradients before"] = after_steps(function, model, [data], sgd(model))

    model, data = plain(draw), samples(draw, 5)
    leave_gradients(draw, model.parameters())
    model[0].requires_grad_(False)
    seen["weights, when the first layer was frozen after that"] = after_steps(function, model, [data], sgd(model))

    model, data, extra = plain(draw), samples(draw, 5), nn.Parameter(draw.normal(3))
    leave_gradients(draw, [extra])
    outcome = after_steps(function, model, [data], torch.optim.SGD([*model.parameters(), extra], lr=0.5))
    alone = {"the parameter": extra.detach()} if isinstance(outcome, dict) else outcome
    seen["a parameter that the optimizer has, and the model has not"] = alone

    model, data = plain(draw), samples(draw, 5)
    leave_gradients(draw, model.parameters())
    seen["weights, when the optimizer has them in two groups"] = after_steps(function, model, [data], in_groups(model))
    return seen


def in_groups(model: nn.Sequential) -> torch.optim.Optimizer:
    """Gradient descent, with a group of parameters for the first layer and one for the last."""
    return torch.optim.SGD([{"params": model[0].parameters(), "lr": 0.1}, {"params": model[2].parameters(), "lr": 1.0}])


def leave_gradients(draw: Draw, parameters: Iterable[nn.Parameter]) -> None:
    """What an earlier backward pass would have left in `.grad`."""
    for parameter in parameters:
        parameter.grad = draw.normal(*parameter.shape)


@train_step.criterion(
    "The optimizer takes one step, by its own rule: momentum, weight decay, Adam",
    because="The same line trains with any optimizer that it is given.",
)
def step_optimizers(function: Any, draw: Draw) -> Any:
    makers: dict[str, Callable[[Any], torch.optim.Optimizer]] = {
        "momentum": lambda model: sgd(model, 0.2, momentum=0.9),
        "momentum and weight decay": lambda model: sgd(model, 0.2, momentum=0.9, weight_decay=0.1),
        # With the usual eps, a gradient that is zero but for rounding would move a number by a whole step.
        "Adam": lambda model: torch.optim.Adam(model.parameters(), lr=0.1, eps=1e-3),
        "two learning rates": in_groups,
        "the last layer alone": lambda model: sgd(model[2]),
    }
    seen = {}
    for what, make in makers.items():
        model, data = plain(draw), samples(draw, 5)
        seen[f"weights after one step, {what}"] = after_steps(function, model, [data], make(model))
    for what in ("momentum and weight decay", "Adam"):
        model, batches = plain(draw), [samples(draw, 5) for _ in range(3)]
        seen[f"weights after three steps, {what}"] = after_steps(function, model, batches, makers[what](model))
    return seen


@train_step.criterion(
    "It returns the loss from before the step",
    because="It is the loss that the step follows: on this batch, by the weights from before, every digit of it.",
    rtol=1e-5,
)
def step_loss(function: Any, draw: Draw) -> Any:
    seen = {}
    for count, lr in ((5, 0.1), (5, 5.0), (1, 1.0), (12, 1.0)):
        model, data = plain(draw), samples(draw, count)
        loss = tried(lambda model=model, data=data, lr=lr: number(step(function, model, data, sgd(model, lr))))
        seen[f"a batch of {count}, learning rate {lr}"] = loss
    large = tried(lambda: number(step(function, (model := reader(3)), large_logits(draw), sgd(model))))
    return {**seen, "logits of 100 and more": large}


@train_step.criterion(
    "What it returns is a Python float",
    because="A Python number can be printed, saved and kept; a tensor may hold its whole graph in memory.",
)
def step_type(function: Any, draw: Draw) -> Any:
    model, data = plain(draw), samples(draw, 5)
    loss = tried(lambda: step(function, model, data, sgd(model)))
    return {"type": loss if is_a(loss, Raised) else type_of(loss), "it is 0": number(loss) == 0}


# ---------------------------------------------------------------------------------------------------------------------
# evaluate
# ---------------------------------------------------------------------------------------------------------------------

evaluate = Exercise(
    "evaluate",
    requires="evaluate",
    title="How good is it?",
    minutes=25,
    difficulty=3,
    hints=[
        (
            "Two counters: how many samples were right, and how many there were. Divide once, at the end. A mean of "
            "the batches' means counts a small last batch too much."
        ),
        (
            "Two switches that have nothing to do with each other: `model.eval()` for batch norm and dropout, and "
            "`torch.no_grad()` for the graph. You need both."
        ),
        (
            "The mode is not one flag: each module has its own `training`. Note all of them before you change "
            "anything (`model.modules()` gives the modules), and write them back afterwards."
        ),
        (
            "Afterwards means also when the loader or the model raises. `try: … finally: …` is made for that. What "
            "does your division do when there was no sample at all?"
        ),
    ],
)


@evaluate.criterion(
    "The model runs in eval mode, all of it, and builds no graph",
    because="eval() and no_grad() do different things: one changes what layers compute, the other what is kept.",
)
def evaluate_running(function: Any, draw: Draw) -> Any:
    return while_running(function, draw)


@evaluate.criterion(
    "It returns the share of all samples that are right, between 0 and 1, as a Python float",
    points=2,
    because="Every sample counts once, whatever batch it is in: the right ones, divided by all.",
)
def evaluate_accuracy(function: Any, draw: Draw) -> Any:
    cases = {
        "ten classes, batches of 5, 5 and 2": ("1111000100" + "11", 10, 5),
        "three classes, batches of 4, 4 and 1": ("10001110" + "0", 3, 4),
        "two classes, one batch of 3": ("110", 2, 3),
        "batches of one sample": ("01101", 4, 1),
        "all right": ("111111", 3, 4),
        "none right": ("000000", 3, 4),
    }
    seen = {}
    for what, (rights, classes, size) in cases.items():
        loader = loader_of(graded(draw, [right == "1" for right in rights], classes), size)
        seen[what] = tried(lambda loader=loader, classes=classes: number(function(reader(classes), loader)))
    close = tried(lambda: number(function(reader(3), loader_of(close_logits(), 2))))
    seen["logits of 2048 and 2049"] = close
    loader = loader_of(graded(draw, [True, False, True], 3), 2)
    return {**seen, "type": tried(lambda: type_of(function(reader(3), loader)))}


@evaluate.criterion(
    "The loader may be any iterable, and is read once",
    because="A generator has no len() and no dataset, and a second loop over it finds nothing.",
)
def evaluate_loaders(function: Any, draw: Draw) -> Any:
    loader, seen = loader_of(graded(draw, [True, False, True, True, False, True, True], 3), 3), {}
    for what, loaded in iterables(loader).items():
        seen[what] = tried(lambda loaded=loaded: number(function(reader(3), loaded)))
    counting = Readable(loader)
    return {**seen, "times that it is read": tried(lambda: (function(reader(3), counting), counting.times)[1])}


@evaluate.criterion(
    "Every module is back in the mode that it was in",
    because="An evaluation in the middle of training must not change how training goes on.",
)
def evaluate_modes(function: Any, draw: Draw) -> Any:
    return modes_left(function, draw)


@evaluate.criterion(
    "The modes are restored also when the loader or the model fails, and the error comes through",
    because="In a notebook you catch the error, go on, and train a model that is still in eval mode.",
)
def evaluate_errors(function: Any, draw: Draw) -> Any:
    return modes_left_on_errors(function, draw)


@evaluate.criterion(
    "Weights, buffers, requires_grad and torch's grad mode stay as they were",
    because="Whoever measures must not change what is measured.",
)
def evaluate_leaves_alone(function: Any, draw: Draw) -> Any:
    return left_alone(function, draw)


@evaluate.criterion(
    "An empty loader raises ValueError",
    because="There is no accuracy of nothing; 0 would look like a very bad model.",
)
def evaluate_empty(function: Any, draw: Draw) -> Any:
    empty: dict[str, Any] = {"an empty list": [], "an empty generator": iter(())}
    seen = {what: named_refusal(lambda loader=loader: function(reader(3), loader)) for what, loader in empty.items()}
    return {**seen, "one sample": named_refusal(lambda: function(reader(3), loader_of(pairs(draw, 1, 3), 1)))}


# ---------------------------------------------------------------------------------------------------------------------
# fit
# ---------------------------------------------------------------------------------------------------------------------

fit = Exercise(
    "fit",
    requires="fit",
    title="The training loop",
    minutes=30,
    difficulty=3,
    hints=[
        (
            "An outer loop over the epochs, and in it two loops, one after the other: over the training batches, and "
            "over the test batches. The first is train_step, the second is evaluate, written out or as helpers."
        ),
        (
            "Which mode is the model in when the *second* epoch begins? Whoever switches to eval mode for testing must "
            "switch back before the next training batch."
        ),
        (
            "A batch's loss is a mean over its samples. For the mean over the whole epoch, multiply it by the number "
            "of samples in the batch, add up, and divide by the number of all samples at the end."
        ),
        (
            "Counters and sums start from zero in each epoch. Count samples while you loop: a generator has no "
            "`len()`. And put plain numbers into the dict, `.item()`, not tensors."
        ),
    ],
)

KEYS = ("epoch", "train_loss", "test_accuracy")


def fitted(function: Any, model: nn.Module, loaders: tuple[Any, Any], optimizer: Any, epochs: int) -> Any:
    """What `fit` returns."""
    with torch.enable_grad():
        return function(model, *loaders, optimizer, epochs)


def column(history: Any, key: str) -> Any:
    """The numbers under one key of a history, epoch by epoch, whatever numeric type they came in."""
    if not isinstance(history, list | tuple):
        return f"the history is of type {type_of(history)}"
    return [number(row.get(key, "missing")) if isinstance(row, dict) else type_of(row) for row in history]


def loaders(draw: Draw, train: int = 9, test: int = 7, far: float = 0.0) -> tuple[Any, Any]:
    """A training and a test loader; the test images lie `far` away from the training images."""
    images, labels = samples(draw, test)
    return loader_of(samples(draw, train), 4), loader_of((images + far, labels), 3)


@fit.criterion(
    "Every step runs in training mode in every epoch, every test in eval mode and without a graph",
    because="Batch norm and dropout do one thing in training and another in tests, and each epoch has both.",
)
def fit_modes(function: Any, draw: Draw) -> Any:
    seen = {}
    for how in MODES:
        model, both = arriving(how, classifier(draw, p=0.0)), loaders(draw, train=8, test=6, far=FAR)
        seen[f"a model that arrives {how}"] = tried(lambda model=model, both=both: _modes_in_fit(function, model, both))
    return seen


def _modes_in_fit(function: Any, model: Watched, both: tuple[Any, Any]) -> Any:
    fitted(function, model, both, sgd(model, 0.1), 2)
    return {
        "training steps run in": model.modes(test=False, graph=True),
        "tests run in": model.modes(test=True),
        "tests build a graph": model.graphs(test=True),
        "the batch norm's running_mean afterwards": model.body[1][0].running_mean,
    }


@fit.criterion(
    "Each epoch makes one step for each batch, as train_step does",
    points=2,
    because="After the same steps from the same numbers, every single weight must agree.",
)
def fit_weights(function: Any, draw: Draw) -> Any:
    seen = {}
    for epochs in (1, 3):
        model, both = plain(draw), loaders(draw)
        seen[f"weights after {_epochs(epochs)}"] = _weights(function, model, both, sgd(model), epochs)
    model, both = plain(draw), loaders(draw)
    seen["weights after 2 epochs with momentum"] = _weights(function, model, both, sgd(model, 0.2, momentum=0.9), 2)
    model, both = plain(draw), loaders(draw)
    leave_gradients(draw, model.parameters())
    seen["weights after 1 epoch, when there were gradients before"] = _weights(function, model, both, sgd(model), 1)

    model, both, extra = plain(draw), loaders(draw), nn.Parameter(draw.normal(3))
    leave_gradients(draw, [extra])
    outcome = _weights(function, model, both, torch.optim.SGD([*model.parameters(), extra], lr=0.5), 1)
    alone = {"the parameter": extra.detach()} if isinstance(outcome, dict) else outcome
    seen["a parameter that the optimizer has, and the model has not"] = alone

    model, both = plain(draw), loaders(draw)
    leave_gradients(draw, model.parameters())
    seen["weights, when the optimizer has them in two groups"] = _weights(function, model, both, in_groups(model), 1)
    return seen


def _epochs(count: int) -> str:
    return f"{count} epoch" + "s" * (count != 1)


def _weights(function: Any, model: nn.Module, both: tuple[Any, Any], optimizer: Any, epochs: int) -> Any:
    return tried(lambda: (fitted(function, model, both, optimizer, epochs), numbers_of(model))[1])


@fit.criterion(
    "The history is a list with one dict an epoch, numbered from 1, of Python numbers; 0 epochs give []",
    because="Plots, tables and json read it: one dict an epoch, the same names in each, plain numbers.",
)
def fit_history(function: Any, draw: Draw) -> Any:
    model, both = plain(draw), loaders(draw)
    earlier = tried(lambda: fitted(function, model, both, sgd(model), 1))
    before = {id(row) for row in earlier} if isinstance(earlier, list) else set()
    seen = {}
    for epochs in (3, 1, 0):
        model, both = plain(draw), loaders(draw)
        history = tried(lambda m=model, both=both, epochs=epochs: fitted(function, m, both, sgd(m), epochs))
        again = isinstance(history, list) and any(id(row) in before for row in history)
        seen[_epochs(epochs)] = "the rows of an earlier call are in it as well" if again else _form(history)
    return seen


def _form(history: Any) -> Any:
    if not isinstance(history, list):
        return history if isinstance(history, Raised) else f"the history is of type {type_of(history)}, no list"
    types: dict[str, Any] = {"rows": [type_of(row) for row in history]}
    for key in KEYS:
        rows = [row for row in history if isinstance(row, dict)]
        types[f"types of {key}"] = [type_of(row[key]) if key in row else "missing" for row in rows]
    return {**types, "epoch": column(history, "epoch")}


@fit.criterion(
    "train_loss is the mean over all samples of the epoch, of the losses before the steps",
    points=2,
    because="Every sample counts once, whatever batch it is in, with the loss that its step followed.",
    rtol=1e-5,
)
def fit_losses(function: Any, draw: Draw) -> Any:
    seen = {}
    for train in (9, 8, 3):
        model, both = plain(draw), loaders(draw, train=train)
        losses = tried(lambda m=model, both=both: column(fitted(function, m, both, sgd(m), 2), "train_loss"))
        seen[f"train_loss of 2 epochs over {train} samples in batches of 4"] = losses
    return {**seen, "train_loss, logits of 100 and more": standing_still(function, draw, "train_loss")}


@fit.criterion(
    "test_accuracy is measured after each epoch's training, over all test samples",
    because="It says how good the model is now: not before the epoch, and not on the data it has just seen.",
)
def fit_accuracies(function: Any, draw: Draw) -> Any:
    seen = {}
    for shift, what in ((0, "for the better"), (1, "for the worse")):
        model, both = slow_learner(draw, shift)
        history = tried(lambda m=model, both=both: column(fitted(function, m, both, sgd(m, 1.0), 3), "test_accuracy"))
        seen[f"test_accuracy of 3 epochs that change the model {what}"] = history
    return {**seen, "test_accuracy, logits of 2048 and 2049": standing_still(function, draw, "test_accuracy")}


def standing_still(function: Any, draw: Draw, key: str) -> Any:
    """What an epoch measures that trains at a learning rate of 0 on large logits, and tests on close ones."""
    model, both = reader(3), (loader_of(large_logits(draw), 4), loader_of(close_logits(), 3))
    return tried(lambda: column(fitted(function, model, both, sgd(model, 0.0), 1), key))


def slow_learner(draw: Draw, shift: int) -> tuple[nn.Sequential, tuple[Any, Any]]:
    """A model that takes each class for the next one at first, and learns one of three in each epoch; one test sample
    has a wrong label. With `shift` 1 the test labels are those next ones. No decision is close, so rounding changes
    none."""
    fastest = draw.integer(0, 3)
    order = [(fastest + place) % 3 for place in range(3)]
    model = nn.Sequential(nn.Linear(3, 3, bias=False))
    with torch.no_grad():
        model[0].weight.zero_()
        for number_of_class in range(3):
            model[0].weight[number_of_class, number_of_class] = -1.0
            model[0].weight[(number_of_class + 1) % 3, number_of_class] = 0.1
    fast = torch.eye(3)[order] * torch.tensor([[3.0], [1.6], [1.05]])
    train = loader_of((fast, torch.tensor(order)), 3)
    shown = [order[place] for place in (0, 0, 0, 0, 1, 1, 2)]
    labels = [(label + shift) % 3 for label in [*shown[:3], shown[3] + 1, *shown[4:]]]
    return model, (train, loader_of((torch.eye(3)[shown], torch.tensor(labels)), 3))


@fit.criterion(
    "The loaders may be any iterables; each is read once an epoch",
    because="A loader that shuffles gives other batches each time, a generator has no len(), an empty one no accuracy.",
)
def fit_loaders(function: Any, draw: Draw) -> Any:
    seen: dict[str, Any] = {}
    train, test = loaders(draw)
    kinds = zip(iterables(train).items(), iterables(test).values(), strict=True)
    for (what, train_loaded), test_loaded in kinds:
        model = plain(draw)
        seen[f"1 epoch, {what}"] = tried(
            lambda m=model, a=train_loaded, b=test_loaded: _last(fitted(function, m, (a, b), sgd(m), 1))
        )
    model, both = plain(draw), (Readable(train, turning=True), Readable(test))
    seen["weights after 3 epochs of a loader that changes its order"] = _weights(function, model, both, sgd(model), 3)
    seen["times that the training loader is read in 3 epochs"] = both[0].times
    seen["times that the test loader is read in 3 epochs"] = both[1].times
    model = plain(draw)
    failed = fails(lambda: fitted(function, model, (train, []), sgd(model), 1))
    seen["1 epoch, an empty test loader"] = {True: "it raises", False: "no error"}.get(failed, failed)
    return seen


def _last(history: Any) -> Any:
    return {key: column(history, key) for key in KEYS[1:]}


# ---------------------------------------------------------------------------------------------------------------------
# confusion_matrix
# ---------------------------------------------------------------------------------------------------------------------

confusion_matrix = Exercise(
    "confusion_matrix",
    requires="confusion_matrix",
    title="What does it take for what?",
    minutes=20,
    difficulty=2,
    hints=[
        (
            "Start from a square of zeros, with the dtype that the text asks for. Each sample adds 1 in one place: row "
            "its true class, column the predicted one."
        ),
        (
            "`counts[labels, predicted] += 1` looks right, and loses samples: a place that occurs twice in the batch "
            "is still increased only once. A plain loop over the samples is fine."
        ),
        (
            "Without a loop: give each pair (true, predicted) one number, true · num_classes + predicted, and let "
            "`torch.bincount` count them. Its `minlength` is for pairs that never come."
        ),
        (
            "How the model is run is the same as in `evaluate`: eval mode, no graph, and every module's mode restored "
            "in a `finally`. The loader may be a generator."
        ),
    ],
)


def counts_of(matrix: Any) -> Any:
    """A matrix as float64, whatever it came in; anything else as it is."""
    if is_a(matrix, torch.Tensor):
        return matrix.detach().double().clone()
    return torch.as_tensor(matrix).double() if isinstance(matrix, list | np.ndarray) else matrix


def pairs(draw: Draw, count: int, classes: int) -> Batch:
    """Inputs for `reader`, right and wrong by chance."""
    return draw.normal(count, classes), draw.integers(0, classes, count)


@confusion_matrix.criterion(
    "The model runs in eval mode, all of it, and builds no graph",
    because="What is counted must be what the finished model would say.",
)
def confusion_running(function: Any, draw: Draw) -> Any:
    return while_running(lambda model, loader: function(model, loader, 3), draw)


@confusion_matrix.criterion(
    "Row: true class. Column: predicted class. Every sample of every batch is counted",
    points=2,
    because="Each sample of this call adds 1, in the row of what it is and the column of what it was taken for.",
)
def confusion_counts(function: Any, draw: Draw) -> Any:
    loader = loader_of(pairs(draw, 6, 3), 4)
    twice = [tried(lambda: counts_of(function(reader(3), loader, 3))) for _ in range(2)]
    if all(is_a(counts, torch.Tensor) for counts in twice) and float(twice[1].sum()) > float(twice[0].sum()):
        return {"two calls, one after the other": "the counts of the first call are in the second matrix as well"}

    seen = {}
    for count, classes, size in ((20, 3, 8), (12, 4, 1), (30, 2, 30)):
        loader = loader_of(pairs(draw, count, classes), size)
        counts = tried(lambda loader=loader, c=classes: counts_of(function(reader(c), loader, num_classes=c)))
        seen[f"{count} samples of {classes} classes, in batches of {size}"] = counts
    close = loader_of(close_logits(), 2)
    seen["logits of 2048 and 2049"] = tried(lambda: counts_of(function(reader(3), close, 3)))
    images, labels = pairs(draw, 20, 10)
    loader = loader_of((images, labels), 8)
    return {**seen, "ten classes, num_classes not given": tried(lambda: counts_of(function(reader(10), loader)))}


@confusion_matrix.criterion(
    "An int64 tensor of shape (num_classes, num_classes), also where classes never come",
    because="Counts are whole numbers, and a class that nobody saw still has its row and its column.",
)
def confusion_form(function: Any, draw: Draw) -> Any:
    seen = {}
    for classes in (10, 5, 1, 12):
        images = torch.nn.functional.one_hot(torch.tensor([0, 0, 0]), classes).float()
        loader = loader_of((images, torch.zeros(3, dtype=torch.int64)), 2)
        matrix = tried(lambda loader=loader, c=classes: _matrix_facts(function(reader(c), loader, c)))
        seen[f"{classes} classes, samples of the first one only"] = matrix
    loader = loader_of((torch.eye(3)[[0, 1]], torch.tensor([1, 0])), 2)
    seen["the last of 3 classes never comes"] = tried(lambda: _matrix_facts(function(reader(3), loader, 3)))
    return seen


def _matrix_facts(matrix: Any) -> Any:
    if not is_a(matrix, torch.Tensor):
        return type_of(matrix)
    return {"dtype": str(matrix.dtype), "shape": tuple(matrix.shape), "sum": float(matrix.sum())}


@confusion_matrix.criterion(
    "The loader may be any iterable, and is read once; an empty one gives zeros",
    because="A generator has no len() and no dataset, a second loop over it finds nothing, and of nothing all are 0.",
)
def confusion_loaders(function: Any, draw: Draw) -> Any:
    loader, seen = loader_of(pairs(draw, 7, 3), 3), {}
    for what, loaded in {**iterables(loader), "an empty list": [], "an empty generator": iter(())}.items():
        seen[what] = tried(lambda loaded=loaded: counts_of(function(reader(3), loaded, 3)))
    counting = Readable(loader)
    return {**seen, "times that it is read": tried(lambda: (function(reader(3), counting, 3), counting.times)[1])}


@confusion_matrix.criterion(
    "Every module is back in the mode that it was in, also when the loader or the model fails",
    because="Looking at a model's errors in the middle of training must not change how training goes on.",
)
def confusion_modes(function: Any, draw: Draw) -> Any:
    def three(model: Any, loader: Any) -> Any:
        return function(model, loader, 3)

    return {**modes_left(three, draw), **modes_left_on_errors(three, draw)}


@confusion_matrix.criterion(
    "Weights, buffers, requires_grad and torch's grad mode stay as they were",
    because="Whoever measures must not change what is measured.",
)
def confusion_leaves_alone(function: Any, draw: Draw) -> Any:
    return left_alone(lambda model, loader: function(model, loader, 3), draw)


# ---------------------------------------------------------------------------------------------------------------------
# sequential_twin
# ---------------------------------------------------------------------------------------------------------------------

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
