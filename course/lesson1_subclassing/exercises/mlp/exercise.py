"""What each criterion of `mlp` looks at."""

from __future__ import annotations

import re
from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise, built, held_in_containers, is_a, refusal, tried

mlp = Exercise(
    "mlp",
    requires="MLP",
    title="A network of any depth",
    minutes=20,
    difficulty=2,
    hints=[
        "How many layers belong to `[784, 128, 10]`? Each layer connects one size with the next.",
        "A Python list hides its layers from `nn.Module`. Which container of torch's own is a list that registers?",
        (
            "`zip(sizes, sizes[1:])` gives the pairs (in, out). Only the `nn.Linear`s go into `self.layers`; what "
            "has no parameters can be called in `forward`, as `F.relu`."
        ),
        (
            "After which layers comes a ReLU? Let the position in `self.layers` decide, not the width. And look at "
            "`len(sizes)` before you build anything."
        ),
    ],
)


def linears_of(model: Any) -> list[nn.Linear]:
    """The nn.Linears of a model in the order of the numbers in their names, those in plain containers last."""
    registered = [item for item in nn.Module.named_modules(model) if is_a(item[1], nn.Linear)]
    found = [module for _, module in sorted(registered, key=lambda item: _last_number(item[0]))]
    for item in held_in_containers(model):
        if is_a(item, nn.Linear) and not any(item is other for other in found):
            found.append(item)
    return found


def _last_number(name: str) -> int:
    last = name.rpartition(".")[2]
    return int(last) if last.isdecimal() else 10**6


def filled_mlp(MLP: Any, sizes: Any, draw: Draw) -> Any:
    """An MLP whose first, second, … linear layer has known weights, under whatever names it is registered."""
    model = built(MLP, sizes)
    draw.fill(nn.ModuleList(linears_of(model)))
    return model


def mlp_outputs(MLP: Any, draw: Draw, *all_sizes: list[int]) -> dict[str, Any]:
    """Outputs for small and for large inputs, by sizes."""
    seen = {}
    for sizes in all_sizes:
        x = torch.cat([draw.normal(6, sizes[0]), 20 * draw.normal(6, sizes[0])])
        seen[f"MLP({sizes})"] = tried(lambda x=x, sizes=sizes: filled_mlp(MLP, list(sizes), draw)(x))
    return seen


@mlp.criterion(
    "The state_dict holds layers.0.weight, layers.0.bias, layers.1.weight, … and nothing else",
    points=2,
    because="A saved model can only be loaded where names and shapes are the same.",
)
def mlp_state(MLP: Any, draw: Draw) -> Any:
    all_sizes = ([4, 5, 3], [4, 2], [3, 6, 6, 2])
    return {f"MLP({sizes})": tried(lambda sizes=sizes: _state(MLP, sizes)) for sizes in all_sizes}


def _state(MLP: Any, sizes: list[int]) -> Any:
    model = built(MLP, list(sizes))
    state, registered = nn.Module.state_dict(model), list(nn.Module.modules(model))
    shapes = {key: tuple(getattr(value, "shape", ())) for key, value in state.items()}
    numbered = {key: shape for key, shape in shapes.items() if re.fullmatch(r"layers\.\d+\.(weight|bias)", key)}
    return {
        "layers.NUMBER.weight and .bias": numbered,
        "entries of other names": len(shapes) - len(numbered),
        "nn.Linears that are not registered": sum(
            all(m is not layer for m in registered) for layer in linears_of(model)
        ),
    }


@mlp.criterion(
    "Each layer is an nn.Linear of its own",
    because="n sizes make n − 1 layers, each with weights of its own.",
)
def mlp_linears(MLP: Any, draw: Draw) -> Any:
    return {
        f"MLP({sizes})": tried(lambda sizes=sizes: _count_layers(built(MLP, list(sizes))))
        for sizes in ([4, 5, 3], [4, 2], [3, 3, 3, 3])
    }


def _count_layers(model: Any) -> dict[str, int]:
    others = [m for m in nn.Module.modules(model) if vars(m)["_parameters"] and not is_a(m, nn.Linear)]
    return {"nn.Linears": len(linears_of(model)), "other modules with parameters": len(others)}


@mlp.criterion(
    "Fewer than two sizes raise ValueError",
    because="Without an early error, such a model would fail much later, and far from the cause.",
)
def mlp_too_short(MLP: Any, draw: Draw) -> Any:
    return {f"MLP({sizes})": refusal(lambda sizes=sizes: MLP(list(sizes))) for sizes in ([], [3], [3, 2])}


@mlp.criterion(
    "`sizes` may be any sequence: a list, a tuple, a range",
    because="Whoever calls your class has the numbers in whatever sequence was at hand.",
)
def mlp_sequences(MLP: Any, draw: Draw) -> Any:
    sequences = {"a list": [4, 5, 3], "a tuple": (4, 5, 3), "a range": range(3, 6), "a tuple of two": (4, 2)}
    return {name: tried(lambda sizes=sizes: _features(MLP, sizes)) for name, sizes in sequences.items()}


def _features(MLP: Any, sizes: Any) -> Any:
    return [(layer.in_features, layer.out_features) for layer in linears_of(built(MLP, sizes))]


@mlp.criterion(
    "`forward` applies the layers in turn, with ReLU between them and none after the last",
    points=2,
    because="Each layer takes what the one before it returned, after a ReLU; what the last returns is the output.",
)
def mlp_forward(MLP: Any, draw: Draw) -> Any:
    return mlp_outputs(MLP, draw, [4, 5, 3], [4, 2], [2, 6, 5, 4, 3])


@mlp.criterion(
    "ReLU comes between layers of equal widths as well",
    because="A layer's place decides what follows it, and never its width: two widths may be equal by chance.",
)
def mlp_equal_widths(MLP: Any, draw: Draw) -> Any:
    return mlp_outputs(MLP, draw, [3, 3, 3, 3], [4, 4, 2], [2, 4, 4], [3, 3], [3, 5, 3])
