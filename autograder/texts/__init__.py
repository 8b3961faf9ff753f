"""A lesson's texts: the notebook in percent format, the answers that are known, prose in another language, the first
cell, the course's address."""

from autograder.texts.address import Address, BadAddress, address_of, is_badge
from autograder.texts.edits import find_edit
from autograder.texts.known_answers import SOLUTION, Further, answers, bases, end_of_answers, further_answers
from autograder.texts.percent import (
    Answer,
    LessonTextError,
    Place,
    given_source,
    given_sources,
    has_markers,
    known_cells,
    own_sources,
    read_cells,
    solution_source,
    solutions,
    stubs,
)
from autograder.texts.prose import in_other_words
from autograder.texts.setup_cell import FORM, is_setup, setup_cell, welcome_in

__all__ = [
    "FORM", "SOLUTION", "Address", "Answer", "BadAddress", "Further", "LessonTextError", "Place", "address_of",
    "answers", "bases", "end_of_answers", "find_edit", "further_answers", "given_source", "given_sources",
    "has_markers", "in_other_words", "is_badge", "is_setup", "known_cells", "own_sources", "read_cells",
    "setup_cell", "solution_source", "solutions", "stubs", "welcome_in",
]  # fmt: skip
