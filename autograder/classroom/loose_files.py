"""Checks notebook files outside any class: any place, any name, nothing recorded."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future
from contextlib import closing
from functools import cache
from pathlib import Path

from autograder.classroom.window import window
from autograder.feedback import fault_text
from autograder.judging import SubmissionGrade
from autograder.lesson import Lesson
from autograder.running import Grader
from autograder.sandbox import Limits, Sandbox, StoppableSandbox
from autograder.submission import UnreadableSubmission, guess_lesson, read_bytes

AHEAD = 4
"""How many files are read for each worker: one slow file keeps back what comes after it, and nobody should be idle."""
Checked = tuple[Path, SubmissionGrade | None, str]
"""A notebook's path, its grade or None, and why there is none."""
Begun = tuple[Path, str]
"""A notebook's path, and why it can't be graded, if it can't."""


def check_files(
    paths: list[Path], lessons: list[Lesson], sandbox: Sandbox, limits: Limits, workers: Executor, most: int
) -> Iterator[Checked]:
    """Grade each file, in parallel, in the order given; never more than `most` are in memory. One file's trouble never
    stops the others; leaving early ends what is running."""
    stoppable = StoppableSandbox(sandbox)

    @cache
    def grader_for(name: str) -> Grader:
        lesson = next(lesson for lesson in lessons if lesson.name == name)
        return Grader.for_lesson(lesson, stoppable, limits)

    def begin(path: Path) -> tuple[Begun, Future[SubmissionGrade] | None]:
        try:
            content = read_bytes(path)
            return (path, ""), workers.submit(grader_for(guess_lesson(content, lessons).name).grade, content)
        except UnreadableSubmission as error:
            return (path, str(error)), None
        except Exception as error:
            return (path, fault_text(error)), None

    with closing(window(map(begin, paths), most, stoppable.stop, in_order=True)) as done:
        for (path, trouble), future in done:
            yield _checked(path, trouble, future)


def _checked(path: Path, trouble: str, future: Future[SubmissionGrade] | None) -> Checked:
    if future is None:
        return path, None, trouble
    try:
        return path, future.result(), ""
    except Exception as error:
        return path, None, fault_text(error)
