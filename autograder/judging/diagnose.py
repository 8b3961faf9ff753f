"""Diagnosis is matching: which known mistake shows the same observations as the student's code?

No code here knows what a mistake looks like. A known mistake is a wrong implementation that ran under the same probe.
It is named for one of two reasons:

- it *fits*: wherever it goes wrong, the student's code shows the very same;
- it *begins* the same: where it first goes wrong the student's code shows the same, and of all known mistakes that
  first go wrong there in this way, it disagrees least with the student's code elsewhere.

Criteria go from the cause to its consequences, so what first goes wrong tells most. Anything weaker names the wrong
cause too often; then nobody is named, and the difference itself is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from autograder.judging.compare import Tolerance, differ
from autograder.probing import Observation


@dataclass(frozen=True)
class KnownMistake:
    """A mistake's id, what to tell the student, and what each criterion observed of one way to make it."""

    id: str
    message: str
    observations: tuple[Observation, ...]

    @property
    def title(self) -> str:
        """The id as words: `plain tensor` for `plain-tensor`."""
        return self.id.replace("-", " ").replace("_", " ")


@dataclass(frozen=True)
class Diagnosis:
    """A mistake, and the numbers of the criteria that it explains."""

    mistake: KnownMistake
    explains: frozenset[int]


def diagnose(
    expected: list[Observation], seen: list[Observation], known: list[KnownMistake], tolerances: list[Tolerance]
) -> list[Diagnosis]:
    """The mistakes that explain the criteria in which `seen` differs from `expected`; the main one first: the one that
    explains most, and among equals the one that explains the earliest criterion, which lies nearest to the cause.

    Several mistakes may be at work, each in criteria of its own. An empty list where nothing known explains anything.
    """
    alike_within = [replace(tolerance, same_failure=True) for tolerance in tolerances]
    failed = {i for i in range(len(expected)) if differ(expected[i], seen[i], tolerances[i])}
    if not failed:
        return []
    goes_wrong = _once(lambda i, node: differ(expected[i], node, tolerances[i]))
    is_alike = _once(lambda i, node: not differ(node, seen[i], alike_within[i]))
    wrong = [{i for i in range(len(expected)) if goes_wrong(i, m.observations[i])} for m in known]
    alike = [{i for i in failed & wrong[k] if is_alike(i, m.observations[i])} for k, m in enumerate(known)]
    fitting = [k for k in range(len(known)) if wrong[k] and wrong[k] == alike[k]]
    found = _cover((known[k], frozenset(alike[k])) for k in sorted(fitting, key=lambda k: -len(alike[k])))
    explained = {i for item in found for i in item.explains}
    found += _beginning(failed - explained, known, wrong, alike)
    return sorted(_merged(found), key=lambda item: (-len(item.explains), min(item.explains)))


def _once(answer: Callable[[int, Observation], bool]) -> Callable[[int, Observation], bool]:
    """Memoises a comparison by the observations' identity: known mistakes share most of their observations, and so the
    objects."""
    found: dict[tuple[int, int], bool] = {}

    def known(i: int, node: Observation) -> bool:
        key = i, id(node)
        if key not in found:
            found[key] = answer(i, node)
        return found[key]

    return known


def _cover(candidates: Iterable[tuple[KnownMistake, frozenset[int]]]) -> list[Diagnosis]:
    """Take the first candidate, then each that explains something new."""
    chosen: list[Diagnosis] = []
    explained: set[int] = set()
    for mistake, criteria in candidates:
        if criteria - explained:
            chosen.append(Diagnosis(mistake, criteria - explained))
            explained |= criteria
    return chosen


def _beginning(
    open_criteria: set[int], known: list[KnownMistake], wrong: list[set[int]], alike: list[set[int]]
) -> list[Diagnosis]:
    """For each criterion, the mistake that begins there as the student's code does and disagrees least elsewhere; none
    where two different ones disagree equally little."""
    found = []
    for i in sorted(open_criteria):
        here = [k for k in range(len(known)) if i in alike[k] and i == min(wrong[k])]
        least = min((len(wrong[k] - alike[k]) for k in here), default=0)
        best = [k for k in here if len(wrong[k] - alike[k]) == least]
        if len({known[k].id for k in best}) == 1:
            found.append(Diagnosis(known[best[0]], frozenset(alike[best[0]] & open_criteria)))
    return found


def _merged(found: list[Diagnosis]) -> list[Diagnosis]:
    """One diagnosis a mistake, in the order of first mention."""
    merged: dict[str, Diagnosis] = {}
    for item in found:
        before = merged.get(item.mistake.id)
        merged[item.mistake.id] = Diagnosis(before.mistake, before.explains | item.explains) if before else item
    return list(merged.values())
