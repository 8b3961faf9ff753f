"""Where a fault is: file and line of a cell, an exercise, a criterion."""

from __future__ import annotations

import inspect
import os
from dataclasses import dataclass
from pathlib import Path

from autograder.lesson import Criterion, Exercise, Lesson


@dataclass(frozen=True)
class Fault:
    """Something that an author has to mend: its place, and what is wrong there."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


def in_file(path: Path, line: int = 0, *parts: str) -> str:
    """A place in a file: its path from here and the line, if any, then the exercise and the criterion."""
    where = f"{os.path.relpath(path)}:{line}" if line else os.path.relpath(path)
    return ": ".join([where, *parts])


def at_exercise(lesson: Lesson, exercise: Exercise) -> str:
    """The place of an exercise's definition."""
    path = lesson.folder / "exercises.py"
    return in_file(path, line_with(path, f'"{exercise.id}"'), exercise.id)


def at_criterion(lesson: Lesson, exercise: Exercise, criterion: Criterion) -> str:
    """The place of a criterion's function."""
    path = lesson.folder / "exercises.py"
    code = getattr(inspect.unwrap(criterion.look), "__code__", None)
    line = code.co_firstlineno if code is not None and Path(code.co_filename) == path else 0
    return in_file(path, line, exercise.id, f'"{criterion.name}"')


def at_cell(path: Path, exercise: str, *settings: str, number: int = 0) -> str:
    """The place of the cell whose first line has all these settings, the `number`th of them."""
    return in_file(path, line_with(path, "# %%", *settings, number=number), exercise)


def line_with(path: Path, *parts: str, number: int = 0) -> int:
    """The number of the `number`th line that has all the parts, from 1; 0 where there is none."""
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if path.exists() else ()
    found = [place for place, line in lines if all(part in line for part in parts)]
    return found[number] if number < len(found) else 0
