"""Runs a submission's cells in a sandboxed kernel and probes each exercise where its check cell stands.

A cell that raises does not stop the notebook. A kernel that dies or hangs costs the exercise that killed it: a new
kernel runs the earlier cells again, without the one that killed, and goes on from there.

The lesson's own experiments, trainings among them, are no part of an answer: of those that a student left as they were
only what defines names is run. Should any answer miss a name after all, the notebook is run again in full.

What one cell does to the interpreter may spoil exercises that are none of its business. Such exercises are `doubtful`,
and can be looked at alone: their own cell, and of all others only what defines names.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from autograder.asking import definitions, load, look, renew
from autograder.grade import NoObservation, Outcome, Seen, all_raised
from autograder.lesson import Lesson
from autograder.observation import Raised
from autograder.percent import own_sources
from autograder.probe import MISSING
from autograder.sandbox import Execution, Kernel, KernelLost, Limits, Sandbox
from autograder.steps import Step, plan, plan_alone
from autograder.submission import Submission

DEATHS = 2
"""Kernels that one exercise's criteria may kill: what comes after is not tried."""
ALONE = 0.5
"""The time for looking at exercises alone, all together, as a share of the notebook's."""


@dataclass
class RunResult:
    """What each criterion of each exercise observed, the outputs of each cell that ran, and the exercises whose
    observations another cell may have spoiled. `misses_name`: some name was not there."""

    seen: dict[str, list[Seen]] = field(default_factory=dict)
    outputs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    misses_name: bool = False


class Runs:
    """The runs of one submission, whole and for single exercises, within its limits. Both raise `KernelNotStarted` and
    `KernelBroken` when the machine can't start kernels."""

    def __init__(self, submission: Submission, lesson: Lesson, seed: int, sandbox: Sandbox, limits: Limits) -> None:
        self.submission, self.lesson, self.seed, self.sandbox, self.limits = submission, lesson, seed, sandbox, limits
        self._steps = plan(submission, lesson)
        self._short_steps = plan(submission, lesson, own_sources(lesson))
        self._left_for_alone = ALONE * limits.notebook_seconds

    def whole(self) -> RunResult:
        """Run and probe everything."""
        result = self._run(self._short_steps, self.limits.notebook_seconds)
        if result.misses_name and self._short_steps != self._steps:
            return self._run(self._steps, self.limits.notebook_seconds)
        return result

    def alone(self, exercise: str) -> list[Seen]:
        """What the criteria of one exercise observe in a kernel that no other cell had a chance to spoil."""
        started = time.monotonic()
        result = self._run(plan_alone(self._steps, self.submission, exercise), self._left_for_alone)
        self._left_for_alone -= time.monotonic() - started
        return result.seen[exercise]

    def _run(self, steps: list[Step], seconds: float) -> RunResult:
        run = _Run(self, steps, seconds)
        try:
            return run.run()
        finally:
            run.close()


class _Run:
    """The state of one run: the living kernel, what is known of lost ones, the errors of the cells."""

    def __init__(self, runs: Runs, steps: list[Step], seconds: float) -> None:
        self.submission, self.lesson, self.seed, self.limits = runs.submission, runs.lesson, runs.seed, runs.limits
        self.sandbox, self.steps = runs.sandbox, steps
        self.result = RunResult()
        self.kernel: Kernel | None = None
        self.unspoiled = ""
        self.starts = 0
        self.deadly: set[int] = set()
        self.trouble: dict[int, NoObservation] = {}
        self.doubt = False
        """Whether a kernel was lost or spoiled: who did it can't be told."""
        self.deadline = time.monotonic() + seconds

    def run(self) -> RunResult:
        for position, step in enumerate(self.steps):
            if step.cell is not None:
                self._run_cell(position, step, step.cell)
            elif step.exercise is not None:
                self._probe(position, step.exercise)
        return self.result

    def close(self) -> None:
        if self.kernel is not None:
            self.kernel.close()
            self.kernel = None

    def _run_cell(self, position: int, step: Step, number: int) -> None:
        try:
            kernel = self._alive(position)
        except KernelLost as lost:
            self.trouble[number] = NoObservation(Outcome(lost.outcome), lost.reason)
            self.result.outputs[number] = [_note(f"This cell did not run: {lost.reason}.")]
            return
        self._execute(kernel, step, number)

    def _execute(self, kernel: Kernel, step: Step, number: int) -> None:
        source = self.submission.cells[number].source
        seconds = max(0.1, min(self.limits.cell_seconds, self._left()))
        try:
            if step.definitions:
                source = definitions(kernel, source, seconds)
            done = kernel.execute(source, seconds)
        except KernelLost as lost:
            self.close()
            self.deadly.add(number)
            self.doubt = True
            self.trouble[number] = NoObservation(Outcome(lost.outcome), f"in a cell above, {lost.reason}")
            self.result.outputs[number] = [_note(f"The kernel was lost here: {lost.reason}.")]
            return
        if step.definitions:
            return
        self.result.outputs[number] = done.outputs
        if done.timed_out:
            done.outputs.append(_note(f"This cell was stopped after {seconds:.0f} s."))
        if problem := _problem(done, seconds):
            self.trouble[number] = problem
            self._note_missing(done.error[0] if done.error else "")

    def _probe(self, position: int, exercise: str) -> None:
        seen: list[Seen] = []
        lost: list[NoObservation] = []
        for number in range(len(self.lesson.exercises[exercise].criteria)):
            try:
                if len(lost) < DEATHS:
                    seen.append(self._look(position, exercise, number))
                    continue
            except KernelLost as error:
                self.close()
                self.doubt = True
                lost.append(NoObservation(Outcome(error.outcome), error.reason))
            seen.append(lost[-1])
        if self.doubt:
            self.result.doubtful.add(exercise)
        self.result.seen[exercise] = seen

    def _look(self, position: int, exercise: str, number: int) -> Seen:
        kernel = self._alive(position)
        if number == 0:
            self._renew(kernel)
        seen = look(kernel, self.lesson, exercise, number, self.seed, self._left())
        self.doubt = self.doubt or self._left() <= 0
        if isinstance(seen, Raised) and seen.types[0] == MISSING:
            return self._why_missing(position) or seen
        if not isinstance(seen, NoObservation):
            self._note_missing(*(name for error in all_raised(seen) for name in error.types))
        return seen

    def _note_missing(self, *errors: str) -> None:
        self.result.misses_name = self.result.misses_name or "NameError" in errors

    def _renew(self, kernel: Kernel) -> None:
        """Make our own code in the kernel anew; notice when something else is no longer as it was at first."""
        self.doubt = renew(kernel, self.lesson) != self.unspoiled or self.doubt

    def _why_missing(self, position: int) -> NoObservation | None:
        """The trouble in the cells since the last probe, if any: it explains why a name is not there."""
        for step in reversed(self.steps[:position]):
            if step.exercise is not None:
                return None
            if step.cell in self.trouble:
                return self.trouble[step.cell]
        return None

    def _alive(self, position: int) -> Kernel:
        """The living kernel, or a new one in which the cells before `position` ran again.

        Raises `KernelLost` when a limit allows no more.
        """
        while True:
            if self._left() <= 0:
                self.doubt = True
                raise KernelLost("timeout", f"the notebook's limit of {self.limits.notebook_seconds:g} s was reached")
            if self.kernel is not None:
                return self.kernel
            if self.starts > self.limits.restarts:
                self.doubt = True
                raise KernelLost("crashed", f"the notebook's limit of {self.limits.restarts} restarts was reached")
            self.starts += 1
            self.kernel = self.sandbox.kernel(self.lesson, self.limits)
            self.unspoiled = load(self.kernel, self.lesson)
            self._replay(self.kernel, position)

    def _replay(self, kernel: Kernel, position: int) -> None:
        for step in self.steps[:position]:
            if step.cell is not None and step.cell not in self.deadly:
                self._execute(kernel, step, step.cell)
            if self.kernel is None:
                return

    def _left(self) -> float:
        return self.deadline - time.monotonic()


def _problem(done: Execution, seconds: float) -> NoObservation | None:
    if done.timed_out:
        return NoObservation(Outcome.TIMEOUT, f"a cell ran longer than {seconds:.0f} s and was stopped")
    if done.error and done.error[0] == "NotImplementedError":
        return NoObservation(Outcome.NOT_ATTEMPTED)
    if done.error:
        return NoObservation(Outcome.ERROR, ": ".join(filter(None, done.error)))
    return None


def _note(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": f"\n[grader] {text}\n"}
