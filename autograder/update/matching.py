"""Finds out which cell of a release each cell of a student's notebook stands for, for `merge.py`."""

from __future__ import annotations

import difflib
from collections.abc import Callable

from nbformat import NotebookNode

from autograder.submission import stamp_of
from autograder.update.student_cells import TheirCell

SIMILAR = 0.6
COMPARED = 5_000
"""Characters of a cell that are looked at to see whether it is like another."""


def released_exercises(release: NotebookNode) -> dict[str, int]:
    """Exercise id → the number of its solution cell in a release."""
    marks = ((number, cell.metadata.get("nbgrader", {})) for number, cell in enumerate(release.cells))
    return {mark["grade_id"]: number for number, mark in marks if mark.get("solution")}


class Matching:
    """A student's cells and a release's. Numbers of cells are the student's, places those of the release.

    `places` is the place of each number that has one, `free` the places that nobody has. Of the numbers with a place,
    those in `by_role` are solution and check cells; `same` say the same as the release; `edited` are the student's own
    version of a cell that says in the release what it said before; `like` are alike, and no more is known of them.
    """

    def __init__(self, theirs: list[TheirCell], release: NotebookNode) -> None:
        self.theirs, self.released = theirs, release.cells
        self.solutions = released_exercises(release)
        self.stamps = [stamp_of(cell.cell_type, cell.source) for cell in release.cells]
        marks = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in release.cells]
        self._checks = {name: marks.index(f"check_{name}") for name in self.solutions if f"check_{name}" in marks}
        self.free = [place for place, mark in enumerate(marks) if mark is None]
        self.places: dict[int, int] = {}
        self.stamped = any(cell.stamp for cell in theirs)
        """Whether the notebook is new enough to have stamps, which tell what a cell said when it was released."""
        self.by_role = self._match_roles()
        self.same = self._match(lambda cell: self._same(cell) if cell.untouched else [])  # before any copy of it
        self.same |= self._match(self._same)
        self.edited = self._match(lambda cell: [place for place in self._kin(cell) if self.stamps[place] == cell.stamp])
        self.like = self._match(lambda cell: [] if self.stamped and not cell.stamp else self._like(cell))

    def near(self, number: int) -> int:
        """The released cell below which a student's own cell goes: that of the lesson's cell above it, or else just
        before the one below it, so that it stays between the same answers."""
        above = next((i for i in range(number - 1, -1, -1) if not self._is_own(i)), None)
        below = next((i for i in range(number + 1, len(self.theirs)) if not self._is_own(i)), None)
        if above is None or above in self.places:
            place = -1 if above is None else self.places[above]
        elif below is not None and below in self.places:
            place = self.places[below] - 1
        else:
            place = max((self.places[i] for i in range(number) if i in self.places), default=-1)
        answers = {i: at for i, at in self.places.items() if self.theirs[i].role == "solution"}
        first = max((at for i, at in answers.items() if i < number), default=-1)
        last = min((at - 1 for i, at in answers.items() if i > number), default=len(self.released) - 1)
        return min(max(place, first), last) if first <= last else place

    def _is_own(self, number: int) -> bool:
        cell = self.theirs[number]
        return number not in self.places and not cell.role and not cell.untouched

    def _match_roles(self) -> set[int]:
        """Solution and check cells; of several the last."""
        found: dict[int, int] = {}
        for number, cell in enumerate(self.theirs):
            places = {"solution": self.solutions, "check": self._checks}.get(cell.role or "", {})
            if cell.exercise in places:
                found[places[cell.exercise]] = number
        self.places |= {number: place for place, number in found.items()}
        return set(found.values())

    def _match(self, candidates: Callable[[TheirCell], list[int]]) -> set[int]:
        """Cells without a place get the first free one of their candidates; returns which did."""
        found = set()
        for number, cell in enumerate(self.theirs):
            places = [] if cell.role or number in self.places else candidates(cell)
            if places:
                self.places[number] = places[0]
                self.free.remove(places[0])
                found.add(number)
        return found

    def _kin(self, cell: TheirCell) -> list[int]:
        return [place for place in self.free if self.released[place].cell_type == cell.kind]

    def _same(self, cell: TheirCell) -> list[int]:
        return [place for place in self._kin(cell) if self.stamps[place] == cell.now]

    def _like(self, cell: TheirCell) -> list[int]:
        texts = {self.released[place].source[:COMPARED]: place for place in self._kin(cell)}
        return [texts[text] for text in difflib.get_close_matches(cell.source[:COMPARED], texts, 1, SIMILAR)]
