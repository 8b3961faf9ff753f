"""A sandbox whose kernels can be ended all at once, so that an interrupted run does not wait for students' code."""

from __future__ import annotations

import threading

from autograder.lesson import Lesson
from autograder.sandbox.isolation import Sandbox
from autograder.sandbox.kernel import Kernel
from autograder.sandbox.limits import Limits


class Stopped(RuntimeError):
    """No kernel is started any more."""


class StoppableSandbox:
    """Gives out another sandbox's kernels until `stop` is called."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.name = sandbox.name
        self._sandbox = sandbox
        self._started: list[Kernel] = []
        self._noting = threading.Lock()
        self._stopped = threading.Event()

    def warm_up(self, lesson: Lesson, limits: Limits) -> None:
        """See `Sandbox.warm_up`."""
        self._sandbox.warm_up(lesson, limits)

    def kernel(self, lesson: Lesson, limits: Limits) -> Kernel:
        """See `Sandbox.kernel`. Raises `Stopped` after `stop`."""
        if self._stopped.is_set():
            raise Stopped("the run was stopped")
        kernel = self._sandbox.kernel(lesson, limits)
        with self._noting:
            self._started = [other for other in self._started if other.process.poll() is None] + [kernel]
        if self._stopped.is_set():
            kernel.close()
            raise Stopped("the run was stopped")
        return kernel

    def stop(self) -> None:
        """Kill every kernel; whoever uses one finds it dead."""
        self._stopped.set()
        with self._noting:
            for kernel in self._started:
                kernel.kill()
