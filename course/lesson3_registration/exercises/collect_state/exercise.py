"""What each criterion of `collect_state` looks at."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise, is_a

from ..shared import (
    TypedEmbedding,
    WithExtras,
    collected,
    deep,
    entries,
    names_drawn,
    not_by_torch,
    own_tensors,
    registered,
    through_children,
    tried,
    weight,
)

collect_state = Exercise(
    "collect_state",
    requires="collect_state",
    title="state_dict(), by hand",
    minutes=25,
    difficulty=3,
    hints=[
        (
            "The walk is that of `iter_named_parameters`, with two differences: buffers come after the Parameters of "
            "each module, and nothing is left out for having been seen before."
        ),
        (
            "Each module has its own `_non_persistent_buffers_set`, with names as they stand in its own `_buffers`. "
            "Ask the module that owns the buffer, not the root."
        ),
        (
            "You want a tensor on the same memory, but outside the graph. `clone()` gives new memory, and "
            "`requires_grad_(False)` would change the model's own Parameter: there is a method for just this."
        ),
    ],
)


@collect_state.criterion(
    "Parameters and buffers of all modules are there, under the names and in the order of state_dict()",
    points=2,
    because="A saved state is of use only if the names lead back to where the tensors came from.",
)
@not_by_torch
def collect_names(collect: Any, draw: Draw) -> Any:
    child, buffer, own = names_drawn(draw, 3)
    late = nn.Module()
    late.register_buffer(buffer, torch.ones(2))
    registered(late, **{child: nn.BatchNorm1d(2), own: weight(1)})
    models = {
        "one nn.Linear": nn.Linear(2, 3), "nn.BatchNorm1d": nn.BatchNorm1d(2), "several levels": deep(draw),
        "a Parameter assigned after a buffer and a child": late, "nothing to collect": nn.Sequential(nn.ReLU()),
        "frozen Parameters": nn.Linear(2, 2).requires_grad_(False), "a module with extra state": WithExtras(child),
        "a Parameter of 0 numbers": registered(nn.Module(), **{own: weight(0), child: weight(1)}),
    }  # fmt: skip
    return {what: tried(lambda model=model: entries(collect, model, draw)) for what, model in models.items()}


@collect_state.criterion(
    "What is None and what is not persistent is left out",
    because="A buffer that is not persistent can be computed again; that is why somebody marked it so.",
)
@not_by_torch
def collect_left_out(collect: Any, draw: Draw) -> Any:
    passing, kept, child, off = names_drawn(draw, 4)
    inner, outer = nn.Module(), nn.Module()
    inner.register_buffer(kept, torch.ones(2))
    inner.register_buffer(passing, torch.ones(2), persistent=False)
    outer.register_buffer(passing, torch.ones(3))
    outer.register_buffer(kept, torch.ones(3), persistent=False)
    registered(outer, **{child: nn.Sequential(inner)})
    nones = nn.Module()
    nones.register_parameter(kept, None)
    nones.register_buffer(passing, None)
    nones.register_module(off, None)
    registered(nones, **{child: nn.Linear(2, 2, bias=False)})
    empty = registered(nn.Sequential(), **{kept: weight(2)})
    empty.register_buffer(passing, torch.ones(2))
    models = {
        "persistent in one module, not in another": outer, "Parameter, buffer and child that are None": nones,
        "a BatchNorm without weights and statistics": nn.BatchNorm1d(2, affine=False, track_running_stats=False),
        "a BatchNorm without weights": nn.Sequential(nn.BatchNorm1d(2, affine=False)),
        "a child replaced by None": registered(nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1)), **{"0": None}),
        "a child of length 0 with tensors, no None": registered(nn.Module(), **{child: empty}),
    }  # fmt: skip
    return {what: tried(lambda model=model: entries(collect, model, draw)) for what, model in models.items()}


@collect_state.criterion(
    "A shared tensor stands under each of its names",
    because="Whoever loads the state into a model without sharing needs every one of them.",
)
@not_by_torch
def collect_shared(collect: Any, draw: Draw) -> Any:
    first, second, third = names_drawn(draw, 3)
    inner = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    tied = registered(nn.Module(), **{first: nn.Linear(2, 2), second: nn.Linear(2, 2, bias=False)})
    getattr(tied, second).weight = getattr(tied, first).weight
    buffers = nn.Module()
    buffers.register_buffer(first, torch.ones(2))
    buffers.register_buffer(second, getattr(buffers, first))
    models = {
        "one Parameter in two layers": tied,
        "one module under two names": registered(nn.Module(), **{first: inner, second: inner}),
        "the same, one of them deeper": registered(nn.Module(), **{first: nn.Sequential(inner), third: inner[1]}),
        "one buffer under two names": buffers,
    }
    return {what: tried(lambda model=model: entries(collect, model, draw)) for what, model in models.items()}


def remembering(weight_shape: int = 2) -> nn.Module:
    """A model with tensors of many kinds: two axes turned, no axis at all, a buffer that carries a graph."""
    model = registered(nn.Module(), scale=weight(weight_shape), turned=nn.Parameter(torch.ones(3, 2).t()))
    model.register_buffer("trace", model.scale * 2)
    model.register_buffer("wanting", torch.ones(2, requires_grad=True))
    return registered(model, norm=nn.BatchNorm1d(2), layers=nn.Sequential(nn.Linear(2, 2).requires_grad_(False)))


@collect_state.criterion(
    "The tensors share their memory with the model",
    because="As with state_dict(), nothing is copied; whoever wants a snapshot has to copy it.",
)
@not_by_torch
def collect_memory(collect: Any, draw: Draw) -> Any:
    model = draw.fill(nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Sequential(nn.Linear(3, 1, bias=False))))
    turned = registered(nn.Module(), turned=nn.Parameter(torch.ones(3, 2).t()))

    def whose(model: nn.Module) -> Any:
        own = own_tensors(model)
        state = collected(collect, model)
        return {name: _same_memory(tensor, state.get(name)) for name, tensor in own.items()}

    def written() -> Any:
        state = collected(collect, model)
        with torch.no_grad():
            for tensor in state.values():
                tensor.add_(1)
        return own_tensors(model)

    return {
        "layers and a BatchNorm": tried(lambda: whose(model)),
        "a Parameter that is no contiguous tensor": tried(lambda: whose(turned)),
        "the model after adding 1 to everything in the state": tried(written),
    }


def _same_memory(tensor: torch.Tensor, other: Any) -> str:
    if not is_a(other, torch.Tensor):
        return "no tensor"
    same = (tensor.data_ptr(), tensor.shape, tensor.stride()) == (other.data_ptr(), other.shape, other.stride())
    return "the model's memory" if same else "other memory"


@collect_state.criterion(
    "They carry no graph, and the model itself stays as it was",
    because="Saving only looks: what is saved has no part in training, and the model trains on as before.",
)
@not_by_torch
def collect_graph(collect: Any, draw: Draw) -> Any:
    def graphs() -> Any:
        state = collected(collect, remembering())
        return {name: _attached(value) if is_a(value, torch.Tensor) else "no tensor" for name, value in state.items()}

    def left_behind() -> Any:
        model = remembering()
        before = own_tensors(model)
        collected(collect, model)
        after = own_tensors(model)
        return {
            "replaced": [name for name in before if after.get(name) is not before[name]],
            "requires_grad": [name for name, tensor in after.items() if tensor.requires_grad],
            "carries a graph": [name for name, tensor in after.items() if tensor.grad_fn is not None],
        }

    return {"what was collected": tried(graphs), "the model afterwards": tried(left_behind)}


def _attached(tensor: torch.Tensor) -> str:
    if tensor.grad_fn is not None:
        return "carries a graph"
    return "requires a gradient" if tensor.requires_grad else "is detached"


@collect_state.criterion(
    "It is built from the tables of each module, and nothing else",
    because="Attribute access may find something else under a name, a method or a class attribute.",
)
@not_by_torch
def collect_tables_only(collect: Any, draw: Draw) -> Any:
    model, hiding = deep(draw), TypedEmbedding()
    return {
        "the way through the model": through_children(model, lambda: collect(model)),
        "children called as a method and as a class attribute": tried(lambda: entries(collect, hiding, draw)),
    }
