"""The notebook around a check: its names, and its display. The only importer of IPython.

Outside IPython (a script, a plain interpreter) names come from the caller and texts are printed.
"""

from __future__ import annotations

import linecache
import sys
import traceback
from collections.abc import Callable
from types import FrameType
from typing import Any

from autograder.probing import ipython_shell


def namespace(caller: FrameType) -> dict[str, Any]:
    """The names of the notebook, or of the caller's module outside IPython."""
    shell = ipython_shell()
    return caller.f_globals if shell is None else shell.user_ns


def show(html: str, text: str) -> None:
    """Display both in one bundle, so that every front end shows the one that suits it; print outside IPython."""
    if ipython_shell() is None:
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        print(text.encode(encoding, "replace").decode(encoding))
        return
    from IPython.display import display  # noqa: PLC0415  # importing it takes half a second outside IPython

    display({"text/html": html, "text/plain": text}, raw=True)  # type: ignore[no-untyped-call]


def failed_cell(newest: Callable[[str], bool]) -> tuple[str, BaseException, int | None] | None:
    """The newest cell of that kind that ended in an exception: its source, the exception, and the line where it began.
    None where the newest one did not fail, or another cell failed later: IPython remembers only the last exception."""
    shell, error = ipython_shell(), getattr(sys, "last_value", None)
    cells = [] if shell is None else [*map(str, shell.history_manager.input_hist_raw)]
    source = next(filter(newest, reversed(cells)), None)
    if source is None or not isinstance(error, BaseException):
        return None
    ran = shell.transform_cell(source).strip()
    steps = [(step.filename, step.lineno) for step in traceback.extract_tb(error.__traceback__)]
    for file, line in [(str(error.filename), error.lineno)] if isinstance(error, SyntaxError) else steps:
        if "".join(linecache.getlines(file)).strip() == ran:
            return source, error, line
    return None
