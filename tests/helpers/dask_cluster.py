"""A real Dask cluster: a scheduler and workers in processes of their own."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from autograder.sandbox import Limits
from helpers import ROOT

LIMITS = Limits(cell_seconds=20)

# What stands before `main`: a scheduler has no use for our package.
SCHEDULER = "import sys; sys.modules['autograder'] = None; from distributed.cli.dask_scheduler import main; main()"

WORKER = "from distributed.cli.dask_worker import main; main()"


@dataclass
class Dask:
    """A scheduler and its workers, each a process; `folder` is theirs."""

    folder: Path
    address: str = ""
    processes: list[psutil.Popen] = field(default_factory=list)

    def start(self, program: str, *options: str | Path, **environment: str) -> psutil.Popen:
        everything = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", **environment}
        with (self.folder / f"{len(self.processes)}.log").open("w") as log:
            command = [sys.executable, "-c", program, *map(str, options), "--no-dashboard"]
            process = psutil.Popen(command, env=everything, stdout=log, stderr=log, cwd=self.folder)
        self.processes.append(process)
        return process

    def scheduler(self, failures: int) -> None:
        told = self.folder / "scheduler.json"
        options = ("--host", "127.0.0.1", "--port", "0", "--scheduler-file", told)
        self.start(SCHEDULER, *options, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES=str(failures))
        wait_until(told.exists)
        self.address = json.loads(told.read_text())["address"]

    def worker(self, threads: int = 1, nanny: bool = False, **environment: str) -> psutil.Popen:
        local = self.folder / f"local-{len(self.processes)}"
        options = ("--nthreads", threads, "--local-directory", local, "--nanny" if nanny else "--no-nanny")
        return self.start(WORKER, self.address, *map(str, options), **environment)

    def wait_for_workers(self, count: int) -> None:
        """Wait until so many are there: a worker says so in its log."""
        wait_until(lambda: sum("Registered to" in log.read_text() for log in self.folder.glob("*.log")) >= count)

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                for each in (process, *process.children(recursive=True)):
                    with suppress(psutil.NoSuchProcess):
                        each.kill()
                process.wait()


@contextmanager
def dask(folder: Path, failures: int = 3) -> Iterator[Dask]:
    made = Dask(folder)
    try:
        made.scheduler(failures)
        yield made
    finally:
        made.end()


def wait_until(true: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)
