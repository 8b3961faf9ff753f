"""Isolated kernels behind one small interface: `Sandbox.kernel(...)` gives a `Kernel`, whatever isolates it."""

from autograder.sandbox.bubblewrap import Bubblewrap
from autograder.sandbox.kernel import Execution, Kernel, KernelLost
from autograder.sandbox.limits import Limits
from autograder.sandbox.means import ISOLATIONS, NoIsolation, Sandbox, Unconfined, sandbox_named

__all__ = [
    "ISOLATIONS", "Bubblewrap", "Execution", "Kernel", "KernelLost", "Limits", "NoIsolation", "Sandbox",
    "Unconfined", "sandbox_named",
]  # fmt: skip
