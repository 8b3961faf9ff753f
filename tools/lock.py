"""Resolves anew what the Makefile installs, and writes it to `requirements.lock`: versions and hashes, no addresses.

    .venv/bin/python tools/lock.py     # or: make lock

One set for every Python that pyproject.toml names and every system, with markers where they differ. Each package is the
newest that fits the others, and has a wheel, so that installing runs no code of theirs.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
HEADER = """\
# What `make` installs: one resolved set for all that pyproject.toml requires, extras included. Made by: make lock
# Requirements: sha256:{digest}
"""


def main() -> int:
    """Write the file; returns uv's exit status."""
    oldest = _project()["requires-python"].removeprefix(">=")
    compiling = [
        sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--extra", "dev", "--universal",
        "--python-version", oldest, "--generate-hashes", "--no-build", "--no-header", "--quiet",
    ]  # fmt: skip
    done = subprocess.run(compiling, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if not done.returncode:
        LOCK.write_text(header() + done.stdout, encoding="utf-8")
    return done.returncode


def header() -> str:
    """The file's first lines for the requirements as they are now: what differs was locked for others."""
    wanted = {name: _project()[name] for name in ("requires-python", "dependencies", "optional-dependencies")}
    return HEADER.format(digest=hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest())


def _project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


if __name__ == "__main__":
    sys.exit(main())
