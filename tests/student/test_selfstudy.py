"""Learning on one's own: the notebook that brings its solutions along; and that a class's notebook has none to show."""

from __future__ import annotations

import base64
import binascii
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from helpers import COURSE, ROOT, courses, small_lesson
from helpers import toy_lesson as toy
from helpers.grades import text_of, visible
from helpers.notebook_kernel import Kernel

from autograder.lesson.lesson import Lesson, all_lessons
from autograder.running.grader import Grader
from autograder.sandbox import sandbox_named
from autograder.student.selfstudy import Damaged, pack, selfstudy_cell, unpack
from autograder.texts.percent import read_cells, solutions

LESSONS = list(all_lessons([COURSE]))
CELL = selfstudy_cell({"scale": toy.SCALE, "total": toy.TOTAL})
HIDDEN = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)
PACKED = re.compile(r"[A-Za-z0-9+/=_-]{40,}")


def test_what_is_packed_comes_out_again_and_nobody_reads_it_before() -> None:
    assert unpack(pack({"scale": toy.SCALE, "ω": "x = 'ω'\n"})) == {"scale": toy.SCALE, "ω": "x = 'ω'\n"}
    assert "class" not in CELL.partition("self_study(")[2]


@pytest.mark.parametrize("packed", ["", "!", "e30", "W10=", "bnVsbA==", "//8=", None, base64.b64encode(b"[" * 100_000)])
def test_anything_else_is_damaged(packed: Any) -> None:
    with pytest.raises(Damaged):
        unpack(packed)


# ---------------------------------------------------------------------------------------------------------------------
# The edition for self-study
# ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    folder = tmp_path_factory.mktemp("alone")
    toy.write(folder / "lessons")
    kernel = Kernel(folder)
    yield kernel
    kernel.stop()


def test_hints_come_in_steps_then_the_solution_and_after_success_the_comparison(kernel: Kernel) -> None:
    assert kernel.shown(CELL)[0].startswith("Self-study\n  You have the edition for self-study.")
    kernel.run(toy.PLAIN)
    assert kernel.shown('solution("scale")')[0] == text_of("""
        scale: the solution can wait
          You have not tried it yet. Once you have checked 3 different answers,
          `solution("scale")` shows the course's.
          There are 2 hints that you have not seen: `hint("scale")`.
          To see it now all the same: `solution("scale", now=True)`.
    """)
    assert kernel.shown('check("scale")')[0].endswith('Stuck? `hint("scale")` shows the first of 2 hints.')
    kernel.run('hint("scale"); hint("scale")')
    kernel.shown('check("scale")')
    kernel.shown('check("scale")')
    assert "You have tried it once." in kernel.shown('solution("scale")')[0]  # it was the same answer each time
    kernel.run(toy.NO_REFUSAL)
    text, page = kernel.shown('check("scale")')
    assert text.endswith('You have seen every hint. `solution("scale")` shows how the course does it.')
    assert "to compare with yours" not in text + page
    assert "You have tried it 2 times." in kernel.shown('solution("scale")')[0]
    kernel.run(toy.PLAIN)
    kernel.shown('check("scale")')
    text, page = kernel.shown('solution("scale")')
    assert text.startswith("scale: how the course does it\n\n    import torch\n")
    assert "            self.weight = nn.Parameter(torch.ones(n))" in text
    assert "self.weight = nn.Parameter(torch.ones(n))" in visible(page)
    assert "scale ◐ partly right 3 of 4 3 2 of 2, solution" in " ".join(kernel.shown("progress()")[0].split())

    kernel.run(toy.SCALE)
    text, page = kernel.shown('check("scale")')
    assert "How the course does it, to compare with yours:\n\n    import torch\n" in text
    assert "<details><summary>How the course does it, to compare with yours</summary><pre>import torch" in page
    assert "To compare with yours; many answers are right." in kernel.shown('solution("scale")')[0]


def test_an_explicit_wish_is_granted(kernel: Kernel) -> None:
    kernel.run(CELL)
    assert "    return sum(numbers)" in kernel.shown('solution("total", now=True)')[0]


def test_a_damaged_cell_says_so_and_all_else_works(kernel: Kernel) -> None:
    assert kernel.shown(CELL.replace('self_study("', 'self_study("*'))[0].startswith("Self-study: this cell is damaged")
    kernel.run(toy.SCALE)
    assert "4 of 4 points" in kernel.shown('check("scale")')[0]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_the_edition_is_the_release_and_one_cell(lesson: Lesson) -> None:
    alone, released = (notebook(edition, lesson) for edition in ("selfstudy", "release"))
    badges = [book.cells.pop(0).source for book in (released, alone)]
    assert badges[0].replace("course/release", "course/selfstudy") == badges[1]
    (added,) = [cell for cell in alone.cells if cell not in released.cells]
    assert [cell for cell in alone.cells if cell is not added] == released.cells
    packed = re.search(r'^self_study\("(.+)"\)$', added.source, re.MULTILINE)
    assert packed and unpack(packed[1]) == {name: answer.source for name, answer in solutions(lesson).items()}
    assert alone.cells.index(added) == 1 + next(i for i, cell in enumerate(alone.cells) if cell.cell_type == "code")


# ---------------------------------------------------------------------------------------------------------------------
# A class's notebook
# ---------------------------------------------------------------------------------------------------------------------


def notebook(edition: str, lesson: Lesson) -> Any:
    path = COURSE / edition / lesson.name / f"{lesson.name}.ipynb"
    return nbformat.read(path, as_version=4)


def hidden_parts(lesson: Lesson) -> list[str]:
    """What a release leaves out of the solution cells, less what is so short that it may stand anywhere."""
    found = [part for cell in read_cells(lesson.text) for part in HIDDEN.findall(cell.source)]
    assert len(found) >= len(lesson.exercises)
    return [part.strip() for part in found if len(part.strip()) > 60]


def told_lines(lesson: Lesson) -> set[str]:
    """The lines of the solutions that say something and stand nowhere in the release."""
    shown = "\n".join(cell.source for cell in notebook("release", lesson).cells)
    lines = {line.strip() for part in hidden_parts(lesson) for line in part.splitlines()}
    found = {line for line in lines if len(line) > 25 and line not in shown}
    assert len(found) > 3
    return found


def unpacked(text: str) -> str:
    """A text, and below it whatever in it can be decoded."""
    found = [text]
    for word in PACKED.findall(text):
        try:
            found.append(base64.b64decode(word + "===").decode(errors="replace"))
        except binascii.Error:
            continue
    return "\n".join(found)


def bare(text: str) -> str:
    """A text without white space, quotes and commas, or what JSON makes of these and of letters beyond ASCII."""
    return re.sub(r"""\\+(n|u[0-9a-f]{4})|[\s"',\\]|[^\x00-\x7f]""", "", text)


def reveals(text: str, lesson: Lesson) -> list[str]:
    """The solutions' parts that are in a text, plain, as JSON has them, or packed."""
    everything = bare(unpacked(text))
    return [part for part in hidden_parts(lesson) if bare(part) in everything]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_neither_the_release_nor_the_package_holds_a_solution(lesson: Lesson) -> None:
    path = COURSE / "release" / lesson.name / f"{lesson.name}.ipynb"
    assert "self_study" not in path.read_text(encoding="utf-8")
    for file in (path, *map(Path, student_files())):
        assert reveals(file.read_bytes().decode(errors="replace"), lesson) == [], file
    alone = COURSE / "selfstudy" / lesson.name / f"{lesson.name}.ipynb"
    assert reveals(alone.read_text(encoding="utf-8"), lesson) == hidden_parts(lesson)  # it would have been seen


TRICKS = """
import base64, json, os
from autograder import self_study, solution
from autograder.student import check as student
from autograder.student import selfstudy
os.environ.update(SELF_STUDY="1", INSIDE_NN_MODULE_SELF_STUDY="1")
for packed in ("", "e30=", selfstudy.pack({}), selfstudy.pack({"x": "y"})):
    self_study(packed)
for exercise in EXERCISES:
    check(exercise)
    solution(exercise)
    solution(exercise, now=True)
    for number in range(9):
        hint(exercise)
print(student._solutions, selfstudy.__dict__)
progress()
"""


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS if "SOAK" in os.environ else LESSONS[:1], ids=lambda lesson: lesson.name)
def test_no_trick_makes_a_release_show_a_solution(lesson: Lesson, tmp_path: Path) -> None:
    """With the student package as pip installs it, with exercises solved and not, and with a forged memory."""
    install(tmp_path / "package")
    cells = [cell.source for cell in notebook("release", lesson).cells if cell.cell_type == "code"]
    setup, names = cells[0], list(lesson.exercises)
    record = {"best": 99.0, "attempts": 99, "hints": 99, "solved": True, "shown": True}
    memory = json.dumps({"format": 1, "exercises": dict.fromkeys(names, record)})
    (tmp_path / "progress.json").write_text(memory)
    right = "\n".join(f"exec({answer.source!r})" for answer in list(solutions(lesson).values())[:2])
    given = "\n".join(cell.source for cell in read_cells(lesson.text) if cell.metadata.get("given"))
    script = f"{setup}\nEXERCISES = {names}\n{TRICKS}\n{given}\n{right}\n{TRICKS}"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "package"), "INSIDE_NN_MODULE_HOME": str(tmp_path)}
    environment |= {"MPLBACKEND": "agg", "PYTHONWARNINGS": "ignore"}
    for name in ("NBGRADER_EXECUTION", "AUTOGRADER_LESSONS"):
        environment.pop(name, None)
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    done = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.count("this notebook has no solutions") == 4 * len(names)
    assert "✓ passed" in done.stdout
    told = " ".join(done.stdout.split())
    assert [line for line in told_lines(lesson) if " ".join(line.split()) in told] == []


def student_files() -> dict[str, str]:
    """File in the source tree → its place in the student package, the engine's own left out."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return dict(module.student_files(ROOT))


def install(folder: Path) -> None:
    """The student package, in a folder for PYTHONPATH."""
    shutil.copytree(ROOT / "autograder", folder / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    for source, place in student_files().items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, folder / place)


def test_a_fresh_release_of_nbgraders_own_has_no_such_cell(tmp_path: Path) -> None:
    course = tmp_path / "course"
    courses.make(course, small_lesson.write(course))
    assert "self_study" not in courses.released(course, "small").read_text()
    assert not (course / "selfstudy").exists()


@pytest.mark.parametrize("execution", ["autograde", "validate"])
def test_under_a_plain_nbgrader_nothing_is_opened(kernel: Kernel, execution: str) -> None:
    kernel.run(f"import os; os.environ['NBGRADER_EXECUTION'] = {execution!r}")
    kernel.run("from autograder.student import check; check._solutions.clear()")
    assert kernel.run(CELL) == []
    kernel.run("del os.environ['NBGRADER_EXECUTION']")
    assert kernel.shown('solution("total", now=True)')[0].startswith("total: this notebook has no solutions")


def test_a_self_study_notebook_that_is_handed_in_is_graded_and_shows_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("5" * 64)
    lesson = small_lesson.write(tmp_path)
    asking = [small_lesson.code(selfstudy_cell({"total": "the solution"})),
              small_lesson.code('solution("total", now=True)')]  # fmt: skip
    content = small_lesson.notebook([*asking, *small_lesson.solved()])
    grade = Grader.for_lesson(lesson, sandbox_named("bubblewrap")).grade(content)
    assert grade.points == lesson.points
    printed = json.dumps(grade.outputs)
    assert "Not answered while this notebook is graded" in printed
    assert "the solution" not in printed
