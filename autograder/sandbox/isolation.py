"""The means of isolation that a machine may have, and the choice among them.

bubblewrap is the strongest and the default. Where it does not work, a run stops with the way out; going on without
isolation must be asked for by name.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from autograder.lesson import Lesson
from autograder.rooms import ENGINE
from autograder.sandbox.bubblewrap import Bubblewrap, BubblewrapMissing
from autograder.sandbox.kernel import Kernel
from autograder.sandbox.launch import KernelPaths, fork_server, launch
from autograder.sandbox.limits import Limits


class NoIsolation(RuntimeError):
    """No means of isolation works here. The text says what to install and how to go on without."""


class Sandbox(Protocol):
    """Starts kernels that see the student package and nothing of the course."""

    @property
    def name(self) -> str:
        """What an instructor calls it."""

    def warm_up(self, lesson: Lesson, limits: Limits) -> None:
        """Start what takes long before the first kernel; returns at once."""

    def kernel(self, lesson: Lesson, limits: Limits) -> Kernel:
        """A started kernel for a submission to `lesson`. Raises `KernelLost` when it does not come up."""


class Unconfined:
    """No isolation: the kernel is an ordinary process with the grader's own rights. For trusted code only."""

    name = "none"

    def warm_up(self, lesson: Lesson, limits: Limits) -> None:
        """See `Sandbox.warm_up`. Each kernel is a new process: there is nothing to begin with."""

    def kernel(self, lesson: Lesson, limits: Limits) -> Kernel:
        """See `Sandbox.kernel`."""
        folder = Path(tempfile.mkdtemp(prefix="kernel-"))
        around = _Open(folder, lesson)
        server = fork_server(around, limits, lesson, b"")

        def clean_up() -> None:
            server.close()
            shutil.rmtree(folder, ignore_errors=True)

        return launch(around, server, limits, clean_up)


@dataclass(frozen=True)
class _Open:
    """A folder for the kernel's files, without any isolation around it."""

    folder: Path
    lesson: Lesson
    confines: bool = False
    shared: bool = False
    counts_processes: bool = False

    @property
    def paths(self) -> KernelPaths:
        lessons = str(self.lesson.folder.parent.resolve())
        return KernelPaths(str(self.folder), str(ENGINE.parent), lessons, str(self.folder / "scratch"))

    @property
    def in_memory(self) -> dict[str, int]:
        return {}

    @property
    def covered(self) -> list[str]:
        return []

    def uid(self) -> None:
        return None

    def start(
        self, command: list[str], environment: dict[str, str], stdin: IO[bytes], stderr: int, control: int
    ) -> tuple[subprocess.Popen[bytes], int]:
        process = subprocess.Popen(
            command, pass_fds=[control], env=environment, cwd="/", stdin=stdin, stdout=subprocess.DEVNULL,
            stderr=stderr, start_new_session=True,
        )  # fmt: skip
        return process, process.pid


def _bubblewrap() -> Sandbox:
    try:
        return Bubblewrap.found()
    except BubblewrapMissing as error:
        raise NoIsolation(
            f"{error}\nStudents' code must not run with your rights.\n"
            "To grade code that you trust without isolation, ask for it by name: --isolation none"
            " (or AUTOGRADER_ISOLATION=none)."
        ) from error


ISOLATIONS: dict[str, Callable[[], Sandbox]] = {"bubblewrap": _bubblewrap, "none": Unconfined}


def sandbox_named(name: str) -> Sandbox:
    """The sandbox of that name: "bubblewrap" or "none". Raises `NoIsolation` where it does not work here."""
    if name not in ISOLATIONS:
        raise NoIsolation(f"there is no isolation {name!r}; choose one of: {', '.join(ISOLATIONS)}")
    return ISOLATIONS[name]()
