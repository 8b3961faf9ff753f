"""What a class's grades say together: counts and shares, no words and no files."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from autograder.feedback import misconceptions
from autograder.judging import Outcome
from autograder.source import parsed

ENOUGH = 0.5
"""Whoever has less than this share of the points may need help."""
LONG = 5
"""How many of the submissions that took longest are named."""
LINES = 40
"""How much of an example is shown."""
SUSPICIOUS = (Outcome.TIMEOUT, Outcome.CRASHED, Outcome.MISSING)


@dataclass(frozen=True)
class Graded:
    """One student's grade as JSON (see `as_json.py`) with the gradebook's points, the code of each solution cell, and
    how long grading took."""

    student: str
    grade: dict[str, Any]
    sources: dict[str, str] = field(default_factory=dict)
    seconds: float = 0


@dataclass(frozen=True)
class CriterionFacts:
    """How a class did in one criterion."""

    name: str
    points: float
    passed: int


@dataclass(frozen=True)
class ExerciseFacts:
    """How a class did in one exercise. `outcomes` counts the students by outcome, `mean` is in points."""

    name: str
    points: float
    mean: float
    passed: int
    outcomes: dict[str, int]
    criteria: tuple[CriterionFacts, ...]


@dataclass(frozen=True)
class Misconception:
    """A known mistake, how many make it, what they were told, and the shortest code of one of them."""

    exercise: str
    mistake: str
    told: str
    count: int
    example: str


@dataclass(frozen=True)
class ClassFacts:
    """All that the report says of a lesson; students in the order in which they are to be read, and who could not be
    graded, with the reason."""

    lesson: str
    students: tuple[Graded, ...]
    max_score: float
    exercises: tuple[ExerciseFacts, ...]
    misconceptions: tuple[Misconception, ...]
    ungraded: dict[str, str] = field(default_factory=dict)

    @property
    def scores(self) -> list[float]:
        """Everybody's points."""
        return [each.grade["score"] for each in self.students]

    @property
    def mean(self) -> float:
        """The mean score."""
        return sum(self.scores) / len(self.scores)

    @property
    def median(self) -> float:
        """The median score."""
        return median(self.scores)

    @property
    def need_help(self) -> list[Graded]:
        """Who has few of the points, the fewest first."""
        few = [each for each in self.students if each.grade["score"] < ENOUGH * self.max_score]
        return sorted(few, key=lambda each: each.grade["score"])

    @property
    def changed(self) -> list[Graded]:
        """Whose score is another than the checks'."""
        return [each for each in self.students if changes(each.grade)]

    @property
    def took_long(self) -> list[Graded]:
        """The submissions that took longest to grade."""
        return sorted(self.students, key=lambda each: -each.seconds)[:LONG]

    @property
    def suspicious(self) -> list[tuple[Graded, list[str]]]:
        """Who hit a limit, killed a kernel or handed in what was incomplete or repaired, and what was said of it."""
        found = [(each, _oddities(each.grade)) for each in self.students]
        return [(student, told) for student, told in found if told]


def class_facts(lesson: str, students: list[Graded], ungraded: dict[str, str] | None = None) -> ClassFacts:
    """The facts of a class with at least one grade."""
    grades = [each.grade for each in students]
    names = [exercise["exercise"] for exercise in grades[0]["exercises"]]
    exercises = tuple(_exercise(name, [_of(grade, name) for grade in grades]) for name in names)
    found = tuple(_misconceptions(students))
    return ClassFacts(lesson, tuple(students), grades[0]["max_score"], exercises, found, ungraded or {})


def unmet(grade: dict[str, Any]) -> list[str]:
    """The exercises of a grade that are not passed, nor given all points by a person."""
    missed = [each for each in grade["exercises"] if each["outcome"] != Outcome.PASSED]
    return [each["exercise"] for each in missed if each["points"] < each["max_points"]]


def changes(grade: dict[str, Any]) -> list[str]:
    """What makes a grade's score another than the checks': points that a person gave, a penalty."""
    told = [f"{each['exercise']}: {each['points']:g} points given by a person"
            for each in grade["exercises"] if each.get("by_hand")]  # fmt: skip
    penalty = grade.get("late_penalty")
    return [*told, *([f"{penalty:g} points taken off for being late"] if penalty else [])]


def anonymous(source: str) -> str:
    """Code without comments and docstrings, where names and greetings stand; empty where it is no Python."""
    tree = parsed(source)
    if tree is None:
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            said = [line for line in node.body if isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)]
            node.body = [line for line in node.body if line not in said]
            if not node.body and not isinstance(node, ast.Module):
                node.body = [ast.Pass()]
    try:
        lines = ast.unparse(tree).splitlines()
    except RecursionError:
        return ""
    return "\n".join([*lines[:LINES], *(["…"] if len(lines) > LINES else [])])


def _of(grade: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in grade["exercises"] if each["exercise"] == name)


def _exercise(name: str, grades: list[dict[str, Any]]) -> ExerciseFacts:
    outcomes = Counter(grade["outcome"] for grade in grades)
    criteria = tuple(
        CriterionFacts(first["name"], first["max_points"], sum(_passed(grade["criteria"][number]) for grade in grades))
        for number, first in enumerate(grades[0]["criteria"])
    )
    mean = sum(grade["points"] for grade in grades) / len(grades)
    passed = outcomes[Outcome.PASSED]
    return ExerciseFacts(name, grades[0]["max_points"], mean, passed, dict(outcomes.most_common()), criteria)


def _passed(grade: dict[str, Any]) -> bool:
    return bool(grade["outcome"] == Outcome.PASSED)


def _misconceptions(students: list[Graded]) -> list[Misconception]:
    """The mistakes that were named, the most common first, with an example each."""
    return [
        Misconception(exercise, mistake, told, count, _example(exercise, mistake, students))
        for exercise, mistake, told, count in misconceptions([each.grade for each in students])
    ]


def _example(exercise: str, mistake: str, students: list[Graded]) -> str:
    holders = [each for each in students if _of(each.grade, exercise)["mistake"] == mistake]
    codes = [anonymous(each.sources.get(exercise, "")) for each in holders]
    return min(filter(None, codes), key=len, default="")


def _oddities(grade: dict[str, Any]) -> list[str]:
    """What happened, each with the exercises that it happened to."""
    told: dict[str, list[str]] = {}
    for exercise in grade["exercises"]:
        odd = [each["message"] for each in exercise["criteria"] if each["outcome"] in SUSPICIOUS]
        for line in [*odd[:1], *exercise["notes"]]:
            told.setdefault(line, []).append(exercise["exercise"])
    return [f"{', '.join(names)}: {line}" for line, names in told.items()]
