"""Who could not be graded, and why: kept in the course's folder until they are, so that the report can name them."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from autograder.lesson import write_whole

FILE = "not_graded.json"
"""Lesson → student → the reason, and when that was, in seconds since 1970."""


def note(course: Path, lesson: str, student: str, reason: str) -> None:
    """Keep the reason why somebody could not be graded; an empty one strikes them out. Raises `OSError`."""
    known = _read(course)
    students = known.setdefault(lesson, {})
    if not reason and student not in students:
        return
    students.pop(student, None)
    if reason:
        students[student] = {"reason": reason, "time": time.time()}
    (course / FILE).touch()  # which may be read as any other file of the course, and stays so
    write_whole(course / FILE, json.dumps(known, indent=1))


def ungraded(course: Path, lesson: str, graded: set[str]) -> dict[str, str]:
    """Who handed in and could not be graded, or has not been yet, with the reason, by student.

    A reason is out of date once the submission has been graded in another way, `nbgrader autograde` for one.
    """
    noted = _read(course).get(lesson, {})
    found = {}
    for folder in sorted((course / "submitted").glob(f"*/{lesson}")):
        student = folder.parent.name
        reason = noted.get(student, {})
        if reason and reason["time"] > _graded_at(course, student, lesson):
            found[student] = str(reason["reason"])
        elif student not in graded:
            found[student] = f"not graded yet: run `autograder grade {lesson}`"
    return found


def _graded_at(course: Path, student: str, lesson: str) -> float:
    path = course / "autograded" / student / lesson / f"{lesson}.ipynb"
    return path.stat().st_mtime if path.exists() else 0


def _read(course: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((course / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}
