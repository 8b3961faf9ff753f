"""Writes the report: the page, from its template, and the table beside it. All that students wrote is escaped."""

from __future__ import annotations

import csv
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from autograder.feedback import inline
from autograder.report.facts import ClassFacts, changes, unmet
from autograder.report.picture import alt_text, histogram

TEMPLATE = Path(__file__).with_name("page.html")
MOST = 12
"""How many misconceptions are shown in full, with an example."""


def write_report(facts: ClassFacts, folder: Path) -> tuple[Path, Path]:
    """Write `LESSON.html` and `LESSON.csv` into the folder; returns the two paths."""
    folder.mkdir(parents=True, exist_ok=True)
    page, table = folder / f"{facts.lesson}.html", folder / f"{facts.lesson}.csv"
    page.write_text(html(facts), encoding="utf-8")
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows(facts))
    return page, table


def html(facts: ClassFacts) -> str:
    """The page's text."""
    pages = Environment(autoescape=True, undefined=StrictUndefined)
    pages.filters["inline"] = inline  # which escapes
    page = pages.from_string(TEMPLATE.read_text(encoding="utf-8"))
    drawn = {"histogram": histogram(facts), "alt": alt_text(facts)}
    return page.render(facts=facts, total=len(facts.students), unmet=unmet, changes=changes, most=MOST, **drawn)


def rows(facts: ClassFacts) -> list[list[str | float]]:
    """The table: a heading, then a row a student with the points, outcome and mistake of each exercise. Whoever could
    not be graded has the reason in the last column, and no score."""
    names = [exercise.name for exercise in facts.exercises]
    own = [f"{name} {what}" for name in names for what in ("points", "outcome", "mistake")]
    found: list[list[str | float]] = [["student", "score", "max_score", "late_penalty", "seconds", *own]]
    for student in facts.students:
        grade = student.grade
        done = [(each["points"], each["outcome"], each["mistake"] or "") for each in grade["exercises"]]
        scores = [grade["score"], grade["max_score"], grade.get("late_penalty", 0)]
        values = (value for values in done for value in values)
        found.append([_inert(student.student), *scores, round(student.seconds, 1), *values])
    empty: list[str | float] = [""] * (len(found[0]) - 1)
    left_out: list[list[str | float]] = [[_inert(who), *empty, _inert(why)] for who, why in facts.ungraded.items()]
    return [[*found[0], "not graded"], *([*row, ""] for row in found[1:]), *left_out]


def _inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
