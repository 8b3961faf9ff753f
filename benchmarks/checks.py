"""How long a student waits for `check("…")`: every exercise of the course, answered as the lesson does, in one notebook
after the other. The median and the slowest, in seconds; the first call in a process, which warms torch up, apart."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from autograder.lesson.lesson import all_lessons
from autograder.student import check as student
from autograder.texts.percent import given_source, solutions


def waiting(course: Path) -> dict[str, Any]:
    """Seconds for each exercise, by its id, and what they come to."""
    seconds: dict[str, float] = {}
    names = vars(sys.modules["__main__"])
    for lesson in all_lessons([course]):
        exec(compile(given_source(lesson), "<given>", "exec"), names)
        for exercise, answer in solutions(lesson).items():
            exec(compile(answer.source, "<answer>", "exec"), names)
            seconds[exercise] = _checked(exercise)
    first = seconds.pop(next(iter(seconds)))
    return {
        "exercises": len(seconds),
        "median": median(seconds.values()),
        "most": max(seconds.values()),
        "first": first,
    }


def _checked(exercise: str) -> float:
    started, shown = time.perf_counter(), io.StringIO()
    with contextlib.redirect_stdout(shown):
        student.check(exercise)
    if "passed" not in shown.getvalue():
        raise RuntimeError(f"the lesson's own answer to {exercise} does not pass:\n{shown.getvalue()}")
    return time.perf_counter() - started


if __name__ == "__main__":
    print(json.dumps(waiting(Path(sys.argv[1]))))
