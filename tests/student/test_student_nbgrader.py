"""Check cells under a plain nbgrader, without this course's configuration: its autograde and its Validate."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import nbformat
import pytest
from helpers import ROOT
from helpers import toy_lesson as toy
from nbformat.v4 import new_code_cell, new_notebook

pytestmark = pytest.mark.slow

NOISY_TOTAL = "import sys\ndef total(numbers):\n    print('noise', file=sys.stderr)\n    return sum(numbers)\n"
STUDENTS = {"full": (toy.SCALE, NOISY_TOTAL), "part": (toy.PLAIN, toy.TOTAL), "none": (toy.STUB, "")}


def notebook(scale: str, total: str) -> Any:
    def cell(source: str, grade_id: str, points: float | None) -> Any:
        graded = points is not None
        settings = {"grade": graded, "solution": not graded, "locked": graded, "task": False, "grade_id": grade_id,
                    "schema_version": 3} | ({"points": points} if graded else {})  # fmt: skip
        return new_code_cell(source, metadata={"nbgrader": settings})

    cells = [
        new_code_cell("from autograder import check, hint, progress"),
        cell(scale, "scale", None), cell('check("scale")', "check_scale", 4),
        cell(total, "total", None), cell('check("total")', "check_total", 1),
    ]  # fmt: skip
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def put(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True)
    nbformat.write(content, path)


@pytest.fixture(scope="module")
def nbgrader(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Runs an nbgrader command in a course with one assignment and three submissions."""
    folder = tmp_path_factory.mktemp("plain")
    course = folder / "course"
    toy.write(folder / "lessons")
    put(course / "source" / "toy" / "toy.ipynb", notebook(toy.SCALE, toy.TOTAL))
    for student, answers in STUDENTS.items():
        put(course / "submitted" / student / "toy" / "toy.ipynb", notebook(*answers))
        shutil.copytree(course / "submitted" / student / "toy", course / "mine" / student)
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "AUTOGRADER_LESSONS": str(folder / "lessons"),
        "INSIDE_NN_MODULE_HOME": str(folder / "home"), "JUPYTER_CONFIG_DIR": str(folder / "config"),
    }  # fmt: skip

    def run(*arguments: str) -> str:
        command = ["nbgrader", *arguments]
        done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        assert not (folder / "home").exists()  # an instructor's own progress is no place for students' points
        return done.stdout

    return run, course


def test_autograde_gives_full_partial_and_no_points(nbgrader: Any) -> None:
    run, course = nbgrader
    run("generate_assignment", "toy")
    run("autograde", "toy")
    run("export", "--to", "grades.csv")
    rows = [line.split(",") for line in (course / "grades.csv").read_text().splitlines()]
    columns = rows[0].index("student_id"), rows[0].index("score")
    assert {row[columns[0]]: float(row[columns[1]]) for row in rows[1:]} == {"full": 5, "part": 2, "none": 0}
    for student in STUDENTS:
        graded = nbformat.read(course / "autograded" / student / "toy" / "toy.ipynb", 4)
        outputs = [output for cell in graded.cells if "check_" in str(cell.metadata) for output in cell.outputs]
        assert not [output for output in outputs if output.get("name") == "stderr" or output.output_type == "error"]


@pytest.mark.parametrize(("student", "failed"), [("full", []), ("part", ["scale"]), ("none", ["scale", "total"])])
def test_validate_lists_the_checks_that_fail_and_why(nbgrader: Any, student: str, failed: list[str]) -> None:
    printed = nbgrader[0]("validate", f"mine/{student}/toy.ipynb")
    assert ("Success! Your notebook passes all the tests." in printed) == (not failed)
    for exercise in ("scale", "total"):
        assert (f'The following cell failed:\n\n    check("{exercise}")' in printed) == (exercise in failed)
    if student == "part":
        assert "scale: 1 of 4 points (◐ partly right)" in printed
        assert "`weight` is a plain tensor, so no optimizer will ever see it." in printed
        assert "Traceback" not in printed
