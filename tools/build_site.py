"""Builds the course as web pages, for people who look before they start.

    python tools/build_site.py [FOLDER]     # default: build/site

The released and the solved notebooks, as they are: nothing is executed, nothing is fetched. Sphinx makes the pages.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from sphinx.cmd.build import build_main

from autograder.authoring.contents import contents_path
from autograder.lesson.lesson import Lesson, all_lessons
from autograder.student.selfstudy import SELFSTUDY
from autograder.submission.notebook import text_cell, write_notebook
from autograder.texts.address import address_of
from autograder.texts.setup_cell import is_setup

ROOT = Path(__file__).resolve().parent.parent
COURSE = ROOT / "course"
LOOK = Path(__file__).resolve().parent / "site"
READING = """\
This page is for reading. To write, run and check, open it in Colab: nothing has to be installed.
[How it is solved](../../solutions/{name}/{name}.ipynb)
"""
SOLVED = """\
Every exercise is solved here. Have you tried? [The lesson without solutions](../../release/{name}/{name}.ipynb)
"""
EDITIONS = {"release": ("The lessons", "", READING), "solutions": ("The lessons, solved", ", solved", SOLVED)}
"""Folder → its heading in the list of pages, what a title there ends with, and what stands below the title."""
WELCOME = """\
# Inside nn.Module

A course on `torch.nn.Module`, in notebooks that check your answers and name what you misunderstood. You write layers
and networks, look inside torch's own machinery, write hooks, and debug sick networks with them.

Look around here. To do the exercises, open a lesson in Colab: nothing has to be installed.
"""


def main() -> int:
    """Build the pages; returns the exit status."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "site").resolve()
    with tempfile.TemporaryDirectory() as temporary:
        sources = Path(temporary) / "sources"
        shutil.copytree(LOOK, sources)
        write_sources(sources, list(all_lessons([COURSE])))
        shutil.rmtree(folder, ignore_errors=True)
        status = build_main(["-q", "-W", "--keep-going", "-b", "html", "-d", temporary, str(sources), str(folder)])
    if not status:
        print(folder / "index.html")
    return status


def write_sources(into: Path, lessons: list[Lesson]) -> None:
    """Write what Sphinx reads: the first page, and a notebook for each lesson and edition."""
    (into / "index.md").write_text(first_page(lessons), encoding="utf-8")
    for lesson in lessons:
        for edition in EDITIONS:
            place = Path(edition) / lesson.name / f"{lesson.name}.ipynb"
            notebook = nbformat.read(COURSE / place, as_version=4)
            (into / place).parent.mkdir(parents=True, exist_ok=True)
            (into / place).write_text(write_notebook(page_of(notebook, lesson, edition)), encoding="utf-8")


def first_page(lessons: list[Lesson]) -> str:
    """The welcome, the course's table of contents, and the list of pages beside every page."""
    table = contents_path(COURSE).read_text(encoding="utf-8").partition("\n")[2]
    table = re.sub(r'<a id="(\w+)"></a>', r"(\1)=", table)  # what links lead to, as Sphinx has it
    table = re.sub(r"\[for a class\](\(\S+\)) · \[on your own\]\(\S+\)", r"[read it]\1", table)
    lists = []
    for edition, (caption, _, _) in EDITIONS.items():
        pages = "\n".join(f"{edition}/{lesson.name}/{lesson.name}" for lesson in lessons)
        lists.append(f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{pages}\n```\n")
    return "\n".join([WELCOME, table, *lists])


def page_of(notebook: NotebookNode, lesson: Lesson, edition: str) -> NotebookNode:
    """A notebook as a page: with a badge below its title, with words for its pictures, the first code cell folded."""
    _, ending, below = EDITIONS[edition]
    first = next(cell for cell in notebook.cells if cell.source.startswith("# "))
    title, _, rest = first.source.partition("\n")
    what = title.removeprefix("# ").replace("`", "") + ending
    top = f"{badge(lesson, edition, what)}\n\n{below.format(name=lesson.name)}"
    before = notebook.cells.index(first)  # a badge of the notebook's own would stand above the title
    notebook.cells[: before + 1] = [text_cell(f"{title}{ending}\n\n{top}\n{rest}")]
    for cell in notebook.cells:
        if "alt" in cell.metadata:
            cell.metadata["mystnb"] = {"image": {"alt": cell.metadata["alt"]}}
        if is_setup(cell.source):
            cell.metadata["tags"] = ["hide-input"]
    return notebook


def badge(lesson: Lesson, edition: str, what: str) -> str:
    """The badge that opens a page's notebook in Colab, as markdown; to write in, the one for people on their own."""
    folder = SELFSTUDY if edition == "release" else edition
    return address_of(COURSE).badge(f"course/{folder}/{lesson.name}/{lesson.name}.ipynb", what)


if __name__ == "__main__":
    sys.exit(main())
