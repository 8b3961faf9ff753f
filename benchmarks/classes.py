"""Simulated classes: makes one that has submitted, has it graded, and says what the students' own code takes."""

from __future__ import annotations

import contextlib
import io
import os
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
from cpu import group

from autograder.authoring.build import write_source
from autograder.demo.students import Sources, filled
from autograder.lesson.lesson import Lesson
from autograder.nbgrader.release import release
from autograder.probing.probe import probe_json
from autograder.submission.notebook import write_notebook
from autograder.texts.known_answers import answers
from autograder.texts.percent import given_source, solutions

COURSE = Path(__file__).resolve().parent.parent / "course"
EASIEST = 3
"""Of every so many students one solves everything in the lesson's own way."""


def course_with(lesson: Lesson, root: Path, config: str | None) -> Path:
    """A course with the lesson released into its gradebook, graded through us or, with `config`, by plain nbgrader."""
    shutil.copytree(lesson.folder, root / lesson.name, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "nbgrader_config.py").write_text((COURSE / "nbgrader_config.py").read_text())
    write_source(Lesson(root / lesson.name), COURSE, root)
    release(root, [lesson.name], database=True)
    if config is not None:
        (root / "nbgrader_config.py").write_text(config)
    return root


def submitted(lesson: Lesson, root: Path, size: int) -> Path:
    """Let so many students submit."""
    notebook = nbformat.read(root / "release" / lesson.name / f"{lesson.name}.ipynb", as_version=4)
    for student in range(size):
        path = root / "submitted" / f"student{student:04}" / lesson.name / f"{lesson.name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(write_notebook(filled(notebook, answered(lesson, student))), encoding="utf-8")
    return root


def graded(root: Path, jobs: int, lesson: Lesson) -> dict[str, Any]:
    command = [sys.executable, "-m", "autograder", "grade", lesson.name, "--regrade", "--jobs", str(jobs)]
    return timed(command, root, len(list((root / "submitted").iterdir())))


def limit(lesson: Lesson, size: int) -> dict[str, Any]:
    """The CPU time of the students' own code, run and looked at in this process, which has imported everything."""
    given = given_source(lesson)
    started = time.process_time()
    for student in range(size):
        names: dict[str, Any] = {"__name__": "__main__"}
        exec(compile(given, "<given>", "exec"), names)
        for exercise, source in answered(lesson, student).items():
            with contextlib.redirect_stdout(io.StringIO()):
                with contextlib.suppress(Exception):  # a mistaken student's cell may fail
                    exec(compile(source, "<answer>", "exec"), names)
                for number in range(len(lesson.exercises[exercise].criteria)):
                    probe_json(lesson.exercises[exercise], number, 7, names)
    return {"students": size, "cpu": time.process_time() - started}


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
    environment = {**os.environ, "PYTHONPATH": str(COURSE.parent), "OMP_NUM_THREADS": "1"}
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
