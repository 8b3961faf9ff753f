"""Turns live objects into observations (`observation.py`). Runs in the student's kernel, on hostile objects.

Nothing here asks an object what it is equal to, and nothing trusts a subclass's overrides: containers are read
once with the built-in type's own methods, tensors are stripped to plain `torch.Tensor` first.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from autograder import observation as o
from autograder.draws import bits, derive
from autograder.raising import attempt, attempt_text, raised, real_bases
from autograder.registered import buffers_of, parameters_of, submodules_of

__all__ = ["attempt", "attempt_text", "buffers_of", "observe", "parameters_of", "project", "raised", "submodules_of"]
PROJECTIONS = 8
_LAYOUT = torch.Tensor.layout.__get__  # type: ignore[attr-defined]  # not what a subclass says


def observe(value: Any) -> o.Observation:
    """The observation of any object: plain data and tensors in full, anything else by its type's name."""
    try:
        return _Observer().read(value, 0)
    except _TooMuch:
        return o.MONSTROUS


def project(values: torch.Tensor) -> np.ndarray[Any, Any]:
    """A large tensor in few numbers, float64: mean, mean of absolute values, least, largest, and projections on
    fixed directions, so that two tensors that differ anywhere differ here."""
    flat = values.to(torch.float64).reshape(-1).numpy()
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
            if plain.numel() > o.MAX_ELEMENTS:
                return o.Array(shape, name, project(torch.view_as_real(plain) if plain.is_complex() else plain), True)
            return o.Array(shape, name, plain.numpy().copy())
    except Exception as error:
        return raised(error)


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
    if key is None or type(key) is bool:
        return repr(key)
    kind = _kind(key)
    plain = _PLAIN_KEYS.get(kind) if kind else None
    return (repr(plain(key)) if plain else f"<{_type_name(key)}>")[: o.MAX_TEXT]


def _text(value: str) -> str:
    return str.__str__(value)[: o.MAX_TEXT].encode("utf-8", "replace").decode()


def _int(value: int) -> int | str:
    plain = int.__index__(value)
    return plain if plain.bit_length() < 1_000 else "an int of over 1,000 bits"


_PLAIN_KEYS: dict[type, Callable[[Any], Any]] = {int: _int, float: float.__float__, str: _text}
_LEAVES: dict[type, Callable[[Any], o.Observation]] = {
    int: lambda value: o.Scalar(_int(value)),
    float: lambda value: o.Scalar(float.__float__(value)),
    str: lambda value: o.Scalar(_text(value)),
    torch.Tensor: _array,
    BaseException: raised,
    **dict.fromkeys((o.Scalar, o.Sequence, o.Mapping, o.Array, o.Raised, o.Opaque), lambda value: value),
}
_KINDS = (*_LEAVES, torch.Size, list, tuple, set, frozenset, dict)


def _type_name(value: Any) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}"[: o.MAX_NAME]
