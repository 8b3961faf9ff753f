"""What each criterion of `capture` looks at."""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from autograder.criteria import Draw, Exercise, Halfway, is_a, tried

from ..shared import LOSSES, Odd, Skip, Stopped, Tables, Twice, _equal, compared, results, skipping, strangers, writer

capture = Exercise(
    "capture",
    requires="capture",
    title="Capture what flows through a model",
    minutes=30,
    difficulty=3,
    hints=[
        (
            "`dict(model.named_modules())` leads from a name to its module. Look all names up first: an unknown one is "
            "then a KeyError while nothing is registered yet."
        ),
        (
            "A context manager is a function with one `yield`, under `@contextmanager`: before it you register, what "
            "it yields is what `as` gets, after it you clean up. An error in the with-block comes out of the `yield`."
        ),
        (
            "`try: yield ... finally: ...` cleans up in any case and lets the error pass. Clean up with your own "
            "handles: somebody else may have hooks on the same modules."
        ),
        (
            "`detach()` cuts the graph and shares the memory. A ReLU with `inplace=True` that comes next writes into "
            "that memory. What makes a copy?"
        ),
    ],
)


def overwriting() -> nn.Sequential:
    """A network with layers that write into what they are given."""
    body = nn.Sequential(nn.Linear(3, 3), nn.ReLU(inplace=True), nn.Linear(3, 3))
    return nn.Sequential(OrderedDict(stem=nn.Linear(2, 3), block=Skip(body, False), last=nn.ReLU(inplace=True)))


def detached(values: Any) -> Any:
    """The dict's tensors as facts about them, and their numbers."""
    return {
        name: {"requires_grad": value.requires_grad, "in a graph": value.grad_fn is not None, "values": value.detach()}
        if is_a(value, torch.Tensor)
        else value
        for name, value in dict.items(values)
    }


def values_in(captured: Any) -> dict[str, Any]:
    """What the dict holds now, as copies."""
    copies = {name: value.detach().clone() if is_a(value, torch.Tensor) else value for name, value in captured.items()}
    return dict(sorted(copies.items()))


@capture.criterion(
    "The dict holds the output of every named module that has run, and of no other",
    because="The name is how you ask for a layer, and how you find it again.",
)
def capture_values(capture: Any, draw: Draw) -> Any:
    def of(model: nn.Module, x: torch.Tensor, *names: str) -> Any:
        with capture(draw.fill(model), list(names)) as captured:
            before = values_in(captured)
            model(x)
            inside = values_in(captured)
        return {
            "before the forward": before,
            "inside the block": inside,
            "of type": "dict" if is_a(captured, dict) else type(captured).__name__,
        }

    names = [name for name, _ in skipping().named_modules()]
    x = draw.normal(4, 2)
    return {
        "one layer": tried(lambda: of(skipping(), x, "stem")),
        "one layer, one sample": tried(lambda: of(skipping(), x[:1], "block.branch.1")),
        "every module, the model itself too": tried(lambda: of(skipping(), x, *names)),
        "a module that does not run": tried(lambda: of(Odd(), x, "extra.never", "extra.gate")),
        "no names": tried(lambda: of(skipping(), x)),
        "the model itself": tried(lambda: of(nn.Tanh(), x, "")),
        "float64": tried(lambda: of(skipping().double(), x.double(), "stem")),
    }


@capture.criterion(
    "What it holds is detached, and later in-place changes don't reach it",
    because="You want to see what the layer gave, not what came of it; and a graph keeps all the memory alive.",
)
def capture_copies(capture: Any, draw: Draw) -> Any:
    def of(*names: str) -> Any:
        model = draw.fill(overwriting())
        with capture(model, list(names)) as captured:
            output = model(draw.normal(3, 2))
        with torch.no_grad():
            output.mul_(0)
        return detached(captured)

    def input_changed() -> Any:
        x, model = draw.normal(2, 3), nn.Sequential(nn.Identity(), nn.Flatten())
        with capture(model, ["0", "1"]) as captured:
            model(x)
        x.zero_()
        return detached(captured)

    return {
        "before a ReLU in place": tried(lambda: of("block.branch.0")),
        "the ReLU in place": tried(lambda: of("block.branch.1")),
        "the block before the last ReLU": tried(lambda: of("block")),
        "the output, changed afterwards": tried(lambda: of("", "last")),
        "nn.Identity, and its input changed afterwards": tried(input_changed),
    }


@capture.criterion(
    "The last forward wins, and the dict keeps its contents afterwards",
    because="A layer that runs several times has one name, and one place in the dict.",
)
def capture_last(capture: Any, draw: Draw) -> Any:
    def several(*sizes: int) -> Any:
        model = draw.fill(skipping())
        with capture(model, ["block", "head"]) as captured:
            for size in sizes:
                model(draw.normal(size, 2))
        return values_in(captured)

    def forward_afterwards() -> Any:
        model, x = draw.fill(skipping()), draw.normal(2, 2)
        with capture(model, ["stem"]) as captured:
            model(x)
        model(2 * x)
        return values_in(captured)

    def twice() -> Any:
        model = draw.fill(Twice(nn.Linear(2, 2), nn.Tanh()))
        with capture(model, ["before", "between"]) as captured:
            model(draw.normal(2, 2))
        return values_in(captured)

    def without_graph() -> Any:
        model = draw.fill(skipping())
        with capture(model, ["block"]) as captured, torch.no_grad():
            model(draw.normal(2, 2))
        return values_in(captured)

    return {
        "two forwards": tried(lambda: several(3, 3)), "batches of 4, 1 and 2": tried(lambda: several(4, 1, 2)),
        "a layer that is used twice": tried(twice), "a forward after leaving": tried(forward_afterwards),
        "under no_grad": tried(without_graph),
    }  # fmt: skip


@capture.criterion(
    "The model's outputs and gradients stay what they are",
    because="Whoever measures must not change what is measured.",
)
def capture_unchanged(capture: Any, draw: Draw) -> Any:
    def inside(model: nn.Module, loss: str = "sum", *names: str) -> Any:
        model, x = draw.fill(copy.deepcopy(model)), draw.normal(4, 2)
        plain = results(copy.deepcopy(model), x, loss)
        with capture(model, list(names) or [name for name, _ in model.named_modules()]) as captured:
            seen = results(model, x, loss)
        return compared(plain, seen, captured)

    def spoiled() -> Any:
        model, x = draw.fill(skipping()), draw.normal(2, 2)
        plain = results(copy.deepcopy(model), x)

        with capture(model, ["stem", "block", "head"]) as captured:
            seen = model(x.requires_grad_())
            seen.square().sum().backward()
            for value in dict.values(captured):
                value.add_(1)
        return "unchanged" if _equal(plain["output"], seen.detach()) else "changed"

    models = {"the branch last": skipping(False), "the branch first": skipping(True), "layers in place": overwriting()}
    seen = {
        f"{what}, {loss} loss": tried(lambda model=model, loss=loss: inside(model, loss))
        for what, model in models.items()
        for loss in LOSSES
    }
    norm = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Linear(3, 1))
    return {
        **seen,
        "only one layer captured": tried(lambda: inside(skipping(), "mean", "block.branch.0")),
        "batch norm in training mode": tried(lambda: inside(norm, "sum", "1")),
        "batch norm in eval mode": tried(lambda: inside(norm.eval(), "sum", "1")),
        "the captured tensors changed in place": tried(spoiled),
    }


@capture.criterion(
    "Leaving removes its own hooks and no others, those added meanwhile included; captures may nest",
    points=1.5,
    because="The modules are not yours: others have hooks there too, and may put more on them while you look.",
)
def capture_leaving(capture: Any, draw: Draw) -> Any:
    x = draw.normal(2, 2)

    def alone() -> Any:
        model = skipping()
        tables = Tables(model)
        with capture(model, ["stem", "block.branch.1", ""]):
            model(x)
        return tables.now()

    def beside_others() -> Any:
        model = skipping()
        strangers(model)
        tables = Tables(model)
        with capture(model, ["stem", "block.branch.1"]):
            model(x)
        return tables.now()

    def added_meanwhile() -> Any:
        model, log = skipping(), []
        with capture(model, ["stem", "block"]):
            for name, module in model.named_modules():
                module.register_forward_hook(writer(log, name or "the model itself"))
            model(x)
            log.clear()
        model(x)
        return log

    def removed_meanwhile() -> Any:
        model, log = skipping(), []
        handle = model.stem.register_forward_hook(writer(log, "hook"))
        tables = Tables(nn.Sequential())
        with capture(model, ["stem"]):
            handle.remove()
        model(x)
        return {
            "hooks on the layer": len(vars(model.stem)["_forward_hooks"]),
            "what it writes": log,
            "hooks elsewhere": tables.now(),
        }

    def nested() -> Any:
        model = draw.fill(skipping())
        tables = Tables(model)
        with capture(model, ["stem", "head"]) as outer:
            model(x)
            with capture(model, ["head", "block"]) as inner:
                model(2 * x)
            model(3 * x)
        return {"the outer one": values_in(outer), "the inner one": values_in(inner), "the hook tables": tables.now()}

    def two_models() -> Any:
        one, other = draw.fill(skipping()), draw.fill(skipping(True))
        with capture(one, ["head"]) as first, capture(other, ["head"]) as second:
            one(x)
            other(2 * x)
        return {"the one": values_in(first), "the other": values_in(second)}

    return {
        "no other hooks": tried(alone), "other hooks there before": tried(beside_others),
        "other hooks added inside": tried(added_meanwhile), "another hook removed inside": tried(removed_meanwhile),
        "one inside the other": tried(nested), "two models": tried(two_models),
    }  # fmt: skip


@capture.criterion(
    "Exceptions pass through, and the hooks are removed all the same",
    because="Errors happen while you look for errors; a hook left behind makes the next one harder to find.",
)
def capture_errors(capture: Any, draw: Draw) -> Any:
    x = draw.normal(2, 2)

    def breaking(error: BaseException, model: nn.Module, action: Callable[[Any], Any]) -> Any:
        strangers(model)
        tables, captured, what = Tables(model), {}, "no error"
        try:
            with capture(model, ["stem", "block.branch.1", "head"]) as captured:
                model(x)
                action(model)
                raise error
        except (Halfway, Stopped) as caught:
            what = "the same error" if caught is error else "another error"
        return {"what comes out": what, "the hook tables": tables.now(), "what was captured": values_in(captured)}

    def in_forward() -> Any:
        model, error, armed = draw.fill(skipping()), Halfway(), []

        def fuse(*arguments: Any) -> None:
            if armed:
                raise error

        model.block.register_forward_hook(fuse)
        return breaking(error, model, lambda model: (armed.append(True), model(3 * x)))

    def left_early() -> Any:
        model = draw.fill(skipping())
        tables = Tables(model)
        for _ in range(2):
            with capture(model, ["stem"]):
                break
        return tables.now()

    def nothing(model: Any) -> None:
        pass

    return {
        "an error in the block": tried(lambda: breaking(Halfway(), draw.fill(skipping()), nothing)),
        "an error halfway through a forward": tried(in_forward),
        "somebody presses stop": tried(lambda: breaking(Stopped(), draw.fill(skipping()), nothing)),
        "left by break": tried(left_early),
    }


@capture.criterion(
    "An unknown name is a KeyError that tells the name, before anything is registered",
    because="A name with a typing error must not leave half of the hooks behind.",
)
def capture_unknown(capture: Any, draw: Draw) -> Any:
    def of(*names: str, model: nn.Module | None = None) -> Any:
        model = model or skipping()
        strangers(model)
        tables = Tables(model)
        unknown = [name for name in names if name not in dict(model.named_modules())]
        try:
            with capture(model, list(names)):
                return "no error"
        except NotImplementedError:
            raise
        except Exception as error:
            told = "tells the name" if any(name in str(error) for name in unknown) else "does not tell the name"
            kind = "KeyError" if is_a(error, KeyError) else type(error).__name__
            return {"the error": kind, "its text": told, "the hook tables": tables.now()}

    return {
        "no such module": tried(lambda: of("nowhere")), "the last of three": tried(lambda: of("stem", "head", "hat")),
        "the first of two": tried(lambda: of("hat", "stem")), "part of a name": tried(lambda: of("block.bran")),
        "one level too deep": tried(lambda: of("stem", "head.0")), "a parameter": tried(lambda: of("stem.weight")),
        "a method": tried(lambda: of("stem", "forward")), "a name without its path": tried(lambda: of("branch")),
        "a layer's second name": tried(lambda: of("before", "again", model=Twice(nn.Linear(2, 2), nn.Tanh()))),
    }  # fmt: skip
