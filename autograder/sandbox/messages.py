"""Jupyter's messages (https://jupyter-client.readthedocs.io/en/stable/messaging.html), as frames and back.

What comes back is read as hostile data. Its signature is not looked at: the student's code lives where the key is.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

DELIMITER = b"<IDS|MSG>"
MAX_HEADER = 10_000
"""Bytes; a request's header has some hundred."""


@dataclass(frozen=True)
class Message:
    """A message's type and content."""

    type: str
    content: dict[str, Any]


def request(kind: str, content: dict[str, Any], key: str) -> tuple[str, list[bytes]]:
    """A signed request's id and its frames."""
    identity = uuid.uuid4().hex
    header = {
        "msg_id": identity, "msg_type": kind, "username": "grader", "session": identity, "version": "5.3",
        "date": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    parts = [json.dumps(part).encode() for part in (header, {}, {}, content)]
    signature = hmac.new(key.encode(), b"".join(parts), hashlib.sha256).hexdigest()
    return identity, [DELIMITER, signature.encode(), *parts]


def label(frames: list[bytes]) -> tuple[str, str]:
    """What these frames say of themselves: the message's type, and the id of the request that it answers; empty texts
    where they say no such thing. The content, which may be long, is not looked at."""
    parts = _parts(frames)
    try:
        header, parent = (json.loads(part[:MAX_HEADER]) for part in parts[1:3])
        kind, identity = header["msg_type"], parent["msg_id"]
    except (ValueError, TypeError, LookupError, RecursionError):
        return "", ""
    return (kind, identity) if isinstance(kind, str) and isinstance(identity, str) else ("", "")


def answer_to(identity: str, frames: list[bytes]) -> Message | None:
    """The message in these frames if it answers that request; None for any other, and for what is no message."""
    parts = _parts(frames)
    if len(parts) < 5 or identity.encode() not in parts[2]:
        return None  # told apart by its bytes, so that a flood of messages costs little
    try:
        read = [json.loads(parts[place]) for place in (1, 2, 4)]  # header, parent header, content
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(part, dict) for part in read):
        return None
    kind, parent_id = read[0].get("msg_type"), read[1].get("msg_id")
    return Message(kind, read[2]) if isinstance(kind, str) and parent_id == identity else None


def _parts(frames: list[bytes]) -> list[bytes]:
    """Signature, header, parent header, metadata and content; nothing where these frames are no message."""
    return frames[frames.index(DELIMITER) + 1 :] if DELIMITER in frames else []
