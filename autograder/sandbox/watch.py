"""Watches what no resource limit of the system counts: memory of all a submission's processes together, and the
size of the folder that holds its sockets. Kills the sandbox that goes over."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from pathlib import Path

import psutil

from autograder.sandbox.limits import MB, Limits

SECONDS = 0.25
CONNECTION_FOLDER = 1 * MB


def watch(process: subprocess.Popen[bytes], folder: Path, limits: Limits) -> None:
    """Start a thread that ends with the process."""
    threading.Thread(target=_watch, args=(process, folder, limits), daemon=True).start()


def _watch(process: subprocess.Popen[bytes], folder: Path, limits: Limits) -> None:
    while process.poll() is None:
        over = _memory(process.pid) > 1.5 * limits.memory or _folder_size(folder) > CONNECTION_FOLDER
        if over:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(SECONDS)


def _memory(pid: int) -> int:
    """Bytes resident in the process and all its descendants (what they share is counted once for each)."""
    total = 0
    with contextlib.suppress(psutil.Error):
        root = psutil.Process(pid)
        for each in (root, *root.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                info = each.memory_info()
                total += info.rss - info.shared
    return total


def _folder_size(folder: Path) -> int:
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        return sum(entry.stat(follow_symlinks=False).st_size for entry in entries)
    return 0
