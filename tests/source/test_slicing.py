"""What a student's cells need of the experiments that they left as they were."""

from __future__ import annotations

from autograder.source.slicing import slice_definitions

WAVE = "import math\nclass Wave:\n    size = math.pi\n\nprint('a wave')\n"
USES = "wave = Wave()\nwave.show()\n"
PLOT = "fig, axes = plt.subplots(1, 2)\nfor ax in axes:\n    ax.plot(heights)\n"
TRAINING = "def train(model):\n    return fit(model, rate)\n\nhistory = train(Wave())\nrate = 0.1\n"


def test_nothing_is_needed_of_experiments_that_nobody_mentions() -> None:
    assert slice_definitions({1: WAVE, 2: USES, 3: PLOT, 4: TRAINING}, ["answer = 3", "def f(x):\n    return x"]) == {}


def test_what_is_mentioned_is_needed_with_what_it_needs_itself() -> None:
    found = slice_definitions({1: WAVE, 2: USES, 3: PLOT}, ["def f():\n    return wave.size"])
    assert found == {1: "import math\nclass Wave:\n    size = math.pi", 2: "wave = Wave()"}


def test_a_function_gets_what_is_defined_further_down() -> None:
    assert slice_definitions({4: TRAINING}, ["answer = train(mine)"]) == {
        4: "def train(model):\n    return fit(model, rate)\nrate = 0.1"
    }


def test_a_name_may_stand_in_a_text_and_in_what_is_no_python() -> None:
    assert slice_definitions({2: USES}, ["%timeit wave"]) == {2: "wave = Wave()"}
    assert slice_definitions({2: USES}, ["answer = globals()['wave']"]) == {2: "wave = Wave()"}


def test_an_experiment_that_is_no_python_defines_nothing() -> None:
    assert slice_definitions({1: "%matplotlib inline\nwave = 1"}, ["print(wave)"]) == {}


def test_a_module_that_an_experiment_writes_is_needed_where_it_is_imported() -> None:
    writes = "%%writefile waves.py\nfrom math import pi\n"
    assert slice_definitions({1: writes, 2: USES}, ["from waves import pi"]) == {1: writes}
    assert slice_definitions({1: writes, 2: USES}, ["import waves.more as w"]) == {1: writes}
    assert slice_definitions({1: writes, 2: USES}, ["import math, wavelets\nfrom . import waves"]) == {}
