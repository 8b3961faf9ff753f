"""Building a course from its lessons' texts, and noticing what has drifted."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex

import nbformat
import pytest
from helpers import COURSE, ROOT, small_lesson

from autograder.authoring.build import Drifted, build_course, check_course
from autograder.authoring.built import EDITIONS, not_built
from autograder.lesson import Lesson
from autograder.submission.notebook import METADATA_KEY

SETUP = '# %% setup=true\n\n# %% alt="a number"\n6 * 7\n\n# %% [markdown] edition="solutions"\n# Look here.\n'


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small course, built."""
    course = tmp_path_factory.mktemp("repository") / "course"
    lesson = small_lesson.write(course)
    lesson.text.write_text(small_lesson.INTRODUCTION + SETUP + lesson.text.read_text())
    shutil.copy(COURSE / "nbgrader_config.py", course)
    shutil.copy(ROOT / "pyproject.toml", course.parent)
    said: list[str] = []
    build_course(course, said.append)
    assert said == [
        "tests of the lessons", "small: observations of the reference and the known mistakes", "release notebooks",
        "small: running the solutions notebook",
    ]  # fmt: skip
    return course


@pytest.fixture
def course(built: Path, tmp_path: Path) -> Path:
    """A copy of it to change."""
    shutil.copy(built.parent / "pyproject.toml", tmp_path)
    return Path(shutil.copytree(built, tmp_path / "course"))


def cells(course: Path, edition: str) -> list[nbformat.NotebookNode]:
    return list(nbformat.read(course / edition / "small/small.ipynb", as_version=4).cells)


INPUTS = (
    "small/lesson.py", "small/exercises/total/mistakes.md", "small/exercises/__init__.py", "nbgrader_config.py",
)  # fmt: skip
OUTPUTS = ("small/golden.json", *(f"{edition}/small/small.ipynb" for edition in EDITIONS))


@pytest.mark.slow
@pytest.mark.parametrize("file", [*INPUTS, *OUTPUTS])
def test_a_lesson_is_built_again_when_a_file_has_changed(course: Path, file: str) -> None:
    """One that a build reads, or one that it writes: the copy of a built course is built, but for that. What is added
    is new each time, since the builds of earlier runs are remembered too."""
    lesson = Lesson(course / "small")
    assert not_built(course, [lesson]) == []
    (course / file).write_text(f"{(course / file).read_text()}\n# {token_hex()}\n")
    assert not_built(course, [Lesson(lesson.folder)]) == [lesson]
    (course / file).unlink()
    assert not_built(course, [Lesson(lesson.folder)]) == [lesson]


@pytest.mark.slow
def test_a_lesson_is_built_again_at_another_address(course: Path) -> None:
    project = course.parent / "pyproject.toml"
    project.write_text(project.read_text().replace("github.com/", "github.com/another-"))
    assert not_built(course, [Lesson(course / "small")]) != []


@pytest.mark.slow
class TestBuild:
    """What is built."""

    def test_a_release_has_stubs_and_no_solution(self, built: Path) -> None:
        text = "\n".join(cell.source for cell in cells(built, "release"))
        assert "raise NotImplementedError" in text
        assert "SOLUTION" not in text
        assert not any(answer in text for answer in small_lesson.ANSWERS.values())

    def test_a_release_begins_by_installing_the_checker(self, built: Path) -> None:
        first = next(cell for cell in cells(built, "release") if cell.cell_type == "code")
        assert "pip" in first.source
        assert "https://" in first.source

    def test_an_exercise_gets_a_heading(self, built: Path) -> None:
        assert any(
            cell.source.startswith("### Exercise 1: A layer\n\ndifficulty ●○○○○ · about 5 minutes · 3 points · `scale`")
            for cell in cells(built, "release")
        )

    def test_the_solutions_are_executed_and_pass(self, built: Path) -> None:
        solved = cells(built, "solutions")
        assert any(cell.get("outputs") and cell.source == "6 * 7" for cell in solved)
        checks = [cell for cell in solved if cell.source.startswith("check(")]
        assert len(checks) == 3
        assert all("passed" in cell.outputs[0].data["text/plain"] for cell in checks)
        assert not any("SOLUTION" in cell.source or "nbgrader" in cell.metadata for cell in solved)

    def test_the_contents_tell_what_the_lesson_says(self, built: Path) -> None:
        page = (built / "README.md").read_text()
        assert "| [A small lesson](#small) | 3 | 11 | 9 | about an hour |" in page
        assert "- scale a number." in page
        assert "| A layer | `scale` | ●○○○○ | 3 | 5 |" in page

    def test_an_edition_may_have_cells_of_its_own(self, built: Path) -> None:
        assert [["Look here." in cell.source for cell in cells(built, name)].count(True) for name in
                ("release", "solutions")] == [0, 1]  # fmt: skip

    def test_nothing_has_drifted_and_nothing_is_built_again(self, course: Path) -> None:
        check_course(course)
        said: list[str] = []
        build_course(course, said.append)
        assert said == ["small: nothing has changed since its last build"]
        check_course(course)


OPENED = ["release/small/small.ipynb", "selfstudy/small/small.ipynb"]
"""What is opened by a class, and by people on their own."""


def new_prose(course: Path) -> None:
    with (course / "small/lesson.py").open("a") as text:
        text.write("\n# %% [markdown]\n# A last word.\n")


def new_reference(course: Path) -> None:
    text = course / "small/lesson.py"
    text.write_text(text.read_text().replace("// 2]", "// 2] + 1"))


def edited_release(course: Path) -> None:
    path = course / "release/small/small.ipynb"
    path.write_text(path.read_text().replace("A small lesson", "A small lessen"))


def new_time(course: Path) -> None:
    text = course / "small/lesson.py"
    text.write_text(text.read_text().replace("About an hour", "About two hours"))


def no_golden(course: Path) -> None:
    (course / "small/golden.json").unlink()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "drifted"),
    [
        (new_prose, [*OPENED, "solutions/small/small.ipynb"]),
        (new_reference, ["selfstudy/small/small.ipynb", "small/golden.json", "solutions/small/small.ipynb"]),
        (edited_release, ["release/small/small.ipynb"]),
        (new_time, [*OPENED, "solutions/small/small.ipynb", "README.md"]),
        (no_golden, ["small/golden.json"]),
    ],
)
def test_what_has_drifted_is_named(course: Path, change: Callable[[Path], None], drifted: list[str]) -> None:
    change(course)
    with pytest.raises(Drifted) as told:
        check_course(course)
    assert str(told.value) == f"out of date: {', '.join(drifted)}; run `autograder build` and commit what it writes"


def test_every_built_notebook_says_what_it_is() -> None:
    for path in [*COURSE.glob("release/*/*.ipynb"), *COURSE.glob("selfstudy/*/*.ipynb")]:
        assert nbformat.read(path, as_version=4).metadata[METADATA_KEY]["lesson"] == path.stem
