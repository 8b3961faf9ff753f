"""Nothing is left of a submission: after many of them there are no more processes, threads, files or memory."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import psutil
import pytest
from helpers import small_lesson

from autograder.running.grader import Grader
from autograder.sandbox import sandbox_named

WARM_UP, MANY, GROWTH = (50, 500, 20 / 450) if "SOAK" in os.environ else (30, 90, 6 / 60)
"""How many submissions come first, and in all; the MB that may be held more after each of the others: what allocators
keep, and no page of a submission's."""
SCALE, MIDDLE, TOTAL = small_lesson.ANSWERS["scale"], small_lesson.ANSWERS["middle"], small_lesson.ANSWERS["total"]
LITTER = (
    "import subprocess, threading, time\n"
    "open('/tmp/left', 'wb').write(bytes(10_000_000))\n"
    "kept = bytearray(50_000_000)\n"
    "subprocess.Popen(['sleep', '1000'], start_new_session=True)\n"
    "threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()\n"
    "print('x' * 100_000)\n"
)
KINDS = (
    [SCALE, MIDDLE, TOTAL],
    [LITTER + SCALE, MIDDLE, TOTAL],
    [SCALE, MIDDLE, TOTAL],
    [SCALE, "import os; os._exit(3)\n" + MIDDLE, TOTAL],
    [SCALE, "x = 1 / 0\n" + MIDDLE, TOTAL],
)


@dataclass(frozen=True)
class Held:
    """What this process and those below it hold: how many processes, threads, descriptors and temporary files; and
    memory in MB, of its own and below."""

    counts: tuple[int, int, int, int]
    own_memory: float
    memory_below: float


def held() -> Held:
    """Just now."""
    below = psutil.Process().children(recursive=True)
    descriptors = 0
    for each in (psutil.Process(), *below):
        with suppress(psutil.NoSuchProcess):
            descriptors += each.num_fds()
    return Held(
        (len(below), threading.active_count(), descriptors, len(list(Path(tempfile.gettempdir()).iterdir()))),
        psutil.Process().memory_info().rss / 1e6,
        sum(each.memory_info().rss for each in below if each.is_running()) / 1e6,
    )


def at_rest(like: Held | None = None) -> Held:
    """Once those that are just ending have ended: it is as it was before, or stays as it is, or half a minute has
    passed."""
    end, now = time.monotonic() + 30, held()
    while time.monotonic() < end:
        before = like or now
        time.sleep(2)
        now = held()
        if now.counts == before.counts:
            break
    return now


@pytest.fixture
def grader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Grader:
    """With a folder for temporary files of its own."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return Grader.for_lesson(small_lesson.write(tmp_path / "course"), sandbox_named("bubblewrap"))


def submissions(count: int) -> Iterator[bytes]:
    """So many, of all kinds in turn."""
    for number, answers in enumerate(islice(cycle(KINDS), count)):
        cells = map(small_lesson.solution, small_lesson.ANSWERS, answers)
        yield small_lesson.notebook([small_lesson.code(small_lesson.GIVEN), *cells, small_lesson.code(f"# {number}")])


@pytest.mark.slow
def test_many_submissions_leave_nothing_behind(grader: Grader) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(grader.grade, submissions(WARM_UP)))
        early = at_rest()
        points = [grade.points for grade in pool.map(grader.grade, submissions(MANY - WARM_UP))]
        late = at_rest(early)
    assert set(points[0::5] + points[1::5] + points[2::5]) == {sum(small_lesson.FULL.values())}
    assert max(points[3::5] + points[4::5]) < sum(small_lesson.FULL.values())
    assert late.counts == early.counts
    assert late.own_memory - early.own_memory < GROWTH * (MANY - WARM_UP)
    assert late.memory_below - early.memory_below < GROWTH * (MANY - WARM_UP)
