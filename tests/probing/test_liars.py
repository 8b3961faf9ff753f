"""What objects show however they lie: their real type, their own numbers, and no point for it."""

from __future__ import annotations

import math
import sys
from collections import OrderedDict, namedtuple
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from helpers import small_lesson
from helpers.observations import ALIKE, right, seen
from torch import nn

from autograder.judging.compare import compare
from autograder.judging.grade import Expected, Outcome, grade_exercise
from autograder.lesson.lesson import Lesson
from autograder.probing import observation as o
from autograder.probing.exceptions import attempt, raised
from autograder.probing.observe import observe

NamedPair = namedtuple("NamedPair", "x y")


class Everything:
    """Equal to all, callable as all."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return True

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self

    def __getattr__(self, name: str) -> Any:
        return self

    def __float__(self) -> float:
        return 3.0

    def __index__(self) -> int:
        return 3


class Meta(type):
    """Equal to every class, an instance of every class."""

    __hash__ = type.__hash__

    def __eq__(cls, other: object) -> bool:
        return True

    def __instancecheck__(cls, instance: object) -> bool:
        return True


class Chameleon(metaclass=Meta):
    """Says that it is whatever is wished."""

    def __getattribute__(self, name: str) -> Any:
        return float if name == "__class__" else (lambda *arguments: 3.0)


class LyingTensor(torch.Tensor):
    """Has its own idea of every function."""

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return torch.ones(3) if func is not torch.Tensor.as_subclass else args[0]


class LyingDict(dict[str, Any]):
    def items(self) -> Any:
        return [("right", 1)]

    __iter__ = keys = values = items


class LyingList(list[Any]):
    def __iter__(self) -> Any:
        return iter([1, 2, 3])

    def __len__(self) -> int:
        return 3

    __getitem__ = None  # type: ignore[assignment]


class LyingInt(int):
    def __index__(self) -> int:
        return 3

    __int__ = __index__

    def __repr__(self) -> str:
        return "'right'"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


class LyingStr(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "right"

    __repr__ = __str__

    def __getitem__(self, place: Any) -> str:
        return "right"

    def encode(self, *arguments: Any) -> bytes:
        return b"right"


class LyingBytes(bytes):
    def __getitem__(self, place: Any) -> Any:
        return b"right"

    def __bytes__(self) -> bytes:
        return b"right"


class LyingFloat(float):
    def __float__(self) -> float:
        return 3.0

    __repr__ = object.__repr__


class LyingError(Exception):
    def __str__(self) -> str:
        raise SystemExit

    __class__ = ValueError  # type: ignore[assignment]
    __name__ = "ValueError"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (LyingDict(wrong=2), o.Mapping((("'wrong'", o.Scalar(2)),))),
        (LyingList([7]), o.Sequence("list", (o.Scalar(7),))),
        (LyingInt(7), o.Scalar(7)),
        (LyingStr("wrong"), o.Scalar("wrong")),
        (LyingFloat(7.0), o.Scalar(7.0)),
        ({LyingInt(7): 1}, o.Mapping((("7", o.Scalar(1)),))),
        ({LyingStr("wrong"): 1}, o.Mapping((("'wrong'", o.Scalar(1)),))),
        (np.float64(0.5), o.Scalar(0.5)),
        (OrderedDict(a=1), o.Mapping((("'a'", o.Scalar(1)),))),
        (NamedPair(1, True), o.Sequence("tuple", (o.Scalar(1), o.Scalar(True)))),
        (torch.Size([2, 3]), o.Sequence("tuple", (o.Scalar(2), o.Scalar(3)))),
        (1 - 2j, o.Scalar(1 - 2j)),
        (np.complex128(1j), o.Scalar(1j)),
        (LyingBytes(b"wrong"), o.Scalar(b"wrong")),
        (range(2, 9, 3), o.Scalar(range(2, 9, 3))),
        (
            {(1, "a"): 1, 2j: 2, b"b": 3},
            o.Mapping((("(1, 'a')", o.Scalar(1)), ("2j", o.Scalar(2)), ("b'b'", o.Scalar(3)))),
        ),
        ({3, 1}, o.Sequence("set", (o.Scalar(1), o.Scalar(3)))),
        ("a\ud800", o.Scalar("a?")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_container_shows_what_it_holds_not_what_it_says(value: Any, shown: o.Observation) -> None:
    assert observe(value) == shown
    assert o.from_json(o.to_json(observe(value))) == shown


@pytest.mark.parametrize(
    "liar",
    [Everything(), Everything, Chameleon(), Chameleon, nn.Linear(1, 1), Fraction(1, 2), Decimal(1), np.array([{}]),
     np.array(["a"]), np.zeros(2, [("a", int)]), np.datetime64("2020"), range(10**400), object()],
    ids=["all", "a class of them", "chameleon", "its class", "module", "fraction", "decimal", "array of objects",
         "array of texts", "structured array", "NumPy date", "monstrous range", "object"],
)  # fmt: skip
def test_what_is_no_plain_data_shows_its_type_alone(liar: Any) -> None:
    shown = observe(liar)
    assert isinstance(shown, o.Opaque)
    assert [mismatch.kind for mismatch in compare(shown, observe(liar))] == ["type"]
    assert compare(shown, observe(liar), ALIKE) == []  # two who went wrong alike


class LyingNdarray(np.ndarray[Any, Any]):
    """Has its own idea of what it is."""

    shape = dtype = size = property(lambda self: (9,))  # type: ignore[assignment]

    def __array__(self, *arguments: Any, **named: Any) -> Any:
        return np.zeros(9)

    copy = astype = view = tobytes = __array__  # type: ignore[assignment]


class LyingInt64(np.int64):
    """Says that it is three."""

    __slots__ = ()

    def item(self, *arguments: Any) -> int:  # type: ignore[override]
        return 3

    __int__ = __index__ = item  # type: ignore[assignment]


def test_an_array_shows_its_own_numbers() -> None:
    shown = observe(np.array([7.0, 8.0]).view(LyingNdarray))
    assert isinstance(shown, o.Array) and (shown.kind, shown.shape, shown.dtype) == (o.NDARRAY, (2,), "float64")
    np.testing.assert_array_equal(shown.values, [7.0, 8.0])  # type: ignore[arg-type]
    assert compare(observe(LyingInt64(7)), observe(np.int64(7))) == []


def test_a_tensor_shows_its_own_numbers() -> None:
    shown = observe(torch.tensor([7.0, math.nan]).as_subclass(LyingTensor))
    assert isinstance(shown, o.Array) and shown.values is not None
    np.testing.assert_array_equal(shown.values, np.array([7.0, np.nan], np.float32))


@pytest.mark.parametrize(
    ("tensor", "shape", "dtype"),
    [
        (torch.zeros(2, 0), (2, 0), "float32"),
        (torch.tensor(True), (), "bool"),
        (torch.full((1,), math.inf, dtype=torch.bfloat16), (1,), "bfloat16"),
        (torch.ones(2, dtype=torch.complex64).conj(), (2,), "complex64"),
        (torch.ones(2, requires_grad=True), (2,), "float32"),
        (torch.empty(2, device="meta"), (2,), "float32"),
        (torch.arange(5_000), (5_000,), "int64"),
        (torch.ones(1).expand(10**5), (10**5,), "float32"),
    ],
)
def test_any_tensor_crosses_the_wall(tensor: torch.Tensor, shape: tuple[int, ...], dtype: str) -> None:
    shown = o.from_json(o.to_json(observe(tensor)))
    assert isinstance(shown, o.Array) and (shown.shape, shown.dtype) == (shape, dtype)
    assert compare(observe(tensor), shown) == []


def test_odd_tensors_are_told_by_their_kind() -> None:
    assert isinstance(observe(torch.eye(2).to_sparse()), o.Opaque)
    assert isinstance(observe(torch.zeros(1).expand(10**13)), o.Raised)


def monsters() -> dict[str, Any]:
    doubled: Any = []
    for _ in range(60):
        doubled = [doubled, doubled]
    own: list[Any] = []
    own += [own, own]
    return {"doubled": doubled, "in itself": own, "long": [0] * 10**6, "wide": {i: i for i in range(10**5)}}


@pytest.mark.parametrize("name", monsters())
def test_monstrous_answers_are_told_in_short(name: str) -> None:
    assert observe(monsters()[name]) == o.Opaque("an answer of monstrous size")


def test_deep_answers_end_somewhere() -> None:
    deep: Any = 1
    for _ in range(10_000):
        deep = [deep]
    text = o.to_json(observe(deep))
    assert "nested too deep" in text
    assert o.from_json(text) == observe(deep)


def test_an_error_shows_its_real_class() -> None:
    shown = raised(LyingError())
    assert shown.types[:2] == ("LyingError", "Exception")
    assert attempt(lambda: 1 / 0).types[0] == "ZeroDivisionError"


def mutating(x: torch.Tensor) -> torch.Tensor:
    return x.zero_()


def scale_with(forward: Callable[[torch.Tensor], Any]) -> Any:
    class Scale(nn.Module):
        def __init__(self, n: int) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.ones(n))

        def forward(self, x: torch.Tensor) -> Any:
            return forward(x)

    return Scale


LIARS: dict[str, Any] = {
    "everything": Everything(), "a class of them": Everything, "a chameleon": Chameleon(),
    "not a number": lambda *a: math.nan, "infinity": lambda *a: torch.full((4, 3), math.inf),
    "nothing": lambda *a: None, "true": lambda *a: True,
    "a lying tensor": lambda *a: torch.zeros(4, 3).as_subclass(LyingTensor),
    "an error": lambda *a: ValueError("no"), "an observation": lambda *a: o.Scalar(3), "a score": lambda *a: 1e9,
    "a lying int": lambda *a: LyingInt(10**6), "a lying list": lambda *a: LyingList([10**6]),
    "an exit": lambda *a: sys.exit(0),
    "changed inputs": scale_with(mutating), "whatever is wished": scale_with(lambda x: Everything()),
}  # fmt: skip


@pytest.mark.parametrize("liar", LIARS)
@pytest.mark.parametrize("exercise", small_lesson.ANSWERS)
def test_who_lies_gains_no_point(lesson: Lesson, exercise: str, liar: str) -> None:
    reference = seen(lesson, exercise, right(lesson, exercise))
    graded = grade_exercise(
        lesson.exercises[exercise], Expected(tuple(reference), ()), list(seen(lesson, exercise, LIARS[liar]))
    )
    honest = 1.0 if exercise == "scale" and liar in ("changed inputs", "whatever is wished") else 0.0
    assert graded.points == honest
    assert graded.outcome is not Outcome.PASSED


def test_a_class_of_the_criteria_is_told_without_its_module() -> None:
    own = type("Skip", (), {"__module__": "lesson:small.shared"})
    assert observe([own(), {own(): 1}]) == o.Sequence(
        "list", (o.Opaque("Skip"), o.Mapping(((o.UnknownKey("<Skip>"), o.Scalar(1)),)))
    )
