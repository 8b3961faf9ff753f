"""Compares observations, names the known mistake behind a difference, and gives points: pure functions of plain data.

Golden observations are kept here as well: what a student's own `check()` compares with.
"""

from autograder.judging.compare import SEVERITY, Apart, Mismatch, Path, Step, compare
from autograder.judging.diagnose import KnownMistake
from autograder.judging.golden import golden_agrees, public_seed, read_golden, write_golden
from autograder.judging.grade import (
    CellError,
    CriterionGrade,
    ExerciseGrade,
    Expected,
    GraderFault,
    NoObservation,
    Outcome,
    Seen,
    SubmissionGrade,
    all_raised,
    grade_exercise,
    tolerance_of,
)
from autograder.judging.misnamed import misnamed

__all__ = [
    "SEVERITY", "Apart", "CellError", "CriterionGrade", "ExerciseGrade", "Expected", "GraderFault", "KnownMistake",
    "Mismatch", "NoObservation", "Outcome", "Path", "Seen", "Step", "SubmissionGrade", "all_raised", "compare",
    "golden_agrees", "grade_exercise", "misnamed", "public_seed", "read_golden", "tolerance_of", "write_golden",
]  # fmt: skip
