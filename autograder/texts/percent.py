"""Reads a lesson's two texts in jupytext's percent format. The only importer of jupytext.

`lesson.py` is a whole notebook. Its cells say what they are in their first line:

    # %% [markdown] exercise="affine"     the exercise's text; its heading is made by the build
    # %% solution="affine"                 the solution cell, with ### BEGIN SOLUTION … ### END SOLUTION
    # %% check="affine"                    the check cell
    # %% given=true                        code that exercises may rely on
    # %% setup=true                        the first code cell, written by the build
    # %% alt="…"                           a figure, with the words for those who can't see it
    # %% [markdown] edition="solutions"    only in the solved edition, never in a release

`mistakes.py` is a list of answers that somebody might give:

    # %% exercise="affine" mistake="plain-tensor"     a wrong one; its docstring is what the student is told
    # %% exercise="affine" right="einsum"             a right one in another style

A mistake may have several cells: the first has the message, and each is one more way to make it.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path

import jupytext
from nbformat import NotebookNode

from autograder.lesson import ENGLISH, Lesson, own_words, spoken
from autograder.source import parsed
from autograder.texts.prose import in_other_words

_SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION.*?### END SOLUTION", re.MULTILINE | re.DOTALL)
_DELIMITER = re.compile(r"^[ \t]*### (BEGIN|END) SOLUTION[ \t]*\n?", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """One answer to an exercise: source text and, for a wrong one, the mistake it shows and its message."""

    exercise: str
    name: str
    source: str
    mistake: str | None = None
    message: str = ""


ROLES = {"given", "setup", "solution", "check"}
"""The headers of code cells that are more than an experiment."""


class LessonTextError(ValueError):
    """A lesson's text does not say what it must."""


def read_cells(path: Path, language: str | None = None) -> list[NotebookNode]:
    """The cells of a percent file as notebook cells, their first lines' settings as metadata; a lesson's prose in the
    language that is spoken, or in the one that is named."""
    if not path.exists():
        raise LessonTextError(f"{path}: the file is missing")
    words = own_words(path.parent, spoken() if language is None else language)
    return list(_read(path, path.stat().st_mtime_ns, words))


@lru_cache(maxsize=32)
def _read(path: Path, modified: int, words: NullTranslations | None) -> list[NotebookNode]:
    cells = list(jupytext.read(path, fmt="py:percent").cells)
    return cells if words is None else in_other_words(cells, lambda message, _: words.gettext(message))


def solution_source(source: str) -> str:
    """A solution cell's source without the delimiters."""
    return _DELIMITER.sub("", source).strip() + "\n"


def has_markers(source: str) -> bool:
    """Whether a solution cell's source says what of it is the solution: by pairs of delimiters, in their order."""
    sides = _DELIMITER.findall(source)
    return bool(sides) and sides == ["BEGIN", "END"] * (len(sides) // 2)


def given_source(lesson: Lesson) -> str:
    """The code that the notebook gives and exercises may rely on."""
    cells = [cell.source for cell in read_cells(lesson.text) if cell.metadata.get("given")]
    return "\n\n".join(cells) + "\n"


def known_cells(lesson: Lesson) -> list[NotebookNode]:
    """The cells of the lesson's text in the language that is spoken and in English: students may have opened either.
    None where there is no text, with the student package alone."""
    there = [spoken(), ENGLISH] if spoken() else [ENGLISH]
    return [cell for code in there for cell in read_cells(lesson.text, code)] if lesson.text.exists() else []


def own_sources(lesson: Lesson) -> frozenset[str]:
    """The sources of the lesson's experiments and figures: code cells that no exercise relies on. Empty where there is
    no text, with the student package alone."""
    plain = (cell for cell in known_cells(lesson) if cell.cell_type == "code" and not cell.metadata.keys() & ROLES)
    return frozenset(cell.source.strip() for cell in plain)


def given_sources(lesson: Lesson) -> frozenset[str]:
    """The sources of the cells that exercises rely on. Empty where there is no text."""
    return frozenset(cell.source.strip() for cell in known_cells(lesson) if "given" in cell.metadata)


def solutions(lesson: Lesson) -> dict[str, Answer]:
    """The reference: each exercise's solution cell in the lesson. Raises `LessonTextError` where one lacks."""
    found = {
        cell.metadata["solution"]: Answer(cell.metadata["solution"], "reference", solution_source(cell.source))
        for cell in read_cells(lesson.text)
        if "solution" in cell.metadata
    }
    if found.keys() != lesson.exercises.keys():
        raise LessonTextError(f"{lesson.text}: solution cells {sorted(found)}, exercises {sorted(lesson.exercises)}")
    return found


def stubs(lesson: Lesson) -> dict[str, Answer]:
    """Each exercise's solution cell as a student opens it."""
    cells = [cell for cell in read_cells(lesson.text) if "solution" in cell.metadata]
    return {
        cell.metadata["solution"]: Answer(
            cell.metadata["solution"], "stub", _SOLUTION.sub(r"\1raise NotImplementedError", cell.source)
        )
        for cell in cells
    }


def answers(lesson: Lesson) -> list[Answer]:
    """The known wrong and the alternative right answers, in the order of the file.

    In English: their messages are put into other words when they are shown. Raises `LessonTextError` for a cell without
    exercise and role, and for a mistake without message.
    """
    found: list[Answer] = []
    messages: dict[tuple[str, str], str] = {}
    for cell in read_cells(lesson.mistakes, ENGLISH):
        exercise, mistake, right = (cell.metadata.get(key) for key in ("exercise", "mistake", "right"))
        if cell.cell_type != "code" or exercise is None:
            continue
        if exercise not in lesson.exercises or bool(mistake) == bool(right):
            raise LessonTextError(f"{lesson.mistakes}: a cell needs a known exercise, and mistake= or right=")
        message, source = _split(cell.source)
        if mistake:
            message = " ".join(messages.setdefault((exercise, mistake), message).split())
            if not message:
                raise LessonTextError(f"{lesson.mistakes}: {exercise}/{mistake} has no message")
        variant = sum(answer.mistake == mistake and answer.exercise == exercise for answer in found)
        name = f"{mistake}#{variant}" if mistake else str(right)
        found.append(Answer(exercise, name, source, mistake, message if mistake else ""))
    return found


def _split(source: str) -> tuple[str, str]:
    """A cell's docstring and the code after it."""
    tree = parsed(source)
    if tree is None:
        raise LessonTextError(f"this is no Python:\n{source}")
    docstring = ast.get_docstring(tree)
    if docstring is None:
        return "", source.strip() + "\n"
    lines = source.splitlines()[tree.body[0].end_lineno :]
    return docstring, "\n".join(lines).strip() + "\n"
