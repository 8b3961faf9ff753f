"""What students call in a notebook: `check("affine")`, `hint("affine")`, `progress()`; in self-study also `solution`.

A check probes the notebook's code under the lesson's public seed and compares with the golden observations. It decides
nothing: graded runs look at the same criteria with other draws, in a process of the grader's.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import FunctionType

from autograder.feedback import (
    Notice,
    card_html,
    card_text,
    fault,
    hint_notice,
    lay_out,
    no_solution,
    self_study_notice,
    solution_notice,
    solution_withheld,
    stopped,
    unknown_exercise,
)  # fmt: skip
from autograder.judging import (
    CellError,
    ExerciseGrade,
    GraderFault,
    NoObservation,
    Outcome,
    Seen,
    grade_exercise,
    misnamed,
    public_seed,
    read_golden,
)
from autograder.lesson import Criterion, Exercise, Lesson, LessonNotFound, all_lessons, lesson_of, said
from autograder.probing import raised, real_bases
from autograder.probing.probe import probe
from autograder.source import defines
from autograder.student import display, drive, plain_nbgrader
from autograder.student.overview import Overview
from autograder.student.progress import Memory, Record, home
from autograder.student.selfstudy import TRIES, Damaged, unpack
from autograder.student.timelimit import TimeIsUp, time_limit

_solutions: dict[str, str] = {}
"""Exercise id → the course's own solution, in a notebook for self-study."""
_about_answer: dict[str, str] = {}
"""Exercise id → what the last check said of the answer: who asks the same again has not tried again."""


def check(exercise_id: str) -> float | None:
    """Check your answer to an exercise and show, criterion by criterion, what was expected beside what you have.

    Returns None, and never raises because of the code that it checks. A criterion that takes too long is stopped, and
    the notebook's stop button works. (Under nbgrader the result is what nbgrader expects: see `plain_nbgrader`.)
    """
    names = display.namespace(sys._getframe(1))
    found = _find(exercise_id)
    if found is None:
        return None
    lesson, exercise = found
    try:
        with plain_nbgrader.quiet():
            grade = _grade(lesson, exercise, names)
    except GraderFault as error:
        _refuse(fault(str(error)), error)
        return None
    except KeyboardInterrupt:
        _show(stopped(exercise))
        raise
    if plain_nbgrader.running():
        return plain_nbgrader.result(grade)
    _answer(grade)
    return None


def hint(exercise_id: str, number: int | None = None) -> None:
    """Show the next hint for an exercise, or a given one (from 1) again."""
    found = _find(exercise_id)
    if found is None:
        return
    exercise = found[1]
    seen, total = _memory().of(exercise.id).hints, len(exercise.hints)
    wanted = seen + 1 if number is None else number
    _show(hint_notice(exercise, None if number is None and wanted > total else wanted))
    if seen < wanted <= total:
        _remember(exercise.id, lambda record: replace(record, hints=wanted))


def progress() -> None:
    """Show how far you are in every lesson, and what to do next."""
    overview = Overview({item.name: list(item.exercises.values()) for item in all_lessons()}, _memory().recall())
    display.show(overview.html(), overview.text())


def solution(exercise_id: str, now: bool = False) -> None:
    """In self-study, show how the course solves an exercise: once you have tried a few times, or `now`."""
    found = _find(exercise_id)
    if found is None:
        return
    exercise = found[1]
    record, source = _memory().of(exercise.id), _solutions.get(exercise.id)
    if source is None:
        _show(no_solution(exercise))
    elif now or record.solved or record.attempts >= TRIES:
        _show(solution_notice(exercise, source, record.solved))
        _remember(exercise.id, lambda record: replace(record, shown=record.shown or not record.solved))
    else:
        _show(solution_withheld(exercise, record.attempts, TRIES, record.hints))


def self_study(packed: str) -> None:
    """Open the solutions that a notebook for self-study brings along (`selfstudy.selfstudy_cell`). Under nbgrader none
    are opened."""
    if plain_nbgrader.running():
        return
    try:
        _solutions.update(unpack(packed))
        _show(self_study_notice(opened=True))
    except Damaged:
        _show(self_study_notice(opened=False))


def _grade(lesson: Lesson, exercise: Exercise, names: dict[str, object]) -> ExerciseGrade:
    expected = read_golden(lesson).get(exercise.id)
    if expected is None:
        raise GraderFault(f"{lesson.golden} has nothing on {exercise.id}: run `autograder build`")
    seed = public_seed(lesson)
    grade = grade_exercise(exercise, expected, [_look(exercise, item, seed, names) for item in exercise.criteria])
    if grade.outcome not in (Outcome.NOT_ATTEMPTED, Outcome.MISSING):
        return grade
    if failed := _failed(exercise):
        return grade_exercise(exercise, expected, [failed] * len(exercise.criteria))
    made = [name for name, value in names.items() if FunctionType in real_bases(value) or type in real_bases(value)]
    note = misnamed(exercise.requires, made)
    return replace(grade, notes=(note,) if note else ())


def _failed(exercise: Exercise) -> NoObservation | None:
    """The error that ended the newest cell with an answer, where that is why there is no answer."""
    name = exercise.requires.lower()  # another spelling is an answer as well, if no good one
    failed = display.failed_cell(lambda source: defines(source.lower(), name))
    if failed is None:
        return None
    source, error, line = failed
    shown = raised(error)
    return NoObservation(Outcome.ERROR, error=CellError(source, shown.types[0], shown.message, line))


def _look(exercise: Exercise, criterion: Criterion, seed: int, names: dict[str, object]) -> Seen:
    """One criterion's observation, or that its time is up. Pressing stop ends the whole check."""
    try:
        with time_limit(criterion.seconds):
            return probe(exercise, criterion, seed, names, passing=(KeyboardInterrupt, TimeIsUp))
    except TimeIsUp as error:
        stopped = raised(error)
        line = f"{stopped.line}: {stopped.code}" if stopped.line else ""
        facts = {"seconds": f"{criterion.seconds:g}", "line": line}
        there = said("it ran longer than {seconds} s and was at line {line}", **facts)
        return NoObservation(Outcome.TIMEOUT, there if line else said("it ran longer than {seconds} s", **facts))


def _answer(grade: ExerciseGrade) -> None:
    """Remember the check, and show its card, which knows how many hints were seen."""
    name = grade.exercise.id
    card = lay_out(grade, hint_count=_memory().of(name).hints, solution=_solutions.get(name, ""))
    about = card_text(replace(card, next="", solution=""))
    another, _about_answer[name] = about != _about_answer.get(name), about
    tried = another and grade.outcome not in (Outcome.NOT_ATTEMPTED, Outcome.MISSING)
    solved = grade.outcome is Outcome.PASSED
    _remember(name, lambda record: record.checked(grade.points, solved, tried))
    display.show(card_html(card), card_text(card))


def _find(exercise_id: object) -> tuple[Lesson, Exercise] | None:
    """The exercise and its lesson; None, after a word to the student, where there is no such exercise."""
    try:
        if not isinstance(exercise_id, str):
            raise LessonNotFound(f"{type(exercise_id).__name__} is not the id of an exercise")
        lesson = lesson_of(exercise_id)
        return lesson, lesson.exercises[exercise_id]
    except LessonNotFound as error:
        exercises = [item for lesson in all_lessons() for item in lesson.exercises.values()]
        _refuse(unknown_exercise(exercise_id, exercises), error)
        return None


def _refuse(notice: Notice, error: Exception) -> None:
    """Say why there is no answer. Under nbgrader silence would mean full points, so there the error is raised."""
    if plain_nbgrader.running():
        raise error
    _show(notice)


def _show(notice: Notice) -> None:
    display.show(notice.html(), notice.text())


def _remember(exercise_id: str, how: Callable[[Record], Record]) -> None:
    if not plain_nbgrader.running():  # that would be the instructor's home
        _memory().change(exercise_id, how)


def _memory() -> Memory:
    return _memory_in(home(), *drive.folders())


@cache
def _memory_in(*folders: Path) -> Memory:
    return Memory(*folders)
