"""Tries every lesson with the oldest torch, NumPy, matplotlib and IPython that pyproject.toml allows.

    .venv/bin/python tools/oldest.py     # or: make oldest

Makes the virtual environment `.venv-oldest` with nothing but what students need, each at its lower bound, and runs the
tests that can run in another Python: solved notebooks there, and the known answers to every exercise.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv-oldest"
TESTS = ("tests/test_known_answers.py", "tests/test_bare_notebook.py")
JUPYTER = ("ipykernel>=6.17", "pip>=24")
"""What runs a notebook's code and installs the checker, as old as in Colab."""


def main() -> int:
    """Make the environment and run the tests in it; returns pytest's exit status."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    python = str(VENV / "bin" / "python")
    environment = {"UV_HTTP_TIMEOUT": "300", **os.environ, "BARE_PYTHON": python}
    uv = [sys.executable, "-m", "uv"]
    install = [*uv, "pip", "install", "--python", python, "--compile-bytecode", "--resolution", "lowest-direct"]
    if not VENV.exists():
        subprocess.run([*uv, "venv", "--python", sys.executable, str(VENV)], check=True, env=environment)
    subprocess.run([*install, *project["dependencies"], *JUPYTER], check=True, env=environment)
    return subprocess.run([sys.executable, "-m", "pytest", *TESTS], cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
