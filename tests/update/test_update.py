"""`autograder update`: a new version of a lesson comes into a notebook that somebody has begun, and nothing that was
written in it is lost."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from helpers import COURSE, courses, small_lesson
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode

from autograder.authoring.build import write_selfstudy, write_source
from autograder.demo.hostile import broken
from autograder.demo.students import filled
from autograder.lesson.lesson import Lesson
from autograder.nbgrader.release import release
from autograder.running.grader import Grader
from autograder.sandbox import sandbox_named
from autograder.submission.notebook import code_cell, text_cell, write_notebook
from autograder.update.merge import CHANGED, GONE, STUB, merge
from autograder.update.update import NotUpdated, update

BEGIN = "### BEGIN SOLUTION\n"
FIRST = (
    (
        small_lesson.LESSON.replace(f"{BEGIN}class Scale(nn.Module):\n", f"class Scale(nn.Module):\n    {BEGIN}")
        .replace(f"{BEGIN}def middle(numbers):\n", f"def middle(numbers):\n    {BEGIN}")
        .replace(f"{BEGIN}def total(numbers):\n", f"def total(numbers):\n    {BEGIN}")
    )
    + """
# %% [markdown]
# Try it with another number.

# %%
rate = 0.1
print("the rate is", rate)

# %%
colour = "blue"
print("the colour is", colour)

# %% [markdown]
# **Predict.** What is 6 · 7?
"""
)
SECOND = (
    FIRST.replace("# Scale.\n", "# Scale, in better words.\n\n# %%\nprint('a new experiment')\n")
    .replace('colour = "blue"', 'colour = "green"')
    .replace("def total(numbers):", "def total(numbers, start=0):\n    # from start")
    .replace('solution="middle"', 'solution="largest"')
    .replace('check="middle"', 'check="largest"')
    .replace('check("middle")', 'check("largest")')
    .replace("def middle", "def largest")
)
"""The second version: other words, a new experiment, another colour and another stub; `middle` is gone, `largest` is
new."""
SECOND_EXERCISES = small_lesson.CRITERIA.replace("middle", "largest")


@dataclass(frozen=True)
class Versions:
    """Two versions of a lesson, and what students open of each."""

    old: Lesson
    new: Lesson

    def released(self, version: str) -> NotebookNode:
        lesson: Lesson = getattr(self, version)
        return nbformat.read(courses.released(lesson.folder.parent, "small"), as_version=4)

    def merged(self, notebook: NotebookNode) -> NotebookNode:
        return merge(json.dumps(notebook).encode(), self.released("new"), self.new).notebook


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Versions:
    lessons = []
    for name, text, exercises in (("old", FIRST, small_lesson.CRITERIA), ("new", SECOND, SECOND_EXERCISES)):
        root = tmp_path_factory.mktemp(name)
        lesson = small_lesson.write(root)
        lesson.text.write_text(text, encoding="utf-8")
        small_lesson.criteria(lesson).write_text(exercises, encoding="utf-8")
        (root / "nbgrader_config.py").write_text((COURSE / "nbgrader_config.py").read_text())
        write_source(lesson, COURSE, root)
        release(root, ["small"])
        lessons.append(lesson)
    return Versions(*lessons)


def sources(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells]


def place(notebook: NotebookNode, text: str) -> int:
    """The number of the only cell in which the text stands."""
    (found,) = (number for number, source in enumerate(sources(notebook)) if text in source)
    return found


def in_cell(notebook: NotebookNode, text: str) -> NotebookNode:
    return notebook.cells[place(notebook, text)]


def answered(versions: Versions, **answers: str) -> NotebookNode:
    return filled(versions.released("old"), answers or small_lesson.ANSWERS)


class TestMerge:
    """What becomes of each kind of cell."""

    def test_an_untouched_notebook_becomes_the_new_release(self, versions: Versions) -> None:
        assert versions.merged(versions.released("old")) == versions.released("new")

    def test_an_answer_stands_in_the_new_solution_cell_with_its_outputs(self, versions: Versions) -> None:
        student = answered(versions, scale=small_lesson.SCALE + "print('mine')\n")
        output = nbformat.v4.new_output("stream", text="mine\n")
        in_cell(student, "print('mine')").update(outputs=[output], execution_count=4)
        cell = in_cell(versions.merged(student), "print('mine')")
        assert cell.source == small_lesson.SCALE + "print('mine')\n"
        assert (cell.outputs, cell.execution_count) == ([output], 4)
        assert cell.metadata == in_cell(versions.released("new"), "class Scale").metadata

    def test_untouched_stubs_become_the_new_stubs(self, versions: Versions) -> None:
        done = versions.merged(answered(versions, scale=small_lesson.SCALE))
        assert in_cell(done, "def total").source == in_cell(versions.released("new"), "def total").source

    def test_half_an_answer_is_kept_though_it_still_raises(self, versions: Versions) -> None:
        half = "def middle(numbers):\n    ordered = sorted(numbers)\n    raise NotImplementedError\n"
        total = "def total(numbers):\n    # my idea: a loop\n    raise NotImplementedError\n"
        done = versions.merged(answered(versions, middle=half, total=total))
        assert half in sources(done)
        assert total in sources(done)

    def test_a_new_stub_is_shown_below_an_answer_to_the_old_one(self, versions: Versions) -> None:
        done = versions.merged(answered(versions))
        note = done.cells[sources(done).index(small_lesson.TOTAL) + 1]
        assert note.source.startswith(STUB)
        assert "def total(numbers, start=0):" in note.source
        assert not any(STUB in source for source in sources(versions.merged(versions.released("old"))))

    def test_an_answer_to_an_exercise_that_is_gone_is_kept_at_the_end(self, versions: Versions) -> None:
        done = versions.merged(answered(versions))
        assert sources(done)[-3:] == [GONE, "`middle`", small_lesson.MIDDLE]
        assert not done.cells[-1].metadata
        assert 'check("middle")' not in sources(done)

    def test_own_cells_stay_where_they_stood(self, versions: Versions) -> None:
        student = versions.released("old")
        for text, own in (("class Scale", code_cell("mine = 1")), ('check("total")', text_cell("I found this hard."))):
            student.cells.insert(place(student, text) + 1, own)
        student.cells.insert(0, text_cell("My notebook"))
        student.cells.append(code_cell("the_end = True"))
        done = versions.merged(student)
        assert place(done, "My notebook") == 0
        assert place(done, "mine = 1") == place(done, "class Scale") + 1
        assert place(done, "I found this hard.") == place(done, 'check("total")') + 1
        assert place(done, "the_end") == len(done.cells) - 1

    def test_an_earlier_attempt_stays_above_the_answer(self, versions: Versions) -> None:
        done = versions.merged(grown(versions))
        attempt, answer = place(done, "        return x\n"), place(done, "return x * self.weight")
        assert attempt < answer < place(done, 'check("scale")')
        assert place(done, "def add") < place(done, "return add(numbers)")
        student = versions.released("old")
        student.cells.insert(place(student, "Try it") + 1, code_cell("def total(numbers):\n    return 7"))
        student.cells.append(code_cell(small_lesson.TOTAL))
        done = versions.merged(student)
        assert place(done, "return 7") < sources(done).index(small_lesson.TOTAL) < place(done, 'check("total")')

    def test_what_one_changed_and_the_lesson_did_not_stays_in_its_place(self, versions: Versions) -> None:
        student = versions.released("old")
        in_cell(student, "rate = 0.1").source = "rate = 0.5\nprint('higher', rate)"
        in_cell(student, "**Predict.**").source += "\n\nI say 42."
        done = versions.merged(student)
        assert len(done.cells) == len(versions.released("new").cells)
        assert not any("rate = 0.1" in source for source in sources(done))
        assert in_cell(done, "I say 42.").source.startswith("**Predict.**")

    def test_what_both_changed_is_there_twice_and_says_why(self, versions: Versions) -> None:
        student = versions.released("old")
        in_cell(student, 'colour = "blue"').source = 'colour = "red"\nprint("the colour is", colour)'
        done = versions.merged(student)
        number = place(done, 'colour = "green"')
        assert sources(done)[number + 1] == CHANGED
        assert 'colour = "red"' in sources(done)[number + 2]

    def test_what_was_written_into_a_check_cell_is_kept_but_not_run(self, versions: Versions) -> None:
        student = versions.released("old")
        in_cell(student, 'check("total")').source = '# ``` odd\nremember = "this"\ncheck("total")'
        done = versions.merged(student)
        kept = in_cell(done, 'remember = "this"')
        assert kept.cell_type == "markdown"
        assert "````python" in kept.source
        assert sources(done).count('check("total")') == 1

    def test_words_in_the_place_of_an_answer_are_kept(self, versions: Versions) -> None:
        student = versions.released("old")
        number = place(student, "class Scale")
        student.cells[number] = text_cell("I could not do this.") | {"metadata": student.cells[number].metadata}
        done = versions.merged(student)
        assert in_cell(done, "I could not do this.").cell_type == "markdown"
        assert in_cell(done, "class Scale").cell_type == "code"

    def test_pictures_in_own_notes_are_kept(self, versions: Versions) -> None:
        student = versions.released("old")
        picture = {"drawing.png": {"image/png": "iVBORw0KGgo="}}
        student.cells.append(text_cell("![a drawing](attachment:drawing.png)") | {"attachments": picture})
        assert versions.merged(student).cells[-1].attachments == picture

    def test_without_stamps_what_is_not_in_the_release_counts_as_the_students(self, versions: Versions) -> None:
        student = answered(versions)
        for cell in student.cells:
            cell.metadata.pop("inside_nn_module", None)
        in_cell(student, "**Predict.**").source += "\n\nI say 42."
        in_cell(student, "rate = 0.1").source = "rate = 0.5\nprint('the rate is', rate)"
        done = versions.merged(student)
        assert in_cell(done, "I say 42.").source.startswith("**Predict.**")
        assert sources(done)[place(done, "rate = 0.5") - 2 :][:2] == ['rate = 0.1\nprint("the rate is", rate)', CHANGED]
        assert sources(done)[place(done, 'colour = "blue"') - 1] == CHANGED
        assert place(done, 'colour = "green"') == place(done, 'colour = "blue"') - 2

    def test_every_cell_has_an_id_of_its_own(self, versions: Versions) -> None:
        student = answered(versions)
        student.cells += [code_cell("x = 1"), code_cell("x = 1"), text_cell("y")]
        for cell in student.cells[-3:]:
            cell.id = "cell-000"
        done = versions.merged(student)
        assert len({cell.id for cell in done.cells}) == len(done.cells)
        nbformat.validate(done)

    def test_outputs_that_no_notebook_may_hold_are_left_out(self, versions: Versions) -> None:
        plain = json.loads(write_notebook(answered(versions)))
        for cell in plain["cells"]:
            if "outputs" in cell:
                cell.update(outputs=[{"output_type": "magic"}, 3], execution_count="x")
        plain["cells"] += [{"cell_type": "markdown", "source": "z", "attachments": 7, "metadata": [], "id": "no id!"}]
        done = merge(json.dumps(plain).encode(), versions.released("new"), versions.new).notebook
        nbformat.validate(done)
        assert sources(done)[-4] == "z"


# Anything that a student might do

LINES = st.text(st.sampled_from("abc xyz#`=()1\"'\\é学"), min_size=1, max_size=30)
TEXTS = st.lists(LINES, max_size=4).map("\n".join)
EDITS = st.lists(st.tuples(
    st.sampled_from(["insert", "note", "append", "prepend", "replace", "delete", "copy", "move", "bare", "retype"]),
    st.integers(0, 30), st.integers(0, 30), TEXTS,
), max_size=8)  # fmt: skip


WRITING: dict[str, Callable[[str, str], str]] = {
    "append": lambda before, text: f"{before}\n{text}", "prepend": lambda before, text: f"{text}\n{before}",
    "replace": lambda before, text: text,
}  # fmt: skip


def edited(notebook: NotebookNode, edits: list[tuple[str, int, int, str]]) -> NotebookNode:
    """A notebook after a student's edits."""
    cells = notebook.cells
    for how, first, second, text in edits:
        number, other = first % len(cells), second % len(cells)
        cell = cells[number]
        if how in WRITING:
            cell.source = WRITING[how](cell.source, text)
        elif how in ("insert", "note"):
            cells.insert(number, code_cell(text) if how == "insert" else text_cell(text))
        elif how in ("copy", "move"):
            cells.insert(other, copy.deepcopy(cell) if how == "copy" else cells.pop(number))
        elif how == "delete" and len(cells) > 1:
            del cells[number]
        elif how == "bare":
            cell.metadata.clear()
        elif how == "retype":
            new = text_cell if cell.cell_type == "code" else code_cell
            cells[number] = NotebookNode(new(cell.source) | {"metadata": cell.metadata})
    return notebook


def lines_of(notebook: NotebookNode) -> set[str]:
    return {line.rstrip() for source in sources(notebook) for line in source.splitlines()} - {""}


@settings(max_examples=150)
@given(edits=EDITS, begun=st.booleans())
@example(edits=[("bare", 25, 0, ""), ("delete", 0, 0, ""), ("delete", 0, 0, ""), ("copy", 9, 0, "")], begun=False)
def test_no_line_is_lost_and_a_second_update_changes_nothing(
    versions: Versions, edits: list[tuple[str, int, int, str]], begun: bool
) -> None:
    student = edited(answered(versions) if begun else versions.released("old"), edits)
    done = versions.merged(student)
    assert lines_of(student) - lines_of(versions.released("old")) <= lines_of(done)
    nbformat.validate(done)
    assert versions.merged(done) == done


# What it is worth


@pytest.fixture(scope="module")
def points(versions: Versions) -> Callable[[str, Any], dict[str, float]]:
    """What a notebook is worth in the old and the new version of the lesson, exercise by exercise, in those exercises
    that both have."""
    graders = {name: Grader.for_lesson(getattr(versions, name), sandbox_named("bubblewrap")) for name in ("old", "new")}

    def graded(version: str, notebook: Any) -> dict[str, float]:
        exercises = graders[version].grade(json.dumps(notebook).encode()).exercises
        return {each.exercise.id: each.points for each in exercises if each.exercise.id in ("scale", "total")}

    return graded


def grown(versions: Versions) -> NotebookNode:
    """A solved notebook with an earlier attempt, a helper between, and the last answer in a cell of its own."""
    student = answered(
        versions, scale=small_lesson.STUBS["scale"], total="def total(numbers):\n    return add(numbers)"
    )
    student.cells.insert(place(student, "def total"), code_cell("def add(numbers):\n    return sum(numbers)"))
    number = place(student, 'check("scale")')
    student.cells[number + 1 : number + 1] = [
        code_cell(small_lesson.SCALE.replace("x * self.weight", "x")), code_cell(small_lesson.SCALE)
    ]  # fmt: skip
    return student


@pytest.mark.slow
def test_the_updated_notebook_is_worth_the_same(
    versions: Versions, points: Callable[[str, Any], dict[str, float]]
) -> None:
    solved = answered(versions)
    spoiled = dict(broken(solved, "scale"))
    students = {
        "solved": solved, "grown": grown(versions),
        "wrong": answered(versions, scale=small_lesson.SCALE, total="def total(numbers):\n    return 7"),
        "no metadata": json.loads(spoiled["broken_no_metadata"]),
        "doubled check": json.loads(spoiled["broken_doubled_check"]),
    }  # fmt: skip
    worth = {name: points("old", student) for name, student in students.items()}
    after = {name: points("new", versions.merged(student)) for name, student in students.items()}
    assert worth["solved"] == worth["grown"] == {"scale": 3.0, "total": 5.0}
    assert worth["wrong"] == {"scale": 3.0, "total": 0.0}
    assert after == worth


# Files


@pytest.fixture
def begun(versions: Versions, tmp_path: Path) -> Path:
    """A student's notebook of the old version, solved."""
    path = tmp_path / "my homework ñ.ipynb"
    path.write_text(write_notebook(answered(versions)), encoding="utf-8")
    return path


class TestFile:
    """What happens to the file, and what stands in the way."""

    def test_the_notebook_is_updated_with_a_backup_and_a_second_time_nothing_happens(
        self, versions: Versions, begun: Path
    ) -> None:
        before = begun.read_bytes()
        begun.chmod(0o640)
        first = update(begun, [versions.new])
        assert first.needed
        assert first.backup == begun.with_name("my homework ñ.ipynb.backup")
        assert first.backup.read_bytes() == before
        assert first.merged.exercises == {
            "scale": "your answer is kept",
            "largest": "not in your notebook until now",
            "total": "your answer is kept; what it starts from is new: see the note below it",
            "middle": "no longer in the lesson; your answer is kept at the end",
        }
        assert nbformat.read(begun, as_version=4) == first.merged.notebook
        assert begun.stat().st_mode & 0o777 == 0o640
        after = begun.read_bytes()
        second = update(begun, [versions.new])
        assert (second.needed, second.backup) == (False, None)
        assert begun.read_bytes() == after
        assert len(list(begun.parent.iterdir())) == 2

    def test_an_earlier_backup_stays(self, versions: Versions, begun: Path) -> None:
        taken = [begun.with_name(f"{begun.name}.backup"), begun.with_name(f"{begun.name}.backup-2")]
        for path in taken:
            path.write_text("precious")
        assert update(begun, [versions.new]).backup == begun.with_name(f"{begun.name}.backup-3")
        assert [path.read_text() for path in taken] == ["precious"] * 2

    def test_a_dry_run_writes_nothing(self, versions: Versions, begun: Path) -> None:
        before = begun.read_bytes()
        done = update(begun, [versions.new], write=False)
        assert (done.needed, done.backup) == (True, None)
        assert [(path, path.read_bytes()) for path in begun.parent.iterdir()] == [(begun, before)]

    def test_the_kernel_stays_the_students_own(self, versions: Versions, begun: Path) -> None:
        notebook = nbformat.read(begun, as_version=4)
        notebook.metadata |= {"kernelspec": {"name": "mine", "display_name": "Mine"}, "colab": {"provenance": []}}
        begun.write_text(write_notebook(notebook))
        update(begun, [versions.new])
        kept = nbformat.read(begun, as_version=4).metadata
        assert (kept.kernelspec.name, kept.colab) == ("mine", {"provenance": []})

    def test_a_named_release_counts(self, versions: Versions, begun: Path) -> None:
        named = courses.released(versions.new.folder.parent, "small")
        assert update(begun, [versions.old], named).merged.exercises["largest"] == "not in your notebook until now"
        assert not update(begun, [versions.old], named).needed

    @pytest.mark.parametrize(
        ("content", "told"),
        [("", "the file is empty"), ("dear teacher", "it is no notebook"), ("[]", "it is no notebook"),
         ('{"cells": []}', "it has no exercise of any lesson")],
    )  # fmt: skip
    def test_what_is_no_notebook_of_a_lesson_is_said(
        self, versions: Versions, tmp_path: Path, content: str, told: str
    ) -> None:
        path = tmp_path / "homework.ipynb"
        path.write_text(content)
        with pytest.raises(NotUpdated, match=told):
            update(path, [versions.new])
        assert [path.read_text(), *path.parent.iterdir()] == [content, path]

    @pytest.mark.parametrize(
        "content", ["", "{}", "[]", '{"cells": [], "metadata": 3}', '{"nbformat": 9, "cells": []}']
    )
    def test_what_is_no_release_is_said(self, versions: Versions, begun: Path, content: str) -> None:
        named = begun.with_name("new.ipynb")
        named.write_text(content)
        with pytest.raises(NotUpdated, match=r"new\.ipynb is no"):
            update(begun, [versions.new], named)

    def test_a_release_of_another_lesson_or_a_solved_one_is_refused(self, versions: Versions, begun: Path) -> None:
        for edition, lesson in (("release", "lesson2_mnist_cnn"), ("solutions", "lesson1_subclassing")):
            named = COURSE / edition / lesson / f"{lesson}.ipynb"
            with pytest.raises(NotUpdated, match="is no release of that lesson"):
                update(begun, [versions.new], named)

    def test_without_a_release_it_says_how_to_name_one(self, versions: Versions, begun: Path, tmp_path: Path) -> None:
        lesson = small_lesson.write(tmp_path / "elsewhere")
        with pytest.raises(NotUpdated, match="say where it is: --to FILE"):
            update(begun, [lesson])


@pytest.mark.slow
def test_the_command_says_what_it_did_and_goes_on_after_a_file_that_it_could_not_update(
    versions: Versions, begun: Path
) -> None:
    course, bad = versions.new.folder.parent, begun.with_name("bad.ipynb")
    bad.write_text("oh")
    link = begun.with_name("link.ipynb")
    link.symlink_to(begun)
    tried = courses.run("autograder", "update", "--dry-run", begun, cwd=course)
    assert "would be updated, nothing was written" in tried.stdout
    done = courses.run("autograder", "update", bad, link, begun, cwd=course, fine=False)
    assert done.returncode == 2
    assert f"{bad}: it is no notebook (not JSON at line 1)" in done.stderr
    assert f"{link}: it is a symbolic link" in done.stderr
    assert "scale: your answer is kept\n" in done.stdout
    assert f"The notebook as it was: {begun}.backup\n" in done.stdout
    again = courses.run("autograder", "update", begun, cwd=course)
    assert "it has the newest version already, nothing to do" in again.stdout


@pytest.mark.parametrize("edition", ["selfstudy", "release"])
def test_a_notebook_is_updated_to_its_own_edition(versions: Versions, tmp_path: Path, edition: str) -> None:
    for lesson in (versions.old, versions.new):
        write_selfstudy(lesson, COURSE, lesson.folder.parent)
    path = tmp_path / "mine.ipynb"
    path.write_bytes((versions.old.folder.parent / edition / "small" / "small.ipynb").read_bytes())
    done = update(path, [versions.new])
    assert done.merged.own == 0
    assert nbformat.read(path, as_version=4) == nbformat.read(
        versions.new.folder.parent / edition / "small" / "small.ipynb", as_version=4
    )


def test_solutions_never_come_into_a_class_notebook(versions: Versions, tmp_path: Path) -> None:
    root = versions.old.folder.parent
    write_selfstudy(versions.old, COURSE, root)
    path = tmp_path / "mine.ipynb"
    path.write_bytes((root / "selfstudy" / "small" / "small.ipynb").read_bytes())
    update(path, [versions.new], versions.new.folder.parent / "release" / "small" / "small.ipynb")
    assert "self_study" not in path.read_text()
