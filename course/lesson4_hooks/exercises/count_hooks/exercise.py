"""What each criterion of `count_hooks` looks at."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.nn.modules import module as everywhere

from autograder.criteria import Draw, Exercise, tried, type_of, whole

from ..shared import Odd, Tables, Twice, shown, skipping, strangers

count_hooks = Exercise(
    "count_hooks",
    requires="count_hooks",
    title="Is there a hook left?",
    minutes=10,
    difficulty=2,
    hints=[
        (
            "Hooks stand in dicts in the module's `__dict__`. Print `vars(nn.ReLU())`, and find the four that hold the "
            "kinds of hooks that are asked for."
        ),
        (
            "Each module knows only its own hooks. `modules()` gives the module itself and all its descendants, a "
            "shared one once."
        ),
        (
            "Register one hook, with `with_kwargs=True` say, and print all dicts whose names have `hook` in them. One "
            "hook may stand in two of them: some dicts hold only notes about hooks that are counted already."
        ),
    ],
)


REGISTER: dict[str, Callable[[nn.Module], Any]] = {
    "forward pre-hook": lambda module: module.register_forward_pre_hook(_idle),
    "forward hook": lambda module: module.register_forward_hook(_idle),
    "full backward pre-hook": lambda module: module.register_full_backward_pre_hook(_idle),
    "full backward hook": lambda module: module.register_full_backward_hook(_idle),
    "legacy backward hook": lambda module: module.register_backward_hook(_idle),
}


OPTIONS: dict[str, Callable[[nn.Module], Any]] = {
    "pre-hook, with_kwargs": lambda module: module.register_forward_pre_hook(_idle, with_kwargs=True),
    "forward hook, with_kwargs": lambda module: module.register_forward_hook(_idle, with_kwargs=True),
    "forward hook, always_call": lambda module: module.register_forward_hook(_idle, always_call=True),
    "forward hook, with_kwargs and always_call": lambda module: module.register_forward_hook(
        _idle, with_kwargs=True, always_call=True
    ),
    "forward hook, prepended": lambda module: module.register_forward_hook(_idle, prepend=True),
    "full backward hook, prepended": lambda module: module.register_full_backward_hook(_idle, prepend=True),
}


OTHERS: dict[str, Callable[[nn.Module], Any]] = {
    "state_dict pre-hook": lambda module: module.register_state_dict_pre_hook(_idle),
    "state_dict post-hook": lambda module: module.register_state_dict_post_hook(_idle),
    "load_state_dict pre-hook": lambda module: module.register_load_state_dict_pre_hook(_idle),
    "load_state_dict post-hook": lambda module: module.register_load_state_dict_post_hook(_idle),
    "hook on a parameter": lambda module: module.weight.register_hook(_idle),
    "hook on a parameter, after accumulation": lambda module: module.weight.register_post_accumulate_grad_hook(_idle),
}


def _idle(*arguments: Any) -> None:
    """A hook that does nothing."""


def counted(count_hooks: Any, module: nn.Module) -> Any:
    """What `count_hooks` says, as an int."""
    return whole(count_hooks(module))


@count_hooks.criterion(
    "Each of the kinds counts: forward-pre, forward, backward-pre, full backward and legacy backward",
    because="A hook of any of these kinds may change what the model gives, or slow it down.",
)
def count_kinds(count_hooks: Any, draw: Draw) -> Any:
    def of(*kinds: str) -> Any:
        module = nn.Linear(2, 2)
        for kind in kinds:
            REGISTER[kind](module)
        return counted(count_hooks, module)

    alone = {kind: tried(lambda kind=kind: of(kind)) for kind in REGISTER}
    times = draw.integer(2, 6)
    full = [kind for kind in REGISTER if not kind.startswith("legacy")]
    return {
        "no hook": tried(of), **{f"one {kind}": seen for kind, seen in alone.items()},
        **{f"several {kind}s": tried(lambda kind=kind: of(*[kind] * times)) for kind in REGISTER},
        "one of each": tried(lambda: of(*full)),
        "all but a full one": tried(lambda: of(*[kind for kind in REGISTER if kind != "full backward hook"])),
    }  # fmt: skip


@count_hooks.criterion(
    "A hook counts once, whatever options it was registered with, and not at all once it is removed",
    because="torch notes some options in tables of their own, beside the table that holds the hook.",
)
def count_options(count_hooks: Any, draw: Draw) -> Any:
    def of(register: Callable[[nn.Module], Any]) -> Any:
        module = nn.Linear(2, 2)
        handle = register(module)
        there = counted(count_hooks, module)
        handle.remove()
        return f"{shown(there)}, once it is removed {shown(counted(count_hooks, module))}"

    def same_function() -> Any:
        module = nn.Linear(2, 2)
        handles = [module.register_forward_hook(_idle) for _ in range(3)]
        there = counted(count_hooks, module)
        handles[1].remove()
        return f"{shown(there)}, once one is removed {shown(counted(count_hooks, module))}"

    found = {what: tried(lambda make=make: of(make)) for what, make in {**REGISTER, **OPTIONS}.items()}
    return {**found, "the same function three times": tried(same_function)}


@count_hooks.criterion(
    "Descendants count at any depth, a shared module once",
    because="A leaked hook sits anywhere: on a container, on a leaf, deep inside.",
)
def count_descendants(count_hooks: Any, draw: Draw) -> Any:
    def on(make: Callable[[], nn.Module], *names: str) -> Any:
        model = make()
        for name in names:
            model.get_submodule(name).register_forward_hook(_idle)
        return counted(count_hooks, model)

    def on_all(make: Callable[[], nn.Module]) -> Any:
        model = make()
        strangers(model)
        return counted(count_hooks, model)

    def with_none() -> nn.Module:
        model = skipping()
        model.register_module("nothing", None)
        model.add_module("empty", nn.Sequential())
        return model

    def deep() -> nn.Module:
        model: nn.Module = nn.Linear(2, 2)
        for _ in range(6):
            model = nn.Sequential(nn.ReLU(), model)
        return model

    def twice() -> nn.Module:
        return Twice(nn.Sequential(nn.Linear(2, 2)), nn.Tanh())

    def two_alike() -> nn.Module:
        layer = nn.Linear(2, 2)
        return nn.Sequential(layer, copy.deepcopy(layer), layer)

    def in_two_containers() -> nn.Module:
        block = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
        return nn.Sequential(nn.Sequential(block), nn.ModuleList([nn.Sequential(nn.Tanh(), block)]))

    return {
        "on the model itself": tried(lambda: on(skipping, "")), "on a child": tried(lambda: on(skipping, "head")),
        "on a container": tried(lambda: on(skipping, "block")),
        "on a grandchild's child": tried(lambda: on(skipping, "block.branch.2")),
        "six levels down": tried(lambda: on(deep, "1.1.1.1.1.1")),
        "in a list, in a dict, and on a leaf that never runs": tried(
            lambda: on(Odd, "stages", "stages.0.1", "extra.never")
        ),
        "every kind on every module": tried(lambda: on_all(skipping)),
        "with a child that is None": tried(lambda: on_all(with_none)),
        "on a layer with two names": tried(lambda: on(twice, "before", "again.0")),
        "every kind, with a layer that has two names": tried(lambda: on_all(twice)),
        "every kind, with equal layers": tried(lambda: on_all(two_alike)),
        "every kind, with a block in two containers": tried(lambda: on_all(in_two_containers)),
    }  # fmt: skip


@count_hooks.criterion(
    "Other hooks do not count: those for state_dict, those on tensors, those for all modules",
    because="Hooks for saving are not called when the module runs; the others hang on tensors, or on all modules.",
)
def count_others(count_hooks: Any, draw: Draw) -> Any:
    def of(register: Callable[[nn.Module], Any], *kinds: str) -> Any:
        module = nn.Sequential(nn.Linear(2, 2))
        for kind in kinds:
            REGISTER[kind](module[0])
        register(module[0])
        return counted(count_hooks, module)

    def everywhere_registered() -> Any:
        with everywhere.register_module_forward_hook(_idle):
            return counted(count_hooks, nn.ReLU())

    found = {what: tried(lambda make=make: of(make)) for what, make in OTHERS.items()}
    beside = {f"{what}, beside a forward hook": tried(lambda make=make: of(make, "forward hook"))
              for what, make in OTHERS.items()}  # fmt: skip
    return {**found, **beside, "forward hook for all modules": tried(everywhere_registered)}


@count_hooks.criterion(
    "It returns an int, and leaves the hooks where they are",
    points=0.5,
    because="Whoever counts must not change what is counted.",
)
def count_leaves(count_hooks: Any, draw: Draw) -> Any:
    def twice_counted() -> Any:
        model = skipping()
        notes = strangers(model)
        tables = Tables(model)
        counts = [count_hooks(model), count_hooks(model)]
        model(torch.ones(1, 2)).sum().backward()
        after = {"the hook tables": tables.now(), "hooks that are called": len(notes)}
        kinds = [type_of(count) for count in counts]
        return {"two counts": [whole(count) for count in counts], "of type": kinds, **after}

    def with_a_mode() -> Any:
        model = skipping().eval()
        count_hooks(model)
        return {"in training mode": [name for name, module in model.named_modules() if module.training]}

    return {"counted twice": tried(twice_counted), "in eval mode": tried(with_a_mode)}
