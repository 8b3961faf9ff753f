"""The control of the experiment, in the student's kernel: are known results still right, and is what the probe and
honest answers rely on still what it was?

It proves nothing against a clever student, and need not: a student who fools it gains no point by that. It tells the
grader when one cell has spoiled the interpreter for the others, so that they can be looked at by themselves.
"""

from __future__ import annotations

import builtins
import hashlib
import json
import math
import sys
import threading
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from autograder.lesson import Exercise
from autograder.probing.exceptions import attempt
from autograder.probing.probe import probe_json
from autograder.probing.registration import parameters_of
from autograder.probing.shell import ipython_shell


class _Known(nn.Module):
    """A layer whose results are known."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(2, 3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(x @ self.weight.T)


_FUNCTIONS: list[tuple[Any, str, Any]] = []
_EXERCISE = Exercise("control", requires="Known", title="", minutes=0, difficulty=1, hints=[])


@_EXERCISE.criterion("it shows what it always shows")
def _look(known: Any, draw: Any) -> Any:
    layer = draw.fill(known())
    output = layer(draw.normal(4, 3))
    output.sum().backward()
    plain = [None, True, 3, 0.5, "text", (1,), {2}]
    return parameters_of(layer), output, layer.weight.grad, plain, attempt(lambda: int("x"))


def control() -> str:
    """A text that stays the same as long as nothing that others rely on is changed in this interpreter after the first
    call."""
    if not _FUNCTIONS:
        _FUNCTIONS.extend(_functions())
    seen = probe_json(_EXERCISE, 0, 0, {"Known": _Known})
    whole = all(_is_still(space.get(name), name, value) for space, name, value in _FUNCTIONS)
    return hashlib.sha256(f"{seen} {whole} {_transformers()} {_threads()}".encode()).hexdigest()


def _functions() -> Iterator[tuple[Any, str, Any]]:
    """The functions and classes that code relies on: where they are found, under what name, and what they are."""
    ours = [module for name, module in sys.modules.items() if name.startswith("autograder.")]
    for owner in (builtins, math, json, torch, nn, nn.functional, nn.Module, torch.Tensor, *ours):
        space = vars(owner)
        yield from ((space, name, value) for name, value in list(space.items()) if callable(value))


def _is_still(now: Any, name: str, value: Any) -> bool:
    """Whether it is what it was. Parts of torch that are loaded late put others of the same name in some places."""
    of_torch = str(getattr(now, "__module__", "")).startswith("torch") and getattr(now, "__name__", "") == name
    return now is value or of_torch


def _threads() -> int:
    """The running threads, without those that the kernel starts for itself."""
    return sum(not type(thread).__module__.startswith(("ipykernel", "zmq")) for thread in threading.enumerate())


def _transformers() -> list[int]:
    """How many input transformers IPython has: functions that rewrite cells before they run."""
    shell = ipython_shell()
    manager = shell.input_transformer_manager
    lists = (shell.ast_transformers, manager.cleanup_transforms, manager.line_transforms, manager.token_transformers)
    return [len(transformers) for transformers in lists]
