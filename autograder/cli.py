"""The console script `autograder`. What it does is in `commands.py`; this only gets there."""

from __future__ import annotations

import sys
from io import TextIOWrapper

from autograder.missing import without


def main() -> None:
    """Run the command line; without what instructors need, say how to get it."""
    try:
        from autograder.commands import app  # noqa: PLC0415  # it may not be installed
    except ModuleNotFoundError as missing:
        sys.exit(f"autograder: {without(missing)}")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file's name may be no text in any encoding
    app()


if __name__ == "__main__":
    main()
