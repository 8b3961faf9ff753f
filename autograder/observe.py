"""Turns live objects into observations (`observation.py`). Runs in the student's kernel, on hostile objects.

Nothing here asks an object what it is equal to, and nothing trusts a subclass's overrides: containers are read
once with the built-in type's own methods, tensors are stripped to plain `torch.Tensor` first.
"""

from __future__ import annotations

import linecache
import math
import sys
import sysconfig
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from autograder import observation as o
from autograder.draws import bits, derive
from autograder.exercise import NotAttempted

PROJECTIONS = 8
_LIBRARY_FOLDERS = tuple(
    f"{Path(path).resolve()}/" for path in [*sysconfig.get_paths().values(), str(Path(str(torch.__file__)).parent)]
)
_LAYOUT = torch.Tensor.layout.__get__  # type: ignore[attr-defined]  # not what a subclass says
_OUR_FOLDER = f"{Path(__file__).resolve().parent}/"


def observe(value: Any) -> o.Observation:
    """The observation of any object: plain data and tensors in full, anything else by its type's name."""
    try:
        return _Observer().read(value, 0)
    except _TooMuch:
        return o.Opaque("an answer of monstrous size")


def attempt(function: Callable[[], Any]) -> Any:
    """What `function()` returns, or the observation of what it raises: an exception is an observation too."""
    try:
        return function()
    except Exception as error:
        return raised(error)


def raised(error: BaseException) -> o.Raised:
    """The observation of an exception."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not _is_library(frame.filename)]
    last_is_own = bool(frames) and not _is_library(frames[-1].filename)
    line = f"line {own[-1].lineno}: {linecache.getline(own[-1].filename, own[-1].lineno or 0).strip()}" if own else ""
    names = tuple(base.__name__[:200] for base in _mro(type(error))[:30])
    stub = isinstance(error, NotAttempted) or (isinstance(error, NotImplementedError) and last_is_own)
    return o.Raised(names, attempt_text(error)[: o.MAX_TEXT], stub, line[:200])


def attempt_text(error: BaseException) -> str:
    """The exception's text, or a note where its own `__str__` fails."""
    try:
        return str(error)
    except BaseException:
        return "(its text could not be read)"


def parameters_of(module: Any) -> dict[str, Any]:
    """Qualified name → what a parameter looks like (shape, dtype, trainable), read from `_parameters` alone."""
    return {name: _facts(tensor) for name, tensor in _tensors(module, "_parameters")}


def buffers_of(module: Any) -> dict[str, Any]:
    """Qualified name → what a buffer looks like (shape, dtype), read from `_buffers` alone."""
    return {name: _facts(tensor) for name, tensor in _tensors(module, "_buffers")}


def submodules_of(module: Any) -> list[str]:
    """Qualified names of the registered submodules, without the module itself."""
    return [name for name, _ in _walk(module) if name]


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


def _facts(tensor: Any) -> Any:
    if not isinstance(tensor, torch.Tensor):
        return tensor
    with torch._C.DisableTorchFunctionSubclass():
        facts: dict[str, Any] = {
            "shape": tuple(map(int, tensor.shape)),
            "dtype": str(tensor.dtype).removeprefix("torch."),
        }
        if isinstance(tensor, nn.Parameter):
            facts["trainable"] = bool(tensor.requires_grad)
        return facts


def _walk(module: Any, prefix: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    seen: set[int] = set()
    todo = [(prefix, module)]
    while todo:
        name, owner = todo.pop()
        if id(owner) in seen or not isinstance(owner, nn.Module) or len(found) > o.MAX_NODES:
            continue
        seen.add(id(owner))
        found.append((name, owner))
        children = list(vars(owner).get("_modules", {}).items())
        todo += [(f"{name}.{child}" if name else child, value) for child, value in reversed(children)]
    return found


def _tensors(module: Any, table: str) -> list[tuple[str, Any]]:
    return [
        (f"{name}.{key}" if name else key, tensor)
        for name, owner in _walk(module)
        for key, tensor in vars(owner).get(table, {}).items()
    ]


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
    bases = _mro(type(value))
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


def _mro(kind: type) -> tuple[type, ...]:
    return type.__dict__["__mro__"].__get__(kind)  # type: ignore[no-any-return]


def _type_name(value: Any) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}"[:200]


def _is_library(filename: str) -> bool:
    """Whether a frame belongs to Python, an installed package, or us, and not to the student."""
    if filename.startswith((_OUR_FOLDER, "<frozen")):
        return True
    own_cell = "ipykernel_" in filename or filename.startswith("<")
    return not own_cell and (filename.startswith(_LIBRARY_FOLDERS) or filename in _lesson_files())


def _lesson_files() -> set[str]:
    return {str(getattr(module, "__file__", "")) for name, module in sys.modules.items() if name.startswith("lesson:")}
