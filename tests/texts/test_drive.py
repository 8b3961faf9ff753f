"""Progress on Google Drive, in Colab."""

from __future__ import annotations

import importlib.util
import shutil
import sys
import types
from pathlib import Path

import nbformat
import pytest
from helpers import COURSE
from helpers.bare import Bare, texts
from helpers.first_cells import FIRST_CELL

from autograder.student import drive
from autograder.student.progress import HOME, Memory, Record, home


class ColabDrive:
    """Google's `drive`: opening it makes a folder, or fails as it was told to."""

    def __init__(self, mount: Path) -> None:
        self.mount_point, self.opens = mount, True
        self.error: Exception | None = None

    def mount(self, mountpoint: str) -> None:
        assert mountpoint == str(self.mount_point)
        if self.error:
            raise self.error
        if self.opens:
            (self.mount_point / "MyDrive").mkdir(parents=True, exist_ok=True)
        print(f"Mounted at {mountpoint}")


@pytest.fixture
def colab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ColabDrive:
    """This Python as if it were in Colab."""
    google = ColabDrive(tmp_path / "drive")
    module = types.ModuleType("google.colab")
    module.drive = google  # type: ignore[attr-defined]
    module.__spec__ = importlib.machinery.ModuleSpec("google.colab", None)
    monkeypatch.setitem(sys.modules, "google", types.ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", module)
    monkeypatch.setattr(drive, "MOUNT", google.mount_point)
    monkeypatch.setenv(HOME, str(tmp_path / "runtime1"))
    return google


def remembered() -> dict[str, Record]:
    """What a kernel that starts now remembers."""
    return Memory(home(), *drive.folders()).recall()


def solve(exercise: str, points: float = 3) -> None:
    Memory(home(), *drive.folders()).change(exercise, lambda record: record.checked(points, solved=True, tried=True))


class TestDrive:
    """Progress on Drive, for those who want it."""

    def test_it_is_offered_in_colab_and_nowhere_else(self, colab: ColabDrive, monkeypatch: pytest.MonkeyPatch) -> None:
        assert drive.advice().endswith(
            "If you want it kept on your Google Drive, run: autograder.keep_progress_on_drive()"
        )
        monkeypatch.setitem(sys.modules, "google.colab", None)
        assert drive.advice() == ""

    def test_a_new_runtime_goes_on(
        self, colab: ColabDrive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        solve("affine")
        drive.keep_progress_on_drive()
        assert "Your progress is kept on your Google Drive" in capsys.readouterr().out
        solve("mlp")
        (tmp_path / "drive").rename(tmp_path / "far away")
        monkeypatch.setenv(HOME, str(tmp_path / "runtime2"))
        assert remembered() == {}
        solve("freeze")
        (tmp_path / "far away").rename(tmp_path / "drive")
        drive.keep_progress_on_drive()
        assert remembered().keys() == {"affine", "mlp", "freeze"}
        assert drive.advice() == "Your progress is kept on your Google Drive, in MyDrive/inside-nn-module."

    @pytest.mark.parametrize(
        "error",
        [ValueError("mount failed"), RuntimeError("credential propagation was unsuccessful"), OSError(107, "gone")],
    )
    def test_denied_or_failed_progress_goes_on_here(
        self, colab: ColabDrive, error: Exception, capsys: pytest.CaptureFixture[str]
    ) -> None:
        solve("affine")
        colab.error = error
        drive.keep_progress_on_drive()
        said = capsys.readouterr().out
        assert said.startswith("Google Drive could not be opened\n  Your progress goes on in this runtime")
        assert str(error) in said
        solve("mlp")
        assert remembered().keys() == {"affine", "mlp"}

    def test_a_drive_that_is_not_there_after_all(self, colab: ColabDrive, capsys: pytest.CaptureFixture[str]) -> None:
        colab.opens = False
        drive.keep_progress_on_drive()
        assert "could not be opened" in capsys.readouterr().out
        assert not colab.mount_point.exists()

    def test_a_drive_that_takes_nothing(self, colab: ColabDrive, capsys: pytest.CaptureFixture[str]) -> None:
        solve("affine")
        (colab.mount_point / drive.PLACE / "progress.json").mkdir(parents=True)
        drive.keep_progress_on_drive()
        assert "nothing can be written there" in capsys.readouterr().out
        solve("mlp")
        assert remembered().keys() == {"affine", "mlp"}

    def test_a_drive_that_goes_away_takes_nothing_along(self, colab: ColabDrive, tmp_path: Path) -> None:
        drive.keep_progress_on_drive()
        solve("affine")
        shutil.rmtree(tmp_path / "drive")
        assert remembered() == {"affine": Record(3, 1, 0, True)}
        solve("mlp")
        assert remembered().keys() == {"affine", "mlp"}

    def test_the_better_of_two_records_counts(self, colab: ColabDrive) -> None:
        drive.keep_progress_on_drive()
        Memory(home()).change("affine", lambda record: Record(5, 2, 1, False))
        Memory(*drive.folders()).change("affine", lambda record: Record(3, 4, 0, True))
        assert remembered() == {"affine": Record(5, 4, 1, True)}

    def test_elsewhere_it_says_so(self, capsys: pytest.CaptureFixture[str]) -> None:
        drive.keep_progress_on_drive()
        assert capsys.readouterr().out.startswith("This is not Colab\n")


STUB = """
import os

def mount(mountpoint):
    if "DENIED" in os.environ:
        raise ValueError("mount failed")
    if os.path.exists(mountpoint + ".away"):
        os.rename(mountpoint + ".away", mountpoint)
    os.makedirs(os.path.join(mountpoint, "MyDrive"), exist_ok=True)
    print("Mounted at", mountpoint)
"""


@pytest.mark.slow
def test_in_a_kernel_as_in_colab(bare: Bare, wheel: Path, tmp_path: Path) -> None:
    stub = tmp_path / "stub"
    (stub / "google/colab").mkdir(parents=True)
    (stub / "google/colab/__init__.py").write_text("")
    (stub / "google/colab/drive.py").write_text(STUB)
    colab = Bare(bare.python, f"{bare.path}:{stub}")
    folder = str(tmp_path / "drive")
    here = f"import pathlib, autograder.student.drive\nautograder.student.drive.MOUNT = pathlib.Path({folder!r})"
    affine = nbformat.read(COURSE / "solutions/lesson1_subclassing/lesson1_subclassing.ipynb", as_version=4)
    answer = next(cell.source for cell in affine.cells if "class Affine" in cell.source)

    def session(runtime: str, *sources: str, **more: str) -> list[str]:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in sources])
        (tmp_path / runtime).mkdir()
        done = colab.run_notebook(notebook, tmp_path / runtime, INSIDE_NN_MODULE_SOURCE=str(wheel), **more)
        return [texts(cell) for cell in done.cells]

    given = "import torch\nfrom torch import nn"
    keep = "autograder.keep_progress_on_drive()"
    first, *_, card, kept = session("one", FIRST_CELL, here, given, answer, 'check("affine")', keep)
    assert first.splitlines()[-1].endswith("run: autograder.keep_progress_on_drive()")
    assert "passed" in card
    assert "Your progress is kept on your Google Drive" in kept
    (tmp_path / "drive").rename(tmp_path / "drive.away")
    _, _, before, kept, after = session("two", FIRST_CELL, here, "progress()", keep, "progress()")
    assert "7 of 7" not in before
    assert "7 of 7" in after
    *_, denied, after = session("three", FIRST_CELL, "progress()", keep, "progress()", DENIED="1")
    assert "Google Drive could not be opened" in denied
    assert "Your progress: 0 of" in after
