"""Watches what no resource limit of the system counts: the memory of all of a sandbox's processes together, shared
memory included, and their number where a user id of its own does not bound it. Ends the sandbox that goes over."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from autograder.sandbox.kernel import Kernel
from autograder.sandbox.limits import MB, Limits

SECONDS = 0.25
TOGETHER = 1.5
"""The memory that all processes may have, as a multiple of the limit for one."""
PRIVATE, SHARED_OUT, TASKS = ("RssAnon", "RssShmem"), ("Pss_Anon", "Pss_Shmem"), ("Threads",)
"""Lines of /proc/N/status and smaps_rollup. Forked processes share memory, which the first counts for each of them; the
second divides it by their number, and takes longer."""


def watch(kernel: Kernel, processes: Path) -> None:
    """Start a thread that ends with the kernel. `processes` is the sandbox's own /proc, which shows no others."""
    threading.Thread(target=_watch, args=(kernel, processes), daemon=True).start()


def _watch(kernel: Kernel, processes: Path) -> None:
    while kernel.process.poll() is None:
        reason = _too_much(processes, kernel.limits)
        if reason:
            kernel.kill(reason)
            return
        time.sleep(SECONDS)


def _too_much(processes: Path, limits: Limits) -> str:
    """Which limit the processes together are over, in words; empty for none."""
    most = TOGETHER * limits.memory / 1024  # as /proc counts
    if _sum(processes, "status", TASKS) > limits.processes:
        return f"the limit of {limits.processes} processes and threads was reached"
    if _sum(processes, "status", PRIVATE) > most and _sum(processes, "smaps_rollup", SHARED_OUT) > most:
        return f"the limit on memory ({limits.memory // MB:,} MB) was reached"
    return ""


def _sum(processes: Path, file: str, names: tuple[str, ...]) -> int:
    """The sum of these lines over all processes; one that is just ending counts nothing."""
    return sum(_own(path, names) for path in processes.glob(f"[0-9]*/{file}"))


def _own(path: Path, names: tuple[str, ...]) -> int:
    try:
        lines = (line.partition(":") for line in path.read_text(errors="replace").splitlines())
        return sum(int(value.split()[0]) for name, _, value in lines if name in names)
    except OSError:
        return 0
