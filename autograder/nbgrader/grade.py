"""Our replacement for nbgrader's Execute: grades the notebook and writes the grades where nbgrader looks for them.

nbgrader takes a cell's score from its outputs. Each check cell gets one, written here and never by a student: the card
with the feedback, which is at the same time the points as a number.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from nbformat import NotebookNode, v4
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Dict, Float, Unicode

from autograder.feedback import Card, card_html, lay_out, submission_json
from autograder.judging import GraderFault, SubmissionGrade
from autograder.lesson import Lesson, speak
from autograder.nbgrader.exporter import lesson_in
from autograder.running import Grader
from autograder.sandbox import Sandbox, Settings, sandbox_named
from autograder.submission import METADATA_KEY, submission_of


class Grade(NbGraderPreprocessor):
    """Grades a submission in a sandbox. Takes the place of `nbgrader.preprocessors.Execute`."""

    isolation = Unicode(help="How students' code is kept apart: 'bubblewrap', or 'none' for code that you trust.").tag(
        config=True
    )
    limits = Dict(
        key_trait=Unicode(), value_trait=Float(),
        help="What a submission may use, where that is not the default: {'cell_seconds': 30}."
        " The limits are the fields of autograder.sandbox.limits.Limits.",
    ).tag(config=True)  # fmt: skip

    language = Unicode(help="What students are told their results in: 'de', for one. Empty for English.").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Grade `nb` and write the outputs. A fault of our own is raised, and no grade comes of it."""
        assignment = resources["nbgrader"]["assignment"]
        lesson = lesson_in(self, assignment)
        if lesson is None:
            raise GraderFault(f"{assignment} is no lesson of this course: it has no folder with exercises")
        try:
            _require_release(nb, lesson)
            grade = self.grade(nb, lesson)
            write_grade(nb, grade, self.cards(grade))
        except Exception:
            _leave_ungraded(resources["nbgrader"], nb.metadata[METADATA_KEY]["file"] != f"{assignment}.ipynb")
            raise
        return nb, resources

    def cards(self, grade: SubmissionGrade) -> list[Card]:
        """The cards of a grade, one for each exercise."""
        return [lay_out(exercise, hint_count=None) for exercise in grade.exercises]

    def grade(self, nb: NotebookNode, lesson: Lesson) -> SubmissionGrade:
        """The grade of a notebook that `SubmissionExporter` read."""
        settings, ours = Settings.of(self.isolation, self.limits, self.language), nb.metadata[METADATA_KEY]
        speak(settings.language, lesson.folder.parent)
        grader = Grader.for_lesson(lesson, _sandbox(settings.isolation), settings.limits)
        reason = ours.get("unreadable")
        grade = grader.grade_unreadable(reason) if reason else grader.grade_submission(submission_of(nb))
        return replace(grade, fingerprint=grader.fingerprint(ours["digest"]))


@cache
def _sandbox(isolation: str) -> Sandbox:
    """One sandbox for all submissions, so that its kernels are forked from one warm process."""
    return sandbox_named(isolation)


class GradedAlready(Grade):
    """Writes a grade that a worker has computed from the same file."""

    def __init__(self, grade: SubmissionGrade, cards: list[Card]) -> None:
        super().__init__()
        self.computed, self.laid_out = grade, cards

    def grade(self, nb: NotebookNode, lesson: Lesson) -> SubmissionGrade:
        """The computed grade."""
        return self.computed

    def cards(self, grade: SubmissionGrade) -> list[Card]:
        """The cards that are laid out already."""
        return self.laid_out


def write_grade(nb: NotebookNode, grade: SubmissionGrade, cards: list[Card]) -> None:
    """Write a grade's outputs, its exercises' cards among them, into the notebook that was graded, and the grade itself
    into its metadata."""
    nb.metadata[METADATA_KEY]["grade"] = submission_json(f"{grade.lesson.name}.ipynb", grade, cards)
    nb.metadata[METADATA_KEY]["fingerprint"] = grade.fingerprint
    nb.metadata[METADATA_KEY]["seconds"] = round(grade.seconds, 2)
    shown = {card.grade.exercise.id: card for card in cards}
    for number, (cell, known) in enumerate(zip(nb.cells, submission_of(nb).cells, strict=True)):
        if not known.code:
            continue
        own = known.role == "check"
        cell.execution_count = None
        cell.outputs = _check_outputs(shown[str(known.exercise)]) if own else _cell_outputs(grade, number)


def _check_outputs(card: Card) -> list[NotebookNode]:
    """One output: pages show its HTML, nbgrader takes its plain text for the points."""
    shown = {"text/html": card_html(card), "text/plain": repr(float(card.grade.points))}
    return [v4.new_output("execute_result", shown, execution_count=None)]


def _cell_outputs(grade: SubmissionGrade, number: int) -> list[NotebookNode]:
    return [NotebookNode(output) for output in grade.outputs.get(number, [])]


def _require_release(nb: NotebookNode, lesson: Lesson) -> None:
    """nbgrader put the points of the released lesson into the check cells: they must be the lesson's. Raises
    `GraderFault`."""
    cells = [(known.exercise, cell) for cell, known in zip(nb.cells, submission_of(nb).cells, strict=True)
             if known.role == "check"]  # fmt: skip
    released = {name: cell.metadata["nbgrader"]["points"] for name, cell in cells}
    if released != {name: exercise.points for name, exercise in lesson.exercises.items()}:
        raise GraderFault(
            f"{lesson.name} has changed since it was released: run `autograder build`, then in the course's folder"
            f" `nbgrader generate_assignment {lesson.name}`, and grade again"
        )


def _leave_ungraded(submission: dict[str, str], renamed: bool) -> None:
    """Mark what has no grade yet as waiting for a person: nbgrader would count it as a zero, and has given a zero
    already where the notebook was renamed."""
    with Gradebook(submission["db_url"]) as gradebook:
        notebook = gradebook.find_submission_notebook(
            submission["notebook"], submission["assignment"], submission["student"]
        )
        for grade in notebook.grades:
            grade.auto_score = None if renamed else grade.auto_score
            grade.needs_manual_grade = grade.needs_manual_grade or grade.auto_score is None
        gradebook.db.commit()
