"""Keeps our processes out of the folder in which they are started: it may be full of submissions, and Python, nbgrader,
matplotlib and others run or read files that lie in the current folder.

A Python of ours is started by `command`, with this `environment`. The command line works `elsewhere`.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
"""The folder that this package is imported from."""
NEUTRAL = "/"
"""A folder in which nobody but the system's owner can put anything."""
_typed_in: list[Path] = []


def command(*arguments: str) -> list[str]:
    """The command line that starts a Python of ours: `-P` keeps the current folder, and a script's folder, off its
    path."""
    return [sys.executable, "-P", *arguments]


def environment(**others: str) -> dict[str, str]:
    """The environment for a Python of ours, with `others` set: it finds this package, and nothing in the current
    folder."""
    safe = _safe()
    safe["PYTHONPATH"] = os.pathsep.join(filter(None, (str(HOME), safe["PYTHONPATH"])))
    return {**os.environ, **safe, **others}


def programs() -> str:
    """PATH without the parts that mean the current folder or lie in it."""
    return _absolute("PATH")


@contextlib.contextmanager
def elsewhere() -> Iterator[None]:
    """Leave the current folder for as long as a command runs. What somebody typed is found by `typed`."""
    with contextlib.suppress(FileNotFoundError):  # it may have been removed
        _typed_in[:] = [Path.cwd()]
    safe = _safe()
    before = {name: os.environ.get(name) for name in safe}
    os.environ.update(safe)
    os.chdir(NEUTRAL)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        with contextlib.suppress(OSError):
            os.chdir(typed(Path()))


def typed(path: Path) -> Path:
    """The path that somebody typed, from the folder in which they did."""
    return Path(*_typed_in, path)


def _safe() -> dict[str, str]:
    """Variables that keep the current folder off the search paths of programs, and of the Pythons that they start."""
    return {"PATH": programs(), "PYTHONPATH": _absolute("PYTHONPATH"), "PYTHONSAFEPATH": "1"}


def _absolute(variable: str) -> str:
    """The absolute folders in a search path: a relative one depends on the current folder, and an empty one is the
    current folder."""
    parts = os.environ.get(variable, "").split(os.pathsep)
    return os.pathsep.join(filter(os.path.isabs, parts))
