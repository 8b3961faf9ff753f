"""Parses what a student wrote: carefully in the grader's own process, since Python's parser can be crashed."""

from __future__ import annotations

import ast
import re
import threading
import warnings

DEFINITIONS = (
    ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign,
)  # fmt: skip
LONGEST = 50_000
"""Characters: no text as short as that is nested deeply enough to harm the parser."""
_WRITES = re.compile(r"\s*%%(?:writefile|file)[ \t]+(?:-a[ \t]+|--append[ \t]+)?[\"']?(?:\./)?([^\W\d]\w*)\.py\b")
_ONE_AT_A_TIME = threading.Lock()
"""Python counts how deep a tree is in one place for all threads, and loses count where two make trees at once:
https://github.com/python/cpython/issues/106905. Settings of `warnings` are everybody's as well."""


def parsed(source: str) -> ast.Module | None:
    """The source's tree; None where it is no Python, or more of it than anybody writes by hand."""
    found = _parsed(source)
    return found if isinstance(found, ast.Module) else None


def syntax_error(source: str) -> SyntaxError | None:
    """Why the source is no Python, where Python says so."""
    found = _parsed(source)
    return found if isinstance(found, SyntaxError) else None


def _parsed(source: str) -> ast.Module | SyntaxError | None:
    if len(source) > LONGEST:
        return None
    try:
        with _ONE_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError):
        return None


def text_in(literal: str) -> str | None:
    """The text that a literal stands for; None where it is no text, or one that Python warns of."""
    try:
        with _ONE_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("error")
            found = ast.literal_eval(literal)
    except (SyntaxError, ValueError, Warning):
        return None
    return found if isinstance(found, str) else None


def written_module(source: str) -> str:
    """The module that a cell writes into the working folder by IPython's `%%writefile`; nothing for any other cell."""
    found = _WRITES.match(source)
    return found[1] if found else ""


def defines(source: str, name: str) -> bool:
    """Whether a line at the top level defines the name. By its text alone: the source may be no Python at all."""
    pattern = rf"^(?:(?:class|def|async def)[ \t]++{re.escape(name)}\b|{re.escape(name)}[ \t]*+(?::|=(?!=)))"
    return name in source and re.search(pattern, source, re.MULTILINE) is not None


def functions_and_classes(source: str) -> list[str]:
    """The names of the functions and classes that a cell defines at its top level; none where it can't be parsed."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [node.name for node in getattr(parsed(source), "body", ()) if isinstance(node, kinds)]


def definitions(tree: ast.Module) -> list[ast.stmt]:
    """Of a cell's statements those that only define: imports, functions, classes, and assignments to plain names."""
    return [statement for statement in tree.body if isinstance(statement, DEFINITIONS) and _names_only(statement)]


def _names_only(statement: ast.stmt) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    targets = [statement.target] if isinstance(statement, ast.AnnAssign) else targets
    parts = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return all(isinstance(part, ast.Name) for part in parts)
