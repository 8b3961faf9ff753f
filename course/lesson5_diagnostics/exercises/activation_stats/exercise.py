"""What each criterion of `activation_stats` looks at."""

from __future__ import annotations

import types
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise, Halfway, hooks_on, is_a, tried, type_of

from ..shared import _quietly, fails, hooks_since, named, nothing, number, pictures, with_others


def number_kind(value: Any) -> str:
    """Whether something is a Python number, or what it is instead."""
    return "a Python number" if type_of(value) in ("int", "float") else type_of(value)


activation_stats = Exercise(
    "activation_stats",
    requires="ActivationStats",
    title="An instrument: statistics that stream",
    minutes=35,
    difficulty=4,
    hints=[
        (
            "First the skeleton: go through `model.named_modules()`, put a forward hook on each module of the right "
            "type, and keep the handles. The hook must know its name: a function that makes the hook can give it one."
        ),
        (
            "What do you have to remember of a batch, so that later batches can be added exactly? Not its mean and "
            "std. Think of sums: how many numbers, their sum, and one more."
        ),
        (
            "With n, Σx and Σx² the mean is Σx/n and the variance Σx²/n − mean². The difference of two huge numbers "
            "needs many digits: convert the outputs to float64 before you square them, not after."
        ),
        (
            "The least and the largest value so far belong to the state as well; they start with those of the first "
            "batch. Keep Python numbers (`.item()`), and let `stats` make its dict out of them when it is asked."
        ),
    ],
)


class OwnConv(nn.Conv2d):
    """A subclass of a layer."""


class Branches(nn.Module):
    """Convolutions at several depths; one never runs, one runs twice, and a Linear comes last."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, 2, 3)
        self.body = nn.ModuleDict(
            {"left": nn.Sequential(nn.ReLU(inplace=True), nn.Conv2d(2, 2, 1)), "own": OwnConv(2, 3, 2)}
        )
        self.unused = nn.Conv2d(1, 1, 1)
        self.again = nn.Conv2d(3, 3, 1)
        self.head = nn.Linear(3, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Through everything that runs."""
        x = self.body["own"](self.body["left"](self.stem(x)))
        return self.head(self.again(self.again(x)).mean(dim=(2, 3)))


def figures(stats: Any) -> Any:
    """What `stats` says, name by name, its numbers as floats whatever their type."""
    if not isinstance(stats, dict):
        return f"stats is no dict, but a {type(stats).__name__}"
    return {
        str(name): {str(key): number(entry[key]) for key in sorted(entry, key=str)}
        if isinstance(entry, dict)
        else f"no dict, but a {type(entry).__name__}"
        for name, entry in sorted(stats.items(), key=lambda item: str(item[0]))
    }


def measured(make: Any, model: nn.Module, batches: Iterable[torch.Tensor], **options: Any) -> Any:
    """The statistics after some batches."""
    watch = make(model, **options)
    for batch in batches:
        model(batch)
    return figures(watch.stats)


def passing(*names: str) -> Any:
    """A model of nn.Identity modules: what it gives out is what it is given."""
    return nn.Sequential(OrderedDict({name: nn.Identity() for name in names}))


@activation_stats.criterion(
    "Every submodule of these types that runs has an entry, subclasses among them, and no other module",
    because="An instrument that misses a layer, or reads one that nobody asked for, misleads.",
)
def stats_names(ActivationStats: Any, draw: Draw) -> Any:
    def names(model: nn.Module, batch: torch.Tensor, **options: Any) -> Any:
        watch = ActivationStats(model, **options)
        model(batch)
        return sorted(map(str, watch.stats)) if isinstance(watch.stats, dict) else type(watch.stats).__name__

    def entries() -> Any:
        watch = ActivationStats(draw.fill(nn.Sequential(nn.Conv2d(1, 1, 2))))
        return sorted(map(str, watch.stats)) if isinstance(watch.stats, dict) else type(watch.stats).__name__

    (batch,) = pictures(draw, 2)
    cases = {
        "convolutions, the default": {},
        "types=(nn.Linear,)": {"types": (nn.Linear,)},
        "types=(nn.ReLU, nn.Conv2d)": {"types": (nn.ReLU, nn.Conv2d)},
        "types=(nn.Dropout,), of which there is none": {"types": (nn.Dropout,)},
    }
    seen = {
        what: tried(lambda options=options: names(draw.fill(Branches()), batch, **options))
        for what, options in cases.items()
    }
    seen["types as the second argument"] = tried(
        lambda: sorted(
            map(str, _run(ActivationStats(model := draw.fill(Branches()), (nn.Linear,)), model, batch).stats)
        )
    )
    seen["before anything has run"] = tried(entries)
    return seen


def measured_at_all(watch: Any) -> str:
    """Whether there is anything in `stats`: whoever measures nothing needs no memory, and leaves nothing behind."""
    return "something" if watch.stats else "nothing"


def _run(watch: Any, model: nn.Module, *batches: torch.Tensor) -> Any:
    for batch in batches:
        model(batch)
    return watch


@activation_stats.criterion(
    "count, mean, std, min and max are those of all numbers given out so far",
    points=2,
    because="A mean of the batches' means counts a small batch too much, and a mean of their stds is no std at all.",
)
def stats_exact(ActivationStats: Any, draw: Draw) -> Any:
    both = {"types": (nn.Identity,)}

    def moved(*shifts: float) -> list[torch.Tensor]:
        return [shift + draw.normal(size, 4) for size, shift in zip((5, 1, 9), shifts, strict=False)]

    cases: dict[str, Callable[[], Any]] = {
        "one batch": lambda: measured(ActivationStats, passing("one"), moved(0.0), **both),
        "two batches, far apart": lambda: measured(ActivationStats, passing("one"), moved(3, -2), **both),
        "three batches": lambda: measured(ActivationStats, passing("one"), moved(1, -1, 4), **both),
        "negative numbers only": lambda: measured(ActivationStats, passing("one"), moved(-20, -30, -40), **both),
        "positive numbers only": lambda: measured(ActivationStats, passing("one"), moved(40, 20, 30), **both),
        "a single number": lambda: measured(ActivationStats, passing("one"), [draw.normal(1, 1)], **both),
        "pictures of different sizes": lambda: measured(
            ActivationStats, passing("one"), [draw.normal(2, 3, 4, 5), draw.normal(1, 3, 2, 2) + 1], **both
        ),
        "convolutions, one of which runs twice": lambda: measured(
            ActivationStats, draw.fill(Branches()), pictures(draw, 3, 1, 2)
        ),
        "a float64 model": lambda: measured(
            ActivationStats, draw.fill(named(c=OwnConv(1, 2, 3)).double()), [b.double() for b in pictures(draw, 2, 3)]
        ),
        "whole numbers, given out as int64": lambda: measured(
            ActivationStats, passing("one"), [draw.integers(0, 9, 4, 2), draw.integers(5, 20, 1, 2)], **both
        ),
        "without gradients": lambda: _quietly(lambda: measured(ActivationStats, passing("one"), moved(2, 1), **both)),
    }  # fmt: skip
    return {what: tried(case) for what, case in cases.items()}


@activation_stats.criterion(
    "They are right also where the mean is up to 100,000 times the std",
    because="In float32 the squares have seven digits, and the std is in the eighth.",
    rtol=2e-3,
    atol=1e-3,
)
def stats_precise(ActivationStats: Any, draw: Draw) -> Any:
    def far(mean: float, std: float) -> Any:
        batches = [mean + std * draw.normal(size, 8) for size in (6, 2, 12)]
        return measured(ActivationStats, passing("one"), batches, types=(nn.Identity,))

    cases: dict[str, Callable[[], Any]] = {
        f"mean {mean:g}, std {std:g}": lambda mean=mean, std=std: far(mean, std)
        for mean, std in ((100, 1), (-1e4, 1), (1e5, 1))
    }
    for value in (0.1, 0.2, 0.4):
        batches = [torch.full((size, 3), value, dtype=torch.float64) for size in (3, 5, 2)]
        cases[f"always {value}"] = lambda batches=batches: measured(
            ActivationStats, passing("one"), batches, types=(nn.Identity,)
        )
    return {what: tried(case) for what, case in cases.items()}


@activation_stats.criterion(
    "All values are Python numbers, to be read at any time and also after the hooks are gone",
    because="You look at an instrument while the network trains, and once more when all is over.",
)
def stats_reading(ActivationStats: Any, draw: Draw) -> Any:
    def kinds() -> Any:
        watch = _run(ActivationStats(model := draw.fill(Branches())), model, *pictures(draw, 2, 3))
        return {str(key): number_kind(value) for key, value in sorted(watch.stats["stem"].items())}

    def in_between() -> Any:
        model, batches = passing("one"), [draw.normal(size, 3) for size in (4, 2, 5)]
        watch, seen = ActivationStats(model, types=(nn.Identity,)), []
        for batch in batches:
            model(batch)
            seen += [figures(watch.stats)]
        return [*seen, figures(watch.stats)]

    def afterwards() -> Any:
        model, first, second = passing("one"), draw.normal(4, 3), draw.normal(4, 3)
        watch = _run(ActivationStats(model, types=(nn.Identity,)), model, first)
        watch.remove()
        model(second)
        return figures(watch.stats)

    def after_with() -> Any:
        model, first, second = passing("one"), draw.normal(4, 3), draw.normal(4, 3)
        with ActivationStats(model, types=(nn.Identity,)) as watch:
            model(first)
        model(second)
        return figures(watch.stats)

    cases = {
        "what the values are": kinds, "after every batch, and once more": in_between,
        "after remove(), and one more batch": afterwards, "after a with block, and one more batch": after_with,
    }  # fmt: skip
    return {what: tried(case) for what, case in cases.items()}


def kept_by(roots: list[Any]) -> tuple[int, int]:
    """How many numbers and other things hang on these objects, and how many of the tensors have a graph. Modules,
    classes and whatever a function finds by name are left out: they are not kept for the sake of the statistics."""
    seen, size, graphs, todo = set(), 0, 0, list(roots)
    while todo:
        item = todo.pop()
        if id(item) in seen or isinstance(item, type | types.ModuleType | nn.Module | str | bytes):
            continue
        seen.add(id(item))
        size += 1
        if is_a(item, torch.Tensor):
            size += (
                item.untyped_storage().nbytes() // item.element_size() if item.layout == torch.strided else item.numel()
            )
            graphs += item.grad_fn is not None
        elif isinstance(item, dict):
            todo += [*item.keys(), *item.values()]
        elif isinstance(item, list | tuple | set | frozenset):
            todo += item
        else:
            todo += _held_by(item)
    return size, graphs


def _held_by(item: Any) -> list[Any]:
    """What an object of any other kind holds: a function its closure and defaults, a method its object."""
    if isinstance(item, types.CellType):
        return [item.cell_contents] if _filled(item) else []
    if isinstance(item, types.MethodType):
        return [item.__self__, item.__func__]
    if isinstance(item, types.FunctionType):
        return [*(item.__closure__ or ()), *(item.__defaults__ or ()), *(item.__kwdefaults__ or {}).values()]
    partly = [getattr(item, name) for name in ("func", "args", "keywords") if hasattr(item, name)]
    try:
        slots = [
            getattr(item, name)
            for kind in type(item).__mro__
            for name in vars(kind).get("__slots__", ())
            if hasattr(item, name)
        ]
        deque = list(item) if type(item).__name__ == "deque" else []
        return [*partly, *slots, *deque, *vars(item).values()]
    except TypeError:
        return partly


def _filled(cell: types.CellType) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


@activation_stats.criterion(
    "What it keeps does not grow with the number of batches, and holds no graph",
    because="Ten thousand stored activations with their graphs fill any memory.",
)
def stats_constant(ActivationStats: Any, draw: Draw) -> Any:
    def growth(model: nn.Module, sizes: tuple[int, ...], **options: Any) -> Any:
        watch = ActivationStats(model, **options)
        hooks = [list(vars(module)["_forward_hooks"].values()) for module in model.modules()]
        found = []
        for size in sizes:
            model(draw.normal(size, 1, 6, 6))
            found.append(kept_by([watch, hooks]))
        return {
            "what it keeps": "grows" if found[-1][0] > found[1][0] + 25 else "stays as small as it is",
            "a graph": "is kept" if any(graphs for _, graphs in found) else "is not kept",
            "what it has measured": measured_at_all(watch),
        }

    return {
        "a convolution": tried(lambda: growth(draw.fill(nn.Sequential(nn.Conv2d(1, 2, 3))), (2, 2, *(2,) * 30))),
        "batches that become larger": tried(lambda: growth(draw.fill(nn.Sequential(nn.Conv2d(1, 2, 3))), (1, 1, 4, 8))),
        "without gradients": tried(
            lambda: _quietly(lambda: growth(passing("one"), (2, 2, *(2,) * 30), types=(nn.Identity,)))
        ),
    }


@activation_stats.criterion(
    "`remove()` and the end of a `with` block take its hooks away, also after an error, and nobody else's",
    because="A hook that stays behind measures, and costs time, for ever.",
)
def stats_removed(ActivationStats: Any, draw: Draw) -> Any:
    def removed() -> Any:
        model = with_others(draw.fill(Branches()))
        before = hooks_on(model)
        watch = ActivationStats(model)
        later = model.stem.register_forward_hook(nothing)
        before[id(model.stem), "_forward_hooks", later.id] = nothing
        model(*pictures(draw, 2))
        watch.remove()
        return {"what it has measured": measured_at_all(watch), **hooks_since(model, before)}

    def with_block(fails_inside: bool) -> Any:
        model = with_others(draw.fill(Branches()))
        before = hooks_on(model)

        def block() -> str:
            with (watch := ActivationStats(model)) as entered:
                model(*pictures(draw, 2))
                if fails_inside:
                    raise Halfway("an error inside of the with block, on purpose")
            return "entering gives the object itself" if entered is watch else "entering gives something else"

        outcome = fails(block) if fails_inside else block()
        return {"outcome": outcome, **hooks_since(model, before)}

    def outputs() -> Any:
        model, (batch,) = draw.fill(Branches()), pictures(draw, 2)
        watch = ActivationStats(model, types=(nn.Conv2d, nn.Linear))
        output = model(batch)
        output.sum().backward()
        watch.remove()
        return {"output": output, "gradient of the stem's weight": model.stem.weight.grad}

    cases: dict[str, Callable[[], Any]] = {
        "remove()": removed,
        "a with block": lambda: with_block(False),
        "an error inside of a with block": lambda: with_block(True),
        "what the model computes while it is watched": outputs,
    }
    return {what: tried(case) for what, case in cases.items()}
