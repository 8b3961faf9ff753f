"""The short words around a grade: headline, points, status, and what to do next."""

from __future__ import annotations

from autograder.grade import ExerciseGrade, Outcome

PARTLY = "partly right"

SYMBOLS = {
    Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.NOT_ATTEMPTED: "○", Outcome.ERROR: "!",
    Outcome.TIMEOUT: "…", Outcome.CRASHED: "‼", Outcome.MISSING: "?",
}  # fmt: skip
"""A symbol beside each outcome's word: no meaning hangs on colour alone."""


def headline(grade: ExerciseGrade) -> str:
    """`affine: 2 of 4 points`."""
    return f"{grade.exercise.id}: {points_text(grade.points, grade.exercise.points)}"


def points_text(points: float, most: float) -> str:
    """`2 of 4 points`, `0.5 of 1 point`."""
    return f"{amount(points)} of {amount(most)} point{'' if most == 1 else 's'}"


def amount(points: float) -> str:
    """Points in at most two decimals: `2`, `0.5`, `1.33`."""
    return f"{round(points, 2):g}"


def status(grade: ExerciseGrade) -> tuple[str, str]:
    """The exercise's symbol and word; one that earned some points and not all is partly right."""
    if grade.outcome is not Outcome.PASSED and grade.points > 0:
        return "◐", PARTLY
    return SYMBOLS[grade.outcome], str(grade.outcome)


def more_text(more: int) -> str:
    """`And 3 more differences.`; empty for none."""
    return f"And {more} more difference{'' if more == 1 else 's'}." if more > 0 else ""


def next_step(grade: ExerciseGrade, hint_count: int | None = 0, solvable: bool = False) -> str:
    """A sentence on what to do next; empty where there is nothing to call. `solvable` says whether `solution()` has
    something to show."""
    name, total = grade.exercise.id, len(grade.exercise.hints)
    if hint_count is None:
        return ""
    if grade.outcome is Outcome.PASSED:
        return "Well done. `progress()` shows what is next."
    if grade.outcome is Outcome.MISSING:
        return f"Run the cell that defines `{grade.exercise.requires}`, then this one again."
    if grade.outcome is Outcome.NOT_ATTEMPTED:
        return "Write your answer in the cell above, run it, then run this one again."
    if hint_count >= total and solvable:
        seen = "You have seen every hint. " if total else ""
        return f'{seen}`solution("{name}")` shows how the course does it.'
    if total == 0:
        return ""
    if hint_count >= total:
        return f'You have seen every hint; `hint("{name}", 1)` shows the first again.'
    which = f"the first of {total} hints" if hint_count == 0 else f"hint {hint_count + 1} of {total}"
    return f'Stuck? `hint("{name}")` shows {which if total > 1 else "a hint"}.'
