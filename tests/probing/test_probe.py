"""A probe sees defaults and leaves everything as it was; what it shows depends on what is drawn."""

from __future__ import annotations

import linecache
from typing import Any

import pytest
import torch
from helpers.observations import right
from torch import nn
from torch.nn.modules import module as hooks_everywhere

from autograder.judging.compare import Tolerance, compare, settled
from autograder.lesson.exercise import Exercise
from autograder.lesson.lesson import Lesson
from autograder.probing import observation as o
from autograder.probing.defaults import defaults
from autograder.probing.exceptions import attempt
from autograder.probing.facts import held_as, tried
from autograder.probing.integrity import control
from autograder.probing.observe import observe
from autograder.probing.probe import probe


def test_a_probe_sees_defaults_and_leaves_all_as_it_was() -> None:
    hook = hooks_everywhere.register_module_forward_hook(lambda *a: torch.zeros(1))  # type: ignore[arg-type]
    torch.set_default_dtype(torch.float64)
    torch.set_default_device("meta")
    try:
        with defaults(3), torch.enable_grad():
            first = torch.rand(2)
            assert (first.dtype, first.device.type) == (torch.float32, "cpu")
            assert nn.Identity()(torch.ones(2)).tolist() == [1, 1]
            torch.set_default_dtype(torch.float16)
            torch.set_grad_enabled(False)
        assert torch.is_grad_enabled()
        assert (torch.get_default_dtype(), torch.get_default_device().type) == (torch.float64, "meta")
        assert len(hooks_everywhere._global_forward_hooks) == 1
        with defaults(3):
            assert torch.equal(torch.rand(2), first)
    finally:
        torch.set_default_device(None)
        torch.set_default_dtype(torch.float32)
        hook.remove()


def test_a_default_device_that_is_not_there_is_reset_and_put_back() -> None:
    torch.set_default_device("privateuseone")
    try:
        exercise = Exercise("e", requires="f", title="", minutes=1, difficulty=1, hints=[])
        exercise.criterion("it computes")(lambda f, draw: f(torch.ones(2)))
        seen = probe(exercise, exercise.criteria[0], 0, {"f": lambda x: x * torch.tensor([2.0, 3.0])})
        assert isinstance(seen, o.Array)
        assert torch.device("privateuseone") == torch.utils._device.CURRENT_DEVICE
    finally:
        torch.set_default_device(None)


def cell(source: str) -> dict[str, Any]:
    """What a notebook's cell defines; Python finds its lines again, as IPython's."""
    file = f"<cell {hash(source)}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    names: dict[str, Any] = {"torch": torch}
    exec(compile(source, file, "exec"), names)
    return names


RELEASED = 'raise NotImplementedError("your code goes here")'


@pytest.mark.parametrize(
    ("body", "stub"),
    [
        (f"    {RELEASED}", True),
        ("    raise NotImplementedError", True),
        (f"    n = len(x)\n    {RELEASED}", True),
        ("    if True:\n        raise NotImplementedError", False),
        ('    raise NotImplementedError("of mine")', False),
        ("    return abstract(x)", False),
        ("    return torch.arange(3).mean()", False),
        ("    return torch.ones(2, device='meta').numpy()", False),
        ("    try:\n        return torch.arange(3).mean()\n    except NotImplementedError:\n        raise", False),
        ("    raise type('Odd', (NotImplementedError,), {})()", False),
        ("    return torch.nn.Module()(x)", False),
        ("    raise KeyError", False),
    ],
)
def test_a_stub_is_known_by_its_own_line(body: str, stub: bool) -> None:
    names = cell(f"def f(x):\n{body}\n\ndef abstract(x):\n    raise NotImplementedError\n")
    seen = attempt(lambda: names["f"]([1, 2]))
    assert isinstance(seen, o.Raised)
    assert seen.stub is stub


def test_a_module_that_is_not_registered_is_told_as_one() -> None:
    class Net(nn.Module):
        conv1 = nn.Identity()

    net = Net()
    net.__dict__["conv2"] = nn.Identity()
    assert held_as(net, "conv1") == "a module of the class, not of each object"
    assert held_as(net, "conv2") == "a module that is not registered"


def test_an_error_that_nobody_worded_keeps_its_text() -> None:
    class Counts(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            if not len(x):
                raise ValueError("of my own")
            return nn.functional.cross_entropy(x, x[:1, 0].long())

    own, torch_s = tried(lambda: Counts()(torch.ones(0))), tried(lambda: Counts()(torch.ones(2, 3)))
    assert (own.types[0], own.message) == ("ValueError", "")
    assert own.line
    assert own.code == 'raise ValueError("of my own")'
    assert torch_s.types[0] == "ValueError"
    assert "batch_size" in torch_s.message


def test_the_control_notices_what_was_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.probing.integrity._transformers", list)
    before = control()
    assert control() == before
    with monkeypatch.context() as patch:
        patch.setattr(torch, "relu", torch.abs)
        assert control() != before
    with monkeypatch.context() as patch:
        patch.setattr("builtins.sum", lambda *a: 42)
        assert control() != before
    assert control() == before


def test_every_criterion_of_the_small_lesson_depends_on_what_is_drawn(lesson: Lesson) -> None:
    for name, exercise in lesson.exercises.items():
        answer = {exercise.requires: right(lesson, name)}
        for criterion in exercise.criteria:
            first, second = (probe(exercise, criterion, seed, answer) for seed in (1, 2))
            assert compare(first, second), f"{name}: {criterion.name}"


class TestSettled:
    """Numbers that are written already stay, where another processor's last bits are all that is new."""

    def test_last_bits_stay_as_they_were_written(self) -> None:
        old = observe({"y": torch.tensor([1.0, 2.0]), "loss": 0.5, "n": 3})
        new = observe({"y": torch.tensor([1.0 + 1e-6, 2.0]), "loss": 0.5 + 1e-8, "n": 3})
        assert o.to_json(new) != o.to_json(old)
        assert o.to_json(settled(old, new, Tolerance())) == o.to_json(old)

    @pytest.mark.parametrize(
        "value", [{"n": 4}, {"y": torch.tensor([1.0, 2.1])}, {"loss": "0.5"}, ["y"], ValueError("z")]
    )
    def test_a_change_is_written(self, value: object) -> None:
        old = observe({"y": torch.tensor([1.0, 2.0]), "loss": 0.5, "n": 3, "error": ValueError("x")})
        new = observe({**value, "error": ValueError("y")} if isinstance(value, dict) else value)
        assert o.to_json(settled(old, new, Tolerance())) == o.to_json(new)
