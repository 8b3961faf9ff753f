"""What the criteria of several exercises look at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Halfway, hooks_on, is_a, raised, type_of
from autograder.criteria import number as plain_number

Batch = tuple[torch.Tensor, torch.Tensor]


def number(value: Any) -> Any:
    """A float of seven digits out of anything that is one number, whatever its type; otherwise the type's name."""
    found = plain_number(value)
    return float(f"{found:.7g}") if is_a(found, float) else f"no number, but a {type_of(found)}"


def fails(function: Callable[[], Any]) -> Any:
    """Whether our own error comes through."""
    try:
        function()
    except Halfway:
        return "our error comes through"
    except Exception as error:
        return raised(error)
    return "no error"


def hooks_since(model: nn.Module, before: dict[tuple[int, str, Any], Any]) -> dict[str, int]:
    """How the hooks differ from what they were."""
    then, now = before.keys(), hooks_on(model).keys()
    return {"hooks left behind": len(now - then), "others' hooks that are gone": len(then - now)}


def nothing(*_: Any) -> None:
    """A hook that does nothing."""


def with_others(model: nn.Module) -> Any:
    """The model, with hooks of somebody else on every module."""
    for module in nn.Module.modules(model):
        module.register_forward_pre_hook(nothing)
        module.register_forward_hook(nothing)
    return model


def modes_of(model: nn.Module) -> dict[str, bool]:
    """The mode of each module, by name."""
    return {name or "the model itself": module.training for name, module in nn.Module.named_modules(model)}


def modes_since(model: nn.Module, before: dict[str, bool]) -> dict[str, Any]:
    """Which modules are in another mode than they were."""
    after = modes_of(model)
    other = [name for name, training in before.items() if after.get(name) != training]
    return {"modules in another mode than before": other}


def numbers_of(model: nn.Module) -> dict[str, torch.Tensor]:
    """All parameters and buffers of a model as they are now, by name."""
    tensors = [*nn.Module.named_parameters(model), *nn.Module.named_buffers(model)]
    return {name: tensor.detach().clone() for name, tensor in tensors}


def changed(before: dict[str, torch.Tensor], after: dict[str, torch.Tensor]) -> list[str]:
    """The names under which something else stands now."""
    return [name for name in before if name not in after or not torch.equal(before[name], after[name])]


def labelled(*batches: torch.Tensor) -> list[Batch]:
    """Batches of inputs with labels that nobody needs."""
    return [(inputs, torch.zeros(len(inputs), dtype=torch.int64)) for inputs in batches]


def named(**modules: nn.Module) -> Any:
    """An nn.Sequential with names."""
    return nn.Sequential(OrderedDict(modules))


def set_bias(layer: Any, dead: Iterable[int] = ()) -> Any:
    """The layer, with biases that keep every unit alive but the dead ones."""
    with torch.no_grad():
        layer.bias.abs_().add_(2.5)
        for unit in dead:
            layer.bias[unit] = -2000.0
    return layer


def rarely(layer: Any, unit: int) -> Any:
    """The layer; its `unit` is positive where its first input is above 50, and nowhere else."""
    with torch.no_grad():
        layer.weight[unit] = 0.0
        layer.weight[unit].flatten()[0] = 1.0
        layer.bias[unit] = -50.0
    return layer


def always(model: Any, value: float) -> Any:
    """A `perceptron` whose fourth unit of the first ReLU gives `value` for every sample."""
    with torch.no_grad():
        model.fc1.weight[3], model.fc1.bias[3] = 0.0, value
    return model


BARELY_POSITIVE = (0.01, 1e-7, 1e-30)
"""Positive numbers that a threshold, or a sum with larger ones, takes for zero."""


def pictures(draw: Draw, *counts: int) -> list[torch.Tensor]:
    """Batches of small one-channel pictures."""
    return [draw.normal(count, 1, 6, 6) for count in counts]


def _quietly(function: Callable[[], Any]) -> Any:
    with torch.no_grad():
        return function()


def perceptron(draw: Draw, first: Iterable[int] = (), second: Iterable[int] = ()) -> Any:
    """Four features, ReLUs with six and with five units, three classes; the given units are dead."""
    model = draw.fill(
        named(fc1=nn.Linear(4, 6), act1=nn.ReLU(), fc2=nn.Linear(6, 5), act2=nn.ReLU(), head=nn.Linear(5, 3))
    )
    set_bias(model.fc1, first)
    set_bias(model.fc2, second)
    with torch.no_grad():
        model.fc2.weight.abs_()
    return model


def convolutional(draw: Draw, dead: Iterable[int] = (), features: Iterable[int] = ()) -> Any:
    """One channel, a ReLU with four channels, then one with six features, one level down; three classes."""
    body = named(conv=nn.Conv2d(1, 4, 3), norm=nn.BatchNorm2d(4), act=nn.ReLU(inplace=True))
    head = named(fc=nn.Linear(4, 6), act=nn.ReLU(), drop=nn.Dropout(), out=nn.Linear(6, 3))
    model = draw.fill(named(body=body, pool=nn.AdaptiveAvgPool2d(1), flat=nn.Flatten(), head=head))
    set_bias(body.norm, dead)
    set_bias(head.fc, features)
    with torch.no_grad():
        body.norm.weight.abs_().add_(0.5)
        head.fc.weight.abs_()
    return model


class Reuses(nn.Module):
    """One ReLU for several layers of given widths."""

    def __init__(self, *widths: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip((4, *widths), widths, strict=False)])
        self.act = nn.ReLU()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The same ReLU after each layer."""
        for layer in self.layers:
            x = self.act(layer(x))
        return x


def reusing(draw: Draw, widths: tuple[int, ...], *dead: Iterable[int]) -> Any:
    """A filled `Reuses`, with the given dead units layer by layer."""
    model = draw.fill(Reuses(*widths))
    for layer, units in zip(model.layers, dead, strict=True):
        set_bias(layer, units)
        with torch.no_grad():
            layer.weight.abs_()
    return model


class Shapes(nn.Module):
    """One ReLU for pictures with channels, and for features afterwards."""

    def __init__(self, channels: int, features: int) -> None:
        super().__init__()
        self.conv, self.fc = nn.Conv2d(1, channels, 3), nn.Linear(channels, features)
        self.act = nn.ReLU()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Channels, then features."""
        return self.act(self.fc(self.act(self.conv(x)).mean(dim=(2, 3))))


def shaped(draw: Draw, channels: int, features: int, dead: Iterable[int], dead_after: Iterable[int]) -> Any:
    """A filled `Shapes` with dead channels and dead features."""
    model = draw.fill(Shapes(channels, features))
    set_bias(model.conv, dead)
    set_bias(model.fc, dead_after)
    with torch.no_grad():
        model.conv.weight.mul_(0.1)
        model.fc.weight.abs_()
    return model


def features(draw: Draw, *counts: int) -> list[Batch]:
    """Batches of four features."""
    return labelled(*[draw.normal(count, 4) for count in counts])


def images(draw: Draw, *counts: int) -> list[Batch]:
    """Batches of small pictures."""
    return labelled(*pictures(draw, *counts))


def units_of(found: Any) -> Any:
    """The dead units by name, in the order of the names."""
    if not isinstance(found, dict):
        return f"no dict, but a {type(found).__name__}"
    return {str(name): found[name] for name in sorted(found, key=str)}


def dead(function: Any, model: nn.Module, loader: Any) -> Any:
    """What `dead_units` says."""
    with torch.enable_grad():
        return units_of(function(model, loader))


ARRIVALS: dict[str, Callable[[Any], Any]] = {
    "a model that arrives in training mode": lambda model: model.train(),
    "in eval mode": lambda model: model.eval(),
    "in training mode, its batch norm in eval mode": lambda model: model.train().body.norm.eval(),
    "in eval mode, its dropout in training mode": lambda model: model.eval().head.drop.train(),
}
"""The modes in which a `convolutional` model may arrive."""


def loss_of(output: torch.Tensor, kind: str) -> torch.Tensor:
    """A loss whose gradient has no two entries alike: a sum or a mean over the samples, or one that is very small."""
    squares = (output - torch.linspace(-1.0, 2.0, output.shape[-1])).square()
    return {"sum": squares.sum(), "mean": squares.mean(), "tiny": 0.01 * squares.mean()}[kind]


def brief(gradient: Any) -> Any:
    """The length of a gradient, in six digits."""
    return None if gradient is None else float(f"{gradient.detach().double().norm().item():.6g}")


def gradients_of(model: nn.Module, **others: torch.Tensor) -> dict[str, Any]:
    """The lengths of the gradients by name, of all parameters and of other tensors."""
    found = {name: parameter.grad for name, parameter in nn.Module.named_parameters(model)}
    found |= {name: tensor.grad for name, tensor in others.items()}
    return {f"length of {name}": brief(gradient) for name, gradient in found.items()}


def with_numbers(seen: Any, parameter: nn.Parameter, name: str) -> Any:
    """What was seen, and all numbers of one gradient, for its direction."""
    gradient = parameter.grad
    return {**seen, f"gradient of {name}": None if gradient is None else gradient.detach().clone()}


class Residual(nn.Module):
    """A layer with a way around it; the sum is written in one order or in the other."""

    def __init__(self, way_first: bool) -> None:
        super().__init__()
        self.before, self.layer, self.after = nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 3)
        self.way_first = way_first

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """before, then layer and the way around it, then after."""
        x = self.before(x)
        x = x + self.layer(x) if self.way_first else self.layer(x) + x
        return self.after(x)


def small(draw: Draw) -> Any:
    """Two layers."""
    return draw.fill(named(first=nn.Linear(4, 5), act=nn.Tanh(), second=nn.Linear(5, 3)))


def at(value: float) -> Callable[[torch.Tensor], torch.Tensor]:
    """Puts a value at one place."""

    def replaced(x: torch.Tensor) -> torch.Tensor:
        x = x.clone()
        x[1, 2] = value
        return x

    return replaced


def tame(x: torch.Tensor) -> torch.Tensor:
    """Small, finite numbers."""
    return x.nan_to_num(0.0).clamp(-1, 1)


def first(x: Any) -> Any:
    """The first of a tuple, tamed."""
    return tame(x[0])
