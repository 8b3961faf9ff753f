"""The same points for the same submission on every route: `nbgrader autograde`, Formgrader, `autograder grade` and
`autograder check`, for one of each kind in the demonstration's class.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from helpers import COURSE, courses
from helpers.formgrader import HEADERS, Formgrader, serving
from playwright.sync_api import Browser, Page

from autograder.demo.hostile import PROBE
from autograder.demo.students import NOISY, RENAMED, pretend_class
from autograder.lesson.lesson import Lesson

LESSON = "lesson1_subclassing"
LIMITS = 'c.Grade.limits = {"cell_seconds": 8, "memory": 1_500_000_000}'

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Class:
    """A class that has submitted: a pattern of the course, to copy for each route."""

    pattern: Path
    students: list[str]

    def copy(self, name: str) -> Path:
        """The course for one route."""
        return Path(shutil.copytree(self.pattern, self.pattern.with_name(name)))


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Class:
    root = tmp_path_factory.mktemp("class") / "pattern"
    root.mkdir()
    lesson = Lesson(Path(shutil.copytree(COURSE / LESSON, root / LESSON)))
    courses.make(root, lesson, LIMITS)
    kinds: dict[str, str] = {}
    for student in pretend_class(lesson, root):
        if kinds.setdefault(student.rstrip("0123456789"), student) != student:
            shutil.rmtree(root / "submitted" / student)
    return Class(root, list(kinds.values()))


@pytest.fixture(scope="module")
def expected(handed_in: Class) -> courses.Points:
    """What `autograder check --json` says of each file."""
    root = handed_in.copy("check")
    files = {str(path): path.parts[-3] for path in sorted(root.glob("submitted/*/*/*.ipynb"))}
    done = courses.run("autograder", "check", "--json", *files, cwd=root, fine=False)
    assert done.returncode == 2  # two files are no notebooks
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return {
        files[grade["notebook"]]: {each["exercise"]: each["points"] for each in grade["exercises"]} for grade in found
    }


@pytest.fixture(scope="module")
def formgrader(
    handed_in: Class, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Formgrader]]:
    """A course, and Formgrader after its button was pressed for one student, and what it sends sent for the others."""
    root, home = handed_in.copy("formgrader"), tmp_path_factory.mktemp("jupyter")
    with serving(root, home) as address:
        opened = Formgrader(address, browser.new_page(extra_http_headers=HEADERS), LESSON)
        opened.open_submissions()
        opened.click_autograde(NOISY)
        for student in handed_in.students:
            if student != NOISY:
                answer = opened.post_autograde(student)
                assert answer["success"], answer
        yield root, opened


def test_everybody_was_graded(handed_in: Class, expected: courses.Points) -> None:
    assert expected.keys() | {"broken_empty", "broken_not_json"} == set(handed_in.students)
    assert {len(each) for each in expected.values()} == {7}


def test_the_class_is_graded_as_it_deserves(expected: courses.Points) -> None:
    lesson = Lesson(COURSE / LESSON)
    full = {name: exercise.points for name, exercise in lesson.exercises.items()}
    first = next(iter(full))
    fine = {student for student in expected if student.startswith(("right_", "broken_"))} - {"broken_syntax"}
    assert {student: expected[student] for student in fine} == dict.fromkeys(fine, full)
    assert expected[NOISY] == expected[RENAMED] == full
    for student in ("broken_syntax", "hostile_exit", "hostile_loop", "hostile_memory"):
        assert expected[student] == {**full, first: 0}
    for student in ("untouched", "hostile_forger", "hostile_markup"):
        assert sum(expected[student].values()) == 0


def test_nbgrader_autograde(handed_in: Class, expected: courses.Points) -> None:
    root = handed_in.copy("nbgrader")
    courses.run("nbgrader", "autograde", LESSON, cwd=root)
    assert courses.points(root, LESSON) == _with_unreadable(expected)


def test_validate_passes_a_right_notebook_and_names_what_fails_in_another(handed_in: Class) -> None:
    root = handed_in.copy("validate")
    right, wrong = (root / "submitted" / who / LESSON / f"{LESSON}.ipynb" for who in ("right_1", "half_done"))
    assert "Success! Your notebook passes all the tests." in courses.run("nbgrader", "validate", right, cwd=root).stdout
    failing = courses.run("nbgrader", "validate", wrong, cwd=root).stdout
    assert "VALIDATION FAILED ON 4 CELL(S)!" in failing
    assert "freeze: 0 of 8 points" in failing


def test_autograder_grade(handed_in: Class, expected: courses.Points) -> None:
    root = handed_in.copy("grade")
    courses.run("autograder", "grade", LESSON, cwd=root)
    assert courses.points(root, LESSON) == _with_unreadable(expected)


@pytest.mark.browser
def test_formgrader(formgrader: tuple[Path, Formgrader], expected: courses.Points) -> None:
    assert courses.points(formgrader[0], LESSON) == _with_unreadable(expected)


@pytest.mark.browser
def test_no_markup_of_a_student_does_anything_in_formgrader(formgrader: tuple[Path, Formgrader]) -> None:
    formgrader[1].open_graded("hostile_markup")
    _require_inert(formgrader[1].page)
    assert formgrader[1].page.locator(".inm").count() == 7  # the cards are there


@pytest.mark.browser
def test_no_markup_of_a_student_does_anything_on_the_feedback_page(
    formgrader: tuple[Path, Formgrader], browser: Browser
) -> None:
    root = formgrader[0]
    courses.run("nbgrader", "generate_feedback", LESSON, "--student=hostile_markup", cwd=root)
    page = browser.new_page()
    page.route("https://**", lambda route: route.abort())
    page.goto((root / "feedback/hostile_markup" / LESSON / f"{LESSON}.html").as_uri())
    _require_inert(page)
    assert page.locator(".inm").count() == 7


def _require_inert(page: Page) -> None:
    """What hostile markup is for has not happened, and waits nowhere."""
    assert PROBE.split()[0].endswith("__pwned")
    assert page.evaluate("window.__pwned") is None
    assert page.locator(f"script:has-text('{PROBE}')").count() == 0
    assert page.locator("[onerror], [onload], a[href^='javascript' i]").count() == 0
    assert "onerror" in page.content()  # shown as it was written


def _with_unreadable(expected: courses.Points) -> courses.Points:
    """`autograder check` has no points for a file that is no notebook; in a class it is a submission of no worth."""
    nothing = dict.fromkeys(next(iter(expected.values())), 0.0)
    return {**expected, "broken_empty": nothing, "broken_not_json": nothing}
