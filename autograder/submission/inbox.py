"""Which file is a student's submission: finds it below `submitted/`, whatever it is called."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from autograder.lesson import Lesson, all_lessons, said
from autograder.submission.cells import UnreadableSubmission, guess_lesson, read_bytes

NAMED = 5
"""How many files are named to somebody who handed in no notebook, or too many; no more notebooks are looked into."""


class NothingSubmitted(LookupError):
    """There is no submission to grade; the text says where they belong."""


@dataclass(frozen=True)
class Entry:
    """One student's folder for one lesson, `submitted/STUDENT/LESSON`."""

    student: str
    folder: Path

    def content(self, lesson: Lesson) -> bytes:
        """The submission's bytes. Raises `NothingSubmitted` and `UnreadableSubmission`."""
        return read_bytes(notebook_in(self.folder, lesson))


def submissions(course: Path, lesson: str, students: list[str] | None = None) -> list[Entry]:
    """The folders handed in to a lesson, by student, of these students only if named.

    Raises `NothingSubmitted` where there is none, or none of a student that was named.
    """
    folders = sorted(path for path in (course / "submitted").glob(f"*/{lesson}") if path.is_dir())
    entries = [Entry(path.parent.name, path) for path in folders if not students or path.parent.name in students]
    unknown = set(students or ()) - {entry.student for entry in entries}
    if unknown or not entries:
        who = f" by {', '.join(sorted(unknown))}" if unknown else ""
        place = course / "submitted" / "STUDENT" / lesson / f"{lesson}.ipynb"
        raise NothingSubmitted(f"nothing was submitted to {lesson}{who}; submissions belong at {place}")
    return entries


def notebook_in(folder: Path, lesson: Lesson) -> Path:
    """The notebook to grade in a student's folder: the one with the lesson's name, else the only one, else the only one
    of a few that belongs to the lesson.

    Raises `NothingSubmitted` where there is no notebook, and `UnreadableSubmission` where it is not clear which.
    """
    files = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    found = [path for path in files if path.suffix == ".ipynb"]
    named = [path for path in found if path.stem == folder.name]
    if not found:
        names = ", ".join(path.name for path in files[:NAMED]) or "nothing"
        raise NothingSubmitted(f"{folder} has no notebook (a file NAME.ipynb): there is {names}")
    if not named and 1 < len(found) <= NAMED:
        found = [path for path in found if _belongs_to(path, lesson)] or found
    if not named and len(found) > 1:
        names = ", ".join([*(path.name for path in found[:NAMED]), *["…"] * (len(found) > NAMED)])
        raise UnreadableSubmission(
            said(
                "there are several notebooks ({names}) and none is called {wanted}; submit one of them",
                names=names,
                wanted=f"{folder.name}.ipynb",
            )
        )
    return (named or found)[0]


def _belongs_to(path: Path, lesson: Lesson) -> bool:
    try:
        return guess_lesson(read_bytes(path), list(all_lessons([lesson.folder.parent]))) == lesson
    except UnreadableSubmission:
        return False


def digest(content: bytes) -> str:
    """A short hash of a submission's content."""
    return hashlib.sha256(content).hexdigest()
