"""Builds what is generated from a lesson's texts: the source, release and solutions notebooks and the golden file.

lesson.py ──▶ course/source/     for nbgrader, not committed
          ──▶ course/release/    what students open, made by nbgrader's own generate_assignment
          ──▶ course/selfstudy/  the release for people who learn on their own: with the solutions, packed
          ──▶ course/solutions/  executed, with plots
          ──▶ golden.json        what check() compares with in a student's notebook
          ──▶ languages/         its words for translators, and theirs, compiled (translate.py)
all of them ──▶ course/README.md the table of contents

The course's address, one line of pyproject.toml, gets into all of these, and into the badges of the README beside it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.authoring.built import edition, not_built, remember
from autograder.authoring.contents import contents, contents_path
from autograder.authoring.execute import execute, sources_hash, up_to_date, with_outputs
from autograder.authoring.lint import required
from autograder.judging import golden_agrees, public_seed, write_golden
from autograder.lesson import Lesson, all_lessons
from autograder.nbgrader.release import release
from autograder.running import expected_observations
from autograder.sandbox import CONFIG
from autograder.student.selfstudy import METADATA, SELFSTUDY, selfstudy_cell
from autograder.submission import (
    METADATA_KEY,
    check_metadata,
    check_source,
    code_cell,
    new_notebook,
    released_text,
    solution_metadata,
    stamped,
    text_cell,
    write_notebook,
)
from autograder.texts import FORM, address_of, is_setup, read_cells, setup_cell, solution_source, solutions
from autograder.translation.translate import stale, translate

Say = Callable[[str], None]


class Drifted(RuntimeError):
    """Generated files do not say what the lessons say; the text names them."""


def build_course(course: Path, say: Say) -> None:
    """Build everything of every lesson of a course that is not built already. Where one has faults, raises
    `FaultyLessons` and writes nothing."""
    every = list(all_lessons([course]))
    lessons = not_built(course, every)
    for lesson in every:
        if lesson not in lessons:
            say(f"{lesson.name}: nothing has changed since its last build")
    if lessons:
        _build(lessons, course, say)
        remember(course, lessons)
    for path, text in _pages(course, every).items():
        path.write_text(text, encoding="utf-8")


def _build(lessons: list[Lesson], course: Path, say: Say) -> None:
    say("tests of the lessons")
    required(course, lessons)
    for lesson in lessons:
        say(f"{lesson.name}: observations of the reference and the known mistakes")
        write_golden(lesson, expected_observations(lesson, public_seed(lesson)))
    translate(course, lessons=lessons)
    for lesson in lessons:
        write_source(lesson, course)
    say("release notebooks")
    release(course, [lesson.name for lesson in lessons])
    for lesson in lessons:
        write_selfstudy(lesson, course)
        _build_solutions(lesson, course, say)


def check_course(course: Path) -> None:
    """Raises `Drifted` where a committed generated file is not what `build_course` would write."""
    drifted = []
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder)
        lessons = list(all_lessons([course]))
        shutil.copy(course / CONFIG, fresh)
        for lesson in lessons:
            write_source(lesson, course, fresh)
        release(fresh, [lesson.name for lesson in lessons])
        for lesson in lessons:
            write_selfstudy(lesson, course, fresh)
            names = [edition(Path(), name, lesson) for name in ("release", SELFSTUDY)]
            drifted += [str(name) for name in names if _differ(course / name, fresh / name)]
            if not lesson.golden.exists() or not golden_agrees(
                lesson, expected_observations(lesson, public_seed(lesson))
            ):
                drifted.append(f"{lesson.name}/golden.json")
            if not up_to_date(edition(course, "solutions", lesson), _solutions(lesson, course)):
                drifted.append(str(edition(course, "solutions", lesson).relative_to(course)))
        drifted += [os.path.relpath(path, course) for path in stale(course)]
        for path, text in _pages(course, lessons).items():
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                drifted.append(os.path.relpath(path, course))
    if drifted:
        raise Drifted(f"out of date: {', '.join(drifted)}; run `autograder build` and commit what it writes")


def write_source(lesson: Lesson, course: Path, into: Path | None = None) -> None:
    """Write a lesson's notebook for nbgrader, solutions included, below `into`/source (by default the course's)."""
    cells = [_cell(cell, lesson, course) for cell in read_cells(lesson.text) if "edition" not in cell.metadata]
    notebook = _with_badge(new_notebook(cells, {"lesson": lesson.name}), _badge(course, "release", lesson))
    _write(edition(into or course, "source", lesson), notebook)


def write_selfstudy(lesson: Lesson, course: Path, into: Path | None = None) -> None:
    """Write a lesson's edition for self-study below `into` (by default the course): the release that is there, with its
    own badge, and below the first code cell the one that holds the solutions."""
    notebook = nbformat.read(edition(into or course, "release", lesson), as_version=4)
    cells = notebook.cells[1:]  # without the release's badge
    place = next((number for number, cell in enumerate(cells, 1) if is_setup(cell.source)), 0)
    packed = selfstudy_cell({name: answer.source for name, answer in solutions(lesson).items()})
    cells.insert(place, code_cell(packed, {**METADATA, **stamped("code", packed)}))
    cells[place]["id"] = "self-study"
    notebook.cells = cells
    notebook.metadata[METADATA_KEY]["edition"] = SELFSTUDY
    _with_badge(notebook, _badge(course, SELFSTUDY, lesson))
    notebook.cells[0].metadata.update(stamped("markdown", notebook.cells[0].source))
    _write(edition(into or course, SELFSTUDY, lesson), notebook)


def _build_solutions(lesson: Lesson, course: Path, say: Say) -> None:
    path, notebook = edition(course, "solutions", lesson), _solutions(lesson, course)
    if up_to_date(path, notebook):
        say(f"{lesson.name}: solutions are up to date")
        return
    notebook.metadata[METADATA_KEY]["sources"] = sources_hash(notebook)
    executed = with_outputs(notebook, path)
    if executed is None:
        say(f"{lesson.name}: running the solutions notebook")
        executed = execute(notebook, lesson)
    _write(path, executed)


def _pages(course: Path, lessons: list[Lesson]) -> dict[Path, str]:
    """The pages beside the notebooks, as they must be: the table of contents, and the repository's README, if any."""
    address, readme = address_of(course), course.parent / "README.md"
    pages = {contents_path(course): contents(lessons, address)}
    if readme.exists():
        pages[readme] = address.stamped(readme.read_text(encoding="utf-8"))
    return pages


def _write(path: Path, notebook: NotebookNode) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(write_notebook(notebook), encoding="utf-8")


def _differ(path: Path, other: Path) -> bool:
    return not path.exists() or path.read_text(encoding="utf-8") != other.read_text(encoding="utf-8")


def _solutions(lesson: Lesson, course: Path) -> NotebookNode:
    cells = [_cell(cell, lesson, course) for cell in read_cells(lesson.text)]
    for cell in cells:
        cell.source = solution_source(cell.source).rstrip() if "nbgrader" in cell.metadata else cell.source
        cell.metadata.pop("nbgrader", None)
    notebook = new_notebook(cells, {"lesson": lesson.name, "edition": "solutions"})
    return _with_badge(notebook, _badge(course, "solutions", lesson))


def _badge(course: Path, name: str, lesson: Lesson) -> str:
    return address_of(course).badge(edition(Path(course.name), name, lesson).as_posix())


def _with_badge(notebook: NotebookNode, badge: str) -> NotebookNode:
    """A notebook that begins with the badge that opens it in Colab."""
    cell = text_cell(badge)
    cell["id"] = "open-in-colab"
    notebook.cells.insert(0, cell)
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
