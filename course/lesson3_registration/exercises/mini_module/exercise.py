"""What each criterion of `mini_module` looks at."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise, Look, forbidden, is_a, own_work

from ..shared import TABLES, codes_of, in_words, names_drawn, refused, registered, tried, weight

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
