"""What every lesson promises, held to it by its own answers: the reference passes, every known mistake fails and is
named, every other right answer passes, a stub counts as not attempted; so do the further answers in `more.md`, which no
student is compared with: right ones pass, wrong ones are told the mistake that they must be told, if any.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import cache

import pytest
from helpers import COURSE

from autograder.authoring.build import check_course
from autograder.judging.golden import public_seed
from autograder.judging.grade import ExerciseGrade, Expected, Outcome, grade_exercise
from autograder.lesson.exercise import Exercise
from autograder.lesson.lesson import Lesson, all_lessons
from autograder.probing.observation import to_json
from autograder.running.reference import expected_observations, observe_answers
from autograder.texts.known_answers import answers, further_answers
from autograder.texts.percent import Answer, solutions, stubs

LESSONS = list(all_lessons([COURSE]))
EXERCISES = [pytest.param(lesson, name, id=name) for lesson in LESSONS for name in lesson.exercises]
Seed = int | str
PUBLIC = "public"
OTHER = 2**40 + 3
EVERY_SEED = (PUBLIC, OTHER, 77) if "SOAK" in os.environ else (PUBLIC,)
"""Seeds for all answers. The public one is also what the golden files and a build are made with: its observations serve
all. Before a release come others."""
SEEDS = tuple(dict.fromkeys((*EVERY_SEED, OTHER)))
"""Seeds for whom the verdict alone counts: who is right passes whatever is drawn."""
LARGEST_GOLDEN_EXERCISE = 1_000_000


class Graded:
    """The answers of a lesson, graded under one seed: all of them, or those alone that are right or not begun."""

    def __init__(self, lesson: Lesson, seed: int, everything: bool) -> None:
        reference = solutions(lesson)
        self.known = [answer for answer in answers(lesson) if answer.mistake is None]
        self.further = [item for item in further_answers(lesson) if item.right or everything]
        asked = [*reference.values(), *stubs(lesson).values(), *self.known, *(item.answer for item in self.further)]
        self.observed = dict(zip(asked, observe_answers(lesson, asked, seed), strict=True))
        self.expected = {name: Expected(self.observed[answer], ()) for name, answer in reference.items()}
        if everything:
            self.expected = expected_observations(lesson, seed)
        self.exercises = lesson.exercises

    def grade(self, answer: Answer) -> ExerciseGrade:
        """The grade of an answer that is not a known mistake."""
        exercise = self.exercises[answer.exercise]
        return grade_exercise(exercise, self.expected[answer.exercise], list(self.observed[answer]))

    def named(self, exercise: str, name: str) -> ExerciseGrade:
        """The grade of the exercise's answer called `name`: "reference" or "stub"."""
        (answer,) = (answer for answer in self.observed if (answer.exercise, answer.name) == (exercise, name))
        return self.grade(answer)


@cache
def graded(lesson: Lesson, seed: Seed) -> Graded:
    """One run of the reference process for each lesson and seed, whatever the order of the tests."""
    return Graded(lesson, public_seed(lesson) if seed == PUBLIC else int(seed), seed in EVERY_SEED)


def story(grade: ExerciseGrade) -> str:
    """What an answer was told, for the message of a failing test."""
    lines = [
        f"{grade.outcome}, {grade.points} of {grade.exercise.points}, mistake {grade.mistake and grade.mistake.id}"
    ]
    for item in grade.criteria:
        lines += [f"  {item.outcome}: {item.criterion.name} ({item.mistake and item.mistake.id})"]
        lines += [f"    {m.kind} {m.path}: {m.expected} / {m.seen}"[:400] for m in item.mismatches]
    return "\n".join(lines)


def passes(grade: ExerciseGrade) -> bool:
    """Whether an answer earned everything."""
    return grade.outcome is Outcome.PASSED and grade.points == grade.exercise.points


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES)
class TestRightAnswers:
    """Whoever is right passes, and who has not begun is told so."""

    def test_reference_passes(self, lesson: Lesson, exercise: str, seed: Seed) -> None:
        grade = graded(lesson, seed).named(exercise, "reference")
        assert passes(grade), story(grade)

    def test_stub_is_not_attempted(self, lesson: Lesson, exercise: str, seed: Seed) -> None:
        grade = graded(lesson, seed).named(exercise, "stub")
        assert grade.outcome is Outcome.NOT_ATTEMPTED, story(grade)
        assert grade.points == 0
        assert grade.mistake is None

    def test_other_right_answers_pass(self, lesson: Lesson, exercise: str, seed: Seed) -> None:
        run = graded(lesson, seed)
        for answer in run.known:
            if answer.exercise == exercise:
                grade = run.grade(answer)
                assert passes(grade), f"{answer.name}: {story(grade)}"

    def test_further_right_answers_pass(self, lesson: Lesson, exercise: str, seed: Seed) -> None:
        run = graded(lesson, seed)
        for item in run.further:
            if item.answer.exercise == exercise and item.right:
                grade = run.grade(item.answer)
                assert passes(grade), f"{item.answer.name}: {story(grade)}"


@pytest.mark.parametrize("seed", EVERY_SEED)
@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES)
class TestWrongAnswers:
    """Each is told what it must be."""

    def test_known_mistakes_fail_and_are_named(self, lesson: Lesson, exercise: str, seed: Seed) -> None:
        expected = graded(lesson, seed).expected[exercise]
        for mistake in expected.mistakes:
            grade = grade_exercise(lesson.exercises[exercise], expected, list(mistake.observations))
            assert not passes(grade), mistake.id
            assert grade.mistake is not None, f"{mistake.id}: {story(grade)}"
            assert grade.mistake.id == mistake.id, story(grade)

    def test_further_wrong_answers_are_told_the_right_thing(self, lesson: Lesson, exercise: str, seed: Seed) -> None:
        run = graded(lesson, seed)
        for item in run.further:
            if item.answer.exercise == exercise and not item.right:
                grade = run.grade(item.answer)
                assert not passes(grade), item.answer.name
                assert (grade.mistake.id if grade.mistake else None) == item.told, f"{item.answer.name}: {story(grade)}"


@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES)
class TestCompleteness:
    """Each exercise has what an exercise needs."""

    def test_hints_say_something(self, lesson: Lesson, exercise: str) -> None:
        found: Exercise = lesson.exercises[exercise]
        assert 3 <= len(found.hints) <= 4
        assert all(len(hint.split()) >= 8 for hint in found.hints)
        assert len(set(found.hints)) == len(found.hints)

    def test_criteria_and_points(self, lesson: Lesson, exercise: str) -> None:
        found: Exercise = lesson.exercises[exercise]
        assert 3 <= found.points <= 8
        assert all(criterion.points > 0 and criterion.because for criterion in found.criteria)
        assert max(Counter(criterion.name for criterion in found.criteria).values()) == 1
        assert found.minutes > 0
        assert 1 <= found.difficulty <= 5

    def test_enough_known_answers(self, lesson: Lesson, exercise: str) -> None:
        own = [answer for answer in answers(lesson) if answer.exercise == exercise]
        assert len({answer.mistake for answer in own if answer.mistake}) >= 6
        assert len([answer for answer in own if answer.mistake is None]) >= 3

    def test_no_two_mistakes_say_the_same(self, lesson: Lesson, exercise: str) -> None:
        messages = {a.mistake: a.message for a in answers(lesson) if a.exercise == exercise and a.mistake}
        assert max(Counter(messages.values()).values()) == 1

    def test_observations_stay_small(self, lesson: Lesson, exercise: str) -> None:
        expected: Expected = graded(lesson, SEEDS[0]).expected[exercise]
        rows = [expected.reference, *(mistake.observations for mistake in expected.mistakes)]
        assert sum(len(to_json(node)) for row in rows for node in row) < LARGEST_GOLDEN_EXERCISE


def test_there_are_lessons() -> None:
    assert LESSONS


@pytest.mark.slow
def test_what_is_committed_has_not_drifted() -> None:
    """Here, where the observations of all answers are in the cache."""
    check_course(COURSE)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_exercise_ids_are_unique_in_the_course(lesson: Lesson) -> None:
    others = {name for other in LESSONS if other != lesson for name in other.exercises}
    assert not others & lesson.exercises.keys()
