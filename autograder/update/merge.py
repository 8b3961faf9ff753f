"""Merges a student's notebook into a new release of its lesson.

The result is the release, cell by cell, with the student's answers in its solution cells. Whatever else the student
wrote is kept: a changed cell of the lesson in its place, or beside its new version where the lesson changed it as well;
own cells where they stood. What nobody touched is recognised by its stamp, or because the release says the same.
"""

from __future__ import annotations

import copy
import itertools
import re
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograder.lesson import Lesson, noted, said
from autograder.submission import check_source, text_cell
from autograder.update.matching import Matching, released_exercises
from autograder.update.student_cells import TheirCell, their_cells

CHANGED = noted("*Your version of the cell above, which is new in this version of the lesson:*")
STUB = noted("*The code that this exercise starts from is new in this version of the lesson. Compare it with yours:*")
CHECK = noted("*What you had changed in the check cell above, kept as text:*")
SHOWN = ("outputs", "execution_count", "attachments")
"""What else a cell holds that a student sees."""
GONE = noted("## Answers to exercises that this lesson no longer has")
LONGEST_ID = 50


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


class _Merge:
    """One merge. Numbers of cells are the student's, places those of the release."""

    def __init__(self, theirs: list[TheirCell], release: NotebookNode) -> None:
        self.theirs, self.result = theirs, copy.deepcopy(release)
        self.released: list[NotebookNode] = self.result.cells
        self.match = Matching(theirs, release)
        self.below: dict[int, list[NotebookNode]] = {place: [] for place in range(-1, len(self.released))}
        self.end: list[NotebookNode] = []
        self.done = Merged(self.result, dict.fromkeys(self.match.solutions, said("not in your notebook until now")))

    def merged(self) -> Merged:
        match = self.match
        self.done.new = len(match.free) + len(match.like)
        for number, cell in enumerate(self.theirs):
            if number in match.by_role:
                self._answer(cell, match.places[number])
            elif number in match.same:
                self._show_outputs(cell, match.places[number])
            elif number in match.edited:
                self._put(cell, match.places[number])
                self.done.changed += 1
            elif number in match.like:
                self._beside(cell, match.places[number])
            elif cell.role and cell.exercise not in match.solutions:
                self._gone(cell)
            elif not cell.untouched:
                self.below[match.near(number)].append(cell.as_cell())
                self.done.own += 1
        self.result.cells = self._cells()
        return self.done

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
            if cell.stamp and cell.stamp != self.match.stamps[place]:
                self.below[place].append(text_cell(f"{said(STUB)}\n\n{_fenced(released.source)}"))
                self.done.exercises[name] = said(
                    "your answer is kept; what it starts from is new: see the note below it"
                )
            self._put(cell, place)

    def _put(self, cell: TheirCell, place: int) -> None:
        self.released[place].source = cell.source
        self.released[place].update({key: part for key, part in cell.as_cell().items() if key in SHOWN})

    def _show_outputs(self, cell: TheirCell, place: int) -> None:
        if cell.now == self.match.stamps[place]:
            self._put(cell, place)

    def _beside(self, cell: TheirCell, place: int) -> None:
        """A cell that is like one of the release: an older version of it, or what the student made of one."""
        if cell.untouched:
            return
        if not self.match.stamped and _has_all_lines(cell.source, self.released[place].source):
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
