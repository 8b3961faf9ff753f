"""Diagnosis is matching: which known mistake shows the same observations as the student's code?

No code here knows what a mistake looks like. A known mistake explains a criterion that the student failed when its
own wrong implementation, under the same probe, gave the observation that the student's gave.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograder.compare import Tolerance, compare
from autograder.observation import Observation, Raised


@dataclass(frozen=True)
class KnownMistake:
    """A mistake's id, what to tell the student, and what each criterion observed of one way to make it."""

    id: str
    message: str
    observations: tuple[Observation, ...]


@dataclass(frozen=True)
class Diagnosis:
    """The mistake that explains most of what failed, and which criteria it explains, by number."""

    mistake: KnownMistake
    explains: frozenset[int]


def diagnose(
    expected: list[Observation], seen: list[Observation], known: list[KnownMistake], tolerances: list[Tolerance]
) -> list[Diagnosis]:
    """The mistakes that explain the criteria in which `seen` differs from `expected`; the main one first.

    Each criterion is explained by the known mistake that agrees with the student in most criteria overall, those
    that passed included: two mistakes may look alike under one criterion, seldom under all. A mistake that only
    shares an exception's class with the student must share its text as well. Where nothing matches: an empty list.
    """
    failed = [i for i in range(len(expected)) if compare(expected[i], seen[i], tolerances[i])]
    passed = set(range(len(expected))) - set(failed)
    candidates: list[tuple[int, int, int, KnownMistake, frozenset[int]]] = []
    for order, mistake in enumerate(known):
        wrong = {i for i in range(len(expected)) if compare(expected[i], mistake.observations[i], tolerances[i])}
        same = frozenset(
            i for i in failed if i in wrong and _alike(expected[i], mistake.observations[i], seen[i], tolerances[i])
        )
        if same:
            agreement = len(same) + len(passed - wrong)
            candidates.append((-agreement, -len(same), order, mistake, same))
    candidates.sort(key=lambda candidate: candidate[:3])
    return _cover(candidates)


def _cover(candidates: list[tuple[int, int, int, KnownMistake, frozenset[int]]]) -> list[Diagnosis]:
    """Take the best candidate, then the best for what it leaves open, and so on."""
    chosen: list[Diagnosis] = []
    open_criteria = frozenset().union(*(candidate[4] for candidate in candidates)) if candidates else frozenset()
    for *_, mistake, same in candidates:
        new = same & open_criteria
        if new:
            chosen.append(Diagnosis(mistake, new))
            open_criteria -= new
    return chosen


def _alike(expected: Observation, mistaken: Observation, seen: Observation, tolerance: Tolerance) -> bool:
    """Whether the two agree; where either raised and nothing should have, also in the errors' texts."""
    errors = [_errors(expected, node, tolerance) for node in (mistaken, seen)]
    return errors[0] == errors[1] and not compare(mistaken, seen, tolerance)


def _errors(expected: Observation, seen: Observation, tolerance: Tolerance) -> dict[str, tuple[tuple[str, ...], str]]:
    """Path → class and text of each error that came where none was expected."""
    return {
        mismatch.path: (mismatch.seen.types, mismatch.seen.message)
        for mismatch in compare(expected, seen, tolerance)
        if isinstance(mismatch.seen, Raised) and not isinstance(mismatch.expected, Raised)
    }
