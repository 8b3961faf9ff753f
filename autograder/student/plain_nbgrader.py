"""Checks under a plain nbgrader: its Validate, or its autograde without this course's configuration.

nbgrader says that it runs a notebook in the variable NBGRADER_EXECUTION, and reads the score from the cell's outputs
(`nbgrader.utils.determine_grade`, 0.9): no result and no error is full points, a number is that many points, and an
error or anything on stderr is none. Nothing of nbgrader is imported here.
"""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext, redirect_stderr

from autograder.feedback import card_html, card_text, lay_out
from autograder.judging import ExerciseGrade, Outcome
from autograder.student import display


class CheckFailed(AssertionError):
    """A check that failed under Validate; its text is the card."""

    def _render_traceback_(self) -> list[str]:
        """For IPython: the card alone, without a traceback through the grader."""
        return str(self).splitlines()


def running() -> str:
    """`autograde` or `validate` where nbgrader runs the notebook, else empty."""
    return os.environ.get("NBGRADER_EXECUTION", "")


def result(grade: ExerciseGrade) -> float | None:
    """What the check's cell must give: None for full points, else the points.

    Validate shows an error's text to the student, but nothing of a cell that gives a number, so there everything short
    of full points raises `CheckFailed`.
    """
    passed = grade.outcome is Outcome.PASSED
    if running() == "validate" and not passed:
        raise CheckFailed(card_text(lay_out(grade)))
    card = lay_out(grade, hint_count=None)
    display.show(card_html(card), card_text(card))
    return None if passed else float(grade.points)


def quiet() -> AbstractContextManager[object]:
    """Under nbgrader, what students' code writes to stderr goes to stdout, where it costs no points."""
    return redirect_stderr(sys.stdout) if running() else nullcontext()
