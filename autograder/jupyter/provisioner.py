"""Gives Jupyter a sandboxed kernel: the one in which a submission is graded, to look into it cell by cell.

Jupyter asks for it by jupyter_client's extension point, a kernel provisioner: the entry point is in pyproject.toml, the
kernelspec in `spec.py`. The kernel is forked from a warm process, which all such kernels of one Jupyter server share;
that ends with the last of them, or stops making new ones when for two minutes nobody has wanted one. Kernels end with
the server, however it ends. Of time nothing is limited but the processor's: Jupyter has a button to stop a cell, and
another to end the kernel.
"""

from __future__ import annotations

import asyncio
import secrets
import signal
import tempfile
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from weakref import WeakValueDictionary

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import List, Unicode

from autograder.jupyter.relay import Relay
from autograder.jupyter.spec import lessons_of, limits_of
from autograder.sandbox import Bubblewrap, BubblewrapMissing, Kernel, NoIsolation, connection_info

LONGEST_PATH = 100
"""Bytes of a Unix socket's path: Linux takes 107."""
LOOK_SECONDS = 0.1
_finding = threading.Lock()
_found: WeakValueDictionary[str, Bubblewrap] = WeakValueDictionary()
"""The sandbox of all kernels in this process, for as long as one of them has it."""


class SandboxProvisioner(KernelProvisionerBase):
    """One kernel under bubblewrap, through all its restarts; each restart is a new sandbox.

    Its isolation can't be chosen: where bubblewrap does not work, no kernel starts.
    """

    course = Unicode("", help="The nbgrader course whose lessons and limits are meant; by default the installed ones.")
    limits = List(Unicode(), help="Other limits, each as NAME=NUMBER: fields of autograder.sandbox.Limits.")

    _sandbox: Bubblewrap | None = None
    _kernel: Kernel | None = None
    _relay: Relay | None = None
    _folder: TemporaryDirectory[str] | None = None
    _key = b""

    @property
    def has_process(self) -> bool:
        return self._kernel is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """There is no command: the kernel is forked. Nothing of this environment gets into it."""
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start a kernel, and serve it. Raises `NoIsolation` where bubblewrap does not work, `KernelNotStarted`, and
        `BadSetting` for a limit that does not exist."""
        try:
            await asyncio.to_thread(self._launch)
        except BaseException:
            await self.cleanup()
            raise
        return self.connection_info

    async def poll(self) -> int | None:
        return 0 if self._kernel is None else self._kernel.process.poll()

    async def wait(self) -> int | None:
        while (status := await self.poll()) is None:
            await asyncio.sleep(LOOK_SECONDS)
        await asyncio.to_thread(self._end)
        return status

    async def send_signal(self, signum: int) -> None:
        """End the kernel by SIGTERM or SIGKILL. No other signal reaches it: Jupyter interrupts it by a message."""
        if signum in (signal.SIGTERM, signal.SIGKILL):
            await self.kill()

    async def kill(self, restart: bool = False) -> None:
        if self._relay:
            self._relay.end_is_wanted = True
        if self._kernel:
            self._kernel.kill()

    async def terminate(self, restart: bool = False) -> None:
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        """Leave nothing of the kernel; and unless another follows, nothing of its connection and its sandbox either."""
        await asyncio.to_thread(self._end)
        if not restart:
            self._sandbox = None
            if self._folder:
                self._folder.cleanup()
                self._folder = None

    def _launch(self) -> None:
        course = Path(self.course) if self.course else None
        lessons, limits = lessons_of(course), limits_of(course, self.limits)
        self._sandbox = self._sandbox or _sandbox()
        self._kernel = self._sandbox.kernel(lessons[0], limits, lessons)
        if self._folder is None:
            self._folder, self._key = _short_folder(), secrets.token_hex(16).encode()
        self._relay = Relay(self._kernel, Path(self._folder.name), self._key)
        known = {**connection_info(self._folder.name, ""), "key": self._key}
        self.connection_info = cast("KernelConnectionInfo", known)

    def _end(self) -> None:
        kernel, relay = self._kernel, self._relay
        self._kernel = self._relay = None
        if relay:
            relay.close()
        if kernel:
            kernel.close()


def _sandbox() -> Bubblewrap:
    """This process's sandbox. Raises `NoIsolation`, which says what keeps bubblewrap from working."""
    with _finding:
        try:
            found = _found.get("bubblewrap") or Bubblewrap.found()
        except BubblewrapMissing as missing:
            raise NoIsolation(str(missing)) from missing
        _found["bubblewrap"] = found
        return found


def _short_folder() -> TemporaryDirectory[str]:
    """A folder that nobody else may enter, with a path short enough for sockets."""
    short = len(tempfile.gettempdir().encode()) < LONGEST_PATH - len("/kernel-12345678/s-1")
    return TemporaryDirectory(prefix="kernel-", dir=None if short else "/tmp", ignore_cleanup_errors=True)
