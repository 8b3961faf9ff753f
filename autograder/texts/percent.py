"""Reads a lesson's text, `lesson.py`, in jupytext's percent format. The only importer of jupytext.

It is a whole notebook. Its cells say what they are in their first line:

    # %% [markdown] exercise="affine"     the exercise's text; its heading is made by the build
    # %% solution="affine"                 the solution cell, with ### BEGIN SOLUTION … ### END SOLUTION
    # %% check="affine"                    the check cell
    # %% given=true                        code that exercises may rely on
    # %% setup=true                        the first code cell, written by the build
    # %% alt="…"                           a figure, with the words for those who can't see it
    # %% [markdown] edition="solutions"    only in the solved edition, never in a release
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path

import jupytext
from nbformat import NotebookNode

from autograder.lesson import ENGLISH, Lesson, own_words, spoken
from autograder.texts.prose import in_other_words

_SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION.*?### END SOLUTION", re.MULTILINE | re.DOTALL)
_DELIMITER = re.compile(r"^[ \t]*### (BEGIN|END) SOLUTION[ \t]*\n?", re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """A line of a lesson's file, from 1; line 0 is the file as a whole."""

    path: Path
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else str(self.path)


@dataclass(frozen=True)
class Answer:
    """One answer to an exercise: source text and, for a wrong one, the mistake it shows and its message."""

    exercise: str
    name: str
    source: str
    mistake: str | None = None
    message: str = ""
    place: Place | None = field(default=None, compare=False)


ROLES = {"given", "setup", "solution", "check"}
"""The headers of code cells that are more than an experiment."""


class LessonTextError(ValueError):
    """A lesson's text does not say what it must; `text` tells what is wrong at its `place`."""

    def __init__(self, place: Place, text: str) -> None:
        super().__init__(f"{place}: {text}")
        self.place, self.text = place, text


def read_cells(path: Path, language: str | None = None) -> list[NotebookNode]:
    """The cells of a percent file as notebook cells, their first lines' settings as metadata; a lesson's prose in the
    language that is spoken, or in the one that is named."""
    if not path.exists():
        raise LessonTextError(Place(path), "the file is missing")
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
        text = f"it has solution cells of {sorted(found)}, and the exercises are {sorted(lesson.exercises)}"
        raise LessonTextError(Place(lesson.text), text)
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
