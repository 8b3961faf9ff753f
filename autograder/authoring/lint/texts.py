"""What is wrong in a lesson's files, to be seen without running an answer."""

from __future__ import annotations

import ast
import inspect
import math
import traceback
from collections import Counter
from collections.abc import Iterator

from autograder.authoring.lint.places import Fault, at_cell, at_criterion, at_exercise, in_file
from autograder.lesson import ENGLISH, Criterion, Exercise, Lesson
from autograder.texts import LessonTextError, answers, further_answers, has_markers, read_cells


def text_faults(lesson: Lesson) -> list[Fault]:
    """Every fault in the criteria, the notebook's text and the known answers."""
    try:
        exercises = lesson.defined
    except Exception as error:
        return [_unreadable(lesson, error)]
    found = [*_twice(lesson, exercises)]
    for exercise in exercises:
        found += _criteria(lesson, exercise)
    return [*found, *_files(lesson), *_cells(lesson), *_answers(lesson)]


def _unreadable(lesson: Lesson, error: Exception) -> Fault:
    files = {str(path): path for path in lesson.criteria_files()}
    frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        frames.append((error.filename or "", error.lineno))
    own = [(files[name], line or 0) for name, line in frames if name in files]
    path, line = own[-1] if own else (lesson.folder / "exercises", 0)
    return Fault(in_file(path, line), f"can't be loaded: {type(error).__name__}: {error}")


def _twice(lesson: Lesson, exercises: list[Exercise]) -> Iterator[Fault]:
    counts = Counter(exercise.id for exercise in exercises)
    for exercise in {exercise.id: exercise for exercise in exercises}.values():
        if counts[exercise.id] > 1:
            text = f"{counts[exercise.id]} exercises have this id; each needs its own"
            yield Fault(at_exercise(lesson, exercise, number=1), text)


def _files(lesson: Lesson) -> Iterator[Fault]:
    """Folders of no exercise, and imports of what lies elsewhere than beside the exercises: an exercise's criteria are
    its own file and those, wherever they are copied to or hashed."""
    parts = ("exercise.py", "mistakes.md", "more.md", "right")
    for home in sorted({path.parent for part in parts for path in lesson.folder.glob(f"exercises/*/{part}")}):
        if home.name not in lesson.exercises:
            yield Fault(in_file(home), f"no exercise is called {home.name}; there are {', '.join(lesson.exercises)}")
    shared = {path.stem for path in lesson.folder.glob("exercises/*.py")}
    for path in sorted(lesson.folder.glob("exercises/*/exercise.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level and not (node.level == 2 and node.module in shared):
                text = "it may import from modules beside the exercises alone (`from ..shared import …`)"
                yield Fault(in_file(path, node.lineno), text)


def _criteria(lesson: Lesson, exercise: Exercise) -> Iterator[Fault]:
    if not exercise.criteria:
        yield Fault(at_exercise(lesson, exercise), "the exercise has no criterion")
    names = Counter(criterion.name for criterion in exercise.criteria)
    for criterion in exercise.criteria:
        for text in _criterion(criterion, names[criterion.name]):
            yield Fault(at_criterion(lesson, exercise, criterion), text)


def _criterion(criterion: Criterion, same_name: int) -> Iterator[str]:
    if same_name > 1:
        yield f"{same_name} criteria have this name; each needs its own"
    if not (0 < criterion.points < math.inf):
        yield f"it is worth {criterion.points} points; it must be more than 0"
    try:
        inspect.signature(criterion.look).bind(None, None)
    except TypeError:
        signature = inspect.signature(criterion.look)
        yield f"its function has the signature {signature}; it must take two arguments, the answer and the draw"


def _cells(lesson: Lesson) -> Iterator[Fault]:
    """What is wrong with the solution and check cells."""
    if not lesson.text.exists():
        yield Fault(in_file(lesson.text), "the file is missing: it is the notebook as text, with the solutions")
        return
    cells = read_cells(lesson.text, ENGLISH)
    for role in ("solution", "check"):
        found = Counter(cell.metadata[role] for cell in cells if role in cell.metadata)
        for name in lesson.exercises:
            if not found[name]:
                yield Fault(in_file(lesson.text, 0, name), f'there is no cell `# %% {role}="{name}"`')
        for name, count in found.items():
            place = at_cell(lesson.text, name, f'{role}="{name}"', number=count - 1)
            if name not in lesson.exercises:
                yield Fault(place, f"the {role} cell is of no exercise; there are {', '.join(lesson.exercises)}")
            elif count > 1:
                yield Fault(place, f"there are {count} {role} cells of this exercise; it needs one")
    for cell in cells:
        if "solution" in cell.metadata and not has_markers(cell.source):
            name = cell.metadata["solution"]
            place = at_cell(lesson.text, name, f'solution="{name}"')
            yield Fault(
                place, "the solution needs a line `### BEGIN SOLUTION` before it and `### END SOLUTION` after it"
            )


def _answers(lesson: Lesson) -> Iterator[Fault]:
    """What is wrong with the known answers; the first of it."""
    try:
        answers(lesson)
        further_answers(lesson)
    except LessonTextError as error:
        if error.place.path != lesson.text:  # what is wrong there is told by itself
            yield Fault(in_file(error.place.path, error.place.line), error.text)
