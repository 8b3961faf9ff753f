"""The rooms that a kernel gets as an archive, with one lesson's exercises and the bundled digits.

It is copied into each sandbox rather than mounted there: a mount would show inside where the course lies. The golden
observations stay out: in a graded kernel nothing says what is expected. A kernel in which `check()` is to answer gets
them, as every student has them.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.lesson import COMPILED, FOLDER, Lesson
from autograder.rooms import ENGINE, OBSERVING, STUDENT, files

WORDS = f"{FOLDER}/*{COMPILED}"
LESSONS = "lessons"
"""The folder of the lessons in the archive."""


def student_package(lesson: Lesson, checked: Sequence[Lesson] = ()) -> bytes:
    """A zip archive, without compression, of what a student's code may see: the rooms `OBSERVING` and `lesson`. Where
    lessons are to be `checked` in the kernel, and not graded, the rooms of `STUDENT`, with the golden observations, and
    the words in other languages, of those lessons."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for place, path in dict(_files(lesson, checked)).items():
            file.write(path, place)
    return archive.getvalue()


def _files(lesson: Lesson, checked: Sequence[Lesson]) -> Iterator[tuple[str, Path]]:
    """Places in the archive, each with its file."""
    for each in (lesson, *checked):
        for path in each.criteria_files():
            yield f"{LESSONS}/{each.name}/{path.relative_to(each.folder)}", path
        if each in checked and each.golden.exists():
            yield f"{LESSONS}/{each.name}/golden.json", each.golden
        for path in sorted(each.folder.glob(WORDS)) if each in checked else ():
            yield f"{LESSONS}/{each.name}/{path.relative_to(each.folder)}", path
    for path in sorted(ENGINE.glob(WORDS)) if checked else ():
        yield f"autograder/{path.relative_to(ENGINE)}", path
    for path in files(STUDENT if checked else OBSERVING):
        yield f"autograder/{path.relative_to(ENGINE)}", path
    for home, place in ((ENGINE / "data", "autograder/data"), (ENGINE.parent / "datasets", "datasets")):
        for path in sorted(home.glob("BundledDigits/raw/*-ubyte")):
            yield f"{place}/{path.relative_to(home)}", path
