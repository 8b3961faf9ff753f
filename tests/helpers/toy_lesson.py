"""A lesson of two small exercises for tests that must not depend on what the course says: `write(folder)`."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from autograder.judging.diagnose import KnownMistake
from autograder.judging.golden import public_seed, write_golden
from autograder.judging.grade import Expected
from autograder.lesson.lesson import Lesson
from autograder.probing.observation import Observation
from autograder.probing.probe import probe

CRITERIA = """
from autograder.lesson.exercise import Exercise
from autograder.probing.exceptions import attempt
from autograder.probing.registration import parameters_of

scale = Exercise(
    "scale", requires="Scale", title="A layer that scales", minutes=5, difficulty=1,
    hints=["Which class registers a tensor?", "Wrap it in `nn.Parameter`."],
)


@scale.criterion("`weight` is a registered parameter", because="An optimizer only sees what is registered.")
def registered(Scale, draw):
    return parameters_of(Scale(3))


@scale.criterion("`forward` returns x · weight", points=2)
def product(Scale, draw):
    layer = draw.fill(Scale(3))
    return {f"x of shape {shape}": layer(draw.normal(*shape)) for shape in ((5, 3), (2, 4, 3))}


@scale.criterion("Scale(0) raises ValueError")
def refuses(Scale, draw):
    return attempt(lambda: type(Scale(0)).__name__)


total = Exercise("total", requires="total", title="A sum", minutes=2, difficulty=1, hints=["Use `sum`."])


@total.criterion("It adds up", seconds=0.4)
def adds(total, draw):
    return total([1, 2, 3])


EXERCISES = (scale, total)
"""

GIVEN = "import torch\nfrom torch import nn\n"

SCALE = GIVEN + textwrap.dedent('''
    class Scale(nn.Module):
        def __init__(self, n):
            super().__init__()
            if n < 1:
                raise ValueError("n must be positive")
            self.weight = nn.Parameter(torch.ones(n))

        def forward(self, x):
            return x * self.weight
''')  # fmt: skip
PLAIN = SCALE.replace("nn.Parameter(torch.ones(n))", "torch.ones(n)")
PLAIN_MESSAGE = "`weight` is a plain tensor, so no optimizer will ever see it. Wrap it in `nn.Parameter`."
NO_REFUSAL = SCALE.replace("n < 1", "False")
STUB = GIVEN + "class Scale(nn.Module):\n    def __init__(self, n):\n        raise NotImplementedError\n"
TOTAL = "def total(numbers):\n    return sum(numbers)\n"


def names_of(source: str) -> dict[str, Any]:
    """What a cell with this source defines."""
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(source, "<cell>", "exec"), names)
    return names


def observed(lesson: Lesson, exercise_id: str, source: str) -> tuple[Observation, ...]:
    """What each criterion observes of this source, under the public seed."""
    exercise = lesson.exercises[exercise_id]
    return tuple(probe(exercise, item, public_seed(lesson), names_of(source)) for item in exercise.criteria)


def write(root: Path) -> Lesson:
    """Write the lesson `toy1_scaling` below `root`, with its golden observations."""
    lesson = Lesson(root / "toy1_scaling")
    criteria = lesson.folder / "exercises/__init__.py"
    criteria.parent.mkdir(parents=True)
    criteria.write_text(CRITERIA, encoding="utf-8")
    plain = KnownMistake("plain-tensor", PLAIN_MESSAGE, observed(lesson, "scale", PLAIN))
    write_golden(lesson, {
        "scale": Expected(observed(lesson, "scale", SCALE), (plain,)),
        "total": Expected(observed(lesson, "total", TOTAL), ()),
    })  # fmt: skip
    return lesson
