"""The commands of `autograder`: build the course, check notebooks, grade a class, see a demonstration.

Each command imports what it needs when it needs it, so that help and complaints come at once, and `check` waits for no
nbgrader.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from autograder.cli.errors import clearly, errors, failure
from autograder.sandbox import typed

if TYPE_CHECKING:
    from autograder.cluster import Cluster
    from autograder.lesson import Lesson
    from autograder.sandbox import Limits, Sandbox, Settings

app = typer.Typer(
    no_args_is_help=True, add_completion=False, rich_markup_mode="rich", pretty_exceptions_enable=False,
    help="Grade the exercises of Inside nn.Module: safely, exactly, and with words that help."
    "\n\nTo see all of it work: [bold]autograder demo[/]. COMMAND --help shows examples.",
)  # fmt: skip

Course = Annotated[
    Path | None,
    typer.Option(
        help="The nbgrader course: the folder with nbgrader_config.py. Default: this folder, or ./course of the source"
        " tree that was installed."
    ),
]
Isolation = Annotated[
    str | None,
    typer.Option(
        help="How students' code is kept apart: bubblewrap; or none, for code that you trust with your own rights."
        " Default: $AUTOGRADER_ISOLATION, the course's c.Grade.isolation, bubblewrap."
    ),
]
Limit = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=NUMBER",
        help="What a submission may use, where that is not the default or the course's c.Grade.limits; may be given"
        " again. A name that does not exist shows them all.",
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Grade on the Dask cluster with this scheduler: tcp://HOST:8786, for one. Its workers need this package"
        " and bubblewrap; the gradebook stays here.",
    ),
]
Mistake = Annotated[str, typer.Argument(metavar="EXERCISE/ID", help="The exercise and the mistake's id.")]
Jobs = Annotated[int, typer.Option(min=0, help="Submissions graded at once; 0 means one a core.")]


show = typer.Typer(no_args_is_help=True, help="Show what a lesson knows.")
new = typer.Typer(no_args_is_help=True, help="Add to a lesson.")
app.add_typer(show, name="show")
app.add_typer(new, name="new")


def command(
    *examples: str, name: str | None = None, group: typer.Typer = app
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add a command to the app, or to a group of it, with examples for its help: what for, what to type, and so on."""
    lines = [f"{what} [bold]{line}[/]" for what, line in zip(examples[::2], examples[1::2], strict=True)]
    return lambda function: group.command(name, epilog="\n\n".join(lines))(clearly(function))


@command("After a change to a lesson:", "autograder build",
         "Does what is committed agree with the lessons?", "autograder build --check")  # fmt: skip
def build(
    course: Course = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 where a file has drifted.")] = False,
) -> None:
    """Build release and solutions notebooks and the golden observations from the lessons' texts.

    Before that it tests the lessons, as `autograder test` does, and builds nothing where one has a fault (status 1).

    They are in the course's language, c.Grade.language in its nbgrader_config.py or $AUTOGRADER_LANGUAGE.
    """
    root = _course(course)
    _settings(root)

    from autograder.authoring.build import Drifted, build_course, check_course
    from autograder.authoring.lint import FaultyLessons

    if not check:
        try:
            build_course(root, lambda line: errors.print(f"· {line}", markup=False))
        except FaultyLessons as faulty:
            print(faulty)
            raise failure("nothing was built; mend these lines first (`autograder test` shows them again)", 1) from None
        return
    try:
        check_course(root)
    except Drifted as drifted:
        raise failure(str(drifted), 1) from None
    errors.print("nothing has drifted")


@command("While you write a lesson:", "autograder test lesson1_subclassing",
         "All lessons:", "autograder test", name="test")  # fmt: skip
def lint_lessons(
    lessons: Annotated[list[str] | None, typer.Argument(help="The lessons' names. Default: all.")] = None,
    course: Course = None,
) -> None:
    """Test lessons for an author's mistakes: a line for each, with file, line, exercise and criterion.

    Texts: a solution or check cell that is missing, an id that stands twice, a criterion that is worth nothing or has
    the wrong signature. Answers, each run in a process of ours: a solution that raises, lacks the required name, or
    shows two things in two runs or something that can't be compared; a known mistake that passes everything; a stub,
    or an answer without any work in it, that earns points.

    `autograder build` does the same first. Exit status 1 where there is such a line.
    """
    root = _course(course)
    _settings(root)

    from autograder.authoring.lint import lint
    from autograder.lesson import all_lessons, find_lesson

    chosen = [find_lesson(name, [root]) for name in lessons or []] or list(all_lessons([root]))
    faults = lint(root, chosen)
    for fault in faults:
        print(fault)
    if faults:
        raise typer.Exit(1)
    errors.print(f"no fault in {', '.join(lesson.name for lesson in chosen) or 'no lesson'}")


@command("All ways to make a mistake:", "autograder show mistake affine/plain-tensor",
         "What an exercise knows:", "autograder show mistake affine", name="mistake", group=show)  # fmt: skip
def show_mistake(mistake: Mistake, course: Course = None) -> None:
    """Show what a mistake is told, and the whole programs that show it: in mistakes.md most are edits of right answers.

    An exercise alone lists its mistakes.
    """
    from autograder.cli.console import print_mistakes
    from autograder.texts import answers

    exercise, _, name = mistake.partition("/")
    lesson = _lesson_of(exercise, course)
    own = [answer for answer in answers(lesson) if answer.exercise == exercise and answer.mistake]
    found = [answer for answer in own if answer.mistake == name]
    if name and not found:
        known = ", ".join(dict.fromkeys(str(answer.mistake) for answer in own))
        raise failure(f"{exercise} knows no mistake {name!r}; it knows {known or 'none'}")
    print_mistakes(Console(), found or own, whole=bool(name))


@command("A wrong answer that you met:", "autograder new mistake affine answer.py",
         "One more way to make a mistake that is known:",
         "autograder new mistake affine answer.py --id plain-tensor", name="mistake", group=new)  # fmt: skip
def new_mistake(
    exercise: Annotated[str, typer.Argument(help="The exercise's id.")],
    file: Annotated[Path, typer.Argument(help="The wrong answer: what a student's cell would hold.")],
    name: Annotated[str, typer.Option("--id", help="The mistake's id, words-with-hyphens. Default: asks.")] = "",
    message: Annotated[str, typer.Option(help="What students are told. Default: asks, where the id is new.")] = "",
    course: Course = None,
) -> None:
    """Add a wrong answer to an exercise's mistakes.md, as the smallest edit of the nearest right one.

    It runs first: an answer that passes is refused, and what students who give it are told today is said.
    """
    from autograder.authoring.new_mistake import add_mistake, judged
    from autograder.texts import end_of_answers

    source = typed(file).read_text(encoding="utf-8").strip() + "\n"
    lesson = _lesson_of(exercise, course)
    told = judged(lesson, exercise, source).mistake
    errors.print(
        f"today it is told: {told.message} ({told.id})" if told else "today no mistake is named for it", markup=False
    )
    name = name or typer.prompt("The mistake's id, as in plain-tensor", default=told.id if told else None)
    if end_of_answers(lesson, exercise, name) is None:
        message = message or typer.prompt("What students are told")
    path = add_mistake(lesson, exercise, name, source, message)
    errors.print(f"written into {path}; now: autograder build", markup=False)


@command("After a change to words for students:", "autograder translate",
         "To begin with German:", "autograder translate de")  # fmt: skip
def translate(
    language: Annotated[str, typer.Argument(help="A language to begin with: its code, de or pt_BR for two.")] = "",
    course: Course = None,
) -> None:
    """Bring the translations up to date: templates, each language's words, and what words are looked up in.

    Translators write into course/LESSON/languages/LANGUAGE.po and autograder/languages/LANGUAGE.po. Where the English
    has changed, the translation is marked there as fuzzy, and not used. Where one can't be used, nothing is written.
    """
    from autograder.cli.console import print_translations
    from autograder.translation.translate import translate as bring_up_to_date

    print_translations(Console(), bring_up_to_date(_course(course), language, templates=True))


@command("One notebook, in words:", "autograder check homework.ipynb",
         "A folder of them, for a program:", "autograder check inbox/*.ipynb --json > grades.jsonl")  # fmt: skip
def check(
    notebooks: Annotated[list[Path], typer.Argument(help="Notebook files, from any place and of any name.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a notebook, a line each.")] = False,
    isolation: Isolation = None,
    limit: Limit = None,
    jobs: Jobs = 0,
    course: Course = None,
) -> None:
    """Check notebooks outside any class: points and feedback, nothing recorded.

    Exit status 0 when every file was graded, whatever the scores; 2 when one could not be (the others still are).
    """
    near, lessons = _lessons(course)
    sandbox, limits, workers = _means(near, isolation, limit, jobs)

    from autograder.classroom.loose_files import AHEAD, check_files
    from autograder.cli.console import print_grade
    from autograder.feedback import lay_out, submission_json

    complete = True
    names = {typed(path): str(path) for path in notebooks}
    with ThreadPoolExecutor(workers) as pool:
        for path, grade, problem in check_files(list(names), lessons, sandbox, limits, pool, AHEAD * workers):
            if grade is None:
                complete = False
                errors.print(f"{names[path]}: {problem}", markup=False)
            elif as_json:
                cards = list(map(lay_out, grade.exercises))
                print(json.dumps(submission_json(names[path], grade, cards)), flush=True)
            else:
                print_grade(Console(highlight=False), names[path], grade)
    raise typer.Exit(0 if complete else 2)


@command("To the release in the course:", "autograder update lesson1_subclassing.ipynb",
         "To a notebook that you downloaded:", "autograder update my_lesson1.ipynb --to lesson1_subclassing.ipynb",
         "What would change?", "autograder update my_lesson1.ipynb --dry-run")  # fmt: skip
def update(
    notebooks: Annotated[list[Path], typer.Argument(help="Notebooks that somebody has begun.")],
    to: Annotated[Path | None, typer.Option(help="The new notebook. Default: the course's release of it.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing; say what would be done.")] = False,
    course: Course = None,
) -> None:
    """Bring a half-done notebook up to a new version of its lesson, and lose nothing that was written in it.

    Answers go into the new notebook, and so do notes, code and changes of one's own. The notebook as it was stays
    beside it, as NAME.ipynb.backup. If it is open in Jupyter, save it before and reload it afterwards (File → Reload).

    Exit status 2 when a notebook could not be updated; it is as it was, and the others are updated.
    """
    from autograder.cli.console import print_update
    from autograder.update import NotUpdated
    from autograder.update import update as update_one

    near, lessons = _lessons(course)
    _settings(near)
    complete = True
    for path in notebooks:
        try:
            print_update(Console(), update_one(typed(path), lessons, to and typed(to), not dry_run))
        except (NotUpdated, OSError) as error:
            complete = False
            errors.print(f"{path}: {error}", markup=False)
    raise typer.Exit(0 if complete else 2)


@command("The whole class, or what is left of it:", "autograder grade lesson1_subclassing",
         "One student:", "autograder grade lesson1_subclassing --student ada",
         "Everybody anew, with more time:",
         "autograder grade lesson1_subclassing --regrade --limit cell_seconds=120",
         "On a cluster:", "autograder grade lesson1_subclassing --scheduler tcp://10.0.0.1:8786")  # fmt: skip
def grade(
    lesson: Annotated[str, typer.Argument(help="The lesson's name: lesson1_subclassing, for one.")],
    student: Annotated[list[str] | None, typer.Option(help="Only this student; may be given again.")] = None,
    jobs: Jobs = 0,
    scheduler: Scheduler = None,
    regrade: Annotated[bool, typer.Option("--regrade", help="Grade again what has not changed, too.")] = False,
    isolation: Isolation = None,
    limit: Limit = None,
    course: Course = None,
) -> None:
    """Grade a class into the course's gradebook, in parallel.

    Submissions lie where `nbgrader collect` puts them: submitted/STUDENT/LESSON/LESSON.ipynb. For the feedback pages
    run `nbgrader generate_feedback LESSON` next. Exit status 1 when somebody could not be graded.
    """
    from autograder.lesson import find_lesson
    from autograder.submission import submissions

    root, console = _course(course), Console()
    chosen, entries = find_lesson(lesson, [root]), submissions(root, lesson, student)
    cluster = _cluster(scheduler, root, isolation, jobs) if scheduler else None
    sandbox, limits, workers = _means(root, isolation, limit, jobs, cluster)
    sandbox.warm_up(chosen, limits)  # beside the imports, which take as long

    from autograder.classroom.grading import grade_class
    from autograder.cli.console import follow, print_summary
    from autograder.nbgrader.database import GradebookUnusable
    from autograder.running import Grader

    with console.status("observing the reference and the known mistakes"):
        grader = Grader.for_lesson(chosen, sandbox, limits)
    for worker, problem in cluster.left_out().items() if cluster else ():
        errors.print(f"{worker} is left out: {problem}", markup=False)
    grading = grade_class(root, grader, entries, workers, regrade, cluster)
    try:
        results = follow(console, grading, len(entries))
    except (KeyboardInterrupt, GradebookUnusable):
        again = "grades everybody again, from the first" if regrade else "goes on from there"
        errors.print(f"What was graded is kept; the same command {again}.")
        raise
    print_summary(console, lesson, results)
    raise typer.Exit(1 if any(result.fault for result in results) else 0)


@command("One lesson:", "autograder report lesson1_subclassing",
         "All that were graded, somewhere else:", "autograder report --folder /tmp/report")  # fmt: skip
def report(
    lessons: Annotated[list[str] | None, typer.Argument(help="The lessons' names. Default: all with grades.")] = None,
    folder: Annotated[Path | None, typer.Option(help="Where it is written. Default: report/ in the course.")] = None,
    course: Course = None,
) -> None:
    """Show what a class got right and wrong: a page for each lesson, and a table as CSV.

    Scores, exercises and criteria, misconceptions with an anonymous example each, who may need help, what was unusual.
    The page stands alone and prints well. It names students: keep it as you keep the gradebook.
    """
    from autograder.lesson import all_lessons, find_lesson

    root = _course(course)
    chosen = [find_lesson(name, [root]).name for name in lessons or []] or [each.name for each in all_lessons([root])]

    from autograder.classroom.ungraded import ungraded
    from autograder.nbgrader.gradebook import NotReleased, recorded
    from autograder.report import Graded, class_facts, write_report

    written = 0
    for name in chosen:
        try:
            known = recorded(root, name)
        except NotReleased:
            known = {}
        students = [Graded(who, each.grade, each.sources, each.seconds) for who, each in sorted(known.items())]
        if students:
            facts = class_facts(name, students, ungraded(root, name, set(known)))
            for path in write_report(facts, typed(folder) if folder else root / "report"):
                print(path)
                written += 1
        elif lessons:
            errors.print(f"{name}: nobody has been graded; run autograder grade {name} first", markup=False)
    raise typer.Exit(0 if written else 1)


@command("In the folder ./demo:", "autograder demo",
         "Somewhere else:", "autograder demo --folder /tmp/class")  # fmt: skip
def demo(
    folder: Annotated[Path, typer.Option(help="Where the class is made; it is made anew each time.")] = Path("demo"),
    jobs: Jobs = 0,
    course: Course = None,
) -> None:
    """Show a whole class from start to end: released, submitted, graded into a gradebook, with feedback pages."""
    root = _course(course)
    sandbox, limits, workers = _means(root, None, None, jobs)

    from autograder.cli.demo import run_demo

    everybody = run_demo(root, typed(folder), sandbox, limits, workers, Console())
    raise typer.Exit(0 if everybody else 1)


@command("Once:", "autograder kernel",
         "With the lessons and limits of your course, and more memory:",
         "autograder kernel --course FOLDER --limit memory=8e9",
         "JupyterLab with this kernel and no other, so that none is taken by mistake:",
         "jupyter lab --KernelSpecManager.allowed_kernelspecs=inside-nn-module-sandbox",
         "Be rid of it:", "jupyter kernelspec remove inside-nn-module-sandbox")  # fmt: skip
def kernel(course: Course = None, limit: Limit = None) -> None:
    """Install a Jupyter kernel in which you can look into a submission: the sandbox in which it is graded.

    JupyterLab, Notebook and nbclient find it as "Sandboxed: Inside nn.Module".
    What runs in it has no network, sees no course, no gradebook and no other
    submission, is never root, and ends at the grader's limits, but for those of
    time: Jupyter's buttons stop a cell and end the kernel. check() answers as it
    does for students, in words.

    Text and PNG or JPEG pictures are all that gets to the page, so that no script
    of a student's runs in your browser. Markup is left out, and there are no
    widgets, no input() and no debugger.

    Open a copy of what was handed in, and choose this kernel before you run a
    cell: any other runs it with your rights.
    """
    near, _ = _lessons(course)

    from autograder.jupyter.spec import DISPLAYED, NAME, install
    from autograder.sandbox import sandbox_named

    sandbox_named("bubblewrap")  # else it would be found out in Jupyter
    folder = install(near, limit or [])
    print(f"Installed as {DISPLAYED!r} in {folder}")
    print("Open a copy of a submission, and choose this kernel before you run a cell: any other has your rights.")
    print(f"With no other to choose: jupyter lab --KernelSpecManager.allowed_kernelspecs={NAME}")
    print(f"To remove it: jupyter kernelspec remove {NAME}")


def _course(named: Path | None) -> Path:
    """The course to work in, as nbgrader does: it is the current folder from now on. Raises `CourseNotFound`."""
    from autograder.cli.course import find_course

    found = find_course(named)
    if not named:
        errors.print(f"course: {found}", markup=False)
    os.chdir(found)
    return found


def _lesson_of(exercise: str, course: Path | None) -> Lesson:
    """The course's lesson with an exercise. Raises `LessonNotFound`, which names the exercises that there are."""
    from autograder.lesson import lesson_of

    return lesson_of(exercise, [_course(course)])


def _lessons(named: Path | None) -> tuple[Path | None, list[Lesson]]:
    """The course that is named or known, if any, and all lessons: its own first. Raises `CourseNotFound`."""
    from autograder.cli.course import find_course, known_course, passed_over
    from autograder.lesson import all_lessons, lesson_roots

    near = find_course(named) if named else known_course()
    if not named and (said := f"lessons: those of the course in {near}" if near else passed_over()):
        errors.print(said, markup=False)
    return near, list(all_lessons([*([near] if near else []), *lesson_roots()]))


def _means(
    course: Path | None, isolation: str | None, limits: list[str] | None, jobs: int, cluster: Cluster | None = None
) -> tuple[Sandbox, Limits, int]:
    """The sandbox, the limits and the number of workers for a run in this course, if any, on a cluster, if any."""
    from autograder.sandbox import cores, sandbox_named

    settings, workers = _settings(course).with_limits(limits or []), jobs or cores()
    if cluster:
        return cluster.sandbox, settings.limits, cluster.jobs
    allowed = replace(settings.limits, threads=max(settings.limits.threads, cores() // workers))
    return sandbox_named(isolation or settings.isolation), allowed, workers


def _settings(course: Path | None) -> Settings:
    """The course's settings; its language is spoken from now on."""
    from autograder.lesson import speak
    from autograder.sandbox import Settings

    settings = Settings.of_course(course)
    speak(settings.language, course)
    return settings


def _cluster(address: str, course: Path, isolation: str | None, jobs: int) -> Cluster:
    """The cluster to grade on, while its workers are still asked whether they can."""
    from autograder.cluster import Cluster
    from autograder.sandbox import BadSetting, Settings

    if jobs:
        raise BadSetting("--jobs is for this machine: a cluster grades as many at once as its workers have threads")
    return Cluster(address, isolation or Settings.of_course(course).isolation)
