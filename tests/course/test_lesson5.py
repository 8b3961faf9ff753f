"""Lesson 5 held to torch itself: where torch has the thing, the reference must agree with it."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from helpers.references import SEED, References, criteria_module
from torch import nn

from autograder.judging.grade import Expected, Outcome, grade_exercise
from autograder.probing.draws import Draw

OWN = References("lesson5_diagnostics")
reference = OWN.reference


@pytest.fixture
def draw() -> Draw:
    return Draw(SEED)


@pytest.fixture
def net(draw: Draw) -> Any:
    """Convolutions, batch norm and dropout, with ReLUs in place."""
    body = nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.ReLU(inplace=True), nn.Conv2d(3, 4, 2), nn.ReLU())
    return draw.fill(nn.Sequential(body, nn.Flatten(), nn.Dropout(), nn.Linear(36, 3)))


@pytest.fixture
def loader(draw: Draw) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Batches of pictures of different sizes."""
    return [(draw.normal(size, 1, 6, 6), draw.integers(0, 3, size)) for size in (5, 1, 3)]


class TestActivationStats:
    """All outputs at once say the same as the stream."""

    def test_as_torch_on_all_outputs(self, net: Any, loader: Any) -> None:
        kept: dict[str, list[torch.Tensor]] = {"0.0": [], "0.3": []}
        for name, outputs in kept.items():
            net.get_submodule(name).register_forward_hook(lambda m, i, o, outputs=outputs: outputs.append(o.clone()))
        with reference("activation_stats")(net) as watch:
            for images, _ in loader:
                net(images)
        assert watch.stats.keys() == kept.keys()
        for name, outputs in kept.items():
            every = torch.cat([output.detach().double().flatten() for output in outputs])
            assert watch.stats[name] == pytest.approx({
                "count": every.numel(), "mean": every.mean().item(), "std": every.std(correction=0).item(),
                "min": every.min().item(), "max": every.max().item(),
            })  # fmt: skip

    @pytest.mark.parametrize("ratio", [1, 1e3, 1e5, 1e7])
    def test_far_from_zero(self, draw: Draw, ratio: float) -> None:
        model = nn.Sequential(nn.Identity())
        batches = [ratio + draw.normal(size, 4).double() for size in (3, 8, 1)]
        watch = reference("activation_stats")(model, types=(nn.Identity,))
        for batch in batches:
            model(batch)
        assert watch.stats["0"]["std"] == pytest.approx(torch.cat(batches).std(correction=0).item())


class TestDeadUnits:
    """Looking at all outputs at once says the same."""

    @pytest.mark.parametrize("dead", [(), (1,), (0, 3)])
    def test_as_all_outputs_at_once(self, net: Any, loader: Any, dead: tuple[int, ...]) -> None:
        with torch.no_grad():
            for channel in dead:
                net[0][3].bias[channel] = -1e3
        found = reference("dead_units")(net, loader)
        net.eval()
        outputs = net[0](torch.cat([images for images, _ in loader]))
        assert found.keys() == {"0.2", "0.4"}
        assert torch.equal(found["0.4"], (outputs <= 0).all(dim=3).all(dim=2).all(dim=0))
        assert set(dead) <= set(found["0.4"].nonzero().flatten().tolist())


class TestClipGradOutput:
    """The gradients are those of a backward pass that is begun by hand with the clipped gradient."""

    @pytest.mark.parametrize("max_norm", [0.1, 1.0, 1e3])
    @pytest.mark.parametrize("requires_grad", [True, False])
    def test_as_by_hand(self, draw: Draw, max_norm: float, requires_grad: bool) -> None:
        layer, x, incoming = draw.fill(nn.Linear(4, 3)), draw.normal(5, 4), draw.normal(5, 3)
        wanted = [layer.weight, layer.bias, *([x.requires_grad_()] if requires_grad else [])]
        clipped = incoming * min(1.0, max_norm / incoming.norm().item())
        by_hand = torch.autograd.grad(layer(x), wanted, clipped)
        handle = reference("clip_grad_output")(layer, max_norm)
        for ours, theirs in zip(torch.autograd.grad(layer(x), wanted, incoming), by_hand, strict=True):
            torch.testing.assert_close(ours, theirs)
        handle.remove()
        for ours, theirs in zip(
            torch.autograd.grad(layer(x), wanted, incoming),
            torch.autograd.grad(layer(x), wanted, incoming),
            strict=True,
        ):
            assert torch.equal(ours, theirs)


class TestClipEachParameter:
    """As torch's clipping, applied to one parameter after the other, after each backward pass."""

    @pytest.mark.parametrize("max_norm", [0.01, 0.5, 1e4])
    def test_as_torch_one_by_one(self, draw: Draw, max_norm: float) -> None:
        models = [Draw(SEED).fill(nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 2))) for _ in range(2)]
        reference("clip_each_parameter")(models[0], max_norm)
        for size in (4, 1, 2):
            x = draw.normal(size, 4)
            for model in models:
                model(x).square().sum().backward()
            for parameter in models[1].parameters():
                nn.utils.clip_grad_norm_([parameter], max_norm)
        for ours, theirs in zip(models[0].parameters(), models[1].parameters(), strict=True):
            torch.testing.assert_close(ours.grad, theirs.grad, rtol=1e-3, atol=1e-6)


class TestClipGlobalNorm:
    """What `clip_grad_norm_` does."""

    @pytest.mark.parametrize("max_norm", [0.01, 1.0, 3, 1e4])
    def test_as_torch(self, draw: Draw, max_norm: float) -> None:
        ours, theirs = ([nn.Parameter(torch.ones(shape)) for shape in ((3, 2), (4,), (), (2, 2))] for _ in range(2))
        for mine, other in zip(ours[:-1], theirs, strict=False):
            mine.grad = draw.normal(*mine.shape)
            other.grad = mine.grad.clone()
        total = reference("clip_global_norm")(iter(ours), max_norm)
        assert type(total) is float
        assert total == pytest.approx(nn.utils.clip_grad_norm_(theirs, max_norm).item(), rel=1e-3)
        for mine, other in zip(ours[:-1], theirs, strict=False):
            torch.testing.assert_close(mine.grad, other.grad, rtol=1e-3, atol=1e-6)

    def test_refuses_where_torch_does(self) -> None:
        for value in (float("nan"), float("inf"), -float("inf")):
            parameter = nn.Parameter(torch.ones(2))
            parameter.grad = torch.tensor([1.0, value])
            with pytest.raises(RuntimeError):
                nn.utils.clip_grad_norm_([parameter], 1.0, error_if_nonfinite=True)
            with pytest.raises(RuntimeError):
                reference("clip_global_norm")([parameter], 1.0)


WORDS = {
    frozenset(): "none", frozenset({"second"}): "this layer", frozenset({"first"}): "earlier layers",
    frozenset({"first", "second"}): "this and earlier layers",
}  # fmt: skip


class TestClipVerdicts:
    """The answers are what the snippets do."""

    def test_truths(self) -> None:
        gradients_with, snippets = (
            OWN.namespace("clip_verdicts")["gradients_with"],
            OWN.namespace("clip_verdicts")["SNIPPETS"],
        )
        plain, verdicts = gradients_with(), {}
        for name, snippet in snippets.items():
            hooked = gradients_with(snippet)
            changed = {key: not torch.allclose(plain[key], hooked[key]) for key in plain}
            for layer in ("first", "second"):  # both of a layer's parameters, or none
                assert changed[f"{layer}.weight"] == changed[f"{layer}.bias"]
            verdicts[name] = WORDS[frozenset(key.split(".")[0] for key in plain if changed[key])]
        assert reference("clip_verdicts") == verdicts

    def test_every_snippet_has_a_criterion(self) -> None:
        titles = criteria_module(OWN.lesson, "clip_verdicts.exercise").SNIPPET_TITLES
        assert list(titles) == list(OWN.namespace("clip_verdicts")["SNIPPETS"]) == list(reference("clip_verdicts"))


class TestDiagnose:
    """Each fault is found where it is put, and nothing is left behind."""

    def test_nothing_to_find(self, net: Any, loader: Any) -> None:
        with torch.no_grad():
            net[0][3].bias.fill_(900.0)
            net[0][1].bias.fill_(50.0)
        assert reference("diagnose")(net, loader) == set()

    @pytest.mark.parametrize(
        ("fault", "cause"),
        [
            ("frozen-parameters", lambda net: net[0][1].weight.requires_grad_(False)),
            ("dead-relu", lambda net: net[0][3].bias.data.fill_(-1e3)),
            ("exploding-activations", lambda net: net[0][0].weight.data.fill_(1e9)),
            ("unregistered-layer", lambda net: setattr(net[0][0], "more", {"a": nn.Dropout()})),
            ("leaked-hook", lambda net: net[0][0].register_full_backward_pre_hook(print)),
            ("double-softmax", lambda net: net.append(nn.LogSoftmax(dim=1))),
        ],
    )
    def test_each_fault(self, net: Any, loader: Any, fault: str, cause: Any) -> None:
        with torch.no_grad():
            net[0][3].bias.fill_(900.0)
            net[0][1].bias.fill_(50.0)
        net[0][1].eval()
        cause(net)
        hooks = [[*module._forward_hooks, *module._backward_pre_hooks] for module in net.modules()]
        assert fault in reference("diagnose")(net, loader)
        assert hooks == [[*module._forward_hooks, *module._backward_pre_hooks] for module in net.modules()]
        assert [name for name, module in net.named_modules() if not module.training] == ["0.1"]


class TestNearMisses:
    """The reference with one small edit is wrong, and loses points."""

    @pytest.mark.parametrize(
        ("exercise", "old", "new"),
        [
            ("dead_units", "output > 0", "output.abs() >= 1e-6"),
            ("dead_units", "output > 0", "output > 1e-29"),
            ("diagnose", "output > 0", "output > 0.05"),
            ("diagnose", "output > 0", "output > 1e-29"),
            ("diagnose", "<= 1e4", "< 1e4"),
            ("diagnose", "<= 1e4", "<= 1.01e4"),
        ],
    )
    def test_loses_points(self, exercise: str, old: str, new: str) -> None:
        seen, expected = (
            OWN.observed(exercise, item) for item in (OWN.edited(exercise, old, new), reference(exercise))
        )
        grade = grade_exercise(OWN.lesson.exercises[exercise], Expected(expected, ()), list(seen))
        assert grade.outcome is Outcome.FAILED
