"""Writes computed grades into nbgrader's gradebook, and reads back what was graded, through nbgrader's own code."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from autograder.grader import SubmissionGrade
from autograder.nbgrader.grade import Grade, GradedAlready
from autograder.nbgrader.release import alembic_on_path, course_config, run_converter
from autograder.notebook import OURS


@dataclass(frozen=True)
class Score:
    """A student's score in the gradebook for one lesson."""

    student: str
    score: float
    max_score: float


def record(course: Path, student: str, grade: SubmissionGrade) -> None:
    """Write one student's grade: the autograded notebook and the gradebook's rows, as `nbgrader autograde` does."""

    def write_this_grade(converter: Any) -> None:
        steps = converter.autograde_preprocessors
        name = f"{Grade.__module__.rpartition('.')[0]}.{Grade.__name__}"
        converter.autograde_preprocessors = [GradedAlready(grade) if step == name else step for step in steps]

    run_converter(Autograde, course, grade.lesson.name, course_config(course), student, write_this_grade)


def recorded(course: Path, student: str, lesson: str) -> dict[str, Any]:
    """What the autograded notebook says of its grade (`grade`, `fingerprint`), or {} where there is none."""
    path = course / "autograded" / student / lesson / f"{lesson}.ipynb"
    try:
        ours = json.loads(path.read_text(encoding="utf-8"))["metadata"][OURS]
    except (OSError, ValueError, KeyError):
        return {}
    return dict(ours)


def scores(course: Path, lesson: str) -> list[Score]:
    """The gradebook's scores for a lesson, by student."""
    config = course_config(course)
    folder = CourseDirectory(config=config, root=str(course.resolve()))
    with alembic_on_path(), Gradebook(folder.db_url, folder.course_id) as gradebook:
        return [Score(row.student_id, row.score, row.max_score) for row in gradebook.assignment_submissions(lesson)]


def has_assignment(course: Path, lesson: str) -> bool:
    """Whether the lesson has been released into the gradebook."""
    config = course_config(course)
    folder = CourseDirectory(config=config, root=str(course.resolve()))
    with alembic_on_path(), Gradebook(folder.db_url, folder.course_id) as gradebook:
        return any(assignment.name == lesson for assignment in gradebook.assignments)
