"""The console script `autograder`. What it does is in `commands.py`; this only gets there."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; without what instructors need, say how to get it."""
    try:
        from autograder.commands import app  # noqa: PLC0415  # it may not be installed
    except ModuleNotFoundError as missing:
        sys.exit(f"autograder: {without(missing)}")
    app()


def without(missing: ModuleNotFoundError) -> str:
    """What to tell somebody who lacks a package. Raises `missing` again where it is one of our own modules."""
    package = (missing.name or "autograder").partition(".")[0]
    if package == "autograder":
        raise missing
    return (
        f"the package {package!r} is not installed. Students need none of these commands; to grade, install what"
        " instructors need: pip install 'inside-nn-module[instructor]'"
    )


if __name__ == "__main__":
    main()
