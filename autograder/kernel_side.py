"""What the grader calls inside a student's kernel, imported before any of the student's code runs, and again before
each exercise is looked at.

Each function's answer is base64: text without a character that would need care on the way.
"""

from __future__ import annotations

import ast
import base64
from typing import Any

import autograder
from autograder.control import control
from autograder.exercise import Exercise
from autograder.lesson import find_lesson
from autograder.probe import probe_json

DEFINITIONS = (
    ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign,
)  # fmt: skip
_exercises: dict[str, Exercise] = {}


def load(lesson: str) -> str:
    """Load the exercises of the lesson of that name; returns what `control.control` does."""
    _exercises.update(find_lesson(lesson).exercises)
    for name in ("check", "hint", "progress", "self_study", "solution"):
        setattr(autograder, name, _graded_elsewhere)
    return _packed(control())


def answer(exercise: str, number: int, seed: int) -> str:
    """The observation of one criterion on the notebook's namespace, as JSON."""
    return _packed(probe_json(_exercises[exercise], number, seed, _shell().user_ns))


def definitions(source: str) -> str:
    """Of a cell's source, what only defines: imports, functions, classes, and assignments to plain names."""
    tree = ast.parse(_shell().transform_cell(source))
    tree.body = [statement for statement in tree.body if isinstance(statement, DEFINITIONS) and _names_only(statement)]
    return _packed(ast.unparse(tree))


def _names_only(statement: ast.stmt) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    targets = [statement.target] if isinstance(statement, ast.AnnAssign) else targets
    parts = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return all(isinstance(part, ast.Name) for part in parts)


def _graded_elsewhere(*_: Any) -> None:
    print("Not answered while this notebook is graded: each exercise's own check cell has the grader's answer.")


def _packed(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "replace")).decode()


def _shell() -> Any:
    from IPython import get_ipython  # noqa: PLC0415  (the package must import without IPython)

    return get_ipython()  # type: ignore[no-untyped-call,unused-ignore]
