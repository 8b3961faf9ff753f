"""The only home of words and HTML for students. Pure: grades in, words out; no files and no notebook.

Its files, bottom up:
    render        one observation in a few words; everything from students' code is cleaned there
    markup        escaping, and the one style sheet
    tensors       tensors whose numbers differ
    errors        an exception's text, as far as it helps
    telling       one mismatch in words
    grids         tensors drawn: shapes, where numbers differ
    drawings      what is drawn of a mismatch: a tree, a sequence, grids
    trails        which mismatches are worth telling, and where each is
    differences   a criterion's mismatches: where, expected, seen
    cause         does the main mistake explain this as well?
    labels        headline, points, status, next step
    words         messages of a criterion and of an exercise
    card          what stands on a card; as_text and as_html draw it
    overview      the table of `progress()`
    notices       hints, solutions in self-study, and answers to calls that make no sense
"""

from autograder.feedback.as_html import card_html
from autograder.feedback.as_json import fault_text, misconceptions, submission_json
from autograder.feedback.as_text import card_text, wrapped
from autograder.feedback.card import Card, Row, lay_out
from autograder.feedback.labels import PARTLY, of_most, points_text
from autograder.feedback.markup import framed, heading, inline, paragraph, table
from autograder.feedback.notices import (
    Notice,
    fault,
    hint_notice,
    no_solution,
    points_by_hand,
    self_study_notice,
    solution_notice,
    solution_withheld,
    stopped,
    unknown_exercise,
)
from autograder.feedback.render import clean

__all__ = [
    "PARTLY", "Card", "Notice", "Row", "card_html", "card_text", "clean", "fault", "fault_text", "framed",
    "heading", "hint_notice", "inline", "lay_out", "misconceptions", "no_solution",
    "of_most", "paragraph", "points_by_hand", "points_text", "self_study_notice", "solution_notice",
    "solution_withheld", "stopped", "submission_json", "table", "unknown_exercise", "wrapped",
]  # fmt: skip
