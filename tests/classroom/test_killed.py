"""A class run that is killed at any moment goes on where it stopped: no grade is lost or counted twice, nothing
submitted changes, nothing half-written is taken for a whole, nobody is left running."""

from __future__ import annotations

import contextlib
import os
import random
import sqlite3
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psutil
import pytest
from helpers import courses, small_lesson

from autograder.cli.commands import app
from autograder.nbgrader.gradebook import recorded

MOMENTS = (("grader", 0.2), ("power", 0.5), ("worker", 0.4), ("grader", 0.7), ("power", 0.9))
"""Who is killed, and when: as a part of the time that a run takes. Further kills come by chance."""
KILLS = 50 if "SOAK" in os.environ else len(MOMENTS) + 2
ANSWERS = {
    "right": {},
    "another": {"middle": "# Handed in again.\n"},
    "fails": {"scale": "1 / 0\n"},
}
"""What a student hands in, and later something else: code in front of the right answer to an exercise."""
POINTS = {
    "right": small_lesson.FULL,
    "another": small_lesson.FULL,
    "fails": {**small_lesson.FULL, "scale": 0.0},
}
STUDENTS = ("ada", "bea", "carl", "dora")


def hand_in(root: Path, student: str, what: str) -> None:
    """Replace a student's submission, in one step as a file system does it."""
    path = courses.submit(root, "small", student, courses.solved_small(root, **ANSWERS[what]), "arriving")
    path.rename(path.with_name("small.ipynb"))


def grade(root: Path) -> None:
    """`autograder grade small --jobs 2`, in a process of its own."""
    with (root / "output.txt").open("a") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    os.chdir(root)
    app(["grade", "small", "--jobs", "2"])


class Run:
    """One run, in a process forked from one that has imported everything already."""

    def __init__(self, root: Path) -> None:
        forks = get_context("forkserver")
        forks.set_forkserver_preload(
            ["autograder.cli.commands", "autograder.classroom.grading", "autograder.cli.console", __name__]
        )
        self.process = forks.Process(target=grade, args=(root,))
        self.process.start()
        self.family: set[psutil.Process] = set()

    def wait(self, seconds: float) -> bool:
        """Whether it is still running after some time, in which its children are noted."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.is_alive():
            self._note()
            time.sleep(0.05)
        self._note()
        return self.process.is_alive()

    def kill(self, whom: str) -> None:
        """End the grader, all of its family at once as a power cut does, or one child; then see the grader end."""
        alive = [each for each in self.family if each.is_running()]
        victims: dict[str, list[Any]]
        victims = {"grader": [self.process], "power": [self.process, *alive], "worker": alive[:1]}
        for victim in victims[whom]:
            with contextlib.suppress(psutil.NoSuchProcess):
                victim.kill()
        self.process.join(120)

    def left(self) -> list[psutil.Process]:
        """Who still runs a minute later: a process that is busy importing torch ends when it has done so."""
        return [each for each in psutil.wait_procs(self.family, timeout=60)[1] if each.status() != "zombie"]

    def _note(self) -> None:
        try:
            self.family |= set(psutil.Process(self.process.pid).children(recursive=True))
        except psutil.NoSuchProcess:
            return


def finish(root: Path) -> None:
    """A run that nobody kills."""
    run = Run(root)
    run.process.join(300)
    assert run.process.exitcode == 0, (root / "output.txt").read_text()[-2000:]


@pytest.mark.slow
def test_killed_at_any_moment(tmp_path: Path) -> None:
    seed = int(os.environ.get("KILLED_SEED", "0")) or random.SystemRandom().randrange(10**6)
    print(f"KILLED_SEED={seed}")
    chance = random.Random(seed)
    root = courses.make(tmp_path / "course", small_lesson.write(tmp_path / "course"))
    state = dict.fromkeys(STUDENTS, "right")
    for student, what in state.items():
        hand_in(root, student, what)
    started = time.monotonic()
    finish(root)
    usual = time.monotonic() - started
    kills = {"grader": 0, "power": 0, "worker": 0}
    while sum(kills.values()) < KILLS:
        for student in chance.sample(STUDENTS, 1):
            state[student] = chance.choice([what for what in ANSWERS if what != state[student]])
            hand_in(root, student, state[student])
        files = courses.contents(root / "submitted")
        number = sum(kills.values())
        whom, part = MOMENTS[number] if number < len(MOMENTS) else (chance.choice(list(kills)), chance.random())
        run, started = Run(root), time.monotonic()
        if run.wait(part * usual):
            run.kill(whom)
            kills[whom] += 1
            print(f"{sum(kills.values())}: {whom} after {time.monotonic() - started:.1f} s", flush=True)
        else:
            usual = time.monotonic() - started
        assert not run.left()
        assert courses.contents(root / "submitted") == files
        with sqlite3.connect(root / "gradebook.db") as gradebook:
            assert gradebook.execute("pragma integrity_check").fetchall() == [("ok",)]
        for student, known in recorded(root, "small").items():
            assert known.grade["score"] in {sum(points.values()) for points in POINTS.values()}, student
        if chance.random() < 0.1:
            finish(root)
            assert courses.points(root, "small") == {student: POINTS[what] for student, what in state.items()}
    finish(root)
    assert courses.points(root, "small") == {student: POINTS[what] for student, what in state.items()}
    assert all(kills.values()), kills
