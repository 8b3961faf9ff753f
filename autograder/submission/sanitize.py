"""Makes a student's markdown harmless for pages: feedback, Formgrader, the graded notebook.

Markdown may hold HTML with scripts, and whoever opens a page would run them. What the lesson itself says is trusted
and stays; of a student's own text, plain markdown stays, and anything that could do more is shown as it was written.
"""

from __future__ import annotations

import re
import textwrap

from autograder.lesson import Lesson, counted, noted, said
from autograder.texts import is_badge, known_cells

WIDTH = 120
LONGEST = 20_000
NOTE = noted("*Shown as it was written, because it has HTML, links, pictures or formulas in it:*")
_MORE_THAN_TEXT = re.compile(
    r"""<[a-z/!?]                                         # HTML, automatic links
    | \]\s*\((?!https?://[\w./#?=%~:+,-]+\))               # links to anything but pages of the web
    | \]\s*:                                              # what links further down mean
    | !\[                                                 # pictures: they tell their owner who looks
    | \\[a-z]                                             # TeX, \\href for one
    | mermaid                                             # diagrams, which are programs
    | &\#?\w+;                                            # any of these in disguise
    """,
    re.VERBOSE | re.IGNORECASE,
)


def inert(source: str, trusted: frozenset[str]) -> str:
    """A markdown cell's source as it is where it is plain markdown, or else a code block that shows it."""
    if _normal(source) in trusted or is_badge(source):
        return source
    shown = source if len(source) <= LONGEST else said("{text} … (cut here)", text=source[:LONGEST])
    if not _MORE_THAN_TEXT.search(shown):
        return shown
    lines = [part for line in shown.splitlines() for part in textwrap.wrap(line, WIDTH) or [""]]
    return "\n".join([said(NOTE), "", *(f"    {line}" for line in lines)])


def trusted_texts(lesson: Lesson) -> frozenset[str]:
    """The texts of the lesson's own cells. Empty where only the student package is installed."""
    cells = [cell for cell in known_cells(lesson) if cell.cell_type == "markdown"]
    return frozenset(_normal(released_text(lesson, cell.source, cell.metadata.get("exercise"))) for cell in cells)


def released_text(lesson: Lesson, source: str, exercise_id: str | None) -> str:
    """A text cell as students get it: an exercise's has a heading with number, difficulty, time and points."""
    if exercise_id is None:
        return source
    exercise = lesson.exercises[exercise_id]
    number = list(lesson.exercises).index(exercise_id) + 1
    dots = "●" * exercise.difficulty + "○" * (5 - exercise.difficulty)
    facts = [
        said("difficulty {dots}", dots=dots),
        counted("about {number} minute", "about {number} minutes", exercise.minutes),
        counted("{points} point", "{points} points", exercise.points, points=f"{exercise.points:g}"),
        f"`{exercise.id}`",
    ]
    heading = said("Exercise {number}: {title}", number=number, title=said(exercise.title))
    return f"### {heading}\n\n{' · '.join(facts)}\n\n{source}"


def _normal(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())
