"""nbgrader's own commands, called from Python: release assignments, generate feedback."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nbgrader.converters import GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

CONFIG = "nbgrader_config.py"


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


def course_config(course: Path) -> Config:
    """The course's nbgrader_config.py, with `force` set."""
    with alembic_on_path():
        config = PyFileConfigLoader(CONFIG, path=str(course)).load_config()
    config.BaseConverter.force = True
    return config


class NbgraderFailed(RuntimeError):
    """nbgrader could not do what it was asked; the text is what it logged."""


def run_converter(
    converter: type[BaseConverter], course: Path, lesson: str, config: Config, student: str = "*",
    prepare: Callable[[Any], None] = lambda made: None,
) -> None:  # fmt: skip
    """Run one of nbgrader's converters on a lesson, after `prepare` had it. Raises `NbgraderFailed`."""
    folder = CourseDirectory(config=config, root=str(course.resolve()))
    folder.assignment_id, folder.student_id = lesson, student
    made = converter(coursedir=folder, config=config)
    prepare(made)
    log = _Log()
    made.log = logging.Logger("nbgrader", logging.ERROR)
    made.log.addHandler(log)
    try:
        with alembic_on_path(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbgrader's own, about SQLAlchemy
            made.start()
    except NbGraderException as error:
        raise NbgraderFailed("\n".join(log.lines) or str(error)) from error


class _Log(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@contextlib.contextmanager
def alembic_on_path() -> Iterator[None]:
    """nbgrader runs the program `alembic` from PATH: put this environment's programs there."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before
