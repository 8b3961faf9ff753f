"""Our replacement for nbgrader's Execute: grades the notebook and writes the grades where nbgrader looks for them.

nbgrader takes a cell's score from its outputs. Each check cell gets two, written here and never by a student: the
card with the feedback, and the points as a number.
"""

from __future__ import annotations

import os
from typing import Any

from nbformat import NotebookNode, v4
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode, default

from autograder.feedback import card_html, card_text
from autograder.grade import ExerciseGrade, GraderFault
from autograder.grader import Grader, SubmissionGrade
from autograder.lesson import Lesson
from autograder.nbgrader.exporter import lesson_in
from autograder.notebook import OURS, submission_of
from autograder.result import submission_json
from autograder.sandbox import sandbox_named


class Grade(NbGraderPreprocessor):
    """Grades a submission in a sandbox. Takes the place of `nbgrader.preprocessors.Execute`."""

    isolation = Unicode(help="How students' code is kept apart: 'bubblewrap', or 'none' for code that you trust.").tag(
        config=True
    )

    @default("isolation")
    def _isolation_default(self) -> str:
        return os.environ.get("AUTOGRADER_ISOLATION", "bubblewrap")

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Grade `nb` and write the outputs. Raises `GraderFault` for a fault of our own."""
        assignment = resources["nbgrader"]["assignment"]
        lesson = lesson_in(self, assignment)
        if lesson is None:
            raise GraderFault(f"{assignment} is no lesson of this course: it has no folder with an exercises.py")
        write_grade(nb, self.grade(nb, lesson))
        return nb, resources

    def grade(self, nb: NotebookNode, lesson: Lesson) -> SubmissionGrade:
        """The grade of a notebook that `SubmissionExporter` read."""
        grader = Grader.for_lesson(lesson, sandbox_named(self.isolation))
        reason = nb.metadata.get(OURS, {}).get("unreadable")
        return grader.grade_unreadable(reason) if reason else grader.grade_submission(submission_of(nb))


class GradedAlready(Grade):
    """Writes a grade that a worker has computed from the same file."""

    def __init__(self, grade: SubmissionGrade) -> None:
        super().__init__()
        self.computed = grade

    def grade(self, nb: NotebookNode, lesson: Lesson) -> SubmissionGrade:
        """The computed grade."""
        return self.computed


def write_grade(nb: NotebookNode, grade: SubmissionGrade) -> None:
    """Write a grade's outputs into the notebook that was graded, and the grade itself into its metadata."""
    nb.metadata.setdefault(OURS, {})["grade"] = submission_json(f"{grade.lesson.name}.ipynb", grade)
    nb.metadata[OURS]["fingerprint"] = grade.fingerprint
    grades = {exercise.exercise.id: exercise for exercise in grade.exercises}
    for number, (cell, known) in enumerate(zip(nb.cells, submission_of(nb).cells, strict=True)):
        if not known.code:
            continue
        own = known.role == "check"
        cell.execution_count = None
        cell.outputs = _check_outputs(grades[str(known.exercise)]) if own else _cell_outputs(grade, number)


def _check_outputs(grade: ExerciseGrade) -> list[NotebookNode]:
    card = {"text/html": card_html(grade, "", None), "text/plain": card_text(grade, "", None)}
    return [
        v4.new_output("display_data", card),
        v4.new_output("execute_result", {"text/plain": repr(float(grade.points))}, execution_count=None),
    ]


def _cell_outputs(grade: SubmissionGrade, number: int) -> list[NotebookNode]:
    return [NotebookNode(output) for output in grade.outputs.get(number, [])]
