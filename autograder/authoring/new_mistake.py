"""Adds wrong answers to an exercise's `mistakes.md`: the smallest edit that makes one of a right answer, with the words
that its mistake is told by."""

from __future__ import annotations

import textwrap
from pathlib import Path

from autograder.judging import ExerciseGrade, grade_exercise, public_seed
from autograder.lesson import Lesson, write_whole
from autograder.running import expected_observations, observe_answers
from autograder.texts import SOLUTION, Answer, LessonTextError, answers, bases, end_of_answers, find_edit

WIDTH = 118
FENCE = "```"


class NoMistake(ValueError):
    """A program that can't be added as a wrong answer; the text says why."""


def judged(lesson: Lesson, exercise: str, source: str) -> ExerciseGrade:
    """What becomes of an answer under the public seed. Raises `NoMistake` where it is no Python, or passes."""
    try:
        compile(source, "the answer", "exec")
    except (SyntaxError, ValueError) as error:
        raise NoMistake(f"this is no Python: {error}") from None
    [seen] = observe_answers(lesson, [Answer(exercise, "new", source)], public_seed(lesson))
    grade = grade_exercise(
        lesson.exercises[exercise], expected_observations(lesson, public_seed(lesson))[exercise], list(seen)
    )
    if grade.points == grade.exercise.points:
        raise NoMistake(
            f"it passes every criterion of {exercise}: either it is right, or no criterion sees the mistake"
        )
    return grade


def smallest_block(lesson: Lesson, exercise: str, source: str) -> list[str]:
    """The lines of the fenced block that says this answer in the fewest lines: an edit of some right answer, or all of
    it."""
    found = [(find_edit(base, source).splitlines(), name) for name, base in bases(lesson, exercise).items()]
    edit, base = min(found, key=lambda each: len(each[0]))
    whole = source.splitlines()
    if FENCE in source:
        raise NoMistake(f"it has {FENCE} in it, which would end its block")
    if len(edit) > len(whole):
        return [f"{FENCE}python", *whole, FENCE]
    return [f"{FENCE}diff" if base == SOLUTION else f"{FENCE}diff base={base}", *edit, FENCE]


def add_mistake(lesson: Lesson, exercise: str, mistake: str, source: str, message: str = "") -> Path:
    """Add a wrong answer, and give the file that it was written into: below a mistake that is known, as one more way to
    make it, or else as a new mistake with its message. Raises `NoMistake`."""
    path, block = lesson.home(exercise) / "mistakes.md", smallest_block(lesson, exercise, source)
    before = path.read_text(encoding="utf-8") if path.exists() else f"# Wrong answers to `{exercise}`\n"
    lines = before.splitlines()
    end = end_of_answers(lesson, exercise, mistake)
    if end is not None:
        lines[end:end] = block
    elif message:
        lines += ["", f"## {mistake}", *textwrap.wrap(message, WIDTH, break_on_hyphens=False), "", *block]
    else:
        raise NoMistake(f"the mistake {mistake} is new, and needs words for the student")
    write_whole(path, "\n".join(lines) + "\n")
    if not _is_read_back(lesson, exercise, mistake, source, message if end is None else ""):
        write_whole(path, before)
        raise NoMistake(f"{mistake!r} or its words read otherwise in Markdown: use a plain id and plain sentences")
    return path


def _is_read_back(lesson: Lesson, exercise: str, mistake: str, source: str, message: str) -> bool:
    try:
        known = [each for each in answers(lesson) if (each.exercise, each.mistake) == (exercise, mistake)]
    except LessonTextError:
        return False
    told = " ".join(message.split())
    return any(each.source == source and told in ("", each.message) for each in known)
