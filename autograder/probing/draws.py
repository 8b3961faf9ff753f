"""Draws: inputs and weights that are the same numbers on every torch version and every device.

The bits come from `seeds.py`. Every number is made of them by exact arithmetic (24-bit integers and sums of them), so
no libm rounds it differently.
"""

from __future__ import annotations

import math
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from autograder.probing.registration import attributes_of
from autograder.probing.seeds import Bits, bits, derive

M = TypeVar("M", bound=nn.Module)


class Draw:
    """A source of draws for one criterion. Every call gives new numbers; the same seed gives them again."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.calls = 0

    def uniform(self, *shape: int, low: float = -1.0, high: float = 1.0) -> torch.Tensor:
        """A float32 tensor of `shape`, uniform in [low, high)."""
        return _tensor(low + (high - low) * _unit(self._next(math.prod(shape))), shape)

    def normal(self, *shape: int) -> torch.Tensor:
        """A float32 tensor of `shape`, close to standard normal (the sum of 12 uniform numbers, less 6)."""
        words = self._next(12 * math.prod(shape)).reshape(12, -1)
        return _tensor(_unit(words).sum(axis=0) - 6.0, shape)

    def integers(self, low: int, high: int, *shape: int) -> torch.Tensor:
        """An int64 tensor of `shape`, each entry in low, …, high - 1."""
        words = self._next(math.prod(shape)) % np.uint64(high - low)
        return torch.from_numpy(words.astype(np.int64).reshape(shape) + low)

    def integer(self, low: int, high: int) -> int:
        """One Python int in low, …, high - 1."""
        return int(self.integers(low, high, 1)[0])

    def fill(self, module: M) -> M:
        """Set every parameter and buffer of `module`, in place, to values that depend on its qualified name, its
        shape and the seed alone; returns `module`. Parameters lie in [-1, 1), floating buffers in [0.5, 1.5)
        (so that a variance is one), integer buffers in 0, …, 8."""
        with torch.no_grad():
            for prefix, owner in _owners(module):
                for name, tensor in attributes_of(owner)["_parameters"].items():
                    _fill(tensor, self._named(prefix + name), -1.0, 1.0)
                for name, tensor in attributes_of(owner)["_buffers"].items():
                    _fill(tensor, self._named(prefix + name), 0.5, 1.5)
        return module

    def _next(self, count: int) -> Bits:
        self.calls += 1
        return bits(derive(self.seed, self.calls), count)

    def _named(self, name: str) -> int:
        return derive(self.seed, "fill", name)


def _owners(module: nn.Module, prefix: str = "") -> list[tuple[str, nn.Module]]:
    """The module and its descendants with the prefixes of their qualified names, read from `_modules` alone, so
    that a student's override of torch's traversals changes nothing."""
    owners, seen, todo = [], set(), [(prefix, module)]
    while todo:
        name, owner = todo.pop()
        if id(owner) in seen or "_parameters" not in attributes_of(owner):
            continue
        seen.add(id(owner))
        owners.append((name, owner))
        children = attributes_of(owner)["_modules"].items()
        todo += [(f"{name}{child}.", value) for child, value in children if value is not None]
    return owners


def _fill(tensor: Any, seed: int, low: float, high: float) -> None:
    if not isinstance(tensor, torch.Tensor) or tensor.is_meta:
        return
    shape = tuple(tensor.shape)
    words = bits(derive(seed, shape), math.prod(shape))
    if tensor.dtype.is_floating_point:
        tensor.copy_(_tensor(low + (high - low) * _unit(words), shape))
    else:
        tensor.copy_(torch.from_numpy((words % np.uint64(9)).astype(np.int64).reshape(shape)))


def _unit(words: Bits) -> npt.NDArray[np.float64]:
    """Multiples of 2⁻²⁴ in [0, 1): exact in float32."""
    return (words >> np.uint64(40)).astype(np.float64) * 2.0**-24


def _tensor(values: npt.NDArray[np.float64], shape: tuple[int, ...]) -> torch.Tensor:
    return torch.from_numpy(values.reshape(shape).astype(np.float32))
