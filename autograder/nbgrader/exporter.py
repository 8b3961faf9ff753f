"""How nbgrader reads a submitted file: as hostile data, through `cells.py`.

nbgrader's own reader trusts the file: a duplicated cell stops the whole class, lost metadata grades nothing, a file
that is no JSON keeps the old score. This one gives nbgrader a sound notebook whatever was submitted.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbconvert.exporters.notebook import NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters import BaseConverter

from autograder.lesson import Lesson, speak
from autograder.nbgrader.submitted import ONLY_TRUE, SubmittedCourse, hand_on
from autograder.sandbox import Settings
from autograder.submission import (
    METADATA_KEY,
    UnreadableSubmission,
    digest,
    notebook_in,
    notebook_of,
    read_bytes,
    read_submission,
    unreadable_notebook,
    write_notebook,
)


class SubmissionExporter(NotebookExporter):
    """Reads a file below the course's `submitted` folder as a submission, and any other as nbconvert does.

    Files beside the notebook stay where they are, but for the two of `submitted.py`. nbgrader would copy them, whatever
    a link leads to and however many there are, and no answer needs them.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)  # type: ignore[no-untyped-call]
        for part in _and_parents(self):
            if isinstance(part, BaseConverter):
                part.coursedir = SubmittedCourse.like(part.coursedir)
                getattr(part.log, "logger", part.log).addFilter(ONLY_TRUE)  # a LoggerAdapter has none

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> tuple[NotebookNode, Any]:
        """See nbconvert's `Exporter.from_filename`."""
        path, assignment = Path(filename), (resources or {}).get("nbgrader", {}).get("assignment", "")
        lesson = lesson_in(self, assignment)
        if lesson is None or not _is_submitted(self, path):
            return super().from_filename(filename, resources, **kw)
        speak_as_configured(self, lesson)
        hand_on(path.parent, _autograded(self, resources["nbgrader"]))
        resources.setdefault("metadata", {})["name"] = path.stem
        return super().from_file(io.StringIO(write_notebook(read_or_explain(path.parent, lesson))), resources, **kw)


def read_or_explain(folder: Path, lesson: Lesson) -> NotebookNode:
    """What a student handed in as a sound notebook, or one that says why it could not be read."""
    content, name = None, ""
    try:
        path = notebook_in(folder, lesson)
        name = path.name
        content = read_bytes(path)
        notebook = notebook_of(read_submission(content, lesson), lesson)
    except UnreadableSubmission as error:
        content = str(error).encode() if content is None else content
        notebook = unreadable_notebook(lesson, str(error))
    notebook.metadata[METADATA_KEY] |= {"file": name, "digest": digest(content)}
    return notebook


def adopt_renamed(notebooks: list[str], **ignored: Any) -> None:
    """nbgrader's pre-convert hook: a student's notebook is graded whatever it is called.

    nbgrader goes by file names. It is told the name that it expects, and `SubmissionExporter` reads the file that
    there is; the submitted folder stays as it is.
    """
    folder = Path(notebooks[0]).parent
    notebooks[:] = [str(folder / f"{folder.name}.ipynb")]


def lesson_in(configurable: Any, assignment: str) -> Lesson | None:
    """The lesson of that name in the course that a part of nbgrader works for, or None for a foreign assignment."""
    lesson = Lesson(_coursedir(configurable)[0] / assignment)
    return lesson if assignment and lesson.is_there else None


def speak_as_configured(configurable: Any, lesson: Lesson) -> None:
    """Say everything in the language of the course that a part of nbgrader works for."""
    named = configurable.config.get("Grade", {}).get("language", "")
    speak(Settings.of(language=named).language, lesson.folder.parent)


def _autograded(configurable: Any, names: dict[str, str]) -> Path:
    """The folder into which a student's graded notebook is written."""
    converter = next(part for part in _and_parents(configurable) if isinstance(part, BaseConverter))
    return Path(converter._format_dest(names["assignment"], names["student"]))


def _is_submitted(configurable: Any, path: Path) -> bool:
    root, submitted = _coursedir(configurable)
    return (root / submitted).absolute() in path.absolute().parents


def _coursedir(configurable: Any) -> tuple[Path, str]:
    """The course's root and the name of its folder of submissions, as a part of nbgrader or its parents know them."""
    for part in _and_parents(configurable):
        if getattr(part, "coursedir", None) is not None:
            return Path(part.coursedir.root), part.coursedir.submitted_directory
    return Path.cwd(), "submitted"


def _and_parents(configurable: Any) -> Iterator[Any]:
    while configurable is not None:
        yield configurable
        configurable = getattr(configurable, "parent", None)
