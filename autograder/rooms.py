"""The engine's rooms: on which floor each lies, and which of them leave the house.

A room is a package of `autograder/`. It imports from rooms on lower floors only, and only what their `__init__` hands
out; `tools/house.py` finds whatever does not. Where the engine is copied, hashed or installed in part, the part is one
of the lists here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ENGINE = Path(__file__).resolve().parent
FLOORS = (
    ("cli",),
    ("classroom", "authoring", "update"),
    ("student", "nbgrader", "cluster", "report", "translation"),
    ("feedback", "running", "jupyter", "demo"),
    ("judging", "sandbox", "submission"),
    ("probing", "texts"),
    ("lesson", "source"),
)
"""All rooms, from the top floor down."""
OBSERVING = ("lesson", "source", "probing")
"""What a graded kernel gets, and all that an observation depends on."""
GRADING = (*OBSERVING, "texts", "judging", "sandbox", "submission", "feedback", "running", "nbgrader")
"""What a grade in the gradebook, with its words, depends on."""
BUILDING = (*GRADING, "translation", "student", "authoring")
"""What the files that a build writes depend on."""
STUDENT = (*OBSERVING, "judging", "feedback", "student")
"""What is installed for students, and what a kernel gets in which `check()` is to answer."""
ENTRANCES = ("__init__.py", "criteria.py", "digits.py")
"""What notebooks and exercises import: it goes wherever a room goes."""


def files(rooms: Iterable[str]) -> Iterator[Path]:
    """The source files of these rooms, and the entrances, in a fixed order."""
    yield from (ENGINE / name for name in ENTRANCES)
    for room in sorted(rooms):
        yield from sorted(ENGINE.joinpath(room).rglob("*.py"))


@cache
def digest(rooms: tuple[str, ...]) -> str:
    """A hash of the source of these rooms and of the entrances."""
    content = hashlib.sha256()
    for path in files(rooms):
        content.update(path.read_bytes())
    return content.hexdigest()
