"""What each criterion of `count_parameters` looks at."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise, is_a, tried, type_of, whole

from ..shared import frozen

count_parameters = Exercise(
    "count_parameters",
    requires="count_parameters",
    title="How big is this model?",
    minutes=10,
    difficulty=1,
    hints=[
        "`nn.Module` has a method that walks through the whole model and yields every parameter once. Which?",
        (
            "Every parameter is a tensor of some shape. You want the number of its entries, not the number of "
            "tensors: look for the tensor method that counts elements."
        ),
        (
            "A frozen parameter is one whose `requires_grad` is False. The built-in `sum` takes a generator with "
            "an `if`, and gives a Python int when it adds up Python ints."
        ),
    ],
)


class Odd(nn.Module):
    """Parameters of shapes that are easily miscounted, one registered as None, and a bare one in a ParameterList."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.scalar = nn.Parameter(torch.zeros(()))
        self.empty = nn.Parameter(torch.zeros(0, width))
        self.cube = nn.Parameter(torch.zeros(2, 3, width))
        self.register_parameter("nothing", None)
        self.gains = nn.ParameterList([nn.Parameter(torch.zeros(width)), nn.Parameter(torch.zeros(1))])


def nested(width: int) -> nn.Module:
    """Convolutions and linear layers, two levels down."""
    inner = nn.Sequential(nn.Conv2d(2, width, 3), nn.ReLU(), nn.Sequential(nn.Linear(width, 3, bias=False)))
    return nn.Sequential(inner, nn.ModuleDict({"head": nn.Linear(3, width)}))


def tied(how: str) -> nn.Module:
    """Two linear layers that share: a Parameter object, a whole module, or only the memory of their weights."""
    first, second = nn.Linear(4, 4), nn.Linear(4, 4)
    if how == "one Parameter under two names":
        second.weight = first.weight
    if how == "one module under two names":
        second = first
    if how == "two Parameters on the same memory":
        second.weight = nn.Parameter(first.weight.detach())
    return nn.Sequential(first, nn.ReLU(), second)


def number(value: Any) -> Any:
    """A count as a Python int, in whatever numeric type it came; all texts are alike."""
    return "a text" if is_a(value, str) else whole(value)


def counted(count: Any, *arguments: Any, **options: Any) -> Any:
    """What `count` says, as an int."""
    return tried(lambda: number(count(*arguments, **options)))


@count_parameters.criterion(
    "It counts all entries of all parameters, however deep and of whatever shape",
    points=2,
    because="A Linear(784, 512) is two parameters, and 401,920 numbers.",
)
def count_entries(count: Any, draw: Draw) -> Any:
    width = draw.integer(4, 9)
    layer = nn.Linear(width, 3)
    return {
        "one nn.Linear": counted(count, layer),
        "nested modules": counted(count, nested(width)),
        "shapes (), (0, n), (2, 3, n) and a ParameterList": counted(count, Odd(width)),
        "the same nn.Linear, counted again": counted(count, layer),
    }


@count_parameters.criterion(
    "A tied parameter, the same Parameter object under two names, counts once",
    because="One object is one parameter, for the optimizer too; two objects are two, however alike.",
)
def count_tied(count: Any, draw: Draw) -> Any:
    ways = ("one Parameter under two names", "one module under two names", "two Parameters on the same memory")
    equal = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    with torch.no_grad():
        for parameter in equal.parameters():
            parameter.zero_()
    return {**{how: counted(count, tied(how)) for how in ways}, "two Parameters of equal values": counted(count, equal)}


@count_parameters.criterion(
    "Buffers never count",
    because="Running statistics are state, and no optimizer ever moves them.",
)
def count_buffers(count: Any, draw: Draw) -> Any:
    width = draw.integer(4, 9)
    return {
        "nn.BatchNorm1d": counted(count, nn.BatchNorm1d(width)),
        "BatchNorm without parameters": counted(count, nn.BatchNorm1d(width, affine=False)),
        "trainable_only=True": counted(count, nn.BatchNorm1d(width), trainable_only=True),
    }


@count_parameters.criterion(
    "With trainable_only=True frozen parameters are left out, otherwise they count",
    points=2,
    because="When you fine-tune, most of a model is frozen, and both numbers matter.",
)
def count_trainable(count: Any, draw: Draw) -> Any:
    width = draw.integer(4, 9)
    half = [frozen(nested(width), "1.head.weight", "0.0.bias") for _ in range(4)]
    used = nn.Linear(width, 3)
    used.weight.grad = torch.ones_like(used.weight)
    all_frozen = [frozen(nn.Linear(width, 3), "weight", "bias") for _ in range(2)]
    return {
        "some frozen": counted(count, half[0]),
        "some frozen, trainable_only=False": counted(count, half[1], trainable_only=False),
        "some frozen, trainable_only=True": counted(count, half[2], trainable_only=True),
        "some frozen, second argument True": counted(count, half[3], True),
        "none frozen, trainable_only=True": counted(count, nn.Linear(width, 3), trainable_only=True),
        "none frozen, one with a gradient, trainable_only=True": counted(count, used, trainable_only=True),
        "eval mode, trainable_only=True": counted(count, nn.Linear(width, 3).eval(), trainable_only=True),
        "all frozen": counted(count, all_frozen[0]),
        "all frozen, trainable_only=True": counted(count, all_frozen[1], trainable_only=True),
    }


@count_parameters.criterion(
    "It works on the meta device, where tensors have shapes but no values",
    because="That is how people look at a model that is too big for their memory.",
)
def count_meta(count: Any, draw: Draw) -> Any:
    width = draw.integer(4, 9)
    return {
        "nested modules": counted(count, nested(width).to("meta")),
        "nested modules, trainable_only=True": counted(count, nested(width).to("meta"), trainable_only=True),
        "a layer as big as 10¹² numbers": counted(count, nn.Linear(10**6, 10**6, device="meta")),
    }


@count_parameters.criterion(
    "It returns a Python int, 0 for a model without parameters, and leaves the model alone",
    because="The contract promises an int: a tensor would print, format and compare differently.",
)
def count_type(count: Any, draw: Draw) -> Any:
    model = frozen(nn.Linear(3, 2), "bias")
    types = {
        "type for an nn.Linear": tried(lambda: type_of(count(model))),
        "type with trainable_only=True": tried(lambda: type_of(count(model, trainable_only=True))),
        "type for nn.ReLU()": tried(lambda: type_of(count(nn.ReLU()))),
    }
    return {
        **types,
        "requires_grad afterwards": [parameter.requires_grad for parameter in model.parameters()],
        "more than 0 for an nn.Linear": tried(lambda: count(model) > 0),
        "count for nn.ReLU()": counted(count, nn.ReLU()),
        "count for nn.ReLU(), trainable_only=True": counted(count, nn.ReLU(), trainable_only=True),
    }
