"""What each criterion of `fit` looks at."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise, Raised, number, tried, type_of

from ..shared import (
    FAR,
    MODES,
    Readable,
    Watched,
    arriving,
    classifier,
    close_logits,
    fails,
    in_groups,
    iterables,
    large_logits,
    leave_gradients,
    loader_of,
    numbers_of,
    plain,
    reader,
    samples,
    sgd,
)

fit = Exercise(
    "fit",
    requires="fit",
    title="The training loop",
    minutes=30,
    difficulty=3,
    hints=[
        (
            "An outer loop over the epochs, and in it two loops, one after the other: over the training batches, and "
            "over the test batches. The first is train_step, the second is evaluate, written out or as helpers."
        ),
        (
            "Which mode is the model in when the *second* epoch begins? Whoever switches to eval mode for testing must "
            "switch back before the next training batch."
        ),
        (
            "A batch's loss is a mean over its samples. For the mean over the whole epoch, multiply it by the number "
            "of samples in the batch, add up, and divide by the number of all samples at the end."
        ),
        (
            "Counters and sums start from zero in each epoch. Count samples while you loop: a generator has no "
            "`len()`. And put plain numbers into the dict, `.item()`, not tensors."
        ),
    ],
)


KEYS = ("epoch", "train_loss", "test_accuracy")


def fitted(function: Any, model: nn.Module, loaders: tuple[Any, Any], optimizer: Any, epochs: int) -> Any:
    """What `fit` returns."""
    with torch.enable_grad():
        return function(model, *loaders, optimizer, epochs)


def column(history: Any, key: str) -> Any:
    """The numbers under one key of a history, epoch by epoch, whatever numeric type they came in."""
    if not isinstance(history, list | tuple):
        return f"the history is of type {type_of(history)}"
    return [number(row.get(key, "missing")) if isinstance(row, dict) else type_of(row) for row in history]


def loaders(draw: Draw, train: int = 9, test: int = 7, far: float = 0.0) -> tuple[Any, Any]:
    """A training and a test loader; the test images lie `far` away from the training images."""
    images, labels = samples(draw, test)
    return loader_of(samples(draw, train), 4), loader_of((images + far, labels), 3)


@fit.criterion(
    "Every step runs in training mode in every epoch, every test in eval mode and without a graph",
    because="Batch norm and dropout do one thing in training and another in tests, and each epoch has both.",
)
def fit_modes(function: Any, draw: Draw) -> Any:
    seen = {}
    for how in MODES:
        model, both = arriving(how, classifier(draw, p=0.0)), loaders(draw, train=8, test=6, far=FAR)
        seen[f"a model that arrives {how}"] = tried(lambda model=model, both=both: _modes_in_fit(function, model, both))
    return seen


def _modes_in_fit(function: Any, model: Watched, both: tuple[Any, Any]) -> Any:
    fitted(function, model, both, sgd(model, 0.1), 2)
    return {
        "training steps run in": model.modes(test=False, graph=True),
        "tests run in": model.modes(test=True),
        "tests build a graph": model.graphs(test=True),
        "the batch norm's running_mean afterwards": model.body[1][0].running_mean,
    }


@fit.criterion(
    "Each epoch makes one step for each batch, as train_step does",
    points=2,
    because="After the same steps from the same numbers, every single weight must agree.",
)
def fit_weights(function: Any, draw: Draw) -> Any:
    seen = {}
    for epochs in (1, 3):
        model, both = plain(draw), loaders(draw)
        seen[f"weights after {_epochs(epochs)}"] = _weights(function, model, both, sgd(model), epochs)
    model, both = plain(draw), loaders(draw)
    seen["weights after 2 epochs with momentum"] = _weights(function, model, both, sgd(model, 0.2, momentum=0.9), 2)
    model, both = plain(draw), loaders(draw)
    leave_gradients(draw, model.parameters())
    seen["weights after 1 epoch, when there were gradients before"] = _weights(function, model, both, sgd(model), 1)

    model, both, extra = plain(draw), loaders(draw), nn.Parameter(draw.normal(3))
    leave_gradients(draw, [extra])
    outcome = _weights(function, model, both, torch.optim.SGD([*model.parameters(), extra], lr=0.5), 1)
    alone = {"the parameter": extra.detach()} if isinstance(outcome, dict) else outcome
    seen["a parameter that the optimizer has, and the model has not"] = alone

    model, both = plain(draw), loaders(draw)
    leave_gradients(draw, model.parameters())
    seen["weights, when the optimizer has them in two groups"] = _weights(function, model, both, in_groups(model), 1)
    return seen


def _epochs(count: int) -> str:
    return f"{count} epoch" + "s" * (count != 1)


def _weights(function: Any, model: nn.Module, both: tuple[Any, Any], optimizer: Any, epochs: int) -> Any:
    return tried(lambda: (fitted(function, model, both, optimizer, epochs), numbers_of(model))[1])


@fit.criterion(
    "The history is a list with one dict an epoch, numbered from 1, of Python numbers; 0 epochs give []",
    because="Plots, tables and json read it: one dict an epoch, the same names in each, plain numbers.",
)
def fit_history(function: Any, draw: Draw) -> Any:
    model, both = plain(draw), loaders(draw)
    earlier = tried(lambda: fitted(function, model, both, sgd(model), 1))
    before = {id(row) for row in earlier} if isinstance(earlier, list) else set()
    seen = {}
    for epochs in (3, 1, 0):
        model, both = plain(draw), loaders(draw)
        history = tried(lambda m=model, both=both, epochs=epochs: fitted(function, m, both, sgd(m), epochs))
        again = isinstance(history, list) and any(id(row) in before for row in history)
        seen[_epochs(epochs)] = "the rows of an earlier call are in it as well" if again else _form(history)
    return seen


def _form(history: Any) -> Any:
    if not isinstance(history, list):
        return history if isinstance(history, Raised) else f"the history is of type {type_of(history)}, no list"
    types: dict[str, Any] = {"rows": [type_of(row) for row in history]}
    for key in KEYS:
        rows = [row for row in history if isinstance(row, dict)]
        types[f"types of {key}"] = [type_of(row[key]) if key in row else "missing" for row in rows]
    return {**types, "epoch": column(history, "epoch")}


@fit.criterion(
    "train_loss is the mean over all samples of the epoch, of the losses before the steps",
    points=2,
    because="Every sample counts once, whatever batch it is in, with the loss that its step followed.",
    rtol=1e-5,
)
def fit_losses(function: Any, draw: Draw) -> Any:
    seen = {}
    for train in (9, 8, 3):
        model, both = plain(draw), loaders(draw, train=train)
        losses = tried(lambda m=model, both=both: column(fitted(function, m, both, sgd(m), 2), "train_loss"))
        seen[f"train_loss of 2 epochs over {train} samples in batches of 4"] = losses
    return {**seen, "train_loss, logits of 100 and more": standing_still(function, draw, "train_loss")}


@fit.criterion(
    "test_accuracy is measured after each epoch's training, over all test samples",
    because="It says how good the model is now: not before the epoch, and not on the data it has just seen.",
)
def fit_accuracies(function: Any, draw: Draw) -> Any:
    seen = {}
    for shift, what in ((0, "for the better"), (1, "for the worse")):
        model, both = slow_learner(draw, shift)
        history = tried(lambda m=model, both=both: column(fitted(function, m, both, sgd(m, 1.0), 3), "test_accuracy"))
        seen[f"test_accuracy of 3 epochs that change the model {what}"] = history
    return {**seen, "test_accuracy, logits of 2048 and 2049": standing_still(function, draw, "test_accuracy")}


def standing_still(function: Any, draw: Draw, key: str) -> Any:
    """What an epoch measures that trains at a learning rate of 0 on large logits, and tests on close ones."""
    model, both = reader(3), (loader_of(large_logits(draw), 4), loader_of(close_logits(), 3))
    return tried(lambda: column(fitted(function, model, both, sgd(model, 0.0), 1), key))


def slow_learner(draw: Draw, shift: int) -> tuple[nn.Sequential, tuple[Any, Any]]:
    """A model that takes each class for the next one at first, and learns one of three in each epoch; one test sample
    has a wrong label. With `shift` 1 the test labels are those next ones. No decision is close, so rounding changes
    none."""
    fastest = draw.integer(0, 3)
    order = [(fastest + place) % 3 for place in range(3)]
    model = nn.Sequential(nn.Linear(3, 3, bias=False))
    with torch.no_grad():
        model[0].weight.zero_()
        for number_of_class in range(3):
            model[0].weight[number_of_class, number_of_class] = -1.0
            model[0].weight[(number_of_class + 1) % 3, number_of_class] = 0.1
    fast = torch.eye(3)[order] * torch.tensor([[3.0], [1.6], [1.05]])
    train = loader_of((fast, torch.tensor(order)), 3)
    shown = [order[place] for place in (0, 0, 0, 0, 1, 1, 2)]
    labels = [(label + shift) % 3 for label in [*shown[:3], shown[3] + 1, *shown[4:]]]
    return model, (train, loader_of((torch.eye(3)[shown], torch.tensor(labels)), 3))


@fit.criterion(
    "The loaders may be any iterables; each is read once an epoch",
    because="A loader that shuffles gives other batches each time, a generator has no len(), an empty one no accuracy.",
)
def fit_loaders(function: Any, draw: Draw) -> Any:
    seen: dict[str, Any] = {}
    train, test = loaders(draw)
    kinds = zip(iterables(train).items(), iterables(test).values(), strict=True)
    for (what, train_loaded), test_loaded in kinds:
        model = plain(draw)
        seen[f"1 epoch, {what}"] = tried(
            lambda m=model, a=train_loaded, b=test_loaded: _last(fitted(function, m, (a, b), sgd(m), 1))
        )
    model, both = plain(draw), (Readable(train, turning=True), Readable(test))
    seen["weights after 3 epochs of a loader that changes its order"] = _weights(function, model, both, sgd(model), 3)
    seen["times that the training loader is read in 3 epochs"] = both[0].times
    seen["times that the test loader is read in 3 epochs"] = both[1].times
    model = plain(draw)
    failed = fails(lambda: fitted(function, model, (train, []), sgd(model), 1))
    seen["1 epoch, an empty test loader"] = {True: "it raises", False: "no error"}.get(failed, failed)
    return seen


def _last(history: Any) -> Any:
    return {key: column(history, key) for key in KEYS[1:]}
