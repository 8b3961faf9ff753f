"""Runs criteria on somebody's code and turns what they see into observations: plain data that crosses the wall.

With `lesson` and `source` it is all that a graded kernel needs, and all that an observation depends on.
"""

from autograder.probing.exceptions import raised, real_bases
from autograder.probing.observation import (
    MISSING,
    MONSTROUS,
    NDARRAY,
    NUMPY_SCALAR,
    SEPARATOR,
    TENSOR,
    Array,
    Condition,
    Mapping,
    Observation,
    ObservationError,
    Opaque,
    Raised,
    Scalar,
    Sequence,
    UnknownKey,
    Wording,
    from_json,
    to_json,
    without_lines,
)
from autograder.probing.seeds import derive
from autograder.probing.shell import ipython_shell
from autograder.probing.stub import is_unfinished, is_untouched, shown_by

__all__ = [
    "MISSING", "MONSTROUS", "NDARRAY", "NUMPY_SCALAR", "SEPARATOR", "TENSOR", "Array", "Condition", "Mapping",
    "Observation", "ObservationError", "Opaque", "Raised", "Scalar", "Sequence", "UnknownKey", "Wording", "derive",
    "from_json", "ipython_shell", "is_unfinished", "is_untouched", "observation", "probe", "raised", "real_bases",
    "shown_by", "to_json", "without_lines",
]  # fmt: skip
