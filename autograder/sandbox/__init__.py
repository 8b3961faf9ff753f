"""Isolated kernels behind one small interface: `Sandbox.kernel(...)` gives a `Kernel`, whatever isolates it."""

from autograder.sandbox.bubblewrap import Bubblewrap, BubblewrapMissing
from autograder.sandbox.interpreter import elsewhere, typed
from autograder.sandbox.isolation import NoIsolation, Sandbox, sandbox_named
from autograder.sandbox.kernel import Execution, Kernel, KernelLost
from autograder.sandbox.launch import KernelNotStarted
from autograder.sandbox.limits import Limits
from autograder.sandbox.link import connection_info
from autograder.sandbox.messages import Message, answer_to, label
from autograder.sandbox.outputs import OutputKeeper, plain
from autograder.sandbox.settings import CONFIG, BadSetting, Settings, cores, course_config, programs_on_path
from autograder.sandbox.stoppable import StoppableSandbox
from autograder.sandbox.wire import TOO_LARGE, Wire, WireClosed

__all__ = [
    "CONFIG", "TOO_LARGE", "BadSetting", "Bubblewrap", "BubblewrapMissing", "Execution", "Kernel", "KernelLost",
    "KernelNotStarted", "Limits", "Message", "NoIsolation", "OutputKeeper", "Sandbox", "Settings",
    "StoppableSandbox", "Wire", "WireClosed", "answer_to", "connection_info", "cores", "course_config", "elsewhere",
    "interpreter", "label", "plain", "programs_on_path", "sandbox_named", "typed",
]  # fmt: skip
