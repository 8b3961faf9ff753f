"""The released notebooks as a self-learner opens them: a Python with torch, torchvision, matplotlib and Jupyter, and
nothing of ours. The first cell installs the student package, and moves nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from autograder.lesson import Lesson, all_lessons
from autograder.percent import solutions

ROOT = Path(__file__).resolve().parent.parent
LESSONS = list(all_lessons([ROOT / "course"]))

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The student package, built from the source tree."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A fresh Python; what it shares with ours comes in by PYTHONPATH, which leaves our editable install out."""
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    return tmp_path / "venv" / "bin" / "python"


def run_notebook(notebook: NotebookNode, python: Path, folder: Path, source: Path) -> NotebookNode:
    """Run all cells, errors allowed, as a student's Jupyter would."""
    environment = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "MPLBACKEND")}
    environment |= {
        "PYTHONPATH": sysconfig.get_path("purelib"), "INSIDE_NN_MODULE_SOURCE": str(source), "HOME": str(folder),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }  # fmt: skip
    spec = folder / "jupyter" / "kernels" / "bare" / "kernel.json"
    spec.parent.mkdir(parents=True)
    command = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec.write_text(json.dumps({"argv": command, "display_name": "bare", "language": "python"}))
    os.environ["JUPYTER_PATH"] = str(folder / "jupyter")
    try:
        client = NotebookClient(notebook, kernel_name="bare", timeout=240, allow_errors=True)
        client.execute(env=environment, cwd=str(folder))
    finally:
        del os.environ["JUPYTER_PATH"]
    return notebook


def installed(python: Path) -> dict[str, str]:
    """Distribution → version, as seen in the bare Python with what it shares with ours."""
    code = "import importlib.metadata as m, json; print(json.dumps({d.name: d.version for d in m.distributions()}))"
    done = subprocess.run(
        [str(python), "-c", code], env={**os.environ, "PYTHONPATH": sysconfig.get_path("purelib")},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout))


def errors(notebook: NotebookNode) -> list[tuple[str, str]]:
    """(cell's nbgrader id, error) of each cell that raised."""
    return [
        (cell.metadata.get("nbgrader", {}).get("grade_id", cell.source[:60]), output.ename)
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]


def card(notebook: NotebookNode, exercise: str) -> str:
    """The text of the card below an exercise."""
    (cell,) = (c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == f"check_{exercise}")
    return "".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)


def released(lesson: Lesson) -> NotebookNode:
    """The notebook that students open."""
    path = ROOT / "course" / "release" / lesson.name / f"{lesson.name}.ipynb"
    return nbformat.read(path, as_version=4)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_untouched_notebook_installs_itself_and_runs_to_the_end(
    lesson: Lesson, bare: Path, wheel: Path, tmp_path: Path
) -> None:
    before = installed(bare)
    done = run_notebook(released(lesson), bare, tmp_path, wheel)
    after = installed(bare)
    assert {name: version for name, version in after.items() if before.get(name) != version}.keys() <= {
        "inside-nn-module"
    }
    assert "torch" in done.cells[next(i for i, c in enumerate(done.cells) if c.cell_type == "code")].outputs[0].text
    assert {name for _, name in errors(done)} <= {"NotImplementedError"}
    assert {cell for cell, _ in errors(done)} <= set(lesson.exercises)
    for exercise in lesson.exercises:
        assert "not attempted" in card(done, exercise).lower(), card(done, exercise)


def test_the_edition_for_self_study_opens_its_solutions_and_shows_them_on_a_wish(
    bare: Path, wheel: Path, tmp_path: Path
) -> None:
    lesson, words = LESSONS[0], "how the course does it"
    notebook = nbformat.read(ROOT / f"course/selfstudy/{lesson.name}/{lesson.name}.ipynb", as_version=4)
    first = next(number for number, cell in enumerate(notebook.cells) if cell.cell_type == "code")
    calls = [f"solution({name!r}{wish})" for name in lesson.exercises for wish in ("", ", now=True")]
    notebook.cells[first + 2 :] = map(nbformat.v4.new_code_cell, calls)
    done = run_notebook(notebook, bare, tmp_path, wheel)
    assert errors(done) == []
    shown = [cell.outputs[0].data["text/plain"] for cell in done.cells[first + 1 :]]
    assert shown[0].startswith("Self-study\n")
    assert ["can wait" in text for text in shown[1::2]] == [True] * len(lesson.exercises)
    for answer, text in zip(solutions(lesson).values(), shown[2::2], strict=True):
        assert words in text
        assert all(line.strip() in text for line in answer.source.splitlines())


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_solved_notebook_passes_every_check(lesson: Lesson, bare: Path, wheel: Path, tmp_path: Path) -> None:
    notebook, answers = released(lesson), solutions(lesson)
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers[grade_id].source if grade_id in answers else cell.source
    done = run_notebook(notebook, bare, tmp_path, wheel)
    assert errors(done) == []
    for exercise in lesson.exercises.values():
        points = f"{exercise.points:g} of {exercise.points:g} points"
        assert points in card(done, exercise.id), card(done, exercise.id)
    remembered = json.loads((tmp_path / ".inside-nn-module" / "progress.json").read_text())
    assert set(lesson.exercises) <= set(json.dumps(remembered).replace('"', " ").split())
