"""The short words around a grade: headline, points, status, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.judging import ExerciseGrade, Outcome
from autograder.lesson import counted, noted, said


@dataclass(frozen=True)
class Status:
    """What became of something: a word, a symbol beside it, since no meaning hangs on colour alone, and its tone:
    `good`, `part`, `bad`, or empty."""

    symbol: str
    english: str
    tone: str = ""

    @property
    def word(self) -> str:
        """The word in the student's language."""
        return said(self.english)


PARTLY = Status("◐", noted("partly right"), "part")
STATUS = {
    Outcome.PASSED: Status("✓", noted("passed"), "good"), Outcome.FAILED: Status("✗", noted("failed"), "bad"),
    Outcome.NOT_ATTEMPTED: Status("○", noted("not attempted")), Outcome.ERROR: Status("!", noted("error"), "bad"),
    Outcome.TIMEOUT: Status("…", noted("timeout"), "bad"), Outcome.CRASHED: Status("‼", noted("crashed"), "bad"),
    Outcome.MISSING: Status("?", noted("missing")),
}  # fmt: skip


def headline(grade: ExerciseGrade) -> str:
    """`affine: 2 of 4 points`."""
    return f"{grade.exercise.id}: {points_text(grade.points, grade.exercise.points)}"


def points_text(points: float, most: float) -> str:
    """`2 of 4 points`, `0.5 of 1 point`."""
    return counted(
        "{earned} of {most} point", "{earned} of {most} points", most, earned=amount(points), most=amount(most)
    )


def of_most(earned: float, most: float) -> str:
    """`2 of 4`."""
    return said("{earned} of {most}", earned=amount(earned), most=amount(most))


def amount(points: float) -> str:
    """Points in at most two decimals: `2`, `0.5`, `1.33`."""
    return f"{round(points, 2):g}"


def status(grade: ExerciseGrade) -> Status:
    """The exercise's; one that earned some points and not all is partly right."""
    return PARTLY if grade.outcome is not Outcome.PASSED and grade.points > 0 else STATUS[grade.outcome]


def more_text(more: int) -> str:
    """`And 3 more differences.`; empty for none."""
    return counted("And {number} more difference.", "And {number} more differences.", more) if more > 0 else ""


def next_step(grade: ExerciseGrade, hint_count: int | None = 0, solvable: bool = False) -> str:
    """A sentence on what to do next; empty where there is nothing to call. `solvable` says whether `solution()` has
    something to show."""
    name, total = grade.exercise.id, len(grade.exercise.hints)
    if hint_count is None:
        return ""
    if grade.outcome is Outcome.PASSED:
        return said("Well done. `progress()` shows what is next.")
    if grade.outcome is Outcome.MISSING:
        return said("Run the cell that defines `{name}`, then this one again.", name=grade.exercise.requires)
    if grade.outcome is Outcome.NOT_ATTEMPTED:
        return said("Write your answer in the cell above, run it, then run this one again.")
    if hint_count >= total:
        return _after_hints(name, total, solvable)
    if total == 1:
        return said('Stuck? `hint("{name}")` shows a hint.', name=name)
    if hint_count == 0:
        return said('Stuck? `hint("{name}")` shows the first of {total} hints.', name=name, total=total)
    return said('Stuck? `hint("{name}")` shows hint {next} of {total}.', name=name, next=hint_count + 1, total=total)


def _after_hints(name: str, total: int, solvable: bool) -> str:
    if solvable:
        seen = [said("You have seen every hint.")] if total else []
        return " ".join([*seen, said('`solution("{name}")` shows how the course does it.', name=name)])
    return said('You have seen every hint; `hint("{name}", 1)` shows the first again.', name=name) if total else ""
