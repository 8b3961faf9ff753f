"""What criteria of many exercises look at: small observations of modules, tensors and errors, shared by all lessons.

A criterion reports facts where it can (held as a parameter, as a plain tensor, not at all), so that one wrong idea
shows in one place, and shows the same however it was written down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from autograder.draws import Draw
from autograder.observe import parameters_of, raised


def lineage(kind: type) -> tuple[type, ...]:
    """A class and its bases, whatever the class itself says."""
    found: tuple[type, ...] = type.__dict__["__mro__"].__get__(kind)
    return found


def is_a(value: Any, kind: type) -> bool:
    """`isinstance` that no `__class__` property fools."""
    return kind in lineage(type(value))


def built(make: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """`make(…)`. Raises `TypeError` unless it is an `nn.Module`."""
    module = make(*arguments, **options)
    if not is_a(module, nn.Module):
        raise TypeError("what was built is no nn.Module: does the class derive from nn.Module?")
    return module


def tried(function: Callable[[], Any]) -> Any:
    """What `function()` returns, or what it raises; of errors that people word themselves, the class's name alone."""
    try:
        return function()
    except ValueError:
        return "ValueError"
    except AssertionError:
        return "AssertionError"
    except Exception as error:
        return raised(error)


def refusal(function: Callable[[], Any]) -> Any:
    """The name of the error class with which `function()` refuses, whatever it says; "no error" where it does not."""
    try:
        function()
    except NotImplementedError as error:
        return raised(error)
    except Exception as error:
        return "ValueError" if is_a(error, ValueError) else type(error).__name__
    return "no error"


def held_as(module: Any, name: str) -> str:
    """How a module holds the attribute `name`: which kind of registration, or what else it is."""
    tables = {"_parameters": "a registered parameter", "_buffers": "a buffer", "_modules": "a submodule"}
    for table, words in tables.items():
        if name in vars(module).get(table, {}):
            return words if vars(module)[table][name] is not None else f"{words} that is None"
    value: Any = getattr(module, name, None)
    if is_a(value, nn.Parameter):
        return "an nn.Parameter that is not registered"
    if is_a(value, torch.Tensor):
        return "a plain tensor" if value.is_leaf else "a tensor computed from another one"
    if value is not None:
        return "no tensor"
    hidden = any(is_a(item, torch.Tensor) for item in held_in_containers(module))
    return "missing, and there are tensors in a list, tuple or dict" if hidden else "missing"


def held_in_containers(module: Any) -> list[Any]:
    """What lies in the lists, tuples and dicts among a module's plain attributes."""
    found: list[Any] = []
    for name, value in vars(module).items():
        if name not in ("_parameters", "_buffers", "_modules"):
            found += value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return found


def parameter_facts(module: Any, name: str) -> Any:
    """How `name` is held; for a registered parameter also its shape, and whether it is trainable."""
    held = held_as(module, name)
    facts = parameters_of(module).get(name)
    if held != "a registered parameter" or not isinstance(facts, dict):
        return {"held as": held}
    return {"held as": held, "shape": facts["shape"], "requires_grad": facts.get("trainable", "no nn.Parameter")}


def known(module: Any, draw: Draw, tensors: dict[str, Any]) -> Any:
    """Fill the module, and give `tensors` the values that parameters of these names would get."""
    draw.fill(module)
    stand_in = nn.Module()
    for name, tensor in tensors.items():
        stand_in.register_parameter(name, nn.Parameter(torch.empty(tensor.shape)))
    draw.fill(stand_in)
    with torch.no_grad():
        for name, tensor in tensors.items():
            tensor.copy_(vars(stand_in)["_parameters"][name])
    return module


def gradients(output: Any, tensors: dict[str, Any], draw: Draw) -> dict[str, Any]:
    """What arrives at each tensor from a drawn gradient of `output`; None where nothing does."""
    arrived: dict[str, Any] = {f"gradient of {name}": None for name in tensors}
    if not is_a(output, torch.Tensor) or not output.requires_grad:
        return arrived
    reached = {name: tensor for name, tensor in tensors.items() if is_a(tensor, torch.Tensor) and tensor.requires_grad}
    factors = draw.normal(*output.shape).to(output.dtype)
    found = torch.autograd.grad(output, list(reached.values()), factors, allow_unused=True)
    return {**arrived, **{f"gradient of {name}": gradient for name, gradient in zip(reached, found, strict=True)}}


def dtype_of(value: Any) -> str | None:
    """A tensor's dtype by name; None for anything else."""
    return str(value.dtype).removeprefix("torch.") if is_a(value, torch.Tensor) else None


@contextmanager
def memory_shows() -> Iterator[None]:
    """Inside, memory that nobody has set holds NaN instead of what happened to lie there."""
    before = torch.get_deterministic_debug_mode()
    torch.set_deterministic_debug_mode("warn")
    try:
        yield
    finally:
        torch.set_deterministic_debug_mode(before)
