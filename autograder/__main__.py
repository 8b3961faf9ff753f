"""The console script `autograder`, and `python -m autograder`. Its commands are in the room `cli`."""

from __future__ import annotations

import atexit
import gc
import sys
from io import TextIOWrapper

STUDENT_PACKAGE = (
    "autograder: this is the student package, and no notebook needs these commands. For them, install what instructors"
    " need, in a clone of the course's repository: pip install -e '.[instructor]'"
)
OBJECTS = 100_000
"""How many new objects there must be before Python looks for garbage."""


def main() -> None:
    """Run the command line; without what instructors need, say how to get it."""
    try:
        from autograder.cli.commands import app  # noqa: PLC0415  # it may not be installed
    except ModuleNotFoundError as missing:
        sys.exit(_without(missing))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file's name may be no text in any encoding
    _start_quickly()
    app()


def _without(missing: ModuleNotFoundError) -> str:
    """What to tell somebody who lacks the commands, or a package that they import."""
    if missing.name == "autograder.cli":
        return STUDENT_PACKAGE
    from autograder.cli.extras import without  # noqa: PLC0415

    return f"autograder: {without(missing)}"


def _start_quickly() -> None:
    """Spare what takes seconds at every start and end of a command, and is of no use to it."""
    gc.set_threshold(OBJECTS)  # to look for garbage takes a quarter of the time of importing torch and nbgrader
    atexit.register(gc.freeze)  # and a second at the end
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # a grammar of IRIs, which jsonschema does without


if __name__ == "__main__":
    main()
