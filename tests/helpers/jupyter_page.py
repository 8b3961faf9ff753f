"""A notebook open in a browser, in JupyterLab or Notebook 7, and what a student does there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Locator, Page, expect

from autograder.texts.address import PICTURE
from helpers.formgrader import HEADERS, SECONDS, TOKEN

PLACES = {"JupyterLab": "lab/tree", "Notebook 7": "notebooks"}
LONG = 3 * 1000 * SECONDS
"""Milliseconds that anything may take: machines are busy, and lessons train networks."""
SETTLE = 1000
"""Milliseconds between looks at the server; its pages need a moment to hear of what it knows."""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="117" height="20"/>'
"""What stands for the badge's picture, which is elsewhere."""
expect.set_options(timeout=LONG)


@dataclass(frozen=True)
class JupyterPage:
    """One notebook in one of the two interfaces; `errors` are those of the browser's console and of its scripts."""

    page: Page
    errors: list[str] = field(default_factory=list)

    @classmethod
    def opened(cls, browser: Browser, address: str, interface: str, notebook: str, asked: bool = False) -> JupyterPage:
        """Open a notebook, and wait until its kernel is there. Where the one that it names is not to be had, Jupyter
        has asked for another: take the one it proposes."""
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        opened = cls(page)
        page.on("console", lambda line: opened.errors.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: opened.errors.append(str(error)))
        page.set_default_timeout(LONG)
        page.route(PICTURE, lambda route: route.fulfill(content_type="image/svg+xml", body=SVG))
        page.goto(f"{address}/{PLACES[interface]}/{notebook}?token={TOKEN}")
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        if asked:
            page.locator(".jp-Dialog .jp-mod-accept").click()
        opened.wait_for_kernel()
        return opened

    def wait_for_kernel(self) -> None:
        """Wait until the kernel is connected and has nothing to do: what Jupyter is asked to run before, it may drop.
        (A page that was closed has no connection any more.)"""
        address = re.sub(r"(//[^/]+/).*", r"\1api/sessions", self.page.url)
        for _ in range(LONG // SETTLE):
            self.page.wait_for_timeout(SETTLE)
            sessions = self.page.request.get(address, headers=HEADERS).json()
            if any(each["kernel"]["execution_state"] == "idle" and each["kernel"]["connections"] for each in sessions):
                break
        self.page.wait_for_timeout(SETTLE)
        self.page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', state="attached")

    def choose(self, menu: str, item: str) -> None:
        """Click on an item of a menu."""
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.locator(".lm-Menu-itemLabel").get_by_text(item, exact=True).click()

    def cell(self, start: str) -> Locator:
        """The code cell that begins like this."""
        editor = self.page.locator(".cm-content", has_text=re.compile("^" + re.escape(start)))
        return self.page.locator(".jp-CodeCell").filter(has=editor)

    def write_and_run(self, cell: Locator, source: str) -> None:
        """Put other source into a cell, and run it; the one below is chosen then."""
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)
        self.page.keyboard.press("Shift+Enter")

    def write_below_and_run(self, source: str) -> Locator:
        """Write a new cell below the one chosen, and run it; returns what comes out."""
        for key in ("Escape", "b", "Enter"):
            self.page.keyboard.press(key)
        self.page.keyboard.insert_text(source)
        self.page.keyboard.press("Control+Enter")
        return output(self.page.locator(".jp-CodeCell.jp-mod-active"))

    def restart(self) -> None:
        """Restart the kernel, and say yes when asked."""
        self.choose("Kernel", "Restart Kernel…")
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        self.wait_for_kernel()


def output(cell: Locator) -> Locator:
    """The first thing that a cell has put out."""
    return cell.locator(".jp-OutputArea-output").first
