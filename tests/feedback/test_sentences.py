"""What students read, sentence by sentence. Expected texts are written out by hand, so that words are reviewed like
code."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import numpy as np
import pytest
import torch
from helpers.feedback_values import NO_DRIVER, OVERLOADS
from helpers.grades import ERROR, LINEAR, exercise_of, graded
from helpers.in_words import criterion_message
from torch import nn

from autograder.feedback.words import Explained
from autograder.judging.grade import CriterionGrade, NoObservation, Outcome
from autograder.probing.observation import Raised, from_json, to_json
from autograder.probing.observe import observe
from autograder.probing.registration import parameters_of


def one(expected: Any, seen: Any, because: str = "") -> CriterionGrade:
    return graded(exercise_of("it works", because=because), [expected], [seen]).criteria[0]


def frozen(layer: nn.Module) -> dict[str, Any]:
    for parameter in layer.parameters():
        parameter.requires_grad_(False)
    return parameters_of(layer)


SENTENCES = [
    # numbers that are not Python's, bytes and ranges, as people write them
    (3, np.int64(3), "The result is np.int64(3); expected 3."),
    (np.int64(3), torch.tensor(3), "The result is a tensor of shape (); expected np.int64(3)."),
    (np.float32(1.5), np.float32(2.5), "The result is 2.5; expected 1.5."),
    (np.int64(3), np.int32(3), "The result has dtype int32; expected int64."),
    (np.zeros(2), torch.zeros(2), "The result is a tensor of shape (2,); expected a NumPy array of shape (2,)."),
    (np.zeros(2), np.zeros(3), "The result has shape (3,); expected (2,)."),
    (
        np.array([1.0, 2.0]),
        np.array([1.0, 4.0]),
        "1 of 2 numbers differs, most at [1]: expected 2, got 4.",
    ),
    (1 + 2j, 1 + 3j, "The result is 1+3j; expected 1+2j."),
    (1 + 2j, 1.5, "The result is 1.5 (float); expected (1+2j) (complex)."),
    (b"ab", b"ac", "The result is b'ac'; expected b'ab'."),
    (range(3), range(0, 6, 2), "The result is range(0, 6, 2); expected range(0, 3)."),
    (range(3), [0, 1, 2], "The result is a list of 3; expected range(0, 3)."),
    # names before shapes before dtypes before numbers
    ({"weight": 1, "bias": 2}, {"weight": 1, "b": 2}, "Missing: `bias`; not expected: `b`."),
    (
        LINEAR,
        parameters_of(nn.Linear(3, 2, bias=False)),
        "`bias` is None; expected a parameter of shape (2,), float32.",
    ),
    (
        LINEAR,
        parameters_of(nn.Linear(2, 3)),
        "`weight` has shape (3, 2); expected (2, 3). `bias` has shape (3,); expected (2,).",
    ),
    (
        LINEAR,
        frozen(nn.Linear(3, 2)),
        (
            "`weight` has requires_grad=False; expected requires_grad=True. "
            "`bias` has requires_grad=False; expected requires_grad=True."
        ),
    ),
    (
        LINEAR,
        parameters_of(nn.Linear(3, 2).double()),
        "`weight` has dtype float64; expected float32. `bias` has dtype float64; expected float32.",
    ),
    (torch.zeros(2, 3), torch.zeros(3, 2), "The result has shape (3, 2); expected (2, 3)."),
    (torch.zeros(2), torch.zeros(2).long(), "The result has dtype int64; expected float32."),
    (
        torch.zeros(2, 3),
        torch.tensor([[0.0, 0, 0], [0, 1.42, 0]]),
        "1 of 6 numbers differs, most at [1][1]: expected 0, got 1.42.",
    ),
    (
        torch.full((3,), -0.6519),
        torch.tensor([1.0, 2.0, 3.0]),
        "3 of 3 numbers differ, most at [2]: expected -0.652, got 3.",
    ),
    (
        torch.tensor([True, False]),
        torch.tensor([True, True]),
        "1 of 2 values differs, first at [1]: expected False, got True.",
    ),
    (torch.zeros(100, 100), torch.ones(100, 100), "The numbers differ: the mean is 1; expected 0."),
    (torch.tensor(0.5), torch.tensor(0.25), "The result is 0.25; expected 0.5."),
    (
        torch.tensor([1.0, float("nan")]),
        torch.tensor([1.0, 0.0]),
        "1 of 2 numbers differs, most at [1]: expected nan, got 0.",
    ),
    # plain values
    (3, 4, "The result is 4; expected 3."),
    (3, 3.0, "The result is 3.0 (float); expected 3 (int)."),
    (True, 1, "The result is 1 (int); expected True (bool)."),
    (1.0, 1.000123, "The result is 1.00012; expected 1."),
    ("parameter", "buffer", "The result is 'buffer'; expected 'parameter'."),
    ("a registered parameter", "a plain tensor", "The result is a plain tensor; expected a registered parameter."),
    (torch.zeros(2), None, "The result is None; expected a tensor of shape (2,)."),
    (torch.zeros(2), [0.0, 0.0], "The result is a list of 2; expected a tensor of shape (2,)."),
    (None, "float64", "The result is 'float64'; expected None."),
    ([1], object(), "The result is an object of type builtins.object; expected a list of 1."),
    (OrderedDict(a=1), [], "The result is an empty list; expected a dict of 1."),
    (torch.zeros(2), "an nn.Linear does the work", "An nn.Linear does the work."),
    # sequences
    ([1, 2], [1, 2, 3], "The result is a list of 3: [1, 2, 3]; expected a list of 2: [1, 2]."),
    ([1, 2], [], "The result is an empty list; expected a list of 2: [1, 2]."),
    ([1, 2], (1, 2), "The result is a tuple of 2; expected a list of 2."),
    ((3, 4), (4, 3), "The result is (4, 3); expected (3, 4)."),
    (["a", "b"], ["a", "c"], "Missing: `b`; not expected: `c`."),
    (["a", "b"], ["b", "a"], "Right names, other order: `b`, `a`; expected `a`, `b`."),
    (["a", "b"], ["a", "b", "b"], "Some come twice or not at all: `a`, `b`, `b`; expected `a`, `b`."),
    ([f"n{n}" for n in range(9)], [], "Missing: `n0`, `n1`, `n2`, `n3`, `n4`, `n5` and 3 more."),
    (list(range(12)), [*range(11), 99], "Item [11] is 99; expected 11."),
    ([{"epoch": 1}], [{"epoch": 0}], "Item [0] `epoch` is 0; expected 1."),
    ((torch.zeros(2), torch.zeros(2)), (torch.zeros(2), torch.zeros(3)), "Item [1] has shape (3,); expected (2,)."),
    # exceptions
    (ValueError(), [1, 2], "Expected ValueError, but it returned a list of 2."),
    (ValueError(), None, "Expected ValueError, but it raised nothing."),
    (ValueError(), KeyError("conv9"), "Trying out your code raised KeyError: 'conv9'; expected ValueError."),
    (1, ERROR, "Your code raised RuntimeError: mat1 and mat2 don't fit (at line 14: `return x @ self.weight`)."),
    (1, TypeError("is this a module?"), "Trying out your code raised TypeError: is this a module?"),
    (1, RuntimeError(), "Trying out your code raised RuntimeError."),
    (
        1,
        Raised(("RuntimeError",), NO_DRIVER, line=4, code="x.cuda()"),
        (
            "Your code raised RuntimeError: there is no GPU here. The check runs on the CPU: leave out what moves "
            "things to a GPU (at line 4: `x.cuda()`)."
        ),
    ),
    (
        1,
        Raised(("TypeError",), OVERLOADS, line=4, code="F.conv2d([x], w)"),
        (
            "Your code raised TypeError: conv2d() received an invalid combination of arguments - got (list, Parameter) "
            "(at line 4: `F.conv2d([x], w)`)."
        ),
    ),
    # texts that are clauses don't come after "is"
    (
        {"weight": "is detached"},
        {"weight": "requires a gradient"},
        "`weight`: requires a gradient; expected: is detached.",
    ),
    (
        {"the error": {0: "an IndexError"}},
        {"the error": {0: "no error"}},
        "the error, `0`: no error; expected an IndexError.",
    ),
    (
        {"flags": "nothing has changed"},
        {"flags": {"body": "eval mode"}},
        "`flags`: {'body': 'eval mode'}; expected: nothing has changed.",
    ),
    ("nothing has changed", [1], "[1]; expected: nothing has changed."),
    # what would vanish, or says too much
    ({"": 1, "block": 1}, {"block": 1}, 'Missing: `""`.'),
    (["block"], ["", "block"], 'Not expected: `""`.'),
    ({"": 1}, {"": 2}, '`""` is 2; expected 1.'),
    (torch.tensor([-0.0, 0.0]), torch.tensor([1.0, 0.0]), "1 of 2 numbers differs, most at [0]: expected 0, got 1."),
    # under what conditions: keys that are phrases
    (
        {"x of shape (5, 3)": torch.zeros(5, 2)},
        {"x of shape (5, 3)": torch.zeros(5, 1)},
        "x of shape (5, 3): shape (5, 1); expected (5, 2).",
    ),
    ({"MLP([3])": "ValueError"}, {"MLP([3])": "no error"}, "`MLP([3])`: no error; expected ValueError."),
    (
        {"Affine(3, 2)": {"held as": "a registered parameter", "shape": (2, 3)}},
        {"Affine(3, 2)": {"held as": "a plain tensor"}},
        "`Affine(3, 2)`, held as: a plain tensor; expected a registered parameter.",
    ),
    (
        {"in training mode": {"mean": torch.zeros(2)}},
        {"in training mode": {"mean": torch.ones(2)}},
        "in training mode, `mean`: 2 of 2 numbers differ, most at [0]: expected 0, got 1.",
    ),
    # the same thing in several places is told once
    (
        {f"case {n}": 1 for n in range(3)},
        {f"case {n}": 0 for n in range(3)},
        "case 0: 0; expected 1. The same in 2 more places.",
    ),
    (
        {f"case {n}": 1 for n in range(3)},
        {f"case {n}": ERROR for n in range(3)},
        (
            "case 0: your code raised RuntimeError: mat1 and mat2 don't fit (at line 14: `return x @ self.weight`). "
            "Likewise in 2 more places."
        ),
    ),
    # no more than a few
    (
        {f"k{n}": n for n in range(7)},
        {f"k{n}": n + 1 for n in range(7)},
        (
            "`k0` is 1; expected 0. `k1` is 2; expected 1. `k2` is 3; expected 2. `k3` is 4; expected 3. "
            "And 3 more differences."
        ),
    ),
    # outcomes without an observation to compare
    (1, Raised(("MissingName",), "Scale"), "`Scale` is not defined. Did the cell above run?"),
    (
        1,
        Raised(("NotImplementedError",), "", stub=True),
        "Not attempted yet: `raise NotImplementedError` is still there.",
    ),
    (
        1,
        Raised(("NotAttempted",), "every answer is still None", stub=True),
        "Not attempted yet: every answer is still None.",
    ),
    (
        1,
        NoObservation(Outcome.TIMEOUT, "it ran longer than 9 s and was at line 3"),
        "It took too long and was stopped. Is there a loop that never ends? It ran longer than 9 s and was at line 3.",
    ),
    (1, NoObservation(Outcome.CRASHED, "memory ran out"), "The kernel died while this ran. Memory ran out."),
    (1, NoObservation(Outcome.MISSING), "The cell for this exercise is missing."),
    (1, NoObservation(Outcome.ERROR, "the cell has a syntax error"), "It could not run. The cell has a syntax error."),
    (1, 1, ""),
]


def travelled(value: Any) -> Any:
    return value if isinstance(value, NoObservation) else from_json(to_json(observe(value)))


@pytest.mark.parametrize(("expected", "seen", "sentence"), SENTENCES)
def test_a_criterion_is_told_in_these_words(expected: Any, seen: Any, sentence: str) -> None:
    assert criterion_message(one(expected, seen)) == sentence
    assert criterion_message(one(travelled(expected), seen)) == sentence  # golden, in a student's notebook
    assert criterion_message(one(travelled(expected), travelled(seen))) == sentence  # out of a sandbox


def test_why_it_matters_follows_where_nothing_better_is_known() -> None:
    assert criterion_message(one(3, 4, because="Sizes add up.")) == "The result is 4; expected 3. Sizes add up."


def test_the_row_with_the_worst_number_stands_beside_the_expected_one() -> None:
    expected, seen = torch.zeros(2, 9), torch.zeros(2, 9)
    seen[1, 8] = 1.5
    (told,) = Explained(one(expected, seen)).differences
    assert (told.expected, told.seen) == ("row [1]: …, 0, 0, 0, 0, 0, 0", "row [1]: …, 0, 0, 0, 0, 0, 1.5")
