"""Starts a kernel process: its environment, its limits, its command, inside a confinement or none."""

from __future__ import annotations

import json
import os
import random
import secrets
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from autograder.lesson import Lesson
from autograder.sandbox.kernel import Kernel, KernelLost
from autograder.sandbox.limits import Limits
from autograder.sandbox.link import connection_info
from autograder.sandbox.watch import watch

ENTER = Path(__file__).with_name("enter.py")


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
    """What a kernel is started in."""

    @property
    def room(self) -> Room:
        """Where things are inside."""

    @property
    def uid(self) -> int | None:
        """The user id that the kernel gets, where it is started by root."""

    @property
    def counts_processes(self) -> bool:
        """Whether the system counts the kernel's processes apart from those of the user who grades."""

    def package(self, lesson: Lesson) -> bytes:
        """What is unpacked in `room.packages`: a zip archive, or nothing where it is there already."""

    def start(self, command: list[str], limits: Limits, stdin: IO[bytes], stderr: int) -> Started:
        """Start the command inside."""

    def close(self) -> None:
        """Called when the kernel is gone."""


@dataclass(frozen=True)
class Started:
    """A process, its root folder as seen from outside, and the folders in memory that it has for itself, if any."""

    process: subprocess.Popen[bytes]
    root: Path
    in_memory: tuple[str, ...] = ()


def launch(confinement: Confinement, lesson: Lesson, limits: Limits) -> Kernel:
    """Start a kernel and wait until it answers. Raises `KernelNotStarted` when it does not.

    The kernel dies with the thread that starts it, where bubblewrap confines it.
    """
    key = secrets.token_hex(16)
    errors, stderr = os.pipe()
    os.set_blocking(stderr, False)  # a pipe that is full holds nobody up, and takes nothing more
    with tempfile.TemporaryFile() as stdin:
        stdin.write(json.dumps(_plan(confinement, limits, key)).encode() + b"\n" + confinement.package(lesson))
        stdin.seek(0)
        command = [sys.executable, "-I", "-S", "-c", ENTER.read_text(encoding="utf-8")]
        started = confinement.start(command, limits, stdin, stderr)
    os.close(stderr)
    kernel = Kernel(started.process, limits, [lambda: os.close(errors), confinement.close])
    try:
        kernel.connect(started.root / confinement.room.connection.lstrip("/"), key)
    except KernelLost as lost:
        kernel.kill()
        kernel.process.wait()
        said = _printed(errors)
        kernel.close()
        raise KernelNotStarted(f"{lost.reason}: {said}") from lost
    except BaseException:
        kernel.close()
        raise
    if started.in_memory:
        watch(kernel, started.root, started.in_memory)
    return kernel


def environment(room: Room, limits: Limits) -> dict[str, str]:
    """All that the kernel sees of an environment."""
    bin_folder = str(Path(sys.executable).parent)
    threads = str(limits.threads)
    return {
        "PATH": f"{bin_folder}:/usr/local/bin:/usr/bin:/bin", "HOME": f"{room.scratch}/home", "USER": "student",
        "LOGNAME": "student", "LANG": "C.UTF-8", "TMPDIR": room.scratch, "PYTHONPATH": room.packages,
        "AUTOGRADER_LESSONS": room.lessons, "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads, "INSIDE_NN_MODULE_HOME": f"{room.scratch}/home", "PYTHONHASHSEED": "0",
    }  # fmt: skip


def fresh_uid() -> int:
    """A user id that nobody has, new for every kernel, so that limits on processes count for it alone."""
    return random.SystemRandom().randrange(200_000, 60_000_000)


def _plan(confinement: Confinement, limits: Limits, key: str) -> dict[str, Any]:
    """What `enter.py` is told."""
    room, file = confinement.room, f"{confinement.room.connection}/kernel.json"
    return {
        "limits": _resource_limits(limits, confinement.counts_processes), "uid": confinement.uid,
        "packages": room.packages, "folder": f"{room.scratch}/work",
        "connection_file": file, "connection": connection_info(room.connection, key),
        "command": [sys.executable, "-m", "ipykernel_launcher", "-f", file, "--HistoryManager.enabled=False",
                    "--IPKernelApp.log_level=CRITICAL"],
    }  # fmt: skip


def _resource_limits(limits: Limits, counts_processes: bool) -> dict[str, int]:
    wanted = {
        "RLIMIT_CPU": limits.cpu_seconds, "RLIMIT_DATA": limits.memory, "RLIMIT_FSIZE": limits.file_size,
        "RLIMIT_NOFILE": limits.open_files, "RLIMIT_CORE": 0,
    }  # fmt: skip
    return {**wanted, "RLIMIT_NPROC": limits.processes} if counts_processes else wanted


def _printed(errors: int) -> str:
    os.set_blocking(errors, False)
    try:
        return os.read(errors, 3_000).decode(errors="replace").strip()
    except BlockingIOError:
        return ""
