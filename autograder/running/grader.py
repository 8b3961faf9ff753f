"""Grades one submission: runs it, compares it with the reference, turns the comparison into a grade.

All routes end here: `nbgrader autograde`, Formgrader's button, `autograder grade` and `autograder check`.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.judging import (
    ExerciseGrade,
    Expected,
    GraderFault,
    NoObservation,
    Outcome,
    Seen,
    SubmissionGrade,
    grade_exercise,
    misnamed,
    public_seed,
    read_golden,
)
from autograder.lesson import Exercise, Lesson, noted, said
from autograder.probing import derive, shown_by
from autograder.running.identity import grade_identity
from autograder.running.reference import expected_observations
from autograder.running.remote import KernelBroken
from autograder.running.run import RunResult, Runs
from autograder.sandbox import KernelNotStarted, Limits, Sandbox
from autograder.source import defines, functions_and_classes
from autograder.submission import Submission, UnreadableSubmission, complete, digest, read_submission, untouched

SECRET_FILE = "secret.key"
ALONE_NOTE = noted("Something else in the notebook got in its way, so it was graded by itself.")


@dataclass(frozen=True)
class Grader:
    """Everything that grading submissions to one lesson needs, made once: `Grader.for_lesson`."""

    lesson: Lesson
    expected: dict[str, Expected]
    seed: int
    sandbox: Sandbox
    limits: Limits

    @classmethod
    def for_lesson(cls, lesson: Lesson, sandbox: Sandbox, limits: Limits | None = None) -> Grader:
        """A grader with the lesson's own seed and the reference's observations under it (cached).

        Where only the student package is installed there is no reference: then the golden observations serve.
        Raises `GraderFault` where the lesson's own code fails.
        """
        if not lesson.text.exists():
            return cls(lesson, read_golden(lesson), public_seed(lesson), sandbox, limits or Limits())
        seed = derive(course_secret(lesson.folder.parent), lesson.name)
        return cls(lesson, expected_observations(lesson, seed), seed, sandbox, limits or Limits())

    def grade(self, content: bytes) -> SubmissionGrade:
        """Grade a notebook file's bytes, unreadable ones included. Raises `GraderFault` for a fault of our own."""
        try:
            submission = complete(read_submission(content, self.lesson), self.lesson)
        except UnreadableSubmission as error:
            grade = self.grade_unreadable(str(error))
        else:
            grade = self.grade_submission(submission)
        return replace(grade, fingerprint=self.fingerprint(digest(content)))

    def fingerprint(self, submission: str) -> str:
        """The identity of the grade of a submission, which is given by its digest: until it changes, the same grade is
        due."""
        return grade_identity(self.lesson, self.seed, submission)

    def grade_submission(self, submission: Submission) -> SubmissionGrade:
        """Grade a submission that has been read. Raises `GraderFault` for a fault of our own."""
        runs = Runs(submission, self.lesson, self.seed, self.sandbox, self.limits)
        try:
            result = runs.whole()
            grades = tuple(self._grade(name, runs, result, submission) for name in self.lesson.exercises)
        except (KernelNotStarted, KernelBroken) as error:
            raise GraderFault(str(error)) from error
        return SubmissionGrade(self.lesson, grades, result.outputs)

    def _grade(self, name: str, runs: Runs, result: RunResult, submission: Submission) -> ExerciseGrade:
        """An exercise's grade; where another cell may have spoiled it, the better of that and of a look at it alone."""
        exercise, expected = self.lesson.exercises[name], self.expected[name]
        notes = (*submission.notes.get(name, ()), *_misnamed(submission, exercise))
        grade = grade_exercise(exercise, expected, result.seen[name], notes)
        if grade.points == 0 and (stub := untouched(submission, exercise)):  # whatever other cells have done
            return grade_exercise(exercise, expected, [shown_by(stub)] * len(exercise.criteria), notes)
        if name not in result.doubtful or grade.outcome in (Outcome.PASSED, Outcome.NOT_ATTEMPTED):
            return grade
        looks = (grade_exercise(exercise, expected, seen, (*notes, said(ALONE_NOTE))) for seen in runs.alone(name))
        return max((grade, *looks), key=lambda found: found.points)

    def grade_unreadable(self, reason: str) -> SubmissionGrade:
        """The grade of a file that is no notebook: every exercise missing, with the reason."""
        grades = []
        for name, exercise in self.lesson.exercises.items():
            seen: list[Seen] = [NoObservation(Outcome.MISSING, reason)] * len(exercise.criteria)
            grades.append(grade_exercise(exercise, self.expected[name], seen))
        return SubmissionGrade(self.lesson, tuple(grades), unreadable=reason)


def _misnamed(submission: Submission, exercise: Exercise) -> list[str]:
    """A note where the exercise's cell defines not the required name, but nearly."""
    own = submission.find("solution", exercise.id)
    source = "" if own is None else submission.cells[own].source
    note = "" if defines(source, exercise.requires) else misnamed(exercise.requires, functions_and_classes(source))
    return [note] if note else []


def course_secret(course: Path) -> str:
    """The course's secret, made on first use and kept in `secret.key`: graded inputs are drawn from it, so that a
    regrade gives the same result and no student knows them. Keep it as you keep the gradebook."""
    path = course / SECRET_FILE
    try:
        if not path.exists():
            _make_secret(path)
        text = path.read_text().strip()
    except OSError as error:
        raise GraderFault(f"the course's secret can't be kept in {path}: {error.strerror}") from error
    if len(text) < 32:
        raise GraderFault(f"{path} is too short to be a secret; delete it to have a new one made")
    return text


def _make_secret(path: Path) -> None:
    """Write a new secret whole; where another process was faster, its secret stands."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_hex(32) + "\n")
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
