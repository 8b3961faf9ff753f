"""Whether the exercise's main mistake is also the likely cause of a criterion that it does not explain exactly."""

from __future__ import annotations

from autograder.feedback.trails import steps
from autograder.judging import CriterionGrade, ExerciseGrade, NoObservation, Outcome, compare, tolerance_of
from autograder.probing import Observation


def shares_cause(exercise: ExerciseGrade, grade: CriterionGrade) -> bool:
    """True where `grade` failed without a diagnosis of its own, and the main mistake goes wrong there as well."""
    if exercise.mistake is None or grade.mistake or grade.outcome not in (Outcome.FAILED, Outcome.ERROR):
        return False
    if isinstance(grade.seen, NoObservation):
        return False
    observed = [item for item in exercise.criteria if not isinstance(item.seen, NoObservation)]
    number = next(number for number, item in enumerate(observed) if item is grade)
    return _goes_wrong(exercise.mistake.observations[number], grade)


def _goes_wrong(mistaken: Observation, grade: CriterionGrade) -> bool:
    """Whether `mistaken` differs from what is expected in a place where the student's observation differs too."""
    for mismatch in grade.mismatches:
        trail = steps(mistaken, mismatch.path)
        if trail is None:
            return True
        node = trail[-1][1] if trail else mistaken
        if compare(mismatch.expected, node, tolerance_of(grade.criterion)):
            return True
    return False
