"""Reads a submitted file as hostile data: what it is on disk, what its JSON says, which cells it has.

Of each cell only its type, its source and nbgrader's id are kept: outputs, attachments and other metadata are a
student's to forge. Python's own parser is kept away from the sources as well: it can be crashed.
"""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.lesson import said

MAX_BYTES = 30_000_000
MAX_PARTS = 2_000_000
"""JSON objects and lists: an empty one takes three bytes in the file and sixty in memory."""
MAX_CELLS = 1_000
MAX_SOURCE = 1_000_000
MAX_ID = 100
LEFT_OVER = " \t\r\n\0}]"
"""What may stand behind a notebook, where a disk was full or a merge went wrong."""
DIGITS = 20
"""Digits of a number in the file: none that we read has more."""


class UnreadableSubmission(ValueError):
    """The file is no notebook that can be graded; the text says why and what to do."""


@dataclass(frozen=True)
class RawCell:
    """A cell as submitted: whether it is code, its source, and the `grade_id` that it claims, "" for none."""

    code: bool
    source: str
    grade_id: str


def read_bytes(path: Path) -> bytes:
    """A submitted file's content. Raises `UnreadableSubmission` for links, odd files and files too large."""
    try:
        content = _content(path)
    except OSError as error:
        why = (error.strerror or said("it can't be opened")).lower()
        reason = said("it is a symbolic link") if path.is_symlink() else why
        raise UnreadableSubmission(said("{reason}; submit the notebook file itself", reason=reason)) from error
    if len(content) > MAX_BYTES:
        raise UnreadableSubmission(
            said(
                "it is larger than {most} MB; clear all outputs, save, and submit it again", most=MAX_BYTES // 1_000_000
            )
        )
    return content


def _content(path: Path) -> bytes:
    """What is in the file, or a little more than can be too much of it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(0, said("it is not an ordinary file"))
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(MAX_BYTES + 1)
    finally:
        os.close(descriptor)


def raw_cells(content: bytes) -> list[RawCell]:
    """The cells of a notebook of any format since 2. Raises `UnreadableSubmission`."""
    return [_cell(cell) for cell in json_cells(parsed_json(content))]


def json_cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """The same cells as they stand in the file. Raises `UnreadableSubmission`."""
    cells = notebook.get("cells", _cells_of_worksheets(notebook.get("worksheets")))
    if not isinstance(cells, list):
        raise UnreadableSubmission(
            said("it has no list of cells; download the notebook again and copy your answers over")
        )
    if len(cells) > MAX_CELLS:
        raise UnreadableSubmission(
            said("it has over {most:,} cells; submit the released notebook with your answers", most=MAX_CELLS)
        )
    return [cell for cell in cells if isinstance(cell, dict)]


def parsed_json(content: bytes) -> dict[str, Any]:
    """The file's JSON. Raises `UnreadableSubmission` where it is none, or no notebook's."""
    if not content.strip(b" \t\r\n\0"):
        raise UnreadableSubmission(said("the file is empty; save the notebook and submit it again"))
    if content.count(b"{") + content.count(b"[") > MAX_PARTS:
        raise UnreadableSubmission(said("it has too many parts; clear all outputs, save, and submit it again"))
    try:
        text = content.decode(json.detect_encoding(content), "replace").strip(" \t\r\n\0")
        notebook, end = json.JSONDecoder(parse_int=_number).raw_decode(text)
        if text[end:].strip(LEFT_OVER):
            raise json.JSONDecodeError("Extra data", text, end)
    except (ValueError, RecursionError) as error:
        if not isinstance(error, json.JSONDecodeError):
            raise UnreadableSubmission(
                said("it is no notebook (not JSON); save it in Jupyter and submit it again")
            ) from error
        reason = said(
            "it is no notebook (not JSON at line {line}); save it in Jupyter and submit it again", line=error.lineno
        )
        raise UnreadableSubmission(reason) from error
    if not isinstance(notebook, dict):
        raise UnreadableSubmission(said("it is no notebook; save it in Jupyter and submit it again"))
    return notebook


def _number(text: str) -> int:
    """A whole number; 0 for one that Python takes too long to read."""
    return int(text) if len(text) <= DIGITS else 0


def _cells_of_worksheets(worksheets: object) -> list[Any] | None:
    """The cells of the formats before 4, which kept them in worksheets."""
    if not isinstance(worksheets, list):
        return None
    lists = [sheet.get("cells") for sheet in worksheets if isinstance(sheet, dict)]
    return [cell for cells in lists if isinstance(cells, list) for cell in cells]


def source_of(cell: dict[str, Any]) -> str:
    """The whole source of a cell, however long."""
    source = cell.get("source", cell.get("input"))  # formats before 4 call it input where it is code
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return _writable(source.replace("\r\n", "\n")) if isinstance(source, str) else ""


def _cell(cell: dict[str, Any]) -> RawCell:
    text = source_of(cell)
    if len(text) > MAX_SOURCE:
        facts = {"count": len(text), "most": MAX_SOURCE}
        why = said("This cell has {count:,} characters; cells of up to {most:,} are run.", **facts)
        text = f"raise MemoryError({why!r})"
    grade_id = _at(cell, "metadata", "nbgrader", "grade_id")
    return RawCell(cell.get("cell_type") == "code", text, _writable(grade_id)[:MAX_ID])


def _at(node: Any, *keys: str) -> str:
    for key in keys:
        node = node.get(key) if isinstance(node, dict) else None
    return node if isinstance(node, str) else ""


def _writable(text: str) -> str:
    """Replaces lone surrogates, which JSON may hold and no file can."""
    return text.encode("utf-8", "replace").decode()
