"""Self-study: the solutions that a notebook brings along itself, packed so that nobody reads one by accident.

The switch is the cell that holds them. Only the edition for self-study has it (`course/selfstudy/`). A release for a
class has no such cell, and nothing else has the solutions, neither the student package nor an address to fetch them
from: there, nothing can be switched on.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping

SELFSTUDY = "selfstudy"
"""The edition's name: of its folder, and in a notebook's metadata."""
TRIES = 3
"""After so many attempts a solution is shown to whoever asks; before, only on an explicit wish."""
METADATA = {"jupyter": {"source_hidden": True}, "cellView": "form"}
"""The cell's metadata: JupyterLab and Colab fold it."""
_CELL = """\
#@title Self-study: run this cell too
# It holds the solutions, packed, so that nobody reads one by accident. When you have tried, `solution("{example}")`
# shows one. A class's notebook has no such cell.
from autograder import self_study, solution

self_study("{packed}")"""


class Damaged(ValueError):
    """The packed text holds no solutions."""


def selfstudy_cell(solutions: Mapping[str, str]) -> str:
    """The cell's text, for exercise id → source of the solution."""
    return _CELL.format(example=next(iter(solutions)), packed=pack(solutions))


def pack(solutions: Mapping[str, str]) -> str:
    """Exercise id → source of the solution, as one word that nobody can read."""
    return base64.b64encode(json.dumps(dict(solutions)).encode()).decode()


def unpack(packed: object) -> dict[str, str]:
    """What `pack` packed. Raises `Damaged` for anything else."""
    try:
        plain = json.loads(base64.b64decode(str(packed), validate=True))
        return {str(name): str(source) for name, source in plain.items()}
    except (binascii.Error, ValueError, AttributeError, RecursionError) as error:
        raise Damaged("these are no solutions") from error
