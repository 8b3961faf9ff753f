"""Whose code does the work: a function is known in every disguise, and a student's own text is the student's own."""

from __future__ import annotations

import inspect
import linecache
import sys
import textwrap
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import FunctionType
from typing import Any

import pytest
from torch import nn

from autograder.probing.borrowed import Codes, TorchDidIt, forbidden, watch_on

WALK = nn.Module.named_modules
CODES = Codes(WALK)
MODEL = nn.Sequential(nn.ReLU())
SOURCE = textwrap.dedent(inspect.getsource(WALK))


def in_a_thread(function: Callable[[], Any]) -> None:
    thread = threading.Thread(target=function)
    thread.start()
    thread.join()


def unobserved(function: Callable[[], Any]) -> None:
    profile = sys.getprofile()
    sys.setprofile(None)
    function()
    sys.setprofile(profile)


def as_function(**changes: Any) -> Callable[..., Any]:
    """torch's function again, of a changed code object."""
    return FunctionType(WALK.__code__.replace(**changes), WALK.__globals__, "mine", WALK.__defaults__)


def compiled(source: str, name: str) -> Callable[..., Any]:
    """The function that `source` defines, in a file of that name."""
    namespace = dict(WALK.__globals__)
    exec(compile(source, name, "exec"), namespace)
    return next(value for key, value in namespace.items() if key in ("named_modules", "mine"))


class Proxy(nn.Module):
    """Shows another module's tables as its own."""

    def __init__(self, module: nn.Module) -> None:
        self.__dict__ = module.__dict__


class Taken:
    """torch's method under another name, in a class that has nothing to do with torch."""

    mine = WALK

    def __init__(self) -> None:
        self._modules = {}


DISGUISES: dict[str, Callable[[], Any]] = {
    "itself": lambda: list(WALK(MODEL)),
    "through another method": lambda: list(MODEL.named_parameters()),
    "in another class": lambda: list(Taken().mine()),
    "on another object": lambda: list(Proxy(MODEL).named_modules()),
    "its code in another function": lambda: list(as_function()(MODEL)),
    "its code, renamed": lambda: list(as_function(co_name="mine", co_qualname="mine")(MODEL)),
    "its code, moved": lambda: list(as_function(co_name="mine", co_filename="<answer>", co_firstlineno=3)(MODEL)),
    "its text, compiled": lambda: list(compiled(SOURCE, "<string>")(MODEL)),
    "its text with other names": lambda: list(compiled(SOURCE.replace("named_modules", "mine"), "<string>")(MODEL)),
    "in a thread": lambda: in_a_thread(lambda: list(WALK(MODEL))),
    "where nobody is told": lambda: unobserved(lambda: list(WALK(MODEL))),
    "with profiling off": lambda: sys.setprofile(None),
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_noticed(disguise: str) -> None:
    with pytest.raises(TorchDidIt), forbidden(CODES):
        DISGUISES[disguise]()


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python before 3.12 tells of the threads started inside alone")
def test_noticed_in_a_thread_from_before() -> None:
    with ThreadPoolExecutor(1) as before:
        before.submit(int).result()
        with pytest.raises(TorchDidIt), forbidden(CODES):
            before.submit(lambda: list(WALK(MODEL))).result()


def test_text_of_a_student_is_the_students_own() -> None:
    linecache.cache["<cell>"] = (len(SOURCE), None, SOURCE.splitlines(keepends=True), "<cell>")
    try:
        walk = compiled(SOURCE, "<cell>")
        with forbidden(CODES):
            next(walk(MODEL))  # goes no further, where the text itself asks a child for its named_modules()
    finally:
        del linecache.cache["<cell>"]


def test_a_frame_that_does_not_count() -> None:
    with forbidden(CODES, lambda frame: frame.f_locals["self"] is not MODEL):
        next(WALK(MODEL))


def test_an_error_does_not_hide_it() -> None:
    with pytest.raises(TorchDidIt), forbidden(CODES):
        next(1 / 0 for _ in WALK(MODEL))


def endless() -> Any:
    return endless()


def test_an_endless_recursion_is_nobody_elses_work() -> None:
    with pytest.raises(RecursionError), forbidden(CODES):
        endless()


def test_it_is_noticed_after_an_endless_recursion() -> None:
    def tried(function: Callable[[], Any]) -> None:
        try:
            function()
        except RecursionError:
            watch_on()

    with pytest.raises(TorchDidIt), forbidden(CODES):
        [tried(function) for function in (endless, lambda: list(WALK(MODEL)))]


def test_nothing_is_left_behind() -> None:
    before = sys.getprofile(), threading.getprofile(), dict(vars(nn.Module))
    with pytest.raises(ZeroDivisionError), forbidden(CODES):
        raise ZeroDivisionError
    assert (sys.getprofile(), threading.getprofile(), dict(vars(nn.Module))) == before
