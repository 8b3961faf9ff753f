"""What must be the same here and on a worker, so that it gives the same grades in the same words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache

from autograder import DISTRIBUTION
from autograder.lesson import COMPILED, FOLDER
from autograder.rooms import ENGINE, GRADING, digest

PACKAGES = (DISTRIBUTION, "torch", "torchvision")
Versions = Mapping[str, str | None]
"""Package → version, of "python" too."""


def difference(here: Versions, there: Versions) -> str:
    """What a worker lacks, or has in another version than is installed here; nothing where all is alike."""
    if there.get(DISTRIBUTION) is None:
        return f"{DISTRIBUTION} is not installed there: pip install '{DISTRIBUTION}[instructor,cluster]'"
    for name in ("python", *PACKAGES):
        mine, other = _version(name, here.get(name)), _version(name, there.get(name))
        if mine != other:
            return f"it has {name} {other}, and here is {mine}: install the same there"
    return ""


@cache
def engine() -> str:
    """Names this installation's engine by what its files hold: another one may grade otherwise."""
    words = (path.read_bytes() for path in sorted(ENGINE.glob(f"{FOLDER}/*{COMPILED}")))
    return hashlib.sha256(b"".join([digest((*GRADING, "cluster")).encode(), *words])).hexdigest()


def _version(name: str, text: str | None) -> str:
    """A version as far as it matters: Python's first two numbers, of others all but where they were built."""
    known = text or "missing"
    return ".".join(known.split(".")[:2]) if name == "python" else known.partition("+")[0]
