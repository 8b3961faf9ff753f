"""What the tests of `running` share."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers import small_lesson
from helpers.hostile_runs import HUSH, LIMITS, Grade

from autograder.judging.grade import SubmissionGrade
from autograder.lesson.lesson import Lesson
from autograder.running.grader import Grader
from autograder.sandbox import Bubblewrap, Limits
from autograder.sandbox.bubblewrap import BubblewrapMissing


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lesson]:
    """The small lesson in a course with a gradebook and another student's submission."""
    root = tmp_path_factory.mktemp("course")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        written = small_lesson.write(root)
        for path in (written.text, small_lesson.mistakes(written)):
            path.write_text(f"{path.read_text()}\n# {HUSH}\n")
        for name in ("gradebook.db", "submitted/bob/small/small.ipynb", "source/small/small.ipynb"):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(HUSH)
        yield written


@pytest.fixture(scope="module")
def sandbox() -> Bubblewrap:
    """One for all, so that an attack on it would show in the next test."""
    try:
        return Bubblewrap.found()
    except BubblewrapMissing as reason:
        pytest.skip(str(reason))


@pytest.fixture
def grade(lesson: Lesson, sandbox: Bubblewrap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Grade]:
    """Grades cells, or a file's bytes, within limits; sees to it that the grader leaves no file behind."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)

    def grade_it(cells: list[dict[str, Any]] | bytes, **limits: Any) -> SubmissionGrade:
        grader = Grader.for_lesson(lesson, sandbox, Limits(**{**LIMITS, **limits}))
        return grader.grade(cells if isinstance(cells, bytes) else small_lesson.notebook(cells))

    yield grade_it
    assert list(tmp_path.iterdir()) == []
