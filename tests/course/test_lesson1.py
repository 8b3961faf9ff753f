"""Lesson 1 held to torch itself: where torch has the thing, the reference must agree with it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from helpers.references import SEED, References
from torch import nn
from torch.nn.modules import linear as linear_module

from autograder.judging.grade import Expected, Outcome, grade_exercise
from autograder.lesson.exercise import NotAttempted
from autograder.probing.draws import Draw
from autograder.probing.observation import Raised, Scalar, Wording

OWN = References("lesson1_subclassing")
reference = OWN.reference
observed = OWN.observed
namespace = OWN.namespace


@pytest.fixture
def draw() -> Draw:
    return Draw(SEED)


class TestReferencesAgainstTorch:
    """Each reference does what torch's own does."""

    @pytest.mark.parametrize("shape", [(3,), (5, 3), (2, 4, 3), (0, 3)])
    def test_affine_is_nn_linear(self, draw: Draw, shape: tuple[int, ...]) -> None:
        ours, theirs = reference("affine")(3, 2), draw.fill(nn.Linear(3, 2))
        ours.load_state_dict(theirs.state_dict())
        x = draw.normal(*shape)
        torch.testing.assert_close(ours(x), theirs(x))
        assert [*dict(ours.named_parameters())] == [*dict(theirs.named_parameters())]

    def test_mlp_is_a_sequential(self, draw: Draw) -> None:
        ours = draw.fill(reference("mlp")([4, 5, 3, 3]))
        first, second, third = (copy.deepcopy(layer) for layer in ours.layers)
        theirs = nn.Sequential(first, nn.ReLU(), second, nn.ReLU(), third)
        x = draw.normal(6, 4)
        torch.testing.assert_close(ours(x), theirs(x))

    def test_residual_of_a_linear(self, draw: Draw) -> None:
        block = draw.fill(nn.Linear(3, 3))
        with_skip = nn.Linear(3, 3)
        with torch.no_grad():
            with_skip.weight.copy_(block.weight + torch.eye(3))
            with_skip.bias.copy_(block.bias)
        x = draw.normal(5, 3)
        torch.testing.assert_close(reference("residual")(block)(x), with_skip(x))

    @pytest.mark.parametrize("momentum", [0.0, 0.1, 0.7, 1.0])
    def test_running_center_is_the_centring_in_batch_norm(self, draw: Draw, momentum: float) -> None:
        ours = reference("running_center")(4, momentum)
        theirs = nn.BatchNorm1d(4, affine=False, eps=1e-12, momentum=momentum)
        for _ in range(3):
            x = draw.normal(6, 4) + 2
            torch.testing.assert_close(ours(x), theirs(x) * x.std(dim=0, correction=0))
            torch.testing.assert_close(ours.mean, theirs.running_mean)
        ours.eval(), theirs.eval()
        x = draw.normal(2, 4)
        torch.testing.assert_close(ours(x), theirs(x) * theirs.running_var.sqrt())

    def test_running_center_has_the_gradient_of_centring(self, draw: Draw) -> None:
        x = draw.normal(5, 3).double().requires_grad_()
        assert torch.autograd.gradcheck(reference("running_center")(3).double(), (x,))

    @pytest.mark.parametrize("device", ["cpu", "meta"])
    def test_count_parameters_of_a_transformer(self, device: str) -> None:
        model = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, device=device)
        model.linear1.requires_grad_(False)
        vector = nn.utils.parameters_to_vector(model.parameters())
        count = reference("count_parameters")
        assert count(model) == vector.numel()
        assert count(model, trainable_only=True) == vector.numel() - 8 * 16 - 16

    @pytest.mark.parametrize("prefix", ["", "linear1", "self_attn", "self_attn.out_proj"])
    def test_freeze_is_requires_grad_of_the_submodule(self, prefix: str) -> None:
        model = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
        twin = copy.deepcopy(model)
        names = reference("freeze")(model, prefix)
        part = twin.get_submodule(prefix).requires_grad_(False)
        assert names == [name for name, _ in part.named_parameters(prefix=prefix)]
        trainable = [[p.requires_grad for p in each.parameters()] for each in (model, twin)]
        assert trainable[0] == trainable[1]

    def test_quiz_answers_are_what_parameters_yields(self) -> None:
        mystery = namespace("registration_quiz")["Mystery"]()
        found = {name.split(".")[0] for name, _ in mystery.named_parameters()}
        answers = reference("registration_quiz")
        assert answers == {name: name in found for name in answers}
        criteria = OWN.lesson.exercises["registration_quiz"].criteria
        assert [criterion.name.split("`")[1] for criterion in criteria] == list(answers)
        assert all(hasattr(mystery, name) for name in answers)


class TestProbes:
    """The criteria stand what students hand in, and leave torch as it was."""

    ODDITIES = (None, 3, "text", [], object(), lambda *given, **options: None, type("Empty", (), {}), nn.Linear, dict)

    @pytest.mark.parametrize("exercise", OWN.lesson.exercises)
    def test_odd_objects_never_pass_and_never_break_the_probe(self, exercise: str) -> None:
        expected = Expected(observed(exercise, reference(exercise)), ())
        for odd in self.ODDITIES:
            grade = grade_exercise(OWN.lesson.exercises[exercise], expected, list(observed(exercise, odd)))
            assert grade.outcome is not Outcome.PASSED, odd
            assert grade.points <= 2, odd

    def test_watching_nn_linear_leaves_it_as_it_was(self) -> None:
        before = (linear_module.Linear.__init__, linear_module.Linear.forward)
        for answer in (reference("affine"), nn.Linear, lambda *sizes: 1 / 0):
            observed("affine", answer)
        assert (linear_module.Linear.__init__, linear_module.Linear.forward) == before

    def test_torch_forgets_that_memory_was_to_show(self) -> None:
        for answer in (reference("affine"), lambda *sizes: 1 / 0):
            observed("affine", answer)
        assert torch.get_deterministic_debug_mode() == 0

    def test_start_values_do_not_show(self) -> None:
        torch.manual_seed(1)
        first = observed("affine", reference("affine"))

        class Restless(reference("affine")):  # type: ignore[misc]
            def __init__(self, *sizes: int) -> None:
                torch.manual_seed(torch.seed() % 2**31)
                super().__init__(*sizes)

        grade = grade_exercise(OWN.lesson.exercises["affine"], Expected(first, ()), list(observed("affine", Restless)))
        assert grade.outcome is Outcome.PASSED

    def test_half_a_solution_earns_its_half(self) -> None:
        class Affine(nn.Module):
            def __init__(self, in_features: int, out_features: int) -> None:
                super().__init__()
                self.weight = nn.Parameter(torch.randn(out_features, in_features))
                self.bias = nn.Parameter(torch.zeros(out_features))

            def forward(self, x: torch.Tensor) -> torch.Tensor:
                raise NotImplementedError

        expected = Expected(observed("affine", reference("affine")), ())
        grade = grade_exercise(OWN.lesson.exercises["affine"], expected, list(observed("affine", Affine)))
        assert [item.outcome for item in grade.criteria] == [Outcome.PASSED] * 4 + [Outcome.NOT_ATTEMPTED] * 2
        assert grade.points == 4


class TestQuizProbes:
    """What the quiz's criteria see of answers that are no answers."""

    def seen(self, answers: Any) -> Any:
        return observed("registration_quiz", answers)[0]

    def test_untouched_template_is_not_attempted(self) -> None:
        seen = self.seen({"scale": None})
        assert isinstance(seen, Raised)
        assert seen.stub
        assert seen.types[0] == NotAttempted.__name__
        assert "scale" in seen.message

    def test_missing_name_says_so(self) -> None:
        assert self.seen({"offset": True}) == Wording("no answer: the dict lacks this name")

    @pytest.mark.parametrize("answers", [[True], "True", None, 1])
    def test_no_dict_says_so(self, answers: Any) -> None:
        seen = self.seen(answers)
        assert isinstance(seen, Raised)
        assert "must be a dict" in seen.message
        assert not seen.stub

    def test_extra_names_do_not_matter(self) -> None:
        assert self.seen({"scale": True, "other": 3}) == Scalar(True)
