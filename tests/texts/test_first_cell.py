"""The first cell of a notebook, wherever it runs."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import ROOT
from helpers.bare import Bare, bare_python, packages
from helpers.first_cells import FIRST_CELL

from autograder.student import environment

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
