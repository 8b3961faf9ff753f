"""Cards as HTML: self-contained, without scripts and without anything from the network."""

from __future__ import annotations

from autograder.feedback.card import HAPPENED, HERE, TO_COMPARE, Card, Row, lay_out
from autograder.feedback.differences import Difference
from autograder.feedback.labels import PARTLY, more_text
from autograder.feedback.markup import badge, code, folded, framed, heading, inline, paragraph, table
from autograder.grade import ExerciseGrade, Outcome

TONES = {
    str(Outcome.PASSED): "inm-good", PARTLY: "inm-part", str(Outcome.FAILED): "inm-bad", str(Outcome.ERROR): "inm-bad",
    str(Outcome.TIMEOUT): "inm-bad", str(Outcome.CRASHED): "inm-bad",
}  # fmt: skip
"""Status word → CSS class; the others stay grey."""


def card_html(grade: ExerciseGrade, headline: str = "", hint_count: int | None = 0, solution: str = "") -> str:
    """The card that answers a check.

    `headline` replaces "affine: 2 of 4 points". `hint_count` is how many hints the student has had, and None
    where there is no `hint()`: on a graded notebook. `solution` is source code, and only ever given in self-study.
    """
    card = lay_out(grade, headline, hint_count, solution)
    body = [_head(card), *(paragraph(f"Note: {note}") for note in card.notes), _lead(card)]
    body.append(f'<ul class="inm-list">{"".join(map(_item, card.rows))}</ul>')
    body.append(paragraph(card.next, "inm-next"))
    body.append(folded(TO_COMPARE, code(card.solution)) if card.solution else "")
    return framed(f"Answer to the check: {card.headline}", "".join(body), TONES.get(card.word, ""))


def _head(card: Card) -> str:
    line = f"{heading(card.headline)} " + badge(card.symbol, card.word, TONES.get(card.word, ""))
    return f'<div class="inm-head">{line}</div>{paragraph(card.title, "inm-sub")}'


def _lead(card: Card) -> str:
    if not card.lead:
        return ""
    label = heading(f"{HAPPENED}: {card.mistake}", "inm-h5", level=5) if card.mistake else ""
    return f'<div class="inm-lead">{label}{"".join(map(paragraph, card.lead))}</div>'


def _item(row: Row) -> str:
    line = (
        badge(row.symbol, row.word, TONES.get(row.word, "")) + f' <span class="inm-name">{inline(row.name)}</span>'
        f' <span class="inm-points">{row.points}</span>'
    )
    remark = paragraph(f"{HERE}: {row.mistake}. {row.remark}", "inm-lead") if row.mistake else ""
    body = _told(row) + (remark or paragraph(row.remark, "inm-why"))
    return f'<li><div class="inm-row">{line}</div>{f"<div class=inm-body>{body}</div>" if body else ""}</li>'


def _told(row: Row) -> str:
    if not row.differences:
        return "".join(map(paragraph, row.sentences))
    cells = [cell for difference in row.differences for cell in _cells(difference)]
    cells += [[more_text(row.more)]] if row.more else []
    shown = table(["where", "expected", "yours"], cells) + _drawn(row)
    return shown if row.opened else folded(row.sentences[0], shown)


def _drawn(row: Row) -> str:
    if row.drawing is None:
        return ""
    return paragraph(f"{row.drawn}:" if row.drawn else "", "inm-why") + row.drawing.html()


def _cells(difference: Difference) -> list[list[str]]:
    note = difference.note[:1].upper() + difference.note[1:]
    return [[difference.place, difference.expected, difference.seen], *([[f"{note}."]] if note else [])]
