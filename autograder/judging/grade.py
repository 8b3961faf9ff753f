"""From observations to outcomes and points. Pure: no words, no files, no torch.

Outcomes:
    passed         observed as expected
    failed         observed, and wrong
    not attempted  the stub's NotImplementedError came
    error          it raised where it should not
    timeout        it took too long
    crashed        the kernel died
    missing        the name, or the cell, is gone
The grader's own fault is none of these: it is an exception, `GraderFault`, and nobody's zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from autograder.judging.compare import Mismatch, Tolerance, compare
from autograder.judging.diagnose import Diagnosis, KnownMistake, diagnose
from autograder.lesson import Criterion, Exercise, Lesson
from autograder.probing import MISSING, Array, Mapping, Observation, Raised, Sequence


class GraderFault(RuntimeError):
    """The grader itself failed. No submission is judged by this; the run says so loudly."""


class Outcome(StrEnum):
    """What became of a criterion or an exercise."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_ATTEMPTED = "not attempted"
    ERROR = "error"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    MISSING = "missing"


GRAVEST_FIRST = (
    Outcome.CRASHED, Outcome.TIMEOUT, Outcome.FAILED, Outcome.ERROR, Outcome.MISSING, Outcome.NOT_ATTEMPTED,
)  # fmt: skip


@dataclass(frozen=True)
class CellError:
    """The exception that ended a cell: its class and text, and the number, from 1, of the cell's line that it came
    from, where that is known. `source` is the cell's."""

    source: str
    kind: str
    text: str
    line: int | None = None


@dataclass(frozen=True)
class NoObservation:
    """Why a criterion gave no observation at all: `outcome` is TIMEOUT, CRASHED, ERROR or MISSING.

    `reason` says what happened, in words for the student. Where a cell ended with an error, `error` is it instead.
    """

    outcome: Outcome
    reason: str = ""
    error: CellError | None = None


Seen = Observation | NoObservation


@dataclass(frozen=True)
class Expected:
    """What the reference shows under each criterion of an exercise, and what each known mistake shows."""

    reference: tuple[Observation, ...]
    mistakes: tuple[KnownMistake, ...]


@dataclass(frozen=True)
class CriterionGrade:
    """A criterion's outcome and points, with what differed and the mistake that explains it."""

    criterion: Criterion
    outcome: Outcome
    points: float
    mismatches: tuple[Mismatch, ...] = ()
    seen: Seen | None = None
    mistake: KnownMistake | None = None


@dataclass(frozen=True)
class ExerciseGrade:
    """An exercise's outcome, criterion by criterion, and its main diagnosis."""

    exercise: Exercise
    outcome: Outcome
    criteria: tuple[CriterionGrade, ...]
    mistake: KnownMistake | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def points(self) -> float:
        """Points earned."""
        return sum(grade.points for grade in self.criteria)


def grade_exercise(
    exercise: Exercise, expected: Expected, seen: list[Seen], notes: tuple[str, ...] = ()
) -> ExerciseGrade:
    """Grade one exercise from what each criterion observed.

    Raises `GraderFault` where the expected observations do not belong to these criteria.
    """
    if not len(exercise.criteria) == len(expected.reference) == len(seen):
        raise GraderFault(f"{exercise.id}: {len(exercise.criteria)} criteria, {len(expected.reference)} expected")
    diagnoses = _diagnoses(exercise, expected, seen)
    grades = tuple(
        _grade_criterion(number, criterion, expected.reference[number], seen[number], diagnoses)
        for number, criterion in enumerate(exercise.criteria)
    )
    outcomes = {grade.outcome for grade in grades}
    main = diagnoses[0].mistake if diagnoses else None
    return ExerciseGrade(exercise, _overall(outcomes), grades, main, notes)


def tolerance_of(criterion: Criterion) -> Tolerance:
    """The tolerance that a criterion asks for."""
    return Tolerance(criterion.rtol, criterion.atol)


def _diagnoses(exercise: Exercise, expected: Expected, seen: list[Seen]) -> list[Diagnosis]:
    observed = [i for i, node in enumerate(seen) if not isinstance(node, NoObservation)]
    known = [
        KnownMistake(mistake.id, mistake.message, tuple(mistake.observations[i] for i in observed))
        for mistake in expected.mistakes
    ]
    found = diagnose(
        [expected.reference[i] for i in observed],
        [node for node in seen if not isinstance(node, NoObservation)],
        known,
        [tolerance_of(exercise.criteria[i]) for i in observed],
    )
    return [Diagnosis(item.mistake, frozenset(observed[i] for i in item.explains)) for item in found]


def _grade_criterion(
    number: int, criterion: Criterion, expected: Observation, seen: Seen, diagnoses: list[Diagnosis]
) -> CriterionGrade:
    if isinstance(seen, NoObservation):
        return CriterionGrade(criterion, seen.outcome, 0, seen=seen)
    mismatches = tuple(compare(expected, seen, tolerance_of(criterion)))
    if not mismatches:
        return CriterionGrade(criterion, Outcome.PASSED, criterion.points, seen=seen)
    mistake = next((item.mistake for item in diagnoses if number in item.explains), None)
    return CriterionGrade(criterion, _outcome(mismatches), 0, mismatches, seen, mistake)


def _outcome(mismatches: tuple[Mismatch, ...]) -> Outcome:
    if any(isinstance(m.seen, Raised) and m.seen.types[0] == MISSING for m in mismatches):
        return Outcome.MISSING
    stubs = [error for m in mismatches for error in all_raised(m.seen) if error.stub]
    if stubs:
        return Outcome.NOT_ATTEMPTED
    raised = (isinstance(m.seen, Raised) and not isinstance(m.expected, Raised) for m in mismatches)
    return Outcome.ERROR if any(raised) else Outcome.FAILED


def all_raised(node: Observation) -> list[Raised]:
    """Every exception in an observation, at whatever depth."""
    match node:
        case Raised():
            return [node]
        case Sequence(_, items):
            return [error for item in items for error in all_raised(item)]
        case Mapping(items):
            return [error for _, item in items for error in all_raised(item)]
        case Array() | _:
            return []


def _overall(outcomes: set[Outcome]) -> Outcome:
    if outcomes <= {Outcome.PASSED}:
        return Outcome.PASSED
    if outcomes == {Outcome.PASSED, Outcome.NOT_ATTEMPTED}:
        return Outcome.FAILED
    return next(outcome for outcome in GRAVEST_FIRST if outcome in outcomes)


@dataclass(frozen=True)
class SubmissionGrade:
    """A graded submission: its exercises in the lesson's order, outputs by cell number, why it could not be read
    (`unreadable`), if so, and how many seconds it took to grade."""

    lesson: Lesson
    exercises: tuple[ExerciseGrade, ...]
    outputs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    unreadable: str = ""
    fingerprint: str = ""
    seconds: float = 0

    @property
    def points(self) -> float:
        """Points earned in the whole lesson."""
        return sum(grade.points for grade in self.exercises)
