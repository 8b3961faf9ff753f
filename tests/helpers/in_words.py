"""A grade in words, form by form: for tests that have a grade, and no card."""

from __future__ import annotations

from autograder.feedback import as_html, as_text, lay_out
from autograder.feedback.as_json import exercise_json
from autograder.feedback.words import Explained
from autograder.judging import CriterionGrade, ExerciseGrade


def card_html(grade: ExerciseGrade, headline: str = "", hint_count: int | None = 0, solution: str = "") -> str:
    return as_html.card_html(lay_out(grade, headline, hint_count, solution))


def card_text(grade: ExerciseGrade, headline: str = "", hint_count: int | None = 0, solution: str = "") -> str:
    return as_text.card_text(lay_out(grade, headline, hint_count, solution))


def criterion_message(grade: CriterionGrade, within: ExerciseGrade | None = None) -> str:
    return Explained(grade, within).message


def exercise_message(grade: ExerciseGrade) -> str:
    return str(exercise_json(lay_out(grade))["message"])
