"""The grader's end of a kernel's sockets: as much of ZeroMQ's protocol (ZMTP 3.0, https://rfc.zeromq.org/spec/23/) as
a Jupyter client needs.

Why not libzmq: it hands over a message only when the last of its frames is there, without a bound on their number, so
a student who speaks the protocol can fill the grader's memory; one message over its size limit ends the connection,
and with it all later output; and it connects again by path, to whatever a student has put there. Here a message that
is too large is read and thrown away, and a connection that is gone stays gone.
"""

from __future__ import annotations

import select
import socket
import struct
import time
from collections.abc import Iterator

GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
MORE, LONG, COMMAND = 1, 2, 4
"""A frame's flags."""
MAX_FRAMES = 32
CHUNK = 1 << 18
SEND_SECONDS = 10
TOO_LARGE: list[bytes] = []
"""What a message over the limit is received as: a message of no frames, which the protocol does not have."""


class WireClosed(ConnectionError):
    """The other end is gone, or takes nothing more."""


class Frames:
    """Puts messages together out of the bytes of a connection, in bounded memory."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bytes = bytearray()
        self._message: list[bytes] = []
        self._size = 0
        self._skipped = 0
        self._over = False

    def feed(self, chunk: bytes) -> Iterator[list[bytes]]:
        """The messages that are complete with these bytes; `TOO_LARGE` for each that is over the limit."""
        self._bytes += chunk
        while (frame := self._take()) is not None:
            flags, body = frame
            if flags & COMMAND:
                continue
            self._over = self._over or len(self._message) == MAX_FRAMES
            self._message.append(body)
            if self._over:
                self._message.clear()
            if not flags & MORE:
                yield TOO_LARGE if self._over else self._message
                self._message, self._size, self._over = [], 0, False

    def _take(self) -> tuple[int, bytes] | None:
        """The next frame's flags and body (empty where it was thrown away), or None until all of it has come."""
        if not self._bytes:
            return None
        flags, start = self._bytes[0], 9 if self._bytes[0] & LONG else 2
        if len(self._bytes) < start:
            return None
        length = struct.unpack_from(">Q", self._bytes, 1)[0] if flags & LONG else self._bytes[1]
        if self._size + length > self._limit:
            return self._skip(flags, start, length)
        if len(self._bytes) < start + length:
            return None
        body = bytes(self._bytes[start : start + length])
        del self._bytes[: start + length]
        self._size += length
        return flags, body

    def _skip(self, flags: int, start: int, length: int) -> tuple[int, bytes] | None:
        """Throw away what has come of a frame's body; its header stays until all has."""
        self._over = True
        come = min(len(self._bytes) - start, length - self._skipped)
        del self._bytes[start : start + come]
        self._skipped += come
        if self._skipped < length:
            return None
        del self._bytes[:start]
        self._skipped = 0
        return flags, b""


class Wire:
    """A connection to one of a kernel's sockets: as a "DEALER", or to hear all that is published as a "SUB"."""

    def __init__(self, path: str, kind: str, limit: int, seconds: float) -> None:
        """Connect and shake hands. Raises `OSError` where that fails or takes too long."""
        self._frames = Frames(limit)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.settimeout(seconds)
            self._socket.connect(path)
            self._shake_hands(kind, time.monotonic() + seconds)
            self._socket.settimeout(None)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("@ll", SEND_SECONDS, 0))
        except BaseException:
            self.close()
            raise

    def fileno(self) -> int:
        """The descriptor, for `select.poll`."""
        return self._socket.fileno()

    def close(self) -> None:
        """Let go of the connection."""
        self._socket.close()

    def send(self, message: list[bytes]) -> None:
        """Send a message. Raises `WireClosed` where the other end takes none."""
        last = len(message) - 1
        try:
            self._socket.sendall(b"".join(_frame(MORE * (place < last), body) for place, body in enumerate(message)))
        except OSError as error:
            raise WireClosed(str(error)) from error

    def receive(self) -> Iterator[list[bytes]]:
        """The messages that one look completes, without waiting. Raises `WireClosed` when the other end is gone."""
        try:
            chunk = self._socket.recv(CHUNK, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError as error:
            raise WireClosed(str(error)) from error
        if not chunk:
            raise WireClosed("the other end has closed the connection")
        yield from self._frames.feed(chunk)

    def _shake_hands(self, kind: str, deadline: float) -> None:
        self._socket.sendall(GREETING + _frame(COMMAND, _ready(kind)))
        self._exactly(len(GREETING), deadline)
        flags, length = self._exactly(2, deadline)
        if flags != COMMAND:
            raise ConnectionError("it is no kernel's socket")
        self._exactly(length, deadline)  # its READY
        if kind == "SUB":
            self._socket.sendall(_frame(0, b"\x01"))

    def _exactly(self, count: int, deadline: float) -> bytes:
        taken = b""
        while len(taken) < count:
            if not select.select([self._socket], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise TimeoutError("it does not shake hands")
            chunk = self._socket.recv(count - len(taken))
            if not chunk:
                raise ConnectionError("it has closed the connection")
            taken += chunk
        return taken


def _frame(flags: int, body: bytes) -> bytes:
    if len(body) < 256:
        return bytes((flags, len(body))) + body
    return bytes((flags | LONG,)) + struct.pack(">Q", len(body)) + body


def _ready(kind: str) -> bytes:
    return b"\x05READY" + b"\x0bSocket-Type" + struct.pack(">L", len(kind)) + kind.encode()
