"""Quizzes: every option that is chosen wrongly explains itself, alone and beside other wrong ones."""

from __future__ import annotations

import random
from typing import Any

import pytest
from helpers.in_words import card_text
from helpers.references import References

from autograder.judging.golden import public_seed, read_golden
from autograder.judging.grade import ExerciseGrade, Outcome, Seen, grade_exercise
from autograder.probing.probe import probe

VERDICTS = ("none", "this layer", "earlier layers", "this and earlier layers")
QUIZZES = {
    "registration_quiz": ("lesson1_subclassing", (True, False)),
    "lecture_facts": ("lesson3_registration", (True, False)),
    "clip_verdicts": ("lesson5_diagnostics", VERDICTS),
}
"""Exercise → its lesson, and the options of each question."""


class Quiz:
    def __init__(self, exercise_id: str) -> None:
        name, self.options = QUIZZES[exercise_id]
        lesson = References(name)
        self.exercise, self.seed = lesson.lesson.exercises[exercise_id], public_seed(lesson.lesson)
        self.expected = read_golden(lesson.lesson)[exercise_id]
        self.right: dict[str, Any] = lesson.reference(exercise_id)

    def grade(self, **wrong: Any) -> ExerciseGrade:
        names = {self.exercise.requires: {**self.right, **wrong}}
        seen: list[Seen] = [probe(self.exercise, item, self.seed, names) for item in self.exercise.criteria]
        return grade_exercise(self.exercise, self.expected, seen)

    def wrong_options(self, key: str) -> list[Any]:
        return [option for option in self.options if option != self.right[key]]


@pytest.fixture(scope="module", params=QUIZZES)
def quiz(request: pytest.FixtureRequest) -> Quiz:
    return Quiz(request.param)


def test_every_wrong_option_is_explained_by_a_text_of_its_question(quiz: Quiz) -> None:
    told: dict[str, set[str]] = {}
    for key in quiz.right:
        for option in quiz.wrong_options(key):
            grade = quiz.grade(**{key: option})
            assert [item.outcome for item in grade.criteria].count(Outcome.PASSED) == len(quiz.right) - 1
            assert grade.mistake is not None, (key, option)
            assert " ".join(grade.mistake.message.split()) in " ".join(card_text(grade).split())
            told.setdefault(key, set()).add(grade.mistake.id)
    everything = [mistake for mistakes in told.values() for mistake in mistakes]
    assert len(everything) == len(set(everything)), "one text explains two questions"


def test_several_wrong_options_are_each_explained(quiz: Quiz) -> None:
    chance = random.Random(0)
    for count in (2, 3, len(quiz.right)) * 8:
        keys = chance.sample(list(quiz.right), count)
        grade = quiz.grade(**{key: chance.choice(quiz.wrong_options(key)) for key in keys})
        failed = [item for item in grade.criteria if item.outcome is Outcome.FAILED]
        assert len(failed) == count
        text = " ".join(card_text(grade).split())
        for item in failed:
            assert item.mistake is not None, item.criterion.name
            assert " ".join(item.mistake.message.split()) in text
