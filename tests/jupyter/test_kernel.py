"""The sandboxed kernel in Jupyter: a kernel as Jupyter knows it, by jupyter_client and by nbclient."""

from __future__ import annotations

import asyncio
import time

import nbformat
import pytest
from helpers.sessions import LESSON, SECONDS, Session, soon, started
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.ioloop.manager import AsyncIOLoopKernelManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from autograder.jupyter.harmless import kernel_info
from autograder.jupyter.spec import NAME
from autograder.submission.notebook import code_cell, new_notebook, write_notebook
from autograder.texts.percent import solutions


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
