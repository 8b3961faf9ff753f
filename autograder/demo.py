"""The demonstration: a class that does everything a class does, taken through the whole course machinery."""

from __future__ import annotations

import shutil
from pathlib import Path

from rich.console import Console

from autograder.build import write_source
from autograder.classroom import grade_class, submissions
from autograder.console import follow, print_summary
from autograder.grader import Grader
from autograder.lesson import Lesson, all_lessons
from autograder.nbgrader.release import generate_feedback, release
from autograder.pretend import pretend_class
from autograder.sandbox import Limits, Sandbox

MARK = ".made-by-autograder-demo"


def run_demo(course: Path, folder: Path, sandbox: Sandbox, limits: Limits, jobs: int, console: Console) -> None:
    """Make a course folder, release its lessons, let a class submit, grade it, make the feedback pages, and say
    what came of it. Raises `FileExistsError` rather than overwrite a folder that it did not make."""
    root = _fresh_course(course, folder)
    for lesson in all_lessons([root]):
        console.rule(lesson.name)
        console.print("releasing the lesson into the gradebook")
        write_source(lesson, course, root)
        release(root, [lesson.name], database=True)
        students = pretend_class(lesson, root)
        console.print(f"{len(students)} students have submitted")
        _grade(lesson, root, sandbox, limits, jobs, console)
    _next_steps(folder, console)


def _fresh_course(course: Path, folder: Path) -> Path:
    if folder.exists() and not (folder / MARK).exists():
        raise FileExistsError(f"{folder} exists and is no demo of ours; choose another: --folder NAME")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).touch()
    shutil.copy(course / "nbgrader_config.py", folder)
    for lesson in all_lessons([course]):
        shutil.copytree(lesson.folder, folder / lesson.name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder.resolve()


def _grade(lesson: Lesson, root: Path, sandbox: Sandbox, limits: Limits, jobs: int, console: Console) -> None:
    console.print("observing the reference and the known mistakes under this course's secret seed")
    grader = Grader.for_lesson(lesson, sandbox, limits)
    entries = submissions(root, lesson.name)
    results = follow(console, grade_class(root, grader, entries, jobs), len(entries))
    console.print("making the feedback pages\n")
    generate_feedback(root, lesson.name)
    print_summary(console, lesson.name, results)


def _next_steps(folder: Path, console: Console) -> None:
    page = next(iter(sorted(folder.glob("feedback/*/*/*.html"))), None)
    console.print("\nLook at these next:")
    console.print(f"  a feedback page     {page}", soft_wrap=True)
    console.print(f"  the gradebook       {folder}/gradebook.db  (cd {folder} && nbgrader export)", soft_wrap=True)
    console.print(
        f"  a graded notebook   {next(iter(sorted(folder.glob('autograded/*/*/*.ipynb'))), None)}", soft_wrap=True
    )
    console.print("  the lessons         course/release/  and, solved, course/solutions/", soft_wrap=True)
    console.print(f"  Formgrader          cd {folder} && jupyter lab  (Nbgrader menu, Formgrader)", soft_wrap=True)
