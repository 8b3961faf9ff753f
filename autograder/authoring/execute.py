"""Executes the solutions edition of a lesson, so that its page shows plots and passing cards."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from autograder.lesson import Lesson
from autograder.sandbox import interpreter
from autograder.submission import METADATA_KEY
from autograder.texts import is_setup, welcome_in

CELL_SECONDS = 300


def execute(notebook: NotebookNode, lesson: Lesson) -> NotebookNode:
    """Run a notebook of ours from top to bottom in an ordinary kernel; figures get their alt texts.

    Raises nbclient's `CellExecutionError` where a cell fails: a lesson that does not run is not built.
    """
    with tempfile.TemporaryDirectory() as home:
        lessons = str(lesson.folder.parent.resolve())
        environment = interpreter.environment(INSIDE_NN_MODULE_HOME=home, AUTOGRADER_LESSONS=lessons)
        environment.pop("NBGRADER_EXECUTION", None)
        client = NotebookClient(notebook, timeout=CELL_SECONDS, kernel_name="python3", record_timing=False)
        client.execute(env=environment, cwd=home)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "alt" in cell.metadata and "image/png" in output.get("data", {}):
                output.metadata["image/png"] = {**output.metadata.get("image/png", {}), "alt": cell.metadata["alt"]}
    return notebook


def with_outputs(notebook: NotebookNode, path: Path) -> NotebookNode | None:
    """The notebook with the outputs of the one at `path`, where that has run the same code: only texts, or the course's
    address, are new. None where there is no such thing."""
    made = nbformat.read(path, as_version=4) if path.exists() else nbformat.v4.new_notebook()
    wanted, had = ([cell for cell in book.cells if cell.cell_type == "code"] for book in (notebook, made))
    if list(map(_runs, wanted)) != list(map(_runs, had)):
        return None
    for cell, before in zip(wanted, had, strict=True):
        cell.outputs, cell.execution_count = before.outputs, before.execution_count
    return notebook


def _runs(cell: NotebookNode) -> tuple[str, str | None]:
    """What a code cell does: its source and alt text; all first cells do the same, but for the language."""
    return (welcome_in(cell.source) if is_setup(cell.source) else cell.source), cell.metadata.get("alt")


def sources_hash(notebook: NotebookNode) -> str:
    """A hash of what a notebook's cells say, outputs left out."""
    sources = [[cell.cell_type, cell.source, cell.metadata.get("alt")] for cell in notebook.cells]
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()


def up_to_date(path: Path, notebook: NotebookNode) -> bool:
    """Whether the executed notebook at `path` was made from the same cells."""
    if not path.exists():
        return False
    made = nbformat.read(path, as_version=4)
    said = made.metadata.get(METADATA_KEY, {}).get("sources")
    return bool(said == sources_hash(notebook) == sources_hash(made))
