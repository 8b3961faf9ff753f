"""What each criterion of `affine` looks at."""

from __future__ import annotations

from functools import wraps
from typing import Any

import torch
from torch import nn

from autograder.criteria import (
    Codes,
    Draw,
    Exercise,
    Look,
    TorchDidIt,
    buffers_of,
    built,
    forbidden,
    held_as,
    held_in_containers,
    is_a,
    lineage,
    own_work,
    parameters_of,
    submodules_of,
    tried,
)

from ..shared import dtype_of, gradients, memory_shows, set_known


def parameter_facts(module: Any, name: str, *own: str) -> Any:
    """How `name` is held; for a registered parameter also its shape, and whether it is trainable."""
    held = held_as(module, name, *own)
    facts = parameters_of(module).get(name)
    if held != "a registered parameter" or not isinstance(facts, dict):
        return {"held as": held}
    return {"held as": held, "shape": facts["shape"], "requires_grad": facts.get("trainable", "no nn.Parameter")}


affine = Exercise(
    "affine",
    requires="Affine",
    title="An affine layer of your own",
    minutes=15,
    difficulty=1,
    hints=[
        (
            "A layer is two things: numbers that training changes, made once in `__init__`, and a formula in "
            "`forward`. Which class tells `nn.Module` that a tensor is to be trained?"
        ),
        (
            "Call `super().__init__()` first. Then assign an `nn.Parameter` to `self.weight` and one to "
            "`self.bias`. Do any arithmetic on the numbers before you wrap them, never after."
        ),
        (
            "Every output needs its own starting weights: random ones, `torch.randn` say, with shape "
            "(out_features, in_features). The bias may start at zero."
        ),
        (
            "In `forward`, `x` has its features last, however many dimensions come before. The operator `@` works "
            "on the last dimension of `x` and keeps the others; which way round must the weight stand for that?"
        ),
    ],
)


AFFINE_SIZES = ((3, 2), (1, 4), (5, 1))


LINEAR = Codes(nn.Linear.__init__, nn.Linear.forward)


def not_by_linear(look: Look) -> Look:
    """Where an nn.Linear does the work, a criterion sees only that."""

    @wraps(look)
    def watched(Affine: Any, draw: Draw) -> Any:
        def build(*sizes: Any) -> Any:
            layer = Affine(*sizes)
            ready = is_a(layer, nn.Module) and "_modules" in vars(layer)
            inside = [*nn.Module.modules(layer), *held_in_containers(layer)] if ready else []
            found.extend(part for part in inside if is_a(part, nn.Linear))
            return layer

        found: list[Any] = []
        try:
            with forbidden(LINEAR):
                return look(build, draw)
        finally:
            if found or (isinstance(Affine, type) and nn.Linear in lineage(Affine)):
                raise TorchDidIt

    return own_work("an nn.Linear does the work")(watched)


def parts(layer: Any) -> dict[str, torch.Tensor]:
    """The tensors that act as `weight` and `bias`: those of these names, else the first of two dimensions, or one, that
    is registered under another name or lies in a list or dict. So a wrong name costs its own points only."""
    others = [tensor for module in nn.Module.modules(layer) for tensor in vars(module)["_parameters"].values()]
    others += held_in_containers(layer)
    found = {}
    for name, dimensions in (("weight", 2), ("bias", 1)):
        fitting = [other for other in others if is_a(other, nn.Parameter) and other.dim() == dimensions]
        tensor = getattr(layer, name, None)
        if not is_a(tensor, torch.Tensor):
            tensor = fitting[0] if fitting else None
        if tensor is not None:
            found[name] = tensor
    return found


def known_affine(Affine: Any, draw: Draw, *sizes: int) -> Any:
    """An Affine with known numbers, wherever it keeps them."""
    layer = built(Affine, *sizes)
    set_known(parts(layer), draw)
    return layer


@affine.criterion(
    "`weight` is a trainable nn.Parameter of shape (out_features, in_features)",
    because="Optimizers see what `parameters()` finds, and saved models fit by names and shapes.",
)
@not_by_linear
def affine_weight(Affine: Any, draw: Draw) -> Any:
    return {f"Affine{sizes}": parameter_facts(built(Affine, *sizes), "weight", "bias") for sizes in AFFINE_SIZES}


@affine.criterion(
    "`bias` is a trainable nn.Parameter of shape (out_features,)",
    because="Without it the layer could only draw lines through the origin.",
)
@not_by_linear
def affine_bias(Affine: Any, draw: Draw) -> Any:
    return {f"Affine{sizes}": parameter_facts(built(Affine, *sizes), "bias", "weight") for sizes in AFFINE_SIZES}


@affine.criterion(
    "Nothing but `weight` and `bias` is registered",
    because="Whatever is registered is trained, saved and loaded with the model.",
)
@not_by_linear
def affine_nothing_else(Affine: Any, draw: Draw) -> Any:
    layer = built(Affine, 3, 2)
    own = {"weight", "bias"}
    if not (parameters_of(layer) or buffers_of(layer) or submodules_of(layer)):
        return "nothing at all is registered"
    return {
        "other parameters": len([name for name, facts in parameters_of(layer).items() if facts and name not in own]),
        "other buffers": len([name for name, facts in buffers_of(layer).items() if facts and name not in own]),
        "submodules": len(submodules_of(layer)),
    }


@affine.criterion(
    "The starting weights break the symmetry: the rows of `weight` are not all equal",
    because="Outputs that start equal get equal gradients, and stay equal for ever.",
)
@not_by_linear
def affine_symmetry(Affine: Any, draw: Draw) -> Any:
    with memory_shows():
        return {
            f"rows of Affine{sizes}.weight": _rows(parts(built(Affine, *sizes)).get("weight"))
            for sizes in ((3, 2), (1, 4), (4, 4), (20, 10))
        }


def _rows(weight: Any) -> str:
    if not is_a(weight, torch.Tensor) or weight.dim() == 0 or weight.numel() == 0:
        return "there is no weight"
    values = weight.detach().double()
    if values.isnan().all():
        return "never set: whatever lay in memory"
    equal = (values == values[0]) | (values.isnan() & values[0].isnan())
    return "all equal" if equal.all() else "not all equal"


@affine.criterion(
    "`forward` returns x·Wᵀ + b, for any number of leading dimensions of x",
    points=2,
    because="Each output is a weighted sum of the features plus its bias, whatever dimensions come before.",
)
@not_by_linear
def affine_forward(Affine: Any, draw: Draw) -> Any:
    layer = known_affine(Affine, draw, 3, 2)
    seen = {}
    for shape in ((5, 3), (3,), (1, 3), (2, 4, 3), (2, 1, 4, 3), (1, 2, 1, 2, 3)):
        x = draw.normal(*shape)
        seen[f"x of shape {shape}"] = tried(lambda x=x: layer(x))
    turned = draw.normal(4, 2, 3).transpose(0, 1)
    seen["x of shape (2, 4, 3), made by a transpose"] = tried(lambda: layer(turned))
    seen["forward(x) called by its name"] = tried(lambda: layer.forward(draw.normal(5, 3)))
    for sizes in (*AFFINE_SIZES[1:], (3, 3)):
        other = known_affine(Affine, draw, *sizes)
        seen[f"Affine{sizes}"] = tried(lambda other=other, sizes=sizes: other(draw.normal(3, sizes[0])))
    return seen


@affine.criterion(
    "It follows `.to(torch.float64)`, and gradients reach `weight`, `bias` and x there",
    because="`.to` moves what is registered, and `forward` has to use just that.",
)
@not_by_linear
def affine_moves(Affine: Any, draw: Draw) -> Any:
    layer = built(Affine, 3, 2).to(torch.float64)
    tensors = parts(layer)
    set_known(tensors, draw)
    dtypes = {f"dtype of {name}": dtype_of(tensors.get(name)) for name in ("weight", "bias")}
    if set(dtypes.values()) != {"float64"}:
        return dtypes  # mixed dtypes: what a forward pass says about them depends on how it is written
    x = draw.normal(5, 3).double().requires_grad_()
    output = tried(lambda: layer(x))
    return {**dtypes, **gradients(output, {**tensors, "x": x}, draw)}
