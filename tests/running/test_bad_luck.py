"""What is broken and not hostile costs what it must, and nobody is doubted for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers import COURSE, small_lesson
from helpers.hostile_runs import Grade, message, outcome, points, without
from helpers.small_lesson import FULL, GIVEN, code, solved

from autograder.judging.grade import Outcome
from autograder.lesson.lesson import Lesson
from autograder.running.run import Runs
from autograder.sandbox import Bubblewrap, Limits
from autograder.submission.cells import read_submission

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.mark.parametrize("lesson_folder", sorted(COURSE.glob("*/exercises")), ids=lambda path: path.parent.name)
def test_a_lessons_own_cells_are_no_reason_for_doubt(lesson_folder: Path, sandbox: Bubblewrap) -> None:
    lesson = Lesson(lesson_folder.parent)
    released = COURSE / "release" / lesson.name / f"{lesson.name}.ipynb"
    submission = read_submission(released.read_bytes(), lesson)
    runs = Runs(submission, lesson, 7, sandbox, Limits())
    assert runs.whole().doubtful == set()


def test_nor_are_imports_of_what_the_lesson_does_not_mention(lesson: Lesson, sandbox: Bubblewrap) -> None:
    late = "import torchvision\nimport matplotlib.pyplot as plt\ntorch.optim.SGD([nn.Parameter(torch.ones(1))], lr=1)\n"
    submission = read_submission(small_lesson.notebook([code(GIVEN), code(late), *solved()]), lesson)
    result = Runs(submission, lesson, 7, sandbox, Limits()).whole()
    assert result.doubtful == set()
    assert not any(output["output_type"] == "error" for outputs in result.outputs.values() for output in outputs)


UNLUCKY = {
    "no Python": "class Broken(:\n    pass\n",
    "a missing package": "import surely_not_installed\n",
    "a GPU": "torch.ones(2).cuda()\n",
    "a file": "open('my_data.csv')\n",
    "the network": "import urllib.request\nurllib.request.urlopen('https://example.org', timeout=2)\n",
    "warnings": "import sys, warnings\nwarnings.warn('careful')\nprint('noise', file=sys.stderr)\n",
    "nothing to install from": "!echo installing\n%matplotlib inline\n",
    "a half of a character": "print('\ud83d')\n",
    "a check of their own": "from autograder import check\nprint(1)\ncheck('scale')\n",
    "null": "x = 1\x00\n",
}


def test_bad_luck_in_other_cells_costs_nothing(grade: Grade) -> None:
    graded = grade([code(GIVEN), *map(code, UNLUCKY.values()), *solved()])
    assert points(graded) == FULL
    assert not any(exercise.notes for exercise in graded.exercises)


def test_bad_luck_in_a_solution_costs_that_exercise_alone(grade: Grade) -> None:
    graded = grade(solved(middle="import surely_not_installed\n", total="answer = input('?')\n"))
    assert points(graded) == without("middle", "total")
    assert "surely_not_installed" in message(graded, "middle")
    assert outcome(graded, "middle") is Outcome.ERROR
