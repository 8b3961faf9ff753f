"""Lessons as folders: found, loaded, and told where they are not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from helpers import COURSE, small_lesson

from autograder.lesson.lesson import Lesson, LessonNotFound, all_lessons

FOLDER = COURSE / "lesson1_subclassing"


def test_one_lesson_is_loaded_by_many_threads_at_once() -> None:
    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(lambda _: Lesson(FOLDER).defined, range(24)))
    assert {tuple(exercise.id for exercise in exercises) for exercises in loaded} == {tuple(Lesson(FOLDER).exercises)}
    criteria = [criterion.look for exercises in loaded for exercise in exercises for criterion in exercise.criteria]
    assert len(set(criteria)) == len(criteria)  # nobody got another one's


def test_an_exercise_depends_on_its_own_criteria_and_what_all_share(tmp_path: Path) -> None:
    lesson = Lesson(tmp_path / "lesson")
    for name in ("__init__.py", "shared.py", "one/exercise.py", "other/exercise.py"):
        path = lesson.folder / "exercises" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")

    def digests() -> tuple[str, str]:
        now = Lesson(lesson.folder)
        return now.criteria_digest_of("one"), now.criteria_digest_of("other")

    first, other = digests()
    (lesson.home("one") / "exercise.py").write_text("# edited\n")
    assert digests()[0] != first
    assert digests()[1] == other
    (lesson.folder / "exercises/shared.py").write_text("# edited\n")
    assert digests()[1] != other


def test_a_folder_without_exercises_is_no_lesson(tmp_path: Path) -> None:
    small_lesson.write(tmp_path)
    (tmp_path / "release").mkdir()
    assert [lesson.name for lesson in all_lessons([tmp_path])] == ["small"]
    with pytest.raises(LessonNotFound, match="has no __init__"):
        assert Lesson(tmp_path / "release").exercises
