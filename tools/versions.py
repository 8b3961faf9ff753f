"""Makes an environment of other versions than `requirements.lock` has: the oldest or the newest that are allowed.

    .venv/bin/python tools/versions.py oldest     # make oldest: and runs in it what runs in any Python
    .venv/bin/python tools/versions.py newest     # make newest: and then make runs everything in it

`.venv-oldest` holds nothing but what students need, each at its lower bound; the tests that can run in another Python
are solved notebooks, and the known answers to every exercise. `.venv-newest` holds all that pyproject.toml requires.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = ("tests/course/test_known_answers.py", "tests/student/test_bare_notebook.py")
JUPYTER = ("ipykernel>=6.17", "pip>=24")
"""What runs a notebook's code and installs the checker, as old as in Colab."""


def oldest() -> int:
    """Make that environment and run the tests in it; returns pytest's exit status."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    python = _environment("oldest", "--resolution", "lowest-direct", *project["dependencies"], *JUPYTER)
    return _run(sys.executable, "-m", "pytest", *TESTS, BARE_PYTHON=str(python))


def newest() -> int:
    """Make that environment, or bring it up to date; returns 0."""
    _environment("newest", "--upgrade", "--editable", f"{ROOT}[dev]")
    return 0


def _environment(name: str, *what: str) -> Path:
    """The Python of the environment, with that installed. Raises `SystemExit` where it can't be."""
    venv = ROOT / f".venv-{name}"
    python = venv / "bin" / "python"
    uv = (sys.executable, "-m", "uv")
    if not venv.exists() and (status := _run(*uv, "venv", "--python", sys.executable, str(venv))):
        sys.exit(status)
    if status := _run(*uv, "pip", "install", "--python", str(python), "--compile-bytecode", *what):
        sys.exit(status)
    return python


def _run(*command: str, **environment: str) -> int:
    environment = {"UV_HTTP_TIMEOUT": "300", **os.environ, **environment}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit({"oldest": oldest, "newest": newest}[sys.argv[1]]())
