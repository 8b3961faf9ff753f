"""Submissions to the small lesson, hostile ones among them, graded in the sandbox."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import psutil

from autograder.judging.grade import Outcome, SubmissionGrade
from autograder.sandbox.limits import MB
from helpers.in_words import exercise_message
from helpers.small_lesson import ANSWERS, FULL, GIVEN, check, code, solution

LIMITS: dict[str, Any] = {
    "cell_seconds": 4, "notebook_seconds": 90, "memory": 1_500 * MB, "processes": 128, "scratch": 60 * MB,
    "file_size": 20 * MB, "open_files": 256, "output": 100_000, "restarts": 4,
}  # fmt: skip


HUSH = "hush-4711"
"""Stands in everything that a student must not read."""


Grade = Callable[..., SubmissionGrade]


def points(grade: SubmissionGrade) -> dict[str, float]:
    return {exercise.exercise.id: exercise.points for exercise in grade.exercises}


def outcome(grade: SubmissionGrade, exercise: str) -> Outcome:
    return next(item.outcome for item in grade.exercises if item.exercise.id == exercise)


def message(grade: SubmissionGrade, exercise: str) -> str:
    return next(exercise_message(item) for item in grade.exercises if item.exercise.id == exercise)


def printed(grade: SubmissionGrade) -> str:
    return "".join(str(output.get("text", output)) for outputs in grade.outputs.values() for output in outputs)


def without(*exercises: str) -> dict[str, float]:
    """Full points in all other exercises."""
    return {name: 0.0 if name in exercises else most for name, most in FULL.items()}


def instead(**answers: str) -> list[dict[str, Any]]:
    """A notebook with these answers in place of the right ones."""
    cells = [code(GIVEN)]
    for exercise, answer in {**ANSWERS, **answers}.items():
        cells += [solution(exercise, answer), check(exercise)]
    return cells


def gone(mark: str) -> bool:
    """Whether within a while no process of the machine has the mark in its command line."""
    deadline = time.monotonic() + 20
    while any(mark in " ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"])):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
