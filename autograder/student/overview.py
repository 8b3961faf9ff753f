"""The table of `progress()`: every exercise with its status, best points, tries and hints, and what is next."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.feedback import PARTLY, framed, heading, of_most, paragraph, points_text, table, wrapped
from autograder.lesson import Exercise, counted, noted, said
from autograder.student.progress import Record

Chapters = Mapping[str, Sequence[Exercise]]
"""Lesson's name → its exercises, in order."""

HEAD = [noted("exercise"), noted("status"), noted("best"), noted("tries"), noted("hints")]


@dataclass(frozen=True)
class Overview:
    """The progress over all lessons."""

    chapters: Chapters
    records: Mapping[str, Record]

    def html(self) -> str:
        """As a card with one table for each lesson."""
        tables = [
            heading(self._chapter(name), "inm-h5", level=5)
            + table(_head(), [[f"{said(item.title)} (`{item.id}`)", *self._cells(item)] for item in exercises])
            for name, exercises in self.chapters.items()
        ]
        body = heading(self._title()) + "".join(tables) + paragraph(self._next(), "inm-next")
        return framed(said("Your progress"), body)

    def text(self) -> str:
        """As plain text."""
        lines = [self._title()]
        for name, exercises in self.chapters.items():
            rows = [_head(), *([item.id, *self._cells(item)] for item in exercises)]
            widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
            lines += ["", self._chapter(name), *("  " + _padded(row, widths) for row in rows)]
        return "\n".join([*lines, "", *wrapped(self._next())])

    def _title(self) -> str:
        points = self._points([item for items in self.chapters.values() for item in items])
        return said("Your progress: {points}", points=points)

    def _chapter(self, name: str) -> str:
        exercises = self.chapters[name]
        solved = sum(self._record(item).solved for item in exercises)
        facts = {"lesson": lesson_title(name), "points": self._points(exercises), "most": len(exercises)}
        return said("{lesson}: {points}, {solved} of {most} solved", solved=solved, **facts)

    def _points(self, exercises: Sequence[Exercise]) -> str:
        earned = sum(min(self._record(item).best, item.points) for item in exercises)
        return points_text(earned, sum(item.points for item in exercises))

    def _cells(self, item: Exercise) -> list[str]:
        record = self._record(item)
        best, hints = of_most(min(record.best, item.points), item.points), of_most(record.hints, len(item.hints))
        shown = said("{hints}, solution", hints=hints) if record.shown else hints
        return [_status(record), best, str(record.attempts), shown]

    def _next(self) -> str:
        """What to do next: the first exercise that is not solved, in the last lesson that was begun and not finished,
        or else in the first that is not; and how many were left before."""
        unsolved = {
            name: [item for item in exercises if not self._record(item).solved]
            for name, exercises in self.chapters.items()
        }
        unfinished = [name for name, items in unsolved.items() if items]
        if not unfinished:
            done = said("Everything is solved. Well done!")
            return done if self.chapters else said("No lessons found: is the course installed?")
        begun = [name for name in unfinished if any(item.id in self.records for item in self.chapters[name])]
        name = begun[-1] if begun else unfinished[0]
        item = unsolved[name][0]
        before = sum(len(unsolved[earlier]) for earlier in unfinished[: unfinished.index(name)])
        left = counted(
            "Left open in earlier lessons: {number} exercise.",
            "Left open in earlier lessons: {number} exercises.",
            before,
        )
        where = {"exercise": f"`{item.id}` ({said(item.title)})", "lesson": lesson_title(name)}
        go_on, start = (
            said("Next: go on with {exercise} in {lesson}.", **where),
            said("Next: start with {exercise} in {lesson}.", **where),
        )
        todo = go_on if self._record(item).attempts else start
        return " ".join([todo, self._how(item), *([left] if before else [])])

    def _how(self, item: Exercise) -> str:
        """How to go about it, by what has been done so far."""
        record = self._record(item)
        if record.shown:
            return said("You have seen how the course does it; now write your own without looking.")
        if record.attempts and record.hints < len(item.hints):
            return said('Stuck? `hint("{name}")` shows the next hint.', name=item.id)
        return counted("It takes about {number} minute.", "It takes about {number} minutes.", item.minutes)

    def _record(self, item: Exercise) -> Record:
        return self.records.get(item.id, Record())


def lesson_title(name: str) -> str:
    """`Lesson 1 (subclassing)` for `lesson1_subclassing`; any other name as it is."""
    match = re.fullmatch(r"lesson(\d+)_(\w+)", name)
    if match is None:
        return name
    return said("Lesson {number} ({topic})", number=match[1], topic=said(match[2].replace("_", " ")))


def _head() -> list[str]:
    return [said(word) for word in HEAD]


def _status(record: Record) -> str:
    if record.solved:
        return said("✓ solved")
    if record.best > 0:
        return f"{PARTLY.symbol} {PARTLY.word}"
    return said("✗ not yet") if record.attempts else said("○ open")


def _padded(cells: list[str], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
