"""What each criterion of `residual` looks at."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise, built, held_as, is_a, tried

from ..shared import gradients

residual = Exercise(
    "residual",
    requires="Residual",
    title="A residual connection around any block",
    minutes=10,
    difficulty=2,
    hints=[
        (
            "The block is a module like any other: what does assigning it to an attribute do, and which attribute "
            "name does the exercise ask for?"
        ),
        "Call the block as you call any module, with parentheses and once. Its `forward` method is for torch to call.",
        "`x += y` writes into the tensor that the caller still holds. `x + y` makes a new one.",
    ],
)


class Doubling(nn.Module):
    """A block without parameters that counts how often its forward ran."""

    def __init__(self) -> None:
        super().__init__()
        self.runs = 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.runs += 1
        return 2 * x


class Constant(nn.Module):
    """A block that returns the same tensor whatever comes in."""

    def __init__(self, value: torch.Tensor) -> None:
        super().__init__()
        self.register_buffer("value", value, persistent=False)

    def forward(self, x: torch.Tensor) -> Any:
        return self.value


def small_net() -> nn.Sequential:
    """A Sequential that takes three features and gives three."""
    return nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 3))


@residual.criterion(
    "The block is registered under the name `block`",
    because="Its parameters must be found, moved and saved together with the rest.",
)
def residual_registration(Residual: Any, draw: Draw) -> Any:
    block, empty = nn.Linear(3, 3), nn.Sequential()
    model = built(Residual, block)
    return {
        "held as `block`": _held_as_block(model, block),
        "the block is registered somewhere": any(module is block for module in nn.Module.modules(model)),
        "held as `block`, where it is an empty nn.Sequential": tried(
            lambda: _held_as_block(built(Residual, empty), empty)
        ),
    }


def _held_as_block(model: Any, block: nn.Module) -> str:
    held = held_as(model, "block")
    if held != "a submodule":
        return held
    return "this very module" if vars(model)["_modules"]["block"] is block else "another module"


@residual.criterion(
    "The block is called once, as a module, so that its own hooks fire",
    because="Hooks hang on the call of the block itself: without it none fires, and with two each fires twice.",
)
def residual_calls(Residual: Any, draw: Draw) -> Any:
    seen = {}
    for name, wrap in {"your own class": lambda block: block, "nn.Sequential": nn.Sequential}.items():
        core = Doubling()
        seen[f"block = {name}"] = tried(lambda core=core, wrap=wrap: _calls(Residual, core, wrap(core), draw))
    core = Doubling()
    seen["block = your own class, eval mode"] = tried(lambda: _calls(Residual, core, core, draw, training=False))
    return seen


def _calls(Residual: Any, core: Doubling, block: nn.Module, draw: Draw, training: bool = True) -> Any:
    model = built(Residual, block)
    if model is block:
        return "it is the block itself"
    if not training:
        model.eval()
    fired: list[str] = []
    core.runs = 0
    block.register_forward_pre_hook(lambda module, inputs: fired.append("pre"))
    block.register_forward_hook(lambda module, inputs, output: fired.append("post"))
    model(draw.normal(5, 3))
    counts = {"its pre-hook fired": fired.count("pre"), "its forward hook fired": fired.count("post")}
    return {**counts, "its forward ran": core.runs}


@residual.criterion(
    "x stays as it was",
    because="The caller, and the other branch of a network, may still need it.",
)
def residual_input(Residual: Any, draw: Draw) -> Any:
    blocks = {"nn.Linear": draw.fill(nn.Linear(3, 3)), "nn.Identity": nn.Identity(), "your own class": Doubling()}
    seen = {
        f"x after block = {name}": tried(lambda block=block: _input_after(Residual, block, draw.normal(5, 3)))
        for name, block in blocks.items()
    }
    for name in ("nn.Linear", "nn.Identity"):
        key = f"x after block = {name}, eval mode, torch.no_grad()"
        seen[key] = tried(lambda name=name: _input_predicted(Residual, blocks[name], draw.normal(5, 3)))
    return seen


def _input_after(Residual: Any, block: nn.Module, x: torch.Tensor) -> Any:
    return _beside(built(Residual, block)(x), x)


def _input_predicted(Residual: Any, block: nn.Module, x: torch.Tensor) -> Any:
    return _beside(_predicted(built(Residual, block), x), x)


def _beside(output: Any, x: torch.Tensor) -> Any:
    """x, where an output came that is another tensor: whoever computes nothing changes nothing either."""
    return x if is_a(output, torch.Tensor) and output is not x else {"x": x, "output": "no tensor beside x"}


def _predicted(model: Any, x: torch.Tensor) -> Any:
    model.eval()
    with torch.no_grad():
        return model(x)


@residual.criterion(
    "`forward` returns x + block(x), whatever kind of module the block is",
    points=3,
    because="The block only has to learn what to add to x.",
)
def residual_sum(Residual: Any, draw: Draw) -> Any:
    blocks = {
        "nn.Linear": draw.fill(nn.Linear(3, 3)), "nn.Sequential": draw.fill(small_net()), "nn.Identity": nn.Identity(),
        "your own class": Doubling(), "nn.Dropout(1.0), training": nn.Dropout(1.0),
        "nn.Dropout(1.0), eval mode": nn.Dropout(1.0).eval(), "an empty nn.Sequential": nn.Sequential(),
    }  # fmt: skip
    seen = {}
    for name, block in blocks.items():
        x = draw.normal(5, 3)
        seen[f"block = {name}"] = tried(lambda block=block, x=x: built(Residual, block)(x))
    model = built(Residual, Doubling())
    seen["forward(x) called by its name"] = tried(lambda: model.forward(draw.normal(5, 3)))
    seen["the whole in eval mode, torch.no_grad()"] = tried(lambda: _predicted(model, draw.normal(5, 3)))
    return seen


@residual.criterion(
    "x and block(x) broadcast as + does",
    because="The contract is the plain sum, and + has its own rules for shapes.",
)
def residual_broadcast(Residual: Any, draw: Draw) -> Any:
    seen = {}
    for shape in ((5, 1), (1,), (), (4, 5, 3)):
        model, x = built(Residual, Constant(draw.normal(*shape))), draw.normal(5, 3)
        seen[f"x of shape (5, 3), block(x) of shape {shape}"] = tried(lambda model=model, x=x: model(x))
    return seen


@residual.criterion(
    "Gradients flow through the block and past it",
    because="The block learns by what flows through it, and all layers before it by both ways.",
)
def residual_gradients(Residual: Any, draw: Draw) -> Any:
    blocks = {"nn.Linear": nn.Linear(3, 3), "Linear, Tanh, Linear": small_net(), "Linear, Sigmoid": sigmoid_net()}
    seen = {}
    for name, block in blocks.items():
        x = draw.normal(5, 3).requires_grad_()
        seen[f"block = {name}"] = tried(lambda block=block, x=x: _block_gradients(Residual, draw.fill(block), x, draw))
    return seen


def sigmoid_net() -> nn.Sequential:
    """A block whose backward pass needs its own output unharmed."""
    return nn.Sequential(nn.Linear(3, 3), nn.Sigmoid())


def _block_gradients(Residual: Any, block: nn.Module, x: torch.Tensor, draw: Draw) -> Any:
    weights = {f"block.{name}": parameter for name, parameter in block.named_parameters()}
    return gradients(built(Residual, block)(x), {"x": x, **weights}, draw)
