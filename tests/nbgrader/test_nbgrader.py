"""nbgrader's own commands on a course of ours: real command lines, a real gradebook, real kernels."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from helpers import COURSE, courses, small_lesson

from autograder.authoring.build import write_source
from autograder.demo.hostile import ATTACKS, FORGERY, NOISE, broken
from autograder.demo.students import filled
from autograder.feedback import lay_out
from autograder.lesson.lesson import Lesson
from autograder.nbgrader.gradebook import record
from autograder.running.grader import Grader
from autograder.sandbox import sandbox_named
from autograder.submission.notebook import METADATA_KEY, write_notebook

FULL = small_lesson.FULL
NOTHING = dict.fromkeys(FULL, 0.0)
BROKEN = ("deleted_check", "doubled_check", "edited_check", "retyped_check", "no_metadata")
LIMITS = 'c.Grade.limits = {"cell_seconds": 3}'
DEADLY = "import os\nos._exit(0)\n"


def forged(root: Path) -> str:
    """Answers that pretend to be equal to everything."""
    released = nbformat.read(courses.released(root, "small"), as_version=4)
    names = {"scale": "Scale", "middle": "middle", "total": "total"}
    return write_notebook(filled(released, {name: FORGERY.format(name=wanted) for name, wanted in names.items()}))


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course without submissions, to be copied."""
    root = tmp_path_factory.mktemp("pattern")
    return courses.make(root, small_lesson.write(root), LIMITS)


@pytest.fixture
def course(pattern: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pattern, tmp_path / "course"))


@pytest.fixture(scope="module")
def autograded(pattern: Path) -> tuple[Path, str, bool]:
    """A class after `nbgrader autograde`: its course, what was logged, and whether what was submitted is as it was."""
    root = Path(shutil.copytree(pattern, pattern.with_name("a course")))
    solved = courses.solved_small(root)
    for student, content in broken(nbformat.reads(solved, as_version=4), "scale"):
        courses.submit(root, "small", student, content)
    courses.submit(root, "small", "Zoë 学生 Łęcka", courses.solved_small(root, **dict.fromkeys(FULL, NOISE)))
    courses.submit(root, "small", "untouched", courses.released(root, "small").read_text())
    courses.submit(root, "small", "renamed", solved, "my homework (final).ipynb")
    courses.submit(root, "small", "two", solved, "one.ipynb")
    courses.submit(root, "small", "two", solved, "another.ipynb")
    courses.submit(root, "small", "exits", courses.solved_small(root, middle=DEADLY))
    courses.submit(root, "small", "loops", courses.solved_small(root, middle=ATTACKS["hostile_loop"]))
    courses.submit(root, "small", "forger", forged(root))
    before = courses.contents(root / "submitted")
    done = courses.run("nbgrader", "autograde", "small", cwd=root)
    return root, done.stderr, before == courses.contents(root / "submitted")


@pytest.mark.slow
class TestAutograde:
    """`nbgrader autograde` on a class in which everything goes wrong that can."""

    @pytest.mark.parametrize("student", [*(f"broken_{how}" for how in BROKEN), "renamed", "Zoë 学生 Łęcka"])
    def test_a_right_answer_gets_all_points_whatever_happened_around_it(
        self, autograded: tuple[Path, str, bool], student: str
    ) -> None:
        assert courses.points(autograded[0], "small")[student] == FULL

    @pytest.mark.parametrize("student", ["untouched", "broken_not_json", "broken_empty", "two", "forger"])
    def test_nothing_right_gets_nothing(self, autograded: tuple[Path, str, bool], student: str) -> None:
        assert courses.points(autograded[0], "small")[student] == NOTHING

    @pytest.mark.parametrize("student", ["exits", "loops"])
    def test_a_dead_kernel_costs_the_exercise_that_killed_it(
        self, autograded: tuple[Path, str, bool], student: str
    ) -> None:
        assert courses.points(autograded[0], "small")[student] == {**FULL, "middle": 0.0}

    @pytest.mark.parametrize(
        ("student", "outcome", "told"),
        [
            ("broken_deleted_check", "passed", "check cell was missing"),
            ("broken_doubled_check", "passed", "more than once"),
            ("broken_edited_check", "passed", "edited"),
            ("broken_retyped_check", "passed", "no code cell"),
            ("broken_not_json", "missing", "not JSON"),
            ("broken_empty", "missing", "file is empty"),
            ("two", "missing", "several notebooks (another.ipynb, one.ipynb)"),
        ],
    )
    def test_the_outcome_says_what_happened(
        self, autograded: tuple[Path, str, bool], student: str, outcome: str, told: str
    ) -> None:
        notebook = nbformat.read(autograded[0] / f"autograded/{student}/small/small.ipynb", as_version=4)
        (scale,) = (
            each for each in notebook.metadata[METADATA_KEY]["grade"]["exercises"] if each["exercise"] == "scale"
        )
        assert scale["outcome"] == outcome
        (card,) = next(cell.outputs for cell in notebook.cells if cell.source == 'check("scale")')
        assert told in card.data["text/html"]

    def test_no_warning_says_that_nothing_was_submitted(self, autograded: tuple[Path, str, bool]) -> None:
        assert "No submitted file" not in autograded[1]

    def test_a_submission_that_could_not_be_read_is_told_to_the_teacher(
        self, autograded: tuple[Path, str, bool]
    ) -> None:
        done = courses.run("autograder", "grade", "small", "--student", "two", cwd=autograded[0])
        told = " ".join(done.stdout.split())
        assert "two: 0 points, because there are several notebooks (another.ipynb, one.ipynb)" in told

    def test_feedback_can_be_released_also_where_nothing_came_through_an_exchange(
        self, autograded: tuple[Path, str, bool], tmp_path: Path
    ) -> None:
        root = autograded[0]
        (tmp_path / "exchange").mkdir(mode=0o777)
        with (root / "nbgrader_config.py").open("a") as config:
            config.write(f'\nc.Exchange.root = "{tmp_path / "exchange"}"\n')
        courses.run_nbgrader((root, "generate_feedback small"), (root, "release_feedback small"))
        released = list((tmp_path / "exchange/inside-nn-module/feedback").glob("*.html"))
        assert len(released) == len(courses.points(root, "small"))

    def test_nobody_waits_for_a_person(self, autograded: tuple[Path, str, bool]) -> None:
        assert not courses.waiting(autograded[0], "small")

    def test_what_was_submitted_stays_as_it_was(self, autograded: tuple[Path, str, bool]) -> None:
        assert autograded[2]

    def test_autograder_grade_finds_nothing_left_to_do(self, autograded: tuple[Path, str, bool]) -> None:
        done = courses.run("autograder", "grade", "small", cwd=autograded[0])
        students = courses.points(autograded[0], "small")
        assert done.stdout.count("unchanged, not graded again") == len(students)

    def test_feedback_and_export_are_nbgraders_own(self, autograded: tuple[Path, str, bool]) -> None:
        root = autograded[0]
        courses.run("nbgrader", "generate_feedback", "small", cwd=root)
        pages = {path.parts[-3] for path in root.glob("feedback/*/small/small.html")}
        assert pages == courses.points(root, "small").keys()
        courses.run("nbgrader", "export", cwd=root)
        rows = (root / "grades.csv").read_text(encoding="utf-8").splitlines()
        assert len(rows) == 1 + len(pages)


WORSE = {
    "dead": ("small.ipynb", lambda root: courses.solved_small(root, scale=DEADLY), {**FULL, "scale": 0.0}),
    "no json": ("small.ipynb", lambda root: "{", NOTHING),
    "empty": ("small.ipynb", lambda root: "", NOTHING),
    "renamed": ("other name.ipynb", lambda root: "[]", NOTHING),
}
"""Student → what they hand in after something right: the file's name and content, and what it is worth."""


@pytest.fixture
def graded(course: Path) -> Callable[..., None]:
    """Makes students hand in, and be graded for, a right notebook."""
    right = courses.solved_small(course)
    grade = Grader.for_lesson(Lesson(course / "small"), sandbox_named("bubblewrap")).grade(right.encode())

    def again(*students: str) -> None:
        for student in students:
            shutil.rmtree(course / "submitted" / student, ignore_errors=True)
            courses.submit(course, "small", student, right)
            record(course, student, grade, list(map(lay_out, grade.exercises)))
        assert courses.points(course, "small") == dict.fromkeys(students, FULL)

    return again


@pytest.mark.slow
def test_a_regrade_replaces_the_old_score_in_every_case(course: Path, graded: Callable[..., None]) -> None:
    for command in ("nbgrader autograde small --force", "autograder grade small --regrade"):
        graded(*WORSE)
        for student, (name, content, _) in WORSE.items():
            shutil.rmtree(course / "submitted" / student)
            courses.submit(course, "small", student, content(course), name)
        courses.run(*command.split(), cwd=course)
        expected = {student: worth for student, (_, _, worth) in WORSE.items()}
        assert courses.points(course, "small") == expected, command


@pytest.mark.slow
def test_a_fault_of_the_graders_own_is_loud_and_takes_nobodys_points(course: Path, graded: Callable[..., None]) -> None:
    graded("old", "renamed")
    courses.submit(course, "small", "new", courses.solved_small(course))
    renamed = course / "submitted/renamed/small"
    (renamed / "small.ipynb").rename(renamed / "other name.ipynb")
    with (course / "small/lesson.py").open("a") as text:
        text.write('\n# %% solution="scale"\nraise SystemExit("this lesson is broken")\n')
    done = courses.run("nbgrader", "autograde", "small", "--force", cwd=course, fine=False)
    assert done.returncode != 0
    assert "the reference process failed" in done.stderr
    told = courses.run("autograder", "grade", "small", cwd=course, fine=False)
    assert told.returncode == 2
    assert "the reference process failed" in told.stderr
    assert "Traceback" not in told.stdout
    assert courses.points(course, "small")["old"] == FULL
    assert courses.waiting(course, "small") == {"new", "renamed"}


@pytest.mark.slow
def test_the_way_of_an_assignment_through_nbgraders_own_commands(tmp_path: Path) -> None:
    """Released, fetched, submitted, collected: with a new gradebook, and no program of the environment on PATH."""
    course, exchange, student = (tmp_path / name for name in ("course", "exchange", "student"))
    for folder in (course, exchange, student):
        folder.mkdir()
    exchange.chmod(0o777)
    lesson = small_lesson.write(course)
    settings = f'c.Exchange.root = "{exchange}"'
    (student / "nbgrader_config.py").write_text(
        f'c = get_config()\n{settings}\nc.CourseDirectory.course_id = "inside-nn-module"'
    )
    config = (COURSE / "nbgrader_config.py").read_text(encoding="utf-8")
    (course / "nbgrader_config.py").write_text(f"{config}\n{settings}\n", encoding="utf-8")
    write_source(lesson, COURSE, course)
    done = courses.run_nbgrader(
        (course, "generate_assignment small"),
        (course, "release_assignment small"),
        (student, "fetch_assignment small"),
        (student, "submit small"),
        (course, "collect small"),
        (course, "autograde small"),
        (course, "list"),
    )
    assert "inside-nn-module small" in done.stderr
    (collected,) = course.glob("submitted/*/small/timestamp.txt")
    assert courses.points(course, "small") == {collected.parts[-3]: NOTHING}


@pytest.mark.slow
def test_a_lesson_that_was_changed_after_its_release_is_a_fault_that_says_so(course: Path) -> None:
    courses.submit(course, "small", "ada", courses.solved_small(course))
    exercises = course / "small/exercises/__init__.py"
    exercises.write_text(exercises.read_text().replace("points=3", "points=30"))
    done = courses.run("nbgrader", "autograde", "small", cwd=course, fine=False)
    assert done.returncode != 0
    assert "small has changed since it was released: run `autograder build`, then" in done.stderr
    assert courses.waiting(course, "small") == {"ada"}
    told = courses.run("autograder", "grade", "small", cwd=course, fine=False)
    assert told.returncode == 1
    assert "ada: not graded" in told.stdout
