"""The kernelspec by which Jupyter finds the sandboxed kernel, and what its settings mean."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager

from autograder.lesson import Lesson, LessonNotFound, all_lessons, lesson_roots
from autograder.sandbox import Limits, Settings, cores

NAME = "inside-nn-module-sandbox"
"""The kernel's name, and its provisioner's in pyproject.toml."""
DISPLAYED = "Sandboxed: Inside nn.Module"
CPU_SECONDS = 3_600
"""At least so much processor time has a kernel at which a person sits, who trains networks more than once."""


def install(course: Path | None, limits: Sequence[str]) -> Path:
    """Install the kernelspec for this user, in place of an earlier one; returns its folder.

    `limits` are texts `name=number`. Raises `BadSetting`, and `LessonNotFound` where there is no lesson.
    """
    limits_of(course, limits)
    lessons_of(course)
    with TemporaryDirectory() as folder:
        (Path(folder) / "kernel.json").write_text(json.dumps(kernelspec(course, limits), indent=1) + "\n")
        return Path(KernelSpecManager().install_kernel_spec(folder, NAME, user=True))


def kernelspec(course: Path | None, limits: Sequence[str]) -> dict[str, Any]:
    """The content of kernel.json. It has no command: a Jupyter that does not know the provisioner starts nothing."""
    config = {"course": str(course) if course else "", "limits": list(limits)}
    return {
        "argv": [], "display_name": DISPLAYED, "language": "python", "interrupt_mode": "message",
        "metadata": {"debugger": False, "kernel_provisioner": {"provisioner_name": NAME, "config": config}},
    }  # fmt: skip


def lessons_of(course: Path | None) -> list[Lesson]:
    """The lessons for which `check()` answers: the course's own, then the installed ones. Raises `LessonNotFound`."""
    lessons = list(all_lessons([*([course] if course else []), *lesson_roots()]))
    if not lessons:
        raise LessonNotFound("there is no lesson here; say where the course is: autograder kernel --course FOLDER")
    return lessons


def limits_of(course: Path | None, wanted: Sequence[str]) -> Limits:
    """What a kernel may use: as in grading, but that one person sits at it; then what is wanted otherwise, as texts
    `name=number`. Raises `BadSetting`."""
    settings = Settings.of_course(course)
    own = settings.limits
    alone = replace(own, cpu_seconds=max(own.cpu_seconds, CPU_SECONDS), threads=max(own.threads, cores()))
    return replace(settings, limits=alone).with_limits(wanted).limits
