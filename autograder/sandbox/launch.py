"""Starts a kernel: a fork server inside a confinement, and a kernel forked from it, within its limits."""

from __future__ import annotations

import base64
import json
import os
import random
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from autograder.lesson import Lesson
from autograder.sandbox import interpreter
from autograder.sandbox.kernel import Kernel, KernelLost
from autograder.sandbox.limits import Limits
from autograder.sandbox.link import connection_info
from autograder.sandbox.seccomp import seccomp_program
from autograder.sandbox.warm import PACKETS, Forked, ForkServer, ServerGone, printed

FORK_SERVER = Path(__file__).with_name("forkserver.py")
WATCH = FORK_SERVER.with_name("watch.py")
KERNEL = "ipykernel.kernelapp"
MODULES = (
    KERNEL, "ipykernel.zmqshell", "ipykernel.debugger", "tornado.platform.asyncio", "IPython.core.completer",
    "IPython.core.completerlib", "IPython.core.oinspect", "IPython.extensions.storemagic", "stack_data",
    "torch", "torch.utils.data",
)  # fmt: skip
"""What kernels need."""
VISION = ("torchvision", "torchvision.datasets", "torchvision.transforms")
IMPORTED = {
    "torch.optim": ("torch._dynamo",), "torchvision": VISION, "autograder.digits": VISION,
    "matplotlib": ("matplotlib.pyplot", "matplotlib.backends.backend_agg"),
}  # fmt: skip
"""What a lesson mentions, and what is imported for it beside that: by torch its compiler, when the first optimizer is
made. A notebook that needs what its lesson does not mention imports that itself, as it would anywhere."""
IDLE_SECONDS = 120.0
"""How long a fork server waits for its next order before it ends."""
MANY = 1_000_000


class KernelNotStarted(RuntimeError):
    """A kernel did not come up before any code of a student ran: the grader's fault, with what it printed."""


@dataclass(frozen=True)
class KernelPaths:
    """Where things are inside: the connection's folder, the student package, the lessons, scratch space."""

    connection: str
    packages: str
    lessons: str
    scratch: str


class Confinement(Protocol):
    """What kernels are started in."""

    @property
    def paths(self) -> KernelPaths:
        """Where things are inside."""

    @property
    def confines(self) -> bool:
        """Whether it takes a kernel's privileges away."""

    @property
    def shared(self) -> bool:
        """Whether its fork server makes many kernels, each in namespaces of its own, or one and no more."""

    @property
    def counts_processes(self) -> bool:
        """Whether the system counts the kernel's processes apart from those of the user who grades."""

    @property
    def in_memory(self) -> Mapping[str, int]:
        """The folders in memory that a kernel has for itself, if any, and their sizes in bytes."""

    @property
    def covered(self) -> list[str]:
        """What is mounted below those folders, to be mounted again in them."""

    def uid(self) -> int | None:
        """The user id for one more kernel; None for the user's own who grades."""

    def start(
        self, command: list[str], environment: dict[str, str], stdin: IO[bytes], stderr: int, control: int
    ) -> tuple[subprocess.Popen[bytes], int]:
        """Start a command inside; gives also the id of the first process inside, or of its own."""


def fork_server(confinement: Confinement, limits: Limits, lesson: Lesson, package: bytes) -> ForkServer:
    """Start a fork server for a lesson. `package` is the student package as a zip archive, or nothing where it is there
    already."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, PACKETS)
    errors, stderr = os.pipe()
    setup = {
        "control": theirs.fileno(), "packages": confinement.paths.packages,
        "modules": _modules(lesson) if confinement.shared else (KERNEL,), "lesson": lesson.name,
        "kernels": MANY if confinement.shared else 1, "idle_seconds": IDLE_SECONDS,
        "confined": confinement.confines, "namespaces": confinement.shared,
        "watch": WATCH.read_text(encoding="utf-8"),
        "seccomp": base64.b64encode(seccomp_program(network=confinement.shared)).decode(),
    }  # fmt: skip
    command = interpreter.command("-c", FORK_SERVER.read_text(encoding="utf-8"))
    with theirs, tempfile.TemporaryFile() as stdin:
        stdin.write(json.dumps(setup).encode() + b"\n" + package)
        stdin.seek(0)
        process, first = confinement.start(
            command, environment(confinement.paths, limits), stdin, stderr, theirs.fileno()
        )
    os.close(stderr)
    return ForkServer(process, ours, errors, first)


def _modules(lesson: Lesson) -> list[str]:
    """What to import before kernels for this lesson are forked, each once."""
    files = [path for path in (lesson.text, *lesson.criteria_files()) if path.exists()]
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    wanted = [name for word, names in IMPORTED.items() if word in text or not lesson.text.exists() for name in names]
    return list(dict.fromkeys((*MODULES, *wanted)))


def launch(
    confinement: Confinement, server: ForkServer, limits: Limits, clean_up: Callable[[], None] = lambda: None
) -> Kernel:
    """Have a kernel forked, and wait until it answers. Raises `KernelNotStarted` when it does not.

    `clean_up` is called when the kernel is gone.
    """
    key = secrets.token_hex(16)
    errors, stderr = os.pipe()
    os.set_blocking(stderr, False)  # a pipe that is full holds nobody up, and takes nothing more
    try:
        process = server.fork(_order(confinement, limits, key), stderr, limits.start_seconds)
    except ServerGone as gone:
        os.close(errors)
        clean_up()
        raise KernelNotStarted(str(gone)) from gone
    finally:
        os.close(stderr)
    root = _root(confinement, server, process)
    kernel = Kernel(process, limits, [lambda: os.close(errors), clean_up])
    try:
        kernel.connect(root / confinement.paths.connection.lstrip("/"), key)
    except KernelLost as lost:
        kernel.kill()
        kernel.process.wait()
        said = printed(errors)
        kernel.close()
        raise KernelNotStarted(f"{lost.reason}: {said}") from lost
    except BaseException:
        kernel.close()
        raise
    return kernel


def environment(paths: KernelPaths, limits: Limits) -> dict[str, str]:
    """All that the kernel sees of an environment."""
    bin_folder = str(Path(sys.executable).parent)
    threads = str(limits.threads)
    return {
        "PATH": f"{bin_folder}:/usr/local/bin:/usr/bin:/bin", "HOME": f"{paths.scratch}/home", "USER": "student",
        "LOGNAME": "student", "LANG": "C.UTF-8", "TMPDIR": paths.scratch, "PYTHONPATH": paths.packages,
        "AUTOGRADER_LESSONS": paths.lessons, "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads, "INSIDE_NN_MODULE_HOME": f"{paths.scratch}/home", "PYTHONHASHSEED": "0",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }  # fmt: skip


def fresh_uid() -> int:
    """A user id that nobody has, a new one for every kernel, so that limits on processes count its processes alone."""
    return random.SystemRandom().randrange(200_000, 60_000_000)


def _root(confinement: Confinement, server: ForkServer, process: Forked) -> Path:
    """The root folder as the kernel sees it: through the process list in which it has its id."""
    if not confinement.confines:
        return Path("/")
    return server.root / "proc" / str(process.pid) / "root" if confinement.shared else server.root


def _order(confinement: Confinement, limits: Limits, key: str) -> dict[str, Any]:
    """What `forkserver.py` is told of one kernel. Tracebacks are plain: IPython takes seconds over a deep one."""
    paths, file = confinement.paths, f"{confinement.paths.connection}/kernel.json"
    return {
        "limits": _resource_limits(limits, confinement.counts_processes), "uid": confinement.uid(),
        "together": limits.together, "in_memory": dict(confinement.in_memory), "covered": confinement.covered,
        "folder": f"{paths.scratch}/work",
        "connection_file": file, "connection": connection_info(paths.connection, key),
        "arguments": ["-f", file, "--HistoryManager.enabled=False", "--IPKernelApp.log_level=CRITICAL",
                      "--InteractiveShell.xmode=Plain"],
    }  # fmt: skip


def _resource_limits(limits: Limits, counts_processes: bool) -> dict[str, int]:
    wanted = {
        "RLIMIT_CPU": limits.cpu_seconds, "RLIMIT_DATA": limits.memory, "RLIMIT_FSIZE": limits.file_size,
        "RLIMIT_NOFILE": limits.open_files, "RLIMIT_CORE": 0,
    }  # fmt: skip
    return {**wanted, "RLIMIT_NPROC": limits.processes} if counts_processes else wanted
