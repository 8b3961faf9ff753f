"""What a result depends on, as hashes: of an observation, and of a grade. Nothing else computes them.

Whatever is kept, in a cache or in the gradebook, is kept under one of these, and is computed anew once it changes.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version

from autograder.lesson import Lesson, spoken, word_files
from autograder.rooms import GRADING, OBSERVING, digest

LIBRARIES = ("torch", "torchvision", "numpy")


def observation_key(lesson: Lesson, given: str, exercise: str, source: str, seed: int) -> str:
    """The cache key of the observations of one answer to an exercise.

    They depend on the engine's rooms in `OBSERVING`, the exercise's criteria, the code that the lesson gives, the
    answer's source, the seed, and the versions of Python and of the libraries.
    """
    engine = (digest(OBSERVING), *versions())
    return _hash((*engine, lesson.name, lesson.criteria_digest_of(exercise), given, exercise, source, str(seed)))


def grade_identity(lesson: Lesson, seed: int, submission: str) -> str:
    """What the grade of a submission (given by its digest) depends on: the submission, the lesson, the grader. Three
    hashes, with dashes between them.

    The lesson: its criteria, its text, its known mistakes, the seed, the language and its words. The grader: the
    engine's rooms in `GRADING`, and the libraries' versions.
    """
    paths = (lesson.text, *lesson.answer_files(), *word_files(lesson.folder))
    texts = [path.read_bytes() for path in paths if path.exists()]
    about = (str(seed), spoken(), lesson.criteria_digest, *(hashlib.sha256(text).hexdigest() for text in texts))
    grader = (digest(GRADING), *(text.partition("+")[0] for text in versions()[1:]))
    return "-".join((submission, _hash(about), _hash(grader)))


def what_changed(before: str, now: str) -> str:
    """Whether it is the "submission", the "lesson" or the "grader" that makes two grade identities differ: the first of
    these; nothing where they are equal. What an earlier grader wrote may have another form."""
    old, new = before.split("-"), now.split("-")
    if len(old) != len(new):
        return "grader"
    parts = zip(("submission", "lesson", "grader"), old, new, strict=True)
    return next((name for name, was, now_is in parts if was != now_is), "")


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


@cache
def versions() -> tuple[str, ...]:
    """Of Python, and of the libraries that observations depend on."""
    return (sys.version, *map(version, LIBRARIES))
