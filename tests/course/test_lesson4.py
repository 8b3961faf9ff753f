"""Lesson 4 held to torch itself: where torch has the thing, the reference must agree with it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from helpers.references import SEED, References
from torch import nn

from autograder.judging.grade import Expected, Outcome, grade_exercise
from autograder.lesson.exercise import NotAttempted
from autograder.probing.draws import Draw
from autograder.probing.observation import Raised

OWN = References("lesson4_hooks")
reference = OWN.reference
observed = OWN.observed
namespace = OWN.namespace


@pytest.fixture
def draw() -> Draw:
    return Draw(SEED)


@pytest.fixture
def net(draw: Draw) -> Any:
    """A small network with a container in it."""
    inner = nn.Sequential(nn.Linear(3, 4), nn.Tanh())
    return draw.fill(nn.Sequential(nn.Linear(2, 3), inner, nn.Linear(4, 2)))


class TestHookOrder:
    """The answer, against the experiment."""

    @pytest.mark.parametrize("samples", [1, 4])
    def test_is_what_torch_does(self, samples: int) -> None:
        log: list[str] = []
        model = namespace("hook_order")["hooked"](log)
        model(torch.ones(samples, 2, requires_grad=True)).sum().backward()
        assert log == reference("hook_order")

    @pytest.mark.parametrize("empty", [[None] * 16, [], (None,)])
    def test_template_is_not_attempted(self, empty: Any) -> None:
        for seen in observed("hook_order", empty):
            assert isinstance(seen, Raised)
            assert seen.stub
            assert seen.types[0] == NotAttempted.__name__

    @pytest.mark.parametrize("odd", ["net pre", None, 16, {"net pre"}, [1, 2], [["net pre"]]])
    def test_odd_answers_are_told_apart(self, odd: Any) -> None:
        for seen in observed("hook_order", odd):
            assert isinstance(seen, Raised)
            assert not seen.stub

    def test_half_an_answer_earns_its_half(self) -> None:
        right = reference("hook_order")
        expected = Expected(observed("hook_order", right), ())
        half = [*right[:9], *[None] * 7]
        grade = grade_exercise(OWN.lesson.exercises["hook_order"], expected, list(observed("hook_order", half)))
        assert [item.outcome for item in grade.criteria][:2] == [Outcome.FAILED, Outcome.PASSED]
        assert 0 < grade.points < OWN.lesson.exercises["hook_order"].points


class TestHookable:
    """The dispatch, against torch's, wherever the contract is torch's own."""

    def both(self) -> list[Any]:
        """An object of the student's kind and one of torch's, with the same forward."""

        def forward(self: Any, *args: Any) -> Any:
            return sum(args)

        return [type("Ours", (reference("hookable"),), {"forward": forward})(), type(
            "Theirs", (nn.Module,), {"forward": forward})()]  # fmt: skip

    @pytest.mark.parametrize("value", [None, 3, (1, 2, 3), (), 0])
    def test_results_of_pre_hooks(self, value: Any) -> None:
        results = []
        for target in self.both():
            target.register_forward_pre_hook(lambda self, args: value)
            results.append(target(4, 5))
        assert results[0] == results[1]

    @pytest.mark.parametrize("value", [None, 3, (1, 2), (), 0, False])
    def test_results_of_forward_hooks(self, value: Any) -> None:
        results = []
        for target in self.both():
            target.register_forward_hook(lambda self, args, output: value)
            results.append(target(4, 5))
        assert results[0] == results[1]
        assert type(results[0]) is type(results[1])

    @pytest.mark.parametrize("prepends", [(0, 0, 0), (0, 0, 1), (1, 1, 0), (0, 1, 0, 1, 0)])
    def test_order(self, prepends: tuple[int, ...]) -> None:
        logs: list[list[str]] = []
        for target in self.both():
            log: list[str] = []
            for number, prepend in enumerate(prepends):
                for kind in ("forward_pre", "forward"):
                    register = getattr(target, f"register_{kind}_hook")
                    register(lambda *_, name=f"{kind} {number}", log=log: log.append(name), prepend=bool(prepend))
            target(1)
            logs.append(log)
        assert logs[0] == logs[1]

    def test_handles(self) -> None:
        logs: list[list[Any]] = []
        for target in self.both():
            log: list[Any] = []
            with target.register_forward_hook(lambda self, args, output, log=log: log.append(args)) as handle:
                target(1, 2)
            handle.remove()
            target(3)
            logs.append(log)
        assert logs == [[(1, 2)], [(1, 2)]]


class TestWatching:
    """What the hooks write, against the same calculated by hand."""

    def test_log_shapes(self, net: Any, draw: Draw) -> None:
        log: list[Any] = []
        handles = reference("log_shapes")(net, log)
        net(draw.normal(5, 2))
        assert log == [("0", (5, 3)), ("1.0", (5, 4)), ("1.1", (5, 4)), ("2", (5, 2))]
        for handle in handles:
            handle.remove()
        assert not any(module._forward_hooks for module in net.modules())

    def test_capture(self, net: Any, draw: Draw) -> None:
        x = draw.normal(5, 2)
        with reference("capture")(net, ["0", "1", ""]) as found:
            output = net(x)
        hidden = net[0](x)
        torch.testing.assert_close(found, {"0": hidden.detach(), "1": net[1](hidden).detach(), "": output.detach()})
        with pytest.raises(KeyError, match=r"1\.7"), reference("capture")(net, ["0", "1.7"]):
            pass
        assert not any(module._forward_hooks for module in net.modules())

    @pytest.mark.filterwarnings("ignore:Full backward hook is firing")
    @pytest.mark.parametrize("size", [1, 4])
    @pytest.mark.parametrize("needs_grad", [True, False])
    def test_record_gradients(self, net: Any, draw: Draw, size: int, needs_grad: bool) -> None:
        x = draw.normal(size, 2).requires_grad_(needs_grad)
        parts = [x]
        for layer in (net[0], net[1][0], net[1][1], net[2]):
            parts.append(layer(parts[-1]))
        wanted = parts if needs_grad else parts[1:]
        norms: list[Any] = [g.norm().item() for g in torch.autograd.grad(parts[-1].square().mean(), wanted)]
        norms = norms if needs_grad else [None, *norms]
        records, _ = reference("record_gradients")(net)
        assert records == {}
        net(x).square().mean().backward()
        for place, name in enumerate(("0", "1.0", "1.1", "2")):
            assert records[name] == {
                "grad_input": pytest.approx(norms[place]), "grad_output": pytest.approx(norms[place + 1])
            }  # fmt: skip

    def test_count_hooks(self, net: Any) -> None:
        count = reference("count_hooks")
        assert count(net) == 0
        torch.nn.utils.spectral_norm(net[0])  # a forward-pre hook, and two for the state_dict
        assert count(net) == 1
        reference("record_gradients")(net)
        assert count(net) == 5


class TestChanging:
    """What the hooks change, against models that do the same without hooks."""

    def test_normalize_inputs(self, net: Any, draw: Draw) -> None:
        x, twin = draw.normal(5, 2), copy.deepcopy(net)
        handle = reference("normalize_inputs")(net, 0.5, 2.0)
        torch.testing.assert_close(net(x), twin((x - 0.5) / 2.0))
        handle.remove()
        torch.testing.assert_close(net(x), twin(x))

    def test_ablate_is_a_layer_without_these_weights(self, draw: Draw) -> None:
        conv, images = draw.fill(nn.Conv2d(1, 4, 3)), draw.normal(2, 1, 5, 5)
        without = copy.deepcopy(conv)
        with torch.no_grad():
            without.weight[[1, 3]] = 0
            without.bias[[1, 3]] = 0
        handle = reference("ablate")(conv, [1, 3])
        torch.testing.assert_close(conv(images), without(images))
        conv(images).square().sum().backward()
        assert conv.weight.grad[[1, 3]].abs().sum() == 0
        assert conv.weight.grad[[0, 2]].abs().min() > 0
        handle.remove()
        assert conv(images)[:, [1, 3]].abs().min() > 0


class TestNearMisses:
    """The reference with one small edit is wrong, and loses points."""

    @pytest.mark.parametrize(
        ("exercise", "old", "new"),
        [
            ("capture", "model.named_modules()", "model.named_modules(remove_duplicate=False)"),
            ("capture", "detach().clone()", "detach().float().clone()"),
            ("normalize_inputs", "/ std,", "/ (std + 1e-12),"),
            ("normalize_inputs", "std == 0", "abs(std) < 1e-20"),
            ("ablate", "torch.ones_like(output)", "torch.ones(output.shape)"),
        ],
    )
    def test_loses_points(self, exercise: str, old: str, new: str) -> None:
        seen, expected = (observed(exercise, item) for item in (OWN.edited(exercise, old, new), reference(exercise)))
        grade = grade_exercise(OWN.lesson.exercises[exercise], Expected(expected, ()), list(seen))
        assert grade.outcome in (Outcome.FAILED, Outcome.ERROR)
        assert grade.points < grade.exercise.points


class TestProbes:
    """The criteria stand what students hand in, and leave torch as it was."""

    ODDITIES = (None, 3, "text", [], object(), lambda *given, **options: None, type("Empty", (), {}), nn.Linear, dict)

    @pytest.mark.parametrize("exercise", OWN.lesson.exercises)
    def test_odd_objects_never_pass_and_never_break_the_probe(self, exercise: str) -> None:
        expected = Expected(observed(exercise, reference(exercise)), ())
        for odd in self.ODDITIES:
            grade = grade_exercise(OWN.lesson.exercises[exercise], expected, list(observed(exercise, odd)))
            assert grade.outcome is not Outcome.PASSED, odd
            assert grade.points <= 1, odd

    @pytest.mark.parametrize("exercise", OWN.lesson.exercises)
    def test_looking_leaves_no_hooks_for_all_modules(self, exercise: str) -> None:
        tables = [
            table for name, table in vars(nn.modules.module).items()
            if name.startswith("_global_") and isinstance(table, dict)
        ]  # fmt: skip
        observed(exercise, reference(exercise))
        assert not any(tables)
