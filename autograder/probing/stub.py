"""The stub that a release leaves where an answer is to be written: known by a cell's text, and by an exception."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from autograder.lesson import NotAttempted, noted
from autograder.probing.observation import Raised
from autograder.source import parsed

TEXT = "your code goes here"
"""What the NotImplementedError of a released stub says: `c.ClearSolutions.code_stub` in nbgrader_config.py."""
_MAGIC = re.compile(r"^([ \t]*)[%!?].*$", re.MULTILINE)
_RELEASED = re.compile(rf"""^[ \t]*raise NotImplementedError\(["']{TEXT}["']\)""", re.MULTILINE)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def is_untouched(source: str) -> bool:
    """Whether nothing is written in a cell: each function is a docstring and a `raise NotImplementedError`, without a
    text or with the release's, each list or dict holds None alone, and there is nothing else but imports, empty classes
    and docstrings."""
    tree = _tree(source)
    if tree is None:
        return False
    kinds = [_kind(statement) for statement in _without_docstrings(tree.body)]
    return all(kinds) and "stub" in kinds


def is_unfinished(source: str) -> bool:
    """Whether a cell is untouched, or a released stub is left in it where something runs into it. Of what is no Python,
    whether there is a released stub at all."""
    tree = _tree(source)
    if tree is None:
        return _RELEASED.search(source) is not None
    bodies = [tree.body, *(node.body for node in ast.walk(tree) if isinstance(node, _FUNCTIONS))]
    return is_untouched(source) or any(map(_runs_into_stub, bodies))


def is_stub_raise(arguments: tuple[object, ...], cell: str, line: int) -> bool:
    """Whether a NotImplementedError with these arguments, from a `raise` in this line of the cell, is a stub's: it has
    the release's text; or none, and the function, or the cell, does nothing else. The source may be unknown: empty."""
    if len(arguments) == 1 and type(arguments[0]) is str:
        return arguments[0] == TEXT
    functions = [node for node in ast.walk(_tree(cell) or ast.Module([], [])) if isinstance(node, _FUNCTIONS)]
    bodies = [_without_docstrings(function.body) for function in functions]
    alone = any(len(body) == 1 and body[0].lineno == line for body in bodies)
    return not arguments and (not cell or alone or is_untouched(cell))


def shown_by(source: str) -> Raised:
    """What an untouched cell shows when it is probed: the stub's error, or where it has none that a quiz has no answer
    yet."""
    if any(isinstance(node, ast.Raise) for node in ast.walk(_tree(source) or ast.Module([], []))):
        return Raised((NotImplementedError.__name__,), TEXT, stub=True)
    return Raised((NotAttempted.__name__,), noted("every answer is still None"), stub=True)


def _tree(source: str) -> ast.Module | None:
    """The cell's tree, IPython's commands apart."""
    return parsed(source) or parsed(_MAGIC.sub(r"\1pass", source))


def _kind(statement: ast.stmt) -> str:
    """What a statement is before anything is written: "stub", or "empty" where it belongs to none; "" if neither."""
    match statement:
        case ast.Import() | ast.ImportFrom() | ast.Pass():
            return "empty"
        case ast.Raise():
            return "stub" if _raised_text(statement) in ("", TEXT) else ""
        case ast.FunctionDef(body=body) | ast.AsyncFunctionDef(body=body):
            return "stub" if [*map(_kind, _without_docstrings(body))] == ["stub"] else ""
        case ast.ClassDef(body=body):
            kinds = [_kind(part) for part in _without_docstrings(body)]
            return ("stub" if "stub" in kinds else "empty") if all(kinds) else ""
        case ast.Assign(value=ast.Dict(values=values)) | ast.Assign(value=ast.List(elts=values)):
            return "stub" if values and all(map(_is_none, values)) else ""
    return ""


def _runs_into_stub(body: list[ast.stmt]) -> bool:
    for statement in body:
        if isinstance(statement, ast.Raise) and _raised_text(statement) == TEXT:
            return True
        if any(isinstance(node, ast.Return | ast.Yield | ast.YieldFrom) for node in _own(statement)):
            return False
    return False


def _own(statement: ast.stmt) -> Iterator[ast.AST]:
    """A statement's nodes, without those of the functions in it; whatever its depth."""
    left: list[ast.AST] = [statement]
    while left:
        node = left.pop()
        if not isinstance(node, (*_FUNCTIONS, ast.Lambda)):
            yield node
            left += ast.iter_child_nodes(node)


def _raised_text(statement: ast.Raise) -> str | None:
    """The text with which NotImplementedError is raised, "" for none; None for anything else that is raised."""
    match statement.exc:
        case ast.Name("NotImplementedError") | ast.Call(ast.Name("NotImplementedError"), []):
            return ""
        case ast.Call(ast.Name("NotImplementedError"), [ast.Constant(str(text))]):
            return text
    return None


def _without_docstrings(body: list[ast.stmt]) -> list[ast.stmt]:
    return [statement for statement in body if not isinstance(statement, ast.Expr) or not _is_text(statement.value)]


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
