"""Grades many submissions: workers grade, this process alone writes the gradebook, one after the other.

Written against `concurrent.futures.Executor`: a worker takes a submission's bytes and returns its grade.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.classroom.ungraded import note
from autograder.classroom.window import window
from autograder.feedback import fault_text, lay_out, submission_json
from autograder.judging import SubmissionGrade
from autograder.lesson import Lesson
from autograder.nbgrader.database import GradebookUnusable, unusable
from autograder.nbgrader.gradebook import Recorded, record, recorded
from autograder.nbgrader.release import NbgraderFailed
from autograder.nbgrader.standing import bring_up_to_date
from autograder.running import Grader, what_changed
from autograder.sandbox import StoppableSandbox
from autograder.submission import Entry, NothingSubmitted, UnreadableSubmission, digest

Content = bytes | UnreadableSubmission
"""What a submission holds, or why that can't be known."""
AHEAD = 2
"""How many submissions a worker has in memory: the one it grades, and the next."""


@dataclass(frozen=True)
class ClassResult:
    """What became of one submission: its grade as JSON (see `as_json.py`), with the gradebook's points (see
    `Standing.of`), or the fault that kept it from one.

    `unchanged` marks a submission that had been graded already and was not graded again; `changed` says what has, of
    "submission", "lesson" and "grader", where one was.
    """

    student: str
    grade: dict[str, Any] | None
    fault: str = ""
    unchanged: bool = False
    changed: str = ""
    seconds: float = 0


Begun = tuple[tuple[Entry, str] | ClassResult, Future[SubmissionGrade] | None]
"""Whose grade is to come, and the fingerprint of the one that stands, if any; or a result without any work."""


def grade_class(
    course: Path, grader: Grader, entries: list[Entry], jobs: int, regrade: bool = False, pool: Executor | None = None
) -> Iterator[ClassResult]:
    """Grade submissions in parallel and record each; results come as they are ready.

    A submission that was graded before, by the same grader, with the same lesson and the same content, is not graded
    again unless `regrade`. A fault of the grader's own costs nobody a point: it is in the result, and the old grade
    stands. Leaving early (an interrupt, or closing the iterator) ends what is running; what was recorded stays. So does
    a gradebook that can't be written any more, with `GradebookUnusable`. Raises `NotReleased`.
    """
    bring_up_to_date(course, grader.lesson.name)
    known = recorded(course, grader.lesson.name)
    pool = pool or ThreadPoolExecutor(jobs)
    return _noted(
        course, grader.lesson.name, _grade_class(course, grader, entries, {} if regrade else known, pool, AHEAD * jobs)
    )


def _noted(course: Path, lesson: str, results: Generator[ClassResult]) -> Iterator[ClassResult]:
    """The same results, while the course remembers who could not be graded."""
    with closing(results):
        for result in results:
            try:
                note(course, lesson, result.student, result.fault)
            except OSError as error:
                raise unusable([error], course) or error from error
            yield result


def _grade_class(
    course: Path, grader: Grader, entries: list[Entry], known: dict[str, Recorded], pool: Executor, most: int
) -> Generator[ClassResult]:
    """See `grade_class`. Never more than `most` submissions are read and not yet recorded."""
    sandbox = StoppableSandbox(grader.sandbox)
    grader = replace(grader, sandbox=sandbox)

    def begin(entry: Entry) -> Begun:
        try:
            content = _content(entry, grader.lesson)
        except NothingSubmitted as problem:
            return ClassResult(entry.student, None, fault=str(problem)), None
        if same := _same(known.get(entry.student), grader, content):
            return ClassResult(entry.student, same, unchanged=True), None
        before = known[entry.student].fingerprint if entry.student in known else ""
        return (entry, before), pool.submit(_work, grader, content)

    with pool, closing(window(map(begin, entries), most, sandbox.stop)) as done:
        for whose, future in done:
            if isinstance(whose, ClassResult):
                yield whose
            elif future is not None:
                yield _result(course, *whose, future)


def _content(entry: Entry, lesson: Lesson) -> Content:
    try:
        return entry.content(lesson)
    except UnreadableSubmission as error:
        return error


def _same(known: Recorded | None, grader: Grader, content: Content) -> dict[str, Any] | None:
    """The grade that stands, if it is this content's."""
    return known.grade if known and known.fingerprint == _fingerprint(grader, content) else None


def _fingerprint(grader: Grader, content: Content) -> str:
    return grader.fingerprint(digest(content if isinstance(content, bytes) else str(content).encode()))


def _work(grader: Grader, content: Content) -> SubmissionGrade:
    started = time.monotonic()
    grade = grader.grade(content) if isinstance(content, bytes) else grader.grade_unreadable(str(content))
    return replace(grade, fingerprint=_fingerprint(grader, content), seconds=time.monotonic() - started)


def _result(course: Path, entry: Entry, before: str, future: Future[SubmissionGrade]) -> ClassResult:
    try:
        grade = future.result()
        cards = [lay_out(exercise, hint_count=None) for exercise in grade.exercises]
        standing = record(course, entry.student, grade, cards)
    except GradebookUnusable:
        raise
    except NbgraderFailed as problem:
        return ClassResult(entry.student, None, fault=f"nbgrader could not record the grade: {problem}")
    except Exception as error:  # one submission's trouble never stops the class
        return ClassResult(entry.student, None, fault=fault_text(error))
    counts = standing.of(submission_json(f"{grade.lesson.name}.ipynb", grade, cards))
    changed = what_changed(before, grade.fingerprint) if before else ""
    return ClassResult(entry.student, counts, seconds=grade.seconds, changed=changed)
