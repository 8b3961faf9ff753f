"""Keeps of a kernel's outputs what a page may show: text and pictures, in bounded amounts, no markup, no script."""

from __future__ import annotations

import base64
import re
from typing import Any

from autograder.sandbox.messages import Message

PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
"""The picture types that are kept, and what their bytes begin with."""
LEFT_OUT = "\n… the output was longer than the grader keeps …\n"
OUTPUT_COST = 500
"""What each output counts beside its own size, so that a million empty ones are not for nothing."""
TRACEBACK_LINES = 40
_ESCAPES = re.compile(r"\x1b\[[0-9;?]{0,20}[A-Za-z]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class OutputKeeper:
    """Turns messages into notebook outputs until a budget of bytes is spent."""

    def __init__(self, budget: int) -> None:
        self.left = budget
        self._told = False

    def add(self, outputs: list[dict[str, Any]], message: Message) -> None:
        """Append what is fit to keep of one message to a cell's outputs."""
        match message.type, message.content:
            case "stream", {"name": "stdout" | "stderr" as name, "text": str(text)}:
                self._stream(outputs, name, text)
            case "display_data" | "execute_result", {"data": dict(data)}:
                self._append(outputs, {"output_type": "display_data", "metadata": {}, "data": self.fit(data)})
            case "error", {"ename": ename, "evalue": evalue, "traceback": list(lines)}:
                traceback = [self._text(line) for line in lines[:TRACEBACK_LINES]]
                error = {"ename": self._text(ename), "evalue": self._text(evalue), "traceback": traceback}
                self._append(outputs, {"output_type": "error", **error})

    def fit(self, data: dict[str, Any]) -> dict[str, str]:
        """Of one output under several MIME types, those that are fit to keep."""
        kept = {}
        for kind, magic in PICTURES.items():
            picture = _picture(data.get(kind), magic)
            if picture and len(picture) <= self.left:
                kept[kind] = picture
                self.left -= len(picture)
        if text := self._text(data.get("text/plain")):
            kept["text/plain"] = text
        return kept

    def leave_out(self, outputs: list[dict[str, Any]]) -> None:
        """Say once that something was left out."""
        if not self._told:
            self._told = True
            outputs.append({"output_type": "stream", "name": "stdout", "text": LEFT_OUT})

    def _append(self, outputs: list[dict[str, Any]], output: dict[str, Any]) -> None:
        self.left -= OUTPUT_COST
        if self.left < 0:
            self.leave_out(outputs)
        elif output.get("data", True):
            outputs.append(output)

    def _stream(self, outputs: list[dict[str, Any]], name: str, text: str) -> None:
        too_long, kept = len(text) > self.left, self._text(text)
        if kept and outputs and outputs[-1].get("name") == name:
            outputs[-1]["text"] += kept
        elif kept:
            self._append(outputs, {"output_type": "stream", "name": name, "text": kept})
        if too_long:
            self.leave_out(outputs)

    def _text(self, text: object) -> str:
        clean = plain(text, max(0, self.left))
        self.left -= len(clean)
        return clean


def plain(text: object, limit: int) -> str:
    """The first `limit` characters of a text without control sequences that a terminal would obey; empty for anything
    else."""
    if not isinstance(text, str):
        return ""
    return _CONTROL.sub("", _ESCAPES.sub("", text[:limit])).encode("utf-8", "replace").decode()


def _picture(text: object, magic: bytes) -> str:
    """A picture's base64 written anew, so that nothing but base64 can be in it; empty for what is no picture."""
    if not isinstance(text, str):
        return ""
    try:
        content = base64.b64decode("".join(text.split()), validate=True)
    except ValueError:
        return ""
    return base64.b64encode(content).decode() if content.startswith(magic) else ""
