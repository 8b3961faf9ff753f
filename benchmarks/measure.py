"""How fast is a class graded? Side by side in one run: plain `nbgrader autograde` and `autograder grade`, on the same
notebooks, and the CPU time that the students' code itself takes in one warm process, which is the limit.

    python benchmarks/measure.py                     # the numbers of README.md: about half an hour on two cores
    python benchmarks/measure.py --sizes 10 --plain 4

Writes results.json and results.svg beside this file, and prints the table.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psutil
import torch
from classes import COURSE, course_with, graded, limit, submitted, timed
from matplotlib.figure import Figure
from rich.console import Console
from rich.table import Table

from autograder.lesson.lesson import Lesson, all_lessons, find_lesson
from autograder.nbgrader.gradebook import scores
from autograder.sandbox.settings import cores

HERE = Path(__file__).resolve().parent
FEW = 3
"""Students whose time is taken away: what comes once is in it."""
PLAIN = 'c = get_config()\nc.CourseDirectory.course_id = "inside-nn-module"\n'
"""nbgrader's stock configuration."""


def main() -> None:
    """Measure, print, write."""
    settings = _arguments()
    lesson = find_lesson(settings.lesson, [COURSE])
    with tempfile.TemporaryDirectory(prefix="benchmark-", dir=settings.folder) as folder:
        found = measure(lesson, Path(folder), settings)
    (HERE / "results.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    draw(found, HERE / "results.svg")
    show(found)


def measure(lesson: Lesson, folder: Path, settings: argparse.Namespace) -> dict[str, Any]:
    """All measurements; `folder` is empty and on a real disk."""
    found: dict[str, Any] = {"lesson": lesson.name, "machine": _machine(), "growth": []}
    ours, plain = course_with(lesson, folder / "ours", None), course_with(lesson, folder / "plain", PLAIN)
    graded(submitted(lesson, ours, 1), settings.jobs, lesson)  # the reference is observed once, and not measured here

    students = submitted(lesson, ours, settings.plain)
    found["limit"] = limit(lesson, settings.plain)
    found["ours"] = graded(students, settings.jobs, lesson)
    submitted(lesson, plain, settings.plain)
    found["plain"] = timed([sys.executable, "-m", "nbgrader", "autograde", lesson.name], plain, settings.plain)
    theirs = {each.student: each.score for each in scores(plain, lesson.name)}
    found["check"] = waiting(folder)
    found["lessons"] = [by_lesson(each, folder / each.name, settings) for each in all_lessons([COURSE])]
    found["equal scores"] = sum(theirs[each.student] == each.score for each in scores(ours, lesson.name))
    for size in settings.sizes:
        for jobs in sorted({1, settings.jobs}) if size == min(settings.sizes) else [settings.jobs]:
            root = course_with(lesson, folder / f"{size}-{jobs}", None)
            shutil.copy(ours / "secret.key", root)
            found["growth"].append(graded(submitted(lesson, root, size), jobs, lesson) | {"jobs": jobs})
    return found


def by_lesson(lesson: Lesson, folder: Path, settings: argparse.Namespace) -> dict[str, Any]:
    """The CPU time of each further submission to a lesson, and of its students' own code."""
    root, used, own = course_with(lesson, folder, None), [], []
    for size in (1, FEW, FEW + settings.plain):  # the first observes the reference, which is not measured here
        used.append(graded(submitted(lesson, root, size), settings.jobs, lesson)["cpu"])
        own.append(limit(lesson, size)["cpu"])
    cpu, least = ((values[2] - values[1]) / settings.plain for values in (used, own))
    return {"lesson": lesson.name, "cpu": cpu, "limit": least}


def waiting(folder: Path) -> dict[str, Any]:
    """How long students wait for an answer: see `checks.py`, which runs in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(COURSE.parent), "INSIDE_NN_MODULE_HOME": str(folder / "home")}
    command = [sys.executable, str(HERE / "checks.py"), str(COURSE)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def draw(found: dict[str, Any], path: Path) -> None:
    """Seconds a submission: side by side, and over the size of the class."""
    figure = Figure(figsize=(9, 3), layout="constrained")
    left, right = figure.subplots(1, 2)
    names = {"nbgrader autograde": found["plain"], "autograder grade": found["ours"]}
    left.barh(list(names), [each["wall"] / each["students"] for each in names.values()], color=["#6B6B6B", "#0072B2"])
    left.set(xlabel="seconds a submission")
    growth = [each for each in found["growth"] if each["jobs"] == max(one["jobs"] for one in found["growth"])]
    right.plot([each["students"] for each in growth], [each["wall"] / each["students"] for each in growth], "o-")
    right.set(xlabel="students", ylabel="seconds a submission", xscale="log", ylim=(0, None))
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})


def show(found: dict[str, Any]) -> None:
    """The table."""
    table = Table("what", "students", "wall s", "wall s each", "CPU s each", "memory MB", title=found["lesson"])
    rows = {"plain nbgrader autograde": found["plain"], "autograder grade": found["ours"]}
    rows |= {f"autograder grade --jobs {each['jobs']}, {each['students']} students": each for each in found["growth"]}
    for what, each in rows.items():
        size, wall, cpu = each["students"], each["wall"], each["cpu"]
        table.add_row(
            what, str(size), f"{wall:.1f}", f"{wall / size:.2f}", f"{cpu / size:.2f}", f"{each['memory']:.0f}"
        )
    size, cpu = found["limit"]["students"], found["limit"]["cpu"]
    table.add_row("the students' code alone", str(size), "", "", f"{cpu / size:.2f}", "")
    console = Console()
    console.print(table)
    console.print("CPU s of each further submission, and of the students' code in it:")
    for each in found["lessons"]:
        console.print(f"  {each['lesson']}: {each['cpu']:.2f} and {each['limit']:.2f}")
    times = found["plain"]["wall"] / found["ours"]["wall"]
    console.print(f"{times:.1f} times as fast; equal scores: {found['equal scores']} of {found['ours']['students']}")
    check = found["check"]
    console.print(
        f"check(): median {check['median']:.2f} s, at most {check['most']:.2f} s over {check['exercises']} exercises;"
        f" the first call {check['first']:.2f} s"
    )


def _machine() -> str:
    model = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
             if line.startswith("model name")]  # fmt: skip
    memory = psutil.virtual_memory().total / 1e9
    python = f"Python {platform.python_version()}, torch {torch.__version__}"
    return f"{cores()} cores of {(model or [platform.machine()])[0]}, {memory:.0f} GB, {python}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lesson", default="lesson1_subclassing")
    parser.add_argument("--plain", type=int, default=30, help="students for the comparison with plain nbgrader")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 30, 100, 300], help="classes to grade")
    parser.add_argument("--jobs", type=int, default=cores())
    parser.add_argument("--folder", type=Path, help="where the classes are made for a while; not in memory")
    return parser.parse_args()


if __name__ == "__main__":
    main()
