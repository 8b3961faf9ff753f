"""What an instructor sees in a terminal: progress, a class's table of scores, its misconceptions, one grade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from autograder.classroom import ClassResult
from autograder.grade import Outcome

SYMBOLS = {
    Outcome.PASSED: "[green]✓[/]", Outcome.FAILED: "[red]✗[/]", Outcome.NOT_ATTEMPTED: "[dim]·[/]",
    Outcome.ERROR: "[red]![/]", Outcome.TIMEOUT: "[yellow]⏱[/]", Outcome.CRASHED: "[yellow]☠[/]",
    Outcome.MISSING: "[dim]?[/]",
}  # fmt: skip
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


def print_summary(console: Console, lesson: str, results: list[ClassResult], most: int = 8) -> None:
    """Print the table of a class, the faults, and its `most` common misconceptions."""
    graded = [result for result in results if result.grade]
    if graded:
        console.print(_table(lesson, graded))
        console.print(f"[dim]{LEGEND}[/]\n")
    for result in results:
        if result.fault:
            console.print(f"[bold red]{escape(result.student)}: not graded[/]: {escape(result.fault)}")
    common = misconceptions([result.grade for result in graded if result.grade])
    if common:
        console.print(_misconceptions(common[:most]))


def misconceptions(grades: list[dict[str, Any]]) -> list[tuple[str, str, str, int]]:
    """(exercise, mistake's id, what its holders were told, how many hold it), the most common first."""
    held: Counter[tuple[str, str]] = Counter()
    told: dict[tuple[str, str], str] = {}
    for grade in grades:
        for exercise in grade["exercises"]:
            if exercise["mistake"]:
                key = (exercise["exercise"], exercise["mistake"])
                held[key] += 1
                told[key] = exercise["message"]
    return [(*key, told[key], count) for key, count in held.most_common()]


def print_grade(console: Console, grade: dict[str, Any]) -> None:
    """Print one notebook's grade, exercise by exercise."""
    score = f"{grade['score']:g} of {grade['max_score']:g} points"
    console.print(f"\n[bold]{escape(grade['notebook'])}[/] · {grade['lesson']} · {score}")
    for exercise in grade["exercises"]:
        points = f"{exercise['points']:g}/{exercise['max_points']:g}"
        outcome = Outcome(exercise["outcome"])
        console.print(f"{SYMBOLS[outcome]} [bold]{exercise['exercise']}[/] {points} {outcome.value}")
        if outcome is not Outcome.PASSED:
            console.print(f"    {escape(exercise['message'])}")
        for note in exercise["notes"]:
            console.print(f"    [dim]{escape(note)}[/]")


def _line(result: ClassResult) -> str:
    name = escape(result.student)
    if result.grade is None:
        return f"[red]{name}: not graded[/]"
    how = "unchanged, not graded again" if result.unchanged else f"{result.seconds:.1f} s"
    return f"[dim]{name}: {result.grade['score']:g}/{result.grade['max_score']:g} ({how})[/]"


def _table(lesson: str, results: list[ClassResult]) -> Table:
    first = results[0].grade or {}
    table = Table(title=f"{lesson}: {len(results)} students", title_justify="left")
    table.add_column("student", overflow="fold")
    table.add_column("score", justify="right")
    for exercise in first["exercises"]:
        table.add_column(exercise["exercise"], justify="center", overflow="fold")
    for result in sorted(results, key=lambda result: result.student):
        grade = result.grade or {}
        cells = [
            f"{SYMBOLS[Outcome(exercise['outcome'])]} {exercise['points']:g}/{exercise['max_points']:g}"
            for exercise in grade["exercises"]
        ]
        table.add_row(escape(result.student), f"{grade['score']:g}/{grade['max_score']:g}", *cells)
    return table


def _misconceptions(common: list[tuple[str, str, str, int]]) -> Table:
    table = Table(title="The most common misconceptions", title_justify="left", show_lines=True)
    table.add_column("students", justify="right")
    table.add_column("exercise")
    table.add_column("mistake")
    table.add_column("what they were told", ratio=1)
    for exercise, mistake, message, count in common:
        table.add_row(str(count), exercise, mistake, escape(message))
    return table
