"""What each criterion of `confusion_matrix` looks at."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from autograder.criteria import Draw, Exercise, is_a, tried, type_of

from ..shared import (
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

confusion_matrix = Exercise(
    "confusion_matrix",
    requires="confusion_matrix",
    title="What does it take for what?",
    minutes=20,
    difficulty=2,
    hints=[
        (
            "Start from a square of zeros, with the dtype that the text asks for. Each sample adds 1 in one place: row "
            "its true class, column the predicted one."
        ),
        (
            "`counts[labels, predicted] += 1` looks right, and loses samples: a place that occurs twice in the batch "
            "is still increased only once. A plain loop over the samples is fine."
        ),
        (
            "Without a loop: give each pair (true, predicted) one number, true · num_classes + predicted, and let "
            "`torch.bincount` count them. Its `minlength` is for pairs that never come."
        ),
        (
            "How the model is run is the same as in `evaluate`: eval mode, no graph, and every module's mode restored "
            "in a `finally`. The loader may be a generator."
        ),
    ],
)


def counts_of(matrix: Any) -> Any:
    """A matrix as float64, whatever it came in; anything else as it is."""
    if is_a(matrix, torch.Tensor):
        return matrix.detach().double().clone()
    return torch.as_tensor(matrix).double() if isinstance(matrix, list | np.ndarray) else matrix


@confusion_matrix.criterion(
    "The model runs in eval mode, all of it, and builds no graph",
    because="What is counted must be what the finished model would say.",
)
def confusion_running(function: Any, draw: Draw) -> Any:
    return while_running(lambda model, loader: function(model, loader, 3), draw)


@confusion_matrix.criterion(
    "Row: true class. Column: predicted class. Every sample of every batch is counted",
    points=2,
    because="Each sample of this call adds 1, in the row of what it is and the column of what it was taken for.",
)
def confusion_counts(function: Any, draw: Draw) -> Any:
    loader = loader_of(pairs(draw, 6, 3), 4)
    twice = [tried(lambda: counts_of(function(reader(3), loader, 3))) for _ in range(2)]
    if all(is_a(counts, torch.Tensor) for counts in twice) and float(twice[1].sum()) > float(twice[0].sum()):
        return {"two calls, one after the other": "the counts of the first call are in the second matrix as well"}

    seen = {}
    for count, classes, size in ((20, 3, 8), (12, 4, 1), (30, 2, 30)):
        loader = loader_of(pairs(draw, count, classes), size)
        counts = tried(lambda loader=loader, c=classes: counts_of(function(reader(c), loader, num_classes=c)))
        seen[f"{count} samples of {classes} classes, in batches of {size}"] = counts
    close = loader_of(close_logits(), 2)
    seen["logits of 2048 and 2049"] = tried(lambda: counts_of(function(reader(3), close, 3)))
    images, labels = pairs(draw, 20, 10)
    loader = loader_of((images, labels), 8)
    return {**seen, "ten classes, num_classes not given": tried(lambda: counts_of(function(reader(10), loader)))}


@confusion_matrix.criterion(
    "An int64 tensor of shape (num_classes, num_classes), also where classes never come",
    because="Counts are whole numbers, and a class that nobody saw still has its row and its column.",
)
def confusion_form(function: Any, draw: Draw) -> Any:
    seen = {}
    for classes in (10, 5, 1, 12):
        images = torch.nn.functional.one_hot(torch.tensor([0, 0, 0]), classes).float()
        loader = loader_of((images, torch.zeros(3, dtype=torch.int64)), 2)
        matrix = tried(lambda loader=loader, c=classes: _matrix_facts(function(reader(c), loader, c)))
        seen[f"{classes} classes, samples of the first one only"] = matrix
    loader = loader_of((torch.eye(3)[[0, 1]], torch.tensor([1, 0])), 2)
    seen["the last of 3 classes never comes"] = tried(lambda: _matrix_facts(function(reader(3), loader, 3)))
    return seen


def _matrix_facts(matrix: Any) -> Any:
    if not is_a(matrix, torch.Tensor):
        return type_of(matrix)
    return {"dtype": str(matrix.dtype), "shape": tuple(matrix.shape), "sum": float(matrix.sum())}


@confusion_matrix.criterion(
    "The loader may be any iterable, and is read once; an empty one gives zeros",
    because="A generator has no len() and no dataset, a second loop over it finds nothing, and of nothing all are 0.",
)
def confusion_loaders(function: Any, draw: Draw) -> Any:
    loader, seen = loader_of(pairs(draw, 7, 3), 3), {}
    for what, loaded in {**iterables(loader), "an empty list": [], "an empty generator": iter(())}.items():
        seen[what] = tried(lambda loaded=loaded: counts_of(function(reader(3), loaded, 3)))
    counting = Readable(loader)
    return {**seen, "times that it is read": tried(lambda: (function(reader(3), counting, 3), counting.times)[1])}


@confusion_matrix.criterion(
    "Every module is back in the mode that it was in, also when the loader or the model fails",
    because="Looking at a model's errors in the middle of training must not change how training goes on.",
)
def confusion_modes(function: Any, draw: Draw) -> Any:
    def three(model: Any, loader: Any) -> Any:
        return function(model, loader, 3)

    return {**modes_left(three, draw), **modes_left_on_errors(three, draw)}


@confusion_matrix.criterion(
    "Weights, buffers, requires_grad and torch's grad mode stay as they were",
    because="Whoever measures must not change what is measured.",
)
def confusion_leaves_alone(function: Any, draw: Draw) -> Any:
    return left_alone(lambda model, loader: function(model, loader, 3), draw)
