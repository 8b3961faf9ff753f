"""Observations: the plain data that crosses the wall between a student's kernel and the grader.

An observation is a tree of the small classes below. It travels as JSON (arrays as base64 of raw little-endian
bytes), never as pickle. `from_json` treats its input as hostile: strict shape, bounded depth, bounded size.

This file knows neither torch nor exercises: `observe.py` makes observations out of live objects, `compare.py`
compares two of them.
"""

from __future__ import annotations

import base64
import json
import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

MAX_DEPTH = 16
MAX_NODES = 4_000
MAX_TEXT = 2_000
MAX_NAME = 200
MAX_TYPES = 32
MAX_LINE_NUMBER = 1_000_000
MAX_DIMENSIONS = 65
MAX_ELEMENTS = 4_096
"""Arrays with more elements travel as `Array.projections` instead of values."""
MAX_JSON = 4_000_000
"""Characters of JSON that one observation may take."""

DTYPES = {
    "float16": "<f4", "bfloat16": "<f4", "float32": "<f4", "float64": "<f8",
    "complex64": "<c8", "complex128": "<c16", "bool": "|u1",
    "int8": "<i8", "int16": "<i8", "int32": "<i8", "int64": "<i8",
    "uint8": "<i8", "uint16": "<i8", "uint32": "<i8", "uint64": "<u8",
}  # fmt: skip
"""torch's and NumPy's dtype names and the layout in which each travels."""

TENSOR, NDARRAY, NUMPY_SCALAR = "tensor", "NumPy array", "NumPy scalar"
"""What an `Array` may be."""
_TAGS = {TENSOR: "array", NDARRAY: "ndarray", NUMPY_SCALAR: "npscalar"}
_KINDS = {tag: kind for kind, tag in _TAGS.items()}


class ObservationError(ValueError):
    """The text is not an observation: malformed, too deep or too large."""


@dataclass(frozen=True)
class Scalar:
    """None, a bool, an int, a float, a complex, a text, bytes or a range."""

    value: bool | int | float | complex | str | bytes | range | None


@dataclass(frozen=True)
class Wording(Scalar):
    """A text in words (`a plain tensor`, `ValueError`), shown as it is. Any other text is a value, shown in quotes."""

    value: str


class Condition(str):
    """A key of a `Mapping` that says under which conditions its value was observed, and names no part of anything."""

    __slots__ = ()


class UnknownKey(str):
    """What stands for a key that is no plain data: its type's name in angle brackets. It agrees with no other key."""

    __slots__ = ()


@dataclass(frozen=True)
class Sequence:
    """A list, tuple or set (`kind`), item by item; a set's items are sorted by their JSON."""

    kind: str
    items: tuple[Observation, ...]


@dataclass(frozen=True)
class Mapping:
    """A dict: the keys' reprs with the values' observations, in the dict's own order. A key may be a `Condition`, or
    an `UnknownKey`."""

    items: tuple[tuple[str, Observation], ...]


@dataclass(frozen=True, eq=False)
class Array:
    """A tensor, a NumPy array or a NumPy scalar (`kind`): shape, dtype name, and its values.

    `values` has the tensor's shape. For more than `MAX_ELEMENTS` elements it is one-dimensional and holds fixed
    projections (see `observe.project`) with `projected` set. It is None on the meta device.
    """

    shape: tuple[int, ...]
    dtype: str
    values: npt.NDArray[Any] | None
    projected: bool = False
    kind: str = TENSOR


@dataclass(frozen=True)
class Raised:
    """An exception: its class and bases (most derived first), its text, and where it came from.

    `stub` marks a `NotImplementedError` raised by the student's own code, which is what an untouched stub does.
    `line` is the number of the student's line that led there, and `code` what it says, for the eye only.
    """

    types: tuple[str, ...]
    message: str
    stub: bool = False
    line: int | None = None
    code: str = ""


@dataclass(frozen=True)
class Opaque:
    """Something that is no plain data; only its type's name is kept, so that it never equals anything in a verdict."""

    type: str


_KEYS: tuple[type[str], ...] = (str, Condition, UnknownKey)
"""What a key may be. One that is not the first is followed by its number here, after the value."""
MISSING = "MissingName"
"""The class of what is observed where a required name is not there: see `Raised`."""
SEPARATOR = "."
"""Between the observations of several criteria, each in base64, on their way out of a kernel."""
MONSTROUS = Opaque("an answer of monstrous size")
"""What stands for an answer that is too large to be observed."""

Observation = Scalar | Sequence | Mapping | Array | Raised | Opaque


def to_json(observation: Observation) -> str:
    """The observation as compact JSON text; `from_json` reads it back."""
    return json.dumps(_plain(observation), separators=(",", ":"), allow_nan=False)


def without_lines(node: Observation) -> Observation:
    """The observation without the lines of code that its exceptions came from."""
    match node:
        case Sequence(kind, items):
            return Sequence(kind, tuple(map(without_lines, items)))
        case Mapping(items):
            return Mapping(tuple((key, without_lines(value)) for key, value in items))
        case Raised():
            return replace(node, line=None, code="")
        case _:
            return node


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
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise ObservationError("malformed observation") from error


def _no_constant(name: str) -> None:
    raise ObservationError(f"bare {name} in JSON")


def _plain(node: Observation) -> Any:
    match node:
        case Wording(text):
            return ["words", text]
        case Scalar(value):
            return _plain_scalar(value)
        case Sequence(kind, items):
            return [kind, [_plain(item) for item in items]]
        case Mapping(items):
            return ["dict", [[key, _plain(value), *_mark(key)] for key, value in items]]
        case Array(shape, dtype, values, projected, kind):
            layout = "<f8" if projected else DTYPES[dtype]
            data = None if values is None else base64.b64encode(values.astype(layout).tobytes()).decode()
            return [_TAGS[kind], list(shape), dtype, data, projected]
        case Raised(types, message, stub, line, code):
            return ["raised", list(types), message, stub, line, code]
        case Opaque(name):
            return ["opaque", name]


def _mark(key: str) -> list[int]:
    """What tells a key of another kind from a plain one."""
    return [number] if (number := _KEYS.index(type(key))) else []


def _plain_scalar(value: Any) -> list[Any]:
    match value:
        case float():
            return ["float", repr(value)]
        case complex():
            return ["complex", repr(value.real), repr(value.imag)]
        case bytes():
            return ["bytes", base64.b64encode(value).decode()]
        case range():
            return ["range", str(value.start), str(value.stop), str(value.step)]
    return ["scalar", str(value), "int"] if type(value) is int else ["scalar", value]


class _Reader:
    """Reads decoded JSON into observations, counting nodes on the way."""

    def __init__(self) -> None:
        self.nodes = 0

    def read(self, plain: Any, depth: int) -> Observation:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise ObservationError("observation too deep or with too many parts")
        match plain:
            case ["list" | "tuple" | "set" as kind, list(items)]:
                return Sequence(kind, tuple(self.read(item, depth + 1) for item in items))
            case ["dict", list(items)]:
                return Mapping(tuple(self._entry(item, depth + 1) for item in items))
        return _leaf(plain)

    def _entry(self, plain: Any, depth: int) -> tuple[str, Observation]:
        match plain:
            case [key, value]:
                return _text(key, MAX_TEXT), self.read(value, depth)
            case [key, value, 1 | 2 as number] if type(number) is int:
                return _KEYS[number](_text(key, MAX_TEXT)), self.read(value, depth)
        raise ObservationError("malformed observation")


def _leaf(plain: Any) -> Observation:
    match plain:
        case ["words", text]:
            return Wording(_text(text, MAX_TEXT))
        case ["float" | "scalar" | "complex" | "bytes" | "range" as tag, *parts]:
            return Scalar(_scalar(tag, parts))
        case ["array" | "ndarray" | "npscalar" as tag, list(shape), str(dtype), None | str() as data, bool(projected)]:
            _require(tag == "array" or (data is not None and dtype != "bfloat16"))
            _require(tag != "npscalar" or not (shape or projected))
            return replace(_array(shape, dtype, data, projected), kind=_KINDS[tag])
        case ["raised", [_, *_] as types, message, bool(stub), line, code] if len(types) <= MAX_TYPES:
            names = tuple(_text(name, MAX_NAME) for name in types)
            return Raised(names, _text(message, MAX_TEXT), stub, _line(line), _text(code, MAX_TEXT))
        case ["opaque", name]:
            return Opaque(_text(name, MAX_NAME))
    raise ObservationError("malformed observation")


def _scalar(tag: str, parts: list[Any]) -> Any:
    match tag, parts:
        case "float", [str(text)]:
            return _float(text)
        case "scalar", [str(text), "int"]:
            return _int(text)
        case "scalar", [str(text)]:
            return _text(text, MAX_TEXT)
        case "scalar", [None | bool() as value]:
            return value
        case "complex", [str(real), str(imaginary)]:
            return complex(_float(real), _float(imaginary))
        case "bytes", [str(data)]:
            return base64.b64decode(_text(data, 2 * MAX_TEXT), validate=True)
        case "range", [str(start), str(stop), str(step)]:
            return range(_int(start), _int(stop), _int(step))
    raise ObservationError("malformed observation")


def _array(shape: list[Any], dtype: str, data: str | None, projected: bool) -> Array:
    _require(len(shape) < MAX_DIMENSIONS and all(type(size) is int and 0 <= size < 2**63 for size in shape))
    _require(dtype in DTYPES and not (projected and data is None))
    layout = np.dtype("<f8" if projected else DTYPES[dtype])
    if data is None:
        return Array(tuple(shape), dtype, None, projected)
    values = np.frombuffer(base64.b64decode(data, validate=True), dtype=layout)
    if projected:
        _require(values.size <= MAX_ELEMENTS)
        return Array(tuple(shape), dtype, values, projected)
    _require(values.size == math.prod(shape) <= MAX_ELEMENTS)
    _require(dtype != "bool" or not values.size or int(values.max()) <= 1)
    return Array(tuple(shape), dtype, values.reshape(shape), projected)


def _float(text: str) -> float:
    return float(_text(text, 40))


def _int(text: str) -> int:
    return int(_text(text, 400))


def _text(value: object, limit: int) -> str:
    """A text of bounded length that can be written to a file: lone surrogates become question marks."""
    if not isinstance(value, str) or len(value) > limit:
        raise ObservationError("malformed observation")
    return value.encode("utf-8", "replace").decode()


def _line(number: object) -> int | None:
    _require(number is None or (type(number) is int and 0 < number <= MAX_LINE_NUMBER))
    return number if isinstance(number, int) else None


def _require(condition: bool) -> None:
    if not condition:
        raise ObservationError("malformed observation")
