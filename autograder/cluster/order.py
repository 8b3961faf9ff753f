"""What travels: all that a grader needs, on its way to the workers, and the grades, on their way back.

A lesson is its files there: a worker has no course. What belongs to the lesson itself (its exercises, their criteria)
is only named in a grade, since both sides have it.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.judging import Expected
from autograder.lesson import Lesson, compiled, spoken
from autograder.running import Grader
from autograder.sandbox import Limits, Sandbox


@dataclass(frozen=True)
class Order:
    """A `Grader` without its sandbox, which each worker has of its own, with the lesson's files by name, and the
    language to speak."""

    name: str
    files: dict[str, bytes]
    expected: dict[str, Expected]
    seed: int
    limits: Limits
    language: str

    @classmethod
    def of(cls, grader: Grader) -> Order:
        """The order that makes an equal grader elsewhere."""
        lesson = grader.lesson
        paths = (*lesson.criteria_files(), *lesson.answer_files(), lesson.text, compiled(lesson.folder, spoken()))
        files = {path.relative_to(lesson.folder).as_posix(): path.read_bytes() for path in paths if path.is_file()}
        return cls(lesson.name, files, grader.expected, grader.seed, grader.limits, spoken())

    def grader(self, folder: Path, sandbox: Sandbox) -> Grader:
        """The grader, with the lesson's files in a new folder below `folder`."""
        lesson = Lesson(folder / self.name)
        lesson.folder.mkdir()
        for name, content in self.files.items():
            path = lesson.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return Grader(lesson, self.expected, self.seed, sandbox, self.limits)


def packed(result: Any, lesson: Lesson) -> bytes:
    """A grade, or whatever else refers to parts of the lesson, to be `unpacked` where there is an equal lesson."""
    names = {id(part): name for name, part in _parts(lesson)}
    file = io.BytesIO()
    pickler = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
    pickler.persistent_id = lambda thing: names.get(id(thing))  # type: ignore[method-assign]
    pickler.dump(result)
    return file.getvalue()


def unpacked(content: bytes, lesson: Lesson) -> Any:
    """What was packed, about this lesson. Of trusted origin only, as everything that dask brings."""
    unpickler = pickle.Unpickler(io.BytesIO(content))
    unpickler.persistent_load = dict(_parts(lesson)).__getitem__  # type: ignore[method-assign]
    return unpickler.load()


def _parts(lesson: Lesson) -> Iterator[tuple[str, Any]]:
    """Each part of the lesson that grades refer to, with a name."""
    yield "lesson", lesson
    for name, exercise in lesson.exercises.items():
        yield f"exercise {name}", exercise
        for number, criterion in enumerate(exercise.criteria):
            yield f"criterion {name} {number}", criterion
