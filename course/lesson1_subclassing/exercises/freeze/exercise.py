"""What each criterion of `freeze` looks at."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise, is_a, parameters_of, refusal, tried

from ..shared import frozen

freeze = Exercise(
    "freeze",
    requires="freeze",
    title="Freeze a part of a model by name",
    minutes=15,
    difficulty=2,
    hints=[
        "`named_parameters()` gives every parameter with its qualified name, in the order that you are to return.",
        (
            "A name lies below `fc` when it goes on with a dot after `fc`. So `fc2.weight` does not, though it "
            "begins with the same two letters."
        ),
        (
            "Three cases match: the name is the prefix itself, the name lies below it, and the empty prefix. "
            "Collect the matching names first; change nothing before you know that there are any."
        ),
        (
            "The switch on a parameter is `requires_grad`. Python lets you assign a misspelt attribute without a "
            "word: check with `[p.requires_grad for p in model.parameters()]`."
        ),
    ],
)


class Backbone(nn.Module):
    """Parameters at three depths, with names of which none begins like another."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(2))
        self.stem = nn.Linear(2, 3)
        self.body = nn.Sequential(nn.Linear(3, 3), nn.ReLU(), nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3)))
        self.head = nn.Linear(3, 2)
        self.act = nn.ReLU()


class Lookalikes(nn.Module):
    """Names that begin alike, end alike, or match each other when a dot is taken for a pattern."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(2, 2)
        self.fc2 = nn.Linear(2, 2)
        self.fc_out = nn.Linear(2, 2, bias=False)
        self.block = nn.ModuleList([nn.Linear(1, 1, bias=False) for _ in range(11)])
        self.blockx1 = nn.Linear(1, 1)
        self.pre = nn.ModuleDict({"fc": nn.Linear(2, 2)})


MODULES = {"a module": "stem", "a module with children": "body", "a module further down": "body.2.1"}


OTHERS = {"one parameter": "stem.bias", "a parameter of the model itself": "scale", "the empty prefix": ""}


PATTERNS = (".*", "fc|fc2", "fc*", "block.*", "b....", "[bf].*", "block.?")


def names_from(found: Any) -> Any:
    """Returned names as a list, whatever iterable they came in; running a generator on the way."""
    if is_a(found, set) or is_a(found, frozenset):
        return sorted(found)
    return list(found) if hasattr(type(found), "__iter__") and not is_a(found, str) else found


def trained_after(freeze: Any, model: nn.Module, prefix: str) -> list[str]:
    """The names of the parameters that are still trainable after `freeze(model, prefix)`."""
    names_from(freeze(model, prefix))
    return still_trainable(model)


def still_trainable(model: nn.Module) -> list[str]:
    """The names of the trainable parameters."""
    return [name for name, facts in parameters_of(model).items() if facts and facts["trainable"]]


def returned(freeze: Any, prefixes: dict[str, str]) -> dict[str, Any]:
    """What comes back for each prefix."""
    return {
        f"returned for {what}, {prefix!r}": tried(lambda p=prefix: names_from(freeze(Backbone(), p)))
        for what, prefix in prefixes.items()
    }


def left(freeze: Any, prefixes: dict[str, str]) -> dict[str, Any]:
    """What each prefix leaves trainable."""
    return {
        f"still trainable after {what}, {prefix!r}": tried(lambda p=prefix: trained_after(freeze, Backbone(), p))
        for what, prefix in prefixes.items()
    }


@freeze.criterion(
    "It returns a list of the names below the prefix, in the order of named_parameters()",
    points=2,
    because="Whoever freezes by name wants to see what was caught.",
)
def freeze_returns(freeze: Any, draw: Draw) -> Any:
    return {**returned(freeze, MODULES), "a list": tried(lambda: is_a(freeze(Backbone(), "stem"), list))}


@freeze.criterion(
    "Exactly the parameters below the prefix are frozen",
    points=2,
    because="A parameter that stays trainable by accident goes on changing, without a sign.",
)
def freeze_freezes(freeze: Any, draw: Draw) -> Any:
    used = Backbone()
    for parameter in used.parameters():
        parameter.grad = torch.ones_like(parameter)
    seen = left(freeze, MODULES)
    seen["still trainable after 'stem', in a model with gradients"] = tried(lambda: trained_after(freeze, used, "stem"))
    return seen


@freeze.criterion(
    "The prefix may be a parameter's whole name, and empty for the whole model",
    because="A parameter has a name as well, and the empty name is the model's own.",
)
def freeze_other_prefixes(freeze: Any, draw: Draw) -> Any:
    return {**returned(freeze, OTHERS), **left(freeze, OTHERS)}


@freeze.criterion(
    "The prefix is a whole name: no piece of one, and no pattern",
    because="A name is a path from the model down: `fc` is neither `fc2` nor `pre.fc`, and `*` is only itself.",
)
def freeze_whole_names(freeze: Any, draw: Draw) -> Any:
    seen = {
        f"still trainable after {prefix!r}": tried(lambda p=prefix: trained_after(freeze, Lookalikes(), p))
        for prefix in ("fc", "block.1", "pre.fc", "block")
    }
    pieces = {f"frozen by {piece!r}": frozen_by(freeze, piece) for piece in ("f", "bloc", "fc.")}
    return {**seen, **pieces, "frozen by a pattern": any(frozen_by(freeze, pattern) for pattern in PATTERNS)}


def frozen_by(freeze: Any, prefix: str) -> list[str]:
    """What a prefix froze that may match nothing, whether an error came or not: that is another criterion's matter."""
    model = Lookalikes()
    before = still_trainable(model)
    refusal(lambda: names_from(freeze(model, prefix)))
    after = still_trainable(model)
    return [name for name in before if name not in after]


@freeze.criterion(
    "Parameters frozen earlier are returned as well, and all others stay as they were",
    because="Models are frozen part by part, and often somebody has frozen something before.",
)
def freeze_again(freeze: Any, draw: Draw) -> Any:
    earlier = ("stem.weight", "head.bias")
    return {
        "returned for 'stem'": tried(lambda: names_from(freeze(frozen(Backbone(), *earlier), "stem"))),
        "still trainable": tried(lambda: trained_after(freeze, frozen(Backbone(), *earlier), "stem")),
        "returned for a second 'stem'": tried(lambda: _second_time(freeze, "stem")),
    }


def _second_time(freeze: Any, prefix: str) -> Any:
    model = Backbone()
    names_from(freeze(model, prefix))
    return names_from(freeze(model, prefix))


@freeze.criterion(
    "Where no parameter matches it raises ValueError and changes nothing",
    because="A call that freezes nothing should be noticed now, not after a day of training.",
)
def freeze_nothing(freeze: Any, draw: Draw) -> Any:
    seen = {}
    nowhere = {"no such name": "tail", "a layer without parameters": "act", "the end of a name": "weight"}
    for what, prefix in nowhere.items():
        model = frozen(Backbone(), "head.bias")
        seen[f"{what}: {prefix!r}"] = refusal(lambda model=model, prefix=prefix: names_from(freeze(model, prefix)))
        seen[f"still trainable after {prefix!r}"] = still_trainable(model)
    seen["a name that is there: 'stem'"] = refusal(lambda: names_from(freeze(Backbone(), "stem")))
    seen["'' on a model without parameters"] = refusal(lambda: names_from(freeze(nn.ReLU(), "")))
    return seen
