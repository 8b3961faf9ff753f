"""What the criteria of several exercises look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from autograder.criteria import Draw, Raised, refusal, tried

Batch = tuple[torch.Tensor, torch.Tensor]


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


def in_groups(model: nn.Sequential) -> torch.optim.Optimizer:
    """Gradient descent, with a group of parameters for the first layer and one for the last."""
    return torch.optim.SGD([{"params": model[0].parameters(), "lr": 0.1}, {"params": model[2].parameters(), "lr": 1.0}])


def leave_gradients(draw: Draw, parameters: Iterable[nn.Parameter]) -> None:
    """What an earlier backward pass would have left in `.grad`."""
    for parameter in parameters:
        parameter.grad = draw.normal(*parameter.shape)


def pairs(draw: Draw, count: int, classes: int) -> Batch:
    """Inputs for `reader`, right and wrong by chance."""
    return draw.normal(count, classes), draw.integers(0, classes, count)
