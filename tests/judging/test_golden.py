"""Golden files are the same on every machine: other last bits leave them as they were committed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from helpers import COURSE

from autograder.judging.golden import public_seed, read_golden, write_golden
from autograder.judging.grade import Expected
from autograder.lesson.lesson import Lesson
from autograder.probing.observation import to_json
from autograder.running.reference import expected_observations

OTHER_PROCESSOR = {"ATEN_CPU_CAPABILITY": "default", "MKL_CBWR": "COMPATIBLE", "ONEDNN_MAX_CPU_ISA": "SSE41"}
"""torch then computes without the vector instructions of this processor, and so with other last bits."""
LESSONS = sorted(path.parent.name for path in COURSE.glob("*/golden.json"))


def texts(expected: dict[str, Expected]) -> list[str]:
    return [to_json(node) for item in expected.values() for node in item.reference]


@pytest.mark.slow
@pytest.mark.parametrize("name", LESSONS if "SOAK" in os.environ else ["lesson2_mnist_cnn"])
def test_another_processor_leaves_a_golden_file_as_it_was(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = Lesson(Path(shutil.copytree(COURSE / name, tmp_path / name)))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for variable, value in OTHER_PROCESSOR.items():
        monkeypatch.setenv(variable, value)
    fresh = expected_observations(lesson, public_seed(lesson))
    assert texts(fresh) != texts(read_golden(lesson))
    write_golden(lesson, fresh)
    assert lesson.golden.read_bytes() == (COURSE / name / "golden.json").read_bytes()
