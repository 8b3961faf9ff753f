"""What hostile submissions and bad luck try, graded for real: the sandbox, the run, the comparison.

Each test holds the promise: nothing is gained, nothing honest is lost, nothing is read, nothing stays, and it ends.
"""

from __future__ import annotations

import os
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from helpers import COURSE, small_lesson
from helpers.in_words import exercise_message
from helpers.small_lesson import ANSWERS, FULL, GIVEN, STUBS, check, code, solution, solved

from autograder.judging.golden import public_seed
from autograder.judging.grade import Outcome, SubmissionGrade
from autograder.lesson.lesson import Lesson
from autograder.probing.observation import to_json
from autograder.running.grader import Grader
from autograder.running.reference import expected_observations
from autograder.running.run import Runs
from autograder.sandbox import Bubblewrap, Limits
from autograder.sandbox.bubblewrap import BubblewrapMissing
from autograder.sandbox.limits import MB
from autograder.submission.cells import read_submission

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
LIMITS: dict[str, Any] = {
    "cell_seconds": 4, "notebook_seconds": 90, "memory": 1_500 * MB, "processes": 128, "scratch": 60 * MB,
    "file_size": 20 * MB, "open_files": 256, "output": 100_000, "restarts": 4,
}  # fmt: skip
HUSH = "hush-4711"
"""Stands in everything that a student must not read."""
Grade = Callable[..., SubmissionGrade]


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lesson]:
    """The small lesson in a course with a gradebook and another student's submission."""
    root = tmp_path_factory.mktemp("course")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        written = small_lesson.write(root)
        for path in (written.text, small_lesson.mistakes(written)):
            path.write_text(f"{path.read_text()}\n# {HUSH}\n")
        for name in ("gradebook.db", "submitted/bob/small/small.ipynb", "source/small/small.ipynb"):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(HUSH)
        yield written


@pytest.fixture
def grade(lesson: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Grade]:
    """Grades cells, or a file's bytes, within limits; sees to it that the grader leaves no file behind."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    try:
        sandbox = Bubblewrap.found()
    except BubblewrapMissing as reason:
        pytest.skip(str(reason))

    def grade_it(cells: list[dict[str, Any]] | bytes, **limits: Any) -> SubmissionGrade:
        grader = Grader.for_lesson(lesson, sandbox, Limits(**{**LIMITS, **limits}))
        return grader.grade(cells if isinstance(cells, bytes) else small_lesson.notebook(cells))

    yield grade_it
    assert list(tmp_path.iterdir()) == []


def points(grade: SubmissionGrade) -> dict[str, float]:
    return {exercise.exercise.id: exercise.points for exercise in grade.exercises}


def outcome(grade: SubmissionGrade, exercise: str) -> Outcome:
    return next(item.outcome for item in grade.exercises if item.exercise.id == exercise)


def message(grade: SubmissionGrade, exercise: str) -> str:
    return next(exercise_message(item) for item in grade.exercises if item.exercise.id == exercise)


def printed(grade: SubmissionGrade) -> str:
    return "".join(str(output.get("text", output)) for outputs in grade.outputs.values() for output in outputs)


def without(*exercises: str) -> dict[str, float]:
    """Full points in all other exercises."""
    return {name: 0.0 if name in exercises else most for name, most in FULL.items()}


def unsolved(**before: str) -> list[dict[str, Any]]:
    """A notebook of stubs, with code in front of some."""
    cells = [code(GIVEN)]
    for exercise, stub in STUBS.items():
        cells += [solution(exercise, before.get(exercise, "") + stub), check(exercise)]
    return cells


def instead(**answers: str) -> list[dict[str, Any]]:
    """A notebook with these answers in place of the right ones."""
    cells = [code(GIVEN)]
    for exercise, answer in {**ANSWERS, **answers}.items():
        cells += [solution(exercise, answer), check(exercise)]
    return cells


def gone(mark: str) -> bool:
    """Whether within a while no process of the machine has the mark in its command line."""
    deadline = time.monotonic() + 20
    while any(mark in " ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"])):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


# Forging the verdict

PATCHES = """\
import builtins, json, importlib, sys
import autograder.probing.kernel_side, autograder.probing.observe
import autograder.probing.probe, autograder.probing.observation
import torch.testing
torch.allclose = torch.equal = lambda *a, **k: True
torch.testing.assert_close = lambda *a, **k: None
torch.Tensor.__eq__ = lambda *a: True
torch.manual_seed = lambda *a: None
builtins.sum = lambda *a: 10**6
builtins.AssertionError = Exception
json.dumps = lambda *a, **k: '["scalar", true]'
for module in (autograder.probing.probe, autograder.probing.kernel_side, autograder.probing.observe):
    for name in ("probe", "probe_json", "observe", "answer", "attempt", "to_json"):
        setattr(module, name, lambda *a, **k: "WyJzY2FsYXIiLHRydWVd")
sys.excepthook = lambda *a: None
get_ipython().showtraceback = lambda *a, **k: None
get_ipython().display_formatter.format = lambda *a, **k: ({"text/plain": "100"}, {})
"""


def test_patches_gain_nothing_and_cost_no_other_exercise(grade: Grade) -> None:
    graded = grade(instead(middle=PATCHES + STUBS["middle"]), cell_seconds=2)
    assert points(graded) == without("middle")


def test_patches_in_a_cell_of_their_own_cost_nothing(grade: Grade) -> None:
    graded = grade([code(GIVEN), code(PATCHES), *solved()], cell_seconds=2)
    assert points(graded) == FULL


REPLAY = '''\
import base64, json, sys
KNOWN = json.loads({known!r})
def replay(exercise, number, seed):
    return base64.b64encode(KNOWN[exercise][number].encode()).decode()
class Forger:
    """Changes the probe while it is being probed."""
    def __init__(self, *arguments): self.forge()
    def __call__(self, *arguments): return self.forge()
    def forge(self):
        frame = sys._getframe()
        while frame and "to_json" not in frame.f_globals:
            frame = frame.f_back
        names = next(f.f_locals for f in frames() if "number" in f.f_locals and "exercise" in f.f_locals)
        exercise = names["exercise"] if isinstance(names["exercise"], str) else names["exercise"].id
        frame.f_globals["to_json"] = lambda observation: KNOWN[exercise][names["number"]]
def frames():
    frame = sys._getframe()
    while frame:
        yield frame
        frame = frame.f_back
import autograder.probing.kernel_side, autograder.probing.probe
autograder.probing.kernel_side.answer = replay
Scale = Forger
middle = total = Forger()
'''


def test_answers_cached_from_the_public_seed_gain_nothing(grade: Grade, lesson: Lesson) -> None:
    import json

    public = expected_observations(lesson, public_seed(lesson))
    known = {name: [to_json(node) for node in expected.reference] for name, expected in public.items()}
    replay = REPLAY.format(known=json.dumps(known))
    assert points(grade(instead(scale=replay, middle="", total=""))) == without(*FULL)


TRANSFORMERS = """\
import ast
class Rewrite(ast.NodeTransformer):
    def visit_FunctionDef(self, node):
        return ast.parse(f"def {node.name}(*a): return 1").body[0]
get_ipython().ast_transformers.append(Rewrite())
get_ipython().input_transformers_post.append(lambda lines: ["raise SystemExit\\n"])
get_ipython().events.register("pre_run_cell", lambda *a: 1 / 0)
"""


def test_transformers_gain_nothing_and_cost_no_other_exercise(grade: Grade) -> None:
    graded = grade(instead(middle=TRANSFORMERS + STUBS["middle"]))
    assert points(graded) == without("middle")
    assert "graded by itself" in message(graded, "total")


REBINDING = """\
import threading, time
class Anything:
    def __eq__(self, other): return True
    __hash__ = None
    def __call__(self, *a, **k): return self
    def __getattr__(self, name): return self
def rebind():
    while True:
        get_ipython().user_ns.update(total=Anything(), middle=Anything())
        time.sleep(0.001)
threading.Thread(target=rebind, daemon=True).start()
"""


def test_a_thread_that_rebinds_names_gains_nothing_and_costs_no_other_exercise(grade: Grade) -> None:
    assert points(grade(instead(middle=REBINDING + STUBS["middle"]))) == without("middle")


FORGED_MESSAGES = r"""
import json, threading, time
kernel = get_ipython().kernel
print('{"score": 100}'); print("100.0"); print("### PASSED ###")
odd = [[], 1, None, "x", {"msg_id": []}, {"user_expressions": [1]}, {"data": {"text/plain": 1, "image/png": "iVBORw0KGgo=\"><script>"}},
       {"name": "stdout", "text": "\ud800\x00<script>"}, {"status": "error", "ename": [], "evalue": {}, "traceback": [1]}]
def spam():
    while True:
        for header in odd:
            for content in odd:
                for kind in ("execute_reply", "stream", "display_data", "error", "status", [], None):
                    parent = kernel.get_parent("shell").get("header", {})
                    parts = [json.dumps(part, default=str).encode() for part in ({"msg_type": kind}, parent, header, content)]
                    for parts in (parts, [b"[" * 100_000, *parts], parts[:2]):
                        kernel.iopub_socket.send_multipart([b"t", b"<IDS|MSG>", b"sig", *parts])
        time.sleep(0.01)
threading.Thread(target=spam, daemon=True).start()
"""  # noqa: E501


def test_forged_messages_and_outputs_gain_nothing(grade: Grade) -> None:
    graded = grade(instead(middle=FORGED_MESSAGES + STUBS["middle"]))
    assert points(graded) == without("middle")
    assert outcome(graded, "middle") is Outcome.NOT_ATTEMPTED
    pictures = [o["data"]["image/png"] for outs in graded.outputs.values() for o in outs if "image/png" in str(o)]
    assert pictures == []


MONSTERS = {
    "scale": "class Scale(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n"
    "        for i in range(6000): self.register_parameter(f'p{i}', nn.Parameter(torch.ones(1)))\n"
    "    def forward(self, x):\n        y = [x]\n        for _ in range(40): y = [y, y]\n        return y\n",
    "middle": "def middle(x):\n    deep = x\n    for _ in range(5000): deep = [deep]\n"
    "    return deep, 'ab\\ud800\\x00' * 10**6\n",
    "total": "def total(x):\n    return torch.zeros(1).expand(10**12), {i: 'x' * 10**4 for i in range(10**5)}\n",
}  # fmt: skip


def test_monstrous_answers_fail_with_a_word_on_their_size(grade: Grade) -> None:
    graded = grade(instead(**MONSTERS))
    assert points(graded) == without(*FULL)
    assert {outcome(graded, name) for name in FULL} <= {Outcome.FAILED, Outcome.ERROR}
    assert "monstrous size" in message(graded, "scale")


GLOBAL_STATE = """\
import warnings, numpy as np
from torch.nn.modules import module
torch.set_default_dtype(torch.float64)
torch.set_default_device("meta")
torch.set_grad_enabled(False)
torch.use_deterministic_algorithms(True)
torch.set_anomaly_enabled(True)
torch.set_autocast_enabled("cpu", True)
module.register_module_forward_hook(lambda module, inputs, output: output * 0)
module.register_module_forward_pre_hook(lambda module, inputs: 1 / 0)
np.seterr(all="raise")
warnings.simplefilter("error")
"""


def test_global_settings_left_by_an_experiment_cost_nothing(grade: Grade) -> None:
    graded = grade([code(GIVEN), code(GLOBAL_STATE), *solved()])
    assert points(graded) == FULL
    assert not any(exercise.notes for exercise in graded.exercises)


SPOILERS = {
    "deletes what the lesson gives": "del nn, torch\n",
    "forgets everything": "%reset -f\n",
    "shadows builtins": "sum = 0\nlist = [1]\nfrom torch import *\n",
    "shadows what the grader asks by": "__import__ = lambda *a, **k: 1 / 0\n",
    "patches a layer": "nn.Module.to = nn.Linear.forward = nn.init.ones_ = lambda *a, **k: 1\nnn.Parameter = None\n",
    "patches as it assigns": "_ = setattr(torch.Tensor, 'sort', lambda *a: 1 / 0)\n",
    "patches in the body of a class": "class Spoiler:\n    torch.Tensor.sort = lambda *a: 1 / 0\n",
    "patches in a function": "def patch():\n    torch.Tensor.__mul__ = lambda *a: 1 / 0\n\n\npatch()\n",
    "overrides an operator": "library = torch.library.Library('aten', 'IMPL')\n"
    "library.impl('mul.Tensor', lambda *a: a[0] * 0, 'AutogradCPU')\n",
    "watches every call": "import sys\nsys.setprofile(lambda *a: 1 / 0)\n",
    "blocks a loop to come": "import asyncio, time\nasync def f():\n    time.sleep(99)\n_ = asyncio.create_task(f())\n",
    "rings an alarm": "import signal\n_ = signal.setitimer(signal.ITIMER_REAL, 0.3)\n",
}


@pytest.mark.parametrize("spoiler", SPOILERS.values(), ids=SPOILERS.keys())
def test_what_one_cell_spoils_for_others_costs_them_nothing(grade: Grade, spoiler: str) -> None:
    cells = solved()
    assert points(grade([cells[0], code(spoiler), *cells[1:]], notebook_seconds=40)) == FULL


FORGED = """\
import autograder.probing.observation as o, numpy as np
class Scale(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.weight = torch.ones(n)
    def forward(self, x):
        return {}
"""


@pytest.mark.parametrize(
    "answer",
    [
        "o.Raised((), '')", "o.Array((4, 3), '\\ud800', np.zeros(3), True)",
        "o.Array((4, 3), 'A' * 700_000, np.zeros(3), True)", "o.Array((4, 3), 'bool', 2 * np.ones((4, 3), 'u1'))",
        "o.Opaque('\\ud800' * 10_000)",
    ],
)  # fmt: skip
def test_no_forged_observation_keeps_the_grader_from_grading(grade: Grade, answer: str) -> None:
    graded = grade(instead(scale=FORGED.format(answer)))
    assert points(graded) == without("scale")
    assert len(message(graded, "scale").encode()) < 1_000


# Reading what is not theirs

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


# Escaping and staying

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


# Exhausting

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
    graded = grade(solved(middle=broken), cell_seconds=2, notebook_seconds=30, restarts=1)
    assert {**points(graded), "middle": 0.0} == without("middle")


def test_a_timed_bomb_costs_its_own_exercise_alone(grade: Grade) -> None:
    bomb = "import os, threading\nthreading.Timer(1.0, lambda: os._exit(9)).start()\n"
    slow = "import time\ntime.sleep(1.5)\n"
    graded = grade(solved(middle=bomb, total=slow))
    assert {**points(graded), "middle": 3.0} == FULL


def test_cells_that_use_up_the_notebooks_time_cost_no_exercise(grade: Grade) -> None:
    sleepers = [code("import time\ntime.sleep(100)\n")] * 20
    started = time.monotonic()
    graded = grade([*sleepers, *solved()], cell_seconds=2, notebook_seconds=30)
    assert points(graded) == FULL
    assert time.monotonic() - started < 30 * 2 + 30
    assert "the notebook's limit of 30 s was reached" in printed(graded)


def test_an_answer_that_hangs_everywhere_casts_no_doubt_on_others(lesson: Lesson) -> None:
    hanging = "def total(numbers):\n    while True:\n        pass\n"
    submission = read_submission(
        small_lesson.notebook([*solved()[:-2], solution("total", hanging), check("total")]), lesson
    )
    runs = Runs(submission, lesson, 7, Bubblewrap.found(), Limits())
    result = runs.whole()
    assert [each.outcome for each in result.seen["total"]] == [Outcome.TIMEOUT] * 2
    assert result.doubtful == set()


# No false alarm


@pytest.mark.parametrize("lesson_folder", sorted(COURSE.glob("*/exercises")), ids=lambda path: path.parent.name)
def test_a_lessons_own_cells_are_no_reason_for_doubt(lesson_folder: Path, grade: Grade) -> None:
    lesson = Lesson(lesson_folder.parent)
    released = COURSE / "release" / lesson.name / f"{lesson.name}.ipynb"
    submission = read_submission(released.read_bytes(), lesson)
    runs = Runs(submission, lesson, 7, Bubblewrap.found(), Limits())
    assert runs.whole().doubtful == set()


# Broken, not hostile

UNLUCKY = {
    "no Python": "class Broken(:\n    pass\n",
    "a missing package": "import surely_not_installed\n",
    "a GPU": "torch.ones(2).cuda()\n",
    "a file": "open('my_data.csv')\n",
    "the network": "import urllib.request\nurllib.request.urlopen('https://example.org', timeout=2)\n",
    "warnings": "import sys, warnings\nwarnings.warn('careful')\nprint('noise', file=sys.stderr)\n",
    "nothing to install from": "!echo installing\n%matplotlib inline\n",
    "a half of a character": "print('\ud83d')\n",
    "a check of their own": "from autograder import check\nprint(1)\ncheck('scale')\n",
    "null": "x = 1\x00\n",
}


def test_bad_luck_in_other_cells_costs_nothing(grade: Grade) -> None:
    graded = grade([code(GIVEN), *map(code, UNLUCKY.values()), *solved()])
    assert points(graded) == FULL
    assert not any(exercise.notes for exercise in graded.exercises)


def test_bad_luck_in_a_solution_costs_that_exercise_alone(grade: Grade) -> None:
    graded = grade(solved(middle="import surely_not_installed\n", total="answer = input('?')\n"))
    assert points(graded) == without("middle", "total")
    assert "surely_not_installed" in message(graded, "middle")
    assert outcome(graded, "middle") is Outcome.ERROR
