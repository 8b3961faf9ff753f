"""torch, NumPy and the warnings as they are by default, for the time of a probe, whatever a notebook has set before."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
import torch
from torch.nn.modules import module as hooks_everywhere
from torch.utils import _device

_SETTINGS: tuple[tuple[Callable[[], Any], Callable[[Any], Any], Any], ...] = (
    # what it is, how it is set, its default
    (torch.get_default_dtype, torch.set_default_dtype, torch.float32),
    (lambda: _device.CURRENT_DEVICE, torch.set_default_device, None),  # it may be one that is not here
    (torch.are_deterministic_algorithms_enabled, torch.use_deterministic_algorithms, False),
    (torch.is_anomaly_enabled, torch.set_anomaly_enabled, False),
    (lambda: torch.is_autocast_enabled("cpu"), lambda on: torch.set_autocast_enabled("cpu", on), False),
    (torch.is_grad_enabled, torch.set_grad_enabled, True),
)


@contextmanager
def defaults(seed: int) -> Iterator[None]:
    """Global settings at their defaults and torch's generator at `seed`; all as before when it is left."""
    with ExitStack() as stack:
        for get, put, default in _SETTINGS:
            stack.callback(_set, get, put, get())
            _set(get, put, default)
        stack.callback(torch.set_rng_state, torch.get_rng_state())
        torch.manual_seed(seed % 2**63)
        stack.enter_context(torch.inference_mode(False))
        stack.enter_context(torch.enable_grad())
        stack.enter_context(_no_hooks_everywhere())
        stack.enter_context(np.errstate(all="ignore"))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _no_hooks_everywhere() -> Iterator[None]:
    """Without the hooks that an experiment has put on all modules at once."""
    found = vars(hooks_everywhere).items()
    tables = [table for name, table in found if name.startswith("_global_") and isinstance(table, dict)]
    kept = [dict(table) for table in tables]
    try:
        for table in tables:
            table.clear()
        yield
    finally:
        for table, hooks in zip(tables, kept, strict=True):
            table.clear()
            table.update(hooks)


def _set(get: Callable[[], Any], put: Callable[[Any], Any], value: Any) -> None:
    """Set it unless it has that value already: reading is cheap, setting may not be."""
    if get() != value:
        put(value)
