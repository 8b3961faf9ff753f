"""How a command ends when something is in its way: one clear line on stderr, and an exit status."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

import typer
from rich.console import Console

from autograder.cli.extras import without
from autograder.sandbox import elsewhere

errors = Console(stderr=True, highlight=False, soft_wrap=True)

EXPECTED = {
    "BadAddress": "autograder.texts", "BadCatalogue": "autograder.translation.catalogue",
    "BadSetting": "autograder.sandbox",
    "ClusterUnusable": "autograder.cluster", "CourseNotFound": "autograder.cli.course",
    "GradebookUnusable": "autograder.nbgrader.database", "GraderFault": "autograder.judging",
    "LessonNotFound": "autograder.lesson", "LessonTextError": "autograder.texts",
    "NbgraderFailed": "autograder.nbgrader.release", "NoIsolation": "autograder.sandbox",
    "NoLanguage": "autograder.translation.catalogue", "NoMistake": "autograder.authoring.new_mistake",
    "NoSuchLanguage": "autograder.lesson", "NotReleased": "autograder.nbgrader.gradebook",
    "NothingSubmitted": "autograder.submission",
}  # fmt: skip
"""The exceptions that are expected, and where they are: a command does not import for one what it has no use for."""


def clearly(function: Callable[..., None]) -> Callable[..., None]:
    """Decorator of a command: an expected error ends in one line and status 2, an interrupt in 130. The command runs
    outside the folder where it was typed, which may be anybody's."""

    @functools.wraps(function)
    def run(*args: Any, **options: Any) -> None:
        try:
            with elsewhere():
                function(*args, **options)
        except KeyboardInterrupt:
            errors.print("autograder: stopped")
            raise typer.Exit(130) from None
        except ModuleNotFoundError as missing:
            raise failure(without(missing)) from None
        except Exception as error:
            if not _is_expected(error):
                raise
            raise failure(str(error)) from None

    return run


def failure(text: str, status: int = 2) -> typer.Exit:
    """Say what is in the way; gives the exception that ends the command."""
    errors.print(f"autograder: {text}", markup=False)
    return typer.Exit(status)


def _is_expected(error: Exception) -> bool:
    """Whether it is a trouble that a person can put right: its text says how."""
    found = (getattr(sys.modules.get(module), name, None) for name, module in EXPECTED.items())
    return isinstance(error, (FileExistsError, PermissionError, *filter(None, found)))
