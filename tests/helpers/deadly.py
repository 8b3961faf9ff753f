"""Work for a cluster's workers that kills the worker which does it for a submission with FATAL in it."""

from __future__ import annotations

import os
import signal
from typing import Any

from autograder.classroom.grading import _work
from autograder.running.grader import Grader

FATAL = b"FATAL"


def work(grader: Grader, content: Any) -> Any:
    if FATAL in content:
        os.kill(os.getpid(), signal.SIGKILL)
    return _work(grader, content)
