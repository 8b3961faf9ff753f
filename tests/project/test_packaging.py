"""What is installed: the student package holds no solution, requirements agree, set-up explains itself."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from helpers import ROOT
from helpers.packages import LOCK, PROJECT, PYTHONS, build, contents, load, requirements, run, solution_bodies, squeezed
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder.sandbox.diagnosis import APPARMOR_RESTRICTS, Machine, diagnosis

LESSONS = sorted(path.parent.name for path in ROOT.glob("course/*/exercises"))
CRITERIA = {
    path.relative_to(ROOT / "course").as_posix()
    for pattern in ("*/exercises/*.py", "*/exercises/*/exercise.py")
    for path in ROOT.glob(f"course/{pattern}")
}
CONDA_NAMES = {"torch": "pytorch", "jupyter-client": "jupyter_client", "jupyter-core": "jupyter_core"}
"""PyPI's name → conda-forge's, where they differ."""


# The student package
@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The student package, built from the source tree."""
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


def names(*groups: str) -> set[str]:
    """The distributions that the groups name, the project itself left out."""
    found: set[str] = {canonicalize_name(requirement.name) for group in groups for requirement in requirements(group)}
    return found - {PROJECT["name"]}


# Requirements


@pytest.mark.parametrize("requirement", requirements("student"), ids=str)
def test_student_requirements_move_nothing(requirement: Requirement) -> None:
    assert [bound.operator for bound in requirement.specifier] == [">="]
    assert not (requirement.url or requirement.marker or requirement.extras)


@pytest.mark.parametrize("group", PROJECT["optional-dependencies"])
def test_extras_pin_nothing(group: str) -> None:
    for requirement in requirements(group):
        assert {bound.operator for bound in requirement.specifier} <= {">=", "!="}, requirement


def test_conda_environment_says_what_pyproject_says() -> None:
    wanted: dict[str, set[str]] = {"python": {PROJECT["requires-python"]}, "pip": set()}
    for requirement in (*requirements("student"), *requirements("instructor")):
        bounds = wanted.setdefault(CONDA_NAMES.get(requirement.name, requirement.name), set())
        bounds |= set(map(str, requirement.specifier))

    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    *lines, pip = environment["dependencies"]
    assert {conda_name(line): conda_bounds(line) for line in lines} == wanted
    assert len(lines) == len(wanted), "a name occurs twice"
    assert environment["channels"] == ["conda-forge"]
    assert pip == {"pip": ["-e .[instructor]"]}


def conda_name(line: str) -> str:
    """`pytorch` of `pytorch>=2.4,!=2.13.*`."""
    return re.split(r"[<>=!]", line, maxsplit=1)[0]


def conda_bounds(line: str) -> set[str]:
    """The bounds of a conda requirement, one by one."""
    return {bound for bound in line.removeprefix(conda_name(line)).split(",") if bound}


def test_everything_imported_is_required() -> None:
    distributions = packages_distributions()
    wanted: dict[str, set[str]] = {}
    for path in (ROOT / "autograder").rglob("*.py"):
        for module in imported(path) - {"autograder", "google", *sys.stdlib_module_names}:  # google.colab is in Colab
            providers = {canonicalize_name(name) for name in distributions.get(module, [f"nothing has {module}"])}
            if not providers & names("student", "instructor", "cluster"):
                wanted.setdefault(module, set()).add(path.name)
    assert wanted == {}


def imported(path: Path) -> set[str]:
    """The top-level names of what a source file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


STUDENT_ROOMS = {"lesson", "source", "probing", "judging", "feedback", "student"}


def test_wheel_holds_what_students_need_and_nothing_else(wheel: Path) -> None:
    lessons = {f"autograder/lessons/{name}" for name in (*CRITERIA, *(f"{lesson}/golden.json" for lesson in LESSONS))}
    words = (path.relative_to(ROOT / "course").as_posix() for path in ROOT.glob("course/*/languages/*.mo"))
    lessons |= {f"autograder/lessons/{path}" for path in words}
    digits = {f"autograder/data/BundledDigits/raw/{path.name}" for path in ROOT.glob("datasets/BundledDigits/raw/*")}
    packed = {name for name in contents(wheel) if ".dist-info/" not in name}
    assert LESSONS
    assert len(digits) == 4
    assert lessons | digits <= packed
    engine = {path.split("/")[1] for path in packed - lessons - digits}
    assert engine - {"languages"} == {
        *STUDENT_ROOMS,
        "__init__.py",
        "__main__.py",
        "criteria.py",
        "digits.py",
        "py.typed",
    }


def test_wheel_holds_these_rooms_whole(wheel: Path) -> None:
    for room in STUDENT_ROOMS:
        here = {path.relative_to(ROOT).as_posix() for path in (ROOT / "autograder" / room).rglob("*.py")}
        assert here == {name for name in contents(wheel) if name.startswith(f"autograder/{room}/")}


def test_wheel_brings_its_licences_and_command(wheel: Path) -> None:
    files = {name.partition(".dist-info/")[2]: content for name, content in contents(wheel).items()}
    assert {f"licenses/{name}" for name in PROJECT["license-files"]} <= files.keys()
    assert b"autograder = autograder.__main__:main" in files["entry_points.txt"]


def test_wheel_holds_no_solution(wheel: Path) -> None:
    for name, content in contents(wheel).items():
        if b"\0" not in content:
            text = squeezed(content.decode())
            assert [body for body in solution_bodies() if squeezed(body) in text] == [], name


def test_solutions_would_be_found() -> None:
    bodies = solution_bodies()
    assert len(bodies) >= len(LESSONS)
    for body in bodies:
        assert squeezed(body) in squeezed(json.dumps({"text": f"def f():\n    {body}"}, ensure_ascii=False))


def test_source_distribution_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    unpacked = tmp_path / "source"
    unpacked.mkdir()
    run("tar", "xzf", build("sdist", ROOT, tmp_path / "sdist"), cwd=unpacked)
    [source] = unpacked.iterdir()
    unpacked_lessons = {path.relative_to(source / "course").as_posix() for path in source.glob("course/**/*.*")}
    assert unpacked_lessons == {*CRITERIA, *(f"{lesson}/golden.json" for lesson in LESSONS)}
    assert contents(build("wheel", source, tmp_path / "wheel")) == contents(wheel)


def test_lesson_that_was_never_built_stops_the_wheel(tmp_path: Path) -> None:
    for folder in ("course", "autograder"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("golden.json", "*.ipynb"))
    hook = load(ROOT / "hatch_build.py")
    with pytest.raises(FileNotFoundError, match=r"golden\.json.*run: make build"):
        hook.student_files(tmp_path)


@pytest.mark.slow
def test_student_package_works_alone(wheel: Path, tmp_path: Path) -> None:
    """Installed by itself, without the course beside it and without anything that only instructors have."""
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile")
    run(*pip, "--target", site, wheel, cwd=empty)
    instructors = names("instructor") - names("student")
    hidden = [module for module, owners in packages_distributions().items() if set(owners) <= instructors]
    program = f"""
import sys
sys.modules.update(dict.fromkeys({sorted(hidden)!r}))  # None: importing it fails
import autograder
from autograder import check, hint, progress
from autograder.digits import BundledDigits
from autograder.judging.golden import read_golden
from autograder.lesson.lesson import all_lessons
lessons = list(all_lessons())
for lesson in lessons:
    assert read_golden(lesson).keys() == lesson.exercises.keys()
    assert lesson.folder.is_relative_to({str(site)!r}), lesson.folder
assert len(BundledDigits(train=False)) == 300
print(autograder.__file__, *(lesson.name for lesson in lessons))
"""
    clean = {"PYTHONPATH": str(site), "AUTOGRADER_LESSONS": ""}
    printed = run(sys.executable, "-P", "-W", "error", "-c", program, cwd=empty, **clean)
    assert printed.split() == [str(site / "autograder" / "__init__.py"), *LESSONS]


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The set-up script, with an environment that is up to date and in which nothing can be installed."""
    module = load(ROOT / "tools" / "bootstrap.py")
    monkeypatch.setattr(module, "VENV", tmp_path)
    monkeypatch.setattr(module, "STAMP", tmp_path / "set-up")
    monkeypatch.setattr(module, "_runs", lambda venv: True)
    monkeypatch.setattr(module.shutil, "which", lambda program: None)
    monkeypatch.setattr(module.Path, "home", lambda: tmp_path)
    monkeypatch.setattr(module.sys, "argv", ["bootstrap.py"])
    module.STAMP.write_text(module._wanted())
    return module


def test_a_changed_lock_is_installed(bootstrap: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "changed.lock").write_text(LOCK + "# changed\n")
    monkeypatch.setattr(bootstrap, "LOCK", tmp_path / "changed.lock")
    assert not bootstrap._is_current()


def test_nothing_is_installed_but_what_the_lock_has(bootstrap: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command that installs checks hashes, or takes the course itself alone."""
    commands: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "_step", lambda title, command: commands.append(command))
    bootstrap.STAMP.unlink()
    assert bootstrap.main() == 0
    installing = [command for command in commands if "install" in command]
    assert len(installing) == 3
    for command in installing:
        alone = command[-2:] == ["--editable", str(ROOT)] and {"--no-deps", "--no-build-isolation"} <= set(command)
        assert "--require-hashes" in command or alone, command
    [only_uv] = [Path(command[-1]).read_text() for command in installing if command[-1].endswith("uv.txt")]
    assert re.fullmatch(r"uv==\S+ \\\n(    --hash=sha256:\w{64}( \\)?\n)+(    # via .*)?", only_uv)


def test_second_set_up_does_nothing(bootstrap: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert (bootstrap.main(), capsys.readouterr()) == (0, ("", ""))


def test_changed_requirements_are_installed(bootstrap: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    monkeypatch.setattr(bootstrap, "_step", lambda title, command: steps.append(title[:5]))
    bootstrap.STAMP.write_text(f"{bootstrap.VENV}\nother requirements\n")
    assert (bootstrap.main(), steps) == (0, ["[2/5]", "[3/5]", "[4/5]", "[5/5]"])
    assert bootstrap._is_current()


def test_moved_environment_is_made_anew(bootstrap: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    monkeypatch.setattr(bootstrap, "_step", lambda title, command: steps.append(title[:5]))
    bootstrap.STAMP.write_text(bootstrap._wanted().replace(str(bootstrap.VENV), "/another/place"))
    assert (bootstrap.main(), steps[0]) == (0, "[1/5]")


def test_old_python_is_told(
    bootstrap: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST", (99, 1))
    assert bootstrap.main() == 1
    told = capsys.readouterr().err
    assert "needs Python 99.1 or newer" in told
    assert "make PYTHON=" in told


@pytest.fixture
def no_programs(bootstrap: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Set-up where no program is installed, and whose environment's Python is this one."""
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return bootstrap


def test_missing_program_is_told_and_stops_nothing(
    no_programs: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(no_programs.sys, "argv", ["bootstrap.py", "bwrap"])
    assert no_programs.main() == 0
    told = "Note: nothing can be graded here yet. bubblewrap (the program `bwrap`) is not installed. Install it:\n"
    assert capsys.readouterr().out.startswith(f"{told}    sudo apt-get install bubblewrap ")


def test_forbidden_isolation_is_told_before_the_demo(
    no_programs: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(no_programs.shutil, "which", lambda program: f"/usr/bin/{program}")
    (tmp_path / "bwrap").write_text("#!/bin/sh\necho no permissions to create namespace >&2\nexit 1\n")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setattr(no_programs.sys, "argv", ["bootstrap.py", "bwrap"])
    assert no_programs.main() == 0
    told = capsys.readouterr().out
    assert "bubblewrap is installed, and does not work here." in told
    assert "It says: no permissions to create namespace" in told


def test_missing_venv_module_is_told(bootstrap: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(bootstrap.SetUpError, match=r"sudo apt install python3\.\d+-venv"):
        bootstrap._require_ensurepip()


def test_failing_step_is_told(bootstrap: Any, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(bootstrap.SetUpError, match=r"This failed.*\n.*\nRun the same again"):
        bootstrap._step("Trying", [sys.executable, "-c", "raise SystemExit(3)"])


def test_make_help_names_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    [phony] = re.findall(r"^\.PHONY: (.*)$", makefile, re.M)
    listed = re.findall(r"^  make (\w+)\t", run("make", "--no-print-directory", "help", cwd=ROOT), re.M)
    assert listed == phony.split()


def test_continuous_integration_runs_make_test() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    run("bash", "-n", script, cwd=ROOT)
    assert "make test </dev/null" in script.read_text(encoding="utf-8")


def test_public_integration_runs_what_stands_here() -> None:
    """A file or a target for each command; the supported Pythons; and Ubuntu is told what we tell people to type."""
    workflow = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    job = yaml.safe_load(workflow)["jobs"]["run"]
    assert job["strategy"]["matrix"]["python"] == PYTHONS
    commands = re.findall(r'"((?:make|\.ci)[ /]\w+)"', job["strategy"]["matrix"]["command"])
    assert commands == ["make oldest", "make newest", ".ci/run"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(re.search(rf"^{command[5:]}: ", makefile, re.M) for command in commands[:-1])
    [typed] = [step["run"] for step in job["steps"] if "apparmor" in step.get("run", "")]
    told = diagnosis(Machine(settings={APPARMOR_RESTRICTS: 1}))
    assert squeezed(typed) in squeezed(told)
