"""What the criteria of several exercises look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from traceback import walk_tb
from types import FrameType
from typing import Any

import torch
from torch import nn

from autograder.criteria import (
    Codes,
    Counts,
    Draw,
    attempt,
    attempt_text,
    forbidden,
    is_a,
    own_work,
    raised,
    running,
    watch_on,
)

TABLES = ("_parameters", "_buffers", "_modules")


SYLLABLES = ("ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "wu", "za")


def names_drawn(draw: Draw, count: int) -> list[str]:
    """Names that nobody can know before, none of which lies within another."""
    drawn = draw.integers(0, len(SYLLABLES), count).tolist()
    return [f"{SYLLABLES[number]}{chr(ord('a') + index)}x" for index, number in enumerate(drawn)]


def tried(function: Callable[[], Any]) -> Any:
    """What `function()` returns, or what it raises. An error that a student's own `raise` made says nothing but its
    class, and that line: everybody words errors differently. Of an endless recursion counts which functions call
    themselves: Python's text depends on the call that was one too many."""
    try:
        return function()
    except RecursionError as error:
        watch_on()
        outcome, names = raised(error), _repeated(error)
        if names:
            return replace(outcome, message=f"endless recursion in {' and '.join(names)}")
    except Exception as error:
        outcome = raised(error)
    own = outcome.code.startswith("raise ") and not outcome.stub
    return replace(outcome, message="") if own else outcome


def _repeated(error: BaseException) -> list[str]:
    """The functions that were called again and again on the way to `error`, by name."""
    calls = Counter(frame.f_code.co_name for frame, _ in walk_tb(error.__traceback__))
    return sorted(name for name, count in calls.items() if count > 10)


def refused(function: Callable[[], Any], *names: str, what: str = "the name") -> Any:
    """How `function()` refuses: the error's class, and whether its text has all of `names`, which are called `what`."""
    try:
        function()
    except Exception as error:
        if is_a(error, RecursionError):
            watch_on()
        text = attempt_text(error)
        if is_a(error, NotImplementedError) and "meta" not in text:
            return raised(error)
        kinds = (AttributeError, KeyError, TypeError, ValueError, RecursionError, NotImplementedError, RuntimeError)
        kind = next((kind.__name__ for kind in kinds if is_a(error, kind)), type(error).__name__)
        if not names:
            return kind
        told = all(name in text for name in names)
        return f"{kind} that tells {what}" if told else f"{kind} that does not tell {what}"
    return "no error"


ONE_LEVEL = ("children", "named_children")


RECURSING = (
    "named_parameters", "parameters", "named_buffers", "buffers", "_named_members", "named_modules", "modules",
    "train", "eval", "apply", "_apply", "state_dict", "_save_to_state_dict", "load_state_dict",
)  # fmt: skip


def codes_of(*names: str) -> Codes:
    """torch's own methods of these names."""
    return Codes(*(getattr(nn.Module, name) for name in names))


_INIT = nn.Module.__init__.__code__


RECURSION, WALKS = codes_of("__init__", *RECURSING), codes_of("__init__", *ONE_LEVEL, *RECURSING)


def on(model: nn.Module) -> Counts:
    """Whether a method of torch's runs on the model, on a copy of it, or on another module that shows what is the
    model's; on one that was built inside for something else it may."""
    own, built = reach(model), list[Any]()

    def counts(frame: FrameType) -> bool:
        owner: Any = frame.f_locals.get(frame.f_code.co_varnames[0])
        if frame.f_code is _INIT:
            built.append(owner)
            return False
        if not is_a(owner, nn.Module) or "_modules" not in vars(owner):
            return True
        new = {id(module) for module in built}
        return any(id(m) not in new for m in nn.Module.modules(owner)) or not own.isdisjoint(reach(owner))

    return counts


def by_hand(model: nn.Module, function: Callable[[], Any]) -> Any:
    """What `function()` returns. Raises `TorchDidIt` where one of torch's methods walked through the model."""
    with forbidden(RECURSION, on(model)):
        return function()


def reach(model: nn.Module) -> set[int]:
    """The ids of a model's modules and their tables, and of its tensors."""
    modules = [*nn.Module.modules(model)]
    tables = [vars(module)[table] for module in modules for table in TABLES]
    return {id(thing) for thing in [*modules, *tables, *nn.Module.parameters(model), *nn.Module.buffers(model)]}


not_by_torch = own_work("torch's own traversal does the work")


def registered(owner: nn.Module, **values: Any) -> Any:
    """The module with `values` assigned to it, one after the other."""
    for name, value in values.items():
        setattr(owner, name, value)
    return owner


def weight(*shape: int) -> nn.Parameter:
    """A Parameter of that shape."""
    return nn.Parameter(torch.ones(*shape))


class TypedEmbedding(nn.Module):
    """Children that are registered under names which attribute access finds elsewhere."""

    size = 3

    def __init__(self) -> None:
        super().__init__()
        self.type = nn.Embedding(3, 2)  # type: ignore[method-assign]  # hidden by nn.Module.type
        self.size = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))  # type: ignore[assignment]  # by the class attribute
        self.head = nn.Linear(2, 1)


class Block(nn.Module):
    """A Parameter and a buffer of its own after children, one of which has both too."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        first, second, gain, count = names
        setattr(self, second, nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.BatchNorm1d(3)))
        self.register_buffer(count, torch.ones(2))
        setattr(self, first, nn.ModuleDict({"right": nn.Conv1d(1, 2, 3), "left": nn.Linear(3, 1)}))
        setattr(self, gain, weight(3))


def deep(draw: Draw) -> nn.Module:
    """A model of several levels, its names drawn: Parameters of its own that come after children, containers within
    containers, a frozen Parameter, and equal values in different Parameters."""
    model = nn.Module()
    outer, inner, late, tail, plain = names_drawn(draw, 5)
    setattr(model, plain, weight(2))
    setattr(model, outer, nn.ModuleList([Block(*names_drawn(draw, 4)), nn.ReLU(), nn.Linear(1, 2)]))
    setattr(model, inner, nn.Sequential(nn.Sequential(nn.Sequential(nn.Linear(2, 2))), nn.LayerNorm(2)))
    setattr(model, late, weight(2).requires_grad_(False))
    setattr(model, tail, nn.ParameterList([weight(2), weight(1)]))
    return model


def in_words(value: Any, known: dict[str, Any]) -> str:
    """What `known` calls this very object; its type's name where it is none of them."""
    if value is None:
        return "None"
    return next((words for words, item in known.items() if item is value), f"another {type(value).__name__}")


def through_children(model: nn.Module, function: Callable[[], Any]) -> str:
    """Whether `function` asks torch for children."""
    with running(WALKS, on(model)) as used:
        attempt(function)
    return "asked children() or named_children()" if used else "asked none of torch's methods"


class WithExtras(nn.Module):
    """State of a kind that is neither Parameter nor buffer, which torch would save as well."""

    def __init__(self, name: str) -> None:
        super().__init__()
        setattr(self, name, nn.Linear(2, 1))

    def get_extra_state(self) -> Any:
        return {"epoch": 3}

    def set_extra_state(self, state: Any) -> None:
        """Nothing to do."""


def own_tensors(model: nn.Module) -> dict[str, torch.Tensor]:
    """A model's own Parameters and persistent buffers under all their names."""
    own = nn.Module.state_dict(model, keep_vars=True)
    return {name: tensor for name, tensor in own.items() if is_a(tensor, torch.Tensor)}


def collected(collect: Any, model: nn.Module) -> dict[str, Any]:
    """What `collect` makes of the model. Raises `TypeError` unless it is a dict."""

    def read() -> dict[str, Any]:
        state = collect(model)
        if not is_a(state, dict):
            raise TypeError(f"what came back is no dict, but a {type(state).__name__}")
        return dict(dict.items(state))

    return by_hand(model, read)


def entries(collect: Any, model: nn.Module, draw: Draw) -> list[str]:
    """The names that are collected, in order, with a word where the values under a name are not the model's."""
    own = own_tensors(draw.fill(model))

    def told(name: str, value: Any) -> str:
        if not is_a(value, torch.Tensor):
            return f"{name}, and no tensor"
        with torch.no_grad():
            same = name not in own or (value.dtype == own[name].dtype and torch.equal(value, own[name]))
        return name if same else f"{name}, with other values"

    return [told(str(name), value) for name, value in collected(collect, model).items()]
