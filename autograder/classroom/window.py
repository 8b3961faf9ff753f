"""A bounded window over work that an executor does: so much is begun ahead, and no more is in memory."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def window(
    begun: Iterable[tuple[Item, Future[Result] | None]], most: int, stop: Callable[[], None], in_order: bool = False
) -> Generator[tuple[Item, Future[Result] | None]]:
    """Items whose work is done, each with its future: as they finish, or in their order. Without a future there is
    nothing to wait for. Never more than `most` are begun and not yet passed on.

    Leaving early calls `stop`, and cancels what no worker has taken.
    """
    waiting: list[tuple[Item, Future[Result] | None]] = []
    try:
        for item in begun:
            waiting.append(item)
            if len(waiting) == most or (item[1] is None and not in_order):
                yield waiting.pop(0 if in_order else _finished(waiting))
        while waiting:
            yield waiting.pop(0 if in_order else _finished(waiting))
    except BaseException:
        stop()
        raise
    finally:
        for _, future in waiting:
            if future is not None:
                future.cancel()


def _finished(waiting: list[tuple[Item, Future[Result] | None]]) -> int:
    """The index of the first item that is done, once there is one."""
    futures = [future for _, future in waiting if future is not None]
    if len(futures) == len(waiting):
        wait(futures, return_when=FIRST_COMPLETED)
    return next(number for number, (_, future) in enumerate(waiting) if future is None or future.done())
