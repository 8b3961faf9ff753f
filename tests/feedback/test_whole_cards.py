"""What students read, card by card: causes before consequences, nothing twice, and hostile texts inert."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from helpers.feedback_values import NO_DRIVER, OVERLOADS
from helpers.grades import (
    ERROR,
    HOSTILE,
    LINEAR,
    NAMES,
    PLAIN,
    PLAIN_TENSOR,
    RIGHT,
    UNREFUSED,
    exercise_of,
    graded,
    text_of,
    visible,
)
from helpers.in_words import card_html, card_text, criterion_message, exercise_message
from torch import nn

from autograder.feedback import as_html, as_text, lay_out, words
from autograder.feedback.as_json import exercise_json
from autograder.feedback.cell_error import cell_error_text
from autograder.feedback.differences import differences
from autograder.feedback.render import clean
from autograder.judging.grade import CellError, NoObservation, Outcome
from autograder.probing.observation import Mapping, Opaque, Raised, Scalar
from autograder.probing.registration import parameters_of


def test_a_passed_card() -> None:
    assert card_text(graded(exercise_of(*NAMES), RIGHT, RIGHT)) == text_of("""
        scale: 3 of 3 points (✓ passed)

          ✓ passed: `weight` is a parameter (1 of 1)
          ✓ passed: `forward` returns x · weight (1 of 1)
          ✓ passed: Scale(0) raises ValueError (1 of 1)

        Well done. `progress()` shows what is next.
    """)


def test_a_card_with_a_misconception() -> None:
    grade = graded(exercise_of(*NAMES, because="It matters."), RIGHT, PLAIN, [PLAIN_TENSOR])
    assert card_text(grade, hint_count=1) == text_of("""
        scale: 1 of 3 points (◐ partly right)

        What probably happened: plain tensor
        `weight` is a plain tensor. Wrap it in `nn.Parameter`.

          ✗ failed: `weight` is a parameter (0 of 1)
              Missing: `weight`, `bias`.
          ✗ failed: `forward` returns x · weight (0 of 1)
              x of shape (5, 3): 15 of 15 numbers differ, most at [0][0]: expected 0,
              got 1.
          ✓ passed: Scale(0) raises ValueError (1 of 1)

        Stuck? `hint("scale")` shows hint 2 of 2.
    """)
    assert exercise_message(grade) == (
        '`weight` is a plain tensor. Wrap it in `nn.Parameter`. Stuck? `hint("scale")` shows the first of 2 hints.'
    )


def test_a_criterion_that_the_main_mistake_fails_as_well_probably_shares_the_cause() -> None:
    seen = [{}, {"x of shape (5, 3)": torch.full((5, 3), 2.0)}, ValueError()]
    grade = graded(exercise_of(*NAMES, because="It matters."), RIGHT, seen, [PLAIN_TENSOR])
    assert criterion_message(grade.criteria[1], grade) == (
        "x of shape (5, 3): 15 of 15 numbers differ, most at [0][0]: expected 0, got 2. "
        "Probably the same cause as above."
    )


def test_a_criterion_that_the_main_mistake_passes_does_not() -> None:
    seen = [{}, PLAIN[1], "Scale"]
    grade = graded(exercise_of(*NAMES, because="It matters."), RIGHT, seen, [PLAIN_TENSOR])
    assert (
        criterion_message(grade.criteria[2], grade)
        == "Expected ValueError, but it returned the text 'Scale'. It matters."
    )


def test_a_second_mistake_is_told_at_its_criterion() -> None:
    grade = graded(exercise_of(*NAMES), RIGHT, [{}, PLAIN[1], "Scale"], [PLAIN_TENSOR, UNREFUSED])
    assert "What probably happened here: no refusal. Nothing checks `n` before it is\n" in card_text(grade)
    assert "What probably happened here: no refusal. Nothing checks n" in visible(card_html(grade))
    assert criterion_message(grade.criteria[2], grade).endswith("Nothing checks `n` before it is used.")


def test_one_exception_everywhere_is_told_once() -> None:
    grade = graded(exercise_of(*NAMES), [LINEAR, RIGHT[1], 1], [ERROR, {"x of shape (5, 3)": ERROR}, ERROR])
    assert card_text(grade, hint_count=2) == text_of("""
        scale: 0 of 3 points (! error)

        Your code raised RuntimeError: mat1 and mat2 don't fit (at line 14: `return x @
        self.weight`).

          ! error: `weight` is a parameter (0 of 1)
          ! error: `forward` returns x · weight (0 of 1)
          ! error: Scale(0) raises ValueError (0 of 1)

        You have seen every hint; `hint("scale", 1)` shows the first again.
    """)


def test_one_exception_in_some_criteria_is_told_once() -> None:
    grade = graded(exercise_of(*NAMES), [LINEAR, RIGHT[1], 1], [LINEAR, {"x of shape (5, 3)": ERROR}, ERROR])
    assert card_text(grade, hint_count=None) == text_of("""
        scale: 1 of 3 points (◐ partly right)

          ✓ passed: `weight` is a parameter (1 of 1)
          ! error: `forward` returns x · weight (0 of 1)
              x of shape (5, 3): your code raised RuntimeError: mat1 and mat2 don't fit
              (at line 14: `return x @ self.weight`).
          ! error: Scale(0) raises ValueError (0 of 1)
              Same as above.
    """)


def test_an_untouched_stub() -> None:
    stub = Raised(("NotImplementedError",), "", stub=True)
    assert card_text(graded(exercise_of(*NAMES), [1, 1, 1], [stub, stub, stub])) == text_of("""
        scale: 0 of 3 points (○ not attempted)

        Not attempted yet: `raise NotImplementedError` is still there.

          ○ not attempted: `weight` is a parameter (0 of 1)
          ○ not attempted: `forward` returns x · weight (0 of 1)
          ○ not attempted: Scale(0) raises ValueError (0 of 1)

        Write your answer in the cell above, run it, then run this one again.
    """)


def test_a_missing_name() -> None:
    missing = Raised(("MissingName",), "Scale")
    grade = graded(exercise_of(*NAMES), [1, 1, 1], [missing] * 3)
    assert exercise_message(grade) == (
        "`Scale` is not defined. Did the cell above run? Run the cell that defines `Scale`, then this one again."
    )


def test_structure_is_told_before_the_exceptions_that_follow_from_it() -> None:
    seen = [parameters_of(nn.Linear(2, 3)), {"x of shape (5, 3)": ERROR}, ValueError()]
    assert exercise_message(graded(exercise_of(*NAMES), RIGHT, seen)) == (
        '`weight` has shape (3, 2); expected (2, 3). Stuck? `hint("scale")` shows the first of 2 hints.'
    )


def test_a_graded_notebook_gets_headline_and_notes_and_no_hints() -> None:
    grade = graded(
        exercise_of("it works", points=0.5), [1], [2], notes=("The check cell was missing; it was put back.",)
    )
    assert card_text(grade, headline="0 of 0.5 points, regraded", hint_count=None) == text_of("""
        0 of 0.5 points, regraded (✗ failed)
        Note: The check cell was missing; it was put back.

          ✗ failed: it works (0 of 0.5)
              The result is 2; expected 1.
    """)
    message = "The result is 2; expected 1. The check cell was missing; it was put back."
    assert exercise_message(grade).startswith(message)


def test_what_differs_is_found_out_once_for_all_forms_of_a_card(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(words, "differences", lambda found: asked.append(found) or differences(found))
    card = lay_out(graded(exercise_of("first", "second", "third"), [1, 1, 1], [2, 3, 1]))
    assert all((as_html.card_html(card), as_text.card_text(card), exercise_json(card)))
    assert len(asked) == 2


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.CRASHED, Outcome.MISSING, Outcome.ERROR])
def test_outcomes_without_observation_have_words_of_their_own(outcome: Outcome) -> None:
    grade = graded(exercise_of("first", "second"), [1, 1], [NoObservation(outcome), 1])
    assert f"{outcome}: first (0 of 1)" in card_text(grade)
    assert str(outcome) in visible(card_html(grade))


def test_what_ended_a_cell_is_told_in_the_same_words_as_what_ended_a_check() -> None:
    """Without lists of overloads, and with the way out where there is no GPU."""
    told = cell_error_text(CellError("\n\nx = 1\nconv2d([x], weight)\n", "TypeError", OVERLOADS, 2))
    assert told == (
        "Line 2, `conv2d([x], weight)`: TypeError: conv2d() received an invalid combination of arguments - got (list, "
        "Parameter)."
    )
    told = cell_error_text(CellError("x.cuda()", "RuntimeError", NO_DRIVER, 1))
    assert "leave out what moves things to a GPU" in told


def test_a_card_has_status_words_tables_headings_and_lists() -> None:
    source = card_html(graded(exercise_of(*NAMES), RIGHT, PLAIN, [PLAIN_TENSOR]))
    assert visible(source) == (
        "scale: 1 of 3 points ◐ partly right A layer that scales "
        "What probably happened: plain tensor weight is a plain tensor. Wrap it in nn.Parameter . "
        "✗ failed weight is a parameter 0 of 1 where expected yours the result weight , bias nothing "
        "✗ failed forward returns x · weight 0 of 1 where expected yours "
        "x of shape (5, 3) row [0]: 0, 0, 0 row [0]: 1, 1, 1 "
        "15 of 15 numbers differ, most at [0][0]: expected 0, got 1. "
        '✓ passed Scale(0) raises ValueError 1 of 1 Stuck? hint("scale") shows the first of 2 hints.'
    )
    assert source.count("<li>") == 3
    assert 'role="heading" aria-level="4"' in source
    assert "http" not in source
    assert "<script" not in source


def hostile_nodes() -> list[Any]:
    return [
        Raised((HOSTILE, "Exception"), HOSTILE, line=1, code=HOSTILE), Scalar(HOSTILE), Opaque(HOSTILE),
        Mapping(((repr(HOSTILE), Scalar(1)), (HOSTILE, Scalar(2)))), {"a": HOSTILE}, [HOSTILE], (HOSTILE, HOSTILE),
        Raised(("MissingName",), HOSTILE), Raised(("NotAttempted",), HOSTILE, stub=True),
        NoObservation(Outcome.TIMEOUT, HOSTILE), NoObservation(Outcome.CRASHED, HOSTILE),
    ]  # fmt: skip


@pytest.mark.parametrize("expected", [1, ["a"], {"a": "b"}, ValueError()])
@pytest.mark.parametrize("number", range(len(hostile_nodes())))
def test_hostile_texts_stay_inert(expected: Any, number: int) -> None:
    grade = graded(
        exercise_of("it works", "so does this"), [expected, 1], [hostile_nodes()[number], 2], notes=(HOSTILE,)
    )
    source, plain = card_html(grade, headline=HOSTILE), card_text(grade, headline=HOSTILE)
    assert visible(source)
    for text in (source, plain, exercise_message(grade)):
        assert not {character for character in text if character != "\n" and not character.isprintable()}
    assert "<img" not in source


def test_huge_texts_give_small_cards() -> None:
    huge = [Raised(("E" * 200,), "x" * 2000, line=1, code="y" * 2000), Scalar("z" * 2000), {"k" * 2000: "v" * 2000}]
    grade = graded(exercise_of(*"abc"), [1, 2, 3], huge)
    assert len(card_html(grade)) < 12_000
    assert len(clean("x" * 1_000_000)) == 240


def test_lines_of_text_fit_a_terminal() -> None:
    grade = graded(exercise_of("a name of some length, " * 8), [1], [Raised(("RuntimeError",), "many words " * 30)])
    assert max(map(len, card_text(grade).splitlines())) <= 80
