"""A student's notebook as an update sees it: every cell whole, with its outputs, what it is to the lesson, and whether
the student ever touched it. What it holds is kept only as far as a notebook may hold it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.lesson import Lesson
from autograder.submission import (
    METADATA_KEY,
    json_cells,
    parsed_json,
    raw_cells,
    read_submission,
    source_of,
    stamp_in,
    stamp_of,
)

KINDS = ("code", "markdown", "raw")


@dataclass(frozen=True)
class TheirCell:
    """One cell of a student's notebook.

    `role` is "solution" or "check", with the exercise's id, also of an exercise that the lesson no longer has; both are
    None for any other cell. `stamp` is what the release stamped it with, "" for none.
    """

    kind: str
    source: str
    role: str | None
    exercise: str | None
    stamp: str
    plain: dict[str, Any]

    @property
    def now(self) -> str:
        """The stamp that it would get for what it says now."""
        return stamp_of(self.kind, self.source)

    @property
    def untouched(self) -> bool:
        """Whether it still says what it was released with, as far as its stamp knows."""
        return self.stamp == self.now

    def outputs(self) -> list[NotebookNode]:
        """What it showed when it was last run."""
        found = self.plain.get("outputs")
        outputs = found if self.kind == "code" and isinstance(found, list) else []
        return [nbformat.from_dict(output) for output in outputs if _valid(output, "output")]

    def count(self) -> int | None:
        """The number between the brackets beside it."""
        count = self.plain.get("execution_count")
        return count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else None

    def as_cell(self) -> NotebookNode:
        """The cell without what made it the lesson's: its marks for nbgrader and its stamp. Cells that say the same
        have the same id where the file names none."""
        metadata, known = self.plain.get("metadata"), self.plain.get("id")
        own = metadata if isinstance(metadata, dict) and not metadata.keys() & {"nbgrader", METADATA_KEY} else {}
        name = known if isinstance(known, str) and known else f"own-{self.now}"
        cell: dict[str, Any] = {"id": name, "cell_type": self.kind, "metadata": own, "source": self.source}
        if self.kind == "code":
            cell |= {"outputs": self.outputs(), "execution_count": self.count()}
        elif "attachments" in self.plain:
            cell["attachments"] = self.plain["attachments"]
        if not _valid(cell, f"{self.kind}_cell"):
            cell |= {"id": f"own-{self.now}", "metadata": {}}
            cell.pop("attachments", None)
        return NotebookNode(nbformat.from_dict(cell))


def their_cells(content: bytes, lesson: Lesson, exercises: set[str]) -> list[TheirCell]:
    """The cells of a student's notebook; `exercises` are those of the release, which may be newer than `lesson`.

    Raises `UnreadableSubmission`.
    """
    submission, raw = read_submission(content, lesson), raw_cells(content)
    found = []
    for cell, known, plain in zip(submission.cells, raw, json_cells(parsed_json(content)), strict=True):
        kind = "code" if cell.code else plain.get("cell_type", "markdown")
        role, exercise = cell.role, cell.exercise
        if role is None and known.grade_id.removeprefix("check_") not in lesson.exercises:
            role, exercise = _claimed(plain, known.grade_id)
        words = role == "solution" and kind != "code"  # where the answer should be
        if (exercise in exercises and words) or (exercise not in exercises and not known.grade_id):
            role, exercise = None, None
        stamp = stamp_in(plain.get("metadata"))
        kind = kind if kind in KINDS else "markdown"
        found.append(TheirCell(kind, source_of(plain), role, exercise, stamp, plain))
    return found


def _claimed(plain: dict[str, Any], grade_id: str) -> tuple[str | None, str | None]:
    """What a cell says that it is, where the lesson at hand does not know the exercise."""
    if grade_id.startswith("check_"):
        return "check", grade_id.removeprefix("check_")
    marked = bool(grade_id) and plain["metadata"]["nbgrader"].get("solution") is True
    return ("solution", grade_id) if marked else (None, None)


def _valid(part: Any, what: str) -> bool:
    try:
        nbformat.validate(part, ref=what, version=4)
    except (nbformat.ValidationError, RecursionError):
        return False
    return True
