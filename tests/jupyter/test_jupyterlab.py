"""The sandboxed kernel in Jupyter: JupyterLab in a real browser."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import nbformat
import pytest
from helpers import COURSE, courses
from helpers.formgrader import HEADERS, serving
from helpers.jupyter_page import JupyterPage, output
from helpers.sessions import LESSON, SECONDS
from playwright.sync_api import Browser, expect

from autograder.jupyter.spec import DISPLAYED, NAME
from autograder.submission.notebook import code_cell, new_notebook, write_notebook
from autograder.texts.percent import solutions

TRY_SCRIPTS = """
from IPython.display import HTML, Javascript, display
display(Javascript("document.body.dataset.hacked = 'by a script'"))
display(HTML("<img src='nowhere' onerror=\\"document.body.dataset.hacked = 'by an image'\\">"))
print("has run")
"""


IMAGE = "<img src='nowhere' onerror=\"document.body.dataset.hacked = 'by the file'\">"


@pytest.mark.slow
@pytest.mark.browser
def test_a_submission_is_looked_into_in_jupyterlab(browser: Browser, jupyter: Path, tmp_path: Path) -> None:
    """What was handed in names an ordinary kernel; where there is none, JupyterLab proposes the sandboxed one.

    No script runs: none of the kernel's, and none in the file, also when that is opened again after all of it has run.
    """
    submission, home = tmp_path / "ada.ipynb", tmp_path / "home"
    shutil.copytree(jupyter, home)
    notebook = nbformat.read(courses.released(COURSE, LESSON.name), as_version=4)
    assert notebook.metadata.kernelspec.name == "python3"
    stored = nbformat.v4.new_output("display_data", {"text/html": f"stored {IMAGE}"})
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell(f"handed in {IMAGE}"))
    notebook.cells.insert(1, nbformat.v4.new_code_cell("# with an output", outputs=[stored]))
    nbformat.write(notebook, submission)
    with serving(tmp_path, home, f"--KernelSpecManager.allowed_kernelspecs={NAME}") as address:
        lab = JupyterPage.opened(browser, address, "JupyterLab", submission.name, asked=True)
        expect(lab.page.locator(".jp-KernelName")).to_contain_text(DISPLAYED)
        expect(output(lab.cell("# with an output"))).to_contain_text("stored")
        assert lab.page.evaluate("document.body.dataset.hacked") is None
        lab.choose("Run", "Run All Cells")
        expect(output(lab.cell('check("affine")'))).to_contain_text("not attempted", ignore_case=True)
        lab.write_and_run(lab.cell("class Affine"), solutions(LESSON)["affine"].source.rstrip())
        lab.page.keyboard.press("Shift+Enter")  # the check below it
        expect(output(lab.cell('check("affine")'))).to_contain_text("7 of 7 points")
        expect(lab.write_below_and_run(TRY_SCRIPTS)).to_contain_text("Javascript object")
        lab.choose("File", "Save Notebook")
        lab.restart()
        expect(lab.write_below_and_run("Affine")).to_contain_text("NameError")
        assert lab.page.evaluate("document.body.dataset.hacked") is None
        lab.page.close()
        again = JupyterPage.opened(browser, address, "JupyterLab", submission.name)
        expect(again.page.locator(".jp-MarkdownOutput", has_text="handed in")).to_be_visible()
        assert again.page.evaluate("document.body.dataset.hacked") is None
        again.page.close()


@pytest.mark.slow
@pytest.mark.browser
def test_an_ordinary_kernels_scripts_do_run_there(browser: Browser, jupyter: Path, tmp_path: Path) -> None:
    """Or the test above would show nothing."""
    (tmp_path / "blank.ipynb").write_text(write_notebook(new_notebook([code_cell("6 * 7")], {})))
    with serving(tmp_path, jupyter) as address:
        lab = JupyterPage.opened(browser, address, "JupyterLab", "blank.ipynb")
        lab.write_below_and_run(TRY_SCRIPTS)
        lab.page.wait_for_function("document.body.dataset.hacked")
        lab.page.close()


@pytest.mark.slow
def test_jupyters_server_shows_what_is_missing(jupyter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    shutil.copytree(jupyter, home)
    without = f"import os; os.environ['PATH'] = {str(tmp_path)!r}"
    (home / "jupyter_server_config.py").write_text(without)
    with serving(tmp_path, home) as address:
        body = {"path": "x.ipynb", "name": "", "type": "notebook", "kernel": {"name": NAME}}
        asked = Request(f"{address}/api/sessions", json.dumps(body).encode(), HEADERS)
        with pytest.raises(HTTPError) as refused:
            urlopen(asked, timeout=SECONDS)
        with refused.value as answer:
            assert "apt-get install bubblewrap" in json.loads(answer.read())["message"]
