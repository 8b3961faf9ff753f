"""What students are told does not depend on their torch: golden observations were made with one version, and answers
that run under another one are told the same. `make oldest` tries all lessons with the oldest torch; elsewhere two
exercises stand for all, with the torch that is here.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from functools import cache

import pytest
from helpers import ROOT
from helpers.bare import PYTHON

from autograder.judging.compare import Tolerance, differ
from autograder.judging.golden import public_seed, read_golden
from autograder.judging.grade import ExerciseGrade, Outcome, Seen, grade_exercise
from autograder.lesson.lesson import Lesson, all_lessons
from autograder.probing.observation import Raised, from_json
from autograder.texts.known_answers import answers
from autograder.texts.percent import Answer, given_source, solutions

OTHER_TORCH = "BARE_PYTHON" in os.environ
LESSONS = list(all_lessons([ROOT / "course"]))[: None if OTHER_TORCH else 1]
EXERCISES = None if OTHER_TORCH else 2
"""How many of a lesson's exercises are tried."""

DIFFERENT = {
    "conv_output_size/torch_on_meta": "torch 2.5 computes no shapes on the meta device that are negative",
    "clip_global_norm/torch-does-it": "torch 2.5 has no nn.utils.get_total_norm",
    "affine/only-matrices": "torch calls the same matrix by another name",
    "count_parameters/needs-values": "a line number in torch's C++ is part of the message",
    "count_parameters/empty-fails": "torch.cat of nothing was a RuntimeError, and is a ValueError",
    "confusion_matrix/empty-fails": "torch.cat of nothing was a RuntimeError, and is a ValueError",
    "mnist_net/own-dropout-unused": "torch's own random numbers are others",
    "sequential_twin/p-of-0-lost": "torch's own random numbers are others",
    "ablate/dropout": "torch's own random numbers are others",
    "ablate/inputs-ablated": "torch counts the dimension of a wrong index otherwise",
    "diagnose/model-changed": "torch's message goes on differently in the middle",
}
"""Right answers, and mistakes some of whose answers are not told the same under torch 2.5 as under 2.15, and why."""


@cache
def grades(lesson: Lesson) -> dict[Answer, ExerciseGrade]:
    """The grade of each answer that the lesson knows, run under the other Python, and compared with the golden ones."""
    tried = list(lesson.exercises)[:EXERCISES]
    asked = [answer for answer in (*solutions(lesson).values(), *answers(lesson)) if answer.exercise in tried]
    request = {
        "folder": str(lesson.folder), "given": given_source(lesson), "seed": public_seed(lesson),
        "answers": [{"exercise": answer.exercise, "source": answer.source} for answer in asked],
    }  # fmt: skip
    done = subprocess.run(
        [PYTHON, "-m", "autograder.probing.reference_worker"], input=json.dumps(request), capture_output=True,
        text=True,         env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}, timeout=540,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    golden = read_golden(lesson)
    seen: Iterator[list[Seen]] = ([from_json(text) for text in shown] for *shown, _ in json.loads(done.stdout))
    return {
        answer: grade_exercise(lesson.exercises[answer.exercise], golden[answer.exercise], observed)
        for answer, observed in zip(asked, seen, strict=True)
    }


def told(grade: ExerciseGrade) -> str | None:
    return grade.mistake.id if grade.mistake else None


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
class TestUnderTheirTorch:
    def test_right_answers_pass(self, lesson: Lesson) -> None:
        right = {f"{a.exercise}/{a.name}": g.outcome for a, g in grades(lesson).items() if a.mistake is None}
        failing = {name for name, outcome in right.items() if outcome is not Outcome.PASSED}
        assert failing <= (DIFFERENT.keys() if OTHER_TORCH else set())
        assert not any(name.endswith("/reference") for name in failing)

    def test_mistakes_fail_and_are_named(self, lesson: Lesson) -> None:
        wrong = [(answer, grade) for answer, grade in grades(lesson).items() if answer.mistake is not None]
        assert len(wrong) > 100
        assert [answer.name for answer, grade in wrong if grade.outcome is Outcome.PASSED] == []
        unnamed = {f"{answer.exercise}/{answer.mistake}" for answer, grade in wrong if told(grade) != answer.mistake}
        assert unnamed <= (DIFFERENT.keys() if OTHER_TORCH else set())


class TestWords:
    """Two torch versions tell of the same failure in different words."""

    @staticmethod
    def alike(one: tuple[str, str], other: tuple[str, str]) -> bool:
        def error(name: str, text: str) -> Raised:
            bases = ("RuntimeError",) if name in ("NotImplementedError", "RecursionError") else ()
            return Raised((name, *bases, "Exception"), text)

        return not differ(error(*one), error(*other), Tolerance(same_failure=True))

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (("RuntimeError", "mat1 and mat2 shapes cannot be multiplied (5x3 and 2x3)"),
             ("RuntimeError", "mm: mat1 and mat2 shapes cannot be multiplied (5x3 and 2x3)")),
            (("RuntimeError", "self must be a matrix"),
             ("RuntimeError", "mm: self must be a matrix, got 1-D tensor")),
            (("RuntimeError", "\"abs_cpu\" not implemented for 'Bool'"),
             ("NotImplementedError", "\"abs_cpu\" not implemented for 'Bool'")),
        ],
    )  # fmt: skip
    def test_alike(self, old: tuple[str, str], new: tuple[str, str]) -> None:
        assert self.alike(old, new)
        assert self.alike(new, old)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (("RuntimeError", "shapes cannot be multiplied (5x3 and 2x3)"),
             ("RuntimeError", "shapes cannot be multiplied (15x3 and 2x3)")),
            (("RuntimeError", "shapes cannot be multiplied (5x3 and 2x3"),
             ("RuntimeError", "shapes cannot be multiplied (5x3 and 2x30)")),
            (("RuntimeError", "no"), ("RuntimeError", "no hooks")),
            (("RuntimeError", "the total norm is not finite"), ("ValueError", "the total norm is not finite")),
            (("RecursionError", "maximum recursion depth exceeded"),
             ("RecursionError", "maximum recursion depth exceeded while calling a Python object")),
        ],
    )  # fmt: skip
    def test_different(self, one: tuple[str, str], other: tuple[str, str]) -> None:
        assert not self.alike(one, other)
