"""IPython's shell of this process."""

from __future__ import annotations

import sys
from typing import Any


def ipython_shell() -> Any:
    """The running shell, or None. Where there is one, IPython has been imported already; nothing else needs it."""
    module = sys.modules.get("IPython")
    return None if module is None else module.get_ipython()
