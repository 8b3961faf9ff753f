"""What the broken and the hostile students of a pretended class do to their notebooks (see `students.py`)."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

from nbformat import NotebookNode

Cells = list[NotebookNode]

ATTACKS = {
    "hostile_exit": "import os\nos._exit(0)\n",
    "hostile_loop": "import time\nwhile True:\n    try: time.sleep(1)\n    except BaseException: pass\n",
    "hostile_memory": "hoard = []\nwhile True:\n    hoard.append(bytearray(200_000_000))\n",
    "hostile_reader": "import os\nfound = [f for top in ('/home', '/root', '/srv', '/mnt', '..')"
    " for _, _, files in os.walk(top) for f in files if f in ('gradebook.db', 'secret.key', 'lesson.py')]\n"
    "print('found', found)\n",
}
"""What hostile students put in front of their first answer; the answer itself is right."""

NOISE = """\
import sys, warnings
warnings.warn("this warning costs nothing")
print("neither does this", file=sys.stderr)
print(False)
float("nan")
"""
"""What a noisy student puts in front of every answer: nbgrader by itself takes points for some of it, and gives some
for other parts."""

FORGERY = '''\
class Everything:
    """Equal to all, callable as all."""
    def __eq__(self, other): return True
    def __hash__(self): return 0
    def __call__(self, *args, **kwargs): return self
    def __getattr__(self, name): return self
    def __float__(self): return 1e9
    def __torch_function__(self, *args, **kwargs): return self


print("9.0")
{name} = Everything()
'''
"""What stands in for every answer of a student who forges instead of solving."""

PROBE = "window.__pwned = 1"
MARKUP = f"""\
<script>{PROBE}</script> <img src="x" onerror="{PROBE}"> <svg onload="{PROBE}"></svg>
[a link](javascript:{PROBE.replace(" ", "")}) and <a href="javascript:{PROBE}">another</a>

```mermaid
<img src="x" onerror="{PROBE}">
```
"""
"""Markdown that runs a script where a page shows it as HTML."""

MARKUP_CODE = f'''\
from IPython.display import HTML, Javascript, Markdown, display
display(HTML({MARKUP!r}), Javascript("{PROBE}"), Markdown({MARKUP!r}))
print({MARKUP!r})
{{name}} = type({MARKUP[:60]!r}, (Exception,), {{{{}}}})({MARKUP!r})
'''
"""Code that does the same by its outputs, and whose answers are exceptions with markup for a name and a text."""


def broken(solved: NotebookNode, first: str) -> Iterator[tuple[str, str]]:
    """(student, notebook text): a solved notebook, broken in each of the ways in which students break theirs."""

    def checks(cell: NotebookNode) -> bool:
        return bool(cell.metadata.get("nbgrader", {}).get("grade_id") == f"check_{first}")

    def changed(change: Callable[[NotebookNode], Any]) -> str:
        return _rewritten(solved, lambda cells: [{**c, **change(c)} if checks(c) else c for c in cells])

    yield "broken_deleted_check", _rewritten(solved, lambda cells: [c for c in cells if not checks(c)])
    yield "broken_doubled_check", _rewritten(solved, lambda cells: [c for c in cells for _ in range(1 + checks(c))])
    yield "broken_edited_check", changed(lambda cell: {"source": "print('all is well')  # 100 points"})
    yield "broken_retyped_check", changed(lambda cell: {"cell_type": "markdown"})
    yield "broken_no_metadata", _rewritten(solved, lambda cells: [{**c, "metadata": {}} for c in cells])
    yield "broken_not_json", "dear teacher, my answers are in the mail"
    yield "broken_empty", ""


def with_markup(notebook: NotebookNode) -> NotebookNode:
    """The notebook with hostile markup in each text cell."""
    spoilt = copy.deepcopy(notebook)
    for cell in spoilt.cells:
        if cell.cell_type == "markdown":
            cell.source += f"\n\n{MARKUP}"
    return spoilt


def _rewritten(notebook: NotebookNode, change: Callable[[Cells], Any]) -> str:
    """The notebook's text after a change to its cells, sound or not."""
    return json.dumps({**notebook, "cells": change(copy.deepcopy(notebook.cells))})
