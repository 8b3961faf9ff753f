"""How a course is graded: isolation, limits and language, from its nbgrader_config.py, the same for every route.

c.Grade.isolation = "none"
c.Grade.limits = {"cell_seconds": 30}    any field of `sandbox.limits.Limits`
c.Grade.language = "de"                  see `language.py`
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from math import ceil, inf
from pathlib import Path
from typing import Any

from autograder.lesson import CHOSEN
from autograder.sandbox.interpreter import programs
from autograder.sandbox.limits import Limits

CONFIG = "nbgrader_config.py"
ISOLATION = "AUTOGRADER_ISOLATION"
"""The environment variable that names an isolation; it counts more than the course's configuration."""


class BadSetting(ValueError):
    """A setting that does not exist, or a value that it can't have."""


@dataclass(frozen=True)
class Settings:
    """What a grading run needs to know beside the lesson."""

    isolation: str
    limits: Limits
    language: str = ""

    @classmethod
    def of(cls, isolation: str = "", limits: Mapping[str, float] | None = None, language: str = "") -> Settings:
        """Settings by name, the environment's isolation and language before those given. Raises `BadSetting`."""
        kept_apart = os.environ.get(ISOLATION) or isolation or "bubblewrap"
        return cls(kept_apart, _limits(Limits(), limits or {}), CHOSEN or language)

    @classmethod
    def of_course(cls, course: Path | None) -> Settings:
        """The settings of the course in that folder; without a course the defaults. Raises `BadSetting`."""
        own: Any = course_config(course).get("Grade", {}) if course else {}
        return cls.of(own.get("isolation", ""), own.get("limits", {}), own.get("language", ""))

    def with_limits(self, texts: Sequence[str]) -> Settings:
        """The same with other limits, each as `name=number`. Raises `BadSetting`."""
        wanted: dict[str, Any] = {}
        for text in texts:
            name, _, number = text.partition("=")
            try:
                wanted[name.strip()] = float(number)
            except ValueError:
                raise BadSetting(f"--limit {text}: a limit is NAME=NUMBER, cell_seconds=30 for one") from None
        return replace(self, limits=_limits(self.limits, wanted))


def course_config(course: Path) -> Any:
    """The traitlets `Config` in which nbgrader runs there: this user's own nbgrader_config.py, then the course's."""
    from jupyter_core.paths import jupyter_config_path  # noqa: PLC0415  # a student's package has no Jupyter
    from traitlets.config.loader import Config, PyFileConfigLoader  # noqa: PLC0415

    config = Config()
    for folder in (*reversed(jupyter_config_path()), str(course)):
        if (Path(folder) / CONFIG).is_file():
            config.merge(PyFileConfigLoader(CONFIG, path=folder).load_config())
    return config


def cores() -> int:
    """The processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def programs_on_path() -> None:
    """Put this environment's programs on PATH: nbgrader runs `alembic` by its name."""
    own, known = str(Path(sys.executable).parent), programs()
    if own not in known.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join(filter(None, (own, known)))


def _limits(limits: Limits, wanted: Mapping[str, Any]) -> Limits:
    """The limits with those that are wanted instead."""
    known = {field.name: field.type for field in fields(Limits)}
    for name, value in wanted.items():
        if name not in known:
            raise BadSetting(f"there is no limit {name!r}; the limits are: {', '.join(known)}")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < inf:
            raise BadSetting(f"the limit {name} must be a number above 0, not {value!r}")
    return replace(limits, **{name: value if known[name] == "float" else ceil(value) for name, value in wanted.items()})
