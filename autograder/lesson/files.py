"""Writes files that others may be reading at the same moment."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write a file atomically: a reader sees its old content or its new one, never half of it. Its mode stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, text=True)
    try:
        with open(handle, "w", encoding="utf-8") as file:  # noqa: PTH123  # a descriptor has no path
            file.write(text)
        if path.exists():
            shutil.copymode(path, name)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
