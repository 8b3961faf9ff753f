"""Short answers that are no card: hints, solutions in self-study, and calls that can't be answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from autograder.exercise import Exercise
from autograder.feedback.as_text import indented, wrapped
from autograder.feedback.markup import code, framed, heading, paragraph
from autograder.feedback.render import clean

WHAT_NOW = (
    'What now? Run `check("{}")` and read the first difference slowly. Then run your code by hand on that one input, '
    "and print each shape. If it still won't come, go on with the next exercise: none needs this one. Come back "
    "tomorrow, or ask somebody, and show them the check's answer."
)


@dataclass(frozen=True)
class Notice:
    """A title and a few paragraphs, below source code where there is some."""

    title: str
    paragraphs: tuple[str, ...]
    source: str = ""

    def html(self) -> str:
        """As a small card."""
        shown = code(self.source) if self.source else ""
        return framed(self.title, heading(self.title) + shown + "".join(map(paragraph, self.paragraphs)))

    def text(self) -> str:
        """As plain text."""
        shown = ["", *indented(self.source), ""] if self.source else []
        return "\n".join([self.title, *shown, *(line for text in self.paragraphs for line in wrapped(text, "  "))])


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


def solution_notice(exercise: Exercise, source: str, solved: bool) -> Notice:
    """The course's own solution of an exercise, in self-study."""
    after = "To compare with yours; many answers are right." if solved else (
        "Read it until you can say why each line is there. Then write your own without looking: that is what stays."
    )  # fmt: skip
    return Notice(f"{exercise.id}: how the course does it", (after,), source)


def solution_withheld(exercise: Exercise, attempts: int, tries: int, hint_count: int) -> Notice:
    """Why a solution is not shown yet, and how it is all the same."""
    name, left = exercise.id, len(exercise.hints) - hint_count
    so_far = {0: "have not tried it yet", 1: "have tried it once"}.get(attempts, f"have tried it {attempts} times")
    unseen = f"{left} hints that you have" if left > 1 else "a hint that you have"
    hints = f'There {"are" if left > 1 else "is"} {unseen} not seen: `hint("{name}")`.' if left > 0 else ""
    rule = f'You {so_far}. Once you have checked {tries} different answers, `solution("{name}")` shows the course\'s.'
    wish = f'To see it now all the same: `solution("{name}", now=True)`.'
    return Notice(f"{name}: the solution can wait", tuple(text for text in (rule, hints, wish) if text))


def no_solution(exercise: Exercise) -> Notice:
    """The answer of a notebook that has no solutions in it: every class's."""
    name = exercise.id
    return Notice(f"{name}: this notebook has no solutions", (
        "They come with the edition for self-study only. If this is that one, run its cell \"Self-study\".",
        f'`hint("{name}")` shows a hint, and `check("{name}")` what is expected beside what you have.',
    ))  # fmt: skip


def self_study_notice(opened: bool) -> Notice:
    """What the cell that holds the solutions says when it runs."""
    if not opened:
        return Notice("Self-study: this cell is damaged", (
            "The solutions in it can't be read. All else works; for the solutions, take the notebook anew.",
        ))  # fmt: skip
    text = (
        'You have the edition for self-study. Try, check, take a hint, try again. When you have tried, `solution("…")` '
        "shows how the course does it; when you have solved it, the check shows it too."
    )
    return Notice("Self-study", (text,))


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
