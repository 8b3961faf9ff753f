"""The cache of what a lesson's own answers show: an edit runs again what it concerns, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from helpers import COURSE, small_lesson

from autograder.lesson.lesson import Lesson, all_lessons
from autograder.rooms import ENTRANCES, OBSERVING
from autograder.running import reference
from autograder.running.observation_cache import cache_folder, keep, recall
from autograder.running.reference import observe_answers
from autograder.texts.percent import Answer, given_source

TWO = [
    Answer("total", "sum", "def total(numbers):\n    return sum(numbers)\n"),
    Answer("total", "count", "def total(numbers):\n    return len(numbers)\n"),
]


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lesson:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return small_lesson.write(tmp_path / "course")


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The programs that were run, in the real reference process, request by request."""
    requests: list[list[str]] = []
    run = reference._run

    def noted(request: dict[str, Any]) -> list[list[str]]:
        requests.append([answer["source"] for answer in request["answers"]])
        return run(request)

    monkeypatch.setattr(reference, "_run", noted)
    return requests


def test_an_edited_answer_runs_alone(lesson: Lesson, ran: list[list[str]]) -> None:
    before = observe_answers(lesson, TWO, 1)
    edited = Answer("total", "zero", "def total(numbers):\n    return 0\n")
    after = observe_answers(lesson, [TWO[0], edited], 1)
    assert ran == [[TWO[0].source, TWO[1].source], [edited.source]]
    assert after[0] == before[0]
    assert after[1] != before[1]
    observe_answers(lesson, [edited, TWO[1]], 1)
    assert len(ran) == 2


def test_other_criteria_and_another_seed_run_all_again(lesson: Lesson, ran: list[list[str]]) -> None:
    observe_answers(lesson, TWO, 1)
    observe_answers(lesson, TWO, 2)
    criteria = small_lesson.criteria(lesson)
    criteria.write_text(f"{criteria.read_text()}\n# edited\n")
    observe_answers(Lesson(lesson.folder), TWO, 1)
    assert [len(request) for request in ran] == [2, 2, 2]


@pytest.mark.parametrize("damage", [b"no database at all", b""], ids=["not a database", "empty"])
def test_a_damaged_cache_is_made_anew(lesson: Lesson, ran: list[list[str]], damage: bytes) -> None:
    before = observe_answers(lesson, TWO, 1)
    (cache_folder() / "observations.sqlite").write_bytes(damage)
    for _ in range(3):
        assert observe_answers(lesson, TWO, 1) == before
    assert [len(request) for request in ran] == [2, 2]


def test_a_cache_in_the_current_folder_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "cache")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "inside-nn-module"


def test_who_has_no_home_has_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container whose user the system does not know."""

    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    keep({"key": ["reply"]})
    assert recall(["key"]) == {}


def test_the_key_holds_what_a_reference_process_imports() -> None:
    """No module is missing, so that no stale row is read; none is too many, so that none is run for nothing."""
    lessons = [(str(each.folder), given_source(each)) for each in all_lessons([COURSE])]
    program = f"""
import json, sys
from pathlib import Path
from autograder.lesson.lesson import Lesson
import autograder.probing.reference_worker
for folder, given in {lessons!r}:
    Lesson(Path(folder)).exercises
    exec(given, {{"__name__": "__main__"}})
print(json.dumps(sorted(name for name in sys.modules if name.partition(".")[0] == "autograder")))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    names = {name.split(".")[1] for name in json.loads(done.stdout) if "." in name}
    entrances = {name.removesuffix(".py") for name in ENTRANCES}
    assert {"lesson", "probing", "criteria"} <= names <= {*OBSERVING, *entrances}
