"""A notebook's first code cell: it installs the student package where that is missing or old, and moves nothing else.

All that must work before the package is there stands in the cell itself; the rest is `environment.welcome`. In Colab
the cell is a form: its title is seen, its code at a click. Its own words are English in every language.
"""

from __future__ import annotations

import re
from pathlib import Path

from autograder.lesson import spoken
from autograder.texts.address import address_of, project_of

FORM = {"cellView": "form"}
"""The cell's metadata, by which Colab folds it."""
_SETUP = """\
# @title Run this cell first, and again after every restart
# It installs the course's checker, in seconds, where that is missing or old. It moves nothing else that you have.
import importlib.metadata
import importlib.util
import os
import re
import subprocess
import sys


class NotSetUp(RuntimeError):
    def _render_traceback_(self):
        return [f"Not set up: {self}"]


def set_up(source="<source>", version="<version>", python=(<python>)):
    if sys.version_info < python:
        wanted, here = ".".join(map(str, python)), sys.version.split()[0]
        raise NotSetUp(f"this course needs Python {wanted} or newer, and this is Python {here}. Choose another kernel.")
    numbers = lambda text: [int(number) for number in re.findall(r"\\d+", text)[:3]]
    there = importlib.util.find_spec("autograder") is not None
    try:
        package = importlib.metadata.distribution("inside-nn-module")
        linked = '"editable": true' in (package.read_text("direct_url.json") or "")  # to somebody's own copy
        old = numbers(package.version) < numbers(version) and not linked
    except importlib.metadata.PackageNotFoundError:
        old = False
    if there and not old:
        return
    source = os.environ.get("INSIDE_NN_MODULE_SOURCE", source)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--upgrade", "--retries", "1", source]
    done = subprocess.run(pip, capture_output=True, text=True)
    importlib.invalidate_caches()
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if re.match("error:|.*No module named", line, re.I)] or [""]
        if "No module named pip" in done.stderr:
            advice = f"This Python has no pip. In a terminal, run:\\n    {sys.executable} -m ensurepip"
        elif "externally-managed" in done.stderr:
            advice = "This Python belongs to the system. Make one of your own:\\n    python3 -m venv venv"
        else:
            advice = "Is there a network? It is needed only now: connect."
        why = f"could not install the checker from\\n    {source}\\n{said[0][:300]}\\n{advice}\\nThen run this again."
        if not there:
            raise NotSetUp(why)
        print(f"The checker is an older one: {why}")
    elif "autograder" in sys.modules or importlib.util.find_spec("autograder") is None:
        raise NotSetUp("the checker is new now, and this kernel has not seen it. Restart it, and run this cell again.")


set_up()
import autograder

autograder.welcome(<language>)
from autograder import check, hint, progress
"""


def setup_cell(course: Path) -> str:
    """The cell's text, for the notebooks of a course: what pyproject.toml says of address, version and Python, and the
    language that is spoken."""
    settings = project_of(course)
    language = f'"{spoken()}"' if spoken() else ""
    oldest = settings["requires-python"].removeprefix(">=").replace(".", ", ")
    return _filled(address_of(course).archive, settings["version"], oldest).replace("<language>", language)


def is_setup(text: str) -> bool:
    """Whether a cell is that one, whatever it installs, and in whatever language it says welcome."""
    return _ANY.fullmatch(text.strip()) is not None


def welcome_in(text: str) -> str:
    """What that cell says welcome with, which tells the language of what is said after it."""
    return text[text.rfind("autograder.welcome(") :]


def _filled(source: str, version: str, python: str) -> str:
    return _SETUP.replace("<source>", source).replace("<version>", version).replace("<python>", python).strip()


_ANY = re.compile(
    re.escape(_SETUP.strip())
    .replace("<source>", r"[\w:/.+-]*")
    .replace("<version>", r"[\w.+-]*")
    .replace("<python>", r"[\d, ]*")
    .replace("<language>", r'(?:"\w+")?')
)
