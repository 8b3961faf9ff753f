"""Grading a class: in parallel, on where it stopped, and what becomes of faults. Real kernels and a real gradebook."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from helpers import ROOT, courses, small_lesson
from helpers.canaries import opened

from autograder.classroom import grading
from autograder.classroom.grading import ClassResult, grade_class
from autograder.cli.commands import app
from autograder.feedback import lay_out
from autograder.lesson.lesson import Lesson
from autograder.nbgrader import grade as nbgrader_step
from autograder.nbgrader.gradebook import NotReleased, scores
from autograder.nbgrader.release import NbgraderFailed, release
from autograder.nbgrader.submitted import submitted_time
from autograder.running import identity
from autograder.running.grader import Grader
from autograder.sandbox import Kernel, Limits, Sandbox, sandbox_named
from autograder.sandbox.launch import KernelNotStarted
from autograder.sandbox.stoppable import StoppableSandbox
from autograder.submission.cells import UnreadableSubmission
from autograder.submission.inbox import NothingSubmitted, notebook_in, submissions

FULL = small_lesson.FULL
ENDLESS = "print('here')\nwhile True:\n    pass\n"


class Counting:
    """The machine's sandbox, which counts the kernels it starts, and starts none when the `broken` one is due."""

    name = "counting"

    def __init__(self, broken: int | None = None) -> None:
        self.sandbox: Sandbox = sandbox_named("bubblewrap")
        self.broken, self.count = broken, 0

    def warm_up(self, lesson: Lesson, limits: Limits) -> None:
        self.sandbox.warm_up(lesson, limits)

    def kernel(self, lesson: Lesson, limits: Limits) -> Kernel:
        self.count += 1
        if self.count == self.broken:
            raise KernelNotStarted("this machine is tired")
        return self.sandbox.kernel(lesson, limits)


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which Ada and Bea have handed in right answers, and been graded."""
    root = tmp_path_factory.mktemp("pattern")
    courses.make(root, small_lesson.write(root))
    for student in ("ada", "bea"):
        courses.submit(root, "small", student, courses.solved_small(root))
    grade(root, Counting())
    return root


@pytest.fixture
def course(pattern: Path, tmp_path: Path) -> Path:
    """The same, in a folder of its own."""
    return Path(shutil.copytree(pattern, tmp_path / "course"))


@pytest.fixture
def ungraded(course: Path) -> Path:
    """The same before the grading."""
    no_gradebook(course)
    shutil.rmtree(course / "autograded")
    return course


def grade(root: Path, sandbox: Sandbox, regrade: bool = False) -> dict[str, ClassResult]:
    """Everybody's results, one kernel at a time."""
    grader = Grader.for_lesson(Lesson(root / "small"), sandbox)
    return {each.student: each for each in grade_class(root, grader, submissions(root, "small"), 1, regrade)}


def new_content(root: Path) -> None:
    courses.submit(root, "small", "ada", courses.solved_small(root, scale="# a comment\n"))


def new_lesson(root: Path) -> None:
    with (root / "small/lesson.py").open("a") as text:
        text.write("\n# %% [markdown]\n# A last word.\n")


def no_gradebook(root: Path) -> None:
    (root / "gradebook.db").unlink()
    release(root, ["small"], database=True)


@pytest.mark.slow
@pytest.mark.parametrize(("change", "again"), [(new_content, 1), (new_lesson, 2), (no_gradebook, 2)])
def test_only_what_has_changed_is_graded_again(course: Path, change: Callable[[Path], None], again: int) -> None:
    idle = Counting()
    assert all(each.unchanged and each.grade for each in grade(course, idle).values())
    assert idle.count == 0
    change(course)
    busy = Counting()
    results = grade(course, busy)
    assert busy.count == again == sum(not each.unchanged for each in results.values())
    assert courses.points(course, "small") == {"ada": FULL, "bea": FULL}


@pytest.mark.slow
def test_another_grader_grades_again_and_says_so(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "digest", lambda rooms: f"another {rooms}")
    busy = Counting()
    assert [each.changed for each in grade(course, busy).values()] == ["grader", "grader"]
    assert busy.count == 2
    assert all(each.unchanged for each in grade(course, Counting()).values())
    new_content(course)
    assert sorted(each.changed for each in grade(course, Counting()).values()) == ["", "submission"]


@pytest.mark.slow
def test_a_card_is_laid_out_once(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the notebook, for the grade in it, and for whoever reads the results."""
    laid_out = []
    for place in (grading, nbgrader_step):
        count = lambda grade, **options: laid_out.append(grade) or lay_out(grade, **options)  # noqa: E731
        monkeypatch.setattr(place, "lay_out", count)
    grade(course, sandbox_named("bubblewrap"), regrade=True)
    assert sorted(each.exercise.id for each in laid_out) == ["middle", "middle", "scale", "scale", "total", "total"]


@pytest.mark.slow
def test_regrade_grades_everybody(course: Path) -> None:
    busy = Counting()
    assert not any(each.unchanged for each in grade(course, busy, regrade=True).values())
    assert busy.count == 2


@pytest.mark.slow
def test_a_fault_is_told_and_neither_a_zero_nor_the_end_for_others(ungraded: Path) -> None:
    results = grade(ungraded, Counting(broken=1))
    assert results["ada"].grade is None
    assert results["ada"].fault == "the grader's own fault: this machine is tired"
    assert results["bea"].grade is not None
    assert courses.points(ungraded, "small") == {"bea": FULL}


@pytest.mark.slow
def test_a_fault_leaves_the_old_grade(course: Path) -> None:
    courses.submit(course, "small", "ada", "")
    (course / "autograded/ada").rename(course / "autograded/away")
    (course / "autograded/ada").touch()  # nbgrader can't write there
    results = grade(course, Counting())
    assert "nbgrader could not record the grade: There was an error processing" in results["ada"].fault
    assert courses.points(course, "small") == {"ada": FULL, "bea": FULL}


def test_a_student_may_be_called_anything(ungraded: Path) -> None:
    names = ("[ab]", "*", " spaced ", "Zoë 学生", "a.b+c")
    for name in names:
        courses.submit(ungraded, "small", name, courses.solved_small(ungraded))
    assert not [each.fault for each in grade(ungraded, Counting()).values() if each.fault]
    assert courses.points(ungraded, "small") == dict.fromkeys(("ada", "bea", *names), FULL)


def test_no_notebook_is_told_and_the_others_are_not_concerned(ungraded: Path) -> None:
    (ungraded / "submitted/ada/small/small.ipynb").unlink()
    courses.submit(ungraded, "small", "bea", "")
    results = grade(ungraded, Counting())
    assert "has no notebook" in results["ada"].fault
    assert courses.points(ungraded, "small") == {"bea": dict.fromkeys(FULL, 0.0)}


def test_what_lies_beside_a_notebook_is_not_touched(ungraded: Path) -> None:
    folder = ungraded / "submitted/ada/small"
    (folder / "secret.txt").symlink_to(ungraded / "secret.key")
    (folder / "submission_secret.txt").symlink_to(ungraded / "secret.key")
    (folder / "timestamp.txt").write_text("2026-11-22 10:00:00.000000 UTC\n\n")
    (folder / "endless.csv").symlink_to("/dev/zero")
    (folder / "gone").symlink_to("nowhere")
    os.mkfifo(folder / "pipe")
    (folder / "more").mkdir()
    (folder / "more/torch.py").write_text("1 / 0\n")
    (folder / "._small.ipynb").write_text("made by a Mac")
    (folder / "small.ipynb").rename(folder / "mine.ipynb")
    results = grade(ungraded, Counting())
    assert results["ada"].grade is not None and not results["ada"].fault
    assert courses.points(ungraded, "small") == {"ada": FULL, "bea": FULL}
    handed_on = {path.name: path for path in (ungraded / "autograded/ada/small").iterdir()}
    assert handed_on.keys() == {"small.ipynb", "timestamp.txt", "submission_secret.txt"}
    assert not any(path.is_symlink() for path in handed_on.values())
    assert handed_on["timestamp.txt"].read_text() == "2026-11-22 10:00:00 UTC"
    assert re.fullmatch("[0-9a-f]{128}", handed_on["submission_secret.txt"].read_text())  # one that nobody knows


def test_of_two_notebooks_with_other_names_the_one_of_this_lesson_is_graded(ungraded: Path) -> None:
    folder = ungraded / "submitted/ada/small"
    (folder / "small.ipynb").rename(folder / "homework.ipynb")
    (folder / "notes.ipynb").write_bytes(small_lesson.notebook([small_lesson.code("print('notes')")]))
    (folder / "broken.ipynb").write_text("{")
    assert grade(ungraded, Counting())["ada"].grade is not None
    assert courses.points(ungraded, "small")["ada"] == FULL


def test_of_many_notebooks_none_is_opened(tmp_path: Path) -> None:
    """A thousand large ones would keep everybody waiting."""
    for number in range(6):
        (tmp_path / f"{number}.ipynb").write_bytes(small_lesson.notebook([]))
    with opened(tmp_path) as files:
        with pytest.raises(UnreadableSubmission, match=r"\(0.ipynb, 1.ipynb, 2.ipynb, 3.ipynb, 4.ipynb, …\)"):
            notebook_in(tmp_path, Lesson(tmp_path / "small"))
        assert files.names() == set()


def test_what_stops_nbgrader_altogether_stops_one_student_here(ungraded: Path) -> None:
    for student in ("ada", "bea", "carl"):
        path = courses.submit(ungraded, "small", student, "")
        path.with_name("timestamp.txt").write_text({"ada": "2026-11-22 10:00:00 UTC"}.get(student, "half past ten"))
    path.with_name("timestamp.txt").unlink()
    path.with_name("timestamp.txt").symlink_to("/dev/zero")
    results = grade(ungraded, Counting())
    assert results["ada"].grade is not None
    for student in ("bea", "carl"):
        assert re.search(r"small/timestamp\.txt holds no time .+: mend or delete it", results[student].fault)
        assert "Traceback" not in results[student].fault


@pytest.mark.parametrize("text", ["9" * 30 + "h", "2026-11-22 10:00 ../../../{file}", "2026-11-22 10:00 :{file}"])
def test_a_time_that_is_none_stops_one_student_and_opens_no_file(tmp_path: Path, text: str) -> None:
    """The parser lets errors of many kinds through, and takes a path for a time zone, which is a file."""
    (tmp_path / "zone").write_bytes(b"TZif")
    (tmp_path / "timestamp.txt").write_text(text.format(file=tmp_path / "zone"))
    with opened(tmp_path) as files:
        with pytest.raises(NbgraderFailed, match="holds no time"):
            submitted_time(tmp_path)
        assert files.names() == {"timestamp.txt"}


class Slow:
    """A kernel, and its own process, that takes a while to say that it lives."""

    def __init__(self) -> None:
        self.process, self.killed = self, False

    def poll(self) -> None:
        time.sleep(0.1)

    def kill(self) -> None:
        self.killed = True


class SlowSandbox:
    """Gives out such kernels."""

    name = "slow"

    def __init__(self) -> None:
        self.given: list[Slow] = []

    def kernel(self, lesson: Lesson, limits: Limits) -> Slow:
        self.given.append(Slow())
        return self.given[-1]


def test_a_run_that_is_stopped_kills_also_kernels_that_were_started_at_once(tmp_path: Path) -> None:
    sandbox = SlowSandbox()
    stoppable = StoppableSandbox(sandbox)  # type: ignore[arg-type]
    stoppable.kernel(Lesson(tmp_path), Limits())
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: stoppable.kernel(Lesson(tmp_path), Limits()), range(4)))
    stoppable.stop()
    assert [kernel.killed for kernel in sandbox.given] == [True] * 5


def test_a_lesson_that_was_not_released_is_refused(course: Path) -> None:
    grader = Grader.for_lesson(Lesson(course / "small"), Counting())
    unknown = replace(grader, lesson=Lesson(course / "other"))
    with pytest.raises(NotReleased, match="nbgrader generate_assignment other"):
        list(grade_class(course, unknown, submissions(course, "small"), 1))


def test_submissions_of_some_students(course: Path) -> None:
    assert [each.student for each in submissions(course, "small", ["bea"])] == ["bea"]
    with pytest.raises(NothingSubmitted, match="by carl; submissions belong at"):
        submissions(course, "small", ["ada", "carl"])
    with pytest.raises(NothingSubmitted, match=r"submitted/STUDENT/other/other\.ipynb"):
        submissions(course, "other")


@pytest.mark.parametrize(
    ("options", "told"), [([], "goes on from there"), (["--regrade"], "grades everybody again, from the first")]
)
def test_an_interrupt_says_what_the_same_command_will_do(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: list[str], told: str
) -> None:
    def interrupted(*_: object) -> Iterator[ClassResult]:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr("autograder.classroom.grading.grade_class", interrupted)
    with pytest.raises(SystemExit) as ended:
        app(["grade", "small", "--course", str(course), *options])
    assert ended.value.code == 130
    assert f"What was graded is kept; the same command {told}." in capsys.readouterr().err


@pytest.mark.slow
def test_an_interrupt_ends_at_once_and_the_next_run_goes_on_from_there(course: Path) -> None:
    courses.submit(course, "small", "bea", courses.solved_small(course, scale="# a comment\n"))
    path = courses.submit(course, "small", "endless", courses.solved_small(course, total=ENDLESS))
    command = [sys.executable, "-m", "autograder", "grade", "small", "--jobs", "1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"}
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=course, env=environment, text=True, **pipes) as run:
        assert run.stdout is not None
        assert "unchanged" in run.stdout.readline()
        assert "11/11" in run.stdout.readline()
        kernels = wait_for_children(run.pid)
        asked = time.monotonic()
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=30)
        assert time.monotonic() - asked < 10
    assert run.returncode == 130
    assert said.splitlines() == [
        f"course: {course}", "What was graded is kept; the same command goes on from there.", "autograder: stopped",
    ]  # fmt: skip
    assert not psutil.wait_procs(kernels, timeout=5)[1]
    assert scores(course, "small").keys() == {"ada", "bea"}
    path.write_text(courses.solved_small(course))
    again = courses.run("autograder", "grade", "small", cwd=course)
    assert again.stdout.count("unchanged, not graded again") == 2
    assert courses.points(course, "small") == dict.fromkeys(("ada", "bea", "endless"), FULL)


def wait_for_children(process: int) -> list[psutil.Process]:
    """What a process has started, some seconds after there is anything."""
    while not psutil.Process(process).children():
        time.sleep(0.1)
    time.sleep(4)
    return psutil.Process(process).children(recursive=True)
