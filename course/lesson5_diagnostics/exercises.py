"""Lesson 5: the seven exercises, and what each of their criteria looks at.

Nothing here says what is right: right is what the lesson's solution shows under the same probe. Numbers are drawn, but
which unit is dead, what explodes and who has hooks is built on purpose, so that near misses can stand beside the cases.
Hook tables are compared entry by entry with what they were before, so that somebody else's hooks count as well.
"""

from __future__ import annotations

import types
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

import torch
from torch import nn

from autograder.criteria import (
    Codes,
    Draw,
    Exercise,
    Halfway,
    Look,
    NotAttempted,
    attempt_text,
    forbidden,
    functions_in,
    hooks_on,
    is_a,
    own_work,
    raised,
    refusal,
    tried,
    type_of,
)
from autograder.criteria import number as plain_number

Batch = tuple[torch.Tensor, torch.Tensor]

# ---------------------------------------------------------------------------------------------------------------------
# What several criteria look at
# ---------------------------------------------------------------------------------------------------------------------


def number(value: Any) -> Any:
    """A float of seven digits out of anything that is one number, whatever its type; otherwise the type's name."""
    found = plain_number(value)
    return float(f"{found:.7g}") if is_a(found, float) else f"no number, but a {type_of(found)}"


def number_kind(value: Any) -> str:
    """Whether something is a Python number, or what it is instead."""
    return "a Python number" if type_of(value) in ("int", "float") else type_of(value)


def fails(function: Callable[[], Any]) -> Any:
    """Whether our own error comes through."""
    try:
        function()
    except Halfway:
        return "our error comes through"
    except Exception as error:
        return raised(error)
    return "no error"


def hooks_since(model: nn.Module, before: dict[tuple[int, str, Any], Any]) -> dict[str, int]:
    """How the hooks differ from what they were."""
    then, now = before.keys(), hooks_on(model).keys()
    return {"hooks left behind": len(now - then), "others' hooks that are gone": len(then - now)}


def nothing(*_: Any) -> None:
    """A hook that does nothing."""


def with_others(model: nn.Module) -> Any:
    """The model, with hooks of somebody else on every module."""
    for module in nn.Module.modules(model):
        module.register_forward_pre_hook(nothing)
        module.register_forward_hook(nothing)
    return model


def modes_of(model: nn.Module) -> dict[str, bool]:
    """The mode of each module, by name."""
    return {name or "the model itself": module.training for name, module in nn.Module.named_modules(model)}


def modes_since(model: nn.Module, before: dict[str, bool]) -> dict[str, Any]:
    """Which modules are in another mode than they were."""
    after = modes_of(model)
    other = [name for name, training in before.items() if after.get(name) != training]
    return {"modules in another mode than before": other}


def numbers_of(model: nn.Module) -> dict[str, torch.Tensor]:
    """All parameters and buffers of a model as they are now, by name."""
    tensors = [*nn.Module.named_parameters(model), *nn.Module.named_buffers(model)]
    return {name: tensor.detach().clone() for name, tensor in tensors}


def changed(before: dict[str, torch.Tensor], after: dict[str, torch.Tensor]) -> list[str]:
    """The names under which something else stands now."""
    return [name for name in before if name not in after or not torch.equal(before[name], after[name])]


class Breaks(nn.Module):
    """Hands on its input, and breaks at a given call."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at, self.calls = at, 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The input, or the error."""
        self.calls += 1
        if self.calls == self.at:
            raise Halfway("the model breaks here, on purpose")
        return x


def breaking(batches: list[Any]) -> Iterator[Any]:
    """All batches but the last, and then an error."""
    yield from batches[:-1]
    raise Halfway("the loader breaks here, on purpose")


def labelled(*batches: torch.Tensor) -> list[Batch]:
    """Batches of inputs with labels that nobody needs."""
    return [(inputs, torch.zeros(len(inputs), dtype=torch.int64)) for inputs in batches]


def named(**modules: nn.Module) -> Any:
    """An nn.Sequential with names."""
    return nn.Sequential(OrderedDict(modules))


def set_bias(layer: Any, dead: Iterable[int] = ()) -> Any:
    """The layer, with biases that keep every unit alive but the dead ones."""
    with torch.no_grad():
        layer.bias.abs_().add_(2.5)
        for unit in dead:
            layer.bias[unit] = -2000.0
    return layer


def rarely(layer: Any, unit: int) -> Any:
    """The layer; its `unit` is positive where its first input is above 50, and nowhere else."""
    with torch.no_grad():
        layer.weight[unit] = 0.0
        layer.weight[unit].flatten()[0] = 1.0
        layer.bias[unit] = -50.0
    return layer


def always(model: Any, value: float) -> Any:
    """A `perceptron` whose fourth unit of the first ReLU gives `value` for every sample."""
    with torch.no_grad():
        model.fc1.weight[3], model.fc1.bias[3] = 0.0, value
    return model


BARELY_POSITIVE = (0.01, 1e-7, 1e-30)
"""Positive numbers that a threshold, or a sum with larger ones, takes for zero."""

# ---------------------------------------------------------------------------------------------------------------------
# activation_stats
# ---------------------------------------------------------------------------------------------------------------------

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


class OwnIdentity(nn.Identity):
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


def pictures(draw: Draw, *counts: int) -> list[torch.Tensor]:
    """Batches of small one-channel pictures."""
    return [draw.normal(count, 1, 6, 6) for count in counts]


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


def _quietly(function: Callable[[], Any]) -> Any:
    with torch.no_grad():
        return function()


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


# ---------------------------------------------------------------------------------------------------------------------
# dead_units
# ---------------------------------------------------------------------------------------------------------------------

dead_units = Exercise(
    "dead_units",
    requires="dead_units",
    title="Which units are dead?",
    minutes=35,
    difficulty=4,
    hints=[
        (
            "Dead means: never positive. So keep one bool for each unit that says 'has been positive', begin with "
            "the first batch, and let later batches only ever switch it on. The answer is the opposite of it."
        ),
        (
            "`output > 0` has the output's shape. The units lie in dimension 1; over all other dimensions you ask "
            "`any`. For 2-D that is dimension 0 alone, for 4-D 0, 2 and 3."
        ),
        (
            "A loop over the loader with `model.eval()` and `torch.no_grad()`, as in the lesson on the CNN. Modes are "
            "noted before and written back in `finally`; there the handles are removed, too."
        ),
        (
            "When a ReLU runs again, compare the number of units before you combine: `|` would broadcast 1 against n "
            "without a word. And count the batches, to notice that there was none."
        ),
    ],
)


def perceptron(draw: Draw, first: Iterable[int] = (), second: Iterable[int] = ()) -> Any:
    """Four features, ReLUs with six and with five units, three classes; the given units are dead."""
    model = draw.fill(
        named(fc1=nn.Linear(4, 6), act1=nn.ReLU(), fc2=nn.Linear(6, 5), act2=nn.ReLU(), head=nn.Linear(5, 3))
    )
    set_bias(model.fc1, first)
    set_bias(model.fc2, second)
    with torch.no_grad():
        model.fc2.weight.abs_()
    return model


def convolutional(draw: Draw, dead: Iterable[int] = (), features: Iterable[int] = ()) -> Any:
    """One channel, a ReLU with four channels, then one with six features, one level down; three classes."""
    body = named(conv=nn.Conv2d(1, 4, 3), norm=nn.BatchNorm2d(4), act=nn.ReLU(inplace=True))
    head = named(fc=nn.Linear(4, 6), act=nn.ReLU(), drop=nn.Dropout(), out=nn.Linear(6, 3))
    model = draw.fill(named(body=body, pool=nn.AdaptiveAvgPool2d(1), flat=nn.Flatten(), head=head))
    set_bias(body.norm, dead)
    set_bias(head.fc, features)
    with torch.no_grad():
        body.norm.weight.abs_().add_(0.5)
        head.fc.weight.abs_()
    return model


class Reuses(nn.Module):
    """One ReLU for several layers of given widths."""

    def __init__(self, *widths: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip((4, *widths), widths, strict=False)])
        self.act = nn.ReLU()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The same ReLU after each layer."""
        for layer in self.layers:
            x = self.act(layer(x))
        return x


def reusing(draw: Draw, widths: tuple[int, ...], *dead: Iterable[int]) -> Any:
    """A filled `Reuses`, with the given dead units layer by layer."""
    model = draw.fill(Reuses(*widths))
    for layer, units in zip(model.layers, dead, strict=True):
        set_bias(layer, units)
        with torch.no_grad():
            layer.weight.abs_()
    return model


class Shapes(nn.Module):
    """One ReLU for pictures with channels, and for features afterwards."""

    def __init__(self, channels: int, features: int) -> None:
        super().__init__()
        self.conv, self.fc = nn.Conv2d(1, channels, 3), nn.Linear(channels, features)
        self.act = nn.ReLU()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Channels, then features."""
        return self.act(self.fc(self.act(self.conv(x)).mean(dim=(2, 3))))


def shaped(draw: Draw, channels: int, features: int, dead: Iterable[int], dead_after: Iterable[int]) -> Any:
    """A filled `Shapes` with dead channels and dead features."""
    model = draw.fill(Shapes(channels, features))
    set_bias(model.conv, dead)
    set_bias(model.fc, dead_after)
    with torch.no_grad():
        model.conv.weight.mul_(0.1)
        model.fc.weight.abs_()
    return model


class Skips(nn.Module):
    """Activations of many kinds, and an nn.ReLU that never runs."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(4, 5)
        self.first, self.second, self.third = nn.ReLU6(), nn.LeakyReLU(), nn.ReLU()
        self.spare = nn.ReLU()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Through all of them but the spare one."""
        return torch.relu(self.third(self.second(self.first(self.fc(x)))))


def features(draw: Draw, *counts: int) -> list[Batch]:
    """Batches of four features."""
    return labelled(*[draw.normal(count, 4) for count in counts])


def images(draw: Draw, *counts: int) -> list[Batch]:
    """Batches of small pictures."""
    return labelled(*pictures(draw, *counts))


def units_of(found: Any) -> Any:
    """The dead units by name, in the order of the names."""
    if not isinstance(found, dict):
        return f"no dict, but a {type(found).__name__}"
    return {str(name): found[name] for name in sorted(found, key=str)}


def dead(function: Any, model: nn.Module, loader: Any) -> Any:
    """What `dead_units` says."""
    with torch.enable_grad():
        return units_of(function(model, loader))


@dead_units.criterion(
    "The whole model runs in eval mode, and builds no graph",
    because="In training mode batch norm would learn from your measurement, and dropout would spoil it.",
)
def dead_running(function: Any, draw: Draw) -> Any:
    def while_running(arrive: Callable[[Any], Any]) -> Any:
        model, notes = convolutional(draw), []
        arrive(model)
        for name, module in model.named_modules():
            module.register_forward_pre_hook(
                lambda module, inputs, name=name: notes.append(
                    (name or "the model itself", module.training, torch.is_grad_enabled())
                )
            )
        with torch.enable_grad():
            function(model, images(draw, 3, 3))
        return {
            "ran": bool(notes),
            "in training mode": sorted({name for name, training, _ in notes if training}),
            "builds a graph": any(recording for _, _, recording in notes),
        }

    return {what: tried(lambda arrive=arrive: while_running(arrive)) for what, arrive in ARRIVALS.items()}


ARRIVALS: dict[str, Callable[[Any], Any]] = {
    "a model that arrives in training mode": lambda model: model.train(),
    "in eval mode": lambda model: model.eval(),
    "in training mode, its batch norm in eval mode": lambda model: model.train().body.norm.eval(),
    "in eval mode, its dropout in training mode": lambda model: model.eval().head.drop.train(),
}
"""The modes in which a `convolutional` model may arrive."""


@dead_units.criterion(
    "It tells for every nn.ReLU that runs, by name, which of its units are dead: features or channels",
    points=2,
    because="A channel is alive when it is positive at any position of any picture.",
)
def dead_found(function: Any, draw: Draw) -> Any:
    cases: dict[str, Callable[[], Any]] = {
        "no unit dead": lambda: dead(function, perceptron(draw), features(draw, 5)),
        "two units of the first ReLU": lambda: dead(function, perceptron(draw, (0, 3)), features(draw, 5)),
        "one unit of each ReLU": lambda: dead(function, perceptron(draw, (5,), (2,)), features(draw, 6, 4)),
        "all units of the second ReLU": lambda: dead(function, perceptron(draw, (), range(5)), features(draw, 5)),
        "a single sample": lambda: dead(function, perceptron(draw, (1,)), features(draw, 1)),
        "channels": lambda: dead(function, convolutional(draw, (1, 2)), images(draw, 3)),
        "channels and features": lambda: dead(function, convolutional(draw, (0,), (4, 5)), images(draw, 3, 1)),
        "as many samples as units": lambda: dead(function, perceptron(draw, (0, 1), (4,)), features(draw, 6)),
        "other activations, and a ReLU that never runs": lambda: dead(
            function, set_all(draw.fill(Skips()), (1,)), features(draw, 5)
        ),
        "a model without any ReLU": lambda: dead(function, draw.fill(nn.Linear(4, 2)), features(draw, 3)),
    }  # fmt: skip
    return {what: tried(case) for what, case in cases.items()}


def set_all(model: Any, units: Iterable[int]) -> Any:
    """The model, whose `fc` has these dead units."""
    set_bias(model.fc, units)
    return model


@dead_units.criterion(
    "Alive is what is positive once in the whole loader, however rarely",
    because="A unit that answers to one picture in a thousand is sparse, not dead.",
)
def dead_whole(function: Any, draw: Draw) -> Any:
    def rare(batch: int, row: int) -> Any:
        model, batches = perceptron(draw, (1,)), [draw.normal(4, 4) for _ in range(3)]
        rarely(model.fc1, 2)
        batches[batch][row, 0] = 99.0
        return dead(function, model, labelled(*batches))

    def rare_pixel(picture: int) -> Any:
        model = draw.fill(named(conv=nn.Conv2d(1, 3, 1), act=nn.ReLU()))
        set_bias(model.conv, (2,))
        rarely(model.conv, 0)
        batches = pictures(draw, 3, 2)
        batches[picture // 3][picture % 3, 0, 4, 1] = 99.0
        return dead(function, model, labelled(*batches))

    def never() -> Any:
        model = perceptron(draw)
        rarely(model.fc1, 2)
        return dead(function, model, features(draw, 4, 4))

    def exactly_zero() -> Any:
        return dead(function, always(perceptron(draw), 0.0), features(draw, 4, 2))

    def barely(value: float) -> Any:
        return dead(function, always(perceptron(draw, (1,)), value), features(draw, 4, 2))

    return {
        "in the first batch only": tried(lambda: rare(0, 3)),
        "in the second batch only": tried(lambda: rare(1, 0)),
        "in the last batch only": tried(lambda: rare(2, 2)),
        "at one pixel of one picture": tried(lambda: rare_pixel(1)),
        "at one pixel of the last picture": tried(lambda: rare_pixel(4)),
        "never, where it could be": tried(never),
        "exactly zero, always": tried(exactly_zero),
        **{f"always {value:g}": tried(lambda value=value: barely(value)) for value in BARELY_POSITIVE},
        "a small last batch": tried(lambda: dead(function, perceptron(draw, (4,)), features(draw, 5, 5, 1))),
    }


@dead_units.criterion(
    "Later layers that work in place change nothing",
    because="They overwrite the very tensor that your hook was given.",
)
def dead_in_place(function: Any, draw: Draw) -> Any:
    after: dict[str, Callable[[], nn.Module]] = {
        "a threshold that sets everything to zero": lambda: nn.Threshold(1e6, 0.0, inplace=True),
        "a Hardtanh that makes everything positive": lambda: nn.Hardtanh(1.0, 9.0, inplace=True),
        "a LeakyReLU, in place": lambda: nn.LeakyReLU(inplace=True),
    }
    seen = {}
    for what, make in after.items():
        for inplace in (False, True):
            model = draw.fill(named(fc=nn.Linear(4, 5), act=nn.ReLU(inplace), later=make(), head=nn.Linear(5, 2)))
            set_bias(model.fc, (1, 2))
            seen[f"{what}{', after a ReLU in place' * inplace}"] = tried(
                lambda model=model: dead(function, model, features(draw, 4, 3))
            )
    return seen


@dead_units.criterion(
    "A ReLU that runs several times: dead is what no use makes positive; different numbers of units are a ValueError",
    because="One module has one name: unit 3 of six and unit 3 of five are not the same unit.",
)
def dead_reused(function: Any, draw: Draw) -> Any:
    def refused(model: nn.Module, loader: Any, name: str) -> Any:
        try:
            outcome = dead(function, model, loader)
        except NotImplementedError as error:
            return raised(error)
        except Exception as error:
            kind = "ValueError" if is_a(error, ValueError) else type(error).__name__
            return f"{kind} that {'names' if name in attempt_text(error) else 'does not name'} the ReLU"
        return {"no error, but": outcome}

    def inside(model: nn.Module) -> Any:
        return nn.Sequential(OrderedDict(trunk=model))

    uses: dict[str, Callable[[], Any]] = {
        "the same units dead in both uses": lambda: (reusing(draw, (5, 5), (1, 2), (1, 2)), features(draw, 4)),
        "dead in one use only": lambda: (reusing(draw, (5, 5), (1, 2), (2, 3)), features(draw, 4, 2)),
        "dead in the last use only": lambda: (reusing(draw, (3, 3, 3), (), (), (0, 1)), features(draw, 4)),
        "dead in the first use only": lambda: (reusing(draw, (3, 3, 3), (0, 1), (), ()), features(draw, 4)),
        "channels, and as many features": lambda: (shaped(draw, 4, 4, (0, 1), (1, 2)), images(draw, 3, 2)),
    }
    return {
        **{what: tried(lambda case=case: dead(function, *case())) for what, case in uses.items()},
        "6 and 5 units": refused(inside(reusing(draw, (6, 5), (), ())), features(draw, 4), "trunk.act"),
        "5 units and 1": refused(inside(reusing(draw, (5, 1), (), ())), features(draw, 4), "trunk.act"),
        "1 unit and 5": refused(inside(reusing(draw, (1, 5), (), ())), features(draw, 4), "trunk.act"),
        "4 channels, and 3 features": refused(inside(shaped(draw, 4, 3, (), ())), images(draw, 3), "trunk.act"),
    }  # fmt: skip


@dead_units.criterion(
    "Afterwards every module is in the mode that it was in, and the hooks are gone, but not anybody else's",
    because="Whoever measures must not change what is measured.",
)
def dead_restored(function: Any, draw: Draw) -> Any:
    def after(arrive: Callable[[Any], Any]) -> Any:
        model = with_others(convolutional(draw, (1,)))
        arrive(model)
        runs: list[Any] = []
        model.register_forward_pre_hook(lambda *_: runs.append(1))
        hooks, before, modes = hooks_on(model), numbers_of(model), modes_of(model)
        found = dead(function, model, images(draw, 3, 3))
        return {
            "it has run the model, and found out something": bool(runs and found),
            **modes_since(model, modes), **hooks_since(model, hooks),
            "weights and buffers that changed": changed(before, numbers_of(model)),
        }  # fmt: skip

    return {what: tried(lambda arrive=arrive: after(arrive)) for what, arrive in ARRIVALS.items()}


@dead_units.criterion(
    "The same after an error, which comes through; an empty loader is a ValueError",
    because="You catch the error, train on, and the model is in eval mode with your hooks on it.",
)
def dead_errors(function: Any, draw: Draw) -> Any:
    def after(model: Any, batches: Any, outcome: Callable[[Callable[[], Any]], Any] = fails) -> Any:
        model.train().body.norm.eval()
        hooks, modes = hooks_on(with_others(model)), modes_of(model)
        what = outcome(lambda: dead(function, model, batches))
        return {"outcome": what, **modes_since(model, modes), **hooks_since(model, hooks)}

    def broken(at: int) -> Any:
        model = convolutional(draw)
        model.head.append(Breaks(at))
        return model

    def mixed() -> Any:
        model = convolutional(draw)
        model.head.append(reusing(draw, (5, 2), (), ()))
        model.head[-1].layers[0] = draw.fill(nn.Linear(3, 5))
        return model

    return {
        "the loader breaks": after(convolutional(draw), breaking(images(draw, 3, 3))),
        "the loader breaks at once": after(convolutional(draw), breaking(images(draw, 3))),
        "the model breaks in its first batch": after(broken(1), images(draw, 3, 3)),
        "the model breaks in its second batch": after(broken(2), images(draw, 3, 3)),
        "a ReLU with different numbers of units": after(mixed(), images(draw, 3, 3), refusal),
        "an empty loader": after(convolutional(draw), [], refusal),
    }


# ---------------------------------------------------------------------------------------------------------------------
# What the clipping exercises have in common
# ---------------------------------------------------------------------------------------------------------------------


def loss_of(output: torch.Tensor, kind: str) -> torch.Tensor:
    """A loss whose gradient has no two entries alike: a sum or a mean over the samples, or one that is very small."""
    squares = (output - torch.linspace(-1.0, 2.0, output.shape[-1])).square()
    return {"sum": squares.sum(), "mean": squares.mean(), "tiny": 0.01 * squares.mean()}[kind]


def brief(gradient: Any) -> Any:
    """The length of a gradient, in six digits."""
    return None if gradient is None else float(f"{gradient.detach().double().norm().item():.6g}")


def gradients_of(model: nn.Module, **others: torch.Tensor) -> dict[str, Any]:
    """The lengths of the gradients by name, of all parameters and of other tensors."""
    found = {name: parameter.grad for name, parameter in nn.Module.named_parameters(model)}
    found |= {name: tensor.grad for name, tensor in others.items()}
    return {f"length of {name}": brief(gradient) for name, gradient in found.items()}


def with_numbers(seen: Any, parameter: nn.Parameter, name: str) -> Any:
    """What was seen, and all numbers of one gradient, for its direction."""
    gradient = parameter.grad
    return {**seen, f"gradient of {name}": None if gradient is None else gradient.detach().clone()}


def tower(draw: Draw) -> Any:
    """Three layers; the middle one is the one that matters."""
    return draw.fill(
        named(first=nn.Linear(4, 5), act=nn.Tanh(), middle=nn.Linear(5, 5), again=nn.Tanh(), last=nn.Linear(5, 3))
    )


class Residual(nn.Module):
    """A layer with a way around it; the sum is written in one order or in the other."""

    def __init__(self, way_first: bool) -> None:
        super().__init__()
        self.before, self.layer, self.after = nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 3)
        self.way_first = way_first

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """before, then layer and the way around it, then after."""
        x = self.before(x)
        x = x + self.layer(x) if self.way_first else self.layer(x) + x
        return self.after(x)


class Heads(nn.Module):
    """Two outputs in a tuple, of different sizes."""

    def __init__(self) -> None:
        super().__init__()
        self.left, self.right = nn.Linear(4, 3), nn.Linear(4, 2)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Both."""
        return self.left(x), self.right(x)


# ---------------------------------------------------------------------------------------------------------------------
# clip_grad_output
# ---------------------------------------------------------------------------------------------------------------------

clip_grad_output = Exercise(
    "clip_grad_output",
    requires="clip_grad_output",
    title="Clip what enters a layer",
    minutes=25,
    difficulty=4,
    hints=[
        (
            "Which kind of hook runs *before* the layer's own backward, so that what it returns is used for the "
            "layer's own weights as well? A full backward hook comes too late for that."
        ),
        (
            "`register_full_backward_pre_hook(hook)` calls `hook(module, grad_output)`. `grad_output` is a tuple, and "
            "so is what the hook returns: as many entries, None where there was None."
        ),
        (
            "The joint norm of several tensors is the root of the sum of their squared norms. Multiply all of them by "
            "the same factor, each as a new tensor; `mul_` would change somebody else's gradient too."
        ),
        (
            "Where the norm is zero, max_norm / norm is infinite, and inf · 0 is NaN. Ask first whether the norm is "
            "above `max_norm`; if it is not, there is nothing to do."
        ),
    ],
)


def backward_through(
    clip: Any, model: Any, module: nn.Module, x: torch.Tensor, max_norm: float, kind: str = "mean"
) -> dict[str, Any]:
    """All gradients after one backward pass, with the module's incoming gradient clipped."""
    clip(module, max_norm)
    loss_of(model(x), kind).backward()
    return gradients_of(model)


@clip_grad_output.criterion(
    "The module's own weights get the gradient that belongs to the clipped one",
    points=2,
    because="A full backward hook only reaches what comes later; the layer's own weights have been served by then.",
)
def output_own(clip: Any, draw: Draw) -> Any:
    def own(count: int, kind: str, max_norm: float, name: str = "middle") -> Any:
        model = tower(draw)
        module = getattr(model, name)
        found = backward_through(clip, model, module, draw.normal(count, 4), max_norm, kind)
        own = {key: value for key, value in found.items() if f"{name}." in key}
        return with_numbers(own, module.bias, f"{name}.bias")

    cases = [(4, "sum", 0.5), (4, "mean", 0.05), (1, "mean", 0.05), (4, "tiny", 0.001)]
    seen = {
        f"a batch of {count}, a {kind} loss, max_norm {max_norm}": tried(lambda c=(count, kind, max_norm): own(*c))
        for count, kind, max_norm in cases
    }
    seen["the last layer"] = tried(lambda: own(4, "sum", 0.5, "last"))
    return seen


@clip_grad_output.criterion(
    "All earlier layers see it as well, and later layers don't",
    because="What flows on out of the module is computed from what came into it.",
)
def output_earlier(clip: Any, draw: Draw) -> Any:
    def others(count: int, kind: str) -> Any:
        model, x = tower(draw), draw.normal(count, 4).requires_grad_()
        clip(model.middle, 0.05)
        loss_of(model(x), kind).backward()
        found = gradients_of(model, x=x)
        return {key: value for key, value in found.items() if "middle." not in key}

    def container() -> Any:
        model = draw.fill(named(stem=nn.Linear(4, 4), body=nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 3))))
        with torch.no_grad():
            model.body[2].weight.mul_(20.0)
        found = backward_through(clip, model, model.body, draw.normal(3, 4), 0.1)
        return {key: value for key, value in found.items() if "body" not in key}

    return {
        **{
            f"a batch of {count}, a {kind} loss": tried(lambda count=count, kind=kind: others(count, kind))
            for count in (4, 1)
            for kind in ("sum", "mean")
        },
        "a module with submodules": tried(container),
    }


@clip_grad_output.criterion(
    "It works whether or not the module's input requires a gradient",
    because="The first layer's input is data, and nobody asks for its gradient.",
)
def output_first(clip: Any, draw: Draw) -> Any:
    def alone(requires: bool, kind: str, count: int) -> Any:
        layer, x = draw.fill(nn.Linear(4, 3)), draw.normal(count, 4).requires_grad_(requires)
        clip(layer, 0.3)
        loss_of(layer(x), kind).backward()
        return gradients_of(layer, x=x)

    def first() -> Any:
        model = tower(draw)
        return backward_through(clip, model, model.first, draw.normal(4, 4), 0.01)

    def frozen() -> Any:
        model = tower(draw)
        model.first.requires_grad_(False)
        return backward_through(clip, model, model.middle, draw.normal(4, 4), 0.05)

    def no_gradients() -> Any:
        model, x = tower(draw), draw.normal(4, 4)
        clip(model.first, 0.05)
        return _quietly(lambda: model(x))

    cases: dict[str, Callable[[], Any]] = {
        f"the input requires {'a' if requires else 'no'} gradient, a batch of {count}, a {kind} loss": (
            lambda requires=requires, kind=kind, count=count: alone(requires, kind, count)
        )
        for requires in (True, False) for kind, count in (("sum", 4), ("mean", 4), ("sum", 1))
    }  # fmt: skip
    cases |= {
        "a network's first layer": first, "everything before it is frozen": frozen,
        "a forward pass under no_grad": no_gradients,
    }  # fmt: skip
    return {what: tried(case) for what, case in cases.items()}


@clip_grad_output.criterion(
    "The factor is min(1, max_norm / norm): of the joint norm where there are several, and zero stays zero",
    because="Small gradients must pass unchanged, and what belongs together must keep its direction.",
)
def output_factor(clip: Any, draw: Draw) -> Any:
    def by(scale: float, max_norm: float) -> Any:
        layer, x = draw.fill(nn.Linear(4, 3)), draw.normal(4, 4).requires_grad_()
        clip(layer, max_norm)
        incoming = draw.normal(4, 3)
        layer(x).backward(scale * incoming / incoming.norm())
        return gradients_of(layer, x=x)

    def two(uses: str) -> Any:
        model, x = draw.fill(Heads()), draw.normal(4, 4).requires_grad_()
        clip(model, 0.7)
        left, right = model(x)
        loss = (left * draw.normal(4, 3)).sum() if "left" in uses else 0.0
        (loss + (right * 3 * draw.normal(4, 2)).sum() if "right" in uses else loss).backward()
        return gradients_of(model, x=x)

    cases: dict[str, Callable[[], Any]] = {
        f"a norm of {scale:g}, max_norm {max_norm:g}": lambda scale=scale, max_norm=max_norm: by(scale, max_norm)
        for scale, max_norm in ((5, 1), (0.9, 1), (40, 0.5), (0.3, 10))
    }
    cases |= {
        "a gradient of zeros": lambda: by(0.0, 1),
        "two outputs, both used": lambda: two("left right"),
        "two outputs, only the first used": lambda: two("left"),
        "two outputs, only the second used": lambda: two("right"),
    }
    return {what: tried(case) for what, case in cases.items()}


@clip_grad_output.criterion(
    "Nothing is changed in place: a branch around the module keeps the whole gradient",
    because="The two branches of a sum are handed one and the same tensor.",
)
def output_out_of_place(clip: Any, draw: Draw) -> Any:
    def around(way_first: bool, count: int, kind: str) -> Any:
        model = draw.fill(Residual(way_first))
        return backward_through(clip, model, model.layer, draw.normal(count, 4), 0.05, kind)

    def mine() -> Any:
        layer, incoming = draw.fill(nn.Linear(4, 3)), draw.normal(4, 3)
        kept = incoming.clone()
        clip(layer, 0.1)
        layer(draw.normal(4, 4)).backward(incoming)
        return "as it was" if torch.equal(incoming, kept) else "changed"

    cases = [(False, 4, "sum"), (True, 4, "sum"), (False, 1, "mean"), (True, 1, "mean")]
    words = {False: "layer(x) + x", True: "x + layer(x)"}
    return {
        **{
            f"{words[first]}, a batch of {count}, a {kind} loss": tried(
                lambda first=first, count=count, kind=kind: around(first, count, kind)
            )
            for first, count, kind in cases
        },
        "a gradient that the caller gave to backward": tried(mine),
    }


@clip_grad_output.criterion(
    "It acts in every backward pass until the handle that it returns is removed; other hooks stay",
    because="A clipping that you can't take away is one more fault to look for.",
)
def output_handle(clip: Any, draw: Draw) -> Any:
    def removed(count: int) -> Any:
        model, found = with_others(tower(draw)), {}
        before = hooks_on(model)
        handle = clip(model.middle, 0.05)
        x = draw.normal(count, 4)
        for when in ("the first", "the second", "after handle.remove()"):
            if "remove" in when:
                handle.remove()
            model.zero_grad()
            loss_of(model(x), "sum").backward()
            found[when] = gradients_of(model.middle)
        return {**found, **hooks_since(model, before)}

    def accumulated() -> Any:
        model = tower(draw)
        clip(model.middle, 0.05)
        for count in (4, 1):
            loss_of(model(draw.normal(count, 4)), "sum").backward()
        return gradients_of(model)

    def twice_through() -> Any:
        model, x = tower(draw), draw.normal(4, 4)
        clip(model.middle, 0.05)
        loss = loss_of(model(x), "sum")
        loss.backward(retain_graph=True)
        loss.backward()
        return gradients_of(model)

    def used_twice() -> Any:
        layer, x = draw.fill(nn.Linear(4, 4)), draw.normal(3, 4).requires_grad_()
        clip(layer, 0.2)
        loss_of(layer(torch.tanh(layer(x))), "sum").backward()
        return gradients_of(layer, x=x)

    def two_layers() -> Any:
        model = tower(draw)
        clip(model.last, 0.5)
        return backward_through(clip, model, model.first, draw.normal(3, 4), 0.02)

    cases: dict[str, Callable[[], Any]] = {
        "three backward passes": lambda: removed(4),
        "gradients of two batches accumulate": accumulated,
        "backward twice through one graph": twice_through,
        "a module that runs twice": used_twice,
        "two layers, each with its own max_norm": two_layers,
    }
    return {what: tried(case) for what, case in cases.items()}


# ---------------------------------------------------------------------------------------------------------------------
# clip_each_parameter
# ---------------------------------------------------------------------------------------------------------------------

clip_each_parameter = Exercise(
    "clip_each_parameter",
    requires="clip_each_parameter",
    title="Clip each parameter",
    minutes=20,
    difficulty=3,
    hints=[
        (
            "Tensors have hooks of their own. `p.register_hook` is called with what *this* backward pass brings, "
            "before it is added to `p.grad`. Which other hook of a Parameter comes after the adding?"
        ),
        (
            "`p.register_post_accumulate_grad_hook(hook)` calls `hook(p)` once a backward pass, when `p.grad` is "
            "complete. So the hook can measure `p.grad` and scale it, in place."
        ),
        (
            "A Parameter that needs no gradient refuses such a hook: ask `requires_grad` first. `model.parameters()` "
            "names a shared Parameter once. Give all handles back, in a list."
        ),
    ],
)


def small(draw: Draw) -> Any:
    """Two layers."""
    return draw.fill(named(first=nn.Linear(4, 5), act=nn.Tanh(), second=nn.Linear(5, 3)))


class Stretched(nn.Module):
    """A layer, and before it a Parameter that is the model's own."""

    def __init__(self) -> None:
        super().__init__()
        self.stretch = nn.Parameter(torch.ones(4))
        self.layer = nn.Linear(4, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(self.stretch * x)


def stepped(model: nn.Module, *batches: torch.Tensor, kind: str = "sum") -> Any:
    """The gradients by name after each backward pass; they accumulate."""
    found = []
    for x in batches:
        loss_of(model(x), kind).backward()
        found.append(gradients_of(model))
    return found


@clip_each_parameter.criterion(
    "After a backward pass each parameter's gradient is at most max_norm long, each by its own norm",
    points=2,
    because="A factor for all together is another method: it keeps the direction, this one does not.",
)
def each_once(clip: Any, draw: Draw) -> Any:
    def once(count: int, kind: str, max_norm: float) -> Any:
        model = small(draw)
        clip(model, max_norm)
        seen = stepped(model, draw.normal(count, 4), kind=kind)[0]
        return with_numbers(seen, model.second.bias, "second.bias")

    cases = [(4, "sum", 0.5), (4, "mean", 0.2), (1, "sum", 0.5), (4, "sum", 6.0), (4, "tiny", 0.01)]
    seen = {
        f"a batch of {count}, a {kind} loss, max_norm {max_norm}": tried(lambda c=(count, kind, max_norm): once(*c))
        for count, kind, max_norm in cases
    }

    def of(model: nn.Module) -> Any:
        clip(draw.fill(model), 0.5)
        return stepped(model, draw.normal(4, 4))[0]

    seen["a residual branch, layer(x) + x"] = tried(lambda: of(Residual(False)))
    seen["a residual branch, x + layer(x)"] = tried(lambda: of(Residual(True)))
    seen["a model that is a single layer"] = tried(lambda: of(nn.Linear(4, 3)))
    seen["a model with a Parameter of its own"] = tried(lambda: of(Stretched()))
    return seen


@clip_each_parameter.criterion(
    "What is clipped is the accumulated gradient, after every one of several backward passes",
    because="Two gradients of length 1, clipped one by one, add up to a gradient of length 2.",
)
def each_accumulated(clip: Any, draw: Draw) -> Any:
    def several(max_norm: float, *counts: int) -> Any:
        model = small(draw)
        clip(model, max_norm)
        return stepped(model, *[draw.normal(count, 4) for count in counts])[-1]

    def left_before() -> Any:
        model = small(draw)
        stepped(model, draw.normal(4, 4))
        clip(model, 0.5)
        return stepped(model, draw.normal(4, 4))[-1]

    def one_graph() -> Any:
        model = small(draw)
        clip(model, 0.5)
        loss = loss_of(model(draw.normal(4, 4)), "sum")
        loss.backward(retain_graph=True)
        loss.backward()
        return gradients_of(model)

    def cleared(to_none: bool) -> Any:
        model, found = small(draw), []
        clip(model, 0.5)
        for _ in range(2):
            model.zero_grad(set_to_none=to_none)
            found += stepped(model, draw.normal(4, 4))
        return found[-1]

    cases: dict[str, Callable[[], Any]] = {
        "two backward passes": lambda: several(0.5, 4, 4), "three, of 1, 4 and 2": lambda: several(2.0, 1, 4, 2),
        "gradients from before": left_before, "backward twice through one graph": one_graph,
        "zero_grad in between": lambda: cleared(True), "the same, set_to_none=False": lambda: cleared(False),
    }  # fmt: skip
    return {what: tried(case) for what, case in cases.items()}


@clip_each_parameter.criterion(
    "Gradients that are short enough stay as they are, zeros stay zeros, and None stays None",
    because="0 / 0 is NaN, and one NaN is soon everywhere.",
)
def each_small(clip: Any, draw: Draw) -> Any:
    def scaled(factor: float, max_norm: float) -> Any:
        model = small(draw)
        clip(model, max_norm)
        (factor * loss_of(model(draw.normal(4, 4)), "sum")).backward()
        return gradients_of(model)

    def unused() -> Any:
        model = small(draw)
        model.spare = nn.Linear(2, 2)
        del model.spare
        model.register_module("spare", nn.Linear(2, 2))
        clip(model, 0.5)
        loss_of(model.second(torch.tanh(model.first(draw.normal(4, 4)))), "sum").backward()
        return gradients_of(model)

    def half_zero() -> Any:
        model = small(draw)
        with torch.no_grad():
            model.second.weight.zero_()
        clip(model, 0.5)
        return stepped(model, draw.normal(4, 4))[0]

    cases: dict[str, Callable[[], Any]] = {
        "all below max_norm": lambda: scaled(0.001, 10.0), "a loss times zero": lambda: scaled(0.0, 1.0),
        "zeros in the first layer alone": half_zero, "a layer that is not used": unused,
    }  # fmt: skip
    return {what: tried(case) for what, case in cases.items()}


@clip_each_parameter.criterion(
    "Frozen parameters are skipped, and shared ones are clipped like any other",
    because="A Parameter that needs no gradient refuses hooks with a RuntimeError.",
)
def each_frozen(clip: Any, draw: Draw) -> Any:
    def frozen(*names: str) -> Any:
        model = small(draw)
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(name not in names)
        clip(model, 0.5)
        return stepped(model, draw.normal(4, 4))[0]

    def all_frozen() -> Any:
        return [type(handle).__name__ for handle in clip(small(draw).requires_grad_(False), 0.5)]

    def tied(max_norm: float) -> Any:
        model = draw.fill(named(first=nn.Linear(4, 4), act=nn.Tanh(), second=nn.Linear(4, 4), last=nn.Linear(4, 3)))
        model.second.weight = model.first.weight
        clip(model, max_norm)
        return stepped(model, draw.normal(4, 4), draw.normal(1, 4))[-1]

    def reused() -> Any:
        layer = nn.Linear(4, 4)
        model = draw.fill(nn.Sequential(layer, nn.Tanh(), layer, nn.Linear(4, 3)))
        clip(model, 0.5)
        return stepped(model, draw.normal(4, 4))[0]

    cases: dict[str, Callable[[], Any]] = {
        "the first layer is frozen": lambda: frozen("first.weight", "first.bias"),
        "one bias is frozen": lambda: frozen("second.bias"), "everything is frozen": all_frozen,
        "two layers with one weight": lambda: tied(0.5), "the same, max_norm 3": lambda: tied(3.0),
        "a layer that runs twice": reused,
    }  # fmt: skip
    return {what: tried(case) for what, case in cases.items()}


@clip_each_parameter.criterion(
    "It returns a list of handles; removing all of them ends it, and nothing else is left behind or taken away",
    because="Whoever switches something on must be able to switch it off.",
)
def each_handles(clip: Any, draw: Draw) -> Any:
    def removed() -> Any:
        model = with_others(small(draw))
        model.second.weight.register_hook(lambda gradient: 2 * gradient)
        before = hooks_on(model)
        handles = clip(model, 0.5)
        stepped(model, draw.normal(4, 4))
        for handle in handles if is_a(handles, list) else []:
            handle.remove()
        model.zero_grad()
        return {"gradients": stepped(model, draw.normal(4, 4))[0], **hooks_since(model, before)}

    def kind() -> Any:
        handles = clip(small(draw), 0.5)
        if not is_a(handles, list):
            return f"no list, but a {type(handles).__name__}"
        return "a list of handles" if all(hasattr(item, "remove") for item in handles) else "a list of something else"

    def anew() -> Any:
        model = small(draw)
        handles = clip(model, 0.5)
        for handle in handles if is_a(handles, list) else []:
            handle.remove()
        clip(model, 2.0)
        return stepped(model, draw.normal(4, 4))[0]

    cases: dict[str, Callable[[], Any]] = {
        "what is returned": kind, "after removing all handles": removed, "removed, and clipped anew": anew,
    }  # fmt: skip
    return {what: tried(case) for what, case in cases.items()}


# ---------------------------------------------------------------------------------------------------------------------
# clip_global_norm
# ---------------------------------------------------------------------------------------------------------------------

clip_global_norm = Exercise(
    "clip_global_norm",
    requires="clip_global_norm",
    title="Clip them all together",
    minutes=20,
    difficulty=3,
    hints=[
        (
            "The total norm is the length of the vector that you get when you write all gradients one after the "
            "other. You need no such vector: squares can be added up tensor by tensor, and the root comes last."
        ),
        (
            "A generator can be gone through only once, and you need the gradients several times: make a list of "
            "them at the start, without the None."
        ),
        (
            "Three passes over that list: is every entry finite? What is the total norm? Is it above `max_norm`: "
            "scale each gradient, by the same factor. Return the norm from before, as a Python float."
        ),
        (
            "In place means that the tensor in `.grad` stays the same object: `gradient.mul_(factor)` does that, "
            "`p.grad = p.grad * factor` puts a new tensor there."
        ),
    ],
)

CLIPPING = Codes(*functions_in(torch.nn.utils.clip_grad))


def not_by_torch(look: Look) -> Look:
    """Where a function of `torch.nn.utils.clip_grad` does the work, a criterion sees only that."""

    @own_work("torch's own clipping does the work")
    @wraps(look)
    def watched(clip: Any, draw: Draw) -> Any:
        with forbidden(CLIPPING):
            return look(clip, draw)

    return watched


def with_gradients(draw: Draw, *shapes: tuple[int, ...], length: float | None = None) -> list[nn.Parameter]:
    """Parameters with drawn gradients; with `length`, of that total norm."""
    parameters = [nn.Parameter(torch.ones(shape)) for shape in shapes]
    for parameter in parameters:
        parameter.grad = draw.normal(*parameter.shape)
    if length is not None:
        total = torch.cat([parameter.grad.flatten() for parameter in parameters]).norm()
        for parameter in parameters:
            parameter.grad.mul_(length / total)
    return parameters


SHAPES = ((3, 4), (3,), (2, 3), ())
"""Shapes of parameters, a scalar among them."""


def scaled_from(parameters: Iterable[nn.Parameter], length: float) -> bool:
    """Whether the gradients have another total norm than this."""
    found = [parameter.grad.flatten() for parameter in parameters if parameter.grad is not None]
    return not found or abs(torch.cat(found).norm().item() - length) > 1e-3 * length


def gradients(parameters: Iterable[nn.Parameter]) -> list[Any]:
    """The gradients as they are now: of vectors the numbers, of any other the length."""
    found = [parameter.grad for parameter in parameters]
    return [grad.clone() if is_a(grad, torch.Tensor) and grad.dim() == 1 else brief(grad) for grad in found]


@clip_global_norm.criterion(
    "It returns the total norm from before, as a Python float",
    because="A norm from after the clipping would always look harmless.",
    rtol=1e-3,
)
@not_by_torch
def global_norm(clip: Any, draw: Draw) -> Any:
    def returned(length: float, max_norm: float) -> Any:
        return number(clip(with_gradients(draw, *SHAPES, length=length), max_norm))

    seen = {
        f"a total norm of {length:g}, max_norm {max_norm:g}": tried(lambda a=(length, max_norm): returned(*a))
        for length, max_norm in ((5.0, 1.0), (0.5, 1.0), (300.0, 0.1), (2.0, 2.5))
    }
    seen["a single parameter"] = tried(lambda: number(clip(with_gradients(draw, (3, 2)), 0.5)))
    seen["gradients of zeros"] = tried(lambda: returned(0.0, 1.0))
    seen["what it is"] = tried(lambda: type_of(clip(with_gradients(draw, *SHAPES), 1.0)))
    seen["what it is, of an empty list"] = tried(lambda: type_of(clip([], 1.0)))
    return seen


@clip_global_norm.criterion(
    "A total norm above max_norm is brought down to max_norm, by one factor for all gradients",
    points=2,
    because="One factor keeps the direction of the step; only its length changes.",
    rtol=1e-3,
)
@not_by_torch
def global_scaled(clip: Any, draw: Draw) -> Any:
    def scaled(length: float, max_norm: float, *shapes: tuple[int, ...]) -> Any:
        parameters = with_gradients(draw, *(shapes or SHAPES), length=length)
        clip(parameters, max_norm)
        return gradients(parameters)

    def trained(count: int, kind: str) -> Any:
        model = small(draw)
        loss_of(model(draw.normal(count, 4)), kind).backward()
        clip(model.parameters(), 0.5)
        return gradients(model.parameters())

    cases: dict[str, Callable[[], Any]] = {
        "a total norm of 5, max_norm 1": lambda: scaled(5.0, 1.0), "of 300, max_norm 2.5": lambda: scaled(300.0, 2.5),
        "max_norm 3, an int": lambda: scaled(10.0, 3), "a single parameter": lambda: scaled(4.0, 1.0, (2, 3)),
        "each is below max_norm, all together are above": lambda: scaled(1.5, 1.0, (3, 3), (3, 3), (3, 3), (3, 3)),
        "a network, a batch of 4, a sum loss": lambda: trained(4, "sum"),
        "a network, a batch of 1, a mean loss": lambda: trained(1, "mean"),
        "float64": lambda: _as_doubles(clip, draw),
    }  # fmt: skip
    return {what: tried(case) for what, case in cases.items()}


def _as_doubles(clip: Any, draw: Draw) -> Any:
    parameters = [nn.Parameter(torch.ones(3, dtype=torch.float64)) for _ in range(2)]
    for parameter in parameters:
        parameter.grad = draw.normal(3).double()
    clip(parameters, 0.5)
    return gradients(parameters)


@clip_global_norm.criterion(
    "At or below max_norm nothing changes",
    because="Clipping is a ceiling. Small gradients are not to be stretched to it.",
    rtol=1e-3,
)
@not_by_torch
def global_below(clip: Any, draw: Draw) -> Any:
    def scaled(length: float, max_norm: float) -> Any:
        parameters = with_gradients(draw, *SHAPES, length=length)
        clip(parameters, max_norm)
        return gradients(parameters)

    def above() -> str:
        parameters = with_gradients(draw, *SHAPES, length=5.0)
        clip(parameters, 1.0)
        return "changed" if scaled_from(parameters, 5.0) else "as they were"

    cases = ((0.5, 1.0), (0.01, 10.0), (0.97, 1.0), (2.0, 100.0), (0.0, 1.0))
    seen = {f"a total norm of {a:g}, max_norm {b:g}": tried(lambda a=a, b=b: scaled(a, b)) for a, b in cases}
    return {**seen, "for comparison, gradients above max_norm": tried(above)}


@clip_global_norm.criterion(
    "The gradients are scaled in place: `.grad` stays the same tensor, and so does what shares its memory",
    because="Optimizers and others may hold the very same tensor.",
)
@not_by_torch
def global_in_place(clip: Any, draw: Draw) -> Any:
    def same(length: float) -> Any:
        parameters = with_gradients(draw, *SHAPES, length=length)
        before = [parameter.grad for parameter in parameters]
        addresses = [gradient.data_ptr() for gradient in before if gradient is not None]
        clip(parameters, 1.0)
        after = [parameter.grad for parameter in parameters]
        return {
            "the gradients": "scaled" if scaled_from(parameters, length) else "as they were",
            "the same tensors": all(a is b for a, b in zip(before, after, strict=True)),
            "in the same memory": addresses == [tensor.data_ptr() for tensor in after if tensor is not None],
            "the parameters themselves": "unchanged" if all((p == 1).all() for p in parameters) else "changed",
            "gradients require a gradient": any(tensor.requires_grad for tensor in after if tensor is not None),
        }

    return {
        "a total norm of 5, max_norm 1": tried(lambda: same(5.0)),
        "a total norm of 0.5, max_norm 1": tried(lambda: same(0.5)),
    }


@clip_global_norm.criterion(
    "Any iterable of parameters will do; those without a gradient are skipped, and none at all gives 0.0",
    because="`model.parameters()` is a generator: it can be gone through only once.",
    rtol=1e-3,
)
@not_by_torch
def global_iterables(clip: Any, draw: Draw) -> Any:
    def through(make: Callable[[list[nn.Parameter]], Any]) -> Any:
        parameters = with_gradients(draw, *SHAPES, length=4.0)
        outcome = number(clip(make(parameters), 1.0))
        return {"returned": outcome, "gradients": gradients(parameters)}

    def some_without(*without: int) -> Any:
        parameters = with_gradients(draw, *SHAPES)
        for place in without:
            parameters[place].grad = None
        outcome = number(clip(iter(parameters), 0.5))
        return {"returned": outcome, "gradients": gradients(parameters)}

    def frozen_since() -> Any:
        parameters = with_gradients(draw, *SHAPES)
        parameters[0].requires_grad_(False)
        outcome = number(clip(parameters, 0.5))
        return {"returned": outcome, "gradients": gradients(parameters)}

    cases: dict[str, Callable[[], Any]] = {
        "a list": lambda: through(list), "a tuple": lambda: through(tuple), "a generator": lambda: through(iter),
        "the values of a dict": lambda: through(lambda parameters: dict(enumerate(parameters)).values()),
        "a set": lambda: through(set),
        "the first has no gradient": lambda: some_without(0), "two have no gradient": lambda: some_without(1, 3),
        "none has a gradient": lambda: some_without(0, 1, 2, 3),
        "an empty list": lambda: number(clip([], 1.0)),
        "an empty generator": lambda: number(clip(iter(()), 1.0)),
        "one that was frozen after its backward pass": frozen_since,
    }  # fmt: skip
    return {what: tried(case) for what, case in cases.items()}


@clip_global_norm.criterion(
    "A gradient with an entry that is not finite is a RuntimeError, and no gradient has changed",
    because="Scaled by inf or NaN, all gradients are lost, and with the next step all weights.",
)
@not_by_torch
def global_not_finite(clip: Any, draw: Draw) -> Any:
    def spoilt(place: int, value: float, max_norm: float) -> Any:
        parameters = with_gradients(draw, *SHAPES)
        parameters[place].grad.flatten()[-1] = value
        before = [parameter.grad.clone() for parameter in parameters]
        try:
            clip(parameters, max_norm)
            outcome = "no error"
        except NotImplementedError as error:
            return raised(error)
        except Exception as error:
            outcome = "RuntimeError" if is_a(error, RuntimeError) else type(error).__name__
        kept = all(
            torch.equal(a.nan_to_num(7.0), b.nan_to_num(7.0))
            for a, b in zip(before, (parameter.grad for parameter in parameters), strict=True)
        )
        return {"outcome": outcome, "gradients": "as they were" if kept else "changed"}

    nan, inf = float("nan"), float("inf")
    return {
        f"{value} in the {('first', 'second', 'third', 'last')[place]} gradient, max_norm {max_norm:g}": spoilt(
            place, value, max_norm
        )
        for place, value, max_norm in (
            (0, nan, 1),
            (2, nan, 1),
            (3, nan, 1),
            (0, inf, 1),
            (3, inf, 1),
            (1, -inf, 1),
            (3, nan, 1e6),
        )
    }


# ---------------------------------------------------------------------------------------------------------------------
# clip_verdicts
# ---------------------------------------------------------------------------------------------------------------------

clip_verdicts = Exercise(
    "clip_verdicts",
    requires="clip_answers",
    title="Which gradients does it change?",
    minutes=20,
    difficulty=3,
    hints=[
        (
            "Say what you expect before you run anything. In the backward pass the gradient enters a layer, makes the "
            "gradients of its weights, and goes on to the earlier layers. At which of these points does the hook stand?"
        ),
        (
            "A hook that returns something puts it in the place of what it was given, for whoever comes next. Who "
            "comes next after a pre-hook, after a full hook, after a hook on a Parameter?"
        ),
        (
            "Now measure: `gradients_with()` are the gradients as they are, `gradients_with(edit_in_place)` those with "
            "a snippet. Compare them name by name; `second` is this layer, `first` the earlier one."
        ),
    ],
)

SNIPPET_TITLES = {
    "edit_in_place": "The lecture's hook, which overwrites grad_output in a full backward hook",
    "return_from_full_hook": "A full backward hook that returns a new grad_input",
    "return_from_pre_hook": "A full backward pre-hook that returns a new grad_output",
    "hook_the_parameters": "A hook on each Parameter of the layer that returns a new gradient",
    "hook_the_output": "A hook on the tensor that comes out of the layer",
}
VERDICTS = ("none", "this layer", "earlier layers", "this and earlier layers")


def _verdict_on(key: str) -> Look:
    def look(answers: Any, draw: Draw) -> Any:
        if not isinstance(answers, dict):
            raise TypeError(f"clip_answers must be a dict of texts, and is a {type(answers).__name__}")
        if key not in dict.keys(answers):
            return "no answer: the dict lacks this key"
        answer = dict.__getitem__(answers, key)
        if answer is None:
            raise NotAttempted(f"{key!r} has no answer yet: replace None with one of the four texts")
        text = str.__str__(answer).strip().lower() if is_a(answer, str) else answer
        return text if text in VERDICTS else f"none of the four texts, but {answer!r}"[:200]

    return look


for _key, _title in SNIPPET_TITLES.items():
    clip_verdicts.criterion(
        f"{_title}: whose gradients does it change?",
        because=f"Compare `gradients_with()` with `gradients_with({_key})`.",
    )(_verdict_on(_key))


# ---------------------------------------------------------------------------------------------------------------------
# diagnose
# ---------------------------------------------------------------------------------------------------------------------

diagnose = Exercise(
    "diagnose",
    requires="diagnose",
    title="The doctor: what ails this network?",
    minutes=60,
    difficulty=5,
    hints=[
        (
            "Six faults, six small functions. Four of them need no forward pass at all: parameters, attributes, hook "
            "tables and the last leaf can be looked at. Write those first, and count hooks before you add your own."
        ),
        (
            "For a list that hides a layer, look at `vars(module)` of every module: which values are a list, tuple or "
            "dict, and what of their direct elements is a module that `model.modules()` does not know?"
        ),
        (
            "For the other two, one forward hook on every module, and one run over the loader as in `dead_units`. An "
            "output may be a tensor, a tuple with tensors and None in it, or something else: look, don't assume."
        ),
        (
            "`not (x.abs() <= 1e4).all()` is true for large, infinite and NaN entries alike. For a ReLU, make the "
            "number of units a part of the key, and skip outputs that are neither 2-D nor 4-D."
        ),
    ],
)


def verdict(function: Any, model: nn.Module, loader: Any) -> Any:
    """What `diagnose` returns for a model, its names in order in one text, in whatever container they came."""
    with torch.enable_grad():
        found = function(model, loader)
    if not isinstance(found, set | frozenset | list | tuple):
        return f"no set, but a {type_of(found)}"
    return ", ".join(sorted(map(str, found))) or "no fault"


def verdicts(function: Any, cases: dict[str, Callable[[], tuple[nn.Module, Any]]]) -> dict[str, Any]:
    """The verdict on each model."""
    return {what: tried(lambda make=make: verdict(function, *make())) for what, make in cases.items()}


def finds_a_fault(function: Any, draw: Draw) -> bool:
    """Whether any fault of any sick model is named: of an answer that finds nothing, silence proves nothing."""
    verdict_on = (tried(lambda make=make: verdict(function, *make())) for make in sick(draw).values())
    return any(is_a(found, str) and found != "no fault" and not found.startswith("no set") for found in verdict_on)


class Parts(nn.Module):
    """A perceptron with attributes of many kinds beside its layers."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__()
        self.fc = nn.Linear(4, 6)
        self.act = nn.ReLU()
        self.block = named(fc=nn.Linear(6, 6), act=nn.ReLU())
        self.head = nn.Linear(6, 3)
        for name, value in attributes.items():
            setattr(self, name, value)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Through the registered layers."""
        return self.head(self.block(self.act(self.fc(x))))


def parts(draw: Draw, **attributes: Any) -> Any:
    """A healthy, filled `Parts`."""
    model = draw.fill(Parts(**attributes))
    set_bias(model.fc)
    set_bias(model.block.fc)
    with torch.no_grad():
        model.block.fc.weight.abs_()
    return model


class Recurrent(nn.Module):
    """An LSTM gives out a tuple, with another tuple in it."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(2, 5, batch_first=True)
        self.head = nn.Linear(5, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Two steps of two features, then a decision."""
        steps, _ = self.lstm(x.reshape(-1, 2, 2))
        return self.head(steps[:, -1])


class Attends(nn.Module):
    """A Softmax that is not the last layer."""

    def __init__(self) -> None:
        super().__init__()
        self.scores, self.softmax, self.head = nn.Linear(4, 4), nn.Softmax(dim=1), nn.Linear(4, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """A weighted input."""
        return self.head(x * self.softmax(self.scores(x)))


class Computes(nn.Module):
    """Does what it is told with its input."""

    def __init__(self, what: Callable[[torch.Tensor], Any]) -> None:
        super().__init__()
        self.what = what

    def forward(self, x: torch.Tensor) -> Any:
        """What it is told."""
        return self.what(x)


class Wraps(nn.Module):
    """Computes something around its layers, by hand."""

    def __init__(self, body: nn.Module, what: Callable[[Any], Any]) -> None:
        super().__init__()
        self.body, self.what = body, what

    def forward(self, x: torch.Tensor) -> Any:
        """The body, then what it is told."""
        return self.what(self.body(x))


def healthy(draw: Draw) -> dict[str, Callable[[], tuple[nn.Module, Any]]]:
    """Models without any fault, with their loaders."""
    return {
        "a perceptron": lambda: (perceptron(draw), features(draw, 6, 4)),
        "a small CNN with batch norm, in training mode": lambda: (convolutional(draw).train(), images(draw, 4, 3)),
        "the same in eval mode": lambda: (convolutional(draw).eval(), images(draw, 4, 3)),
        "an LSTM": lambda: (draw.fill(Recurrent()), features(draw, 5, 2)),
        "a model with attributes of its own": lambda: (
            parts(draw, sizes=[4, 6, 3], names=("a", "b"), config={"lr": 0.1}, nothing=None), features(draw, 5),
        ),
        "a ReLU that runs twice": lambda: (reusing(draw, (5, 5), (), ()), features(draw, 5)),
        "a single Linear": lambda: (draw.fill(nn.Linear(4, 3)), features(draw, 5)),
    }  # fmt: skip


@diagnose.criterion(
    "Frozen parameters are found, a single one deep inside as well",
    points=0.5,
    because="A backbone that was frozen for an experiment, and never thawed, learns nothing.",
)
def diagnose_frozen(function: Any, draw: Draw) -> Any:
    def frozen(model: nn.Module, *names: str) -> tuple[nn.Module, Any]:
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(not any(name.startswith(start) for start in names))
        return model, features(draw, 5)

    def pictures_frozen() -> tuple[nn.Module, Any]:
        model = convolutional(draw)
        model.body.norm.weight.requires_grad_(False)
        return model, images(draw, 4)

    return verdicts(function, {
        "one bias": lambda: frozen(parts(draw), "block.fc.bias"),
        "the first layer": lambda: frozen(parts(draw), "fc"),
        "everything": lambda: frozen(parts(draw), "fc", "block", "head"),
        "a batch norm's weight": pictures_frozen,
        "thawed again": lambda: (parts(draw).requires_grad_(False).requires_grad_(True), features(draw, 5)),
        "no parameter at all": lambda: (nn.Sequential(nn.Flatten()), features(draw, 5)),
    })  # fmt: skip


@diagnose.criterion(
    "Layers that hide in a list, tuple or dict are found",
    points=0.5,
    because="They are used, and never trained, moved or saved.",
)
def diagnose_unregistered(function: Any, draw: Draw) -> Any:
    def inside(**attributes: Any) -> tuple[nn.Module, Any]:
        model = parts(draw)
        for name, value in attributes.items():
            setattr(model.block, name, value)
        return model, features(draw, 5)

    def known(kind: Callable[[list[nn.Module]], Any]) -> tuple[nn.Module, Any]:
        model = parts(draw)
        model.order = kind([model.fc, model.act, model.block.fc])
        return model, features(draw, 5)

    def deeper() -> tuple[nn.Module, Any]:
        model = parts(draw)
        model.block.act.before = [nn.Linear(2, 2), nn.Tanh()]
        return model, features(draw, 4)

    return verdicts(function, {
        "a list": lambda: (parts(draw, extra=[nn.Linear(2, 2)]), features(draw, 5)),
        "a tuple": lambda: (parts(draw, extra=(nn.Linear(2, 2), nn.Linear(2, 2))), features(draw, 5)),
        "a dict": lambda: (parts(draw, extra={"a": nn.Linear(2, 2)}), features(draw, 5)),
        "among other things": lambda: (parts(draw, extra=[3, None, "x", nn.Linear(2, 2)]), features(draw, 5)),
        "without parameters": lambda: (parts(draw, extra=[nn.Dropout()]), features(draw, 5)),
        "in a submodule": lambda: inside(extra=[nn.Linear(2, 2)]),
        "in a submodule of a submodule": deeper,
        "a whole nn.ModuleList in a dict": lambda: inside(extra={"a": nn.ModuleList([nn.Linear(2, 2)])}),
        "one of two is registered": lambda: known(lambda layers: [*layers, nn.Linear(2, 2)]),
        "a list of registered ones": lambda: known(list),
        "a dict of registered ones": lambda: known(lambda layers: dict(enumerate(layers))),
        "a list of tensors, classes and functions": lambda: inside(
            extra=[torch.ones(2), nn.Linear, nn.Parameter(torch.ones(2)), abs]
        ),
        "an nn.ModuleList and an nn.ModuleDict": lambda: (
            parts(draw, extra=nn.ModuleList([nn.Tanh()]), more=nn.ModuleDict({"a": nn.Tanh()})), features(draw, 5),
        ),
    })  # fmt: skip


@diagnose.criterion(
    "Hooks that somebody left are found, of whatever kind and on whatever module, and your own are not",
    points=0.5,
    because="A cell that was run three times has registered its hook three times.",
)
def diagnose_hooks(function: Any, draw: Draw) -> Any:
    def hooked(register: Callable[[Any], Any]) -> tuple[nn.Module, Any]:
        model = parts(draw)
        register(model)
        return model, features(draw, 5)

    def taken_away(model: Any) -> None:
        for module in model.modules():
            module.register_forward_hook(nothing).remove()

    def never_runs(model: Any) -> None:
        model.spare = nn.ModuleList([nn.Tanh()])
        model.spare.register_forward_hook(nothing)

    return verdicts(function, {
        "a forward hook": lambda: hooked(lambda m: m.fc.register_forward_hook(nothing)),
        "a forward hook on the model itself": lambda: hooked(lambda m: m.register_forward_hook(nothing)),
        "a forward-pre hook, deep inside": lambda: hooked(lambda m: m.block.act.register_forward_pre_hook(nothing)),
        "a full backward hook": lambda: hooked(lambda m: m.block.register_full_backward_hook(nothing)),
        "a backward-pre hook": lambda: hooked(lambda m: m.head.register_full_backward_pre_hook(nothing)),
        "a legacy backward hook": lambda: hooked(lambda m: m.fc.register_backward_hook(nothing)),
        "on a module that never runs": lambda: hooked(never_runs),
        "hooks that are gone again": lambda: hooked(taken_away),
        "hooks on tensors": lambda: hooked(
            lambda m: (m.fc.weight.register_hook(nothing), m.fc.bias.register_post_accumulate_grad_hook(nothing))
        ),
        "state-dict hooks": lambda: hooked(
            lambda m: (m.register_state_dict_pre_hook(nothing), m.fc.register_load_state_dict_post_hook(nothing))
        ),
    })  # fmt: skip


@diagnose.criterion(
    "A Softmax or LogSoftmax as the last leaf is found, and only there",
    points=0.5,
    because="Cross-entropy has a softmax inside; with two of them a network learns slowly and is never sure.",
)
def diagnose_softmax(function: Any, draw: Draw) -> Any:
    def ending(*last: nn.Module) -> tuple[nn.Module, Any]:
        return draw.fill(nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3), *last)), features(draw, 5)

    return verdicts(function, {
        "Softmax": lambda: ending(nn.Softmax(dim=1)),
        "LogSoftmax": lambda: ending(nn.LogSoftmax(dim=1)),
        "at the end of a head of its own": lambda: ending(named(out=nn.Linear(3, 3), probabilities=nn.Softmax(dim=1))),
        "two levels down": lambda: ending(nn.Sequential(nn.Identity(), nn.Sequential(nn.LogSoftmax(dim=1)))),
        "the model is nothing else": lambda: (nn.Softmax(dim=1), features(draw, 5)),
        "in the middle, for attention": lambda: (draw.fill(Attends()), features(draw, 5)),
        "followed by one more layer": lambda: ending(named(softmax=nn.Softmax(dim=1)), nn.Linear(3, 3)),
        "a Sigmoid": lambda: ending(nn.Sigmoid()),
        "a LogSigmoid": lambda: ending(nn.LogSigmoid()),
        "no layer, but called softmax": lambda: ending(named(softmax=nn.Identity())),
    })  # fmt: skip


@diagnose.criterion(
    "Dead units are found, and sparse ones are not taken for dead",
    points=0.5,
    because="Zeros are what a ReLU is for. A unit that never gives anything else is lost.",
)
def diagnose_dead(function: Any, draw: Draw) -> Any:
    def rare(*where: int) -> tuple[nn.Module, Any]:
        model, batches = perceptron(draw), [draw.normal(4, 4) for _ in range(3)]
        rarely(model.fc1, 2)
        for batch in where:
            batches[batch][3, 0] = 99.0
        return model, labelled(*batches)

    def rare_pixel() -> tuple[nn.Module, Any]:
        model = draw.fill(
            named(conv=nn.Conv2d(1, 3, 1), act=nn.ReLU(), pool=nn.AdaptiveAvgPool2d(1), flat=nn.Flatten())
        )
        set_bias(model.conv)
        rarely(model.conv, 0)
        batches = pictures(draw, 3, 2)
        batches[1][0, 0, 4, 1] = 99.0
        return model, labelled(*batches)

    def overwritten(value: float) -> tuple[nn.Module, Any]:
        later = nn.Threshold(1e6, 0.0, inplace=True) if value == 0 else nn.Hardtanh(value, 9.0, inplace=True)
        model = draw.fill(named(fc=nn.Linear(4, 5), act=nn.ReLU(), later=later, head=nn.Linear(5, 2)))
        set_bias(model.fc, () if value == 0 else (1,))
        return model, features(draw, 4, 3)

    def sequence(steps: nn.Module) -> tuple[nn.Module, Any]:
        model = draw.fill(named(fc=nn.Linear(4, 5), steps=steps, act=nn.ReLU(), flat=nn.Flatten()))
        set_bias(model.fc, (1,))
        return model, features(draw, 4)

    def two_relus() -> tuple[nn.Module, Any]:
        model = parts(draw)
        set_bias(model.fc, (1,))
        return model, features(draw, 5, 3)

    def leaky() -> tuple[nn.Module, Any]:
        model = draw.fill(named(fc=nn.Linear(4, 5), act=nn.LeakyReLU(), head=nn.Linear(5, 2)))
        set_bias(model.fc, (1,))
        return model, features(draw, 4)

    return verdicts(function, {
        "one unit": lambda: (perceptron(draw, (), (3,)), features(draw, 6, 4)),
        "a whole layer": lambda: (perceptron(draw, range(6)), features(draw, 6)),
        "a channel": lambda: (convolutional(draw, (2,)), images(draw, 4, 3)),
        "a feature after channels": lambda: (convolutional(draw, (), (5,)), images(draw, 4, 3)),
        "in one of two ReLUs with as many units": two_relus,
        "never positive, though it could be": rare,
        "positive once, in the first batch": lambda: rare(0),
        "positive once, in the last batch": lambda: rare(2),
        "positive at one pixel": rare_pixel,
        "dead in every use of one ReLU": lambda: (reusing(draw, (5, 5), (1,), (1, 2)), features(draw, 4)),
        "dead in one use, alive in another": lambda: (reusing(draw, (5, 5), (1,), (2,)), features(draw, 4)),
        "dead among 5 units, alive among 6": lambda: (reusing(draw, (6, 5), (), (1,)), features(draw, 4)),
        "dead among 6 units, alive among 1": lambda: (reusing(draw, (6, 1), (0,), ()), features(draw, 4)),
        "uses with 6 and 5 units, all alive": lambda: (reusing(draw, (6, 5), (), ()), features(draw, 4)),
        "set to zero later, in place": lambda: overwritten(0.0),
        "dead, and made positive later, in place": lambda: overwritten(1.0),
        "a 3-D output, which does not count": lambda: sequence(nn.Unflatten(0, (-1, 2))),
        "another 3-D output": lambda: sequence(nn.Unflatten(1, (5, 1))),
        "a LeakyReLU": leaky,
        **{f"always {value:g}": lambda value=value: (always(perceptron(draw), value), features(draw, 4, 2))
           for value in (0.0, *BARELY_POSITIVE)},
    })  # fmt: skip


def at(value: float) -> Callable[[torch.Tensor], torch.Tensor]:
    """Puts a value at one place."""

    def replaced(x: torch.Tensor) -> torch.Tensor:
        x = x.clone()
        x[1, 2] = value
        return x

    return replaced


def pair(x: torch.Tensor) -> tuple[torch.Tensor, Any]:
    """A tuple, of which the second is large."""
    return x, (x * 0).detach() + 2e4


def tame(x: torch.Tensor) -> torch.Tensor:
    """Small, finite numbers."""
    return x.nan_to_num(0.0).clamp(-1, 1)


def first(x: Any) -> Any:
    """The first of a tuple, tamed."""
    return tame(x[0])


def tame_in_place(x: torch.Tensor) -> torch.Tensor:
    """The same tensor, with small numbers."""
    return x.clamp_(-1, 1)


class Scales(nn.Module):
    """Scales its input down before the first layer."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(4, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """A Linear of what is left."""
        return self.fc(x / 1e6)


@diagnose.criterion(
    "Exploding activations are found in the output of any module, and in tuples",
    points=0.5,
    because="One layer that explodes is often tamed by a later one, and the loss looks innocent.",
)
def diagnose_exploding(function: Any, draw: Draw) -> Any:
    def through(*whats: Callable[[torch.Tensor], Any], last: int = 3) -> tuple[nn.Module, Any]:
        layers = [Computes(what) for what in whats]
        return nn.Sequential(draw.fill(nn.Linear(4, 3)), *layers, draw.fill(nn.Linear(3, last))), features(draw, 4, 3)

    def by_hand(model: nn.Module, what: Callable[[Any], Any]) -> tuple[nn.Module, Any]:
        return Wraps(model, what), features(draw, 4)

    def last_sample() -> tuple[nn.Module, Any]:
        batches = [draw.normal(4, 4) for _ in range(3)]
        batches[2][3, 1] = 1e6
        return nn.Sequential(draw.fill(nn.Linear(4, 3)), nn.Tanh(), draw.fill(nn.Linear(3, 2))), labelled(*batches)

    def scaled_inputs() -> tuple[nn.Module, Any]:
        return Scales(), labelled(1e6 * draw.normal(4, 4))

    return verdicts(function, {
        "20,000 at one place": lambda: through(at(2e4), tame),
        "-20,000 at one place": lambda: through(at(-2e4), tame),
        "inf": lambda: through(at(float("inf")), tame),
        "-inf": lambda: through(at(float("-inf")), tame),
        "NaN": lambda: through(at(float("nan")), tame),
        "tamed later, in place": lambda: through(at(2e4), tame_in_place),
        "in the last layer": lambda: (nn.Sequential(draw.fill(nn.Linear(4, 3)), Computes(at(-1e9))), features(draw, 4)),
        "the second of a tuple": lambda: through(pair, first),
        "the first of a tuple": lambda: through(lambda x: (x + 2e4, None), first),
        "only in what the model itself returns": lambda: by_hand(draw.fill(nn.Linear(4, 3)), lambda x: x * 1e6),
        "only in what a block returns": lambda: (
            nn.Sequential(by_hand(draw.fill(nn.Linear(4, 3)), lambda x: x * 1e6)[0], nn.Tanh()), features(draw, 4),
        ),
        "in the last sample of the last batch": last_sample,
        "10,001 at one place": lambda: through(at(10_001), tame),
        "exactly 10,000": lambda: through(at(10_000), tame),
        "-9,999": lambda: through(at(-9_999), tame),
        "large inputs, scaled down first": scaled_inputs,
    })  # fmt: skip


@diagnose.criterion(
    "A healthy model has no fault",
    because="An alarm that always rings is soon switched off.",
)
def diagnose_healthy(function: Any, draw: Draw) -> Any:
    def kind_of() -> str:
        found = type_of(function(perceptron(draw), features(draw, 4)))
        return "set" if found == "frozenset" else found

    seen = {**verdicts(function, healthy(draw)), "what comes back": tried(kind_of)}
    return {**seen, "faults are found elsewhere": finds_a_fault(function, draw)}


def sick(draw: Draw) -> dict[str, Callable[[], tuple[nn.Module, Any]]]:
    """Models with several faults at once."""

    def two() -> tuple[nn.Module, Any]:
        model = perceptron(draw, (1,))
        model.fc2.bias.requires_grad_(False)
        return model, features(draw, 5, 4)

    def another_two() -> tuple[nn.Module, Any]:
        model = parts(draw, extra=[nn.Linear(2, 2)])
        model.block.register_forward_hook(nothing)
        return model, features(draw, 5)

    def three() -> tuple[nn.Module, Any]:
        model = convolutional(draw, (0,)).eval()
        model.head.append(nn.LogSoftmax(dim=1))
        model.body.conv.weight.requires_grad_(False)
        return model, images(draw, 3, 2)

    def another_three() -> tuple[nn.Module, Any]:
        model = parts(draw, extra={"a": nn.Linear(2, 2)})
        with torch.no_grad():
            model.fc.bias[2] = 1e5
        model.head.register_full_backward_hook(nothing)
        return model, features(draw, 5)

    def everything() -> tuple[nn.Module, Any]:
        model = perceptron(draw, (2,), (0,))
        with torch.no_grad():
            model.head.bias[1] = -1e6
        model.append(nn.Softmax(dim=1))
        model.fc1.weight.requires_grad_(False)
        model.act2.register_forward_pre_hook(nothing)
        model.spares = (nn.Linear(2, 2), 3)
        return model, features(draw, 5, 2)

    def recurrent() -> tuple[nn.Module, Any]:
        model = draw.fill(Recurrent())
        model.lstm.bias_hh_l0.requires_grad_(False)
        with torch.no_grad():
            model.head.weight.mul_(1e9)
        return nn.Sequential(model, nn.Softmax(dim=1)), features(draw, 5)

    return {
        "frozen, and a dead unit": two,
        "a hidden layer, and a hook": another_two,
        "a dead channel, frozen, and a softmax": three,
        "a hidden layer, a hook, and an explosion": another_three,
        "an LSTM: frozen, exploding, and a softmax": recurrent,
        "all six": everything,
    }


@diagnose.criterion(
    "Several faults at once are all named",
    points=2,
    because="Sick networks seldom have one fault only, and one can hide another.",
)
def diagnose_together(function: Any, draw: Draw) -> Any:
    return verdicts(function, sick(draw))


@diagnose.criterion(
    "The model is left as it was: modes, weights, buffers, gradients and hooks",
    because="A patient should not fall ill from the examination.",
)
def diagnose_leaves(function: Any, draw: Draw) -> Any:
    def after(model: Any, loader: Any) -> Any:
        hooks, before, modes = hooks_on(model), numbers_of(model), modes_of(model)
        parameters = list(model.parameters())
        for parameter in parameters[1:]:
            parameter.grad = draw.normal(*parameter.shape)
        grads, copies = [p.grad for p in parameters], [None if p.grad is None else p.grad.clone() for p in parameters]
        trainable = [p.requires_grad for p in parameters]
        outcome = tried(lambda: verdict(function, model, loader))
        if not isinstance(outcome, str):
            return outcome
        kept = all(
            p.grad is g and (g is None or c is None or torch.equal(g, c))
            for p, g, c in zip(parameters, grads, copies, strict=True)
        )
        facts = {**modes_since(model, modes), **hooks_since(model, hooks)}
        facts |= {"weights and buffers": changed(before, numbers_of(model)), "gradients": 0 if kept else "changed"}
        facts |= {"requires_grad": 0 if trainable == [p.requires_grad for p in parameters] else "changed"}
        return {what: fact for what, fact in facts.items() if fact} or "nothing has changed"

    seen = {what: after(_arrived(convolutional(draw), arrive), images(draw, 3, 2)) for what, arrive in ARRIVALS.items()}
    model = with_others(convolutional(draw, (1,)))
    model.head.fc.weight.requires_grad_(False)
    seen["with hooks of somebody else, a dead channel, and frozen"] = after(model, images(draw, 3, 2))
    seen["all six faults"] = after(*sick(draw)["all six"]())
    return {**seen, "faults are found": finds_a_fault(function, draw)}


def _arrived(model: Any, arrive: Callable[[Any], Any]) -> Any:
    arrive(model)
    return model


@diagnose.criterion(
    "It never raises on a model that runs, whatever its modules give out",
    because="Real networks give out tuples, dicts, None and whole numbers, and use one ReLU for everything.",
)
def diagnose_robust(function: Any, draw: Draw) -> Any:
    def between(there: Callable[[torch.Tensor], Any], back: Callable[[Any], torch.Tensor]) -> tuple[nn.Module, Any]:
        layers = (draw.fill(nn.Linear(4, 3)), Computes(there), Computes(back), draw.fill(nn.Linear(3, 2)))
        return nn.Sequential(*layers), features(draw, 4, 3)

    def relu_on(shape: tuple[int, ...]) -> tuple[nn.Module, Any]:
        model = nn.Sequential(
            Computes(lambda x: x[: len(x) // 2 * 2].abs().reshape(shape) + 1),
            nn.ReLU(),
            Computes(lambda x: x.reshape(-1, 4)),
        )
        return nn.Sequential(model, draw.fill(nn.Linear(4, 2))), features(draw, 4)

    class Notes(nn.Module):
        """Gives out nothing, and keeps its input."""

        def forward(self, x: torch.Tensor) -> None:
            self.kept = x

    class Notices(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.note, self.head = Notes(), nn.Linear(4, 2)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            self.note(x)
            return self.head(self.note.kept)

    seen = verdicts(function, {
        "a tuple with None and a tuple in it": lambda: between(lambda x: (x, None, (x, x)), lambda x: x[0]),
        "a list": lambda: between(lambda x: [x, x], lambda x: x[1]),
        "a dict": lambda: between(lambda x: {"x": x}, lambda x: x["x"]),
        "an empty tuple": lambda: between(lambda x: (x, ()), lambda x: x[0]),
        "a number": lambda: between(lambda x: (x, 3, "three"), lambda x: x[0]),
        "bools": lambda: between(lambda x: x > 0, lambda x: x.float()),
        "whole numbers": lambda: between(lambda x: x.round().long(), lambda x: x.float()),
        "float16 in between": lambda: between(lambda x: x.half(), lambda x: x.float()),
        "a tensor without entries": lambda: between(lambda x: (x, x[:0]), lambda x: x[0]),
        "a module that returns None": lambda: (draw.fill(Notices()), features(draw, 4)),
        "an LSTM": lambda: (draw.fill(Recurrent()), features(draw, 5)),
        "a ReLU on a 1-D tensor": lambda: relu_on((-1,)),
        "a ReLU on a 3-D tensor": lambda: relu_on((-1, 2, 2)),
        "a ReLU on a 5-D tensor": lambda: relu_on((-1, 1, 2, 1, 2)),
        "a ReLU on channels and on features": lambda: (shaped(draw, 4, 3, (), ()), images(draw, 3, 2)),
        "a ReLU with 6, 5 and 1 units": lambda: (reusing(draw, (6, 5, 1), (), (), ()), features(draw, 3)),
        "batch norm in eval mode, one sample at a time": lambda: (convolutional(draw).eval(), images(draw, 1, 1)),
        "a layer without bias, and an empty nn.ModuleList": lambda: (
            parts(draw, more=nn.Linear(4, 2, bias=False), spare=nn.ModuleList()), features(draw, 3),
        ),
    })  # fmt: skip
    return {**seen, "faults are found elsewhere": finds_a_fault(function, draw)}
