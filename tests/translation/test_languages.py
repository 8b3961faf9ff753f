"""A course in another language, from the translators' files to the gradebook: a made-up language, real commands."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from helpers import COURSE, ROOT, courses, made_up, small_lesson
from helpers.code import runs
from helpers.dask_cluster import dask
from helpers.made_up import CODE, said
from helpers.packages import build, contents

from autograder.cluster.order import Order
from autograder.demo.students import filled
from autograder.lesson import language
from autograder.lesson.language import ENGLISH, NoSuchLanguage, counted, speak, spoken
from autograder.lesson.lesson import Lesson
from autograder.running.grader import Grader
from autograder.sandbox import Limits, settings
from autograder.sandbox.settings import Settings
from autograder.student import environment
from autograder.submission.sanitize import inert, released_text, trusted_texts
from autograder.texts.percent import given_sources, own_sources, read_cells
from autograder.texts.setup_cell import is_setup

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in the made-up language, beside the engine that has words in it."""
    return made_up.repository(tmp_path_factory.mktemp("repository"))


@pytest.fixture
def lesson(built: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lesson]:
    """Its lesson, in a process that speaks the language."""
    monkeypatch.setenv(language.VARIABLE, "")
    monkeypatch.setattr(language, "_HERE", built.parent / "autograder")
    language.forget()
    speak(CODE, built)
    yield Lesson(built / "small")
    speak("")
    monkeypatch.undo()
    language.forget()


def notebook(course: Path, edition: str) -> nbformat.NotebookNode:
    return nbformat.read(course / edition / "small/small.ipynb", as_version=4)


@pytest.fixture(scope="module")
def graded(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of it, with a solved and an untouched notebook graded by nbgrader's own commands."""
    course = Path(shutil.copytree(built.parent, tmp_path_factory.mktemp("graded") / "repository")) / "course"
    made_up.run(course, "nbgrader", "generate_assignment", "small", "--force")
    released = notebook(course, "release")
    for student, answers in (("solved", small_lesson.ANSWERS), ("untouched", {})):
        content = nbformat.writes(filled(released, answers))
        courses.submit(course, "small", student, content)
    courses.submit(course, "small", "empty", b"")
    made_up.run(course, "nbgrader", "autograde", "small")
    made_up.run(course, "nbgrader", "generate_feedback", "small")
    return course


class TestNotebooks:
    """What `autograder build` made."""

    @pytest.mark.parametrize("edition", ["release", "selfstudy", "solutions"])
    def test_they_are_notebooks(self, built: Path, edition: str) -> None:
        nbformat.validate(notebook(built, edition))

    def test_the_prose_is_in_the_language(self, built: Path) -> None:
        texts = [cell.source for cell in notebook(built, "release").cells[1:] if cell.cell_type == "markdown"]
        lines = [line for text in texts for line in text.split("```")[0].splitlines() if line]
        assert lines[:3] == [f"# {said('A small lesson')}", "⟦It hás á téxt óf", "twó línés.⟧"]
        tags = ("</details>", "<details><summary>⟦Whát háppénéd, ánd why⟧</summary>")
        assert not [line for line in lines if line not in tags and not set("áéíóú") & set(line)]
        assert "### ⟦Exércísé 1: ⟦A láyér⟧⟧" in lines

    def test_the_code_is_the_same_but_for_its_comments(self, built: Path) -> None:
        cells, english = (read_cells(built / "small/lesson.py", code) for code in (CODE, ENGLISH))
        for cell, other in zip(cells, english, strict=True):
            if cell.cell_type == "code":
                assert runs(cell.source) == runs(other.source)
        experiment = next(cell for cell in cells if "alt" in cell.metadata)
        assert experiment.metadata["alt"] == said("a number")
        assert "# ⟦A cómmént óf\n    # twó línés.⟧" in experiment.source
        assert 'print("printed"' in experiment.source

    def test_solutions_stay_in_english(self, built: Path) -> None:
        solved = next(cell.source for cell in notebook(built, "solutions").cells if "def forward" in cell.source)
        assert '"""⟦Múltíplíés by á wéíght.⟧"""' in solved
        assert '"""The secret of the start."""' in solved
        assert "# a secret remark" in solved
        assert "secret" not in json.dumps(notebook(built, "release"))

    def test_the_first_cell_says_welcome_in_the_language(self, built: Path) -> None:
        first = next(cell for cell in notebook(built, "solutions").cells if cell.cell_type == "code")
        assert is_setup(first.source)
        assert f'autograder.welcome("{CODE}")' in first.source
        assert first.outputs[0].text.startswith("⟦Réády: ")

    def test_checks_answer_in_the_language(self, built: Path) -> None:
        solved = next(cell for cell in notebook(built, "solutions").cells if cell.source == 'check("total")')
        assert "⟦pásséd⟧: ⟦Nóthíng ádds nóthíng⟧" in solved.outputs[0].data["text/plain"]

    def test_nothing_has_drifted(self, built: Path) -> None:
        assert "nothing has drifted" in made_up.run(built.parent, "autograder", "build", "--check").stderr

    def test_in_english_it_has(self, built: Path) -> None:
        told = made_up.run(built.parent, "autograder", "build", "--check", language=ENGLISH, fine=False).stderr
        assert "out of date: release/small/small.ipynb, selfstudy/small/small.ipynb, solutions" in told
        assert "languages/" not in told


class TestOwnCells:
    """The grader knows the lesson's cells in the language that it speaks."""

    def test_every_released_cell_is_known(self, lesson: Lesson) -> None:
        code = own_sources(lesson) | given_sources(lesson)
        released = notebook(lesson.folder.parent, "release").cells[1:]
        for cell in released:
            if cell.cell_type == "markdown":
                assert inert(f"{cell.source}\n\n", trusted_texts(lesson)) == f"{cell.source}\n\n"
            elif "nbgrader" not in cell.metadata and not is_setup(cell.source):
                assert cell.source.strip() in code
        assert "<details>" in "".join(trusted_texts(lesson))

    def test_who_opened_the_english_notebook_is_known_too(self, lesson: Lesson) -> None:
        english = [cell.source.strip() for cell in read_cells(lesson.text, ENGLISH) if "alt" in cell.metadata]
        assert english
        assert own_sources(lesson) > {*english}

    def test_a_title_is_said_in_the_language(self, lesson: Lesson) -> None:
        assert said("A middle") in released_text(lesson, "", "middle")

    def test_an_order_to_a_cluster_brings_the_words(self, lesson: Lesson, tmp_path: Path) -> None:
        order = Order.of(Grader(lesson, {}, 1, None, Limits()))  # type: ignore[arg-type]
        assert order.language == CODE
        there = order.grader(tmp_path, None).lesson  # type: ignore[arg-type]
        assert own_sources(there) == own_sources(lesson) != frozenset()
        assert "⟦" in "".join(own_sources(there))


class TestGrading:
    """Graded by nbgrader's own commands, and by ours."""

    def test_points(self, graded: Path) -> None:
        nothing = dict.fromkeys(small_lesson.FULL, 0.0)
        wanted = {"solved": small_lesson.FULL, "untouched": nothing, "empty": nothing}
        assert courses.points(graded, "small") == wanted

    def test_feedback_is_in_the_language(self, graded: Path) -> None:
        page = (graded / "feedback/untouched/small/small.html").read_text(encoding="utf-8")
        assert "⟦Nót áttémptéd yét" in page
        assert "⟦Nóthíng ádds nóthíng⟧" in page

    def test_our_own_command_says_the_same(self, graded: Path) -> None:
        arguments = ("grade", "small", "--student", "untouched", "--regrade")
        made_up.run(graded, "autograder", *arguments)
        page = graded / "autograded/untouched/small/small.ipynb"
        assert "⟦Nót áttémptéd yét" in page.read_text(encoding="utf-8")

    def test_workers_of_a_cluster_speak_it(self, graded: Path, tmp_path: Path) -> None:
        """Why a file can't be read is found out, and said, by a worker."""
        with dask(tmp_path) as cluster:
            cluster.worker(PYTHONPATH=str(graded.parent))
            cluster.wait_for_workers(1)
            arguments = ("grade", "small", "--student", "empty", "--regrade", "--scheduler", cluster.address)
            made_up.run(graded, "autograder", *arguments)
        page = graded / "autograded/empty/small/small.ipynb"
        assert "⟦thé fílé ís émpty" in page.read_text(encoding="utf-8")

    def test_the_environment_counts_more(self, graded: Path) -> None:
        check = ("check", str(graded / "submitted/untouched/small/small.ipynb"))
        assert "⟦nót áttémptéd⟧" in made_up.run(graded, "autograder", *check).stdout
        assert "⟦" not in made_up.run(graded, "autograder", *check, language=ENGLISH).stdout


def test_settings(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.of_course(built).language == CODE
    assert Settings.of_course(COURSE).language == ""
    monkeypatch.setattr(settings, "CHOSEN", ENGLISH)
    assert Settings.of_course(built).language == ENGLISH


class TestWelcome:
    """What a notebook's first cell asks for."""

    def test_in_a_language(self, lesson: Lesson, capsys: pytest.CaptureFixture[str]) -> None:
        speak("")
        environment.welcome(CODE)
        assert spoken() == CODE
        assert capsys.readouterr().out.startswith("⟦Réády: ")

    def test_in_one_that_an_older_checker_lacks(self, lesson: Lesson, capsys: pytest.CaptureFixture[str]) -> None:
        environment.welcome("de")
        assert spoken() == ""
        told, ready = capsys.readouterr().out.splitlines()
        assert told == "This checker has no words in 'de' yet. It speaks English."
        assert ready.startswith("Ready: ")

    def test_as_before(self, lesson: Lesson) -> None:
        environment.welcome()
        assert spoken() == CODE


def test_forms_of_a_language(lesson: Lesson) -> None:
    forms = [counted("{points} point", "{points} points", number, points=f"{number:g}") for number in (1, 2, 0.5, 1.0)]
    assert forms == ["⟦1 póínt⟧", "⟦2 póínts⟧", "⟦0.5 póínts⟧", "⟦1 póínt⟧"]


def test_a_language_that_is_not_there(lesson: Lesson) -> None:
    with pytest.raises(NoSuchLanguage, match="there are no words in 'de'; there are: en, eo"):
        speak("de")
    assert spoken() == CODE


def test_a_language_that_is_not_there_stops_a_command(built: Path) -> None:
    told = made_up.run(built.parent, "autograder", "build", language="de", fine=False)
    assert told.stderr == f"course: {built}\nautograder: there are no words in 'de'; there are: en, eo\n"


def test_students_get_what_is_looked_up(built: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    shutil.copytree(built.parent, tree)
    shutil.copytree(ROOT / "datasets", tree / "datasets", ignore=shutil.ignore_patterns("downloaded"))
    for name in ("hatch_build.py", "README.md", "LICENSE", "LICENSE-prose"):
        shutil.copy(ROOT / name, tree)
    words = {name for name in contents(build("wheel", tree, tmp_path / "wheel")) if "languages" in name}
    assert words == {f"autograder/languages/{CODE}.mo", f"autograder/lessons/small/languages/{CODE}.mo"}


def test_nothing_is_left_in_the_tree() -> None:
    assert not [*ROOT.glob(f"*/languages/{CODE}.*"), *ROOT.glob(f"course/*/languages/{CODE}.*")]
