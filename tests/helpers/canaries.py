"""A folder as a student may have filled it, with a file under every name that a program might run or read where it is
started; and Linux's inotify, which tells of each file in it that any process opens."""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

IN_OPEN, IN_ISDIR, IN_NONBLOCK = 0x20, 0x40000000, 0x800
PACKAGES = ("autograder", "torch", "multiprocessing", "logging", "distributed", "ipykernel")
MODULES = (
    "json", "os", "typing", "pickle", "struct", "random", "numpy", "reference_worker", "sitecustomize", "usercustomize",
    "conftest", "jupyter_config", "jupyter_nbconvert_config", "jupyter_server_config", "ipython_config", "env", "setup",
)  # fmt: skip
SETTINGS = (
    "matplotlibrc", "pyproject.toml", "setup.cfg", "tox.ini", "pytest.ini", "alembic.ini", "docutils.conf", ".env",
    "evil.pth", "pyvenv.cfg", "dask.yaml", "secret.key", "gradebook.db", "environment.yml",
)  # fmt: skip
TEMPLATES = ("conf.json", "index.html.j2", "feedback.html.j2", "base.html.j2")
PROGRAMS = ("bwrap", "alembic", "python", "python3", "nbgrader", "jupyter", "true")
RAISES = "raise SystemExit('a student has run this')\n"


def fill(folder: Path, lesson: str) -> None:
    """Put all of it into a folder; `lesson` is the name of a lesson that there is elsewhere."""
    files = {f"{name}/__init__.py" for name in PACKAGES} | {f"{name}.py" for name in MODULES} | {*SETTINGS}
    files |= {f"autograder/{name}.py" for name in ("reference_worker", "cli", "kernel_side", "commands")}
    files |= {f"{template}/{name}" for template in ("feedback", "classic", "lab", "base") for name in TEMPLATES}
    for course in ("", "course/"):
        parts = ("exercises/__init__.py", "exercises/total/mistakes.md", "lesson.py", "golden.json", "languages/de.mo")
        files |= {f"{course}{name}/{part}" for name in (lesson, "lesson1_subclassing") for part in parts}
        files |= {f"{course}nbgrader_config.py", f"{course}secret.key", f"{course}release/{lesson}/{lesson}.ipynb"}
    for name in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(RAISES)
    for name in PROGRAMS:
        (folder / name).write_text("#!/bin/sh\nexit 7\n")
        (folder / name).chmod(0o755)


class Opened:
    """The files below a folder that were opened since it was made."""

    def __init__(self, folder: Path) -> None:
        self._library = ctypes.CDLL(None, use_errno=True)
        self._watch = self._library.inotify_init1(IN_NONBLOCK)
        assert self._watch >= 0
        self._folders: dict[int, Path] = {}
        for place in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
            number = self._library.inotify_add_watch(self._watch, os.fsencode(place), IN_OPEN)
            assert number >= 0
            self._folders[number] = place.relative_to(folder)

    def names(self) -> set[str]:
        """Their paths from the folder on."""
        return {str(folder / name) for folder, name in self._events()}

    def close(self) -> None:
        os.close(self._watch)

    def _events(self) -> Iterator[tuple[Path, str]]:
        while True:
            try:
                content = os.read(self._watch, 1 << 16)
            except BlockingIOError:
                return
            while content:
                number, mask, _, length = struct.unpack_from("iIII", content)
                name, content = content[16 : 16 + length].rstrip(b"\0"), content[16 + length :]
                if not mask & IN_ISDIR:
                    yield self._folders[number], os.fsdecode(name)


@contextmanager
def opened(folder: Path) -> Iterator[Opened]:
    """Tell which files below the folder are opened."""
    found = Opened(folder)
    try:
        yield found
    finally:
        found.close()
