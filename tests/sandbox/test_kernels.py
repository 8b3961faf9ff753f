"""The sandbox by itself: kernels, their limits, and their end."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from helpers import ROOT, users

from autograder.lesson.lesson import Lesson
from autograder.sandbox import Bubblewrap, Kernel, KernelLost, Limits, launch, warm
from autograder.sandbox.bubblewrap import BubblewrapMissing
from autograder.sandbox.isolation import Unconfined
from autograder.sandbox.launch import KernelNotStarted
from autograder.sandbox.limits import MB

LIMITS = Limits(cell_seconds=5, memory=1_500 * MB, processes=64, scratch=50 * MB, output=50_000)


@pytest.fixture(scope="module", params=["bubblewrap", "bubblewrap, one by one", "none"])
def kernel(request: pytest.FixtureRequest, lesson: Lesson) -> Iterator[Kernel]:
    """One kernel of each kind, for all tests that leave it alive."""
    with sandbox_of(request.param).kernel(lesson, LIMITS) as started:
        yield started


def sandbox_of(name: str) -> Bubblewrap | Unconfined:
    try:
        sandbox = Unconfined() if name == "none" else Bubblewrap.found()
    except BubblewrapMissing as reason:
        pytest.skip(str(reason))
    if isinstance(sandbox, Bubblewrap) and name.endswith("one by one"):
        sandbox.servers.work = False
    return sandbox


def text_of(outputs: list[dict[str, Any]]) -> str:
    return "".join(str(output.get("text", "")) for output in outputs)


def test_a_kernel_runs_cells_and_keeps_what_they_define(kernel: Kernel) -> None:
    assert kernel.execute("x = 'kept'\nprint('hello')", 20).outputs == [
        {"output_type": "stream", "name": "stdout", "text": "hello\n"}
    ]
    assert kernel.evaluate("x", 20) == "kept"
    failed = kernel.execute("1 / 0", 20)
    assert failed.error == ("ZeroDivisionError", "division by zero")
    assert failed.outputs[0]["output_type"] == "error"


@pytest.mark.parametrize("expression", ["3", "'a b'", "'<'", "None", "unknown", "1/0", "'x' * 10**8", "('x',)", "b'x'"])
def test_an_expression_gives_a_simple_text_or_none(kernel: Kernel, expression: str) -> None:
    assert kernel.evaluate(expression, 20) is None


@pytest.mark.parametrize(
    ("expression", "refused"),
    [
        ("__import__('socket').socket(40, 1)", "[Errno 97]"),  # AF_VSOCK belongs to no network namespace
        ("__import__('socket').socketpair(40, 1)", "[Errno 97]"),
        ("__import__('mmap').mmap(-1, 4096)", "[Errno 12]"),  # shared memory that is counted to nobody
        ("open('/dev/zero', 'r+b')", "[Errno 13]"),  # the same, once it is mapped
        ("__import__('fcntl').fcntl(__import__('os').pipe()[1], 1031, 1 << 20)", "[Errno 1]"),  # a larger pipe
    ],
)
def test_what_no_limit_bounds_is_refused(lesson: Lesson, expression: str, refused: str) -> None:
    with sandbox_of("bubblewrap").kernel(lesson, LIMITS) as kernel:
        tried = kernel.execute(f"try:\n    {expression}\nexcept OSError as error:\n    print(error)", 20)
        assert refused in text_of(tried.outputs)
        fine = "import mmap, socket\nmmap.mmap(-1, 9, mmap.MAP_PRIVATE), socket.socketpair()\nprint('fine')"
        assert "fine" in text_of(kernel.execute(fine, 20).outputs)


def test_a_graded_kernel_has_its_rooms_and_no_other(lesson: Lesson) -> None:
    look = "import os, autograder\nprint(*(name for name in os.listdir(autograder.__path__[0]) if '.' not in name))"
    with sandbox_of("bubblewrap").kernel(lesson, LIMITS) as kernel:
        there = set(text_of(kernel.execute(look, 20).outputs).split()) - {"__pycache__"}
    assert there == {"lesson", "source", "probing"}


def test_a_cell_that_runs_too_long_is_stopped_and_the_kernel_goes_on(kernel: Kernel) -> None:
    kernel.execute("n = 1", 20)
    done = kernel.execute("n = 2\nwhile True: pass", 1)
    assert done.timed_out and done.error is not None and done.error[0] == "KeyboardInterrupt"
    assert kernel.evaluate("str(n)", 20) == "2"
    assert kernel.evaluate("__import__('time').sleep(9)", 0.5) is None
    assert kernel.evaluate("str(n)", 20) == "2"


def test_output_after_a_message_too_large_is_still_heard(kernel: Kernel) -> None:
    done = kernel.execute("import sys\nprint('x' * 20_000_000)\nsys.stdout.flush()\nprint('after')", 20)
    assert "longer than the grader keeps" in text_of(done.outputs)
    assert text_of(kernel.execute("print('later')", 20).outputs) in ("later\n", "")


def test_a_kernel_shows_nothing_of_the_graders_environment(kernel: Kernel) -> None:
    names = text_of(kernel.execute("import os; print(sorted(os.environ), os.path.exists('kernel.json'))", 20).outputs)
    assert "TMPDIR" in names
    assert not set(os.environ) & {"PYTEST_CURRENT_TEST"} & set(names)
    assert "PYTEST" not in names


@pytest.mark.parametrize("name", ["bubblewrap", "bubblewrap, one by one"])
def test_nothing_outlives_a_kernel(lesson: Lesson, name: str) -> None:
    mark = f"7{os.getpid()}{time.monotonic_ns() % 10**9}"
    with sandbox_of(name).kernel(lesson, LIMITS) as kernel:
        kernel.execute(f"import subprocess; subprocess.Popen(['sleep', '{mark}'], start_new_session=True)", 20)
        assert marked(mark)
        started = psutil.Process(marked(mark)[0]).parent()
        assert started is not None
    assert gone(mark)
    assert not started.is_running()


@pytest.mark.parametrize(
    ("source", "reason"),
    [("import os; os._exit(4)", "exit status 4"), ("import os; os.kill(os.getpid(), 9)", "the kernel was killed")],
)
def test_a_kernel_that_is_lost_says_why_and_leaves_nothing(
    lesson: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, reason: str
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with sandbox_of("none").kernel(lesson, LIMITS) as kernel:
        with pytest.raises(KernelLost, match=reason) as lost:
            kernel.execute(source, 20)
        assert lost.value.outcome == "crashed"
        kernel.close()
    assert list(tmp_path.iterdir()) == []


def test_a_kernel_that_does_not_start_is_the_graders_fault_and_says_what_it_printed(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(KernelNotStarted, match="exit status 1"):
        sandbox_of("none").kernel(lesson, LIMITS)
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with pytest.raises(KernelNotStarted, match="/nonexistent/python"):
        sandbox_of("bubblewrap").kernel(lesson, LIMITS)


@pytest.mark.slow
def test_a_kernel_that_never_answers_is_given_up(lesson: Lesson) -> None:
    hasty = Limits(start_seconds=0.01)
    with pytest.raises(KernelNotStarted, match="did not start in time"):
        sandbox_of("bubblewrap").kernel(lesson, hasty)


GRADER = """\
import sys
from pathlib import Path
from autograder.lesson.lesson import Lesson
from autograder.sandbox import Bubblewrap, Limits
kernel = Bubblewrap.found().kernel(Lesson(Path(sys.argv[1])), Limits())
kernel.execute(f"import subprocess; subprocess.Popen(['sleep', {sys.argv[2]!r}], start_new_session=True)", 20)
print("ready", flush=True)
kernel.execute("import time; time.sleep(100)", 100)
"""


EVERYTHING = """\
import os, sys
from pathlib import Path
from autograder.running.grader import Grader
from autograder.lesson.lesson import Lesson
from autograder.sandbox import Bubblewrap, Limits
from helpers import small_lesson
lesson = small_lesson.write(Path(sys.argv[1]) / "course")
grader = Grader.for_lesson(lesson, Bubblewrap.found(), Limits(processes=64, cell_seconds=10))
look = '''
import os, threading, time
for place in ("/", "/usr", "/dev", "/run", "/etc"):
    try: open(place + "/x", "w"); print("WROTE", place)
    except OSError: pass
try:
    for number in range(500): threading.Thread(target=time.sleep, args=(3,), daemon=True).start()
except RuntimeError: print("threads end")
print("user", os.getuid())
'''
grade = grader.grade(small_lesson.notebook(small_lesson.solved(middle=look)))
printed = "".join(str(output.get("text")) for outputs in grade.outputs.values() for output in outputs)
print("warm" if grader.sandbox.servers.work else "one by one", grade.points, printed)
"""


def marked(mark: str) -> list[int]:
    """The processes of this machine whose command line holds the mark."""
    found = psutil.process_iter(["pid", "cmdline"])
    return [process.info["pid"] for process in found if mark in (process.info["cmdline"] or ())]


def gone(mark: str) -> bool:
    deadline = time.monotonic() + 20
    while marked(mark) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not marked(mark)


@pytest.mark.slow
def test_a_grader_that_is_killed_takes_its_kernels_with_it(lesson: Lesson, tmp_path: Path) -> None:
    sandbox_of("bubblewrap")
    mark = f"8{os.getpid()}{time.monotonic_ns() % 10**9}"
    root = ROOT
    grader = subprocess.Popen(
        [sys.executable, "-c", GRADER, str(lesson.folder), mark], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(root), "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    with grader:
        assert grader.stdout is not None and grader.stdout.readline() == "ready\n"
        assert marked(mark)
        grader.send_signal(signal.SIGKILL)
    assert gone(mark)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_it_works_for_a_grader_without_root() -> None:
    sandbox_of("bubblewrap")
    with users.user(users.USERS[1]) as user:
        done = user.run("-c", EVERYTHING, user.home)
        uid = str(user.uid)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["warm", "11", "threads", "end", "user", uid]


@pytest.mark.slow
def test_a_kernel_where_the_system_is_not_linux(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """macOS keeps no messages apart, does not tell of a process's end, and kills nobody with a parent."""
    text, server = launch.FORK_SERVER.read_text(), tmp_path / "forkserver.py"
    assert 'sys.platform == "linux"' in text
    server.write_text("import os\ndel os.pidfd_open\n" + text.replace('sys.platform == "linux"', "False"))
    monkeypatch.setattr(launch, "FORK_SERVER", server)
    for module in (launch, warm):
        monkeypatch.setattr(module, "PACKETS", socket.SOCK_STREAM)
    with Unconfined().kernel(lesson, Limits()) as kernel:
        assert kernel.evaluate("str(6 * 7)", 20) == "42"
        with pytest.raises(KernelLost, match="exit status 3"):
            kernel.execute("import os; os._exit(3)", 20)
    with Unconfined().kernel(lesson, Limits()) as kernel:
        kernel.kill()
        assert kernel.process.wait(20) == -signal.SIGKILL
