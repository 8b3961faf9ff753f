"""What the grader calls inside a student's kernel, imported before any of the student's code runs, and again before
each exercise is looked at.

Each function's answer is base64: text without a character that would need care on the way.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import io
from collections.abc import Iterator
from typing import Any

import autograder
from autograder.lesson import Exercise, find_lesson
from autograder.probing.integrity import control
from autograder.probing.observation import SEPARATOR
from autograder.probing.probe import probe_json
from autograder.probing.shell import ipython_shell
from autograder.source import definitions, written_module

ANSWERING = ("check", "hint", "progress", "self_study", "solution")
SILENT = ("keep_progress_on_drive", "welcome")
"""What notebooks import from `autograder`, and what has no answer, or no use, in a kernel that is graded."""
_exercises: dict[str, Exercise] = {}


def prepare(lesson: str) -> None:
    """Load the exercises of the lesson of that name."""
    _exercises.update(find_lesson(lesson).exercises)


def load(lesson: str) -> str:
    """Replace the functions that answer in a student's notebook (`check` and others); returns what `integrity.control`
    does."""
    if not _exercises:
        prepare(lesson)
    for name in SILENT:
        setattr(autograder, name, _nothing)
    for name in ANSWERING:
        setattr(autograder, name, _graded_elsewhere)
    return _packed(control())


def observe_one(exercise: str, number: int, seed: int) -> str:
    """The observation of one criterion on the notebook's namespace, as JSON."""
    with _silence():
        return _packed(probe_json(_exercises[exercise], number, seed, ipython_shell().user_ns))


def observe_all(exercise: str, seed: int) -> str:
    """What `integrity.control` returns, and the observations of all criteria, one after the other. An interrupt ends
    it: one that hangs must not leave the next ones to hang as well."""
    found, names = _exercises[exercise], ipython_shell().user_ns
    looks = (probe_json(found, number, seed, names, (KeyboardInterrupt,)) for number in range(len(found.criteria)))
    with _silence():
        return SEPARATOR.join(map(_packed, (control(), *looks)))


def defined(source: str) -> str:
    """The definitions in a cell's source, without its other statements; a cell that writes a module is kept whole."""
    if written_module(source):
        return _packed(source)
    tree = ast.parse(ipython_shell().transform_cell(source))
    tree.body = definitions(tree)
    return _packed(ast.unparse(tree))


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Throw away what is printed: the grader reads none of it, and a kernel gathers it faster than it can be sent."""
    with contextlib.redirect_stdout(_Nowhere()), contextlib.redirect_stderr(_Nowhere()):
        yield


class _Nowhere(io.TextIOBase):
    """A text file that keeps nothing."""

    def write(self, text: str) -> int:
        return len(text)


def _graded_elsewhere(*_: Any) -> None:
    print("Not answered while this notebook is graded: each exercise's own check cell has the grader's answer.")


def _nothing(*_: Any) -> None:
    pass


def _packed(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "replace")).decode()
