"""Cards as plain text, wrapped at 80 columns: for terminals, for nbgrader's Validate, and beside every HTML card."""

from __future__ import annotations

import textwrap

from autograder.feedback.card import Card, Row
from autograder.feedback.drawings import Drawing

WIDTH = 80


def card_text(card: Card) -> str:
    """The card as plain text."""
    notes = [line for note in card.notes for line in wrapped(note)]
    blocks = [
        [f"{card.headline} ({card.status.symbol} {card.status.word})", *notes],
        wrapped(card.cause) + wrapped(" ".join(card.lead)),
        [line for row in card.rows for line in _row(row)],
        wrapped(card.next),
        [f"{card.to_compare}:", "", *indented(card.solution)] if card.solution else [],
    ]
    return "\n\n".join("\n".join(block).rstrip() for block in blocks if block)


def wrapped(text: str, indent: str = "", hanging: str = "") -> list[str]:
    """The lines of a paragraph, all but the first indented by `hanging` as well; none for an empty one."""
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + hanging, break_on_hyphens=False)


def _drawn(where: str, drawing: Drawing) -> list[str]:
    """A drawing's lines below its place, between empty ones; nothing where they would not fit."""
    lines = [f"        {line}" for line in drawing.text()]
    return ["", *wrapped(f"{where}:" if where else "", "      "), *lines, ""] if max(map(len, lines)) <= WIDTH else []


def indented(code: str) -> list[str]:
    """The lines of source code, set in from the margin and never wrapped."""
    return [f"    {line}".rstrip() for line in code.strip().splitlines()]


def _row(row: Row) -> list[str]:
    lines = wrapped(f"{row.status.symbol} {row.status.word}: {row.name} ({row.points})", "  ", "    ")
    mark = "- " if len(row.sentences) > 1 else ""
    for text in row.sentences:
        lines += wrapped(f"{mark}{text}", "      ", " " * len(mark))
    if row.drawing is not None and row.opened:
        lines += _drawn(row.drawn, row.drawing)
    return lines + wrapped(f"{row.cause}. {row.remark}" if row.cause else row.remark, "      ")
