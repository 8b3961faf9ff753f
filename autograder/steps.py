"""What a run does, in which order: cells, and a probe of each exercise where its check cell stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.lesson import Lesson
from autograder.submission import Submission, calls_check


@dataclass(frozen=True)
class Step:
    """Run cell number `cell`, or of it only the definitions, or probe `exercise`."""

    cell: int | None = None
    exercise: str | None = None
    definitions: bool = False


def plan(submission: Submission, lesson: Lesson, unchanged: frozenset[str] = frozenset()) -> list[Step]:
    """The steps of a run: every code cell but the check cells, in order, and a probe for each exercise: at its check
    cell, or where that is gone, just before the next exercise's solution, or at the end. Of cells whose source is in
    `unchanged`, only what defines names is run."""
    probes = {exercise: submission.place(exercise) for exercise in lesson.exercises}
    steps: list[Step] = []
    for number, cell in enumerate((*submission.cells, None)):
        steps += [Step(exercise=exercise) for exercise, place in probes.items() if place == number]
        if cell is not None and cell.code and cell.role != "check" and not calls_check(cell.source):
            steps.append(Step(cell=number, definitions=cell.source.strip() in unchanged))
    return steps


def plan_alone(
    steps: Iterable[Step], submission: Submission, exercise: str, given: frozenset[str] | None = None
) -> list[Step]:
    """Of a plan's steps what one exercise needs, and of other cells before it only what they define; where the sources
    that are `given` are known, only those cells."""
    own, alone = submission.find("solution", exercise), []
    for step in steps:
        if step.cell is not None:
            if given is None or step.cell == own or submission.cells[step.cell].source.strip() in given:
                alone.append(Step(cell=step.cell, definitions=step.cell != own))
        elif step.exercise == exercise:
            return [*alone, step]
    return alone
