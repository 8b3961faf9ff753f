"""What each criterion of `clip_each_parameter` looks at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise, hooks_on, is_a, tried

from ..shared import Residual, gradients_of, hooks_since, loss_of, named, small, with_numbers, with_others

clip_each_parameter = Exercise(
    "clip_each_parameter",
    requires="clip_each_parameter",
    title="Clip each parameter",
    minutes=20,
    difficulty=3,
    hints=[
        (
            "Tensors have hooks of their own. `p.register_hook` is called with what *this* backward pass brings, "
            "before it is added to `p.grad`. Which other hook of a Parameter comes after the adding?"
        ),
        (
            "`p.register_post_accumulate_grad_hook(hook)` calls `hook(p)` once a backward pass, when `p.grad` is "
            "complete. So the hook can measure `p.grad` and scale it, in place."
        ),
        (
            "A Parameter that needs no gradient refuses such a hook: ask `requires_grad` first. `model.parameters()` "
            "names a shared Parameter once. Give all handles back, in a list."
        ),
    ],
)


class Stretched(nn.Module):
    """A layer, and before it a Parameter that is the model's own."""

    def __init__(self) -> None:
        super().__init__()
        self.stretch = nn.Parameter(torch.ones(4))
        self.layer = nn.Linear(4, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(self.stretch * x)


def stepped(model: nn.Module, *batches: torch.Tensor, kind: str = "sum") -> Any:
    """The gradients by name after each backward pass; they accumulate."""
    found = []
    for x in batches:
        loss_of(model(x), kind).backward()
        found.append(gradients_of(model))
    return found


@clip_each_parameter.criterion(
    "After a backward pass each parameter's gradient is at most max_norm long, each by its own norm",
    points=2,
    because="A factor for all together is another method: it keeps the direction, this one does not.",
)
def each_once(clip: Any, draw: Draw) -> Any:
    def once(count: int, kind: str, max_norm: float) -> Any:
        model = small(draw)
        clip(model, max_norm)
        seen = stepped(model, draw.normal(count, 4), kind=kind)[0]
        return with_numbers(seen, model.second.bias, "second.bias")

    cases = [(4, "sum", 0.5), (4, "mean", 0.2), (1, "sum", 0.5), (4, "sum", 6.0), (4, "tiny", 0.01)]
    seen = {
        f"a batch of {count}, a {kind} loss, max_norm {max_norm}": tried(lambda c=(count, kind, max_norm): once(*c))
        for count, kind, max_norm in cases
    }

    def of(model: nn.Module) -> Any:
        clip(draw.fill(model), 0.5)
        return stepped(model, draw.normal(4, 4))[0]

    seen["a residual branch, layer(x) + x"] = tried(lambda: of(Residual(False)))
    seen["a residual branch, x + layer(x)"] = tried(lambda: of(Residual(True)))
    seen["a model that is a single layer"] = tried(lambda: of(nn.Linear(4, 3)))
    seen["a model with a Parameter of its own"] = tried(lambda: of(Stretched()))
    return seen


@clip_each_parameter.criterion(
    "What is clipped is the accumulated gradient, after every one of several backward passes",
    because="Two gradients of length 1, clipped one by one, add up to a gradient of length 2.",
)
def each_accumulated(clip: Any, draw: Draw) -> Any:
    def several(max_norm: float, *counts: int) -> Any:
        model = small(draw)
        clip(model, max_norm)
        return stepped(model, *[draw.normal(count, 4) for count in counts])[-1]

    def left_before() -> Any:
        model = small(draw)
        stepped(model, draw.normal(4, 4))
        clip(model, 0.5)
        return stepped(model, draw.normal(4, 4))[-1]

    def one_graph() -> Any:
        model = small(draw)
        clip(model, 0.5)
        loss = loss_of(model(draw.normal(4, 4)), "sum")
        loss.backward(retain_graph=True)
        loss.backward()
        return gradients_of(model)

    def cleared(to_none: bool) -> Any:
        model, found = small(draw), []
        clip(model, 0.5)
        for _ in range(2):
            model.zero_grad(set_to_none=to_none)
            found += stepped(model, draw.normal(4, 4))
        return found[-1]

    cases: dict[str, Callable[[], Any]] = {
        "two backward passes": lambda: several(0.5, 4, 4), "three, of 1, 4 and 2": lambda: several(2.0, 1, 4, 2),
        "gradients from before": left_before, "backward twice through one graph": one_graph,
        "zero_grad in between": lambda: cleared(True), "the same, set_to_none=False": lambda: cleared(False),
    }  # fmt: skip
    return {what: tried(case) for what, case in cases.items()}


@clip_each_parameter.criterion(
    "Gradients that are short enough stay as they are, zeros stay zeros, and None stays None",
    because="0 / 0 is NaN, and one NaN is soon everywhere.",
)
def each_small(clip: Any, draw: Draw) -> Any:
    def scaled(factor: float, max_norm: float) -> Any:
        model = small(draw)
        clip(model, max_norm)
        (factor * loss_of(model(draw.normal(4, 4)), "sum")).backward()
        return gradients_of(model)

    def unused() -> Any:
        model = small(draw)
        model.spare = nn.Linear(2, 2)
        del model.spare
        model.register_module("spare", nn.Linear(2, 2))
        clip(model, 0.5)
        loss_of(model.second(torch.tanh(model.first(draw.normal(4, 4)))), "sum").backward()
        return gradients_of(model)

    def half_zero() -> Any:
        model = small(draw)
        with torch.no_grad():
            model.second.weight.zero_()
        clip(model, 0.5)
        return stepped(model, draw.normal(4, 4))[0]

    cases: dict[str, Callable[[], Any]] = {
        "all below max_norm": lambda: scaled(0.001, 10.0), "a loss times zero": lambda: scaled(0.0, 1.0),
        "zeros in the first layer alone": half_zero, "a layer that is not used": unused,
    }  # fmt: skip
    return {what: tried(case) for what, case in cases.items()}


@clip_each_parameter.criterion(
    "Frozen parameters are skipped, and shared ones are clipped like any other",
    because="A Parameter that needs no gradient refuses hooks with a RuntimeError.",
)
def each_frozen(clip: Any, draw: Draw) -> Any:
    def frozen(*names: str) -> Any:
        model = small(draw)
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(name not in names)
        clip(model, 0.5)
        return stepped(model, draw.normal(4, 4))[0]

    def all_frozen() -> Any:
        return [type(handle).__name__ for handle in clip(small(draw).requires_grad_(False), 0.5)]

    def tied(max_norm: float) -> Any:
        model = draw.fill(named(first=nn.Linear(4, 4), act=nn.Tanh(), second=nn.Linear(4, 4), last=nn.Linear(4, 3)))
        model.second.weight = model.first.weight
        clip(model, max_norm)
        return stepped(model, draw.normal(4, 4), draw.normal(1, 4))[-1]

    def reused() -> Any:
        layer = nn.Linear(4, 4)
        model = draw.fill(nn.Sequential(layer, nn.Tanh(), layer, nn.Linear(4, 3)))
        clip(model, 0.5)
        return stepped(model, draw.normal(4, 4))[0]

    cases: dict[str, Callable[[], Any]] = {
        "the first layer is frozen": lambda: frozen("first.weight", "first.bias"),
        "one bias is frozen": lambda: frozen("second.bias"), "everything is frozen": all_frozen,
        "two layers with one weight": lambda: tied(0.5), "the same, max_norm 3": lambda: tied(3.0),
        "a layer that runs twice": reused,
    }  # fmt: skip
    return {what: tried(case) for what, case in cases.items()}


@clip_each_parameter.criterion(
    "It returns a list of handles; removing all of them ends it, and nothing else is left behind or taken away",
    because="Whoever switches something on must be able to switch it off.",
)
def each_handles(clip: Any, draw: Draw) -> Any:
    def removed() -> Any:
        model = with_others(small(draw))
        model.second.weight.register_hook(lambda gradient: 2 * gradient)
        before = hooks_on(model)
        handles = clip(model, 0.5)
        stepped(model, draw.normal(4, 4))
        for handle in handles if is_a(handles, list) else []:
            handle.remove()
        model.zero_grad()
        return {"gradients": stepped(model, draw.normal(4, 4))[0], **hooks_since(model, before)}

    def kind() -> Any:
        handles = clip(small(draw), 0.5)
        if not is_a(handles, list):
            return f"no list, but a {type(handles).__name__}"
        return "a list of handles" if all(hasattr(item, "remove") for item in handles) else "a list of something else"

    def anew() -> Any:
        model = small(draw)
        handles = clip(model, 0.5)
        for handle in handles if is_a(handles, list) else []:
            handle.remove()
        clip(model, 2.0)
        return stepped(model, draw.normal(4, 4))[0]

    cases: dict[str, Callable[[], Any]] = {
        "what is returned": kind, "after removing all handles": removed, "removed, and clipped anew": anew,
    }  # fmt: skip
    return {what: tried(case) for what, case in cases.items()}
