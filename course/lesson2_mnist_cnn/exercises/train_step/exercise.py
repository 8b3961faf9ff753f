"""What each criterion of `train_step` looks at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise, Raised, is_a, number, tried, type_of

from ..shared import (
    MODES,
    Batch,
    Watched,
    arriving,
    classifier,
    in_groups,
    large_logits,
    leave_gradients,
    numbers_of,
    plain,
    reader,
    samples,
    sgd,
)

train_step = Exercise(
    "train_step",
    requires="train_step",
    title="One step of training",
    minutes=20,
    difficulty=2,
    hints=[
        (
            "Say it in words first: switch the mode, forget old gradients, compute the loss, find its gradients, let "
            "the optimizer move. Each is one line, and the order matters."
        ),
        (
            "`F.cross_entropy` takes the raw logits and the labels, in this order, and averages over the batch by "
            "itself. No softmax before it."
        ),
        (
            "Gradients are *added* to what is already in `.grad`. Somebody may have left some there before your "
            "function was called, also in parameters that only the optimizer knows. Who can clear all of them?"
        ),
        (
            "The loss that you return is the one that you had before the step. It is still a tensor with its whole "
            "graph: which method gives the plain Python number?"
        ),
    ],
)


def step(function: Any, model: nn.Module, data: Batch, optimizer: Any) -> Any:
    """What `train_step` returns."""
    with torch.enable_grad():
        return function(model, *data, optimizer)


def after_steps(function: Any, model: nn.Module, batches: list[Batch], optimizer: Any) -> Any:
    """The weights after some steps, or what they raised."""

    def run() -> dict[str, torch.Tensor]:
        for data in batches:
            step(function, model, data, optimizer)
        return numbers_of(model)

    return tried(run)


@train_step.criterion(
    "Every module is in training mode, whatever its mode before, and sees the batch once",
    because="In eval mode batch norm keeps its old statistics; in training mode it learns from every run.",
)
def step_modes(function: Any, draw: Draw) -> Any:
    seen = {}
    for how in MODES:
        model, data = arriving(how, classifier(draw, p=0.0)), samples(draw, 5)
        seen[f"a model that arrives {how}"] = tried(lambda model=model, data=data: _trained(function, model, data))
    return seen


def _trained(function: Any, model: Watched, data: Batch) -> Any:
    step(function, model, data, sgd(model))
    return {"runs in": model.modes(), **dict(model.named_buffers())}


@train_step.criterion(
    "The weights move down the gradient of the mean cross-entropy of the logits",
    points=2,
    because="The step follows this gradient, as it is, and nothing else.",
)
def step_gradient(function: Any, draw: Draw) -> Any:
    seen = {}
    for count, classes in ((5, 3), (1, 3), (8, 10), (4, 2)):
        model, data = plain(draw, classes=classes), samples(draw, count, classes=classes)
        after = after_steps(function, model, [data], sgd(model))
        seen[f"weights after a batch of {count}, {classes} classes"] = after
    model = reader(3)
    return {**seen, "weights, logits of 100 and more": after_steps(function, model, [large_logits(draw)], sgd(model))}


@train_step.criterion(
    "No earlier gradient of any of the optimizer's parameters counts",
    points=2,
    because="backward() adds to what is in .grad, and the optimizer moves whatever has a gradient.",
)
def step_old_gradients(function: Any, draw: Draw) -> Any:
    seen = {}
    model, batches = plain(draw), [samples(draw, 5) for _ in range(3)]
    seen["weights after three steps"] = after_steps(function, model, batches, sgd(model))

    model, data = plain(draw), samples(draw, 5)
    leave_gradients(draw, model.parameters())
    seen["weights, when there were gradients before"] = after_steps(function, model, [data], sgd(model))

    model, data = plain(draw), samples(draw, 5)
    leave_gradients(draw, model.parameters())
    model[0].requires_grad_(False)
    seen["weights, when the first layer was frozen after that"] = after_steps(function, model, [data], sgd(model))

    model, data, extra = plain(draw), samples(draw, 5), nn.Parameter(draw.normal(3))
    leave_gradients(draw, [extra])
    outcome = after_steps(function, model, [data], torch.optim.SGD([*model.parameters(), extra], lr=0.5))
    alone = {"the parameter": extra.detach()} if isinstance(outcome, dict) else outcome
    seen["a parameter that the optimizer has, and the model has not"] = alone

    model, data = plain(draw), samples(draw, 5)
    leave_gradients(draw, model.parameters())
    seen["weights, when the optimizer has them in two groups"] = after_steps(function, model, [data], in_groups(model))
    return seen


@train_step.criterion(
    "The optimizer takes one step, by its own rule: momentum, weight decay, Adam",
    because="The same line trains with any optimizer that it is given.",
)
def step_optimizers(function: Any, draw: Draw) -> Any:
    makers: dict[str, Callable[[Any], torch.optim.Optimizer]] = {
        "momentum": lambda model: sgd(model, 0.2, momentum=0.9),
        "momentum and weight decay": lambda model: sgd(model, 0.2, momentum=0.9, weight_decay=0.1),
        # With the usual eps, a gradient that is zero but for rounding would move a number by a whole step.
        "Adam": lambda model: torch.optim.Adam(model.parameters(), lr=0.1, eps=1e-3),
        "two learning rates": in_groups,
        "the last layer alone": lambda model: sgd(model[2]),
    }
    seen = {}
    for what, make in makers.items():
        model, data = plain(draw), samples(draw, 5)
        seen[f"weights after one step, {what}"] = after_steps(function, model, [data], make(model))
    for what in ("momentum and weight decay", "Adam"):
        model, batches = plain(draw), [samples(draw, 5) for _ in range(3)]
        seen[f"weights after three steps, {what}"] = after_steps(function, model, batches, makers[what](model))
    return seen


@train_step.criterion(
    "It returns the loss from before the step",
    because="It is the loss that the step follows: on this batch, by the weights from before, every digit of it.",
    rtol=1e-5,
)
def step_loss(function: Any, draw: Draw) -> Any:
    seen = {}
    for count, lr in ((5, 0.1), (5, 5.0), (1, 1.0), (12, 1.0)):
        model, data = plain(draw), samples(draw, count)
        loss = tried(lambda model=model, data=data, lr=lr: number(step(function, model, data, sgd(model, lr))))
        seen[f"a batch of {count}, learning rate {lr}"] = loss
    large = tried(lambda: number(step(function, (model := reader(3)), large_logits(draw), sgd(model))))
    return {**seen, "logits of 100 and more": large}


@train_step.criterion(
    "What it returns is a Python float",
    because="A Python number can be printed, saved and kept; a tensor may hold its whole graph in memory.",
)
def step_type(function: Any, draw: Draw) -> Any:
    model, data = plain(draw), samples(draw, 5)
    loss = tried(lambda: step(function, model, data, sgd(model)))
    return {"type": loss if is_a(loss, Raised) else type_of(loss), "it is 0": number(loss) == 0}
