"""Isolation by bubblewrap: namespaces of its own, a read-only system, a private /tmp, no network.

Run by root, the kernel gets a user id that nobody else has; run by anybody else, a user namespace. Either way no
student's code runs as root. The options go through a file descriptor, so that no path of the grader's shows in the
process list inside.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.lesson import Lesson
from autograder.sandbox.kernel import Kernel
from autograder.sandbox.launch import PACKAGE, Room, fresh_uid, launch
from autograder.sandbox.limits import Limits

Mount = tuple[str, Path, str]
"""A bubblewrap option, what it mounts, and where."""
ROOM = Room("/run/kernel", "/opt/course", "/opt/course/lessons", "/tmp")


class BubblewrapMissing(RuntimeError):
    """bubblewrap is not installed, or may not make namespaces on this machine."""


@dataclass(frozen=True)
class Bubblewrap:
    """The sandbox made by the `bwrap` program at `program`."""

    program: str
    name: str = "bubblewrap"

    @classmethod
    def found(cls) -> Bubblewrap:
        """The machine's bubblewrap, tried once. Raises `BubblewrapMissing` with what it said."""
        program = shutil.which("bwrap")
        if program is None:
            raise BubblewrapMissing("bubblewrap (the program `bwrap`) is not installed.")
        trial = [program, *_namespaces(), *_system(), "true"]
        done = subprocess.run(trial, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BubblewrapMissing(f"bubblewrap does not work here: {done.stderr.strip()}")
        return cls(program)

    def kernel(self, lesson: Lesson, limits: Limits) -> Kernel:
        """See `Sandbox.kernel`."""
        return launch(_Confinement(self.program, fresh_uid() if os.getuid() == 0 else None), lesson, limits)


@dataclass(frozen=True)
class _Confinement:
    program: str
    uid: int | None
    room: Room = ROOM

    def wrap(
        self, command: list[str], outside: Path, lesson: Lesson, limits: Limits
    ) -> tuple[list[str], tuple[int, ...]]:
        """See `launch.Confinement.wrap`."""
        mounts = [*_python(), *_course(lesson), ("--bind", outside, ROOM.connection)]
        options = [*_namespaces(), *_system(), *_scratch(limits), *_folders(target for _, _, target in mounts)]
        options += [str(part) for mount in mounts for part in mount]
        options += ["--die-with-parent", "--new-session", "--chdir", "/"]
        options_file = tempfile.TemporaryFile()  # noqa: SIM115  (handed on by its descriptor)
        options_file.write(b"".join(option.encode() + b"\0" for option in options))
        options_file.flush()
        descriptor = os.dup(options_file.fileno())
        os.lseek(descriptor, 0, os.SEEK_SET)
        return [self.program, "--args", str(descriptor), "--", *command], (descriptor,)


def _namespaces() -> list[str]:
    options = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if os.getuid() == 0:
        return [*options, "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return [*options, "--unshare-user", "--hostname", "sandbox"]


def _system() -> list[str]:
    options = ["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev"]
    for path in map(Path, ("/bin", "/sbin", "/lib", "/lib32", "/lib64")):
        if path.is_symlink():
            options += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            options += ["--ro-bind", str(path), str(path)]
    options += ["--perms", "0755", "--dir", "/etc"]
    for path in map(Path, ("/etc/ld.so.cache", "/etc/fonts", "/etc/localtime", "/etc/alternatives")):
        options += ["--ro-bind-try", str(path), str(path)]
    return options


def _python() -> list[Mount]:
    """The interpreter, its virtual environment and whatever folder torch and the kernel came from."""
    wanted = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parents[1]}
    wanted |= {Path(entry) for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))}
    outer = [path for path in sorted(wanted) if not any(other in path.parents for other in wanted)]
    usable = [path for path in outer if path.is_dir() and Path("/usr") not in (path, *path.parents)]
    return [("--ro-bind", path, str(path)) for path in usable]


def _course(lesson: Lesson) -> list[Mount]:
    """The student package: the engine, and of the lesson what students have."""
    folder = f"{ROOM.lessons}/{lesson.name}"
    digits = PACKAGE.parent / "datasets" / "BundledDigits"
    return [
        ("--ro-bind", PACKAGE, f"{ROOM.packages}/autograder"),
        ("--ro-bind", (lesson.folder / "exercises.py").resolve(), f"{folder}/exercises.py"),
        ("--ro-bind-try", lesson.golden.resolve(), f"{folder}/golden.json"),
        ("--ro-bind-try", digits, f"{ROOM.packages}/datasets/BundledDigits"),
    ]


def _folders(targets: Iterable[str]) -> list[str]:
    """The folders above all targets, open to every user: bubblewrap would make them for its own user only."""
    above = {parent for target in targets for parent in Path(target).parents} - {Path("/")}
    return [option for path in sorted(above) for option in ("--perms", "0755", "--dir", str(path))]


def _scratch(limits: Limits) -> list[str]:
    size = ["--perms", "1777", "--size", str(limits.scratch)]
    return [*size, "--tmpfs", ROOM.scratch, *size, "--tmpfs", "/dev/shm"]
