"""Short answers that are no card: hints, solutions in self-study, and calls that can't be answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from autograder.feedback.as_text import indented, wrapped
from autograder.feedback.labels import amount, of_most, points_text
from autograder.feedback.markup import code, framed, heading, paragraph
from autograder.feedback.render import clean
from autograder.lesson import Exercise, counted, noted, said

WHAT_NOW = noted(
    'What now? Run `check("{name}")` and read the first difference slowly. Then run your code by hand on that one '
    "input, and print each shape. If it still won't come, go on with the next exercise: none needs this one. Come "
    "back tomorrow, or ask somebody, and show them the check's answer."
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


def points_by_hand(name: str, points: float, most: float, checked: float, extra: float) -> Notice:
    """Above the card of an exercise whose points a person has changed; `extra` of them are extra credit."""
    title = said("{name}: {points}, given by a person", name=name, points=points_text(points, most))
    told = said("The check itself had given {points}. What it saw stands below.", points=of_most(checked, most))
    credit = said("Extra credit among them: {points}.", points=amount(extra))
    return Notice(title, (told, credit) if extra else (told,))


def hint_notice(exercise: Exercise, number: int | None) -> Notice:
    """Hint `number` (from 1) of an exercise; what to do after the last one, for None."""
    total, name = len(exercise.hints), exercise.id
    if total == 0:
        told = said('Run `check("{name}")`: it shows expected beside yours.', name=name)
        return Notice(said("{name}: no hints", name=name), (told,))
    if number is None:
        only = said('You have seen the only one. `hint("{name}", 1)` shows it again.', name=name)
        every = said('You have seen all {total}. `hint("{name}", 1)` shows the first again.', name=name, total=total)
        seen = only if total == 1 else every
        return Notice(said("{name}: no more hints", name=name), (seen, said(WHAT_NOW, name=name)))
    if 1 <= number <= total:
        last = said("This was the last one.")
        more = said('`hint("{name}")` shows the next one.', name=name) if number < total else last
        title = said("{name}: hint {number} of {total}", name=name, number=number, total=total)
        return Notice(title, (said(exercise.hints[number - 1]), more))
    numbered = said("The hints are numbered from 1 to {total}.", total=total)
    return Notice(said("{name}: there is no such hint", name=name), (numbered,))


def solution_notice(exercise: Exercise, source: str, solved: bool) -> Notice:
    """The course's own solution of an exercise, in self-study."""
    after = said("To compare with yours; many answers are right.") if solved else said(
        "Read it until you can say why each line is there. Then write your own without looking: that is what stays."
    )  # fmt: skip
    return Notice(said("{name}: how the course does it", name=exercise.id), (after,), source)


def solution_withheld(exercise: Exercise, attempts: int, tries: int, hint_count: int) -> Notice:
    """Why a solution is not shown yet, and how it is all the same."""
    name, left = exercise.id, len(exercise.hints) - hint_count
    tried = said("You have not tried it yet.") if attempts == 0 else (
        counted("You have tried it once.", "You have tried it {number} times.", attempts)
    )  # fmt: skip
    rule = said(
        'Once you have checked {tries} different answers, `solution("{name}")` shows the course\'s.',
        tries=tries,
        name=name,
    )
    hints = counted(
        'There is a hint that you have not seen: `hint("{name}")`.',
        'There are {number} hints that you have not seen: `hint("{name}")`.', left, name=name,
    ) if left > 0 else ""  # fmt: skip
    wish = said('To see it now all the same: `solution("{name}", now=True)`.', name=name)
    told = tuple(text for text in (f"{tried} {rule}", hints, wish) if text)
    return Notice(said("{name}: the solution can wait", name=name), told)


def no_solution(exercise: Exercise) -> Notice:
    """The answer of a notebook that has no solutions in it: every class's."""
    name = exercise.id
    return Notice(said("{name}: this notebook has no solutions", name=name), (
        said("They come with the edition for self-study only. If this is that one, run its cell \"Self-study\"."),
        said('`hint("{name}")` shows a hint, and `check("{name}")` what is expected beside what you have.', name=name),
    ))  # fmt: skip


def self_study_notice(opened: bool) -> Notice:
    """What the cell that holds the solutions says when it runs."""
    if not opened:
        return Notice(said("Self-study: this cell is damaged"), (
            said("The solutions in it can't be read. All else works; for the solutions, take the notebook anew."),
        ))  # fmt: skip
    text = said(
        'You have the edition for self-study. Try, check, take a hint, try again. When you have tried, `solution("…")` '
        "shows how the course does it; when you have solved it, the check shows it too."
    )
    return Notice(said("Self-study"), (text,))


def unknown_exercise(asked: object, exercises: Sequence[Exercise]) -> Notice:
    """The answer to an id that is no exercise's, with what was probably meant."""
    names = {exercise.requires: exercise.id for exercise in exercises} | {item.id: item.id for item in exercises}
    word = asked if isinstance(asked, str) else str(getattr(asked, "__name__", ""))
    lower = {name.lower(): exercise_id for name, exercise_id in names.items()}
    close = get_close_matches(word.lower()[:100], list(lower), n=1, cutoff=0.6)
    meant = said('Did you mean "{name}"?', name=lower[close[0]]) if close else ""
    names_text = ", ".join(dict.fromkeys(exercise.id for exercise in exercises))
    known = said("The exercises are: {names}.", names=names_text)
    none = said("The exercises are: none: is the course installed?")
    if not isinstance(asked, str):
        title = said("An exercise is named by a text, in quotes")
    else:
        title = said('There is no exercise "{name}"', name=clean(word, 60))
    return Notice(title, tuple(text for text in (meant, known if names_text else none) if text))


def stopped(exercise: Exercise) -> Notice:
    """What a check says when its reader pressed stop."""
    told = said("You stopped the check, so there is no answer. Nothing was recorded.")
    return Notice(said("{name}: stopped", name=exercise.id), (told,))


def fault(reason: str) -> Notice:
    """What a check says when the grader itself failed."""
    return Notice(said("The check itself failed"), (
        said("This is not about your code: the course's own files can't be used. Nothing was recorded."),
        said("The reason: {reason}", reason=clean(reason)),
    ))  # fmt: skip
