"""The sandbox by itself: what it is made of."""

from __future__ import annotations

import io
import os
import shutil
import struct
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from helpers import ROOT

from autograder.lesson.lesson import Lesson
from autograder.sandbox import Bubblewrap, Limits, NoIsolation, bubblewrap, sandbox_named
from autograder.sandbox.bubblewrap import BubblewrapMissing
from autograder.sandbox.package import student_package
from autograder.sandbox.seccomp import AUDIT_ARCHITECTURES, seccomp_program


def test_the_student_package_holds_no_answer(lesson: Lesson) -> None:
    lesson.golden.write_text("{}")
    names = zipfile.ZipFile(io.BytesIO(student_package(lesson))).namelist()
    words = lesson.folder / "languages" / "eo.mo"
    words.parent.mkdir()
    words.touch()
    checked = zipfile.ZipFile(io.BytesIO(student_package(lesson, [lesson]))).namelist()
    lesson.golden.unlink()
    shutil.rmtree(words.parent)
    graded_rooms, student_rooms = {"lesson", "source", "probing"}, {"judging", "feedback", "student"}
    assert rooms_in(names) == graded_rooms
    assert rooms_in(checked) == graded_rooms | student_rooms
    others = {name for name in set(checked) - set(names) if not name.startswith("autograder/")}
    assert others == {"lessons/small/golden.json", "lessons/small/languages/eo.mo"}
    assert len(checked) == len(set(checked))
    assert [name for name in names if name.startswith("lessons/")] == ["lessons/small/exercises/__init__.py"]
    assert not [name for name in names if not name.endswith((".py", "-ubyte"))]
    assert len([name for name in names if name.endswith("-ubyte")]) == 4


def rooms_in(names: Iterable[str]) -> set[str]:
    """The folders of the engine among an archive's files."""
    return {parts[1] for name in names if (parts := name.split("/"))[0] == "autograder" and len(parts) > 2}


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize(("uid", "expected"), [(0, ["--cap-drop", "ALL"]), (1000, ["--unshare-user"])])
def test_the_walls_are_the_same_with_and_without_root(
    monkeypatch: pytest.MonkeyPatch, uid: int, expected: list[str], shared: bool
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: uid)
    options = bubblewrap._options(Limits(scratch=123), shared)
    for option in [*expected, "--unshare-net", "--unshare-pid", "--unshare-ipc", "--new-session"]:
        assert option in options
    assert ("CAP_SYS_ADMIN" in options) == shared
    mounted = {options[place + 1] for place, option in enumerate(options) if option.endswith("bind")}
    written = {options[place + 1] for place, option in enumerate(options) if option == "--tmpfs"}
    assert not [option for option in options if option in ("--bind", "--dev-bind", "--share-net")]
    assert written == {"/tmp", "/dev/shm", "/run/kernel", "/opt/course"}
    assert not {str(ROOT), str(Path.home()), "/", "/tmp", "/home"} & mounted
    assert options.count("--size") == len(written)
    assert [options[place + 1] for place, option in enumerate(options) if option == "--remount-ro"] == ["/", "/dev"]


def test_a_python_that_lives_in_the_course_shows_nothing_of_the_course(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("bin", "lib/python3/site-packages", "submitted", "source"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "gradebook.db").touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    monkeypatch.setattr(sys, "executable", "/usr/bin/python3")
    monkeypatch.setattr(sys, "path", [str(tmp_path), str(tmp_path / "lib/python3/site-packages")])
    assert bubblewrap._python() == [tmp_path / "bin", tmp_path / "lib"]
    walls = bubblewrap._Confined("bwrap", Limits(), shared=True)
    assert walls.covered == [str(path) for path in bubblewrap._python() if Path("/tmp") in path.parents]


@pytest.mark.parametrize("machine", AUDIT_ARCHITECTURES)
def test_the_filter_of_system_calls_is_a_program_that_always_returns(machine: str) -> None:
    steps = list(struct.iter_unpack("=HBBI", seccomp_program(machine)))
    assert steps[-1] == (0x06, 0, 0, 0x7FFF0000)
    for place, (code, then, otherwise, _) in enumerate(steps):
        assert code == 0x06 or place + 1 + max(then, otherwise) < len(steps)


def test_a_machine_unknown_to_the_filter_gets_none() -> None:
    assert seccomp_program("pdp11") == b""


def test_without_bubblewrap_the_way_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name, path: None)
    with pytest.raises(NoIsolation, match=r"apt-get install bubblewrap(.|\n)*--isolation none"):
        sandbox_named("bubblewrap")
    with pytest.raises(NoIsolation, match="choose one of: bubblewrap, none"):
        sandbox_named("chroot")


def test_a_bubblewrap_that_does_not_work_is_told_with_what_it_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bwrap").write_text("#!/bin/sh\necho no permissions to create namespace >&2\nexit 1\n")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BubblewrapMissing, match="no permissions to create namespace"):
        Bubblewrap.found()
