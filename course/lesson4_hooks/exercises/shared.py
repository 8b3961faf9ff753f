"""What the criteria of several exercises look at."""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from autograder.criteria import hooks_on, is_a


class Stopped(BaseException):
    """As when somebody presses stop: no `Exception`."""


class Tables:
    """The hook tables of a model at one time, and what has become of them since."""

    def __init__(self, model: nn.Module) -> None:
        self.model = model
        self.before = hooks_on(model)

    def now(self) -> str:
        """Whether hooks have come since, or gone."""
        after = hooks_on(self.model)
        more, less = after.keys() - self.before.keys(), self.before.keys() - after.keys()
        if more and less:
            return "new hooks are there, and other people's hooks are gone"
        return "new hooks are there" if more else "other people's hooks are gone" if less else "as they were"


def strangers(model: nn.Module) -> list[str]:
    """Put somebody else's hooks of every kind on all modules. Returns the list in which they note what they do."""
    notes: list[str] = []

    def notes_that(what: str) -> Callable[..., None]:
        return lambda *arguments: notes.append(what)

    for name, module in nn.Module.named_modules(model):
        module.register_forward_pre_hook(notes_that(f"{name} pre"))
        module.register_forward_hook(notes_that(f"{name} forward"))
        module.register_full_backward_pre_hook(notes_that(f"{name} backward pre"))
        module.register_full_backward_hook(notes_that(f"{name} backward"))
    return notes


class Skip(nn.Module):
    """A branch beside the way past it. Autograd meets the two in one order or in the other."""

    def __init__(self, branch: nn.Module, branch_first: bool) -> None:
        super().__init__()
        self.branch = branch
        self.branch_first = branch_first

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.branch(x) + x if self.branch_first else x + self.branch(x)


class Twice(nn.Module):
    """One layer that has two names, and is used under both of them, with another layer in between."""

    def __init__(self, layer: nn.Module, between: nn.Module) -> None:
        super().__init__()
        self.before = layer
        self.between = between
        self.again = layer

    def forward(self, x: torch.Tensor) -> Any:
        return self.again(self.between(self.before(x)))


def with_two_parents() -> nn.Sequential:
    """One layer that lies in two containers."""
    layer = nn.Linear(2, 2)
    return nn.Sequential(nn.Sequential(layer, nn.Tanh()), nn.Sequential(layer))


def skipping(branch_first: bool = False) -> nn.Sequential:
    """A small network with a residual block in it."""
    branch = nn.Sequential(nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 3))
    return nn.Sequential(OrderedDict(stem=nn.Linear(2, 3), block=Skip(branch, branch_first), head=nn.Linear(3, 2)))


LOSSES: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "sum": lambda output: output.square().sum(), "mean": lambda output: output.square().mean(),
}  # fmt: skip


def results(model: nn.Module, x: torch.Tensor, loss: str = "sum") -> dict[str, Any]:
    """A model's output and, after one backward, the gradients of its parameters and of x."""
    for parameter in model.parameters():
        parameter.grad = None
    x = x.clone().requires_grad_(x.is_floating_point())
    output = model(x)
    LOSSES[loss](output).backward()
    own = {name: parameter.grad for name, parameter in model.named_parameters()}
    return {"output": output.detach(), "gradient of x": x.grad, "gradients of the parameters": own}


def same_results(model: nn.Module, x: torch.Tensor, prepare: Callable[[nn.Module], Any], loss: str = "sum") -> Any:
    """What differs between a model and a copy of it that is watched; `prepare` returns what is written meanwhile."""
    plain = results(copy.deepcopy(model), x, loss)
    kept = prepare(model)
    seen = results(model, x, loss)
    return compared(plain, seen, kept)


def compared(plain: dict[str, Any], seen: dict[str, Any], written: Any) -> str:
    """Which of the results have changed. Whoever has written nothing has not watched, and so proves nothing."""
    changes = ", ".join(what for what in plain if not _equal(plain[what], seen[what])) or "nothing has changed"
    return changes if _filled(written) else f"{changes}, and nothing is written down"


def _filled(written: Any) -> bool:
    """Whether something stands in a list or dict, or in one of those that a tuple holds."""
    if is_a(written, tuple):
        return any(_filled(item) for item in tuple.__iter__(written) if is_a(item, dict))
    return (is_a(written, list) or is_a(written, dict)) and len(written) > 0


def _equal(one: Any, other: Any) -> bool:
    if is_a(one, dict):
        return is_a(other, dict) and one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    if not (is_a(one, torch.Tensor) and is_a(other, torch.Tensor)):
        return one is other
    return one.shape == other.shape and one.dtype == other.dtype and torch.allclose(one, other, rtol=1e-5, atol=1e-6)


def shown(value: Any, itself: Any = None) -> str:
    """Plain data and small tensors as a text, in which the object `itself` is called so."""
    if value is itself and value is not None:
        return "itself"
    if type(value) in (list, tuple):
        inside = ", ".join(shown(item, itself) for item in value)
        return f"[{inside}]" if type(value) is list else f"({inside},)" if len(value) == 1 else f"({inside})"
    if type(value) is dict:
        return "{" + ", ".join(f"{key!s}: {shown(item, itself)}" for key, item in value.items()) + "}"
    if is_a(value, torch.Tensor):
        dtype = str(value.dtype).removeprefix("torch.float32").removeprefix("torch.")
        numbers = (value.detach() + 0).tolist() if value.numel() <= 8 else f"of shape {tuple(value.shape)}"
        return f"{dtype} tensor {numbers}".strip()
    plain = value is None or type(value) in (bool, int, float, str)
    return repr(value) if plain else f"a {type(value).__name__}"


def removed(handles: Any) -> None:
    """Remove all handles of an iterable."""
    for handle in list(handles):
        handle.remove()


def writer(log: list[Any], name: str) -> Callable[..., None]:
    """A hook that writes its name."""
    return lambda *arguments: log.append(name)


class Odd(nn.Module):
    """A model whose leaves lie at several depths, in containers of several kinds."""

    def __init__(self) -> None:
        super().__init__()
        self.stages = nn.ModuleList([nn.Sequential(nn.Linear(2, 3), nn.Tanh()), nn.Linear(3, 4)])
        self.extra = nn.ModuleDict({"gate": nn.Sigmoid(), "never": nn.Linear(4, 1)})
        self.gain = nn.Parameter(torch.ones(4))
        self.shortcut = nn.Sequential()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for stage in self.stages:
            x = stage(x)
        return self.gain * self.shortcut(x) * self.extra["gate"](x)


def convolutions() -> nn.Sequential:
    """A small network for images of 8x8."""
    body = nn.Sequential(nn.Conv2d(1, 3, 3), nn.ReLU(), nn.MaxPool2d(2))
    return nn.Sequential(OrderedDict(body=body, flat=nn.Flatten(), head=nn.Linear(27, 2)))


def one_relu() -> nn.Sequential:
    """Two layers, and behind each of them the same ReLU."""
    relu = nn.ReLU()
    return nn.Sequential(nn.Linear(2, 3), relu, nn.Linear(3, 4), relu)
