"""How a command ends when something is in its way: one clear line on stderr, and an exit status."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import typer
from rich.console import Console

from autograder.cli import without

errors = Console(stderr=True, highlight=False, soft_wrap=True)


class CourseNotFound(LookupError):
    """There is no nbgrader course where one is needed."""


def clearly(function: Callable[..., None]) -> Callable[..., None]:
    """A command whose expected troubles end in a line and status 2, and an interrupt in 130."""

    @functools.wraps(function)
    def run(*args: Any, **options: Any) -> None:
        try:
            function(*args, **options)
        except KeyboardInterrupt:
            errors.print("autograder: stopped")
            raise typer.Exit(130) from None
        except ModuleNotFoundError as missing:
            raise told(without(missing)) from None
        except Exception as error:
            if not isinstance(error, _expected()):
                raise
            raise told(str(error)) from None

    return run


def told(text: str, status: int = 2) -> typer.Exit:
    """Say what is in the way; gives the exception that ends the command."""
    errors.print(f"autograder: {text}", markup=False)
    return typer.Exit(status)


def _expected() -> tuple[type[Exception], ...]:
    """Troubles that a person can put right: their text says how. Imported only once there is one."""
    from autograder.grade import GraderFault  # noqa: PLC0415
    from autograder.handed_in import NothingSubmitted  # noqa: PLC0415
    from autograder.lesson import LessonNotFound  # noqa: PLC0415
    from autograder.nbgrader.gradebook import NotReleased  # noqa: PLC0415
    from autograder.nbgrader.release import NbgraderFailed  # noqa: PLC0415
    from autograder.percent import LessonTextError  # noqa: PLC0415
    from autograder.sandbox import NoIsolation  # noqa: PLC0415
    from autograder.settings import BadSetting  # noqa: PLC0415

    return (
        BadSetting, CourseNotFound, FileExistsError, GraderFault, LessonNotFound, LessonTextError, NbgraderFailed,
        NoIsolation, NotReleased, NothingSubmitted, PermissionError,
    )  # fmt: skip
