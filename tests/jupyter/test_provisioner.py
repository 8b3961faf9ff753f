"""The sandboxed kernel in Jupyter: by jupyter_client, by nbclient, and in JupyterLab in a real browser."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import nbformat
import psutil
import pytest
from helpers import COURSE, ROOT, courses
from helpers.formgrader import HEADERS, serving
from helpers.jupyter_page import JupyterPage, output
from hypothesis import given
from hypothesis import strategies as st
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.ioloop.manager import AsyncIOLoopKernelManager
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from jupyter_client.manager import AsyncKernelManager, KernelManager
from nbclient import NotebookClient
from playwright.sync_api import Browser, expect

from autograder.jupyter import provisioner, relay
from autograder.jupyter.harmless import REQUESTS, kernel_info, published, reply
from autograder.jupyter.provisioner import SandboxProvisioner
from autograder.jupyter.spec import CPU_SECONDS, DISPLAYED, NAME, install, kernelspec, limits_of
from autograder.lesson.lesson import Lesson
from autograder.sandbox import Bubblewrap, Limits, NoIsolation
from autograder.sandbox.bubblewrap import BubblewrapMissing
from autograder.sandbox.messages import Message
from autograder.sandbox.outputs import OutputKeeper
from autograder.sandbox.settings import BadSetting
from autograder.submission.notebook import code_cell, new_notebook, write_notebook
from autograder.texts.percent import solutions

LESSON = Lesson(COURSE / "lesson1_subclassing")
SECONDS = 120
FOLDERS = ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_PATH")


@pytest.fixture(scope="module", autouse=True)
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Jupyter's folders for all tests here, with the kernel installed."""
    try:
        Bubblewrap.found()
    except BubblewrapMissing as reason:
        pytest.skip(str(reason))
    home = tmp_path_factory.mktemp("jupyter")
    with pytest.MonkeyPatch.context() as patch:
        for name in FOLDERS:
            patch.setenv(name, str(home))
        install(COURSE, [])
        yield home


@dataclass(frozen=True)
class Ran:
    """What came of a cell: the messages published, by type and content, and the reply."""

    messages: list[tuple[str, dict[str, Any]]]
    reply: dict[str, Any]

    @property
    def text(self) -> str:
        """All that was printed."""
        return "".join(content["text"] for kind, content in self.messages if kind == "stream")

    @property
    def data(self) -> list[dict[str, Any]]:
        """All that was displayed."""
        return [content["data"] for _, content in self.messages if "data" in content]


@dataclass(frozen=True)
class Session:
    """A running kernel and a client of it."""

    manager: KernelManager
    client: BlockingKernelClient

    def run(self, source: str, **options: Any) -> Ran:
        """Run a cell to its end."""
        found: list[tuple[str, dict[str, Any]]] = []
        told = self.client.execute_interactive(
            source, timeout=SECONDS, allow_stdin=False, **options,
            output_hook=lambda message: found.append((message["msg_type"], message["content"])),
        )  # fmt: skip
        return Ran(found, told["content"])


@contextmanager
def started(**options: Any) -> Iterator[Session]:
    """A kernel, shut down at the end."""
    manager = KernelManager(kernel_name=NAME)
    manager.start_kernel(**options)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=SECONDS)
        yield Session(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.context.destroy()


@pytest.fixture(scope="module")
def kernel(jupyter: Path) -> Iterator[Session]:
    """One kernel for all tests that leave it as it is."""
    with started() as session:
        yield session


def soon(condition: Callable[[], object], seconds: float = SECONDS) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(condition())


# A kernel as Jupyter knows it


def test_a_notebook_is_executed_by_nbclient() -> None:
    sources = (
        "print('hello')",
        "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2]);",
        "1 / 0",
        "6 * 7",
    )
    notebook = nbformat.reads(write_notebook(new_notebook([code_cell(source) for source in sources], {})), as_version=4)
    NotebookClient(notebook, kernel_name=NAME, timeout=SECONDS, allow_errors=True).execute()
    printed, plotted, failed, shown = (cell.outputs for cell in notebook.cells)
    assert printed == [{"output_type": "stream", "name": "stdout", "text": "hello\n"}]
    assert plotted[0].data["image/png"].startswith("iVBORw0KGgo")
    assert (failed[0].ename, failed[0].evalue) == ("ZeroDivisionError", "division by zero")
    assert "line 1" in "".join(failed[0].traceback)
    assert (shown[0].output_type, shown[0].execution_count) == ("execute_result", 4)
    assert shown[0].data == {"text/plain": "42"}
    assert [cell.execution_count for cell in notebook.cells] == [1, 2, 3, 4]
    nbformat.validate(notebook)


def test_the_courses_check_answers(kernel: Session) -> None:
    answer = solutions(LESSON)["affine"].source
    kernel.run(f"import torch\nfrom torch import nn\nfrom autograder import check, hint\n{answer}")
    (card,) = kernel.run('check("affine")').data
    assert "7 of 7 points" in card["text/plain"]
    assert kernel.run('hint("mlp")').data[0]["text/plain"].startswith("mlp: hint 1 of")


def test_it_completes_inspects_and_knows_when_a_cell_is_complete(kernel: Session) -> None:
    kernel.run("def counted(things):\n    'Say how many.'\n    return len(things)")
    assert kernel.client.complete("count", reply=True, timeout=SECONDS)["content"]["matches"] == ["counted"]
    told = kernel.client.inspect("counted", reply=True, timeout=SECONDS)["content"]
    assert told["found"] and "Say how many." in told["data"]["text/plain"]
    assert "Say how many." in kernel.run("counted?").reply["payload"][0]["data"]["text/plain"]
    kernel.client.is_complete("for x in y:")
    answer = kernel.client.get_shell_msg(timeout=SECONDS)["content"]
    assert answer == {"status": "incomplete", "indent": "    "}
    asked = kernel.run("", user_expressions={"two": "1 + 1", "none": "unknown"}).reply["user_expressions"]
    assert asked == {"two": {"status": "ok", "data": {"text/plain": "2"}, "metadata": {}}}
    assert kernel.client.kernel_info(reply=True, timeout=SECONDS)["content"] == kernel_info()


def test_a_display_is_updated_and_an_output_cleared(kernel: Session) -> None:
    source = "shown = display('one', display_id='here')\nshown.update('two')\nfrom IPython.display import clear_output"
    first, second, cleared = kernel.run(f"{source}\nclear_output(wait=True)").messages[2:-1]
    assert first == (
        "display_data",
        {"data": {"text/plain": "'one'"}, "metadata": {}, "transient": {"display_id": "here"}},
    )
    assert second[0] == "update_display_data" and second[1]["transient"] == first[1]["transient"]
    assert cleared == ("clear_output", {"wait": True})


def test_input_is_refused_in_words(kernel: Session) -> None:
    (kind, content), *_ = [message for message in kernel.run("input('name?')").messages if message[0] == "error"]
    assert kind == "error" and "does not support input" in content["evalue"]


def test_an_endless_loop_is_interrupted_and_the_kernel_goes_on(kernel: Session) -> None:
    kernel.client.execute("kept = 7\nprint('begun', flush=True)\nwhile True: pass", stop_on_error=False)
    while kernel.client.get_iopub_msg(timeout=SECONDS)["msg_type"] != "stream":
        pass
    kernel.manager.interrupt_kernel()
    assert kernel.client.get_shell_msg(timeout=SECONDS)["content"]["ename"] == "KeyboardInterrupt"
    assert "7" in kernel.run("print(kept)").text


def test_a_restart_gives_a_fresh_namespace_and_files_at_the_same_place() -> None:
    with started() as session:
        session.run("x = 1\nopen('left', 'w').close()")
        before = session.manager.get_connection_info()
        begun = time.monotonic()
        session.manager.restart_kernel()
        session.client.wait_for_ready(timeout=SECONDS)
        assert time.monotonic() - begun < 10
        assert session.manager.get_connection_info() == before
        assert session.run("x").reply["ename"] == "NameError"
        assert session.run("import os; print(os.listdir())").text == "[]\n"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import os; os._exit(4)", "the kernel ended itself with exit status 4"),
        ("import os; os.kill(os.getpid(), 9)", "the kernel was killed"),
        ("import os; os.closerange(3, 4096); print(9)", "the kernel"),
    ],
)
def test_a_kernel_that_dies_is_noticed_explained_and_started_again(source: str, reason: str) -> None:
    with started() as session:
        request = session.client.execute(source)
        assert soon(lambda: not session.manager.is_alive())
        told = [session.client.get_iopub_msg(timeout=SECONDS)]
        while told[-1]["msg_type"] != "stream":
            told.append(session.client.get_iopub_msg(timeout=SECONDS))
        assert told[-1]["content"]["text"].startswith(f"The kernel is gone: {reason}")
        assert told[-1]["parent_header"]["msg_id"] == request
        session.manager.restart_kernel(now=True)
        session.client.wait_for_ready(timeout=SECONDS)
        assert session.run("print(6 * 7)").text == "42\n"


def test_jupyters_restarter_starts_a_dead_kernel_again() -> None:
    async def live_on() -> str:
        manager = AsyncIOLoopKernelManager(kernel_name=NAME)
        await manager.start_kernel()
        client: AsyncKernelClient = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=SECONDS)
        restarted = asyncio.Event()
        manager.add_restart_callback(restarted.set)
        client.execute("import os; os._exit(1)")
        await asyncio.wait_for(restarted.wait(), SECONDS)
        await asyncio.sleep(1)  # it is told before the new one is there
        await client.wait_for_ready(timeout=SECONDS)
        told = await client.execute_interactive("", user_expressions={"x": "6 * 7"}, timeout=SECONDS, allow_stdin=False)
        client.stop_channels()
        await manager.shutdown_kernel()
        manager.context.destroy()
        return str(told["content"]["user_expressions"]["x"]["data"]["text/plain"])

    assert asyncio.run(live_on()) == "42"


def test_an_asynchronous_manager_is_not_held_up_by_a_start() -> None:
    async def beats_while_it_starts() -> int:
        manager, beats = AsyncKernelManager(kernel_name=NAME), 0
        start = asyncio.ensure_future(manager.start_kernel())
        while not start.done():
            await asyncio.sleep(0.01)
            beats += 1
        await start
        assert await manager.is_alive()
        await manager.shutdown_kernel()
        assert not await manager.is_alive()
        manager.context.destroy()
        return beats

    assert asyncio.run(beats_while_it_starts()) > 10


# Its walls


def test_what_is_run_in_it_reaches_nothing(
    kernel: Session,
    tmp_path: Path,
) -> None:
    (tmp_path / "gradebook.db").write_text("secret")
    seen = kernel.run(f"""
import os, socket
for path in ({str(tmp_path / "gradebook.db")!r}, {str(COURSE / "secret.key")!r}, {str(LESSON.text)!r},
             {kernel.manager.connection_file!r}, {kernel.manager.ip + "-1"!r}):
    assert not os.path.exists(path), path
for place in ("/", "/usr", "/etc", "/opt/course"):
    try:
        open(place + "/x", "w")
    except OSError:
        continue
    print("WROTE", place)
try:
    socket.create_connection(("1.1.1.1", 53), timeout=3)
except OSError as error:
    print(type(error).__name__, error.errno)
print([name for name in os.environ if name.startswith(("JUPYTER", "JPY", "PYTEST"))])
print(os.getuid() == os.geteuid() != 0, os.getuid())
print([line.split()[1] for line in open("/proc/self/status") if line.startswith(("CapEff", "NoNewPrivs", "Seccomp:"))])
""").text.splitlines()
    assert seen[0] == "OSError 101"
    assert seen[1] == "[]"
    assert seen[2].startswith("True ") and (os.getuid() != 0 or seen[2] != "True 0")
    assert seen[3] == "['0000000000000000', '1', '2']"


def test_the_secret_that_was_looked_for_is_there() -> None:
    """Or the test above would show nothing."""
    assert LESSON.text.exists()
    assert (COURSE / "nbgrader_config.py").exists()


MARKUP = """
from IPython.display import HTML, Javascript, SVG, Markdown, Latex, display
display(HTML("<script>document.title = 'hacked'</script>"), Javascript("document.title = 'hacked'"),
        Markdown("<img src=x onerror=hacked>"), Latex("$\\\\href{javascript:hacked}{x}$"))
display({"image/svg+xml": "<svg onload=hacked>", "application/vnd.jupyter.widget-view+json": {"model_id": "1"},
         "text/plain": "plain"}, raw=True)
display({"image/png": "<script>hacked</script>", "text/html": "hacked"}, raw=True)
shell = get_ipython()
from comm import create_comm
create_comm(target_name="jupyter.widget", data={"state": {"_model_module": "hacked"}})
shell.payload_manager.write_payload({"source": "page", "data": {"text/html": "hacked", "text/plain": "a page"}})
shell.payload_manager.write_payload({"source": "set_next_input", "text": "hacked", "replace": True})
class Rich:
    def _repr_mimebundle_(self, **_):
        return {"text/html": "hacked", "text/plain": "rich"}
Rich()
"""


def test_no_markup_gets_to_the_page(kernel: Session) -> None:
    ran = kernel.run(MARKUP)
    assert ran.reply["status"] == "ok", ran
    assert {name for data in ran.data for name in data} == {"text/plain"}
    assert {kind for kind, _ in ran.messages} <= {"status", "execute_input", "display_data", "execute_result"}
    assert ran.data[-1] == {"text/plain": "rich"}
    assert ran.reply["payload"] == [{"source": "page", "start": 0, "data": {"text/plain": "a page"}}]


FORGED = """
import json, hmac, hashlib, zmq
kernel = get_ipython().kernel
parent = kernel.get_parent()["header"]
stream = kernel.iopub_socket
for kind, content, about in [
    ("display_data", {"data": {"text/html": "<script>", "text/plain": "forged"}, "metadata": {"a": 1}}, parent),
    ("display_data", {"data": {"text/plain": "of nobody"}}, {"msg_id": "unknown"}),
    ("execute_reply", {"status": "ok"}, parent),
    ("kernel_info_reply", {"help_links": [{"text": "help", "url": "javascript:1"}]}, parent),
    ("unheard_of", {"text": "x"}, parent),
    ("status", {"execution_state": "<b>"}, parent),
    ("stream", {"name": "<b>", "text": "x"}, parent),
]:
    kernel.session.send(stream, kind, content, parent=about)
"""


def test_forged_messages_are_made_anew_or_dropped(kernel: Session) -> None:
    ran = kernel.run(FORGED)
    assert ran.reply["status"] == "ok", ran
    assert ran.messages[2:-1] == [("display_data", {"data": {"text/plain": "forged"}, "metadata": {}})]


def test_a_flood_is_cut_off_and_the_next_cell_is_heard() -> None:
    with started() as session:
        flooded = session.run("for number in range(10_500): display(number)")
        assert flooded.reply["status"] == "ok"
        shown = [content for kind, content in flooded.messages if kind == "display_data"]
        assert 1_000 < len(shown) <= relay.MOST_MESSAGES
        assert flooded.text.count("longer than the grader keeps") == 1
        large = session.run("import sys\nprint('x' * 20_000_000)\nsys.stdout.flush()\nprint('after')")
        assert "longer than the grader keeps" in large.text and "after" in large.text
        assert session.run("print('later')").text == "later\n"


def test_sockets_put_in_the_kernels_place_are_met_by_nobody(kernel: Session) -> None:
    """Jupyter's client connects by path again and again; what is in the sandbox is none of its paths."""
    kernel.run("import os\nfor n in range(1, 6): os.rename(f'/run/kernel/s-{n}', f'/run/kernel/old-{n}')")
    again = BlockingKernelClient()
    again.load_connection_info(kernel.manager.get_connection_info())
    again.start_channels()
    again.wait_for_ready(timeout=SECONDS)
    again.stop_channels()
    assert not kernel.manager.ip.startswith("/proc")
    folder = Path(kernel.manager.ip).parent
    assert folder.stat().st_mode & 0o777 == 0o700


def test_who_does_not_know_the_key_is_not_heard(kernel: Session) -> None:
    info: KernelConnectionInfo = {**kernel.manager.get_connection_info(), "key": b"another"}  # type: ignore[typeddict-item]
    stranger = BlockingKernelClient()
    stranger.load_connection_info(info)
    stranger.start_channels()
    with pytest.raises(RuntimeError, match="didn't respond"):
        stranger.wait_for_ready(timeout=2)
    stranger.execute("intruder = 1")
    stranger.stop_channels()
    assert kernel.run("intruder").reply["ename"] == "NameError"


# What passes

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["ok", "page", "text/html"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["status", "data", "source", "text/html", "text/plain", "x"]), inner)
    ),
    max_leaves=8,
)
FIELDS = ("status", "data", "payload", "user_expressions", "matches", "traceback", "ename", "cursor_start", "found",
          "metadata", "indent", "history", "comms", "help_links", "text", "name", "execution_state", "transient",
          "execution_count", "wait", "code")  # fmt: skip
KINDS = ("status", "stream", "display_data", "execute_result", "update_display_data", "error", "clear_output",
         "execute_input", "comm_open", "comm_msg", "debug_event", "input_request")  # fmt: skip
CONTENT = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON))


def keys(value: object) -> Iterator[str]:
    """All keys of all dictionaries in it."""
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from keys(part)
    if isinstance(value, dict):
        yield from value


@given(kind=st.sampled_from(sorted(REQUESTS - {"kernel_info_request"})), content=CONTENT)
def test_a_reply_of_any_shape_is_made_anew(kind: str, content: dict[str, Any]) -> None:
    made = reply(kind.replace("_request", "_reply"), content, 1_000)
    content.pop("user_expressions", None)  # their names are those that were asked for
    json.dumps(made)
    assert made["status"] in ("ok", "error", "aborted", "complete", "incomplete", "invalid", "unknown")
    if "user_expressions" not in made:
        assert not {"text/html", "x"} & set(keys(made))


@given(kind=st.sampled_from(KINDS), content=CONTENT)
def test_a_message_of_any_shape_is_made_anew(kind: str, content: dict[str, Any]) -> None:
    for made in published(Message(kind, content), OutputKeeper(1_000)):
        json.dumps(made.content)
        assert made.type in KINDS[:8]
        assert not {"text/html", "x", "source"} & set(keys(made.content))


# Its end


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


# What is installed, and what is in the way of it


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


# In a browser

TRY_SCRIPTS = """
from IPython.display import HTML, Javascript, display
display(Javascript("document.body.dataset.hacked = 'by a script'"))
display(HTML("<img src='nowhere' onerror=\\"document.body.dataset.hacked = 'by an image'\\">"))
print("has run")
"""


IMAGE = "<img src='nowhere' onerror=\"document.body.dataset.hacked = 'by the file'\">"


@pytest.mark.slow
@pytest.mark.browser
def test_a_submission_is_looked_into_in_jupyterlab(browser: Browser, jupyter: Path, tmp_path: Path) -> None:
    """What was handed in names an ordinary kernel; where there is none, JupyterLab proposes the sandboxed one.

    No script runs: none of the kernel's, and none in the file, also when that is opened again after all of it has run.
    """
    submission, home = tmp_path / "ada.ipynb", tmp_path / "home"
    shutil.copytree(jupyter, home)
    notebook = nbformat.read(courses.released(COURSE, LESSON.name), as_version=4)
    assert notebook.metadata.kernelspec.name == "python3"
    stored = nbformat.v4.new_output("display_data", {"text/html": f"stored {IMAGE}"})
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell(f"handed in {IMAGE}"))
    notebook.cells.insert(1, nbformat.v4.new_code_cell("# with an output", outputs=[stored]))
    nbformat.write(notebook, submission)
    with serving(tmp_path, home, f"--KernelSpecManager.allowed_kernelspecs={NAME}") as address:
        lab = JupyterPage.opened(browser, address, "JupyterLab", submission.name, asked=True)
        expect(lab.page.locator(".jp-KernelName")).to_contain_text(DISPLAYED)
        expect(output(lab.cell("# with an output"))).to_contain_text("stored")
        assert lab.page.evaluate("document.body.dataset.hacked") is None
        lab.choose("Run", "Run All Cells")
        expect(output(lab.cell('check("affine")'))).to_contain_text("not attempted", ignore_case=True)
        lab.write_and_run(lab.cell("class Affine"), solutions(LESSON)["affine"].source.rstrip())
        lab.page.keyboard.press("Shift+Enter")  # the check below it
        expect(output(lab.cell('check("affine")'))).to_contain_text("7 of 7 points")
        expect(lab.write_below_and_run(TRY_SCRIPTS)).to_contain_text("Javascript object")
        lab.choose("File", "Save Notebook")
        lab.restart()
        expect(lab.write_below_and_run("Affine")).to_contain_text("NameError")
        assert lab.page.evaluate("document.body.dataset.hacked") is None
        lab.page.close()
        again = JupyterPage.opened(browser, address, "JupyterLab", submission.name)
        expect(again.page.locator(".jp-MarkdownOutput", has_text="handed in")).to_be_visible()
        assert again.page.evaluate("document.body.dataset.hacked") is None
        again.page.close()


@pytest.mark.slow
@pytest.mark.browser
def test_an_ordinary_kernels_scripts_do_run_there(browser: Browser, jupyter: Path, tmp_path: Path) -> None:
    """Or the test above would show nothing."""
    (tmp_path / "blank.ipynb").write_text(write_notebook(new_notebook([code_cell("6 * 7")], {})))
    with serving(tmp_path, jupyter) as address:
        lab = JupyterPage.opened(browser, address, "JupyterLab", "blank.ipynb")
        lab.write_below_and_run(TRY_SCRIPTS)
        lab.page.wait_for_function("document.body.dataset.hacked")
        lab.page.close()


@pytest.mark.slow
def test_jupyters_server_shows_what_is_missing(jupyter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    shutil.copytree(jupyter, home)
    without = f"import os; os.environ['PATH'] = {str(tmp_path)!r}"
    (home / "jupyter_server_config.py").write_text(without)
    with serving(tmp_path, home) as address:
        body = {"path": "x.ipynb", "name": "", "type": "notebook", "kernel": {"name": NAME}}
        asked = Request(f"{address}/api/sessions", json.dumps(body).encode(), HEADERS)
        with pytest.raises(HTTPError) as refused:
            urlopen(asked, timeout=SECONDS)
        with refused.value as answer:
            assert "apt-get install bubblewrap" in json.loads(answer.read())["message"]
