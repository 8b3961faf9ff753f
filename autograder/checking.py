"""Checks notebook files outside any class: any place, any name, nothing recorded."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from functools import cache
from pathlib import Path
from typing import Any

from autograder.grade import GraderFault
from autograder.grader import Grader
from autograder.lesson import Lesson
from autograder.result import submission_json
from autograder.sandbox import Limits, Sandbox
from autograder.submission import UnreadableSubmission, guess_lesson, read_bytes

Checked = tuple[Path, dict[str, Any] | None, str]
"""A notebook's path, its grade as JSON or None, and why there is none."""


def check_files(
    paths: list[Path], lessons: list[Lesson], sandbox: Sandbox, limits: Limits, workers: Executor
) -> Iterator[Checked]:
    """Grade each file, in parallel, in the order given. One file's trouble never stops the others."""

    @cache
    def grader_for(name: str) -> Grader:
        lesson = next(lesson for lesson in lessons if lesson.name == name)
        return Grader.for_lesson(lesson, sandbox, limits)

    def read(path: Path) -> tuple[Grader, bytes] | str:
        try:
            content = read_bytes(path)
            return grader_for(guess_lesson(content, lessons).name), content
        except (UnreadableSubmission, GraderFault) as error:
            return str(error)

    ready = [read(path) for path in paths]
    futures = [workers.submit(item[0].grade, item[1]) if not isinstance(item, str) else item for item in ready]
    for path, future in zip(paths, futures, strict=True):
        if isinstance(future, str):
            yield path, None, future
            continue
        try:
            yield path, submission_json(str(path), future.result()), ""
        except GraderFault as fault:
            yield path, None, f"the grader's own fault: {fault}"
