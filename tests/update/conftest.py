"""What the tests of `update` share."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers import COURSE, small_lesson
from helpers.versions import FIRST, SECOND, SECOND_EXERCISES, Versions, answered

from autograder.authoring.build import write_source
from autograder.nbgrader.release import release
from autograder.submission.notebook import write_notebook


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


@pytest.fixture
def begun(versions: Versions, tmp_path: Path) -> Path:
    """A student's notebook of the old version, solved."""
    path = tmp_path / "my homework ñ.ipynb"
    path.write_text(write_notebook(answered(versions)), encoding="utf-8")
    return path
