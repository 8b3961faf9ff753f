"""What stands in the gradebook for a submission, which is what counts: with what a person has changed, and lateness."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from math import isclose
from pathlib import Path
from typing import Any

from nbgrader.preprocessors import AssignLatePenalties

from autograder.nbgrader.database import opened, require_writable
from autograder.nbgrader.release import NbgraderFailed
from autograder.nbgrader.submitted import hand_on, submitted_time
from autograder.sandbox import course_config

PENALTIES = f"nbgrader.preprocessors.{AssignLatePenalties.__name__}"


@dataclass(frozen=True)
class Standing:
    """The score of a submission that counts, the late penalty that was subtracted from it, the points of each exercise,
    and the exercises whose points a person has changed."""

    score: float
    max_score: float
    penalty: float
    points: dict[str, float]
    by_hand: frozenset[str]

    def of(self, grade: dict[str, Any]) -> dict[str, Any]:
        """A grade as JSON (see `as_json.py`) with this score and these points: it gets `late_penalty`, and each
        exercise `by_hand`."""
        exercises = [
            {**each, "points": self.points.get(name, each["points"]), "by_hand": name in self.by_hand}
            for each in grade["exercises"]
            for name in [each["exercise"]]
        ]
        return {**grade, "score": self.score, "late_penalty": self.penalty, "exercises": exercises}


def standing(row: Any) -> Standing:
    """What a row of the gradebook's submissions says; the score is that of `nbgrader export`."""
    grades = [grade for notebook in row.notebooks for grade in notebook.grades]
    penalty = row.late_submission_penalty
    points = {_exercise(grade): grade.score for grade in grades}
    by_hand = frozenset(_exercise(grade) for grade in grades if changed_by_hand(grade))
    return Standing(max(0.0, row.score - penalty), row.max_score, penalty, points, by_hand)


def changed_by_hand(grade: Any) -> bool:
    """Whether the points of one cell are others than the check's: set by a person, or with extra credit."""
    return grade.auto_score is not None and not isclose(grade.score, grade.auto_score, abs_tol=1e-6)


def bring_up_to_date(course: Path, lesson: str) -> None:
    """Take up what may change without a submission's code: due dates, the rule for penalties, points given by hand, the
    time and the secret of an equal submission that was collected again. Raises `GradebookUnusable`."""
    config = course_config(course)
    penalties = AssignLatePenalties(config=config)
    penalties.log = logging.Logger("nbgrader", logging.ERROR)
    penalties.init_plugin()
    penalized = PENALTIES in config.get("Autograde", {}).get("autograde_preprocessors", [PENALTIES])
    with opened(course) as gradebook:
        require_writable(gradebook)
        for row in _submissions(gradebook, lesson):
            _take_up_files(course, row, lesson)
            for notebook in row.notebooks if penalized else ():
                penalty = _penalty(penalties, row, notebook)
                if penalty != notebook.late_submission_penalty:
                    notebook.late_submission_penalty = penalty
        gradebook.db.commit()


def _submissions(gradebook: Any, lesson: str) -> list[Any]:
    known = any(assignment.name == lesson for assignment in gradebook.assignments)
    return list(gradebook.assignment_submissions(lesson)) if known else []


def _take_up_files(course: Path, row: Any, lesson: str) -> None:
    """Set a submission's time, and hand it on; where it holds no time, grading says so."""
    submitted, autograded = (course / step / row.student_id / lesson for step in ("submitted", "autograded"))
    with suppress(NbgraderFailed):
        time = submitted_time(submitted)
        if time and time != row.timestamp:
            row.timestamp = time
        if submitted.is_dir() and autograded.is_dir():
            hand_on(submitted, autograded)


def _penalty(penalties: Any, row: Any, notebook: Any) -> float | None:
    """As `AssignLatePenalties` has it, which does this for one submission at a time."""
    late = row.total_seconds_late
    if late <= 0:
        return None
    penalty = penalties.plugin_inst.late_submission_penalty(row.student_id, notebook.score, late)
    return None if penalty is None else float(penalties._check_late_penalty(notebook, penalty))


def _exercise(grade: Any) -> str:
    return str(grade.name).removeprefix("check_")
