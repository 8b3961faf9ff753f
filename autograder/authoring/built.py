"""Which lessons are built already: as they are, by this engine, with everything that a build writes in its place.

A build is remembered under a hash of all that went into it and all that came out. So whatever is edited, moved,
checked out or deleted, on either side, is noticed, and a date says nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

from autograder.lesson import FOLDER, Lesson, spoken
from autograder.rooms import BUILDING, ENGINE, digest
from autograder.running import keep, recall, versions
from autograder.sandbox import CONFIG
from autograder.texts import address_of

EDITIONS = ("source", "release", "selfstudy", "solutions")
"""The notebooks of a lesson, by the folder of the course in which they lie."""
LIBRARIES = ("jupytext", "nbclient", "nbconvert", "nbformat", "nbgrader")
"""What notebooks are made with, beside what observations are."""


def edition(course: Path, name: str, lesson: Lesson) -> Path:
    """Where an edition of a lesson's notebook is."""
    return course / name / lesson.name / f"{lesson.name}.ipynb"


def not_built(course: Path, lessons: Iterable[Lesson]) -> list[Lesson]:
    """Those of the lessons that a build would do something for."""
    keys = {lesson.name: _key(course, lesson) for lesson in lessons}
    known = recall(keys.values())
    return [lesson for lesson in lessons if keys[lesson.name] not in known]


def remember(course: Path, lessons: Iterable[Lesson]) -> None:
    """Remember these lessons as built, as they are now."""
    keep({_key(course, lesson): [] for lesson in lessons})


def _key(course: Path, lesson: Lesson) -> str:
    everything = hashlib.sha256()
    engine = (digest(BUILDING), *versions(), *map(version, LIBRARIES))
    for fact in ("built", *engine, str(address_of(course)), spoken(), lesson.name):
        everything.update(f"{fact}\0".encode())
    for name, path in _files(course, lesson):
        everything.update(f"{name}\0".encode())
        everything.update(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"")
    return everything.hexdigest()


def _files(course: Path, lesson: Lesson) -> Iterator[tuple[str, Path]]:
    """What a build of the lesson reads and writes, there or not, by name; of the engine, the words for translators."""
    yield CONFIG, course / CONFIG
    yield from ((name, edition(course, name, lesson)) for name in EDITIONS)
    for root in (ENGINE / FOLDER, lesson.folder):
        for path in sorted(root.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(root).as_posix(), path
