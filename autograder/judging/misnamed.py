"""A function or class that is defined under nearly the name that an exercise asks for."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from autograder.lesson import said

SIMILARITY = 0.85
"""How alike two names must be, as `difflib` measures it: from 0 to 1."""


def misnamed(required: str, defined: Iterable[str]) -> str:
    """A note that tells the two names apart, where one of the names `defined` is nearly the `required` one; else
    empty."""
    folded = {_folded(name): name for name in defined if name != required}
    close = get_close_matches(_folded(required), list(folded), n=1, cutoff=SIMILARITY)
    if not close:
        return ""
    return said("`{found}` is defined, but `{name}` is asked for.", found=folded[close[0]][:60], name=required)


def _folded(name: str) -> str:
    return name.lower().replace("_", "")[:100]
