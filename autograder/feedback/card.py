"""What stands on the card that answers a check, before it becomes HTML (`as_html.py`) or text (`as_text.py`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.feedback.differences import Difference
from autograder.feedback.drawings import Drawing
from autograder.feedback.labels import STATUS, Status, headline, more_text, next_step, of_most, status
from autograder.feedback.render import clean, sentence_of
from autograder.feedback.words import SAME_CAUSE, SHOWN, Explained, main_message
from autograder.judging import CriterionGrade, ExerciseGrade, Outcome
from autograder.lesson import said

UNTOUCHED = (Outcome.NOT_ATTEMPTED, Outcome.MISSING)
TABLES = 2
"""With more failed criteria than this, only the first one's table is open from the start."""


@dataclass(frozen=True)
class Row:
    """One criterion: status, points, what differs (`differences` for a table, `sentences` for text), and a remark.
    `message` is all of it in a few sentences.

    `cause` names the misconception that the remark tells, where it is one of this criterion's own. `more` says how many
    differences are not shown. `opened` is False where table and drawing may stay folded, or out of a text.
    `drawing` is of the first difference that has one, which is at `drawn` (empty where there is only one difference).
    """

    outcome: Outcome
    status: Status
    name: str
    points: str
    message: str = ""
    sentences: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    more: str = ""
    remark: str = ""
    cause: str = ""
    opened: bool = True
    drawing: Drawing | None = None
    drawn: str = ""


@dataclass(frozen=True)
class Card:
    """A whole card, top to bottom; empty texts are left out. `cause` names the misconception told in `lead`, and
    `solution` is source code, below `to_compare`. `message` says the main thing, for whoever reads nothing else."""

    grade: ExerciseGrade
    headline: str
    status: Status
    title: str
    message: str
    notes: list[str]
    cause: str
    lead: list[str]
    rows: list[Row]
    next: str
    to_compare: str = ""
    solution: str = ""


def lay_out(grade: ExerciseGrade, title: str = "", hint_count: int | None = 0, solution: str = "") -> Card:
    """The card for a grade, laid out once for all its forms: `as_html`, `as_text`, `as_json`. `title` replaces the
    headline; `hint_count` is None where `hint()` is out of reach; `solution` is the course's own, in self-study, and
    shown when the exercise is solved."""
    mistake, criteria = grade.mistake, [Explained(item, grade) for item in grade.criteria]
    common = _common(criteria)
    return Card(
        grade, headline=clean(title) or headline(grade), status=status(grade), title=said(grade.exercise.title),
        message=main_message(grade, criteria),
        notes=[said("Note: {note}", note=clean(note)) for note in grade.notes],
        cause=said("What probably happened: {mistake}", mistake=said(mistake.title)) if mistake else "",
        lead=[*([said(mistake.message)] if mistake else []), *common],
        rows=list(_rows(criteria, bool(common))), next=next_step(grade, hint_count, bool(solution)),
        to_compare=said("How the course does it, to compare with yours"),
        solution=solution if grade.outcome is Outcome.PASSED else "",
    )  # fmt: skip


def _rows(criteria: list[Explained], common: bool) -> Iterator[Row]:
    """A row for each criterion; what the lead (where there is something `common`) or another row has told already is
    not told again."""
    failed = [item for item in criteria if item.grade.outcome is Outcome.FAILED]
    told: set[str] = set()
    for item in criteria:
        essence = _essence(item)
        opened = len(failed) <= TABLES or item is failed[0]
        if not essence or common or (essence in told and item.grade.outcome in UNTOUCHED):
            yield _row(item)
        elif essence in told:
            yield _row(item, sentences=[said("Same as above.")])
        else:
            row = _told(item, opened)
            repeated = item.grade.mistake and row.remark and row.remark in told
            yield replace(row, remark=said(SAME_CAUSE), cause="") if repeated else row
            told.add(row.remark)
        told.add(essence)


def _told(item: Explained, opened: bool) -> Row:
    """The row of a criterion with all that is to be said of it; a table only where values can be set side by side."""
    outcome = item.grade.outcome
    compared = item.differences if outcome is Outcome.FAILED else []
    remark = item.aside if outcome in (Outcome.FAILED, Outcome.ERROR) else ""
    shown = next((difference for difference in compared[:SHOWN] if difference.drawing), None)
    return _row(
        item, sentences=item.statements, differences=compared[:SHOWN], more=more_text(len(compared) - SHOWN),
        remark=remark, cause=_cause(item.grade) if remark else "", opened=opened,
        drawing=shown.drawing if shown else None, drawn=shown.where if shown and len(compared) > 1 else "",
    )  # fmt: skip


def _row(item: Explained, **told: Any) -> Row:
    own = item.grade
    points = of_most(own.points, own.criterion.points)
    return Row(own.outcome, STATUS[own.outcome], said(own.criterion.name), points, item.message, **told)


def _cause(item: CriterionGrade) -> str:
    if item.mistake is None:
        return ""
    return said("What probably happened here: {mistake}", mistake=said(item.mistake.title))


def _essence(item: Explained) -> str:
    """What tells one criterion's statements from another's: for an exception not the places where it came, for what
    else is wrong also the misconception, because two questions of a quiz may be answered wrongly in the same words."""
    outcome, mistake = item.grade.outcome, item.grade.mistake
    if outcome is Outcome.ERROR and item.differences:
        return "\n".join(difference.alike or difference.essence for difference in item.differences)
    known = [mistake.id] if mistake and outcome is Outcome.FAILED else []
    return "\n".join([*item.statements, *known])


def _common(criteria: list[Explained]) -> list[str]:
    """What is said of every criterion alike (not attempted, missing, the same exception everywhere), if it is."""
    if len(criteria) < 2 or len({_essence(item) for item in criteria}) > 1:
        return []
    first = criteria[0]
    if first.grade.outcome is Outcome.ERROR and first.differences:
        return [sentence_of(difference.essence) for difference in first.differences]
    return first.statements
