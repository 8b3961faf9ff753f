"""What the project requires and what is built of it: wheels, their contents, and what solutions look like."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

from packaging.requirements import Requirement

from helpers import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

PROJECT = PYPROJECT["project"]

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

PYTHONS = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))


def requirements(group: str) -> list[Requirement]:
    """The requirements of students, or of an extra."""
    lines = PROJECT["dependencies"] if group == "student" else PROJECT["optional-dependencies"][group]
    return [Requirement(line) for line in lines]


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What a command printed; it must succeed."""
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build(target: str, source: Path, folder: Path) -> Path:
    """Build a wheel or an sdist of `source` into `folder`, with what is installed here."""
    run(sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", folder, cwd=source)
    [built] = folder.iterdir()
    return built


def contents(wheel: Path) -> dict[str, bytes]:
    """Name → content of the wheel's files."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def solution_bodies() -> list[str]:
    """What stands between the delimiters in every lesson, but for bodies too short to give anything away."""
    texts = [path.read_text(encoding="utf-8") for path in ROOT.glob("course/*/lesson.py")]
    found = [body for text in texts for body in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", text, re.S)]
    return [body for body in found if len(squeezed(body)) >= 20]


def squeezed(text: str) -> str:
    """Text without white space and without the escapes of JSON, so that no layout hides a solution."""
    return re.sub(r"\\n|\\t|\\(?=\")|\s", "", text)


# Set-up
def load(path: Path) -> ModuleType:
    """A Python file outside any package, as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
