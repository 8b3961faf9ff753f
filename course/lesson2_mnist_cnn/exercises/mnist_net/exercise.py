"""What each criterion of `mnist_net` looks at."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise, built, held_as, is_a, lineage, tried

from ..shared import SHAPES, fails, set_numbers

mnist_net = Exercise(
    "mnist_net",
    requires="MNISTNet",
    title="The network",
    minutes=25,
    difficulty=2,
    hints=[
        (
            "Everything that has weights or a mode is made once, in `__init__`, after `super().__init__()`, under the "
            "name that the text gives it. `forward` only uses what is there."
        ),
        (
            "Follow the shape: (N, 1, 28, 28), then 32 channels, then half the size, then 64 channels, then half the "
            "size again. The product of the last three numbers is what `fc1` takes in."
        ),
        (
            "In each block the order is convolution, ReLU, batch norm, pooling. Pooling has no weights: "
            "`F.max_pool2d(x, 2)` in `forward` is enough."
        ),
        (
            "Flatten with `x.flatten(start_dim=1)`: it keeps N and leaves the rest to the sizes, so a wrong image size "
            "fails in `fc1`. `view(-1, 3136)` lets N change without a word. After `fc2` comes nothing."
        ),
    ],
)


def layers_of(net: Any) -> dict[str, Any]:
    """The layers with weights, by name. Where a name is missing, what stands for it is the registered module whose
    weight has that layer's shape: so a wrong name costs its own points only."""
    found, everything = {}, [module for _, module in nn.Module.named_modules(net)]
    for name, shape in SHAPES.items():
        own = vars(net)["_modules"].get(name)
        others = [module for module in everything if _weight_shape(module) == shape]
        layer = own if is_a(own, nn.Module) else others[0] if others else None
        if layer is not None:
            found[name] = layer
    return found


def _weight_shape(module: Any) -> Any:
    weight = vars(module)["_parameters"].get("weight")
    return tuple(weight.shape) if is_a(weight, torch.Tensor) else None


def known_net(MNISTNet: Any, draw: Draw) -> Any:
    """An MNISTNet with known numbers, in eval mode."""
    net = built(MNISTNet)
    set_numbers(layers_of(net), draw)
    return net.eval()


def torch_kind(value: Any) -> str:
    """The name of the nearest class of torch.nn among a module's class and its bases."""
    return next((kind.__name__ for kind in lineage(type(value)) if kind.__module__.startswith("torch.nn")), "no module")


CONV_FACTS = ("in_channels", "out_channels", "kernel_size", "stride", "dilation", "groups")


FACTS: dict[str, tuple[str, ...]] = {
    "Conv2d": CONV_FACTS, "BatchNorm2d": ("num_features", "affine", "track_running_stats"),
    "Linear": ("in_features", "out_features"), "Dropout": ("p",),
}  # fmt: skip


def layer_facts(net: Any, name: str) -> Any:
    """How a network holds the layer `name`, what kind it is, and with what settings."""
    held = held_as(net, name)
    if held != "a submodule":
        return {"held as": held}
    layer = vars(net)["_modules"][name]
    kind = torch_kind(layer)
    facts = {"held as": held, "kind": kind, **{fact: getattr(layer, fact, None) for fact in FACTS.get(kind, ())}}
    if kind == "Conv2d":
        same = layer.padding == "same" and set(layer.stride) == {1}
        centred = tuple(d * (k - 1) // 2 for d, k in zip(layer.dilation, layer.kernel_size, strict=True))
        facts["padding"] = centred if same else layer.padding
    if kind in ("Conv2d", "Linear"):
        facts["has a bias"] = layer.bias is not None
    return facts


@mnist_net.criterion(
    "conv1, conv2, bn1 and bn2 are registered, with the right sizes",
    because="Later exercises, and saved weights, find the layers by these names.",
)
def net_blocks(MNISTNet: Any, draw: Draw) -> Any:
    net = built(MNISTNet)
    return {name: layer_facts(net, name) for name in ("conv1", "conv2", "bn1", "bn2")}


@mnist_net.criterion(
    "fc1 and fc2 are registered, with the right sizes",
    because="fc1 must take in exactly what is left of an image after two poolings.",
)
def net_linears(MNISTNet: Any, draw: Draw) -> Any:
    net = built(MNISTNet)
    return {name: layer_facts(net, name) for name in ("fc1", "fc2")}


@mnist_net.criterion(
    "dropout is an nn.Dropout with p = 0.25, relu an nn.ReLU, both registered",
    because="What is registered shows in print(net), and can be switched and watched from outside.",
)
def net_others(MNISTNet: Any, draw: Draw) -> Any:
    net = built(MNISTNet)
    return {name: layer_facts(net, name) for name in ("dropout", "relu")}


@mnist_net.criterion(
    "Behind the blocks come flatten, fc1, ReLU and fc2, and nothing after that",
    because="fc1 gets the features in their order, channel by channel, and what fc2 gives are the logits, as they are.",
    atol=1e-4,
)
def net_head(MNISTNet: Any, draw: Draw) -> Any:
    images = draw.normal(3, 1, 28, 28)
    net = built(MNISTNet)
    layers = layers_of(net)
    set_numbers(layers, draw)
    with torch.no_grad():
        if {"conv2", "bn2"} <= layers.keys():  # what leaves the blocks is the same in any order of ReLU, norm and pool
            layers["conv2"].weight.zero_()
            layers["conv2"].bias.abs_().add_(0.5)
            layers["bn2"].running_mean.zero_()
            layers["bn2"].weight.abs_().add_(0.1)
            layers["bn2"].bias.abs_()
    net.eval()
    return {"logits of images that all give the same features": tried(lambda: net(images))}


@mnist_net.criterion(
    "In each block the order is convolution, ReLU, batch norm, max-pool 2; one image works as well as many",
    points=2,
    because="Each step counts, its kind, its numbers and its place; and one image is a batch, too.",
    atol=1e-4,
)
def net_forward(MNISTNet: Any, draw: Draw) -> Any:
    images = draw.normal(3, 1, 28, 28)
    net = known_net(MNISTNet, draw)
    return {
        "logits of three images": tried(lambda: net(images.clone())),
        "logits of one image": tried(lambda: net(images[:1].clone())),
    }


@mnist_net.criterion(
    "In training mode self.dropout runs once, between fc1 and fc2, batch norm uses the batch, and every layer learns",
    because="In training mode batch norm and dropout do something else, and every layer has to get a gradient.",
    atol=1e-4,
)
def net_training(MNISTNet: Any, draw: Draw) -> Any:
    images = draw.normal(2, 1, 28, 28)
    net = known_net(MNISTNet, draw).train()
    dropout, runs = vars(net)["_modules"].get("dropout"), []
    if not is_a(dropout, nn.Module):
        return {"self.dropout": held_as(net, "dropout")}

    def every_other(x: Any, *rest: Any) -> Any:
        runs.append(tuple(x.shape))
        return x * (2 * (torch.arange(x.numel()) % 2)).reshape(x.shape)

    dropout.forward = every_other
    output = tried(lambda: net(images))
    if is_a(output, torch.Tensor) and len(runs) != 1:
        return {"shapes of what self.dropout gets": runs}
    return {
        "shapes of what self.dropout gets": runs,
        "logits, when self.dropout drops every other number": output,
        **_learning(layers_of(net), output),
    }


def _learning(layers: dict[str, Any], output: Any) -> dict[str, Any]:
    if is_a(output, torch.Tensor) and output.requires_grad:
        output.square().sum().backward()
    weights = {name: layer.weight for name, layer in layers.items()}
    norms = {name: layer for name, layer in layers.items() if name.startswith("bn")}
    return {
        "layers that no gradient reaches": [name for name, weight in weights.items() if weight.grad is None],
        **{f"running_mean of {name} afterwards": getattr(norm, "running_mean", None) for name, norm in norms.items()},
    }


@mnist_net.criterion(
    "An image size that fc1 can't take raises, instead of changing the number of rows",
    because="A wrong size is a mistake of the caller, and an error says so at once.",
)
def net_sizes(MNISTNet: Any, draw: Draw) -> Any:
    net, seen = known_net(MNISTNet, draw), {}
    for count, *size in ((3, 28, 28), (1, 56, 56), (2, 56, 56), (2, 28, 56), (7, 14, 28), (2, 32, 32), (2, 27, 27)):
        shape = (count, 1, *size)
        seen[f"images of shape {shape}"] = _rows(net, draw.normal(*shape))
    return seen


def _rows(net: Any, images: torch.Tensor) -> Any:
    shapes: list[Any] = []
    failed = fails(lambda: shapes.append(tuple(net(images).shape)))
    return "it raises" if failed is True else failed if shapes == [] else f"logits of shape {shapes[0]}"
