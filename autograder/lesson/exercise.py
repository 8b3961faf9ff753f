"""What an exercise is: a required name, criteria with points, and hints.

    affine = Exercise("affine", requires="Affine", title="…", minutes=10, difficulty=1, hints=["…", "…"])

    @affine.criterion("weight and bias are registered parameters", points=1)
    def registration(Affine, draw):
        return parameters_of(Affine(3, 2))

A criterion is a function of the student's object and a `draws.Draw`. It returns plain data or tensors, or raises,
and says what is looked at, never what is right: right is what the reference implementation shows under it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Look = Callable[[Any, Any], Any]


class NotAttempted(NotImplementedError):
    """Raised by a criterion that sees a stub which cannot raise by itself: a quiz with every answer still None."""


@dataclass(frozen=True)
class Criterion:
    """One aspect of an exercise: what is looked at, what it is worth, how long it may take (seconds of wall time).

    `rtol` and `atol` replace the tolerances of `compare.TOLERANCES` where a contract asks for others.
    `because` is one sentence for the student on why this aspect matters, shown when it fails and nothing better
    is known.
    """

    name: str
    look: Look
    points: float = 1
    seconds: float = 10
    because: str = ""
    rtol: float | None = None
    atol: float | None = None


@dataclass
class Exercise:
    """An exercise of a lesson. `id` is its solution cell's nbgrader `grade_id`; `requires` the name it must define.

    `minutes` is how long it usually takes, `difficulty` runs from 1 to 5, `hints` go from a nudge to nearly there.
    """

    id: str
    requires: str
    title: str
    minutes: int
    difficulty: int
    hints: list[str]
    criteria: list[Criterion] = field(default_factory=list)

    def criterion(self, name: str, points: float = 1, **options: Any) -> Callable[[Look], Look]:
        """Decorator that adds a criterion; `options` are the other fields of `Criterion`."""

        def add(look: Look) -> Look:
            self.criteria.append(Criterion(name, look, points, **options))
            return look

        return add

    @property
    def points(self) -> float:
        """What the whole exercise is worth."""
        return sum(criterion.points for criterion in self.criteria)
