"""A session with a sandboxed kernel, as Jupyter holds one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from autograder.jupyter.spec import NAME
from autograder.lesson.lesson import Lesson
from helpers import COURSE

LESSON = Lesson(COURSE / "lesson1_subclassing")


SECONDS = 120


FOLDERS = ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_PATH")


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


def soon(condition: Callable[[], object], seconds: float = SECONDS) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(condition())
