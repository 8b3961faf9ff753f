"""What counts as not attempted, and what is told of a cell that ended in an error: for real, in the sandbox."""

from __future__ import annotations

from collections.abc import Callable

import nbformat
import pytest
from helpers import COURSE, small_lesson
from helpers.in_words import exercise_message
from helpers.small_lesson import ANSWERS, GIVEN, SCALE, STUBS, check, code, solution

from autograder.judging.grade import ExerciseGrade, Outcome
from autograder.lesson.lesson import Lesson, all_lessons
from autograder.probing.stub import TEXT, is_unfinished, is_untouched
from autograder.running.grader import Grader
from autograder.sandbox import Bubblewrap, Limits
from autograder.sandbox.bubblewrap import BubblewrapMissing
from autograder.texts.known_answers import answers
from autograder.texts.percent import solutions

RELEASED = f'raise NotImplementedError("{TEXT}")'
LESSONS = list(all_lessons([COURSE]))

# By its text


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_released_cells_are_untouched_and_no_answer_is(lesson: Lesson) -> None:
    released = nbformat.read(COURSE / "release" / lesson.name / f"{lesson.name}.ipynb", as_version=4)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in released.cells}
    assert [name for name in lesson.exercises if not is_untouched(cells[name])] == []
    known = [*solutions(lesson).values(), *answers(lesson)]
    assert [answer.name for answer in known if is_unfinished(answer.source)] == []


def test_a_stub_says_what_the_course_lets_it_say() -> None:
    assert f"'{RELEASED}'" in (COURSE / "nbgrader_config.py").read_text()


@pytest.mark.parametrize(
    ("source", "unfinished", "untouched"),
    [
        (f'def f():\n    """Text."""\n    {RELEASED}\n', True, True),
        ("%matplotlib inline\nimport math\n\ndef f():\n    raise NotImplementedError()\n", True, True),
        (f"class A:\n    x = 1\n    def f(self):\n        {RELEASED}\n", True, False),
        (f"def f():\n    n = 1\n    {RELEASED}\n", True, False),
        (f"def f():\n    return 1\n    {RELEASED}\n", False, False),
        (f"def f(:\n    {RELEASED}\n", True, False),
        ("class A:\n    def f(self):\n        raise NotImplementedError\n\ndef g():\n    return A\n", False, False),
        ('def f():\n    raise NotImplementedError("of mine")\n', False, False),
        ("def f():\n    pass\n", False, False),
        ('answers = {"a": None, "b": None}', True, True),
        ('answers = {"a": None, "b": True}', False, False),
        ("order = [\n    None,  # 1\n    None,\n]", True, True),
        ("import math\n", False, False),
        ("x = a" + ".b" * 20_000, False, False),
    ],
)
def test_a_cell_is_a_stub_as_long_as_nothing_is_written(source: str, unfinished: bool, untouched: bool) -> None:
    assert (is_unfinished(source), is_untouched(source)) == (unfinished, untouched)


# Graded

Graded = Callable[..., dict[str, ExerciseGrade]]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Grades the small lesson's notebook with these answers, below cells of the student's own, above one (`then`)."""
    lesson = small_lesson.write(tmp_path_factory.mktemp("course"))
    try:
        grader = Grader.for_lesson(lesson, Bubblewrap.found(), Limits(cell_seconds=4, notebook_seconds=60, restarts=4))
    except BubblewrapMissing as reason:
        pytest.skip(str(reason))

    def grade(*first: str, **given: str) -> dict[str, ExerciseGrade]:
        cells = [code(source) for source in (GIVEN, *first)]
        cells += [solution(name, given.get(name, ANSWERS[name])) for name in ANSWERS]
        cells += [code(given["then"])] if "then" in given else []
        cells += map(check, ANSWERS)
        return {found.exercise.id: found for found in grader.grade(small_lesson.notebook(cells)).exercises}

    return grade


def test_what_torch_has_not_implemented_is_an_error_with_its_text(graded: Graded) -> None:
    grade = graded(middle="def middle(numbers):\n    return torch.arange(3).mean()\n")["middle"]
    assert grade.outcome is Outcome.ERROR
    assert "mean(): could not infer output dtype" in exercise_message(grade)
    assert "(at line 2: `return torch.arange(3).mean()`)" in exercise_message(grade)


def test_what_a_student_refuses_is_an_error_with_its_text(graded: Graded) -> None:
    branch = 'def middle(numbers):\n    if len(numbers) > 3:\n        raise NotImplementedError("3 dimensions")\n'
    bare = "def total(numbers):\n    if not numbers:\n        raise NotImplementedError\n    return sum(numbers)\n"
    grades = graded(middle=branch, total=bare)
    assert grades["middle"].outcome is Outcome.ERROR
    assert "NotImplementedError: 3 dimensions (at line 3" in exercise_message(grades["middle"])
    assert [item.outcome for item in grades["total"].criteria] == [Outcome.PASSED, Outcome.ERROR]
    assert grades["total"].points == 4


def test_a_stub_below_the_first_lines_of_an_answer_is_a_stub(graded: Graded) -> None:
    half = SCALE.replace("return x * self.weight", RELEASED)
    grades = graded(scale=half, total=f"def total(numbers):\n    result = 0\n    {RELEASED}\n", middle=RELEASED)
    assert [item.outcome for item in grades["scale"].criteria] == [Outcome.PASSED, Outcome.NOT_ATTEMPTED]
    assert grades["total"].outcome is Outcome.NOT_ATTEMPTED
    assert grades["middle"].outcome is Outcome.NOT_ATTEMPTED


@pytest.mark.parametrize(
    ("scale", "told"),
    [
        (
            f"print(torch.arange(3).mean())\n{SCALE}",
            "It could not run. Line 1, `print(torch.arange(3).mean())`: NotImplementedError: mean(): could not infer",
        ),
        (
            f"\n\nimport nothing_there\n{SCALE}",
            "It could not run. Line 1, `import nothing_there`: ModuleNotFoundError: No module named 'nothing_there'.",
        ),
        (
            SCALE.replace("return x", "return\u00a0x"),
            "invalid non-printable character U+00A0. Character 15 is a special one (no-break space), as web pages and",
        ),
        (
            SCALE.replace("Scale", "scale"),
            "`Scale` is not defined. Did the cell above run? 'scale' is defined, but 'Scale' is asked for.",
        ),
    ],
    ids=["torch", "import", "no-break space", "another name"],
)
def test_a_cell_that_defines_nothing_is_told_why(graded: Graded, scale: str, told: str) -> None:
    grade = graded(scale=scale)["scale"]
    assert grade.outcome in (Outcome.ERROR, Outcome.MISSING)
    assert told in exercise_message(grade)


def test_an_error_in_another_cell_is_not_why_a_name_is_not_there(graded: Graded) -> None:
    helper = "def helper(numbers):\n    return 1\n"
    assert graded("1 / 0", scale=helper)["scale"].outcome is Outcome.MISSING


@pytest.mark.parametrize(
    "elsewhere",
    ["import os; os._exit(0)", "import sys; sys.exit()", "import signal; signal.alarm(1)", "while True: pass",
     "del nn, torch", "import builtins\nbuiltins.NotImplementedError = KeyError"],
)  # fmt: skip
def test_an_untouched_stub_is_not_attempted_whatever_happens_elsewhere(graded: Graded, elsewhere: str) -> None:
    spoiled = f"{SCALE}{elsewhere}\n"
    grades = graded(elsewhere, scale=spoiled, middle=STUBS["middle"], total=f"def total(numbers):\n    {RELEASED}\n")
    assert {grades[name].outcome for name in ("middle", "total")} == {Outcome.NOT_ATTEMPTED}


def test_an_untouched_stub_hides_no_answer_that_another_cell_makes(graded: Graded) -> None:
    made = "globals()['tot' + 'al'] = lambda numbers: sum(numbers)"
    grades = graded(middle=STUBS["middle"], total=STUBS["total"], then=made)
    assert grades["total"].outcome is Outcome.PASSED
    assert grades["middle"].outcome is Outcome.NOT_ATTEMPTED
