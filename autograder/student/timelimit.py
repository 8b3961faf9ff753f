"""A limit on wall time inside a student's own notebook, so that an endless loop ends by itself.

It needs POSIX signals and the main thread, which notebooks have, also in Colab; elsewhere nothing is limited and the
stop button is all there is. Graded runs don't use this: there the sandbox ends whole processes.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

AGAIN = 1.0
"""Seconds until the alarm rings again, for code that catches everything."""


class TimeIsUp(BaseException):
    """The limit is reached. Not an `Exception`, so that a student's `except Exception` lets it pass."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises `TimeIsUp` in the body once it has run for `seconds`."""
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(number: int, frame: FrameType | None) -> None:
    raise TimeIsUp
