"""What the tests of `sandbox` share."""

from __future__ import annotations

import pytest
from helpers import small_lesson

from autograder.lesson.lesson import Lesson


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return small_lesson.write(tmp_path_factory.mktemp("course"))
