"""What a run does, in which order: cells, and a probe of each exercise where its check cell stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.lesson import Lesson
from autograder.source import slice_definitions
from autograder.submission import Submission, calls_check


@dataclass(frozen=True)
class Step:
    """Run cell number `cell`, or of it only the definitions, or in its place a part of it that is known; or probe
    `exercise`."""

    cell: int | None = None
    exercise: str | None = None
    definitions: bool = False
    part: str | None = None


def plan(submission: Submission, lesson: Lesson, unchanged: frozenset[str] = frozenset()) -> list[Step]:
    """The steps of a run: every code cell but the check cells, in order, and a probe for each exercise: at its check
    cell, or where that is gone, just before the next exercise's solution, or at the end. Of cells whose source is in
    `unchanged`, only those definitions are run that other cells need."""
    probes = {exercise: submission.place(exercise) for exercise in lesson.exercises}
    code = {number: cell.source for number, cell in enumerate(submission.cells)
            if cell.code and cell.role != "check" and not calls_check(cell.source)}  # fmt: skip
    experiments = {number: source for number, source in code.items() if source.strip() in unchanged}
    parts = slice_definitions(experiments, (source for number, source in code.items() if number not in experiments))
    steps: list[Step] = []
    for number in range(len(submission.cells) + 1):
        steps += [Step(exercise=exercise) for exercise, place in probes.items() if place == number]
        if number in parts or number in code.keys() - experiments.keys():
            steps.append(Step(cell=number, part=parts.get(number)))
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
