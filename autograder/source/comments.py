"""Code in another language: the comments and docstrings of a cell are said anew, and what it does stays.

In English stay what tools read (`### BEGIN SOLUTION`, `# fmt:`, `# @title`) and all that stands between the delimiters
of a solution.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from autograder.source.parsing import parsed, text_in

Say = Callable[[str, str], str]
"""A message, and what it is (`heading`, `comment`), to what is said instead."""

_WORD = re.compile(r"[^\W\d_]{2}")
_COMMENT = re.compile(r"(#+\s*)(.*)", re.DOTALL)
_FOR_TOOLS = re.compile(r"#+\s*(fmt:|type:|noqa|@|%|!|ruff:|BEGIN SOLUTION|END SOLUTION)")
_DELIMITER = re.compile(r"(?:BEGIN|END) SOLUTION")
_QUOTED = re.compile(r"([rR]?)(\"\"\"|'''|\"|')(.*)\2", re.DOTALL)
_SPACES = re.compile(r"[^\S\n ]")


class BadTranslation(ValueError):
    """With this translation a cell would not be what it must: its code would change."""

    def __init__(self, message: str, why: str) -> None:
        super().__init__(why)
        self.message = message


def code_said(source: str, say: Say) -> str:
    """A code cell in other words. What Python alone does not understand stays as it is. Raises `BadTranslation` where
    that would change what the code does."""
    tree = parsed(source)
    if tree is None:
        return source
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    hidden = _solutions(tokens)
    tokens = [token for token in tokens if not any(token.start[0] in lines for lines in hidden)]
    edits = sorted([*_comments(tokens, say), *_docstrings(tokens, tree, say)], key=lambda edit: edit.start)
    lines = source.split("\n")
    for edit in reversed(edits):
        (first, left), (last, right) = edit.start, edit.end
        text = f"{lines[first - 1][:left]}{edit.text}{lines[last - 1][right:]}"
        lines[first - 1 : last] = text.split("\n")
    said = "\n".join(lines)
    if edits and _does(said) != _does(source):
        raise BadTranslation(edits[0].message, "it changes the code around it")
    return said


def paragraph(lines: list[str], say: Say, what: str) -> list[str]:
    """Lines without a blank one, as one message without the margin that they share."""
    margin = min(len(line) - len(line.lstrip()) for line in lines)
    message = "\n".join(line[margin:] for line in lines)
    said = asked(message, say, what)
    return lines if said == message else [f"{lines[0][:margin]}{line}".rstrip() for line in said.split("\n")]


def asked(message: str, say: Say, what: str) -> str:
    """What is said instead of the message, where there are words in it; without characters that end a line besides."""
    if not _WORD.search(message):
        return message
    said = say(message, what)
    return message if said == message else _SPACES.sub(" ", said)


@dataclass(frozen=True)
class _Edit:
    """A piece of a source, from a line (from 1) and column to another, and what stands there instead."""

    start: tuple[int, int]
    end: tuple[int, int]
    text: str
    message: str


def _comments(tokens: list[tokenize.TokenInfo], say: Say) -> Iterator[_Edit]:
    """Neighbouring lines of comment are one message; so is each comment behind code."""
    block: list[tokenize.TokenInfo] = []
    for token in (token for token in tokens if token.type == tokenize.COMMENT):
        read = not _FOR_TOOLS.match(token.string)
        if block and not (read and _alone(token) and _alone(block[0]) and _below(block[-1]) == token.start):
            yield from _comment(block, say)
            block = []
        block += [token] if read else []
    if block:
        yield from _comment(block, say)


def _alone(comment: tokenize.TokenInfo) -> bool:
    return not comment.line[: comment.start[1]].strip()


def _below(comment: tokenize.TokenInfo) -> tuple[int, int]:
    return comment.start[0] + 1, comment.start[1]


def _comment(block: list[tokenize.TokenInfo], say: Say) -> Iterator[_Edit]:
    parts = [found for found in (_COMMENT.fullmatch(token.string) for token in block) if found]
    mark, message = parts[0][1], "\n".join(part[2] for part in parts)
    said = asked(message, say, "comment")
    if said != message:
        lines = said.split("\n") if _alone(block[0]) else [" ".join(said.split("\n"))]
        text = f"\n{' ' * block[0].start[1]}".join(f"{mark}{line}".rstrip() for line in lines)
        yield _Edit(block[0].start, block[-1].end, text, message)


def _solutions(tokens: list[tokenize.TokenInfo]) -> list[range]:
    """The lines between the delimiters of a solution."""
    rows = [token.start[0] for token in tokens if token.type == tokenize.COMMENT and _DELIMITER.search(token.string)]
    return [range(first, last) for first, last in zip(rows[::2], [*rows[1::2], sys.maxsize], strict=False)]


def _docstrings(tokens: list[tokenize.TokenInfo], tree: ast.Module, say: Say) -> Iterator[_Edit]:
    """Each docstring of a function or class, paragraph by paragraph."""
    strings = {token.start[0]: token for token in tokens if token.type == tokenize.STRING}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and ast.get_docstring(node):
            token = strings.get(node.body[0].lineno)
            quoted = _QUOTED.fullmatch(token.string) if token else None
            if token and quoted:
                yield from _docstring(token, quoted, f"docstring of {node.name}", say)


def _docstring(token: tokenize.TokenInfo, quoted: re.Match[str], what: str, say: Say) -> Iterator[_Edit]:
    margin, raw, marks, content = " " * token.start[1], *quoted.groups()
    lines, said, messages = f"{margin}{content}".split("\n"), [], []

    def noting(message: str, kind: str) -> str:
        words = say(message, kind)
        if words != message:
            messages.append(message)
        return words

    for blank, group in groupby(lines, key=lambda line: not line.strip()):
        part = list(group)
        said += part if blank or part[0].lstrip().startswith(">>>") else paragraph(part, noting, what)
    if not messages:
        return
    text = "\n".join(said)[len(margin) :]
    new = f"{raw}{marks}{text}{marks}"
    if not _says(new, text if raw or "\\" not in content else None):
        raise BadTranslation(messages[0], "in a docstring it would end the text, or mean something else")
    yield _Edit(token.start, token.end, new, messages[0])


def _says(literal: str, text: str | None) -> bool:
    """Whether a literal is one text, and, if that is known, this one."""
    found = text_in(literal)
    return found is not None and text in (None, found)


def _does(source: str) -> tuple[str, list[str]] | None:
    """What the code does, as text, and its delimiters; None where it is no code."""
    tree = parsed(source)
    if tree is None:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and ast.get_docstring(node):
            node.body[0] = ast.Pass()
    return ast.dump(tree), _DELIMITER.findall(source)
