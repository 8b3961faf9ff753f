"""A lesson of three small exercises, with its solutions at home, for tests that grade real submissions:
`write(folder)` makes the lesson, `notebook(cells)` a submission to it. Every criterion depends on what is drawn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from autograder.lesson.lesson import Lesson

CRITERIA = """
from autograder.lesson.exercise import Exercise
from autograder.probing.registration import parameters_of

scale = Exercise("scale", requires="Scale", title="A layer", minutes=5, difficulty=1, hints=["Register it."])


@scale.criterion("`weight` is registered", points=1)
def registered(Scale, draw):
    return parameters_of(Scale(draw.integer(2, 9)))


@scale.criterion("`forward` returns x · weight", points=2)
def product(Scale, draw):
    layer = draw.fill(Scale(3))
    x = draw.normal(4, 3)
    return layer(x), x


middle = Exercise("middle", requires="middle", title="A middle", minutes=2, difficulty=1, hints=["Sort first."])


@middle.criterion("It finds the middle number", points=3, seconds=2)
def finds(middle, draw):
    return middle(draw.normal(7))


total = Exercise("total", requires="total", title="A sum", minutes=2, difficulty=1, hints=["Use `sum`."])


@total.criterion("It adds up", points=4, seconds=2)
def adds(total, draw):
    return total([draw.integer(0, 9) for _ in range(5)])


@total.criterion("Nothing adds nothing", points=1, seconds=2)
def empty(total, draw):
    return total([]), total([draw.integer(1, 99)])


EXERCISES = (scale, middle, total)
"""

GIVEN = "import torch\nfrom torch import nn\n"
SCALE = """\
class Scale(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(n))

    def forward(self, x):
        return x * self.weight
"""
MIDDLE = "def middle(numbers):\n    return numbers.sort().values[len(numbers) // 2]\n"
TOTAL = "def total(numbers):\n    return sum(numbers)\n"
ANSWERS = {"scale": SCALE, "middle": MIDDLE, "total": TOTAL}
STUBS = {
    "scale": "class Scale(nn.Module):\n    def __init__(self, n):\n        raise NotImplementedError\n",
    "middle": "def middle(numbers):\n    raise NotImplementedError\n",
    "total": "def total(numbers):\n    raise NotImplementedError\n",
}
FULL = {"scale": 3.0, "middle": 3.0, "total": 5.0}
"""What each exercise is worth."""

LESSON = f"""\
# %% [markdown]
# # A small lesson

# %% given=true
{GIVEN}
# %% [markdown] exercise="scale"
# Scale.

# %% solution="scale"
### BEGIN SOLUTION
{SCALE}### END SOLUTION

# %% check="scale"
check("scale")

# %% solution="middle"
### BEGIN SOLUTION
{MIDDLE}### END SOLUTION

# %% check="middle"
check("middle")

# %% solution="total"
### BEGIN SOLUTION
{TOTAL}### END SOLUTION

# %% check="total"
check("total")
"""

INTRODUCTION = """\
# %% [markdown]
# # A small lesson
#
# **After this lesson you can**
#
# - scale a number.
#
# **Time and difficulty.** About an hour, all of it for the exercises.

"""
"""What a lesson begins with that is to be built."""

MISTAKES = """\
## off-by-one
One too many: start from 0.

```diff
-    return sum(numbers)
+    return sum(numbers, 1)
```
"""


def write(root: Path) -> Lesson:
    """Write the lesson `small` below `root`, which becomes a course with a secret of its own."""
    lesson = Lesson(root / "small")
    mistakes(lesson).parent.mkdir(parents=True)
    criteria(lesson).write_text(CRITERIA, encoding="utf-8")
    lesson.text.write_text(LESSON, encoding="utf-8")
    mistakes(lesson).write_text(MISTAKES, encoding="utf-8")
    return lesson


def criteria(lesson: Lesson) -> Path:
    """The file that defines the three exercises."""
    return lesson.folder / "exercises/__init__.py"


def mistakes(lesson: Lesson) -> Path:
    """The known mistakes of `total`."""
    return lesson.home("total") / "mistakes.md"


def code(source: str, grade_id: str | None = None) -> dict[str, Any]:
    """A code cell, with nbgrader's id where it has one."""
    metadata = {} if grade_id is None else {"nbgrader": {"grade_id": grade_id}}
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": [], "execution_count": None}


def solution(exercise: str, source: str | None = None) -> dict[str, Any]:
    """An exercise's solution cell; the right answer unless told otherwise."""
    return code(ANSWERS[exercise] if source is None else source, exercise)


def check(exercise: str) -> dict[str, Any]:
    """An exercise's check cell."""
    return code(f'check("{exercise}")', f"check_{exercise}")


def solved(**before: str) -> list[dict[str, Any]]:
    """A whole notebook with right answers; `before` puts code in front of an exercise's answer, in the same cell."""
    cells = [code(GIVEN)]
    for exercise, answer in ANSWERS.items():
        cells += [solution(exercise, before.get(exercise, "") + answer), check(exercise)]
    return cells


def notebook(cells: list[dict[str, Any]]) -> bytes:
    """The notebook's bytes, as a student would hand it in."""
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
