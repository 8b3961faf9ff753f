"""The gradebook's database: opens it, and says in one line what to do where it can't be used."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbgrader.api import Base, Gradebook
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from autograder.nbgrader.release import course_directory
from autograder.sandbox import course_config

OLD = "no such (?:column|table)|has no column|does not exist"
WAYS_OUT = {
    "locked": "another program is writing to it: another `autograder grade`, nbgrader, Formgrader, or a program that"
    " looks into the database. Wait until it is done or end it, and type the same command again. Where none runs, the"
    " course may lie on a network disk on which SQLite can't lock: move it to a local one, or use PostgreSQL",
    "readonly|unable to open": "you may not write there: {file} and the folder that it is in must be writable for you",
    "full": "the disk is full: make room there (`df -h {course}`), and type the same command again",
    OLD: "it was made by another version of nbgrader: make a copy of it, then run `nbgrader db upgrade` in {course}",
    "malformed|not a database": "the file is damaged: restore it from your last backup",
}
"""What a database says of its trouble, as a pattern, and the way out of it."""
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class GradebookUnusable(RuntimeError):
    """The gradebook can't be read or written; the text says why, and the way out. What stood in it still stands."""


@contextmanager
def opened(course: Path) -> Iterator[Gradebook]:
    """The course's gradebook. Raises `GradebookUnusable`, also for what is done with it inside."""
    folder = course_directory(course, course_config(course))
    try:
        _require_schema(folder.db_url, course)
        with Gradebook(folder.db_url, folder.course_id) as gradebook:
            yield gradebook
    except SQLAlchemyError as error:
        told = unusable([error], course)
        if told is None:
            raise
        raise told from error


def require_writable(gradebook: Gradebook) -> None:
    """Raise the database's own error where nothing can be written: an update of no row takes the lock that it needs."""
    gradebook.db.execute(text("UPDATE assignment SET name = name WHERE 1 = 0"))
    gradebook.db.rollback()


def unusable(errors: Iterable[BaseException], course: Path) -> GradebookUnusable | None:
    """What to say of the first of these errors that is the database's or the disk's, or was caused by one."""
    told = (_unusable(each, course) for error in errors for each in _with_causes(error))
    return next(filter(None, told), None)


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    """nbgrader turns some of the database's errors into its own, and does not say from which."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _unusable(error: BaseException, course: Path) -> GradebookUnusable | None:
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return _told("full", WAYS_OUT["full"], course)
    if not isinstance(error, DBAPIError):
        return None
    said = str(error.orig).strip().partition("\n")[0]
    found = [way for pattern, way in WAYS_OUT.items() if re.search(pattern, str(error.orig))]
    return _told(said, found[0] if found else said, course)


def _told(said: str, way: str, course: Path) -> GradebookUnusable:
    url = make_url(course_directory(course, course_config(course)).db_url)
    place = str(url.database if url.drivername == "sqlite" else url)  # which leaves the password out
    why = f" ({said})" if said not in way else ""
    return GradebookUnusable(f"the gradebook {place} can't be used{why}: {way.format(file=place, course=course)}")


@lru_cache(maxsize=4)
def _require_schema(url: str, course: Path) -> None:
    """nbgrader adds missing tables to an older database, after which its own upgrade fails: look before that."""
    engine: Any = create_engine(url)
    try:
        seen = inspect(engine)
        there = {name: {column["name"] for column in seen.get_columns(name)} for name in seen.get_table_names()}
        wanted = {table.name: set(table.columns.keys()) for table in Base.metadata.sorted_tables}
        if there and any(not columns <= there.get(name, set()) for name, columns in wanted.items()):
            raise _told("its tables are not those of this version", WAYS_OUT[OLD], course)
    finally:
        engine.dispose()
