"""Starts a kernel process: its private folder, its environment, its command, inside a confinement or none."""

from __future__ import annotations

import json
import os
import random
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from autograder.lesson import Lesson
from autograder.sandbox.kernel import Kernel, KernelLost, connection_info, write_connection
from autograder.sandbox.limits import Limits
from autograder.sandbox.watch import watch

PACKAGE = Path(__file__).resolve().parents[1]


class KernelNotStarted(RuntimeError):
    """A kernel did not come up before any code of a student ran: the grader's fault, with what it printed."""


@dataclass(frozen=True)
class Room:
    """Where things are inside: the connection's folder, the student package, the lessons, scratch space."""

    connection: str
    packages: str
    lessons: str
    scratch: str


class Confinement(Protocol):
    """Wraps a command so that it runs confined."""

    @property
    def room(self) -> Room:
        """Where things are inside."""

    @property
    def uid(self) -> int | None:
        """The user id that the kernel gets, where it is started by root."""

    def wrap(
        self, command: list[str], outside: Path, lesson: Lesson, limits: Limits
    ) -> tuple[list[str], tuple[int, ...]]:
        """The wrapped command and the file descriptors that it needs."""


def launch(confinement: Confinement | None, lesson: Lesson, limits: Limits) -> Kernel:
    """Start a kernel and wait until it answers. Raises `KernelNotStarted` when it does not."""
    outside = Path(tempfile.mkdtemp(prefix="kernel-"))
    room = confinement.room if confinement else _open_room(outside, lesson)
    key = secrets.token_hex(16)
    write_connection(outside / "kernel.json", {**connection_info(room.connection), "key": key})
    environment = _environment(room, limits)
    command = _command(confinement.uid if confinement else None, room, limits)
    descriptors: tuple[int, ...] = ()
    if confinement:
        if confinement.uid is not None:
            for path in (outside, outside / "kernel.json"):
                os.chown(path, confinement.uid, confinement.uid)
        command, descriptors = confinement.wrap(command, outside, lesson, limits)
    errors = tempfile.TemporaryFile()  # noqa: SIM115  (read when the kernel does not start)
    process = subprocess.Popen(
        command, env=environment, pass_fds=descriptors, start_new_session=True, cwd="/",
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors,
    )  # fmt: skip
    for descriptor in descriptors:
        os.close(descriptor)
    kernel = Kernel(process, {**connection_info(str(outside)), "key": key}, limits, _remover(outside))
    try:
        kernel.start()
    except KernelLost as lost:
        kernel.close()
        raise KernelNotStarted(f"{lost}: {_text(errors)}") from lost
    except BaseException:
        kernel.close()
        raise
    watch(process, outside, limits)
    return kernel


def _open_room(outside: Path, lesson: Lesson) -> Room:
    return Room(str(outside), str(PACKAGE.parent), str(lesson.folder.parent.resolve()), str(outside / "scratch"))


def _environment(room: Room, limits: Limits) -> dict[str, str]:
    """All that the kernel sees of an environment."""
    bin_folder = str(Path(sys.executable).parent)
    threads = str(limits.threads)
    return {
        "PATH": f"{bin_folder}:/usr/local/bin:/usr/bin:/bin", "HOME": f"{room.scratch}/home", "USER": "student",
        "LOGNAME": "student", "LANG": "C.UTF-8", "TMPDIR": room.scratch, "PYTHONPATH": room.packages,
        "AUTOGRADER_LESSONS": room.lessons, "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads, "INSIDE_NN_MODULE_HOME": f"{room.scratch}/home", "PYTHONHASHSEED": "0",
    }  # fmt: skip


def _command(uid: int | None, room: Room, limits: Limits) -> list[str]:
    kernel = [sys.executable, "-m", "ipykernel_launcher", "-f", f"{room.connection}/kernel.json",
              "--HistoryManager.enabled=False", "--IPKernelApp.log_level=CRITICAL"]  # fmt: skip
    rlimits = {
        "RLIMIT_CPU": limits.cpu_seconds, "RLIMIT_DATA": limits.memory, "RLIMIT_NPROC": limits.processes,
        "RLIMIT_FSIZE": limits.file_size, "RLIMIT_NOFILE": limits.open_files, "RLIMIT_CORE": 0,
    }  # fmt: skip
    if uid is None and os.getuid() != 0:
        rlimits.pop("RLIMIT_NPROC")  # counts all of this user's processes where there is no namespace of its own
    plan = {"limits": rlimits, "uid": uid, "folder": f"{room.scratch}/work", "command": kernel}
    return [sys.executable, "-I", "-S", f"{room.packages}/autograder/sandbox/enter.py", json.dumps(plan)]


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(3_000).decode(errors="replace").strip()


def _remover(folder: Path) -> Callable[[], None]:
    return lambda: shutil.rmtree(folder, ignore_errors=True)


def fresh_uid() -> int:
    """A user id that nobody has, new for every kernel, so that limits on processes count for it alone."""
    return random.SystemRandom().randrange(200_000, 60_000_000)
