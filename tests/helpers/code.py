"""What of a program is code, and not words."""

from __future__ import annotations

import ast


def runs(source: str) -> str:
    """What a cell does: its code without comments and docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            node.body[0] = ast.Pass()
    return ast.unparse(tree)
