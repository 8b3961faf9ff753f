"""Lessons: where they are and what they hold. The engine knows no lesson by name; it finds folders.

A lesson's folder holds `exercises.py` and `golden.json` (all that students get), and at home also `lesson.py` (the
notebook as text, with the solutions) and `mistakes.py` (known wrong and alternative right answers).
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.lesson.exercise import Exercise

_HERE = Path(__file__).resolve().parents[1]


class LessonNotFound(LookupError):
    """No lesson of that name, or none with that exercise, in any of the places looked at."""


@dataclass(frozen=True)
class Lesson:
    """A lesson, by its folder. Its name is the folder's, the notebook's and the nbgrader assignment's."""

    folder: Path

    @property
    def name(self) -> str:
        """The assignment's name, `lesson1_subclassing` for one."""
        return self.folder.name

    @property
    def topic(self) -> str:
        """What it is about, from its name: `subclassing`; empty for a name of another shape."""
        found = re.fullmatch(r"lesson\d+_(\w+)", self.name)
        return found[1].replace("_", " ") if found else ""

    @cached_property
    def exercises(self) -> dict[str, Exercise]:
        """The exercises by id, in the order of the file."""
        return {exercise.id: exercise for exercise in self.defined}

    @cached_property
    def defined(self) -> list[Exercise]:
        """The exercises in the order of the file, also where two have one id."""
        module_name = f"lesson:{self.name}"
        spec = importlib.util.spec_from_file_location(module_name, self.folder / "exercises.py")
        if spec is None or spec.loader is None:
            raise LessonNotFound(f"{self.folder} has no exercises.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[module_name] = module
        spec.loader.exec_module(module)
        return [value for value in vars(module).values() if isinstance(value, Exercise)]

    @cached_property
    def criteria_digest(self) -> str:
        """A hash of what the criteria are."""
        return hashlib.sha256((self.folder / "exercises.py").read_bytes()).hexdigest()

    @property
    def points(self) -> float:
        """What the whole lesson is worth."""
        return sum(exercise.points for exercise in self.exercises.values())

    @property
    def golden(self) -> Path:
        """The observations shipped to students."""
        return self.folder / "golden.json"

    @property
    def text(self) -> Path:
        """The notebook as text, with the solutions: only at home."""
        return self.folder / "lesson.py"

    @property
    def mistakes(self) -> Path:
        """The known wrong and the alternative right answers: only at home."""
        return self.folder / "mistakes.py"


def lesson_roots() -> list[Path]:
    """The folders in which lessons are looked for: those of the variable AUTOGRADER_LESSONS, the ones inside the
    installed package, and the course beside it in a source tree.

    Raises `LessonNotFound` where the variable says a relative path: that would be another place in another folder.
    """
    named = [Path(part) for part in os.environ.get("AUTOGRADER_LESSONS", "").split(os.pathsep) if part]
    if relative := [str(path) for path in named if not path.is_absolute()]:
        raise LessonNotFound(f"AUTOGRADER_LESSONS takes absolute paths, and no {', '.join(relative)}")
    return [root for root in (*named, _HERE / "lessons", _HERE.parent / "course") if root.is_dir()]


def all_lessons(roots: list[Path] | None = None) -> Iterator[Lesson]:
    """Every lesson in the roots, by name; the first root that has a name wins."""
    seen: set[str] = set()
    for root in lesson_roots() if roots is None else roots:
        for path in sorted(root.glob("*/exercises.py")):
            if path.parent.name not in seen:
                seen.add(path.parent.name)
                yield Lesson(path.parent)


def find_lesson(name: str, roots: list[Path] | None = None) -> Lesson:
    """The lesson of that name. Raises `LessonNotFound`, which says what there is."""
    lessons = {lesson.name: lesson for lesson in all_lessons(roots)}
    if name not in lessons:
        raise LessonNotFound(f"there is no lesson {name!r}; the lessons are: {', '.join(lessons) or 'none'}")
    return lessons[name]


def lesson_of(exercise_id: str) -> Lesson:
    """The lesson with that exercise. Raises `LessonNotFound`, which names the exercises there are."""
    known: list[str] = []
    for lesson in all_lessons():
        if exercise_id in lesson.exercises:
            return lesson
        known += lesson.exercises
    raise LessonNotFound(f"there is no exercise {exercise_id!r}; the exercises are: {', '.join(known) or 'none'}")
