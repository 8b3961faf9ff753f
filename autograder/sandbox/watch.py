"""What a kernel's guard watches: all that the kernel's processes use together, which no resource limit bounds.

Run in the guard, from its text (see `forkserver.py`), so it knows nothing but the standard library. The guard ends a
kernel that is over a limit, and one that can't be watched: an error here is let through to it.

Memory is what the processes have written, what keeps account of it, files in memory, and the buffers of sockets and
pipes. What forked processes share counts once. To tell how much that is takes Linux some 30 ms for a process that
has imported torch, so at first each process counts in full, which takes no time. Only where that is too much, the
processes are stopped and their shares are measured. From then on counts what each has got or may have written since: a
shared page that is written to is a page fault. The less is left, the sooner the next look.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SECONDS, SHORTEST = 0.25, 0.01
"""Between two looks: at most, and at least."""
RATE = 2e9 * min(os.cpu_count() or 1, 8)
"""Bytes that the processes may come to use in a second."""
STOPPED_SECONDS = 2.0
"""How long a look may take while the processes are stopped; who was not looked at by then counts in full."""
EASE = 0.75
"""The share of the limit below which it is of no interest what else is shared."""
BUFFER = 256_000
"""What a socket may hold, in bytes, with the system's usual limits; pipes hold less."""
INODE = 1_000
"""What the system keeps of a file in memory beside its content, in bytes."""
PAGE = os.sysconf("SC_PAGE_SIZE")
FAULTS, BORN = 7, 19
"""Places in /proc/N/stat, counted from behind the process's name."""
_STATUS = re.compile(rb"^(Threads|FDSize|RssAnon|RssShmem|VmPTE|VmSwap|HugetlbPages):\s*(\d+)", re.MULTILINE)
_SHARED_OUT = re.compile(rb"^(Pss_Anon):\s*(\d+)", re.MULTILINE)
_GONE = (FileNotFoundError, ProcessLookupError)


class Process(NamedTuple):
    """A process, by its folder in /proc and its start: its threads, open files, page faults, and memory in bytes."""

    folder: Path
    born: int
    faults: int
    threads: int
    descriptors: int
    """As many as its table has room for, at most."""
    own: int
    mapped: int
    """Files in memory that it has mapped."""


class Watch:
    """Looks at the processes that /proc shows, but not at those with the ids `ours`, and at `folders` in memory. `most`
    are the limits by name. `outer` is the device number of the /proc that is there until an init mounts its own over
    it; None where none does."""

    def __init__(self, most: dict[str, int], folders: list[str], ours: set[int], outer: int | None) -> None:
        self._most, self._folders, self._ours, self._outer = most, folders, set(map(str, ours)), outer
        self._measured: dict[tuple[Path, int], tuple[int, Process]] = {}
        """What counted for each process when shares were last measured, and the process as it was then."""

    def __call__(self) -> tuple[str, float]:
        """The name of a limit that is exceeded, empty for none, and how many seconds the next look may wait."""
        if Path("/proc").stat().st_dev == self._outer:
            return "", SHORTEST
        found = list(self._processes())
        if sum(each.threads for each in found) > self._most["processes"]:
            return "processes", 0
        if sum(status.f_files - status.f_ffree for status in map(os.statvfs, self._folders)) > self._most["files"]:
            return "files", 0
        if sum(each.descriptors for each in found) > self._most["open_files"] < sum(map(_open, found)):
            return "open_files", 0
        left = self._most["memory"] - self._memory(found)
        if left < 0:
            return "memory", 0
        return "", min(SECONDS, max(SHORTEST, left / RATE))

    def _processes(self) -> Iterator[Process]:
        for folder in self._shown():
            with contextlib.suppress(*_GONE):
                yield _process(folder)

    def _shown(self) -> list[Path]:
        return [path for path in Path("/proc").iterdir() if path.name.isdecimal() and path.name not in self._ours]

    def _memory(self, found: list[Process]) -> int:
        """What is used, in bytes: what is shared may be counted repeatedly while that is within the limit. Where it is
        not, processes that are over it stay stopped, to be killed."""
        buffers = _all_buffers(found) if self._measured else sum(each.descriptors for each in found)
        used = self._together(self._since_measured(found), found, buffers)
        if used <= self._most["memory"]:
            return used
        stopped: dict[Path, int] = {}
        try:
            self._stop(stopped)
            used = self._measure(list(self._processes()))
            if used <= self._most["memory"]:
                _go_on(stopped)
            return used
        finally:
            for descriptor in stopped.values():
                os.close(descriptor)

    def _since_measured(self, found: list[Process]) -> int:
        """What may be used now, by what was measured. The share of a process that is gone counts on: others have it."""
        used = sum(counted for counted, _ in self._measured.values())
        for each in found:
            _, before = self._measured.get((each.folder, each.born), (0, None))
            if before is None:
                used += each.own
            else:
                used += max(0, each.own - before.own) + PAGE * max(0, each.faults - before.faults)
        return used

    def _measure(self, found: list[Process]) -> int:
        """Measure shares, the largest process first, and give what is used with them."""
        buffers = _all_buffers(found)
        end = time.monotonic() + STOPPED_SECONDS
        counted = [each.own for each in found]
        for place in sorted(range(len(found)), key=counted.__getitem__, reverse=True):
            used = self._together(sum(counted), found, buffers)
            if used <= EASE * self._most["memory"] or time.monotonic() > end:
                break
            counted[place] = _share(found[place])
        self._measured = {(each.folder, each.born): (own, each) for each, own in zip(found, counted, strict=True)}
        return self._together(sum(counted), found, buffers)

    def _together(self, own: int, found: list[Process], buffers: int) -> int:
        """Files in memory that are mapped lie in the folders, as a rule, and count there."""
        in_folders = sum(
            status.f_frsize * (status.f_blocks - status.f_bfree) + INODE * (status.f_files - status.f_ffree)
            for status in map(os.statvfs, self._folders)
        )
        return own + max(in_folders, sum(each.mapped for each in found)) + BUFFER * buffers

    def _stop(self, stopped: dict[Path, int]) -> None:
        """Stop all processes, also those that are started meanwhile; notes a descriptor of each."""
        while new := set(self._shown()) - stopped.keys():
            for folder in new:
                with contextlib.suppress(*_GONE):
                    stopped[folder] = os.open(folder, os.O_RDONLY)
                    signal.pidfd_send_signal(stopped[folder], signal.SIGSTOP)


def _go_on(stopped: dict[Path, int]) -> None:
    for descriptor in stopped.values():
        with contextlib.suppress(*_GONE):
            signal.pidfd_send_signal(descriptor, signal.SIGCONT)


def _process(folder: Path) -> Process:
    lines = _lines(folder / "status", _STATUS)
    if "RssAnon" not in lines and lines.get("Threads", 0) > 1:  # its first thread has ended, others have not
        for thread in (folder / "task").iterdir():
            with contextlib.suppress(*_GONE):
                others = _lines(thread / "status", _STATUS)
                folder, lines = (folder.parent / thread.name, others) if "RssAnon" in others else (folder, lines)
    numbers = (folder / "stat").read_bytes().rpartition(b")")[2].split()
    return Process(
        folder, int(numbers[BORN]), int(numbers[FAULTS]), lines.get("Threads", 0), lines.get("FDSize", 0),
        1024 * (lines.get("RssAnon", 0) + _unshared(lines)), 1024 * lines.get("RssShmem", 0),
    )  # fmt: skip


def _share(process: Process) -> int:
    """What it has, what it shares divided by the number of those who share it; in full where that can't be told."""
    with contextlib.suppress(KeyError, PermissionError, *_GONE):
        shared_out = _lines(process.folder / "smaps_rollup", _SHARED_OUT)["Pss_Anon"]
        return 1024 * (shared_out + _unshared(_lines(process.folder / "status", _STATUS)))
    return process.own


def _unshared(lines: dict[str, int]) -> int:
    return sum(lines.get(name, 0) for name in ("VmPTE", "VmSwap", "HugetlbPages"))


def _all_buffers(found: list[Process]) -> int:
    return len(set[str]().union(*map(_buffers, found)))


def _buffers(process: Process) -> set[str]:
    """The sockets and pipes that it has open; where it hides them, one for each file that it may have open."""
    try:
        links = [str(link.readlink()) for link in (process.folder / "fd").iterdir()]
    except OSError:
        return {f"{process.folder}/{number}" for number in range(process.descriptors)}
    return {link for link in links if link.startswith(("socket:", "pipe:"))}


def _open(process: Process) -> int:
    """How many files it has open; where it hides them, how many it may have."""
    with contextlib.suppress(OSError):
        return sum(1 for _ in (process.folder / "fd").iterdir())
    return process.descriptors


def _lines(path: Path, wanted: re.Pattern[bytes]) -> dict[str, int]:
    return {name.decode(): int(value) for name, value in wanted.findall(path.read_bytes())}
