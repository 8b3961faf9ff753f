"""An exception's own text, as far as it helps: one line, without lists of overloads, C++ frames or vendors' pages."""

from __future__ import annotations

import re

from autograder.feedback.render import clean
from autograder.lesson import noted, said
from autograder.probing import Raised

_NO_GPU = re.compile(r"Found no NVIDIA driver|not compiled with CUDA enabled|No CUDA GPUs are available")
_CPU = noted("there is no GPU here. The check runs on the CPU: leave out what moves things to a GPU")
_OVERLOADS = re.compile(r"(received an invalid combination of arguments - got \(.*?\)),? but expected.*", re.DOTALL)
_FRAMES = re.compile(
    r"\s*(?:Exception raised from \S+ at|C\+\+ CapturedTraceback:|Compile with `TORCH_USE_CUDA_DSA`).*", re.DOTALL
)


def error_text(error: Raised) -> str:
    """The class and what it says: `KeyError: 'conv9'`."""
    name, message = clean(error.types[0], 80), said(error.message)
    if _NO_GPU.search(message):
        message = said(_CPU)
    message = clean(_FRAMES.sub("", _OVERLOADS.sub(r"\1", message))).rstrip(".")
    return f"{name}: {message}" if message else name
