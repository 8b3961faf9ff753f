"""What each criterion of `set_mode` looks at."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from autograder.criteria import Draw, Exercise

from ..shared import TypedEmbedding, by_hand, deep, in_words, names_drawn, not_by_torch, refused, registered, tried

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
