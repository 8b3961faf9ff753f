"""What the criteria of several exercises look at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, is_a


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


def frozen(model: nn.Module, *names: str) -> Any:
    """The model with the parameters of these names frozen."""
    for name, parameter in model.named_parameters():
        if name in names:
            parameter.requires_grad_(False)
    return model
