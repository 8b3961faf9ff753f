"""What each criterion of `where_is` looks at."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise

from ..shared import TypedEmbedding, names_drawn, registered, tried, weight

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
