"""Runs a notebook's cells in a kernel that may die: a new one runs them again, without the one that killed it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from autograder.asking import definitions, load, renew
from autograder.grade import NoObservation, Outcome
from autograder.lesson import Lesson
from autograder.sandbox import Execution, Kernel, KernelLost, Limits, Sandbox
from autograder.steps import Step
from autograder.submission import Submission


@dataclass
class Told:
    """What a run of cells leaves to tell: each cell's outputs, and by cell why it did not do what it should.

    `doubt` is set once a kernel was lost or spoiled: whose fault that was can't be known, so what comes after is not to
    be trusted. `hung` are the cells that used up all their time while there was no doubt. `misses_name`: some name was
    not there.
    """

    outputs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    trouble: dict[int, NoObservation] = field(default_factory=dict)
    hung: set[int] = field(default_factory=set)
    doubt: bool = False
    misses_name: bool = False


class Cells:
    """The cells of a submission, a living kernel for them, and the limits on both."""

    def __init__(
        self, submission: Submission, lesson: Lesson, steps: list[Step], sandbox: Sandbox, limits: Limits,
        seconds: float,
    ) -> None:  # fmt: skip
        self.submission, self.lesson, self.steps, self.sandbox, self.limits = submission, lesson, steps, sandbox, limits
        self.told = Told()
        self._unspoiled = ""
        self._kernel: Kernel | None = None
        self._starts = 0
        self._deadly: set[int] = set()
        self._deadline = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds until the limit on the whole run."""
        return self._deadline - time.monotonic()

    def run(self, position: int) -> None:
        """Run the cell that this step is about."""
        step = self.steps[position]
        if step.cell is None:
            return
        try:
            if self.submission.cells[step.cell].role == "solution":
                self.check(position)
            kernel = self.kernel(position)
        except KernelLost as lost:
            self.told.trouble[step.cell] = NoObservation(Outcome(lost.outcome), lost.reason)
            self.told.outputs[step.cell] = [_note(f"This cell did not run: {lost.reason}.")]
            return
        self._execute(kernel, step, step.cell)

    def kernel(self, position: int) -> Kernel:
        """The living kernel, or a new one in which the cells before this step have run again.

        Raises `KernelLost` when a limit allows no more.
        """
        while True:
            if self.left <= 0:
                raise self._out_of("timeout", f"{self.limits.notebook_seconds:g} s")
            if self._kernel is not None:
                return self._kernel
            if self._starts > self.limits.restarts:
                raise self._out_of("crashed", f"{self.limits.restarts} restarts")
            self._starts += 1
            self._kernel = self.sandbox.kernel(self.lesson, self.limits)
            self._unspoiled = load(self._kernel, self.lesson)
            self._replay(self._kernel, position)

    def check(self, position: int) -> None:
        """Make our own code in the kernel anew; notice what else a cell has changed, which is a reason for doubt.

        Raises `KernelLost` when a limit allows no more.
        """
        kernel = self.kernel(position)
        try:
            self.told.doubt |= renew(kernel, self.lesson) != self._unspoiled
        except KernelLost:
            self.lose()

    def lose(self) -> None:
        """Give up the kernel, which is dead or as good as dead."""
        self.told.doubt = True
        self.close()

    def close(self) -> None:
        """End the kernel, if there is one."""
        if self._kernel is not None:
            self._kernel.close()
            self._kernel = None

    def why_missing(self, position: int) -> NoObservation | None:
        """The trouble in the cells since the last probe, if any: it explains why a name is not there."""
        for step in reversed(self.steps[:position]):
            if step.exercise is not None:
                return None
            if step.cell in self.told.trouble:
                return self.told.trouble[step.cell]
        return None

    def _replay(self, kernel: Kernel, position: int) -> None:
        for step in self.steps[:position]:
            if step.cell is not None and step.cell not in self._deadly:
                self._execute(kernel, step, step.cell)
            if self._kernel is None:
                return

    def _execute(self, kernel: Kernel, step: Step, number: int) -> None:
        source = self.submission.cells[number].source
        seconds = max(0.1, min(self.limits.cell_seconds, self.left))
        try:
            if step.definitions:
                source = definitions(kernel, source, seconds)
            done = kernel.execute(source, seconds)
        except KernelLost as lost:
            self._blame(number, lost)
        else:
            self._keep(step, number, done, seconds)

    def _blame(self, number: int, lost: KernelLost) -> None:
        self._note_hung(number, lost.outcome == "timeout")
        self.lose()
        self._deadly.add(number)
        self.told.trouble[number] = NoObservation(Outcome(lost.outcome), f"in a cell above, {lost.reason}")
        self.told.outputs[number] = [_note(f"The kernel was lost here: {lost.reason}.")]

    def _keep(self, step: Step, number: int, done: Execution, seconds: float) -> None:
        if step.definitions:
            return
        self.told.outputs[number] = done.outputs
        self._note_hung(number, done.timed_out)
        if done.timed_out:
            done.outputs.append(_note(f"This cell was stopped after {seconds:.0f} s."))
        if problem := _problem(done, seconds):
            self.told.trouble[number] = problem
        self.told.misses_name |= done.error is not None and done.error[0] == "NameError"

    def _note_hung(self, number: int, timed_out: bool) -> None:
        if timed_out and self.left > 0 and not self.told.doubt:
            self.told.hung.add(number)

    def _out_of(self, outcome: str, limit: str) -> KernelLost:
        self.told.doubt = True
        return KernelLost(outcome, f"the notebook's limit of {limit} was reached")


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
