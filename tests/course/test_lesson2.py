"""Lesson 2 held to torch itself: where torch has the thing, the reference must agree with it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from helpers.references import SEED, References
from torch import nn
from torch.nn import functional

from autograder.probing.draws import Draw

OWN = References("lesson2_mnist_cnn")
reference = OWN.reference


@pytest.fixture
def draw() -> Draw:
    return Draw(SEED)


@pytest.fixture
def net(draw: Draw) -> Any:
    """A small classifier with batch norm and dropout."""
    body = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Dropout(0.5), nn.Linear(6, 3))
    return draw.fill(body)


@pytest.fixture
def batches(draw: Draw) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Three batches, the last one smaller."""
    return [(draw.normal(size, 4), draw.integers(0, 3, size)) for size in (8, 8, 3)]


@pytest.mark.parametrize("size", range(1, 13))
def test_conv_output_size_is_conv1d(size: int) -> None:
    for kernel in range(1, 6):
        for stride, padding, dilation in [(s, p, d) for s in (1, 2, 3) for p in (0, 1, 3) for d in (1, 2, 3)]:
            line, weight = torch.zeros(1, 1, size), torch.zeros(1, 1, kernel)
            try:
                expected = functional.conv1d(line, weight, stride=stride, padding=padding, dilation=dilation).shape[-1]
            except RuntimeError:
                with pytest.raises(ValueError, match="does not fit"):
                    reference("conv_output_size")(size, kernel, stride, padding, dilation)
            else:
                assert reference("conv_output_size")(size, kernel, stride, padding, dilation) == expected


class TestMNISTNet:
    """The network, against the same calls written out."""

    @pytest.mark.parametrize("count", [1, 2, 5])
    def test_gives_ten_logits_an_image(self, draw: Draw, count: int) -> None:
        net, images = reference("mnist_net")().eval(), draw.normal(count, 1, 28, 28)
        x = images
        for conv, norm in ((net.conv1, net.bn1), (net.conv2, net.bn2)):
            x = functional.conv2d(x, conv.weight, conv.bias, padding=1).relu()
            x = functional.batch_norm(x, norm.running_mean, norm.running_var, norm.weight, norm.bias)
            x = functional.max_pool2d(x, 2)
        hidden = functional.linear(x.reshape(count, -1), net.fc1.weight, net.fc1.bias).relu()
        logits = net(images)
        assert logits.shape == (count, 10)
        torch.testing.assert_close(logits, functional.linear(hidden, net.fc2.weight, net.fc2.bias))

    @pytest.mark.parametrize("shape", [(1, 1, 56, 56), (4, 1, 14, 14), (2, 1, 32, 32), (2, 3, 28, 28)])
    def test_refuses_other_sizes(self, draw: Draw, shape: tuple[int, ...]) -> None:
        with pytest.raises(RuntimeError):
            reference("mnist_net")().eval()(draw.normal(*shape))

    def test_has_these_parameters(self) -> None:
        assert sum(p.numel() for p in reference("mnist_net")().parameters()) == 1_630_282


class TestTrainStep:
    """One step, against gradient descent by hand."""

    def test_is_gradient_descent(self, draw: Draw) -> None:
        net = draw.fill(nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3)))
        images, labels = draw.normal(5, 4), draw.integers(0, 3, 5)
        loss = -net(images).log_softmax(dim=1)[torch.arange(5), labels].mean()
        gradients = torch.autograd.grad(loss, list(net.parameters()))
        expected = [p.detach() - 0.3 * g for p, g in zip(net.parameters(), gradients, strict=True)]
        for parameter in net.parameters():
            parameter.grad = torch.ones_like(parameter)
        value = reference("train_step")(net, images, labels, torch.optim.SGD(net.parameters(), lr=0.3))
        assert type(value) is float
        assert value == pytest.approx(loss.item(), rel=1e-5)
        torch.testing.assert_close([p.detach() for p in net.parameters()], expected)

    def test_trains_every_module(self, net: Any, batches: Any) -> None:
        before = net[1].running_mean.clone()
        reference("train_step")(net.eval(), *batches[0], torch.optim.SGD(net.parameters(), lr=0.1))
        assert not torch.equal(net[1].running_mean, before)


class TestEvaluate:
    """The accuracy, against one pass over all samples at once."""

    def test_is_the_share_of_right_ones(self, net: Any, batches: Any) -> None:
        value = reference("evaluate")(net.train(), iter(batches))
        images, labels = (torch.cat(parts) for parts in zip(*batches, strict=True))
        with torch.no_grad():
            right = net.eval()(images).argmax(dim=1) == labels
        assert value == right.double().mean().item()

    def test_leaves_everything_as_it_was(self, net: Any, batches: Any) -> None:
        net.train()[1].eval()
        state, modes = copy.deepcopy(net.state_dict()), [module.training for module in net.modules()]
        with pytest.raises(TypeError):
            reference("evaluate")(net, [*batches, None])
        reference("evaluate")(net, batches)
        assert [module.training for module in net.modules()] == modes
        torch.testing.assert_close(net.state_dict(), state, rtol=0, atol=0)
        assert torch.is_grad_enabled()

    def test_refuses_an_empty_loader(self, net: Any) -> None:
        with pytest.raises(ValueError, match="no samples"):
            reference("evaluate")(net, [])


def test_fit_is_train_steps_and_evaluations(net: Any, batches: Any) -> None:
    torch.manual_seed(0)
    other = copy.deepcopy(net)
    optimizer = torch.optim.SGD(other.parameters(), lr=0.1, momentum=0.9)
    expected = []
    for epoch in (1, 2, 3):
        losses = [reference("train_step")(other, *batch, optimizer) * len(batch[1]) for batch in batches]
        accuracy = reference("evaluate")(other, batches[1:])
        expected.append({"epoch": epoch, "train_loss": sum(losses) / 19, "test_accuracy": accuracy})
    torch.manual_seed(0)
    found = reference("fit")(net, batches, batches[1:], torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9), 3)
    assert [row.keys() for row in found] == [row.keys() for row in expected]
    assert [list(row.values()) for row in found] == [pytest.approx(list(row.values())) for row in expected]
    torch.testing.assert_close(net.state_dict(), other.state_dict())
    assert reference("fit")(net, [], [], optimizer, 0) == []


class TestConfusionMatrix:
    """The counts, against the accuracy and the numbers of labels."""

    def test_adds_up(self, net: Any, batches: Any) -> None:
        counts = reference("confusion_matrix")(net, iter(batches), 3)
        labels = torch.cat([labels for _, labels in batches])
        assert counts.sum() == 19
        assert counts.sum(dim=1).tolist() == labels.bincount(minlength=3).tolist()
        assert counts.trace() / 19 == pytest.approx(reference("evaluate")(net, batches))

    def test_of_nothing_is_zero(self, net: Any) -> None:
        counts = reference("confusion_matrix")(net, [])
        assert torch.equal(counts, torch.zeros(10, 10, dtype=torch.int64))


class TestSequentialTwin:
    """The twin, against the network it was made of."""

    @pytest.mark.parametrize("training", [True, False])
    def test_computes_the_same(self, draw: Draw, training: bool) -> None:
        net, images = reference("mnist_net")().train(training), draw.normal(3, 1, 28, 28)
        net.dropout.p, net.bn1.eps, net.bn2.momentum = 0.0, 0.1, 0.7
        twin = reference("sequential_twin")(net)
        assert type(twin) is nn.Sequential
        assert {module.training for module in twin.modules()} == {training}
        torch.testing.assert_close(twin(images), net(images), rtol=0, atol=0)
        ours, theirs = list(twin.state_dict().values()), list(net.state_dict().values())
        assert {tensor.data_ptr() for tensor in ours}.isdisjoint(tensor.data_ptr() for tensor in theirs)
        assert sum(tensor.double().sum() for tensor in ours) == pytest.approx(
            sum(tensor.double().sum() for tensor in theirs).item()
        )
