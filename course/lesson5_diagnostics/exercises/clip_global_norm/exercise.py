"""What each criterion of `clip_global_norm` looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import torch
from torch import nn

from autograder.criteria import (
    Codes,
    Draw,
    Exercise,
    Look,
    forbidden,
    functions_in,
    is_a,
    own_work,
    raised,
    tried,
    type_of,
)

from ..shared import brief, loss_of, number, small

clip_global_norm = Exercise(
    "clip_global_norm",
    requires="clip_global_norm",
    title="Clip them all together",
    minutes=20,
    difficulty=3,
    hints=[
        (
            "The total norm is the length of the vector that you get when you write all gradients one after the "
            "other. You need no such vector: squares can be added up tensor by tensor, and the root comes last."
        ),
        (
            "A generator can be gone through only once, and you need the gradients several times: make a list of "
            "them at the start, without the None."
        ),
        (
            "Three passes over that list: is every entry finite? What is the total norm? Is it above `max_norm`: "
            "scale each gradient, by the same factor. Return the norm from before, as a Python float."
        ),
        (
            "In place means that the tensor in `.grad` stays the same object: `gradient.mul_(factor)` does that, "
            "`p.grad = p.grad * factor` puts a new tensor there."
        ),
    ],
)


CLIPPING = Codes(*functions_in(torch.nn.utils.clip_grad))


def not_by_torch(look: Look) -> Look:
    """Where a function of `torch.nn.utils.clip_grad` does the work, a criterion sees only that."""

    @own_work("torch's own clipping does the work")
    @wraps(look)
    def watched(clip: Any, draw: Draw) -> Any:
        with forbidden(CLIPPING):
            return look(clip, draw)

    return watched


def with_gradients(draw: Draw, *shapes: tuple[int, ...], length: float | None = None) -> list[nn.Parameter]:
    """Parameters with drawn gradients; with `length`, of that total norm."""
    parameters = [nn.Parameter(torch.ones(shape)) for shape in shapes]
    for parameter in parameters:
        parameter.grad = draw.normal(*parameter.shape)
    if length is not None:
        total = torch.cat([parameter.grad.flatten() for parameter in parameters]).norm()
        for parameter in parameters:
            parameter.grad.mul_(length / total)
    return parameters


SHAPES = ((3, 4), (3,), (2, 3), ())
"""Shapes of parameters, a scalar among them."""


def scaled_from(parameters: Iterable[nn.Parameter], length: float) -> bool:
    """Whether the gradients have another total norm than this."""
    found = [parameter.grad.flatten() for parameter in parameters if parameter.grad is not None]
    return not found or abs(torch.cat(found).norm().item() - length) > 1e-3 * length


def gradients(parameters: Iterable[nn.Parameter]) -> list[Any]:
    """The gradients as they are now: of vectors the numbers, of any other the length."""
    found = [parameter.grad for parameter in parameters]
    return [grad.clone() if is_a(grad, torch.Tensor) and grad.dim() == 1 else brief(grad) for grad in found]


@clip_global_norm.criterion(
    "It returns the total norm from before, as a Python float",
    because="A norm from after the clipping would always look harmless.",
    rtol=1e-3,
)
@not_by_torch
def global_norm(clip: Any, draw: Draw) -> Any:
    def returned(length: float, max_norm: float) -> Any:
        return number(clip(with_gradients(draw, *SHAPES, length=length), max_norm))

    seen = {
        f"a total norm of {length:g}, max_norm {max_norm:g}": tried(lambda a=(length, max_norm): returned(*a))
        for length, max_norm in ((5.0, 1.0), (0.5, 1.0), (300.0, 0.1), (2.0, 2.5))
    }
    seen["a single parameter"] = tried(lambda: number(clip(with_gradients(draw, (3, 2)), 0.5)))
    seen["gradients of zeros"] = tried(lambda: returned(0.0, 1.0))
    seen["what it is"] = tried(lambda: type_of(clip(with_gradients(draw, *SHAPES), 1.0)))
    seen["what it is, of an empty list"] = tried(lambda: type_of(clip([], 1.0)))
    return seen


@clip_global_norm.criterion(
    "A total norm above max_norm is brought down to max_norm, by one factor for all gradients",
    points=2,
    because="One factor keeps the direction of the step; only its length changes.",
    rtol=1e-3,
)
@not_by_torch
def global_scaled(clip: Any, draw: Draw) -> Any:
    def scaled(length: float, max_norm: float, *shapes: tuple[int, ...]) -> Any:
        parameters = with_gradients(draw, *(shapes or SHAPES), length=length)
        clip(parameters, max_norm)
        return gradients(parameters)

    def trained(count: int, kind: str) -> Any:
        model = small(draw)
        loss_of(model(draw.normal(count, 4)), kind).backward()
        clip(model.parameters(), 0.5)
        return gradients(model.parameters())

    cases: dict[str, Callable[[], Any]] = {
        "a total norm of 5, max_norm 1": lambda: scaled(5.0, 1.0), "of 300, max_norm 2.5": lambda: scaled(300.0, 2.5),
        "max_norm 3, an int": lambda: scaled(10.0, 3), "a single parameter": lambda: scaled(4.0, 1.0, (2, 3)),
        "each is below max_norm, all together are above": lambda: scaled(1.5, 1.0, (3, 3), (3, 3), (3, 3), (3, 3)),
        "a network, a batch of 4, a sum loss": lambda: trained(4, "sum"),
        "a network, a batch of 1, a mean loss": lambda: trained(1, "mean"),
        "float64": lambda: _as_doubles(clip, draw),
    }  # fmt: skip
    return {what: tried(case) for what, case in cases.items()}


def _as_doubles(clip: Any, draw: Draw) -> Any:
    parameters = [nn.Parameter(torch.ones(3, dtype=torch.float64)) for _ in range(2)]
    for parameter in parameters:
        parameter.grad = draw.normal(3).double()
    clip(parameters, 0.5)
    return gradients(parameters)


@clip_global_norm.criterion(
    "At or below max_norm nothing changes",
    because="Clipping is a ceiling. Small gradients are not to be stretched to it.",
    rtol=1e-3,
)
@not_by_torch
def global_below(clip: Any, draw: Draw) -> Any:
    def scaled(length: float, max_norm: float) -> Any:
        parameters = with_gradients(draw, *SHAPES, length=length)
        clip(parameters, max_norm)
        return gradients(parameters)

    def above() -> str:
        parameters = with_gradients(draw, *SHAPES, length=5.0)
        clip(parameters, 1.0)
        return "changed" if scaled_from(parameters, 5.0) else "as they were"

    cases = ((0.5, 1.0), (0.01, 10.0), (0.97, 1.0), (2.0, 100.0), (0.0, 1.0))
    seen = {f"a total norm of {a:g}, max_norm {b:g}": tried(lambda a=a, b=b: scaled(a, b)) for a, b in cases}
    return {**seen, "for comparison, gradients above max_norm": tried(above)}


@clip_global_norm.criterion(
    "The gradients are scaled in place: `.grad` stays the same tensor, and so does what shares its memory",
    because="Optimizers and others may hold the very same tensor.",
)
@not_by_torch
def global_in_place(clip: Any, draw: Draw) -> Any:
    def same(length: float) -> Any:
        parameters = with_gradients(draw, *SHAPES, length=length)
        before = [parameter.grad for parameter in parameters]
        addresses = [gradient.data_ptr() for gradient in before if gradient is not None]
        clip(parameters, 1.0)
        after = [parameter.grad for parameter in parameters]
        return {
            "the gradients": "scaled" if scaled_from(parameters, length) else "as they were",
            "the same tensors": all(a is b for a, b in zip(before, after, strict=True)),
            "in the same memory": addresses == [tensor.data_ptr() for tensor in after if tensor is not None],
            "the parameters themselves": "unchanged" if all((p == 1).all() for p in parameters) else "changed",
            "gradients require a gradient": any(tensor.requires_grad for tensor in after if tensor is not None),
        }

    return {
        "a total norm of 5, max_norm 1": tried(lambda: same(5.0)),
        "a total norm of 0.5, max_norm 1": tried(lambda: same(0.5)),
    }


@clip_global_norm.criterion(
    "Any iterable of parameters will do; those without a gradient are skipped, and none at all gives 0.0",
    because="`model.parameters()` is a generator: it can be gone through only once.",
    rtol=1e-3,
)
@not_by_torch
def global_iterables(clip: Any, draw: Draw) -> Any:
    def through(make: Callable[[list[nn.Parameter]], Any]) -> Any:
        parameters = with_gradients(draw, *SHAPES, length=4.0)
        outcome = number(clip(make(parameters), 1.0))
        return {"returned": outcome, "gradients": gradients(parameters)}

    def some_without(*without: int) -> Any:
        parameters = with_gradients(draw, *SHAPES)
        for place in without:
            parameters[place].grad = None
        outcome = number(clip(iter(parameters), 0.5))
        return {"returned": outcome, "gradients": gradients(parameters)}

    def frozen_since() -> Any:
        parameters = with_gradients(draw, *SHAPES)
        parameters[0].requires_grad_(False)
        outcome = number(clip(parameters, 0.5))
        return {"returned": outcome, "gradients": gradients(parameters)}

    cases: dict[str, Callable[[], Any]] = {
        "a list": lambda: through(list), "a tuple": lambda: through(tuple), "a generator": lambda: through(iter),
        "the values of a dict": lambda: through(lambda parameters: dict(enumerate(parameters)).values()),
        "a set": lambda: through(set),
        "the first has no gradient": lambda: some_without(0), "two have no gradient": lambda: some_without(1, 3),
        "none has a gradient": lambda: some_without(0, 1, 2, 3),
        "an empty list": lambda: number(clip([], 1.0)),
        "an empty generator": lambda: number(clip(iter(()), 1.0)),
        "one that was frozen after its backward pass": frozen_since,
    }  # fmt: skip
    return {what: tried(case) for what, case in cases.items()}


@clip_global_norm.criterion(
    "A gradient with an entry that is not finite is a RuntimeError, and no gradient has changed",
    because="Scaled by inf or NaN, all gradients are lost, and with the next step all weights.",
)
@not_by_torch
def global_not_finite(clip: Any, draw: Draw) -> Any:
    def spoilt(place: int, value: float, max_norm: float) -> Any:
        parameters = with_gradients(draw, *SHAPES)
        parameters[place].grad.flatten()[-1] = value
        before = [parameter.grad.clone() for parameter in parameters]
        try:
            clip(parameters, max_norm)
            outcome = "no error"
        except NotImplementedError as error:
            return raised(error)
        except Exception as error:
            outcome = "RuntimeError" if is_a(error, RuntimeError) else type(error).__name__
        kept = all(
            torch.equal(a.nan_to_num(7.0), b.nan_to_num(7.0))
            for a, b in zip(before, (parameter.grad for parameter in parameters), strict=True)
        )
        return {"outcome": outcome, "gradients": "as they were" if kept else "changed"}

    nan, inf = float("nan"), float("inf")
    return {
        f"{value} in the {('first', 'second', 'third', 'last')[place]} gradient, max_norm {max_norm:g}": spoilt(
            place, value, max_norm
        )
        for place, value, max_norm in (
            (0, nan, 1),
            (2, nan, 1),
            (3, nan, 1),
            (0, inf, 1),
            (3, inf, 1),
            (1, -inf, 1),
            (3, nan, 1e6),
        )
    }
