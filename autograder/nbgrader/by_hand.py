"""Says on a feedback page which points a person has changed: the cards were written before."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode, v4
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.feedback import points_by_hand
from autograder.nbgrader.exporter import lesson_in, speak_as_configured
from autograder.nbgrader.standing import changed_by_hand


class TellPointsByHand(NbGraderPreprocessor):
    """Stands behind nbgrader's GetGrades among the preprocessors of `generate_feedback`."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Puts a notice above the card of each exercise whose points a person has changed."""
        known = resources["nbgrader"]
        known["score"] = max(0, known["score"])  # as `nbgrader export` has it
        lesson = lesson_in(self, known["assignment"])
        if lesson is not None:
            speak_as_configured(self, lesson)
            with Gradebook(known["db_url"]) as gradebook:
                row = gradebook.find_submission_notebook(known["notebook"], known["assignment"], known["student"])
                changed = {grade.name: grade for grade in row.grades if changed_by_hand(grade)}
                for cell in nb.cells:
                    grade = changed.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
                    if grade is not None and cell.cell_type == "code":
                        cell.outputs.insert(0, _notice(grade))
        return nb, resources


def _notice(grade: Any) -> NotebookNode:
    notice = points_by_hand(
        grade.name.removeprefix("check_"), grade.score, grade.max_score, grade.auto_score, grade.extra_credit or 0
    )
    return NotebookNode(v4.new_output("display_data", {"text/html": notice.html(), "text/plain": notice.text()}))
