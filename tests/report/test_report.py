"""The instructor's report: what it counts, and that nothing a student wrote does anything in it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from helpers import courses, small_lesson
from playwright.sync_api import Browser

from autograder.report import Graded, class_facts, write_report
from autograder.report.facts import anonymous
from autograder.report.picture import alt_text, bins

MARKUP = "<script>window.__pwned = 1</script><img src=x onerror='window.__pwned = 1'>"


def exercise(name: str, points: float, outcome: str, mistake: str | None = None, notes: tuple[str, ...] = ()) -> Any:
    """An exercise's grade, with a criterion of 1 point and one of 3."""
    earned = [(1, points >= 1), (3, points >= 4)]
    criteria = [
        {"name": f"`it` does {most}", "outcome": "passed" if good else outcome, "points": most * good,
         "max_points": most, "message": "" if good else "It took too long."}
        for most, good in earned
    ]  # fmt: skip
    told = f"You did `{mistake}`." if mistake else None
    return {
        "exercise": name, "outcome": outcome, "points": points, "max_points": 4, "mistake": mistake,
        "misconception": told, "message": "", "notes": list(notes), "criteria": criteria,
    }  # fmt: skip


def graded(student: str, *exercises: Any, source: str = "", seconds: float = 1) -> Graded:
    """A student's grade; `source` is their code for the first exercise."""
    score = sum(each["points"] for each in exercises)
    grade = {"lesson": "small", "score": score, "max_score": 8, "exercises": list(exercises)}
    return Graded(student, grade, {exercises[0]["exercise"]: source}, seconds)


FACTS = class_facts("small", [
    graded("ada", exercise("one", 4, "passed"), exercise("two", 4, "passed"), seconds=9),
    graded("bea", exercise("one", 1, "failed", "off"), exercise("two", 1, "timeout"),
           source="# by Bea\ndef f():\n    'Bea was here'\n    return 1\n"),
    graded("=carl()", exercise("one", 1, "failed", "off"), exercise("two", 4, "passed", notes=("It was repaired.",)),
           source="def function():\n    return 1 + 0\n"),
    graded(MARKUP, exercise("one", 0, "missing"), exercise("two", 1, "failed", "slow"), source=MARKUP),
])  # fmt: skip


class TestFacts:
    """What is counted."""

    def test_exercises_and_criteria(self) -> None:
        one, two = FACTS.exercises
        assert (one.passed, one.mean, one.outcomes) == (1, 1.5, {"failed": 2, "passed": 1, "missing": 1})
        assert [(each.points, each.passed) for each in one.criteria] == [(1, 3), (3, 1)]
        assert (two.passed, two.mean) == (2, 2.5)

    def test_scores(self) -> None:
        assert (FACTS.mean, FACTS.median) == (4.0, 3.5)
        assert bins(FACTS) == [0, 1, 1, 0, 0, 0, 1, 0, 0, 1]
        assert alt_text(FACTS).startswith("Histogram of 4 scores, in points: 1 from 0.8 to 1.6; 1 from 1.6 to 2.4;")

    def test_misconceptions_with_the_shortest_example(self) -> None:
        first, second = FACTS.misconceptions
        assert (first.exercise, first.mistake, first.count) == ("one", "off", 2)
        assert first.example == "def f():\n    return 1"
        assert (second.mistake, second.count, second.example) == ("slow", 1, "")

    def test_who_may_need_help(self) -> None:
        assert [each.student for each in FACTS.need_help] == [MARKUP, "bea"]

    def test_what_was_unusual(self) -> None:
        assert [(each.student, told) for each, told in FACTS.suspicious[:2]] == [
            ("bea", ["two: It took too long."]), ("=carl()", ["two: It was repaired."]),
        ]  # fmt: skip
        assert FACTS.suspicious[2][1] == ["one: It took too long."]
        assert FACTS.took_long[0].student == "ada"

    @pytest.mark.parametrize(
        ("source", "shown"),
        [
            ("x = 1  # I am Ada", "x = 1"),
            ("'Ada'\nclass A:\n    'by Ada'\n", "class A:\n    pass"),
            ("def f(:", ""), ("\0", ""), ("(" * 100_000, ""), ("", ""), ("# nothing", ""),
        ],
    )  # fmt: skip
    def test_an_example_names_nobody(self, source: str, shown: str) -> None:
        assert anonymous(source) == shown

    def test_a_long_example_is_cut(self) -> None:
        assert anonymous("x = 1\n" * 100).endswith("x = 1\n…")


def test_the_table_is_safe_to_open_in_a_spreadsheet(tmp_path: Path) -> None:
    with write_report(FACTS, tmp_path)[1].open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][:5] == ["student", "score", "max_score", "late_penalty", "seconds"]
    assert rows[0][5:8] == ["one points", "one outcome", "one mistake"]
    assert rows[2] == ["bea", "2", "8", "0", "1", "1", "failed", "off", "1", "timeout", "", ""]
    assert rows[3][0] == "'=carl()"


@pytest.mark.browser
@pytest.mark.slow
def test_the_page_in_a_browser(tmp_path: Path, browser: Browser) -> None:
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(write_report(FACTS, tmp_path)[0].as_uri())
    assert page.evaluate("window.__pwned") is None
    assert not said
    assert page.get_by_role("img", name="Histogram of 4 scores").count() == 1
    assert page.get_by_role("img", name="passed: 1 of 4").count() > 0
    assert page.get_by_text("You did off.").count() == 1
    assert page.get_by_text(MARKUP).count() == 3  # who may need help, what was unusual, and what took longest
    assert page.locator("script, img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


@pytest.mark.slow
def test_of_a_class(tmp_path: Path) -> None:
    root = courses.make(tmp_path / "course", small_lesson.write(tmp_path / "course"))
    before = courses.run("autograder", "report", "small", cwd=root, fine=False)
    assert before.returncode == 1
    assert "small: nobody has been graded; run autograder grade small first" in " ".join(before.stderr.split())
    courses.submit(root, "small", "ada", courses.solved_small(root))
    courses.submit(root, "small", "bea", courses.solved_small(root).replace("sum(numbers)", "sum(numbers, 1)"))
    courses.run("autograder", "grade", "small", cwd=root)
    written = courses.run("autograder", "report", cwd=root).stdout.split()
    assert written == [str(root / "report/small.html"), str(root / "report/small.csv")]
    page = Path(written[0]).read_text(encoding="utf-8")
    assert "1 student · <code>total</code>" in page
    assert "return sum(numbers, 1)" in page
    assert "bea,6.0,11,0.0," in Path(written[1]).read_text(encoding="utf-8")
