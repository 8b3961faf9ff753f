"""What hostile submissions and bad luck try, graded for real: whatever is used up costs its own exercise alone."""

from __future__ import annotations

import os
import time

import psutil
import pytest
from helpers import small_lesson
from helpers.hostile_runs import LIMITS, Grade, gone, instead, message, outcome, points, printed, without
from helpers.small_lesson import ANSWERS, FULL, GIVEN, check, code, solution, solved

from autograder.judging.grade import Outcome
from autograder.lesson.lesson import Lesson
from autograder.running.run import Runs
from autograder.sandbox import Bubblewrap, Limits
from autograder.sandbox.limits import MB
from autograder.submission.cells import read_submission

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


ENDURED = {
    "recursion": "def again(): return again()\nagain()\n",
    "files and disk": "for n in range(99):\n    with open(f'/tmp/f{n}', 'wb') as file: file.write(b'x' * 19_000_000)\n",
    "one large file": "with open('/dev/shm/large', 'wb') as file: file.write(b'x' * 30_000_000)\n",
    "file descriptors": "files = []\nwhile True: files.append(open('/dev/null'))\n",
    "sys.exit": "import sys\nsys.exit(1)\n",
    "a prompt": "answer = input('your name?')\n",
    "no sockets left": "import glob, os\nfor path in glob.glob('/run/kernel/*'): os.unlink(path)\n",
    "much output": "for _ in range(3): print('x' * 20_000_000)\n",
    "memory": "hoard = []\nwhile True: hoard.append(bytearray(200_000_000))\n",
    # The last one, for the threads' stacks leave no memory to anybody until they end.
    "threads": "import threading, time\n"
    "while True: threading.Thread(target=time.sleep, args=(2,), daemon=True).start()\n",
}  # fmt: skip


def test_what_runs_into_a_limit_costs_no_exercise_and_says_which(grade: Grade) -> None:
    tidy = (
        "hoard = files = None\nimport os; [os.unlink(f'/tmp/f{n}') for n in range(9) if os.path.exists(f'/tmp/f{n}')]"
    )
    extra = [cell for source in ENDURED.values() for cell in (code(source), code(tidy))]
    graded = grade([code(GIVEN), *extra, *solved()], cell_seconds=20)
    assert points(graded) == FULL
    text = printed(graded)
    for told in ("No space left on device", "File too large", "Too many open files", "can't start new thread",
                 "MemoryError", "SystemExit", "does not support input", "RecursionError",
                 "the output was longer than the grader keeps"):  # fmt: skip
        assert told in text
    assert len(text) < LIMITS["output"] + 60_000


DEADLY = {
    "exit": ("import os\nos._exit(3)\n", "exit status 3"),
    "abort": ("import os\nos.abort()\n", "the kernel aborted"),
    "segmentation fault": ("import ctypes\nctypes.string_at(0)\n", "segmentation fault"),
    "its own signal": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n", "the kernel was killed"),
}


def test_cells_that_kill_the_kernel_cost_no_exercise(grade: Grade) -> None:
    cells = solved()
    for place, (source, _) in enumerate(DEADLY.values()):
        cells.insert(1 + 2 * place, code(source))
    graded = grade(cells)
    assert points(graded) == FULL
    for _, told in DEADLY.values():
        assert told in printed(graded)


@pytest.mark.parametrize(
    ("attack", "told"),
    [
        pytest.param("import os; os.closerange(3, 500)\n", "", id="closed sockets"),
        pytest.param("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)\n", "ran too long", id="stopped"),
        pytest.param(
            "import time\nwhile True:\n    try: time.sleep(1)\n    except BaseException: pass\n",
            "ran too long",
            id="ignores interrupts",
        ),
        pytest.param("import sys\nsys.setrecursionlimit(10**9)\ndef f(): f()\nf()\n", "", id="bottomless recursion"),
        pytest.param(
            "import os, socket, time\nfor n in range(20):\n    if os.fork() == 0:\n"
            "        hoard = [socket.socketpair() for _ in range(80)]\n        time.sleep(99)\ntime.sleep(15)\n",
            "2,048 open files",
            id="sockets in many processes",
        ),
        pytest.param(
            "import os, time\nfor n in range(4000): os.mkdir(f'/tmp/{n}')\ntime.sleep(9)\n", "files", id="files"
        ),
    ],
)
def test_a_cell_that_takes_the_kernel_with_it_costs_its_own_exercise_alone(
    grade: Grade, attack: str, told: str
) -> None:
    seconds = 20 if "files" in told else 2
    graded = grade(solved(middle=attack), cell_seconds=seconds, memory=1_200 * MB, files=3_000)
    assert points(graded) == without("middle")
    assert outcome(graded, "middle") in (Outcome.CRASHED, Outcome.TIMEOUT)
    assert told in message(graded, "middle")


FORKS = """\
import os
while True:
    try:
        if os.fork() == 0:
            os.execvp("sh", ["sh", "-c", "while :; do :; done; : " + MARK])
    except OSError:
        break
"""


def test_a_fork_bomb_ends_and_is_gone(grade: Grade) -> None:
    mark = f"bomb{os.getpid()}{time.monotonic_ns()}"
    graded = grade(solved(middle=f"MARK = {mark!r}\n{FORKS}"), processes=60, cell_seconds=5)
    assert {**points(graded), "middle": 0.0} == without("middle")
    assert gone(mark)


FLOOD = r"""
import os, socket, struct, threading, time
def flood(number):
    end = socket.socket(fileno=os.dup(number))
    frame = b"\x03" + struct.pack(">Q", 4_000_000) + b"z" * 4_000_000  # one of a message that never ends
    try:
        while True: end.sendall(frame)
    except OSError: pass
for name in os.listdir("/proc/self/fd"):
    if os.path.exists(f"/proc/self/fd/{name}") and os.readlink(f"/proc/self/fd/{name}").startswith("socket"):
        threading.Thread(target=flood, args=(int(name),), daemon=True).start()
time.sleep(1)
"""


def test_a_flood_on_the_kernels_sockets_costs_the_grader_no_memory(grade: Grade) -> None:
    grader, before = psutil.Process(), psutil.Process().memory_info().rss
    graded = grade(solved(middle=FLOOD), cell_seconds=3)
    assert points(graded) == without("middle")
    assert grader.memory_info().rss - before < 200 * MB


def test_endless_output_is_cut_off_and_said_so(grade: Grade) -> None:
    endless = "import sys\nfrom IPython.display import display\nwhile True: print('y' * 1000); display(1)\n"
    graded = grade(solved(middle=endless), cell_seconds=3)
    assert points(graded) == without("middle")
    assert outcome(graded, "middle") is Outcome.TIMEOUT
    assert "longer than the grader keeps" in printed(graded)
    assert len(printed(graded)) < 2 * LIMITS["output"]


def test_an_answer_that_kills_its_kernel_costs_its_own_exercise_alone(grade: Grade) -> None:
    deadly = "import os\ndef middle(numbers):\n    os._exit(0)\n"
    graded = grade(instead(middle=deadly))
    assert points(graded) == without("middle")
    assert outcome(graded, "middle") is Outcome.CRASHED


def test_an_answer_that_keeps_the_check_from_running_is_told_so(grade: Grade) -> None:
    graded = grade(instead(middle="get_ipython().user_expressions = lambda *_: {}\n" + ANSWERS["middle"]))
    assert points(graded) == without("middle")
    assert outcome(graded, "middle") is Outcome.ERROR
    assert "omething in the notebook keeps the check from running" in message(graded, "middle")


def test_an_answer_that_never_ends_costs_its_own_exercise_alone(grade: Grade) -> None:
    graded = grade(instead(middle="def middle(numbers):\n    while True: pass\n"))
    assert points(graded) == without("middle")
    assert outcome(graded, "middle") is Outcome.TIMEOUT


def test_a_cell_that_breaks_the_kernels_output_costs_its_own_exercise_alone(grade: Grade) -> None:
    broken = "import sys\nsys.stdout.close()\nsys.stdout = sys.stderr = None\n"
    graded = grade(solved(middle=broken), cell_seconds=2, notebook_seconds=15, restarts=1)
    assert {**points(graded), "middle": 0.0} == without("middle")


def test_a_timed_bomb_costs_its_own_exercise_alone(grade: Grade) -> None:
    bomb = "import os, threading\nthreading.Timer(1.0, lambda: os._exit(9)).start()\n"
    slow = "import time\ntime.sleep(1.5)\n"
    graded = grade(solved(middle=bomb, total=slow))
    assert {**points(graded), "middle": 3.0} == FULL


def test_cells_that_use_up_the_notebooks_time_cost_no_exercise(grade: Grade) -> None:
    sleepers = [code("import time\ntime.sleep(100)\n")] * 10
    started = time.monotonic()
    graded = grade([*sleepers, *solved()], cell_seconds=2, notebook_seconds=15)
    assert points(graded) == FULL
    assert time.monotonic() - started < 15 * 2 + 30
    assert "the notebook's limit of 15 s was reached" in printed(graded)


def test_an_answer_that_hangs_everywhere_casts_no_doubt_on_others(lesson: Lesson, sandbox: Bubblewrap) -> None:
    hanging = "def total(numbers):\n    while True:\n        pass\n"
    submission = read_submission(
        small_lesson.notebook([*solved()[:-2], solution("total", hanging), check("total")]), lesson
    )
    runs = Runs(submission, lesson, 7, sandbox, Limits())
    result = runs.whole()
    assert [each.outcome for each in result.seen["total"]] == [Outcome.TIMEOUT] * 2
    assert result.doubtful == set()
