"""What became of a criterion or an exercise, in a few short sentences of plain text. Pure: grades in, words out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from autograder.feedback.cause import shares_cause
from autograder.feedback.cell_error import cell_error_text
from autograder.feedback.differences import Difference, differences
from autograder.feedback.labels import more_text
from autograder.feedback.render import clean, sentence_of
from autograder.feedback.trails import Trail, trails
from autograder.judging import CriterionGrade, ExerciseGrade, Mismatch, NoObservation, Outcome
from autograder.lesson import noted, said
from autograder.probing import Mapping, Raised, Sequence

SHOWN = 4
"""Differences that are told before "and 3 more"."""
SAME_CAUSE = noted("Probably the same cause as above.")
STRUCTURE_FIRST = ("missing", "names", "length", "shape", "dtype", "requires_grad", "raised", "value", "number")
"""Kinds of mismatch, by how much the criterion that has one says about the whole exercise."""


@dataclass(frozen=True)
class Explained:
    """A criterion's grade, with all that there is to say of it, each found out once; `within` the exercise's grade,
    where that is told as well."""

    grade: CriterionGrade
    within: ExerciseGrade | None = None

    @cached_property
    def trails(self) -> list[tuple[Mismatch, Trail]]:
        """The mismatches that are worth telling, each with its trail through what was seen; the gravest first."""
        seen = self.grade.seen
        return [] if seen is None or isinstance(seen, NoObservation) else trails(self.grade.mismatches, seen)

    @cached_property
    def differences(self) -> list[Difference]:
        """The same in words."""
        return differences(self.trails)

    @cached_property
    def statements(self) -> list[str]:
        """The sentences on what was expected beside what was seen, or on why nothing was; none where it passed."""
        outcome, seen = self.grade.outcome, self.grade.seen
        match outcome:
            case Outcome.PASSED:
                return []
            case Outcome.FAILED | Outcome.ERROR if not isinstance(seen, NoObservation):
                sentences = [difference.sentence for difference in self.differences[:SHOWN]]
                return [text for text in (*sentences, more_text(len(self.differences) - SHOWN)) if text]
            case Outcome.NOT_ATTEMPTED:
                return [_not_attempted(seen)]
            case Outcome.MISSING if isinstance(seen, Raised):
                return [said("`{name}` is not defined. Did the cell above run?", name=clean(seen.message))]
        return [_joined(said(_WITHOUT_OBSERVATION[outcome]), _reason(seen))]

    @property
    def tried(self) -> bool:
        """Whether it went wrong when it was tried: only then does it help to say why the aspect matters."""
        return self.grade.outcome in (Outcome.FAILED, Outcome.ERROR) and not isinstance(self.grade.seen, NoObservation)

    @property
    def rank(self) -> int:
        """How little the difference that is told first says about the whole exercise; -1 where nothing was observed."""
        if not self.trails:
            return -1
        first, trail = self.trails[0]
        if first.kind == "type":
            return STRUCTURE_FIRST.index("value") if trail else -1
        return STRUCTURE_FIRST.index(first.kind)

    @cached_property
    def message(self) -> str:
        """What was expected beside what was seen, in a few short sentences; empty for a criterion that passed.

        The exercise's main mistake is `main_message`'s to tell and is not repeated. A criterion without diagnosis says
        where that mistake is probably its cause as well.
        """
        return _joined(*self.statements, self.aside if self.tried else "")

    @cached_property
    def aside(self) -> str:
        """What to say after a criterion's differences: its own mistake, the shared cause, or why the aspect matters."""
        mistake, within = self.grade.mistake, self.within
        if mistake is not None:
            is_main = within is None or (within.mistake is not None and within.mistake.id == mistake.id)
            return "" if is_main else said(mistake.message)
        if within is not None and shares_cause(within, self.grade):
            return said(SAME_CAUSE)
        return said(self.grade.criterion.because)


def main_message(grade: ExerciseGrade, criteria: list[Explained]) -> str:
    """The main thing to tell: the misconception where one is diagnosed, else the gravest difference."""
    if grade.outcome is Outcome.PASSED:
        return said("Every criterion passed.")
    if grade.mistake is not None:
        return said(grade.mistake.message)
    main = gravest(criteria)
    return _joined(*main.statements[:1], Explained(main.grade).aside if main.tried else "")


def gravest(criteria: list[Explained]) -> Explained:
    """The criterion that says most about what is wrong, of equals the first.

    What gave no observation comes first; then by kind of difference, structure before exceptions before values,
    because exceptions mostly follow from a wrong structure.
    """
    wrong = [item for item in criteria if item.grade.outcome is not Outcome.PASSED]
    attempted = [item for item in wrong if item.grade.outcome is not Outcome.NOT_ATTEMPTED]
    return min(attempted or wrong or criteria, key=lambda item: item.rank)


_WITHOUT_OBSERVATION = {
    Outcome.TIMEOUT: noted("It took too long and was stopped. Is there a loop that never ends?"),
    Outcome.CRASHED: noted("The kernel died while this ran."),
    Outcome.MISSING: noted("The cell for this exercise is missing."),
    Outcome.ERROR: noted("It could not run."),
    Outcome.FAILED: noted("It gave no result."),
}


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
