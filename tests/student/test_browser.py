"""Lesson 1 as a student meets it: in JupyterLab and in Notebook 7, in a real browser, with a real server and kernel."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from helpers import COURSE, courses
from helpers.formgrader import serving
from helpers.jupyter_page import PLACES, JupyterPage, output
from playwright.sync_api import Browser, expect

from autograder.lesson.lesson import Lesson
from autograder.student.progress import HOME
from autograder.submission.notebook import code_cell, new_notebook, write_notebook
from autograder.texts.percent import solutions

LESSON = Lesson(COURSE / "lesson1_subclassing")

pytestmark = [pytest.mark.slow, pytest.mark.browser]

Open = Callable[[str], JupyterPage]


@pytest.fixture(scope="module", params=list(PLACES))
def jupyter(
    request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Open]:
    """A student's folder with the released lesson in a Jupyter server: opens its notebooks in one interface."""
    folder, home = tmp_path_factory.mktemp("student"), tmp_path_factory.mktemp("home")
    shutil.copy(courses.released(COURSE, LESSON.name), folder)
    (folder / "blank.ipynb").write_text(write_notebook(new_notebook([code_cell("6 * 7")], {})))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME, str(home / "memory"))
        with serving(folder, home) as address:
            yield lambda notebook: JupyterPage.opened(browser, address, request.param, notebook)


def test_a_student_solves_an_exercise_and_finds_it_solved_after_a_restart(jupyter: Open) -> None:
    blank = jupyter("blank.ipynb")
    expect(blank.write_below_and_run("6 * 7")).to_contain_text("42")
    blank.page.close()
    student = jupyter(f"{LESSON.name}.ipynb")

    student.choose("Run", "Run All Cells")
    for exercise in LESSON.exercises:
        answer = output(student.cell(f'check("{exercise}")'))
        expect(answer).to_contain_text("not attempted", ignore_case=True)

    student.write_and_run(student.cell("class Affine"), solutions(LESSON)["affine"].source.rstrip())
    student.page.keyboard.press("Shift+Enter")  # the check below it
    expect(output(student.cell('check("affine")'))).to_contain_text("7 of 7 points")

    hints = LESSON.exercises["mlp"].hints
    for number in (1, 2):
        expect(student.write_below_and_run('hint("mlp")')).to_contain_text(f"mlp: hint {number} of {len(hints)}")

    student.restart()
    told = student.write_below_and_run("from autograder import progress\nprogress()")
    expect(told.locator("tr", has_text="(affine)")).to_contain_text("solved")
    expect(told.locator("tr", has_text="(mlp)")).to_contain_text(f"2 of {len(hints)}")
    assert set(student.errors) <= set(blank.errors), "more than Jupyter itself complains of"
    student.page.close()
