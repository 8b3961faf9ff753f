"""Real nbgrader courses in temporary folders, for tests: `make(folder, lesson)`; and what their gradebooks say."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import warnings
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from autograder.authoring.build import write_source
from autograder.demo.students import filled
from autograder.lesson.lesson import Lesson
from autograder.nbgrader.release import release
from autograder.submission.notebook import write_notebook
from helpers import COURSE, small_lesson

PROGRAMS = Path(sys.executable).parent
Points = dict[str, dict[str, float]]
"""Student → exercise → points in the gradebook."""


def make(root: Path, lesson: Lesson, settings: str = "") -> Path:
    """Make `root`, where the lesson is already, a course into whose gradebook the lesson has been released.

    All have the same secret, so that the reference is observed once.
    """
    (root / "secret.key").write_text("5" * 64)
    config = (COURSE / "nbgrader_config.py").read_text(encoding="utf-8")
    (root / "nbgrader_config.py").write_text(f"{config}\n{settings}\n", encoding="utf-8")
    write_source(lesson, COURSE, root)
    release(root, [lesson.name], database=True)
    return root


def solved_small(root: Path, **before: str) -> str:
    """The released small lesson with right answers; `before` puts code in front of an exercise's."""
    notebook = nbformat.read(released(root, "small"), as_version=4)
    answers = {name: before.get(name, "") + answer for name, answer in small_lesson.ANSWERS.items()}
    return write_notebook(filled(notebook, answers))


def released(root: Path, lesson: str) -> Path:
    """The released notebook."""
    return root / "release" / lesson / f"{lesson}.ipynb"


def submit(root: Path, lesson: str, student: str, content: str | bytes, name: str = "") -> Path:
    """Hand in a notebook; returns its file."""
    path = root / "submitted" / student / lesson / (name or f"{lesson}.ipynb")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def run(program: str, *arguments: str | Path, cwd: Path, fine: bool = True) -> subprocess.CompletedProcess[str]:
    """Run `autograder` or `nbgrader` as somebody would who has not put the environment's programs on PATH."""
    module = {"autograder": "autograder", "nbgrader": "nbgrader"}[program]
    return _python(["-m", module, *arguments], cwd, fine)


def run_nbgrader(*commands: tuple[Path, str]) -> subprocess.CompletedProcess[str]:
    """Run several of nbgrader's commands, each in its folder, in one process: nbgrader takes long to start."""
    return _python(["-c", SEVERAL, *(str(part) for command in commands for part in command)], commands[0][0], True)


SEVERAL = """
import os, sys
from jupyter_core.application import NoStart
from nbgrader.apps.nbgraderapp import NbGraderApp
for folder, command in zip(sys.argv[1::2], sys.argv[2::2]):
    os.chdir(folder)
    NbGraderApp.clear_instance()
    for kind, _ in NbGraderApp.subcommands.values():
        kind.clear_instance()
    app = NbGraderApp()
    app.initialize(command.split())
    try:
        app.start()
    except NoStart:
        pass
    except SystemExit as end:
        if end.code:
            raise
"""


def _python(arguments: list[str | Path], cwd: Path, fine: bool) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(COURSE.parent), "COLUMNS": "120"}
    environment["AUTOGRADER_LESSONS"] = str(cwd)
    done = subprocess.run([sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0 or not fine, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done


def points(root: Path, lesson: str) -> Points:
    """What the gradebook says, exercise by exercise."""
    with warnings.catch_warnings(), Gradebook(f"sqlite:///{root}/gradebook.db", "inside-nn-module") as gradebook:
        warnings.simplefilter("ignore")
        rows = gradebook.assignment_submissions(lesson)
        grades = [(row.student_id, grade) for row in rows for each in row.notebooks for grade in each.grades]
        found: Points = {student: {} for student, _ in grades}
        for student, grade in grades:
            found[student][grade.name.removeprefix("check_")] = grade.score
        return found


def waiting(root: Path, lesson: str) -> set[str]:
    """The students whose submissions wait for a person, according to the gradebook."""
    with Gradebook(f"sqlite:///{root}/gradebook.db", "inside-nn-module") as gradebook:
        return {row.student_id for row in gradebook.assignment_submissions(lesson) if row.needs_manual_grade}


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder, with a hash of what it holds."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
