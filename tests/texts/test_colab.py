"""The way into a notebook: the course's address, badges, the first cell wherever it runs, progress on Google Drive."""

from __future__ import annotations

import importlib.machinery
import importlib.metadata
import importlib.util
import json
import shutil
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from helpers import COURSE, ROOT, courses, small_lesson
from helpers.bare import Bare, bare_python, packages, texts

from autograder.demo.students import filled
from autograder.lesson.lesson import all_lessons
from autograder.student import drive, environment
from autograder.student.progress import HOME, Memory, Record, home
from autograder.submission.notebook import write_notebook
from autograder.submission.sanitize import inert
from autograder.texts.address import Address, BadAddress, address_of, is_badge
from autograder.texts.setup_cell import is_setup, setup_cell

LESSONS = list(all_lessons([COURSE]))
FIRST_CELL = setup_cell(COURSE)


# The address


def course_at(folder: Path, repository: str) -> Path:
    """A course's folder beside a pyproject.toml that names a repository."""
    (folder / "pyproject.toml").write_text(
        f'[project]\nversion = "1.2.3"\nrequires-python = ">=3.11"\nurls = {{ Repository = "{repository}" }}\n'
    )
    return folder / "course"


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("https://github.com/ada/nn", Address("ada/nn")),
        ("https://github.com/ada/nn.git", Address("ada/nn")),
        ("https://github.com/ada/nn.py/", Address("ada/nn.py")),
        ("https://github.com/ada/nn/tree/2026", Address("ada/nn", "2026")),
        ("https://github.com/ada/nn/tree/term/two", Address("ada/nn", "term/two")),
    ],
)
def test_one_line_says_the_address(tmp_path: Path, said: str, address: Address) -> None:
    course = course_at(tmp_path, said)
    assert address_of(course) == address
    assert f"https://github.com/{address.repository}/archive/refs/heads/{address.branch}.zip" in setup_cell(course)
    assert address.colab("a.ipynb") == (
        f"https://colab.research.google.com/github/{address.repository}/blob/{address.branch}/a.ipynb"
    )
    assert is_badge(address.badge("course/release/a/a.ipynb"))


@pytest.mark.parametrize("said", ["", "https://gitlab.com/ada/nn", "https://github.com/ada", "github.com/ada/nn",
                                  'https://github.com/ada/nn/tree/a b'])  # fmt: skip
def test_what_colab_cannot_open_is_told(tmp_path: Path, said: str) -> None:
    with pytest.raises(BadAddress, match=r"looks like https://github\.com/OWNER/NAME"):
        address_of(course_at(tmp_path, said))


def test_links_are_stamped_whatever_they_were() -> None:
    old, new = Address("ada/nn", "x/y"), Address("bob/mm")
    page = f"| {old.badge('course/release/a/a.ipynb')} | {old.colab('elsewhere/a.ipynb')} |"
    assert new.stamped(page) == f"| {new.badge('course/release/a/a.ipynb')} | {old.colab('elsewhere/a.ipynb')} |"
    assert new.stamped(new.stamped(page)) == new.stamped(page)


def test_the_address_stands_nowhere_else() -> None:
    repository = address_of(COURSE).repository
    sources = [*ROOT.glob("autograder/**/*.py"), *ROOT.glob("course/*/*.py"), *ROOT.glob("tests/**/*.py")]
    assert [path.name for path in sources if repository in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("edition", ["release", "solutions"])
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_notebook_begins_with_the_badge_that_opens_it(lesson: Any, edition: str) -> None:
    place = Path(edition) / lesson.name / f"{lesson.name}.ipynb"
    badge, title, *_ = nbformat.read(COURSE / place, as_version=4).cells
    link = address_of(COURSE).colab(f"course/{place.as_posix()}")
    assert badge.cell_type == "markdown"
    assert badge.source.startswith("[![Open this lesson in Colab](")
    assert badge.source.endswith(f"]({link})")
    assert title.source.startswith("# Lesson")


def test_the_pages_have_a_badge_for_each_lesson() -> None:
    for page in (ROOT / "README.md", COURSE / "README.md"):
        text = page.read_text(encoding="utf-8")
        for lesson in LESSONS:
            link = address_of(COURSE).colab(f"course/selfstudy/{lesson.name}/{lesson.name}.ipynb")
            assert text.count(f"colab-badge.svg)]({link})") == 1, page


def test_in_colab_the_first_cell_is_a_form() -> None:
    for lesson in LESSONS:
        cells = nbformat.read(courses.released(COURSE, lesson.name), as_version=4).cells
        first = next(cell for cell in cells if cell.cell_type == "code")
        assert is_setup(first.source)
        assert first.source.startswith("# @title ")
        assert first.metadata["cellView"] == "form"


def test_a_badge_on_a_feedback_page_is_a_badge() -> None:
    badge = Address("ada/nn").badge("course/release/a/a.ipynb")
    assert inert(badge, frozenset()) == badge
    for other in (badge.replace("colab-badge", "other"), f"{badge}\n\n![](https://example.org/x.png)",
                  badge.replace("a.ipynb", "a.ipynb?<b>")):  # fmt: skip
        assert not is_badge(other)
        assert "Shown as it was written" in inert(other, frozenset())


@pytest.mark.parametrize("change", ['"; evil(); "', "x.zip\n", "{evil()}", "\\"])
def test_only_the_first_cell_is_taken_for_it(change: str) -> None:
    assert is_setup(FIRST_CELL)
    assert is_setup(FIRST_CELL.replace(address_of(COURSE).archive, "https://example.org/a.whl"))
    assert not is_setup(FIRST_CELL.replace(address_of(COURSE).archive, change))
    assert not is_setup(f"{FIRST_CELL}\nevil()")


@pytest.mark.slow
def test_whatever_becomes_of_the_badge_a_notebook_is_graded(tmp_path: Path) -> None:
    lesson = small_lesson.write(tmp_path / "course")
    lesson.text.write_text("# %% setup=true\n\n" + lesson.text.read_text())
    root = courses.make(tmp_path / "course", lesson)
    notebook = filled(nbformat.read(courses.released(root, "small"), as_version=4), small_lesson.ANSWERS)
    badge = notebook.cells[0]
    assert is_badge(badge.source)

    def written(name: str, change: Callable[[], object]) -> Path:
        before, source = list(notebook.cells), badge.source
        change()
        (path := tmp_path / f"{name}.ipynb").write_text(write_notebook(notebook))
        notebook.cells, badge.source, badge.cell_type = before, source, "markdown"
        return path

    def as_code() -> None:
        badge.cell_type, badge.outputs, badge.execution_count = "code", [], None

    paths = [
        written("untouched", lambda: None), written("deleted", lambda: notebook.cells.pop(0)),
        written("edited", lambda: badge.update(source="Ada's notebook <script>1</script>")),
        written("moved", lambda: notebook.cells.append(notebook.cells.pop(0))), written("code", as_code),
    ]  # fmt: skip
    done = courses.run("autograder", "check", *paths, "--json", cwd=root)
    scores = {Path(grade["notebook"]).stem: grade["score"] for grade in map(json.loads, done.stdout.splitlines())}
    assert scores == dict.fromkeys(("untouched", "deleted", "edited", "moved", "code"), lesson.points)


# The first cell


IN_IPYTHON = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance(colors="NoColor")
for number in range({times}):
    shell.run_cell({cell!r})
"""


def run_cell(bare: Bare, source: Path | str, cell: str = FIRST_CELL, times: int = 1) -> str:
    """What the first cell says, run in IPython without a kernel; `source` stands in for the course's address."""
    done = bare.run(IN_IPYTHON.format(cell=cell, times=times), INSIDE_NN_MODULE_SOURCE=str(source))
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def versions(bare: Bare) -> str:
    """What it says when all is well."""
    found = bare.installed()
    return ", ".join(f"{name} {found[name]}" for name in ("torch", "torchvision"))


def pretend(folder: Path, version: str, files: dict[str, str]) -> Path:
    """An installed package of that version, which can do nothing but be there."""
    info = folder / f"inside_nn_module-{version}.dist-info"
    for path in (info, folder / "autograder"):
        path.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: inside-nn-module\nVersion: {version}\n")
    (folder / "autograder/__init__.py").write_text(
        "check = hint = progress = __version__ = 0\ndef welcome(): print('as it was')\n"
    )
    for name, text in files.items():
        (info / name).write_text(text)
    (info / "RECORD").write_text(
        "".join(f"{path.relative_to(folder)},,\n" for path in (*info.iterdir(), *(folder / "autograder").iterdir()))
        + f"{info.name}/RECORD,,\n"
    )
    return folder


def site(bare: Bare) -> Path:
    (folder,) = bare.python.parents[1].glob("lib/python*/site-packages")
    return folder


@pytest.mark.slow
class TestFirstCell:
    """It is run by real Pythons with a real pip."""

    def test_it_installs_and_says_what_runs_and_again_without_a_network(self, bare: Bare, wheel: Path) -> None:
        before = bare.installed()
        version = wheel.name.split("-")[1]
        ready = f"Ready: Python {sys.version.split()[0]}, {versions(bare)}, checker {version}."
        assert run_cell(bare, wheel).endswith(ready)
        assert bare.installed() == {**before, "inside-nn-module": version}
        assert run_cell(bare, "/nowhere.zip", times=2) == f"{ready}\n{ready}"

    def test_an_older_checker_is_replaced(self, bare: Bare, wheel: Path) -> None:
        pretend(site(bare), "0.0.9", {"INSTALLER": "pip\n"})
        assert ", checker 0." in run_cell(bare, wheel)
        assert bare.installed()["inside-nn-module"] == wheel.name.split("-")[1]

    def test_an_older_checker_in_use_needs_a_restart(self, bare: Bare, wheel: Path) -> None:
        pretend(site(bare), "0.0.9", {"INSTALLER": "pip\n"})
        said = run_cell(bare, wheel, cell=f"import autograder\n{FIRST_CELL}")
        assert said.endswith(
            "the checker is new now, and this kernel has not seen it. Restart it, and run this cell again."
        )
        assert ", checker 0." in run_cell(bare, "/nowhere.zip")

    def test_an_older_checker_is_used_where_there_is_no_network(self, bare: Bare) -> None:
        pretend(site(bare), "0.0.9", {"INSTALLER": "pip\n"})
        said = run_cell(bare, "https://localhost:9/main.zip")
        assert said.startswith("The checker is an older one: could not install the checker from")
        assert said.endswith("as it was")

    def test_somebodys_own_copy_and_a_newer_checker_stay(self, bare: Bare, tmp_path: Path) -> None:
        own = pretend(tmp_path / "own", "0.0.9", {"direct_url.json": '{"dir_info": {"editable": true}}'})
        newer = pretend(tmp_path / "newer", "99.0", {})
        for folder in (own, newer):
            assert run_cell(Bare(bare.python, f"{bare.path}:{folder}"), "/nowhere.zip") == "as it was"

    def test_without_a_network_it_says_what_to_do(self, bare: Bare) -> None:
        said = run_cell(bare, "https://localhost:9/main.zip").splitlines()
        assert said[:2] == ["Not set up: could not install the checker from", "    https://localhost:9/main.zip"]
        assert said[-2:] == ["Is there a network? It is needed only now: connect.", "Then run this again."]

    def test_without_pip_it_says_what_to_do(self, tmp_path: Path) -> None:
        (tmp_path / "ipython").mkdir()
        said = run_cell(bare_python(tmp_path / "venv", packages(tmp_path / "ipython", "ipython")), "/nowhere.zip")
        assert said.splitlines()[-3:] == [
            "This Python has no pip. In a terminal, run:", f"    {tmp_path}/venv/bin/python -m ensurepip",
            "Then run this again.",
        ]  # fmt: skip

    def test_an_old_python_is_told_and_nothing_is_installed(self, bare: Bare) -> None:
        said = run_cell(bare, "/nowhere.zip", cell=FIRST_CELL.replace("(3, 11)", "(3, 99)"))
        here = sys.version.split()[0]
        assert said == (
            f"Not set up: this course needs Python 3.99 or newer, and this is Python {here}. Choose another kernel."
        )

    def test_the_archive_of_the_repository_can_be_installed(self, bare: Bare, tmp_path: Path) -> None:
        archive = tmp_path / "main.zip"
        subprocess.run(["git", "archive", "--prefix=main/", "--output", str(archive), "HEAD"], cwd=ROOT, check=True)
        (builder := tmp_path / "builder").mkdir()
        packages(builder, "hatchling")  # in place of what pip would fetch to build it
        with_builder = Bare(bare.python, f"{bare.path}:{builder}")
        command: list[str | Path] = [bare.python, "-m", "pip", "install", "--no-deps", "--no-build-isolation", archive]
        subprocess.run(command, env=with_builder.environment(), check=True)
        assert ", checker " in run_cell(bare, "/nowhere.zip")


class TestWelcome:
    """What it says of what is there."""

    @pytest.fixture
    def there(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
        """Distribution → version, to be changed by the test."""
        found = {"torch": "2.9.0+cu126", "torchvision": "0.24", "ipython": "7.34.0", "inside-nn-module": "0.2.0"}

        def version(name: str) -> str:
            if name not in found:
                raise importlib.metadata.PackageNotFoundError(name)
            return found[name]

        bounds = ["ipython>=7.34", "torch>=2.5", "torchvision>=0.20", 'nbgrader>=0.9.5; extra == "instructor"']
        monkeypatch.setattr(importlib.metadata, "version", version)
        monkeypatch.setattr(importlib.metadata, "requires", lambda name: bounds)
        return found

    def test_all_is_well(self, there: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
        environment.welcome()
        here = sys.version.split()[0]
        assert capsys.readouterr().out == (
            f"Ready: Python {here}, torch 2.9.0+cu126, torchvision 0.24, checker 0.2.0.\n"
        )

    @pytest.mark.parametrize("version", ["2.4.1", "2.4.1+cu121", "1.13", "0.9"])
    def test_an_old_torch_is_told(self, there: dict[str, str], version: str) -> None:
        there["torch"] = version
        with pytest.raises(environment.NotReady) as told:
            environment.welcome()
        assert str(told.value).splitlines() == [
            f"torch {version} is here, and the course needs 2.5 or newer.", "In a terminal, run:",
            f"    {sys.executable} -m pip install --upgrade torch torchvision", "Then restart the kernel.",
        ]  # fmt: skip

    @pytest.mark.parametrize("version", ["2.5", "2.5.0", "2.10.0a0+git", "3.0"])
    def test_a_new_torch_is_welcome(self, there: dict[str, str], version: str) -> None:
        there["torch"] = version
        environment.welcome()

    def test_what_is_missing_is_told(self, there: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
        del there["torch"], there["torchvision"]
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
        with pytest.raises(environment.NotReady) as told:
            environment.welcome()
        assert str(told.value).splitlines() == [
            "torch and torchvision must be installed first. In a terminal, run:",
            f"    {sys.executable} -m pip install --upgrade torch torchvision",
        ]

    def test_a_torch_without_a_version_is_taken_as_it_is(self, there: dict[str, str]) -> None:
        del there["torch"]
        environment.welcome()


# Google Drive


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
