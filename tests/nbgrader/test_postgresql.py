"""The gradebook in PostgreSQL: a class's whole way through a real server, with the same scores as in SQLite."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers import courses, small_lesson
from sqlalchemy import create_engine, text

from autograder.classroom.grading import ClassResult, grade_class
from autograder.lesson.lesson import Lesson
from autograder.nbgrader.gradebook import recorded, scores
from autograder.running.grader import Grader
from autograder.sandbox import Sandbox, sandbox_named
from autograder.submission.inbox import submissions

pytestmark = pytest.mark.slow
DEBIAN = Path("/usr/lib/postgresql")
"""Where Debian has PostgreSQL's programs, by version; they are not on PATH."""
STUDENTS = {"ada": {}, "Zoë 学生": {"middle": "1 / 0\n"}}


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """The address of a database on a server of our own. It is reached through a socket in its folder alone."""
    with tempfile.TemporaryDirectory(prefix="pg-") as name:  # a socket's path must be short
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        postgres(
            "initdb", "--auth=trust", "--username=grader", "--encoding=UTF8", "--no-sync", f"--pgdata={folder}/data"
        )
        server = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        postgres("pg_ctl", "start", "--wait", f"--pgdata={folder}/data", f"--options={server}", f"--log={folder}/log")
        try:
            postgres("createdb", f"--host={folder}", "--username=grader", "gradebook")
            yield f"postgresql://grader@/gradebook?host={folder}"
        finally:
            postgres("pg_ctl", "stop", "--mode=fast", f"--pgdata={folder}/data")


def postgres(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs. It refuses to serve root, who becomes its own user for that."""
    found = shutil.which(program) or max((str(path) for path in DEBIAN.glob(f"*/bin/{program}")), default=None)
    if found is None:
        assert "CI" not in os.environ, "no PostgreSQL"
        pytest.skip("no PostgreSQL")
    user: Any = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    with tempfile.TemporaryFile("w+") as said:  # the server keeps a pipe open
        done = subprocess.run([found, *arguments], stdout=said, stderr=said, cwd="/", **user)
        said.seek(0)
        assert done.returncode == 0, said.read()


def course(root: Path, settings: str = "") -> Path:
    """A course with a class of two."""
    courses.make(root, small_lesson.write(root), settings)
    for student, before in STUDENTS.items():
        courses.submit(root, "small", student, courses.solved_small(root, **before))
    return root


def grade(root: Path, sandbox: Sandbox, regrade: bool = False) -> list[ClassResult]:
    grader = Grader.for_lesson(Lesson(root / "small"), sandbox)
    return list(grade_class(root, grader, submissions(root, "small"), 2, regrade))


def test_a_class_in_postgresql(database: str, tmp_path: Path) -> None:
    here = course(tmp_path / "sqlite")
    there = course(tmp_path / "postgresql", f'c.CourseDirectory.db_url = "{database}"')
    sandbox = sandbox_named("bubblewrap")
    for root in (here, there):
        assert not [each for each in grade(root, sandbox) if each.fault or each.unchanged]
    assert all(each.unchanged for each in grade(there, sandbox))
    assert not [each for each in grade(there, sandbox, regrade=True) if each.fault or each.unchanged]
    assert scores(there, "small") == scores(here, "small")
    assert [each.score for each in scores(here, "small").values()] != [11.0, 11.0]
    assert {student: known.grade for student, known in recorded(there, "small").items()} == {
        student: known.grade for student, known in recorded(here, "small").items()
    }
    engine = create_engine(database)
    with engine.connect() as connection:  # it is really there, and nowhere else
        assert connection.execute(text("select count(*) from submitted_assignment")).scalar() == len(STUDENTS)
    engine.dispose()
    assert not (there / "gradebook.db").exists()
    courses.run_nbgrader(
        *((root, command) for root in (here, there) for command in ("generate_feedback small", "export"))
    )
    assert exported(there) == exported(here)
    for student in STUDENTS:
        page = "feedback" / Path(student) / "small/small.html"
        assert "Scale" in (there / page).read_text(encoding="utf-8")
    done = courses.run("autograder", "report", "small", cwd=there)
    assert len(done.stdout.splitlines()) == 2


def exported(root: Path) -> list[dict[str, str]]:
    """What `nbgrader export` wrote of everybody's scores."""
    with (root / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = [{name: row[name] for name in ("assignment", "student_id", "raw_score", "score", "max_score")}
                for row in csv.DictReader(file)]  # fmt: skip
    assert len(rows) == len(STUDENTS)
    return sorted(rows, key=str)


def test_without_the_driver_it_says_what_to_install(tmp_path: Path) -> None:
    root = course(tmp_path / "course")
    with (root / "nbgrader_config.py").open("a") as config:
        config.write('c.CourseDirectory.db_url = "postgresql://nobody@localhost/gradebook"\n')
        config.write("import sys; sys.modules['psycopg'] = None\n")
    done = courses.run("autograder", "grade", "small", cwd=root, fine=False)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f"course: {root}",
        "autograder: the package 'psycopg' is not installed: pip install 'inside-nn-module[instructor,postgresql]'",
    ]
