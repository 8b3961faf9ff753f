"""Observations: the plain data that crosses the wall between a student's kernel and the grader.

An observation is a tree of the small classes below. It travels as JSON (arrays as base64 of raw little-endian
bytes), never as pickle. `from_json` treats its input as hostile: strict shape, bounded depth, bounded size.

This file knows neither torch nor exercises: `observe.py` makes observations out of live objects, `compare.py`
compares two of them.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

MAX_DEPTH = 16
MAX_NODES = 4_000
MAX_TEXT = 2_000
MAX_ELEMENTS = 4_096
"""Arrays with more elements travel as `Array.projections` instead of values."""
MAX_JSON = 4_000_000
"""Characters of JSON that one observation may take."""

DTYPES = {
    "float16": "<f4", "bfloat16": "<f4", "float32": "<f4", "float64": "<f8",
    "complex64": "<c8", "complex128": "<c16", "bool": "|u1", "uint8": "<i8",
    "int8": "<i8", "int16": "<i8", "int32": "<i8", "int64": "<i8",
}  # fmt: skip
"""torch's dtype names and the layout in which each travels."""


class ObservationError(ValueError):
    """The text is not an observation: malformed, too deep or too large."""


@dataclass(frozen=True)
class Scalar:
    """None, a bool, an int, a float or a text."""

    value: bool | int | float | str | None


@dataclass(frozen=True)
class Sequence:
    """A list, tuple or set (`kind`), item by item; a set's items are sorted by their JSON."""

    kind: str
    items: tuple[Observation, ...]


@dataclass(frozen=True)
class Mapping:
    """A dict: the keys' reprs with the values' observations, in the dict's own order."""

    items: tuple[tuple[str, Observation], ...]


@dataclass(frozen=True, eq=False)
class Array:
    """A tensor: shape, torch's dtype name, and its values.

    `values` has the tensor's shape. For more than `MAX_ELEMENTS` elements it is one-dimensional and holds fixed
    projections (see `observe.project`) with `projected` set. It is None on the meta device.
    """

    shape: tuple[int, ...]
    dtype: str
    values: npt.NDArray[Any] | None
    projected: bool = False


@dataclass(frozen=True)
class Raised:
    """An exception: its class and bases (most derived first), its text, and where it came from.

    `stub` marks a `NotImplementedError` raised by the student's own code, which is what an untouched stub does.
    `line` is the student's line that led there, for the eye only.
    """

    types: tuple[str, ...]
    message: str
    stub: bool = False
    line: str = ""


@dataclass(frozen=True)
class Opaque:
    """Something that is no plain data; only its type's name is kept."""

    type: str


Observation = Scalar | Sequence | Mapping | Array | Raised | Opaque


def to_json(observation: Observation) -> str:
    """The observation as compact JSON text; `from_json` reads it back."""
    return json.dumps(_plain(observation), separators=(",", ":"), allow_nan=False)


def from_json(text: str) -> Observation:
    """Read an observation that may come from hostile code.

    Raises `ObservationError` for anything that `to_json` could not have written within the bounds.
    """
    if len(text) > MAX_JSON:
        raise ObservationError(f"observation of {len(text):,} characters, at most {MAX_JSON:,} are read")
    try:
        return _Reader().read(json.loads(text, parse_constant=_no_constant), 0)
    except ObservationError:
        raise
    except (ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError, binascii.Error) as error:
        raise ObservationError(f"malformed observation: {error}") from error


def _no_constant(name: str) -> None:
    raise ObservationError(f"bare {name} in JSON")


def _plain(node: Observation) -> Any:
    match node:
        case Scalar(float() as value):
            return ["float", repr(value)]
        case Scalar(value):
            return ["scalar", str(value), "int"] if type(value) is int else ["scalar", value]
        case Sequence(kind, items):
            return [kind, [_plain(item) for item in items]]
        case Mapping(items):
            return ["dict", [[key, _plain(value)] for key, value in items]]
        case Array(shape, dtype, values, projected):
            layout = "<f8" if projected else DTYPES[dtype]
            data = None if values is None else base64.b64encode(values.astype(layout).tobytes()).decode()
            return ["array", list(shape), dtype, data, projected]
        case Raised(types, message, stub, line):
            return ["raised", list(types), message, stub, line]
        case Opaque(name):
            return ["opaque", name]


class _Reader:
    """Reads decoded JSON into observations, counting nodes on the way."""

    def __init__(self) -> None:
        self.nodes = 0

    def read(self, plain: Any, depth: int) -> Observation:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise ObservationError("observation too deep or with too many parts")
        _require(isinstance(plain, list) and len(plain) >= 2 and isinstance(plain[0], str))
        tag, *fields = plain
        readers: dict[str, Callable[[list[Any], int], Observation]] = {
            "float": self._float, "scalar": self._scalar, "list": self._sequence("list"),
            "tuple": self._sequence("tuple"), "set": self._sequence("set"), "dict": self._mapping,
            "array": self._array, "raised": self._raised, "opaque": self._opaque,
        }  # fmt: skip
        return readers[tag](fields, depth)

    def _float(self, fields: list[Any], depth: int) -> Observation:
        (text,) = fields
        return Scalar(float(_text(text, 40)))

    def _scalar(self, fields: list[Any], depth: int) -> Observation:
        if len(fields) == 2 and fields[1] == "int":
            return Scalar(int(_text(fields[0], 400)))
        (value,) = fields
        _require(value is None or isinstance(value, bool | str))
        return Scalar(_text(value, MAX_TEXT) if isinstance(value, str) else value)

    def _sequence(self, kind: str) -> Callable[[list[Any], int], Observation]:
        def read(fields: list[Any], depth: int) -> Observation:
            (items,) = fields
            _require(isinstance(items, list))
            return Sequence(kind, tuple(self.read(item, depth + 1) for item in items))

        return read

    def _mapping(self, fields: list[Any], depth: int) -> Observation:
        (items,) = fields
        _require(isinstance(items, list))
        return Mapping(tuple((_text(key, MAX_TEXT), self.read(value, depth + 1)) for key, value in items))

    def _array(self, fields: list[Any], depth: int) -> Observation:
        shape, dtype, data, projected = fields
        _require(isinstance(shape, list) and all(type(size) is int and size >= 0 for size in shape) and len(shape) < 32)
        _require(isinstance(projected, bool))
        layout = np.dtype("<f8" if projected else DTYPES[dtype])
        if data is None:
            return Array(tuple(shape), dtype, None, projected)
        values = np.frombuffer(base64.b64decode(data, validate=True), dtype=layout)
        if not projected:
            _require(values.size == math.prod(shape) <= MAX_ELEMENTS)
            values = values.reshape(shape)
        return Array(tuple(shape), dtype, values, projected)

    def _raised(self, fields: list[Any], depth: int) -> Observation:
        types, message, stub, line = fields
        _require(isinstance(types, list) and 0 < len(types) <= 32 and isinstance(stub, bool))
        names = tuple(_text(name, 200) for name in types)
        return Raised(names, _text(message, MAX_TEXT), stub, _text(line, MAX_TEXT))

    def _opaque(self, fields: list[Any], depth: int) -> Observation:
        (name,) = fields
        return Opaque(_text(name, 200))


def _text(value: Any, limit: int) -> str:
    _require(isinstance(value, str) and len(value) <= limit)
    return str(value)


def _require(condition: bool) -> None:
    if not condition:
        raise ObservationError("malformed observation")
