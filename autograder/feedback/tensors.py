"""Tensors whose numbers differ, in few digits: how many, where most, and the row around that place."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograder.feedback.render import NUMBERS, listed_numbers, number_text, short
from autograder.judging import Apart
from autograder.lesson import counted, noted, said
from autograder.probing import Array

STATISTICS = (
    noted("the numbers differ: the mean is {seen}; expected {expected}"),
    noted("the numbers differ: the mean of absolute values is {seen}; expected {expected}"),
    noted("the numbers differ: the least is {seen}; expected {expected}"),
    noted("the numbers differ: the largest is {seen}; expected {expected}"),
)
"""What the first projections of a large tensor are (see `observe.project`)."""


def numbers_apart(expected: Array, seen: Array, apart: Apart | None) -> tuple[str, str, str]:
    """Two tensors of one shape and dtype, so far `apart`: the row with the worst difference, of each, and a
    sentence."""
    if not comparable(expected, seen) or expected.values is None or seen.values is None:
        return short(expected), short(seen), _summary(expected, seen)
    if expected.dtype == "bool":
        return _bools_apart(expected, seen)
    if apart is None:
        return short(expected), short(seen), said("the numbers differ")
    index = apart.index
    wanted, got = digits_apart(expected.values[index], seen.values[index])
    told = counted(
        "{number} of {size} numbers differs, most at {place}: expected {expected}, got {seen}",
        "{number} of {size} numbers differ, most at {place}: expected {expected}, got {seen}",
        apart.count, size=apart.total, place=place_text(index), expected=wanted, seen=got,
    )  # fmt: skip
    return _row(expected, index), _row(seen, index), told


def place_text(index: tuple[int, ...]) -> str:
    """An index as Python writes it: `[2][0]`."""
    return "".join(f"[{part}]" for part in index)


def comparable(expected: Array, seen: Array) -> bool:
    """Whether both have all their values, in one shape: data from a sandbox may claim anything."""
    values = [node.values for node in (expected, seen) if node.values is not None and not node.projected]
    return len(values) == 2 and values[0].shape == values[1].shape


def _bools_apart(expected: Array, seen: Array) -> tuple[str, str, str]:
    """The same for bools, which all differ alike: the first place is told."""
    places = np.argwhere(np.asarray(expected.values, bool) != np.asarray(seen.values, bool))
    index = tuple(map(int, places[0]))
    wanted = bool(expected.values[index])  # type: ignore[index]
    told = counted(
        "{number} of {size} values differs, first at {place}: expected {expected}, got {seen}",
        "{number} of {size} values differ, first at {place}: expected {expected}, got {seen}",
        len(places), size=math.prod(expected.shape), place=place_text(index), expected=wanted,
        seen=not wanted,
    )  # fmt: skip
    return _row(expected, index), _row(seen, index), told


def digits_apart(expected: Any, seen: Any) -> tuple[str, str]:
    """Two numbers in as few digits as tell them apart."""
    for digits in (3, 4, 6, 9):
        pair = number_text(expected, digits), number_text(seen, digits)
        if pair[0] != pair[1]:
            break
    return pair


def _summary(expected: Array, seen: Array) -> str:
    """What a large tensor's projections tell: the first of its statistics that differs clearly."""
    if expected.values is None or seen.values is None or not (expected.projected and seen.projected):
        return said("the numbers differ")
    for words, wanted, got in zip(STATISTICS, expected.values.tolist(), seen.values.tolist(), strict=False):
        if not math.isclose(wanted, got, rel_tol=1e-3, abs_tol=1e-6):
            pair = digits_apart(wanted, got)
            return said(words, seen=pair[1], expected=pair[0])
    return said("the numbers differ")


def _row(node: Array, index: tuple[int, ...]) -> str:
    """The numbers of one row of a tensor, the one that holds `index`: `row [2]: 0.3, 0.0155, …`."""
    assert node.values is not None
    row = node.values[index[:-1]]
    start = max(0, min(index[-1] - NUMBERS // 2, len(row) - NUMBERS))
    window = row[start : start + NUMBERS]
    before, after = "…, " * (start > 0), ", …" * (start + len(window) < len(row))
    place = place_text(index[:-1])
    numbers = f"{before}{listed_numbers(window, node.dtype)}{after}"
    return said("row {place}: {numbers}", place=place, numbers=numbers) if place else numbers
