"""What differs is seen to differ: values of all kinds that a criterion may show, in pairs that are not the same."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from autograder.judging.compare import compare
from autograder.probing import observation as o
from autograder.probing.observe import observe

ALL_EQUAL = [
    (np.array([1, 2]), np.array([1, 3])), (np.array([1, 2]), np.array([9])), (np.array([1]), np.array([1.0])),
    (np.zeros(10_000), np.ones(10_000)), (np.array([1]), torch.tensor([1])), (np.int64(1), np.int64(2)),
    (np.int64(1), 1), (np.int64(1), np.int32(1)), (np.int64(1), np.array(1)), (np.int64(1), torch.tensor(1)),
    (np.float32(1), np.float32(2)), (np.float32(1), 1.0), (np.bool_(True), True), (1j, 2j), (1 + 0j, 1.0),
    (b"a", b"b"), (b"a", "a"), (range(3), range(9)), (range(3), [0, 1, 2]), ("x" * 9_999, "x" * 9_998),
    ("x" * 9_999 + "a", "x" * 9_999 + "b"), (b"x" * 9_999, b"x" * 9_998), (10**400, 10**401), (10**400, -(10**400)),
    ({(1, 2): 0}, {(1, 3): 0}), ({np.int64(1): 0}, {np.int64(2): 0}), ({1j: 0}, {2j: 0}),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), ALL_EQUAL, ids=lambda value: type(value).__name__)
def test_what_differs_is_seen_to_differ(one: Any, other: Any) -> None:
    assert compare(observe(one), observe(other))
    for value in (one, other):
        assert compare(observe(value), o.from_json(o.to_json(observe(value)))) == []


def test_numbers_within_tolerance_and_ranges_of_the_same_numbers_are_equal() -> None:
    for one, other in [
        (np.array([1.0], "f4"), np.array([1.0 + 1e-6], "f4")), (np.float32(1), np.float32(1 + 1e-6)),
        (1j, 1j + 1e-8), (range(0, 4, 2), range(0, 3, 2)), (np.array([math.nan]), np.array([math.nan])),
    ]:  # fmt: skip
        assert compare(observe(one), observe(other)) == []


@pytest.mark.parametrize("key", [Fraction(1, 2), (1, Fraction(1, 2)), object, nn.ReLU()], ids=repr)
def test_a_key_that_is_no_plain_data_equals_none(key: Any) -> None:
    assert [mismatch.kind for mismatch in compare(observe({key: 1}), observe({key: 1}))] == ["names"]
