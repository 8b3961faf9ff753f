"""Notices and the overview: hints, an unknown exercise, a fault of ours, what is next."""

from __future__ import annotations

import pytest
from helpers.grades import NAMES, exercise_of, text_of, visible

from autograder.feedback.notices import fault, hint_notice, unknown_exercise
from autograder.lesson.exercise import Exercise
from autograder.student.overview import Overview
from autograder.student.progress import Record


def test_hints() -> None:
    exercise = exercise_of("it works")
    assert hint_notice(exercise, 1).text() == text_of("""
        scale: hint 1 of 2
          Hint 1.
          `hint("scale")` shows the next one.
    """)
    assert hint_notice(exercise, 2).text() == "scale: hint 2 of 2\n  Hint 2.\n  This was the last one."
    assert hint_notice(exercise, 7).text() == "scale: there is no such hint\n  The hints are numbered from 1 to 2."
    assert hint_notice(exercise, None).text() == text_of("""
        scale: no more hints
          You have seen all 2. `hint("scale", 1)` shows the first again.
          What now? Run `check("scale")` and read the first difference slowly. Then run
          your code by hand on that one input, and print each shape. If it still won't
          come, go on with the next exercise: none needs this one. Come back tomorrow,
          or ask somebody, and show them the check's answer.
    """)
    assert visible(hint_notice(exercise, 1).html()) == 'scale: hint 1 of 2 Hint 1. hint("scale") shows the next one.'


@pytest.mark.parametrize(("asked", "answer"), [
    ("scal", 'There is no exercise "scal"\n  Did you mean "scale"?\n  The exercises are: scale.'),
    ("Scale", 'There is no exercise "Scale"\n  Did you mean "scale"?\n  The exercises are: scale.'),
    ("zzz", 'There is no exercise "zzz"\n  The exercises are: scale.'),
    (type("Scale", (), {}),
     'An exercise is named by a text, in quotes\n  Did you mean "scale"?\n  The exercises are: scale.'),
    (None, "An exercise is named by a text, in quotes\n  The exercises are: scale."),
])  # fmt: skip
def test_an_unknown_exercise(asked: object, answer: str) -> None:
    assert unknown_exercise(asked, [exercise_of()]).text() == answer


def test_a_fault_of_ours_is_said_to_be_ours() -> None:
    assert fault("golden.json is missing").text() == text_of("""
        The check itself failed
          This is not about your code: the course's own files can't be used. Nothing was
          recorded.
          The reason: golden.json is missing
    """)


def test_the_overview() -> None:
    scale, total = exercise_of(*NAMES), Exercise("total", "total", "A sum", 2, 1, ["Add."])
    total.criterion("adds up", points=1.5)(lambda total, draw: None)
    overview = Overview({"lesson1_subclassing": [scale, total]}, {"scale": Record(2, 3, 1), "gone": Record(9)})
    assert overview.text() == text_of("""
        Your progress: 2 of 4.5 points

        Lesson 1 (subclassing): 2 of 4.5 points, 0 of 2 solved
          exercise  status          best      tries  hints
          scale     ◐ partly right  2 of 3    3      1 of 2
          total     ○ open          0 of 1.5  0      0 of 1

        Next: go on with `scale` (A layer that scales) in Lesson 1 (subclassing). Stuck?
        `hint("scale")` shows the next hint.
    """)
    assert "A layer that scales ( scale ) ◐ partly right 2 of 3 3 1 of 2" in visible(overview.html())


@pytest.mark.parametrize(("records", "status", "advice"), [
    ({"scale": Record(3, 1, 0, True)}, "✓ solved", "Everything is solved. Well done!"),
    ({"scale": Record(0, 2, 0, False)}, "✗ not yet", "Next: go on with `scale`"),
    ({}, "○ open", "Next: start with `scale`"),
])  # fmt: skip
def test_the_overview_says_what_is_next(records: dict[str, Record], status: str, advice: str) -> None:
    text = Overview({"toy": [exercise_of(*NAMES)]}, records).text()
    assert status in text
    assert advice in text


LATER = {"lesson1_subclassing": [exercise_of(*NAMES)],
         "lesson2_mnist_cnn": [Exercise("total", "total", "A sum", 2, 1, ["Add."])],
         "lesson3_registration": [Exercise("last", "last", "The last", 3, 1, ["Go on."])]}  # fmt: skip


SCALE, TOTAL = "`scale` (A layer that scales) in Lesson 1 (subclassing)", "`total` (A sum) in Lesson 2 (mnist cnn)"


@pytest.mark.parametrize(("records", "advice"), [
    ({}, f"start with {SCALE}. It takes about 5 minutes."),
    ({"scale": Record(3, 1, 0, True)}, f"start with {TOTAL}. It takes about 2 minutes."),
    ({"total": Record(0, 1, 0)},
     f'go on with {TOTAL}. Stuck? `hint("total")` shows the next hint. Left open in earlier lessons: 1 exercise.'),
    ({"total": Record(0, 1, 1)},
     f"go on with {TOTAL}. It takes about 2 minutes. Left open in earlier lessons: 1 exercise."),
    ({"scale": Record(3, 1, 0, True), "total": Record(0, 1, 1, False, True)},
     f"go on with {TOTAL}. You have seen how the course does it; now write your own without looking."),
    ({"total": Record(0, 1, 1, True)}, f"start with {SCALE}. It takes about 5 minutes."),
])  # fmt: skip
def test_next_is_where_the_learner_is(records: dict[str, Record], advice: str) -> None:
    assert " ".join(Overview(LATER, records).text().split("\n\n")[-1].split()) == f"Next: {advice}"


def test_an_overview_of_nothing() -> None:
    assert Overview({}, {}).text() == "Your progress: 0 of 0 points\n\nNo lessons found: is the course installed?"
