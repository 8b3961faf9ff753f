"""Observations of all kinds."""

from __future__ import annotations

from typing import Any

from autograder.judging.compare import Tolerance
from autograder.lesson.lesson import Lesson
from autograder.probing import observation as o
from autograder.probing.probe import probe
from helpers import small_lesson

ALIKE = Tolerance(same_failure=True)


def seen(lesson: Lesson, exercise: str, answer: Any) -> list[o.Observation]:
    known = lesson.exercises[exercise]
    observations = [probe(known, criterion, 7, {known.requires: answer}) for criterion in known.criteria]
    return [o.from_json(o.to_json(observation)) for observation in observations]


def right(lesson: Lesson, exercise: str) -> Any:
    names: dict[str, Any] = {}
    exec(small_lesson.GIVEN + small_lesson.ANSWERS[exercise], names)
    return names[lesson.exercises[exercise].requires]
