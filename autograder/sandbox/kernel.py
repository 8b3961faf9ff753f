"""A running kernel as the grader sees it: execute code, evaluate an expression, kill.

Everything that comes from the kernel is hostile: messages are bounded in size and number, outputs are kept only as
far as a page may show them, and a kernel that neither answers nor obeys an interrupt is killed.
"""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.lesson import noted, said
from autograder.sandbox.limits import Limits
from autograder.sandbox.link import Link, says_idle
from autograder.sandbox.messages import Message
from autograder.sandbox.outputs import OutputKeeper, plain
from autograder.sandbox.warm import Forked
from autograder.sandbox.wire import WireClosed

INTERRUPT_GRACE = 3.0
"""Seconds that an interrupted kernel has to come back."""
ENDING_SECONDS = 10.0
"""How long a guard may take to end its kernel. Where kernels are started one by one, students' code can stop it."""
IDLE_GRACE = 2.0
"""Seconds that a kernel's outputs may take after its reply."""
MAX_MESSAGES = 2_000
"""Messages that are read of one execution's outputs; a flood costs the grader no more."""
_QUOTED = re.compile(r"'([\w+/=.-]*)'")
_SIGNALS: dict[int, str] = {
    signal.SIGSEGV: noted("a segmentation fault killed the kernel"), signal.SIGABRT: noted("the kernel aborted"),
    signal.SIGXCPU: noted("the limit on CPU time was reached"), signal.SIGBUS: noted("a bus error killed the kernel"),
    signal.SIGKILL: noted("the kernel was killed"),
}  # fmt: skip


class KernelLost(RuntimeError):
    """The kernel is gone. `outcome` is "crashed" or "timeout", `reason` a clause for the student."""

    def __init__(self, outcome: str, reason: str) -> None:
        super().__init__(reason)
        self.outcome, self.reason = outcome, reason


@dataclass
class Execution:
    """What came of executing a cell: outputs fit for a page, and the error if it raised or ran too long."""

    outputs: list[dict[str, Any]] = field(default_factory=list)
    error: tuple[str, str] | None = None
    timed_out: bool = False
    value: str | None = None


class Kernel:
    """One kernel process, the link to it, and its end. A context manager: leaving kills everything in it.

    `link` is there once it is connected. Who speaks through it does not also call `execute` or `evaluate`.
    """

    def __init__(self, process: Forked, limits: Limits, clean_up: list[Callable[[], None]]) -> None:
        self.process, self.limits, self._clean_up = process, limits, clean_up
        self._kept = OutputKeeper(limits.output)
        self._idle_grace = IDLE_GRACE

    def __enter__(self) -> Kernel:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def connect(self, folder: Path, key: str) -> None:
        """Connect to the sockets in `folder` and wait until it answers. Raises `KernelLost` if it never does."""
        deadline = time.monotonic() + self.limits.start_seconds
        self.link = self._linked(folder, key, deadline)
        self._clean_up.append(self.link.close)
        with self._losses():
            while not self.link.is_heard():
                self._wait_for_start(deadline)

    def execute(self, source: str, seconds: float) -> Execution:
        """Run a cell for at most `seconds`. Raises `KernelLost` when the kernel dies or cannot be interrupted."""
        return self._request(source, {}, seconds)

    def evaluate(self, expression: str, seconds: float) -> str | None:
        """The text that an expression evaluates to, or None where it gives none in time.

        Letters, digits and `+/=_.-` are all that a text may have: anything else is no answer either. Raises
        `KernelLost` when the kernel dies or cannot be interrupted.
        """
        done = self._request("", {"value": expression}, seconds)
        return None if done.timed_out else done.value

    def why_lost(self) -> str:
        """Why the kernel has closed a connection, a clause."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1.0)  # it may be about to end, and then its end says more
        status = self.process.poll()
        if status is None:
            return said("the kernel closed its connection")
        return self.limits.reached(self.process.over) or _how_it_ended(status)

    def kill(self) -> None:
        """End the kernel with all that it started."""
        self.process.kill()

    def close(self) -> None:
        """Kill the kernel and forget it. May be called again."""
        self.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):  # then cleaning up ends both
            self.process.wait(ENDING_SECONDS)
        while self._clean_up:
            self._clean_up.pop()()

    def _linked(self, folder: Path, key: str, deadline: float) -> Link:
        while True:
            with contextlib.suppress(OSError):  # the kernel has not come that far
                return Link(folder, key, self.limits.message)
            self._wait_for_start(deadline)

    def _request(self, source: str, expressions: dict[str, str], seconds: float) -> Execution:
        content = {
            "code": source, "silent": False, "store_history": bool(source), "user_expressions": expressions,
            "allow_stdin": False, "stop_on_error": False,
        }  # fmt: skip
        done = Execution()
        with self._losses():
            identity = self.link.send("shell", "execute_request", content)
            if not self._follow(identity, done, seconds):
                done.timed_out = True
                self.link.send("control", "interrupt_request", {})
                if not self._follow(identity, done, INTERRUPT_GRACE):
                    raise KernelLost("timeout", said("the code ran too long and could not be interrupted"))
        return done

    def _follow(self, identity: str, done: Execution, seconds: float) -> bool:
        """Read until the request is answered and the kernel idle; False when the time is up before it is answered.

        Outputs may get lost, the one that says idle among them: once answered, they are not waited for much longer.
        """
        deadline, replied, idle, count = time.monotonic() + seconds, False, False, 0
        while not (replied and idle):
            if time.monotonic() > deadline:
                self._idle_grace = 0.1 if replied else self._idle_grace
                return replied
            self._require_life()
            for channel, message in self.link.replies(identity, deadline):
                if channel == "shell":
                    replied, deadline = True, min(deadline, time.monotonic() + self._idle_grace)
                    _read_reply(message, done)
                elif channel == "iopub":
                    idle, count = idle or says_idle(message), count + 1
                    self._keep(message, done, count)
        return True

    def _keep(self, message: Message | None, done: Execution, count: int) -> None:
        if message is None or count == MAX_MESSAGES:
            self._kept.leave_out(done.outputs)
        elif count < MAX_MESSAGES:
            self._kept.add(done.outputs, message)

    @contextlib.contextmanager
    def _losses(self) -> Iterator[None]:
        """A context manager that turns a broken link into a `KernelLost` that says why."""
        try:
            yield
        except WireClosed as error:
            raise KernelLost("crashed", self.why_lost()) from error

    def _require_life(self) -> None:
        if self.process.poll() is not None:
            raise KernelLost("crashed", self.why_lost())

    def _wait_for_start(self, deadline: float) -> None:
        self._require_life()
        if time.monotonic() > deadline:
            raise KernelLost("timeout", said("the kernel did not start in time"))
        time.sleep(0.02)


def _how_it_ended(status: int) -> str:
    """In words, from an exit status: of a process, or as bubblewrap and shells put a signal."""
    number = -status if status < 0 else status - 128
    if number in _SIGNALS:
        return said(_SIGNALS[number])
    return said("the kernel ended itself with exit status {status}", status=status)


def _read_reply(reply: Message | None, done: Execution) -> None:
    content = reply.content if reply else {}
    if content.get("status") == "error":
        done.error = (plain(content.get("ename"), 200), plain(content.get("evalue"), 2_000))
    node: Any = content
    for key in ("user_expressions", "value", "data", "text/plain"):
        node = node.get(key) if isinstance(node, dict) else None
    found = _QUOTED.fullmatch(node) if isinstance(node, str) else None
    done.value = found[1] if found else None
