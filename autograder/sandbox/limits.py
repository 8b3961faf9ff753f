"""What a submission may use: one place, good defaults, every limit named in the feedback of who hits it."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.lesson import said

MB = 1_000_000
OPEN_TOGETHER = 8
"""The open files that all processes may have, as a multiple of the limit for one: a socket may hold data in memory."""


@dataclass(frozen=True)
class Limits:
    """Limits on one submission's kernel. Sizes are in bytes, times in seconds of wall time unless said otherwise."""

    cell_seconds: float = 60
    notebook_seconds: float = 600
    """For all cells. Exercises that one cell may have spoiled for the others are looked at alone, in as much again."""
    start_seconds: float = 120
    cpu_seconds: int = 600
    memory: int = 4_000 * MB
    """All that a submission starts, together: its processes, files in memory, the buffers of sockets and pipes."""
    processes: int = 256
    """Processes and threads together: torch alone starts dozens."""
    file_size: int = 256 * MB
    scratch: int = 512 * MB
    """Everything below /tmp, and shared memory, each."""
    files: int = 50_000
    """Files and folders in all of that."""
    open_files: int = 512
    output: int = 5 * MB
    """Output of all cells together."""
    message: int = 8 * MB
    """One message from the kernel; a larger one is not read."""
    restarts: int = 20
    """How often a notebook's kernel is started again after it died or hung."""
    threads: int = 1
    """Threads that torch uses for one operation."""

    @property
    def together(self) -> dict[str, int]:
        """The limits on everything that a submission has started, by name."""
        open_files = OPEN_TOGETHER * self.open_files
        return {"memory": self.memory, "processes": self.processes, "open_files": open_files, "files": self.files}

    def reached(self, name: str) -> str:
        """That the limit of this name, or that watching, ended a submission, in words; empty for any other name."""
        match name:
            case "memory":
                return said("the limit on memory ({most:,} MB) was reached", most=self.memory // MB)
            case "processes":
                return said("the limit of {most} processes and threads was reached", most=self.processes)
            case "open_files":
                most = self.together[name]
                return said("the limit of {most:,} open files in all processes was reached", most=most)
            case "files":
                return said("the limit of {most:,} files was reached", most=self.files)
            case "unwatched":
                return said("the grader could not watch how much memory it uses, and ended it")
        return ""
