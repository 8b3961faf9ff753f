"""What each criterion of `ablate` looks at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise, tried

from ..shared import LOSSES, Skip, Tables, Twice, convolutions, skipping, strangers

ablate = Exercise(
    "ablate",
    requires="ablate",
    title="Switch channels off",
    minutes=15,
    difficulty=2,
    hints=[
        (
            "A forward hook that returns something replaces the module's output. So calculate a new output, in which "
            "the channels are zero, and return that."
        ),
        (
            "Dimension 0 counts the samples, dimension 1 the channels, whether two dimensions follow or none. "
            "`output[:, channels]` is right for all of them."
        ),
        (
            "`output[:, channels] = 0` writes into the module's own output, which others may hold as well. Either you "
            "write into a `clone()`, or you multiply by a mask of zeros and ones."
        ),
    ],
)


ABLATED: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...], list[int]]] = {
    "features": (lambda: nn.Linear(2, 5), (4, 2), [1, 3]),
    "one sample": (lambda: nn.Linear(2, 5), (1, 2), [0]),
    "sequences": (lambda: nn.Conv1d(2, 4, 3), (2, 2, 4), [0, 3]),
    "images": (lambda: nn.Conv2d(1, 4, 3), (2, 1, 4, 4), [2, 0]),
    "as many samples as channels": (lambda: nn.Linear(2, 3), (3, 2), [2]),
    "as many rows as channels": (lambda: nn.Conv2d(1, 3, 2), (1, 1, 4, 3), [1]),
    "all channels": (lambda: nn.Linear(2, 3), (2, 2), [0, 1, 2]),
    "volumes": (lambda: nn.Conv3d(1, 2, 2), (1, 1, 3, 3, 3), [1]),
}


@ablate.criterion(
    "These channels are zero in the output, and the others are as they were",
    because="Channels are dimension 1: dimension 0 counts the samples.",
)
def ablate_zero(ablate: Any, draw: Draw) -> Any:
    def of(module: nn.Module, shape: tuple[int, ...], channels: Any) -> Any:
        ablate(draw.fill(module), channels)
        return module(draw.normal(*shape)).detach()

    def in_a_network() -> Any:
        model = draw.fill(convolutions())
        ablate(model.body[0], [0, 2])
        return model(draw.normal(3, 1, 8, 8)).detach()

    def whole_block() -> Any:
        model = draw.fill(skipping())
        ablate(model.block, [1])
        return model(draw.normal(3, 2)).detach()

    def in_float64(module: nn.Module) -> Any:
        ablate(draw.fill(module.double()), [1])
        return module(draw.normal(2, 2).double()).detach()

    def in_bfloat16() -> Any:
        module = nn.Identity()
        ablate(module, [1])
        return module(draw.integers(-9, 9, 2, 3).bfloat16())

    def used_twice() -> Any:
        model = draw.fill(Twice(nn.Linear(3, 3), nn.Tanh()))
        ablate(model.before, [1])
        return [model(draw.normal(size, 3)).detach() for size in (2, 1, 4)]

    return {
        **{what: tried(lambda case=case: of(case[0](), *case[1:])) for what, case in ABLATED.items()},
        "float64": tried(lambda: in_float64(nn.Linear(2, 3))),
        "bfloat16": tried(in_bfloat16),
        "in a network": tried(in_a_network),
        "a residual block as a whole": tried(whole_block),
        "a layer that is used twice, batches of 2, 1 and 4": tried(used_twice),
    }


@ablate.criterion(
    "It works out of place: nobody else's tensor is changed",
    because="The module's output may be the caller's input, or what another hook has kept.",
)
def ablate_out_of_place(ablate: Any, draw: Draw) -> Any:
    def kept_by_a_hook(module: nn.Module, *shape: int) -> Any:
        kept: list[torch.Tensor] = []
        draw.fill(module).register_forward_hook(lambda module, args, output: kept.append(output))
        ablate(module, [1])
        module(draw.normal(*shape))
        return {"what another hook has kept": kept[0].detach()}

    def input_of(module: nn.Module) -> Any:
        x = draw.normal(3, 2)
        before = x.clone()
        ablate(module, [0])
        output = module(x)
        return {"the input": "as it was" if torch.equal(x, before) else "changed", "the output": output}

    def beside_a_skip(branch_first: bool) -> Any:
        model, x = Skip(nn.Identity(), branch_first), draw.normal(3, 2)
        ablate(model.branch, [1])
        return model(x)

    return {
        "features": tried(lambda: kept_by_a_hook(nn.Linear(2, 3), 2, 2)),
        "images": tried(lambda: kept_by_a_hook(nn.Conv2d(1, 2, 3), 1, 1, 4, 4)),
        "nn.Identity": tried(lambda: input_of(nn.Identity())),
        "dropout in eval mode": tried(lambda: input_of(nn.Dropout().eval())),
        "a residual block, the branch first": tried(lambda: beside_a_skip(True)),
        "a residual block, the branch last": tried(lambda: beside_a_skip(False)),
    }


@ablate.criterion(
    "Gradients flow through the other channels, and none through these",
    because="A network that is to be trained around the gap needs its gradients.",
)
def ablate_gradients(ablate: Any, draw: Draw) -> Any:
    def of(module: nn.Module, loss: str, *shape: int) -> Any:
        ablate(draw.fill(module), [1])
        x = draw.normal(*shape).requires_grad_()
        LOSSES[loss](module(x)).backward()
        own = {name: parameter.grad for name, parameter in module.named_parameters()}
        return {"gradient of x": x.grad, "gradients of the parameters": own}

    def in_a_network(loss: str, branch_first: bool) -> Any:
        model = draw.fill(skipping(branch_first))
        ablate(model.stem, [0])
        ablate(model.block.branch[1], [0, 2])
        LOSSES[loss](model(draw.normal(4, 2))).backward()
        own = {"stem.weight": model.stem.weight, "block.branch.2.weight": model.block.branch[2].weight}
        return {name: parameter.grad for name, parameter in own.items()}

    return {
        "features": tried(lambda: of(nn.Linear(2, 3), "sum", 4, 2)),
        "one sample": tried(lambda: of(nn.Linear(2, 3), "mean", 1, 2)),
        "images": tried(lambda: of(nn.Conv2d(1, 2, 2), "sum", 1, 1, 3, 3)),
        "nn.Sigmoid, which needs its output": tried(lambda: of(nn.Sigmoid(), "sum", 2, 3)),
        **{
            f"a network with a residual block, {loss} loss, the branch {'first' if first else 'last'}": tried(
                lambda loss=loss, first=first: in_a_network(loss, first)
            )
            for loss in LOSSES
            for first in (True, False)
        },
    }


@ablate.criterion(
    "It returns the handle; several of them, and other people's hooks, get along",
    because="To know what a channel is good for you switch it off and on again.",
)
def ablate_handle(ablate: Any, draw: Draw) -> Any:
    x = draw.normal(2, 2)

    def removing() -> Any:
        module = draw.fill(nn.Sequential(nn.Linear(2, 4)))
        strangers(module)
        tables = Tables(module)
        handle = ablate(module[0], [1])
        handle.remove()
        return {"output after removing": module(x).detach(), "the hook tables": tables.now()}

    def two() -> Any:
        module = draw.fill(nn.Linear(2, 4))
        first, second = ablate(module, [0]), ablate(module, [2, 3])
        outputs = {"both of them": module(x).detach()}
        first.remove()
        outputs["the first removed"] = module(x).detach()
        second.remove()
        return {**outputs, "both removed": module(x).detach()}

    def after_another_hook() -> Any:
        module = draw.fill(nn.Linear(2, 4))
        module.register_forward_hook(lambda module, args, output: output + 1)
        ablate(module, [1])
        return module(x).detach()

    return {
        "removed": tried(removing), "two of them": tried(two),
        "after a hook that changes the output": tried(after_another_hook),
    }  # fmt: skip
