"""Runs the criteria of an exercise on somebody's code and observes. It is all that runs inside a student's kernel.

It holds no expected value, no reference and no score, so there is nothing here to patch, read or forge that would
be worth a point.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.lesson import Criterion, Exercise
from autograder.probing.defaults import defaults
from autograder.probing.draws import Draw
from autograder.probing.exceptions import raised
from autograder.probing.observation import MAX_JSON, MISSING, MONSTROUS, Observation, Raised, to_json
from autograder.probing.observe import observe
from autograder.probing.seeds import derive

"""The first type name of the observation of a name that the notebook never defined."""


def probe(
    exercise: Exercise, criterion: Criterion, seed: int, namespace: Mapping[str, Any],
    passing: tuple[type[BaseException], ...] = (),
) -> Observation:  # fmt: skip
    """Run one criterion on `namespace[exercise.requires]` and observe what comes back or is raised.

    The draws depend on the seed, the exercise and the criterion's name alone. Global settings are at their defaults
    meanwhile, so that a stray `set_grad_enabled(False)` in a notebook costs nothing.

    Exceptions of the classes in `passing` are let through instead of being observed: the interrupt of somebody who
    pressed stop, or of the grader for whom several criteria together take too long.
    """
    if exercise.requires not in namespace:
        return Raised((MISSING,), exercise.requires)
    criterion_seed = derive(seed, exercise.id, criterion.name)
    try:
        with defaults(criterion_seed):
            return observe(criterion.look(namespace[exercise.requires], Draw(criterion_seed)))
    except passing:
        raise
    except BaseException as error:  # SystemExit and KeyboardInterrupt are observations as well
        return raised(error)


def probe_json(
    exercise: Exercise, number: int, seed: int, namespace: Mapping[str, Any],
    passing: tuple[type[BaseException], ...] = (),
) -> str:  # fmt: skip
    """`probe` for the exercise's criterion `number`, as JSON of bounded size."""
    text = to_json(probe(exercise, exercise.criteria[number], seed, namespace, passing))
    return text if len(text) <= MAX_JSON else to_json(MONSTROUS)
