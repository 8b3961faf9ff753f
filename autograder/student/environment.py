"""What the first cell says of the place where a notebook runs: its versions, what is missing or too old, and in Colab,
where progress is kept. Imports nothing that may be missing.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import sys

from autograder import DISTRIBUTION
from autograder.lesson import NoSuchLanguage, said, speak

SHOWN = ("torch", "torchvision")


class NotReady(RuntimeError):
    """The course cannot run here; the text says what to do."""

    def _render_traceback_(self) -> list[str]:
        """For IPython: the text alone."""
        return [said("Not set up: {reason}", reason=self)]


def welcome(language: str = "") -> None:
    """Say which versions run, and speak that language from now on; an older checker may have no words in it. Raises
    `NotReady` where something that the course needs is missing or too old."""
    if language:
        _speak(language)
    bounds = _bounds()
    found = {name: _version(name) for name in {**dict.fromkeys(SHOWN), **bounds}}
    missing = [name for name, version in found.items() if version is None]
    old = [name for name, version in found.items() if version and _numbers(version) < _numbers(bounds.get(name, ""))]
    if missing:
        *most, last = missing
        names = said("{names} and {last}", names=", ".join(most), last=last) if most else last
        raise NotReady(
            said("{names} must be installed first. In a terminal, run:\n{command}", names=names, command=_pip(missing))
        )
    if old:
        lines = [
            said("{name} {here} is here, and the course needs {oldest} or newer.", name=name, here=found[name],
                 oldest=bounds[name])
            for name in old
        ]  # fmt: skip
        restart = said("In a terminal, run:\n{command}\nThen restart the kernel.", command=_pip(old))
        raise NotReady("\n".join([*lines, restart]))
    from autograder import __version__  # noqa: PLC0415
    from autograder.student import drive  # noqa: PLC0415  # what it imports has been found just now

    shown = [f"Python {sys.version.split()[0]}", *(f"{name} {found[name]}" for name in SHOWN)]
    print(said("Ready: {versions}, checker {version}.", versions=", ".join(shown), version=__version__))
    if advice := drive.advice():
        print(advice)


def _speak(language: str) -> None:
    try:
        speak(language)
    except NoSuchLanguage:
        speak("")
        print(f"This checker has no words in {language!r} yet. It speaks English.")


def _bounds() -> dict[str, str]:
    """Each requirement of the student package → its lower bound, from the package's metadata; empty in a source
    tree."""
    try:
        lines = importlib.metadata.requires(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        return {}
    found = (re.fullmatch(r"([\w-]+)>=([\d.]+)", line) for line in lines)
    return {line[1]: line[2] for line in found if line}


def _version(name: str) -> str | None:
    """A distribution's version; empty where the module is there without one, None where there is no such thing."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "" if importlib.util.find_spec("IPython" if name == "ipython" else name) else None


def _numbers(version: str) -> list[int]:
    release = re.match(r"\d+(?:\.\d+)*", version)
    return [int(part) for part in release[0].split(".")] if release else []


def _pip(names: list[str]) -> str:
    """The command that installs them; torch and torchvision only together, since each fits one of the other."""
    wanted = sorted({*names, *(SHOWN if {*names} & {*SHOWN} else ())})
    return f"    {sys.executable} -m pip install --upgrade {' '.join(wanted)}"
