"""Watches what no resource limit of the system counts: the memory of all of a sandbox's processes together, shared
memory included, their number where a user id of its own does not bound it, and the number of files in memory. Ends the
sandbox that goes over."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from pathlib import Path

from autograder.language import said
from autograder.sandbox.kernel import Kernel
from autograder.sandbox.limits import MB, Limits

SECONDS = 0.25
TOGETHER = 1.5
"""The memory that all processes may have, as a multiple of the limit for one."""
PRIVATE, SHARED_OUT, TASKS = ("RssAnon", "RssShmem"), ("Pss_Anon", "Pss_Shmem"), ("Threads",)
BESIDE = ("VmPTE", "VmSwap")
"""Lines of /proc/N/status and smaps_rollup. Forked processes share memory, which the first counts for each of them; the
second divides it by their number, and takes longer. Beside both stand what keeps account of memory, and what is swapped
out."""
OPEN_TOGETHER = 8
"""The open files that all processes may have, as a multiple of the limit for one: a socket may hold data in memory."""


def watch(kernel: Kernel, root: Path, in_memory: tuple[str, ...]) -> None:
    """Start a thread that ends with the kernel.

    `root` is the sandbox's root folder, whose own /proc shows no other processes; `in_memory` are the folders in it
    that can be written to.
    """
    folders = [root / folder.lstrip("/") for folder in in_memory]
    threading.Thread(target=_watch, args=(kernel, root / "proc", folders), daemon=True).start()


def _watch(kernel: Kernel, processes: Path, folders: list[Path]) -> None:
    while kernel.process.poll() is None:
        with contextlib.suppress(FileNotFoundError):  # it is just ending
            if reason := _too_much(processes, folders, kernel.limits):
                kernel.kill(reason)
                return
        time.sleep(SECONDS)


def _too_much(processes: Path, folders: list[Path], limits: Limits) -> str:
    """Which limit the processes together are over, in words; empty for none."""
    most = TOGETHER * limits.memory / 1024  # as /proc counts
    found = list(processes.glob("[0-9]*"))
    if sum(_lines(process / "status", TASKS) or 0 for process in found) > limits.processes:
        return said("the limit of {most} processes and threads was reached", most=limits.processes)
    if sum(map(_open_files, found)) > OPEN_TOGETHER * limits.open_files:
        most_open = OPEN_TOGETHER * limits.open_files
        return said("the limit of {most:,} open files in all processes was reached", most=most_open)
    if sum(map(_private, found)) > most and sum(map(_shared_out, found)) > most:
        return said("the limit on memory ({most:,} MB) was reached", most=limits.memory // MB)
    if sum(map(_files, folders)) > limits.files:
        return said("the limit of {most:,} files was reached", most=limits.files)
    return ""


def _open_files(process: Path) -> int:
    with contextlib.suppress(OSError):
        return sum(1 for _ in (process / "fd").iterdir())
    return 0


def _private(process: Path) -> int:
    return _lines(process / "status", PRIVATE + BESIDE) or 0


def _shared_out(process: Path) -> int:
    counted = _lines(process / "smaps_rollup", SHARED_OUT)
    if counted is not None:
        return counted + (_lines(process / "status", BESIDE) or 0)
    return _private(process)  # a process may hide its memory, not how much it is


def _lines(path: Path, names: tuple[str, ...]) -> int | None:
    """The sum of these lines; None where the file can't be read, as when the process is just ending."""
    try:
        lines = [line.partition(":") for line in path.read_text(errors="replace").splitlines()]
        return sum(int(value.split()[0]) for name, _, value in lines if name in names)
    except OSError:
        return None


def _files(folder: Path) -> int:
    with contextlib.suppress(OSError):
        status = os.statvfs(folder)
        return status.f_files - status.f_ffree
    return 0
