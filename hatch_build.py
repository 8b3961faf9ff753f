"""What goes into the wheel: the engine's rooms for students, each lesson's checks, and the bundled digits.

The rooms are `STUDENT` in `autograder/rooms.py`. Of a lesson only the criteria, `golden.json` and its words in other
languages go in, below `autograder/lessons/`. Its text with the solutions, the known answers and the notebooks stay
out. A new lesson needs no entry anywhere: `course/*/exercises/` is found.
"""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CRITERIA = ("exercises/*.py", "exercises/*/exercise.py")


class StudentPackage(BuildHookInterface):  # type: ignore[type-arg]  # its parameter is hatchling's own affair
    """Chooses a wheel's files; an editable install finds all of them in the source tree."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before each build. Raises `FileNotFoundError` for a lesson that was never built."""
        if version != "editable":
            build_data["force_include"].update(student_files(Path(self.root)))


def student_files(root: Path) -> dict[str, str]:
    """Each file in the source tree at `root` that students get → its place in the wheel."""
    lessons = [path.parents[1] for path in sorted(root.glob("course/*/exercises/__init__.py"))]
    own = [path for folder in lessons for name in CRITERIA for path in sorted(folder.glob(name))]
    own += [folder / "golden.json" for folder in lessons]
    files = {str(path): f"autograder/lessons/{path.relative_to(root / 'course').as_posix()}" for path in own}
    rooms = runpy.run_path(str(root / "autograder" / "rooms.py"))
    engine = [
        root / "autograder" / "py.typed",
        root / "autograder" / "__main__.py",
        *root.glob("autograder/languages/*.mo"),
        *rooms["files"](rooms["STUDENT"]),
    ]
    files |= {str(path): path.relative_to(root).as_posix() for path in engine}
    words = [path for folder in lessons for path in sorted(folder.glob("languages/*.mo"))]
    files |= {str(path): f"autograder/lessons/{path.relative_to(root / 'course').as_posix()}" for path in words}
    digits = sorted(root.glob("datasets/BundledDigits/raw/*-ubyte"))
    files |= {str(path): f"autograder/data/BundledDigits/raw/{path.name}" for path in digits}
    missing = [path for path in files if not Path(path).is_file()]
    if missing or not lessons or not digits:
        missing = missing or [str(root / "course"), str(root / "datasets/BundledDigits/raw")]
        raise FileNotFoundError(f"missing or empty: {', '.join(missing)}. In a source tree run: make build")
    return files
