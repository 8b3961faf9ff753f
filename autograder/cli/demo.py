"""The demonstration: a class that does everything a class does, taken through the whole course machinery."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from autograder.authoring.build import write_source
from autograder.classroom.grading import ClassResult, grade_class
from autograder.cli.console import follow, print_summary
from autograder.demo import pretend_class
from autograder.lesson import Lesson, all_lessons
from autograder.nbgrader.release import generate_feedback, release
from autograder.running import Grader
from autograder.sandbox import CONFIG, Limits, Sandbox
from autograder.submission import submissions

MARK = ".made-by-autograder-demo"
PATIENCE = 20.0
"""Seconds that a cell gets at most: one student's never ends, and nobody wants to wait for that."""


def run_demo(course: Path, folder: Path, sandbox: Sandbox, limits: Limits, jobs: int, console: Console) -> bool:
    """Make a course folder, release its lessons, let a class submit, grade it, make the feedback pages, and say
    what came of it; whether everybody was graded. Raises `FileExistsError` rather than overwrite a folder that it
    did not make."""
    root = _fresh_course(course, folder)
    limits = replace(limits, cell_seconds=min(limits.cell_seconds, PATIENCE))
    results: dict[str, list[ClassResult]] = {}
    for lesson in all_lessons([root]):
        console.rule(lesson.name)
        console.print("releasing the lesson into the gradebook")
        write_source(lesson, course, root)
        release(root, [lesson.name], database=True)
        students = pretend_class(lesson, root, everybody=not results)
        console.print(f"{len(students)} students have submitted")
        results[lesson.name] = _grade(lesson, root, sandbox, limits, jobs, console)
    _print_next_steps(course, folder, results, console)
    return not any(result.fault for found in results.values() for result in found)


def _fresh_course(course: Path, folder: Path) -> Path:
    if folder.exists() and not (folder / MARK).exists():
        raise FileExistsError(f"{folder} exists and is no demo of ours; choose another: --folder NAME")
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).touch()
    shutil.copy(course / CONFIG, folder)
    for lesson in all_lessons([course]):
        shutil.copytree(lesson.folder, folder / lesson.name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder.resolve()


def _grade(
    lesson: Lesson, root: Path, sandbox: Sandbox, limits: Limits, jobs: int, console: Console
) -> list[ClassResult]:
    console.print("observing the reference and the known mistakes under this course's secret seed")
    grader = Grader.for_lesson(lesson, sandbox, limits)
    entries = submissions(root, lesson.name)
    results = follow(console, grade_class(root, grader, entries, jobs), len(entries))
    console.print("making the feedback pages\n")
    generate_feedback(root, lesson.name, jobs)
    print_summary(console, lesson.name, results)
    return results


def _mistakes_named(result: ClassResult) -> int:
    return sum(bool(exercise["mistake"]) for exercise in result.grade["exercises"]) if result.grade else 0


def _print_next_steps(course: Path, folder: Path, results: dict[str, list[ClassResult]], console: Console) -> None:
    lesson, found = next(iter(results.items()))
    student = max(found, key=_mistakes_named).student
    programs = Path(sys.executable).parent
    steps = {
        "a feedback page": folder / "feedback" / student / lesson / f"{lesson}.html",
        "all of them": folder / "feedback",
        "a graded notebook": folder / "autograded" / student / lesson / f"{lesson}.ipynb",
        "what was submitted": folder / "submitted",
        "the gradebook": f"{folder / 'gradebook.db'}, as a table: cd {folder} && {programs}/nbgrader export",
        "Formgrader": f"cd {folder} && {programs}/jupyter lab (menu Nbgrader, Formgrader)",
        "the lessons": f"{course / 'release'} and, solved, {course / 'solutions'}",
    }
    console.print("[bold]Look at these next[/]")
    for what, where in steps.items():
        console.print(f"  {what:<19} {where}", soft_wrap=True, highlight=False, markup=False)
