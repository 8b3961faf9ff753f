"""What criteria of many exercises look at: small observations of modules, tensors and errors, shared by all lessons.

A criterion reports facts where it can (held as a parameter, as a plain tensor, not at all), so that one wrong idea
shows in one place, and shows the same however it was written down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.modules import module as everywhere

from autograder.lesson import noted
from autograder.probing.exceptions import class_name, is_own_raise, lineage, raised, real_bases
from autograder.probing.registration import attributes_of


class Halfway(RuntimeError):
    """The exception that a criterion's own model, hook or loader raises on purpose."""


def is_a(value: Any, kind: type) -> bool:
    """`isinstance` that no `__class__` property fools."""
    return kind in real_bases(value)


# A wrong type costs the criterion that looks at the type, by `type_of`. All others read the value, by `number` or
# `whole`, in whatever type it came.

KINDS = (bool, int, float, complex, str, bytes, list, tuple, set, frozenset, dict)
"""The built-in types that contracts speak of; a bool, which is an int too, comes before int."""
NUMERIC = (int, float, np.integer, np.floating, Fraction, Decimal)


def type_of(value: Any) -> str:
    """The name of a value's type: of an object of a subclass, that of the built-in type it is a subclass of."""
    if value is None:
        return "None"
    built_in = next((kind.__name__ for kind in KINDS if is_a(value, kind)), "")
    own = class_name(type(value))
    posing = own in {kind.__name__ for kind in KINDS}
    return built_in or (f"a class that is called {own}" if posing else own)


def number(value: Any) -> Any:
    """The value as a float where it is a number: an int, a float, a NumPy scalar, a tensor with one entry. Anything
    else, a bool for one, is returned as it is."""
    try:
        return float(plain) if (plain := _plain_number(value)) is not None else value
    except OverflowError:
        return value


def whole(value: Any) -> Any:
    """Like `number`, where whole numbers are asked for: as an int, exactly, where the value is one."""
    plain = _plain_number(value)
    if plain is None:
        return value
    return int(plain) if isinstance(plain, int) or plain.is_integer() else plain


def _plain_number(value: Any) -> int | float | None:
    """The value as an int or a float of Python's own; None where it is no number."""
    if is_a(value, torch.Tensor) and value.numel() == 1 and not value.is_meta:
        value = value.detach().item()
    elif is_a(value, np.ndarray) and value.size == 1:
        value = value.item()
    if is_a(value, bool) or not any(is_a(value, kind) for kind in NUMERIC):
        return None
    return int(value) if is_a(value, int) or is_a(value, np.integer) else float(value)


def built(make: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """`make(…)`. Raises `TypeError` unless it is an `nn.Module`."""
    module = make(*arguments, **options)
    if not is_a(module, nn.Module):
        raise TypeError(noted("what was built is no nn.Module: does the class derive from nn.Module?"))
    return module


def tried(function: Callable[[], Any]) -> Any:
    """What `function()` returns, or what it raises; of errors that people word themselves, by a `raise` or an `assert`
    of their own, the class and the line alone."""
    try:
        return function()
    except Exception as error:
        seen = raised(error)
        own = next((kind.__name__ for kind in (ValueError, AssertionError) if is_a(error, kind)), "")
        if not own or not is_own_raise(error):
            return seen
        return replace(seen, types=seen.types[seen.types.index(own) :], message="")


def refusal(function: Callable[[], Any]) -> Any:
    """Whether `function()` raises, and whether it is a ValueError; its text is free."""
    try:
        function()
    except NotImplementedError as error:
        return raised(error)
    except ValueError:
        return noted("a ValueError")
    except Exception:
        return noted("another error")
    return noted("no error")


TABLES = {
    "_parameters": noted("a registered parameter"), "_buffers": noted("a buffer"), "_modules": noted("a submodule"),
}  # fmt: skip
"""Where a module keeps what is registered, and what such a thing is called."""


def held_as(module: Any, name: str, *own: str) -> str:
    """How a module holds the attribute `name`: which kind of registration, or what else it is. Where it is missing,
    also whether something lies in a list or dict instead, or is registered under a name that is none of `own`."""
    for table, words in TABLES.items():
        if name in attributes_of(module).get(table, {}):
            return words if attributes_of(module)[table][name] is not None else f"{words} that is None"
    value: Any = getattr(module, name, None)
    if is_a(value, nn.Parameter):
        return noted("an nn.Parameter that is not registered")
    if is_a(value, torch.Tensor):
        return noted("a plain tensor") if value.is_leaf else noted("a tensor computed from another one")
    if is_a(value, nn.Module):
        shared = any(vars(kind).get(name) is value for kind in lineage(type(module)))
        return (
            noted("a module of the class, not of each object") if shared else noted("a module that is not registered")
        )
    if value is not None:
        return noted("neither tensor nor module")
    if any(is_a(item, torch.Tensor) or is_a(item, nn.Module) for item in held_in_containers(module)):
        return noted("missing, but something lies in a list, tuple or dict")
    others = {key for table in TABLES for key in attributes_of(module).get(table, {})} - {name, *own}
    elsewhere = noted("missing, but something is registered under another name")
    return elsewhere if others else noted("missing")


def held_in_containers(module: Any) -> list[Any]:
    """What lies in the lists, tuples and dicts among a module's plain attributes."""
    found: list[Any] = []
    for name, value in attributes_of(module).items():
        if name not in TABLES:
            found += value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return found


def hooks_on(model: nn.Module) -> dict[tuple[int, str, Any], Any]:
    """Every hook in the tables of the model, of its submodules, and of torch for all modules at once, by place."""
    owners = [*nn.Module.modules(model), everywhere]
    return {
        (id(owner), name, key): hook
        for owner in owners
        for name, table in vars(owner).items()
        if name.endswith("_hooks") and is_a(table, dict)
        for key, hook in dict.items(table)
    }
