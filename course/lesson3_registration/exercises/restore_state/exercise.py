"""What each criterion of `restore_state` looks at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise, Raised, attempt, is_a, running

from ..shared import WithExtras, codes_of, names_drawn, own_tensors, refused, registered, tried, weight

restore_state = Exercise(
    "restore_state",
    requires="restore_state",
    title="load_state_dict(), by hand, and better",
    minutes=40,
    difficulty=5,
    hints=[
        (
            "Work in two passes. The first only looks: which keys does the model expect, which are missing, which are "
            "too many, does every value fit? The second only copies, when nothing can go wrong any more."
        ),
        (
            "`tensor.copy_(value)` inside `torch.no_grad()` writes into a Parameter without replacing it. Assigning "
            "to `.data`, or to the attribute, puts another tensor in its place."
        ),
        (
            "What if `state` holds the model's own tensors, and two of them swapped? After the first copy the second "
            "value is gone. So take copies of all values before you write the first one."
        ),
        (
            "Broadcasting would forgive a wrong shape: compare shapes yourself. And the surest way to find out whether "
            "a value can be copied is to copy it, to somewhere else first."
        ),
    ],
)


def trained(draw: Draw) -> nn.Module:
    """A model with known values."""
    return draw.fill(untrained())


def untrained() -> nn.Module:
    """Layers, a BatchNorm, a frozen Parameter, a buffer that is not persistent."""
    layers = {"stem": nn.Linear(2, 3), "norm": nn.BatchNorm1d(3), "body": nn.Sequential(nn.Linear(3, 3))}
    model = nn.Sequential(OrderedDict(**layers, head=nn.Linear(3, 1)))
    model.register_parameter("gain", nn.Parameter(torch.ones(2, 3).t(), requires_grad=False))
    model.register_parameter("nothing", None)
    model.register_buffer("passing", torch.ones(2), persistent=False)
    return model


def new_values(model: nn.Module, draw: Draw) -> dict[str, torch.Tensor]:
    """A state for the model, of drawn values on memory of its own."""
    own = own_tensors(model)
    rows = draw.uniform(sum(tensor.numel() for tensor in own.values())).split(
        [tensor.numel() for tensor in own.values()]
    )
    state = {name: row.clone().view(tensor.shape) for (name, tensor), row in zip(own.items(), rows, strict=True)}
    return {
        name: value if own[name].is_floating_point() else (value * 50 + 50).to(own[name].dtype)
        for name, value in state.items()
    }


class Before:
    """How a model was, to say afterwards what became of it."""

    def __init__(self, model: nn.Module) -> None:
        self.model, self.tensors = model, own_tensors(model)
        self.addresses = {name: tensor.data_ptr() for name, tensor in self.tensors.items()}
        self.values = {name: tensor.detach().clone() for name, tensor in self.tensors.items()}
        self.trainable = [name for name, tensor in self.tensors.items() if tensor.requires_grad]

    def told(self, by_name: bool = False) -> dict[str, Any]:
        """What is in the model now, and which of its tensors are other objects, or on other memory, than before."""
        now = own_tensors(self.model)
        return {
            "values": {name: tensor.detach().clone() for name, tensor in now.items()} if by_name else in_a_row(now),
            "other objects": [name for name, tensor in self.tensors.items() if now.get(name) is not tensor],
            "other memory": [name for name, tensor in now.items() if tensor.data_ptr() != self.addresses.get(name)],
            "gradients": self._gradients(now),
        }

    def unchanged(self) -> str:
        """Whether all is as it was."""
        now = own_tensors(self.model)
        same = now.keys() == self.tensors.keys() and all(
            now[name] is tensor and torch.equal(tensor.detach(), self.values[name])
            for name, tensor in self.tensors.items()
        )
        return "nothing changed" if same and self._gradients(now) == "as before" else "changed"

    def _gradients(self, now: dict[str, torch.Tensor]) -> str:
        same = [name for name, tensor in now.items() if tensor.requires_grad] == self.trainable
        return "as before" if same and all(tensor.is_leaf for tensor in now.values()) else "changed"


def in_a_row(tensors: dict[str, torch.Tensor]) -> torch.Tensor:
    """All numbers of all tensors, one after the other."""
    return torch.cat([tensor.detach().float().reshape(-1) for tensor in tensors.values()])


LOADING = codes_of("load_state_dict")


def restored(restore: Any, model: nn.Module, state: Any, *arguments: Any, **options: Any) -> Any:
    """What became of the model; where it has other numbers than `state`, also whether torch's own loading made them."""
    before, wanted = Before(model), {name: value.detach().clone() for name, value in state.items()}
    with running(LOADING) as used:
        restore(model, state, *arguments, **options)
    own = own_tensors(model)
    wrong = [name for name in own.keys() & wanted if not torch.equal(own[name], wanted[name].to(own[name].dtype))]
    return {**before.told(), "wrong numbers by": "load_state_dict"} if used and wrong else before.told()


@restore_state.criterion(
    "Values are copied in place, exactly: every Parameter and buffer stays the object that it was",
    points=2,
    because="Loading changes numbers, to those of the state, and nothing else: an optimizer holds these Parameters.",
)
def restore_in_place(restore: Any, draw: Draw) -> Any:
    def parameters_of_another(model: nn.Module) -> Any:
        values = new_values(model, draw)
        return {name: nn.Parameter(v) if v.is_floating_point() else v for name, v in values.items()}

    def from_a_twin(model: nn.Module) -> Any:
        twin = trained(draw)
        with torch.no_grad():
            for tensor in own_tensors(twin).values():
                tensor.mul_(2)
        return twin.state_dict()

    makers: dict[str, Callable[[nn.Module], Any]] = {
        "in another order": lambda model: dict(reversed(new_values(model, draw).items())),
        "a state_dict() of a second model": from_a_twin, "Parameters of a second model": parameters_of_another,
        "float64 values": lambda model: {name: value.double() for name, value in new_values(model, draw).items()},
        "values that are not contiguous": lambda model: {
            name: value.t().contiguous().t() if value.dim() == 2 else value
            for name, value in new_values(model, draw).items()
        },
    }  # fmt: skip

    def tensor_by_tensor() -> Any:
        model = trained(draw)
        before = Before(model)
        restore(model, new_values(model, draw))
        return before.told(by_name=True)

    seen = {"a dict of tensors": tried(tensor_by_tensor)}
    for what, make in makers.items():
        model = trained(draw)
        seen[what] = tried(lambda model=model, make=make: restored(restore, model, make(model)))
    norm = draw.fill(nn.BatchNorm1d(2))
    seen["an nn.BatchNorm1d alone"] = tried(lambda: restored(restore, norm, new_values(norm, draw)))
    seen["the model after a later change of the state"] = tried(lambda: _changed_later(restore, draw))
    for what, (model, state) in to_the_last_bit(draw).items():
        seen[what] = tried(lambda model=model, state=state: _same_numbers(restore, model, state))
    empty = registered(nn.Module(), inner=registered(nn.Sequential(), gain=weight(2)))
    unusual = {"a child of length 0": empty, "a Parameter of 0 numbers": registered(nn.Module(), gain=weight(0))}
    for what, model in unusual.items():
        seen[what] = tried(lambda model=model: _same_numbers(restore, model, new_values(model, draw)))
    return seen


def to_the_last_bit(draw: Draw) -> dict[str, tuple[nn.Module, dict[str, torch.Tensor]]]:
    """Models, each with a state of its own dtypes whose numbers a detour would round."""

    def held(value: torch.Tensor, before: float) -> nn.Module:
        model = nn.Module()
        model.register_buffer("held", torch.full_like(value, before))
        return model

    values = {
        "float64, to the last bit": (draw.normal(3).double() / 3, 0.0),
        "a large int64": (torch.tensor(2**53 + 1), 0.0),
        "small numbers over large ones": (draw.normal(3), 1e6),
        "numbers over infinity": (draw.normal(3), float("inf")),
    }
    return {what: (held(value, before), {"held": value}) for what, (value, before) in values.items()}


def _same_numbers(restore: Any, model: nn.Module, state: dict[str, torch.Tensor]) -> str:
    wanted = {name: value.clone() for name, value in state.items()}
    restore(model, state)
    same = all(torch.equal(tensor, wanted[name]) for name, tensor in own_tensors(model).items())
    return "the state's numbers" if same else "other numbers"


def _changed_later(restore: Any, draw: Draw) -> Any:
    model = nn.Linear(2, 2)
    state = new_values(model, draw)
    restore(model, state)
    for value in state.values():
        value.zero_()
    return own_tensors(model)


@restore_state.criterion(
    "It is exact also where `state` holds the model's own tensors, permuted or turned",
    because="state_dict() shares memory with the model, so a state may change while you copy from it.",
)
def restore_aliases(restore: Any, draw: Draw) -> Any:
    def layers(count: int) -> nn.Sequential:
        return draw.fill(nn.Sequential(*[nn.Linear(2, 2) for _ in range(count)]))

    def shifted(by: int, count: int) -> Any:
        model = layers(count)
        own = {name: tensor.detach() for name, tensor in own_tensors(model).items()}
        names = {name: f"{(int(name[0]) + by) % count}{name[1:]}" for name in own}
        return restored(restore, model, {name: own[other] for name, other in names.items()})

    def swapped_parameters() -> Any:
        model = layers(2)
        own = own_tensors(model)
        state = {**own, "0.weight": own["1.weight"], "1.weight": own["0.weight"]}
        return restored(restore, model, state)

    def turned() -> Any:
        model = layers(1)
        return restored(restore, model, {"0.weight": model[0].weight.detach().t(), "0.bias": model[0].bias.detach()})

    def mean_and_bias() -> Any:
        model = draw.fill(nn.BatchNorm1d(3))
        state = model.state_dict()
        state["bias"], state["running_mean"] = state["running_mean"], state["bias"]
        return restored(restore, model, state)

    def without_keys() -> Any:
        model = layers(3)
        return restored(
            restore, model, {"0.bias": model[1].bias.detach(), "1.bias": model[0].bias.detach()}, strict=False
        )

    cases = {
        "its own state": lambda: shifted(0, 2), "two layers swapped": lambda: shifted(1, 2),
        "three layers in a circle": lambda: shifted(1, 3), "the other way round": lambda: shifted(2, 3),
        "two Parameters swapped, as they are": swapped_parameters, "a weight turned on its own memory": turned,
        "a Parameter and a buffer swapped": mean_and_bias, "two biases swapped, strict=False": without_keys,
    }  # fmt: skip
    return {what: tried(case) for what, case in cases.items()}


def tied_layers(draw: Draw) -> nn.Module:
    """Two layers with one weight."""
    model = nn.Sequential(OrderedDict(first=nn.Linear(2, 2), second=nn.Linear(2, 2)))
    model.second.weight = model.first.weight
    return draw.fill(model)


@restore_state.criterion(
    "strict: a missing or an unexpected key is a RuntimeError that names every such key",
    because="One renamed layer gives several wrong keys; whoever reads the message wants to see them all.",
)
def restore_strict(restore: Any, draw: Draw) -> Any:
    stray, other = names_drawn(draw, 2)
    one = torch.ones(1)
    changes: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
        "a weight missing": (("stem.weight",), {}),
        "two biases missing": (("stem.bias", "head.bias"), {}),
        "a frozen Parameter missing": (("gain",), {}),
        "a buffer missing": (("norm.running_var",), {}),
        "num_batches_tracked missing": (("norm.num_batches_tracked",), {}),
        "an unexpected key": ((), {stray: one}),
        "two unexpected keys": ((), {f"{stray}.weight": one, f"body.{other}": one}),
        "a buffer that is not persistent": ((), {"passing": torch.ones(2)}),
        "a Parameter that is None": ((), {"nothing": one}),
        "two missing and two unexpected": (("stem.weight", "norm.bias"), {stray: one, f"head.{other}": one}),
        "a layer under another name": (("head.weight", "head.bias"), {f"{other}.weight": one, f"{other}.bias": one}),
    }
    seen = {}
    for what, (lost, added) in changes.items():
        model = untrained()
        state = {name: value for name, value in new_values(model, draw).items() if name not in lost}
        seen[what] = refused(
            lambda model=model, state=state, added=added: restore(model, {**state, **added}),
            *lost, *added, what="every key",
        )  # fmt: skip
    model = untrained()
    seen["an empty state"] = refused(lambda: restore(model, {}), *own_tensors(model), what="every key")
    seen["strict=True said"] = refused(lambda: restore(model, {}, strict=True))
    seen["True as the third argument"] = refused(lambda: restore(model, {}, True))
    tied = tied_layers(draw)
    state = {name: value for name, value in new_values(tied, draw).items() if name != "second.weight"}
    seen["the second name of a shared Parameter missing"] = refused(
        lambda: restore(tied, state), "second.weight", what="every key"
    )
    extra = WithExtras(stray)
    seen["extra state is not expected"] = refused(
        lambda: restore(extra, {**new_values(extra, draw), "_extra_state": one}), "_extra_state", what="every key"
    )
    return seen


@restore_state.criterion(
    "It returns two lists, missing and unexpected; with strict=False it copies the rest",
    because="To start a new head on an old body you load what fits, and look at what did not.",
)
def restore_returns(restore: Any, draw: Draw) -> Any:
    (stray,) = names_drawn(draw, 1)

    def returned(lost: tuple[str, ...], added: tuple[str, ...], *arguments: Any, **options: Any) -> Any:
        model = trained(draw)
        values = {name: value for name, value in new_values(model, draw).items() if name not in lost}
        missing, unexpected = restore(model, {**dict.fromkeys(added, torch.ones(1)), **values}, *arguments, **options)
        return {"missing": _sorted(missing), "unexpected": _sorted(unexpected), "values": in_a_row(own_tensors(model))}

    def extras() -> Any:
        model = draw.fill(WithExtras(stray))
        missing, unexpected = restore(model, new_values(model, draw), strict=False)
        return {"missing": _sorted(missing), "unexpected": _sorted(unexpected)}

    renamed = (f"{stray}.weight", f"{stray}.bias")
    cases: dict[str, Callable[[], Any]] = {
        "every key fits": lambda: returned((), ()),
        "every key fits, strict=False": lambda: returned((), (), strict=False),
        "two missing, strict=False": lambda: returned(("head.weight", "norm.running_mean"), (), strict=False),
        "two unexpected, strict=False": lambda: returned((), ("passing", stray), strict=False),
        "a renamed layer, strict=False": lambda: returned(("head.weight", "head.bias"), renamed, strict=False),
        "the same, False as the third argument": lambda: returned(("head.weight", "head.bias"), renamed, False),
        "num_batches_tracked missing": lambda: returned(("norm.num_batches_tracked",), (), strict=False),
        "a model with extra state": extras,
    }
    return {what: tried(case) for what, case in cases.items()}


def _sorted(names: Any) -> Any:
    return sorted(names) if is_a(names, list) else f"no list, but a {type(names).__name__}"


def misfits(draw: Draw) -> dict[str, Callable[[torch.Tensor], Any]]:
    """Values that cannot take a tensor's place, made from one that can."""
    return {
        "one entry too many": lambda value: draw.normal(value.numel() + 1),
        "a shape that broadcasts": lambda value: value[:1].clone(),
        "a scalar": lambda value: value.sum(),
        "one axis more": lambda value: value.unsqueeze(0),
        "the same entries in another shape": lambda value: value.reshape(-1, 1),
        "an array": lambda value: value.numpy(),
        "a list": lambda value: value.tolist(),
        "a number": lambda value: 0.5,
        "None": lambda value: None,
        "a meta tensor": lambda value: value.to("meta"),
        "a sparse tensor": lambda value: value.to_sparse(),
    }


def misfitting(draw: Draw, key: str, spoil: Callable[[torch.Tensor], Any]) -> tuple[nn.Module, dict[str, Any]]:
    """A model, and a state of which the value under `key` does not fit."""
    model = untrained()
    state: dict[str, Any] = new_values(model, draw)
    state[key] = spoil(state[key])
    return model, state


@restore_state.criterion(
    "A wrong shape, or what is no tensor or cannot be copied, is a RuntimeError that names the key, strict or not",
    because="strict=False forgives names, never shapes: a broadcast bias would look like a good one.",
)
def restore_misfits(restore: Any, draw: Draw) -> Any:
    model = untrained()
    if is_a(error := attempt(lambda: restore(model, new_values(model, draw))), Raised):
        return {"a state in which every value fits": error}
    seen = {}
    for what, spoil in misfits(draw).items():
        for strict in (True, False):
            model, state = misfitting(draw, "body.0.bias", spoil)
            seen[f"{what}, strict={strict}"] = refused(
                lambda model=model, state=state, strict=strict: restore(model, state, strict=strict),
                "body.0.bias", what="the key",
            )  # fmt: skip
    for what, key in {"a buffer": "norm.running_var", "a buffer without axes": "norm.num_batches_tracked"}.items():
        model, state = misfitting(draw, key, lambda value: value.reshape(1, -1))
        seen[f"one axis more, {what}"] = refused(
            lambda model=model, state=state: restore(model, state), key, what="the key"
        )
    others: dict[str, tuple[str, Callable[[torch.Tensor], Any]]] = {
        "a turned weight": ("stem.weight", torch.t), "one axis less, which broadcasts": ("head.weight", torch.flatten),
        "a number for an entry": ("head.bias", torch.sum),
        "one axis for none": ("norm.num_batches_tracked", lambda value: value.reshape(1)),
    }  # fmt: skip
    for what, (key, spoil) in others.items():
        model, state = misfitting(draw, key, spoil)
        seen[what] = refused(lambda model=model, state=state: restore(model, state), key, what="the key")
    return seen


def fitted(restore: Any, draw: Draw) -> Any:
    """Whether a state in which every value fits changes the model: who does nothing keeps every promise."""
    model = untrained()
    before, state = Before(model), new_values(model, draw)
    error = refused(lambda: restore(model, state))
    return error if is_a(error, Raised) else before.unchanged()


@restore_state.criterion(
    "After an error nothing has changed, wherever the bad key stood",
    because="Half a model of one training run and half of another is worse than none, and nobody notices.",
)
def restore_atomic(restore: Any, draw: Draw) -> Any:
    def after(model: nn.Module, state: Any, **options: Any) -> str:
        before = Before(model)
        error = refused(lambda: restore(model, state, **options))
        return error if is_a(error, Raised) else before.unchanged()

    keys = {"first": "gain", "in between": "norm.running_mean", "last": "head.bias"}
    spoils = misfits(draw)
    wrongs = [(place, what, True) for place in keys for what in ("one axis more", "a list")]
    wrongs += [("last", what, False) for what in ("one axis more", "a list", "a number")]
    wrongs += [(place, "a meta tensor", True) for place in ("in between", "last")]
    wrongs += [("last", "a sparse tensor", True), ("last", "a meta tensor", False)]
    seen = {"a state in which every value fits": fitted(restore, draw)}
    for place, what, strict in wrongs:
        model, state = misfitting(draw, keys[place], spoils[what])
        seen[f"{what}, {place}, strict={strict}"] = after(model, state, strict=strict)
    for place in ("first", "last"):
        model = untrained()
        state = {name: value for name, value in new_values(model, draw).items() if name != keys[place]}
        seen[f"the {place} key missing"] = after(model, state)
    model = untrained()
    seen["an unexpected key at the end"] = after(model, {**new_values(model, draw), "stray": torch.ones(1)})
    return seen


@restore_state.criterion(
    "`state` itself is never modified",
    because="It is somebody's checkpoint, and may be loaded into a second model.",
)
def restore_leaves_state(restore: Any, draw: Draw) -> Any:
    def state_after(change: Callable[[dict[str, Any]], dict[str, Any]], **options: Any) -> Any:
        model = untrained()
        state = change(new_values(model, draw))
        entries, copies = dict(state), {name: torch.as_tensor(value).clone() for name, value in state.items()}
        error = refused(lambda: restore(model, state, **options))
        same = [*state] == [*entries] and all(
            state[name] is value and torch.equal(torch.as_tensor(value), copies[name])
            for name, value in entries.items()
        )
        return error if is_a(error, Raised) else "as it was" if same else "changed"

    def without(state: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in state.items() if name != "stem.weight"}

    ones = torch.ones(1)
    return {
        "the model, where every value fits": fitted(restore, draw),
        "every key fits": state_after(lambda state: state),
        "float64 values": state_after(lambda state: {name: value.double() for name, value in state.items()}),
        "missing and unexpected keys, strict=False": state_after(
            lambda state: {"stray": ones, **without(state), "tail": ones}, strict=False
        ),
        "missing and unexpected keys": state_after(lambda state: {"stray": ones, **without(state), "tail": ones}),
        "a wrong shape": state_after(lambda state: {**state, "head.bias": torch.ones(7)}),
        "no tensor": state_after(lambda state: {**state, "head.bias": [1.0, 2.0]}, strict=False),
    }
