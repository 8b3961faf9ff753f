"""What right looks like: runs a lesson's own answers in processes of their own and keeps their observations.

The reference of an exercise is its solution cell in `lesson.py`; the known mistakes are in `mistakes.py`. Both run
under the same probe and the same seed as a submission, once a lesson and seed: results are cached by content.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autograder import interpreter
from autograder.diagnose import KnownMistake
from autograder.grade import Expected, GraderFault
from autograder.lesson import Lesson
from autograder.observation import Observation, from_json
from autograder.percent import Answer, answers, given_source, solutions
from autograder.settings import cores

WORKER = "autograder.reference_worker"
SECONDS = 300
"""Wall time after which a reference process counts as hung."""
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
    request = {
        "folder": str(lesson.folder.resolve()), "given": given_source(lesson), "seed": seed,
        "answers": [{"exercise": answer.exercise, "source": answer.source} for answer in wanted],
    }  # fmt: skip
    cached = cache_folder() / f"{_fingerprint(lesson, request)}.json"
    if not cached.exists():
        _write_whole(cached, json.dumps(_in_parallel(request)))
    replies: list[list[str]] = json.loads(cached.read_text())
    nodes = {text: from_json(text) for reply in replies for text in reply}  # many mistakes show the same
    return [tuple(nodes[text] for text in reply) for reply in replies]


def cache_folder() -> Path:
    """Where observations are kept: `$XDG_CACHE_HOME/inside-nn-module`, by default below `~/.cache`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "inside-nn-module"


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
    try:
        with tempfile.TemporaryDirectory(prefix="reference-") as folder:
            done = subprocess.run(
                command, input=json.dumps(request), capture_output=True, text=True, timeout=SECONDS, check=False,
                env=environment, cwd=folder,
            )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise GraderFault(f"the reference process took over {SECONDS} s") from error
    if done.returncode:
        raise GraderFault(f"the reference process failed:\n{done.stderr[-3000:]}")
    replies: list[list[str]] = json.loads(done.stdout)
    return replies


def _fingerprint(lesson: Lesson, request: dict[str, Any]) -> str:
    digest = hashlib.sha256(json.dumps(request).encode())
    digest.update(f"{version('torch')} {sys.version}".encode())
    sources = [lesson.folder / "exercises.py", *sorted(Path(__file__).parent.glob("*.py"))]
    for path in sources:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _write_whole(path: Path, text: str) -> None:
    """Write a file so that nobody ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
        file.write(text)
    Path(file.name).replace(path)
