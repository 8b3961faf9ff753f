"""Makes a pretended class for a lesson: right in unusual ways, half done, mistaken, untouched, broken, hostile. Their
notebooks are made from the released one, as students' are."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.lesson import Lesson
from autograder.demo.hostile import ATTACKS, FORGERY, MARKUP_CODE, NOISE, broken, with_markup
from autograder.submission import write_notebook
from autograder.texts import answers, solutions

Sources = dict[str, str]
"""Exercise id → what stands in its solution cell."""

COMMON = (0, 1, 0, 2, 1, 3, 0, 4)
"""Which of an exercise's known mistakes the first mistaken students make: as in real classes, the first are common. Of
the others, each is made by one student more."""
FEW = 5
"""How many of those come where not everybody does."""
RIGHT = 3
"""How many students are right in ways of their own."""
NOISY = "noisy Zoë 学生"
"""A student whose id is not plain, as many are not."""
RENAMED = "broken_renamed"
FILE_NAMES = {RENAMED: "my homework (final).ipynb"}


def pretend_class(lesson: Lesson, course: Path, everybody: bool = True) -> list[str]:
    """Write the class's notebooks below `course`/submitted; returns the students' ids.

    Without `everybody` only those come who do what they are asked to, and only the common mistakes are made.
    """
    path = course / "release" / lesson.name / f"{lesson.name}.ipynb"
    released = nbformat.read(path, as_version=4)
    students = []
    mischief = _mischief(lesson, released) if everybody else ()
    for student, content in (*_solvers(lesson, released, everybody), *mischief):
        folder = course / "submitted" / student / lesson.name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FILE_NAMES.get(student, f"{lesson.name}.ipynb")).write_text(content, encoding="utf-8")
        students.append(student)
    return students


def filled(released: NotebookNode, sources: Sources) -> NotebookNode:
    """The released notebook with these sources in its solution cells."""
    notebook = copy.deepcopy(released)
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        cell.source = sources.get(grade_id, cell.source)
    return notebook


def reference(lesson: Lesson) -> Sources:
    """The lesson's own answers."""
    return {name: answer.source for name, answer in solutions(lesson).items()}


def _solvers(lesson: Lesson, released: NotebookNode, everybody: bool) -> Iterator[tuple[str, str]]:
    """Students who do what they are asked to, well or not."""
    own = reference(lesson)
    for number in range(RIGHT):
        sources = {name: found[number % len(found)] for name, found in _alternatives(lesson).items()}
        yield f"right_{number + 1}", write_notebook(filled(released, sources))
    for number, mistaken in enumerate(_mistaken(_mistakes(lesson), own, everybody)):
        yield f"mistaken_{number + 1:02}", write_notebook(filled(released, mistaken))
    yield "untouched", write_notebook(released)
    yield "half_done", write_notebook(filled(released, dict(list(own.items())[: len(own) // 2])))
    yield NOISY, write_notebook(filled(released, {name: NOISE + source for name, source in own.items()}))


def _mischief(lesson: Lesson, released: NotebookNode) -> Iterator[tuple[str, str]]:
    """Students whose notebooks are broken, and students who mean harm."""
    own = reference(lesson)
    first, solved = next(iter(own)), filled(released, own)
    yield "broken_syntax", write_notebook(filled(released, {**own, first: "class Broken(:\n    pass\n"}))
    yield RENAMED, write_notebook(solved)
    yield from broken(solved, first)
    for student, attack in ATTACKS.items():
        yield student, write_notebook(filled(released, {**own, first: attack + own[first]}))
    for student, text in {"hostile_forger": FORGERY, "hostile_markup": MARKUP_CODE}.items():
        forged = {name: text.format(name=exercise.requires) for name, exercise in lesson.exercises.items()}
        yield student, write_notebook(with_markup(filled(released, forged)))


def _mistaken(mistakes: dict[str, list[str]], own: Sources, everybody: bool) -> Iterator[Sources]:
    """What each mistaken student writes: a known mistake in most exercises, each student's own mixture of them. Where
    everybody comes, they make every one between them."""
    most = max(map(len, mistakes.values()))
    ranks = [*COMMON, *range(max(COMMON) + 1, most)] if everybody else COMMON[:FEW]
    for student in range(len(ranks)):
        chosen = {name: ranks[(student + 3 * number) % len(ranks)] for number, name in enumerate(mistakes)}
        yield {name: [*found, own[name]][min(chosen[name], len(found))] for name, found in mistakes.items()}


def _alternatives(lesson: Lesson) -> dict[str, list[str]]:
    """Exercise id → the right answers in other styles than the lesson's; its own where there is none."""
    found: dict[str, list[str]] = {name: [] for name in lesson.exercises}
    for answer in answers(lesson):
        if answer.mistake is None:
            found[answer.exercise].append(answer.source)
    return {name: sources or [reference(lesson)[name]] for name, sources in found.items()}


def _mistakes(lesson: Lesson) -> dict[str, list[str]]:
    """Exercise id → the first way of making each of its known mistakes."""
    found: dict[str, dict[str, str]] = {name: {} for name in lesson.exercises}
    for answer in answers(lesson):
        if answer.mistake is not None:
            found[answer.exercise].setdefault(answer.mistake, answer.source)
    return {name: list(sources.values()) for name, sources in found.items()}
