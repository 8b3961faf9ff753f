"""What runs inside a sandbox: imports once all that kernels need, and forks a kernel for each order of the grader.

Run by Python from its text, with a line of JSON and a zip archive on standard input; it imports nothing of ours before
the archive is unpacked. No student's code ever runs in this process. For each kernel it makes

- a guard, which ends the kernel when the grader asks for it or is gone, or when all that the kernel has started uses
  too much together (see `watch.py`), and tells the grader how it ended;
- where it may, an init: the first process of new namespaces, with folders in memory that nobody has used before;
- the kernel itself, within its limits, without any privilege.
"""

import base64
import compileall
import contextlib
import ctypes
import gc
import importlib
import io
import json
import os
import resource
import select
import signal
import socket
import stat
import sys
import time
import types
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Plan = dict[str, Any]
Look = Callable[[], tuple[str, float | None]]
"""Gives the name of a limit that is exceeded, if one is, and after how many seconds to look again."""
UNWATCHED = "unwatched"
"""What the grader is told of a kernel that could not be watched."""
CPU_GRACE = 5
"""Seconds between the signal that says why a process ends, and the one that can't be ignored."""
NEW_NAMESPACES = 0x00020000 | 0x04000000 | 0x08000000 | 0x20000000 | 0x40000000  # mounts, UTS, IPC, processes, network
NEW_USER = 0x10000000
NO_SUID, NO_DEVICES, NO_EXECUTION, READ_ONLY, REMOUNT, BIND, RECURSIVE, PRIVATE = 2, 4, 8, 1, 32, 4096, 16384, 1 << 18
"""Flags of mount(2)."""
PARENT_DEATH_SIGNAL, SET_DUMPABLE, SET_SECCOMP, SET_NO_NEW_PRIVILEGES, SECCOMP_FILTER = 1, 4, 22, 38, 2
"""Numbers of prctl(2)."""
LOOK_SECONDS = 0.1
"""How often to look for a process's end where the system does not tell."""
CAPABILITY_VERSION_3 = 0x20080522


def main() -> None:
    """Unpack, import, then fork a kernel for each order until the grader closes the connection or is silent."""
    gc.disable()  # imports make no garbage, and looking for it takes a quarter of their time
    setup = json.loads(sys.stdin.buffer.readline())
    control = socket.socket(fileno=setup["control"])
    archive = sys.stdin.buffer.read()
    if archive:
        zipfile.ZipFile(io.BytesIO(archive)).extractall(setup["packages"])
        compileall.compile_dir(setup["packages"], quiet=2)
    importlib.invalidate_caches()
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    for name in setup["modules"]:
        importlib.import_module(name)
    importlib.import_module("autograder.probing.kernel_side").prepare(setup["lesson"])
    watch = types.ModuleType("watch")
    exec(setup["watch"], vars(watch))
    gc.collect()
    gc.freeze()  # what is shared with the kernels stays shared
    gc.enable()
    for _ in range(setup["kernels"]):
        if not is_wanted(control, setup["idle_seconds"]):
            break
        text, descriptors, _, _ = socket.recv_fds(control, 1 << 20, 2)
        if not text:
            break
        if os.fork() == 0:
            _to_the_end(guard, json.loads(text), setup, watch.Watch, control, *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
    control.close()
    while reap(wait=True):
        pass


def is_wanted(control: socket.socket, seconds: float) -> bool:
    """Wait that long for an order, and forget guards that end meanwhile; returns whether one came."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([control], [], [], min(left, 1) if reap() else left)[0]:
            return True
    return False


def reap(wait: bool = False) -> bool:
    """Forget guards that have ended; returns whether others are left."""
    try:
        while os.waitpid(-1, 0 if wait else os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True


def guard(
    order: Plan, setup: Plan, watch: Callable[..., Look], control: socket.socket, life: int, errors: int
) -> int:  # fmt: skip
    """Start the kernel, tell the grader its id, and wait until it ends, or has to end."""
    control.close()
    os.dup2(errors, 2)
    grader = socket.socket(fileno=life)
    if setup["namespaces"]:
        new_namespaces(order["uid"])
    look = looking(order, setup, watch)
    first = os.fork()
    if first == 0:
        grader.close()
        _to_the_end(init if setup["namespaces"] else kernel, order, setup)
    os.dup2(0, 2)
    with contextlib.suppress(OSError):  # where nobody wants to know any more
        grader.send(json.dumps({"pid": first}).encode() + b"\n")
    status, over = None, UNWATCHED
    try:
        status, over = end_of(first, life, look)
    finally:  # whatever happens to its guard, a kernel ends; what has ended keeps its status
        if status is None:
            os.kill(first, signal.SIGKILL)
            status = os.waitpid(first, 0)[1]
        with contextlib.suppress(OSError):
            told = {"status": os.waitstatus_to_exitcode(status), "over": over}
            grader.send(json.dumps(told).encode() + b"\n")
        if over and setup["confined"] and not setup["namespaces"]:  # -1 is all in bubblewrap's list of processes
            os.kill(-1, signal.SIGKILL)
    return 0


def looking(order: Plan, setup: Plan, watch: Callable[..., Look]) -> Look:
    """The watcher of all that the kernel starts, and of its folders in memory."""
    if not setup["confined"]:
        return lambda: ("", None)
    most, folders = order["together"], [*order["in_memory"]]
    if setup["namespaces"]:
        return watch(most, folders, {1}, Path("/proc").stat().st_dev)
    return watch(most, folders, {1, os.getpid(), os.getppid()}, None)


def end_of(process: int, life: int, look: Look) -> tuple[int | None, str]:
    """Wait until a process ends, and return its status; or None as soon as the grader wants its end, or it is over a
    limit, with the limit's name."""
    ended = os.pidfd_open(process) if hasattr(os, "pidfd_open") else None
    while True:
        over, seconds = look()
        if over:
            return None, over
        if ended is None:
            seconds = LOOK_SECONDS
        ready = select.select([life, *([ended] if ended else [])], [], [], seconds)[0]
        if life in ready:
            return None, ""
        gone, status = os.waitpid(process, os.WNOHANG)
        if gone:
            return status, ""


def new_namespaces(uid: int | None) -> None:
    """New namespaces for the processes to come, and for this one what is mounted where."""
    own = (os.getuid(), os.getgid())
    call("unshare", NEW_NAMESPACES | (NEW_USER if uid is None else 0))
    if uid is None:  # a user namespace in which nobody has any right outside, and limits count apart
        Path("/proc/self/setgroups").write_text("deny")
        for kind, number in zip(("uid", "gid"), own, strict=True):
            Path(f"/proc/self/{kind}_map").write_text(f"{number} {number} 1")


def init(order: Plan, setup: Plan) -> int:
    """The first process of the kernel's namespaces: makes its folders, starts it, and ends as it does."""
    end_with_parent()
    mount(None, "/", None, RECURSIVE | PRIVATE)
    mount(None, setup["packages"], None, REMOUNT | BIND | READ_ONLY | NO_SUID | NO_DEVICES)
    covered = {path: os.open(path, os.O_PATH) for path in order["covered"]}
    for path, size in order["in_memory"].items():
        mount("tmpfs", path, "tmpfs", NO_SUID | NO_DEVICES, f"size={size},mode=1777")
    for path, there in covered.items():  # a Python that lives below /tmp, say
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).mkdir() if stat.S_ISDIR(os.fstat(there).st_mode) else Path(path).touch()
        mount(f"/proc/self/fd/{there}", path, None, BIND | RECURSIVE)
    mount("proc", "/proc", "proc", NO_SUID | NO_DEVICES | NO_EXECUTION)
    first = os.fork()
    if first == 0:
        _to_the_end(kernel, order, setup)
    if order["uid"] is None:
        drop_capabilities()
    call("prctl", SET_DUMPABLE, 0, 0, 0, 0)
    os.dup2(0, 2)
    while True:
        child, status = os.wait()
        if child == first:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


def kernel(order: Plan, setup: Plan) -> int:
    """Set the limits, give up every privilege, and be a kernel."""
    os.closerange(3, 1 << 16)
    os.setsid()
    for name, wanted in order["limits"].items():
        try:
            limit(getattr(resource, name), wanted)
        except (OSError, ValueError):  # macOS does not have all of them, and confines nobody
            if setup["confined"]:
                raise
    if order["uid"] is not None:
        os.setgroups([])
        os.setgid(order["uid"])
        os.setuid(order["uid"])
    end_with_parent()
    if setup["confined"]:
        drop_capabilities()
        refuse_system_calls(base64.b64decode(setup["seccomp"]))
    os.umask(0o077)
    for folder in (os.environ["HOME"], order["folder"]):
        Path(folder).mkdir(parents=True, exist_ok=True)
    os.chdir(order["folder"])
    sys.path.append("")  # as in Jupyter; but last, so that no file of a notebook's stands in for one of ours
    Path(order["connection_file"]).write_text(json.dumps(order["connection"]))
    sys.argv[:] = ["kernel", *order["arguments"]]
    importlib.import_module("ipykernel.kernelapp").IPKernelApp.launch_instance()
    return 0


def end_with_parent() -> None:
    """Have this process killed when the one ends that forked it, however that comes. Only Linux can."""
    if sys.platform == "linux":
        call("prctl", PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)


def limit(number: int, wanted: int) -> None:
    """Lower a resource limit to what is wanted."""
    hard = resource.getrlimit(number)[1]
    value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    last = value + CPU_GRACE if number == resource.RLIMIT_CPU and hard == resource.RLIM_INFINITY else value
    resource.setrlimit(number, (value, last))


def drop_capabilities() -> None:
    """Have no capability, and never get one."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    call("capset", header, (ctypes.c_uint32 * 6)())
    call("prctl", SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def refuse_system_calls(program: bytes) -> None:
    """Install the seccomp filter, if there is one."""

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_char_p)]

    if program:
        call("prctl", SET_SECCOMP, SECCOMP_FILTER, ctypes.byref(Program(len(program) // 8, program)), 0, 0)


def mount(source: str | None, target: str, kind: str | None, flags: int, options: str = "") -> None:
    """Mount something, or change how it is mounted: the system call of that name."""
    texts = [None if text is None else text.encode() for text in (source, target, kind)]
    call("mount", *texts, ctypes.c_ulong(flags), options.encode())


def call(name: str, *arguments: object) -> None:
    """A function of the C library. Raises `OSError` where it fails."""
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def _to_the_end(function: Callable[..., int], *arguments: object) -> None:
    """Run a function in a forked process and exit there, without returning into the parent's code."""
    try:
        status = function(*arguments)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}".encode())
        status = 1
    finally:
        os._exit(status & 0xFF)


if __name__ == "__main__":
    main()
