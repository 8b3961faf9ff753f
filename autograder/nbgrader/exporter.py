"""How nbgrader reads a submitted file: as hostile data, through `submission.py`.

nbgrader's own reader trusts the file: a duplicated cell stops the whole class, lost metadata grades nothing, a file
that is no JSON keeps the old score. This one gives nbgrader a sound notebook whatever was submitted.
"""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbconvert.exporters.notebook import NotebookExporter
from nbformat import NotebookNode

from autograder.lesson import Lesson
from autograder.notebook import notebook_of, unreadable_notebook, write_notebook
from autograder.submission import UnreadableSubmission, read_bytes, read_submission


class SubmissionExporter(NotebookExporter):
    """Reads a file below the course's `submitted` folder as a submission, and any other as nbconvert does."""

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> tuple[NotebookNode, Any]:
        """See nbconvert's `Exporter.from_filename`."""
        path, assignment = Path(filename), (resources or {}).get("nbgrader", {}).get("assignment", "")
        lesson = lesson_in(self, assignment)
        if lesson is None or not _is_submitted(self, path):
            return super().from_filename(filename, resources, **kw)
        resources.setdefault("metadata", {})["name"] = path.stem
        return super().from_file(io.StringIO(write_notebook(read_or_explain(path, lesson))), resources, **kw)


def read_or_explain(path: Path, lesson: Lesson) -> NotebookNode:
    """The submitted file as a sound notebook, or one that says why it could not be read."""
    try:
        return notebook_of(read_submission(read_bytes(path), lesson), lesson)
    except UnreadableSubmission as error:
        return unreadable_notebook(lesson, str(error))


def adopt_renamed(notebooks: list[str], **ignored: Any) -> None:
    """nbgrader's pre-convert hook: a student's only notebook is graded whatever it is called.

    The submitted file stays as it is; a copy under the assignment's name is put beside it.
    """
    found = [Path(notebook) for notebook in notebooks]
    if len(found) != 1:
        return
    expected = found[0].parent / f"{found[0].parent.name}.ipynb"
    if expected != found[0] and not os.path.lexists(expected):
        shutil.copyfile(found[0], expected, follow_symlinks=False)
        notebooks[:] = [str(expected)]


def lesson_in(configurable: Any, assignment: str) -> Lesson | None:
    """The lesson of that name in the course that a part of nbgrader works for, or None for a foreign assignment."""
    folder = course_folder(configurable) / assignment
    return Lesson(folder) if assignment and (folder / "exercises.py").exists() else None


def course_folder(configurable: Any) -> Path:
    """The root of the course that a part of nbgrader works for."""
    for part in _ancestors(configurable):
        if getattr(part, "coursedir", None) is not None:
            return Path(part.coursedir.root)
    return Path.cwd()


def _ancestors(configurable: Any) -> Iterator[Any]:
    while configurable is not None:
        yield configurable
        configurable = getattr(configurable, "parent", None)


def _is_submitted(configurable: Any, path: Path) -> bool:
    for part in _ancestors(configurable):
        if getattr(part, "coursedir", None) is not None:
            folder = Path(part.coursedir.root) / part.coursedir.submitted_directory
            return folder.absolute() in path.absolute().parents
    return False
