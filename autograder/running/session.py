"""A notebook's cells in a kernel that may die: a new one runs them again, without the one that killed it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from typing import Any

from autograder.judging import CellError, NoObservation, Outcome
from autograder.lesson import Lesson, counted, said
from autograder.running.plan import Step
from autograder.running.remote import defined, load, renew
from autograder.sandbox import Execution, Kernel, KernelLost, Limits, Sandbox
from autograder.submission import Submission

_NAME = re.compile(r"(?:name|No module named) '(\w+)'")
_MISSED = {"NameError", "ModuleNotFoundError"}
_CELL_LINE = re.compile(r"^\s*Cell In ?\[\d{1,9}\], line (\d{1,6})")


@dataclass
class Log:
    """What a session leaves: each cell's outputs, and by cell why it did not do what it should.

    `doubt` is set once a kernel was lost or spoiled: whose fault that was can't be known, so what comes after is not to
    be trusted. `hung` are the cells that used up all their time while there was no doubt. `missed` are the names that
    were not there.
    """

    outputs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    trouble: dict[int, NoObservation] = field(default_factory=dict)
    hung: set[int] = field(default_factory=set)
    doubt: bool = False
    missed: set[str] = field(default_factory=set)

    def note_missed(self, types: Iterable[str], message: str) -> None:
        """Note the name or module that an exception says was not there, if it is of that kind."""
        if _MISSED.intersection(types):
            self.missed.update(_NAME.findall(message)[:1])


class Session:
    """A run through a plan: a living kernel in which the cells run one after the other, within the limits on both.

    A kernel that dies is replaced by a new one, in which the cells so far run again, without the one that killed it.
    `spoiling` are the cells that may change more than their own names (see `has_side_effects`).
    """

    def __init__(
        self, submission: Submission, lesson: Lesson, steps: list[Step], spoiling: Set[int], sandbox: Sandbox,
        limits: Limits, seconds: float,
    ) -> None:  # fmt: skip
        self.submission, self.lesson, self.steps, self.sandbox, self.limits = submission, lesson, steps, sandbox, limits
        self.log = Log()
        self._position = 0
        self._spoiling, self._touched = spoiling, False
        self._unspoiled = ""
        self._kernel: Kernel | None = None
        self._starts = 0
        self._deadly: set[int] = set()
        self._deadline = time.monotonic() + seconds

    def exercises(self) -> Iterator[str]:
        """Run the plan's cells in their order, and stop at each exercise that is to be probed."""
        for position, step in enumerate(self.steps):
            self._position = position
            if step.exercise is None:
                self._run(step)
            else:
                yield step.exercise

    @property
    def left(self) -> float:
        """Seconds until the limit on the whole run."""
        return self._deadline - time.monotonic()

    def kernel(self) -> Kernel:
        """The living kernel, or a new one in which the cells so far have run again.

        Raises `KernelLost` when a limit allows no more.
        """
        while True:
            if self.left <= 0:
                raise self._out_of("timeout", said("{number} s", number=f"{self.limits.notebook_seconds:g}"))
            if self._kernel is not None:
                return self._kernel
            if self._starts > self.limits.restarts:
                raise self._out_of("crashed", counted("{number} restart", "{number} restarts", self.limits.restarts))
            self._starts += 1
            self._kernel = self.sandbox.kernel(self.lesson, self.limits)
            self._unspoiled, self._touched = load(self._kernel, self.lesson), False
            self._replay(self._kernel)

    def renew(self) -> None:
        """Where a spoiling cell has run, make our own code in the kernel anew; notice what else the cell has changed,
        which is a reason for doubt.

        Raises `KernelLost` when a limit allows no more.
        """
        kernel = self.kernel()
        if not self._touched:
            return
        try:
            self.log.doubt |= renew(kernel, self.lesson) != self._unspoiled
            self._touched = False
        except KernelLost:
            self.lose()

    def is_unspoiled(self, control: str) -> bool:
        """Whether this is what the control of the experiment shows while nothing is spoiled; if not, our code is made
        anew at the next `renew`."""
        self._touched |= control != self._unspoiled
        return not self._touched

    def lose(self) -> None:
        """Give up the kernel, which is dead or as good as dead."""
        self.log.doubt = True
        self.close()

    def close(self) -> None:
        """End the kernel, if there is one."""
        if self._kernel is not None:
            self._kernel.close()
            self._kernel = None

    def why_missing(self, exercise: str) -> NoObservation | None:
        """The trouble in the exercise's solution cell, if any: it explains why a name is not there. Where there is no
        such cell, the trouble in the cells since the last exercise."""
        own = self.submission.find("solution", exercise)
        if own is not None:
            return self.log.trouble.get(own)
        for step in reversed(self.steps[: self._position]):
            if step.exercise is not None:
                return None
            if step.cell in self.log.trouble:
                return self.log.trouble[step.cell]
        return None

    def _run(self, step: Step) -> None:
        if step.cell is None:
            return
        try:
            if self.submission.cells[step.cell].role == "solution":
                self.renew()
            kernel = self.kernel()
        except KernelLost as lost:
            self.log.trouble[step.cell] = NoObservation(Outcome(lost.outcome), lost.reason)
            self.log.outputs[step.cell] = [_note(said("This cell did not run: {reason}.", reason=lost.reason))]
            return
        self._execute(kernel, step, step.cell)

    def _replay(self, kernel: Kernel) -> None:
        for step in self.steps[: self._position]:
            if step.cell is not None and step.cell not in self._deadly:
                self._execute(kernel, step, step.cell)
            if self._kernel is None:
                return

    def _execute(self, kernel: Kernel, step: Step, number: int) -> None:
        source = self.submission.cells[number].source
        seconds = max(0.1, min(self.limits.cell_seconds, self.left))
        self._touched |= number in self._spoiling
        try:
            if step.definitions:
                source = defined(kernel, source, seconds)
            done = kernel.execute(source if step.part is None else step.part, seconds)
        except KernelLost as lost:
            self._blame(number, lost)
        else:
            self._keep(step, number, done, seconds)

    def _blame(self, number: int, lost: KernelLost) -> None:
        others = self._spoiling - {number}  # one of which may have taken the interrupt away, or the reply
        self._note_hung(number, lost.outcome == "timeout" and not others)
        self.lose()
        self._deadly.add(number)
        self.log.trouble[number] = NoObservation(
            Outcome(lost.outcome), said("in a cell above, {reason}", reason=lost.reason)
        )
        self.log.outputs[number] = [_note(said("The kernel was lost here: {reason}.", reason=lost.reason))]

    def _keep(self, step: Step, number: int, done: Execution, seconds: float) -> None:
        if step.definitions or step.part is not None:
            return
        self.log.outputs[number] = done.outputs
        self._note_hung(number, done.timed_out)
        if done.timed_out:
            done.outputs.append(_note(said("This cell was stopped after {seconds} s.", seconds=f"{seconds:.0f}")))
        if problem := _problem(done, seconds, self.submission.cells[number].source):
            self.log.trouble[number] = problem
        if done.error:
            self.log.note_missed(done.error[:1], done.error[1])

    def _note_hung(self, number: int, timed_out: bool) -> None:
        if timed_out and self.left > 0 and not self.log.doubt:
            self.log.hung.add(number)

    def _out_of(self, outcome: str, limit: str) -> KernelLost:
        self.log.doubt = True
        return KernelLost(outcome, said("the notebook's limit of {limit} was reached", limit=limit))


def _problem(done: Execution, seconds: float, source: str) -> NoObservation | None:
    if done.timed_out:
        reason = said("a cell ran longer than {seconds} s and was stopped", seconds=f"{seconds:.0f}")
        return NoObservation(Outcome.TIMEOUT, reason)
    if done.error is None:
        return None
    return NoObservation(Outcome.ERROR, error=CellError(source, *done.error, _line_of(done)))


def _line_of(done: Execution) -> int | None:
    """The cell's line that its error came from, as IPython's traceback has it."""
    lines = (line for output in done.outputs for line in output.get("traceback", ()))
    found = (_CELL_LINE.search(line) for line in lines)
    return next((int(place[1]) for place in found if place), None)


def _note(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": f"\n[grader] {text}\n"}
