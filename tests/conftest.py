"""What all tests share: one thread a process, no windows, the environment's programs on PATH, and a browser."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
os.environ["OMP_NUM_THREADS"] = "1"  # before torch: tests run side by side
os.environ["MPLBACKEND"] = "Agg"
os.environ.pop("AUTOGRADER_LESSONS", None)

import pytest
from helpers.bare import Bare, bare_python, build_wheel, packages
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

settings.register_profile("ours", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("ours")


LONGEST = ("test_same_points.py", "test_lessons.py", "test_exhausting.py", "test_killed.py")
"""The files to begin with, so that no worker ends long after the other: each is run by one of them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window. Tests that use it are marked `browser`, and skipped where there is none."""
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with ExitStack() as stack:
        try:
            playwright = stack.enter_context(sync_playwright())
            chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=options)
            opened = stack.enter_context(chromium)
        except Exception as reason:  # no browser, or Playwright's own driver does not start
            if "CI" in os.environ:
                raise
            pytest.skip(f"no Chromium: {reason}")
        yield opened


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The student package."""
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def colab_has(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages that Colab has."""
    return packages(tmp_path_factory.mktemp("packages"))


@pytest.fixture
def bare(tmp_path: Path, colab_has: Path) -> Bare:
    """A fresh Python with nothing but those."""
    return bare_python(tmp_path / "venv", colab_has)
