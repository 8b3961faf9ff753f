"""Grades of values as if a sandbox had shown them, and what of a card is to be seen."""

from __future__ import annotations

import html.parser
import textwrap
from typing import Any

import torch
from torch import nn

from autograder.judging.diagnose import KnownMistake
from autograder.judging.grade import ExerciseGrade, Expected, NoObservation, Seen, grade_exercise
from autograder.lesson.exercise import Exercise
from autograder.probing.observation import Raised
from autograder.probing.observe import observe
from autograder.probing.registration import parameters_of


def exercise_of(*criteria: str, points: float = 1, because: str = "", hints: int = 2) -> Exercise:
    exercise = Exercise("scale", "Scale", "A layer that scales", 5, 1, [f"Hint {n + 1}." for n in range(hints)])
    for name in criteria:
        exercise.criterion(name, points=points, because=because)(lambda scale, draw: None)
    return exercise


def graded(
    exercise: Exercise, expected: list[Any], seen: list[Any], mistakes: Any = (), **options: Any
) -> ExerciseGrade:
    """Grade live values as if probes had given them; `mistakes` are (id, message, values)."""
    known = tuple(KnownMistake(name, message, tuple(map(observe, values))) for name, message, values in mistakes)
    nodes: list[Seen] = [node if isinstance(node, NoObservation) else observe(node) for node in seen]
    return grade_exercise(exercise, Expected(tuple(map(observe, expected)), known), nodes, **options)


LINEAR = parameters_of(nn.Linear(3, 2))

ERROR = Raised(("RuntimeError", "Exception"), "mat1 and mat2 don't fit", line=14, code="return x @ self.weight")

# ---------------------------------------------------------------------------------------------------------------------
# Exercises and cards
# ---------------------------------------------------------------------------------------------------------------------
NAMES = ("`weight` is a parameter", "`forward` returns x · weight", "Scale(0) raises ValueError")

RIGHT = [LINEAR, {"x of shape (5, 3)": torch.zeros(5, 3)}, ValueError()]

PLAIN = [{}, {"x of shape (5, 3)": torch.ones(5, 3)}, ValueError()]

PLAIN_TENSOR = ("plain-tensor", "`weight` is a plain tensor. Wrap it in `nn.Parameter`.", PLAIN)

UNREFUSED = ("no-refusal", "Nothing checks `n` before it is used.", [LINEAR, RIGHT[1], "Scale"])


def text_of(paragraph: str) -> str:
    return textwrap.dedent(paragraph).strip("\n")


# ---------------------------------------------------------------------------------------------------------------------
# HTML
# ---------------------------------------------------------------------------------------------------------------------
TAGS = {"style", "section", "div", "p", "span", "ul", "li", "code", "table", "thead", "tbody", "tr", "th", "td",
        "details", "summary", "strong", "pre", "svg", "path"}  # fmt: skip

ATTRIBUTES = {
    "class",
    "role",
    "aria-level",
    "aria-label",
    "aria-hidden",
    "scope",
    "colspan",
    "viewbox",
    "width",
    "height",
    "d",
    "fill-opacity",
}


class Page(html.parser.HTMLParser):
    """Collects the visible text, and fails on any tag or attribute that is not ours."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        assert {name for name, _ in attrs} <= ATTRIBUTES
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")


def visible(source: str) -> str:
    """The text of a page that has nothing but our own tags, all closed."""
    page = Page()
    page.feed(source)
    page.close()
    assert not page.open
    return " ".join("".join(f" {part} " for part in page.text).split())


HOSTILE = "<img src=x onerror=alert(1)>\"'`</td></section><!-- \x1b[31mred\x1b]0;title\x07\x00\u202egnp.exe\u2028&amp;"
