"""Brings a student's notebook up to the newest release of its lesson, in its place, with a backup beside it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.lesson import Lesson, said, write_whole
from autograder.student.selfstudy import SELFSTUDY
from autograder.submission import (
    METADATA_KEY,
    UnreadableSubmission,
    guess_lesson,
    parsed_json,
    read_bytes,
    write_notebook,
)
from autograder.update.matching import released_exercises
from autograder.update.merge import Merged, merge


class NotUpdated(ValueError):
    """The notebook can't be updated, and is as it was; the text says why and what to do."""


@dataclass(frozen=True)
class Update:
    """What an update did: to a notebook of which lesson, how it was merged, where the backup is. Without a backup
    nothing was written; `needed` says whether there was anything to do."""

    path: Path
    lesson: str
    merged: Merged
    needed: bool
    backup: Path | None = None


def update(path: Path, lessons: list[Lesson], release: Path | None = None, write: bool = True) -> Update:
    """Update a notebook to the release of its lesson that stands beside the lesson, for self-study if it is such a
    notebook, or to the one in the file given.

    Raises `NotUpdated` and `OSError`.
    """
    try:
        content = read_bytes(path)
        lesson, before = guess_lesson(content, lessons), parsed_json(content)
        newest = _release(lesson, release, _edition(before))
        merged = merge(content, newest, lesson)
    except UnreadableSubmission as error:
        raise NotUpdated(str(error).partition("; ")[0]) from None
    merged.notebook.metadata = _metadata(before, newest)
    text = write_notebook(merged.notebook)
    if parsed_json(text.encode()) == before:
        return Update(path, lesson.name, merged, needed=False)
    if not write:
        return Update(path, lesson.name, merged, needed=True)
    backup = _back_up(path, content)
    write_whole(path, text)
    return Update(path, lesson.name, merged, True, backup)


def _edition(notebook: dict[str, object]) -> str:
    """Which folder of the course a notebook came from."""
    metadata = notebook.get("metadata")
    ours = metadata.get(METADATA_KEY) if isinstance(metadata, dict) else None
    own = isinstance(ours, dict) and ours.get("edition") == SELFSTUDY
    return SELFSTUDY if own else "release"


def _release(lesson: Lesson, named: Path | None, edition: str) -> NotebookNode:
    """The released notebook to update to. Raises `NotUpdated`."""
    path = named or lesson.folder.parent / edition / lesson.name / f"{lesson.name}.ipynb"
    try:
        release = nbformat.from_dict(parsed_json(read_bytes(path)))
        nbformat.validate(release, version=4)
        release = nbformat.reads(nbformat.writes(release), as_version=4)
    except (UnreadableSubmission, nbformat.ValidationError) as error:
        if named is None and not path.exists():
            raise NotUpdated(
                said(
                    "there is no release of {lesson} beside the lesson; download the new notebook and say where it is: "
                    "--to FILE",
                    lesson=lesson.name,
                )
            ) from None
        reason = str(error).partition("; ")[0]
        raise NotUpdated(said("{path} is no notebook of a lesson: {reason}", path=path, reason=reason)) from None
    if release.metadata.get(METADATA_KEY, {}).get("lesson") != lesson.name or not released_exercises(release):
        other = said(
            "it is a notebook of {lesson}, and {path} is no release of that lesson", lesson=lesson.name, path=path
        )
        raise NotUpdated(other)
    return NotebookNode(release)


def _metadata(before: dict[str, object], release: NotebookNode) -> NotebookNode:
    """The notebook's metadata: the student's, for the kernel is theirs to choose, with what the release says of us."""
    own = before.get("metadata")
    mixed = copy.deepcopy(release)
    mixed.metadata = nbformat.from_dict({**release.metadata, **(own if isinstance(own, dict) else {})})
    mixed.metadata[METADATA_KEY] = release.metadata[METADATA_KEY]
    try:
        nbformat.validate(mixed)
    except (nbformat.ValidationError, RecursionError):
        return NotebookNode(release.metadata)
    return NotebookNode(mixed.metadata)


def _back_up(path: Path, content: bytes) -> Path:
    """Write the content beside the file, under a name that was free."""
    for name in _names(path.name):
        try:
            with path.with_name(name).open("xb") as file:
                file.write(content)
        except FileExistsError:
            continue
        return path.with_name(name)
    raise AssertionError  # the names never end


def _names(name: str) -> Iterator[str]:
    yield f"{name}.backup"
    number = 2
    while True:
        yield f"{name}.backup-{number}"
        number += 1
