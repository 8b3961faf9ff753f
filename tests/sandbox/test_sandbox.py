"""The sandbox by itself: the wire to a kernel, what is kept of its outputs, its walls, its limits, and its end."""

from __future__ import annotations

import base64
import io
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import zmq
from helpers import ROOT, small_lesson, users
from hypothesis import given
from hypothesis import strategies as st

from autograder.lesson.lesson import Lesson
from autograder.sandbox import (
    Bubblewrap,
    Kernel,
    KernelLost,
    Limits,
    NoIsolation,
    bubblewrap,
    launch,
    sandbox_named,
    warm,
)
from autograder.sandbox.bubblewrap import BubblewrapMissing
from autograder.sandbox.isolation import Unconfined
from autograder.sandbox.launch import KernelNotStarted
from autograder.sandbox.limits import MB
from autograder.sandbox.messages import DELIMITER, MAX_HEADER, Message, answer_to, label, request
from autograder.sandbox.outputs import OutputKeeper, plain
from autograder.sandbox.package import student_package
from autograder.sandbox.seccomp import AUDIT_ARCHITECTURES, seccomp_program
from autograder.sandbox.wire import (
    COMMAND,
    GREETING,
    MAX_FRAMES,
    MORE,
    TOO_LARGE,
    Frames,
    Wire,
    WireClosed,
    _frame,
    _ready,
)

# The wire

BODIES = st.lists(st.binary(max_size=400), min_size=1, max_size=5)


@given(messages=st.lists(BODIES, max_size=5), cuts=st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_messages_come_out_as_they_went_in_however_the_bytes_are_cut(
    messages: list[list[bytes]], cuts: list[int]
) -> None:
    stream = b"".join(
        _frame(MORE * (place < len(bodies) - 1), body) for bodies in messages for place, body in enumerate(bodies)
    )
    frames, received, place = Frames(10_000), [], 0
    while place < len(stream):
        size = cuts[place % len(cuts)]
        received += list(frames.feed(stream[place : place + size]))
        place += size
    assert received == messages


@given(st.lists(st.binary(max_size=300), max_size=10))
def test_any_bytes_are_taken_without_complaint(chunks: list[bytes]) -> None:
    frames = Frames(100)
    for chunk in chunks:
        for message in frames.feed(chunk):
            assert sum(map(len, message)) <= 100


@pytest.mark.parametrize(
    "large",
    [
        [b"x" * 2_000],
        [b"x" * 600, b"y" * 600],
        [b"x"] * (MAX_FRAMES + 1),
        [b""] * 500,
    ],
    ids=["a frame", "frames together", "many frames", "many empty frames"],
)
def test_a_message_too_large_is_passed_over_and_the_next_is_read(large: list[bytes]) -> None:
    frames = Frames(1_000)
    stream = b"".join(_frame(MORE * (place < len(large) - 1), body) for place, body in enumerate(large))
    received = [message for byte in stream + _frame(0, b"next") for message in frames.feed(bytes((byte,)))]
    assert received == [TOO_LARGE, [b"next"]]


def test_a_message_that_never_ends_takes_no_memory() -> None:
    frames, chunk = Frames(10_000), _frame(MORE, b"z" * 9_000)
    for _ in range(500):
        assert list(frames.feed(chunk)) == []
    assert len(frames._bytes) + sum(map(len, frames._message)) < 20_000
    huge = struct.pack(">BQ", 3, 2**63)
    for part in (huge, *[b"z" * 100_000] * 50):
        assert list(frames.feed(part)) == []
    assert len(frames._bytes) < 20_000


@pytest.fixture
def context() -> Iterator[zmq.Context[Any]]:
    with zmq.Context() as made:
        yield made


def received(wire: Wire) -> list[list[bytes]]:
    deadline, found = time.monotonic() + 10, []
    while not found and time.monotonic() < deadline:
        found = list(wire.receive())
    return found


def test_it_speaks_with_zeromq(context: zmq.Context[Any], tmp_path: Path) -> None:
    with context.socket(zmq.ROUTER) as router, context.socket(zmq.XPUB) as publisher:
        router.bind(f"ipc://{tmp_path}/router")
        publisher.bind(f"ipc://{tmp_path}/publisher")
        asking = Wire(str(tmp_path / "router"), "DEALER", 10**6, 5)
        hearing = Wire(str(tmp_path / "publisher"), "SUB", 10**6, 5)
        asking.send([b"question", b"x" * 70_000, b""])
        identity, *message = router.recv_multipart()
        assert message == [b"question", b"x" * 70_000, b""]
        router.send_multipart([identity, b"answer", b"y" * 300])
        assert received(asking) == [[b"answer", b"y" * 300]]
        assert publisher.recv() == b"\x01"
        publisher.send_multipart([b"z" * 2 * 10**6])
        publisher.send_multipart([b"topic", b"news"])
        found = received(hearing)
        found += received(hearing) if len(found) < 2 else []
        assert found == [TOO_LARGE, [b"topic", b"news"]]
        asking.close()
        hearing.close()


def test_it_says_when_the_other_end_is_gone_or_deaf(tmp_path: Path) -> None:
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "s"))
    server.listen()
    with pytest.raises(TimeoutError):
        Wire(str(tmp_path / "s"), "DEALER", 100, 0.2)

    def serve() -> None:
        with server.accept()[0] as end:
            end.sendall(bytes(64) + b"\x04\x00")
            end.recv(len(GREETING) + len(_frame(COMMAND, _ready("DEALER"))), socket.MSG_WAITALL)

    server.accept()[0].close()
    threading.Thread(target=serve).start()
    wire = Wire(str(tmp_path / "s"), "DEALER", 100, 5)
    with pytest.raises(WireClosed):
        received(wire)
    wire.close()
    server.close()
    with pytest.raises(OSError, match="refused"):
        Wire(str(tmp_path / "s"), "DEALER", 100, 1)


# Messages

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["msg_id", "msg_type", "a"]), inner),
    max_leaves=6,
)


@given(
    frames=st.lists(
        st.binary(max_size=20) | st.just(DELIMITER) | JSON.map(lambda plain: repr(plain).encode()), max_size=8
    )
)
def test_any_frames_are_a_message_or_none(frames: list[bytes]) -> None:
    assert answer_to("id", frames) is None
    assert label(frames) == ("", "")


def test_an_answer_is_told_from_others() -> None:
    identity, frames = request("kernel_info_request", {}, "key")
    header, content = b'{"msg_type": "status"}', b'{"execution_state": "idle"}'
    parent = frames[2]
    assert answer_to(identity, [b"topic", DELIMITER, b"", header, parent, b"{}", content]) == Message(
        "status", {"execution_state": "idle"}
    )
    assert label([b"topic", DELIMITER, b"", header, parent, b"{}", b"unread"]) == ("status", identity)
    assert label([DELIMITER, b"", header, b" " * MAX_HEADER + parent, b"{}", content]) == ("", "")
    for wrong in (
        [b"topic", DELIMITER, b"", header, b'{"msg_id": "other"}', b"{}", content],
        [b"topic", DELIMITER, b"", header, b'["%s"]' % identity.encode(), b"{}", content],
        [b"topic", DELIMITER, b"", b'{"msg_type": []}', parent, b"{}", content],
        [b"topic", DELIMITER, b"", header, parent, b"{}", b"[" * 100_000],
        [b"topic", DELIMITER, b"", header, parent, b"{}", b"\xff"],
        [b"topic", DELIMITER, b"", header, parent],
        frames,
        [],
    ):
        assert answer_to(identity, wrong) is None


# Outputs

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(30)).decode()


def kept(*messages: tuple[str, dict[str, Any]], budget: int = 10_000) -> list[dict[str, Any]]:
    keeper, outputs = OutputKeeper(budget), []
    for kind, content in messages:
        keeper.add(outputs, Message(kind, content))
    return outputs


def test_text_and_pictures_are_kept() -> None:
    outputs = kept(
        ("stream", {"name": "stdout", "text": "a\x1b[31mb\x00\n"}),
        ("stream", {"name": "stdout", "text": "c\ud800"}),
        ("display_data", {"data": {"image/png": f"{PNG}\n", "text/plain": "<Figure>", "text/html": "<script>"}}),
        ("error", {"ename": "E", "evalue": "why", "traceback": ["\x1b[0;31mline\x1b[0m", 3]}),
    )
    assert outputs == [
        {"output_type": "stream", "name": "stdout", "text": "ab\nc?"},
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": PNG, "text/plain": "<Figure>"}},
        {"output_type": "error", "ename": "E", "evalue": "why", "traceback": ["line", ""]},
    ]


@pytest.mark.parametrize(
    "data",
    [
        {"text/html": "<script>alert(1)</script>"},
        {"application/javascript": "alert(1)"},
        {"image/svg+xml": "<svg onload='alert(1)'>"},
        {"image/png": "<script>"},
        {"image/png": f'{PNG}"><script>alert(1)</script>'},
        {"image/png": base64.b64encode(b"GIF89a").decode()},
        {"image/png": [PNG]},
        {"text/plain": 3},
        {3: 3},
        {},
    ],
)
def test_nothing_else_of_an_output_is_kept(data: dict[Any, Any]) -> None:
    assert kept(("display_data", {"data": data})) == []


KEYS = ("name", "text", "data", "ename", "evalue", "traceback")


@given(
    kind=st.sampled_from(["stream", "display_data", "error", "status", "comm_open", "input_request"]),
    content=st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, JSON | st.just("stdout"))),
)
def test_an_output_of_any_shape_is_kept_or_not(kind: str, content: dict[str, Any]) -> None:
    for output in kept((kind, content)):
        assert output["output_type"] in ("stream", "display_data", "error")


def test_outputs_end_at_the_budget_with_a_word() -> None:
    stream = [("stream", {"name": name, "text": "x" * 300}) for name in ("stdout", "stderr")] * 1_000
    displays = [("display_data", {"data": {"text/plain": text}}) for text in ("", "y")] * 1_000
    for messages in (stream, displays, [("stream", {"name": "stdout", "text": "z" * 10**6})]):
        outputs = kept(*messages)
        assert len(outputs) < 30
        assert len(str(outputs)) < 15_000
        assert str(outputs).count("longer than the grader keeps") == 1


def test_plain_is_plain() -> None:
    assert plain("\x1b[1;31mred\x1b[0m\x07\ud800", 100) == "red?"
    assert plain(["red"], 100) == plain(None, 100) == ""
    assert plain("abc", 2) == "ab"


# What a sandbox is made of


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return small_lesson.write(tmp_path_factory.mktemp("course"))


def test_the_student_package_holds_no_answer(lesson: Lesson) -> None:
    lesson.golden.write_text("{}")
    names = zipfile.ZipFile(io.BytesIO(student_package(lesson))).namelist()
    words = lesson.folder / "languages" / "eo.mo"
    words.parent.mkdir()
    words.touch()
    checked = zipfile.ZipFile(io.BytesIO(student_package(lesson, [lesson]))).namelist()
    lesson.golden.unlink()
    shutil.rmtree(words.parent)
    graded_rooms, student_rooms = {"lesson", "source", "probing"}, {"judging", "feedback", "student"}
    assert rooms_in(names) == graded_rooms
    assert rooms_in(checked) == graded_rooms | student_rooms
    others = {name for name in set(checked) - set(names) if not name.startswith("autograder/")}
    assert others == {"lessons/small/golden.json", "lessons/small/languages/eo.mo"}
    assert len(checked) == len(set(checked))
    assert [name for name in names if name.startswith("lessons/")] == ["lessons/small/exercises/__init__.py"]
    assert not [name for name in names if not name.endswith((".py", "-ubyte"))]
    assert len([name for name in names if name.endswith("-ubyte")]) == 4


def rooms_in(names: Iterable[str]) -> set[str]:
    """The folders of the engine among an archive's files."""
    return {parts[1] for name in names if (parts := name.split("/"))[0] == "autograder" and len(parts) > 2}


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize(("uid", "expected"), [(0, ["--cap-drop", "ALL"]), (1000, ["--unshare-user"])])
def test_the_walls_are_the_same_with_and_without_root(
    monkeypatch: pytest.MonkeyPatch, uid: int, expected: list[str], shared: bool
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: uid)
    options = bubblewrap._options(Limits(scratch=123), shared)
    for option in [*expected, "--unshare-net", "--unshare-pid", "--unshare-ipc", "--new-session"]:
        assert option in options
    assert ("CAP_SYS_ADMIN" in options) == shared
    mounted = {options[place + 1] for place, option in enumerate(options) if option.endswith("bind")}
    written = {options[place + 1] for place, option in enumerate(options) if option == "--tmpfs"}
    assert not [option for option in options if option in ("--bind", "--dev-bind", "--share-net")]
    assert written == {"/tmp", "/dev/shm", "/run/kernel", "/opt/course"}
    assert not {str(ROOT), str(Path.home()), "/", "/tmp", "/home"} & mounted
    assert options.count("--size") == len(written)
    assert [options[place + 1] for place, option in enumerate(options) if option == "--remount-ro"] == ["/", "/dev"]


def test_a_python_that_lives_in_the_course_shows_nothing_of_the_course(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("bin", "lib/python3/site-packages", "submitted", "source"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "gradebook.db").touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    monkeypatch.setattr(sys, "executable", "/usr/bin/python3")
    monkeypatch.setattr(sys, "path", [str(tmp_path), str(tmp_path / "lib/python3/site-packages")])
    assert bubblewrap._python() == [tmp_path / "bin", tmp_path / "lib"]
    walls = bubblewrap._Confined("bwrap", Limits(), shared=True)
    assert walls.covered == [str(path) for path in bubblewrap._python() if Path("/tmp") in path.parents]


@pytest.mark.parametrize("machine", AUDIT_ARCHITECTURES)
def test_the_filter_of_system_calls_is_a_program_that_always_returns(machine: str) -> None:
    steps = list(struct.iter_unpack("=HBBI", seccomp_program(machine)))
    assert steps[-1] == (0x06, 0, 0, 0x7FFF0000)
    for place, (code, then, otherwise, _) in enumerate(steps):
        assert code == 0x06 or place + 1 + max(then, otherwise) < len(steps)


def test_a_machine_unknown_to_the_filter_gets_none() -> None:
    assert seccomp_program("pdp11") == b""


def test_without_bubblewrap_the_way_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name, path: None)
    with pytest.raises(NoIsolation, match=r"apt-get install bubblewrap(.|\n)*--isolation none"):
        sandbox_named("bubblewrap")
    with pytest.raises(NoIsolation, match="choose one of: bubblewrap, none"):
        sandbox_named("chroot")


def test_a_bubblewrap_that_does_not_work_is_told_with_what_it_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bwrap").write_text("#!/bin/sh\necho no permissions to create namespace >&2\nexit 1\n")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BubblewrapMissing, match="no permissions to create namespace"):
        Bubblewrap.found()


# Kernels

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


# Its end

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
