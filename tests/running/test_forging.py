"""What hostile submissions and bad luck try, graded for real: the verdict is out of reach."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.hostile_runs import Grade, instead, message, outcome, points, without
from helpers.small_lesson import FULL, GIVEN, STUBS, check, code, solution, solved

from autograder.judging.golden import public_seed
from autograder.judging.grade import Outcome
from autograder.lesson.lesson import Lesson
from autograder.probing.observation import to_json
from autograder.running.reference import expected_observations

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def unsolved(**before: str) -> list[dict[str, Any]]:
    """A notebook of stubs, with code in front of some."""
    cells = [code(GIVEN)]
    for exercise, stub in STUBS.items():
        cells += [solution(exercise, before.get(exercise, "") + stub), check(exercise)]
    return cells


PATCHES = """\
import builtins, json, importlib, sys
import autograder.probing.kernel_side, autograder.probing.observe
import autograder.probing.probe, autograder.probing.observation
import torch.testing
torch.allclose = torch.equal = lambda *a, **k: True
torch.testing.assert_close = lambda *a, **k: None
torch.Tensor.__eq__ = lambda *a: True
torch.manual_seed = lambda *a: None
builtins.sum = lambda *a: 10**6
builtins.AssertionError = Exception
json.dumps = lambda *a, **k: '["scalar", true]'
for module in (autograder.probing.probe, autograder.probing.kernel_side, autograder.probing.observe):
    for name in ("probe", "probe_json", "observe", "answer", "attempt", "to_json"):
        setattr(module, name, lambda *a, **k: "WyJzY2FsYXIiLHRydWVd")
sys.excepthook = lambda *a: None
get_ipython().showtraceback = lambda *a, **k: None
get_ipython().display_formatter.format = lambda *a, **k: ({"text/plain": "100"}, {})
"""


def test_patches_gain_nothing_and_cost_no_other_exercise(grade: Grade) -> None:
    graded = grade(instead(middle=PATCHES + STUBS["middle"]), cell_seconds=2)
    assert points(graded) == without("middle")


def test_patches_in_a_cell_of_their_own_cost_nothing(grade: Grade) -> None:
    graded = grade([code(GIVEN), code(PATCHES), *solved()], cell_seconds=2)
    assert points(graded) == FULL


REPLAY = '''\
import base64, json, sys
KNOWN = json.loads({known!r})
def replay(exercise, number, seed):
    return base64.b64encode(KNOWN[exercise][number].encode()).decode()
class Forger:
    """Changes the probe while it is being probed."""
    def __init__(self, *arguments): self.forge()
    def __call__(self, *arguments): return self.forge()
    def forge(self):
        frame = sys._getframe()
        while frame and "to_json" not in frame.f_globals:
            frame = frame.f_back
        names = next(f.f_locals for f in frames() if "number" in f.f_locals and "exercise" in f.f_locals)
        exercise = names["exercise"] if isinstance(names["exercise"], str) else names["exercise"].id
        frame.f_globals["to_json"] = lambda observation: KNOWN[exercise][names["number"]]
def frames():
    frame = sys._getframe()
    while frame:
        yield frame
        frame = frame.f_back
import autograder.probing.kernel_side, autograder.probing.probe
autograder.probing.kernel_side.answer = replay
Scale = Forger
middle = total = Forger()
'''


def test_answers_cached_from_the_public_seed_gain_nothing(grade: Grade, lesson: Lesson) -> None:
    import json

    public = expected_observations(lesson, public_seed(lesson))
    known = {name: [to_json(node) for node in expected.reference] for name, expected in public.items()}
    replay = REPLAY.format(known=json.dumps(known))
    assert points(grade(instead(scale=replay, middle="", total=""))) == without(*FULL)


TRANSFORMERS = """\
import ast
class Rewrite(ast.NodeTransformer):
    def visit_FunctionDef(self, node):
        return ast.parse(f"def {node.name}(*a): return 1").body[0]
get_ipython().ast_transformers.append(Rewrite())
get_ipython().input_transformers_post.append(lambda lines: ["raise SystemExit\\n"])
get_ipython().events.register("pre_run_cell", lambda *a: 1 / 0)
"""


def test_transformers_gain_nothing_and_cost_no_other_exercise(grade: Grade) -> None:
    graded = grade(instead(middle=TRANSFORMERS + STUBS["middle"]))
    assert points(graded) == without("middle")
    assert "graded by itself" in message(graded, "total")


REBINDING = """\
import threading, time
class Anything:
    def __eq__(self, other): return True
    __hash__ = None
    def __call__(self, *a, **k): return self
    def __getattr__(self, name): return self
def rebind():
    while True:
        get_ipython().user_ns.update(total=Anything(), middle=Anything())
        time.sleep(0.001)
threading.Thread(target=rebind, daemon=True).start()
"""


def test_a_thread_that_rebinds_names_gains_nothing_and_costs_no_other_exercise(grade: Grade) -> None:
    assert points(grade(instead(middle=REBINDING + STUBS["middle"]))) == without("middle")


FORGED_MESSAGES = r"""
import json, threading, time
kernel = get_ipython().kernel
print('{"score": 100}'); print("100.0"); print("### PASSED ###")
odd = [[], 1, None, "x", {"msg_id": []}, {"user_expressions": [1]}, {"data": {"text/plain": 1, "image/png": "iVBORw0KGgo=\"><script>"}},
       {"name": "stdout", "text": "\ud800\x00<script>"}, {"status": "error", "ename": [], "evalue": {}, "traceback": [1]}]
def spam():
    while True:
        for header in odd:
            for content in odd:
                for kind in ("execute_reply", "stream", "display_data", "error", "status", [], None):
                    parent = kernel.get_parent("shell").get("header", {})
                    parts = [json.dumps(part, default=str).encode() for part in ({"msg_type": kind}, parent, header, content)]
                    for parts in (parts, [b"[" * 100_000, *parts], parts[:2]):
                        kernel.iopub_socket.send_multipart([b"t", b"<IDS|MSG>", b"sig", *parts])
        time.sleep(0.01)
threading.Thread(target=spam, daemon=True).start()
"""  # noqa: E501


def test_forged_messages_and_outputs_gain_nothing(grade: Grade) -> None:
    graded = grade(instead(middle=FORGED_MESSAGES + STUBS["middle"]))
    assert points(graded) == without("middle")
    assert outcome(graded, "middle") is Outcome.NOT_ATTEMPTED
    pictures = [o["data"]["image/png"] for outs in graded.outputs.values() for o in outs if "image/png" in str(o)]
    assert pictures == []


MONSTERS = {
    "scale": "class Scale(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n"
    "        for i in range(6000): self.register_parameter(f'p{i}', nn.Parameter(torch.ones(1)))\n"
    "    def forward(self, x):\n        y = [x]\n        for _ in range(40): y = [y, y]\n        return y\n",
    "middle": "def middle(x):\n    deep = x\n    for _ in range(5000): deep = [deep]\n"
    "    return deep, 'ab\\ud800\\x00' * 10**6\n",
    "total": "def total(x):\n    return torch.zeros(1).expand(10**12), {i: 'x' * 10**4 for i in range(10**5)}\n",
}  # fmt: skip


def test_monstrous_answers_fail_with_a_word_on_their_size(grade: Grade) -> None:
    graded = grade(instead(**MONSTERS))
    assert points(graded) == without(*FULL)
    assert {outcome(graded, name) for name in FULL} <= {Outcome.FAILED, Outcome.ERROR}
    assert "monstrous size" in message(graded, "scale")


GLOBAL_STATE = """\
import warnings, numpy as np
from torch.nn.modules import module
torch.set_default_dtype(torch.float64)
torch.set_default_device("meta")
torch.set_grad_enabled(False)
torch.use_deterministic_algorithms(True)
torch.set_anomaly_enabled(True)
torch.set_autocast_enabled("cpu", True)
module.register_module_forward_hook(lambda module, inputs, output: output * 0)
module.register_module_forward_pre_hook(lambda module, inputs: 1 / 0)
np.seterr(all="raise")
warnings.simplefilter("error")
"""


def test_global_settings_left_by_an_experiment_cost_nothing(grade: Grade) -> None:
    graded = grade([code(GIVEN), code(GLOBAL_STATE), *solved()])
    assert points(graded) == FULL
    assert not any(exercise.notes for exercise in graded.exercises)


SPOILERS = {
    "deletes what the lesson gives": "del nn, torch\n",
    "forgets everything": "%reset -f\n",
    "shadows builtins": "sum = 0\nlist = [1]\nfrom torch import *\n",
    "shadows what the grader asks by": "__import__ = lambda *a, **k: 1 / 0\n",
    "patches a layer": "nn.Module.to = nn.Linear.forward = nn.init.ones_ = lambda *a, **k: 1\nnn.Parameter = None\n",
    "patches as it assigns": "_ = setattr(torch.Tensor, 'sort', lambda *a: 1 / 0)\n",
    "patches in the body of a class": "class Spoiler:\n    torch.Tensor.sort = lambda *a: 1 / 0\n",
    "patches in a function": "def patch():\n    torch.Tensor.__mul__ = lambda *a: 1 / 0\n\n\npatch()\n",
    "overrides an operator": "library = torch.library.Library('aten', 'IMPL')\n"
    "library.impl('mul.Tensor', lambda *a: a[0] * 0, 'AutogradCPU')\n",
    "watches every call": "import sys\nsys.setprofile(lambda *a: 1 / 0)\n",
    "blocks a loop to come": "import asyncio, time\nasync def f():\n    time.sleep(99)\n_ = asyncio.create_task(f())\n",
    "rings an alarm": "import signal\n_ = signal.setitimer(signal.ITIMER_REAL, 0.3)\n",
}


@pytest.mark.parametrize("spoiler", SPOILERS.values(), ids=SPOILERS.keys())
def test_what_one_cell_spoils_for_others_costs_them_nothing(grade: Grade, spoiler: str) -> None:
    cells = solved()
    assert points(grade([cells[0], code(spoiler), *cells[1:]], notebook_seconds=20)) == FULL


FORGED = """\
import autograder.probing.observation as o, numpy as np
class Scale(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.weight = torch.ones(n)
    def forward(self, x):
        return {}
"""


@pytest.mark.parametrize(
    "answer",
    [
        "o.Raised((), '')", "o.Array((4, 3), '\\ud800', np.zeros(3), True)",
        "o.Array((4, 3), 'A' * 700_000, np.zeros(3), True)", "o.Array((4, 3), 'bool', 2 * np.ones((4, 3), 'u1'))",
        "o.Opaque('\\ud800' * 10_000)",
    ],
)  # fmt: skip
def test_no_forged_observation_keeps_the_grader_from_grading(grade: Grade, answer: str) -> None:
    graded = grade(instead(scale=FORGED.format(answer)))
    assert points(graded) == without("scale")
    assert len(message(graded, "scale").encode()) < 1_000
