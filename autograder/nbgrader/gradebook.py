"""Writes computed grades into nbgrader's gradebook, and reads back what was graded, through nbgrader's own code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from math import isclose
from pathlib import Path
from typing import Any

from nbgrader import api
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, BaseConverter
from nbgrader.preprocessors import OverwriteCells
from nbgrader.utils import parse_utc

from autograder.grade import GraderFault
from autograder.grader import SubmissionGrade
from autograder.nbgrader.grade import Grade, GradedAlready
from autograder.nbgrader.release import NbgraderFailed, course_directory, run_converter
from autograder.notebook import OURS
from autograder.settings import CONFIG, course_config
from autograder.submission import read_bytes

STEP = f"{Grade.__module__.rpartition('.')[0]}.{Grade.__name__}"
"""How a course's configuration names our step."""

METADATA_CHECK = "nbgrader.preprocessors.CheckCellMetadata"
"""nbgrader's check of metadata that we have just written."""


class NotReleased(LookupError):
    """The lesson is not in the course's gradebook; the text says how it gets there."""


@dataclass(frozen=True)
class Recorded:
    """A grade that stands in the gradebook: the grade as JSON, the fingerprint of what was graded, how many seconds
    that took, and the source of each solution cell by exercise."""

    grade: dict[str, Any]
    fingerprint: str
    seconds: float
    sources: dict[str, str]


@dataclass(frozen=True)
class Score:
    """A student's score in the gradebook for one lesson."""

    student: str
    score: float
    max_score: float


class _OneStudents(Autograde):
    """Autogrades the submission of one student, who may be called anything: nbgrader takes names for patterns.

    In one pass: what `SubmissionExporter` reads is sound. All that is left of nbgrader's first pass is that the cells
    get what the gradebook has of them, and that the notebook can be written before the gradebook is.
    """

    student = ""

    def init_notebooks(self) -> None:
        lesson = self.coursedir.assignment_id
        folder = self._format_source(lesson, self.student)
        self.assignments = {folder: [str(Path(folder) / f"{lesson}.ipynb")]}

    def convert_single_notebook(self, notebook_filename: str) -> None:
        self.sanitize_preprocessors = [OverwriteCells, *self.autograde_preprocessors]
        self._init_preprocessors()
        Path(self._format_dest(self.coursedir.assignment_id, self.student)).mkdir(parents=True, exist_ok=True)
        self.exporter.optimistic_validation = True  # once, when all is done
        BaseConverter.convert_single_notebook(self, notebook_filename)


def record(course: Path, student: str, grade: SubmissionGrade) -> None:
    """Write one student's grade: the autograded notebook and the gradebook's rows, as `nbgrader autograde` does.

    Raises `NbgraderFailed`, and `GraderFault` where the course is not set up to be graded by us.
    """

    def write_this_grade(converter: Any) -> None:
        converter.student = student
        steps = [step for step in converter.autograde_preprocessors if step != METADATA_CHECK]
        if STEP not in steps:
            raise GraderFault(f"{CONFIG} does not have {STEP} in c.Autograde.autograde_preprocessors")
        converter.autograde_preprocessors = [GradedAlready(grade) if step == STEP else step for step in steps]

    _require_time(course / "submitted" / student / grade.lesson.name / "timestamp.txt")
    with _engines_kept():
        run_converter(_OneStudents, course, grade.lesson.name, course_config(course), write_this_grade)


def recorded(course: Path, lesson: str) -> dict[str, Recorded]:
    """The grades that stand, by student: where the gradebook has the score that the autograded notebook says.

    Raises `NotReleased`.
    """
    with _gradebook(course) as gradebook:
        if all(assignment.name != lesson for assignment in gradebook.assignments):
            raise NotReleased(
                f"{lesson} is not in the gradebook: run `nbgrader generate_assignment {lesson}` in {course} first"
            )
        rows = gradebook.assignment_submissions(lesson)
        auto_scores = {row.student_id: [g.auto_score for n in row.notebooks for g in n.grades] for row in rows}
    found = {student: _in_notebook(course, student, lesson) for student in auto_scores}
    return {
        student: known
        for student, known in found.items()
        if known and isclose(known.grade["score"], sum(score or 0 for score in auto_scores[student]), abs_tol=1e-6)
    }


def scores(course: Path, lesson: str) -> list[Score]:
    """The gradebook's scores for a lesson, by student."""
    with _gradebook(course) as gradebook:
        return [Score(row.student_id, row.score, row.max_score) for row in gradebook.assignment_submissions(lesson)]


def _require_time(path: Path) -> None:
    """nbgrader reads a submission's time from a file that the student's own `nbgrader submit` has written: it may hold
    anything, and nbgrader breaks on what is no time."""
    try:
        if path.exists() or path.is_symlink():
            parse_utc(read_bytes(path).decode().strip() or "1970-01-01")
    except (ValueError, OverflowError) as error:
        raise NbgraderFailed(f"{path} holds no time ({error}): mend or delete it, and grade again") from error


@contextmanager
def _engines_kept() -> Iterator[None]:
    """nbgrader opens its database seven times to record one grade, by a new engine each time, for which SQLAlchemy
    compiles every query anew. While this lasts, it gets the same engine again."""
    usual, api.create_engine = api.create_engine, _engine
    try:
        yield
    finally:
        api.create_engine = usual


_engine = lru_cache(maxsize=4)(api.create_engine)


def _gradebook(course: Path) -> Any:
    folder = course_directory(course, course_config(course))
    return Gradebook(folder.db_url, folder.course_id)


def _in_notebook(course: Path, student: str, lesson: str) -> Recorded | None:
    path = course / "autograded" / student / lesson / f"{lesson}.ipynb"
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        ours = notebook["metadata"][OURS]
        grade, fingerprint, seconds = ours["grade"], ours["fingerprint"], ours.get("seconds", 0)
        return Recorded(dict(grade), str(fingerprint), float(seconds), _sources(notebook))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _sources(notebook: dict[str, Any]) -> dict[str, str]:
    marked = [(cell["metadata"].get("nbgrader", {}), cell["source"]) for cell in notebook["cells"]]
    return {marks["grade_id"]: "".join(source) for marks, source in marked if marks.get("solution")}
