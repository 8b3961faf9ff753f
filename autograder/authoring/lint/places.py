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


def at_exercise(lesson: Lesson, exercise: Exercise, number: int = 0) -> str:
    """The place of an exercise's definition: the `number`th, where several have its id."""
    path = lesson.file_of(exercise.id)
    found = lines_with(path, f'"{exercise.id}"')
    return in_file(path, found[number] if number < len(found) else 0, exercise.id)


def at_criterion(lesson: Lesson, exercise: Exercise, criterion: Criterion) -> str:
    """The place of a criterion's function."""
    code = getattr(inspect.unwrap(criterion.look), "__code__", None)
    if code is None or Path(code.co_filename) not in lesson.criteria_files():
        return f'{at_exercise(lesson, exercise)}: "{criterion.name}"'
    return in_file(Path(code.co_filename), code.co_firstlineno, exercise.id, f'"{criterion.name}"')


def at_cell(path: Path, exercise: str, *settings: str, number: int = 0) -> str:
    """The place of the cell whose first line has all these settings, the `number`th of them."""
    found = lines_with(path, "# %%", *settings)
    return in_file(path, found[number] if number < len(found) else 0, exercise)


def lines_with(path: Path, *parts: str) -> list[int]:
    """The numbers of the lines that have all the parts, from 1."""
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if path.exists() else ()
    return [number for number, line in lines if all(part in line for part in parts)]
