"""The command `autograder`, as somebody types it: its help, its output, its exit statuses, its clear lines."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers import COURSE, ROOT, courses, small_lesson
from rich.console import Console

from autograder.classroom.grading import ClassResult
from autograder.cli.console import follow, print_summary
from autograder.feedback.as_json import misconceptions
from autograder.judging.grade import Outcome
from autograder.lesson.lesson import Lesson
from autograder.sandbox.limits import Limits
from autograder.sandbox.settings import BadSetting, Settings

COMMANDS = ("build", "test", "check", "update", "grade", "kernel", "demo")


def typed(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `autograder` by its path, without the environment's programs on PATH."""
    command = [courses.PROGRAMS / "autograder", *arguments]
    variables = {**os.environ, "PATH": "/usr/bin:/bin", "COLUMNS": "80", "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=cwd, env={**variables, **environment}, capture_output=True, text=True)


def in_python(source: str) -> str:
    """What a fresh Python prints."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", source], env=environment, capture_output=True, text=True)
    return done.stdout + done.stderr


class TestHelp:
    """What teaches the commands."""

    @pytest.mark.parametrize("command", COMMANDS)
    def test_every_command_shows_an_example(self, command: str, tmp_path: Path) -> None:
        done = typed(command, "--help", cwd=tmp_path)
        assert done.returncode == 0
        assert f"autograder {command}" in done.stdout.split("╯")[-1]

    def test_every_command_is_listed_and_in_the_readme(self, tmp_path: Path) -> None:
        listed = typed(cwd=tmp_path).stdout
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        for command in COMMANDS:
            assert f"│ {command} " in listed
            assert f"autograder {command}" in readme or f"make {command}" in readme

    def test_help_imports_nothing_heavy(self) -> None:
        loaded = in_python(
            "import sys, autograder.cli.commands; print({'torch', 'nbgrader', 'zmq'} & sys.modules.keys())"
        )
        assert loaded == "set()\n"


class TestClearLines:
    """Troubles that a person can put right: one line, no traceback, exit status 2."""

    def told(self, *arguments: str | Path, cwd: Path, **environment: str) -> str:
        done = typed(*arguments, cwd=cwd, **environment)
        assert done.returncode == 2
        assert done.stdout == ""
        *before, line = done.stderr.splitlines()
        assert before in ([], [f"course: {cwd}"])
        return line

    def test_no_course(self, tmp_path: Path) -> None:
        assert "say where the course is: --course FOLDER" in self.told("grade", "x", cwd=tmp_path)

    def test_no_such_lesson(self, tmp_path: Path) -> None:
        line = self.told("grade", "lesson9", "--course", COURSE, cwd=tmp_path)
        assert "no lesson 'lesson9'; the lessons are: lesson1_subclassing" in line

    def test_nothing_submitted_and_not_released(self, tmp_path: Path) -> None:
        small_lesson.write(tmp_path)
        (tmp_path / "nbgrader_config.py").write_text("")
        assert "nothing was submitted to small" in self.told("grade", "small", cwd=tmp_path)
        courses.submit(tmp_path, "small", "ada", "")
        advice = "run `autograder build`, then `nbgrader generate_assignment small`"
        assert advice in self.told("grade", "small", cwd=tmp_path)

    def test_a_folder_that_is_no_demo(self, tmp_path: Path) -> None:
        (tmp_path / "thesis.txt").touch()
        line = self.told("demo", "--folder", tmp_path, "--course", COURSE, cwd=tmp_path)
        assert "is no demo of ours" in line
        assert (tmp_path / "thesis.txt").exists()

    def test_a_limit_that_does_not_exist(self, tmp_path: Path) -> None:
        small_lesson.write(tmp_path)
        courses.submit(tmp_path, "small", "ada", "")
        (tmp_path / "nbgrader_config.py").write_text('c = get_config()\nc.Grade.limits = {"cell_second": 3}')
        assert "no limit 'cell_second'; the limits are: cell_seconds" in self.told("grade", "small", cwd=tmp_path)

    def test_an_isolation_that_does_not_exist(self, tmp_path: Path) -> None:
        line = self.told("check", "x.ipynb", cwd=tmp_path, AUTOGRADER_ISOLATION="hope")
        assert "no isolation 'hope'; choose one of: bubblewrap, none" in line

    def test_no_bubblewrap_says_the_way_out(self, tmp_path: Path) -> None:
        done = typed("check", "x.ipynb", cwd=tmp_path, PATH=str(tmp_path))
        assert done.returncode == 2
        assert "apt-get install bubblewrap" in done.stderr
        assert "--isolation none" in done.stderr
        assert "Traceback" not in done.stderr

    @pytest.mark.parametrize("package", ["typer", "rich"])
    def test_only_the_student_package_is_installed(self, package: str) -> None:
        said = in_python(f"import sys; sys.modules[{package!r}] = None; from autograder.__main__ import main; main()")
        assert said.startswith(f"autograder: the package '{package}' is not installed.")
        assert said.endswith("pip install 'inside-nn-module[instructor]'\n")

    def test_a_part_of_what_instructors_need_is_missing(self, tmp_path: Path) -> None:
        said = in_python(
            "import sys; sys.modules['jupytext'] = None; sys.argv = ['autograder', 'check', 'x.ipynb']\n"
            "from autograder.__main__ import main; main()"
        )
        assert said.startswith("autograder: the package 'jupytext' is not installed.")


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """`autograder check` on files of every kind."""
    folder = tmp_path_factory.mktemp("some where")
    small_lesson.write(folder)
    (folder / "right one.ipynb").write_bytes(small_lesson.notebook(small_lesson.solved()))
    (folder / "half.ipynb").write_bytes(small_lesson.notebook(small_lesson.solved()[:3]))
    (folder / "letter.ipynb").write_text("dear teacher")
    (folder / "other.ipynb").write_bytes(small_lesson.notebook([small_lesson.code("1")]))
    files = ("letter.ipynb", "right one.ipynb", "gone.ipynb", "half.ipynb", "other.ipynb")
    return typed("check", "--json", *files, cwd=folder, AUTOGRADER_LESSONS=str(folder))


@pytest.mark.slow
class TestCheck:
    """`autograder check` on files from any place."""

    def test_one_line_for_each_notebook_that_was_graded(self, checked: subprocess.CompletedProcess[str]) -> None:
        right, half = [json.loads(line) for line in checked.stdout.splitlines()]
        assert (right["notebook"], right["lesson"]) == ("right one.ipynb", "small")
        assert (right["score"], right["max_score"]) == (11, 11)
        assert (half["notebook"], half["score"]) == ("half.ipynb", 3)
        assert [each["outcome"] for each in half["exercises"]] == ["passed", "missing", "missing"]

    def test_every_promised_key(self, checked: subprocess.CompletedProcess[str]) -> None:
        exercise = json.loads(checked.stdout.splitlines()[0])["exercises"][0]
        promised = {"exercise", "outcome", "points", "max_points", "mistake", "message", "criteria"}
        assert promised <= exercise.keys()
        assert exercise["criteria"][0].keys() == {"name", "outcome", "points", "max_points", "message"}

    def test_one_line_for_each_file_that_could_not_be(self, checked: subprocess.CompletedProcess[str]) -> None:
        assert checked.returncode == 2
        letter, gone, other = checked.stderr.splitlines()
        assert letter.startswith("letter.ipynb: it is no notebook (not JSON")
        assert gone.startswith("gone.ipynb: no such file")
        assert other.startswith("other.ipynb: it has no exercise of any lesson")

    def test_a_name_that_is_no_text_stops_nobody(self, tmp_path: Path) -> None:
        small_lesson.write(tmp_path)
        names = [os.fsdecode(b"latin\xe9.ipynb"), "plain.ipynb"]
        for name in names:
            (tmp_path / name).write_bytes(small_lesson.notebook(small_lesson.solved()[:3]))
        strict = {"PYTHONIOENCODING": "utf-8:strict", "AUTOGRADER_LESSONS": str(tmp_path)}
        done = typed("check", *names, cwd=tmp_path, **strict)
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("3 of 11 points") == 2

    def test_it_waits_for_no_nbgrader(self, tmp_path: Path) -> None:
        loaded = in_python(
            "import sys; sys.argv = ['autograder', 'check', 'gone.ipynb']\n"
            "from autograder.__main__ import main\n"
            "try: main()\n"
            "except SystemExit: print('nbgrader' in sys.modules)"
        )
        assert loaded.startswith("False\n")


class TestSettings:
    """Isolation and limits: one place for every route."""

    def test_defaults(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("AUTOGRADER_ISOLATION", raising=False)
        assert Settings.of_course(None) == Settings("bubblewrap", Limits())

    def test_the_courses_own(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("AUTOGRADER_ISOLATION", raising=False)
        text = 'c = get_config()\nc.Grade.isolation = "none"\nc.Grade.limits = {"cell_seconds": 1.5, "restarts": 2.0}'
        (tmp_path / "nbgrader_config.py").write_text(text)
        assert Settings.of_course(tmp_path) == Settings("none", Limits(cell_seconds=1.5, restarts=2))
        monkeypatch.setenv("AUTOGRADER_ISOLATION", "bubblewrap")
        assert Settings.of_course(tmp_path).isolation == "bubblewrap"

    @pytest.mark.parametrize("limits", [{"memory": 0}, {"memory": -1}, {"memory": True}, {"memory": "4 GB"}, {"x": 1}])
    def test_nonsense_is_refused(self, limits: dict[str, float]) -> None:
        with pytest.raises(BadSetting, match=r"the limit memory must be|no limit 'x'; the limits are"):
            Settings.of("", limits)

    def test_on_the_command_line(self) -> None:
        settings = Settings.of("none", {"cell_seconds": 5, "files": 7}).with_limits(["cell_seconds=2.5", "memory=1e9"])
        assert settings == Settings("none", Limits(cell_seconds=2.5, files=7, memory=10**9))

    @pytest.mark.parametrize("text", ["", "memory", "memory=", "memory=4 GB", "memory=nan", "memory=inf", "=5", "x=5"])
    def test_nonsense_on_the_command_line_is_refused(self, text: str) -> None:
        with pytest.raises(BadSetting, match="limit"):
            Settings.of("").with_limits([text])


def graded(score: float, outcome: Outcome, mistake: str | None = None) -> dict[str, object]:
    """A grade with one exercise, as `as_json.py` makes them."""
    exercise = {
        "exercise": "scale", "outcome": outcome.value, "points": score, "max_points": 3, "mistake": mistake,
        "misconception": f"about {mistake}" if mistake else None, "message": "[red]what to do[/]", "notes": ["a note"],
    }  # fmt: skip
    return {"notebook": "a[b].ipynb", "lesson": "small", "score": score, "max_score": 3, "exercises": [exercise]}


class TestConsole:
    """What stands in the terminal, in 80 columns."""

    results = (
        ClassResult("ada [1]", graded(3, Outcome.PASSED), seconds=2.5),
        ClassResult("Zoë 学生", graded(1.5, Outcome.FAILED, "plain"), unchanged=True),
        ClassResult("carl", None, fault="the grader's own fault: no [disk]"),
        ClassResult("dora", graded(0, Outcome.FAILED, "plain"), seconds=0.4, changed="grader"),
    )

    def shown(self, *what: Callable[[Console], object]) -> str:
        console = Console(width=80, force_terminal=False, record=True, quiet=False)
        with console.capture() as captured:
            for each in what:
                each(console)
        text = captured.get()
        assert all(len(line) <= 80 for line in text.splitlines())
        return text

    def test_progress_names_everybody(self) -> None:
        text = self.shown(lambda console: follow(console, self.results, 4))
        assert "ada [1]: 3/3 (2.5 s)\nZoë 学生: 1.5/3 (unchanged, not graded again)\ncarl: not graded\n" in text
        assert "dora: 0/3 (0.4 s, again: the grader has changed)\n" in text
        assert "4/4" in text

    def test_the_table_the_faults_and_the_misconceptions(self) -> None:
        text = self.shown(lambda console: print_summary(console, "small", list(self.results)))
        assert "small: 3 students" in text
        assert [line.split() for line in text.splitlines() if line.startswith((" ada", " Zoë", " dora"))] == [
            ["Zoë", "学生", "1.5/3", "✗", "1.5"], ["ada", "[1]", "3/3", "✓", "3"], ["dora", "0/3", "✗", "0"],
        ]  # fmt: skip
        assert "carl: not graded: the grader's own fault: no [disk]" in text
        assert "exercises (points): 1 scale (3)" in text
        assert "about plain" in text

    def test_misconceptions_are_counted(self) -> None:
        grades = [each.grade for each in self.results if each.grade]
        assert misconceptions(grades) == [("scale", "plain", "about plain", 2)]

    def test_nobody_graded(self) -> None:
        assert "carl: not graded" in self.shown(lambda console: print_summary(console, "small", [self.results[2]]))


def test_every_outcome_has_a_symbol() -> None:
    from autograder.cli.console import LEGEND, SYMBOLS

    assert SYMBOLS.keys() == set(Outcome)
    assert all(outcome.value in LEGEND for outcome in Outcome)


def test_the_courses_configuration_names_real_things() -> None:
    assert Lesson(COURSE / "lesson1_subclassing").text.exists()
    assert Settings.of_course(COURSE).limits == Limits()
