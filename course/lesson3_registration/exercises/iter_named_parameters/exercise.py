"""What each criterion of `iter_named_parameters` looks at."""

from __future__ import annotations

from itertools import islice
from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise

from ..shared import (
    TypedEmbedding,
    by_hand,
    deep,
    names_drawn,
    not_by_torch,
    registered,
    through_children,
    tried,
    weight,
)

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
