"""Writes computed grades into nbgrader's gradebook, and reads back what was graded, through nbgrader's own code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isclose
from pathlib import Path
from typing import Any

from nbgrader import api
from nbgrader.converters import Autograde, BaseConverter
from nbgrader.preprocessors import OverwriteCells

from autograder.feedback import Card
from autograder.judging import GraderFault, SubmissionGrade
from autograder.nbgrader.database import opened, unusable
from autograder.nbgrader.grade import Grade, GradedAlready
from autograder.nbgrader.release import NbgraderFailed, run_converter
from autograder.nbgrader.standing import Standing, standing
from autograder.nbgrader.submitted import submitted_time
from autograder.sandbox import CONFIG, course_config
from autograder.submission import METADATA_KEY

STEP = f"{Grade.__module__.rpartition('.')[0]}.{Grade.__name__}"
"""How a course's configuration names our step."""

METADATA_CHECK = "nbgrader.preprocessors.CheckCellMetadata"
"""nbgrader's check of metadata that we have just written."""


class NotReleased(LookupError):
    """The lesson is not in the course's gradebook; the text says how it gets there."""


@dataclass(frozen=True)
class Recorded:
    """A grade that stands in the gradebook: the grade as JSON, with the gradebook's points (see `Standing.of`), the
    fingerprint of what was graded, how many seconds that took, and the source of each solution cell by exercise."""

    grade: dict[str, Any]
    fingerprint: str
    seconds: float
    sources: dict[str, str]


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


def record(course: Path, student: str, grade: SubmissionGrade, cards: list[Card]) -> Standing:
    """Write one student's grade, with its exercises' cards: the autograded notebook and the gradebook's rows, as
    `nbgrader autograde` does.

    Returns what counts then. Raises `GradebookUnusable`, `NbgraderFailed`, and `GraderFault` where the course is not
    set up to be graded by us.
    """

    def write_this_grade(converter: Any) -> None:
        converter.student = student
        steps = [step for step in converter.autograde_preprocessors if step != METADATA_CHECK]
        if STEP not in steps:
            raise GraderFault(f"{CONFIG} does not have {STEP} in c.Autograde.autograde_preprocessors")
        converter.autograde_preprocessors = [GradedAlready(grade, cards) if step == STEP else step for step in steps]

    lesson = grade.lesson.name
    submitted_time(course / "submitted" / student / lesson)  # before anything is written
    with _engines_kept():
        try:
            run_converter(_OneStudents, course, lesson, course_config(course), write_this_grade)
        except NbgraderFailed as error:
            told = unusable(error.causes, course)
            if told is None:
                raise
            raise told from error
        with opened(course) as gradebook:
            return standing(gradebook.find_submission(lesson, student))


def recorded(course: Path, lesson: str) -> dict[str, Recorded]:
    """The grades that stand, by student: where the gradebook has the score that the autograded notebook says.

    Raises `NotReleased` and `GradebookUnusable`.
    """
    with opened(course) as gradebook:
        if all(assignment.name != lesson for assignment in gradebook.assignments):
            raise NotReleased(f"{lesson} is not in the gradebook: {_how_to_release(course, lesson)} first")
        rows = gradebook.assignment_submissions(lesson)
        auto_scores = {row.student_id: [g.auto_score for n in row.notebooks for g in n.grades] for row in rows}
        standings = {row.student_id: standing(row) for row in rows}
    found = {student: _in_notebook(course, student, lesson) for student in auto_scores}
    return {
        student: replace(known, grade=standings[student].of(known.grade))
        for student, known in found.items()
        if known and isclose(known.grade["score"], sum(score or 0 for score in auto_scores[student]), abs_tol=1e-6)
    }


def scores(course: Path, lesson: str) -> dict[str, Standing]:
    """What counts for a lesson, by student."""
    with opened(course) as gradebook:
        return {row.student_id: standing(row) for row in gradebook.assignment_submissions(lesson)}


def _how_to_release(course: Path, lesson: str) -> str:
    built = (course / "source" / lesson / f"{lesson}.ipynb").exists()
    return f"run {'' if built else '`autograder build`, then '}`nbgrader generate_assignment {lesson}` in {course}"


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


def _in_notebook(course: Path, student: str, lesson: str) -> Recorded | None:
    path = course / "autograded" / student / lesson / f"{lesson}.ipynb"
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        ours = notebook["metadata"][METADATA_KEY]
        grade, fingerprint, seconds = ours["grade"], ours["fingerprint"], ours.get("seconds", 0)
        return Recorded(dict(grade), str(fingerprint), float(seconds), _sources(notebook))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _sources(notebook: dict[str, Any]) -> dict[str, str]:
    marked = [(cell["metadata"].get("nbgrader", {}), cell["source"]) for cell in notebook["cells"]]
    return {marks["grade_id"]: "".join(source) for marks, source in marked if marks.get("solution")}
