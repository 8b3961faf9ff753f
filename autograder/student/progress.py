"""What a student's machine remembers between kernels: best points, attempts, hints seen. One JSON file, no network.

It is a convenience and never in the way: a file that can't be written is done without (the kernel's own memory
serves), a damaged one is kept under another name. Grading never reads it.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, astuple, dataclass, replace
from pathlib import Path

from autograder.lesson import write_whole

FORMAT = 1
HOME = "INSIDE_NN_MODULE_HOME"
"""The environment variable that names another folder than `~/.inside-nn-module`."""


@dataclass(frozen=True)
class Record:
    """How far a student got with one exercise. `attempts` counts different answers until it is solved; `shown` says
    whether the solution was seen before that."""

    best: float = 0.0
    attempts: int = 0
    hints: int = 0
    solved: bool = False
    shown: bool = False

    def checked(self, points: float, solved: bool, tried: bool) -> Record:
        """The record after a check; `tried` is False where there was nothing to check yet."""
        attempts = self.attempts + (tried and not self.solved)
        return replace(self, best=max(self.best, points), attempts=attempts, solved=self.solved or solved)

    def joined(self, other: Record) -> Record:
        """The record after both: nothing that was reached is lost."""
        return Record(*map(max, astuple(self), astuple(other)))


class Memory:
    """The records of all exercises, kept in the `progress.json` of each of the folders."""

    def __init__(self, *folders: Path) -> None:
        self.paths = [folder / "progress.json" for folder in folders]
        self._unsaved: dict[str, Record] = {}

    def recall(self) -> dict[str, Record]:
        """Exercise id → record, for every exercise that was ever checked or hinted at."""
        found: dict[str, Record] = {}
        for records in (*map(_read, self.paths), self._unsaved):
            found |= {name: record.joined(found.get(name, Record())) for name, record in records.items()}
        return found

    def of(self, exercise_id: str) -> Record:
        """The record of one exercise."""
        return self.recall().get(exercise_id, Record())

    def change(self, exercise_id: str, how: Callable[[Record], Record]) -> None:
        """Replace one record, on disk where that can be, else for as long as this kernel lives."""
        records = self.recall()
        records[exercise_id] = how(records.get(exercise_id, Record()))
        if self._write(records):
            self._unsaved.clear()
        else:
            self._unsaved[exercise_id] = records[exercise_id]

    def spread(self) -> None:
        """Let every folder have what any of them has."""
        self._write(self.recall())

    def _write(self, records: dict[str, Record]) -> bool:
        """Write all records; whether at least one folder took them."""
        plain = {name: asdict(record) for name, record in records.items()}
        text = json.dumps({"format": FORMAT, "exercises": plain}, indent=1) + "\n"
        written = False
        for path in self.paths:
            with suppress(OSError):
                write_whole(path, text)
                written = True
        return written


def home() -> Path:
    """The folder of the records: `$INSIDE_NN_MODULE_HOME`, by default `~/.inside-nn-module`."""
    named = os.environ.get(HOME)
    if named:
        return Path(named)
    try:
        return Path.home() / ".inside-nn-module"
    except RuntimeError:  # a user without a home
        return Path(tempfile.gettempdir()) / "inside-nn-module"


def _read(path: Path) -> dict[str, Record]:
    try:
        text = path.read_bytes()
    except OSError:
        return {}
    try:
        content = json.loads(text)
        if content["format"] != FORMAT:
            raise ValueError("of another version")
        return {str(name): _record(plain) for name, plain in content["exercises"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        _keep_aside(path)
        return {}


def _record(plain: dict[str, object]) -> Record:
    best, attempts, hints, solved = (plain[key] for key in ("best", "attempts", "hints", "solved"))
    if not (isinstance(best, int | float) and isinstance(attempts, int) and isinstance(hints, int)):
        raise TypeError("not a record")
    return Record(float(best), attempts, hints, solved is True, plain.get("shown") is True)


def _keep_aside(path: Path) -> None:
    """Rename a damaged file, so that nothing is lost; where that fails it stays until it is overwritten."""
    number = 1
    while (aside := path.with_name(f"progress.damaged-{number}.json")).exists():
        number += 1
    with suppress(OSError):
        path.rename(aside)
