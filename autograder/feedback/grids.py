"""Tensors as grids: two shapes beside each other, and where two tensors of one shape differ.

Drawn as SVG in the colour of the page's text, so that they suit light and dark pages; what differs is crossed out and
told in words, never by colour alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby, zip_longest
from typing import Any

import numpy as np

from autograder.feedback.markup import figure
from autograder.feedback.render import shape_text
from autograder.feedback.tensors import comparable, place_text
from autograder.judging import Apart
from autograder.lesson import counted, said
from autograder.probing import Array, Observation, Scalar, Sequence

LARGEST = 28
"""Rows and columns of numbers that are drawn at most: a digit's."""
CELLS = 8
"""Rows and columns of a shape that are drawn at most; of more, these stand for them."""
TEXT_ROWS, TEXT_COLUMNS = 12, 30
LEVELS = 5
PIXELS = 14
Greys = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Shapes:
    """Two shapes of one or two dimensions."""

    expected: tuple[int, ...]
    seen: tuple[int, ...]

    def html(self) -> str:
        """Two grids of empty cells, each below its shape."""
        pair = [_sheet(shape) for shape in (self.expected, self.seen)]
        drawn = [_cells(rows, columns) for rows, columns in pair]
        sides = {"expected": _in_words(self.expected), "seen": _in_words(self.seen)}
        words = said("Expected: {expected}. Yours: {seen}.", **sides)
        return figure(words, list(zip(self._captions(), drawn, strict=True)))

    def text(self) -> list[str]:
        """The same in squares."""
        left, right = ([" ".join("□" * columns)] * rows for rows, columns in map(_sheet, (self.expected, self.seen)))
        head = self._captions()
        width = max(map(len, (head[0], *left)))
        return [f"{a.ljust(width)}   {b}".rstrip() for a, b in [head, *zip_longest(left, right, fillvalue="")]]

    def _captions(self) -> tuple[str, str]:
        expected, seen = shape_text(self.expected), shape_text(self.seen)
        return said("expected {shape}", shape=expected), said("yours {shape}", shape=seen)


@dataclass(frozen=True)
class Numbers:
    """Where the numbers of two matrices differ: each cell's grey (0 to `LEVELS`) on both sides, and whether it differs.

    `place` says which matrix of a larger tensor it is.
    """

    expected: Greys
    seen: Greys
    differ: tuple[tuple[bool, ...], ...]
    place: str = ""

    def html(self) -> str:
        """Two grey pictures, with a cross on each number of the second that differs."""
        crosses = "".join(
            f"M{x + 0.2:g} {y + 0.2:g}l.6 .6m-.6 0l.6-.6"
            for y, row in enumerate(self.differ)
            for x, wrong in enumerate(row)
            if wrong
        )
        rows, columns = len(self.differ), len(self.differ[0])
        size = said("{rows} rows of {columns} numbers.", rows=rows, columns=columns)
        at = said("At {place}:", place=self.place) if self.place else ""
        expected = said("expected at {place}", place=self.place) if self.place else said("expected")
        panels = [
            (expected, _picture(self.expected, "")),
            (said("yours, ✗ where it differs"), _picture(self.seen, f'<path class="inm-cross" d="{crosses}"/>')),
        ]
        return figure(f"{at} {size} {self._words()}".strip(), panels)

    def text(self) -> list[str]:
        """A mark a number, where they fit; else which rows."""
        if len(self.differ) > TEXT_ROWS or len(self.differ[0]) > TEXT_COLUMNS:
            return [self._words()]
        inside = said("✗ where it differs in {place}:", place=self.place)
        head = inside if self.place else said("✗ where it differs:")
        return [head, *(" ".join("✗" if wrong else "·" for wrong in row) for row in self.differ)]

    def _words(self) -> str:
        rows = [number for number, row in enumerate(self.differ) if any(row)]
        columns = [number for number, column in enumerate(zip(*self.differ, strict=True)) if any(column)]
        shown = {"rows": _ranges(rows), "columns": _ranges(columns)}
        return said("Rows that differ: {rows}. Columns that differ: {columns}.", **shown)


def shapes_of(expected: Observation, seen: Observation) -> Shapes | None:
    """The drawing of two shapes, given as tensors or as the shapes themselves."""
    wanted, got = _shape(expected), _shape(seen)
    if wanted is None or got is None or wanted == got or max(len(wanted), len(got)) > 2:
        return None
    return Shapes(wanted, got) if wanted and got and 0 not in (*wanted, *got) else None


def numbers_of(expected: Observation, seen: Observation, apart: Apart | None) -> Numbers | None:
    """The drawing of the matrix with the worst difference; None for what is no matrix, or too large, or where all of a
    small one differs: then there is nothing to see."""
    if not (apart and isinstance(expected, Array) and isinstance(seen, Array) and comparable(expected, seen)):
        return None
    wanted, got = (np.asarray(node.values, dtype=complex).real for node in (expected, seen))
    index = apart.index
    if wanted.ndim < 2 or len(index) != wanted.ndim or not all(2 <= size <= LARGEST for size in wanted.shape[-2:]):
        return None
    with np.errstate(all="ignore"):
        distance = np.nan_to_num(np.abs(np.asarray(expected.values) - np.asarray(seen.values)), nan=np.inf)
    differ = np.zeros(distance.size, dtype=bool)
    differ[np.argsort(-distance, axis=None, kind="stable")[: apart.count]] = True
    marked = differ.reshape(distance.shape)[index[:-2]]
    if marked.all() and max(marked.shape) < CELLS:
        return None
    left, right = _greys(wanted[index[:-2]], got[index[:-2]])
    return Numbers(left, right, tuple(map(tuple, marked.tolist())), place_text(index[:-2]))


def _shape(node: Observation) -> tuple[int, ...] | None:
    if isinstance(node, Array):
        return node.shape
    if isinstance(node, Sequence):
        sizes = [item.value for item in node.items if isinstance(item, Scalar) and type(item.value) is int]
        return tuple(sizes) if len(sizes) == len(node.items) and all(size >= 0 for size in sizes) else None
    return None


def _greys(expected: Any, seen: Any) -> tuple[Greys, Greys]:
    """Both matrices in `LEVELS` steps from the least to the largest finite number of the expected one."""
    finite = expected[np.isfinite(expected)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    span = high - low if math.isfinite(high - low) and high > low else 1.0
    with np.errstate(all="ignore"):
        scaled = [np.nan_to_num((part - low) / span, nan=0.0, posinf=1.0, neginf=0.0) for part in (expected, seen)]
    left, right = ((np.clip(part, 0, 1) * LEVELS).round().astype(int).tolist() for part in scaled)
    return tuple(map(tuple, left)), tuple(map(tuple, right))


def _sheet(shape: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns to draw for a shape of one or two dimensions."""
    rows, columns = (1, *shape)[-2:]
    return min(rows, CELLS), min(columns, CELLS)


def _in_words(shape: tuple[int, ...]) -> str:
    if len(shape) == 1:
        return counted("{number} number in one dimension", "{number} numbers in one dimension", shape[0])
    numbers = counted("{number} number", "{number} numbers", shape[1])
    return counted("{number} row of {numbers}", "{number} rows of {numbers}", shape[0], numbers=numbers)


def _cells(rows: int, columns: int) -> str:
    lines = "".join(f"M0 {y}h{columns}" for y in range(rows + 1)) + "".join(
        f"M{x} 0v{rows}" for x in range(columns + 1)
    )
    return _svg(rows, columns, f'<path class="inm-line" d="{lines}"/>')


def _picture(greys: Greys, marks: str) -> str:
    paths = "".join(
        f'<path class="inm-ink" fill-opacity="{level / LEVELS * 0.75:.2g}" d="{_runs(greys, level)}"/>'
        for level in range(1, LEVELS + 1)
        if any(level in row for row in greys)
    )
    rows, columns = len(greys), len(greys[0])
    return _svg(rows, columns, f'{paths}<path class="inm-line" d="M0 0h{columns}v{rows}h-{columns}z"/>{marks}')


def _runs(greys: Greys, level: int) -> str:
    """The path around all cells of one grey, neighbours in a row taken together."""
    parts = []
    for y, row in enumerate(greys):
        x = 0
        for grey, run in groupby(row):
            length = len(list(run))
            parts.append(f"M{x} {y}h{length}v1h-{length}z" if grey == level else "")
            x += length
    return "".join(parts)


def _svg(rows: int, columns: int, inside: str) -> str:
    size = PIXELS if max(rows, columns) <= 12 else 6
    return (
        f'<svg viewBox="-.1 -.1 {columns + 0.2:g} {rows + 0.2:g}" width="{columns * size}" height="{rows * size}" '
        f'aria-hidden="true">{inside}</svg>'
    )


def _ranges(numbers: list[int]) -> str:
    """`0, 2 to 5`; a few runs of them only."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = [
        said("{first} to {last}", first=run[0], last=run[-1]) if len(run) > 2 else ", ".join(map(str, run))
        for run in runs
    ]
    shown = ", ".join(told[:6])
    return said("{numbers} and more", numbers=shown) if len(told) > 6 else shown
