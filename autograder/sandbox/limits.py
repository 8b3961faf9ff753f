"""What a submission may use: one place, good defaults, every limit named in the feedback of who hits it."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Limits on one submission's kernel. Sizes are in bytes, times in seconds of wall time unless said otherwise."""

    cell_seconds: float = 60
    notebook_seconds: float = 600
    """For all cells. Exercises that one cell may have spoiled for the others are looked at alone, in as much again."""
    start_seconds: float = 120
    cpu_seconds: int = 600
    memory: int = 4_000 * MB
    """Private memory of each process; all processes of a submission together may use one and a half times this."""
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
