"""Lesson 3: the seven exercises, and what each of their criteria looks at.

Nothing here says what is right: right is what the lesson's solution shows under the same probe. Names are drawn, so
that no table of answers fits; objects are told apart by identity and reported in words ("the new Parameter", "the
model's `0.weight`"), so that one wrong idea shows the same however it was written down.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from itertools import islice
from pathlib import Path
from traceback import walk_tb
from types import FrameType
from typing import Any

import numpy as np
import torch
from torch import nn

from autograder.criteria import (
    Codes,
    Counts,
    Draw,
    Exercise,
    Look,
    NotAttempted,
    Raised,
    attempt,
    attempt_text,
    forbidden,
    is_a,
    own_work,
    raised,
    running,
    watch_on,
)

# ---------------------------------------------------------------------------------------------------------------------
# What several criteria look at
# ---------------------------------------------------------------------------------------------------------------------

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


# ---------------------------------------------------------------------------------------------------------------------
# where_is
# ---------------------------------------------------------------------------------------------------------------------

where_is = Exercise(
    "where_is",
    requires="where_is",
    title="Where does a name lead?",
    minutes=15,
    difficulty=2,
    hints=[
        (
            "First without dots. A module keeps three dicts, `_parameters`, `_buffers` and `_modules`. Ask each of "
            "them whether it has the name as a key."
        ),
        (
            "A key whose value is None is still a key: `name in table` says so, `table.get(name)` does not. And what "
            "no table has may still be an ordinary attribute: `hasattr` asks for that."
        ),
        (
            "For a dotted name, `split` it. Every part but the last is one step down, from a module to the submodule "
            "of that name in its `_modules`. Where there is none, or a None, the answer is there already."
        ),
    ],
)


class Furnished(nn.Module):
    """Ordinary attributes of many kinds, beside what is registered."""

    width = 7

    def __init__(self) -> None:
        super().__init__()
        self.limit = 5
        self.nothing = None
        self.plain = torch.ones(2)
        self.layers = [nn.Linear(2, 2)]
        self.__dict__["smuggled"] = nn.Linear(2, 2)
        self.inner = nn.Linear(2, 2)

    @property
    def size(self) -> int:
        """How big it is."""
        return 2

    @property
    def first(self) -> nn.Module:
        """A module, found by a property."""
        return self.inner

    @property
    def broken(self) -> int:
        """Looks for what is not there."""
        missing: Any = self.not_there
        return int(missing)

    def helper(self) -> None:
        """A method."""


class Wrapper(nn.Module):
    """Hands on what it does not have to what it wraps."""

    def __init__(self) -> None:
        super().__init__()
        self.wrapped = nn.Linear(2, 2)

    def __getattr__(self, name: str) -> Any:
        try:
            return super().__getattr__(name)
        except AttributeError:
            return getattr(super().__getattr__("wrapped"), name)


@where_is.criterion(
    "Parameters, buffers and submodules are found as what they are registered as",
    because="The table that holds a name decides whether it is trained, saved or walked through.",
)
def where_registered(where_is: Any, draw: Draw) -> Any:
    parameter, frozen, buffer, passing, module, empty = names_drawn(draw, 6)
    model = nn.Module()
    model.register_buffer(buffer, torch.zeros(2))
    model.register_buffer(passing, torch.zeros(2), persistent=False)
    registered(model, **{module: nn.Linear(2, 2), empty: nn.Sequential(), parameter: nn.Parameter(torch.zeros(2))})
    registered(model, **{frozen: weight(1).requires_grad_(False)})
    cases = {
        "a Parameter": parameter, "a frozen Parameter": frozen, "a buffer": buffer,
        "a buffer that is not persistent": passing, "a submodule": module, "an empty nn.Sequential": empty,
    }  # fmt: skip
    seen = {what: tried(lambda name=name: where_is(model, name)) for what, name in cases.items()}
    norm = nn.BatchNorm1d(3)
    for name in ("weight", "running_mean", "num_batches_tracked"):
        seen[f"nn.BatchNorm1d: {name}"] = tried(lambda name=name: where_is(norm, name))
    seen["a submodule called as a method of nn.Module"] = tried(lambda: where_is(TypedEmbedding(), "type"))
    seen["a submodule called as a class attribute"] = tried(lambda: where_is(TypedEmbedding(), "size"))
    seen["an element of an nn.ParameterList"] = tried(lambda: where_is(nn.ParameterList([weight(2)]), "0"))
    return seen


@where_is.criterion(
    "Whatever else attribute access finds is an attribute, and the rest is missing",
    because="Ordinary attributes are neither trained nor saved nor moved, however useful they are.",
)
def where_attributes(where_is: Any, draw: Draw) -> Any:
    cases = {
        "a number": "limit", "an attribute that is None": "nothing", "a plain tensor": "plain",
        "a list of modules": "layers", "a module put into __dict__": "smuggled", "a class attribute": "width",
        "a method": "helper", "a method of nn.Module": "named_parameters", "a property": "size", "training": "training",
        "a property that fails with AttributeError": "broken", "a name that only a submodule has": "weight",
    }  # fmt: skip
    seen = {what: tried(lambda name=name: where_is(Furnished(), name)) for what, name in cases.items()}
    (name,) = names_drawn(draw, 1)
    seen["no such name"] = tried(lambda: where_is(Furnished(), name))
    seen["set from outside"] = tried(lambda: where_is(registered(nn.ReLU(), **{name: 0}), name))
    seen["found by a __getattr__ of the class's own"] = tried(lambda: where_is(Wrapper(), "weight"))
    return seen


@where_is.criterion(
    "A name registered as None counts as what it is registered as",
    because="A Linear without bias has the name `bias`, and nothing behind it.",
)
def where_none(where_is: Any, draw: Draw) -> Any:
    parameter, buffer, module, emptied = names_drawn(draw, 4)
    model = nn.Module()
    model.register_parameter(parameter, None)
    model.register_buffer(buffer, None)
    model.register_module(module, None)
    registered(model, **{emptied: nn.Linear(2, 2)})
    setattr(model, emptied, None)
    cases = {
        "register_parameter(name, None)": parameter, "register_buffer(name, None)": buffer,
        "register_module(name, None)": module, "a submodule replaced by None": emptied,
    }  # fmt: skip
    seen = {what: tried(lambda name=name: where_is(model, name)) for what, name in cases.items()}
    seen["nn.Linear(2, 3, bias=False): bias"] = tried(lambda: where_is(nn.Linear(2, 3, bias=False), "bias"))
    norm = nn.BatchNorm1d(3, affine=False, track_running_stats=False)
    for name in ("weight", "running_var"):
        seen[f"BatchNorm without weights and statistics: {name}"] = tried(lambda name=name: where_is(norm, name))
    return seen


@where_is.criterion(
    "A dotted name leads through submodules, at any depth",
    points=2,
    because="Qualified names are how a state_dict, an optimizer's groups and error messages speak of tensors.",
)
def where_dotted(where_is: Any, draw: Draw) -> Any:
    block, again, tied, empty, top = names_drawn(draw, 5)
    inner = nn.Sequential(nn.Linear(2, 3, bias=False), nn.BatchNorm1d(3), nn.ModuleDict({block: Furnished()}))
    model = registered(nn.Module(), **{block: inner, again: inner, tied: nn.Linear(2, 3), empty: nn.Sequential()})
    registered(model, **{top: weight(1)})
    getattr(model, tied).weight = inner[0].weight
    cases = {
        "a Parameter": f"{block}.0.weight", "a bias that is None": f"{block}.0.bias", "a module": f"{block}.2",
        "a buffer": f"{block}.1.running_var", "an attribute": f"{block}.1.eps", "a method": f"{block}.1.forward",
        "three levels down": f"{block}.2.{block}.inner.weight", "a module there": f"{block}.2.{block}.inner",
        "an attribute there": f"{block}.2.{block}.inner.training",
        "a class attribute there": f"{block}.2.{block}.width",
        "the second name of a shared module": f"{again}.1.weight", "a tied Parameter's second name": f"{tied}.weight",
        "an attribute of an empty nn.Sequential": f"{empty}.training",
        "missing in the last module": f"{block}.1.nothing", "only the last module has it": "running_var",
        "only the model itself has it": f"{block}.{top}",
    }  # fmt: skip
    return {what: tried(lambda name=name: where_is(model, name)) for what, name in cases.items()}


@where_is.criterion(
    "A path that leaves the registered submodules is missing",
    because="What hangs on an ordinary attribute is out of torch's sight, though Python finds it.",
)
def where_off_the_path(where_is: Any, draw: Draw) -> Any:
    (name,) = names_drawn(draw, 1)
    model = registered(nn.Module(), home=Furnished())
    model.register_module("off", None)
    cases = {
        "through a Parameter": "home.inner.weight.data", "through a number": "home.limit.real",
        "through a method": "home.helper.__name__", "through a list of modules": "home.layers.0.weight",
        "through a module that is not registered": "home.smuggled.weight",
        "the same, to a module": "home.smuggled.training", "through a property": "home.first.weight",
        "through a submodule that is None": "off.weight", "to what None has itself": "off.__class__",
        "the first part is missing": f"{name}.weight", "a part in between is missing": f"home.{name}.inner.weight",
        "two parts left out": "inner.weight", "two dots, nothing between": "home..inner.weight",
        "a dot in front": ".home.inner.weight", "a dot at the end": "home.inner.weight.",
    }  # fmt: skip
    return {what: tried(lambda path=path: where_is(model, path)) for what, path in cases.items()}


# ---------------------------------------------------------------------------------------------------------------------
# mini_module
# ---------------------------------------------------------------------------------------------------------------------

mini_module = Exercise(
    "mini_module",
    requires="MiniModule",
    title="nn.Module's bookkeeping, from nothing",
    minutes=60,
    difficulty=5,
    hints=[
        (
            "Python calls `__setattr__` for every assignment, and `__getattr__` only for a name that was not found in "
            "the usual way. So what you keep out of `__dict__`, `__getattr__` has to find, and `__delattr__` to delete."
        ),
        (
            "Inside `__setattr__`, and in `__init__` before the dicts exist, go round your own method: "
            "`object.__setattr__(self, name, value)`. And look into `self.__dict__`, not at `self._parameters`, where "
            "the dict may be missing: otherwise `__getattr__` calls itself for ever."
        ),
        (
            "Ask in this order. A Parameter? A module? Is the name registered as either of them? Is it a buffer's? "
            "Only what gets through all four is an ordinary attribute."
        ),
        (
            "When a Parameter or a module takes a name, the name leaves every other place first: the two other dicts, "
            "and `__dict__`, where an ordinary attribute would hide it for ever."
        ),
    ],
)


def places(net: Any, name: str, known: dict[str, Any]) -> str:
    """Everywhere that an object keeps something under `name`, and what, in the words of `known`."""
    found = []
    for place in (*TABLES, "__dict__"):
        table = vars(net) if place == "__dict__" else getattr(net, place)
        if not is_a(table, dict):
            raise TypeError(f"{place} is no dict, but a {type(table).__name__}")
        if name in table:
            found.append(f"{place}: {in_words(table[name], known)}")
    return " and ".join(found) or "nowhere"


def in_words(value: Any, known: dict[str, Any]) -> str:
    """What `known` calls this very object; its type's name where it is none of them."""
    if value is None:
        return "None"
    return next((words for words, item in known.items() if item is value), f"another {type(value).__name__}")


READING = codes_of("__getattr__")
BOOKKEEPING = codes_of(
    "__init__", "__setattr__", "__getattr__", "__delattr__", "register_buffer", "register_parameter", "add_module",
    "__setstate__",
)  # fmt: skip
TORCH = str(Path(torch.__file__).parent)


def for_the_student(frame: FrameType) -> bool:
    """Whether one of `nn.Module`'s methods runs on anything but the layers of the criteria below, or is called by
    anybody but them. Only reading is free: people look at what they are given."""
    if type(frame.f_locals.get(frame.f_code.co_varnames[0])) not in (nn.Linear, nn.ReLU, nn.ModuleList):
        return True
    caller = frame.f_back
    while caller is not None and caller.f_code.co_filename.startswith(TORCH):
        caller = caller.f_back
    ours = caller is not None and caller.f_code.co_filename == __file__
    return not ours and not READING.name(frame.f_code)


def own_class(look: Look) -> Look:
    """Where nn.Module does the bookkeeping, a criterion sees only that."""

    @wraps(look)
    def guarded(MiniModule: Any, draw: Draw) -> Any:
        with forbidden(BOOKKEEPING, for_the_student):
            return look(MiniModule, draw)

    return own_work("nn.Module does the bookkeeping")(guarded)


def fresh(MiniModule: Any) -> Any:
    """An object of a class derived from MiniModule, as people would write one."""

    class Net(MiniModule):
        version = 2

        def __init__(self) -> None:
            super().__init__()

        def forward(self) -> None:
            """A method, whose name is taken."""

        @property
        def double(self) -> Any:
            """A property."""
            return 2

    return Net()


def newcomers(MiniModule: Any) -> dict[str, Any]:
    """What claims a name when it is assigned."""
    return {"a Parameter": weight(2), "an nn.Module": nn.Linear(2, 2), "a MiniModule": MiniModule()}


Settle = Callable[[Any, str], None]


def incumbents(MiniModule: Any) -> dict[str, Settle]:
    """All kinds of things that a name may lead to, and how they come there."""

    def emptied(value: Any) -> Settle:
        def settle(net: Any, name: str) -> None:
            setattr(net, name, value())
            setattr(net, name, None)

        return settle

    return {
        "a Parameter": lambda net, name: setattr(net, name, weight(3)),
        "an nn.Module": lambda net, name: setattr(net, name, nn.ReLU()),
        "a MiniModule": lambda net, name: setattr(net, name, MiniModule()),
        "a buffer": lambda net, name: net.register_buffer(name, torch.zeros(2)),
        "a number": lambda net, name: setattr(net, name, 5),
        "a plain tensor": lambda net, name: setattr(net, name, torch.zeros(2)),
        "an attribute that is None": lambda net, name: setattr(net, name, None),
        "a Parameter replaced by None": emptied(lambda: weight(3)),
        "an nn.Module replaced by None": emptied(nn.ReLU),
        "a buffer of None": lambda net, name: net.register_buffer(name, None),
    }


@mini_module.criterion(
    "MiniModule() and super().__init__() set up three empty dicts, and training = True",
    because="Everything else relies on these dicts, and each object needs its own.",
)
@own_class
def mini_setup(MiniModule: Any, draw: Draw) -> Any:
    (name,) = names_drawn(draw, 1)
    seen = {}
    for what, make in {"MiniModule()": MiniModule, "a subclass": lambda: fresh(MiniModule)}.items():
        seen[what] = tried(lambda make=make: _set_up(make()))
    seen["after two objects got a Parameter each"] = tried(lambda: _two_objects(MiniModule, name))
    seen["training = False is an ordinary assignment"] = tried(
        lambda: registered(fresh(MiniModule), training=False).training
    )
    return seen


def _set_up(net: Any) -> Any:
    tables = {place: getattr(net, place) for place in TABLES}
    kept = {place: sorted(table) if is_a(table, dict) else "no dict" for place, table in tables.items()}
    return {
        **kept,
        "training": net.training,
        "three different dicts": len({id(table) for table in tables.values()}) == 3,
    }


def _two_objects(MiniModule: Any, name: str) -> Any:
    first, second = fresh(MiniModule), fresh(MiniModule)
    setattr(first, name, weight(2))
    setattr(second, name + "2", weight(2))
    return {"the first": sorted(first._parameters), "the second": sorted(second._parameters)}


@mini_module.criterion(
    "A Parameter goes to `_parameters`, a module to `_modules`, and anything else is an ordinary attribute",
    because="What lies in `__dict__` hides what is registered, and whoever walks through the dicts doesn't find it.",
)
@own_class
def mini_assignment(MiniModule: Any, draw: Draw) -> Any:
    (name,) = names_drawn(draw, 1)
    values = {
        "a Parameter": weight(2), "a frozen Parameter": weight(2).requires_grad_(False),
        "an nn.Linear": nn.Linear(2, 2), "an nn.ModuleList": nn.ModuleList(),
        "a MiniModule": MiniModule(), "an object of a subclass": fresh(MiniModule),
        "a plain tensor": torch.zeros(2), "a tensor with requires_grad": torch.zeros(2, requires_grad=True),
        "a number": 5, "a list with a Parameter": [weight(2)], "a dict with a module": {"a": nn.ReLU()},
        "the class nn.Linear": nn.Linear,
    }  # fmt: skip
    seen = {}
    for what, value in values.items():
        seen[what] = tried(lambda value=value: _assigned(fresh(MiniModule), name, {"it": value}))
    seen["None, under a new name"] = tried(lambda: _assigned(fresh(MiniModule), name, {"None": None}))
    seen["a number over a number"] = tried(
        lambda: _assigned(registered(fresh(MiniModule), **{name: 4}), name, {"it": 5})
    )
    seen["a number over a class attribute"] = tried(lambda: _assigned(fresh(MiniModule), "version", {"it": 5}))
    seen["a number where the class has a property with a setter"] = tried(lambda: _through_setter(MiniModule))
    return seen


def _assigned(net: Any, name: str, known: dict[str, Any]) -> Any:
    (value,) = known.values()
    setattr(net, name, value)
    return places(net, name, known)


def _through_setter(MiniModule: Any) -> Any:
    class Limited(MiniModule):
        @property
        def limit(self) -> Any:
            return self.stored

        @limit.setter
        def limit(self, value: Any) -> None:
            self.stored = value + 1

    net = Limited()
    net.limit = 4
    return net.limit


@mini_module.criterion(
    "A Parameter or a module replaces whatever had the name, and stands in one place only",
    points=2,
    because="A name that leads to two things is trained as one of them and used as the other.",
)
@own_class
def mini_replacement(MiniModule: Any, draw: Draw) -> Any:
    (name,) = names_drawn(draw, 1)
    seen = {}
    for before, settle in incumbents(MiniModule).items():
        for kind, newcomer in newcomers(MiniModule).items():
            if kind != "a MiniModule" or "None" not in before:
                seen[f"{before}, then {kind}"] = tried(
                    lambda settle=settle, newcomer=newcomer: _replaced(fresh(MiniModule), name, settle, newcomer)
                )
    return seen


def _replaced(net: Any, name: str, settle: Settle, newcomer: Any) -> Any:
    settle(net, name)
    return _assigned(net, name, {"the new one": newcomer})


@mini_module.criterion(
    "Over a registered name, None keeps the name; any other value must fit, or it is a TypeError",
    because="Whoever walks through a dict relies on what kind of thing its names lead to.",
)
@own_class
def mini_guarded_names(MiniModule: Any, draw: Draw) -> Any:
    (name,) = names_drawn(draw, 1)
    settled = incumbents(MiniModule)
    tensor = torch.zeros(2)
    values = {"None": None, "a tensor": tensor, "a number": 5}
    seen = {}
    for before in settled:
        if before not in ("a number", "a plain tensor", "an attribute that is None"):
            for what, value in values.items():
                named = "buffer" not in before
                seen[f"{before}, then {what}"] = tried(
                    lambda s=settled[before], w=what, v=value, n=named: _offered(fresh(MiniModule), name, s, {w: v}, n)
                )
    function, module = {"a function": torch.relu}, settled["an nn.Module"]
    seen["an nn.Module, then a function"] = tried(lambda: _offered(fresh(MiniModule), name, module, function, True))
    return seen


def _offered(net: Any, name: str, settle: Settle, offer: dict[str, Any], named: bool) -> Any:
    settle(net, name)
    known = {"what it was": getattr(net, name), **offer}
    (value,) = offer.values()
    return refusal_and_after(lambda: setattr(net, name, value), net, name, known, named)


def refusal_and_after(
    function: Callable[[], Any], net: Any, name: str, known: dict[str, Any], named: bool = False
) -> Any:
    """How `function()` refuses, and where the name is afterwards."""
    refusal = refused(function, *([name] if named else []))
    return f"{refusal}; then {places(net, name, known)}" if isinstance(refusal, str) else refusal


@mini_module.criterion(
    "Before `__init__` ran, a Parameter or a module is an AttributeError that says so",
    because="The forgotten `super().__init__()` is the commonest mistake of all, and the error should say so plainly.",
)
@own_class
def mini_before_init(MiniModule: Any, draw: Draw) -> Any:
    (name,) = names_drawn(draw, 1)

    class Early(MiniModule):
        def __init__(self, early: Callable[[Any], Any]) -> None:
            early(self)
            super().__init__()

    def assign(value: Any) -> Callable[[Any], Any]:
        return lambda net: setattr(net, name, value)

    values = {"a Parameter": weight(2), "an nn.Module": nn.Linear(2, 2), "a MiniModule": MiniModule()}
    seen = {
        what: refused(lambda value=value: Early(assign(value)), "init", what="of init")
        for what, value in values.items()
    }
    number = {"it": 5}
    seen["an ordinary attribute"] = tried(lambda: places(Early(assign(5)), name, number))
    seen["then, after super().__init__(), a Parameter"] = tried(
        lambda: _assigned(Early(assign(5)), name + "2", {"it": weight(2)})
    )
    seen["an ordinary attribute is read again"] = tried(lambda: Early(lambda net: _kept(net, name)).training)
    seen["reading a name that is not there"] = refused(lambda: Early(lambda net: getattr(net, name)))
    return seen


def _kept(net: Any, name: str) -> None:
    setattr(net, name, 5)
    if getattr(net, name) != 5:
        raise ValueError("the value read is not the value assigned")


@mini_module.criterion(
    "`register_buffer` puts a tensor or None into `_buffers`, and refuses names that are taken or no names",
    because="What lies in `_buffers` is saved and moved as a tensor, and read and loaded by its name.",
)
@own_class
def mini_buffers(MiniModule: Any, draw: Draw) -> Any:
    (name,) = names_drawn(draw, 1)
    tensor = torch.ones(2)
    seen = {
        what: tried(lambda value=value: _buffered(fresh(MiniModule), name, value))
        for what, value in {"a tensor": tensor, "None": None}.items()
    }
    taken: dict[str, Settle] = {**incumbents(MiniModule)}
    for before, settle in taken.items():
        seen[f"over {before}"] = tried(lambda settle=settle: _registered(fresh(MiniModule), name, settle, tensor))
    others = {"a method": "forward", "a class attribute": "version", "a property": "double", "training": "training"}
    for what, other in others.items():
        seen[f"over {what}"] = refused(lambda other=other: fresh(MiniModule).register_buffer(other, tensor))
    for what, wrong in {"'a.b'": "a.b", "''": "", "5": 5, "None": None}.items():
        seen[f"{what} as the name"] = refused(lambda wrong=wrong: fresh(MiniModule).register_buffer(wrong, tensor))
    for what, value in {"a number": 5, "a list": [1.0]}.items():
        seen[f"{what} as the buffer"] = refused(lambda value=value: fresh(MiniModule).register_buffer(name, value))
    return seen


def _buffered(net: Any, name: str, value: Any) -> Any:
    net.register_buffer(name, value)
    return places(net, name, {"it": value})


def _registered(net: Any, name: str, settle: Settle, tensor: torch.Tensor) -> Any:
    settle(net, name)
    known = {"what it was": getattr(net, name), "the new tensor": tensor}
    return refusal_and_after(lambda: net.register_buffer(name, tensor), net, name, known)


@mini_module.criterion(
    "Reading finds all three kinds, `del` takes all kinds away, and a missing name is an AttributeError",
    because="Whoever uses the object need not know in which dict a name lies.",
)
@own_class
def mini_reading(MiniModule: Any, draw: Draw) -> Any:
    (name,) = names_drawn(draw, 1)
    seen = {}
    for what, settle in incumbents(MiniModule).items():
        seen[f"{what}: read, then deleted"] = tried(lambda settle=settle: _read(fresh(MiniModule), name, settle))
    seen["a missing name"] = refused(lambda: getattr(fresh(MiniModule), name), name, "Net", what="class and name")
    seen["a missing name of a MiniModule()"] = refused(
        lambda: getattr(MiniModule(), name), name, "MiniModule", what="class and name"
    )
    seen["getattr with a default"] = tried(lambda: getattr(fresh(MiniModule), name, "the default"))
    seen["a Parameter of a module in a module"] = tried(lambda: _inner(MiniModule, name))
    seen["a property that reads a Parameter"] = tried(lambda: _through_property(MiniModule, draw))
    return seen


def _read(net: Any, name: str, settle: Settle) -> Any:
    settle(net, name)
    value = getattr(net, name)
    found = places(net, name, {"what was read": value})
    delattr(net, name)
    afterwards = f"{places(net, name, {})}, {'there' if hasattr(net, name) else 'missing'}"
    setattr(net, name, 5)
    return f"{found}; after del {afterwards}; then {places(net, name, {})}"


def _inner(MiniModule: Any, name: str) -> Any:
    outer, inner, parameter = fresh(MiniModule), fresh(MiniModule), weight(2)
    setattr(outer, name, inner)
    setattr(inner, name, parameter)
    return in_words(getattr(getattr(outer, name), name), {"the Parameter": parameter})


def _through_property(MiniModule: Any, draw: Draw) -> Any:
    class Sized(MiniModule):
        def __init__(self, size: int) -> None:
            super().__init__()
            self.gain = weight(size)
            self.register_buffer("mean", torch.zeros(size))

        @property
        def size(self) -> int:
            return len(self.gain) + len(self.mean)

    return Sized(draw.integer(3, 9)).size


# ---------------------------------------------------------------------------------------------------------------------
# iter_named_parameters
# ---------------------------------------------------------------------------------------------------------------------

iter_named_parameters = Exercise(
    "iter_named_parameters",
    requires="iter_named_parameters",
    title="named_parameters(), by hand",
    minutes=25,
    difficulty=3,
    hints=[
        (
            "Start with one module: yield the names and values of its `_parameters`. Then let the function call itself "
            "for each child in `_modules`, with a longer prefix."
        ),
        (
            "A dot stands between two names, never in front. So the name of the module so far and the dot belong "
            "together, and where there is no name yet there is no dot."
        ),
        (
            "What was seen must be remembered over the whole walk: one `set` for all levels, made anew for each call "
            "from outside. A nested helper function can share it."
        ),
        (
            "`parameter in some_list` compares tensors number by number. A `set` compares Parameters by identity, and "
            "that is what 'the same Parameter' means."
        ),
    ],
)


def yielded(iterate: Any, model: nn.Module, *arguments: Any, **options: Any) -> Any:
    """The names that come, in order, each with the Parameter that it comes with where that is another one's."""
    prefix = arguments[0] if arguments else options.get("prefix", "")
    own = [*nn.Module.named_parameters(model, remove_duplicate=False)]
    labels = {id(parameter): name for name, parameter in reversed(own)}
    names = {f"{prefix}.{name}" if prefix else name: parameter for name, parameter in own}

    def told(item: Any) -> str:
        if not isinstance(item, tuple | list) or len(item) != 2:
            return f"no pair of a name and a Parameter, but a {type(item).__name__}"
        name, parameter = item
        if not isinstance(name, str):
            return f"a pair that begins with a {type(name).__name__}, and no name"
        if id(parameter) not in labels:
            return f"{name}, and with it {'None' if parameter is None else 'no Parameter of this model'}"
        fits = names.get(name, parameter) is parameter
        return str(name) if fits else f"{name}, and with it {labels[id(parameter)]}"

    return by_hand(model, lambda: [told(item) for item in islice(iterate(model, *arguments, **options), 500)])


@iter_named_parameters.criterion(
    "Names and order are those of named_parameters(): own Parameters first, then child by child, depth first",
    points=2,
    because="An optimizer's state and many a saved list of weights go by this order.",
)
@not_by_torch
def iter_order(iterate: Any, draw: Draw) -> Any:
    child, own = names_drawn(draw, 2)
    late = registered(nn.Module(), **{child: nn.Linear(2, 2), own: weight(1)})
    models = {
        "one nn.Linear": nn.Linear(2, 3), "a Parameter assigned after a child": late, "several levels": deep(draw),
        "nothing to yield": nn.Sequential(nn.ReLU(), nn.Sequential()), "buffers beside": nn.BatchNorm1d(2),
    }  # fmt: skip
    return {what: tried(lambda model=model: yielded(iterate, model)) for what, model in models.items()}


@iter_named_parameters.criterion(
    "A shared Parameter or a shared module comes once, under its first name",
    because="An optimizer would step twice what comes twice, and never what is missing.",
)
@not_by_torch
def iter_shared(iterate: Any, draw: Draw) -> Any:
    first, second, third = names_drawn(draw, 3)
    inner = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    tied = registered(nn.Module(), **{first: nn.Linear(2, 2), second: nn.Linear(2, 2, bias=False)})
    getattr(tied, second).weight = getattr(tied, first).weight
    own = registered(nn.Module(), **{first: weight(2)})
    registered(own, **{second: getattr(own, first), third: nn.ParameterList([getattr(own, first), weight(2)])})
    equal = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    equal.load_state_dict({name: torch.zeros_like(tensor) for name, tensor in equal.state_dict().items()})
    same_memory = registered(nn.Module(), **{first: weight(2)})
    setattr(same_memory, second, nn.Parameter(getattr(same_memory, first).detach()))
    models = {
        "one Parameter in two layers": tied, "one Parameter under two names of the model itself": own,
        "one module under two names": registered(nn.Module(), **{first: inner, second: inner}),
        "a module at the top that came deeper before": registered(
            nn.Module(), **{first: nn.Sequential(nn.ReLU(), inner), second: inner[1], third: inner[0]}
        ),
        "two Parameters of equal values": equal, "two Parameters on the same memory": same_memory,
    }  # fmt: skip
    seen = {what: tried(lambda model=model: yielded(iterate, model)) for what, model in models.items()}
    seen["the same model a second time"] = tried(lambda: yielded(iterate, tied))
    return seen


@iter_named_parameters.criterion(
    "Parameters and children registered as None are skipped",
    because="A Linear without bias still has the name `bias`, and a block that was switched off keeps its name too.",
)
@not_by_torch
def iter_none(iterate: Any, draw: Draw) -> Any:
    off, on, parameter = names_drawn(draw, 3)
    model = nn.Module()
    model.register_parameter(parameter, None)
    model.register_module(off, None)
    registered(
        model, **{on: nn.Sequential(nn.Linear(2, 2, bias=False), nn.BatchNorm1d(2, affine=False), nn.Linear(2, 1))}
    )
    empty = registered(nn.Sequential(), **{parameter: weight(2)})
    models = {
        "nn.Linear(2, 3, bias=False)": nn.Linear(2, 3, bias=False), "a child and a Parameter that are None": model,
        "a child replaced by None": registered(nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2)), **{"0": None}),
        "a child of length 0 with a Parameter, no None": registered(nn.Module(), **{on: empty}),
        "a Parameter of 0 numbers, no None": registered(nn.Module(), **{on: weight(0), parameter: weight(1)}),
    }  # fmt: skip
    return {what: tried(lambda model=model: yielded(iterate, model)) for what, model in models.items()}


@iter_named_parameters.criterion(
    "A prefix goes before every name, with a dot between",
    because="That is how a model's parts are named when it becomes a part itself.",
)
@not_by_torch
def iter_prefix(iterate: Any, draw: Draw) -> Any:
    prefix, other, child = names_drawn(draw, 3)
    model = registered(nn.Module(), **{child: nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 1)))})
    registered(model, **{other: weight(2)})
    return {
        'prefix="…"': tried(lambda: yielded(iterate, model, prefix=prefix)),
        "as the second argument": tried(lambda: yielded(iterate, model, prefix)),
        "a prefix with a dot in it": tried(lambda: yielded(iterate, model, prefix=f"{prefix}.0")),
        'prefix=""': tried(lambda: yielded(iterate, model, prefix="")),
        "one nn.Linear": tried(lambda: yielded(iterate, nn.Linear(2, 2), prefix=prefix)),
        "together with recurse=False": tried(lambda: yielded(iterate, model, prefix=prefix, recurse=False)),
    }


@iter_named_parameters.criterion(
    "With recurse=False only the module's own Parameters come",
    because="So people treat each module by itself: with its own Parameters, and with nobody else's.",
)
@not_by_torch
def iter_recurse(iterate: Any, draw: Draw) -> Any:
    first, second, child = names_drawn(draw, 3)
    model = registered(nn.Module(), **{child: nn.Linear(2, 2), first: weight(2)})
    registered(model, **{second: getattr(model, first)})
    model.register_parameter("nothing", None)
    return {
        "recurse=False": tried(lambda: yielded(iterate, model, recurse=False)),
        "as the third argument": tried(lambda: yielded(iterate, model, "", False)),
        "recurse=True": tried(lambda: yielded(iterate, model, recurse=True)),
        "nn.Sequential has none of its own": tried(lambda: yielded(iterate, nn.Sequential(model), recurse=False)),
        "one nn.Linear": tried(lambda: yielded(iterate, nn.Linear(2, 2), recurse=False)),
    }


def through_children(model: nn.Module, function: Callable[[], Any]) -> str:
    """Whether `function` asks torch for children."""
    with running(WALKS, on(model)) as used:
        attempt(function)
    return "asked children() or named_children()" if used else "asked none of torch's methods"


@iter_named_parameters.criterion(
    "It reads `_parameters` and `_modules`, and nothing else",
    because="Attribute access may find something else under a name, a method or a class attribute.",
)
@not_by_torch
def iter_tables_only(iterate: Any, draw: Draw) -> Any:
    model, hiding = deep(draw), TypedEmbedding()
    return {
        "the way through the model": through_children(model, lambda: [*islice(iterate(model), 500)]),
        "children called as a method and as a class attribute": tried(lambda: yielded(iterate, hiding)),
    }


# ---------------------------------------------------------------------------------------------------------------------
# set_mode
# ---------------------------------------------------------------------------------------------------------------------

set_mode = Exercise(
    "set_mode",
    requires="set_mode",
    title="train() and eval(), by hand",
    minutes=15,
    difficulty=2,
    hints=[
        (
            "For one module it is one assignment. For its children it is the same thing again: which function does "
            "'the same thing again', for a child and everything below it?"
        ),
        (
            "`children()` gives the direct children and leaves out those that are None. If you take "
            "`_modules.values()` instead, you have to leave them out yourself."
        ),
        (
            "In Python 1 == True. So `training in (True, False)` lets 1 through: ask for the type, "
            "and ask before you change anything."
        ),
    ],
)


def modes(model: nn.Module) -> dict[str, Any]:
    """The mode of every module of a model, by name."""
    return {name or "the model itself": module.training for name, module in nn.Module.named_modules(model)}


def mixed(model: nn.Module, draw: Draw) -> Any:
    """The model, each of its modules in a drawn mode."""
    for module in nn.Module.modules(model):
        module.training = bool(draw.integer(0, 2))
    return model


def modes_after(set_mode: Any, model: nn.Module, *arguments: Any, **options: Any) -> Any:
    """The modes that `set_mode` leaves behind, or what it raises."""

    def look() -> Any:
        by_hand(model, lambda: set_mode(model, *arguments, **options))
        return modes(model)

    return tried(look)


@set_mode.criterion(
    "`training` is set on the module and on all its descendants, at any depth",
    points=2,
    because="One BatchNorm three levels down, left in training mode, makes every prediction depend on its batch.",
)
@not_by_torch
def mode_depth(set_mode: Any, draw: Draw) -> Any:
    seen = {}
    for wanted in (False, True):
        chain: nn.Module = nn.Dropout()
        for name in names_drawn(draw, 6):
            chain = registered(nn.Module(), **{name: chain})
        models = {
            "a layer alone": nn.Dropout().train(not wanted), "several levels": deep(draw).train(not wanted),
            "several levels, mixed before": mixed(deep(draw), draw), "a chain of seven": chain.train(not wanted),
            "only the model itself is that way already": _but_the_root(deep(draw), wanted),
        }  # fmt: skip
        for what, model in models.items():
            seen[f"{what}, then {wanted}"] = modes_after(set_mode, model, wanted)
    seen["called with names"] = modes_after(lambda model: set_mode(module=model, training=False), deep(draw))
    model = deep(draw)
    for wanted in (False, True, False):
        seen[f"the same model again and again, now {wanted}"] = modes_after(set_mode, model, wanted)
    return seen


def _but_the_root(model: nn.Module, wanted: bool) -> nn.Module:
    model.train(not wanted)
    model.training = wanted
    return model


@set_mode.criterion(
    "Shared modules, containers and children that are None do no harm; what is not registered stays as it is",
    because="Descendants are what `_modules` holds, and it may hold the same module twice, or None.",
)
@not_by_torch
def mode_children(set_mode: Any, draw: Draw) -> Any:
    first, second, third = names_drawn(draw, 3)
    inner = nn.Sequential(nn.Dropout(), nn.BatchNorm1d(2))
    off = registered(nn.Module(), **{first: nn.Dropout(), third: nn.Dropout()})
    off.register_module(second, None)
    gone = registered(nn.Sequential(nn.Dropout(), nn.Sequential(nn.Dropout(), nn.Dropout())), **{"0": None})
    unregistered = registered(nn.Module(), **{first: [nn.Dropout()], second: nn.Dropout()})
    models = {
        "a shared module": registered(nn.Module(), **{first: inner, second: nn.Sequential(inner[1]), third: inner}),
        "a child that is None": off, "a child replaced by None": gone,
        "children called as a method and as a class attribute": TypedEmbedding(),
        "ModuleDict and ModuleList": nn.ModuleDict({first: nn.ModuleList([nn.Dropout(), nn.ModuleDict({"a": inner})])}),
        "a module in a plain list beside": unregistered,
        "containers with nothing in them": nn.Sequential(nn.Sequential(), nn.ModuleList(), nn.ModuleDict()),
    }  # fmt: skip
    seen = {what: modes_after(set_mode, model, False) for what, model in models.items()}
    seen["the module in the plain list"] = getattr(unregistered, first)[0].training
    return seen


@set_mode.criterion(
    "It returns the module itself",
    because="So people can write `model = set_mode(Net(), False)`, as with `train()`.",
)
@not_by_torch
def mode_returns(set_mode: Any, draw: Draw) -> Any:
    def returned(model: nn.Module, wanted: bool) -> str:
        return in_words(by_hand(model, lambda: set_mode(model, wanted)), {"the module": model})

    models = {"a layer alone": nn.Dropout(), "several levels": deep(draw), "nn.ReLU in eval mode": nn.ReLU().eval()}
    return {
        f"{what}, {wanted}": tried(lambda model=model, wanted=wanted: returned(model, wanted))
        for what, model in models.items()
        for wanted in (True, False)
    }


@set_mode.criterion(
    "Anything but True and False is a ValueError, and changes nothing",
    because="`set_mode(model, 'eval')` would otherwise quietly train: a text that is not empty counts as true.",
)
@not_by_torch
def mode_refuses(set_mode: Any, draw: Draw) -> Any:
    wrong = {
        "1": 1, "0": 0, "1.0": 1.0, "None": None, "'eval'": "eval", "''": "", "torch.tensor(True)": torch.tensor(True),
        "numpy's True": np.bool_(True), "[]": [],
    }  # fmt: skip
    seen = {}
    for what, value in wrong.items():
        model = mixed(nn.Sequential(nn.Dropout(), nn.Sequential(nn.Dropout(), nn.Dropout())), draw)
        before = modes(model)
        error = by_hand(model, lambda model=model, value=value: refused(lambda: set_mode(model, value)))
        seen[what] = {"error": error, "modes afterwards": "as before" if modes(model) == before else "changed"}
    return seen


# ---------------------------------------------------------------------------------------------------------------------
# collect_state
# ---------------------------------------------------------------------------------------------------------------------

collect_state = Exercise(
    "collect_state",
    requires="collect_state",
    title="state_dict(), by hand",
    minutes=25,
    difficulty=3,
    hints=[
        (
            "The walk is that of `iter_named_parameters`, with two differences: buffers come after the Parameters of "
            "each module, and nothing is left out for having been seen before."
        ),
        (
            "Each module has its own `_non_persistent_buffers_set`, with names as they stand in its own `_buffers`. "
            "Ask the module that owns the buffer, not the root."
        ),
        (
            "You want a tensor on the same memory, but outside the graph. `clone()` gives new memory, and "
            "`requires_grad_(False)` would change the model's own Parameter: there is a method for just this."
        ),
    ],
)


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


@collect_state.criterion(
    "Parameters and buffers of all modules are there, under the names and in the order of state_dict()",
    points=2,
    because="A saved state is of use only if the names lead back to where the tensors came from.",
)
@not_by_torch
def collect_names(collect: Any, draw: Draw) -> Any:
    child, buffer, own = names_drawn(draw, 3)
    late = nn.Module()
    late.register_buffer(buffer, torch.ones(2))
    registered(late, **{child: nn.BatchNorm1d(2), own: weight(1)})
    models = {
        "one nn.Linear": nn.Linear(2, 3), "nn.BatchNorm1d": nn.BatchNorm1d(2), "several levels": deep(draw),
        "a Parameter assigned after a buffer and a child": late, "nothing to collect": nn.Sequential(nn.ReLU()),
        "frozen Parameters": nn.Linear(2, 2).requires_grad_(False), "a module with extra state": WithExtras(child),
        "a Parameter of 0 numbers": registered(nn.Module(), **{own: weight(0), child: weight(1)}),
    }  # fmt: skip
    return {what: tried(lambda model=model: entries(collect, model, draw)) for what, model in models.items()}


@collect_state.criterion(
    "What is None and what is not persistent is left out",
    because="A buffer that is not persistent can be computed again; that is why somebody marked it so.",
)
@not_by_torch
def collect_left_out(collect: Any, draw: Draw) -> Any:
    passing, kept, child, off = names_drawn(draw, 4)
    inner, outer = nn.Module(), nn.Module()
    inner.register_buffer(kept, torch.ones(2))
    inner.register_buffer(passing, torch.ones(2), persistent=False)
    outer.register_buffer(passing, torch.ones(3))
    outer.register_buffer(kept, torch.ones(3), persistent=False)
    registered(outer, **{child: nn.Sequential(inner)})
    nones = nn.Module()
    nones.register_parameter(kept, None)
    nones.register_buffer(passing, None)
    nones.register_module(off, None)
    registered(nones, **{child: nn.Linear(2, 2, bias=False)})
    empty = registered(nn.Sequential(), **{kept: weight(2)})
    empty.register_buffer(passing, torch.ones(2))
    models = {
        "persistent in one module, not in another": outer, "Parameter, buffer and child that are None": nones,
        "a BatchNorm without weights and statistics": nn.BatchNorm1d(2, affine=False, track_running_stats=False),
        "a BatchNorm without weights": nn.Sequential(nn.BatchNorm1d(2, affine=False)),
        "a child replaced by None": registered(nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1)), **{"0": None}),
        "a child of length 0 with tensors, no None": registered(nn.Module(), **{child: empty}),
    }  # fmt: skip
    return {what: tried(lambda model=model: entries(collect, model, draw)) for what, model in models.items()}


@collect_state.criterion(
    "A shared tensor stands under each of its names",
    because="Whoever loads the state into a model without sharing needs every one of them.",
)
@not_by_torch
def collect_shared(collect: Any, draw: Draw) -> Any:
    first, second, third = names_drawn(draw, 3)
    inner = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    tied = registered(nn.Module(), **{first: nn.Linear(2, 2), second: nn.Linear(2, 2, bias=False)})
    getattr(tied, second).weight = getattr(tied, first).weight
    buffers = nn.Module()
    buffers.register_buffer(first, torch.ones(2))
    buffers.register_buffer(second, getattr(buffers, first))
    models = {
        "one Parameter in two layers": tied,
        "one module under two names": registered(nn.Module(), **{first: inner, second: inner}),
        "the same, one of them deeper": registered(nn.Module(), **{first: nn.Sequential(inner), third: inner[1]}),
        "one buffer under two names": buffers,
    }
    return {what: tried(lambda model=model: entries(collect, model, draw)) for what, model in models.items()}


def remembering(weight_shape: int = 2) -> nn.Module:
    """A model with tensors of many kinds: two axes turned, no axis at all, a buffer that carries a graph."""
    model = registered(nn.Module(), scale=weight(weight_shape), turned=nn.Parameter(torch.ones(3, 2).t()))
    model.register_buffer("trace", model.scale * 2)
    model.register_buffer("wanting", torch.ones(2, requires_grad=True))
    return registered(model, norm=nn.BatchNorm1d(2), layers=nn.Sequential(nn.Linear(2, 2).requires_grad_(False)))


@collect_state.criterion(
    "The tensors share their memory with the model",
    because="As with state_dict(), nothing is copied; whoever wants a snapshot has to copy it.",
)
@not_by_torch
def collect_memory(collect: Any, draw: Draw) -> Any:
    model = draw.fill(nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Sequential(nn.Linear(3, 1, bias=False))))
    turned = registered(nn.Module(), turned=nn.Parameter(torch.ones(3, 2).t()))

    def whose(model: nn.Module) -> Any:
        own = own_tensors(model)
        state = collected(collect, model)
        return {name: _same_memory(tensor, state.get(name)) for name, tensor in own.items()}

    def written() -> Any:
        state = collected(collect, model)
        with torch.no_grad():
            for tensor in state.values():
                tensor.add_(1)
        return own_tensors(model)

    return {
        "layers and a BatchNorm": tried(lambda: whose(model)),
        "a Parameter that is no contiguous tensor": tried(lambda: whose(turned)),
        "the model after adding 1 to everything in the state": tried(written),
    }


def _same_memory(tensor: torch.Tensor, other: Any) -> str:
    if not is_a(other, torch.Tensor):
        return "no tensor"
    same = (tensor.data_ptr(), tensor.shape, tensor.stride()) == (other.data_ptr(), other.shape, other.stride())
    return "the model's memory" if same else "other memory"


@collect_state.criterion(
    "They carry no graph, and the model itself stays as it was",
    because="Saving only looks: what is saved has no part in training, and the model trains on as before.",
)
@not_by_torch
def collect_graph(collect: Any, draw: Draw) -> Any:
    def graphs() -> Any:
        state = collected(collect, remembering())
        return {name: _attached(value) if is_a(value, torch.Tensor) else "no tensor" for name, value in state.items()}

    def left_behind() -> Any:
        model = remembering()
        before = own_tensors(model)
        collected(collect, model)
        after = own_tensors(model)
        return {
            "replaced": [name for name in before if after.get(name) is not before[name]],
            "requires_grad": [name for name, tensor in after.items() if tensor.requires_grad],
            "carries a graph": [name for name, tensor in after.items() if tensor.grad_fn is not None],
        }

    return {"what was collected": tried(graphs), "the model afterwards": tried(left_behind)}


def _attached(tensor: torch.Tensor) -> str:
    if tensor.grad_fn is not None:
        return "carries a graph"
    return "requires a gradient" if tensor.requires_grad else "is detached"


@collect_state.criterion(
    "It is built from the tables of each module, and nothing else",
    because="Attribute access may find something else under a name, a method or a class attribute.",
)
@not_by_torch
def collect_tables_only(collect: Any, draw: Draw) -> Any:
    model, hiding = deep(draw), TypedEmbedding()
    return {
        "the way through the model": through_children(model, lambda: collect(model)),
        "children called as a method and as a class attribute": tried(lambda: entries(collect, hiding, draw)),
    }


# ---------------------------------------------------------------------------------------------------------------------
# restore_state
# ---------------------------------------------------------------------------------------------------------------------

restore_state = Exercise(
    "restore_state",
    requires="restore_state",
    title="load_state_dict(), by hand, and better",
    minutes=40,
    difficulty=5,
    hints=[
        (
            "Work in two passes. The first only looks: which keys does the model expect, which are missing, which are "
            "too many, does every value fit? The second only copies, when nothing can go wrong any more."
        ),
        (
            "`tensor.copy_(value)` inside `torch.no_grad()` writes into a Parameter without replacing it. Assigning "
            "to `.data`, or to the attribute, puts another tensor in its place."
        ),
        (
            "What if `state` holds the model's own tensors, and two of them swapped? After the first copy the second "
            "value is gone. So take copies of all values before you write the first one."
        ),
        (
            "Broadcasting would forgive a wrong shape: compare shapes yourself. And the surest way to find out whether "
            "a value can be copied is to copy it, to somewhere else first."
        ),
    ],
)


def trained(draw: Draw) -> nn.Module:
    """A model with known values."""
    return draw.fill(untrained())


def untrained() -> nn.Module:
    """Layers, a BatchNorm, a frozen Parameter, a buffer that is not persistent."""
    layers = {"stem": nn.Linear(2, 3), "norm": nn.BatchNorm1d(3), "body": nn.Sequential(nn.Linear(3, 3))}
    model = nn.Sequential(OrderedDict(**layers, head=nn.Linear(3, 1)))
    model.register_parameter("gain", nn.Parameter(torch.ones(2, 3).t(), requires_grad=False))
    model.register_parameter("nothing", None)
    model.register_buffer("passing", torch.ones(2), persistent=False)
    return model


def new_values(model: nn.Module, draw: Draw) -> dict[str, torch.Tensor]:
    """A state for the model, of drawn values on memory of its own."""
    own = own_tensors(model)
    rows = draw.uniform(sum(tensor.numel() for tensor in own.values())).split(
        [tensor.numel() for tensor in own.values()]
    )
    state = {name: row.clone().view(tensor.shape) for (name, tensor), row in zip(own.items(), rows, strict=True)}
    return {
        name: value if own[name].is_floating_point() else (value * 50 + 50).to(own[name].dtype)
        for name, value in state.items()
    }


class Before:
    """How a model was, to say afterwards what became of it."""

    def __init__(self, model: nn.Module) -> None:
        self.model, self.tensors = model, own_tensors(model)
        self.addresses = {name: tensor.data_ptr() for name, tensor in self.tensors.items()}
        self.values = {name: tensor.detach().clone() for name, tensor in self.tensors.items()}
        self.trainable = [name for name, tensor in self.tensors.items() if tensor.requires_grad]

    def told(self, by_name: bool = False) -> dict[str, Any]:
        """What is in the model now, and which of its tensors are other objects, or on other memory, than before."""
        now = own_tensors(self.model)
        return {
            "values": {name: tensor.detach().clone() for name, tensor in now.items()} if by_name else in_a_row(now),
            "other objects": [name for name, tensor in self.tensors.items() if now.get(name) is not tensor],
            "other memory": [name for name, tensor in now.items() if tensor.data_ptr() != self.addresses.get(name)],
            "gradients": self._gradients(now),
        }

    def unchanged(self) -> str:
        """Whether all is as it was."""
        now = own_tensors(self.model)
        same = now.keys() == self.tensors.keys() and all(
            now[name] is tensor and torch.equal(tensor.detach(), self.values[name])
            for name, tensor in self.tensors.items()
        )
        return "nothing changed" if same and self._gradients(now) == "as before" else "changed"

    def _gradients(self, now: dict[str, torch.Tensor]) -> str:
        same = [name for name, tensor in now.items() if tensor.requires_grad] == self.trainable
        return "as before" if same and all(tensor.is_leaf for tensor in now.values()) else "changed"


def in_a_row(tensors: dict[str, torch.Tensor]) -> torch.Tensor:
    """All numbers of all tensors, one after the other."""
    return torch.cat([tensor.detach().float().reshape(-1) for tensor in tensors.values()])


LOADING = codes_of("load_state_dict")


def restored(restore: Any, model: nn.Module, state: Any, *arguments: Any, **options: Any) -> Any:
    """What became of the model; where it has other numbers than `state`, also whether torch's own loading made them."""
    before, wanted = Before(model), {name: value.detach().clone() for name, value in state.items()}
    with running(LOADING) as used:
        restore(model, state, *arguments, **options)
    own = own_tensors(model)
    wrong = [name for name in own.keys() & wanted if not torch.equal(own[name], wanted[name].to(own[name].dtype))]
    return {**before.told(), "wrong numbers by": "load_state_dict"} if used and wrong else before.told()


@restore_state.criterion(
    "Values are copied in place, exactly: every Parameter and buffer stays the object that it was",
    points=2,
    because="Loading changes numbers, to those of the state, and nothing else: an optimizer holds these Parameters.",
)
def restore_in_place(restore: Any, draw: Draw) -> Any:
    def parameters_of_another(model: nn.Module) -> Any:
        values = new_values(model, draw)
        return {name: nn.Parameter(v) if v.is_floating_point() else v for name, v in values.items()}

    def from_a_twin(model: nn.Module) -> Any:
        twin = trained(draw)
        with torch.no_grad():
            for tensor in own_tensors(twin).values():
                tensor.mul_(2)
        return twin.state_dict()

    makers: dict[str, Callable[[nn.Module], Any]] = {
        "in another order": lambda model: dict(reversed(new_values(model, draw).items())),
        "a state_dict() of a second model": from_a_twin, "Parameters of a second model": parameters_of_another,
        "float64 values": lambda model: {name: value.double() for name, value in new_values(model, draw).items()},
        "values that are not contiguous": lambda model: {
            name: value.t().contiguous().t() if value.dim() == 2 else value
            for name, value in new_values(model, draw).items()
        },
    }  # fmt: skip

    def tensor_by_tensor() -> Any:
        model = trained(draw)
        before = Before(model)
        restore(model, new_values(model, draw))
        return before.told(by_name=True)

    seen = {"a dict of tensors": tried(tensor_by_tensor)}
    for what, make in makers.items():
        model = trained(draw)
        seen[what] = tried(lambda model=model, make=make: restored(restore, model, make(model)))
    norm = draw.fill(nn.BatchNorm1d(2))
    seen["an nn.BatchNorm1d alone"] = tried(lambda: restored(restore, norm, new_values(norm, draw)))
    seen["the model after a later change of the state"] = tried(lambda: _changed_later(restore, draw))
    for what, (model, state) in to_the_last_bit(draw).items():
        seen[what] = tried(lambda model=model, state=state: _same_numbers(restore, model, state))
    empty = registered(nn.Module(), inner=registered(nn.Sequential(), gain=weight(2)))
    unusual = {"a child of length 0": empty, "a Parameter of 0 numbers": registered(nn.Module(), gain=weight(0))}
    for what, model in unusual.items():
        seen[what] = tried(lambda model=model: _same_numbers(restore, model, new_values(model, draw)))
    return seen


def to_the_last_bit(draw: Draw) -> dict[str, tuple[nn.Module, dict[str, torch.Tensor]]]:
    """Models, each with a state of its own dtypes whose numbers a detour would round."""

    def held(value: torch.Tensor, before: float) -> nn.Module:
        model = nn.Module()
        model.register_buffer("held", torch.full_like(value, before))
        return model

    values = {
        "float64, to the last bit": (draw.normal(3).double() / 3, 0.0),
        "a large int64": (torch.tensor(2**53 + 1), 0.0),
        "small numbers over large ones": (draw.normal(3), 1e6),
        "numbers over infinity": (draw.normal(3), float("inf")),
    }
    return {what: (held(value, before), {"held": value}) for what, (value, before) in values.items()}


def _same_numbers(restore: Any, model: nn.Module, state: dict[str, torch.Tensor]) -> str:
    wanted = {name: value.clone() for name, value in state.items()}
    restore(model, state)
    same = all(torch.equal(tensor, wanted[name]) for name, tensor in own_tensors(model).items())
    return "the state's numbers" if same else "other numbers"


def _changed_later(restore: Any, draw: Draw) -> Any:
    model = nn.Linear(2, 2)
    state = new_values(model, draw)
    restore(model, state)
    for value in state.values():
        value.zero_()
    return own_tensors(model)


@restore_state.criterion(
    "It is exact also where `state` holds the model's own tensors, permuted or turned",
    because="state_dict() shares memory with the model, so a state may change while you copy from it.",
)
def restore_aliases(restore: Any, draw: Draw) -> Any:
    def layers(count: int) -> nn.Sequential:
        return draw.fill(nn.Sequential(*[nn.Linear(2, 2) for _ in range(count)]))

    def shifted(by: int, count: int) -> Any:
        model = layers(count)
        own = {name: tensor.detach() for name, tensor in own_tensors(model).items()}
        names = {name: f"{(int(name[0]) + by) % count}{name[1:]}" for name in own}
        return restored(restore, model, {name: own[other] for name, other in names.items()})

    def swapped_parameters() -> Any:
        model = layers(2)
        own = own_tensors(model)
        state = {**own, "0.weight": own["1.weight"], "1.weight": own["0.weight"]}
        return restored(restore, model, state)

    def turned() -> Any:
        model = layers(1)
        return restored(restore, model, {"0.weight": model[0].weight.detach().t(), "0.bias": model[0].bias.detach()})

    def mean_and_bias() -> Any:
        model = draw.fill(nn.BatchNorm1d(3))
        state = model.state_dict()
        state["bias"], state["running_mean"] = state["running_mean"], state["bias"]
        return restored(restore, model, state)

    def without_keys() -> Any:
        model = layers(3)
        return restored(
            restore, model, {"0.bias": model[1].bias.detach(), "1.bias": model[0].bias.detach()}, strict=False
        )

    cases = {
        "its own state": lambda: shifted(0, 2), "two layers swapped": lambda: shifted(1, 2),
        "three layers in a circle": lambda: shifted(1, 3), "the other way round": lambda: shifted(2, 3),
        "two Parameters swapped, as they are": swapped_parameters, "a weight turned on its own memory": turned,
        "a Parameter and a buffer swapped": mean_and_bias, "two biases swapped, strict=False": without_keys,
    }  # fmt: skip
    return {what: tried(case) for what, case in cases.items()}


def tied_layers(draw: Draw) -> nn.Module:
    """Two layers with one weight."""
    model = nn.Sequential(OrderedDict(first=nn.Linear(2, 2), second=nn.Linear(2, 2)))
    model.second.weight = model.first.weight
    return draw.fill(model)


@restore_state.criterion(
    "strict: a missing or an unexpected key is a RuntimeError that names every such key",
    because="One renamed layer gives several wrong keys; whoever reads the message wants to see them all.",
)
def restore_strict(restore: Any, draw: Draw) -> Any:
    stray, other = names_drawn(draw, 2)
    one = torch.ones(1)
    changes: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
        "a weight missing": (("stem.weight",), {}),
        "two biases missing": (("stem.bias", "head.bias"), {}),
        "a frozen Parameter missing": (("gain",), {}),
        "a buffer missing": (("norm.running_var",), {}),
        "num_batches_tracked missing": (("norm.num_batches_tracked",), {}),
        "an unexpected key": ((), {stray: one}),
        "two unexpected keys": ((), {f"{stray}.weight": one, f"body.{other}": one}),
        "a buffer that is not persistent": ((), {"passing": torch.ones(2)}),
        "a Parameter that is None": ((), {"nothing": one}),
        "two missing and two unexpected": (("stem.weight", "norm.bias"), {stray: one, f"head.{other}": one}),
        "a layer under another name": (("head.weight", "head.bias"), {f"{other}.weight": one, f"{other}.bias": one}),
    }
    seen = {}
    for what, (lost, added) in changes.items():
        model = untrained()
        state = {name: value for name, value in new_values(model, draw).items() if name not in lost}
        seen[what] = refused(
            lambda model=model, state=state, added=added: restore(model, {**state, **added}),
            *lost, *added, what="every key",
        )  # fmt: skip
    model = untrained()
    seen["an empty state"] = refused(lambda: restore(model, {}), *own_tensors(model), what="every key")
    seen["strict=True said"] = refused(lambda: restore(model, {}, strict=True))
    seen["True as the third argument"] = refused(lambda: restore(model, {}, True))
    tied = tied_layers(draw)
    state = {name: value for name, value in new_values(tied, draw).items() if name != "second.weight"}
    seen["the second name of a shared Parameter missing"] = refused(
        lambda: restore(tied, state), "second.weight", what="every key"
    )
    extra = WithExtras(stray)
    seen["extra state is not expected"] = refused(
        lambda: restore(extra, {**new_values(extra, draw), "_extra_state": one}), "_extra_state", what="every key"
    )
    return seen


@restore_state.criterion(
    "It returns two lists, missing and unexpected; with strict=False it copies the rest",
    because="To start a new head on an old body you load what fits, and look at what did not.",
)
def restore_returns(restore: Any, draw: Draw) -> Any:
    (stray,) = names_drawn(draw, 1)

    def returned(lost: tuple[str, ...], added: tuple[str, ...], *arguments: Any, **options: Any) -> Any:
        model = trained(draw)
        values = {name: value for name, value in new_values(model, draw).items() if name not in lost}
        missing, unexpected = restore(model, {**dict.fromkeys(added, torch.ones(1)), **values}, *arguments, **options)
        return {"missing": _sorted(missing), "unexpected": _sorted(unexpected), "values": in_a_row(own_tensors(model))}

    def extras() -> Any:
        model = draw.fill(WithExtras(stray))
        missing, unexpected = restore(model, new_values(model, draw), strict=False)
        return {"missing": _sorted(missing), "unexpected": _sorted(unexpected)}

    renamed = (f"{stray}.weight", f"{stray}.bias")
    cases: dict[str, Callable[[], Any]] = {
        "every key fits": lambda: returned((), ()),
        "every key fits, strict=False": lambda: returned((), (), strict=False),
        "two missing, strict=False": lambda: returned(("head.weight", "norm.running_mean"), (), strict=False),
        "two unexpected, strict=False": lambda: returned((), ("passing", stray), strict=False),
        "a renamed layer, strict=False": lambda: returned(("head.weight", "head.bias"), renamed, strict=False),
        "the same, False as the third argument": lambda: returned(("head.weight", "head.bias"), renamed, False),
        "num_batches_tracked missing": lambda: returned(("norm.num_batches_tracked",), (), strict=False),
        "a model with extra state": extras,
    }
    return {what: tried(case) for what, case in cases.items()}


def _sorted(names: Any) -> Any:
    return sorted(names) if is_a(names, list) else f"no list, but a {type(names).__name__}"


def misfits(draw: Draw) -> dict[str, Callable[[torch.Tensor], Any]]:
    """Values that cannot take a tensor's place, made from one that can."""
    return {
        "one entry too many": lambda value: draw.normal(value.numel() + 1),
        "a shape that broadcasts": lambda value: value[:1].clone(),
        "a scalar": lambda value: value.sum(),
        "one axis more": lambda value: value.unsqueeze(0),
        "the same entries in another shape": lambda value: value.reshape(-1, 1),
        "an array": lambda value: value.numpy(),
        "a list": lambda value: value.tolist(),
        "a number": lambda value: 0.5,
        "None": lambda value: None,
        "a meta tensor": lambda value: value.to("meta"),
        "a sparse tensor": lambda value: value.to_sparse(),
    }


def misfitting(draw: Draw, key: str, spoil: Callable[[torch.Tensor], Any]) -> tuple[nn.Module, dict[str, Any]]:
    """A model, and a state of which the value under `key` does not fit."""
    model = untrained()
    state: dict[str, Any] = new_values(model, draw)
    state[key] = spoil(state[key])
    return model, state


@restore_state.criterion(
    "A wrong shape, or what is no tensor or cannot be copied, is a RuntimeError that names the key, strict or not",
    because="strict=False forgives names, never shapes: a broadcast bias would look like a good one.",
)
def restore_misfits(restore: Any, draw: Draw) -> Any:
    model = untrained()
    if is_a(error := attempt(lambda: restore(model, new_values(model, draw))), Raised):
        return {"a state in which every value fits": error}
    seen = {}
    for what, spoil in misfits(draw).items():
        for strict in (True, False):
            model, state = misfitting(draw, "body.0.bias", spoil)
            seen[f"{what}, strict={strict}"] = refused(
                lambda model=model, state=state, strict=strict: restore(model, state, strict=strict),
                "body.0.bias", what="the key",
            )  # fmt: skip
    for what, key in {"a buffer": "norm.running_var", "a buffer without axes": "norm.num_batches_tracked"}.items():
        model, state = misfitting(draw, key, lambda value: value.reshape(1, -1))
        seen[f"one axis more, {what}"] = refused(
            lambda model=model, state=state: restore(model, state), key, what="the key"
        )
    others: dict[str, tuple[str, Callable[[torch.Tensor], Any]]] = {
        "a turned weight": ("stem.weight", torch.t), "one axis less, which broadcasts": ("head.weight", torch.flatten),
        "a number for an entry": ("head.bias", torch.sum),
        "one axis for none": ("norm.num_batches_tracked", lambda value: value.reshape(1)),
    }  # fmt: skip
    for what, (key, spoil) in others.items():
        model, state = misfitting(draw, key, spoil)
        seen[what] = refused(lambda model=model, state=state: restore(model, state), key, what="the key")
    return seen


def fitted(restore: Any, draw: Draw) -> Any:
    """Whether a state in which every value fits changes the model: who does nothing keeps every promise."""
    model = untrained()
    before, state = Before(model), new_values(model, draw)
    error = refused(lambda: restore(model, state))
    return error if is_a(error, Raised) else before.unchanged()


@restore_state.criterion(
    "After an error nothing has changed, wherever the bad key stood",
    because="Half a model of one training run and half of another is worse than none, and nobody notices.",
)
def restore_atomic(restore: Any, draw: Draw) -> Any:
    def after(model: nn.Module, state: Any, **options: Any) -> str:
        before = Before(model)
        error = refused(lambda: restore(model, state, **options))
        return error if is_a(error, Raised) else before.unchanged()

    keys = {"first": "gain", "in between": "norm.running_mean", "last": "head.bias"}
    spoils = misfits(draw)
    wrongs = [(place, what, True) for place in keys for what in ("one axis more", "a list")]
    wrongs += [("last", what, False) for what in ("one axis more", "a list", "a number")]
    wrongs += [(place, "a meta tensor", True) for place in ("in between", "last")]
    wrongs += [("last", "a sparse tensor", True), ("last", "a meta tensor", False)]
    seen = {"a state in which every value fits": fitted(restore, draw)}
    for place, what, strict in wrongs:
        model, state = misfitting(draw, keys[place], spoils[what])
        seen[f"{what}, {place}, strict={strict}"] = after(model, state, strict=strict)
    for place in ("first", "last"):
        model = untrained()
        state = {name: value for name, value in new_values(model, draw).items() if name != keys[place]}
        seen[f"the {place} key missing"] = after(model, state)
    model = untrained()
    seen["an unexpected key at the end"] = after(model, {**new_values(model, draw), "stray": torch.ones(1)})
    return seen


@restore_state.criterion(
    "`state` itself is never modified",
    because="It is somebody's checkpoint, and may be loaded into a second model.",
)
def restore_leaves_state(restore: Any, draw: Draw) -> Any:
    def state_after(change: Callable[[dict[str, Any]], dict[str, Any]], **options: Any) -> Any:
        model = untrained()
        state = change(new_values(model, draw))
        entries, copies = dict(state), {name: torch.as_tensor(value).clone() for name, value in state.items()}
        error = refused(lambda: restore(model, state, **options))
        same = [*state] == [*entries] and all(
            state[name] is value and torch.equal(torch.as_tensor(value), copies[name])
            for name, value in entries.items()
        )
        return error if is_a(error, Raised) else "as it was" if same else "changed"

    def without(state: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in state.items() if name != "stem.weight"}

    ones = torch.ones(1)
    return {
        "the model, where every value fits": fitted(restore, draw),
        "every key fits": state_after(lambda state: state),
        "float64 values": state_after(lambda state: {name: value.double() for name, value in state.items()}),
        "missing and unexpected keys, strict=False": state_after(
            lambda state: {"stray": ones, **without(state), "tail": ones}, strict=False
        ),
        "missing and unexpected keys": state_after(lambda state: {"stray": ones, **without(state), "tail": ones}),
        "a wrong shape": state_after(lambda state: {**state, "head.bias": torch.ones(7)}),
        "no tensor": state_after(lambda state: {**state, "head.bias": [1.0, 2.0]}, strict=False),
    }


# ---------------------------------------------------------------------------------------------------------------------
# lecture_facts
# ---------------------------------------------------------------------------------------------------------------------

lecture_facts = Exercise(
    "lecture_facts",
    requires="lecture_answers",
    title="Ten statements from a lecture, put to the test",
    minutes=20,
    difficulty=2,
    hints=[
        "Say first what you believe, then run the experiment beside the statement. It prints what decides; you judge.",
        (
            "Read each statement to its end: 'own', 'also', 'only' and 'exactly' are what makes some of them false. "
            "Does the printed line bear out that very word?"
        ),
        (
            "Not sure what a line shows? Change the experiment: another layer, another attribute, one more line "
            "printed. Nothing can break, and torch answers every time."
        ),
    ],
)

STATEMENTS = {
    "super_forms": "`super().__init__()` and `super(Net, self).__init__()` do the same",
    "ordered_dict": "`_parameters` is an OrderedDict",
    "layers_are_parameters": "Layers that learn are subclasses of nn.Parameter",
    "own_table": "A layer's weights stand in the network's own `_parameters`",
    "plain_attribute_too": "What is registered stands in `__dict__` as well",
    "register_parameter": "`register_parameter` leaves a module as an assignment does",
    "only_learnable": "A module with nothing to learn is not registered",
    "parameters_drop_names": "`parameters()` is `named_parameters()` without the names",
    "gradient_needs_registration": "`backward()` gives gradients to registered parameters only",
    "zero_grad_last": "`zero_grad()` at the end of a step trains as at its start",
}


def _answer_for(key: str) -> Look:
    def look(answers: Any, draw: Draw) -> Any:
        if not isinstance(answers, dict):
            raise TypeError(f"lecture_answers must be a dict of bools, and is a {type(answers).__name__}")
        if key not in dict.keys(answers):
            return "no answer: the dict lacks this key"
        answer = dict.__getitem__(answers, key)
        if answer is None:
            raise NotAttempted(f"{key!r} has no answer yet: replace None with True or False")
        return answer

    return look


for _key, _statement in STATEMENTS.items():
    lecture_facts.criterion(
        f"{_statement}: is that so?",
        points=0.5,
        because=f"Run the experiment for `{_key}` once more, and read what it prints.",
    )(_answer_for(_key))
