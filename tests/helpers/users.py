"""Runs Python programs as root and as an ordinary user, for tests of what depends on rights."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from helpers import ROOT

NOBODY = 65534
USERS = ("the one who runs the tests", "an ordinary user")


@dataclass(frozen=True)
class User:
    """Somebody with a Python that has this environment's packages, and a folder of their own."""

    python: str
    home: Path
    uid: int

    def run(
        self, *arguments: str | Path, cwd: Path | None = None, seconds: float = 250
    ) -> subprocess.CompletedProcess[str]:  # fmt: skip
        """Run Python with these arguments, this source tree on its path."""
        environment = {
            "PATH": f"{Path(self.python).parent}:{os.environ['PATH']}", "HOME": str(self.home), "COLUMNS": "120",
            "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "TMPDIR": str(self.home),
        }  # fmt: skip
        return subprocess.run(
            [self.python, *arguments], env=environment, cwd=cwd or self.home, capture_output=True, text=True,
            timeout=seconds, **_rights(self.uid),
        )  # fmt: skip


@contextmanager
def user(which: str) -> Iterator[User]:
    """One of `USERS`. Tests run by an ordinary user are the second one's already, and skip the first."""
    if os.getuid() != 0 and which == USERS[0]:
        pytest.skip("the tests are run by an ordinary user, which is the other case")
    uid = NOBODY if os.getuid() == 0 and which == USERS[1] else os.getuid()
    with tempfile.TemporaryDirectory(prefix="user-") as folder:
        Path(folder).chmod(0o755)
        home = Path(folder) / "home"
        home.mkdir()
        os.chown(home, uid, uid if uid == NOBODY else -1)
        yield User(python_for(uid, Path(folder)), home, uid)


def python_for(uid: int, folder: Path) -> str:
    """A Python with this environment's packages that this user may run."""
    for candidate in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        made = folder / Path(candidate).parts[-3]
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            subprocess.run([candidate, "-m", "venv", "--without-pip", made], check=True, capture_output=True)
            packages = next(made.glob("lib/python3*/site-packages"))
            (packages / "here.pth").write_text("\n".join(path for path in sys.path if path.endswith("-packages")))
            python = str(made / "bin" / "python")
            trial = [python, "-c", "import zmq, torch"]
            alembic = made / "bin" / "alembic"  # which nbgrader looks for on PATH
            alembic.write_text(f"#!{python}\nfrom alembic.config import main\nmain()\n")
            alembic.chmod(0o755)
            subprocess.run(trial, check=True, capture_output=True, cwd="/", **_rights(uid))
            return python
    pytest.skip("there is no Python here that a user without rights can run")


def _rights(uid: int) -> dict[str, Any]:
    return {} if uid == os.getuid() else {"user": uid, "group": uid, "extra_groups": []}
