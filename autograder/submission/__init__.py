"""A submission as untrusted data: read, its cells recognised, made harmless to look at, and written as a notebook."""

from autograder.submission.cells import (
    Submission,
    calls_check,
    guess_lesson,
    read_bytes,
    read_submission,
    untouched,
)
from autograder.submission.inbox import Entry, NothingSubmitted, digest, notebook_in, submissions
from autograder.submission.notebook import (
    METADATA_KEY,
    check_metadata,
    check_source,
    code_cell,
    complete,
    new_notebook,
    notebook_of,
    solution_metadata,
    submission_of,
    text_cell,
    unreadable_notebook,
    write_notebook,
)
from autograder.submission.reading import UnreadableSubmission, json_cells, parsed_json, raw_cells, source_of
from autograder.submission.sanitize import released_text
from autograder.submission.stamps import stamp_in, stamp_of, stamped

__all__ = [
    "METADATA_KEY", "Entry", "NothingSubmitted", "Submission", "UnreadableSubmission", "calls_check",
    "check_metadata", "check_source", "code_cell", "complete", "digest", "guess_lesson", "json_cells",
    "new_notebook", "notebook_in", "notebook_of", "parsed_json", "raw_cells", "read_bytes", "read_submission",
    "released_text", "solution_metadata", "source_of", "stamp_in", "stamp_of", "stamped", "submission_of",
    "submissions", "text_cell", "unreadable_notebook", "untouched", "write_notebook",
]  # fmt: skip
