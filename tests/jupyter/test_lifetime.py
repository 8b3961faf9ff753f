"""The sandboxed kernel in Jupyter: its end, what is installed, and what is in the way of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from helpers import COURSE, ROOT
from helpers.sessions import FOLDERS, SECONDS, Session, soon, started
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from jupyter_client.manager import KernelManager

from autograder.jupyter import provisioner
from autograder.jupyter.provisioner import SandboxProvisioner
from autograder.jupyter.spec import CPU_SECONDS, DISPLAYED, NAME, install, kernelspec, limits_of
from autograder.sandbox import Limits, NoIsolation
from autograder.sandbox.settings import BadSetting


@dataclass(frozen=True)
class Held:
    """What this process holds: processes below it, threads of ours, and the names in the folder for temporary files."""

    processes: int
    threads: int
    files: frozenset[str]


def held() -> Held:
    names = [thread.name for thread in threading.enumerate() if not thread.name.startswith("asyncio")]  # its own pool
    files = frozenset(path.name for path in Path(tempfile.gettempdir()).iterdir())
    return Held(sum(map(lives, psutil.Process().children(recursive=True))), len(names), files)


def lives(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.status() != psutil.STATUS_ZOMBIE
    return False


def at_rest() -> Held:
    """Once what an earlier test has ended is gone."""
    now, end = held(), time.monotonic() + SECONDS
    while time.monotonic() < end:
        before = now
        time.sleep(2)
        if (now := held()) == before:
            break
    return now


@pytest.mark.parametrize("now", [False, True])
def test_a_shutdown_leaves_nothing(now: bool, jupyter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before, files = at_rest(), set(jupyter.rglob("*"))
    managers = [KernelManager(kernel_name=NAME), KernelManager(kernel_name=NAME)]
    for manager in managers:
        manager.start_kernel()
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=SECONDS)
        client.execute("import subprocess; subprocess.Popen(['sleep', '1000'], start_new_session=True)")
        client.stop_channels()
    assert held().processes > before.processes
    managers[0].shutdown_kernel(now=now)
    assert managers[1].is_alive()
    managers[1].shutdown_kernel(now=now)
    for manager in managers:
        manager.context.destroy()
    assert soon(lambda: held() == before, 15), (before, held())
    assert set(jupyter.rglob("*")) == files


def test_two_kernels_see_nothing_of_each_other_and_the_second_starts_soon(kernel: Session) -> None:
    kernel.run("open('/tmp/mine', 'w').close()")
    begun = time.monotonic()
    with started() as other:
        assert time.monotonic() - begun < 5
        assert "False" in other.run("import os; print(os.path.exists('/tmp/mine'), os.listdir('/proc'))").text
        first, second = (each.run("import os; print(os.getuid())").text for each in (kernel, other))
        assert first != second or os.getuid() != 0


SERVER = """
import sys
from jupyter_client.manager import KernelManager
manager = KernelManager(kernel_name=sys.argv[1])
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)
client.execute(f"import subprocess; subprocess.Popen(['sleep', {sys.argv[2]!r}], start_new_session=True).wait()")
print("ready", flush=True)
sys.stdin.read()
"""


def marked(mark: str) -> list[int]:
    """The processes of this machine whose command line holds the mark."""
    found = psutil.process_iter(["pid", "cmdline"])
    return [process.info["pid"] for process in found if "sleep" in (process.info["cmdline"] or ())
            and mark in process.info["cmdline"]]  # fmt: skip


def test_a_jupyter_that_is_killed_takes_its_kernels_with_it(tmp_path: Path) -> None:
    mark = f"6{os.getpid()}{time.monotonic_ns() % 10**9}"
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, NAME, mark], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    with server:
        assert server.stdout is not None and server.stdout.readline() == "ready\n"
        assert soon(lambda: marked(mark))
        server.kill()
    assert soon(lambda: not marked(mark), 20)


def test_it_is_installed_and_removed_as_jupyter_does(tmp_path: Path) -> None:
    environment = {**os.environ, **dict.fromkeys(FOLDERS, str(tmp_path)), "PYTHONPATH": str(ROOT)}

    def typed(*command: str) -> str:
        done = subprocess.run(command, cwd=COURSE, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    said = typed(sys.executable, "-m", "autograder", "kernel", "--limit", "memory=5e9")
    folder = tmp_path / "kernels" / NAME
    assert str(folder) in said and f"jupyter kernelspec remove {NAME}" in said
    wanted = kernelspec(COURSE, ["memory=5e9"])
    assert json.loads((folder / "kernel.json").read_text()) == wanted
    listed = json.loads(typed(sys.executable, "-m", "jupyter_client.kernelspecapp", "list", "--json"))["kernelspecs"]
    assert listed[NAME]["spec"]["display_name"] == DISPLAYED
    typed(sys.executable, "-m", "jupyter_client.kernelspecapp", "remove", "-f", NAME)
    assert not folder.exists()
    with pytest.raises(NoSuchKernel):
        KernelSpecManager(kernel_dirs=[str(tmp_path / "kernels")]).get_kernel_spec(NAME)


def test_limits_are_the_courses_with_time_for_a_person_and_what_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text('c.Grade.limits = {"memory": 3_000_000_000, "cpu_seconds": 9_000}')
    limits = limits_of(tmp_path, ["open_files=99"])
    assert (limits.memory, limits.cpu_seconds, limits.open_files) == (3_000_000_000, 9_000, 99)
    assert limits_of(None, []).cpu_seconds == CPU_SECONDS > Limits().cpu_seconds
    assert limits_of(None, ["cpu_seconds=5"]).cpu_seconds == 5
    with pytest.raises(BadSetting, match="no limit 'memry'"):
        install(None, ["memry=5"])


def test_a_limit_of_the_kernelspec_holds_and_who_hits_it_is_told(jupyter: Path) -> None:
    folder = jupyter / "kernels" / "small-sandbox"
    folder.mkdir()
    (folder / "kernel.json").write_text(json.dumps(kernelspec(None, ["files=300"])))
    manager = KernelManager(kernel_name="small-sandbox")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=SECONDS)
    session = Session(manager, client)
    request = client.execute("import time\nfor n in range(400): open(f'/tmp/{n}', 'w').close()\ntime.sleep(60)")
    assert soon(lambda: not manager.is_alive())
    told = ""
    with suppress(Exception):
        while "gone" not in told:
            message = session.client.get_iopub_msg(timeout=5)
            told = message["content"].get("text", "") if message["parent_header"].get("msg_id") == request else ""
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    manager.context.destroy()
    shutil.rmtree(folder)
    assert told == "The kernel is gone: the limit of 300 files was reached.\n"


def test_without_bubblewrap_nothing_starts_and_the_way_out_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("AUTOGRADER_ISOLATION", "none")  # which is not for this one
    monkeypatch.setattr(provisioner, "_found", {})  # as where no kernel is running yet
    before = at_rest()
    manager = KernelManager(kernel_name=NAME)
    with pytest.raises(NoIsolation, match=r"not installed(.|\n)*apt-get install bubblewrap"):
        manager.start_kernel()
    assert not manager.has_kernel
    manager.context.destroy()
    assert held() == before


def test_jupyter_finds_the_provisioner_by_its_entry_point() -> None:
    from importlib.metadata import entry_points

    (found,) = entry_points(group="jupyter_client.kernel_provisioners", name=NAME)
    assert found.load() is SandboxProvisioner


def test_a_temporary_folder_with_a_long_path_is_no_trouble(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    with started() as session:
        assert session.run("print(6 * 7)").text == "42\n"
