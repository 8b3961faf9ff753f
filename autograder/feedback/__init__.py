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
from autograder.feedback.as_text import card_text
from autograder.feedback.labels import headline
from autograder.feedback.words import criterion_message, exercise_message

__all__ = ["card_html", "card_text", "criterion_message", "exercise_message", "headline"]
