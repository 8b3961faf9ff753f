"""What a module has registered, read from torch's own tables: no override of a student's is asked."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from autograder.probing.exceptions import real_bases
from autograder.probing.observation import MAX_NODES

_ATTRIBUTES = nn.Module.__dict__["__dict__"]
_TENSOR_FACTS = [vars(torch._C.TensorBase)[name] for name in ("shape", "dtype", "requires_grad")]


def attributes_of(value: Any) -> dict[str, Any]:
    """`vars(value)`, of a module what it really has: a class may have a property of the name `__dict__`."""
    return dict(_ATTRIBUTES.__get__(value) if nn.Module in real_bases(value) else vars(value))


def parameters_of(module: Any) -> dict[str, Any]:
    """Qualified name → what a parameter looks like (shape, dtype, trainable), read from `_parameters` alone."""
    return {name: _facts(tensor) for name, tensor in _tensors(module, "_parameters")}


def buffers_of(module: Any) -> dict[str, Any]:
    """Qualified name → what a buffer looks like (shape, dtype), read from `_buffers` alone."""
    return {name: _facts(tensor) for name, tensor in _tensors(module, "_buffers")}


def submodules_of(module: Any) -> list[str]:
    """Qualified names of the registered submodules, without the module itself."""
    return [name for name, _ in _walk(module) if name]


def _facts(tensor: Any) -> Any:
    if torch.Tensor not in real_bases(tensor):
        return tensor
    with torch._C.DisableTorchFunctionSubclass():
        shape, dtype, trainable = (fact.__get__(tensor) for fact in _TENSOR_FACTS)
        facts: dict[str, Any] = {"shape": tuple(map(int, shape)), "dtype": str(dtype).removeprefix("torch.")}
        if isinstance(tensor, nn.Parameter):
            facts["trainable"] = bool(trainable)
        return facts


def _walk(module: Any, prefix: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    seen: set[int] = set()
    todo = [(prefix, module)]
    while todo:
        name, owner = todo.pop()
        if id(owner) in seen or nn.Module not in real_bases(owner) or len(found) > MAX_NODES:
            continue
        seen.add(id(owner))
        found.append((name, owner))
        children = list(attributes_of(owner).get("_modules", {}).items())
        todo += [(f"{name}.{child}" if name else child, value) for child, value in reversed(children)]
    return found


def _tensors(module: Any, table: str) -> list[tuple[str, Any]]:
    return [
        (f"{name}.{key}" if name else key, tensor)
        for name, owner in _walk(module)
        for key, tensor in attributes_of(owner).get(table, {}).items()
    ]
