"""Exceptions as observations: what was raised, in which words, and which of the student's lines led there."""

from __future__ import annotations

import dis
import importlib.util
import linecache
import sys
import sysconfig
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.lesson import NotAttempted
from autograder.probing.observation import MAX_NAME, MAX_TEXT, Raised
from autograder.probing.stub import is_stub_raise

_TORCH = getattr(importlib.util.find_spec("torch"), "submodule_search_locations", None) or ()
_LIBRARY_FOLDERS = tuple(f"{Path(path).resolve()}/" for path in [*sysconfig.get_paths().values(), *_TORCH])
_OUR_FOLDER = f"{Path(__file__).resolve().parents[1]}/"
_NAME, _MRO = (type.__dict__[name].__get__ for name in ("__name__", "__mro__"))  # a metaclass has no say in them
_RAISE = dis.opmap["RAISE_VARARGS"]
"""The instruction of `raise`, and of the end of an `assert`."""
MAX_BASES = 30
MAX_LINE = 200


def attempt(function: Callable[[], Any]) -> Any:
    """What `function()` returns, or the observation of what it raises: an exception is an observation too."""
    try:
        return function()
    except Exception as error:
        return raised(error)


def raised(error: BaseException) -> Raised:
    """The observation of an exception."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not _is_library(frame.filename)]
    line = own[-1].lineno if own else None
    code = linecache.getline(own[-1].filename, line).strip() if line else ""
    names = tuple(_NAME(base)[:MAX_NAME] for base in real_bases(error)[:MAX_BASES])
    stub = isinstance(error, NotAttempted) or _of_stub(error, [frame.filename for frame in own])
    return Raised(names, str.__str__(attempt_text(error))[:MAX_TEXT], stub, line or None, code[:MAX_LINE])


def is_own_raise(error: BaseException) -> bool:
    """Whether the exception was raised by a `raise` or an `assert` of the student's, and not by Python or a library."""
    last = _innermost(error)
    if last is None or _is_library(last.tb_frame.f_code.co_filename):
        return False
    return last.tb_frame.f_code.co_code[last.tb_lasti] == _RAISE


def _of_stub(error: BaseException, own: list[str]) -> bool:
    """Whether it comes from what a release leaves to be written, and not from torch or from an answer, which may call
    an abstract method of its own. `own` are the files of the frames that are the student's."""
    last = _innermost(error)
    if last is None or type(error) is not NotImplementedError or not is_own_raise(error):
        return False
    if not error.args and own.count(own[-1]) > 1:
        return False
    return is_stub_raise(error.args, "".join(linecache.getlines(last.tb_frame.f_code.co_filename)), last.tb_lineno)


def _innermost(error: BaseException) -> TracebackType | None:
    """The last step of its traceback, where it was raised."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return last


def attempt_text(error: BaseException) -> str:
    """The exception's text, or a note where its own `__str__` fails."""
    try:
        return str(error)
    except BaseException:
        return "(its text could not be read)"


def class_name(kind: type) -> str:
    """A class's name, whatever its metaclass says."""
    return _NAME(kind)  # type: ignore[no-any-return]


def lineage(kind: type) -> tuple[type, ...]:
    """A class and its bases, whatever the class itself says."""
    return _MRO(kind)  # type: ignore[no-any-return]


def real_bases(value: object) -> tuple[type, ...]:
    """The classes that a value really belongs to: its `__class__` may lie, its type may not."""
    return lineage(type(value))


def _is_library(filename: str) -> bool:
    """Whether a frame belongs to Python, an installed package, or us, and not to the student."""
    if filename.startswith((_OUR_FOLDER, "<frozen")):
        return True
    own_cell = "ipykernel_" in filename or filename.startswith("<")
    return not own_cell and (filename.startswith(_LIBRARY_FOLDERS) or filename in _lesson_files())


def _lesson_files() -> set[str]:
    return {str(getattr(module, "__file__", "")) for name, module in sys.modules.items() if name.startswith("lesson:")}
