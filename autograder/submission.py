"""Reads a submitted notebook as hostile data and finds out which cell is what.

Of a submission, only cell types and sources are kept: metadata, outputs and attachments are a student's to forge. What
can be recovered is: lost metadata by content and order, a deleted check cell by its exercise's place, an older
notebook format. Every repair leaves a note for the student and the instructor.
"""

from __future__ import annotations

import ast
import json
import os
import re
import stat
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from autograder.exercise import Exercise
from autograder.lesson import Lesson

MAX_BYTES = 30_000_000
MAX_CELLS = 1_000
MAX_SOURCE = 1_000_000
_CHECK = re.compile(r"""^\s*check\(\s*["'](\w{1,60})["']\s*\)\s*;?\s*$""", re.MULTILINE)


class UnreadableSubmission(ValueError):
    """The file is no notebook that can be graded; the text says why and what to do."""


@dataclass(frozen=True)
class Cell:
    """One cell: code or text, its source, and what it is to the grader, if anything.

    `role` is "solution" or "check", with the exercise's id, or both are None.
    """

    code: bool
    source: str
    role: str | None = None
    exercise: str | None = None


@dataclass(frozen=True)
class Submission:
    """A student's notebook: its cells, each exercise with at most one solution and one check cell, and the notes on
    what was repaired, by exercise ("" for the whole notebook)."""

    cells: tuple[Cell, ...]
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def find(self, role: str, exercise: str) -> int | None:
        """The index of an exercise's solution or check cell."""
        found = (i for i, cell in enumerate(self.cells) if (cell.role, cell.exercise) == (role, exercise))
        return next(found, None)

    def place(self, exercise: str) -> int:
        """Where an exercise is graded: at its check cell; where that is gone, before the next cell that belongs to
        an exercise, or at the end."""
        check, solution = self.find("check", exercise), self.find("solution", exercise)
        if check is not None:
            return check
        later = range(len(self.cells) if solution is None else solution + 1, len(self.cells))
        return next((i for i in later if self.cells[i].role is not None), len(self.cells))


@dataclass(frozen=True)
class _Raw:
    code: bool
    source: str
    grade_id: str


def read_bytes(path: Path) -> bytes:
    """A submitted file's content. Raises `UnreadableSubmission` for links, odd files and files too large."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        reason = "it is a symbolic link" if path.is_symlink() else (error.strerror or "it can't be opened").lower()
        raise UnreadableSubmission(f"{reason}; submit the notebook file itself") from error
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise UnreadableSubmission("it is not an ordinary file; submit the notebook file itself")
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise UnreadableSubmission(
            f"it is larger than {MAX_BYTES // 1_000_000} MB; clear all outputs, save, and submit it again"
        )
    return content


def guess_lesson(content: bytes, lessons: list[Lesson]) -> Lesson:
    """The lesson that a notebook belongs to: the one most of whose exercises it mentions.

    Raises `UnreadableSubmission` where it mentions none.
    """
    raw = _raw_cells(content)
    counts = [(sum(_mentions(cell, lesson.exercises) for cell in raw), lesson) for lesson in lessons]
    best = max(counts, key=lambda item: item[0], default=(0, None))
    if best[1] is None or best[0] == 0:
        names = ", ".join(lesson.name for lesson in lessons) or "none"
        raise UnreadableSubmission(f"it has no exercise of any lesson (lessons here: {names})")
    return best[1]


def read_submission(content: bytes, lesson: Lesson) -> Submission:
    """A notebook's bytes as a submission to `lesson`. Raises `UnreadableSubmission`."""
    raw = _raw_cells(content)
    notes: dict[str, list[str]] = {}
    roles: dict[int, tuple[str, str]] = {}
    for exercise in lesson.exercises.values():
        solution = _solution(raw, exercise, roles)
        if solution is not None:
            roles[solution] = ("solution", exercise.id)
        check = _check(raw, exercise, solution, notes)
        if check is not None:
            roles[check] = ("check", exercise.id)
    cells = tuple(_cell(cell, roles.get(number)) for number, cell in enumerate(raw))
    return Submission(cells, {exercise: tuple(lines) for exercise, lines in notes.items()})


def _cell(raw: _Raw, role: tuple[str, str] | None) -> Cell:
    if role is None:
        return Cell(raw.code, raw.source)
    code = raw.code or role[0] == "check" or _parses(raw.source)
    return Cell(code, raw.source, *role)


def _raw_cells(content: bytes) -> list[_Raw]:
    notebook = _parse(content)
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise UnreadableSubmission("it has no list of cells; download the notebook again and copy your answers over")
    if len(cells) > MAX_CELLS:
        raise UnreadableSubmission(f"it has over {MAX_CELLS:,} cells; submit the released notebook with your answers")
    return [_raw(cell) for cell in cells if isinstance(cell, dict)]


def _parse(content: bytes) -> dict[str, Any]:
    if not content.strip():
        raise UnreadableSubmission("the file is empty; save the notebook and submit it again")
    try:
        notebook = json.loads(content.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        reason = f"it is no notebook (not JSON: {error}); save it in Jupyter and submit it again"
        raise UnreadableSubmission(reason) from error
    if not isinstance(notebook, dict):
        raise UnreadableSubmission("it is no notebook; save it in Jupyter and submit it again")
    return _upgraded(notebook) if "worksheets" in notebook else notebook


def _upgraded(notebook: dict[str, Any]) -> dict[str, Any]:
    """An older format (3) in today's."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return dict(nbformat.convert(nbformat.from_dict(notebook), 4))
    except Exception as error:
        raise UnreadableSubmission("its old notebook format can't be converted; save it in Jupyter again") from error


def _raw(cell: dict[str, Any]) -> _Raw:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    text = source[:MAX_SOURCE] if isinstance(source, str) else ""
    return _Raw(cell.get("cell_type") == "code", text.encode("utf-8", "replace").decode(), str(grade_id)[:100])


def _mentions(cell: _Raw, exercises: dict[str, Exercise]) -> bool:
    check = _CHECK.search(cell.source)
    return cell.grade_id.removeprefix("check_") in exercises or bool(check and check[1] in exercises)


def _solution(raw: list[_Raw], exercise: Exercise, taken: dict[int, tuple[str, str]]) -> int | None:
    """The solution cell: by its id, else the last free code cell that defines the required name."""
    by_id = [i for i, cell in enumerate(raw) if cell.grade_id == exercise.id and i not in taken]
    free = [i for i, cell in enumerate(raw) if i not in taken and cell.code and not cell.grade_id.startswith("check_")]
    defining = [i for i in free if _defines(raw[i].source, exercise.requires)]
    candidates = [i for i in by_id if i in defining] or by_id or defining
    return candidates[-1] if candidates else None


def _check(raw: list[_Raw], exercise: Exercise, solution: int | None, notes: dict[str, list[str]]) -> int | None:
    """The check cell: by its id or its content; the first after the solution where there are several."""
    found = [i for i, cell in enumerate(raw) if cell.grade_id == f"check_{exercise.id}" or _checks(cell, exercise.id)]
    after = [i for i in found if solution is None or i > solution]
    note = notes.setdefault(exercise.id, [])
    if not found:
        note.append("Its check cell was missing; it was graded all the same.")
    elif not after:
        note.append("Its check cell stood before the solution; it was graded after the solution all the same.")
    elif len(found) > 1:
        note.append("Its check cell was there more than once; it was graded once.")
    elif raw[after[0]].source.strip() != f'check("{exercise.id}")':
        note.append("Its check cell had been edited; the original was used.")
    if after and not raw[after[0]].code:
        note.append("Its check cell was no code cell any more; it was graded all the same.")
    if not note:
        del notes[exercise.id]
    return after[0] if after else None


def _checks(cell: _Raw, exercise: str) -> bool:
    return any(match[1] == exercise for match in _CHECK.finditer(cell.source)) and len(cell.source) < 500


def _defines(source: str, name: str) -> bool:
    if name not in source:
        return False
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pattern = rf"^(class|def|async def)\s+{re.escape(name)}\b|^{re.escape(name)}\s*[:=]"
        return re.search(pattern, source, re.MULTILINE) is not None
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return name in names


def _parses(source: str) -> bool:
    try:
        return bool(ast.parse(source).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
