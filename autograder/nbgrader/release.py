"""nbgrader's own commands, called from Python: release assignments, generate feedback."""

from __future__ import annotations

import glob
import logging
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbgrader.converters import GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.settings import course_config, programs_on_path

Prepare = Callable[[Any], None]


class NbgraderFailed(RuntimeError):
    """nbgrader could not do what it was asked; the text is what it logged."""


def release(course: Path, lessons: list[str], database: bool = False) -> None:
    """nbgrader's generate_assignment: from source/ to release/, with `database` also into the gradebook."""
    for lesson in lessons:
        config = course_config(course)
        config.GenerateAssignment.no_database = not database
        config.SaveCells.enabled = database
        run_converter(GenerateAssignment, course, lesson, config)


def generate_feedback(course: Path, lesson: str) -> None:
    """nbgrader's generate_feedback for every student of a lesson."""
    run_converter(GenerateFeedback, course, lesson, course_config(course))


def course_directory(course: Path, config: Config) -> Any:
    """nbgrader's view of the course."""
    programs_on_path()
    return CourseDirectory(config=config, root=str(course.resolve()))


def run_converter(
    converter: type[BaseConverter], course: Path, lesson: str, config: Config, student: str | None = None,
    prepare: Prepare = lambda made: None,
) -> None:  # fmt: skip
    """Run one of nbgrader's converters on a lesson, for one student or for all, after `prepare` had it.

    What is there already is made anew. Raises `NbgraderFailed`.
    """
    folder = course_directory(course, config)
    folder.assignment_id, folder.student_id = lesson, "*" if student is None else _pattern(student)
    config.BaseConverter.force = True
    made = converter(coursedir=folder, config=config)
    prepare(made)
    log = _Log()
    made.log = folder.log = logging.Logger("nbgrader", logging.ERROR)
    made.log.addHandler(log)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbgrader's own, about SQLAlchemy
            made.start()
    except (NbGraderException, SystemExit) as error:
        raise NbgraderFailed("\n".join(log.lines) or str(error)) from error


class _Log(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage().rstrip()
        self.lines.append(text.rpartition("\n")[2] if text.startswith("Traceback") else text)


def _pattern(student: str) -> str:
    """nbgrader takes a student's id for a file pattern without white space at its ends."""
    return re.sub(r"^\s|\s$", lambda space: f"[{space[0]}]", glob.escape(student))
