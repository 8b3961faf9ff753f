"""The course's address: one line says it, and it gets into every badge and link."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from helpers import COURSE, ROOT, courses, small_lesson
from helpers.first_cells import FIRST_CELL

from autograder.demo.students import filled
from autograder.lesson.lesson import all_lessons
from autograder.submission.notebook import write_notebook
from autograder.submission.sanitize import inert
from autograder.texts.address import Address, BadAddress, address_of, is_badge
from autograder.texts.setup_cell import is_setup, setup_cell

LESSONS = list(all_lessons([COURSE]))


def course_at(folder: Path, repository: str) -> Path:
    """A course's folder beside a pyproject.toml that names a repository."""
    (folder / "pyproject.toml").write_text(
        f'[project]\nversion = "1.2.3"\nrequires-python = ">=3.11"\nurls = {{ Repository = "{repository}" }}\n'
    )
    return folder / "course"


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("https://github.com/ada/nn", Address("ada/nn")),
        ("https://github.com/ada/nn.git", Address("ada/nn")),
        ("https://github.com/ada/nn.py/", Address("ada/nn.py")),
        ("https://github.com/ada/nn/tree/2026", Address("ada/nn", "2026")),
        ("https://github.com/ada/nn/tree/term/two", Address("ada/nn", "term/two")),
    ],
)
def test_one_line_says_the_address(tmp_path: Path, said: str, address: Address) -> None:
    course = course_at(tmp_path, said)
    assert address_of(course) == address
    assert f"https://github.com/{address.repository}/archive/refs/heads/{address.branch}.zip" in setup_cell(course)
    assert address.colab("a.ipynb") == (
        f"https://colab.research.google.com/github/{address.repository}/blob/{address.branch}/a.ipynb"
    )
    assert is_badge(address.badge("course/release/a/a.ipynb"))


@pytest.mark.parametrize("said", ["", "https://gitlab.com/ada/nn", "https://github.com/ada", "github.com/ada/nn",
                                  'https://github.com/ada/nn/tree/a b'])  # fmt: skip
def test_what_colab_cannot_open_is_told(tmp_path: Path, said: str) -> None:
    with pytest.raises(BadAddress, match=r"looks like https://github\.com/OWNER/NAME"):
        address_of(course_at(tmp_path, said))


def test_links_are_stamped_whatever_they_were() -> None:
    old, new = Address("ada/nn", "x/y"), Address("bob/mm")
    page = f"| {old.badge('course/release/a/a.ipynb')} | {old.colab('elsewhere/a.ipynb')} |"
    assert new.stamped(page) == f"| {new.badge('course/release/a/a.ipynb')} | {old.colab('elsewhere/a.ipynb')} |"
    assert new.stamped(new.stamped(page)) == new.stamped(page)


def test_the_address_stands_nowhere_else() -> None:
    repository = address_of(COURSE).repository
    sources = [*ROOT.glob("autograder/**/*.py"), *ROOT.glob("course/*/*.py"), *ROOT.glob("tests/**/*.py")]
    assert [path.name for path in sources if repository in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("edition", ["release", "solutions"])
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_notebook_begins_with_the_badge_that_opens_it(lesson: Any, edition: str) -> None:
    place = Path(edition) / lesson.name / f"{lesson.name}.ipynb"
    badge, title, *_ = nbformat.read(COURSE / place, as_version=4).cells
    link = address_of(COURSE).colab(f"course/{place.as_posix()}")
    assert badge.cell_type == "markdown"
    assert badge.source.startswith("[![Open this lesson in Colab](")
    assert badge.source.endswith(f"]({link})")
    assert title.source.startswith("# Lesson")


def test_the_pages_have_a_badge_for_each_lesson() -> None:
    for page in (ROOT / "README.md", COURSE / "README.md"):
        text = page.read_text(encoding="utf-8")
        for lesson in LESSONS:
            link = address_of(COURSE).colab(f"course/selfstudy/{lesson.name}/{lesson.name}.ipynb")
            assert text.count(f"colab-badge.svg)]({link})") == 1, page


def test_in_colab_the_first_cell_is_a_form() -> None:
    for lesson in LESSONS:
        cells = nbformat.read(courses.released(COURSE, lesson.name), as_version=4).cells
        first = next(cell for cell in cells if cell.cell_type == "code")
        assert is_setup(first.source)
        assert first.source.startswith("# @title ")
        assert first.metadata["cellView"] == "form"


def test_a_badge_on_a_feedback_page_is_a_badge() -> None:
    badge = Address("ada/nn").badge("course/release/a/a.ipynb")
    assert inert(badge, frozenset()) == badge
    for other in (badge.replace("colab-badge", "other"), f"{badge}\n\n![](https://example.org/x.png)",
                  badge.replace("a.ipynb", "a.ipynb?<b>")):  # fmt: skip
        assert not is_badge(other)
        assert "Shown as it was written" in inert(other, frozenset())


@pytest.mark.parametrize("change", ['"; evil(); "', "x.zip\n", "{evil()}", "\\"])
def test_only_the_first_cell_is_taken_for_it(change: str) -> None:
    assert is_setup(FIRST_CELL)
    assert is_setup(FIRST_CELL.replace(address_of(COURSE).archive, "https://example.org/a.whl"))
    assert not is_setup(FIRST_CELL.replace(address_of(COURSE).archive, change))
    assert not is_setup(f"{FIRST_CELL}\nevil()")


@pytest.mark.slow
def test_whatever_becomes_of_the_badge_a_notebook_is_graded(tmp_path: Path) -> None:
    lesson = small_lesson.write(tmp_path / "course")
    lesson.text.write_text("# %% setup=true\n\n" + lesson.text.read_text())
    root = courses.make(tmp_path / "course", lesson)
    notebook = filled(nbformat.read(courses.released(root, "small"), as_version=4), small_lesson.ANSWERS)
    badge = notebook.cells[0]
    assert is_badge(badge.source)

    def written(name: str, change: Callable[[], object]) -> Path:
        before, source = list(notebook.cells), badge.source
        change()
        (path := tmp_path / f"{name}.ipynb").write_text(write_notebook(notebook))
        notebook.cells, badge.source, badge.cell_type = before, source, "markdown"
        return path

    def as_code() -> None:
        badge.cell_type, badge.outputs, badge.execution_count = "code", [], None

    paths = [
        written("untouched", lambda: None), written("deleted", lambda: notebook.cells.pop(0)),
        written("edited", lambda: badge.update(source="Ada's notebook <script>1</script>")),
        written("moved", lambda: notebook.cells.append(notebook.cells.pop(0))), written("code", as_code),
    ]  # fmt: skip
    done = courses.run("autograder", "check", *paths, "--json", cwd=root)
    scores = {Path(grade["notebook"]).stem: grade["score"] for grade in map(json.loads, done.stdout.splitlines())}
    assert scores == dict.fromkeys(("untouched", "deleted", "edited", "moved", "code"), lesson.points)
