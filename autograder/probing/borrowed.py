"""Notices where somebody else's functions do the work that an exercise asks of the student.

What runs is looked at, not what it is called: a function is known by its code, under whatever name or class, on
whatever object, and whenever it was taken. Text that a student has copied by hand is the student's own.
"""

from __future__ import annotations

import _thread
import inspect
import linecache
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

from autograder.lesson import Look

LOOKED_AWAY = "somebody who looked away"
"""What runs in a process of its own, in a thread that Python does not tell of, or while nobody is told, is not seen."""

_START, _FORK = _thread.start_new_thread, getattr(os, "fork", LOOKED_AWAY)

_watching: list[Callable[[FrameType, str, Any], None]] = []
"""Whom Python tells what runs, the innermost last."""

Counts = Callable[[FrameType], bool]


class TorchDidIt(BaseException):
    """torch's own function did the work that the contract asks of the student. Not an `Exception`, so that no `except
    Exception` inside a criterion swallows it."""


def own_work(words: str) -> Callable[[Look], Look]:
    """Decorator of a criterion: where it raises `TorchDidIt`, its observation is the same fixed text for everybody."""

    def watching(look: Look) -> Look:
        @wraps(look)
        def watched(answer: Any, draw: Any) -> Any:
            try:
                return look(answer, draw)
            except TorchDidIt:
                return words

        return watched

    return watching


class Codes:
    """A set of functions, recognised by their code objects. Make it when a lesson is imported, before a student can
    replace anything.

    A code object belongs to the set where it is a function's own, also under another name, file or line, or where it
    has the same instructions and its source can't be found: compiled from the function's text, and not from anything in
    a notebook.
    """

    def __init__(self, *functions: Any) -> None:
        self._known: dict[bytes, list[CodeType]] = {}
        for function in functions:
            if isinstance(function, FunctionType):
                code = function.__code__
                self._known.setdefault(code.co_code, []).append(code)

    def name(self, code: CodeType) -> str | None:
        """What the function is called whose code this is; None for any other code."""
        alike = self._known.get(code.co_code, ())
        if alike and linecache.getline(code.co_filename, code.co_firstlineno):
            alike = [known for known in alike if code in (known, _as(known, code))]
        return alike[0].co_name if alike else None


def _as(known: CodeType, code: CodeType) -> CodeType | None:
    """`known` with the name and place of `code`; None where that place is not `known`'s file."""
    if code.co_filename != known.co_filename:
        return None
    return known.replace(
        co_name=code.co_name, co_qualname=code.co_qualname, co_firstlineno=code.co_firstlineno,
        co_linetable=code.co_linetable,
    )  # fmt: skip


@contextmanager
def running(codes: Codes, counts: Counts = lambda frame: True) -> Iterator[list[str]]:
    """Yields a list of those of `codes` that run inside, by name, where the frame `counts`. Nothing is put in their
    place: Python tells which functions run, in the threads started inside as well; from Python 3.12 on in all threads.
    """
    used: list[str] = []
    names: dict[int, tuple[CodeType, str | None]] = {}  # the code beside its id, so that no other gets that id

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call":
            code = frame.f_code
            if id(code) not in names:
                names[id(code)] = code, codes.name(code)
            name = names[id(code)][1]
            if name and counts(frame):
                used.append(name)
        elif event == "c_call" and _looks_away(frame, argument) and frame is not here:
            used.append(LOOKED_AWAY)

    here = sys._getframe()
    before = sys.getprofile(), threading.getprofile()
    everywhere = getattr(threading, "setprofile_all_threads", threading.setprofile)
    try:
        everywhere(note)
        sys.setprofile(note)
        _watching.append(note)
        try:
            yield used
        except RecursionError:
            watch_on()
            raise
        finally:
            _watching.pop()
            if sys.getprofile() is not note:
                used.append(LOOKED_AWAY)
    finally:
        sys.setprofile(None)
        everywhere(before[1])
        sys.setprofile(before[0])


def watch_on() -> None:
    """Resume watching after a `RecursionError`: where no more calls fit on the stack, Python stops reporting what
    runs."""
    if _watching and sys.getprofile() is None:
        sys.setprofile(_watching[-1])


def _looks_away(frame: FrameType, function: Any) -> bool:
    if function is _START:
        return frame.f_code.co_filename != threading.__file__
    return function is sys.setprofile or function is _FORK


@contextmanager
def forbidden(codes: Codes, counts: Counts = lambda frame: True) -> Iterator[None]:
    """Raises `TorchDidIt` on leaving where one of `codes` ran inside, whatever else was raised."""
    used: list[str] = []
    try:
        with running(codes, counts) as used:
            yield
    finally:
        if used:
            raise TorchDidIt


def functions_in(module: ModuleType) -> list[FunctionType]:
    """The functions that a module defines itself, for `Codes`."""
    functions = [inspect.unwrap(value) for value in vars(module).values() if isinstance(value, FunctionType)]
    return [function for function in functions if function.__module__ == module.__name__]
