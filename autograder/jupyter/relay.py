"""Between Jupyter and a sandboxed kernel: a thread that speaks with both, and lets nothing else pass than it knows.

Jupyter's own client would connect to the kernel's sockets by path, again and again, to whatever a student has put
there; it reads messages of any size, and believes what they say. Here the sandbox's link reads them, as it does in
grading. Jupyter meets sockets of ours, which no student's code can reach, and messages that are made anew
(`harmless.py`). The sockets stay in one place when the kernel is restarted, so that open notebooks find the new one.

Not passed on, to either side: `input()`, widgets, the debugger.
"""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.session import Session

from autograder.jupyter.harmless import REQUESTS, kernel_info, published, reply
from autograder.sandbox import (
    TOO_LARGE,
    Kernel,
    Message,
    OutputKeeper,
    Wire,
    WireClosed,
    answer_to,
    connection_info,
    label,
)

SOCKETS = {"shell": zmq.ROUTER, "control": zmq.ROUTER, "stdin": zmq.ROUTER, "iopub": zmq.PUB, "hb": zmq.REP}
"""Jupyter's channels, and what a kernel's end of them is."""
LINGER = 1_000
"""Milliseconds that the last messages may take."""
REMEMBERED = 1_000
"""Requests whose answers are still passed on: outputs of threads come late."""
MOST_MESSAGES, MOST_STATUSES = 10_000, 10
"""Published in answer to one request. What is over is thrown away unread: a flood costs the server little."""


@dataclass
class _Asked:
    """A pending request of one of Jupyter's clients, and how much may still be published in answer to it: bytes, and
    messages."""

    message: dict[str, Any]
    sender: list[bytes]
    channel: str
    keeper: OutputKeeper
    bytes_left: int
    messages_left: int = MOST_MESSAGES
    statuses_left: int = MOST_STATUSES
    replied: bool = False

    @property
    def kind(self) -> str:
        return str(self.message["msg_type"])

    @property
    def reply(self) -> str:
        return self.kind.replace("_request", "_reply")

    def affords(self, kind: str, size: int) -> bool:
        """Whether so many bytes of that kind may still be published in answer."""
        if kind == "status":
            self.statuses_left -= 1
            return self.statuses_left >= 0
        self.bytes_left -= size
        self.messages_left -= 1
        return self.kind == "execute_request" and self.bytes_left >= 0 and self.messages_left >= 0


class Relay:
    """Serves a kernel to Jupyter's clients that know the key, on Unix sockets in a folder, until it is closed or the
    kernel ends."""

    def __init__(self, kernel: Kernel, folder: Path, key: bytes) -> None:
        """Bind the sockets. Raises `zmq.ZMQError` where that fails."""
        self.end_is_wanted = False
        """Whether somebody has asked for the kernel's end. If not, its end is explained where a cell was running."""
        self._kernel = kernel
        self._session = Session(key=key, signature_scheme="hmac-sha256")
        self._context = zmq.Context()
        self._poller = zmq.Poller()
        self._sockets: dict[str, zmq.Socket[bytes]] = {}
        self._asked: dict[str, _Asked] = {}
        self._running: _Asked | None = None
        self._wires: dict[int, tuple[str, Wire]] = {}
        self._stop, self._stopped = socket.socketpair()
        self._is_closing = False
        try:
            self._open(folder)
        except BaseException:
            self._let_go()
            raise
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Serve no more, and give the sockets back. May be called again. The kernel lives on."""
        self._is_closing = True
        self._stop.close()
        self._thread.join()

    def _open(self, folder: Path) -> None:
        places = connection_info(str(folder), "")
        for channel, kind in SOCKETS.items():
            ours = self._sockets[channel] = self._context.socket(kind)
            ours.sndhwm = 0  # what is published is bounded: nothing of it may get lost
            if kind == zmq.ROUTER:
                ours.router_handover = True  # a client that comes again is the one that it was
            ours.bind(f"ipc://{places['ip']}-{places[f'{channel}_port']}")
            if channel in ("shell", "control", "hb"):
                self._poller.register(ours, zmq.POLLIN)
        self._poller.register(self._stopped.fileno(), zmq.POLLIN)
        for channel, wire in self._kernel.link.wires.items():
            self._wires[wire.fileno()] = channel, wire
            self._poller.register(wire.fileno(), zmq.POLLIN)

    def _serve(self) -> None:
        try:
            while self._wires and not self._is_closing:
                self._turn()
            if not self._is_closing and not self.end_is_wanted:
                self._tell_why(self._kernel.why_lost())
        finally:
            if not self._is_closing:  # a kernel that nobody hears any more would seem to be alive
                self._kernel.kill()
            self._let_go()

    def _turn(self) -> None:
        """Wait for messages on either side, and relay them."""
        ready = dict(self._poller.poll())
        if self._sockets["hb"] in ready:
            self._sockets["hb"].send(self._sockets["hb"].recv())
        for channel in ("control", "shell"):
            if self._sockets[channel] in ready:
                self._ask(channel)
        for number in [number for number in self._wires if number in ready]:
            self._hear(number)

    def _let_go(self) -> None:
        self._context.destroy(linger=LINGER)
        self._stop.close()
        self._stopped.close()

    def _ask(self, channel: str) -> None:
        """Relay a client's request to the kernel."""
        sender, frames = self._session.feed_identities(self._sockets[channel].recv_multipart())
        try:
            message = self._session.deserialize(frames)
        except ValueError:  # by somebody who does not know the key
            return
        kind, content, limits = message["msg_type"], message["content"], self._kernel.limits
        if kind not in REQUESTS:
            return
        if kind == "execute_request":
            content = {**content, "allow_stdin": False}
        self.end_is_wanted = self.end_is_wanted or kind == "shutdown_request"
        try:
            identity = self._kernel.link.send(channel, kind, content)
        except WireClosed:
            self._kernel.kill()  # it listens no more; that it is gone shows when its end is heard
            return
        keeper = OutputKeeper(limits.output)
        self._asked[identity] = _Asked(message, sender, channel, keeper, limits.output + limits.message)
        if len(self._asked) > REMEMBERED:
            done = (identity for identity, asked in self._asked.items() if asked.replied)
            self._asked.pop(next(done, ""), None)

    def _hear(self, number: int) -> None:
        """Relay what has come on one of the kernel's wires."""
        channel, wire = self._wires[number]
        try:
            for frames in wire.receive():
                if frames is TOO_LARGE:
                    self._leave_out(self._running)
                else:
                    self._pass_on(channel, frames)
        except WireClosed:
            self._poller.unregister(number)
            del self._wires[number]

    def _pass_on(self, channel: str, frames: list[bytes]) -> None:
        kind, identity = label(frames)
        asked = self._asked.get(identity)
        if asked is None:
            return
        if channel == "iopub":
            if asked.affords(kind, sum(map(len, frames))):
                self._running = asked if asked.kind == "execute_request" else self._running
                message = answer_to(identity, frames)
                for each in published(message, asked.keeper) if message else ():
                    self._publish(each, asked)
            elif kind != "status":
                self._leave_out(asked)
        elif channel == asked.channel and kind == asked.reply and not asked.replied:
            self._reply(asked, answer_to(identity, frames))

    def _reply(self, asked: _Asked, message: Message | None) -> None:
        content = message.content if message else {}
        most = self._kernel.limits.output
        fit = kernel_info() if asked.kind == "kernel_info_request" else reply(asked.reply, content, most)
        asked.replied = True
        self._session.send(self._sockets[asked.channel], asked.reply, fit, asked.message, ident=asked.sender)

    def _publish(self, message: Message, asked: _Asked) -> None:
        self._session.send(
            self._sockets["iopub"], message.type, message.content, asked.message, ident=message.type.encode()
        )

    def _leave_out(self, asked: _Asked | None) -> None:
        """Say once for each cell that something was left out."""
        outputs: list[dict[str, Any]] = []
        if asked:
            asked.keeper.leave_out(outputs)
            for output in outputs:
                self._publish(Message(output.pop("output_type"), output), asked)

    def _tell_why(self, reason: str) -> None:
        """Say why there is no kernel any more, where a cell was running: the first one that has no reply."""
        for asked in self._asked.values():
            if asked.kind == "execute_request" and not asked.replied:
                told = {"name": "stderr", "text": f"The kernel is gone: {reason}.\n"}
                self._publish(Message("stream", told), asked)
                return
