"""What a submission's processes use together is bounded, whoever grades: by root and by an ordinary user."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers import small_lesson, users

from autograder.lesson.lesson import Lesson
from autograder.sandbox import Bubblewrap, KernelLost, Limits, bubblewrap, launch
from autograder.sandbox import kernel as kernel_module
from autograder.sandbox.bubblewrap import BubblewrapMissing
from autograder.sandbox.launch import KernelNotStarted
from autograder.sandbox.limits import MB

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

FORKED = """
import ctypes, os, threading, time
def hoard():
    kept = [bytearray(b"1") * 10_000_000 for _ in range(30)]
    time.sleep(60)
for number in range(6):
    if os.fork() == 0:
        {how}
        os._exit(0)
time.sleep(60)
"""
OVER_MEMORY = {
    "each below the limit": FORKED.format(how="hoard()"),
    "nobody's children": FORKED.format(how="os.setsid()\n        if os.fork() == 0: hoard()"),
    "the first thread has ended": FORKED.format(
        how="threading.Thread(target=hoard).start(); time.sleep(0.1); ctypes.CDLL(None).syscall(60, 0)"
    ),
    "hidden": FORKED.format(how="ctypes.CDLL(None).prctl(4, 0, 0, 0, 0); hoard()"),
    "files in memory": "for folder in ('/tmp', '/dev/shm'):\n"
    "    for n in range(4): open(f'{folder}/{n}', 'wb').write(bytes(99_000_000))\n" + FORKED.format(how="hoard()"),
}
"""What goes over 1,500 MB, by less than a half, while no process does by itself."""
FINE = (
    "import torch\nfrom torch.utils.data import DataLoader\n"
    "print(sum(int(batch.sum()) for batch in DataLoader(torch.ones(64), batch_size=4, num_workers=4)))\n"
)
"""Processes that share what they inherit: 500 MB each, counted in full."""
GRADER = """
import json, sys
from pathlib import Path
from autograder.sandbox import Bubblewrap, KernelLost, Limits
from helpers import small_lesson
lesson, sandbox = small_lesson.write(Path(sys.argv[1])), Bubblewrap.found()
limits, said = Limits(memory=1_500_000_000, scratch=400_000_000), {}
for name, source in json.loads(sys.argv[2]).items():
    with sandbox.kernel(lesson, limits) as kernel:
        try:
            said[name] = "".join(str(output.get("text", output)) for output in kernel.execute(source, 60).outputs)
        except KernelLost as lost:
            said[name] = lost.reason
print(json.dumps([sandbox.servers.work, said]))
"""


@pytest.fixture(scope="module", params=users.USERS)
def user(request: pytest.FixtureRequest) -> Iterator[users.User]:
    try:
        Bubblewrap.found()
    except BubblewrapMissing as reason:
        pytest.skip(str(reason))
    with users.user(request.param) as found:
        yield found


def test_processes_that_are_each_below_the_limit_are_bounded_together(user: users.User) -> None:
    done = user.run("-c", GRADER, user.home / "course", json.dumps({**OVER_MEMORY, "fine": FINE}), seconds=390)
    assert done.stderr == ""
    warm, said = json.loads(done.stdout)
    assert warm
    assert said.pop("fine").endswith("64\n")
    assert said == dict.fromkeys(OVER_MEMORY, "the limit on memory (1,500 MB) was reached")


GRADING = """
import sys
from pathlib import Path
from helpers import courses, small_lesson
root = Path(sys.argv[1])
courses.make(root, small_lesson.write(root))
for name in ("ada", "bob", "cleo"):
    courses.submit(root, "small", name, courses.solved_small(root))
"""


def test_nothing_but_results_is_said_while_a_class_is_graded(user: users.User) -> None:
    root = user.home / "class"
    made = user.run("-c", GRADING, root)
    assert made.returncode == 0, made.stderr
    commands = (("grade", "small"), ("check", root / "submitted/ada/small/small.ipynb"))
    for command in commands:
        done = user.run("-m", "autograder", *command, "--course", root)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    return small_lesson.write(tmp_path / "course")


def watched_by(monkeypatch: pytest.MonkeyPatch, folder: Path, look: str) -> Bubblewrap:
    """A sandbox whose guards watch by the text of this method."""
    text = f"class Watch:\n    def __init__(self, *_): self.looks = 0\n    def __call__(self):\n        {look}\n"
    (folder / "watch.py").write_text(text)
    monkeypatch.setattr(launch, "WATCH", folder / "watch.py")
    return Bubblewrap.found()


def test_a_kernel_that_cannot_be_watched_is_not_started(
    lesson: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = watched_by(monkeypatch, tmp_path, "raise PermissionError('/proc')")
    with pytest.raises(KernelNotStarted, match="could not watch"):
        sandbox.kernel(lesson, Limits())


def test_a_kernel_that_can_be_watched_no_longer_ends(
    lesson: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = "self.looks += 1; return ('', 0.05) if self.looks < 200 else 1 / 0"
    sandbox = watched_by(monkeypatch, tmp_path, look)
    with sandbox.kernel(lesson, Limits()) as kernel, pytest.raises(KernelLost, match="could not watch"):
        kernel.execute("import time; time.sleep(60)", 60)


def test_a_guard_that_is_stopped_from_inside_holds_nobody_up(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where kernels are started one by one, an ordinary user's guard has the same user id as its kernel."""
    sandbox = Bubblewrap.found()
    sandbox.servers.work = False
    monkeypatch.setattr(bubblewrap, "fresh_uid", os.getuid)
    monkeypatch.setattr(kernel_module, "ENDING_SECONDS", 1.0)
    with sandbox.kernel(lesson, Limits()) as kernel:
        kernel.execute("import os, signal; os.kill(os.getppid(), signal.SIGSTOP)", 20)
        assert kernel.process.poll() is None
    assert kernel.process.wait(20) == -signal.SIGKILL


def test_what_is_printed_while_an_answer_is_looked_at_fills_no_memory(lesson: Lesson) -> None:
    endless = "def middle(numbers):\n    while True: print('y' * 5_000_000)\n"
    ask = "__import__('autograder.probing.kernel_side').kernel_side.answer('middle', 0, 1)"
    peak = "str(__import__('resource').getrusage(0).ru_maxrss)"
    with Bubblewrap.found().kernel(lesson, Limits()) as kernel:
        kernel.execute(small_lesson.GIVEN + endless, 20)
        kernel.evaluate("__import__('autograder.probing.kernel_side').kernel_side.load('small')", 20)
        before = int(kernel.evaluate(peak, 20) or 0)
        kernel.evaluate(ask, 3)
        assert int(kernel.evaluate(peak, 20) or 0) - before < 100 * MB / 1024
