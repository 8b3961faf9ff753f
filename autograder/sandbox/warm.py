"""The grader's side of a fork server: a process that has imported what kernels need, and the kernels that it forks.

See `forkserver.py` for what runs at the other end.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any
from weakref import finalize

KILLED = -9
POLL = 0.1
PACKETS = socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_STREAM
"""The sockets between grader and fork server keep messages apart where the system has such. Where it has not, a fork
server takes one order."""


class ServerGone(RuntimeError):
    """The fork server has ended, or does not come up; with what it printed."""


class ForkServer:
    """A process that forks kernels. It ends with this object, or after some idle time."""

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket, errors: int, first: int) -> None:
        """`errors` is a descriptor to read what it prints, `first` the process with whose end all in its namespaces
        ends, or the process itself."""
        self.root = Path(f"/proc/{first}/root")
        """The root folder as the process sees it."""
        self._process, self._control, self._errors = process, control, errors
        self._end = finalize(self, _end, process, control, errors, first)

    @property
    def lives(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def fork(self, order: dict[str, Any], errors: int, seconds: float) -> Forked:
        """Have a kernel forked that prints its troubles to the descriptor `errors`. Raises `ServerGone`."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, PACKETS)
        forked = Forked(ours, self)
        try:
            with theirs:
                socket.send_fds(self._control, [json.dumps(order).encode()], [theirs.fileno(), errors])
            self._await_birth(forked, time.monotonic() + seconds)
        except OSError as error:
            forked.close()
            raise self._gone() from error
        except BaseException:
            forked.close()
            raise
        return forked

    def close(self) -> None:
        """End the process, and what it has forked. May be called again."""
        self._end()

    def _await_birth(self, forked: Forked, deadline: float) -> None:
        while True:
            if forked.poll() is not None:
                raise self._gone()
            if forked.pid:
                return
            if time.monotonic() > deadline:
                raise ServerGone(f"the kernel did not start in time: {printed(self._errors)}")
            forked.listen(POLL)

    def _gone(self) -> ServerGone:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        return ServerGone(f"the fork server ended, exit status {self._process.poll()}: {printed(self._errors)}")


class Forked:
    """A forked kernel as a process: like a `subprocess.Popen` it is polled, waited for and killed."""

    def __init__(self, life: socket.socket, server: ForkServer) -> None:
        """`life` connects to its guard, which tells its id, and later its end."""
        self._server = server  # which must not end before
        self.pid = 0
        """Its id in the process list of the fork server; 0 before it is born."""
        self.over = ""
        """The name of the limit, once it was ended for that."""
        self._life = life
        self._status: int | None = None
        self._hearing = threading.Lock()

    def poll(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""
        with self._hearing:
            while self._status is None and self.listen(0):
                self._hear()
            return self._status

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; returns the status. Raises `subprocess.TimeoutExpired`."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (status := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("kernel", timeout or 0)
            self.listen(POLL)
        return status

    def kill(self) -> None:
        """End it, with all that it has started."""
        with contextlib.suppress(OSError):
            self._life.send(b"end")

    def close(self) -> None:
        """Have no more to do with it, which is its end as well."""
        with self._hearing:
            self._status = KILLED if self._status is None else self._status
            self._life.close()

    def listen(self, seconds: float) -> bool:
        """Wait so long for news; whether there are any."""
        try:
            return bool(select.select([self._life], [], [], seconds)[0])
        except ValueError:  # closed by another thread, which has heard of its end
            return False

    def _hear(self) -> None:
        """Read what the guard says, a line each. Where it says nothing any more, everything is gone."""
        try:
            lines = self._life.recv(1_000).splitlines() or [b"{}"]
        except OSError:
            lines = [b"{}"]
        for told in map(json.loads, lines):
            self.pid = told.get("pid", self.pid)
            self.over = told.get("over", self.over)
            if "pid" not in told:
                self._status = int(told.get("status", KILLED))
                self._life.close()


class ForkServers:
    """A sandbox's fork servers by what they are good for; each is started when it is first needed."""

    def __init__(self) -> None:
        self.work = True
        """Whether kernels can be forked here into namespaces of their own, as far as is known."""
        self._servers: dict[Hashable, ForkServer] = {}
        self._making = threading.Lock()

    def server(self, key: Hashable, make: Callable[[], ForkServer]) -> ForkServer:
        """The living server for `key`, or a new one."""
        with self._making:
            known = self._servers.get(key)
            if known is None or not known.lives:
                known = self._servers[key] = make()
            return known

    def forget(self, server: ForkServer) -> None:
        """Use a server no more. The kernels that it has forked live on."""
        with self._making:
            self._servers = {key: other for key, other in self._servers.items() if other is not server}


def printed(errors: int) -> str:
    """What was printed to a pipe so far."""
    os.set_blocking(errors, False)
    try:
        return os.read(errors, 3_000).decode(errors="replace").strip()
    except OSError:
        return ""


def _end(process: subprocess.Popen[bytes], control: socket.socket, errors: int, first: int) -> None:
    control.close()
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(first, signal.SIGKILL)
    process.wait()
    os.close(errors)
