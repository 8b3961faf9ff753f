"""Every kind of card and notice, made of plain values: what `cards/` holds the expected texts of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from autograder.feedback import notices as n
from autograder.judging.grade import ExerciseGrade, NoObservation, Outcome
from autograder.lesson.exercise import Exercise
from autograder.lesson.language import said
from autograder.probing.observation import Raised
from autograder.probing.registration import parameters_of
from autograder.student.overview import Overview
from autograder.student.progress import Record
from helpers.grades import ERROR, HOSTILE, LINEAR, NAMES, PLAIN, PLAIN_TENSOR, RIGHT, UNREFUSED, exercise_of, graded
from helpers.in_words import card_html, card_text

SOURCE = "class Scale(nn.Module):\n    def forward(self, x):\n        return x * self.weight  # <b>\n"
STUB = Raised(("NotImplementedError",), "", stub=True)
LAYERS = ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias", "head.weight"]
ORDER = ["net pre", "low pre A", "low computes", "low out B", "net out"]


def one(expected: Any, seen: Any, name: str = "it works", because: str = "") -> ExerciseGrade:
    return graded(exercise_of(name, because=because), [expected], [seen])


def relu_last() -> ExerciseGrade:
    expected = torch.tensor([[1.0, -2, 3], [4, 5, -6], [7, 8, 9], [-1, 2, 3]])
    return one({"MLP([4, 3])": expected}, {"MLP([4, 3])": expected.relu()}, "`forward` applies the layers in turn")


def digit() -> ExerciseGrade:
    rows, columns = torch.meshgrid(torch.arange(28.0), torch.arange(28.0), indexing="ij")
    ring = ((rows - 14) ** 2 + (columns - 14) ** 2).sqrt().sub(8).abs().mul(-1).add(3).clamp(0, 3) / 3
    return one(ring.view(1, 28, 28), ring.flip(0).roll(3, 0).view(1, 28, 28), "It shows the digit upright")


def many_mistakes() -> ExerciseGrade:
    return graded(exercise_of(*NAMES), RIGHT, [{}, PLAIN[1], "Scale"], [PLAIN_TENSOR, UNREFUSED])


def folded() -> ExerciseGrade:
    seen = [parameters_of(nn.Linear(2, 3)), torch.ones(2), {"a": 1}]
    return graded(exercise_of(*NAMES, because="It matters."), [LINEAR, torch.zeros(2), {"a": 2}], seen)


GRADES: dict[str, tuple[Callable[[], ExerciseGrade], dict[str, Any]]] = {
    "passed": (lambda: graded(exercise_of(*NAMES), RIGHT, RIGHT), {}),
    "passed-in-self-study": (lambda: graded(exercise_of(*NAMES), RIGHT, RIGHT), {"solution": SOURCE}),
    "misconception": (lambda: graded(exercise_of(*NAMES), RIGHT, PLAIN, [PLAIN_TENSOR]), {"hint_count": 1}),
    "two-mistakes": (many_mistakes, {"hint_count": 2}),
    "all-hints-seen-in-self-study": (many_mistakes, {"hint_count": 2, "solution": SOURCE}),
    "nothing-known": (folded, {}),
    "error-everywhere": (lambda: graded(exercise_of(*NAMES), [LINEAR, RIGHT[1], 1], [ERROR] * 3), {}),
    "error-in-one": (lambda: graded(exercise_of(*NAMES), RIGHT, [RIGHT[0], ERROR, RIGHT[2]]), {}),
    "not-attempted": (lambda: graded(exercise_of(*NAMES), RIGHT, [STUB] * 3), {}),
    "missing-name": (lambda: one(1, Raised(("MissingName",), "Scale")), {}),
    "missing-cell": (lambda: one(1, NoObservation(Outcome.MISSING)), {"hint_count": None}),
    "timeout": (lambda: one(1, NoObservation(Outcome.TIMEOUT, said("it ran longer than 9 s and was at line 3"))), {}),
    "crashed": (lambda: one(1, NoObservation(Outcome.CRASHED, said("memory ran out"))), {"hint_count": None}),
    "graded-with-a-note": (
        lambda: graded(exercise_of("it works"), [1], [2], notes=(said("The check cell was missing."),)),
        {"hint_count": None, "headline": "0 of 1 point, regraded"},
    ),
    "drawing-of-shapes": (lambda: one(torch.zeros(2, 3), torch.zeros(3, 2), "weight has a row for each output"), {}),
    "drawing-of-a-module-tree": (lambda: one(LAYERS, [*LAYERS[2:], "extra.weight"], "state_dict() holds it all"), {}),
    "drawing-of-nothing-registered": (
        lambda: one(dict.fromkeys(LAYERS, 1), {}, "Every layer is registered"), {},
    ),
    "drawing-of-hook-order": (
        lambda: one(ORDER, [ORDER[1], ORDER[0], *ORDER[2:4], "low out C", ORDER[4]], "Hooks come in order"), {},
    ),
    "drawing-of-numbers": (relu_last, {}),
    "drawing-of-a-digit": (digit, {}),
    "hostile": (lambda: one([HOSTILE, "a.b", "c"], ["a.b", HOSTILE, HOSTILE]), {"headline": HOSTILE}),
}  # fmt: skip


def everything() -> dict[str, tuple[str, str]]:
    """Name → (text, HTML) of each kind of card and notice."""
    found = {}
    for name, (make, options) in GRADES.items():
        grade = make()
        found[name] = (card_text(grade, **options), card_html(grade, **options))
    for name, notice in notices().items():
        found[name] = (notice.text(), notice.html())
    return found


_scale = exercise_of(*NAMES)
_total = Exercise("total", "total", "A sum", 2, 1, ["Add."])
_total.criterion("adds up", points=1.5)(lambda total, draw: None)
_lessons = {"lesson1_subclassing": [_scale], "lesson2_mnist_cnn": [_total]}


def notices() -> dict[str, Any]:
    """Name → hint, solution, answer to a call that makes no sense, progress."""
    return {
        "hint": n.hint_notice(_scale, 1),
        "hint-the-last": n.hint_notice(_scale, 2),
        "hint-none-left": n.hint_notice(_scale, None),
        "solution-withheld": n.solution_withheld(_scale, 1, 3, 1),
        "solution": n.solution_notice(_scale, SOURCE, solved=False),
        "solution-when-solved": n.solution_notice(_scale, SOURCE, solved=True),
        "solution-in-a-class": n.no_solution(_scale),
        "self-study": n.self_study_notice(opened=True),
        "self-study-damaged": n.self_study_notice(opened=False),
        "unknown-exercise": n.unknown_exercise("scal", [_scale, _total]),
        "stopped": n.stopped(_scale),
        "fault": n.fault("golden.json is missing"),
        "progress-at-the-start": Overview(_lessons, {}),
        "progress": Overview(_lessons, {"scale": Record(2, 3, 2, False, True), "gone": Record(9)}),
        "progress-all-solved": Overview(
            {"lesson1_subclassing": [_scale]}, {"scale": Record(3, 1, 0, True)}
        ),
    }  # fmt: skip
