"""Lesson 1: the seven exercises, and what each of their criteria looks at.

Nothing here says what is right: right is what the lesson's solution shows under the same probe. The criteria are cut
so that one wrong idea shows in one place, and shows the same however it was written down: they report facts (held as
a parameter, as a plain tensor, not at all) where they can, and they give known values also to tensors that are not
registered, so that a registration mistake does not look like a wrong forward pass.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import torch
from torch import nn

from autograder.criteria import (
    Codes,
    Draw,
    Exercise,
    Look,
    NotAttempted,
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
    refusal,
    submodules_of,
    tried,
    type_of,
    whole,
)  # fmt: skip

# ---------------------------------------------------------------------------------------------------------------------
# What several criteria look at
# ---------------------------------------------------------------------------------------------------------------------


def parameter_facts(module: Any, name: str, *own: str) -> Any:
    """How `name` is held; for a registered parameter also its shape, and whether it is trainable."""
    held = held_as(module, name, *own)
    facts = parameters_of(module).get(name)
    if held != "a registered parameter" or not isinstance(facts, dict):
        return {"held as": held}
    return {"held as": held, "shape": facts["shape"], "requires_grad": facts.get("trainable", "no nn.Parameter")}


def set_known(tensors: dict[str, Any], draw: Draw) -> None:
    """Give `tensors` the values that parameters of these names and shapes would get, registered or not."""
    stand_in = nn.Module()
    for name, tensor in tensors.items():
        stand_in.register_parameter(name, nn.Parameter(torch.empty(tensor.shape)))
    draw.fill(stand_in)
    with torch.no_grad():
        for name, tensor in tensors.items():
            tensor.copy_(vars(stand_in)["_parameters"][name])


def gradients(output: Any, tensors: dict[str, Any], draw: Draw) -> dict[str, Any]:
    """`output`, and what arrives at each tensor from a drawn gradient of it; None where nothing does."""
    seen = {"output": output, **{f"gradient of {name}": None for name in tensors}}
    if not is_a(output, torch.Tensor) or not output.requires_grad:
        return seen
    reached = {name: tensor for name, tensor in tensors.items() if is_a(tensor, torch.Tensor) and tensor.requires_grad}
    factors = draw.normal(*output.shape).to(output.dtype)
    found = torch.autograd.grad(output, list(reached.values()), factors, allow_unused=True)
    return {**seen, **{f"gradient of {name}": gradient for name, gradient in zip(reached, found, strict=True)}}


def dtype_of(value: Any) -> str | None:
    """A tensor's dtype by name; None for anything else."""
    return str(value.dtype).removeprefix("torch.") if is_a(value, torch.Tensor) else None


@contextmanager
def memory_shows() -> Iterator[None]:
    """Inside, memory that nobody has set holds NaN instead of what happened to lie there."""
    before = torch.get_deterministic_debug_mode()
    torch.set_deterministic_debug_mode("warn")
    try:
        yield
    finally:
        torch.set_deterministic_debug_mode(before)


# ---------------------------------------------------------------------------------------------------------------------
# affine
# ---------------------------------------------------------------------------------------------------------------------

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


# ---------------------------------------------------------------------------------------------------------------------
# mlp
# ---------------------------------------------------------------------------------------------------------------------

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


# ---------------------------------------------------------------------------------------------------------------------
# residual
# ---------------------------------------------------------------------------------------------------------------------

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


# ---------------------------------------------------------------------------------------------------------------------
# running_center
# ---------------------------------------------------------------------------------------------------------------------

running_center = Exercise(
    "running_center",
    requires="RunningCenter",
    title="A layer that remembers: buffers",
    minutes=25,
    difficulty=3,
    hints=[
        (
            "`mean` is state: saved and moved with the model, but not trained. Which `register_…` method of "
            "`nn.Module` makes such a tensor?"
        ),
        (
            "`self.training` says which mode it is. In training two things happen: the output is made with the "
            "mean of this batch, and the buffer takes a small step towards that mean."
        ),
        (
            "The batch mean belongs to the graph where it makes the output, and not where it updates the buffer. "
            "`torch.no_grad()` or `.detach()`, but only there."
        ),
        (
            "Check the edges by hand: with momentum=0 the buffer never moves, with momentum=1 it is the last "
            "batch's mean, and N = 1 is a batch like any other."
        ),
    ],
)


def centre(RunningCenter: Any, draw: Draw, *arguments: Any, features: int = 4, **options: Any) -> Any:
    """A RunningCenter whose mean has known values."""
    layer = built(RunningCenter, features, *arguments, **options)
    mean = getattr(layer, "mean", None)
    set_known({"mean": mean} if is_a(mean, torch.Tensor) else {}, draw)
    return layer


@running_center.criterion(
    "`mean` is a buffer of zeros, in the state_dict and moved by `.to`",
    because="What a layer has learnt without gradients must travel with the model too.",
)
def center_buffer(RunningCenter: Any, draw: Draw) -> Any:
    with memory_shows():
        layer = built(RunningCenter, 4)
        first = getattr(layer, "mean", None)
        at_first = first.detach().clone() if is_a(first, torch.Tensor) else first
        later = tried(lambda: _built_later(RunningCenter, first))
    return {
        "held as": held_as(layer, "mean"),
        "values at first": at_first,
        "values at first of a layer that is built later": later,
        "in the state_dict": "mean" in nn.Module.state_dict(layer),
        "dtype after .to(torch.float64)": dtype_of(getattr(layer.to(torch.float64), "mean", None)),
    }


def _built_later(RunningCenter: Any, first: Any) -> Any:
    if is_a(first, torch.Tensor):
        with torch.no_grad():
            first.fill_(1.0)
    later = getattr(built(RunningCenter, 4), "mean", None)
    return later.detach().clone() if is_a(later, torch.Tensor) else later


@running_center.criterion(
    "In training mode it returns x − μ, with μ the mean over this batch",
    because="In training each batch is centred by its own mean: each feature's outputs then add up to zero.",
)
def center_training(RunningCenter: Any, draw: Draw) -> Any:
    seen = {}
    for count in (5, 1, 2):
        layer, x = centre(RunningCenter, draw), draw.normal(count, 4) + 1
        seen[f"a batch of {count}"] = tried(lambda layer=layer, x=x: layer(x))
    layer, batches = centre(RunningCenter, draw), [draw.normal(5, 4) + 1 for _ in range(2)]
    seen["the second batch of two"] = tried(lambda: [layer(x) for x in batches][-1])
    return seen


@running_center.criterion(
    "A training step sets mean to (1 − momentum)·mean + momentum·μ",
    points=2,
    because="The rule holds for each training step and each momentum from 0 to 1, without exceptions.",
)
def center_update(RunningCenter: Any, draw: Draw) -> Any:
    settings: dict[str, tuple[tuple[float, ...], dict[str, Any]]] = {
        "RunningCenter(4)": ((), {}), "RunningCenter(4, 0.3)": ((0.3,), {}),
        "RunningCenter(4, momentum=0.5)": ((), {"momentum": 0.5}),
        "RunningCenter(4, momentum=0.0)": ((), {"momentum": 0.0}),
        "RunningCenter(4, momentum=1.0)": ((), {"momentum": 1.0}),
    }  # fmt: skip
    seen = {}
    for name, (arguments, options) in settings.items():
        for counts in ((5,), (1,), (5, 2)):
            layer = centre(RunningCenter, draw, *arguments, **options)
            batches = [draw.normal(count, 4) + 1 for count in counts]
            mean = tried(lambda layer=layer, batches=batches: _mean_after(layer, batches))
            seen[f"{name}, a batch of {', then one of '.join(map(str, counts))}"] = mean
    layer, x = centre(RunningCenter, draw, 0.3), draw.normal(5, 4) + 1
    seen["RunningCenter(4, 0.3), a batch of 5, torch.no_grad()"] = tried(lambda: _mean_after(layer, [x], grad=False))
    for count in (5, 1):
        x = draw.normal(count, 1) + 1
        mean = tried(lambda x=x: _mean_after(centre(RunningCenter, draw, features=1), [x]))
        seen[f"RunningCenter(1), a batch of {count}"] = mean
    return seen


def _mean_after(layer: Any, batches: list[torch.Tensor], grad: bool = True) -> Any:
    with torch.set_grad_enabled(grad):
        for x in batches:
            layer(x)
    return getattr(layer, "mean", None)


@running_center.criterion(
    "After training steps `mean` is still the buffer, and carries no graph",
    because="What was a buffer before training must be one afterwards: registered, of its dtype, without a graph.",
)
def center_graph(RunningCenter: Any, draw: Draw) -> Any:
    layer = centre(RunningCenter, draw)
    seen = {"before the first step": _mean_facts(layer)}
    weight = draw.normal(4).requires_grad_()
    for step in ("first", "second"):
        seen[f"after the {step} step and its backward"] = tried(lambda: _train(layer, draw.normal(5, 4) * weight))
    seen["after a step in float64"] = tried(lambda: _step_in_float64(layer, draw))
    for momentum in (0.0, 1.0):
        key = f"momentum={momentum}, after a step and its backward"
        seen[key] = tried(
            lambda momentum=momentum: _train(centre(RunningCenter, draw, momentum), draw.normal(5, 4) * weight)
        )
    seen["a copy.deepcopy has the same mean"] = tried(lambda: _same_mean(copy.deepcopy(layer), layer))
    seen["load_state_dict brings it to a new layer"] = tried(lambda: _same_mean(_loaded(RunningCenter, layer), layer))
    return seen


def _train(layer: Any, x: torch.Tensor) -> Any:
    output = layer(x)
    if output.requires_grad:
        output.square().sum().backward()
    return _mean_facts(layer)


def _mean_facts(layer: Any) -> Any:
    held, mean = held_as(layer, "mean"), getattr(layer, "mean", None)
    if held != "a buffer":
        return {"held as": held}
    return {"held as": held, "carries a graph": mean.requires_grad or mean.grad_fn is not None}


def _step_in_float64(layer: Any, draw: Draw) -> Any:
    layer.to(torch.float64)(draw.normal(5, 4).double())
    facts = _mean_facts(layer)
    return {**facts, "dtype": dtype_of(layer.mean)} if facts["held as"] == "a buffer" else facts


def _loaded(RunningCenter: Any, layer: Any) -> Any:
    other = built(RunningCenter, 4).to(torch.float64)
    other.load_state_dict(layer.state_dict())
    return other


def _same_mean(layer: Any, other: Any) -> bool:
    return bool(torch.equal(layer.mean, other.mean))


@running_center.criterion(
    "In eval mode it returns x − mean and changes nothing",
    points=2,
    because="A prediction must not depend on the other samples, nor on earlier predictions.",
)
def center_eval(RunningCenter: Any, draw: Draw) -> Any:
    seen = {}
    for count in (5, 1):
        layer, x = centre(RunningCenter, draw).eval(), draw.normal(count, 4) + 1
        seen[f"a batch of {count}"] = tried(lambda layer=layer, x=x: _eval_facts(layer, x))
    predicting, x = centre(RunningCenter, draw).eval(), draw.normal(5, 4) + 1
    seen["a batch of 5, torch.no_grad()"] = tried(lambda: _eval_facts(predicting, x, grad=False))
    return seen


def _eval_facts(layer: Any, x: torch.Tensor, grad: bool = True) -> Any:
    given = x.clone()
    before = {key: value.clone() for key, value in _tensors(layer.state_dict()).items()}
    with torch.set_grad_enabled(grad):
        output = layer(given).detach().clone()
    after = _tensors(layer.state_dict())
    same = before.keys() == after.keys() and all(torch.equal(before[key], after[key]) for key in before)
    return {
        "output": output, "mean afterwards": getattr(layer, "mean", None), "x afterwards": given,
        "state_dict unchanged": same, "still in eval mode": not layer.training,
    }  # fmt: skip


def _tensors(state: dict[str, Any]) -> dict[str, torch.Tensor]:
    return {key: value for key, value in state.items() if is_a(value, torch.Tensor)}


@running_center.criterion(
    "Gradients flow to x in both modes, in training through μ as well",
    because="The layers before this one learn by these gradients; batch norm gives the same.",
)
def center_gradients(RunningCenter: Any, draw: Draw) -> Any:
    seen = {}
    for mode in ("training", "eval"):
        layer, x = centre(RunningCenter, draw).train(mode == "training"), draw.normal(5, 4).requires_grad_()
        seen[f"{mode} mode"] = tried(lambda layer=layer, x=x: gradients(layer(x), {"x": x}, draw))
    return seen


# ---------------------------------------------------------------------------------------------------------------------
# count_parameters
# ---------------------------------------------------------------------------------------------------------------------

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


def frozen(model: nn.Module, *names: str) -> Any:
    """The model with the parameters of these names frozen."""
    for name, parameter in model.named_parameters():
        if name in names:
            parameter.requires_grad_(False)
    return model


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


# ---------------------------------------------------------------------------------------------------------------------
# freeze
# ---------------------------------------------------------------------------------------------------------------------

freeze = Exercise(
    "freeze",
    requires="freeze",
    title="Freeze a part of a model by name",
    minutes=15,
    difficulty=2,
    hints=[
        "`named_parameters()` gives every parameter with its qualified name, in the order that you are to return.",
        (
            "A name lies below `fc` when it goes on with a dot after `fc`. So `fc2.weight` does not, though it "
            "begins with the same two letters."
        ),
        (
            "Three cases match: the name is the prefix itself, the name lies below it, and the empty prefix. "
            "Collect the matching names first; change nothing before you know that there are any."
        ),
        (
            "The switch on a parameter is `requires_grad`. Python lets you assign a misspelt attribute without a "
            "word: check with `[p.requires_grad for p in model.parameters()]`."
        ),
    ],
)


class Backbone(nn.Module):
    """Parameters at three depths, with names of which none begins like another."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(2))
        self.stem = nn.Linear(2, 3)
        self.body = nn.Sequential(nn.Linear(3, 3), nn.ReLU(), nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3)))
        self.head = nn.Linear(3, 2)
        self.act = nn.ReLU()


class Lookalikes(nn.Module):
    """Names that begin alike, end alike, or match each other when a dot is taken for a pattern."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(2, 2)
        self.fc2 = nn.Linear(2, 2)
        self.fc_out = nn.Linear(2, 2, bias=False)
        self.block = nn.ModuleList([nn.Linear(1, 1, bias=False) for _ in range(11)])
        self.blockx1 = nn.Linear(1, 1)
        self.pre = nn.ModuleDict({"fc": nn.Linear(2, 2)})


MODULES = {"a module": "stem", "a module with children": "body", "a module further down": "body.2.1"}
OTHERS = {"one parameter": "stem.bias", "a parameter of the model itself": "scale", "the empty prefix": ""}
PATTERNS = (".*", "fc|fc2", "fc*", "block.*", "b....", "[bf].*", "block.?")


def names_from(found: Any) -> Any:
    """Returned names as a list, whatever iterable they came in; running a generator on the way."""
    if is_a(found, set) or is_a(found, frozenset):
        return sorted(found)
    return list(found) if hasattr(type(found), "__iter__") and not is_a(found, str) else found


def trained_after(freeze: Any, model: nn.Module, prefix: str) -> list[str]:
    """The names of the parameters that are still trainable after `freeze(model, prefix)`."""
    names_from(freeze(model, prefix))
    return still_trainable(model)


def still_trainable(model: nn.Module) -> list[str]:
    """The names of the trainable parameters."""
    return [name for name, facts in parameters_of(model).items() if facts and facts["trainable"]]


def returned(freeze: Any, prefixes: dict[str, str]) -> dict[str, Any]:
    """What comes back for each prefix."""
    return {
        f"returned for {what}, {prefix!r}": tried(lambda p=prefix: names_from(freeze(Backbone(), p)))
        for what, prefix in prefixes.items()
    }


def left(freeze: Any, prefixes: dict[str, str]) -> dict[str, Any]:
    """What each prefix leaves trainable."""
    return {
        f"still trainable after {what}, {prefix!r}": tried(lambda p=prefix: trained_after(freeze, Backbone(), p))
        for what, prefix in prefixes.items()
    }


@freeze.criterion(
    "It returns a list of the names below the prefix, in the order of named_parameters()",
    points=2,
    because="Whoever freezes by name wants to see what was caught.",
)
def freeze_returns(freeze: Any, draw: Draw) -> Any:
    return {**returned(freeze, MODULES), "a list": tried(lambda: is_a(freeze(Backbone(), "stem"), list))}


@freeze.criterion(
    "Exactly the parameters below the prefix are frozen",
    points=2,
    because="A parameter that stays trainable by accident goes on changing, without a sign.",
)
def freeze_freezes(freeze: Any, draw: Draw) -> Any:
    used = Backbone()
    for parameter in used.parameters():
        parameter.grad = torch.ones_like(parameter)
    seen = left(freeze, MODULES)
    seen["still trainable after 'stem', in a model with gradients"] = tried(lambda: trained_after(freeze, used, "stem"))
    return seen


@freeze.criterion(
    "The prefix may be a parameter's whole name, and empty for the whole model",
    because="A parameter has a name as well, and the empty name is the model's own.",
)
def freeze_other_prefixes(freeze: Any, draw: Draw) -> Any:
    return {**returned(freeze, OTHERS), **left(freeze, OTHERS)}


@freeze.criterion(
    "The prefix is a whole name: no piece of one, and no pattern",
    because="A name is a path from the model down: `fc` is neither `fc2` nor `pre.fc`, and `*` is only itself.",
)
def freeze_whole_names(freeze: Any, draw: Draw) -> Any:
    seen = {
        f"still trainable after {prefix!r}": tried(lambda p=prefix: trained_after(freeze, Lookalikes(), p))
        for prefix in ("fc", "block.1", "pre.fc", "block")
    }
    pieces = {f"frozen by {piece!r}": frozen_by(freeze, piece) for piece in ("f", "bloc", "fc.")}
    return {**seen, **pieces, "frozen by a pattern": any(frozen_by(freeze, pattern) for pattern in PATTERNS)}


def frozen_by(freeze: Any, prefix: str) -> list[str]:
    """What a prefix froze that may match nothing, whether an error came or not: that is another criterion's matter."""
    model = Lookalikes()
    before = still_trainable(model)
    refusal(lambda: names_from(freeze(model, prefix)))
    after = still_trainable(model)
    return [name for name in before if name not in after]


@freeze.criterion(
    "Parameters frozen earlier are returned as well, and all others stay as they were",
    because="Models are frozen part by part, and often somebody has frozen something before.",
)
def freeze_again(freeze: Any, draw: Draw) -> Any:
    earlier = ("stem.weight", "head.bias")
    return {
        "returned for 'stem'": tried(lambda: names_from(freeze(frozen(Backbone(), *earlier), "stem"))),
        "still trainable": tried(lambda: trained_after(freeze, frozen(Backbone(), *earlier), "stem")),
        "returned for a second 'stem'": tried(lambda: _second_time(freeze, "stem")),
    }


def _second_time(freeze: Any, prefix: str) -> Any:
    model = Backbone()
    names_from(freeze(model, prefix))
    return names_from(freeze(model, prefix))


@freeze.criterion(
    "Where no parameter matches it raises ValueError and changes nothing",
    because="A call that freezes nothing should be noticed now, not after a day of training.",
)
def freeze_nothing(freeze: Any, draw: Draw) -> Any:
    seen = {}
    nowhere = {"no such name": "tail", "a layer without parameters": "act", "the end of a name": "weight"}
    for what, prefix in nowhere.items():
        model = frozen(Backbone(), "head.bias")
        seen[f"{what}: {prefix!r}"] = refusal(lambda model=model, prefix=prefix: names_from(freeze(model, prefix)))
        seen[f"still trainable after {prefix!r}"] = still_trainable(model)
    seen["a name that is there: 'stem'"] = refusal(lambda: names_from(freeze(Backbone(), "stem")))
    seen["'' on a model without parameters"] = refusal(lambda: names_from(freeze(nn.ReLU(), "")))
    return seen


# ---------------------------------------------------------------------------------------------------------------------
# registration_quiz
# ---------------------------------------------------------------------------------------------------------------------

registration_quiz = Exercise(
    "registration_quiz",
    requires="registration_answers",
    title="Which of these does parameters() find?",
    minutes=10,
    difficulty=2,
    hints=[
        (
            "Answer from memory first. Two questions decide every case: is the value a Parameter or a module, and "
            "did the assignment `self.name = value` itself see it?"
        ),
        "`nn.Module.__setattr__` looks at the type of what you assign, once. It does not look inside it.",
        "Is `requires_grad=True` the same thing as being an `nn.Parameter`? And what are buffers for?",
        (
            "Now run it: `m = Mystery()`, then `for name, _ in m.named_parameters(): print(name)`. The part before "
            "the first dot is the attribute."
        ),
    ],
)

ATTRIBUTES = {
    "scale": "`scale`, assigned an nn.Parameter",
    "offset": "`offset`, assigned a plain tensor",
    "head": "`head`, assigned an nn.Linear",
    "branches": "`branches`, assigned a Python list of nn.Linears",
    "stages": "`stages`, assigned an nn.ModuleList",
    "average": "`average`, registered with register_buffer",
    "shift": "`shift`, assigned a tensor with requires_grad=True",
    "gains": "`gains`, assigned a dict of nn.Parameters",
}


def _answer_for(name: str) -> Look:
    def look(answers: Any, draw: Draw) -> Any:
        if not isinstance(answers, dict):
            raise TypeError(f"registration_answers must be a dict of bools, and is a {type(answers).__name__}")
        if name not in dict.keys(answers):
            return "no answer: the dict lacks this name"
        answer = dict.__getitem__(answers, name)
        if answer is None:
            raise NotAttempted(f"{name!r} has no answer yet: replace None with True or False")
        return answer

    return look


for _name, _title in ATTRIBUTES.items():
    registration_quiz.criterion(
        f"{_title}: does `parameters()` yield anything for it?",
        points=0.5,
        because="Ask torch: `[name for name, _ in Mystery().named_parameters()]`.",
    )(_answer_for(_name))
