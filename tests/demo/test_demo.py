"""The demonstration and its pretended class. That all of the class is graded alike is in `test_same_points.py`."""

from __future__ import annotations
from helpers import COURSE, ROOT

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from helpers import courses
import pytest
from helpers import small_lesson
from rich.console import Console

from autograder.cli import demo
from autograder.cli.demo import run_demo
from autograder.demo.hostile import ATTACKS
from autograder.demo.students import FILE_NAMES, NOISY, pretend_class
from autograder.lesson.lesson import Lesson, all_lessons
from autograder.sandbox import Limits, sandbox_named
from autograder.texts.known_answers import answers

LESSONS = [lesson for lesson in all_lessons([COURSE]) if lesson.text.exists()]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
class TestPretendedClass:
    """The class of every lesson has every kind of student."""

    @pytest.fixture
    def submitted(self, lesson: Lesson, tmp_path: Path) -> dict[str, str]:
        """Student → what they handed in."""
        source = courses.released(COURSE, lesson.name)
        courses.released(tmp_path, lesson.name).parent.mkdir(parents=True)
        shutil.copy(source, courses.released(tmp_path, lesson.name))
        students = pretend_class(lesson, tmp_path)
        files = {path.parts[-3]: path for path in tmp_path.glob(f"submitted/*/{lesson.name}/*.ipynb")}
        assert sorted(students) == sorted(files)
        assert [files[student].name for student in FILE_NAMES] == list(FILE_NAMES.values())
        return {student: path.read_text(encoding="utf-8") for student, path in files.items()}

    def test_there_are_enough_of_every_kind(self, submitted: dict[str, str], lesson: Lesson) -> None:
        kinds = [student.split("_")[0] for student in submitted]
        assert len(submitted) >= 16
        assert kinds.count("right") >= 3
        assert kinds.count("mistaken") >= 6
        assert kinds.count("broken") >= 7
        assert submitted.keys() >= {"untouched", "half_done", NOISY, "hostile_forger", "hostile_markup", *ATTACKS}

    def test_to_a_later_lesson_only_those_come_who_do_as_they_are_asked(self, lesson: Lesson, tmp_path: Path) -> None:
        release = courses.released(tmp_path, lesson.name)
        release.parent.mkdir(parents=True)
        shutil.copy(courses.released(COURSE, lesson.name), release)
        students = pretend_class(lesson, tmp_path, everybody=False)
        assert Counter(student.split("_")[0] for student in students) == {
            "right": 3, "mistaken": 5, "untouched": 1, "half": 1, NOISY: 1,
        }  # fmt: skip

    def test_every_known_mistake_is_made(self, submitted: dict[str, str], lesson: Lesson) -> None:
        written = {
            (cell["metadata"]["nbgrader"]["grade_id"], cell["source"])
            for student, content in submitted.items()
            if student.startswith("mistaken_")
            for cell in _cells(content)
            if "nbgrader" in cell["metadata"]
        }
        known = [answer for answer in answers(lesson) if answer.mistake]
        made = {(a.exercise, a.mistake) for a in known if (a.exercise, a.source) in written}
        assert made == {(a.exercise, a.mistake) for a in known}


def _cells(content: str) -> list[dict[str, Any]]:
    cells = json.loads(content)["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in cells]


@pytest.mark.slow
def test_a_class_from_its_release_to_its_feedback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course, folder = tmp_path / "repository/course", tmp_path / "demo"
    small_lesson.write(course)
    shutil.copy(COURSE / "nbgrader_config.py", course)
    shutil.copy(ROOT / "pyproject.toml", course.parent)

    def few(lesson: Lesson, root: Path, everybody: bool) -> list[str]:
        assert everybody
        chosen = ["mistaken_01", "broken_renamed", "broken_empty"]
        for student in {*pretend_class(lesson, root)} - {*chosen}:
            shutil.rmtree(root / "submitted" / student)
        return chosen

    monkeypatch.setattr(demo, "pretend_class", few)
    console = Console(width=80, record=True, force_terminal=False, quiet=False)
    folder.mkdir()
    for left in (demo.MARK, "left from last time"):
        (folder / left).touch()
    with console.capture() as captured:
        assert run_demo(course, folder, sandbox_named("bubblewrap"), Limits(), 2, console)
    said = captured.get()
    assert not (folder / "left from last time").exists()
    assert "small: 3 students" in said
    assert "The most common misconceptions" in said
    assert "One too many" in said
    named = [folder / "feedback/mistaken_01/small/small.html", folder / "gradebook.db"]
    assert all(str(path) in said and path.exists() for path in named)
    scores = {student: sum(points.values()) for student, points in courses.points(folder, "small").items()}
    assert scores == {"mistaken_01": 6, "broken_renamed": 11, "broken_empty": 0}
    assert "One too many" in named[0].read_text(encoding="utf-8")
