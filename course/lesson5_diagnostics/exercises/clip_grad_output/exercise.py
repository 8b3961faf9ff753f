"""What each criterion of `clip_grad_output` looks at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise, hooks_on, tried

from ..shared import Residual, _quietly, gradients_of, hooks_since, loss_of, named, with_numbers, with_others


def tower(draw: Draw) -> Any:
    """Three layers; the middle one is the one that matters."""
    return draw.fill(
        named(first=nn.Linear(4, 5), act=nn.Tanh(), middle=nn.Linear(5, 5), again=nn.Tanh(), last=nn.Linear(5, 3))
    )


class Heads(nn.Module):
    """Two outputs in a tuple, of different sizes."""

    def __init__(self) -> None:
        super().__init__()
        self.left, self.right = nn.Linear(4, 3), nn.Linear(4, 2)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Both."""
        return self.left(x), self.right(x)


clip_grad_output = Exercise(
    "clip_grad_output",
    requires="clip_grad_output",
    title="Clip what enters a layer",
    minutes=25,
    difficulty=4,
    hints=[
        (
            "Which kind of hook runs *before* the layer's own backward, so that what it returns is used for the "
            "layer's own weights as well? A full backward hook comes too late for that."
        ),
        (
            "`register_full_backward_pre_hook(hook)` calls `hook(module, grad_output)`. `grad_output` is a tuple, and "
            "so is what the hook returns: as many entries, None where there was None."
        ),
        (
            "The joint norm of several tensors is the root of the sum of their squared norms. Multiply all of them by "
            "the same factor, each as a new tensor; `mul_` would change somebody else's gradient too."
        ),
        (
            "Where the norm is zero, max_norm / norm is infinite, and inf · 0 is NaN. Ask first whether the norm is "
            "above `max_norm`; if it is not, there is nothing to do."
        ),
    ],
)


def backward_through(
    clip: Any, model: Any, module: nn.Module, x: torch.Tensor, max_norm: float, kind: str = "mean"
) -> dict[str, Any]:
    """All gradients after one backward pass, with the module's incoming gradient clipped."""
    clip(module, max_norm)
    loss_of(model(x), kind).backward()
    return gradients_of(model)


@clip_grad_output.criterion(
    "The module's own weights get the gradient that belongs to the clipped one",
    points=2,
    because="A full backward hook only reaches what comes later; the layer's own weights have been served by then.",
)
def output_own(clip: Any, draw: Draw) -> Any:
    def own(count: int, kind: str, max_norm: float, name: str = "middle") -> Any:
        model = tower(draw)
        module = getattr(model, name)
        found = backward_through(clip, model, module, draw.normal(count, 4), max_norm, kind)
        own = {key: value for key, value in found.items() if f"{name}." in key}
        return with_numbers(own, module.bias, f"{name}.bias")

    cases = [(4, "sum", 0.5), (4, "mean", 0.05), (1, "mean", 0.05), (4, "tiny", 0.001)]
    seen = {
        f"a batch of {count}, a {kind} loss, max_norm {max_norm}": tried(lambda c=(count, kind, max_norm): own(*c))
        for count, kind, max_norm in cases
    }
    seen["the last layer"] = tried(lambda: own(4, "sum", 0.5, "last"))
    return seen


@clip_grad_output.criterion(
    "All earlier layers see it as well, and later layers don't",
    because="What flows on out of the module is computed from what came into it.",
)
def output_earlier(clip: Any, draw: Draw) -> Any:
    def others(count: int, kind: str) -> Any:
        model, x = tower(draw), draw.normal(count, 4).requires_grad_()
        clip(model.middle, 0.05)
        loss_of(model(x), kind).backward()
        found = gradients_of(model, x=x)
        return {key: value for key, value in found.items() if "middle." not in key}

    def container() -> Any:
        model = draw.fill(named(stem=nn.Linear(4, 4), body=nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 3))))
        with torch.no_grad():
            model.body[2].weight.mul_(20.0)
        found = backward_through(clip, model, model.body, draw.normal(3, 4), 0.1)
        return {key: value for key, value in found.items() if "body" not in key}

    return {
        **{
            f"a batch of {count}, a {kind} loss": tried(lambda count=count, kind=kind: others(count, kind))
            for count in (4, 1)
            for kind in ("sum", "mean")
        },
        "a module with submodules": tried(container),
    }


@clip_grad_output.criterion(
    "It works whether or not the module's input requires a gradient",
    because="The first layer's input is data, and nobody asks for its gradient.",
)
def output_first(clip: Any, draw: Draw) -> Any:
    def alone(requires: bool, kind: str, count: int) -> Any:
        layer, x = draw.fill(nn.Linear(4, 3)), draw.normal(count, 4).requires_grad_(requires)
        clip(layer, 0.3)
        loss_of(layer(x), kind).backward()
        return gradients_of(layer, x=x)

    def first() -> Any:
        model = tower(draw)
        return backward_through(clip, model, model.first, draw.normal(4, 4), 0.01)

    def frozen() -> Any:
        model = tower(draw)
        model.first.requires_grad_(False)
        return backward_through(clip, model, model.middle, draw.normal(4, 4), 0.05)

    def no_gradients() -> Any:
        model, x = tower(draw), draw.normal(4, 4)
        clip(model.first, 0.05)
        return _quietly(lambda: model(x))

    cases: dict[str, Callable[[], Any]] = {
        f"the input requires {'a' if requires else 'no'} gradient, a batch of {count}, a {kind} loss": (
            lambda requires=requires, kind=kind, count=count: alone(requires, kind, count)
        )
        for requires in (True, False) for kind, count in (("sum", 4), ("mean", 4), ("sum", 1))
    }  # fmt: skip
    cases |= {
        "a network's first layer": first, "everything before it is frozen": frozen,
        "a forward pass under no_grad": no_gradients,
    }  # fmt: skip
    return {what: tried(case) for what, case in cases.items()}


@clip_grad_output.criterion(
    "The factor is min(1, max_norm / norm): of the joint norm where there are several, and zero stays zero",
    because="Small gradients must pass unchanged, and what belongs together must keep its direction.",
)
def output_factor(clip: Any, draw: Draw) -> Any:
    def by(scale: float, max_norm: float) -> Any:
        layer, x = draw.fill(nn.Linear(4, 3)), draw.normal(4, 4).requires_grad_()
        clip(layer, max_norm)
        incoming = draw.normal(4, 3)
        layer(x).backward(scale * incoming / incoming.norm())
        return gradients_of(layer, x=x)

    def two(uses: str) -> Any:
        model, x = draw.fill(Heads()), draw.normal(4, 4).requires_grad_()
        clip(model, 0.7)
        left, right = model(x)
        loss = (left * draw.normal(4, 3)).sum() if "left" in uses else 0.0
        (loss + (right * 3 * draw.normal(4, 2)).sum() if "right" in uses else loss).backward()
        return gradients_of(model, x=x)

    cases: dict[str, Callable[[], Any]] = {
        f"a norm of {scale:g}, max_norm {max_norm:g}": lambda scale=scale, max_norm=max_norm: by(scale, max_norm)
        for scale, max_norm in ((5, 1), (0.9, 1), (40, 0.5), (0.3, 10))
    }
    cases |= {
        "a gradient of zeros": lambda: by(0.0, 1),
        "two outputs, both used": lambda: two("left right"),
        "two outputs, only the first used": lambda: two("left"),
        "two outputs, only the second used": lambda: two("right"),
    }
    return {what: tried(case) for what, case in cases.items()}


@clip_grad_output.criterion(
    "Nothing is changed in place: a branch around the module keeps the whole gradient",
    because="The two branches of a sum are handed one and the same tensor.",
)
def output_out_of_place(clip: Any, draw: Draw) -> Any:
    def around(way_first: bool, count: int, kind: str) -> Any:
        model = draw.fill(Residual(way_first))
        return backward_through(clip, model, model.layer, draw.normal(count, 4), 0.05, kind)

    def mine() -> Any:
        layer, incoming = draw.fill(nn.Linear(4, 3)), draw.normal(4, 3)
        kept = incoming.clone()
        clip(layer, 0.1)
        layer(draw.normal(4, 4)).backward(incoming)
        return "as it was" if torch.equal(incoming, kept) else "changed"

    cases = [(False, 4, "sum"), (True, 4, "sum"), (False, 1, "mean"), (True, 1, "mean")]
    words = {False: "layer(x) + x", True: "x + layer(x)"}
    return {
        **{
            f"{words[first]}, a batch of {count}, a {kind} loss": tried(
                lambda first=first, count=count, kind=kind: around(first, count, kind)
            )
            for first, count, kind in cases
        },
        "a gradient that the caller gave to backward": tried(mine),
    }


@clip_grad_output.criterion(
    "It acts in every backward pass until the handle that it returns is removed; other hooks stay",
    because="A clipping that you can't take away is one more fault to look for.",
)
def output_handle(clip: Any, draw: Draw) -> Any:
    def removed(count: int) -> Any:
        model, found = with_others(tower(draw)), {}
        before = hooks_on(model)
        handle = clip(model.middle, 0.05)
        x = draw.normal(count, 4)
        for when in ("the first", "the second", "after handle.remove()"):
            if "remove" in when:
                handle.remove()
            model.zero_grad()
            loss_of(model(x), "sum").backward()
            found[when] = gradients_of(model.middle)
        return {**found, **hooks_since(model, before)}

    def accumulated() -> Any:
        model = tower(draw)
        clip(model.middle, 0.05)
        for count in (4, 1):
            loss_of(model(draw.normal(count, 4)), "sum").backward()
        return gradients_of(model)

    def twice_through() -> Any:
        model, x = tower(draw), draw.normal(4, 4)
        clip(model.middle, 0.05)
        loss = loss_of(model(x), "sum")
        loss.backward(retain_graph=True)
        loss.backward()
        return gradients_of(model)

    def used_twice() -> Any:
        layer, x = draw.fill(nn.Linear(4, 4)), draw.normal(3, 4).requires_grad_()
        clip(layer, 0.2)
        loss_of(layer(torch.tanh(layer(x))), "sum").backward()
        return gradients_of(layer, x=x)

    def two_layers() -> Any:
        model = tower(draw)
        clip(model.last, 0.5)
        return backward_through(clip, model, model.first, draw.normal(3, 4), 0.02)

    cases: dict[str, Callable[[], Any]] = {
        "three backward passes": lambda: removed(4),
        "gradients of two batches accumulate": accumulated,
        "backward twice through one graph": twice_through,
        "a module that runs twice": used_twice,
        "two layers, each with its own max_norm": two_layers,
    }
    return {what: tried(case) for what, case in cases.items()}
