"""What hostile submissions try, graded for real: nothing is read that is not theirs, nothing escapes, nothing stays."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest
from helpers.hostile_runs import HUSH, Grade, gone, instead, points, printed, without
from helpers.small_lesson import FULL, STUBS, code, solved

from autograder.lesson.lesson import Lesson

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


READER = r"""
import os, re, socket, sys
word = "hush" + "-4" + "711"
def seen(where, content):
    if word.encode() in content: print("FOUND", where)
for top, folders, files in os.walk("/"):
    folders[:] = [name for name in folders if os.path.join(top, name) not in ("/usr", "/sys")]
    if "site-packages" in top or "/lib/python3" in top: continue
    for name in files:
        path = os.path.join(top, name)
        if name in ("mistakes.md", "gradebook.db", "secret.key", "golden.json", "small.ipynb") or COURSE in path: print("THERE", path)
        try:
            if os.path.isfile(path) and "kpage" not in path and "kcore" not in path:
                with open(path, "rb") as file: content = file.read(2_000_000)
                seen(path, content)
                if path.startswith("/proc/") and COURSE.encode() in content and "cmdline" not in path: print("PATH", path)
        except OSError: pass
for line in open("/proc/self/maps"):
    start, end = (int(part, 16) for part in line.split()[0].split("-"))
    if "rw" in line and end - start < 2**30:
        try:
            with open("/proc/self/mem", "rb", 0) as memory:
                memory.seek(start); content = memory.read(end - start)
            if ("# " + word).encode() in content: print("FOUND in memory")
            del content
        except (OSError, ValueError): pass
print("environment", sorted(os.environ))
for home in ("/root", os.path.expanduser("~")):
    print("home", home, os.listdir(home) if os.path.exists(home) else None)
print("processes", [name for name in os.listdir("/proc") if name.isdecimal()])
for address in (("127.0.0.1", PORT), ("1.1.1.1", 53)):
    try: socket.create_connection(address, 1); print("CONNECTED", address)
    except OSError as error: print("network", error)
abstract = socket.socket(socket.AF_UNIX)
try: abstract.connect("\0" + word); print("CONNECTED abstract")
except OSError as error: print("abstract", error)
print("user", os.getuid(), os.getgid(), os.getgroups())
print("the end of reading")
"""  # noqa: E501


def test_nothing_can_be_read_but_the_submission_and_the_student_package(
    grade: Grade, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADEBOOK_PASSWORD", HUSH)
    with socket.socket(socket.AF_UNIX) as abstract, socket.create_server(("127.0.0.1", 0)) as server:
        abstract.bind(f"\0{HUSH}")
        abstract.listen()
        names = f"COURSE, PORT = {str(lesson.folder.parent)!r}, {server.getsockname()[1]}\n"
        graded = grade(solved(middle=names + READER), cell_seconds=60)
    text = printed(graded)
    assert "the end of reading" in text
    assert not [line for line in text.splitlines() if line.startswith(("FOUND", "THERE", "PATH", "CONNECTED"))]
    assert "processes ['1', '2']" in text
    assert "GRADEBOOK_PASSWORD" not in text and "TMPDIR" in text
    assert "user 0 " not in text
    assert points(graded) == FULL


PEEKING = """\
import gc, sys
def middle(numbers):
    frame, names = sys._getframe(), set()
    while frame:
        names |= {"expected", "reference", "points", "solution", "mistakes"} & frame.f_locals.keys()
        frame = frame.f_back
    print("peeked", names, [len(In), any("def total" in cell for cell in In)])
    raise NotImplementedError
"""


def test_stack_frames_and_history_hold_no_verdict_and_no_later_cell(grade: Grade) -> None:
    graded = grade([*instead(middle=PEEKING), code("import torch; middle(torch.ones(3))")])
    assert points(graded) == without("middle")
    assert "peeked set()" in printed(graded)


STAYING = r"""
import os, signal, subprocess, sys
subprocess.Popen(["sleep", MARK], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0: os.execvp("sleep", ["sleep", MARK])
    os._exit(0)
for place in ("/usr", "/etc", "/opt/course", "/opt/course/autograder", "/run", "/", "/dev", "/dev/shm", "/tmp", "/run/kernel",
              os.path.dirname(os.__file__), sys.prefix, *[path for path in sys.path if path.endswith("site-packages")]):
    for name in (MARK, "sitecustomize.py", "torch.py"):
        try:
            with open(f"{place}/{name}", "w") as file: file.write("raise SystemExit")
            print("WROTE", place, name)
        except OSError: pass
for pid in (GRADER, os.getppid(), 1):
    for number in (signal.SIGTERM, signal.SIGKILL):
        try: os.kill(pid, number); print("SIGNALLED", pid, number)
        except OSError: pass
open("torch.py", "w").write("raise SystemExit"); sys.path.insert(0, os.getcwd())
os.symlink("/etc/passwd", "/run/kernel/s-1x")
"""  # noqa: E501


def test_nothing_stays_and_nobody_is_hurt(grade: Grade, tmp_path: Path) -> None:
    mark = f"9{os.getpid()}{time.monotonic_ns() % 10**9}"
    names = f"MARK, GRADER = {mark!r}, {os.getpid()}\n"
    graded = grade(solved(middle=names + STAYING))
    assert points(graded) == FULL
    assert "SIGNALLED" not in printed(graded).replace("SIGNALLED 1 15", "")  # a first process ignores it
    private = {"/dev/shm", "/tmp", "/run/kernel"} | (
        {"/opt/course", "/opt/course/autograder"} if os.getuid() else set()
    )
    written = {line.split()[1] for line in printed(graded).splitlines() if line.startswith("WROTE")}
    assert written <= private
    assert gone(mark)
    assert not [place for place in ("/tmp", "/dev/shm", "/run") if (Path(place) / mark).exists()]
    later = grade(
        [code(f"import os, glob\nprint('left', glob.glob('/*/*{mark}*'), glob.glob('/*/*/torch.py'))"), *solved()]
    )
    assert "left [] []" in printed(later)


def test_hostile_metadata_counts_for_nothing(grade: Grade) -> None:
    cells = instead(middle=STUBS["middle"])
    for cell in cells:
        nbgrader = cell["metadata"].setdefault("nbgrader", {})
        nbgrader |= {"points": 1e9, "locked": False, "grade": True, "solution": True, "checksum": "0", "task": True}
        cell["metadata"] |= {"tags": ["skip-execution", "raises-exception"], "deletable": False, "id": "../../x"}
        cell["id"] = "<script>" * 100
        cell["attachments"] = {"x.png": {"text/html": "<script>"}}
        cell["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "100"}, "metadata": {}}]
    assert points(grade(cells)) == without("middle")
