"""nbgrader's own commands, called from Python: release assignments, generate feedback."""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from nbgrader.converters import GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.sandbox import course_config, programs_on_path

# nbgrader's gradebook also logs there what it raises.
logging.getLogger("tornado.application").addHandler(logging.NullHandler())

Prepare = Callable[[Any], None]

WORTH_A_PROCESS = 15
"""As many feedback pages make up for starting another process."""


class NbgraderFailed(RuntimeError):
    """nbgrader could not do what it was asked; the text is what it logged, `causes` are the errors that it caught."""

    def __init__(self, text: str, causes: Sequence[BaseException] = ()) -> None:
        super().__init__(text)
        self.causes = tuple(causes)


def release(course: Path, lessons: list[str], database: bool = False) -> None:
    """nbgrader's generate_assignment: from source/ to release/, with `database` also into the gradebook."""
    for lesson in lessons:
        config = course_config(course)
        config.GenerateAssignment.no_database = not database
        config.SaveCells.enabled = database
        run_converter(GenerateAssignment, course, lesson, config)


def generate_feedback(course: Path, lesson: str, jobs: int) -> None:
    """nbgrader's generate_feedback for every student of a lesson that was graded; large classes in several processes.

    Raises `NbgraderFailed`.
    """
    graded = sum(1 for _ in (course / "autograded").glob(f"*/{lesson}"))
    count = min(jobs, graded // WORTH_A_PROCESS)
    if count < 2:
        _feedback_pages(course, lesson, 0, 1)
        return
    spawned = get_context("spawn")  # a process with threads in it is not to be forked
    with ProcessPoolExecutor(count, spawned) as workers:
        list(workers.map(_feedback_pages, repeat(course), repeat(lesson), range(count), repeat(count)))


class _EveryNth(GenerateFeedback):
    """Generates the feedback of every n-th student, beginning with one of the first n."""

    first, n = 0, 1
    assignments: dict[str, list[str]]

    def init_notebooks(self) -> None:
        super().init_notebooks()
        self.assignments = dict(sorted(self.assignments.items())[self.first :: self.n])


def _feedback_pages(course: Path, lesson: str, first: int, n: int) -> None:
    def choose(converter: Any) -> None:
        converter.first, converter.n = first, n

    run_converter(_EveryNth, course, lesson, course_config(course), prepare=choose)


def course_directory(course: Path, config: Config) -> Any:
    """nbgrader's view of the course."""
    programs_on_path()
    return CourseDirectory(config=config, root=str(course.resolve()))


def run_converter(
    converter: type[BaseConverter], course: Path, lesson: str, config: Config, prepare: Prepare = lambda made: None
) -> None:
    """Run one of nbgrader's converters on a lesson, after `prepare` had it.

    What is there already is made anew. Raises `NbgraderFailed`.
    """
    folder = course_directory(course, config)
    folder.assignment_id, folder.student_id = lesson, "*"
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
        raise NbgraderFailed("\n".join(log.lines) or str(error), log.causes) from error


class _Log(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.causes: list[BaseException] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage().rstrip()
        self.lines.append(text.rpartition("\n")[2] if text.startswith("Traceback") else text)
        handled = sys.exc_info()[1]
        if handled is not None:
            self.causes.append(handled)
