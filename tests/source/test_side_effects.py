"""Which cells may have spoiled something for others, by their text."""

from __future__ import annotations

import gc
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder.source.parsing import LONGEST, parsed
from autograder.source.side_effects import bound_names, has_side_effects

GIVEN = frozenset({"torch", "nn", "F"})

LAYER = """
class Layer(nn.Module):
    count = 0

    def __init__(self, sizes):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(sizes))
        self.cache = {}
        self.cache["sizes"] = sizes

    def forward(self, x):
        x = F.relu(x @ self.weight)
        x[0] = 0
        return x
"""


@pytest.mark.parametrize(
    "source",
    [LAYER, "answers = {'a': True}\nanswers['b'] = False", "import math\nfrom torch.nn import functional", "",
     "x: int = 1", "with torch.no_grad():\n    y = torch.ones(2)", "layer = nn.Linear(2, 2)\nlayer.bias = None",
     "print(nn.Linear)",
     "def f(x):\n    raise NotImplementedError"],
)  # fmt: skip
def test_cells_that_keep_to_themselves(source: str) -> None:
    assert not has_side_effects(source, GIVEN)


@pytest.mark.parametrize(
    "source",
    ["nn.Linear.forward = None", "def f():\n    nn.init.ones_ = None", "del nn.Linear.forward",
     "torch.__dict__['ones'] = 1", "sum = 0", "nn = None", "del nn", "def print(): ...", "class list: ...",
     "for nn in range(3): ...",
     "import os", "from math import *", "from sys import modules", "import torch as nn\nnn.x = 1",
     "torch.manual_seed(3)", "torch.set_grad_enabled(False)", "nn.modules.module.register_module_forward_hook(print)",
     "_ = setattr(nn.Linear, 'forward', None)", "exec('1')", "open('x')", "global x", "await f()", "%reset -f", "!ls",
     "f().x = 1", "torch.library.Library('aten', 'IMPL')", "class A:\n    torch.Tensor.x = 1", "x = (",
     "x = 1\n" * LONGEST],
)  # fmt: skip
def test_cells_that_may_reach_others(source: str) -> None:
    assert has_side_effects(source, GIVEN)


def test_the_names_that_a_cell_binds() -> None:
    source = "import a.b, c as d\nfrom e import f\nx = y = 1\nfor z in []:\n    pass\ndef g(h):\n    i = 1\n"
    assert bound_names(source) == {"a", "d", "f", "x", "y", "z", "g"}
    assert bound_names("x = (") == frozenset()


@pytest.mark.parametrize("source", ["(" * 300, "\0", "x = (", "x" * (LONGEST + 1)])
def test_what_is_too_long_or_no_python_is_not_parsed(source: str) -> None:
    assert parsed(source) is None


@pytest.mark.parametrize("part", ["-", "not ", "lambda:", "1+", "a if b else ", "2**", "a."])
def test_nothing_is_too_deep_for_the_grader(part: str) -> None:
    tree = parsed(part * (LONGEST // len(part) - 1) + "a")
    assert tree is None or tree.body


def test_many_threads_parse_at_once() -> None:
    def give_way(*_: object) -> None:
        time.sleep(0)

    sources = [f"value = {'(' * depth}1{')' * depth}\n" + "def f(x):\n    return x + 1\n" * 100 for depth in range(60)]
    thresholds = gc.get_threshold()
    gc.set_threshold(20)
    gc.callbacks.append(give_way)  # so that others get their turn while a tree is made
    try:
        with ThreadPoolExecutor(4) as pool:
            assert all(pool.map(parsed, sources))
    finally:
        gc.callbacks.remove(give_way)
        gc.set_threshold(*thresholds)
