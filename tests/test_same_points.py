"""The same points on every route: `nbgrader autograde`, Formgrader, `autograder grade` and `autograder check`, for every
submission of the demonstration's class. Lesson 1's exercises and answers, without the cells that only show something."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import courses
import pytest
from formgrader import HEADERS, Formgrader, serving
from playwright.sync_api import Browser

from autograder.lesson import Lesson
from autograder.pretend import NOISY, RENAMED, pretend_class

LESSON = "lesson1_subclassing"
LIMITS = 'c.Grade.limits = {"cell_seconds": 8, "memory": 1_500_000_000}'

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("same points")]


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
    lesson = courses.bare(Lesson(courses.COURSE / LESSON), root)
    courses.make(root, lesson, LIMITS)
    return Class(root, pretend_class(lesson, root))


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
def by_formgrader(handed_in: Class, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The course after Formgrader's button was pressed for one student, and what it sends was sent for the others."""
    root, home = handed_in.copy("formgrader"), tmp_path_factory.mktemp("jupyter")
    with serving(root, home) as address:
        formgrader = Formgrader(address, browser.new_page(extra_http_headers=HEADERS), LESSON)
        formgrader.open_submissions()
        formgrader.click_autograde(NOISY)
        for student in handed_in.students:
            if student != NOISY:
                answer = formgrader.post_autograde(student)
                assert answer["success"], answer
        yield root


def test_everybody_was_graded(handed_in: Class, expected: courses.Points) -> None:
    assert expected.keys() | {"broken_empty", "broken_not_json"} == set(handed_in.students)
    assert {len(each) for each in expected.values()} == {7}


def test_the_class_is_graded_as_it_deserves(expected: courses.Points) -> None:
    lesson = Lesson(courses.COURSE / LESSON)
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


def test_autograder_grade(handed_in: Class, expected: courses.Points) -> None:
    root = handed_in.copy("grade")
    courses.run("autograder", "grade", LESSON, cwd=root)
    assert courses.points(root, LESSON) == _with_unreadable(expected)


@pytest.mark.browser
def test_formgrader(by_formgrader: Path, expected: courses.Points) -> None:
    assert courses.points(by_formgrader, LESSON) == _with_unreadable(expected)


def _with_unreadable(expected: courses.Points) -> courses.Points:
    """`autograder check` has no points for a file that is no notebook; in a class it is a submission of no worth."""
    nothing = dict.fromkeys(next(iter(expected.values())), 0.0)
    return {**expected, "broken_empty": nothing, "broken_not_json": nothing}
