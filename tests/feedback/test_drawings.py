"""What is drawn of a mismatch, and what is not: bounds, strange numbers, and names that only look like modules."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from helpers.grades import text_of, visible

from autograder.feedback.drawings import MOST, Drawing, Tree, drawing
from autograder.feedback.trails import trails
from autograder.judging.compare import compare
from autograder.probing.observe import observe


def drawn(expected: Any, seen: Any) -> Drawing | None:
    found = observe(seen)
    return drawing(trails(tuple(compare(observe(expected), found)), found)[0][0])


def text(expected: Any, seen: Any) -> str:
    found = drawn(expected, seen)
    assert found is not None
    assert visible(found.html())
    return "\n".join(found.text())


def names(count: int) -> list[str]:
    return [f"layers.{n}.weight" for n in range(count)]


def changed(shape: tuple[int, ...], *places: tuple[int, ...], by: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """Zeros, and zeros but at these places."""
    seen = torch.zeros(shape)
    for place in places:
        seen[place] = by
    return torch.zeros(shape), seen


@pytest.mark.parametrize(
    ("expected", "seen"),
    [
        (["a", "b"], ["b", "a"]),  # read at a glance
        (["x"] * (MOST + 1), ["x"] * MOST),  # too long
        (names(MOST), [*names(MOST - 1), "y.z"]),  # a tree of too many lines
        ({"a", "b", "c"}, {"a", "b", "d"}),  # a set has no order
        ([1, 2, 3], [1, 2, 4]),  # no texts
        ({"case 1": 1, "case 2": 2, "case 3": 3}, {"case 1": 1, "case 2": 2}),  # phrases are no names
        (torch.zeros(2, 3, 4), torch.zeros(2, 4, 3)),  # three dimensions
        (torch.zeros(0, 3), torch.zeros(3, 0)),
        (torch.zeros(()), torch.zeros(3)),
        (torch.zeros(3), torch.ones(3)),  # a row stands in the table
        (torch.zeros(2, 3), torch.ones(2, 3)),  # everything differs
        changed((29, 4), (0, 0)),  # too large
        changed((100, 100), (0, 0)),  # only projections of it are known
        (torch.zeros(2, 2, dtype=torch.bool), torch.ones(2, 2, dtype=torch.bool)),
    ],
)
def test_words_say_it_as_well(expected: Any, seen: Any) -> None:
    assert drawn(expected, seen) is None


def test_an_order_shows_what_moved_what_lacks_and_what_is_too_much() -> None:
    assert text(["a", "b", "c", "d"], ["b", "a", "c", "x", "y"]) == text_of("""
        expected  yours
        –         b      ⇅ other place
        a         a      ✓
        b         –      ⇅ other place
        c         c      ✓
        d         x      ✗ another
        –         y      + not expected
    """)


def test_a_tree_names_what_lacks_and_folds_what_is_right() -> None:
    expected = ["stem.weight", "blocks.0.a.weight", "blocks.0.b.weight", "blocks.1.a.weight", "head"]
    assert text(expected, ["stem.weight", "blocks.0.a.weight", "blocks.1.a.weight", "blocks.2", "head"]) == text_of("""
        stem ✓
        blocks
          0
            a ✓
            b
              weight ✗ missing
          1 ✓
          2 + not expected
        head ✓
    """)


def test_a_name_may_be_a_tensor_and_a_module_at_once() -> None:
    found = drawn(["a", "a.b", "c"], ["a.b", "c", "d"])
    assert isinstance(found, Tree)
    assert found.text() == ["a ✗ missing", "  b ✓", "c ✓", "d + not expected"]


def test_large_shapes_are_drawn_small() -> None:
    lines = text(torch.zeros(900, 3), torch.zeros(3, 900)).splitlines()
    assert lines[0].split("   ") == ["expected (900, 3)", "yours (3, 900)"]
    assert [line.count("□") for line in lines[1:]] == [11, 11, 11, 3, 3, 3, 3, 3]


def test_a_missing_dimension_is_seen() -> None:
    assert (
        "Expected: 3 rows of 1 number. Yours: 3 numbers in one dimension."
        in drawn(  # type: ignore[union-attr]
            torch.zeros(3, 1), torch.zeros(3)
        ).html()
    )


def test_the_matrix_with_the_worst_number_is_drawn() -> None:
    expected, seen = changed((2, 3, 3), (0, 1, 1), (1, 2, 0))
    seen[1, 0, 2] = 9
    assert text(expected, seen) == text_of("""
        ✗ where it differs in [1]:
        · · ✗
        · · ·
        ✗ · ·
    """)


@pytest.mark.parametrize("strange", [float("nan"), float("inf"), -float("inf"), 3e38])
def test_strange_numbers_are_drawn(strange: float) -> None:
    expected, seen = changed((2, 3), (1, 2), by=strange)
    assert text(expected, seen).splitlines()[1:] == ["· · ·", "· · ✗"]
    assert text(seen, expected).splitlines()[1:] == ["· · ·", "· · ✗"]
    assert text(torch.full((2, 3), strange), seen)


def test_a_digit_is_told_by_its_rows_where_it_is_too_large_for_a_text() -> None:
    assert text(*changed((28, 28), (3, 4), (4, 4), (9, 27))) == (
        "Rows that differ: 3, 4, 9. Columns that differ: 4, 27."
    )
    assert len(drawn(torch.rand(28, 28), torch.rand(28, 28)).html()) < 60_000  # type: ignore[union-attr]
