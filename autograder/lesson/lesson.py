"""Lessons: where they are and what they hold. The engine knows no lesson by name; it finds folders.

A lesson's folder holds

    exercises/__init__.py            EXERCISES, its exercises in their order
    exercises/*.py                   what the criteria of several exercises share
    exercises/EXERCISE/exercise.py   an exercise and its criteria
    golden.json                      what they show of right and wrong answers, under public seeds

which is all that students get. At home it also has `lesson.py` (the notebook as text, with the solutions), and each
exercise's folder the answers that it knows (`texts/known_answers.py`).
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType

from autograder.lesson.exercise import Exercise

_HERE = Path(__file__).resolve().parents[1]
_importing = threading.RLock()
"""A lesson's modules are found by their package's name: another import of the same lesson must wait."""


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
        """The exercises by id, in the lesson's order."""
        return {exercise.id: exercise for exercise in self.defined}

    @cached_property
    def defined(self) -> list[Exercise]:
        """The exercises in the lesson's order, also where two have one id."""
        return list(_package(f"lesson:{self.name}", self.folder / "exercises").EXERCISES)

    @property
    def is_there(self) -> bool:
        """Whether the folder holds a lesson."""
        return (self.folder / "exercises" / "__init__.py").is_file()

    def home(self, exercise: str) -> Path:
        """The folder of an exercise."""
        return self.folder / "exercises" / exercise

    def file_of(self, exercise: str) -> Path:
        """The file that defines an exercise: one of its own, or the lesson's."""
        own = self.home(exercise) / "exercise.py"
        return own if own.is_file() else self.folder / "exercises" / "__init__.py"

    def criteria_files(self, exercise: str = "*") -> list[Path]:
        """The files with the criteria, by default of all exercises: those that exercises share, and their own."""
        return [*self.folder.glob("exercises/*.py"), *self.folder.glob(f"exercises/{exercise}/exercise.py")]

    @cached_property
    def criteria_digest(self) -> str:
        """A hash of what the criteria of all exercises are."""
        return self._digest(self.criteria_files())

    @cached_property
    def criteria_digest_of(self) -> Callable[[str], str]:
        """A hash of what the criteria of an exercise are, by its id: computed once, for hundreds of answers."""
        return cache(lambda exercise: self._digest(self.criteria_files(exercise)))

    def _digest(self, paths: list[Path]) -> str:
        content = hashlib.sha256()
        for path in sorted(paths):
            content.update(f"{path.relative_to(self.folder).as_posix()}\0".encode())
            content.update(hashlib.sha256(path.read_bytes()).digest())
        return content.hexdigest()

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

    def answer_files(self) -> list[Path]:
        """The answers that the exercises know, right and wrong, and what is told about them: only at home."""
        return sorted([*self.folder.glob("exercises/*/mistakes.md"), *self.folder.glob("exercises/*/right/*.py")])


def _package(name: str, folder: Path) -> ModuleType:
    """The package in a folder, imported anew under this name. Raises `LessonNotFound` where there is none."""
    init = folder / "__init__.py"
    if not init.is_file():
        raise LessonNotFound(f"{folder} has no __init__.py with the lesson's exercises")
    with _importing:
        for module in [known for known in sys.modules if f"{known}.".startswith(f"{name}.")]:
            del sys.modules[module]
        importlib.invalidate_caches()
        spec = importlib.util.spec_from_file_location(name, init, submodule_search_locations=[str(folder)])
        assert spec is not None
        assert spec.loader is not None
        package = importlib.util.module_from_spec(spec)
        sys.modules[name] = package
        spec.loader.exec_module(package)
    return package


def lesson_roots() -> list[Path]:
    """The folders in which lessons are looked for: those that the variable AUTOGRADER_LESSONS names, the one inside the
    installed package, and the course beside it in a source tree.

    Raises `LessonNotFound` where the variable has a relative path, which would mean another folder wherever a command
    is run.
    """
    named = [Path(part) for part in os.environ.get("AUTOGRADER_LESSONS", "").split(os.pathsep) if part]
    if relative := [str(path) for path in named if not path.is_absolute()]:
        raise LessonNotFound(f"AUTOGRADER_LESSONS takes absolute paths, and no {', '.join(relative)}")
    return [root for root in (*named, _HERE / "lessons", _HERE.parent / "course") if root.is_dir()]


def all_lessons(roots: list[Path] | None = None) -> Iterator[Lesson]:
    """Every lesson in the roots, by name; the first root that has a name wins."""
    seen: set[str] = set()
    for root in lesson_roots() if roots is None else roots:
        for lesson in (Lesson(path.parents[1]) for path in sorted(root.glob("*/exercises/__init__.py"))):
            if lesson.name not in seen:
                seen.add(lesson.name)
                yield lesson


def find_lesson(name: str, roots: list[Path] | None = None) -> Lesson:
    """The lesson of that name. Raises `LessonNotFound`, which says what there is."""
    lessons = {lesson.name: lesson for lesson in all_lessons(roots)}
    if name not in lessons:
        raise LessonNotFound(f"there is no lesson {name!r}; the lessons are: {', '.join(lessons) or 'none'}")
    return lessons[name]


def lesson_of(exercise_id: str, roots: list[Path] | None = None) -> Lesson:
    """The lesson with that exercise. Raises `LessonNotFound`, which names the exercises there are."""
    known: list[str] = []
    for lesson in all_lessons(roots):
        if exercise_id in lesson.exercises:
            return lesson
        known += lesson.exercises
    raise LessonNotFound(f"there is no exercise {exercise_id!r}; the exercises are: {', '.join(known) or 'none'}")
