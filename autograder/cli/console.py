"""What stands in a terminal: a class's progress, scores and misconceptions; one notebook's grade, with its cards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.box import ROUNDED, SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from autograder.feedback import Card, Row, clean, lay_out, misconceptions, points_text
from autograder.judging import ExerciseGrade, Outcome, SubmissionGrade
from autograder.lesson import said

if TYPE_CHECKING:
    from autograder.classroom.grading import ClassResult  # brings nbgrader, which a check does without
    from autograder.texts import Answer  # brings jupytext
    from autograder.translation.translate import Translated  # brings Babel
    from autograder.update import Update

SYMBOLS = {
    Outcome.PASSED: "[green]✓[/]", Outcome.FAILED: "[red]✗[/]", Outcome.NOT_ATTEMPTED: "[dim]·[/]",
    Outcome.ERROR: "[red]![/]", Outcome.TIMEOUT: "[yellow]⏱[/]", Outcome.CRASHED: "[yellow]☠[/]",
    Outcome.MISSING: "[dim]?[/]",
}  # fmt: skip
BY_HAND = "* points given by a person"
LEGEND = "✓ passed  ✗ failed  ! error  ⏱ timeout  ☠ crashed  · not attempted  ? missing"


def follow(console: Console, results: Iterable[ClassResult], total: int) -> list[ClassResult]:
    """Show a progress bar and each name as it finishes; all results at the end."""
    done: list[ClassResult] = []
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("grading", total=total)
        for result in results:
            done.append(result)
            bar.console.print(_line(result))
            bar.advance(task)
    return done


def print_summary(console: Console, lesson: str, results: list[ClassResult], most: int = 6) -> None:
    """Print the table of a class, the faults, and its `most` common misconceptions."""
    grades = {result.student: result.grade for result in results if result.grade}
    if grades:
        _print_table(console, lesson, grades)
    for result in results:
        if result.fault:
            console.print(f"[bold red]{escape(result.student)}: not graded[/]: {escape(result.fault)}")
        elif result.grade and (reason := result.grade.get("unreadable")):
            console.print(f"[bold red]{escape(result.student)}: 0 points[/], because {escape(reason)}")
    common = misconceptions(list(grades.values()))
    if common:
        console.print(_misconceptions(common[:most]))


def print_grade(console: Console, notebook: str, grade: SubmissionGrade) -> None:
    """Print one notebook's grade: a line for each exercise, and the card of what was tried and is not right yet."""
    score = points_text(grade.points, grade.lesson.points)
    console.print(f"\n[bold]{escape(clean(notebook))}[/] · {grade.lesson.name} · {score}")
    for exercise in grade.exercises:
        console.print(_exercise(exercise))


def _exercise(grade: ExerciseGrade) -> RenderableType:
    card = lay_out(grade)
    line = Text.from_markup(SYMBOLS[grade.outcome])
    line.append(f" {card.headline}", "bold").append(f" {card.status.word} · ").append(_words(card.title))
    notes = [_words(note, "dim") for note in card.notes]
    if grade.outcome in (Outcome.PASSED, Outcome.NOT_ATTEMPTED):
        return Group(line, *(Padding(note, (0, 0, 0, 4)) for note in notes))
    return Group(line, Padding(Group(*notes, *_card(card)), (0, 0, 1, 4)))


def _card(card: Card) -> Iterator[RenderableType]:
    """A card below its headline, as `feedback` laid it out."""
    if card.cause:
        yield Text(card.cause, "bold yellow")
    yield from map(_words, card.lead)
    for row in card.rows:
        yield Text.from_markup(SYMBOLS[row.outcome]).append(" ").append(_words(f"{row.name} ({row.points})"))
        yield Padding(Group(*_below(row)), (0, 0, 0, 2))
    yield _words(card.next)


def _below(row: Row) -> Iterator[RenderableType]:
    """What is told of a criterion: a table of expected and yours, or sentences; a drawing; a remark."""
    if row.differences:
        table = Table(
            said("where"), said("expected"), said("yours"), box=ROUNDED, header_style="bold", border_style="dim"
        )
        for difference in row.differences:
            table.add_row(*map(_words, (difference.place, difference.expected, difference.seen)))
        yield table
        notes = [f"{difference.place}: {difference.note}." for difference in row.differences if difference.note]
        yield from (_words(text, "dim") for text in (*notes, row.more) if text)
    else:
        yield from map(_words, row.sentences)
    if row.drawing is not None and row.opened:
        yield from [_words(f"{row.drawn}:")] if row.drawn else []
        yield Padding(Text("\n".join(row.drawing.text()), no_wrap=True, overflow="ellipsis"), (1, 0, 1, 2))
    if row.cause:
        yield Text(row.cause, "bold yellow")
    if row.remark:
        yield _words(row.remark)


def _words(text: str, style: str = "") -> Text:
    """Our own words, code between backticks in a colour. Nothing in it is markup."""
    parts = re.split(r"(`[^`]+`)", text)
    return Text.assemble(*((part, "cyan" if number % 2 else "") for number, part in enumerate(parts)), style=style)


def print_update(console: Console, update: Update) -> None:
    """Print what an update did to a notebook, exercise by exercise."""
    merged, lines = update.merged, []
    done = said("updated") if update.backup else said("would be updated, nothing was written")
    if update.needed:
        lines += [f"[bold]{escape(name)}[/]: {what}" for name, what in merged.exercises.items()]
        counts = {
            said("Cells of the lesson that are new or say something else"): merged.new,
            said("Cells of the lesson that you had changed, as you left them"): merged.changed,
            said("Cells that you and the lesson both changed, yours below the new one"): merged.beside,
            said("Cells of your own"): merged.own,
        }
        lines += [f"{what}: {count}" for what, count in counts.items() if count]
    else:
        done = said("it has the newest version already, nothing to do")
    lines += [said("The notebook as it was: {file}", file=escape(str(update.backup)))] if update.backup else []
    head = f"[bold]{escape(str(update.path))}[/] · {update.lesson} · {done}"
    console.print("\n  ".join([head, *lines]), highlight=False, soft_wrap=True)


def print_mistakes(console: Console, wrong: list[Answer], whole: bool) -> None:
    """Known wrong answers, by mistake: what is told, in how many ways it is made, and, where wanted, each program."""
    for name, ways in groupby(wrong, lambda answer: answer.mistake):
        answers = list(ways)
        console.print(Text(f"{answers[0].exercise}/{name}", "bold"), Text(_counted(len(answers))))
        console.print(Padding(Text(answers[0].message), (0, 0, 1, 2)))
        for answer in answers if whole else ():
            console.print(Text(f"# {answer.name}, {answer.place}", "dim"), soft_wrap=True)
            console.print(Syntax(answer.source, "python", background_color="default"))


def _counted(ways: int) -> str:
    return "one way to make it" if ways == 1 else f"{ways} ways to make it"


def print_translations(console: Console, places: list[Translated]) -> None:
    """Print how far each language is, place by place, and what a person should look at."""
    if not places:
        console.print("The templates are up to date; there is no other language yet. To begin: autograder translate de")
        return
    table = Table(box=SIMPLE_HEAD, padding=0)
    table.add_column("place", no_wrap=True)
    table.add_column("language")
    for name in ("translated", "of", "fuzzy"):
        table.add_column(name, justify="right")
    for each in places:
        table.add_row(each.place, each.language, str(each.done), str(each.words), str(each.fuzzy))
    console.print(table)
    for each in places:
        for doubt in each.doubts:
            console.print(_words(f"{each.place}, {each.language}: {doubt}"), soft_wrap=True)


def _line(result: ClassResult) -> str:
    name = escape(result.student)
    if result.grade is None:
        return f"[red]{name}: not graded[/]"
    how = "unchanged, not graded again" if result.unchanged else f"{result.seconds:.1f} s{_why(result.changed)}"
    return f"[dim]{name}: {result.grade['score']:g}/{result.grade['max_score']:g} ({how})[/]"


def _why(changed: str) -> str:
    """Why somebody is graded again whose submission has not changed."""
    return f", again: the {changed} has changed" if changed in ("lesson", "grader") else ""


def _print_table(console: Console, lesson: str, grades: dict[str, dict[str, Any]]) -> None:
    """A row a student. Exercises go by their number, so that a row fits into 80 columns."""
    exercises = next(iter(grades.values()))["exercises"]
    table = Table(title=f"{lesson}: {len(grades)} students", title_justify="left", box=SIMPLE_HEAD, padding=0)
    table.add_column("student", no_wrap=True, overflow="ellipsis")
    table.add_column("score", justify="right", no_wrap=True)
    changed = [each for grade in grades.values() for each in grade["exercises"] if each.get("by_hand")]
    for number in range(len(exercises)):
        table.add_column(str(number + 1), no_wrap=True, min_width=5)
    for student, grade in sorted(grades.items()):
        cells = [_cell(each) for each in grade["exercises"]]
        table.add_row(escape(student), f"{grade['score']:g}/{grade['max_score']:g} ", *cells)
    console.print(table)
    names = [f"{i} {each['exercise']} ({each['max_points']:g})" for i, each in enumerate(exercises, 1)]
    console.print(f"[dim]exercises (points): {', '.join(names)}[/]", highlight=False)
    console.print(f"[dim]{LEGEND}{f'  {BY_HAND}' if changed else ''}[/]", highlight=False)
    late = [f"{student} -{points:g}" for student, grade in sorted(grades.items())
            if (points := grade.get("late_penalty"))]  # fmt: skip
    if late:
        console.print(f"Taken off for being late: {escape(', '.join(late))}", highlight=False)
    console.print()


def _cell(exercise: dict[str, Any]) -> str:
    star = "*" if exercise.get("by_hand") else ""
    return f"{SYMBOLS[Outcome(exercise['outcome'])]} {exercise['points']:g}{star}"


def _misconceptions(common: list[tuple[str, str, str, int]]) -> Table:
    table = Table(title="The most common misconceptions", title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 1, 0))
    table.add_column("students", justify="right")
    table.add_column("exercise, mistake", overflow="fold")
    table.add_column("what they were told", ratio=1)
    for exercise, mistake, message, count in common:
        table.add_row(str(count), f"{exercise}\n[dim]{mistake}[/]", escape(message))
    return table
