"""Writes the course's table of contents, `course/README.md`, from what the lessons say of themselves: their titles,
objectives and times from the first cell of their texts, the rest from their exercises. The page is in English.
"""

from __future__ import annotations

import re
from pathlib import Path

from autograder.lesson import ENGLISH, Lesson
from autograder.texts import Address, LessonTextError, Place, read_cells

HEAD = """\
# The course

Each lesson is one notebook and one nbgrader assignment. The exercises don't depend on each other.

| lesson | exercises | points | minutes for them | in all |
|---|---|---|---|---|
"""
FOOT = """
*Written by `autograder build` from the lessons' texts.*
"""
EDITIONS = {"for a class": "release", "on your own": "selfstudy", "solved": "solutions"}
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
OBJECTIVES = re.compile(r"\*\*After this lesson you can\*\*\s+((?:^- .*\n)+)", re.MULTILINE)
TIME = re.compile(r"\*\*Time and difficulty\.\*\* (About [^,.]+)[,.]")


def contents(lessons: list[Lesson], address: Address) -> str:
    """The text of the page. Raises `LessonTextError` where a first cell lacks title, objectives or time."""
    rows = [f"{_row(lesson)}\n" for lesson in lessons]
    return "".join([HEAD, *rows, *(_section(lesson, address) for lesson in lessons), FOOT])


def contents_path(course: Path) -> Path:
    """Where the page is."""
    return course / "README.md"


def _row(lesson: Lesson) -> str:
    exercises, title = lesson.exercises.values(), _said(lesson, TITLE, "title")
    minutes = sum(exercise.minutes for exercise in exercises)
    time = _said(lesson, TIME, "time").lower()
    return f"| [{title}](#{lesson.name}) | {len(exercises)} | {lesson.points:g} | {minutes} | {time} |"


def _section(lesson: Lesson, address: Address) -> str:
    """A lesson: what one can do after it, and its exercises."""
    files = [f"[{words}]({folder}/{lesson.name}/{lesson.name}.ipynb)" for words, folder in EDITIONS.items()]
    files.append(address.badge(f"course/selfstudy/{lesson.name}/{lesson.name}.ipynb"))
    lines = [
        "", f'<a id="{lesson.name}"></a>', "", f"## {_said(lesson, TITLE, 'title')}", "", " · ".join(files), "",
        "After it you can", "", _said(lesson, OBJECTIVES, "objectives").rstrip(), "",
        "| exercise | | difficulty | points | minutes |", "|---|---|---|---|---|",
    ]  # fmt: skip
    for exercise in lesson.exercises.values():
        dots = "●" * exercise.difficulty + "○" * (5 - exercise.difficulty)
        facts = f"{exercise.title} | `{exercise.id}` | {dots} | {exercise.points:g} | {exercise.minutes}"
        lines.append(f"| {facts} |")
    return "\n".join([*lines, ""])


def _said(lesson: Lesson, pattern: re.Pattern[str], what: str) -> str:
    first = next(cell.source for cell in read_cells(lesson.text, ENGLISH) if cell.cell_type == "markdown")
    found = pattern.search(f"{first}\n")
    if found is None:
        raise LessonTextError(Place(lesson.text), f"the first cell has no {what} as the other lessons have it")
    return found[1]
