"""Inside nn.Module's auto-grader. In a notebook: `from autograder import check, hint, progress`.

In a notebook for self-study also `self_study, solution`. The names are loaded when first asked for, so that
`import autograder` alone costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.student.check import check, hint, progress, self_study, solution
    from autograder.student.drive import keep_progress_on_drive
    from autograder.student.environment import welcome

    __version__: str

DISTRIBUTION = "inside-nn-module"
"""What pip calls the package."""
_HOMES = {
    "check": "check", "hint": "check", "keep_progress_on_drive": "drive", "progress": "check",
    "self_study": "check", "solution": "check", "welcome": "environment",
}  # fmt: skip
__all__ = [
    "__version__", "check", "hint", "keep_progress_on_drive", "progress", "self_study", "solution", "welcome",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return _version()
    if name in _HOMES:
        from importlib import import_module  # noqa: PLC0415

        return getattr(import_module(f"autograder.student.{_HOMES[name]}"), name)  # torch comes with most
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "0+source"
