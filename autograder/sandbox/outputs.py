"""Keeps of a kernel's outputs what a page may show: text and pictures, in bounded amounts, no markup, no script."""

from __future__ import annotations

import base64
import re
from typing import Any

PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
"""The picture types that are kept, and what their bytes begin with."""
TRUNCATED = "\n… the output was longer than the grader keeps …\n"
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class OutputKeeper:
    """Turns messages into notebook outputs until a budget of bytes is spent."""

    def __init__(self, budget: int) -> None:
        self.left = budget
        self.overflowed = False

    def add(self, outputs: list[dict[str, Any]], message: dict[str, Any]) -> None:
        """Append what is fit to keep of one message to a cell's outputs."""
        match message:
            case {"type": "stream", "name": "stdout" | "stderr" as name, "text": str(text)}:
                self._stream(outputs, name, self._text(text))
            case {"type": "display_data" | "execute_result", "data": dict(data)}:
                kept = self._data(data)
                if kept:
                    outputs.append({"output_type": "display_data", "metadata": {}, "data": kept})
            case {"type": "error", "ename": str(ename), "evalue": str(evalue), "traceback": list(traceback)}:
                lines = [self._text(line) for line in traceback[:40] if isinstance(line, str)]
                outputs.append({
                    "output_type": "error", "ename": self._text(ename), "evalue": self._text(evalue),
                    "traceback": lines,
                })  # fmt: skip
            case _:
                pass

    def _stream(self, outputs: list[dict[str, Any]], name: str, text: str) -> None:
        if text and outputs and outputs[-1].get("name") == name:
            outputs[-1]["text"] += text
        elif text:
            outputs.append({"output_type": "stream", "name": name, "text": text})

    def _text(self, text: str) -> str:
        clean = _CONTROL.sub("", _ESCAPES.sub("", text[: self.left + 1]))
        if len(clean) > self.left:
            clean = clean[: self.left] + ("" if self.overflowed else TRUNCATED)
            self.overflowed = True
        self.left = max(0, self.left - len(clean))
        return clean

    def _data(self, data: dict[str, Any]) -> dict[str, str]:
        kept = {}
        for kind, magic in PICTURES.items():
            picture = data.get(kind)
            if isinstance(picture, str) and len(picture) <= self.left and _is_picture(picture, magic):
                kept[kind] = picture
                self.left -= len(picture)
        if isinstance(data.get("text/plain"), str):
            kept["text/plain"] = self._text(data["text/plain"])
        return kept


def _is_picture(text: str, magic: bytes) -> bool:
    try:
        return base64.b64decode(text).startswith(magic)
    except ValueError:
        return False
