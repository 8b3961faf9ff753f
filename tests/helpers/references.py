"""A lesson's own answers as live objects in the test's process, and what the criteria see of any object."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from autograder.lesson.lesson import Lesson
from autograder.probing.probe import probe
from autograder.texts.percent import given_source, solutions
from helpers import COURSE

SEED = 7


def criteria_module(lesson: Lesson, name: str) -> Any:
    """A module of the lesson's criteria, by its name below `exercises/`: `shared`, `affine.exercise`."""
    assert lesson.exercises
    return sys.modules[f"lesson:{lesson.name}.{name}"]


class References:
    """The answers of the lesson of this name."""

    def __init__(self, name: str) -> None:
        self.lesson = Lesson(COURSE / name)
        self.namespace = cache(self._namespace)

    def reference(self, exercise: str) -> Any:
        """The reference's object: the same one each time."""
        return self.namespace(exercise)[self.lesson.exercises[exercise].requires]

    def edited(self, exercise: str, old: str, new: str) -> Any:
        """The object of the reference with one piece of its text replaced, wherever it stands."""
        source = solutions(self.lesson)[exercise].source
        assert old in source
        return self._namespace(exercise, source.replace(old, new))[self.lesson.exercises[exercise].requires]

    def observed(self, exercise: str, answer: Any) -> tuple[Any, ...]:
        """What every criterion sees of an object."""
        found = self.lesson.exercises[exercise]
        return tuple(probe(found, criterion, SEED, {found.requires: answer}) for criterion in found.criteria)

    def _namespace(self, exercise: str, source: str = "") -> dict[str, Any]:
        """What a notebook has after the given cells and the source, by default the reference's, of the exercise."""
        names: dict[str, Any] = {"__name__": "__main__"}
        exec(compile(given_source(self.lesson), "<given>", "exec"), names)
        exec(compile(source or solutions(self.lesson)[exercise].source, "<solution>", "exec"), names)
        return names
