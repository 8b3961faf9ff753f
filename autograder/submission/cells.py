"""Finds out which cell of a submitted notebook is what.

What can be recovered is: lost metadata by content and order, a deleted check cell by its exercise's place. Every
repair leaves a note for the student and the instructor.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from autograder.lesson import Exercise, Lesson, said
from autograder.probing import is_unfinished, is_untouched
from autograder.source import defines, stored_names
from autograder.submission.reading import RawCell, UnreadableSubmission, raw_cells, read_bytes

__all__ = [
    "Cell", "Submission", "UnreadableSubmission", "calls_check", "guess_lesson", "read_bytes", "read_submission",
    "untouched",
]  # fmt: skip
_CHECK = re.compile(r"""check\( ?["'](\w{1,60})["'] ?\) ?;?""")
MAX_CHECK = 500
"""Characters that a check cell may have: a longer one is something else."""


@dataclass(frozen=True)
class Cell:
    """One cell: code or text, its source, and what it is to the grader, if anything.

    `role` is "solution" or "check", with the exercise's id, or both are None.
    """

    code: bool
    source: str
    role: str | None = None
    exercise: str | None = None


@dataclass(frozen=True)
class Submission:
    """A student's notebook: its cells, each exercise with at most one solution and one check cell, and the notes on
    what was repaired, by exercise."""

    cells: tuple[Cell, ...]
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def find(self, role: str, exercise: str) -> int | None:
        """The index of an exercise's solution or check cell."""
        found = (i for i, cell in enumerate(self.cells) if (cell.role, cell.exercise) == (role, exercise))
        return next(found, None)

    def place(self, exercise: str) -> int:
        """Where an exercise is graded: at its check cell; where that is gone, before the next cell that belongs to
        an exercise, or at the end."""
        check, solution = self.find("check", exercise), self.find("solution", exercise)
        if check is not None:
            return check
        later = range(len(self.cells) if solution is None else solution + 1, len(self.cells))
        return next((i for i in later if self.cells[i].role is not None), len(self.cells))


def untouched(submission: Submission, exercise: Exercise) -> str:
    """The source of an exercise's cell where it is still the stub and no other cell seems to define the required name;
    empty otherwise."""
    own = submission.find("solution", exercise.id)
    if own is None or not is_untouched(source := submission.cells[own].source):
        return ""
    others = (cell.source for i, cell in enumerate(submission.cells) if cell.code and i != own and cell.role != "check")
    return "" if any(_may_define(other, exercise.requires) for other in others) else source


def guess_lesson(content: bytes, lessons: list[Lesson]) -> Lesson:
    """The lesson that a notebook belongs to: the one most of whose exercises it mentions.

    Raises `UnreadableSubmission` where it mentions none.
    """
    raw = raw_cells(content)
    counts = [(sum(_mentions(cell, lesson.exercises) for cell in raw), lesson) for lesson in lessons]
    best = max(counts, key=lambda item: item[0], default=(0, None))
    if best[1] is None or best[0] == 0:
        names = ", ".join(lesson.name for lesson in lessons) or said("none")
        raise UnreadableSubmission(said("it has no exercise of any lesson (lessons here: {names})", names=names))
    return best[1]


def read_submission(content: bytes, lesson: Lesson) -> Submission:
    """A notebook's bytes as a submission to `lesson`. Raises `UnreadableSubmission`."""
    raw = raw_cells(content)
    notes: dict[str, tuple[str, ...]] = {}
    roles: dict[int, tuple[str, str]] = {}
    for exercise in lesson.exercises.values():
        solution = _solution(raw, exercise, roles)
        if solution is not None:
            roles[solution] = ("solution", exercise.id)
        check, noticed = _check(raw, exercise, solution, roles)
        if check is not None:
            roles[check] = ("check", exercise.id)
        if noticed:
            notes[exercise.id] = noticed
    cells = tuple(_cell(cell, roles.get(number), lesson) for number, cell in enumerate(raw))
    return Submission(cells, notes)


def calls_check(source: str, exercise: str | None = None) -> bool:
    """Whether a cell does nothing but call `check`, for that exercise or for any."""
    lines = [line.strip() for line in source.splitlines()] if len(source) <= MAX_CHECK else []
    found = [_CHECK.fullmatch(line) for line in lines if line and not line.startswith(("#", "from autograder import"))]
    return all(found) and any(call and exercise in (None, call[1]) for call in found)


def _cell(raw: RawCell, role: tuple[str, str] | None, lesson: Lesson) -> Cell:
    if role is None:
        return Cell(raw.code, raw.source)
    code = raw.code or role[0] == "check" or defines(raw.source, lesson.exercises[role[1]].requires)
    return Cell(code, raw.source, *role)


def _mentions(cell: RawCell, exercises: dict[str, Exercise]) -> bool:
    claims = cell.grade_id.removeprefix("check_") in exercises
    return claims or any(
        calls_check(cell.source, exercise.id) or defines(cell.source, exercise.requires)
        for exercise in exercises.values()
    )


def _solution(raw: list[RawCell], exercise: Exercise, taken: dict[int, tuple[str, str]]) -> int | None:
    """The solution cell: the last free one that defines the required name, by its id, else any code cell, else the one
    with the check in it; what is still a stub in part, or as a whole, only where there is nothing else."""
    by_id = [i for i, cell in enumerate(raw) if cell.grade_id == exercise.id and i not in taken]
    code = [i for i, cell in enumerate(raw) if i not in taken and cell.code]
    defining = [i for i in {*by_id, *code} if defines(raw[i].source, exercise.requires)]
    free = [i for i in defining if not raw[i].grade_id.startswith("check_")]
    for is_stub in (is_unfinished, is_untouched):
        written = [i for i in defining if not is_stub(raw[i].source)]
        for candidates in (by_id, free, defining):
            found = [i for i in candidates if i in written]
            if found:
                return max(found)
    return max([i for i in by_id if i in defining] or by_id or free or defining, default=None)


def _check(
    raw: list[RawCell], exercise: Exercise, solution: int | None, taken: dict[int, tuple[str, str]]
) -> tuple[int | None, tuple[str, ...]]:
    """The check cell, by its id or its content, the first after the solution where there are several; and notes."""
    free = ((i, cell) for i, cell in enumerate(raw) if i not in taken)
    found = [i for i, cell in free if cell.grade_id == f"check_{exercise.id}" or calls_check(cell.source, exercise.id)]
    after = [i for i in found if solution is None or i > solution]
    if not found:
        return None, (said("Its check cell was missing; it was graded all the same."),)
    if not after:
        early = said("Its check cell stood before the solution; it was graded after the solution all the same.")
        return None, (early,)
    cell, notes = raw[after[0]], []
    if len(found) > 1:
        notes.append(said("Its check cell was there more than once; it was graded once."))
    elif cell.source.strip() != f'check("{exercise.id}")':
        notes.append(said("Its check cell had been edited; the original was used."))
    if not cell.code:
        notes.append(said("Its check cell was no code cell any more; it was graded all the same."))
    return after[0], tuple(notes)


def _may_define(source: str, name: str) -> bool:
    """Whether a cell seems to define a name anywhere. Parsed only where its text has the name, or a star."""
    named = name in source or "*" in source
    return defines(source, name) or (named and bool({name, "*"} & stored_names(source)))
