"""The CPU time of a command and of everything that it started, kernels that were killed included: what the system
counts for a control group. Without the right to make one, what it counts for the command and the processes that it
waited for."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
PLACES = ((ROOT / "cpuacct", "cpuacct.usage"), (ROOT, "cpu.stat"))
"""Where control groups of version 1 and 2 are, and the files that count."""


class Group:
    """A control group for one command, or nothing in its place."""

    def __init__(self, folder: Path | None, file: str) -> None:
        self.folder, self._file = folder, file

    def take(self, process: int) -> None:
        """Put a process into it, and so all that it will start."""
        if self.folder:
            (self.folder / "cgroup.procs").write_text(str(process))

    def seconds(self, otherwise: float) -> float:
        """What was used in it, or what is given where there is none."""
        if self.folder is None:
            return otherwise
        text = (self.folder / self._file).read_text()
        numbers = dict(line.split() for line in text.splitlines() if " " in line)
        return int(numbers["usage_usec"]) / 1e6 if numbers else int(text) / 1e9


@contextlib.contextmanager
def group() -> Iterator[Group]:
    """A new control group where this user may make one."""
    for place, file in PLACES:
        folder = place / f"benchmark-{os.getpid()}"
        with contextlib.suppress(OSError):
            folder.mkdir()
            if (folder / file).exists():
                try:
                    yield Group(folder, file)
                finally:
                    with contextlib.suppress(OSError):  # a process is still ending
                        folder.rmdir()
                return
            folder.rmdir()
    yield Group(None, "")
