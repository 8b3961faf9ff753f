"""Checks notebook files outside any class: any place, any name, nothing recorded."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future
from functools import cache
from pathlib import Path
from typing import Any

from autograder.grader import Grader, SubmissionGrade
from autograder.lesson import Lesson
from autograder.result import fault_text, submission_json
from autograder.sandbox import Limits, Sandbox
from autograder.stoppable import StoppableSandbox
from autograder.submission import UnreadableSubmission, guess_lesson, read_bytes

Checked = tuple[Path, dict[str, Any] | None, str]
"""A notebook's path, its grade as JSON or None, and why there is none."""


def check_files(
    paths: list[Path], lessons: list[Lesson], sandbox: Sandbox, limits: Limits, workers: Executor
) -> Iterator[Checked]:
    """Grade each file, in parallel, in the order given. One file's trouble never stops the others; leaving early ends
    what is running."""
    stoppable = StoppableSandbox(sandbox)

    @cache
    def grader_for(name: str) -> Grader:
        lesson = next(lesson for lesson in lessons if lesson.name == name)
        return Grader.for_lesson(lesson, stoppable, limits)

    def start(path: Path) -> Future[SubmissionGrade] | str:
        try:
            content = read_bytes(path)
            return workers.submit(grader_for(guess_lesson(content, lessons).name).grade, content)
        except UnreadableSubmission as error:
            return str(error)
        except Exception as error:
            return fault_text(error)

    started: list[Future[SubmissionGrade] | str] = []
    try:
        started += map(start, paths)
        for path, future in zip(paths, started, strict=True):
            yield (path, None, future) if isinstance(future, str) else _checked(path, future)
    except BaseException:
        stoppable.stop()
        for future in started:
            if not isinstance(future, str):
                future.cancel()
        raise


def _checked(path: Path, future: Future[SubmissionGrade]) -> Checked:
    try:
        return path, submission_json(str(path), future.result()), ""
    except Exception as error:
        return path, None, fault_text(error)
