"""No process of ours runs or reads a file only because it lies where a command is typed, or beside what is graded."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import psutil
import pytest
from helpers import COURSE, ROOT, courses, small_lesson
from helpers.canaries import fill, opened
from helpers.dask_cluster import dask
from helpers.packages import load

import autograder.cli.course as course_module
from autograder.cli.course import find_course, known_course
from autograder.lesson.lesson import Lesson, LessonNotFound, lesson_roots
from autograder.running.reference import expected_observations
from autograder.sandbox import Bubblewrap, interpreter
from autograder.sandbox.bubblewrap import BubblewrapMissing

DEMO = """
import sys
from pathlib import Path
from autograder.nbgrader import release
from autograder.cli.errors import clearly

def released_and_with_feedback():
    release.WORTH_A_PROCESS = 1
    release.release(Path(sys.argv[1]), ["small"], database=True)
    release.generate_feedback(Path(sys.argv[2]), "small", 2)

if __name__ == "__main__":
    clearly(released_and_with_feedback)()
"""
"""What `autograder demo` does beside grading, where it is a large class."""
HOMEWORK = "homework.ipynb"
REFUSED = (
    "grade small", "report", "build", "build --check", "translate", "demo --folder {made}",
    "demo --folder {made} --jobs 1",
)  # fmt: skip
"""Commands that need a course, typed where there is none but a student's."""
DONE = (
    f"check {HOMEWORK}", f"check {HOMEWORK} --json --isolation none", f"check {HOMEWORK} --course {{course}}",
    f"update {HOMEWORK} --dry-run", f"update {HOMEWORK} --to {{course}}/release/small/small.ipynb", "kernel",
    "kernel --course {course} --limit memory=2e9", "grade small --course {course} --regrade --jobs 1",
    "report --course {course} --folder {made}", "build --course {course}", "build --check --course {course}",
)  # fmt: skip
"""Commands that do what they are asked, with a course elsewhere."""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a class of two, in a source tree."""
    try:
        Bubblewrap.found()
    except BubblewrapMissing as reason:
        pytest.skip(str(reason))
    root = tmp_path_factory.mktemp("repository") / "course"
    lesson = small_lesson.write(root)
    lesson.text.write_text(f"{small_lesson.INTRODUCTION}# %% setup=true\n\n{lesson.text.read_text()}")
    shutil.copy(ROOT / "pyproject.toml", root.parent)
    courses.make(root, lesson)
    for student in ("ada", "bob"):
        courses.submit(root, "small", student, courses.solved_small(root))
    return root


@pytest.fixture
def inbox(course: Path, tmp_path: Path) -> Path:
    """A folder of what was handed in: a notebook that is right, and all that could be put beside it."""
    folder = tmp_path / "inbox"
    fill(folder, "small")
    (folder / HOMEWORK).write_text(courses.solved_small(course))
    return folder


@pytest.fixture
def elsewhere(course: Path, tmp_path: Path) -> dict[str, str]:
    """The environment of somebody whose PATH begins with the current folder, with nothing cached."""
    home = tmp_path / "home"
    home.mkdir()
    jupyter = dict.fromkeys(("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR"), str(home))
    return {
        **os.environ, **jupyter, "PATH": ".::/usr/bin:/bin", "HOME": str(home), "XDG_CACHE_HOME": str(home),
        "AUTOGRADER_LESSONS": str(course), "PYTHONPATH": str(ROOT), "COLUMNS": "200",
    }  # fmt: skip


LOOKS_INTO_IT = """
from jupyter_client.manager import start_new_kernel
from autograder.jupyter.spec import NAME

manager, client = start_new_kernel(kernel_name=NAME, startup_timeout=120)
client.execute_interactive("import torch, json; print(6 * 7)", timeout=60)
client.stop_channels()
manager.shutdown_kernel(now=True)
"""


def typed(line: str, inbox: Path, course: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Type a command in the folder, as somebody would who has the environment's programs by their path alone."""
    words = line.format(course=course, made=inbox.parent / "made").split()
    program: list[str | Path] = [courses.PROGRAMS / "autograder", *words]
    return subprocess.run(program, cwd=inbox, env=environment, capture_output=True, text=True, timeout=300)


@pytest.mark.slow
@pytest.mark.parametrize("line", DONE)
def test_a_command_opens_nothing_but_what_it_was_told(
    line: str, inbox: Path, course: Path, elsewhere: dict[str, str]
) -> None:
    with opened(inbox) as files:
        done = typed(line, inbox, course, elsewhere)
        assert files.names() <= {HOMEWORK, f"{HOMEWORK}.backup"}
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"


@pytest.mark.slow
def test_nor_does_what_the_demonstration_does(
    inbox: Path, course: Path, elsewhere: dict[str, str], tmp_path: Path
) -> None:
    assert typed("grade small --course {course}", inbox, course, elsewhere).returncode == 0
    new = shutil.copytree(course, tmp_path / "new", ignore=shutil.ignore_patterns("gradebook.db"))
    (tmp_path / "demo.py").write_text(DEMO)
    with opened(inbox) as files:
        command: list[str | Path] = [sys.executable, tmp_path / "demo.py", new, course]
        done = subprocess.run(command, cwd=inbox, env=elsewhere, capture_output=True, text=True)
        assert files.names() == set()
    assert done.returncode == 0, done.stderr
    assert (new / "gradebook.db").exists()
    assert len([*course.glob("feedback/*/small/small.html")]) == 2


@pytest.mark.slow
def test_nor_does_a_jupyter_that_is_started_there(
    inbox: Path, course: Path, elsewhere: dict[str, str], tmp_path: Path
) -> None:
    assert typed("kernel", inbox, course, elsewhere).returncode == 0
    (tmp_path / "server.py").write_text(LOOKS_INTO_IT)
    with opened(inbox) as files:
        command: list[str | Path] = [sys.executable, tmp_path / "server.py"]
        done = subprocess.run(command, cwd=inbox, env=elsewhere, capture_output=True, text=True)
        assert files.names() == set()
    assert done.stdout == "42\n", done.stderr


@pytest.mark.slow
def test_nor_does_a_worker_that_is_started_there(
    inbox: Path, course: Path, elsewhere: dict[str, str], tmp_path: Path
) -> None:
    with dask(tmp_path) as cluster, opened(inbox) as files, (tmp_path / "worker.log").open("w") as log:
        command: list[str | Path] = [
            courses.PROGRAMS / "dask",
            "worker",
            cluster.address,
            "--nthreads",
            "1",
            "--no-dashboard",
        ]
        safe = {**elsewhere, "PYTHONSAFEPATH": "1", "TMPDIR": str(tmp_path)}
        cluster.processes.append(psutil.Popen(command, cwd=inbox, env=safe, stdout=log, stderr=log))
        cluster.wait_for_workers(1)
        done = typed(f"grade small --course {course} --regrade --scheduler {cluster.address}", inbox, course, elsewhere)
        assert files.names() == set()
    assert done.returncode == 0, done.stderr
    assert "2 students" in done.stdout


@pytest.mark.slow
def test_nor_does_a_reference_process_whoever_starts_it(
    inbox: Path, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.chdir(inbox)
    with opened(inbox) as files:
        assert expected_observations(Lesson(course / "small"), 1).keys() == small_lesson.FULL.keys()
        assert files.names() == set()


def test_nor_does_the_set_up(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap = load(ROOT / "tools" / "bootstrap.py")
    monkeypatch.chdir(inbox)
    with opened(inbox) as files:
        assert bootstrap._runs(Path(sys.prefix))
        assert files.names() == set()


@pytest.mark.parametrize("line", REFUSED)
def test_what_may_be_a_students_is_no_course(line: str, inbox: Path, course: Path, elsewhere: dict[str, str]) -> None:
    with opened(inbox) as files:
        done = typed(line, inbox, course, elsewhere)
        assert files.names() == set()
    assert done.returncode == 2
    assert f"autograder: {inbox}/nbgrader_config.py may be anybody's" in done.stderr
    assert done.stderr.endswith("If it is yours: --course .\n")


def test_nor_is_a_course_that_lies_beside_submissions(inbox: Path, course: Path, elsewhere: dict[str, str]) -> None:
    (inbox / "nbgrader_config.py").unlink()
    with opened(inbox) as files:
        done = typed("report", inbox, course, elsewhere)
        assert files.names() == set()
    assert f"{inbox}/course/nbgrader_config.py may be anybody's" in done.stderr


# Where a course is taken for granted


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Puts whoever types a command into a folder."""
    return lambda folder: monkeypatch.setattr(interpreter, "_typed_in", [folder])


def test_the_course_of_the_source_tree_is_known(stand: Callable[[Path], None]) -> None:
    stand(COURSE)
    assert known_course() == find_course(None) == COURSE
    stand(ROOT)
    assert (known_course(), find_course(None)) == (None, COURSE)


@pytest.mark.parametrize(("url", "known"), [("file://{}", True), ("https://example.org{}", False)])
def test_so_is_that_of_the_one_that_was_installed_from(
    url: str, known: bool, course: Path, stand: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = SimpleNamespace(read_text=lambda name: json.dumps({"url": url.format(quote(str(course.parent)))}))
    monkeypatch.setattr(course_module, "distribution", lambda name: noted)
    stand(course)
    assert known_course() == (course if known else None)


def test_another_course_serves_its_own_commands_where_nobody_put_notebooks(
    course: Path, stand: Callable[[Path], None]
) -> None:
    stand(course)
    assert (known_course(), find_course(None)) == (None, course)


def test_who_names_lessons_names_one_place(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRADER_LESSONS", f"{course}:course")
    with pytest.raises(LessonNotFound, match="AUTOGRADER_LESSONS takes absolute paths, and no course"):
        lesson_roots()


def test_what_is_taken_for_granted_is_said(course: Path, elsewhere: dict[str, str]) -> None:
    done = typed("update --dry-run submitted/ada/small/small.ipynb", course, course, elsewhere)
    assert done.stderr == f"lessons: those of the course in {course}\n"
    done = typed("report small", course, course, elsewhere)
    assert done.stderr.startswith(f"course: {course}\n")


def test_what_was_passed_over_is_said(inbox: Path, course: Path, elsewhere: dict[str, str]) -> None:
    done = typed(f"update --dry-run {HOMEWORK}", inbox, course, elsewhere)
    assert done.stderr == f"{inbox}/nbgrader_config.py may be anybody's, and is not run. If it is yours: --course .\n"
