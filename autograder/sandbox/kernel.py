"""A running kernel as the grader sees it: execute code, evaluate an expression, kill.

Everything that comes from the kernel is hostile: messages are bounded in size and number, outputs are kept only as
far as a page may show them, and a kernel that neither answers nor obeys an interrupt is killed.
"""

from __future__ import annotations

import ast
import contextlib
import json
import queue
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.blocking.client import BlockingKernelClient

from autograder.sandbox.limits import Limits
from autograder.sandbox.outputs import OutputKeeper

INTERRUPT_GRACE = 3.0
"""Seconds that an interrupted kernel has to come back."""
POLL = 0.05


class KernelLost(RuntimeError):
    """The kernel is gone. `outcome` is "crashed" or "timeout", `reason` one sentence for the student."""

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
        self, process: subprocess.Popen[bytes], connection: Any, limits: Limits, clean_up: Callable[[], None]
    ) -> None:
        self.process, self.limits, self._clean_up = process, limits, clean_up
        self._context: zmq.Context[Any] = zmq.Context()
        self._context.setsockopt(zmq.MAXMSGSIZE, limits.message)
        self._context.setsockopt(zmq.RCVHWM, 64)
        self._context.setsockopt(zmq.LINGER, 0)
        self.client = BlockingKernelClient(context=self._context)
        self.client.load_connection_info(connection)
        self.kept = OutputKeeper(limits.output)
        self._idle_grace = 2.0

    def __enter__(self) -> Kernel:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def start(self) -> None:
        """Connect and wait until the kernel answers. Raises `KernelLost` when it never does."""
        self.client.start_channels()
        deadline = time.monotonic() + self.limits.start_seconds
        while time.monotonic() < deadline:
            self._require_life()
            self.client.kernel_info()
            with contextlib.suppress(queue.Empty):
                self.client.get_shell_msg(timeout=1)
                return
        raise KernelLost("timeout", "the kernel did not start in time")

    def execute(self, source: str, seconds: float) -> Execution:
        """Run a cell for at most `seconds`. Raises `KernelLost` when the kernel dies or cannot be interrupted."""
        return self._request(source, {}, seconds)

    def evaluate(self, expression: str, seconds: float) -> str | None:
        """The text that an expression evaluates to, or None where it gives none in time.

        Raises `KernelLost` when the kernel dies or cannot be interrupted.
        """
        done = self._request("", {"value": expression}, seconds)
        return None if done.timed_out else done.value

    def close(self) -> None:
        """Kill the kernel with all that it started, and remove its folder."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        self.client.stop_channels()
        self._context.destroy(linger=0)
        self._clean_up()

    def _request(self, source: str, expressions: dict[str, str], seconds: float) -> Execution:
        done = Execution()
        self._drain()
        message = self.client.execute(
            source, silent=False, store_history=bool(source), user_expressions=expressions, allow_stdin=False,
            stop_on_error=False,
        )  # fmt: skip
        if not self._follow(message, done, seconds):
            done.timed_out = True
            self._interrupt(message, done)
        return done

    def _follow(self, message: str, done: Execution, seconds: float) -> bool:
        """Read messages until the request is answered and the kernel idle; False when the time is up."""
        deadline, replied, idle = time.monotonic() + seconds, False, False
        while not (replied and idle):
            if time.monotonic() > deadline:
                self._idle_grace = 0.1 if replied else self._idle_grace  # its output no longer arrives: do not wait
                return replied
            self._require_life()
            for output in self._outputs(message):
                idle = idle or output is None
                if output is not None:
                    self.kept.add(done.outputs, output)
            if not replied and (reply := self._reply(message)) is not None:
                replied, deadline = True, min(deadline, time.monotonic() + self._idle_grace)
                _read_reply(reply, done)
        return True

    def _outputs(self, message: str) -> list[dict[str, Any] | None]:
        """The outputs that have come for this request; None stands for the kernel's idle."""
        found: list[dict[str, Any] | None] = []
        timeout = POLL
        for _ in range(200):
            try:
                received = self.client.get_iopub_msg(timeout=timeout)
            except queue.Empty:
                break
            except Exception:  # a forged or garbled message says nothing
                continue
            timeout = 0
            if received["parent_header"].get("msg_id") != message:
                continue
            if received["msg_type"] == "status":
                if received["content"].get("execution_state") == "idle":
                    found.append(None)
            else:
                found.append({"type": received["msg_type"], **received["content"]})
        return found

    def _reply(self, message: str) -> dict[str, Any] | None:
        try:
            reply = self.client.get_shell_msg(timeout=0)
        except Exception:  # empty, forged or garbled
            return None
        return reply["content"] if reply["parent_header"].get("msg_id") == message else None

    def _interrupt(self, message: str, done: Execution) -> None:
        control = self.client.session.msg("interrupt_request", {})
        self.client.control_channel.send(control)
        if not self._follow(message, done, INTERRUPT_GRACE):
            raise KernelLost("timeout", "it ran too long and could not be interrupted")

    def _drain(self) -> None:
        """Throw away what earlier requests left behind."""
        for get in (self.client.get_iopub_msg, self.client.get_shell_msg, self.client.get_control_msg):
            for _ in range(2_000):
                try:
                    get(timeout=0)
                except queue.Empty:
                    break
                except Exception:
                    continue

    def _require_life(self) -> None:
        if self.process.poll() is not None:
            raise KernelLost("crashed", "the kernel died")


def connection_info(folder: str) -> dict[str, Any]:
    """A connection over Unix sockets in `folder`, without the key."""
    ports = {f"{name}_port": number for number, name in enumerate(("shell", "iopub", "stdin", "hb", "control"), 1)}
    return {"transport": "ipc", "ip": f"{folder}/s", "signature_scheme": "hmac-sha256", **ports}


def write_connection(path: Path, info: dict[str, Any]) -> None:
    """Write a kernel's connection file."""
    path.write_text(json.dumps({**info, "key": info["key"]}))


def _read_reply(reply: dict[str, Any], done: Execution) -> None:
    if reply.get("status") == "error":
        done.error = (str(reply.get("ename"))[:200], str(reply.get("evalue"))[:2_000])
    value = reply.get("user_expressions", {}).get("value", {})
    text = value.get("data", {}).get("text/plain") if isinstance(value, dict) else None
    with contextlib.suppress(ValueError, SyntaxError, MemoryError, RecursionError):
        literal = ast.literal_eval(text) if isinstance(text, str) else None
        done.value = literal if isinstance(literal, str) else None
