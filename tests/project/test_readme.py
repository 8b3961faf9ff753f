"""The README's way of a class, typed as it stands there: by a teacher and two students who are three users."""

from __future__ import annotations

import csv
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from helpers import ROOT, small_lesson

from autograder.demo.students import filled
from autograder.lesson.lesson import Lesson
from autograder.submission.notebook import write_notebook

NAME = "lesson1_subclassing"
WRONG = {**small_lesson.ANSWERS, "total": "def total(numbers):\n    return sum(numbers, 1)\n"}
FIRST_CELL = """\
# # A small lesson
#
# **Time and difficulty.** About a minute.
#
# **After this lesson you can**
#
# - scale.

# %% setup=true
"""


@dataclass
class User:
    """Somebody with a home: another user of this machine where the tests run as root, else by name only."""

    name: str
    home: Path
    folder: Path
    settings: Path
    account: pwd.struct_passwd | None = None
    own_course: str = ""
    """The course that is theirs; in a clone in which `make setup` ran, the one beside the installed package."""

    def types(self, block: str) -> str:
        """Run a block of commands in the shell, each of which must work; go on in the folder where it ended."""
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.home), "JUPYTER_CONFIG_PATH": str(self.settings)}
        environment["AUTOGRADER_LESSONS"] = self.own_course
        command = [*self.becoming(), "bash", "-ec", f"{block}\npwd >{self.home}/where"]
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, f"{self.name}: {block}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        self.folder = Path((self.home / "where").read_text().strip())
        return done.stdout + done.stderr

    def becoming(self) -> list[str]:
        """What to put in front of a command of theirs. Root's home is closed to others, also where Python is in it."""
        if self.account is None:
            return []
        closed, needed = Path.home(), (Path(sys.base_prefix), Path(sys.prefix), ROOT)
        within = [each for each in needed if each.is_relative_to(closed)]
        above = {parent for each in within for parent in each.parents if parent.is_relative_to(closed)} - {closed}
        opened = [part for each in sorted(above) for part in ("--dir", str(each))]
        shown = [part for each in within for part in ("--ro-bind", str(each), str(each))]
        view = ["bwrap", "--dev-bind", "/", "/", "--tmpfs", str(closed), *opened, *shown, "--cap-add", "ALL"]
        ids = [f"--reuid={self.account.pw_uid}", f"--regid={self.account.pw_gid}", "--clear-groups"]
        return [*view, "setpriv", *ids, "--bounding-set=-all", "--inh-caps=-all"]

    def owns(self, *paths: Path) -> None:
        """Give them files."""
        for path in paths if self.account else ():
            os.chown(path, self.account.pw_uid, self.account.pw_gid, follow_symlinks=False)


def users(place: Path, names: tuple[str, ...]) -> list[User]:
    """Users with homes below `place`: system accounts where the tests run as root."""
    accounts = [each for each in pwd.getpwall() if each.pw_uid > 0] if os.geteuid() == 0 else []
    found = []
    for number, name in enumerate(names):
        user = User(name, place / name, place / name, place / "settings")
        user.home.mkdir()
        if accounts:
            user.account = accounts[number]
            user.name = user.account.pw_name
        else:
            (user.home / "nbgrader_config.py").write_text(
                f'c = get_config()\nc.CourseDirectory.student_id = "{name}"\n'
            )
        user.owns(user.home)
        found.append(user)
    return found


def repository(user: User) -> Path:
    """A copy of the repository as far as the README speaks of it, with a small lesson in the place of the first."""
    root = user.home / "repository"
    (root / "course").mkdir(parents=True)
    for name in ("README.md", "pyproject.toml", "course/nbgrader_config.py"):
        shutil.copy(ROOT / name, root / name)
    lesson = small_lesson.write(root / "course")
    lesson.text.write_text(lesson.text.read_text().replace("# # A small lesson\n", FIRST_CELL))
    lesson.folder.rename(root / "course" / NAME)
    (root / ".venv").symlink_to(sys.prefix)
    user.owns(root, *root.rglob("*"))
    return root


def blocks() -> list[str]:
    """The README's blocks of commands from the first that builds to the last that fetches feedback, in order."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("## For instructors")[1]
    found = re.findall(r"```bash\n(.*?)```", section, re.DOTALL)
    first = next(number for number, block in enumerate(found) if "autograder build" in block)
    last = max(number for number, block in enumerate(found) if "fetch_feedback" in block)
    return found[first : last + 1]


@dataclass
class Class:
    """A class after all of the README's commands: its people and its course."""

    teacher: User
    students: list[User]
    course: Path


@pytest.fixture(scope="module")
def taught() -> Iterator[Class]:
    place = Path(tempfile.mkdtemp())  # pytest's own folders are closed to others
    place.chmod(0o755)
    try:
        (place / "exchange").mkdir()
        (place / "exchange").chmod(0o777)
        (place / "settings").mkdir()
        (place / "settings/nbgrader_config.py").write_text(
            f'c = get_config()\nc.Exchange.root = "{place / "exchange"}"\n'
        )
        teacher, *students = users(place, ("teacher", "ada", "bea"))
        teacher.folder = repository(teacher)
        course = teacher.folder / "course"
        teacher.own_course = str(course)
        release, work, grading, fetching = blocks()
        teacher.types(release)
        for student, answers in zip(students, (small_lesson.ANSWERS, WRONG), strict=True):
            fetch, submit = work.split("# …")[0], work.splitlines()[-1]
            student.types(f". {sys.prefix}/bin/activate\n{fetch}")
            notebook = student.home / NAME / f"{NAME}.ipynb"
            notebook.write_text(write_notebook(filled(nbformat.read(notebook, as_version=4), answers)))
            student.types(f". {sys.prefix}/bin/activate\n{submit}")
        teacher.types(f". {sys.prefix}/bin/activate\n{grading}")
        for student in students:
            student.types(f". {sys.prefix}/bin/activate\n{fetching}")
        yield Class(teacher, students, course)
    finally:
        shutil.rmtree(place)


@pytest.mark.slow
@pytest.mark.timeout(1800)  # fifteen commands, most of which import much
class TestReadme:
    """Four blocks of commands, from the release to the returned feedback, through nbgrader's exchange."""

    def test_both_are_graded_and_exported(self, taught: Class) -> None:
        with (taught.course / "grades.csv").open(encoding="utf-8", newline="") as file:
            scores = {row["student_id"]: row["score"] for row in csv.DictReader(file)}
        assert scores == {student.name: score for student, score in zip(taught.students, ("11.0", "6.0"), strict=True)}

    def test_each_fetches_a_page_of_their_own(self, taught: Class) -> None:
        pages = [list(student.home.glob(f"{NAME}/feedback/*/{NAME}.html")) for student in taught.students]
        (right,), (wrong,) = pages
        assert "One too many" not in right.read_text(encoding="utf-8")
        assert "One too many" in wrong.read_text(encoding="utf-8")

    def test_the_report_names_both(self, taught: Class) -> None:
        page = (taught.course / f"report/{NAME}.html").read_text(encoding="utf-8")
        assert "2 graded submissions" in page
        assert "Not graded" not in page

    def test_only_the_notebook_and_two_small_files_get_to_the_feedback(self, taught: Class) -> None:
        for student in taught.students:
            folder = taught.course / "feedback" / student.name / NAME
            assert {path.name for path in folder.iterdir()} == {
                f"{NAME}.html", "timestamp.txt", "submission_secret.txt",
            }  # fmt: skip

    def test_what_is_advised_after_a_lesson_was_changed_is_all_that_there_is_to_type(self, taught: Class) -> None:
        exercises = small_lesson.criteria(Lesson(taught.course / NAME))
        exercises.write_text(exercises.read_text().replace('"It adds up", points=4', '"It adds up", points=14'))
        activated, grade = f". {sys.prefix}/bin/activate", f"autograder grade {NAME}"
        told = taught.teacher.types(f"{activated}\n{grade} || true")
        commands = re.findall(r"`([^`]+)`", " ".join(told.split()))[:2]
        assert commands == ["autograder build", f"nbgrader generate_assignment {NAME}"]
        told = taught.teacher.types("\n".join([activated, *commands, grade, "autograder report"]))
        table = taught.course / f"report/{NAME}.csv"
        with table.open(encoding="utf-8", newline="") as file:
            assert [float(row["score"]) for row in csv.DictReader(file)] == [21, 6]
        assert "not graded:" not in told
