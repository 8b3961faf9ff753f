"""Builds what is generated from a lesson's texts: the source, release and solutions notebooks and the golden file.

lesson.py ──▶ course/source/     for nbgrader, not committed
          ──▶ course/release/    what students open, made by nbgrader's own generate_assignment
          ──▶ course/solutions/  executed, with plots, for self-study
          ──▶ golden.json        what check() compares with in a student's notebook
all of them ──▶ course/README.md the table of contents

The course's address, one line of pyproject.toml, gets into all of these, and into the badges of the README beside it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from nbformat import NotebookNode

from autograder.address import address_of
from autograder.contents import contents, contents_path
from autograder.golden import golden_agrees, public_seed, write_golden
from autograder.inert import released_text
from autograder.lesson import Lesson, all_lessons
from autograder.nbgrader.release import release
from autograder.notebook import (
    OURS,
    check_metadata,
    check_source,
    code_cell,
    new_notebook,
    solution_metadata,
    text_cell,
    write_notebook,
)
from autograder.percent import read_cells, solution_source
from autograder.reference import expected_observations
from autograder.setup_cell import FORM, setup_cell
from autograder.showcase import execute, sources_hash, up_to_date, with_outputs

Say = Callable[[str], None]


class Drifted(RuntimeError):
    """Generated files do not say what the lessons say; the text names them."""


def build_course(course: Path, say: Say) -> None:
    """Build everything of every lesson of a course."""
    lessons = list(all_lessons([course]))
    for lesson in lessons:
        say(f"{lesson.name}: observations of the reference and the known mistakes")
        write_golden(lesson, expected_observations(lesson, public_seed(lesson)))
        write_source(lesson, course)
    say("release notebooks")
    release(course, [lesson.name for lesson in lessons])
    for path, text in _pages(course, lessons).items():
        path.write_text(text, encoding="utf-8")
    for lesson in lessons:
        _build_solutions(lesson, course, say)


def check_course(course: Path) -> None:
    """Raises `Drifted` where a committed generated file is not what `build_course` would write."""
    drifted = []
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder)
        lessons = list(all_lessons([course]))
        shutil.copy(course / "nbgrader_config.py", fresh)
        for lesson in lessons:
            write_source(lesson, course, fresh)
        release(fresh, [lesson.name for lesson in lessons])
        for lesson in lessons:
            name = Path("release") / lesson.name / f"{lesson.name}.ipynb"
            if not (course / name).exists() or (course / name).read_text() != (fresh / name).read_text():
                drifted.append(str(name))
            if not lesson.golden.exists() or not golden_agrees(
                lesson, expected_observations(lesson, public_seed(lesson))
            ):
                drifted.append(f"{lesson.name}/golden.json")
            if not up_to_date(_solutions_path(course, lesson), _solutions(lesson, course)):
                drifted.append(str(_solutions_path(course, lesson).relative_to(course)))
        for path, text in _pages(course, lessons).items():
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                drifted.append(os.path.relpath(path, course))
    if drifted:
        raise Drifted(f"out of date: {', '.join(drifted)}; run `autograder build` and commit what it writes")


def write_source(lesson: Lesson, course: Path, into: Path | None = None) -> None:
    """Write a lesson's notebook for nbgrader, solutions included, below `into`/source (by default the course's)."""
    cells = [_cell(cell, lesson, course) for cell in read_cells(lesson.text) if "edition" not in cell.metadata]
    path = (into or course) / "source" / lesson.name / f"{lesson.name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    notebook = _with_badge(new_notebook(cells, {"lesson": lesson.name}), course, _place("release", lesson))
    path.write_text(write_notebook(notebook), encoding="utf-8")


def _build_solutions(lesson: Lesson, course: Path, say: Say) -> None:
    path, notebook = _solutions_path(course, lesson), _solutions(lesson, course)
    if up_to_date(path, notebook):
        say(f"{lesson.name}: solutions are up to date")
        return
    notebook.metadata[OURS]["sources"] = sources_hash(notebook)
    executed = with_outputs(notebook, path)
    if executed is None:
        say(f"{lesson.name}: running the solutions notebook")
        executed = execute(notebook, lesson)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(write_notebook(executed), encoding="utf-8")


def _pages(course: Path, lessons: list[Lesson]) -> dict[Path, str]:
    """The pages beside the notebooks, as they must be: the table of contents, and the repository's README, if any."""
    address, readme = address_of(course), course.parent / "README.md"
    pages = {contents_path(course): contents(lessons, address)}
    if readme.exists():
        pages[readme] = address.stamped(readme.read_text(encoding="utf-8"))
    return pages


def _place(edition: str, lesson: Lesson) -> Path:
    """A notebook's place in the course."""
    return Path(edition) / lesson.name / f"{lesson.name}.ipynb"


def _solutions_path(course: Path, lesson: Lesson) -> Path:
    return course / _place("solutions", lesson)


def _solutions(lesson: Lesson, course: Path) -> NotebookNode:
    cells = [_cell(cell, lesson, course) for cell in read_cells(lesson.text)]
    for cell in cells:
        cell.source = solution_source(cell.source).rstrip() if "nbgrader" in cell.metadata else cell.source
        cell.metadata.pop("nbgrader", None)
    notebook = new_notebook(cells, {"lesson": lesson.name, "edition": "solutions"})
    return _with_badge(notebook, course, _place("solutions", lesson))


def _with_badge(notebook: NotebookNode, course: Path, place: Path) -> NotebookNode:
    """A notebook that begins with the badge that opens it in Colab."""
    badge = text_cell(address_of(course).badge(f"course/{place.as_posix()}"))
    badge["id"] = "open-in-colab"
    notebook.cells.insert(0, badge)
    return notebook


def _cell(cell: NotebookNode, lesson: Lesson, course: Path) -> NotebookNode:
    """One cell of the text as the notebook's."""
    settings = cell.metadata
    if cell.cell_type == "markdown":
        return text_cell(released_text(lesson, cell.source, settings.get("exercise")))
    if settings.get("setup"):
        return code_cell(setup_cell(course), FORM)
    if "solution" in settings:
        return code_cell(cell.source.rstrip(), solution_metadata(settings["solution"]))
    if "check" in settings:
        exercise_id = settings["check"]
        return code_cell(check_source(exercise_id), check_metadata(lesson.exercises[exercise_id]))
    metadata = {"alt": settings["alt"]} if "alt" in settings else {}
    return code_cell(cell.source, metadata)
