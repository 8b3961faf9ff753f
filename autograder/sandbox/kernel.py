"""A running kernel as the grader sees it: execute code, evaluate an expression, kill.

Everything that comes from the kernel is hostile: messages are bounded in size and number, outputs are kept only as
far as a page may show them, and a kernel that neither answers nor obeys an interrupt is killed.
"""

from __future__ import annotations

import contextlib
import re
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.sandbox.limits import Limits
from autograder.sandbox.messages import Message, answer_to, request
from autograder.sandbox.outputs import OutputKeeper, plain
from autograder.sandbox.wire import TOO_LARGE, Wire, WireClosed

INTERRUPT_GRACE = 3.0
"""Seconds that an interrupted kernel has to come back."""
IDLE_GRACE = 2.0
"""Seconds that a kernel's outputs may take after its reply."""
POLL = 0.25
MAX_MESSAGES = 2_000
"""Messages that are read of one execution's outputs; a flood costs the grader no more."""
CHANNELS = {"shell": "DEALER", "iopub": "SUB", "control": "DEALER"}
"""The sockets that are used, and as what."""
_PORTS = {"shell": 1, "iopub": 2, "stdin": 3, "hb": 4, "control": 5}
_QUOTED = re.compile(r"'([\w+/=.-]*)'")
_SIGNALS = {
    signal.SIGSEGV: "a segmentation fault killed the kernel", signal.SIGABRT: "the kernel aborted",
    signal.SIGXCPU: "the limit on CPU time was reached", signal.SIGBUS: "a bus error killed the kernel",
    signal.SIGKILL: "the kernel was killed",
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
    """One kernel process, its connection, and its end. A context manager: leaving kills everything in it."""

    def __init__(
        self, process: subprocess.Popen[bytes], key: str, limits: Limits, clean_up: list[Callable[[], None]]
    ) -> None:
        self.process, self.limits = process, limits
        self._key, self._clean_up = key, clean_up
        self._wires: dict[str, Wire] = {}
        self._kept = OutputKeeper(limits.output)
        self._idle_grace = IDLE_GRACE
        self._reason = ""

    def __enter__(self) -> Kernel:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def connect(self, folder: Path) -> None:
        """Connect to the sockets in `folder` and wait until the kernel answers. Raises `KernelLost` if it never does.

        The one time that these paths are looked at: no student's code has run yet.
        """
        deadline = time.monotonic() + self.limits.start_seconds
        for channel, kind in CHANNELS.items():
            self._wires[channel] = self._connected(str(folder / socket_name(channel)), kind, deadline)
        while not self._heard():
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

    def kill(self, reason: str = "") -> None:
        """End the kernel with all that it started, for this reason."""
        self._reason = self._reason or reason
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    def close(self) -> None:
        """Kill the kernel and forget it. May be called again."""
        self.kill()
        self.process.wait()
        for wire in self._wires.values():
            wire.close()
        while self._clean_up:
            self._clean_up.pop()()

    def _connected(self, path: str, kind: str, deadline: float) -> Wire:
        while True:
            try:
                return Wire(path, kind, self.limits.message, 5.0)
            except OSError:  # the kernel has not come that far
                self._wait_for_start(deadline)

    def _heard(self) -> bool:
        """Whether a request is answered within a second, on the socket of the outputs as well."""
        identity, deadline = self._send("shell", "kernel_info_request", {}), time.monotonic() + 1.0
        open_channels = {"shell", "iopub"}
        while open_channels and time.monotonic() < deadline:
            for channel, message in self._incoming(identity, deadline):
                if channel == "shell" or _is_idle(message):
                    open_channels.discard(channel)
        return not open_channels

    def _request(self, source: str, expressions: dict[str, str], seconds: float) -> Execution:
        done = Execution()
        identity = self._send("shell", "execute_request", {
            "code": source, "silent": False, "store_history": bool(source), "user_expressions": expressions,
            "allow_stdin": False, "stop_on_error": False,
        })  # fmt: skip
        if not self._follow(identity, done, seconds):
            done.timed_out = True
            self._send("control", "interrupt_request", {})
            if not self._follow(identity, done, INTERRUPT_GRACE):
                raise KernelLost("timeout", "it ran too long and could not be interrupted")
        return done

    def _send(self, channel: str, kind: str, content: dict[str, Any]) -> str:
        identity, frames = request(kind, content, self._key)
        with self._losses():
            self._wires[channel].send(frames)
        return identity

    def _follow(self, identity: str, done: Execution, seconds: float) -> bool:
        """Read until the request is answered and the kernel idle; False when the time is up before it is answered.

        Outputs may get lost, the one that says idle among them: once answered, they are not waited for much longer.
        """
        deadline, replied, idle, count = time.monotonic() + seconds, False, False, 0
        while not (replied and idle):
            if time.monotonic() > deadline:
                self._idle_grace = 0.1 if replied else self._idle_grace
                return replied
            for channel, message in self._incoming(identity, deadline):
                if channel == "shell":
                    replied, deadline = True, min(deadline, time.monotonic() + self._idle_grace)
                    _read_reply(message, done)
                elif channel == "iopub":
                    idle, count = idle or _is_idle(message), count + 1
                    self._keep(message, done, count)
        return True

    def _keep(self, message: Message | None, done: Execution, count: int) -> None:
        if message is None or count == MAX_MESSAGES:
            self._kept.leave_out(done.outputs)
        elif count < MAX_MESSAGES:
            self._kept.add(done.outputs, message)

    def _incoming(self, identity: str, deadline: float) -> Iterator[tuple[str, Message | None]]:
        """What answers a request and comes in a short while, by channel; None for a message too large to be read."""
        poll = select.poll()
        for wire in self._wires.values():
            poll.register(wire, select.POLLIN)
        poll.poll(1_000 * max(0.0, min(POLL, deadline - time.monotonic())))
        self._require_life()
        with self._losses():
            for channel, wire in self._wires.items():
                for frames in wire.receive():
                    message = answer_to(identity, frames)
                    if message is not None or frames is TOO_LARGE:
                        yield channel, message

    @contextlib.contextmanager
    def _losses(self) -> Iterator[None]:
        """Says of a connection that fails why the kernel was lost."""
        try:
            yield
        except (WireClosed, OSError) as error:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(1.0)  # it may be about to end, and then its end says more
            self._require_life()
            raise KernelLost("crashed", "the kernel closed its connection") from error

    def _require_life(self) -> None:
        status = self.process.poll()
        if status is not None:
            raise KernelLost("crashed", self._reason or _how_it_ended(status))

    def _wait_for_start(self, deadline: float) -> None:
        self._require_life()
        if time.monotonic() > deadline:
            raise KernelLost("timeout", "the kernel did not start in time")
        time.sleep(0.02)


def socket_name(channel: str) -> str:
    """The name of a channel's socket in the connection's folder."""
    return f"s-{_PORTS[channel]}"


def connection_info(folder: str, key: str) -> dict[str, Any]:
    """The content of a kernel's connection file: Unix sockets in `folder`."""
    ports = {f"{channel}_port": port for channel, port in _PORTS.items()}
    return {"transport": "ipc", "ip": f"{folder}/s", "signature_scheme": "hmac-sha256", "key": key, **ports}


def _is_idle(message: Message | None) -> bool:
    return message is not None and message.type == "status" and message.content.get("execution_state") == "idle"


def _how_it_ended(status: int) -> str:
    """In words, from an exit status: of a process, or as bubblewrap and shells put a signal."""
    number = -status if status < 0 else status - 128
    return _SIGNALS.get(number, f"the kernel ended itself with exit status {status}")  # type: ignore[call-overload,no-any-return]


def _read_reply(reply: Message | None, done: Execution) -> None:
    content = reply.content if reply else {}
    if content.get("status") == "error":
        done.error = (plain(content.get("ename"), 200), plain(content.get("evalue"), 2_000))
    node: Any = content
    for key in ("user_expressions", "value", "data", "text/plain"):
        node = node.get(key) if isinstance(node, dict) else None
    found = _QUOTED.fullmatch(node) if isinstance(node, str) else None
    done.value = found[1] if found else None
