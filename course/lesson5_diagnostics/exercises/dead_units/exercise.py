"""What each criterion of `dead_units` looks at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise, Halfway, attempt_text, hooks_on, is_a, raised, refusal, tried

from ..shared import (
    ARRIVALS,
    BARELY_POSITIVE,
    always,
    changed,
    convolutional,
    dead,
    fails,
    features,
    hooks_since,
    images,
    labelled,
    modes_of,
    modes_since,
    named,
    numbers_of,
    perceptron,
    pictures,
    rarely,
    reusing,
    set_bias,
    shaped,
    with_others,
)


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
