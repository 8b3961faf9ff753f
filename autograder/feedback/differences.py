"""Mismatches as differences in words: where, what was expected, what was seen. Nothing is judged here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from autograder.feedback.drawings import Drawing, drawing
from autograder.feedback.render import ended, key_text, sentence_of
from autograder.feedback.telling import tell
from autograder.feedback.trails import Trail
from autograder.judging import Mismatch
from autograder.lesson import counted, said
from autograder.probing import Condition, Raised


@dataclass(frozen=True)
class Difference:
    """One difference in words: the cells of a table's row with a note below, `essence`, the sentence of it, and a
    drawing where that says more.

    `where` leads the table's row, `lead` the sentence. `places` is how many places differ in this way, the first of
    which is told: those of the same essence, or `alike`, where a line of the student's raises the same class.
    """

    where: str
    expected: str
    seen: str
    lead: str
    essence: str
    note: str = ""
    alike: str = ""
    places: int = 1
    drawing: Drawing | None = None

    @property
    def sentence(self) -> str:
        """The whole as a sentence: `x of shape (5, 3): shape (5, 1); expected (5, 2).`"""
        text = f"{self.lead}: {ended(self.essence)}" if self.lead else sentence_of(self.essence)
        if self.places == 1:
            return text
        more = self.places - 1
        likewise = counted("Likewise in {number} more place.", "Likewise in {number} more places.", more)
        same = counted("The same in {number} more place.", "The same in {number} more places.", more)
        return f"{text} {likewise if self.alike else same}"

    @property
    def place(self) -> str:
        """The first place, and how many more there are."""
        if self.places == 1:
            return self.where
        return counted(
            "{where} (and {number} more place)", "{where} (and {number} more places)", self.places - 1, where=self.where
        )


def differences(found: Iterable[tuple[Mismatch, Trail]]) -> list[Difference]:
    """What differs under one criterion, the gravest first: its mismatches, each with its trail, in words."""
    told: dict[str, Difference] = {}
    for difference in (_difference(mismatch, trail) for mismatch, trail in found):
        key = difference.alike or difference.essence
        first = told.get(key)
        told[key] = replace(first, places=first.places + 1) if first else difference
    return list(told.values())


def _difference(mismatch: Mismatch, trail: Trail) -> Difference:
    """Conditions ("x of shape (5, 3)") lead, the rest is the subject (`weight`, item [1])."""
    conditions = [key_text(step) for step, _ in trail if isinstance(step, Condition)]
    names = [key_text(step) for step, _ in trail if not isinstance(step, Condition)]
    where, told = ", ".join([*conditions, *names]), tell(mismatch)
    if told.sentence:
        lead, essence = where, told.sentence
    elif told.clause:
        lead, essence = where, told.of("")
    else:
        result = "" if conditions else said("the result")
        lead, essence = ", ".join(conditions), told.of(" ".join(names) or result)
    return Difference(
        where or said("the result"), told.expected, told.seen, lead, essence, told.note, _alike(mismatch),
        drawing=drawing(mismatch),
    )  # fmt: skip


def _alike(mismatch: Mismatch) -> str:
    seen, unexpected = mismatch.seen, not isinstance(mismatch.expected, Raised)
    known = isinstance(seen, Raised) and unexpected and seen.line
    return f"{seen.types[0]} at line {seen.line}: {seen.code}" if isinstance(seen, Raised) and known else ""
