"""Two versions of the small lesson, and notebooks that somebody has begun."""

from __future__ import annotations

import json
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode

from autograder.demo.students import filled
from autograder.lesson.lesson import Lesson
from autograder.submission.notebook import code_cell
from autograder.update.merge import merge
from helpers import courses, small_lesson

BEGIN = "### BEGIN SOLUTION\n"


FIRST = (
    (
        small_lesson.LESSON.replace(f"{BEGIN}class Scale(nn.Module):\n", f"class Scale(nn.Module):\n    {BEGIN}")
        .replace(f"{BEGIN}def middle(numbers):\n", f"def middle(numbers):\n    {BEGIN}")
        .replace(f"{BEGIN}def total(numbers):\n", f"def total(numbers):\n    {BEGIN}")
    )
    + """
# %% [markdown]
# Try it with another number.

# %%
rate = 0.1
print("the rate is", rate)

# %%
colour = "blue"
print("the colour is", colour)

# %% [markdown]
# **Predict.** What is 6 · 7?
"""
)


SECOND = (
    FIRST.replace("# Scale.\n", "# Scale, in better words.\n\n# %%\nprint('a new experiment')\n")
    .replace('colour = "blue"', 'colour = "green"')
    .replace("def total(numbers):", "def total(numbers, start=0):\n    # from start")
    .replace('solution="middle"', 'solution="largest"')
    .replace('check="middle"', 'check="largest"')
    .replace('check("middle")', 'check("largest")')
    .replace("def middle", "def largest")
)
"""The second version: other words, a new experiment, another colour and another stub; `middle` is gone, `largest` is
new."""


SECOND_EXERCISES = small_lesson.CRITERIA.replace("middle", "largest")


@dataclass(frozen=True)
class Versions:
    """Two versions of a lesson, and what students open of each."""

    old: Lesson
    new: Lesson

    def released(self, version: str) -> NotebookNode:
        lesson: Lesson = getattr(self, version)
        return nbformat.read(courses.released(lesson.folder.parent, "small"), as_version=4)

    def merged(self, notebook: NotebookNode) -> NotebookNode:
        return merge(json.dumps(notebook).encode(), self.released("new"), self.new).notebook


def sources(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells]


def place(notebook: NotebookNode, text: str) -> int:
    """The number of the only cell in which the text stands."""
    (found,) = (number for number, source in enumerate(sources(notebook)) if text in source)
    return found


def answered(versions: Versions, **answers: str) -> NotebookNode:
    return filled(versions.released("old"), answers or small_lesson.ANSWERS)


def grown(versions: Versions) -> NotebookNode:
    """A solved notebook with an earlier attempt, a helper between, and the last answer in a cell of its own."""
    student = answered(
        versions, scale=small_lesson.STUBS["scale"], total="def total(numbers):\n    return add(numbers)"
    )
    student.cells.insert(place(student, "def total"), code_cell("def add(numbers):\n    return sum(numbers)"))
    number = place(student, 'check("scale")')
    student.cells[number + 1 : number + 1] = [
        code_cell(small_lesson.SCALE.replace("x * self.weight", "x")), code_cell(small_lesson.SCALE)
    ]  # fmt: skip
    return student
