"""A cache of what the course's own answers show: SQLite, with a row for each answer, seed and version of the code.

The key of a row is `identity.observation_key`: an edit of one known mistake runs one program, and an edit elsewhere in
the engine runs none.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

KEPT_DAYS = 60
"""Rows that nobody has read for so long are dropped."""
LOCK_SECONDS = 30
SCHEMA = "CREATE TABLE IF NOT EXISTS observed (key TEXT PRIMARY KEY, reply BLOB NOT NULL, used REAL NOT NULL)"
FEW = 500
"""Keys in one query: SQLite bounds the number of variables."""


def cache_folder() -> Path:
    """Where observations are kept: `$XDG_CACHE_HOME/inside-nn-module`, by default below `~/.cache`. A relative path
    doesn't count, as the XDG specification has it: it could be a student's folder. Raises `RuntimeError` where nobody
    knows a home."""
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (named if named.is_absolute() else Path.home() / ".cache") / "inside-nn-module"


def recall(keys: Iterable[str]) -> dict[str, list[str]]:
    """The replies kept under these keys: for each answer its observations as JSON, criterion by criterion."""
    wanted, found = sorted(set(keys)), dict[str, list[str]]()
    with _best_effort(), _opened() as database:
        for first in range(0, len(wanted), FEW):
            some = wanted[first : first + FEW]
            marks = ",".join("?" * len(some))
            rows = database.execute(f"SELECT key, reply FROM observed WHERE key IN ({marks})", some)
            found |= {key: json.loads(zlib.decompress(reply)) for key, reply in rows}
            database.execute(f"UPDATE observed SET used = ? WHERE key IN ({marks})", [time.time(), *some])
    return found


def keep(replies: Mapping[str, list[str]]) -> None:
    """Store replies under their keys, and drop what was not read for long."""
    now = time.time()
    with _best_effort(), _opened() as database:
        rows = ((key, zlib.compress(json.dumps(reply).encode()), now) for key, reply in replies.items())
        database.executemany("INSERT OR REPLACE INTO observed VALUES (?, ?, ?)", rows)
        database.execute("DELETE FROM observed WHERE used < ?", [now - KEPT_DAYS * 86_400])


@contextmanager
def _opened() -> Iterator[sqlite3.Connection]:
    """The database, in one transaction."""
    file = cache_folder() / "observations.sqlite"
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file, timeout=LOCK_SECONDS)) as database:
        try:
            with database:
                database.execute(SCHEMA)
                yield database
        except sqlite3.DatabaseError as error:
            if not isinstance(error, sqlite3.OperationalError):
                file.unlink(missing_ok=True)  # not a database, or a damaged one: the next run begins a new one
            raise


@contextmanager
def _best_effort() -> Iterator[None]:
    """Where the cache can't be read or written, the answers are run again; nothing else is lost."""
    with suppress(sqlite3.Error, OSError, ValueError, RuntimeError, zlib.error):
        yield
