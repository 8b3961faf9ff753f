"""Golden files are the same on every machine: other last bits leave them as they were committed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from helpers import COURSE

from autograder.judging.golden import public_seed, read_golden, write_golden
from autograder.lesson.lesson import Lesson
from autograder.running.reference import expected_observations, observe_answers
from autograder.texts.percent import solutions

OTHER_PROCESSOR = {"ATEN_CPU_CAPABILITY": "default", "MKL_CBWR": "COMPATIBLE", "ONEDNN_MAX_CPU_ISA": "SSE41"}
"""torch then computes without the vector instructions of this processor, and so with other last bits."""
EVERYTHING = "SOAK" in os.environ
LESSONS = sorted(path.parent.name for path in COURSE.glob("*/golden.json"))


def test_the_other_processor_is_another_one() -> None:
    asks = "import torch; print(torch.backends.cpu.get_cpu_capability())"
    environment = {**os.environ, **OTHER_PROCESSOR}
    there = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True, env=environment)
    assert there.stdout == "DEFAULT\n"


@pytest.mark.slow
@pytest.mark.parametrize("name", LESSONS)
def test_another_processor_leaves_a_golden_file_as_it_was(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The references; before a release the known mistakes as well."""
    lesson = Lesson(Path(shutil.copytree(COURSE / name, tmp_path / name)))
    golden, seed = read_golden(lesson), public_seed(lesson)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for variable, value in OTHER_PROCESSOR.items():
        monkeypatch.setenv(variable, value)
    if EVERYTHING:
        fresh = expected_observations(lesson, seed)
    else:
        observed = dict(zip(golden, observe_answers(lesson, list(solutions(lesson).values()), seed), strict=True))
        fresh = {exercise: replace(item, reference=observed[exercise]) for exercise, item in golden.items()}
    write_golden(lesson, fresh)
    assert lesson.golden.read_bytes() == (COURSE / name / "golden.json").read_bytes()
