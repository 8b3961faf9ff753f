"""What each criterion of `running_center` looks at."""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise, built, held_as, is_a, tried

from ..shared import dtype_of, gradients, memory_shows, set_known

running_center = Exercise(
    "running_center",
    requires="RunningCenter",
    title="A layer that remembers: buffers",
    minutes=25,
    difficulty=3,
    hints=[
        (
            "`mean` is state: saved and moved with the model, but not trained. Which `register_…` method of "
            "`nn.Module` makes such a tensor?"
        ),
        (
            "`self.training` says which mode it is. In training two things happen: the output is made with the "
            "mean of this batch, and the buffer takes a small step towards that mean."
        ),
        (
            "The batch mean belongs to the graph where it makes the output, and not where it updates the buffer. "
            "`torch.no_grad()` or `.detach()`, but only there."
        ),
        (
            "Check the edges by hand: with momentum=0 the buffer never moves, with momentum=1 it is the last "
            "batch's mean, and N = 1 is a batch like any other."
        ),
    ],
)


def centre(RunningCenter: Any, draw: Draw, *arguments: Any, features: int = 4, **options: Any) -> Any:
    """A RunningCenter whose mean has known values."""
    layer = built(RunningCenter, features, *arguments, **options)
    mean = getattr(layer, "mean", None)
    set_known({"mean": mean} if is_a(mean, torch.Tensor) else {}, draw)
    return layer


@running_center.criterion(
    "`mean` is a buffer of zeros, in the state_dict and moved by `.to`",
    because="What a layer has learnt without gradients must travel with the model too.",
)
def center_buffer(RunningCenter: Any, draw: Draw) -> Any:
    with memory_shows():
        layer = built(RunningCenter, 4)
        first = getattr(layer, "mean", None)
        at_first = first.detach().clone() if is_a(first, torch.Tensor) else first
        later = tried(lambda: _built_later(RunningCenter, first))
    return {
        "held as": held_as(layer, "mean"),
        "values at first": at_first,
        "values at first of a layer that is built later": later,
        "in the state_dict": "mean" in nn.Module.state_dict(layer),
        "dtype after .to(torch.float64)": dtype_of(getattr(layer.to(torch.float64), "mean", None)),
    }


def _built_later(RunningCenter: Any, first: Any) -> Any:
    if is_a(first, torch.Tensor):
        with torch.no_grad():
            first.fill_(1.0)
    later = getattr(built(RunningCenter, 4), "mean", None)
    return later.detach().clone() if is_a(later, torch.Tensor) else later


@running_center.criterion(
    "In training mode it returns x − μ, with μ the mean over this batch",
    because="In training each batch is centred by its own mean: each feature's outputs then add up to zero.",
)
def center_training(RunningCenter: Any, draw: Draw) -> Any:
    seen = {}
    for count in (5, 1, 2):
        layer, x = centre(RunningCenter, draw), draw.normal(count, 4) + 1
        seen[f"a batch of {count}"] = tried(lambda layer=layer, x=x: layer(x))
    layer, batches = centre(RunningCenter, draw), [draw.normal(5, 4) + 1 for _ in range(2)]
    seen["the second batch of two"] = tried(lambda: [layer(x) for x in batches][-1])
    return seen


@running_center.criterion(
    "A training step sets mean to (1 − momentum)·mean + momentum·μ",
    points=2,
    because="The rule holds for each training step and each momentum from 0 to 1, without exceptions.",
)
def center_update(RunningCenter: Any, draw: Draw) -> Any:
    settings: dict[str, tuple[tuple[float, ...], dict[str, Any]]] = {
        "RunningCenter(4)": ((), {}), "RunningCenter(4, 0.3)": ((0.3,), {}),
        "RunningCenter(4, momentum=0.5)": ((), {"momentum": 0.5}),
        "RunningCenter(4, momentum=0.0)": ((), {"momentum": 0.0}),
        "RunningCenter(4, momentum=1.0)": ((), {"momentum": 1.0}),
    }  # fmt: skip
    seen = {}
    for name, (arguments, options) in settings.items():
        for counts in ((5,), (1,), (5, 2)):
            layer = centre(RunningCenter, draw, *arguments, **options)
            batches = [draw.normal(count, 4) + 1 for count in counts]
            mean = tried(lambda layer=layer, batches=batches: _mean_after(layer, batches))
            seen[f"{name}, a batch of {', then one of '.join(map(str, counts))}"] = mean
    layer, x = centre(RunningCenter, draw, 0.3), draw.normal(5, 4) + 1
    seen["RunningCenter(4, 0.3), a batch of 5, torch.no_grad()"] = tried(lambda: _mean_after(layer, [x], grad=False))
    for count in (5, 1):
        x = draw.normal(count, 1) + 1
        mean = tried(lambda x=x: _mean_after(centre(RunningCenter, draw, features=1), [x]))
        seen[f"RunningCenter(1), a batch of {count}"] = mean
    return seen


def _mean_after(layer: Any, batches: list[torch.Tensor], grad: bool = True) -> Any:
    with torch.set_grad_enabled(grad):
        for x in batches:
            layer(x)
    return getattr(layer, "mean", None)


@running_center.criterion(
    "After training steps `mean` is still the buffer, and carries no graph",
    because="What was a buffer before training must be one afterwards: registered, of its dtype, without a graph.",
)
def center_graph(RunningCenter: Any, draw: Draw) -> Any:
    layer = centre(RunningCenter, draw)
    seen = {"before the first step": _mean_facts(layer)}
    weight = draw.normal(4).requires_grad_()
    for step in ("first", "second"):
        seen[f"after the {step} step and its backward"] = tried(lambda: _train(layer, draw.normal(5, 4) * weight))
    seen["after a step in float64"] = tried(lambda: _step_in_float64(layer, draw))
    for momentum in (0.0, 1.0):
        key = f"momentum={momentum}, after a step and its backward"
        seen[key] = tried(
            lambda momentum=momentum: _train(centre(RunningCenter, draw, momentum), draw.normal(5, 4) * weight)
        )
    seen["a copy.deepcopy has the same mean"] = tried(lambda: _same_mean(copy.deepcopy(layer), layer))
    seen["load_state_dict brings it to a new layer"] = tried(lambda: _same_mean(_loaded(RunningCenter, layer), layer))
    return seen


def _train(layer: Any, x: torch.Tensor) -> Any:
    output = layer(x)
    if output.requires_grad:
        output.square().sum().backward()
    return _mean_facts(layer)


def _mean_facts(layer: Any) -> Any:
    held, mean = held_as(layer, "mean"), getattr(layer, "mean", None)
    if held != "a buffer":
        return {"held as": held}
    return {"held as": held, "carries a graph": mean.requires_grad or mean.grad_fn is not None}


def _step_in_float64(layer: Any, draw: Draw) -> Any:
    layer.to(torch.float64)(draw.normal(5, 4).double())
    facts = _mean_facts(layer)
    return {**facts, "dtype": dtype_of(layer.mean)} if facts["held as"] == "a buffer" else facts


def _loaded(RunningCenter: Any, layer: Any) -> Any:
    other = built(RunningCenter, 4).to(torch.float64)
    other.load_state_dict(layer.state_dict())
    return other


def _same_mean(layer: Any, other: Any) -> bool:
    return bool(torch.equal(layer.mean, other.mean))


@running_center.criterion(
    "In eval mode it returns x − mean and changes nothing",
    points=2,
    because="A prediction must not depend on the other samples, nor on earlier predictions.",
)
def center_eval(RunningCenter: Any, draw: Draw) -> Any:
    seen = {}
    for count in (5, 1):
        layer, x = centre(RunningCenter, draw).eval(), draw.normal(count, 4) + 1
        seen[f"a batch of {count}"] = tried(lambda layer=layer, x=x: _eval_facts(layer, x))
    predicting, x = centre(RunningCenter, draw).eval(), draw.normal(5, 4) + 1
    seen["a batch of 5, torch.no_grad()"] = tried(lambda: _eval_facts(predicting, x, grad=False))
    return seen


def _eval_facts(layer: Any, x: torch.Tensor, grad: bool = True) -> Any:
    given = x.clone()
    before = {key: value.clone() for key, value in _tensors(layer.state_dict()).items()}
    with torch.set_grad_enabled(grad):
        output = layer(given).detach().clone()
    after = _tensors(layer.state_dict())
    same = before.keys() == after.keys() and all(torch.equal(before[key], after[key]) for key in before)
    return {
        "output": output, "mean afterwards": getattr(layer, "mean", None), "x afterwards": given,
        "state_dict unchanged": same, "still in eval mode": not layer.training,
    }  # fmt: skip


def _tensors(state: dict[str, Any]) -> dict[str, torch.Tensor]:
    return {key: value for key, value in state.items() if is_a(value, torch.Tensor)}


@running_center.criterion(
    "Gradients flow to x in both modes, in training through μ as well",
    because="The layers before this one learn by these gradients; batch norm gives the same.",
)
def center_gradients(RunningCenter: Any, draw: Draw) -> Any:
    seen = {}
    for mode in ("training", "eval"):
        layer, x = centre(RunningCenter, draw).train(mode == "training"), draw.normal(5, 4).requires_grad_()
        seen[f"{mode} mode"] = tried(lambda layer=layer, x=x: gradients(layer(x), {"x": x}, draw))
    return seen
