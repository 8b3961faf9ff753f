"""The first cell of a notebook, run as it stands."""

from __future__ import annotations

from autograder.texts.setup_cell import setup_cell
from helpers import COURSE

FIRST_CELL = setup_cell(COURSE)
