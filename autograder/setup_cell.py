"""A notebook's first code cell: it installs the student package where that is missing."""

from __future__ import annotations

_PLACE = "{source}"
_SETUP = """\
# Run this cell first. It installs the course's checker where it is missing, and moves nothing that you have.
import importlib.util
import os
import subprocess
import sys

if importlib.util.find_spec("autograder") is None:
    source = os.environ.get("INSIDE_NN_MODULE_SOURCE", "{source}")
    if subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", source]).returncode:
        raise RuntimeError(f"Could not install the checker from {{source}}. Is there a network? Run this cell again.")
    importlib.invalidate_caches()

import torch
import autograder
from autograder import check, hint, progress

print(f"Python {{sys.version.split()[0]}}, torch {{torch.__version__}}, checker {{autograder.__version__}}")
"""


def setup_cell(source: str) -> str:
    """The cell's text; `source` is what pip installs, a wheel's or an archive's address."""
    return _SETUP.format(source=source).rstrip()


def is_setup(text: str) -> bool:
    """Whether a cell is that one, whatever it installs."""
    before, after = setup_cell(_PLACE).split(_PLACE, 1)
    text = text.strip()
    return text.startswith(before) and text.endswith(after) and "\n" not in text[len(before) : len(text) - len(after)]
