"""Lesson 3's references, held to torch itself, and the criteria held to their promises: what they notice, and what they
leave alone."""

from __future__ import annotations

import copy
from collections import OrderedDict
from typing import Any

import pytest
import torch
from helpers import COURSE
from helpers.references import criteria_module
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from autograder.lesson.lesson import Lesson
from autograder.probing.borrowed import TorchDidIt
from autograder.texts.percent import given_source, solutions

LESSON = Lesson(COURSE / "lesson3_registration")
NAMES = ("a", "b", "c")


def references() -> dict[str, Any]:
    """The names that the lesson's solutions define."""
    found: dict[str, Any] = {"__name__": "lesson"}
    exec(given_source(LESSON), found)
    for answer in solutions(LESSON).values():
        exec(answer.source, found)
    return found


REFERENCE = references()
lecture_facts, shared = criteria_module(LESSON, "lecture_facts.exercise"), criteria_module(LESSON, "shared")


class Persistence(nn.Module):
    """Buffers of both kinds, and names with nothing behind them."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("kept", torch.arange(3.0))
        self.register_buffer("passing", torch.ones(2), persistent=False)
        self.register_buffer("empty", None)
        self.register_parameter("nothing", None)
        self.register_module("off", None)
        self.inner = nn.BatchNorm1d(3, affine=False)
        self.late = nn.Parameter(torch.ones(2).double())


def tied() -> nn.Module:
    model = nn.Sequential(nn.Embedding(5, 3), nn.Linear(3, 5, bias=False))
    model[1].weight = model[0].weight
    return nn.ModuleDict({"first": model, "again": model, "part": model[1]})


MODELS = {
    "linear": lambda: nn.Linear(2, 3),
    "no bias": lambda: nn.Sequential(nn.Linear(2, 3, bias=False), nn.BatchNorm1d(3)),
    "lstm": lambda: nn.LSTM(2, 3, num_layers=2, bidirectional=True),
    "transformer": lambda: nn.TransformerDecoderLayer(4, 2, 8),
    "attention": lambda: nn.MultiheadAttention(4, 2, kdim=3, vdim=5, add_bias_kv=True),
    "lists": lambda: nn.ParameterDict({"x": nn.ParameterList([torch.ones(2), torch.ones(1)]), "y": torch.ones(3)}),
    "persistence": lambda: nn.Sequential(OrderedDict(p=Persistence(), q=nn.ModuleList([Persistence()]))),
    "tied": tied,
    "nothing": lambda: nn.ModuleList([nn.ReLU(), nn.Sequential()]),
}

any_model = pytest.mark.parametrize("make", MODELS.values(), ids=MODELS.keys())


@st.composite
def trees(draw: Any, depth: int = 3) -> nn.Module:
    """Modules of a few names, with Parameters, buffers and children in any order, some None, some shared."""
    shared: list[Any] = draw(st.just([nn.Parameter(torch.ones(2)), nn.Linear(1, 1)]))
    module = nn.Module()
    for name in draw(st.permutations(NAMES)):
        kind = draw(st.sampled_from(("parameter", "buffer", "passing", "child", "none", "off", "shared", "plain")))
        if kind == "parameter":
            setattr(module, name, nn.Parameter(torch.ones(1)))
        elif kind in ("buffer", "passing"):
            module.register_buffer(name, torch.ones(1), persistent=kind == "buffer")
        elif kind == "child" and depth:
            setattr(module, name, draw(trees(depth - 1)))
        elif kind == "none":
            module.register_parameter(name, None)
        elif kind == "off":
            module.register_module(name, None)
        elif kind == "shared":
            setattr(module, name, draw(st.sampled_from(shared)))
    return module


def same_pairs(ours: Any, theirs: Any) -> bool:
    ours, theirs = list(ours), list(theirs)
    return len(ours) == len(theirs) and all(a == b and p is q for (a, p), (b, q) in zip(ours, theirs, strict=True))


class TestWhereIs:
    """torch's own lists of names, with None and shared things added, say the same."""

    @any_model
    def test_every_name_of_every_table(self, make: Any) -> None:
        where_is, model = REFERENCE["where_is"], make()
        for path, owner in model.named_modules(remove_duplicate=False):
            dot = f"{path}." if path else ""
            for kind in ("parameter", "buffer", "module"):
                for name in getattr(owner, f"_{kind}s"):
                    assert where_is(model, dot + name) == kind
            assert where_is(model, f"{dot}training") == where_is(model, f"{dot}forward") == "attribute"
            assert where_is(model, f"{dot}no_such_name") == where_is(model, f"{dot}training.real") == "missing"

    @given(trees(), st.lists(st.sampled_from((*NAMES, "weight", "training", "nowhere")), min_size=1, max_size=4))
    def test_as_get_submodule_goes(self, model: nn.Module, parts: list[str]) -> None:
        owner: Any = model
        for part in parts[:-1]:
            owner = owner._modules.get(part) if owner is not None else None
        found = REFERENCE["where_is"](model, ".".join(parts))
        if owner is None:
            assert found == "missing"
        else:
            assert (found == "missing") == (not hasattr(owner, parts[-1]))


class TestIterNamedParameters:
    """Same names, order and objects as `named_parameters`."""

    @any_model
    @pytest.mark.parametrize("prefix", ["", "model", "a.b"])
    @pytest.mark.parametrize("recurse", [True, False])
    def test_as_torch(self, make: Any, prefix: str, recurse: bool) -> None:
        model = make()
        ours = REFERENCE["iter_named_parameters"](model, prefix, recurse)
        assert same_pairs(ours, model.named_parameters(prefix, recurse))

    @given(trees(), st.sampled_from(("", "p")), st.booleans())
    def test_as_torch_on_any_tree(self, model: nn.Module, prefix: str, recurse: bool) -> None:
        ours = REFERENCE["iter_named_parameters"](model, prefix=prefix, recurse=recurse)
        assert same_pairs(ours, model.named_parameters(prefix=prefix, recurse=recurse))


class TestSetMode:
    """The same modes as `train` leaves behind, and the same refusal."""

    @given(trees(), st.booleans(), st.randoms())
    def test_as_train(self, model: nn.Module, training: bool, random: Any) -> None:
        for module in model.modules():
            module.training = random.random() < 0.5
        assert REFERENCE["set_mode"](model, training) is model
        assert [module.training for module in model.modules()] == [training for _ in model.modules()]

    @pytest.mark.parametrize("wrong", [1, 0, None, "train", torch.tensor(True)])
    def test_refuses_as_train_does(self, wrong: Any) -> None:
        model = nn.Sequential(nn.Dropout())
        for refuse in (lambda: REFERENCE["set_mode"](model, wrong), lambda: model.train(wrong)):
            with pytest.raises(ValueError, match=r"training|mode"):
                refuse()


class TestCollectState:
    """The keys, the order and the memory of `state_dict`."""

    @any_model
    def test_as_state_dict(self, make: Any) -> None:
        self.compare(make())

    @given(trees())
    def test_as_state_dict_on_any_tree(self, model: nn.Module) -> None:
        self.compare(model)

    @staticmethod
    def compare(model: nn.Module) -> None:
        ours, theirs = REFERENCE["collect_state"](model), model.state_dict()
        assert list(ours) == list(theirs)
        for name, tensor in theirs.items():
            assert ours[name].data_ptr() == tensor.data_ptr()
            assert torch.equal(ours[name], tensor)
            assert not ours[name].requires_grad and type(ours[name]) is torch.Tensor


def shaken(model: nn.Module) -> dict[str, torch.Tensor]:
    """A state for the model with other values."""
    return {name: tensor.clone().add_(1) for name, tensor in model.state_dict().items()}


class TestRestoreState:
    """What `load_state_dict` does where it promises the same, and what it does not promise."""

    @any_model
    def test_as_load_state_dict(self, make: Any) -> None:
        model = make()
        state, objects = shaken(model), dict(model.named_parameters(remove_duplicate=False))
        assert REFERENCE["restore_state"](model, state) == ([], [])
        ours = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        model.load_state_dict(state)
        assert all(torch.equal(ours[name], tensor) for name, tensor in model.state_dict().items())
        assert all(objects[name] is p for name, p in model.named_parameters(remove_duplicate=False))

    @any_model
    def test_missing_and_unexpected_as_torch(self, make: Any) -> None:
        model = make()
        state = {"stray": torch.ones(1), **shaken(model)}
        lost = [name for name in state if name != "stray" and not name.endswith("num_batches_tracked")][::2]
        state = {name: tensor for name, tensor in state.items() if name not in lost}
        missing, unexpected = REFERENCE["restore_state"](model, state, strict=False)
        theirs = model.load_state_dict(state, strict=False)
        assert sorted(missing) == sorted(theirs.missing_keys) == sorted(lost)
        assert sorted(unexpected) == sorted(theirs.unexpected_keys) == ["stray"]
        with pytest.raises(RuntimeError, match="stray") as ours:
            REFERENCE["restore_state"](model, state)
        assert all(name in str(ours.value) for name in lost)

    @pytest.mark.parametrize("value", [torch.ones(4), torch.ones(()), torch.ones(3, device="meta"), [1.0] * 3, None])
    def test_all_or_nothing(self, value: Any) -> None:
        model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 3))
        before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        with pytest.raises(RuntimeError, match=r"1\.bias"):
            REFERENCE["restore_state"](model, {**shaken(model), "1.bias": value}, strict=False)
        assert all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())

    def test_a_buffer_that_cannot_be_written_changes_nothing(self) -> None:
        model = nn.Sequential(nn.Linear(2, 3), nn.Module())
        model[1].register_buffer("mask", torch.zeros(1).expand(3))
        before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        with pytest.raises(RuntimeError, match=r"1\.mask"):
            REFERENCE["restore_state"](model, shaken(model))
        assert all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())

    def test_swapped_parameters_which_torch_gets_wrong(self) -> None:
        model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
        before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        swapped = {f"{1 - int(name[0])}{name[1:]}": tensor for name, tensor in model.state_dict().items()}
        REFERENCE["restore_state"](model, swapped)
        assert all(torch.equal(before[f"{1 - int(n[0])}{n[1:]}"], tensor) for n, tensor in model.state_dict().items())


Step = tuple[str, str]
STEPS = ("parameter", "nn module", "number", "None", "tensor", "buffer", "buffer of None", "buffer of a number", "del")


def take(step: Step, net: Any, values: dict[str, Any]) -> str:
    """Do one step, and say how it ended."""
    name, kind = step
    try:
        if kind == "del":
            delattr(net, name)
        elif kind.startswith("buffer"):
            net.register_buffer(name, values[kind])
        else:
            setattr(net, name, values[kind])
    except (AttributeError, KeyError, TypeError) as error:
        return type(error).__name__
    return "done"


def tables(net: Any) -> list[Any]:
    """Everything under the names of this test, with its place and order."""
    places = [net._parameters, net._buffers, net._modules, {n: v for n, v in vars(net).items() if n in NAMES}]
    return [[(name, id(value)) for name, value in place.items()] for place in places]


class TestMiniModule:
    """Whatever is done to a MiniModule and to an nn.Module ends in the same tables, order included."""

    @given(st.lists(st.tuples(st.sampled_from(NAMES[:2]), st.sampled_from(STEPS)), max_size=12))
    def test_as_nn_module(self, steps: list[Step]) -> None:
        ours, theirs = type("Net", (REFERENCE["MiniModule"],), {})(), nn.Module()
        for number, step in enumerate(steps):
            values = {
                "parameter": nn.Parameter(torch.ones(1)), "nn module": nn.ReLU(), "number": number, "None": None,
                "tensor": torch.ones(1), "buffer": torch.ones(1), "buffer of None": None, "buffer of a number": 1.0,
            }  # fmt: skip
            if step[1] == "nn module" and step[0] in theirs._parameters:
                delattr(theirs, step[0])  # the one difference: a module may take a Parameter's name here
            assert take(step, ours, values) == take(step, theirs, values), step
            assert tables(ours) == tables(theirs), step
            assert [getattr(ours, name, None) for name in NAMES] == [getattr(theirs, name, None) for name in NAMES]

    @pytest.mark.parametrize("name", ["", ".", "a.b", 5, None, b"a", "forward", "a"])
    def test_names_of_buffers_as_nn_module(self, name: Any) -> None:
        ours, theirs = type("Net", (REFERENCE["MiniModule"],), {"forward": None})(), nn.Module()
        values = {"buffer": torch.ones(1)}
        assert take((name, "buffer"), ours, values) == take((name, "buffer"), theirs, values)

    def test_before_init_as_nn_module(self) -> None:
        for base in (REFERENCE["MiniModule"], nn.Module):
            bare = type("Bare", (base,), {"__init__": lambda self: None})()
            bare.width = 3
            assert bare.width == 3
            for value in (nn.Parameter(torch.ones(1)), nn.ReLU()):
                with pytest.raises(AttributeError, match="init"):
                    bare.part = value
            with pytest.raises(AttributeError, match="missing"):
                _ = bare.missing


class TestLectureFacts:
    """What torch says to each of the ten statements that need no training."""

    def test_truths(self) -> None:
        class Net(nn.Module):
            def __init__(self) -> None:
                super(Net, self).__init__()
                self.relu = nn.ReLU()
                self.fc = nn.Linear(2, 1)
                self.shift = torch.zeros(1, requires_grad=True)

        net, other, parameter = Net(), nn.Module(), nn.Parameter(torch.ones(1))
        (net.fc(torch.ones(2)) + net.shift).sum().backward()
        other.register_parameter("p", parameter)
        assert REFERENCE["lecture_answers"] == {
            "super_forms": list(net._modules) == ["relu", "fc"],
            "ordered_dict": isinstance(net.fc._parameters, OrderedDict),
            "layers_are_parameters": issubclass(nn.Linear, nn.Parameter),
            "own_table": bool(net._parameters),
            "plain_attribute_too": "fc" in vars(net),
            "register_parameter": list(vars(other)) == list(vars(nn.Module())) and other.p is parameter,
            "only_learnable": "relu" not in net._modules,
            "parameters_drop_names": all(
                p is q for p, (_, q) in zip(net.parameters(), net.named_parameters(), strict=True)
            ),
            "gradient_needs_registration": net.shift.grad is None,
            "zero_grad_last": torch.equal(stepped(True), stepped(False)),
        }

    def test_every_statement_has_a_criterion(self) -> None:
        assert list(lecture_facts.STATEMENTS) == list(REFERENCE["lecture_answers"])


def stepped(zero_first: bool) -> torch.Tensor:
    """A weight after a few steps, with `zero_grad` at the start or at the end of each."""
    torch.manual_seed(0)
    model, x = nn.Linear(2, 1), torch.randn(8, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(4):
        if zero_first:
            optimizer.zero_grad()
        model(x).square().mean().backward()
        optimizer.step()
        if not zero_first:
            optimizer.zero_grad()
    return model.weight.detach()


class TestWatch:
    """torch's traversals are noticed, however they are reached; what goes one level down is free."""

    model = nn.Sequential(nn.Linear(1, 1), nn.Sequential(nn.BatchNorm1d(1)))

    @pytest.mark.parametrize(
        "use",
        [
            lambda m: list(m.named_parameters()), lambda m: next(m.parameters()), lambda m: list(m.modules()),
            lambda m: m[1].train(), lambda m: m.eval(), lambda m: m.apply(id), lambda m: m.state_dict(),
            lambda m: m.zero_grad(), lambda m: m.requires_grad_(True), lambda m: m.to(torch.float32),
            lambda m: nn.utils.clip_grad_norm_(m.parameters(), 1.0), lambda m: list(nn.ModuleList([m]).parameters()),
            lambda m: torch.func.functional_call(m, dict(m.named_parameters()), torch.ones(2, 1)),
            lambda m: list(copy.deepcopy(m).named_parameters()), lambda m: nn.Sequential(*m).state_dict(),
        ],
    )  # fmt: skip
    def test_noticed(self, use: Any) -> None:
        with pytest.raises(TorchDidIt):
            shared.by_hand(self.model, lambda: use(self.model))

    @pytest.mark.parametrize(
        "use",
        [
            lambda m: list(m.children()), lambda m: m._modules, repr, lambda m: m.get_submodule("1.0"),
            lambda m: m(torch.ones(2, 1)), len, copy.deepcopy, lambda m: list(nn.Linear(1, 1).parameters()),
            lambda m: nn.Sequential(nn.Linear(1, 1)).state_dict(),
        ],
    )  # fmt: skip
    def test_innocent(self, use: Any) -> None:
        shared.by_hand(self.model, lambda: use(self.model))

    def test_names_drawn_do_not_lie_within_each_other(self) -> None:
        for seed in range(50):
            names = shared.names_drawn(shared.Draw(seed), 6)
            assert not any(a in b for a in names for b in names if a is not b)
