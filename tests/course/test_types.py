"""One rule for types in all lessons: a wrong type of number or container costs the criterion that looks at the type,
and no other; an object of a subclass is what it is a subclass of."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from helpers.references import References
from torch import nn

from autograder.judging.compare import compare
from autograder.judging.grade import tolerance_of
from autograder.probing.facts import number, type_of, whole

lesson = cache(References)
LESSONS = {
    "count_parameters": "lesson1_subclassing", "conv_output_size": "lesson2_mnist_cnn",
    "train_step": "lesson2_mnist_cnn", "evaluate": "lesson2_mnist_cnn", "fit": "lesson2_mnist_cnn",
    "count_hooks": "lesson4_hooks", "record_gradients": "lesson4_hooks", "activation_stats": "lesson5_diagnostics",
    "clip_global_norm": "lesson5_diagnostics", "diagnose": "lesson5_diagnostics",
}  # fmt: skip


class OwnInt(int):
    """An int by another name."""


class OwnFloat(float):
    """A float by another name."""


class OwnSet(set[str]):
    """A set by another name."""


def inside(value: Any, convert: Callable[[Any], Any]) -> Any:
    """A list or dict with all numbers in it converted."""
    if isinstance(value, list):
        return [inside(item, convert) for item in value]
    if isinstance(value, dict):
        return {key: inside(item, convert) for key, item in value.items()}
    return convert(value) if isinstance(value, int | float) else value


def rows(kind: type) -> Callable[[Any], Any]:
    return lambda history: [kind(row) for row in history]


def numbers(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: inside(value, convert)


def recording(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A right `record_gradients`, but for the type of its norms."""

    def norm(gradients: Any) -> Any:
        squares = [float(gradient.square().sum()) for gradient in gradients if gradient is not None]
        return convert(sum(squares) ** 0.5) if squares else None

    def record(model: nn.Module) -> Any:
        records: dict[str, Any] = {}
        leaves = [(name, module) for name, module in model.named_modules() if not list(module.children())]

        def noting(name: str) -> Any:
            def note(module: Any, before: Any, after: Any) -> None:
                records[name] = {"grad_input": norm(before), "grad_output": norm(after)}

            return note

        return records, [module.register_full_backward_hook(noting(name)) for name, module in leaves]

    return record


def statistics(convert: Callable[[Any], Any]) -> Any:
    """`ActivationStats` whose numbers are of another type."""
    right = lesson("lesson5_diagnostics").reference("activation_stats")

    class Converted(right):  # type: ignore[misc,valid-type]
        @property
        def stats(self) -> Any:
            return inside(super().stats, convert)

    return Converted


INTS = {"np.int64": np.int64, "float": float, "0-d tensor": torch.tensor, "0-d array": np.array, "Fraction": Fraction}
FLOATS = {"np.float32": np.float32, "0-d tensor": lambda x: torch.tensor(x, dtype=torch.float64), "Decimal": Decimal}
SUBCLASSES = [
    ("count_parameters", OwnInt), ("conv_output_size", OwnInt), ("count_hooks", OwnInt),
    *((name, kind) for name in ("train_step", "evaluate", "clip_global_norm") for kind in (np.float64, OwnFloat)),
    ("fit", numbers(lambda x: np.float64(x) if isinstance(x, float) else x)), ("fit", rows(OrderedDict)),
    ("diagnose", OwnSet), ("diagnose", frozenset),
]  # fmt: skip
WRONG = [
    *(("count_parameters", kind, "It returns a Python int") for kind in INTS.values()),
    *(("conv_output_size", kind, "It returns a Python int") for kind in INTS.values()),
    *(("count_hooks", kind, "It returns an int") for kind in INTS.values()),
    *(("train_step", kind, "What it returns is a Python float") for kind in FLOATS.values()),
    *(("evaluate", kind, "It returns the share of all samples") for kind in FLOATS.values()),
    *(("clip_global_norm", kind, "It returns the total norm from before") for kind in FLOATS.values()),
    ("fit", numbers(lambda x: np.float32(x) if isinstance(x, float) else x), "The history is a list"),
    ("fit", numbers(torch.tensor), "The history is a list"),
    ("diagnose", list, "A healthy model has no fault"),
    ("diagnose", sorted, "A healthy model has no fault"),
]


def lost(exercise: str, answer: Any) -> list[str]:
    """The criteria that an answer fails."""
    known = lesson(LESSONS[exercise])
    criteria = known.lesson.exercises[exercise].criteria
    wanted, seen = right(exercise), known.observed(exercise, answer)
    return [
        item.name
        for item, one, other in zip(criteria, wanted, seen, strict=True)
        if compare(one, other, tolerance_of(item))
    ]


@cache
def right(exercise: str) -> tuple[Any, ...]:
    known = lesson(LESSONS[exercise])
    return known.observed(exercise, known.reference(exercise))


def converted(exercise: str, convert: Callable[[Any], Any]) -> Callable[..., Any]:
    reference = lesson(LESSONS[exercise]).reference(exercise)
    return lambda *arguments, **options: convert(reference(*arguments, **options))


@pytest.mark.parametrize(("exercise", "convert"), SUBCLASSES)
def test_a_subclass_costs_nothing(exercise: str, convert: Any) -> None:
    assert lost(exercise, converted(exercise, convert)) == []


@pytest.mark.parametrize(("exercise", "convert", "criterion"), WRONG)
def test_a_wrong_type_costs_its_criterion_alone(exercise: str, convert: Any, criterion: str) -> None:
    (name,) = lost(exercise, converted(exercise, convert))
    assert name.startswith(criterion)


def test_numbers_in_records_and_statistics_follow_the_rule() -> None:
    assert lost("record_gradients", recording(np.float64)) == []
    assert lost("activation_stats", statistics(np.float64)) == []
    (name,) = lost("record_gradients", recording(torch.tensor))
    assert name.startswith("grad_output is the 2-norm")
    (name,) = lost("activation_stats", statistics(lambda x: torch.tensor(x, dtype=torch.float64)))
    assert name.startswith("All values are Python numbers")


@pytest.mark.parametrize("value", [True, None, "3", b"3", [3], np.array([1, 2]), torch.tensor(True), 10**400, 1j])
def test_what_is_no_number_stays_as_it_is(value: Any) -> None:
    assert number(value) is value


def test_whole_numbers_stay_exact_and_types_have_one_name() -> None:
    assert whole(10**17 + 1) == 10**17 + 1
    assert (whole(2.0), whole(2.5), whole(np.int64(7))) == (2, 2.5, 7)
    assert type(whole(2.0)) is int
    assert [type_of(value) for value in (True, OwnInt(1), np.float64(1), OrderedDict(), np.int64(1), None)] == [
        "bool", "int", "float", "dict", "int64", "None",
    ]  # fmt: skip
    assert type_of(type("int", (), {})()) == "a class that is called int"
