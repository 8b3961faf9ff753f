"""What right looks like: runs a lesson's own answers in processes of their own and keeps their observations.

The reference of an exercise is its solution cell in `lesson.py`; the known mistakes are in its `mistakes.md`. Both run
under the same probe and the same seed as a submission, each once: results are cached (`observation_cache`).
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

from autograder.judging import Expected, GraderFault, KnownMistake
from autograder.lesson import Lesson
from autograder.probing import Observation, Sequence, from_json
from autograder.running.identity import observation_key
from autograder.running.observation_cache import keep, recall
from autograder.sandbox import cores, interpreter
from autograder.texts import Answer, answers, given_source, solutions

WORKER = "autograder.probing.reference_worker"
START_SECONDS, ANSWER_SECONDS = 120, 5
"""Wall time after which a reference process counts as hung: what it may take to start, and more for each answer."""
WORTH_A_PROCESS = 40
"""As many answers make up for starting another process, which has to import torch."""


def expected_observations(lesson: Lesson, seed: int) -> dict[str, Expected]:
    """Exercise id → what the reference and the known mistakes show under `seed`.

    Raises `GraderFault` when the lesson's own code fails: that is our fault, never a student's.
    """
    references = solutions(lesson)
    mistakes = [answer for answer in answers(lesson) if answer.mistake is not None]
    observed = observe_answers(lesson, [*references.values(), *mistakes], seed)
    known: dict[str, list[KnownMistake]] = {exercise: [] for exercise in references}
    for answer, observations in zip(mistakes, observed[len(references) :], strict=True):
        known[answer.exercise].append(KnownMistake(str(answer.mistake), answer.message, observations))
    return {
        exercise: Expected(observations, tuple(known[exercise]))
        for exercise, observations in zip(references, observed, strict=False)
    }


def observe_answers(lesson: Lesson, wanted: list[Answer], seed: int) -> list[tuple[Observation, ...]]:
    """The observations of each answer, criterion by criterion, from the cache or new reference processes."""
    return [shown for shown, _ in observe_and_watch(lesson, wanted, seed)]


def observe_and_watch(
    lesson: Lesson, wanted: list[Answer], seed: int
) -> list[tuple[tuple[Observation, ...], tuple[Observation, ...]]]:
    """The same, each with what nobody caught: the exception of running the answer, and that of each criterion, or
    `Scalar(None)` where there was none."""
    given = given_source(lesson)
    keys = [observation_key(lesson, given, answer.exercise, answer.source, seed) for answer in wanted]
    replies = recall(keys)
    missing = {key: answer for key, answer in zip(keys, wanted, strict=True) if key not in replies}
    if missing:
        asked = [{"exercise": answer.exercise, "source": answer.source} for answer in missing.values()]
        request = {"folder": str(lesson.folder.resolve()), "given": given, "seed": seed, "answers": asked}
        fresh = dict(zip(missing, _in_parallel(request), strict=True))
        keep(fresh)
        replies |= fresh
    nodes = {text: _node(text) for reply in replies.values() for text in reply}  # many mistakes show the same
    return [_parted([nodes[text] for text in replies[key]]) for key in keys]


_node = lru_cache(maxsize=100_000)(from_json)  # a build asks for the same observations twice


def _parted(reply: list[Observation]) -> tuple[tuple[Observation, ...], tuple[Observation, ...]]:
    *shown, uncaught = reply
    assert isinstance(uncaught, Sequence)
    return tuple(shown), uncaught.items


def _in_parallel(request: dict[str, Any]) -> list[list[str]]:
    """The replies to all answers, which several processes share: every n-th answer, since neighbours take alike."""
    count = max(1, min(cores(), len(request["answers"]) // WORTH_A_PROCESS))
    parts = [{**request, "answers": request["answers"][first::count]} for first in range(count)]
    replies: list[list[str]] = [[]] * len(request["answers"])
    with ThreadPoolExecutor(count) as workers:
        for first, part in enumerate(workers.map(_run, parts)):
            replies[first::count] = part
    return replies


def _run(request: dict[str, Any]) -> list[list[str]]:
    command, environment = interpreter.command("-m", WORKER), interpreter.environment(OMP_NUM_THREADS="1")
    seconds = START_SECONDS + ANSWER_SECONDS * len(request["answers"])
    try:
        with tempfile.TemporaryDirectory(prefix="reference-") as folder:
            done = subprocess.run(
                command, input=json.dumps(request), capture_output=True, text=True, timeout=seconds, check=False,
                env=environment, cwd=folder,
            )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise GraderFault(f"the reference process took over {seconds} s") from error
    if done.returncode:
        raise GraderFault(f"the reference process failed:\n{done.stderr[-3000:]}")
    replies: list[list[str]] = json.loads(done.stdout)
    return replies
