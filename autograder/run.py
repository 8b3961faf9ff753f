"""Runs a submission's cells in a sandboxed kernel and probes each exercise where its check cell stands.

A cell that raises does not stop the notebook. A kernel that dies or hangs costs the exercise that killed it: a new
kernel runs the earlier cells again, without the one that killed, and goes on from there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from autograder.grade import NoObservation, Outcome, Seen
from autograder.lesson import Lesson
from autograder.observation import ObservationError, Raised, from_json
from autograder.probe import MISSING
from autograder.sandbox import Execution, Kernel, KernelLost, Limits, Sandbox
from autograder.submission import Submission

PROBE_MARGIN = 5.0
"""Seconds that a criterion gets beyond its own limit: the first one in a kernel warms torch up."""


@dataclass(frozen=True)
class Step:
    """Run cell number `cell`, or probe `exercise`."""

    cell: int | None = None
    exercise: str | None = None


@dataclass
class RunResult:
    """What each criterion of each exercise observed, and the outputs of each cell that ran."""

    seen: dict[str, list[Seen]] = field(default_factory=dict)
    outputs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def plan(submission: Submission, lesson: Lesson) -> list[Step]:
    """The steps of a run: every code cell but the check cells, in order, and a probe for each exercise: at its check
    cell, or where that is gone, just before the next exercise's solution, or at the end."""
    probes = {exercise: submission.place(exercise) for exercise in lesson.exercises}
    steps: list[Step] = []
    for number, cell in enumerate((*submission.cells, None)):
        steps += [Step(exercise=exercise) for exercise, place in probes.items() if place == number]
        if cell is not None and cell.code and cell.role != "check":
            steps.append(Step(cell=number))
    return steps


def run_submission(submission: Submission, lesson: Lesson, seed: int, sandbox: Sandbox, limits: Limits) -> RunResult:
    """Run and probe a whole submission. Raises `KernelNotStarted` when the machine can't start kernels."""
    runner = _Runner(submission, lesson, seed, sandbox, limits)
    try:
        return runner.run()
    finally:
        runner.close()


class _Runner:
    """The state of one run: the living kernel, what killed earlier ones, the errors of each exercise's cells."""

    def __init__(self, submission: Submission, lesson: Lesson, seed: int, sandbox: Sandbox, limits: Limits) -> None:
        self.submission, self.lesson, self.seed, self.sandbox, self.limits = submission, lesson, seed, sandbox, limits
        self.result = RunResult()
        self.steps = plan(submission, lesson)
        self.kernel: Kernel | None = None
        self.starts = 0
        self.deadly: set[int] = set()
        self.trouble: dict[int, NoObservation] = {}
        self.deadline = time.monotonic() + limits.notebook_seconds

    def run(self) -> RunResult:
        for position, step in enumerate(self.steps):
            if step.cell is not None:
                self._run_cell(position, step.cell)
            elif step.exercise is not None:
                self._probe(position, step.exercise)
        return self.result

    def close(self) -> None:
        if self.kernel is not None:
            self.kernel.close()
            self.kernel = None

    def _run_cell(self, position: int, number: int) -> None:
        try:
            self._execute(self._alive(position), number)
        except KernelLost as lost:
            self.close()
            self.deadly.add(number)
            self.trouble[number] = NoObservation(Outcome(lost.outcome), _cell_reason(lost))
            self.result.outputs[number] = [_note(f"The kernel was lost here: {lost.reason}.")]

    def _execute(self, kernel: Kernel, number: int) -> None:
        seconds = min(self.limits.cell_seconds, self.deadline - time.monotonic())
        done = kernel.execute(self.submission.cells[number].source, max(seconds, 0.1))
        self.result.outputs[number] = done.outputs
        if done.timed_out:
            done.outputs.append(_note(f"This cell was stopped after {seconds:.0f} s."))
        if problem := _problem(done, seconds):
            self.trouble[number] = problem

    def _probe(self, position: int, exercise: str) -> None:
        criteria = self.lesson.exercises[exercise].criteria
        seen: list[Seen] = []
        for number in range(len(criteria)):
            try:
                seen.append(self._look(self._alive(position), position, exercise, number))
            except KernelLost as lost:
                self.close()
                seen.append(NoObservation(Outcome(lost.outcome), lost.reason))
        self.result.seen[exercise] = seen

    def _look(self, kernel: Kernel, position: int, exercise: str, number: int) -> Seen:
        seconds = self.lesson.exercises[exercise].criteria[number].seconds
        left = self.deadline - time.monotonic()
        expression = f"__import__('sys').modules['autograder.kernel_side'].answer({exercise!r}, {number}, {self.seed})"
        started = time.monotonic()
        text = kernel.evaluate(expression, max(0.1, min(seconds + PROBE_MARGIN, left)))
        if text is None:
            slow = time.monotonic() - started >= min(seconds, left)
            reason = f"it ran longer than {seconds:g} s" if slow else "nothing that can be read came back"
            return NoObservation(Outcome.TIMEOUT if slow else Outcome.ERROR, reason)
        try:
            observation = from_json(text)
        except ObservationError as error:
            return NoObservation(Outcome.ERROR, str(error))
        if isinstance(observation, Raised) and observation.types[0] == MISSING:
            return self._why_missing(position) or observation
        return observation

    def _why_missing(self, position: int) -> NoObservation | None:
        """The trouble in the cells since the last probe, if any: it explains why a name is not there."""
        for step in reversed(self.steps[:position]):
            if step.exercise is not None:
                return None
            if step.cell in self.trouble:
                return self.trouble[step.cell]
        return None

    def _alive(self, position: int) -> Kernel:
        """The living kernel, or a new one in which the cells before `position` ran again."""
        while self.kernel is None:
            if self.starts > self.limits.restarts or time.monotonic() > self.deadline:
                limit = "time" if time.monotonic() > self.deadline else "restarts"
                raise KernelLost(
                    "timeout" if limit == "time" else "crashed", f"the notebook's limit of {limit} was reached"
                )
            self.starts += 1
            self.kernel = self._start()
            self._replay(self.kernel, position)
        return self.kernel

    def _start(self) -> Kernel:
        kernel = self.sandbox.kernel(self.lesson, self.limits)
        side = "__import__('importlib').import_module('autograder.kernel_side')"
        try:
            loaded = kernel.evaluate(f"{side}.load({self.lesson.name!r})", self.limits.start_seconds)
        except BaseException:
            kernel.close()
            raise
        if loaded != self.lesson.name:
            kernel.close()
            raise KernelBroken(f"a fresh kernel could not load {self.lesson.name}")
        return kernel

    def _replay(self, kernel: Kernel, position: int) -> None:
        for step in self.steps[:position]:
            if step.cell is None or step.cell in self.deadly:
                continue
            try:
                self._execute(kernel, step.cell)
            except KernelLost:
                self.close()
                self.deadly.add(step.cell)
                return


class KernelBroken(RuntimeError):
    """A fresh kernel cannot run the probe: the grader's fault."""


def _problem(done: Execution, seconds: float) -> NoObservation | None:
    if done.timed_out:
        return NoObservation(Outcome.TIMEOUT, f"a cell ran longer than {seconds:.0f} s and was stopped")
    if done.error and done.error[0] == "NotImplementedError":
        return NoObservation(Outcome.NOT_ATTEMPTED)
    if done.error:
        return NoObservation(Outcome.ERROR, f"{done.error[0]}: {done.error[1]}")
    return None


def _cell_reason(lost: KernelLost) -> str:
    return "a cell ran too long and could not be stopped" if lost.outcome == "timeout" else "a cell killed the kernel"


def _note(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": f"\n[grader] {text}\n"}
