"""What an author gets wrong is told: each fault in a line with its place, all of them at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from helpers import COURSE, ROOT, courses, small_lesson

from autograder.authoring.build import build_course
from autograder.authoring.lint import FaultyLessons, lint
from autograder.lesson.lesson import Lesson


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    """A lesson without a fault, in a course of its own."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copy(COURSE / "nbgrader_config.py", small_lesson.write(tmp_path / "course").folder.parent)
    return Lesson(tmp_path / "course/small")


def faults(lesson: Lesson) -> list[str]:
    """The faults of a lesson as it is written now, with places from its course."""
    found = map(str, lint(lesson.folder.parent, [Lesson(lesson.folder)]))
    return [line[max(line.find("small/"), line.find("pyproject")) :] for line in found]


def change(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def test_a_lesson_without_a_fault_has_none(lesson: Lesson) -> None:
    assert faults(lesson) == []


CRITERIA = [
    ("points=3, seconds", "points=0, seconds", "it is worth 0 points; it must be more than 0"),
    ("points=3, seconds", "points=-1, seconds", "it is worth -1 points; it must be more than 0"),
    ("points=3, seconds", 'points=float("nan"), seconds', "it is worth nan points; it must be more than 0"),
    (
        "def finds(middle, draw):", "def finds(middle):",
        "its function has the signature (middle); it must take two arguments, the answer and the draw",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), CRITERIA, ids=[new for _, new, _ in CRITERIA])
def test_a_criterion_with_a_fault_is_named(lesson: Lesson, old: str, new: str, told: str) -> None:
    change(small_lesson.criteria(lesson), (old, new))
    assert faults(lesson) == [f'small/exercises/__init__.py:23: middle: "It finds the middle number": {told}']


SHOWS = {
    "draw.no_such_thing": (
        "with the solution it raises AttributeError: 'Draw' object has no attribute 'no_such_thing'; where an "
        "exception is right, return attempt(lambda: …)"
    ),
    "{'a': [middle(draw.normal(7)), object()]}": (
        "with the solution it shows an object of type builtins.object at ['a'][1], which can't be compared: return "
        "plain data"
    ),
    "{object: middle(draw.normal(7))}": (
        "with the solution it shows a key of type builtins.type at the top, which can't be compared: return plain data"
    ),
    "middle(draw.normal(7)), __import__('os').getpid()": (
        "two runs of the solution differ at [1]: use `draw` for what is random"
    ),
    "draw.normal(7)": (
        "the empty answer `= None` and 14 more earn 1; let it look at something that only a working answer shows"
    ),
}
"""What a criterion returns, and what is said of it."""


def test_what_the_solution_shows_and_empty_answers_earn_is_told(lesson: Lesson) -> None:
    added = [
        f"\n@middle.criterion('{number}')\ndef look_{number}(middle, draw):\n    return {shown}\n"
        for number, shown in enumerate(SHOWS)
    ]
    with small_lesson.criteria(lesson).open("a") as file:
        file.write("".join(added))
    expected = [
        f'small/exercises/__init__.py:{43 + 4 * n}: middle: "{n}": {told}' for n, told in enumerate(SHOWS.values())
    ]
    assert faults(lesson) == expected


TEXTS = [
    (
        '# %% check="middle"\n', "# %%\n",
        ['small/lesson.py: middle: there is no cell `# %% check="middle"`'],
    ),
    (
        '# %% check="middle"\n', '# %% check="meddle"\n',
        ['small/lesson.py: middle: there is no cell `# %% check="middle"`',
         "small/lesson.py:31: meddle: the check cell is of no exercise; there are scale, middle, total"],
    ),
    (
        '# %% solution="middle"\n', "# %%\n",
        ['small/lesson.py: middle: there is no cell `# %% solution="middle"`'],
    ),
    (
        '# %% solution="middle"\n### BEGIN SOLUTION\n', '# %% solution="middle"\n',
        [(
            "small/lesson.py:25: middle: the solution needs a line `### BEGIN SOLUTION` before it and "
            "`### END SOLUTION` after it"
        )],
    ),
    (
        'check("total")\n', 'check("total")\n\n# %% check="total"\ncheck("total")\n',
        ["small/lesson.py:43: total: there are 2 check cells of this exercise; it needs one"],
    ),
    (
        small_lesson.MIDDLE, small_lesson.MIDDLE.replace("middle(numbers)", "center(numbers)"),
        ["small/lesson.py:25: middle: the solution doesn't define `middle`, which the exercise requires"],
    ),
    (
        small_lesson.MIDDLE, f"{small_lesson.MIDDLE}1 / 0\n",
        [(
            "small/lesson.py:25: middle: running the given cells and the solution raises ZeroDivisionError: division "
            "by zero (line 3: 1 / 0)"
        )],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), TEXTS, ids=[told[0][16:60] for _, _, told in TEXTS])
def test_a_cell_with_a_fault_is_named(lesson: Lesson, old: str, new: str, told: list[str]) -> None:
    change(lesson.text, (old, new))
    assert faults(lesson) == told


def test_a_mistake_that_passes_is_named(lesson: Lesson) -> None:
    change(small_lesson.mistakes(lesson), ("sum(numbers, 1)", "sum(numbers)"))
    told = "total: the mistake off-by-one shows the same as the solution under every criterion"
    assert faults(lesson) == [f"small/exercises/total/mistakes.md:4: {told}"]


def test_a_folder_of_no_exercise_and_an_import_from_elsewhere_are_named(lesson: Lesson) -> None:
    for name, text in (("total/exercise.py", "from ..middle.exercise import middle\n"), ("totl/more.md", "")):
        path = lesson.folder / "exercises" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert faults(lesson) == [
        "small/exercises/totl: no exercise is called totl; there are scale, middle, total",
        (
            "small/exercises/total/exercise.py:1: it may import from modules beside the exercises alone "
            "(`from ..shared import …`)"
        ),
    ]


def test_an_id_that_stands_twice_is_named(lesson: Lesson) -> None:
    change(small_lesson.criteria(lesson), ('Exercise("total"', 'Exercise("middle"'))
    assert faults(lesson)[0] == "small/exercises/__init__.py:28: middle: 2 exercises have this id; each needs its own"


def test_all_faults_are_told_at_once(lesson: Lesson) -> None:
    change(small_lesson.criteria(lesson), ("points=3, seconds", "points=0, seconds"), ("(total, draw)", "()"))
    change(lesson.text, ('# %% check="scale"\n', "# %%\n"))
    small_lesson.mistakes(lesson).write_text("## off-by-one\nOne too many.\n")
    assert [line.partition(": ")[0] for line in faults(lesson)] == [
        "small/exercises/__init__.py:23", "small/exercises/__init__.py:31", "small/lesson.py",
        "small/exercises/total/mistakes.md:1",
    ]  # fmt: skip


def test_files_that_are_missing_or_broken_are_named(lesson: Lesson) -> None:
    (lesson.folder.parents[1] / "pyproject.toml").unlink()
    lesson.text.unlink()
    (first, second) = faults(lesson)
    assert first.startswith("pyproject.toml is missing; every notebook's first cell needs it.")
    assert second.startswith("small/lesson.py: the file is missing")
    small_lesson.criteria(lesson).write_text("\ndef f(:\n")
    assert faults(lesson)[1].startswith("small/exercises/__init__.py:2: can't be loaded: SyntaxError: ")


def test_a_build_stops_at_faults_and_writes_nothing(lesson: Lesson) -> None:
    change(small_lesson.mistakes(lesson), ("sum(numbers, 1)", "sum(numbers)"))
    before = courses.contents(lesson.folder.parent)
    with pytest.raises(FaultyLessons, match="off-by-one"):
        build_course(lesson.folder.parent, lambda line: None)
    after = {path: content for path, content in courses.contents(lesson.folder.parent).items() if "pycache" not in path}
    assert after == before
