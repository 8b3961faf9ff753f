"""Progress survives kernels, and is never in the way: damaged, foreign and unwritable files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.student.progress import Memory, Record, home


def solve(record: Record) -> Record:
    return record.checked(3, solved=True, tried=True)


def test_a_second_kernel_remembers(tmp_path: Path) -> None:
    Memory(tmp_path).change("affine", solve)
    assert Memory(tmp_path).of("affine") == Record(3, 1, 0, True)
    assert Memory(tmp_path).of("mlp") == Record()


def test_the_best_points_stay_and_attempts_count_until_solved() -> None:
    record = Record()
    for points, tried in ((0, False), (2, True), (1, True)):
        record = record.checked(points, solved=False, tried=tried)
    assert record == Record(2, 2)
    assert solve(solve(record)) == Record(3, 3, 0, True)


def test_two_memories_of_one_folder_see_each_other(tmp_path: Path) -> None:
    one, other = Memory(tmp_path), Memory(tmp_path)
    one.change("affine", solve)
    other.change("mlp", solve)
    assert one.recall().keys() == {"affine", "mlp"}


@pytest.mark.parametrize(
    "damaged",
    [
        "", "{", "[]", "null", "[" * 100_000, '{"format": 2, "exercises": {}}', '{"format": 1, "exercises": {"a": {}}}',
        '{"format": 1, "exercises": {"a": {"best": "x", "attempts": 0, "hints": 0, "solved": 1}}}',
    ],
)  # fmt: skip
def test_a_damaged_file_is_kept_aside(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "progress.json").write_text(damaged)
    memory = Memory(tmp_path)
    assert memory.recall() == {}
    assert (tmp_path / "progress.damaged-1.json").read_text() == damaged
    memory.change("affine", solve)
    (tmp_path / "progress.json").write_bytes(b"\xff")
    assert memory.recall() == {}
    assert (tmp_path / "progress.damaged-2.json").read_bytes() == b"\xff"


def test_an_unwritable_place_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    memory = Memory(tmp_path / "file" / "folder")
    memory.change("affine", solve)
    memory.change("affine", lambda record: replace(record, hints=2))
    assert memory.of("affine") == Record(3, 1, 2, True)


def test_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    Memory(tmp_path).change("affine", solve)
    (path,) = tmp_path.iterdir()
    assert json.loads(path.read_text())["exercises"]["affine"]["best"] == 3


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory(tmp_path)
    memory.change("affine", solve)

    def full(path: Path, target: Path) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    memory.change("mlp", solve)
    assert [path.name for path in tmp_path.iterdir()] == ["progress.json"]
    assert memory.recall().keys() == {"affine", "mlp"}
    assert Memory(tmp_path).recall().keys() == {"affine"}


def test_the_folder_is_the_users_unless_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INSIDE_NN_MODULE_HOME", str(tmp_path))
    assert home() == tmp_path
    monkeypatch.delenv("INSIDE_NN_MODULE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert home() == tmp_path / ".inside-nn-module"
