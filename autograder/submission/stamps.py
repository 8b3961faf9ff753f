"""Tells the lesson's own cells from what a student made of them: a release stamps each cell with a hash of what it
says. Notebooks keep a cell's metadata when its text is changed, so both are known later: that it was changed, and from
what.
"""

from __future__ import annotations

import hashlib
from typing import Any

from autograder.submission.notebook import METADATA_KEY

STAMP = "released"
DIGITS = 12
"""Hexadecimal digits of a stamp: a lesson has a hundred cells, not a million."""


def stamp_of(kind: str, source: str) -> str:
    """The stamp of a cell that is "code" or "markdown" and says that."""
    return hashlib.sha256(f"{kind}\n{source.strip()}".encode()).hexdigest()[:DIGITS]


def stamped(kind: str, source: str) -> dict[str, Any]:
    """The metadata in which a released cell bears its stamp."""
    return {METADATA_KEY: {STAMP: stamp_of(kind, source)}}


def stamp_in(metadata: Any) -> str:
    """The stamp that a cell's metadata bears, "" for none. The metadata may be anything."""
    ours = metadata.get(METADATA_KEY) if isinstance(metadata, dict) else None
    found = ours.get(STAMP) if isinstance(ours, dict) else None
    return found if isinstance(found, str) else ""
