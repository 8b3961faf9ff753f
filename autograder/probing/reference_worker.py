"""The reference process: runs answers of a lesson (the reference, known mistakes, alternatives) under the probe.

Started by `reference.py`, one process for all answers of a lesson and seed. Reads one JSON object on standard
input, writes one on standard output. It runs the course's own code only, never a student's.
"""

from __future__ import annotations

import json
import linecache
import os
import sys
from pathlib import Path
from typing import Any

from autograder.lesson import Criterion, Exercise, Lesson
from autograder.probing.exceptions import raised
from autograder.probing.observation import Observation, Raised, Scalar, Sequence, to_json
from autograder.probing.probe import probe


def main() -> None:
    """Answer the request on standard input."""
    request = json.load(sys.stdin)
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what answers print must not mix with the reply
    exercises = Lesson(Path(request["folder"])).exercises
    replies = [
        _observe(exercises[answer["exercise"]], request["given"], answer["source"], request["seed"])
        for answer in request["answers"]
    ]
    json.dump(replies, out)
    out.close()


def _observe(exercise: Exercise, given: str, source: str, seed: int) -> list[str]:
    """What each criterion shows, and last a list of what nobody caught: the exception of running the source, or None,
    and the exception of each criterion, or None where it returned something, be that an exception too."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    broken: Observation = Scalar(None)
    try:
        _run(given, "<given>", namespace)
        _run(source, "<answer>", namespace)
    except Exception as error:
        broken = raised(error)
    if isinstance(broken, Raised) and exercise.requires not in namespace:
        node = Raised(broken.types, broken.message, broken.stub)
        found: list[tuple[Observation, bool]] = [(node, True)] * len(exercise.criteria)
    else:
        found = [_probed(exercise, criterion, seed, namespace) for criterion in exercise.criteria]
    uncaught = [node if escaped else Scalar(None) for node, escaped in found]
    return [*(to_json(node) for node, _ in found), to_json(Sequence("list", (broken, *uncaught)))]


def _probed(exercise: Exercise, criterion: Criterion, seed: int, namespace: dict[str, Any]) -> tuple[Observation, bool]:
    """What a criterion shows, and whether that is an exception that nobody caught."""
    try:
        return probe(exercise, criterion, seed, namespace, passing=(Exception,)), False
    except Exception as error:
        return raised(error), True


def _run(source: str, name: str, namespace: dict[str, Any]) -> None:
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), namespace)


if __name__ == "__main__":
    main()
