"""What authors do with known mistakes: they look at whole programs, and add wrong answers that they met."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from helpers import COURSE, small_lesson
from typer.testing import CliRunner, Result

from autograder.cli.commands import app
from autograder.lesson.lesson import Lesson
from autograder.texts.known_answers import answers, further_answers
from autograder.texts.percent import LessonTextError

FORGETS = "def total(numbers):\n    return sum(numbers[1:])\n"


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    """The small lesson in a course of its own."""
    found = small_lesson.write(tmp_path / "course")
    shutil.copy(COURSE / "nbgrader_config.py", found.folder.parent)
    return found


def run(lesson: Lesson, *arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, [*arguments, "--course", str(lesson.folder.parent)], input=typed)


def wrote(lesson: Lesson, source: str, *options: str, typed: str = "") -> Result:
    """Somebody adds a wrong answer to `total`."""
    file = lesson.folder.parent / "answer.py"
    file.write_text(source)
    return run(lesson, "new", "mistake", "total", str(file), *options, typed=typed)


def test_a_mistake_is_shown_as_whole_programs(lesson: Lesson) -> None:
    shown = run(lesson, "show", "mistake", "total/off-by-one")
    assert shown.exit_code == 0
    assert "One too many: start from 0." in shown.output
    assert "def total(numbers):\n    return sum(numbers, 1)" in "\n".join(map(str.rstrip, shown.output.splitlines()))


def test_a_mistake_that_is_not_there_names_those_that_are(lesson: Lesson) -> None:
    shown = run(lesson, "show", "mistake", "total/off-by-two")
    assert shown.exit_code == 2
    assert "total knows no mistake 'off-by-two'; it knows off-by-one" in shown.output


def test_a_wrong_answer_is_added_as_an_edit_with_words(lesson: Lesson) -> None:
    done = wrote(lesson, FORGETS, typed="first-lost\nThe first number counts too.\n")
    assert done.exit_code == 0, done.output
    assert "today no mistake is named for it" in done.output
    added = "-    return sum(numbers)\n+    return sum(numbers[1:])\n```\n"
    assert small_lesson.mistakes(lesson).read_text() == (
        f"{small_lesson.MISTAKES}\n## first-lost\nThe first number counts too.\n\n```diff\n{added}"
    )
    new = answers(lesson)[-1]
    assert (new.mistake, new.message, new.source) == ("first-lost", "The first number counts too.", FORGETS)


def test_one_more_way_stands_below_the_first(lesson: Lesson) -> None:
    plus_one = "def total(numbers):\n    return sum(numbers) + 1\n"
    done = wrote(lesson, plus_one, typed="\n")  # the id that it is told today is offered
    assert done.exit_code == 0, done.output
    assert "today it is told: One too many: start from 0. (off-by-one)" in done.output
    assert [answer.name for answer in answers(lesson)] == ["off-by-one#0", "off-by-one#1"]
    assert answers(lesson)[1].source == plus_one


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (small_lesson.TOTAL.replace("sum(numbers)", "sum(list(numbers))"), "it passes every criterion of total"),
        ("def total(:\n", "this is no Python"),
        (FORGETS, "read otherwise in Markdown"),
    ],
)
def test_what_is_no_wrong_answer_is_refused(lesson: Lesson, source: str, told: str) -> None:
    before = small_lesson.mistakes(lesson).read_text()
    done = wrote(lesson, source, "--id", "x", "--message", "# y")
    assert done.exit_code == 2
    assert told in done.output
    assert small_lesson.mistakes(lesson).read_text() == before


def test_a_text_behind_an_answer_is_for_authors(lesson: Lesson) -> None:
    before = answers(lesson)
    with small_lesson.mistakes(lesson).open("a") as file:
        file.write("\nSeen in many classes.\n")
    assert answers(lesson) == before


FAULTS = {
    "## off-by-one\n```diff\n+x\n```\n": ":3: the edit doesn't apply to solution: these lines must stand there once",
    "## off-by-one\nWords.\n\n```diff base=loop\n x\n```\n": ":4: there is no base loop; there are solution",
    "## off-by-one\nWords.\n": ":1: the mistake off-by-one needs an answer that shows it",
    "## off-by-one\n```python\nx = 1\n```\n": ":1: the mistake off-by-one needs a message",
    "## a\nWords.\n## a\n": ":3: a second heading a",
    "```python\nx = 1\n```\n": ":1: a block stands below a heading",
    "## a\nWords.\n```\nx = 1\n```\n": ":3: a block stands below a heading, is diff or python",
}


@pytest.mark.parametrize("text", FAULTS, ids=FAULTS.values())
def test_a_file_that_cannot_be_read_is_named_with_the_line(lesson: Lesson, text: str) -> None:
    small_lesson.mistakes(lesson).write_text(text)
    with pytest.raises(LessonTextError) as told:
        answers(lesson)
    assert str(told.value).startswith(f"{small_lesson.mistakes(lesson)}{FAULTS[text]}")


def test_further_answers_say_what_must_become_of_them(lesson: Lesson) -> None:
    (lesson.home("total") / "more.md").write_text(
        "## right\n```diff name=builtin\n-    return sum(numbers)\n+    return sum(list(numbers))\n```\n"
        "## unnamed\n```python\ntotal = 1\n```\n## off-by-one\n```python\ntotal = len\n```\n"
    )
    found = [(each.answer.name, each.right, each.told) for each in further_answers(lesson)]
    assert found == [("builtin", True, None), ("more#1", False, None), ("more#2", False, "off-by-one")]
    (lesson.home("total") / "more.md").write_text("## off-by-two\n```python\ntotal = len\n```\n")
    with pytest.raises(LessonTextError, match="no mistake is called off-by-two; nor is it right or unnamed"):
        further_answers(lesson)
