"""What the authors of exercises work with, in one place: `from autograder.criteria import Draw, Exercise, tried`.

An exercise's criteria run in the student's kernel. They import torch, NumPy, the standard library, and this.
"""

from autograder.lesson import Criterion, Exercise, Look, NotAttempted
from autograder.probing.borrowed import Codes, Counts, TorchDidIt, forbidden, functions_in, own_work, running, watch_on
from autograder.probing.draws import Draw
from autograder.probing.exceptions import attempt, attempt_text, lineage, raised
from autograder.probing.facts import (
    TABLES,
    Halfway,
    built,
    held_as,
    held_in_containers,
    hooks_on,
    is_a,
    number,
    refusal,
    tried,
    type_of,
    whole,
)
from autograder.probing.observation import Raised
from autograder.probing.registration import buffers_of, parameters_of, submodules_of

__all__ = [
    "TABLES", "Codes", "Counts", "Criterion", "Draw", "Exercise", "Halfway", "Look", "NotAttempted", "Raised",
    "TorchDidIt", "attempt", "attempt_text", "buffers_of", "built", "forbidden", "functions_in", "held_as",
    "held_in_containers", "hooks_on", "is_a", "lineage", "number", "own_work", "parameters_of", "raised", "refusal",
    "running", "submodules_of", "tried", "type_of", "watch_on", "whole",
]  # fmt: skip
