"""What each criterion of `record_gradients` looks at."""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise, is_a, tried, type_of
from autograder.criteria import number as plain_number

from ..shared import (
    LOSSES,
    Odd,
    Tables,
    Twice,
    one_relu,
    removed,
    same_results,
    shown,
    skipping,
    strangers,
    with_two_parents,
)

record_gradients = Exercise(
    "record_gradients",
    requires="record_gradients",
    title="What flows back through a model",
    minutes=25,
    difficulty=3,
    hints=[
        (
            "`register_full_backward_hook` on every leaf, with a hook that knows the leaf's name, as in `log_shapes`. "
            "It gets the module, `grad_input` and `grad_output`: two tuples of tensors, or of None."
        ),
        (
            "The 2-norm over several tensors together is the root of the sum of all squares, not the sum of their "
            "norms. Leave the None out first. Is nothing left? Then the answer is None, not 0.0."
        ),
        (
            "Write a new dict into `records[name]` every time, both entries together. A layer that is used twice is "
            "called back twice in one backward, and the second time wins, a None of it too."
        ),
        (
            "The hook returns nothing, and changes nothing: what it returns takes the place of `grad_input`. "
            "`.item()` makes a number, which holds no graph and no tensor."
        ),
    ],
)


WATCHED = ("stem", "block.branch.0", "left", "meet", "split", "table", "before", "between", "1")
"""The leaves whose records are compared, number by number."""


def recorded(record: Any, model: nn.Module, x: Any, loss: str = "sum", backwards: int = 1) -> dict[str, Any]:
    """The records after a forward and a backward, or after several."""
    records, handles = record(model)
    for number in range(backwards):
        LOSSES[loss](model(x * (number + 1) if number else x)).backward()
    del handles
    return sides(records, *WATCHED)


def names_of(records: Any) -> str:
    """The names of the records, sorted, as a text."""
    return ", ".join(sorted(shown(name) for name in dict.keys(records))) or "none"


def sides(records: Any, *wanted: str) -> dict[str, Any]:
    """The records by name, sorted: all of them, or those of the wanted names."""
    return {name: _record(record) for name, record in sorted(dict.items(records)) if not wanted or name in wanted}


def _record(record: Any) -> Any:
    return {side: _number(value) for side, value in dict.items(record)} if is_a(record, dict) else record


def _number(value: Any) -> Any:
    """A number to seven digits, which is more than is compared, in whatever type it came."""
    found = plain_number(value)
    return float(f"{found:.7g}") if is_a(found, float) else "a tensor" if is_a(found, torch.Tensor) else found


class TwoInputs(nn.Module):
    """A leaf with two inputs, and layers before it."""

    def __init__(self) -> None:
        super().__init__()
        self.left = nn.Linear(2, 2)
        self.right = nn.Linear(2, 3)
        self.meet = nn.Bilinear(2, 3, 2)

    def forward(self, x: torch.Tensor) -> Any:
        return self.meet(self.left(x), self.right(x))


class HalfFixed(nn.Module):
    """A leaf with two inputs, one of which, the first or the second, needs no gradient."""

    def __init__(self, first: bool) -> None:
        super().__init__()
        self.left = nn.Linear(2, 2)
        self.meet = nn.Bilinear(2, 2, 2)
        self.first = first

    def forward(self, x: torch.Tensor) -> Any:
        return self.meet(x, self.left(x)) if self.first else self.meet(self.left(x), x)


class Silent(nn.Module):
    """A leaf that lets no gradient pass: the one that it hands on is all zeros."""

    def forward(self, x: torch.Tensor) -> Any:
        return x * 0


class Words(nn.Module):
    """Starts with whole numbers, which have no gradients."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(5, 3)
        self.head = nn.Linear(3, 2)

    def forward(self, x: torch.Tensor) -> Any:
        return self.head(self.table(x.long().clamp(0, 4)))


class Split(nn.Module):
    """A leaf with two outputs."""

    def forward(self, x: torch.Tensor) -> Any:
        return x[:, :1] * 2, x[:, 1:] * 3


class Halves(nn.Module):
    """Uses one half of what a leaf gives, or both."""

    def __init__(self, both: bool) -> None:
        super().__init__()
        self.stem = nn.Linear(2, 3)
        self.split = Split()
        self.both = both

    def forward(self, x: torch.Tensor) -> Any:
        first, second = self.split(self.stem(x))
        return first + second if self.both else first * 1


@record_gradients.criterion(
    "The model's outputs and gradients stay what they are",
    because="A backward hook that returns something changes the training that it was to watch.",
)
def gradients_unchanged(record: Any, draw: Draw) -> Any:
    models = {"the branch last": skipping(False), "the branch first": skipping(True), "two inputs": TwoInputs()}
    models["a layer used twice"] = Twice(nn.Linear(2, 2), nn.Tanh())
    return {
        f"{what}, {loss} loss": tried(
            lambda model=model, loss=loss: same_results(
                draw.fill(copy.deepcopy(model)), draw.normal(4, 2), record, loss
            )
        )
        for what, model in models.items()
        for loss in LOSSES
    }


@record_gradients.criterion(
    "Every leaf that a gradient passes has a record under its qualified name, none before the first backward",
    because="A leaf without a record is one that no gradient has reached: that is what you want to find out.",
)
def gradients_names(record: Any, draw: Draw) -> Any:
    def before_and_after(model: nn.Module, x: torch.Tensor) -> Any:
        records, handles = record(draw.fill(model))
        before = names_of(records)
        output = model(x)
        between = names_of(records)
        output.sum().backward()
        del handles
        return f"at first {before}; after forward {between}; after backward {names_of(records)}"

    def frozen() -> nn.Module:
        model = skipping()
        model.stem.requires_grad_(False)
        return model

    x = draw.normal(3, 2)
    return {
        "a residual block": tried(lambda: before_and_after(skipping(), x)),
        "lists, dicts and a leaf that does not run": tried(lambda: before_and_after(Odd(), x)),
        "a model that is a leaf itself": tried(lambda: before_and_after(nn.Linear(2, 2), x)),
        "the first layer is frozen": tried(lambda: before_and_after(frozen(), x)),
        "a layer with two names": tried(lambda: before_and_after(Twice(nn.Linear(2, 2), nn.Tanh()), x)),
        "a layer in two containers": tried(lambda: before_and_after(with_two_parents(), x)),
        "one ReLU, used twice": tried(lambda: before_and_after(one_relu(), x)),
    }


BACKWARD: dict[str, Callable[[], nn.Module]] = {
    "the branch last": lambda: skipping(False), "the branch first": lambda: skipping(True),
    "a leaf with two inputs": TwoInputs,
    "a leaf with two inputs, the second without gradient": lambda: HalfFixed(False),
    "a leaf with two inputs, the first without gradient": lambda: HalfFixed(True),
    "a leaf with two outputs": lambda: Halves(True), "only one of two outputs is used": lambda: Halves(False),
    "an embedding first": Words,
    "a leaf that hands on zeros": lambda: nn.Sequential(
        OrderedDict(stem=nn.Linear(2, 3), meet=Silent(), head=nn.Linear(3, 2))
    ),
}  # fmt: skip


def all_recorded(record: Any, draw: Draw, side: str) -> dict[str, Any]:
    """One side of the records of several models, with sum and mean losses, batches of 1 and 4."""
    cases = [(what, "sum", 4) for what in BACKWARD]
    cases += [("the branch last", "mean", 4), ("the branch first", "mean", 1)]
    seen = {}
    for what, loss, size in cases:
        model, x = draw.fill(BACKWARD[what]()), draw.normal(size, 2)
        found = tried(lambda model=model, loss=loss, x=x: recorded(record, model, x, loss))
        seen[f"{what}, {loss} loss, batch of {size}"] = one_side(found, side)
    return seen


def one_side(found: Any, side: str) -> Any:
    """One side of each of the records."""
    if not is_a(found, dict):
        return found
    return {name: value.get(side, "missing") if is_a(value, dict) else value for name, value in found.items()}


@record_gradients.criterion(
    "grad_output is the 2-norm of the gradients that arrive from behind, a Python float",
    points=1.5,
    because="grad_output is the loss's gradient with respect to the layer's output.",
)
def gradients_output(record: Any, draw: Draw) -> Any:
    def kinds() -> Any:
        records, handles = record(model := draw.fill(skipping()))
        model(draw.normal(3, 2)).sum().backward()
        del handles
        return {side: type_of(value) for side, value in sorted(dict.items(records["block.branch.0"]))}

    return {**all_recorded(record, draw, "grad_output"), "of type": tried(kinds)}


@record_gradients.criterion(
    "grad_input is the 2-norm of the gradients that are passed on, None where there is none",
    points=1.5,
    because="grad_input is the gradient with respect to the layer's inputs, not to its weights; data has none.",
)
def gradients_input(record: Any, draw: Draw) -> Any:
    seen = all_recorded(record, draw, "grad_input")
    x = draw.normal(3, 2).requires_grad_()
    return {**seen, "x requires grad": tried(lambda: recorded(record, draw.fill(skipping()), x, "mean"))}


@record_gradients.criterion(
    "The last firing wins, whole",
    because="A record of parts from two firings shows a backward that never was.",
)
def gradients_last(record: Any, draw: Draw) -> Any:
    def two_losses() -> Any:
        model = draw.fill(skipping())
        records, handles = record(model)
        output = model(draw.normal(4, 2))
        output[:, 0].sum().backward(retain_graph=True)
        first = copy.deepcopy(sides(records, "block.branch.1"))
        output[:, 1].square().mean().backward()
        del handles
        return {"after the first": first, "after the second": sides(records, "stem", "block.branch.1")}

    def first_with_gradient() -> Any:
        model = draw.fill(nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2)))
        records, handles = record(model)
        model(draw.normal(2, 2).requires_grad_()).sum().backward()
        model(draw.normal(3, 2)).sum().backward()
        del handles
        return sides(records)

    def later_a_part() -> Any:
        model = draw.fill(skipping())
        records, handles = record(model)
        model(draw.normal(2, 2)).sum().backward()
        model.stem(draw.normal(2, 2)).square().sum().backward()
        del handles
        return sides(records, "stem", "head")

    x = draw.normal(4, 2)
    return {
        "two backwards": tried(lambda: recorded(record, draw.fill(skipping()), x, "mean", 2)),
        "two losses of one forward": tried(two_losses),
        "the second time, x needs no gradient": tried(first_with_gradient),
        "the second time, only a part of the model": tried(later_a_part),
        "a layer with two names": tried(lambda: recorded(record, draw.fill(Twice(nn.Linear(2, 2), nn.Tanh())), x)),
        "one ReLU, used twice": tried(lambda: recorded(record, draw.fill(one_relu()), x)),
    }


@record_gradients.criterion(
    "It returns (records, handles): removing all the handles ends it, and other people's hooks stay",
    because="A hook without a handle stays on the model for as long as the model lives.",
)
def gradients_handles(record: Any, draw: Draw) -> Any:
    def after(model: nn.Module, x: torch.Tensor) -> Any:
        notes = strangers(draw.fill(model))
        tables = Tables(model)
        records, handles = record(model)
        handles = list(handles)
        removed(handles)
        model(x).sum().backward()
        seen = f"{len(handles)} handles; hooks after removing: {tables.now()}; calls of other hooks {len(notes)}"
        return f"{seen}; records {names_of(records)}"

    def records_stay() -> Any:
        model, x = draw.fill(skipping()), draw.normal(2, 2)
        records, handles = record(model)
        model(x).sum().backward()
        removed(handles)
        model(2 * x).square().sum().backward()
        return sides(records, "stem", "head")

    def two_recorders() -> Any:
        model = draw.fill(skipping())
        first, handles = record(model)
        second, kept = record(model)
        removed(handles)
        model(draw.normal(2, 2)).sum().backward()
        del kept
        return f"the removed one: {names_of(first)}; the other one: {names_of(second)}"

    return {
        "a residual block": tried(lambda: after(skipping(), draw.normal(2, 2))),
        "a layer with two names": tried(lambda: after(Twice(nn.Linear(2, 2), nn.Tanh()), draw.normal(2, 2))),
        "records stay when the handles are removed": tried(records_stay),
        "two recorders, one removed": tried(two_recorders),
    }
