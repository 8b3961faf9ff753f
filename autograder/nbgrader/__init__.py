"""The seam to nbgrader: nothing outside this folder imports it.

`course/nbgrader_config.py` names what is exported here, so that `nbgrader autograde`,
Formgrader's button and `autograder grade` take the same path. Gradebook, feedback, exchange and exports stay
nbgrader's own.
"""

import warnings

from autograder.nbgrader.by_hand import TellPointsByHand
from autograder.nbgrader.exporter import SubmissionExporter, adopt_renamed
from autograder.nbgrader.grade import Grade
from autograder.nbgrader.stamps import StampCells
from autograder.nbgrader.stubs import ClearSolutions

__all__ = [
    "ClearSolutions", "Grade", "StampCells", "SubmissionExporter", "TellPointsByHand", "adopt_renamed", "database",
    "gradebook", "release", "standing",
]  # fmt: skip

# SQLAlchemy remarks on how nbgrader adds submissions; they are stored all the same, and nobody here can do anything.
warnings.filterwarnings("ignore", "Object of type <", RuntimeWarning, r"nbgrader\.api")
