"""A Dask cluster as an executor: it has submissions graded on workers that can, and again where a worker is lost.

A thread here waits for each submission that is under way. Workers come and go: what one had is given to another. What
is under way when a worker is lost may be why it was lost: a submission for which Dask gives up gets one more chance,
with nothing else under way, and only when that fails as well is it told to be the reason.
"""

from __future__ import annotations

import hashlib
import logging
import pickle
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any

from distributed import Client, KilledWorker
from distributed import Future as Remote

from autograder.cluster.compatibility import PACKAGES, difference, engine
from autograder.lesson import Lesson
from autograder.sandbox import Kernel, Limits, Sandbox

if TYPE_CHECKING:
    from autograder.running import Grader  # brings torch: what is wrong with a cluster is told before

CONNECT_SECONDS = 10.0
FIRST_SECONDS = 20.0
"""How long a run waits for the first worker."""
PATIENCE = 120.0
"""Seconds that a run waits for a worker when all are gone: they may be about to be started again."""
LOOK_SECONDS = 5
"""How often whoever waits looks whether there are workers."""
THREADS = 10_000
"""More than anybody has under way: those that wait cost next to nothing."""
Reply = tuple[str, str, bytes]
"""A worker's address, why it can't grade, or nothing, and what it gives back."""


class ClusterUnusable(RuntimeError):
    """The cluster can't grade: nobody answers, or no worker is there or fit for it. The text says what to do."""


class Cluster(Executor):
    """The Dask cluster with its scheduler at `address`. `submit(work, grader, content)` has `work` done on a worker,
    with an equal grader. Leaving by an exception ends what is under way.

    Made at once, while its workers are still asked whether they can grade; see `left_out`. Raises `ClusterUnusable`.
    """

    def __init__(self, address: str, isolation: str) -> None:
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is told by us
        self.address = address
        self.sandbox: Sandbox = _Elsewhere(isolation)
        self._client = _connected(address)
        self._workers = self._client.get_executor(pure=False)
        self._waiting = ThreadPoolExecutor(THREADS)
        self._lock, self._sending = _ReadersWriterLock(), threading.Lock()
        self._sent: tuple[Grader, Remote[bytes]] | None = None
        self._tasks: set[Future[Reply]] = set()
        self._stopped = False
        self._unfit = self._of_other_versions()
        self._asked = self._waiting.submit(self._ask)

    def left_out(self) -> dict[str, str]:
        """The workers that can't grade, by address, and why. Raises `ClusterUnusable` where none can."""
        self._asked.result()
        return self._unfit

    @property
    def jobs(self) -> int:
        """How many submissions it grades at once: the threads of workers that can."""
        return sum(threads for there, threads in self._threads().items() if there not in self._unfit)

    def submit(self, work: Callable[..., Any], grader: Grader, content: Any, /) -> Future[Any]:  # type: ignore[override]
        """See the class. The future raises what `work` raised, and `GraderFault` for a submission that no worker
        survived, or where no worker is left."""
        return self._waiting.submit(self._done, work, grader, content)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for what is under way, then leave the cluster."""
        self._waiting.shutdown(wait, cancel_futures=cancel_futures)
        self._client.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._stopped = True
            for task in list(self._tasks):
                task.cancel()
        self.shutdown(cancel_futures=kind is not None)

    def _done(self, work: Callable[..., Any], grader: Grader, content: Any) -> Any:
        from autograder.cluster.order import unpacked  # noqa: PLC0415
        from autograder.judging import GraderFault  # noqa: PLC0415

        job = pickle.dumps((work, content))
        try:
            return unpacked(self._first_or_second(grader, job), grader.lesson)
        except KilledWorker as killed:
            raise GraderFault(
                "each worker that tried to grade it died, also with nothing else to do (the last one was"
                f" {killed.last_worker.address}). It may need more memory than workers have;"
                " grade it without --scheduler: --student NAME"
            ) from killed
        except ClusterUnusable as problem:
            raise GraderFault(str(problem)) from problem

    def _first_or_second(self, grader: Grader, job: bytes) -> bytes:
        """The reply, at the second chance if need be. Raises `KilledWorker` and `ClusterUnusable`."""
        try:
            with self._lock.shared():
                return self._from_a_worker(grader, job)
        except KilledWorker:
            with self._lock.alone():
                return self._from_a_worker(grader, job)

    def _from_a_worker(self, grader: Grader, job: bytes) -> bytes:
        """The reply of the first worker that can grade. Raises `KilledWorker` and `ClusterUnusable`."""
        while True:
            order, where = self._order(grader), self._where() if self._unfit else {}
            task = self._workers.submit(_grading(), engine(), self.sandbox.name, order, job, **where)
            there, problem, reply = self._result(task)
            if not problem:
                return reply
            self._unfit[there] = problem

    def _result(self, task: Future[Reply]) -> Reply:
        self._tasks.add(task)
        try:
            while not self._stopped:
                if wait([task], timeout=LOOK_SECONDS).done:
                    return task.result()
                self._where()
        except (CancelledError, OSError) as lost:
            if not self._stopped:
                raise self._gone() from lost
        finally:
            self._tasks.discard(task)
        raise ClusterUnusable("the run was stopped")

    def _order(self, grader: Grader) -> Remote[bytes]:
        """What workers need of a grader: sent to the scheduler once, and to each worker once, however many are lost."""
        from autograder.cluster.order import Order  # noqa: PLC0415

        with self._sending:
            if self._sent is None or self._sent[0] is not grader:
                order = pickle.dumps(Order.of(grader))
                key = f"autograder-{grader.lesson.name}-{hashlib.sha256(order).hexdigest()}"
                self._sent = grader, self._client.submit(bytes, order, key=key)
            return self._sent[1]

    def _where(self) -> dict[str, Any]:
        """Where a task should go, as options of `submit`: to the workers that are not known to be unfit.

        Waits where there is none. Raises `ClusterUnusable` after `PATIENCE` seconds.
        """
        end = time.monotonic() + PATIENCE
        while not self._stopped:
            fit = [address for address in self._threads() if address not in self._unfit]
            if fit:
                return {"workers": fit, "allow_other_workers": True}
            if time.monotonic() > end:
                break
            time.sleep(1)
        raise ClusterUnusable(f"the Dask cluster at {self.address} has lost all workers that could grade")

    def _threads(self) -> dict[str, int]:
        """How many threads each worker has, by address. Raises `ClusterUnusable` where the scheduler is gone."""
        try:
            return dict(self._client.nthreads())
        except (OSError, AttributeError) as lost:  # dask looks for its connection, and it has none
            raise self._gone() from lost

    def _gone(self) -> ClusterUnusable:
        return ClusterUnusable(f"the Dask scheduler at {self.address} is gone")

    def _of_other_versions(self) -> dict[str, str]:
        """The workers on which something else is installed than here, and what. Raises `ClusterUnusable`."""
        try:
            self._client.wait_for_workers(1, timeout=FIRST_SECONDS)
        except TimeoutError:
            self._client.close()
            raise ClusterUnusable(
                f"the Dask cluster at {self.address} has no workers. Start some: dask worker {self.address}"
            ) from None
        versions: Any = self._client.get_versions(packages=list(PACKAGES))
        here = versions["client"]["packages"]
        found = {there: difference(here, told["packages"]) for there, told in versions["workers"].items()}
        return {there: problem for there, problem in found.items() if problem}

    def _ask(self) -> None:
        """Ask each of the other workers what keeps it from grading: they import all that they need for an answer.

        Raises `ClusterUnusable` where none can grade.
        """
        alike = [there for there in self._threads() if there not in self._unfit]
        told = self._client.run(_question(), engine(), self.sandbox.name, workers=alike) if alike else {}
        self._unfit |= {there: problem for there, problem in told.items() if problem}
        if not self.jobs:
            reasons = "\n".join(f"{there}: {why}" for there, why in self._unfit.items())
            raise ClusterUnusable(f"no worker of the Dask cluster at {self.address} can grade.\n{reasons}")


class _Elsewhere:
    """A sandbox that the workers have, known here by its name alone."""

    def __init__(self, name: str) -> None:
        self.name = name

    def warm_up(self, lesson: Lesson, limits: Limits) -> None:
        """Workers warm up with their first submission."""

    def kernel(self, lesson: Lesson, limits: Limits) -> Kernel:
        raise NotImplementedError("kernels are started where the workers are")


class _ReadersWriterLock:
    """A readers–writer lock; a writer that waits keeps new readers out."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._readers, self._writing = 0, False

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Hold it as one of many readers."""
        with self._changed:
            self._changed.wait_for(lambda: not self._writing)
            self._readers += 1
        try:
            yield
        finally:
            with self._changed:
                self._readers -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold it as the only writer."""
        with self._changed:
            self._changed.wait_for(lambda: not self._writing)
            self._writing = True
            self._changed.wait_for(lambda: not self._readers)
        try:
            yield
        finally:
            with self._changed:
                self._writing = False
                self._changed.notify_all()


def _connected(address: str) -> Client:
    try:
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False, name="autograder")
    except (OSError, ValueError) as error:
        raise ClusterUnusable(
            f"no Dask scheduler answers at {address} ({error}). `dask scheduler` prints its address when it starts:"
            " tcp://HOST:8786, for one"
        ) from error


def _grading() -> Callable[..., Reply]:
    """What a worker does with a submission. A function within a function travels as it is: the scheduler, which looks
    at all that it passes on, need not have our package."""

    def grade(engine: str, isolation: str, order: bytes, job: bytes) -> Reply:
        from distributed import get_worker  # noqa: PLC0415

        from autograder.cluster import worker  # noqa: PLC0415

        return (get_worker().address, *worker.grade(engine, isolation, order, job))

    return grade


def _question() -> Callable[..., str]:
    """What a worker is asked before the first submission."""

    def unfit(engine: str, isolation: str) -> str:
        try:
            from autograder.cluster import worker  # noqa: PLC0415
        except ImportError as missing:
            return f"something is not installed there: {missing}"
        return worker.unfit(engine, isolation)

    return unfit
