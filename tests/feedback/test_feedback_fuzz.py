"""Feedback on anything that a sandbox may claim to have observed: words and HTML, never an exception."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from helpers.grades import exercise_of, visible
from helpers.in_words import card_html, card_text, criterion_message, exercise_message
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.judging.diagnose import KnownMistake
from autograder.judging.grade import Expected, grade_exercise
from autograder.probing.observation import DTYPES, Array, Mapping, Opaque, Raised, Scalar, Sequence

KEYS = (
    "'shape'",
    "'dtype'",
    "'trainable'",
    "'weight'",
    "'x of shape (5, 3)'",
    "0",
    "'",
    "",
    "held as",
    "ValueError",
    "a",
    "a.b",
    "a.b.c",
)
VALUES = (0, 1, 2, -5, 1e30, float("nan"), float("inf"))
texts = st.sampled_from(KEYS) | st.text(max_size=8)


@st.composite
def arrays(draw: st.DrawFn) -> Array:
    """Arrays as `from_json` lets them pass: projected ones of any length, whatever shape they claim."""
    shape = draw(st.sampled_from([(), (0,), (2,), (2, 3), (9,), (2, 0)]))
    dtype, projected = draw(st.sampled_from(sorted(DTYPES))), draw(st.booleans())
    if draw(st.integers(0, 5)) == 0:
        return Array(shape, dtype, None, projected)
    real_shape = (draw(st.integers(2, 13)),) if projected else shape
    size = math.prod(real_shape)
    numbers = draw(st.lists(st.sampled_from(VALUES), min_size=size, max_size=size))
    with np.errstate(all="ignore"):
        values: Any = np.array(numbers, dtype="f8").reshape(real_shape).astype("<f8" if projected else DTYPES[dtype])
    return Array(shape, dtype, values, projected)


scalars = st.none() | st.booleans() | st.integers(-3, 3) | st.integers(10**300, 10**320) | st.floats() | texts
raised = st.builds(
    Raised, st.lists(texts, min_size=1, max_size=2).map(tuple), texts, st.booleans(), st.none() | st.integers(1), texts
)
leaves = st.builds(Scalar, scalars) | arrays() | raised | st.builds(Opaque, texts)


def containers(nodes: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    kinds = st.sampled_from(["list", "tuple", "set"])
    sequences = st.builds(Sequence, kinds, st.lists(nodes, max_size=4).map(tuple))
    return sequences | st.builds(Mapping, st.lists(st.tuples(texts, nodes), max_size=4).map(tuple))


observations = st.recursive(leaves, containers, max_leaves=8)


@settings(max_examples=150)
@given(st.tuples(observations, observations), st.tuples(observations, observations), st.booleans())
def test_no_observation_breaks_the_feedback(expected: Any, seen: Any, diagnosed: bool) -> None:
    known = (KnownMistake("a-mistake", "What to do.", (seen[0], expected[1])),) if diagnosed else ()
    grade = grade_exercise(exercise_of("one", "two"), Expected(expected, known), list(seen))
    assert visible(card_html(grade))
    assert max(map(len, card_text(grade).splitlines())) <= 80
    assert exercise_message(grade)
    assert all(isinstance(criterion_message(item, grade), str) for item in grade.criteria)
