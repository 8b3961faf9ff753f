"""Isolation by bubblewrap: namespaces of its own, a read-only system, a private /tmp, no network.

Run by root, the kernel gets a user id that nobody else has; run by anybody else, a user namespace. Either way no
student's code runs as root. Nothing on the grader's disk can be written from inside: the connection's sockets lie in
memory too, where the grader reaches them through /proc.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import select
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from autograder.lesson import Lesson
from autograder.sandbox.diagnosis import Machine, diagnosis
from autograder.sandbox.interpreter import programs
from autograder.sandbox.kernel import Kernel
from autograder.sandbox.launch import KernelNotStarted, KernelPaths, fork_server, fresh_uid, launch
from autograder.sandbox.limits import MB, Limits
from autograder.sandbox.package import LESSONS, student_package
from autograder.sandbox.warm import ForkServer, ForkServers

PATHS = KernelPaths("/run/kernel", "/opt/course", f"/opt/course/{LESSONS}", "/tmp")
PREFIX_PARTS = ("bin", "include", "lib", "lib32", "lib64", "share", "pyvenv.cfg")
"""What belongs to Python in the folder that it is installed in, which may be a course's own."""
ANSWER_SECONDS = 10.0


class BubblewrapMissing(RuntimeError):
    """bubblewrap is not installed, or may not make namespaces on this machine."""


@dataclass(frozen=True)
class Bubblewrap:
    """The sandbox made by the `bwrap` program at `program`."""

    program: str
    name: str = "bubblewrap"
    servers: ForkServers = field(default_factory=ForkServers, compare=False, repr=False)

    @classmethod
    def found(cls) -> Bubblewrap:
        """The machine's bubblewrap, tried once. Raises `BubblewrapMissing` with the cause and what to type."""
        program = shutil.which("bwrap", path=programs())
        if program is None:
            raise BubblewrapMissing(diagnosis(Machine.here(None)))
        trial = [program, *_namespaces(shared=False), *_system(), "true"]
        done = subprocess.run(trial, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BubblewrapMissing(diagnosis(Machine.here(program, done.stderr.strip())))
        return cls(program)

    def warm_up(self, lesson: Lesson, limits: Limits) -> None:
        """See `Sandbox.warm_up`."""
        self._server(_Confined(self.program, limits, shared=True), lesson, student_package(lesson))

    def kernel(self, lesson: Lesson, limits: Limits, checked: Sequence[Lesson] = ()) -> Kernel:
        """See `Sandbox.kernel`. Forked from a warm process where that works on this machine. In it `check()` answers
        for the lessons that are to be `checked`, which a graded kernel's never does."""
        package = student_package(lesson, checked)
        if self.servers.work:
            with contextlib.suppress(KernelNotStarted):  # the server may have been about to end
                return self._warm(lesson, package, limits)
            try:
                return self._warm(lesson, package, limits)
            except KernelNotStarted as reason:
                kernel = self._alone(lesson, package, limits)
                self.servers.work = False
                warnings.warn(f"kernels are started one by one here, which takes longer: {reason}", stacklevel=2)
                return kernel
        return self._alone(lesson, package, limits)

    def _alone(self, lesson: Lesson, package: bytes, limits: Limits) -> Kernel:
        confinement = _Confined(self.program, limits, shared=False)
        server = fork_server(confinement, limits, lesson, package)
        return launch(confinement, server, limits, server.close)

    def _warm(self, lesson: Lesson, package: bytes, limits: Limits) -> Kernel:
        confinement = _Confined(self.program, limits, shared=True)
        server = self._server(confinement, lesson, package)
        try:
            return launch(confinement, server, limits)
        except KernelNotStarted:
            self.servers.forget(server)
            raise

    def _server(self, confinement: _Confined, lesson: Lesson, package: bytes) -> ForkServer:
        key = (hash(package), confinement.limits)
        return self.servers.server(key, lambda: fork_server(confinement, confinement.limits, lesson, package))


@dataclass(frozen=True)
class _Confined:
    """What is around a fork server, and the kernels that it makes."""

    program: str
    limits: Limits
    shared: bool
    paths: KernelPaths = PATHS
    confines: bool = True

    @property
    def counts_processes(self) -> bool:
        """Whether by a user id of its own, or by a user namespace where the system counts those apart."""
        version = tuple(int(part) for part in platform.release().split(".")[:2] if part.isdecimal())
        return os.getuid() == 0 or version >= (5, 14)

    @property
    def in_memory(self) -> dict[str, int]:
        return {path: size for path, size in _sizes(self.limits).items() if path != PATHS.packages}

    @property
    def covered(self) -> list[str]:
        return [str(path) for path in _python() if {str(parent) for parent in path.parents} & self.in_memory.keys()]

    def uid(self) -> int | None:
        return fresh_uid() if os.getuid() == 0 else None

    def start(
        self, command: list[str], environment: dict[str, str], stdin: IO[bytes], stderr: int, control: int
    ) -> tuple[subprocess.Popen[bytes], int]:
        with ExitStack() as stack:
            told, tell = os.pipe()
            stack.callback(os.close, told)
            # The options go through a file, so that no path of the grader's shows in the process list inside.
            text = b"".join(part.encode() + b"\0" for part in _options(self.limits, self.shared))
            options = stack.enter_context(_holding(text))
            own = ["--args", str(options.fileno()), "--info-fd", str(tell)]
            process = subprocess.Popen(
                [self.program, *own, "--", *command], pass_fds=[options.fileno(), tell, control], env=environment,
                cwd="/", stdin=stdin, stdout=subprocess.DEVNULL, stderr=stderr, start_new_session=True,
            )  # fmt: skip
            os.close(tell)
            return process, _first_process(told) or process.pid


def _first_process(told: int) -> int:
    """The id of the sandbox's first process, as bubblewrap tells it; 0 where it failed before."""
    text = b""
    while not text.endswith(b"}\n") and select.select([told], [], [], ANSWER_SECONDS)[0]:
        chunk = os.read(told, 4_096)
        if not chunk:
            break
        text += chunk
    return int(json.loads(text)["child-pid"]) if text else 0


def _holding(content: bytes) -> IO[bytes]:
    """A nameless file with this content, to be read from its start."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  (whoever asked closes it)
    file.write(content)
    file.seek(0)
    return file


def _options(limits: Limits, shared: bool) -> list[str]:
    mounts = _python()
    options = [*_namespaces(shared), *_system(), *_in_memory(limits), *_folders(mounts)]
    options += [part for path in mounts for part in ("--ro-bind", str(path), str(path))]
    for path in ("/", "/dev"):  # where a user namespace would let code inside fill the machine's memory
        options += ["--remount-ro", path]
    return [*options, "--new-session", "--chdir", "/"]


def _namespaces(shared: bool) -> list[str]:
    """A fork server that serves several kernels needs the right to make namespaces for them, which they never get."""
    options = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    options += ["--hostname", "sandbox"]
    options += ["--cap-drop", "ALL"] if os.getuid() == 0 else ["--unshare-user"]
    wanted = ["CAP_SETUID", "CAP_SETGID", "CAP_KILL", "CAP_SYS_PTRACE"] if os.getuid() == 0 else []
    wanted += ["CAP_SYS_ADMIN"] if shared else []
    return [*options, *(part for name in wanted for part in ("--cap-add", name))]


def _system() -> list[str]:
    options = ["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev"]
    options += ["--ro-bind", "/dev/null", "/dev/zero"]  # mapped, it would be memory that is counted to nobody
    for path in map(Path, ("/bin", "/sbin", "/lib", "/lib32", "/lib64")):
        if path.is_symlink():
            options += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            options += ["--ro-bind", str(path), str(path)]
    options += ["--perms", "0755", "--dir", "/etc"]
    for path in map(Path, ("/etc/ld.so.cache", "/etc/fonts", "/etc/localtime", "/etc/alternatives")):
        options += ["--ro-bind-try", str(path), str(path)]
    return options


def _in_memory(limits: Limits) -> list[str]:
    sizes = _sizes(limits)
    options = [*_folders(map(Path, sizes))]
    for path, size in sizes.items():
        options += ["--perms", "0755" if path == PATHS.packages else "1777", "--size", str(size), "--tmpfs", path]
    return options


def _sizes(limits: Limits) -> dict[str, int]:
    """The folders that can be written to, in bytes: scratch space, shared memory, the sockets, and, by root alone where
    it is root who grades, the student package."""
    return {PATHS.scratch: limits.scratch, "/dev/shm": limits.scratch, PATHS.connection: MB, PATHS.packages: 64 * MB}


def _python() -> list[Path]:
    """The interpreter, its virtual environment and whatever folder torch and the kernel came from."""
    prefixes = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parents[1]}
    wanted = {prefix / part for prefix in prefixes for part in PREFIX_PARTS}
    wanted |= {Path(entry) for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))}
    outer = [path for path in sorted(wanted) if not any(other in path.parents for other in wanted)]
    return [path for path in outer if path.exists() and Path("/usr") not in path.parents]


def _folders(targets: Iterable[Path]) -> list[str]:
    """The folders above all targets, open to every user: bubblewrap would make them for its own user only."""
    above = {parent for target in targets for parent in target.parents} - {Path("/"), Path("/dev")}
    return [option for path in sorted(above) for option in ("--perms", "0755", "--dir", str(path))]
