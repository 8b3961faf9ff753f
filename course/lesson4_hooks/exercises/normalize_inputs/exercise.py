"""What each criterion of `normalize_inputs` looks at."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise, refusal, tried

from ..shared import LOSSES, Skip, Tables, convolutions, shown, skipping, strangers

normalize_inputs = Exercise(
    "normalize_inputs",
    requires="normalize_inputs",
    title="Normalize at the door",
    minutes=15,
    difficulty=2,
    hints=[
        (
            "A pre-hook gets the module and a tuple of the positional inputs, and may return other ones. Which "
            "`register_...` is it?"
        ),
        (
            "What the hook returns takes the place of the whole tuple. So if there are more inputs than one, all the "
            "others have to be in what you return, as they were."
        ),
        (
            "`x -= mean` writes into the caller's own tensor. Calculate a new one, by a formula that autograd can "
            "follow: no `detach`, no `.data`, no `torch.no_grad()`."
        ),
        (
            "When must the error for a std of 0 come: at the first forward, or while whoever wrote the 0 is still "
            "looking? Only outside the hook can it come at once."
        ),
    ],
)


class Inputs(nn.Module):
    """A model with several inputs, which notes what arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: Any = None

    def forward(self, x: Any, *more: Any, **named: Any) -> Any:
        self.seen = {"the first input": x, "other inputs": more, "inputs by name": named}
        return x


@normalize_inputs.criterion(
    "The model gets (x - mean) / std",
    because="That is what to normalize means: away with the mean first, then into units of std.",
)
def normalize_formula(normalize_inputs: Any, draw: Draw) -> Any:
    def of(model: nn.Module, x: torch.Tensor, mean: float, std: float) -> Any:
        normalize_inputs(model, mean, std)
        return model(x).detach()

    x = draw.normal(4, 2)
    return {
        "mean 0.5, std 2.0": tried(lambda: of(draw.fill(skipping()), x, 0.5, 2.0)),
        "one sample": tried(lambda: of(draw.fill(skipping()), x[:1], -0.25, 0.5)),
        "in eval mode": tried(lambda: of(draw.fill(skipping()).eval(), x, 0.5, 2.0)),
        "images": tried(lambda: of(draw.fill(convolutions()), draw.normal(2, 1, 8, 8), 0.1307, 0.3081)),
        "a model that uses its input twice": tried(
            lambda: of(draw.fill(Skip(nn.Linear(2, 2), branch_first=False)), x, 0.5, 2.0)
        ),
        "ints": tried(lambda: of(nn.Identity(), x, 3, 2)), "mean 0, std 1": tried(lambda: of(nn.Identity(), x, 0, 1)),
        "a negative std": tried(lambda: of(nn.Identity(), x, 1.0, -2.0)),
        "a tiny std": tried(lambda: of(nn.Identity(), x, 0.5, 1e-30)),
        "bfloat16": tried(lambda: of(nn.Identity(), draw.integers(-9, 9, 2, 3).bfloat16(), 1.0, 2.0)),
        "float64": tried(lambda: of(draw.fill(skipping()).double(), x.double(), 0.5, 2.0)),
        "whole numbers as input": tried(lambda: of(nn.Identity(), draw.integers(0, 256, 2, 3), 127.5, 64.0)),
    }  # fmt: skip


@normalize_inputs.criterion(
    "Other inputs arrive as they were",
    because="What a pre-hook returns takes the place of all positional inputs, not of the first alone.",
)
def normalize_others(normalize_inputs: Any, draw: Draw) -> Any:
    x, mask = draw.integers(-9, 9, 2, 2).float(), draw.integers(2, 9, 2).float()

    def arriving(*inputs: Any, **named: Any) -> Any:
        model = Inputs()
        normalize_inputs(model, 1.0, 2.0)
        model(*inputs, **named)
        return shown(model.seen)

    def bilinear() -> Any:
        model = draw.fill(nn.Bilinear(2, 2, 3))
        normalize_inputs(model, 1.0, 2.0)
        return model(x, x + 1).detach()

    return {
        "one input": tried(lambda: arriving(x)), "two inputs": tried(lambda: arriving(x, mask)),
        "no tensors": tried(lambda: arriving(x, None, 3, "text")), "a tuple": tried(lambda: arriving(x, (mask, mask))),
        "the same tensor twice": tried(lambda: arriving(x, x)), "by name": tried(lambda: arriving(x, mask=mask)),
        "both": tried(lambda: arriving(x, mask, scale=2)), "nn.Bilinear": tried(bilinear),
    }  # fmt: skip


@normalize_inputs.criterion(
    "The caller's tensor is untouched, and gradients flow to it",
    because="The caller may use the same batch again, for the next epoch or for another model.",
)
def normalize_caller(normalize_inputs: Any, draw: Draw) -> Any:
    def untouched(x: torch.Tensor) -> Any:
        model, before = nn.Sequential(nn.Flatten()), x.clone()
        normalize_inputs(model, 0.5, 2.0)
        outputs = [model(x).clone() for _ in range(3)]
        return {
            "the tensor": "as it was" if torch.equal(before, x) else "changed",
            "three calls": "the same" if all(torch.equal(outputs[0], output) for output in outputs) else "different",
        }

    def gradients(loss: str, size: int) -> Any:
        model, x = draw.fill(skipping()), draw.normal(size, 2).requires_grad_()
        normalize_inputs(model, 0.5, 2.0)
        LOSSES[loss](model(x)).backward()
        return {"gradient of x": x.grad}

    def behind_a_layer() -> Any:
        model, x = draw.fill(skipping()), draw.normal(3, 2)
        normalize_inputs(model.head, 0.5, 2.0)
        model(x).square().mean().backward()
        return {"gradient of a weight before it": model.stem.weight.grad}

    return {
        "a batch": tried(lambda: untouched(draw.normal(3, 2))),
        "a part of a batch": tried(lambda: untouched(draw.normal(6, 2)[1:4])),
        **{f"{loss} loss, batch of {n}": tried(lambda n=n, k=loss: gradients(k, n)) for loss in LOSSES for n in (1, 4)},
        "in the middle of a model": tried(behind_a_layer),
    }


@normalize_inputs.criterion(
    "It returns the handle; several of them, and other people's hooks, get along",
    because="The handle is the only way back to the model as it was.",
)
def normalize_handle(normalize_inputs: Any, draw: Draw) -> Any:
    x = draw.normal(3, 2)

    def removing() -> Any:
        model = draw.fill(skipping())
        strangers(model)
        tables = Tables(model)
        handle = normalize_inputs(model, 0.5, 2.0)
        handle.remove()
        return {"output after removing": model(x).detach(), "the hook tables": tables.now()}

    def two() -> Any:
        model = nn.Identity()
        first = normalize_inputs(model, 1.0, 2.0)
        normalize_inputs(model, 3.0, 4.0)
        both = model(x)
        first.remove()
        return {"both of them": both, "the first removed": model(x)}

    def only_this_model() -> Any:
        one, other = nn.Identity(), nn.Identity()
        normalize_inputs(one, 1.0, 2.0)
        return {"another model": other(x)}

    return {"removed": tried(removing), "two of them": tried(two), "only on this model": tried(only_this_model)}


@normalize_inputs.criterion(
    "A std of 0 is a ValueError from this call itself, and nothing is registered",
    because="An error far from its cause, at the first forward some day, costs an afternoon.",
)
def normalize_zero(normalize_inputs: Any, draw: Draw) -> Any:
    def of(mean: float, std: float) -> Any:
        model = nn.Sequential(nn.Linear(2, 2))
        strangers(model)
        tables = Tables(model)
        return {"the error": refusal(lambda: normalize_inputs(model, mean, std)), "the hook tables": tables.now()}

    return {
        "0": tried(lambda: of(1, 0)), "0.0": tried(lambda: of(0.5, 0.0)), "-0.0": tried(lambda: of(0.5, -0.0)),
        "mean 0, std 0": tried(lambda: of(0, 0)),
    }  # fmt: skip
