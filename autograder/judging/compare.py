"""Compares an expected with a seen observation and collects every mismatch, each with its path.

Small pair classes are tried in order, after `torch.testing._comparison`: the first that accepts the two nodes
compares them. Structure comes before numbers, and shapes must be equal before any number is looked at: nothing
broadcasts.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.probing import observation as o

TOLERANCES = {
    "float16": (2e-3, 1e-3), "bfloat16": (2e-2, 1e-2), "float32": (1e-4, 1e-5), "float64": (1e-7, 1e-9),
    "complex64": (1e-4, 1e-5), "complex128": (1e-7, 1e-9),
}  # fmt: skip
"""dtype → (rtol, atol). Other dtypes are compared exactly."""
SINGLE = {"float64": "float32", "complex128": "complex64"}
"""Dtypes of double precision, and the same in single precision."""
NUMBER_TOLERANCE = (1e-4, 1e-6)
"""(rtol, atol) of Python floats and complex numbers: they are mostly float32 results."""
TORCH_RAISES = {"RuntimeError", "NotImplementedError"}
"""The classes of most of torch's own exceptions, whose words change from version to version."""
SENTENCE = 4
"""As many words make an exception's text a sentence: shorter ones have to be the very same."""
SEVERITY = ("missing", "raised", "type", "names", "length", "shape", "dtype", "value", "number")


Step = str | int
"""One step into an observation: a mapping's key, a sequence's index."""
Path = tuple[Step, ...]
"""The steps from the root of an observation to a node in it."""


@dataclass(frozen=True)
class Apart:
    """How far two tensors of one shape are apart: `count` of `total` numbers differ, most at `index`, which has a
    number for each dimension."""

    count: int
    total: int
    index: tuple[int, ...]


@dataclass(frozen=True)
class Mismatch:
    """One difference. `kind` is one of `SEVERITY`; `path` leads to the nodes that differ; `apart` says how far the
    numbers of two tensors are apart, where all of them are known."""

    kind: str
    path: Path
    expected: o.Observation
    seen: o.Observation
    apart: Apart | None = None


@dataclass(frozen=True)
class Tolerance:
    """How close is equal: overrides of the tables above (None keeps the table's value).

    `same_failure` compares one wrong answer with another, not an answer with its contract: exceptions are equal only
    with the same text, not the same class alone, what is opaque is equal to its like, and float64 numbers agree within
    float32's tolerance, since they may have been computed as such, on another processor.
    """

    rtol: float | None = None
    atol: float | None = None
    same_failure: bool = False

    def of(self, dtype: str) -> tuple[float, float]:
        """(rtol, atol) of arrays of a dtype."""
        return self.pick(TOLERANCES.get(SINGLE.get(dtype, dtype) if self.same_failure else dtype, (0.0, 0.0)))

    def pick(self, table: tuple[float, float]) -> tuple[float, float]:
        """(rtol, atol) after the overrides."""
        return (table[0] if self.rtol is None else self.rtol, table[1] if self.atol is None else self.atol)


def compare(expected: o.Observation, seen: o.Observation, tolerance: Tolerance | None = None) -> list[Mismatch]:
    """Every mismatch between two observations, the gravest kinds first; an empty list where they agree."""
    found = list(_mismatches(expected, seen, (), tolerance or Tolerance()))
    return sorted(found, key=lambda mismatch: SEVERITY.index(mismatch.kind))


def differ(expected: o.Observation, seen: o.Observation, tolerance: Tolerance) -> bool:
    """Whether there is any mismatch between two observations."""
    return next(_mismatches(expected, seen, (), tolerance), None) is not None


def settled(old: o.Observation, new: o.Observation, tolerance: Tolerance) -> o.Observation:
    """The new observation, with the old one's numbers wherever those agree within the tolerance."""
    if isinstance(old, o.Mapping) and isinstance(new, o.Mapping):
        was = dict(old.items)
        items = ((key, settled(was[key], node, tolerance) if key in was else node) for key, node in new.items)
        return o.Mapping(tuple(items))
    if isinstance(old, o.Sequence) and isinstance(new, o.Sequence) and len(old.items) == len(new.items):
        pairs = zip(old.items, new.items, strict=True)
        return o.Sequence(new.kind, tuple(settled(was, node, tolerance) for was, node in pairs))
    numbers = isinstance(new, o.Array) or _is_inexact(new)
    return old if numbers and not differ(old, new, tolerance) else new


def _mismatches(expected: o.Observation, seen: o.Observation, path: Path, tolerance: Tolerance) -> Iterator[Mismatch]:
    for pair in PAIRS:
        if pair.accepts(expected, seen):
            return pair(expected, seen, path, tolerance).mismatches()
    raise AssertionError("the last pair accepts everything")


class Pair(ABC):
    """Two nodes at the same path, and how nodes of their kind are compared."""

    def __init__(self, expected: Any, seen: Any, path: Path, tolerance: Tolerance) -> None:
        self.expected, self.seen, self.path, self.tolerance = expected, seen, path, tolerance

    @staticmethod
    @abstractmethod
    def accepts(expected: o.Observation, seen: o.Observation) -> bool:
        """Whether this class knows how to compare the two."""

    @abstractmethod
    def mismatches(self) -> Iterator[Mismatch]:
        """Every mismatch below this path."""

    def mismatch(self, kind: str, apart: Apart | None = None) -> Mismatch:
        """A mismatch at this path."""
        return Mismatch(kind, self.path, self.expected, self.seen, apart)


class RaisedPair(Pair):
    """Exceptions agree when the seen one is of the expected class or derived from it; texts are free, unless the
    tolerance says otherwise."""

    @staticmethod
    def accepts(expected: o.Observation, seen: o.Observation) -> bool:
        return isinstance(expected, o.Raised) or isinstance(seen, o.Raised)

    def mismatches(self) -> Iterator[Mismatch]:
        if not self._agree():
            yield self.mismatch("raised")

    def _agree(self) -> bool:
        if not (isinstance(self.expected, o.Raised) and isinstance(self.seen, o.Raised)):
            return False
        if self.tolerance.same_failure:
            return _same_failure(self.expected, self.seen)
        return self.expected.types[0] in self.seen.types


class MappingPair(Pair):
    """Dicts agree key by key, in any order. A key that is no plain data agrees with none."""

    @staticmethod
    def accepts(expected: o.Observation, seen: o.Observation) -> bool:
        return isinstance(expected, o.Mapping) and isinstance(seen, o.Mapping)

    def mismatches(self) -> Iterator[Mismatch]:
        expected, seen = dict(self.expected.items), dict(self.seen.items)
        unknown = not self.tolerance.same_failure and any(isinstance(key, o.UnknownKey) for key in (*expected, *seen))
        if unknown or expected.keys() != seen.keys():
            yield self.mismatch("names")
        for key, value in expected.items():
            if key in seen:
                yield from _mismatches(value, seen[key], (*self.path, key), self.tolerance)


class SequencePair(Pair):
    """Lists, tuples and sets agree in kind, length and item by item."""

    @staticmethod
    def accepts(expected: o.Observation, seen: o.Observation) -> bool:
        return isinstance(expected, o.Sequence) and isinstance(seen, o.Sequence) and expected.kind == seen.kind

    def mismatches(self) -> Iterator[Mismatch]:
        if len(self.expected.items) != len(self.seen.items):
            yield self.mismatch("length")
            return
        for index, (expected, seen) in enumerate(zip(self.expected.items, self.seen.items, strict=True)):
            yield from _mismatches(expected, seen, (*self.path, index), self.tolerance)


class ArrayPair(Pair):
    """Tensors agree in shape, then dtype, then numbers within the tolerance of their dtype; NumPy's arrays and scalars
    as well, each kind with its own."""

    @staticmethod
    def accepts(expected: o.Observation, seen: o.Observation) -> bool:
        return isinstance(expected, o.Array) and isinstance(seen, o.Array) and expected.kind == seen.kind

    def mismatches(self) -> Iterator[Mismatch]:
        if self.expected.shape != self.seen.shape:
            yield self.mismatch("shape")
        elif self.expected.dtype != self.seen.dtype:
            yield self.mismatch("dtype")
        elif (self.expected.values is None) != (self.seen.values is None):
            yield self.mismatch("type")
        elif self.expected.values is not None:
            yield from self._numbers(self.expected.values, self.seen.values)

    def _numbers(self, expected: Any, seen: Any) -> Iterator[Mismatch]:
        if expected.shape != seen.shape:
            yield self.mismatch("number")
            return
        if expected.tobytes() == seen.tobytes():  # as most are, and this takes no time
            return
        rtol, atol = self.tolerance.of(self.expected.dtype)
        scale = float(np.abs(expected[1])) if self.expected.projected else 0.0
        with np.errstate(invalid="ignore", over="ignore"):
            close = np.isclose(seen, expected, rtol=rtol, atol=atol + rtol * scale, equal_nan=True)
            if not close.all():
                yield self.mismatch("number", None if self.expected.projected else _apart(expected, seen, close))


class NumberPair(Pair):
    """Python floats, and complex numbers, agree within `NUMBER_TOLERANCE`."""

    @staticmethod
    def accepts(expected: o.Observation, seen: o.Observation) -> bool:
        return _is_inexact(expected) and _is_inexact(seen) and type(expected.value) is type(seen.value)  # type: ignore[union-attr]

    def mismatches(self) -> Iterator[Mismatch]:
        rtol, atol = self.tolerance.pick(NUMBER_TOLERANCE)
        if self.seen.value != self.expected.value and not np.isclose(
            self.seen.value, self.expected.value, rtol=rtol, atol=atol, equal_nan=True
        ):
            yield self.mismatch("number")


class ScalarPair(Pair):
    """None, bools, ints, texts, bytes and ranges agree when type and value are equal."""

    @staticmethod
    def accepts(expected: o.Observation, seen: o.Observation) -> bool:
        scalars = isinstance(expected, o.Scalar) and isinstance(seen, o.Scalar)
        return scalars and type(expected.value) is type(seen.value)  # type: ignore[union-attr]

    def mismatches(self) -> Iterator[Mismatch]:
        if self.expected.value != self.seen.value:
            yield self.mismatch("value")


class TypePair(Pair):
    """Anything else: the two are of different kinds, or opaque. Nobody knows whether two opaque things are the same, so
    they never agree, except in one wrong answer and another."""

    @staticmethod
    def accepts(expected: o.Observation, seen: o.Observation) -> bool:
        return True

    def mismatches(self) -> Iterator[Mismatch]:
        alike = self.tolerance.same_failure and isinstance(self.expected, o.Opaque) and self.expected == self.seen
        if not alike:
            yield self.mismatch("type")


PAIRS: tuple[type[Pair], ...] = (RaisedPair, MappingPair, SequencePair, ArrayPair, NumberPair, ScalarPair, TypePair)


def _same_failure(one: o.Raised, other: o.Raised) -> bool:
    """Whether two exceptions tell of the same failure, be it in the words of two torch versions: one's text contains
    the other's (`mm: mat1 and mat2 shapes cannot …`), or it is of a subclass."""
    if (one.types, one.message) == (other.types, other.message):
        return True
    said, more = sorted((one.message.strip(), other.message.strip()), key=len)
    from_torch = {one.types[0], other.types[0]} <= TORCH_RAISES and len(said.split()) >= SENTENCE
    return from_torch and re.search(rf"(?<!\w){re.escape(said)}(?!\w)", more) is not None


def _is_inexact(node: o.Observation) -> bool:
    return isinstance(node, o.Scalar) and type(node.value) in (float, complex)


def _apart(expected: Any, seen: Any, close: Any) -> Apart | None:
    """How far they are apart; None for a single number, and for bools, which all differ alike."""
    if expected.ndim == 0 or expected.dtype == bool:
        return None
    distance = np.where(close, 0, np.nan_to_num(np.abs(seen - expected), nan=np.inf))
    index = np.unravel_index(int(np.argmax(distance)), distance.shape)
    return Apart(int((~close).sum()), close.size, tuple(map(int, index)))
