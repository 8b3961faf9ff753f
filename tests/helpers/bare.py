"""Pythons like Colab's, for tests: torch, torchvision, NumPy, matplotlib and Jupyter's kernel, and nothing else.

A fresh virtual environment, with links to what those packages are in another Python: ours, or the one that the
variable BARE_PYTHON names (`make oldest` does).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from autograder.lesson.lesson import Lesson
from helpers import ROOT

PYTHON = os.environ.get("BARE_PYTHON", sys.executable)
COLAB_HAS = ("torch", "torchvision", "numpy", "matplotlib", "ipython", "ipykernel", "pip")

LINK = """
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from packaging.requirements import Requirement

names, todo = set(), sys.argv[2:]
while todo:
    name = todo.pop()
    if name not in names:
        names.add(name)
        try:
            wanted = map(Requirement, distribution(name).requires or [])
        except PackageNotFoundError:  # wanted on other systems, or by an extra
            continue
        todo += [one.name for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]
        for file in distribution(name).files:
            link = Path(sys.argv[1], file.parts[0])
            if file.parts[0] not in ("..", "__pycache__") and not link.exists():
                link.symlink_to(Path(distribution(name).locate_file(file.parts[0])))
"""
"""Links the distributions and all that they require into a folder."""


@dataclass(frozen=True)
class Bare:
    """A bare Python, and the folders that it finds its packages in."""

    python: Path
    path: str

    def environment(self, **more: str) -> dict[str, str]:
        """The variables to run it with."""
        hidden = ("VIRTUAL_ENV", "MPLBACKEND", "AUTOGRADER_LESSONS", "INSIDE_NN_MODULE_HOME")
        kept = {name: value for name, value in os.environ.items() if name not in hidden}
        return {**kept, "PYTHONPATH": self.path, "PIP_DISABLE_PIP_VERSION_CHECK": "1", **more}

    def run(self, code: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a program's text."""
        return subprocess.run(
            [str(self.python), "-c", code], cwd=self.python.parent, env=self.environment(**more),
            capture_output=True, text=True, timeout=240,
        )  # fmt: skip

    def installed(self) -> dict[str, str]:
        """Distribution → version."""
        code = "import importlib.metadata as m, json; print(json.dumps({d.name: d.version for d in m.distributions()}))"
        return dict(json.loads(self.run(code).stdout))

    def run_notebook(self, notebook: NotebookNode, folder: Path, **more: str) -> NotebookNode:
        """Run all cells, errors allowed, as a student's Jupyter would, with `folder` as home."""
        spec = folder / "jupyter" / "kernels" / "bare" / "kernel.json"
        spec.parent.mkdir(parents=True, exist_ok=True)
        command = [str(self.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec.write_text(json.dumps({"argv": command, "display_name": "bare", "language": "python"}))
        os.environ["JUPYTER_PATH"] = str(folder / "jupyter")
        try:
            client = NotebookClient(notebook, kernel_name="bare", timeout=240, startup_timeout=240, allow_errors=True)
            client.execute(env=self.environment(HOME=str(folder), **more), cwd=str(folder))
        finally:
            del os.environ["JUPYTER_PATH"]
        return notebook


def packages(folder: Path, *names: str) -> Path:
    """A folder of links to these distributions, or to what Colab has."""
    subprocess.run([PYTHON, "-c", LINK, str(folder), *(names or COLAB_HAS)], check=True)
    return folder


def bare_python(folder: Path, *path: Path) -> Bare:
    """A fresh Python that finds packages in these folders."""
    subprocess.run([PYTHON, "-m", "venv", "--without-pip", str(folder)], check=True)
    return Bare(folder / "bin" / "python", os.pathsep.join(map(str, path)))


def build_wheel(folder: Path) -> Path:
    """The student package, built from the source tree."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


def released(lesson: Lesson, edition: str = "release") -> NotebookNode:
    """The notebook that students open."""
    path = ROOT / "course" / edition / lesson.name / f"{lesson.name}.ipynb"
    return nbformat.read(path, as_version=4)


def texts(cell: NotebookNode) -> str:
    """All that a cell shows, as plain text."""
    found = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.get("outputs", [])]
    errors = ["\n".join(output.get("traceback", [])) for output in cell.get("outputs", [])]
    return "".join([*found, *errors])
