"""The table of `progress()`: every exercise with its status, best points, tries and hints, and what is next."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.exercise import Exercise
from autograder.feedback.as_text import wrapped
from autograder.feedback.labels import PARTLY, amount, points_text
from autograder.feedback.markup import framed, heading, paragraph, table
from autograder.memory import Record

Chapters = Mapping[str, Sequence[Exercise]]
"""Lesson's name → its exercises, in order."""

HEAD = ["exercise", "status", "best", "tries", "hints"]


@dataclass(frozen=True)
class Overview:
    """The progress over all lessons."""

    chapters: Chapters
    records: Mapping[str, Record]

    def html(self) -> str:
        """As a card with one table for each lesson."""
        tables = [
            heading(self._chapter(name), "inm-h5", level=5)
            + table(HEAD, [[f"{item.title} (`{item.id}`)", *self._cells(item)] for item in exercises])
            for name, exercises in self.chapters.items()
        ]
        body = heading(self._title()) + "".join(tables) + paragraph(self._next(), "inm-next")
        return framed("Your progress", body)

    def text(self) -> str:
        """As plain text."""
        lines = [self._title()]
        for name, exercises in self.chapters.items():
            rows = [[item.id, *self._cells(item)] for item in exercises]
            widths = [max(len(row[column]) for row in [HEAD, *rows]) for column in range(len(HEAD))]
            lines += ["", self._chapter(name), *("  " + _padded(row, widths) for row in [HEAD, *rows])]
        return "\n".join([*lines, "", *wrapped(self._next())])

    def _title(self) -> str:
        return f"Your progress: {self._points([item for items in self.chapters.values() for item in items])}"

    def _chapter(self, name: str) -> str:
        exercises = self.chapters[name]
        solved = sum(self._record(item).solved for item in exercises)
        return f"{lesson_title(name)}: {self._points(exercises)}, {solved} of {len(exercises)} solved"

    def _points(self, exercises: Sequence[Exercise]) -> str:
        earned = sum(min(self._record(item).best, item.points) for item in exercises)
        return points_text(earned, sum(item.points for item in exercises))

    def _cells(self, item: Exercise) -> list[str]:
        record = self._record(item)
        best = f"{amount(min(record.best, item.points))} of {amount(item.points)}"
        hints = f"{min(record.hints, len(item.hints))} of {len(item.hints)}"
        return [_status(record), best, str(record.attempts), f"{hints}, solution" if record.shown else hints]

    def _next(self) -> str:
        """What to do next: the first exercise that is not solved, in the last lesson that was begun and not finished,
        or else in the first that is not; and how many were left before."""
        unsolved = {
            name: [item for item in exercises if not self._record(item).solved]
            for name, exercises in self.chapters.items()
        }
        unfinished = [name for name, items in unsolved.items() if items]
        if not unfinished:
            return "Everything is solved. Well done!" if self.chapters else "No lessons found: is the course installed?"
        begun = [name for name in unfinished if any(item.id in self.records for item in self.chapters[name])]
        name = begun[-1] if begun else unfinished[0]
        item = unsolved[name][0]
        before = sum(len(unsolved[earlier]) for earlier in unfinished[: unfinished.index(name)])
        left = f"Left open in earlier lessons: {before} exercise{'' if before == 1 else 's'}."
        advice = f"`{item.id}` ({item.title}) in {lesson_title(name)}{self._how(item)}"
        todo = "go on with" if self._record(item).attempts else "start with"
        return f"Next: {todo} {advice} {left if before else ''}".strip()

    def _how(self, item: Exercise) -> str:
        """How to go about it, by what has been done so far."""
        record = self._record(item)
        if record.shown:
            return ". You have seen how the course does it; now write your own without looking."
        if record.attempts and record.hints < len(item.hints):
            return f'. Stuck? `hint("{item.id}")` shows the next hint.'
        return f"; it takes about {item.minutes} minutes."

    def _record(self, item: Exercise) -> Record:
        return self.records.get(item.id, Record())


def lesson_title(name: str) -> str:
    """`Lesson 1 (subclassing)` for `lesson1_subclassing`; any other name as it is."""
    match = re.fullmatch(r"lesson(\d+)_(\w+)", name)
    return f"Lesson {match[1]} ({match[2].replace('_', ' ')})" if match else name


def _status(record: Record) -> str:
    if record.solved:
        return "✓ solved"
    if record.best > 0:
        return f"◐ {PARTLY}"
    return "✗ not yet" if record.attempts else "○ open"


def _padded(cells: list[str], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
