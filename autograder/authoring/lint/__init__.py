"""What an author can get wrong in a lesson: `lint` collects every fault, each with its place.

`texts` reads the lesson's files, `answers` looks at what its answers show: each rule is a function there.
"""

from __future__ import annotations

import os
from pathlib import Path

from autograder.authoring.lint.answers import answer_faults
from autograder.authoring.lint.places import Fault
from autograder.authoring.lint.texts import text_faults
from autograder.lesson import Lesson
from autograder.texts import BadAddress, address_of

__all__ = ["Fault", "FaultyLessons", "lint", "required"]


class FaultyLessons(RuntimeError):
    """Lessons have faults; the text has a line for each."""


def lint(course: Path, lessons: list[Lesson]) -> list[Fault]:
    """Every fault of these lessons of a course, in the order of the lessons. Answers are run only where the texts are
    whole."""
    found = _course_faults(course)
    for lesson in lessons:
        in_text = text_faults(lesson)
        found += in_text or answer_faults(lesson)
    return found


def required(course: Path, lessons: list[Lesson]) -> None:
    """Raises `FaultyLessons` where there is any fault."""
    if faults := lint(course, lessons):
        raise FaultyLessons("\n".join(map(str, faults)))


def _course_faults(course: Path) -> list[Fault]:
    try:
        address_of(course)
    except BadAddress as error:
        return [Fault(os.path.relpath(course), str(error))]
    return []
