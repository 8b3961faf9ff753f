"""`autograder update` on files: what an updated notebook is worth, and what is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from helpers import COURSE, courses, small_lesson
from helpers.versions import Versions, answered, grown

from autograder.authoring.build import write_selfstudy
from autograder.demo.hostile import broken
from autograder.running.grader import Grader
from autograder.sandbox import sandbox_named
from autograder.submission.notebook import write_notebook
from autograder.update.update import NotUpdated, update


@pytest.fixture(scope="module")
def points(versions: Versions) -> Callable[[str, Any], dict[str, float]]:
    """What a notebook is worth in the old and the new version of the lesson, exercise by exercise, in those exercises
    that both have."""
    graders = {name: Grader.for_lesson(getattr(versions, name), sandbox_named("bubblewrap")) for name in ("old", "new")}

    def graded(version: str, notebook: Any) -> dict[str, float]:
        exercises = graders[version].grade(json.dumps(notebook).encode()).exercises
        return {each.exercise.id: each.points for each in exercises if each.exercise.id in ("scale", "total")}

    return graded


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
