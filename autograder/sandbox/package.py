"""The student package as an archive: the engine, one lesson's exercises, the bundled digits.

It is copied into each sandbox rather than mounted there: a mount would show inside where the course lies. The golden
observations stay out: in a graded kernel nothing says what is expected.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from autograder.lesson import Lesson

PACKAGE = Path(__file__).resolve().parents[1]
LESSONS = "lessons"
"""The folder of the lessons in the archive."""


def student_package(lesson: Lesson) -> bytes:
    """A zip archive, without compression, of what a student's code may see."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for path, place in _files(lesson):
            file.write(path, place)
    return archive.getvalue()


def _files(lesson: Lesson) -> Iterator[tuple[Path, str]]:
    """Each file and its place in the archive."""
    yield lesson.folder / "exercises.py", f"{LESSONS}/{lesson.name}/exercises.py"
    for path in sorted(PACKAGE.rglob("*.py")):
        if not {"lessons", "sandbox", "nbgrader"} & set(path.relative_to(PACKAGE).parts):
            yield path, f"autograder/{path.relative_to(PACKAGE)}"
    for home, place in ((PACKAGE / "data", "autograder/data"), (PACKAGE.parent / "datasets", "datasets")):
        for path in sorted(home.glob("BundledDigits/raw/*-ubyte")):
            yield path, f"{place}/{path.relative_to(home)}"
