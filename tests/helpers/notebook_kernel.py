"""A real notebook kernel, and what its outputs say."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager, start_new_kernel

from helpers import ROOT


class Kernel:
    """A running kernel with the toy lesson; `run` gives a cell's outputs."""

    def __init__(self, folder: Path) -> None:
        paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        self.environment = {
            **os.environ, "PYTHONPATH": paths, "AUTOGRADER_LESSONS": str(folder / "lessons"),
            "INSIDE_NN_MODULE_HOME": str(folder / "home"),
        }  # fmt: skip
        self.manager: KernelManager
        self.manager, self.client = start_new_kernel(env=self.environment, stderr=subprocess.DEVNULL)
        self.run("from autograder import check, hint, progress")

    def run(self, source: str, interrupt_at: str = "") -> list[dict[str, Any]]:
        """Run a cell; press stop once it has printed `interrupt_at`."""
        outputs: list[dict[str, Any]] = []

        def collect(message: dict[str, Any]) -> None:
            if message["header"]["msg_type"] in ("stream", "display_data", "execute_result", "error"):
                outputs.append({"type": message["header"]["msg_type"], **message["content"]})
            if interrupt_at and interrupt_at in message["content"].get("text", ""):
                self.manager.interrupt_kernel()

        self.client.execute_interactive(source, timeout=60, output_hook=collect)
        return outputs

    def shown(self, source: str) -> tuple[str, str]:
        """The text and the HTML of the one thing that a cell displays."""
        (output,) = self.run(source)
        assert output["type"] == "display_data"
        return output["data"]["text/plain"], output["data"]["text/html"]

    def stop(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
