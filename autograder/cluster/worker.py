"""What a worker does: it makes a grader once from the order that it is sent, and grades submissions with it.

One process has one sandbox, whose kernels are forked from one warm process, however many threads grade. It speaks one
language at a time, that of the last submission that it was sent.
"""

from __future__ import annotations

import pickle
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from weakref import finalize

from distributed import get_worker

from autograder.cluster.compatibility import engine
from autograder.cluster.order import Order, packed
from autograder.lesson import speak
from autograder.running import Grader
from autograder.sandbox import NoIsolation, Sandbox, StoppableSandbox, sandbox_named

LOOK_SECONDS = 0.5
"""How often a worker looks whether anybody still waits for a grade."""
_making = threading.Lock()


def unfit(wanted_engine: str, isolation: str) -> str:
    """Why this worker can't grade for somebody with that engine, isolated like that; nothing where it can."""
    if wanted_engine != engine():
        return "its files of the package `autograder` are other ones than those here: install the same there"
    try:
        _sandbox(isolation)
    except NoIsolation as problem:
        return str(problem)
    return ""


def grade(wanted_engine: str, isolation: str, order: bytes, job: bytes) -> tuple[str, bytes]:
    """Do a job: a pickled function of a grader and a submission, and the submission.

    Gives why this worker can't, or nothing, and what the function returned, packed.
    """
    problem = unfit(wanted_engine, isolation)
    if problem:
        return problem, b""
    with _making:
        (grader, language), sandbox = _grader(order, isolation), StoppableSandbox(_sandbox(isolation))
        speak(language)
    work, content = pickle.loads(job)
    with _while_wanted(sandbox.stop):
        return "", packed(work(replace(grader, sandbox=sandbox), content), grader.lesson)


@cache
def _sandbox(isolation: str) -> Sandbox:
    return sandbox_named(isolation)


@lru_cache(maxsize=4)
def _grader(order: bytes, isolation: str) -> tuple[Grader, str]:
    """The order's grader, and its language; the lesson's files lie in a folder that nobody else may read, and go with
    it."""
    folder = Path(tempfile.mkdtemp(prefix="lesson-", dir=get_worker().local_directory))
    made: Order = pickle.loads(order)
    grader = made.grader(folder, _sandbox(isolation))
    finalize(grader.lesson, shutil.rmtree, folder, ignore_errors=True)
    return grader, made.language


@contextmanager
def _while_wanted(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` as soon as nobody waits for the present task any more: the run was interrupted, or is lost."""
    worker, done = get_worker(), threading.Event()
    key = worker.get_current_task()

    def watch() -> None:
        while not done.wait(LOOK_SECONDS):
            task = worker.state.tasks.get(key)
            if task is None or task.state == "cancelled":
                stop()
                return

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        done.set()
