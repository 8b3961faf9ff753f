"""Clears solutions for a release: nbgrader's own way, but for quizzes."""

from __future__ import annotations

import re

from nbformat import NotebookNode
from nbgrader import preprocessors


class ClearSolutions(preprocessors.ClearSolutions):
    """Takes the place of `nbgrader.preprocessors.ClearSolutions`.

    A stub that stands at the margin below other code is dropped: there the code above, a quiz's answers that are all
    None, is the stub, and a `raise` would stop a student's "Run all".
    """

    def _replace_solution_region(self, cell: NotebookNode, language: str) -> bool:
        replaced = bool(super()._replace_solution_region(cell, language))
        stub = re.escape(self.code_stub[language])
        if replaced and cell.cell_type == "code":
            cell.source = re.sub(rf"\n{stub}(?=\n|\Z)", "", cell.source)
        return replaced
