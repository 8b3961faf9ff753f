"""Runs a submission's cells in a kernel, asks the kernel for observations, and grades: every route ends here.

The reference's observations come from here too, and their cache.
"""

from autograder.running.grader import Grader
from autograder.running.identity import versions, what_changed
from autograder.running.observation_cache import keep, recall
from autograder.running.reference import expected_observations, observe_and_watch, observe_answers

__all__ = [
    "Grader", "expected_observations", "keep", "observe_and_watch", "observe_answers", "recall", "versions",
    "what_changed",
]  # fmt: skip
