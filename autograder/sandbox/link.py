"""The link to a kernel: its three sockets, and who answers what. What comes from the kernel is hostile."""

from __future__ import annotations

import select
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.sandbox.messages import Message, answer_to, request
from autograder.sandbox.wire import TOO_LARGE, Wire

CHANNELS = {"shell": "DEALER", "iopub": "SUB", "control": "DEALER"}
"""The sockets that are used, and as what."""
_PORTS = {"shell": 1, "iopub": 2, "stdin": 3, "hb": 4, "control": 5}
HANDSHAKE_SECONDS = 5.0
GREETING_SECONDS = 1.0
POLL = 0.25


class Link:
    """Connections to a kernel's sockets in a folder.

    The folder's paths are looked at when the link is made, before any student's code runs, and never again.
    """

    def __init__(self, folder: Path, key: str, limit: int) -> None:
        """Connect, to read messages of at most `limit` bytes. Raises `OSError` where the kernel is not yet that far."""
        self._key = key
        self.wires: dict[str, Wire] = {}
        """The connections by channel, for who waits for them and reads them himself."""
        try:
            for channel, kind in CHANNELS.items():
                path = folder / f"s-{_PORTS[channel]}"
                self.wires[channel] = Wire(str(path), kind, limit, HANDSHAKE_SECONDS)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of all connections."""
        for wire in self.wires.values():
            wire.close()

    def send(self, channel: str, kind: str, content: dict[str, Any]) -> str:
        """Send a request; returns its identity. Raises `WireClosed`."""
        identity, frames = request(kind, content, self._key)
        self.wires[channel].send(frames)
        return identity

    def replies(self, identity: str, deadline: float) -> Iterator[tuple[str, Message | None]]:
        """What answers a request and comes in a short while, by channel; None for a message too large to be read.

        Raises `WireClosed` when the kernel has closed a connection.
        """
        poll = select.poll()
        for wire in self.wires.values():
            poll.register(wire, select.POLLIN)
        poll.poll(1_000 * max(0.0, min(POLL, deadline - time.monotonic())))
        for channel, wire in self.wires.items():
            for frames in wire.receive():
                message = answer_to(identity, frames)
                if message is not None or frames is TOO_LARGE:
                    yield channel, message

    def is_heard(self) -> bool:
        """Whether the kernel soon answers a request, on the socket of the outputs as well. Raises `WireClosed`."""
        identity, deadline = self.send("shell", "kernel_info_request", {}), time.monotonic() + GREETING_SECONDS
        silent = {"shell", "iopub"}
        while silent and time.monotonic() < deadline:
            for channel, message in self.replies(identity, deadline):
                if channel == "shell" or says_idle(message):
                    silent.discard(channel)
        return not silent


def connection_info(folder: str, key: str) -> dict[str, Any]:
    """The content of a kernel's connection file: Unix sockets in `folder`."""
    ports = {f"{channel}_port": port for channel, port in _PORTS.items()}
    return {"transport": "ipc", "ip": f"{folder}/s", "signature_scheme": "hmac-sha256", "key": key, **ports}


def says_idle(message: Message | None) -> bool:
    """Whether the message reports that the kernel has finished a request: its status is idle."""
    return message is not None and message.type == "status" and message.content.get("execution_state") == "idle"
