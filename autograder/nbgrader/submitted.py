"""What nbgrader sees of a submission beside its notebook: when it was handed in, and the secret of its feedback.

`nbgrader submit` writes both, on the student's side: they are hostile data as the notebook is. `nbgrader
release_feedback` reads them again two folders further on, and publishes a page under a name made of the secret.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc

from autograder.nbgrader.release import NbgraderFailed
from autograder.submission import UnreadableSubmission, read_bytes

TIME, SECRET = "timestamp.txt", "submission_secret.txt"
LONGEST = 100
"""Characters that a time may have."""
_PATH = re.compile(r"(?:^|[\s:])/|\.\.")
"""A time zone like this is a file to nbgrader, which opens it, wherever it lies."""


class SubmittedCourse(CourseDirectory):
    """The course as `Autograde` sees it: nothing lies beside a notebook, and a submission's time is read with care."""

    @classmethod
    def like(cls, course: CourseDirectory) -> SubmittedCourse:
        """A copy: others who share the original, as all of Formgrader does, still see all files."""
        made = cls(**{name: getattr(course, name) for name in course.trait_names(config=True)})
        made.log, made.ignore = course.log, ["*"]
        return made

    def get_existing_timestamp(self, dest_path: str) -> datetime | None:
        """See `submitted_time`."""
        return submitted_time(Path(dest_path))


class OnlyTrue(logging.Filter):
    """Drops nbgrader's warning "No submitted file" where there is one, under another name: that one is graded."""

    def filter(self, record: logging.LogRecord) -> bool:
        what, _, path = record.getMessage().partition(": ")
        return what != "No submitted file" or not any(Path(path).parent.glob("*.ipynb"))


ONLY_TRUE = OnlyTrue()


def submitted_time(folder: Path) -> datetime | None:
    """When a submission was handed in, in UTC; None where nothing says so. Raises `NbgraderFailed` for nonsense."""
    path = folder / TIME
    if not (path.exists() or path.is_symlink()):
        return None
    try:
        text = read_bytes(path).decode().strip()
        if len(text) > LONGEST or _PATH.search(text):
            raise ValueError("it is too long, or names a file")
        return parse_utc(text) if text else None
    except Exception as error:  # whatever kind the parser lets through
        raise NbgraderFailed(f"{path} holds no time ({error}): mend or delete it, and grade again") from error


def hand_on(submitted: Path, autograded: Path) -> None:
    """Write both files into the folder of the autograded notebook, from where nbgrader copies them to the feedback.

    A submission that came without a sound secret, by e-mail for one, gets one that nobody knows: without it
    `nbgrader release_feedback` would stop there, and release nobody's. Raises `NbgraderFailed` for a time that is none.
    """
    time = submitted_time(submitted)
    secret = _secret(submitted) or _secret(autograded) or token_hex(64)
    autograded.mkdir(parents=True, exist_ok=True)
    for name, text in ((TIME, f"{time.isoformat(sep=' ')} UTC" if time else ""), (SECRET, secret)):
        path = autograded / name
        if not path.is_file() or path.read_text(errors="replace") != text:
            path.unlink(missing_ok=True)  # nbgrader leaves files that can't be written
            path.write_text(text)


def _secret(folder: Path) -> str:
    """The secret in a folder, if it is one of nbgrader's."""
    try:
        text = read_bytes(folder / SECRET).decode()
    except (UnreadableSubmission, ValueError):
        return ""
    return text if re.fullmatch(r"[0-9a-f]{128}", text) else ""
