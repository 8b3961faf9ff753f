"""The sandboxed kernel in Jupyter: its walls, and what passes them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers import COURSE
from helpers.sessions import LESSON, SECONDS, Session, started
from hypothesis import given
from hypothesis import strategies as st
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.connect import KernelConnectionInfo

from autograder.jupyter import relay
from autograder.jupyter.harmless import REQUESTS, published, reply
from autograder.sandbox.messages import Message
from autograder.sandbox.outputs import OutputKeeper


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
        # At a pace that the kernel's own socket keeps up with: what it drops, nobody cuts off.
        pace = "import time\nfor number in range(10_500):\n    display(number)\n    number % 250 or time.sleep(0.1)\n"
        flooded = session.run(pace)
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
