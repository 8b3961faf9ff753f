"""Merges a student's notebook into a new release of its lesson.

The result is the release, cell by cell, with the student's answers in its solution cells. Whatever else the student
wrote is kept: a changed cell of the lesson in its place, or beside its new version where the lesson changed it as well;
own cells where they stood. What nobody touched is recognised by its stamp, or because the release says the same.
"""

from __future__ import annotations

import copy
import difflib
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograder.language import noted, said
from autograder.lesson import Lesson
from autograder.notebook import check_source, text_cell
from autograder.origin import stamp_of
from autograder.theirs import TheirCell, their_cells

CHANGED = noted("*Your version of the cell above, which is new in this version of the lesson:*")
STUB = noted("*The code that this exercise starts from is new in this version of the lesson. Compare it with yours:*")
CHECK = noted("*What you had changed in the check cell above, kept as text:*")
SHOWN = ("outputs", "execution_count", "attachments")
"""What else a cell holds that a student sees."""
GONE = noted("## Answers to exercises that this lesson no longer has")
SIMILAR = 0.6
LONGEST_ID = 50
COMPARED = 5_000
"""Characters of a cell that are looked at to see whether it is like another."""


@dataclass
class Merged:
    """The merged notebook, and what happened: in words by exercise; how many cells of the lesson are `new` or say
    something else; how many that the student changed stand in their place (`changed`) or `beside` their new version;
    how many are the student's `own`."""

    notebook: NotebookNode
    exercises: dict[str, str] = field(default_factory=dict)
    new: int = 0
    changed: int = 0
    beside: int = 0
    own: int = 0


def merge(content: bytes, release: NotebookNode, lesson: Lesson) -> Merged:
    """Merge a student's notebook, as bytes, into a release. Raises `UnreadableSubmission`."""
    return _Merge(their_cells(content, lesson, set(released_exercises(release))), release).merged()


def released_exercises(release: NotebookNode) -> dict[str, int]:
    """Exercise id → the number of its solution cell in a release."""
    marks = ((number, cell.metadata.get("nbgrader", {})) for number, cell in enumerate(release.cells))
    return {mark["grade_id"]: number for number, mark in marks if mark.get("solution")}


class _Merge:
    """One merge. Numbers of cells are the student's, places those of the release."""

    def __init__(self, theirs: list[TheirCell], release: NotebookNode) -> None:
        self.theirs, self.result = theirs, copy.deepcopy(release)
        self.released: list[NotebookNode] = self.result.cells
        self.solutions = released_exercises(release)
        self.stamps = [stamp_of(cell.cell_type, cell.source) for cell in release.cells]
        marks = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in release.cells]
        self.checks = {name: marks.index(f"check_{name}") for name in self.solutions if f"check_{name}" in marks}
        self.free = [place for place, mark in enumerate(marks) if mark is None]
        self.places: dict[int, int] = {}
        self.below: dict[int, list[NotebookNode]] = {place: [] for place in range(-1, len(marks))}
        self.end: list[NotebookNode] = []
        self.done = Merged(self.result, dict.fromkeys(self.solutions, said("not in your notebook until now")))

    def merged(self) -> Merged:
        by_role = self._match_roles()
        same = self._match(lambda cell: [place for place in self._kin(cell) if self.stamps[place] == cell.now])
        edited = self._match(lambda cell: [place for place in self._kin(cell) if self.stamps[place] == cell.stamp])
        known = any(cell.stamp for cell in self.theirs)
        like = self._match(lambda cell: [] if known and not cell.stamp else self._like(cell))
        self.done.new = len(self.free) + len(like)
        for number, cell in enumerate(self.theirs):
            if number in by_role:
                self._answer(cell, self.places[number])
            elif number in same:
                self._show_outputs(cell, self.places[number])
            elif number in edited:
                self._put(cell, self.places[number])
                self.done.changed += 1
            elif number in like:
                self._beside(cell, self.places[number], stamped=known)
            elif cell.role and cell.exercise not in self.solutions:
                self._gone(cell)
            elif not cell.untouched:
                self.below[self._near(number)].append(cell.as_cell())
                self.done.own += 1
        self.result.cells = self._cells()
        return self.done

    # Which cell of the release each of theirs stands for

    def _match_roles(self) -> set[int]:
        """Solution and check cells; of several the last."""
        found: dict[int, int] = {}
        for number, cell in enumerate(self.theirs):
            places = {"solution": self.solutions, "check": self.checks}.get(cell.role or "", {})
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

    def _like(self, cell: TheirCell) -> list[int]:
        texts = {self.released[place].source[:COMPARED]: place for place in self._kin(cell)}
        return [texts[text] for text in difflib.get_close_matches(cell.source[:COMPARED], texts, 1, SIMILAR)]

    # What becomes of each

    def _answer(self, cell: TheirCell, place: int) -> None:
        """A solution or a check cell."""
        name, released = str(cell.exercise), self.released[place]
        if cell.role == "check":
            self._show_outputs(cell, place)
            if not cell.untouched and cell.source.strip() not in ("", released.source.strip()):
                self.below[place].append(text_cell(f"{said(CHECK)}\n\n{_fenced(cell.source)}"))
        elif cell.untouched or cell.source.strip() in ("", released.source.strip()):
            self.done.exercises[name] = said("not begun")
            self._show_outputs(cell, place)
        else:
            self.done.exercises[name] = said("your answer is kept")
            if cell.stamp and cell.stamp != self.stamps[place]:
                self.below[place].append(text_cell(f"{said(STUB)}\n\n{_fenced(released.source)}"))
                self.done.exercises[name] = said(
                    "your answer is kept; what it starts from is new: see the note below it"
                )
            self._put(cell, place)

    def _put(self, cell: TheirCell, place: int) -> None:
        self.released[place].source = cell.source
        self.released[place].update({key: part for key, part in cell.as_cell().items() if key in SHOWN})

    def _show_outputs(self, cell: TheirCell, place: int) -> None:
        if cell.now == self.stamps[place]:
            self._put(cell, place)

    def _beside(self, cell: TheirCell, place: int, stamped: bool) -> None:
        """A cell that is like one of the release: an older version of it, or what the student made of one."""
        if cell.untouched:
            return
        if not stamped and _has_all_lines(cell.source, self.released[place].source):
            self._put(cell, place)
            self.done.changed += 1
        else:
            self.below[place] += [text_cell(said(CHANGED)), cell.as_cell()]
            self.done.beside += 1

    def _gone(self, cell: TheirCell) -> None:
        """A cell of an exercise that the release does not have."""
        name = str(cell.exercise)
        if cell.role == "check":
            if not cell.untouched and cell.source.strip() not in ("", check_source(name)):
                self.end.append(text_cell(f"`{name}`\n\n{_fenced(cell.source)}"))
        elif cell.untouched or not cell.source.strip():
            self.done.exercises[name] = said("no longer in the lesson; you had not begun it")
        else:
            self.done.exercises[name] = said("no longer in the lesson; your answer is kept at the end")
            self.end += [text_cell(f"`{name}`"), cell.as_cell()]

    # Where own cells go

    def _near(self, number: int) -> int:
        """The place below which an own cell goes: that of the lesson's cell above it, else just before the one below
        it. It stays between the answers that it stood between."""
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

    def _cells(self) -> list[NotebookNode]:
        """All cells in their order, each with an id of its own."""
        cells = list(self.below[-1])
        for place, cell in enumerate(self.released):
            cells += [cell, *self.below[place]]
        if self.end and all(cell.source != said(GONE) for cell in cells):
            cells.append(text_cell(said(GONE)))
        cells += self.end
        return _with_ids(cells, {id(cell) for cell in self.released})


def _with_ids(cells: list[NotebookNode], released: set[int]) -> list[NotebookNode]:
    """The cells, each with an id that no other has; those of the release keep theirs."""
    taken = {cell.id for cell in cells if id(cell) in released}
    for cell in cells:
        if id(cell) not in released:
            more = (f"{cell.id[:LONGEST_ID]}-{number}" for number in itertools.count(2))
            cell.id = next(name for name in itertools.chain([cell.id], more) if name not in taken)
            taken.add(cell.id)
    return cells


def _has_all_lines(source: str, others: str) -> bool:
    """Whether a text has every line of another, in its order."""
    lines = (line.rstrip() for line in source.splitlines())
    return all(line.rstrip() in lines for line in others.splitlines() if line.strip())


def _fenced(source: str) -> str:
    """A block of code in markdown, whatever it holds."""
    longest = max((len(run) for run in re.findall("`+", source)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}python\n{source.rstrip()}\n{fence}"
