"""The command `autograder`: build the course, check notebooks, grade a class, see a demonstration."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograder.build import Drifted, build_course, check_course
from autograder.checking import check_files
from autograder.classroom import NothingSubmitted, default_jobs, grade_class, submissions
from autograder.console import follow, print_grade, print_summary
from autograder.demo import run_demo
from autograder.grade import GraderFault
from autograder.grader import Grader
from autograder.lesson import LessonNotFound, all_lessons, find_lesson, lesson_roots
from autograder.sandbox import ISOLATIONS, Limits, NoIsolation, sandbox_named

app = typer.Typer(
    no_args_is_help=True, add_completion=False, rich_markup_mode="rich", pretty_exceptions_enable=False,
    help="Grade the exercises of Inside nn.Module: safely, exactly, and with words that help.",
)  # fmt: skip
errors = Console(stderr=True, highlight=False, soft_wrap=True)
CONFIG = "nbgrader_config.py"

Course = Annotated[
    Path | None,
    typer.Option(help="The nbgrader course: the folder with nbgrader_config.py. Default: here, or ./course."),
]
Isolation = Annotated[
    str,
    typer.Option(envvar="AUTOGRADER_ISOLATION", help=f"How students' code is kept apart: {' or '.join(ISOLATIONS)}."),
]
Jobs = Annotated[int, typer.Option(min=0, help="Submissions graded at once; 0 means one a core.")]


class CourseNotFound(LookupError):
    """There is no nbgrader course where one is needed."""


@app.command()
def build(
    course: Course = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 where a file has drifted.")] = False,
) -> None:
    """Build release and solutions notebooks and the golden observations from the lessons' texts."""
    if check:
        check_course(_course(course))
        errors.print("nothing has drifted")
    else:
        build_course(_course(course), lambda line: errors.print(f"· {line}", markup=False))


@app.command()
def check(
    notebooks: Annotated[list[Path], typer.Argument(help="Notebook files, from any place.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a notebook, a line each.")] = False,
    isolation: Isolation = "bubblewrap",
    jobs: Jobs = 0,
    course: Course = None,
) -> None:
    """Check notebooks outside any class: points and feedback, nothing recorded.

    Exit status 0 when every file was graded, whatever the scores; 2 when one could not be (the others still are).
    """
    workers = jobs or default_jobs()
    near = [course or Path()] if ((course or Path()) / CONFIG).exists() else []
    lessons = list(all_lessons([*near, *lesson_roots()]))
    complete = True
    with ThreadPoolExecutor(workers) as pool:
        for path, grade, problem in check_files(notebooks, lessons, sandbox_named(isolation), _limits(workers), pool):
            if grade is None:
                complete = False
                errors.print(f"{path}: {problem}", markup=False)
            elif as_json:
                print(json.dumps(grade), flush=True)
            else:
                print_grade(Console(), grade)
    raise typer.Exit(0 if complete else 2)


@app.command()
def grade(
    lesson: Annotated[str, typer.Argument(help="The lesson's name: lesson1_subclassing, for one.")],
    student: Annotated[list[str] | None, typer.Option(help="Only this student; may be given again.")] = None,
    jobs: Jobs = 0,
    regrade: Annotated[bool, typer.Option("--regrade", help="Grade again what has not changed, too.")] = False,
    isolation: Isolation = "bubblewrap",
    course: Course = None,
) -> None:
    """Grade a class into the course's gradebook, in parallel.

    Submissions lie where `nbgrader collect` puts them: submitted/STUDENT/LESSON/LESSON.ipynb. A run that was cut off
    goes on where it stopped. For the feedback pages run `nbgrader generate_feedback LESSON` next.
    """
    root, workers, console = _course(course), jobs or default_jobs(), Console()
    entries = submissions(root, lesson, student)
    grader = Grader.for_lesson(find_lesson(lesson, [root]), sandbox_named(isolation), _limits(workers))
    results = follow(console, grade_class(root, grader, entries, workers, regrade), len(entries))
    print_summary(console, lesson, results)
    raise typer.Exit(1 if any(result.fault for result in results) else 0)


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(help="Where the class is made; it is made anew each time.")] = Path("demo"),
    jobs: Jobs = 0,
    course: Course = None,
) -> None:
    """Show a whole class from start to end: released, submitted, graded into a gradebook, with feedback pages."""
    workers = jobs or default_jobs()
    run_demo(_course(course), folder, sandbox_named("bubblewrap"), _limits(workers), workers, Console())


def main() -> None:
    """The console script: an expected trouble is one clear line, not a traceback."""
    try:
        app()
    except (Drifted, NoIsolation, LessonNotFound, GraderFault, CourseNotFound, NothingSubmitted) as error:
        errors.print(f"autograder: {error}", markup=False)
        sys.exit(1 if isinstance(error, Drifted) else 2)


def _course(named: Path | None) -> Path:
    for folder in [named] if named else [Path(), Path("course")]:
        if (folder / CONFIG).exists():
            return folder.resolve()
    raise CourseNotFound(
        f"no {CONFIG} in {named or 'this folder or ./course'}; say where the course is: --course FOLDER"
    )


def _limits(workers: int) -> Limits:
    return Limits(threads=max(1, default_jobs() // workers))
