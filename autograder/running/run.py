"""Runs a submission's cells in a sandboxed kernel and probes each exercise where its check cell stands.

A cell that raises does not stop the notebook. A kernel that dies or hangs costs the exercise that killed it: a new
kernel runs the earlier cells again, without the one that killed, and goes on from there.

The lesson's own experiments, trainings among them, are no part of an answer: of those that a student left as they were
only the definitions that other cells need are run. Should any answer miss one of their names after all, the notebook is
run again in full.

What one cell does to the interpreter may spoil exercises that are none of its business. Exercises that may have met
this are `doubtful`, and can be looked at alone: their own cell with what the lesson gives, and where that misses a
name, with what the student's other cells define.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from autograder.judging import Seen
from autograder.lesson import Lesson
from autograder.running.plan import Step, plan, plan_alone
from autograder.running.prober import Prober
from autograder.running.session import Session
from autograder.sandbox import Limits, Sandbox
from autograder.source import bound_names, has_side_effects, stored_names
from autograder.submission import Submission
from autograder.texts import given_sources, is_setup, own_sources


@dataclass
class RunResult:
    """What each criterion of each exercise observed, the outputs of each cell that ran, and the exercises whose
    observations another cell may have spoiled. `missed`: the names that were not there. `hung`: cells that used up all
    their time."""

    seen: dict[str, list[Seen]] = field(default_factory=dict)
    outputs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    missed: set[str] = field(default_factory=set)
    hung: set[int] = field(default_factory=set)


class Runs:
    """The runs of one submission, whole and for single exercises, within its limits. Both raise `KernelNotStarted` and
    `KernelBroken` when the machine can't start kernels."""

    def __init__(self, submission: Submission, lesson: Lesson, seed: int, sandbox: Sandbox, limits: Limits) -> None:
        self.submission, self.lesson, self.seed, self.sandbox, self.limits = submission, lesson, seed, sandbox, limits
        self._given, self._own = given_sources(lesson), own_sources(lesson)
        self._steps = plan(submission, lesson)
        self._short_steps = plan(submission, lesson, self._own)
        self._spoiling = self._cells_with_side_effects()

    def whole(self) -> RunResult:
        """Run and probe everything."""
        started, most = time.monotonic(), self.limits.notebook_seconds
        result = self._run(self._short_steps, most)
        left = most - (time.monotonic() - started)
        if result.missed and result.missed & self._left_out() and left > 0:
            result = self._run(self._steps, left)
        for exercise in self.lesson.exercises:
            own = self.submission.find("solution", exercise)
            if own not in result.hung and self._spoiling - {own}:
                result.doubtful.add(exercise)
        return result

    def alone(self, exercise: str) -> Iterator[list[Seen]]:
        """What the criteria of one exercise observe in a kernel that no other cell had a chance to spoil; and if a name
        was missing there, once more with the definitions in other cells.

        All exercises together get the notebook's time again, each an equal share.
        """
        share = self.limits.notebook_seconds / len(self.lesson.exercises)
        started = time.monotonic()
        if self._given:
            result = self._run(plan_alone(self._steps, self.submission, exercise, self._given), share)
            yield result.seen[exercise]
            if not result.missed:
                return
        left = share - (time.monotonic() - started)
        if left > 0:
            yield self._run(plan_alone(self._steps, self.submission, exercise), left).seen[exercise]

    def _left_out(self) -> frozenset[str]:
        """The names that a run in full may bind, and a short one not."""
        short = {step.cell for step in self._short_steps if step.cell is not None and step.part is None}
        cells = {step.cell for step in self._steps if step.cell is not None} - short
        return frozenset(name for number in cells for name in stored_names(self.submission.cells[number].source))

    def _cells_with_side_effects(self) -> set[int]:
        """The cells that may have spoiled something for others: the student's own that do more than define names."""
        own = self._own | self._given
        given = frozenset(name for source in self._given for name in bound_names(source))
        code = [(number, cell.source) for number, cell in enumerate(self.submission.cells)
                if cell.code and cell.role != "check"]  # fmt: skip
        written = [(number, source) for number, source in code if source.strip() not in own and not is_setup(source)]
        return {number for number, source in written if has_side_effects(source, given)}

    def _run(self, steps: list[Step], seconds: float) -> RunResult:
        session = Session(self.submission, self.lesson, steps, self._spoiling, self.sandbox, self.limits, seconds)
        prober, log = Prober(session, self.seed), session.log
        try:
            seen = {exercise: prober.observe(exercise) for exercise in session.exercises()}
        finally:
            session.close()
        return RunResult(seen, log.outputs, prober.doubtful, log.missed, log.hung)
