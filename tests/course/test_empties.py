"""Who has done nothing earns nothing: empty answers to every exercise of every lesson."""

from __future__ import annotations

from functools import cache

import pytest
from helpers import COURSE

from autograder.authoring.empties import empty_answers
from autograder.judging.compare import compare
from autograder.judging.grade import tolerance_of
from autograder.lesson.lesson import Lesson, all_lessons
from autograder.probing.observation import Observation
from autograder.running.reference import observe_answers
from autograder.texts.percent import Answer, solutions

SEED = 7
LESSONS = list(all_lessons([COURSE]))
EXERCISES = [pytest.param(lesson, name, id=name) for lesson in LESSONS for name in lesson.exercises]


@cache
def observed(lesson: Lesson) -> dict[tuple[str, str], tuple[Observation, ...]]:
    """(exercise, name of the answer) → what its criteria see, of the reference and the empty answers."""
    empty = [
        Answer(name, what, source)
        for name, exercise in lesson.exercises.items()
        for what, source in empty_answers(exercise).items()
    ]
    asked = [*solutions(lesson).values(), *empty]
    seen = observe_answers(lesson, asked, SEED)
    return {(answer.exercise, answer.name): nodes for answer, nodes in zip(asked, seen, strict=True)}


@pytest.mark.parametrize(("lesson", "name"), EXERCISES)
def test_an_empty_answer_earns_nothing(lesson: Lesson, name: str) -> None:
    exercise, seen = lesson.exercises[name], observed(lesson)
    earned = [
        f"{criterion.name}: {what}"
        for what in empty_answers(exercise)
        for criterion, right, node in zip(exercise.criteria, seen[name, "reference"], seen[name, what], strict=True)
        if not compare(right, node, tolerance_of(criterion))
    ]
    assert not earned, "\n".join(earned)
