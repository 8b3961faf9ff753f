"""Grades many submissions: workers grade, this process alone writes the gradebook, one after the other.

Written against `concurrent.futures.Executor`: a worker takes a submission's bytes and returns its grade.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.grade import GraderFault
from autograder.grader import Grader, SubmissionGrade
from autograder.nbgrader.gradebook import record, recorded
from autograder.result import submission_json
from autograder.submission import UnreadableSubmission, read_bytes


class NothingSubmitted(LookupError):
    """There is no submission to grade; the text says where they belong."""


@dataclass(frozen=True)
class Entry:
    """One student's submission: the notebook file, or why there is none to grade."""

    student: str
    notebook: Path | None
    problem: str = ""


@dataclass(frozen=True)
class ClassResult:
    """What became of one submission: its grade as JSON (see `result.py`), or the fault that kept it from one.

    `unchanged` marks a submission that had been graded already and was not graded again.
    """

    student: str
    grade: dict[str, Any] | None
    fault: str = ""
    unchanged: bool = False
    seconds: float = 0


def submissions(course: Path, lesson: str, students: list[str] | None = None) -> list[Entry]:
    """The submissions to a lesson below `submitted/`, by student. Raises `NothingSubmitted` where there is none."""
    folders = sorted((course / "submitted").glob(f"*/{lesson}"))
    entries = [_entry(folder) for folder in folders if not students or folder.parent.name in students]
    if not entries:
        place = course / "submitted" / "STUDENT" / lesson / f"{lesson}.ipynb"
        raise NothingSubmitted(f"nothing was submitted to {lesson}; submissions belong at {place}")
    return entries


def grade_class(
    course: Path, grader: Grader, entries: list[Entry], jobs: int, regrade: bool = False, pool: Executor | None = None
) -> Iterator[ClassResult]:
    """Grade submissions in parallel and record each; results come as they are ready.

    A submission that was graded before, with the same exercises and the same content, is not graded again unless
    `regrade`. A fault of the grader's own costs nobody a point: it is in the result, and the old grade stands.
    """
    todo: list[tuple[Entry, bytes | str]] = []
    for entry in entries:
        content = _content(entry)
        known = recorded(course, entry.student, grader.lesson.name)
        if not regrade and known.get("fingerprint") == _fingerprint(grader, content):
            yield ClassResult(entry.student, known["grade"], unchanged=True)
        elif entry.notebook is None:
            yield ClassResult(entry.student, None, fault=entry.problem)
        else:
            todo.append((entry, content))
    with pool or ThreadPoolExecutor(jobs) as workers:
        futures = {workers.submit(_work, grader, content): entry for entry, content in todo}
        try:
            for future in as_completed(futures):
                yield _result(course, futures[future], future)
        finally:
            for future in futures:
                future.cancel()


def default_jobs() -> int:
    """As many workers as this process has cores."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _entry(folder: Path) -> Entry:
    student, lesson = folder.parent.name, folder.name
    found = sorted(folder.glob("*.ipynb"))
    exact = [path for path in found if path.stem == lesson]
    if exact or len(found) == 1:
        return Entry(student, (exact or found)[0])
    names = ", ".join(path.name for path in found)
    problem = f"several notebooks ({names}), none called {lesson}.ipynb" if found else "the folder has no notebook"
    return Entry(student, None, f"{problem}; put the one to grade at {folder / lesson}.ipynb")


def _content(entry: Entry) -> bytes | str:
    """The file's bytes, or why they can't be read."""
    if entry.notebook is None:
        return entry.problem
    try:
        return read_bytes(entry.notebook)
    except UnreadableSubmission as error:
        return str(error)


def _fingerprint(grader: Grader, content: bytes | str) -> str:
    return grader.fingerprint(content if isinstance(content, bytes) else content.encode())


def _work(grader: Grader, content: bytes | str) -> tuple[SubmissionGrade, float]:
    started = time.monotonic()
    grade = grader.grade(content) if isinstance(content, bytes) else grader.grade_unreadable(content)
    return grade, time.monotonic() - started


def _result(course: Path, entry: Entry, future: Future[tuple[SubmissionGrade, float]]) -> ClassResult:
    try:
        grade, seconds = future.result()
        record(course, entry.student, grade)
    except GraderFault as fault:
        return ClassResult(entry.student, None, fault=f"the grader's own fault: {fault}")
    except Exception as error:  # one submission's trouble never stops the class
        return ClassResult(entry.student, None, fault=f"the grader's own fault: {type(error).__name__}: {error}")
    return ClassResult(entry.student, submission_json(f"{grade.lesson.name}.ipynb", grade), seconds=seconds)
