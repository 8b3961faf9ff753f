"""How cells look in a notebook that nbgrader understands: the metadata of solution and check cells.

The build writes notebooks with it, and a submission is rewritten with it before nbgrader sees it, so that nothing
of a student's metadata counts.
"""

from __future__ import annotations

from typing import Any

import nbformat
from nbformat import NotebookNode, v4
from nbformat.corpus.words import generate_corpus_id

from autograder.lesson import Exercise, Lesson, said
from autograder.submission.cells import Cell, Submission
from autograder.submission.sanitize import inert, trusted_texts

METADATA_KEY = "inside_nn_module"
"""The key of our own notebook metadata."""
KERNEL = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}


def check_source(exercise: str) -> str:
    """The source of an exercise's check cell."""
    return f'check("{exercise}")'


def solution_metadata(exercise: str) -> dict[str, Any]:
    """nbgrader's metadata of a solution cell."""
    return _metadata(exercise, solution=True, grade=False, locked=False)


def check_metadata(exercise: Exercise) -> dict[str, Any]:
    """nbgrader's metadata of a check cell, which holds the exercise's points."""
    return _metadata(f"check_{exercise.id}", solution=False, grade=True, locked=True, points=float(exercise.points))


def new_notebook(cells: list[NotebookNode], ours: dict[str, Any]) -> NotebookNode:
    """A notebook for the Python kernel with our metadata; cells get ids that depend on their place alone."""
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number:03}"
    return NotebookNode(v4.new_notebook(cells=cells, metadata=nbformat.from_dict({**KERNEL, METADATA_KEY: ours})))


def code_cell(source: str, metadata: dict[str, Any] | None = None) -> NotebookNode:
    """A code cell without outputs."""
    node = nbformat.from_dict(metadata or {})
    return NotebookNode(
        id=generate_corpus_id(), cell_type="code", source=source, metadata=node, outputs=[], execution_count=None
    )


def text_cell(source: str) -> NotebookNode:
    """A markdown cell."""
    return NotebookNode(id=generate_corpus_id(), cell_type="markdown", source=source, metadata=NotebookNode())


def complete(submission: Submission, lesson: Lesson) -> Submission:
    """The submission with every check cell there, once, as released."""
    missing = {name: submission.place(name) for name in lesson.exercises if submission.find("check", name) is None}
    cells: list[Cell] = []
    for number, cell in enumerate((*submission.cells, None)):
        cells += [_released_check(name) for name, place in missing.items() if place == number]
        if cell is not None:
            cells.append(_released_check(str(cell.exercise)) if cell.role == "check" else cell)
    return Submission(tuple(cells), submission.notes)


def notebook_of(submission: Submission, lesson: Lesson) -> NotebookNode:
    """A submission as the notebook that nbgrader would have wanted: complete, and no text that could do anything but be
    read."""
    trusted = trusted_texts(lesson)
    cells = [_cell(cell, lesson, trusted) for cell in complete(submission, lesson).cells]
    return new_notebook(cells, {"lesson": lesson.name, "notes": {k: list(v) for k, v in submission.notes.items()}})


def unreadable_notebook(lesson: Lesson, reason: str) -> NotebookNode:
    """What stands in the gradebook for a file that could not be read: the reason, and every check cell."""
    text = text_cell(said("**This submission could not be read.** {reason}", reason=_inert(reason)))
    return new_notebook(
        [text, *map(_check_cell, lesson.exercises.values())], {"lesson": lesson.name, "unreadable": reason}
    )


def submission_of(notebook: NotebookNode) -> Submission:
    """The submission in a notebook that `notebook_of` made."""
    ours = notebook.metadata.get(METADATA_KEY, {})
    cells = tuple(Cell(cell.cell_type == "code", cell.source, *_role(cell)) for cell in notebook.cells)
    return Submission(cells, {name: tuple(lines) for name, lines in ours.get("notes", {}).items()})


def write_notebook(notebook: NotebookNode) -> str:
    """The notebook's JSON text."""
    return f"{nbformat.writes(notebook, version=4)}\n"


def _metadata(grade_id: str, **fields: Any) -> dict[str, Any]:
    return {"nbgrader": {"grade_id": grade_id, "schema_version": 3, "task": False, **fields}}


def _cell(cell: Cell, lesson: Lesson, trusted: frozenset[str]) -> NotebookNode:
    if cell.role == "check":
        return _check_cell(lesson.exercises[str(cell.exercise)])
    if not cell.code:
        return text_cell(inert(cell.source, trusted))
    metadata = solution_metadata(str(cell.exercise)) if cell.role == "solution" else {}
    return code_cell(cell.source, metadata)


def _released_check(exercise: str) -> Cell:
    return Cell(True, check_source(exercise), "check", exercise)


def _check_cell(exercise: Exercise) -> NotebookNode:
    return code_cell(check_source(exercise.id), check_metadata(exercise))


def _role(cell: NotebookNode) -> tuple[str | None, str | None]:
    grade_id = str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
    if grade_id.startswith("check_"):
        return "check", grade_id.removeprefix("check_")
    return ("solution", grade_id) if grade_id else (None, None)


def _inert(text: str) -> str:
    return "".join(char if char.isalnum() or char in " .,;:()'-/" else " " for char in text)
