"""Stamps the cells of a release, so that `autograder update` can tell them from what students write."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.submission import stamped


class StampCells(NbGraderPreprocessor):
    """The last of nbgrader's steps in `generate_assignment`: what a cell says then is what students open."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        cell.metadata.update(stamped(cell.cell_type, cell.source))
        return cell, resources
