"""Makes a pretended class for a lesson: right in unusual ways, half done, every known mistake, untouched, broken,
hostile. Their notebooks are made from the released one, as students' are."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.lesson import Lesson
from autograder.notebook import write_notebook
from autograder.percent import Answer, answers, solutions

Sources = dict[str, str]
"""Exercise id → what stands in its solution cell."""

HOSTILE = {
    "hostile_exit": "import os\nos._exit(0)\n",
    "hostile_loop": "import time\nwhile True:\n    try: time.sleep(1)\n    except BaseException: pass\n",
    "hostile_reader": "import os\nfound = [f for top in ('/work', '/home', '/root', '/course', '/srv', '..')"
    " for _, _, files in os.walk(top) for f in files if f in ('gradebook.db', 'secret.key', 'lesson.py')]\n"
    "print('found', found, dict(os.environ))\n",
    "hostile_memory": "hoard = []\nwhile True:\n    hoard.append(bytearray(200_000_000))\n",
}
"""What hostile students put in front of their first answer; the answer itself is right."""

FORGERY = '''\
class Everything:
    """Equal to all, callable as all."""
    def __eq__(self, other): return True
    def __hash__(self): return 0
    def __call__(self, *args, **kwargs): return self
    def __getattr__(self, name): return self
    def __float__(self): return 1e9
    def __torch_function__(self, *args, **kwargs): return self


print("9.0")
{name} = Everything()
'''
"""What stands in for every answer of a student who forges instead of solving."""


def pretend_class(lesson: Lesson, course: Path) -> list[str]:
    """Write the class's notebooks below `course`/submitted; returns the students' ids."""
    path = course / "release" / lesson.name / f"{lesson.name}.ipynb"
    released = nbformat.read(path, as_version=4)
    students = []
    for student, content in (*_solvers(lesson, released), *_breakers(lesson, released), *_attackers(lesson, released)):
        folder = course / "submitted" / student / lesson.name
        folder.mkdir(parents=True, exist_ok=True)
        name = "my homework (final).ipynb" if student == "broken_renamed" else f"{lesson.name}.ipynb"
        (folder / name).write_text(content, encoding="utf-8")
        students.append(student)
    return students


def filled(released: NotebookNode, sources: Sources) -> NotebookNode:
    """The released notebook with these sources in its solution cells."""
    notebook = copy.deepcopy(released)
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        cell.source = sources.get(grade_id, cell.source)
    return notebook


def _solvers(lesson: Lesson, released: NotebookNode) -> Iterator[tuple[str, str]]:
    right, wrong = _by_exercise(lesson, False), _by_exercise(lesson, True)
    reference = {name: answer.source for name, answer in solutions(lesson).items()}
    yield "untouched", write_notebook(released)
    yield "reference", write_notebook(filled(released, reference))
    half = dict(list(reference.items())[: len(reference) // 2])
    yield "half_done", write_notebook(filled(released, half))
    for number in range(3):
        sources = {name: _nth(found, number).source for name, found in right.items()}
        yield f"right_{number + 1}", write_notebook(filled(released, sources))
    for number in range(max(map(len, wrong.values()))):
        sources = {
            name: (found[number] if number < len(found) else _nth(right[name], number)).source
            for name, found in wrong.items()
        }
        yield f"mistaken_{number + 1:02}", write_notebook(filled(released, sources))


def _breakers(lesson: Lesson, released: NotebookNode) -> Iterator[tuple[str, str]]:
    reference = {name: answer.source for name, answer in solutions(lesson).items()}
    solved = filled(released, reference)
    first = next(iter(reference))
    yield "broken_syntax", write_notebook(filled(released, {**reference, first: "class Broken(:\n    pass\n"}))
    yield "broken_deleted_check", _changed(solved, lambda cells: [c for c in cells if not _is_check(c, first)])
    yield (
        "broken_doubled_check",
        _changed(solved, lambda cells: [x for c in cells for x in [c] * (1 + _is_check(c, first))]),
    )
    yield (
        "broken_edited_check",
        _changed(solved, lambda cells: [_edited(c) if _is_check(c, first) else c for c in cells]),
    )
    yield "broken_no_metadata", _changed(solved, lambda cells: [_bare(c) for c in cells])
    yield "broken_renamed", write_notebook(solved)
    yield "broken_not_json", "dear teacher, my answers are in the mail"


def _attackers(lesson: Lesson, released: NotebookNode) -> Iterator[tuple[str, str]]:
    reference = {name: answer.source for name, answer in solutions(lesson).items()}
    first = next(iter(reference))
    for student, attack in HOSTILE.items():
        yield student, write_notebook(filled(released, {**reference, first: attack + reference[first]}))
    forged = {name: FORGERY.format(name=exercise.requires) for name, exercise in lesson.exercises.items()}
    yield "hostile_forger", write_notebook(filled(released, forged))


def _by_exercise(lesson: Lesson, wrong: bool) -> dict[str, list[Answer]]:
    """The alternatives, or the first way of making each mistake, by exercise."""
    found: dict[str, list[Answer]] = {name: [] for name in lesson.exercises}
    for answer in answers(lesson):
        if wrong == (answer.mistake is not None) and answer.mistake not in {
            a.mistake for a in found[answer.exercise] if wrong
        }:
            found[answer.exercise].append(answer)
    return found


def _nth(found: list[Answer], number: int) -> Answer:
    return found[number % len(found)]


def _changed(notebook: NotebookNode, change: Callable[[list[NotebookNode]], list[NotebookNode]]) -> str:
    changed = copy.deepcopy(notebook)
    changed.cells = change(changed.cells)
    return json.dumps(changed)


def _is_check(cell: NotebookNode, exercise: str) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("grade_id") == f"check_{exercise}")


def _edited(cell: NotebookNode) -> NotebookNode:
    return NotebookNode({**cell, "source": "print('all is well')  # 100 points"})


def _bare(cell: NotebookNode) -> NotebookNode:
    return NotebookNode({**cell, "metadata": NotebookNode()})
