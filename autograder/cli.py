"""The console script `autograder`. What it does is in `commands.py`; this only gets there."""

from __future__ import annotations

import atexit
import gc
import sys
from io import TextIOWrapper

from autograder.missing import without

OBJECTS = 100_000
"""How many new objects there must be before Python looks for garbage."""


def main() -> None:
    """Run the command line; without what instructors need, say how to get it."""
    try:
        from autograder.commands import app  # noqa: PLC0415  # it may not be installed
    except ModuleNotFoundError as missing:
        sys.exit(f"autograder: {without(missing)}")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file's name may be no text in any encoding
    _start_quickly()
    app()


def _start_quickly() -> None:
    """Spare what takes seconds at every start and end of a command, and is of no use to it."""
    gc.set_threshold(OBJECTS)  # to look for garbage takes a quarter of the time of importing torch and nbgrader
    atexit.register(gc.freeze)  # and a second at the end
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # a grammar of IRIs, which jsonschema does without


if __name__ == "__main__":
    main()
