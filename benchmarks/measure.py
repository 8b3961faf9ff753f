"""How fast is a class graded? Side by side in one run: plain `nbgrader autograde` and `autograder grade`, on the same
notebooks, and the CPU time that the students' code itself takes in one warm process, which is the limit.

    python benchmarks/measure.py                     # the numbers of README.md: about half an hour on two cores
    python benchmarks/measure.py --sizes 10 --plain 4

Writes results.json and results.svg beside this file, and prints the table.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any

import nbformat
import psutil
import torch
from cpu import group
from matplotlib.figure import Figure
from rich.console import Console
from rich.table import Table

from autograder.build import write_source
from autograder.lesson import Lesson, find_lesson
from autograder.nbgrader.gradebook import scores
from autograder.nbgrader.release import release
from autograder.notebook import write_notebook
from autograder.percent import answers, given_source, solutions
from autograder.pretend import Sources, filled
from autograder.probe import probe_json
from autograder.settings import cores

HERE = Path(__file__).resolve().parent
COURSE = HERE.parent / "course"
PLAIN = 'c = get_config()\nc.CourseDirectory.course_id = "inside-nn-module"\n'
"""nbgrader's stock configuration."""
EASIEST = 3
"""Of every so many students one solves everything in the lesson's own way."""


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
    ours, plain = _course(lesson, folder / "ours", None), _course(lesson, folder / "plain", PLAIN)
    _grade(_class(lesson, ours, 1), settings.jobs, lesson)  # the reference is observed once, and not measured here

    students = _class(lesson, ours, settings.plain)
    found["limit"] = limit(lesson, settings.plain)
    found["ours"] = _grade(students, settings.jobs, lesson)
    _class(lesson, plain, settings.plain)
    found["plain"] = timed([sys.executable, "-m", "nbgrader", "autograde", lesson.name], plain, settings.plain)
    theirs = {each.student: each.score for each in scores(plain, lesson.name)}
    found["check"] = waiting(folder)
    found["equal scores"] = sum(theirs[each.student] == each.score for each in scores(ours, lesson.name))
    for size in settings.sizes:
        for jobs in sorted({1, settings.jobs}) if size == min(settings.sizes) else [settings.jobs]:
            root = _course(lesson, folder / f"{size}-{jobs}", None)
            shutil.copy(ours / "secret.key", root)
            found["growth"].append(_grade(_class(lesson, root, size), jobs, lesson) | {"jobs": jobs})
    return found


def limit(lesson: Lesson, size: int) -> dict[str, Any]:
    """The CPU time of the students' own code, run and looked at in this process, which has imported everything."""
    given = given_source(lesson)
    started = time.process_time()
    for student in range(size):
        names: dict[str, Any] = {"__name__": "__main__"}
        exec(compile(given, "<given>", "exec"), names)
        for exercise, source in answered(lesson, student).items():
            with contextlib.suppress(Exception):  # a mistaken student's cell may fail
                exec(compile(source, "<answer>", "exec"), names)
            for number in range(len(lesson.exercises[exercise].criteria)):
                probe_json(lesson.exercises[exercise], number, 7, names)
    return {"students": size, "cpu": time.process_time() - started}


def waiting(folder: Path) -> dict[str, Any]:
    """How long students wait for an answer: see `checks.py`, which runs in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent), "INSIDE_NN_MODULE_HOME": str(folder / "home")}
    command = [sys.executable, str(HERE / "checks.py"), str(COURSE)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def answered(lesson: Lesson, student: int) -> Sources:
    """What a student answers: a known mistake here, a right answer in another style there, or the lesson's own."""
    own = {name: answer.source for name, answer in solutions(lesson).items()}
    if student % EASIEST == 0:
        return own
    choices: dict[str, list[str]] = {name: [] for name in own}
    for answer in answers(lesson):
        choices[answer.exercise].append(answer.source)
    return {name: found[(7 * student + place) % len(found)] for place, (name, found) in enumerate(choices.items())}


def timed(command: list[str], folder: Path, students: int) -> dict[str, Any]:
    """Wall seconds, CPU seconds of all processes, and the largest memory of the command's own process, in MB."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent), "OMP_NUM_THREADS": "1"}
    with group() as cpu, tempfile.TemporaryFile() as output:
        started, memory = time.monotonic(), 0
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)
        cpu.take(process.pid)
        watched = psutil.Process(process.pid)
        for _ in count():
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            memory = max(memory, watched.memory_info().rss)
            time.sleep(0.2)
        if status:
            output.seek(0)
            raise RuntimeError(f"{' '.join(command)} failed:\n{output.read().decode(errors='replace')[-3000:]}")
        wall, seconds = time.monotonic() - started, cpu.seconds(used.ru_utime + used.ru_stime)
    return {"students": students, "wall": wall, "cpu": seconds, "memory": memory / 1e6}


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
    times = found["plain"]["wall"] / found["ours"]["wall"]
    console.print(f"{times:.1f} times as fast; equal scores: {found['equal scores']} of {found['ours']['students']}")
    check = found["check"]
    console.print(
        f"check(): median {check['median']:.2f} s, at most {check['most']:.2f} s over {check['exercises']} exercises;"
        f" the first call {check['first']:.2f} s"
    )


def _course(lesson: Lesson, root: Path, config: str | None) -> Path:
    """A course with the lesson released into its gradebook, graded through us or, with `config`, by plain nbgrader."""
    shutil.copytree(lesson.folder, root / lesson.name, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "nbgrader_config.py").write_text((COURSE / "nbgrader_config.py").read_text())
    write_source(Lesson(root / lesson.name), COURSE, root)
    release(root, [lesson.name], database=True)
    if config is not None:
        (root / "nbgrader_config.py").write_text(config)
    return root


def _class(lesson: Lesson, root: Path, size: int) -> Path:
    """Let so many students submit."""
    notebook = nbformat.read(root / "release" / lesson.name / f"{lesson.name}.ipynb", as_version=4)
    for student in range(size):
        path = root / "submitted" / f"student{student:04}" / lesson.name / f"{lesson.name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(write_notebook(filled(notebook, answered(lesson, student))), encoding="utf-8")
    return root


def _grade(root: Path, jobs: int, lesson: Lesson) -> dict[str, Any]:
    command = [sys.executable, "-m", "autograder.cli", "grade", lesson.name, "--regrade", "--jobs", str(jobs)]
    return timed(command, root, len(list((root / "submitted").iterdir())))


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
