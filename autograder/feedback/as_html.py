"""Cards as HTML: self-contained, without scripts and without anything from the network."""

from __future__ import annotations

from autograder.feedback.card import Card, Row
from autograder.feedback.differences import Difference
from autograder.feedback.labels import Status
from autograder.feedback.markup import badge, code, folded, framed, heading, inline, paragraph, table
from autograder.lesson import said


def card_html(card: Card) -> str:
    """The card that answers a check."""
    body = [_head(card), *map(paragraph, card.notes), _lead(card)]
    body.append(f'<ul class="inm-list">{"".join(map(_item, card.rows))}</ul>')
    body.append(paragraph(card.next, "inm-next"))
    body.append(folded(card.to_compare, code(card.solution)) if card.solution else "")
    label = said("Answer to the check: {headline}", headline=card.headline)
    return framed(label, "".join(body), _tone(card.status))


def _tone(status: Status) -> str:
    return f"inm-{status.tone}" if status.tone else ""


def _badge(status: Status) -> str:
    return badge(status.symbol, status.word, _tone(status))


def _head(card: Card) -> str:
    line = f"{heading(card.headline)} " + _badge(card.status)
    return f'<div class="inm-head">{line}</div>{paragraph(card.title, "inm-sub")}'


def _lead(card: Card) -> str:
    if not card.lead:
        return ""
    label = heading(card.cause, "inm-h5", level=5) if card.cause else ""
    return f'<div class="inm-lead">{label}{"".join(map(paragraph, card.lead))}</div>'


def _item(row: Row) -> str:
    line = (
        _badge(row.status) + f' <span class="inm-name">{inline(row.name)}</span>'
        f' <span class="inm-points">{row.points}</span>'
    )
    remark = paragraph(f"{row.cause}. {row.remark}", "inm-lead") if row.cause else ""
    body = _told(row) + (remark or paragraph(row.remark, "inm-why"))
    return f'<li><div class="inm-row">{line}</div>{f"<div class=inm-body>{body}</div>" if body else ""}</li>'


def _told(row: Row) -> str:
    if not row.differences:
        return "".join(map(paragraph, row.sentences))
    cells = [cell for difference in row.differences for cell in _cells(difference)]
    cells += [[row.more]] if row.more else []
    shown = table([said("where"), said("expected"), said("yours")], cells) + _drawn(row)
    return shown if row.opened else folded(row.sentences[0], shown)


def _drawn(row: Row) -> str:
    if row.drawing is None:
        return ""
    return paragraph(f"{row.drawn}:" if row.drawn else "", "inm-why") + row.drawing.html()


def _cells(difference: Difference) -> list[list[str]]:
    note = difference.note[:1].upper() + difference.note[1:]
    return [[difference.place, difference.expected, difference.seen], *([[f"{note}."]] if note else [])]
