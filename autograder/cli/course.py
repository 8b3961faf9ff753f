"""Finds the course that a command works in: the one that is named, or the one in the current folder, if nobody else can
have put it there, since a course's files are run. Finding it runs nothing."""

from __future__ import annotations

import json
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit

from autograder import DISTRIBUTION
from autograder.lesson import Lesson, lesson_roots
from autograder.sandbox import CONFIG, typed


class CourseNotFound(LookupError):
    """There is no nbgrader course where one is needed, or one that may be anybody's; the text says what to type."""


def find_course(named: Path | None) -> Path:
    """The course to work in: the one that is named, or the current folder, or ./course of the installed source tree.

    Raises `CourseNotFound`.
    """
    here = typed(Path())
    if named:
        return _named(typed(named))
    if known_course() or _is_course(here):
        return here.resolve()
    if _is_known(here / "course"):
        return (here / "course").resolve()
    raise CourseNotFound(_why_not(here))


def known_course() -> Path | None:
    """The current folder, where it is a course that is known to be the user's own: one that AUTOGRADER_LESSONS names,
    or that of the source tree from which this package was installed."""
    here = typed(Path())
    return here.resolve() if _is_known(here) else None


def passed_over() -> str:
    """What to say where the current folder has a course's configuration and is not `known_course`; else nothing."""
    config = typed(Path()) / CONFIG
    return f"{config} may be anybody's, and is not run. If it is yours: --course ." if config.is_file() else ""


def _named(folder: Path) -> Path:
    if not (folder / CONFIG).is_file():
        raise CourseNotFound(f"no {CONFIG} in {folder}; say where the course is: --course FOLDER")
    return folder.resolve()


def _is_known(folder: Path) -> bool:
    if not (folder / CONFIG).is_file():
        return False
    return folder.resolve() in {root.resolve() for root in (*lesson_roots(), *_installed_from())}


def _installed_from() -> list[Path]:
    """The course in the source tree that pip installed this package from, by what it noted down then:
    https://packaging.python.org/en/latest/specifications/direct-url/."""
    with suppress(PackageNotFoundError, ValueError):
        origin = urlsplit(json.loads(distribution(DISTRIBUTION).read_text("direct_url.json") or "{}").get("url", ""))
        return [Path(unquote(origin.path)) / "course"] if origin.scheme == "file" else []
    return []


def _is_course(folder: Path) -> bool:
    """Whether a folder looks like a course, and not like one in which submissions were put."""
    return (folder / CONFIG).is_file() and _has_lessons(folder) and not _has_notebooks(folder)


def _has_lessons(folder: Path) -> bool:
    return any(Lesson(path.parent).is_there for path in folder.glob("*/lesson.py"))


def _has_notebooks(folder: Path) -> bool:
    return any(folder.glob("*.ipynb"))


def _why_not(here: Path) -> str:
    """Why the current folder is not taken for a course."""
    if (here / CONFIG).is_file():
        reason = "notebooks lie beside it" if _has_notebooks(here) else "no lesson lies beside it"
        return f"{here / CONFIG} may be anybody's, for {reason}, and is not run. If it is yours: --course ."
    if (here / "course" / CONFIG).is_file():
        return f"{here / 'course' / CONFIG} may be anybody's, and is not run. If it is yours: --course course"
    return f"no {CONFIG} in this folder or ./course; say where the course is: --course FOLDER"
