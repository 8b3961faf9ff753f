"""Turns live objects into observations (`observation.py`). Runs in the student's kernel, on hostile objects.

Nothing here asks an object what it is equal to, and nothing trusts a subclass's overrides: containers are read
once with the built-in type's own methods, tensors are stripped to plain `torch.Tensor` first.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from autograder.probing import observation as o
from autograder.probing.exceptions import raised, real_bases
from autograder.probing.seeds import bits, derive

PROJECTIONS = 8
_WORDS = re.compile(r"\S \S|^\w+Error$")
_CONDITION = re.compile(r"[ (=]")
_LAYOUT = torch.Tensor.layout.__get__  # type: ignore[attr-defined]  # not what a subclass says


def observe(value: Any) -> o.Observation:
    """The observation of any object: plain data and tensors in full, anything else by its type's name."""
    try:
        return _Observer().read(value, 0)
    except _TooMuch:
        return o.MONSTROUS


def project(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """A large array in few numbers, float64: mean, mean of absolute values, least, largest, and projections on
    fixed directions, so that two arrays that differ anywhere differ here. A complex number counts as two."""
    parts = np.stack([values.real, values.imag], axis=-1) if values.dtype.kind == "c" else values
    flat = parts.astype(np.float64).reshape(-1)
    rows = [flat.mean(), np.abs(flat).mean(), flat.min(), flat.max()]
    for row in range(PROJECTIONS):
        words = bits(derive("projection", row), flat.size)
        direction = (words >> np.uint64(40)).astype(np.float64) * 2.0**-23 - 1.0
        rows.append(float(flat @ direction) / math.sqrt(flat.size))
    return np.array(rows)


def _array(value: torch.Tensor) -> o.Observation:
    try:
        with torch._C.DisableTorchFunctionSubclass(), torch.no_grad():
            if (layout := _LAYOUT(value)) != torch.strided:
                return o.Opaque(f"tensor of layout {layout}")
            plain = torch.Tensor.as_subclass(torch.Tensor.detach(value), torch.Tensor)
            name = str(plain.dtype).removeprefix("torch.")
            shape = tuple(int(size) for size in plain.shape)
            if name not in o.DTYPES:
                return o.Opaque(f"{name} tensor")
            if plain.is_meta:
                return o.Array(shape, name, None)
            plain = plain.cpu().resolve_conj().resolve_neg()
            if name in ("bfloat16", "float16"):
                plain = plain.float()
            return _values(shape, name, plain.numpy(), o.TENSOR)
    except Exception as error:
        return raised(error)


def _ndarray(value: np.ndarray[Any, Any]) -> o.Observation:
    """A NumPy array of numbers, or of a subclass; what it holds, whatever it says."""
    try:
        plain = np.ndarray.view(value, np.ndarray)
        name = plain.dtype.name
        if name not in o.DTYPES:
            return o.Opaque(f"numpy.ndarray of dtype {plain.dtype}"[: o.MAX_NAME])
        return _values(plain.shape, name, plain, o.NDARRAY)
    except Exception as error:
        return raised(error)


def _numpy_scalar(value: np.generic) -> o.Observation:
    """A NumPy scalar that is no Python number at the same time."""
    kinds = (kind for base in real_bases(value) for kind in _NUMPY_KINDS if base is kind)
    if (name := np.dtype(next(kinds, np.void)).name) not in o.DTYPES:
        return o.Opaque(_type_name(value))
    return o.Array((), name, np.array(np.generic.item(value), o.DTYPES[name]), kind=o.NUMPY_SCALAR)


def _values(shape: tuple[int, ...], dtype: str, values: np.ndarray[Any, Any], kind: str) -> o.Array:
    if values.size > o.MAX_ELEMENTS:
        return o.Array(shape, dtype, project(values), True, kind)
    return o.Array(shape, dtype, values.copy(), kind=kind)


class _TooMuch(Exception):
    """An answer has more parts than an observation may have."""


class _Observer:
    """Observes one answer, counting its parts on the way: a list that holds itself twice has very many."""

    def __init__(self) -> None:
        self.nodes = 0

    def read(self, value: Any, depth: int) -> o.Observation:
        self.nodes += 1
        if self.nodes > o.MAX_NODES:
            raise _TooMuch
        if depth == o.MAX_DEPTH:
            return o.Opaque("something nested too deep")
        if value is None or type(value) is bool:
            return o.Scalar(value)
        return self._of_kind(_kind(value), value, depth + 1)

    def _of_kind(self, kind: type | None, value: Any, inside: int) -> o.Observation:
        if kind is None:
            return o.Opaque(_type_name(value))
        if kind in _LEAVES:
            return _LEAVES[kind](value)
        if kind is dict:
            items = list(dict.items(value))
            return o.Mapping(tuple((_key(key), self.read(item, inside)) for key, item in items))
        if kind in (set, frozenset):
            read = [self.read(item, inside) for item in set.__or__(set(), value)]
            return o.Sequence("set", tuple(sorted(read, key=o.to_json)))
        items = list(kind.__iter__(value))  # type: ignore[attr-defined]  # the built-in type's own
        return o.Sequence("tuple" if kind is tuple else "list", tuple(self.read(item, inside) for item in items))


def _kind(value: Any) -> type | None:
    """The first of `_KINDS` that the value really is: an object's `__class__` and `==` may lie, its type may not."""
    bases = real_bases(value)
    return next((kind for kind in _KINDS if any(base is kind for base in bases)), None)


def _key(key: Any) -> str:
    """A key's repr of bounded length: a `Condition` where it is more than a name, an `UnknownKey` where it, or a part
    of it, is no plain data."""
    text = _key_repr(key)
    kind = type(text) if isinstance(text, o.UnknownKey) or not _CONDITION.search(text) else o.Condition
    return kind(text[: o.MAX_TEXT])


def _key_repr(key: Any, depth: int = 0) -> str:
    if key is None or type(key) is bool:
        return repr(key)
    kind = _kind(key)
    if kind is tuple and depth < o.MAX_DEPTH:
        parts = [_key_repr(part, depth + 1) for part in tuple.__getitem__(key, slice(KEY_PARTS + 1))]
        unknown = next((part for part in parts if isinstance(part, o.UnknownKey)), None)
        if unknown is None and len(parts) > KEY_PARTS:
            unknown = o.UnknownKey("<builtins.tuple>")
        return unknown or f"({', '.join(parts)}{',' * (len(parts) == 1)})"
    if kind is np.generic and isinstance(node := _numpy_scalar(key), o.Array) and node.values is not None:
        return f"np.{node.dtype}({node.values.item()!r})"
    plain = _PLAIN.get(kind) if kind else None
    return repr(plain(key)) if plain else o.UnknownKey(f"<{_type_name(key)}>")


def _text(value: str) -> str:
    plain = str.__str__(value)
    return _cut(plain, plain.encode("utf-8", "surrogatepass")).encode("utf-8", "replace").decode()


def _scalar(value: Any) -> o.Scalar:
    """A plain value. Criteria say in plain texts what they say in words: a text is `Wording` where it has several
    words, or is an error's name."""
    return o.Wording(value) if isinstance(value, str) and _WORDS.search(value) else o.Scalar(value)


def _cut(text: str, content: bytes) -> str:
    """A text of bounded length. A long one ends in a digest of the whole `content`, so that two that differ further on
    still differ."""
    digest = f" … ({len(content):,} bytes, {hashlib.sha256(content).hexdigest()[:16]})"
    return text if len(text) <= o.MAX_TEXT else text[: o.MAX_TEXT - len(digest)] + digest


def _bytes(value: bytes) -> bytes | str:
    plain = bytes.__getitem__(value, slice(None))
    return plain if len(plain) <= o.MAX_TEXT else _cut(f"bytes {plain[: o.MAX_TEXT].hex()}", plain)


def _int(value: int) -> int | str:
    plain = int.__index__(value)
    if (bits := plain.bit_length()) < 1_000:
        return plain
    content = plain.to_bytes(bits // 8 + 1, "big", signed=True)
    return f"an int of {bits:,} bits, {hashlib.sha256(content).hexdigest()[:16]}"


def _range(value: range) -> o.Observation:
    ends = [_int(end) for end in (value.start, value.stop, value.step)]
    return o.Scalar(value) if all(type(end) is int for end in ends) else o.Opaque("a range of monstrous size")


_NUMPY_KINDS = tuple(set(np.sctypeDict.values()))
_PLAIN: dict[type, Callable[[Any], Any]] = {
    int: _int, float: float.__float__, complex: complex.__complex__, str: _text, bytes: _bytes,
}  # fmt: skip
KEY_PARTS = 32
"""Parts of a tuple that is a dict's key; a longer one counts as unknown."""
_LEAVES: dict[type, Callable[[Any], o.Observation]] = {
    **{kind: lambda value, plain=plain: _scalar(plain(value)) for kind, plain in _PLAIN.items()},  # type: ignore[misc]
    range: _range,
    torch.Tensor: _array,
    np.ndarray: _ndarray,
    np.generic: _numpy_scalar,
    BaseException: raised,
    **dict.fromkeys((o.Wording, o.Scalar, o.Sequence, o.Mapping, o.Array, o.Raised, o.Opaque), lambda value: value),
}
_KINDS = (*_LEAVES, list, tuple, set, frozenset, dict)


def _type_name(value: Any) -> str:
    """The name of its type; that of a criterion's own class without its module, which means nothing to a student."""
    kind = type(value)
    own = str(kind.__module__).startswith("lesson:")
    return (kind.__qualname__ if own else f"{kind.__module__}.{kind.__qualname__}")[: o.MAX_NAME]
