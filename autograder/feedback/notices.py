"""Short answers that are no card: hints, and calls that can't be answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from autograder.exercise import Exercise
from autograder.feedback.as_text import wrapped
from autograder.feedback.markup import framed, heading, paragraph
from autograder.feedback.render import clean

WHAT_NOW = (
    'What now? Run `check("{}")` and read the first difference slowly. Then run your code by hand on that one input, '
    "and print each shape. If it still won't come, go on with the next exercise: none needs this one. Come back "
    "tomorrow, or ask somebody, and show them the check's answer."
)


@dataclass(frozen=True)
class Notice:
    """A title and a few paragraphs."""

    title: str
    paragraphs: tuple[str, ...]

    def html(self) -> str:
        """As a small card."""
        return framed(self.title, heading(self.title) + "".join(map(paragraph, self.paragraphs)))

    def text(self) -> str:
        """As plain text."""
        return "\n".join([self.title, *(line for text in self.paragraphs for line in wrapped(text, "  "))])


def hint_notice(exercise: Exercise, number: int | None) -> Notice:
    """Hint `number` (from 1) of an exercise; what to do after the last one, for None."""
    total, name = len(exercise.hints), exercise.id
    if total == 0:
        return Notice(f"{name}: no hints", (f'Run `check("{name}")`: it shows expected beside yours.',))
    if number is None:
        again = f'`hint("{name}", 1)` shows {"it" if total == 1 else "the first"} again.'
        seen = "the only one" if total == 1 else f"all {total}"
        return Notice(f"{name}: no more hints", (f"You have seen {seen}. {again}", WHAT_NOW.format(name)))
    if 1 <= number <= total:
        more = f'`hint("{name}")` shows the next one.' if number < total else "This was the last one."
        return Notice(f"{name}: hint {number} of {total}", (exercise.hints[number - 1], more))
    return Notice(f"{name}: there is no such hint", (f"The hints are numbered from 1 to {total}.",))


def unknown_exercise(asked: object, exercises: Sequence[Exercise]) -> Notice:
    """The answer to an id that is no exercise's, with what was probably meant."""
    names = {exercise.requires: exercise.id for exercise in exercises} | {item.id: item.id for item in exercises}
    word = asked if isinstance(asked, str) else str(getattr(asked, "__name__", ""))
    lower = {name.lower(): exercise_id for name, exercise_id in names.items()}
    close = get_close_matches(word.lower()[:100], list(lower), n=1, cutoff=0.6)
    meant = f'Did you mean "{lower[close[0]]}"?' if close else ""
    known = ", ".join(dict.fromkeys(exercise.id for exercise in exercises)) or "none: is the course installed?"
    if not isinstance(asked, str):
        title = "An exercise is named by a text, in quotes"
    else:
        title = f'There is no exercise "{clean(word, 60)}"'
    return Notice(title, tuple(text for text in (meant, f"The exercises are: {known}.") if text))


def stopped(exercise: Exercise) -> Notice:
    """What a check says when its reader pressed stop."""
    return Notice(f"{exercise.id}: stopped", ("You stopped the check, so there is no answer. Nothing was recorded.",))


def fault(reason: str) -> Notice:
    """What a check says when the grader itself failed."""
    return Notice("The check itself failed", (
        "This is not about your code: the course's own files can't be used. Nothing was recorded.",
        f"The reason: {clean(reason)}",
    ))  # fmt: skip
