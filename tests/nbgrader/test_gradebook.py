"""What counts is the gradebook: everywhere the same score; and gradebooks that can't be read or written."""

from __future__ import annotations

import csv
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from helpers import courses, small_lesson
from nbgrader.api import Gradebook
from nbgrader.utils import parse_utc

from autograder.classroom.grading import ClassResult, grade_class
from autograder.lesson.lesson import Lesson
from autograder.nbgrader.database import GradebookUnusable
from autograder.nbgrader.gradebook import recorded
from autograder.running.grader import Grader
from autograder.sandbox import sandbox_named
from autograder.submission.inbox import submissions

PENALTY = """
from nbgrader.plugins import LateSubmissionPlugin
class Less(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 1.5
c.AssignLatePenalties.plugin_class = Less
"""
WRONG = {"total": "def total(numbers):\n    return sum(numbers, 1)\n"}


def hand_in(root: Path, student: str, time: str = "", **answers: str) -> None:
    """Submit right answers but for those given."""
    content = courses.solved_small(root)
    for name, answer in answers.items():
        content = content.replace(small_lesson.ANSWERS[name].splitlines()[-1].strip(), answer.splitlines()[-1].strip())
    path = courses.submit(root, "small", student, content)
    if time:
        path.with_name("timestamp.txt").write_text(time)


def grade(root: Path) -> dict[str, ClassResult]:
    """Everybody's results."""
    grader = Grader.for_lesson(Lesson(root / "small"), sandbox_named("bubblewrap"))
    return {each.student: each for each in grade_class(root, grader, submissions(root, "small"), 1)}


@contextmanager
def gradebook(root: Path) -> Iterator[Gradebook]:
    """The gradebook, as Formgrader changes it."""
    with Gradebook(f"sqlite:///{root}/gradebook.db", "inside-nn-module") as opened:
        yield opened
        opened.db.commit()


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which Ada was right and Bea was wrong once: they have 11 and 6 of 11 points."""
    root = tmp_path_factory.mktemp("pattern")
    courses.make(root, small_lesson.write(root), PENALTY)
    hand_in(root, "ada", "2026-11-22 10:00:00 UTC")
    hand_in(root, "bea", **WRONG)
    grade(root)
    return root


@pytest.fixture
def course(pattern: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pattern, tmp_path / "course"))


def set_by_hand(root: Path) -> None:
    """A due date that Ada missed; for Bea's wrong answer 4 points, and 1 more of extra credit."""
    with gradebook(root) as opened:
        opened.update_or_create_assignment("small", duedate=parse_utc("2026-11-22 09:00 UTC"))
        changed = opened.find_grade("check_total", "small", "small", "bea")
        changed.manual_score, changed.extra_credit = 4, 1


@pytest.fixture(scope="module")
def told(pattern: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The course after all commands, and what `autograder grade` printed."""
    root = Path(shutil.copytree(pattern, tmp_path_factory.mktemp("one") / "course"))
    courses.run("nbgrader", "generate_feedback", "small", cwd=root)
    set_by_hand(root)
    printed = courses.run("autograder", "grade", "small", cwd=root).stdout
    courses.run_nbgrader((root, "generate_feedback small"), (root, "export"))
    courses.run("autograder", "report", cwd=root)
    return root, printed


class TestOneScore:
    """After the grading, a teacher sets a due date and some points: no submission is graded again for that."""

    def test_the_table(self, told: tuple[Path, str]) -> None:
        assert told[1].count("unchanged, not graded again") == 2
        assert re.search(r"^ ada +9.5/11 .* 3 .* 3 .* 5 *$", told[1], re.MULTILINE)
        assert re.search(r"^ bea +11/11 .* 3 .* 3 .* 5\* *$", told[1], re.MULTILINE)
        assert "* points given by a person" in told[1]
        assert "Taken off for being late: ada -1.5" in told[1]

    def test_nbgraders_export_and_our_table_for_spreadsheets(self, told: tuple[Path, str]) -> None:
        def scores(name: str, key: str) -> dict[str, float]:
            with (told[0] / name).open(encoding="utf-8", newline="") as file:
                return {row[key]: float(row["score"]) for row in csv.DictReader(file)}

        assert scores("grades.csv", "student_id") == scores("report/small.csv", "student") == {"ada": 9.5, "bea": 11}

    def test_the_report(self, told: tuple[Path, str]) -> None:
        page = (told[0] / "report/small.html").read_text(encoding="utf-8")
        assert "Mean 10.2, median 10.25 of 11 points" in page
        assert "1.5 points taken off for being late" in page
        assert "total: 5 points given by a person" in page

    def test_the_feedback_pages(self, told: tuple[Path, str]) -> None:
        ada, bea = (
            (told[0] / f"feedback/{who}/small/small.html").read_text(encoding="utf-8") for who in ("ada", "bea")
        )
        assert "(Score: 9.5 / 11.0)" in ada
        assert "given by a person" not in ada
        assert "(Score: 11.0 / 11.0)" in bea
        assert "total: 5 of 5 points, given by a person" in bea
        assert "The check itself had given 0 of 5." in bea
        assert "Extra credit among them: 1." in bea
        assert bea.count("given by a person") == bea.count("total: 5 of 5 points, given by a person")


def test_a_due_date_that_is_moved_again_gives_the_points_back(course: Path) -> None:
    set_by_hand(course)
    assert grade(course)["ada"].grade["score"] == 9.5  # type: ignore[index]
    with gradebook(course) as opened:
        opened.update_or_create_assignment("small", duedate=parse_utc("2026-11-23 12:00 UTC"))
    assert grade(course)["ada"].grade["score"] == 11  # type: ignore[index]


def test_points_given_by_a_person_stand_also_when_the_submission_is_graded_again(course: Path) -> None:
    set_by_hand(course)
    hand_in(course, "bea", scale="        return x", **WRONG)
    result = grade(course)["bea"]
    assert not result.unchanged
    assert result.grade is not None
    assert (result.grade["score"], result.grade["exercises"][2]["points"]) == (9, 5)


def test_an_equal_notebook_that_is_collected_again_is_found_by_its_new_secret(course: Path) -> None:
    place, secret = course / "submitted/bea/small/submission_secret.txt", "0123456789abcdef" * 8
    place.write_text(secret)
    assert all(each.unchanged for each in grade(course).values())
    assert (course / "autograded/bea/small/submission_secret.txt").read_text() == secret


@pytest.mark.slow
def test_who_could_not_be_graded_is_in_the_report_until_they_are(course: Path) -> None:
    (course / "submitted/carl/small").mkdir(parents=True)
    (course / "submitted/carl/small/homework.pdf").write_text("%PDF")
    hand_in(course, "dora", "half past ten")
    hand_in(course, "=emil")
    options = [part for student in ("ada", "carl", "dora") for part in ("--student", student)]
    assert courses.run("autograder", "grade", "small", *options, cwd=course, fine=False).returncode == 1
    courses.run("autograder", "report", cwd=course)
    page = (course / "report/small.html").read_text(encoding="utf-8")
    assert "3 submissions are missing below" in page
    assert re.search(r"<td>carl</td><td>[^\n]+has no notebook", page)
    assert re.search(r"<td>dora</td><td>[^\n]+holds no time", page)
    assert "<td>=emil</td><td>not graded yet: run <code>autograder grade small</code></td>" in page.replace(
        ' class="inm-code"', ""
    )
    with (course / "report/small.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert rows["ada"]["not graded"] == ""
    assert (rows["carl"]["score"], rows["'=emil"]["score"]) == ("", "")
    assert "has no notebook" in rows["carl"]["not graded"]
    shutil.rmtree(course / "submitted/carl")
    hand_in(course, "dora", "2026-11-22 10:00:00 UTC")
    courses.run("autograder", "grade", "small", cwd=course)
    courses.run("autograder", "report", cwd=course)
    assert "Not graded" not in (course / "report/small.html").read_text(encoding="utf-8")


def locked(root: Path) -> Any:
    """Somebody writes into the gradebook, and does not end."""

    @contextmanager
    def writing() -> Iterator[None]:
        with closing(sqlite3.connect(root / "gradebook.db")) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield

    return writing()


def read_only(root: Path) -> Any:
    with (root / "nbgrader_config.py").open("a") as config:
        config.write(f'c.CourseDirectory.db_url = "sqlite:///file:{root}/gradebook.db?mode=ro&uri=true"\n')
    return closing(sqlite3.connect(":memory:"))


def old(root: Path) -> Any:
    """As nbgrader 0.5 made it, which knew no identities of learning platforms."""
    with closing(sqlite3.connect(root / "gradebook.db")) as database:
        database.execute("ALTER TABLE student DROP COLUMN lms_user_id")
        database.execute("UPDATE alembic_version SET version_num = '167914646830'")
        database.commit()
    return closing(sqlite3.connect(":memory:"))


def damaged(root: Path) -> Any:
    (root / "gradebook.db").write_bytes(b"\0" * 10_000)
    return closing(sqlite3.connect(":memory:"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("trouble", "why", "way_out"),
    [
        (locked, "database is locked", "Formgrader"),
        (read_only, "readonly database", "must be writable for you"),
        (old, "its tables are not those of this version", "run `nbgrader db upgrade` in"),
        (damaged, "not a database", "restore it from your last backup"),
    ],
)
def test_a_gradebook_that_cannot_be_used_is_one_line_with_the_way_out(
    course: Path, trouble: Callable[[Path], Any], why: str, way_out: str
) -> None:
    hand_in(course, "carl")
    meanwhile = trouble(course)
    before = courses.contents(course)
    with meanwhile:
        done = courses.run("autograder", "grade", "small", cwd=course, fine=False)
    assert done.returncode == 2
    found, line = done.stderr.splitlines()
    assert found == f"course: {course}"
    assert why in line
    assert way_out in line
    assert str(course / "gradebook.db") in line
    assert courses.contents(course) == before


@pytest.mark.slow
def test_an_old_gradebook_is_fine_after_what_was_advised(course: Path) -> None:
    with old(course):
        with pytest.raises(GradebookUnusable, match="nbgrader db upgrade"):
            recorded(course, "small")
        courses.run("nbgrader", "db", "upgrade", cwd=course)
        assert all(each.unchanged for each in grade(course).values())


FILLED = """
cp -r "$1/." .
mkdir -p submitted/carl submitted/aaron/small
cp -r submitted/ada/small submitted/carl
graded() { "$2" grade small --isolation none 2>&1 && echo "status 0" || echo "status $?"; }
cat /dev/zero >filled 2>/dev/null || true
graded "$@"
rmdir submitted/aaron/small
echo ---
graded "$@"
rm filled
echo ---
graded "$@"
"""
"""A class in a small file system that is full, and is no more: with somebody who handed in nothing, and without."""


@pytest.mark.slow
def test_a_full_disk_ends_the_run_and_loses_nothing(course: Path, tmp_path: Path) -> None:
    bwrap = shutil.which("bwrap") or pytest.skip("bubblewrap, which mounts a file system here, is not installed")
    (disk := tmp_path / "disk").mkdir()
    mounted: list[str | Path] = [bwrap, "--dev-bind", "/", "/", "--size", "8000000", "--tmpfs", disk, "--chdir", disk]
    command: list[str | Path] = [*mounted, "bash", "-ec", FILLED, "bash", course, courses.PROGRAMS / "autograder"]
    environment = {**os.environ, "COLUMNS": "120"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    *full, room = done.stdout.split("---\n")
    for told in full:
        assert f"the disk is full: make room there (`df -h {disk}`)" in told
        assert told.endswith("status 2\n")
        assert "Traceback" not in told
    assert room.count("unchanged, not graded again") == 2
    assert re.search(r"carl: 11/11 \([\d.]+ s\)", room)
    assert room.endswith("status 0\n")
