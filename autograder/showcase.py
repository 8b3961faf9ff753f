"""Executes the solutions edition of a lesson, so that its page shows plots and passing cards."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from autograder.lesson import Lesson
from autograder.notebook import OURS

CELL_SECONDS = 300


def execute(notebook: NotebookNode, lesson: Lesson) -> NotebookNode:
    """Run a notebook of ours from top to bottom in an ordinary kernel; figures get their alt texts.

    Raises nbclient's `CellExecutionError` where a cell fails: a lesson that does not run is not built.
    """
    package = str(Path(__file__).resolve().parents[1])
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ, "INSIDE_NN_MODULE_HOME": home, "PYTHONPATH": package,
            "AUTOGRADER_LESSONS": str(lesson.folder.parent.resolve()),
        }  # fmt: skip
        environment.pop("NBGRADER_EXECUTION", None)
        client = NotebookClient(notebook, timeout=CELL_SECONDS, kernel_name="python3", record_timing=False)
        client.execute(env=environment, cwd=home)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "alt" in cell.metadata and "image/png" in output.get("data", {}):
                output.metadata["image/png"] = {**output.metadata.get("image/png", {}), "alt": cell.metadata["alt"]}
    return notebook


def sources_hash(notebook: NotebookNode) -> str:
    """A hash of what a notebook's cells say, outputs left out."""
    sources = [[cell.cell_type, cell.source, cell.metadata.get("alt")] for cell in notebook.cells]
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()


def up_to_date(path: Path, notebook: NotebookNode) -> bool:
    """Whether the executed notebook at `path` was made from the same cells."""
    if not path.exists():
        return False
    made = nbformat.read(path, as_version=4)
    said = made.metadata.get(OURS, {}).get("sources")
    return bool(said == sources_hash(notebook) == sources_hash(made))
