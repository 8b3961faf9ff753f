"""What each criterion of `diagnose` looks at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise, hooks_on, is_a, tried, type_of

from ..shared import (
    ARRIVALS,
    BARELY_POSITIVE,
    always,
    at,
    changed,
    convolutional,
    features,
    first,
    hooks_since,
    images,
    labelled,
    modes_of,
    modes_since,
    named,
    nothing,
    numbers_of,
    perceptron,
    pictures,
    rarely,
    reusing,
    set_bias,
    shaped,
    tame,
    with_others,
)

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


def pair(x: torch.Tensor) -> tuple[torch.Tensor, Any]:
    """A tuple, of which the second is large."""
    return x, (x * 0).detach() + 2e4


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
