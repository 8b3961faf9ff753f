"""What must be the same here and on a worker, so that it gives the same grades in the same words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache

from autograder.rooms import ENGINE
from autograder.sandbox import LESSONS

OURS = "inside-nn-module"
PACKAGES = (OURS, "torch", "torchvision")
Versions = Mapping[str, str | None]
"""Package → version, of "python" too."""


def difference(here: Versions, there: Versions) -> str:
    """What a worker lacks, or has in another version than is installed here; nothing where all is alike."""
    if there.get(OURS) is None:
        return f"{OURS} is not installed there: pip install '{OURS}[instructor,cluster]'"
    for name in ("python", *PACKAGES):
        mine, other = _version(name, here.get(name)), _version(name, there.get(name))
        if mine != other:
            return f"it has {name} {other}, and here is {mine}: install the same there"
    return ""


@cache
def engine() -> str:
    """Names this installation's engine by what its files hold: another one may grade otherwise."""
    content = hashlib.sha256()
    for path in sorted(path for kind in ("*.py", "*.mo") for path in ENGINE.rglob(kind)):
        if LESSONS not in path.relative_to(ENGINE).parts:
            content.update(path.read_bytes())
    return content.hexdigest()


def _version(name: str, text: str | None) -> str:
    """A version as far as it matters: Python's first two numbers, of others all but where they were built."""
    known = text or "missing"
    return ".".join(known.split(".")[:2]) if name == "python" else known.partition("+")[0]
