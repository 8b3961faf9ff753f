"""Formgrader in a real Jupyter server, and a browser in front of it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote

from playwright.sync_api import Page

from helpers import ROOT

TOKEN = "let-me-in"
HEADERS = {"Authorization": f"token {TOKEN}"}
"""What a page must send along: `browser.new_page(extra_http_headers=HEADERS)`."""
SECONDS = 60


@contextmanager
def serving(course: Path, home: Path, *options: str) -> Iterator[str]:
    """The address of a Jupyter server in the course's folder, as `jupyter lab` started there would be."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "jupyter_server", "--no-browser", f"--port={port}", f"--IdentityProvider.token={TOKEN}",
        *(["--allow-root"] if os.geteuid() == 0 else []), *options,
    ]  # fmt: skip
    environment = {**os.environ, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    environment |= {name: str(home) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR")}
    with (home / "log.txt").open("w") as log:
        server = subprocess.Popen(command, cwd=course, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_for(server, f"http://127.0.0.1:{port}/api")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(SECONDS)


def _wait_for(server: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=SECONDS).close()
            return
        except URLError:
            time.sleep(0.2)
    raise RuntimeError("the Jupyter server did not start")


@dataclass(frozen=True)
class Formgrader:
    """Formgrader in a browser's page."""

    address: str
    page: Page
    lesson: str

    def open_submissions(self) -> None:
        """Open the list of a lesson's submissions."""
        self.page.goto(f"{self.address}/formgrader/manage_submissions/{self.lesson}")
        self.page.wait_for_selector("td .glyphicon-flash")

    def click_autograde(self, student: str) -> None:
        """Press the button behind a student's name, and wait for the answer."""
        row = self.page.locator("tr").filter(has=self.page.get_by_text(student, exact=True))
        row.locator("td .glyphicon-flash").click()
        self.page.wait_for_selector("#success-modal, #error-modal", timeout=1000 * SECONDS)
        assert self.page.locator("#success-modal").count() == 1

    def post_autograde(self, student: str) -> dict[str, Any]:
        """Send what the button sends; returns Formgrader's answer."""
        address = f"{self.address}/formgrader/api/submission/{self.lesson}/{quote(student)}/autograde"
        return self.page.evaluate(
            """async (address) => {
                const answer = await fetch(address, {method: "POST"});
                return JSON.parse(await answer.text());
            }""",
            address,
        )

    def open_graded(self, student: str) -> None:
        """Open a student's graded notebook, as one who grades by hand sees it."""
        address = f"{self.address}/formgrader/api/submitted_notebooks/{self.lesson}/{self.lesson}"
        rows = self.page.evaluate("async (address) => (await fetch(address)).json()", address)
        (found,) = [row["id"] for row in rows if row["student"] == student]
        self.page.goto(f"{self.address}/formgrader/submissions/{found}/")
