"""What became of a criterion or an exercise, in a few short sentences of plain text. Pure: grades in, words out."""

from __future__ import annotations

from autograder.feedback.cause import shares_cause
from autograder.feedback.cell_error import cell_error_text
from autograder.feedback.differences import differences
from autograder.feedback.labels import more_text, next_step
from autograder.feedback.render import clean, sentence_of
from autograder.feedback.trails import trails
from autograder.judging import CriterionGrade, ExerciseGrade, NoObservation, Outcome
from autograder.lesson import noted, said
from autograder.probing import Mapping, Raised, Sequence

SHOWN = 4
"""Differences that are told before "and 3 more"."""
SAME_CAUSE = noted("Probably the same cause as above.")
STRUCTURE_FIRST = ("missing", "names", "length", "shape", "dtype", "requires_grad", "raised", "value", "number")
"""Kinds of mismatch, by how much the criterion that has one says about the whole exercise."""


def criterion_message(grade: CriterionGrade, within: ExerciseGrade | None = None) -> str:
    """What was expected beside what was seen, in a few short sentences; empty for a criterion that passed.

    The exercise's main mistake is `exercise_message`'s to tell and is not repeated. Given the exercise's grade
    (`within`), a criterion without diagnosis says where that mistake is probably its cause as well.
    """
    return _joined(*statements(grade), aside(grade, within) if _tried(grade) else "")


def statements(grade: CriterionGrade) -> list[str]:
    """The sentences on what was expected beside what was seen, or on why nothing was; none where it passed."""
    match grade.outcome:
        case Outcome.PASSED:
            return []
        case Outcome.FAILED | Outcome.ERROR if not isinstance(grade.seen, NoObservation):
            return _told(grade)
        case Outcome.NOT_ATTEMPTED:
            return [_not_attempted(grade.seen)]
        case Outcome.MISSING if isinstance(grade.seen, Raised):
            return [said("`{name}` is not defined. Did the cell above run?", name=clean(grade.seen.message))]
    return [_joined(said(_WITHOUT_OBSERVATION[grade.outcome]), _reason(grade.seen))]


def aside(grade: CriterionGrade, within: ExerciseGrade | None = None) -> str:
    """What to say after a criterion's differences: its own mistake, the shared cause, or why the aspect matters."""
    main = within.mistake.id if within and within.mistake else None
    if grade.mistake is not None:
        return "" if within is None or grade.mistake.id == main else said(grade.mistake.message)
    if within is not None and shares_cause(within, grade):
        return said(SAME_CAUSE)
    return said(grade.criterion.because)


def exercise_message(grade: ExerciseGrade, hint_count: int | None = 0) -> str:
    """The main thing to tell: the misconception where one is diagnosed, else the gravest difference; then what to
    do next. `hint_count` is None where `hint()` is out of reach."""
    return _joined(main_message(grade), *map(clean, grade.notes), next_step(grade, hint_count))


def main_message(grade: ExerciseGrade) -> str:
    """`exercise_message` without notes and next step."""
    if grade.outcome is Outcome.PASSED:
        return said("Every criterion passed.")
    if grade.mistake is not None:
        return said(grade.mistake.message)
    main = gravest(grade)
    return _joined(*statements(main)[:1], aside(main) if _tried(main) else "")


def _tried(grade: CriterionGrade) -> bool:
    """Whether it went wrong when it was tried: only then does it help to say why the aspect matters."""
    return grade.outcome in (Outcome.FAILED, Outcome.ERROR) and not isinstance(grade.seen, NoObservation)


def gravest(grade: ExerciseGrade) -> CriterionGrade:
    """The criterion that says most about what is wrong, of equals the first.

    What gave no observation comes first; then by kind of difference, structure before exceptions before values,
    because exceptions mostly follow from a wrong structure.
    """
    wrong = [item for item in grade.criteria if item.outcome is not Outcome.PASSED]
    tried = [item for item in wrong if item.outcome is not Outcome.NOT_ATTEMPTED]
    return min(tried or wrong or grade.criteria, key=_rank)


_WITHOUT_OBSERVATION = {
    Outcome.TIMEOUT: noted("It took too long and was stopped. Is there a loop that never ends?"),
    Outcome.CRASHED: noted("The kernel died while this ran."),
    Outcome.MISSING: noted("The cell for this exercise is missing."),
    Outcome.ERROR: noted("It could not run."),
    Outcome.FAILED: noted("It gave no result."),
}


def _told(grade: CriterionGrade) -> list[str]:
    found = differences(grade)
    sentences = [difference.sentence for difference in found[:SHOWN]]
    return [sentence for sentence in (*sentences, more_text(len(found) - SHOWN)) if sentence]


def _rank(grade: CriterionGrade) -> int:
    """By the difference that is told first."""
    if grade.seen is None or isinstance(grade.seen, NoObservation) or not grade.mismatches:
        return -1
    first, trail = trails(grade.mismatches, grade.seen)[0]
    if first.kind == "type":
        return STRUCTURE_FIRST.index("value") if trail else -1
    return STRUCTURE_FIRST.index(first.kind)


def _reason(seen: object) -> str:
    if not isinstance(seen, NoObservation):
        return ""
    return cell_error_text(seen.error) if seen.error else sentence_of(clean(seen.reason))


def _not_attempted(seen: object) -> str:
    stub = _stub(seen)
    if stub is not None and stub.types[0] == "NotAttempted" and stub.message:
        return said("Not attempted yet: {why}.", why=clean(said(stub.message)).rstrip("."))
    return said("Not attempted yet: `raise NotImplementedError` is still there.")


def _stub(node: object) -> Raised | None:
    match node:
        case Raised() if node.stub:
            return node
        case Sequence(_, items):
            return next((found for found in map(_stub, items) if found), None)
        case Mapping(items):
            return next((found for _, value in items if (found := _stub(value))), None)
    return None


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
