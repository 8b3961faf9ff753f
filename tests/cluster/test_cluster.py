"""Grading on a Dask cluster: a real scheduler, real workers in processes of their own, some of which are killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from helpers import ROOT, courses, deadly, small_lesson
from helpers.dask_cluster import LIMITS, Dask, dask, wait_until
from typer.testing import CliRunner

import autograder.cluster.cluster as cluster_module
from autograder.classroom.grading import ClassResult, grade_class
from autograder.cli.commands import app
from autograder.cluster import Cluster, ClusterUnusable
from autograder.cluster.compatibility import difference
from autograder.judging.grade import GraderFault
from autograder.lesson.lesson import Lesson
from autograder.running.grader import Grader
from autograder.sandbox import Limits, sandbox_named
from autograder.submission.inbox import Entry, submissions

pytestmark = pytest.mark.slow
ENDLESS = "print('here')\nwhile True:\n    pass\n"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """A cluster of two workers, one of which grades two at once."""
    with dask(tmp_path_factory.mktemp("dask")) as made:
        made.worker(threads=1)
        made.worker(threads=2)
        made.wait_for_workers(2)
        yield made


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory, two: Dask) -> Path:
    """A course with a class that does well, badly, and worse."""
    root = tmp_path_factory.mktemp("pattern")
    courses.make(root, small_lesson.write(root))
    looks = f"import os\nprint('the worker has', os.path.exists({str(two.folder)!r}), os.environ.get('DASK_PARENT'))\n"
    students = {
        "right": {}, "looks_around": {"scale": looks}, "raises": {"middle": "1 / 0\n"},
        "crashes": {"total": "import os\nos.abort()\n"}, "plots": {"scale": "display({'a': 1})\n"},
    }  # fmt: skip
    for student, before in students.items():
        courses.submit(root, "small", student, courses.solved_small(root, **before))
    wrong = courses.solved_small(root).replace("sum(numbers)", "sum(numbers, 1)")
    courses.submit(root, "small", "mistaken", wrong)
    courses.submit(root, "small", "unreadable", b"{")
    return root


def grade(root: Path, address: str = "", regrade: bool = False) -> dict[str, ClassResult]:
    """Everybody's results: from a cluster, or where there is no address from here, two at once."""
    cluster = Cluster(address, "bubblewrap") if address else None
    sandbox, jobs = (cluster.sandbox, cluster.jobs) if cluster else (sandbox_named("bubblewrap"), 2)
    grader = Grader.for_lesson(Lesson(root / "small"), sandbox, LIMITS)
    results = grade_class(root, grader, submissions(root, "small"), jobs, regrade, cluster)
    return {each.student: each for each in results}


@pytest.fixture(scope="module")
def local(pattern: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, ClassResult]:
    """The class's results without any cluster."""
    return grade(Path(shutil.copytree(pattern, tmp_path_factory.mktemp("local") / "course")))


@pytest.fixture
def course(pattern: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pattern, tmp_path / "course"))


def test_the_grades_are_those_of_a_local_run(two: Dask, course: Path, local: dict[str, ClassResult]) -> None:
    results = grade(course, two.address)
    assert {student: each.grade for student, each in results.items()} == {
        student: each.grade for student, each in local.items()
    }
    assert not any(each.fault for each in results.values())
    assert results["mistaken"].grade["exercises"][2]["mistake"] == "off-by-one"
    seen = json.loads((course / "autograded/looks_around/small/small.ipynb").read_text())
    outputs = [output for cell in seen["cells"] for output in cell.get("outputs", ())]
    assert ["".join(each["text"]) for each in outputs if "text" in each] == ["the worker has False None\n"]
    assert all(each.unchanged for each in grade(course).values())  # the fingerprints are the same


def test_a_killed_worker_loses_nothing(two: Dask, course: Path, local: dict[str, ClassResult]) -> None:
    lost = two.worker()
    two.wait_for_workers(3)
    cluster = Cluster(two.address, "bubblewrap")
    grader = Grader.for_lesson(Lesson(course / "small"), cluster.sandbox, LIMITS)
    for number in range(12):  # enough for the new worker to get some before the others have done all
        slow = courses.solved_small(course, scale="import time\ntime.sleep(4)\n")
        courses.submit(course, "small", f"slow{number}", slow)
    entries = submissions(course, "small")
    results = []
    for each in grade_class(course, grader, entries, cluster.jobs, pool=cluster):
        if not results:
            wait_until(lambda: lost.children() or len(results) == len(entries))
            kernels = lost.children(recursive=True)
            lost.kill()
        results.append(each)
    assert sorted(each.student for each in results) == [entry.student for entry in entries]
    found = {each.student: each.grade for each in results}
    assert {name: found[name] for name in local} == {name: each.grade for name, each in local.items()}
    assert {grade and grade["score"] for name, grade in found.items() if name.startswith("slow")} == {11}
    assert kernels and not psutil.wait_procs(kernels, timeout=10)[1]


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_no_kernel_outlives_the_run(two: Dask, course: Path, end: signal.Signals) -> None:
    shutil.rmtree(course / "submitted")
    courses.submit(course, "small", "ada", courses.solved_small(course))
    courses.submit(course, "small", "endless", courses.solved_small(course, total=ENDLESS))
    command = [sys.executable, "-m", "autograder", "grade", "small", "--scheduler", two.address]
    command += ["--limit", "cell_seconds=300"]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=course, env=environment, text=True, **pipes) as run:
        assert run.stdout is not None
        assert "ada: 11/11" in run.stdout.readline()
        wait_until(lambda: busy(two))
        run.send_signal(end)
        _, said = run.communicate(timeout=30)
    wait_until(lambda: not busy(two), 10)
    if end is signal.SIGINT:
        assert run.returncode == 130
        assert said.splitlines() == [
            f"course: {course}", "What was graded is kept; the same command goes on from there.", "autograder: stopped",
        ]  # fmt: skip
    assert courses.points(course, "small") == {"ada": small_lesson.FULL}


def busy(cluster: Dask) -> list[psutil.Process]:
    """The processes that use up a core: a student's endless loop."""
    found = []
    for worker in cluster.processes[1:]:
        for process in worker.children(recursive=True) if worker.is_running() else ():
            try:
                if process.cpu_percent(0.3) > 15:
                    found.append(process)
            except psutil.NoSuchProcess:
                continue
    return found


def test_who_kills_workers_is_told_and_the_others_are_graded(course: Path, tmp_path: Path) -> None:
    with dask(tmp_path, failures=0) as made:
        made.worker(threads=2, nanny=True)
        cluster = Cluster(made.address, "bubblewrap")
        grader = Grader.for_lesson(Lesson(course / "small"), cluster.sandbox, LIMITS)
        fine = courses.solved_small(course).encode()
        with cluster:
            fatal = cluster.submit(deadly.work, grader, fine + b" " + deadly.FATAL)
            others = [cluster.submit(deadly.work, grader, fine) for _ in range(3)]
            with pytest.raises(GraderFault, match="each worker that tried to grade it died, also with nothing else"):
                fatal.result()
            assert [other.result().points for other in others] == [11, 11, 11]


def test_workers_that_cannot_grade_get_nothing_to_do(course: Path, tmp_path: Path) -> None:
    with dask(tmp_path) as made:
        nothing = tmp_path / "nothing"
        nothing.mkdir()
        bare = made.worker(PATH=str(nothing))
        made.wait_for_workers(1)
        with pytest.raises(ClusterUnusable) as unusable:
            Cluster(made.address, "bubblewrap").left_out()
        assert f"no worker of the Dask cluster at {made.address} can grade.\ntcp://127.0.0.1:" in str(unusable.value)
        assert "bubblewrap (the program `bwrap`) is not installed." in str(unusable.value)
        bare.kill()
        bare.wait()

        made.worker()
        made.wait_for_workers(2)
        cluster = Cluster(made.address, "bubblewrap")
        assert cluster.left_out() == {}
        shutil.copytree(ROOT / "autograder", tmp_path / "other/autograder")
        with (tmp_path / "other/autograder/judging/compare.py").open("a") as engine:
            engine.write("# Another version.\n")
        made.worker(PATH=str(nothing))  # they come later, and nobody has asked them
        made.worker(PYTHONPATH=str(tmp_path / "other"))
        made.wait_for_workers(4)
        grader = Grader.for_lesson(Lesson(course / "small"), cluster.sandbox, LIMITS)
        results = list(grade_class(course, grader, submissions(course, "small"), 6, pool=cluster))
        assert not any(each.fault for each in results)
        assert sorted(reason.partition(".")[0] for reason in cluster.left_out().values()) == [
            "bubblewrap (the program `bwrap`) is not installed",
            "its files of the package `autograder` are other ones than those here: install the same there",
        ]


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ({"inside-nn-module": None}, "inside-nn-module is not installed there: pip install"),
        ({"torch": "2.5.1+cu124"}, ""),
        ({"torch": "2.4.0"}, "it has torch 2.4.0, and here is 2.5.1: install the same there"),
        ({"python": "3.12.4.final.0"}, "it has python 3.12, and here is 3.11: install the same there"),
        ({"python": "3.11.2.final.0"}, ""),
        ({"torchvision": None}, "it has torchvision missing, and here is 0.20.1: install the same there"),
    ],
)
def test_versions_are_compared_as_far_as_they_matter(there: dict[str, str | None], said: str) -> None:
    here = {"python": "3.11.7.final.0", "inside-nn-module": "0.1.0", "torch": "2.5.1+cpu", "torchvision": "0.20.1"}
    assert difference(here, {**here, **there})[: len(said) or None] == said


def test_no_scheduler_and_no_workers_are_told(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "CONNECT_SECONDS", 0.5)
    monkeypatch.setattr(cluster_module, "FIRST_SECONDS", 0.5)
    assert said(course, "tcp://127.0.0.1:1") == (
        "autograder: no Dask scheduler answers at tcp://127.0.0.1:1 (Timed out trying to connect to tcp://127.0.0.1:1"
        " after 0.5 s). `dask scheduler` prints its address when it starts: tcp://HOST:8786, for one\n"
    )
    assert "no Dask scheduler answers at nonsense://x" in said(course, "nonsense://x")
    assert "--jobs is for this machine" in said(course, "tcp://127.0.0.1:1", "--jobs", "2")
    with dask(tmp_path) as made:
        assert said(course, made.address) == (
            f"autograder: the Dask cluster at {made.address} has no workers. Start some: dask worker {made.address}\n"
        )


def said(course: Path, address: str, *options: str) -> str:
    """What the command says of a cluster that it can't use."""
    command = ["grade", "small", "--course", str(course), "--scheduler", address, *options]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 2
    return done.stderr


def test_a_scheduler_that_goes_is_told_and_what_was_graded_stays(course: Path, tmp_path: Path) -> None:
    courses.submit(course, "small", "endless", courses.solved_small(course, total=ENDLESS))
    with dask(tmp_path) as made:
        made.worker(threads=2)
        cluster = Cluster(made.address, "bubblewrap")
        limits = Limits(cell_seconds=300)
        grader = Grader.for_lesson(Lesson(course / "small"), cluster.sandbox, limits)
        entries = [each for each in submissions(course, "small") if each.student in ("crashes", "endless")]
        first, *others = grade_class_and(made.processes[0].kill, course, grader, entries, cluster)
    assert first.grade
    assert [each.fault for each in others] == [f"the grader's own fault: the Dask scheduler at {made.address} is gone"]


def grade_class_and(
    then: Callable[[], None], course: Path, grader: Grader, entries: list[Entry], cluster: Cluster
) -> Iterator[ClassResult]:
    """The results of a class, and when the first has come, something that happens."""
    for number, each in enumerate(grade_class(course, grader, entries, cluster.jobs, pool=cluster)):
        if number == 0:
            then()
        yield each
