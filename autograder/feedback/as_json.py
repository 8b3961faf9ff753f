"""A grade as plain JSON: what `autograder check --json` prints and what a graded notebook keeps in its metadata."""

from __future__ import annotations

from collections import Counter
from typing import Any

from autograder.feedback.card import Card, Row
from autograder.feedback.labels import next_step
from autograder.feedback.render import clean
from autograder.judging import CriterionGrade, GraderFault, SubmissionGrade


def submission_json(notebook: str, grade: SubmissionGrade, cards: list[Card]) -> dict[str, Any]:
    """A whole submission, with a card for each exercise: `notebook`, `lesson`, `score`, `max_score`, `unreadable` (why,
    or ""), `exercises`."""
    return {
        "notebook": notebook,
        "lesson": grade.lesson.name,
        "score": grade.points,
        "max_score": grade.lesson.points,
        "unreadable": grade.unreadable,
        "exercises": list(map(exercise_json, cards)),
    }


def exercise_json(card: Card) -> dict[str, Any]:
    """One exercise, as its card tells it: `exercise`, `outcome`, `points`, `max_points`, `mistake` (its id or None),
    `misconception` (what that mistake says, or None), `message`, `notes`, `criteria`."""
    grade = card.grade
    message = [card.message, *map(clean, grade.notes), next_step(grade)]
    return {
        "exercise": grade.exercise.id,
        "outcome": grade.outcome.value,
        "points": grade.points,
        "max_points": grade.exercise.points,
        "mistake": grade.mistake.id if grade.mistake else None,
        "misconception": grade.mistake.message if grade.mistake else None,
        "message": " ".join(filter(None, message)),
        "notes": list(grade.notes),
        "criteria": [_criterion_json(*pair) for pair in zip(grade.criteria, card.rows, strict=True)],
    }


def misconceptions(grades: list[dict[str, Any]]) -> list[tuple[str, str, str, int]]:
    """(exercise, mistake's id, what its holders were told, how many hold it), the most common first."""
    held: Counter[tuple[str, str]] = Counter()
    told: dict[tuple[str, str], str] = {}
    for grade in grades:
        for exercise in grade["exercises"]:
            if exercise["mistake"]:
                key = (exercise["exercise"], exercise["mistake"])
                held[key] += 1
                told[key] = exercise["misconception"]
    return [(*key, told[key], count) for key, count in held.most_common()]


def fault_text(error: Exception) -> str:
    """What to say of an exception that kept a submission from being graded: none of that is the student's doing."""
    what = str(error) if isinstance(error, GraderFault) else f"{type(error).__name__}: {error}"
    return f"the grader's own fault: {what}"


def _criterion_json(grade: CriterionGrade, row: Row) -> dict[str, Any]:
    return {
        "name": grade.criterion.name,
        "outcome": grade.outcome.value,
        "points": grade.points,
        "max_points": grade.criterion.points,
        "message": row.message,
    }
