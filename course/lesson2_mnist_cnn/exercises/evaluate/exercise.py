"""What each criterion of `evaluate` looks at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from autograder.criteria import Draw, Exercise, number, raised, refusal, tried, type_of

from ..shared import (
    Batch,
    Readable,
    close_logits,
    iterables,
    left_alone,
    loader_of,
    modes_left,
    modes_left_on_errors,
    pairs,
    reader,
    while_running,
)


def named_refusal(function: Callable[[], Any]) -> Any:
    """Like `refusal`, but another error than a ValueError is named."""
    try:
        function()
    except ValueError:
        return "a ValueError"
    except Exception as error:
        return refusal(function) if isinstance(error, NotImplementedError) else f"a {raised(error).types[0]}"
    return "no error"


def graded(draw: Draw, rights: list[bool], classes: int) -> Batch:
    """Inputs for `reader`, which is right where `rights` says so."""
    images = draw.normal(len(rights), classes)
    wrong = draw.integers(1, classes, len(rights)) * torch.tensor([0 if right else 1 for right in rights])
    return images, (images.argmax(dim=1) + wrong) % classes


evaluate = Exercise(
    "evaluate",
    requires="evaluate",
    title="How good is it?",
    minutes=25,
    difficulty=3,
    hints=[
        (
            "Two counters: how many samples were right, and how many there were. Divide once, at the end. A mean of "
            "the batches' means counts a small last batch too much."
        ),
        (
            "Two switches that have nothing to do with each other: `model.eval()` for batch norm and dropout, and "
            "`torch.no_grad()` for the graph. You need both."
        ),
        (
            "The mode is not one flag: each module has its own `training`. Note all of them before you change "
            "anything (`model.modules()` gives the modules), and write them back afterwards."
        ),
        (
            "Afterwards means also when the loader or the model raises. `try: … finally: …` is made for that. What "
            "does your division do when there was no sample at all?"
        ),
    ],
)


@evaluate.criterion(
    "The model runs in eval mode, all of it, and builds no graph",
    because="eval() and no_grad() do different things: one changes what layers compute, the other what is kept.",
)
def evaluate_running(function: Any, draw: Draw) -> Any:
    return while_running(function, draw)


@evaluate.criterion(
    "It returns the share of all samples that are right, between 0 and 1, as a Python float",
    points=2,
    because="Every sample counts once, whatever batch it is in: the right ones, divided by all.",
)
def evaluate_accuracy(function: Any, draw: Draw) -> Any:
    cases = {
        "ten classes, batches of 5, 5 and 2": ("1111000100" + "11", 10, 5),
        "three classes, batches of 4, 4 and 1": ("10001110" + "0", 3, 4),
        "two classes, one batch of 3": ("110", 2, 3),
        "batches of one sample": ("01101", 4, 1),
        "all right": ("111111", 3, 4),
        "none right": ("000000", 3, 4),
    }
    seen = {}
    for what, (rights, classes, size) in cases.items():
        loader = loader_of(graded(draw, [right == "1" for right in rights], classes), size)
        seen[what] = tried(lambda loader=loader, classes=classes: number(function(reader(classes), loader)))
    close = tried(lambda: number(function(reader(3), loader_of(close_logits(), 2))))
    seen["logits of 2048 and 2049"] = close
    loader = loader_of(graded(draw, [True, False, True], 3), 2)
    return {**seen, "type": tried(lambda: type_of(function(reader(3), loader)))}


@evaluate.criterion(
    "The loader may be any iterable, and is read once",
    because="A generator has no len() and no dataset, and a second loop over it finds nothing.",
)
def evaluate_loaders(function: Any, draw: Draw) -> Any:
    loader, seen = loader_of(graded(draw, [True, False, True, True, False, True, True], 3), 3), {}
    for what, loaded in iterables(loader).items():
        seen[what] = tried(lambda loaded=loaded: number(function(reader(3), loaded)))
    counting = Readable(loader)
    return {**seen, "times that it is read": tried(lambda: (function(reader(3), counting), counting.times)[1])}


@evaluate.criterion(
    "Every module is back in the mode that it was in",
    because="An evaluation in the middle of training must not change how training goes on.",
)
def evaluate_modes(function: Any, draw: Draw) -> Any:
    return modes_left(function, draw)


@evaluate.criterion(
    "The modes are restored also when the loader or the model fails, and the error comes through",
    because="In a notebook you catch the error, go on, and train a model that is still in eval mode.",
)
def evaluate_errors(function: Any, draw: Draw) -> Any:
    return modes_left_on_errors(function, draw)


@evaluate.criterion(
    "Weights, buffers, requires_grad and torch's grad mode stay as they were",
    because="Whoever measures must not change what is measured.",
)
def evaluate_leaves_alone(function: Any, draw: Draw) -> Any:
    return left_alone(function, draw)


@evaluate.criterion(
    "An empty loader raises ValueError",
    because="There is no accuracy of nothing; 0 would look like a very bad model.",
)
def evaluate_empty(function: Any, draw: Draw) -> Any:
    empty: dict[str, Any] = {"an empty list": [], "an empty generator": iter(())}
    seen = {what: named_refusal(lambda loader=loader: function(reader(3), loader)) for what, loader in empty.items()}
    return {**seen, "one sample": named_refusal(lambda: function(reader(3), loader_of(pairs(draw, 1, 3), 1)))}
