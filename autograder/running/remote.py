"""What the grader asks a kernel for, beyond running cells. `kernel_side.py` answers, as far as it is still itself:
every answer is read as hostile data."""

from __future__ import annotations

import base64
import time

from autograder.judging import NoObservation, Outcome, Seen
from autograder.lesson import Lesson, said
from autograder.probing import SEPARATOR, ObservationError, from_json
from autograder.sandbox import Kernel, KernelLost

MARGIN = 5.0
"""Seconds that a criterion gets beyond its own limit: the first one in a kernel warms torch up."""
RENEWAL_SECONDS = 5.0
_SIDE = "__import__('sys').modules['autograder.probing.kernel_side']"
_IMPORTED = "__import__('importlib').import_module('autograder.probing.kernel_side')"
_RENEWED = (
    "[__import__('sys').modules.pop(name) for name in [*__import__('sys').modules]"
    " if name.startswith(('autograder', 'lesson:')) and name != 'autograder.probing.integrity']"
    f" and None or {_IMPORTED}"
)
"""Our modules imported anew: whatever a notebook has put into the old ones is gone. The control remembers."""


class KernelBroken(RuntimeError):
    """A fresh kernel cannot run the probe: the grader's fault."""


def load(kernel: Kernel, lesson: Lesson) -> str:
    """Load a lesson's exercises into a fresh kernel; returns what `renew` gives while nothing is spoiled.

    Raises `KernelBroken`: no student's code has run yet.
    """
    try:
        found = _loaded(kernel, _IMPORTED, lesson, kernel.limits.start_seconds)
    except KernelLost as lost:
        raise KernelBroken(f"a fresh kernel was lost: {lost.reason}") from lost
    if not found:
        raise KernelBroken(f"a fresh kernel could not load {lesson.name}")
    return found


def renew(kernel: Kernel, lesson: Lesson) -> str | None:
    """Load our code and the lesson's exercises again, and return the control of the experiment (see `integrity.py`), or
    None where none comes. Raises `KernelLost`."""
    return _loaded(kernel, _RENEWED, lesson, RENEWAL_SECONDS)


def _loaded(kernel: Kernel, side: str, lesson: Lesson, seconds: float) -> str | None:
    return kernel.evaluate(f"({side}).load({lesson.name!r})", seconds)


def look(kernel: Kernel, lesson: Lesson, exercise: str, number: int, seed: int, most: float) -> Seen:
    """What one criterion shows, in at most so many seconds. Raises `KernelLost`."""
    seconds = lesson.exercises[exercise].criteria[number].seconds
    started = time.monotonic()
    text = kernel.evaluate(_call("observe_one", exercise, number, seed), max(0.1, min(seconds + MARGIN, most)))
    if text is None and time.monotonic() - started >= min(seconds, most):
        return NoObservation(Outcome.TIMEOUT, said("it ran longer than {seconds} s", seconds=f"{seconds:g}"))
    if text is None:
        return NoObservation(Outcome.ERROR, said("something in the notebook keeps the check from running"))
    try:
        return from_json(_unpacked(text))
    except ObservationError as error:
        return NoObservation(Outcome.ERROR, said("nothing that can be read came back ({error})", error=error))


def look_at_all(kernel: Kernel, lesson: Lesson, exercise: str, seed: int, most: float) -> tuple[str, list[Seen]] | None:
    """The control of the experiment, and then what all criteria show, if that all together takes no longer than any one
    of them may. None where it does, or where something can't be read. Raises `KernelLost`."""
    seconds = min(criterion.seconds for criterion in lesson.exercises[exercise].criteria)
    text = kernel.evaluate(_call("observe_all", exercise, seed), max(0.1, min(seconds, most)))
    control, *observed = (text or "").split(SEPARATOR)
    if len(observed) != len(lesson.exercises[exercise].criteria):
        return None
    try:
        return control, [from_json(_unpacked(one)) for one in observed]
    except ObservationError:
        return None


def defined(kernel: Kernel, source: str, seconds: float) -> str:
    """Of a cell's source what only defines names; nothing where it can't be read."""
    try:
        return _unpacked(kernel.evaluate(_call("defined", source), seconds))
    except ObservationError:
        return ""


def _call(name: str, *arguments: object) -> str:
    listed = ", ".join(map(repr, arguments))
    return f"{_SIDE}.{name}({listed})"


def _unpacked(text: str | None) -> str:
    try:
        return base64.b64decode(text or "", validate=True).decode()
    except ValueError as error:
        raise ObservationError("malformed observation") from error
