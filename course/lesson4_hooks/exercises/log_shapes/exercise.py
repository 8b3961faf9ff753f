"""What each criterion of `log_shapes` looks at."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise, is_a, tried

from ..shared import (
    Odd,
    Tables,
    Twice,
    convolutions,
    one_relu,
    removed,
    same_results,
    skipping,
    strangers,
    with_two_parents,
)

log_shapes = Exercise(
    "log_shapes",
    requires="log_shapes",
    title="A log of all shapes",
    minutes=15,
    difficulty=2,
    hints=[
        (
            "`named_modules()` gives every module with its qualified name, a shared one once. A leaf is a module whose "
            "`children()` are none."
        ),
        (
            "A forward hook gets the module, its inputs and its output, but not its name. So every hook needs to know "
            "a name of its own, given to it when it is made."
        ),
        (
            "Do all your entries carry the last name? A function defined in a loop looks the loop's variable up when "
            "it is called, long after the loop. Cure: a function that gets the name as its argument and makes the hook."
        ),
        (
            "What does your hook return? Whatever is not None takes the place of the module's output. And what does "
            "your function return? Every `register_forward_hook` gave you something: collect it."
        ),
    ],
)


class Total(nn.Module):
    """A leaf that gives a tensor without axes."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.sum()


class Keyword(nn.Module):
    """Calls its leaf with a keyword."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(2, 3)

    def forward(self, x: torch.Tensor) -> Any:
        return self.inner(input=x)


def logged(log_shapes: Any, model: nn.Module, *inputs: torch.Tensor) -> list[Any]:
    """What stands in the log after the model has been called with each of the inputs."""
    log: list[Any] = []
    kept = log_shapes(model, log)
    for x in inputs:
        model(x)
    del kept
    return log


def shapes_in(log_shapes: Any, model: nn.Module, *inputs: torch.Tensor) -> list[Any]:
    """The entries of that log."""
    return entries(logged(log_shapes, model, *inputs))


def entries(log: list[Any]) -> list[Any]:
    """The entries of a log, those as text that are a name and a shape. A torch.Size is a tuple like any other."""
    return [repr((entry[0], tuple(entry[1]))) if _well_made(entry) else entry for entry in log]


def _well_made(entry: Any) -> bool:
    if not (is_a(entry, tuple) and len(entry) == 2 and type(entry[0]) is str and is_a(entry[1], tuple)):
        return False
    return all(type(size) is int for size in entry[1])


def firsts(entries: list[Any]) -> list[Any]:
    """The first item of every entry."""
    return [entry[0] if is_a(entry, tuple) or is_a(entry, list) else entry for entry in entries]


@log_shapes.criterion(
    "Every leaf that runs is in the log under its qualified name, and containers are not",
    points=1.5,
    because="A container only passes on what its leaves give, and would double their entries.",
)
def shapes_names(log_shapes: Any, draw: Draw) -> Any:
    image, x = draw.normal(1, 1, 8, 8), draw.normal(3, 2)
    return {
        "two levels": tried(lambda: firsts(logged(log_shapes, convolutions(), image))),
        "lists, dicts and an empty nn.Sequential": tried(lambda: firsts(logged(log_shapes, Odd(), x))),
        "a residual block": tried(lambda: firsts(logged(log_shapes, skipping(), x))),
        "a model that is a leaf itself": tried(lambda: firsts(logged(log_shapes, nn.Linear(2, 2), x))),
    }


@log_shapes.criterion(
    "Each entry is (qualified name, tuple(output.shape))",
    because="The shapes of the outputs are what tells you where a network goes wrong.",
)
def shapes_entries(log_shapes: Any, draw: Draw) -> Any:
    return {
        "a batch of one": tried(lambda: shapes_in(log_shapes, Twice(nn.Linear(2, 2), nn.ReLU()), draw.normal(1, 2))),
        "four images": tried(lambda: shapes_in(log_shapes, convolutions(), draw.normal(4, 1, 8, 8))),
        "a single vector": tried(lambda: shapes_in(log_shapes, Odd(), draw.normal(2))),
        "a leaf that gives a scalar": tried(lambda: shapes_in(log_shapes, nn.Sequential(Total()), draw.normal(2))),
        "a leaf that is called with a keyword": tried(lambda: shapes_in(log_shapes, Keyword(), draw.normal(5, 2))),
    }


@log_shapes.criterion(
    "Each call appends an entry; a layer with two names is hooked once, under its first name",
    because="named_modules() gives a module once, however many names it has, and a hook is called at every use.",
)
def shapes_calls(log_shapes: Any, draw: Draw) -> Any:
    def with_two_logs() -> Any:
        model, logs = nn.Sequential(nn.Linear(2, 3)), ([], ["before"])
        kept = [log_shapes(model, log) for log in logs]
        model(torch.ones(1, 2))
        del kept
        return {"one log": entries(logs[0]), "another log, not empty before": entries(logs[1])}

    shared = Twice(nn.Linear(2, 2), nn.Tanh())
    two_blocks = nn.Sequential(nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.Tanh())), nn.Linear(2, 2))
    two_blocks.append(two_blocks[0])
    return {
        "one ReLU, used twice, in two calls": tried(
            lambda: shapes_in(log_shapes, one_relu(), draw.normal(1, 2), draw.normal(4, 2))
        ),
        "a layer with two names": tried(lambda: shapes_in(log_shapes, shared, draw.normal(3, 2))),
        "a block with two names": tried(lambda: shapes_in(log_shapes, two_blocks, draw.normal(3, 2))),
        "a layer in two containers": tried(lambda: shapes_in(log_shapes, with_two_parents(), draw.normal(3, 2))),
        "two logs at the same time": tried(with_two_logs),
    }


@log_shapes.criterion(
    "The model's outputs and gradients stay what they are",
    because="Whoever measures must not change what is measured.",
)
def shapes_unchanged(log_shapes: Any, draw: Draw) -> Any:
    models = {
        "images": (convolutions(), draw.normal(2, 1, 8, 8)),
        "a residual block": (skipping(), draw.normal(3, 2)),
        "a layer used twice": (Twice(nn.Linear(2, 2), nn.Tanh()), draw.normal(1, 2)),
    }

    def with_a_log(model: nn.Module) -> list[Any]:
        log: list[Any] = []
        kept.append(log_shapes(model, log))
        return log

    kept: list[Any] = []
    return {
        what: tried(lambda model=model, x=x: same_results(draw.fill(model), x, with_a_log))
        for what, (model, x) in models.items()
    }


@log_shapes.criterion(
    "It returns the handles: removing them ends the log, and other people's hooks stay",
    because="A hook without a handle stays on the model for as long as the model lives.",
)
def shapes_handles(log_shapes: Any, draw: Draw) -> Any:
    def after(model: nn.Module, x: torch.Tensor) -> Any:
        notes, log = strangers(model), []
        tables = Tables(model)
        handles = log_shapes(model, log)
        seen = f"{len(handles)} handles in a {'list' if is_a(handles, list) else type(handles).__name__}"
        seen += f"; hooks at first: {tables.now()}"
        removed(handles)
        model(x)
        seen += f"; after removing: {tables.now()}"
        return f"{seen}; entries in the log {len(log)}, calls of other hooks {len(notes)}"

    def first_removed() -> Any:
        model, log = skipping(), []
        log_shapes(model, log)[0].remove()
        model(draw.normal(1, 2))
        return firsts(log)

    return {
        "images": tried(lambda: after(convolutions(), draw.normal(1, 1, 8, 8))),
        "lists, dicts and an empty nn.Sequential": tried(lambda: after(Odd(), draw.normal(1, 2))),
        "a layer with two names": tried(lambda: after(Twice(nn.Linear(2, 2), nn.Tanh()), draw.normal(1, 2))),
        "only the first handle removed": tried(first_removed),
    }
