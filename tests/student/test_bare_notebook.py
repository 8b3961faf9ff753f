"""The released notebooks as a self-learner opens them: a Python with torch, torchvision, matplotlib and Jupyter, and
nothing of ours. The first cell installs the student package, and moves nothing."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from helpers import ROOT
from helpers.bare import Bare, released, texts
from nbformat import NotebookNode, v4

from autograder.lesson.lesson import Lesson, all_lessons
from autograder.texts.percent import solutions

LESSONS = list(all_lessons([ROOT / "course"]))
MINUTES = 2

pytestmark = pytest.mark.slow


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
    return texts(cell_of(notebook, f"check_{exercise}"))


def cell_of(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    (cell,) = (c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)
    return cell


def solved(lesson: Lesson) -> NotebookNode:
    """The released notebook with the reference in place of the stubs."""
    notebook, answers = released(lesson), solutions(lesson)
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers[grade_id].source if grade_id in answers else cell.source
    return notebook


def test_it_has_nothing_that_colab_has_not(bare: Bare) -> None:
    found = bare.installed().keys()
    assert {"torch", "torchvision", "matplotlib", "ipykernel"} <= found
    assert not found & {"nbgrader", "nbformat", "nbclient", "jupytext", "rich", "typer", "pytest", "inside-nn-module"}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_untouched_notebook_installs_itself_and_runs_to_the_end(
    lesson: Lesson, bare: Bare, wheel: Path, tmp_path: Path
) -> None:
    before = bare.installed()
    done = bare.run_notebook(released(lesson), tmp_path, INSIDE_NN_MODULE_SOURCE=str(wheel))
    after = bare.installed()
    assert {name: version for name, version in after.items() if before.get(name) != version}.keys() == {
        "inside-nn-module"
    }
    first = texts(next(cell for cell in done.cells if cell.cell_type == "code"))
    assert first.startswith("Ready: Python 3.")
    assert f"torch {before['torch']}" in first
    assert {name for _, name in errors(done)} <= {"NotImplementedError"}
    assert {cell for cell, _ in errors(done)} <= set(lesson.exercises)
    for exercise in lesson.exercises:
        assert "not attempted" in card(done, exercise).lower(), card(done, exercise)


def test_the_edition_for_self_study_opens_its_solutions_and_shows_them_on_a_wish(
    bare: Bare, wheel: Path, tmp_path: Path
) -> None:
    lesson, words = LESSONS[0], "how the course does it"
    notebook = released(lesson, "selfstudy")
    first = next(number for number, cell in enumerate(notebook.cells) if cell.cell_type == "code")
    calls = [f"solution({name!r}{wish})" for name in lesson.exercises for wish in ("", ", now=True")]
    notebook.cells[first + 2 :] = map(v4.new_code_cell, calls)
    done = bare.run_notebook(notebook, tmp_path, INSIDE_NN_MODULE_SOURCE=str(wheel))
    assert errors(done) == []
    shown = [cell.outputs[0].data["text/plain"] for cell in done.cells[first + 1 :]]
    assert shown[0].startswith("Self-study\n")
    assert ["can wait" in text for text in shown[1::2]] == [True] * len(lesson.exercises)
    for answer, text in zip(solutions(lesson).values(), shown[2::2], strict=True):
        assert words in text
        assert all(line.strip() in text for line in answer.source.splitlines())


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_solved_notebook_passes_every_check(lesson: Lesson, bare: Bare, wheel: Path, tmp_path: Path) -> None:
    done = bare.run_notebook(solved(lesson), tmp_path, INSIDE_NN_MODULE_SOURCE=str(wheel))
    assert errors(done) == []
    for exercise in lesson.exercises.values():
        points = f"{exercise.points:g} of {exercise.points:g} points"
        assert points in card(done, exercise.id), card(done, exercise.id)
    remembered = json.loads((tmp_path / ".inside-nn-module" / "progress.json").read_text())
    assert set(lesson.exercises) <= set(json.dumps(remembered).replace('"', " ").split())


def test_from_opening_to_the_first_passed_check(bare: Bare, wheel: Path, tmp_path: Path) -> None:
    """All but the reading and the writing, which must be left most of the two minutes."""
    lesson = LESSONS[0]
    first = next(iter(lesson.exercises))
    notebook = solved(lesson)
    notebook.cells = notebook.cells[: notebook.cells.index(cell_of(notebook, f"check_{first}")) + 1]
    started = time.monotonic()
    done = bare.run_notebook(notebook, tmp_path, INSIDE_NN_MODULE_SOURCE=str(wheel))
    took = time.monotonic() - started
    print(f"from opening {lesson.name} to the first passed check: {took:.1f} s")
    assert "passed" in card(done, first)
    assert took < 60 * MINUTES
