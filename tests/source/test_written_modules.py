"""A module that a notebook writes can be imported in it, as in Jupyter, and stands in for none of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from helpers import small_lesson
from helpers.small_lesson import ANSWERS, FULL, GIVEN, check, code, solution
from nbclient import NotebookClient

from autograder.judging.golden import public_seed, write_golden
from autograder.lesson.lesson import Lesson
from autograder.running.grader import Grader
from autograder.running.reference import expected_observations
from autograder.sandbox import Limits, interpreter, sandbox_named
from autograder.sandbox.bubblewrap import Bubblewrap, BubblewrapMissing

pytestmark = pytest.mark.slow
Points = Callable[..., dict[str, float]]
HALVES = "%%writefile halves.py\ndef half(number):\n    return number // 2\n"
MIDDLE = "from halves import half\ndef middle(numbers):\n    return numbers.sort().values[half(len(numbers))]\n"
SPOILS = "torch.Tensor.sort = None\n"
NAMES = ("json", "torch", "random", "hashlib", "numpy", "autograder")
METADATA_KEY = f"""\
import os
for name in {NAMES}:
    os.makedirs(name, exist_ok=True)
    for file in (name + ".py", name + "/__init__.py", name + "/probe.py", name + "/kernel_side.py"):
        with open(file, "w") as written:
            written.write("raise SystemExit('not what it was')")
"""
FOUND = f"""\
from importlib.machinery import PathFinder
print(*(PathFinder.find_spec(name).origin for name in {NAMES}), sep="\\n")
"""


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lesson]:
    """The small lesson, with its golden observations."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        written = small_lesson.write(tmp_path_factory.mktemp("course"))
        write_golden(written, expected_observations(written, public_seed(written)))
        yield written


@pytest.fixture(scope="module", params=["bubblewrap", "none"])
def points(request: pytest.FixtureRequest, lesson: Lesson) -> Points:
    """Grades cells that come before the right answers, `middle` built on a module, in a real kernel."""
    try:
        Bubblewrap.found()
    except BubblewrapMissing as reason:
        pytest.skip(str(reason))
    grader = Grader.for_lesson(lesson, sandbox_named(request.param), Limits(cell_seconds=20))

    def graded(*before: str) -> dict[str, float]:
        found = grader.grade(small_lesson.notebook(_cells(*before)))
        return {exercise.exercise.id: exercise.points for exercise in found.exercises}

    return graded


def _cells(*before: str) -> list[dict[str, Any]]:
    cells = [code(GIVEN), *map(code, before)]
    for exercise, answer in {**ANSWERS, "middle": MIDDLE}.items():
        cells += [solution(exercise, answer), check(exercise)]
    return cells


def test_an_answer_may_build_on_it(points: Points) -> None:
    assert points(HALVES) == FULL


def test_it_is_there_where_the_answer_is_looked_at_alone(points: Points) -> None:
    assert points(HALVES, SPOILS) == FULL


def test_none_stands_in_for_one_of_ours_or_of_torch(points: Points) -> None:
    assert points(METADATA_KEY, HALVES, "import json, torch, hashlib\njson.dumps") == FULL


def test_what_is_imported_late_is_not_the_notebooks(tmp_path: Path) -> None:
    try:
        sandbox = Bubblewrap.found()
    except BubblewrapMissing as reason:
        pytest.skip(str(reason))
    with sandbox.kernel(small_lesson.write(tmp_path), Limits()) as kernel:
        kernel.execute(METADATA_KEY, 20)
        found = kernel.execute(FOUND, 20).outputs[0]["text"].split()
    assert len(found) == len(NAMES)
    assert not any(Path(origin).is_relative_to("/tmp/work") for origin in found)


def test_an_ordinary_notebook_checks_it_as_well(lesson: Lesson, tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook()
    sources = (HALVES, GIVEN, MIDDLE, "from autograder import check", 'check("middle")')
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in sources]
    environment = interpreter.environment(
        AUTOGRADER_LESSONS=str(lesson.folder.parent), INSIDE_NN_MODULE_HOME=str(tmp_path / "home"), PYTHONSAFEPATH=""
    )
    NotebookClient(notebook, kernel_name="python3", timeout=60).execute(env=environment, cwd=str(tmp_path))
    assert "3 of 3 points" in notebook.cells[-1].outputs[0].data["text/plain"]
