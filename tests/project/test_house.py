"""The engine's rooms: imports run down, and the map in CONTRIBUTING.md is the one that the code has."""

from __future__ import annotations

import sys
from pathlib import Path

from helpers import ROOT

sys.path.insert(0, str(ROOT / "tools"))

import house

from autograder.rooms import BUILDING, FLOORS, GRADING, OBSERVING, STUDENT, digest


def test_every_room_lies_on_one_floor() -> None:
    assert sorted(name for names in FLOORS for name in names) == sorted(house.rooms())


def test_imports_run_down() -> None:
    assert len(house.arrows()) > 50  # they are found at all
    assert house.running_up() == []
    assert not [pair for pair in house.EXCEPTIONS if pair not in house.arrows()]


def test_an_import_that_runs_up_is_found(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    for room in ("lesson", "cli"):
        (tmp_path / "autograder" / room).mkdir(parents=True)
        (tmp_path / "autograder" / room / "__init__.py").touch()
    (tmp_path / "autograder/lesson/late.py").write_text("def f():\n    from autograder.cli import main\n")
    monkeypatch.setattr(house, "ROOT", tmp_path)
    monkeypatch.setattr(house, "ENGINE", tmp_path / "autograder")
    assert house.running_up() == ["lesson imports from cli: autograder/lesson/late.py"]


def test_rooms_import_what_others_hand_out() -> None:
    assert house.past_doors() == []


def test_an_import_past_a_door_is_found(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    for room, handed_out in {"lesson": ["Lesson"], "cli": []}.items():
        (tmp_path / "autograder" / room).mkdir(parents=True)
        (tmp_path / "autograder" / room / "__init__.py").write_text(f"__all__ = {handed_out}\n")
    (tmp_path / "autograder/cli/main.py").write_text("from autograder.lesson import Lesson, hidden\n")
    monkeypatch.setattr(house, "ROOT", tmp_path)
    monkeypatch.setattr(house, "ENGINE", tmp_path / "autograder")
    [fault] = house.past_doors()
    assert fault == "autograder/cli/main.py imports autograder.lesson.hidden, which the room lesson does not hand out"


def reached_from(*rooms: str) -> set[str]:
    """These rooms, and all that they import from, at however many removes."""
    found, arrows = set(rooms), house.arrows()
    while more := {there for here, there in arrows if here in found} - found:
        found |= more
    return found


def test_what_leaves_the_house_is_what_imports_reach() -> None:
    """No list lacks a room that its own rooms import from, and none has a room that they don't."""
    assert reached_from("probing") == set(OBSERVING)
    assert reached_from("student") == set(STUDENT)
    assert reached_from("running", "nbgrader") == set(GRADING)
    assert reached_from("authoring") == set(BUILDING)


def test_a_digest_changes_with_its_rooms_alone(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("autograder.rooms.ENGINE", tmp_path)
    for name in ("__init__.py", "criteria.py", "digits.py", "lesson/language.py", "cli/demo.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    before = digest.__wrapped__(("lesson",))
    (tmp_path / "cli/demo.py").write_text("changed = True")
    assert digest.__wrapped__(("lesson",)) == before
    (tmp_path / "lesson/language.py").write_text("changed = True")
    assert digest.__wrapped__(("lesson",)) != before


def test_the_page_has_the_map() -> None:
    text = house.PAGE.read_text(encoding="utf-8")
    assert house.with_map(text) == text
