"""Lesson 4: the eight exercises, and what each of their criteria looks at.

Nothing here says what is right: right is what the lesson's solution shows under the same probe. What hooks do is seen
from outside: which of them were called, with what, in which order; what the model then gives and which gradients flow;
and what stands in the hook tables before and afterwards. Other people's hooks are on the models wherever it matters.
"""

from __future__ import annotations

import copy
from collections import Counter, OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any

import torch
from torch import nn
from torch.nn.modules import module as everywhere

from autograder.criteria import (
    Codes,
    Draw,
    Exercise,
    Halfway,
    Look,
    NotAttempted,
    forbidden,
    hooks_on,
    is_a,
    lineage,
    own_work,
    refusal,
    tried,
    type_of,
    whole,
)
from autograder.criteria import number as plain_number

# ---------------------------------------------------------------------------------------------------------------------
# What several criteria look at
# ---------------------------------------------------------------------------------------------------------------------


class Stopped(BaseException):
    """As when somebody presses stop: no `Exception`."""


class Tables:
    """The hook tables of a model at one time, and what has become of them since."""

    def __init__(self, model: nn.Module) -> None:
        self.model = model
        self.before = hooks_on(model)

    def now(self) -> str:
        """Whether hooks have come since, or gone."""
        after = hooks_on(self.model)
        more, less = after.keys() - self.before.keys(), self.before.keys() - after.keys()
        if more and less:
            return "new hooks are there, and other people's hooks are gone"
        return "new hooks are there" if more else "other people's hooks are gone" if less else "as they were"


def strangers(model: nn.Module) -> list[str]:
    """Put somebody else's hooks of every kind on all modules. Returns the list in which they note what they do."""
    notes: list[str] = []

    def notes_that(what: str) -> Callable[..., None]:
        return lambda *arguments: notes.append(what)

    for name, module in nn.Module.named_modules(model):
        module.register_forward_pre_hook(notes_that(f"{name} pre"))
        module.register_forward_hook(notes_that(f"{name} forward"))
        module.register_full_backward_pre_hook(notes_that(f"{name} backward pre"))
        module.register_full_backward_hook(notes_that(f"{name} backward"))
    return notes


class Skip(nn.Module):
    """A branch beside the way past it. Autograd meets the two in one order or in the other."""

    def __init__(self, branch: nn.Module, branch_first: bool) -> None:
        super().__init__()
        self.branch = branch
        self.branch_first = branch_first

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.branch(x) + x if self.branch_first else x + self.branch(x)


class Twice(nn.Module):
    """One layer that has two names, and is used under both of them, with another layer in between."""

    def __init__(self, layer: nn.Module, between: nn.Module) -> None:
        super().__init__()
        self.before = layer
        self.between = between
        self.again = layer

    def forward(self, x: torch.Tensor) -> Any:
        return self.again(self.between(self.before(x)))


def with_two_parents() -> nn.Sequential:
    """One layer that lies in two containers."""
    layer = nn.Linear(2, 2)
    return nn.Sequential(nn.Sequential(layer, nn.Tanh()), nn.Sequential(layer))


def skipping(branch_first: bool = False) -> nn.Sequential:
    """A small network with a residual block in it."""
    branch = nn.Sequential(nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 3))
    return nn.Sequential(OrderedDict(stem=nn.Linear(2, 3), block=Skip(branch, branch_first), head=nn.Linear(3, 2)))


LOSSES: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "sum": lambda output: output.square().sum(), "mean": lambda output: output.square().mean(),
}  # fmt: skip


def results(model: nn.Module, x: torch.Tensor, loss: str = "sum") -> dict[str, Any]:
    """A model's output and, after one backward, the gradients of its parameters and of x."""
    for parameter in model.parameters():
        parameter.grad = None
    x = x.clone().requires_grad_(x.is_floating_point())
    output = model(x)
    LOSSES[loss](output).backward()
    own = {name: parameter.grad for name, parameter in model.named_parameters()}
    return {"output": output.detach(), "gradient of x": x.grad, "gradients of the parameters": own}


def same_results(model: nn.Module, x: torch.Tensor, prepare: Callable[[nn.Module], Any], loss: str = "sum") -> Any:
    """What differs between a model and a copy of it that is watched; `prepare` returns what is written meanwhile."""
    plain = results(copy.deepcopy(model), x, loss)
    kept = prepare(model)
    seen = results(model, x, loss)
    return compared(plain, seen, kept)


def compared(plain: dict[str, Any], seen: dict[str, Any], written: Any) -> str:
    """Which of the results have changed. Whoever has written nothing has not watched, and so proves nothing."""
    changes = ", ".join(what for what in plain if not _equal(plain[what], seen[what])) or "nothing has changed"
    return changes if _filled(written) else f"{changes}, and nothing is written down"


def _filled(written: Any) -> bool:
    """Whether something stands in a list or dict, or in one of those that a tuple holds."""
    if is_a(written, tuple):
        return any(_filled(item) for item in tuple.__iter__(written) if is_a(item, dict))
    return (is_a(written, list) or is_a(written, dict)) and len(written) > 0


def _equal(one: Any, other: Any) -> bool:
    if is_a(one, dict):
        return is_a(other, dict) and one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    if not (is_a(one, torch.Tensor) and is_a(other, torch.Tensor)):
        return one is other
    return one.shape == other.shape and one.dtype == other.dtype and torch.allclose(one, other, rtol=1e-5, atol=1e-6)


def shown(value: Any, itself: Any = None) -> str:
    """Plain data and small tensors as a text, in which the object `itself` is called so."""
    if value is itself and value is not None:
        return "itself"
    if type(value) in (list, tuple):
        inside = ", ".join(shown(item, itself) for item in value)
        return f"[{inside}]" if type(value) is list else f"({inside},)" if len(value) == 1 else f"({inside})"
    if type(value) is dict:
        return "{" + ", ".join(f"{key!s}: {shown(item, itself)}" for key, item in value.items()) + "}"
    if is_a(value, torch.Tensor):
        dtype = str(value.dtype).removeprefix("torch.float32").removeprefix("torch.")
        numbers = (value.detach() + 0).tolist() if value.numel() <= 8 else f"of shape {tuple(value.shape)}"
        return f"{dtype} tensor {numbers}".strip()
    plain = value is None or type(value) in (bool, int, float, str)
    return repr(value) if plain else f"a {type(value).__name__}"


def removed(handles: Any) -> None:
    """Remove all handles of an iterable."""
    for handle in list(handles):
        handle.remove()


# ---------------------------------------------------------------------------------------------------------------------
# hook_order
# ---------------------------------------------------------------------------------------------------------------------

hook_order = Exercise(
    "hook_order",
    requires="hook_order",
    title="In which order are hooks called?",
    minutes=15,
    difficulty=2,
    hints=[
        (
            "Play torch with pencil and paper. To call a module means: pre-hooks, `forward`, forward hooks. "
            "And where `forward` calls another module, all of that happens for the other one, there and then."
        ),
        (
            "Hooks of one kind on one module stand in a queue. `register_...` puts a hook at the end of it, and "
            "`prepend=True` at the front. Go through the registrations line by line, one queue after the other."
        ),
        (
            "Backward goes the same way back: what came last in forward comes first. The gradient enters the whole "
            "net before it enters any layer in it, and leaves the net last of all. So where do the net's own two stand?"
        ),
        (
            "In an empty cell, make a log, build the net with `hooked`, run one forward and one backward, and compare "
            "with your list. Where they differ, find out why before you correct it."
        ),
    ],
)


def names_in(order: Any) -> list[Any]:
    """The names of an answer, without the places that are still None. Raises `NotAttempted` where all are."""
    if not (is_a(order, list) or is_a(order, tuple)):
        raise TypeError(f"hook_order must be a list of names, and is a {type(order).__name__}")
    names = [name for name in order if name is not None]
    if not names:
        raise NotAttempted("hook_order has no name in it yet: replace every None by one")
    if not all(is_a(name, str) for name in names):
        raise TypeError("hook_order must hold names, each of them a text")
    return names


def split(name: str) -> tuple[str, str, str]:
    """The module, the kind and the letter, if any, in a name like "low pre A"."""
    module, _, rest = name.partition(" ")
    kind, _, letter = rest.rpartition(" ")
    return (module, kind, letter) if len(letter) == 1 and letter.isupper() else (module, rest, "")


def merged(names: list[Any], *kinds: str) -> list[str]:
    """The names of these kinds without their letters; several of a kind in a row are one."""
    found = [f"{module} {kind}" for module, kind, _ in map(split, names) if kind in kinds]
    return [name for place, name in enumerate(found) if place == 0 or name != found[place - 1]]


@hook_order.criterion(
    "Each name stands in it as often as it is written into the log",
    points=0.5,
    because="Every hook is called once for each time that its module is called, or that a gradient passes it.",
)
def order_names(order: Any, draw: Draw) -> Any:
    return dict(sorted(Counter(names_in(order)).items()))


@hook_order.criterion(
    "Forward: the modules and their kinds of hooks come in the right order",
    because="A layer is called from inside the net's forward, so all of its hooks are called in there as well.",
)
def order_forward(order: Any, draw: Draw) -> Any:
    return merged(names_in(order), "pre", "computes", "out")


@hook_order.criterion(
    "Several hooks of one kind on one module come in the right order",
    because="Hooks of one kind on one module are a queue, and prepend=True goes to the front of it.",
)
def order_letters(order: Any, draw: Draw) -> Any:
    queues: dict[str, str] = {}
    for module, kind, letter in map(split, names_in(order)):
        if letter:
            queues[f"{module} {kind}"] = queues.get(f"{module} {kind}", "") + letter
    return queues


@hook_order.criterion(
    "Backward: the modules and their kinds of hooks come in the right order",
    because="The gradient comes from the output: it enters the net, passes the last layer first, and leaves the net.",
)
def order_backward(order: Any, draw: Draw) -> Any:
    return merged(names_in(order), "back-pre", "back")


@hook_order.criterion(
    "The whole log",
    points=0.5,
    because="Forward and backward together are one log.",
)
def order_whole(order: Any, draw: Draw) -> Any:
    return names_in(order)


# ---------------------------------------------------------------------------------------------------------------------
# hookable
# ---------------------------------------------------------------------------------------------------------------------

hookable = Exercise(
    "hookable",
    requires="Hookable",
    title="Hooks of your own making",
    minutes=45,
    difficulty=4,
    hints=[
        (
            "An object needs two queues of its own, made in `__init__`: one for pre-hooks, one for forward hooks. "
            "Registering puts a hook into one of them and returns a handle that knows how to take it out again."
        ),
        (
            "The same function may be registered twice. So a handle must not look for the function: give every "
            "registration something that no other has, a number that only grows, or the handle itself."
        ),
        (
            "`__call__` has three steps: pre-hooks, `self.forward(*args)`, forward hooks. After each hook ask whether "
            "what it returned `is not None`; 0, False and an empty tuple are answers too."
        ),
        (
            "What if a hook registers another one while you go through the queue? Copy both queues at the very "
            "beginning of `__call__`, before the first hook is called, and go through the copies."
        ),
    ],
)


DISPATCH = Codes(
    nn.Module._call_impl, nn.Module._wrapped_call_impl, nn.Module.register_forward_pre_hook,
    nn.Module.register_forward_hook,
)  # fmt: skip


def own_dispatch(look: Look) -> Look:
    """Where torch's own dispatch does the work, a criterion sees only that. What stands in lists and dicts of the class
    itself is afterwards as it was, so that the hooks of one criterion do not turn up in the next."""

    @own_work("nn.Module's own methods do the work")
    @wraps(look)
    def watched(Hookable: Any, draw: Draw) -> Any:
        if is_a(Hookable, type) and nn.Module in lineage(Hookable):
            return "derived from nn.Module"
        shared = [value for value in getattr(Hookable, "__dict__", {}).values() if type(value) in (list, dict)]
        before = [copy.copy(value) for value in shared]
        try:
            with forbidden(DISPATCH):
                return look(Hookable, draw)
        finally:
            for value, old in zip(shared, before, strict=True):
                value.clear()
                (value.extend if type(value) is list else value.update)(old)

    return watched


def thing(Hookable: Any, forward: Callable[..., Any] | None = None) -> Any:
    """An object of a class derived from the student's. Its forward returns what it got, in a list."""
    return type("Thing", (Hookable,), {"forward": forward or (lambda self, *args: ["out", *args])})()


def registered(target: Any, kind: str, hook: Any, **options: Any) -> Any:
    """The handle of a hook, of kind "pre" or "forward"."""
    return (target.register_forward_pre_hook if kind == "pre" else target.register_forward_hook)(hook, **options)


KINDS = ("pre", "forward")


def writer(log: list[Any], name: str) -> Callable[..., None]:
    """A hook that writes its name."""
    return lambda *arguments: log.append(name)


def first_time(action: Callable[[], Any]) -> Callable[..., None]:
    """A hook that does something the first time that it is called."""
    todo = [action]

    def hook(*arguments: Any) -> None:
        if todo:
            todo.pop()()

    return hook


def of_both(look: Callable[[str], Any]) -> Any:
    """What `look` sees of pre-hooks, and what of forward hooks."""
    return {f"{kind} hooks": tried(lambda kind=kind: look(kind)) for kind in KINDS}


def calls(target: Any, log: list[Any], count: int = 1) -> str:
    """What each of several calls writes into the log, as one text."""
    seen = []
    for _ in range(count):
        log.clear()
        try:
            target(1)
        except Halfway:
            log.append("an error")
        seen.append(" ".join(log) or "nothing")
    return " | ".join(seen)


@hookable.criterion(
    "Each object has hooks of its own, and without hooks a call is just forward",
    points=0.5,
    because="A list that stands in the class belongs to all objects together.",
)
@own_dispatch
def hookable_own(Hookable: Any, draw: Draw) -> Any:
    def without() -> Any:
        return {"no arguments": thing(Hookable)(), "three arguments": thing(Hookable)(1, None, "x")}

    def two(kind: str) -> Any:
        log: list[Any] = []
        one, other = thing(Hookable), thing(Hookable)
        registered(one, kind, writer(log, "calls it"))
        return f"the one {calls(one, log)}, the other {calls(other, log)}"

    return {
        "without hooks": tried(without),
        "a hook on one of two objects": of_both(two),
    }


@hookable.criterion(
    "Hooks are called in the order of registration, and prepend=True goes before all so far",
    because="With prepend=True you get in before hooks that are there already.",
)
@own_dispatch
def hookable_order(Hookable: Any, draw: Draw) -> Any:
    def order(kind: str, *prepends: bool) -> Any:
        target, log = thing(Hookable), []
        for letter, prepend in zip("ABCDE", prepends, strict=False):
            registered(target, kind, writer(log, letter), **({"prepend": True} if prepend else {}))
        return calls(target, log)

    def both() -> Any:
        log: list[Any] = []
        target = thing(Hookable, lambda self, x: log.append("forward"))
        for kind, letter in (("forward", "C"), ("pre", "A"), ("forward", "D"), ("pre", "B")):
            registered(target, kind, writer(log, letter), prepend=False)
        return calls(target, log)

    return {
        "hooks of both kinds": tried(both),
        "three hooks": of_both(lambda kind: order(kind, False, False, False)),
        "three hooks, the last one prepended": of_both(lambda kind: order(kind, False, False, True)),
        "five hooks, the second and the fourth prepended": of_both(
            lambda kind: order(kind, False, True, False, True, False)
        ),
    }


RETURNED: dict[str, Callable[[], Any]] = {
    "None": lambda: None, "a number": lambda: 5, "a tuple": lambda: (7, 8, 9), "an empty tuple": lambda: (),
    "a tuple of one": lambda: (3,), "a list": lambda: [1, 2], "zero": lambda: 0, "False": lambda: False,
    "an empty list": list, "a tensor": lambda: torch.tensor([1.0, 0.0]),
    "a tuple with None in it": lambda: (None, 2),
}  # fmt: skip
"""What a hook may return."""


@hookable.criterion(
    "A pre-hook gets (self, args), and what it returns takes the place of args",
    points=1.5,
    because="A pre-hook that returns None changes nothing; anything else is the new input, a tuple for several.",
)
@own_dispatch
def hookable_pre(Hookable: Any, draw: Draw) -> Any:
    def returning(value: Any) -> Any:
        target = thing(Hookable)
        registered(target, "pre", lambda *given: value)
        return shown(target(1, 2), target)

    def given(*arguments: Any) -> Any:
        target, seen = thing(Hookable), []
        registered(target, "pre", lambda *given: seen.append(shown(given, target)))
        output = target(*arguments)
        return f"the hook gets {' '.join(seen) or 'nothing'}, the call returns {shown(output, target)}"

    def after_another(value: Any) -> Any:
        target, seen = thing(Hookable), []
        registered(target, "pre", lambda *given: value)
        registered(target, "pre", lambda *given: seen.append(shown(given, target)))
        target(1, 2)
        return " ".join(seen) or "nothing"

    def one_after_the_other() -> Any:
        target = thing(Hookable)
        registered(target, "pre", lambda self, args: (args[0] + 1, args[1]))
        registered(target, "pre", lambda self, args: (args[0] * 10, *args))
        return shown(target(1, 2), target)

    return {
        "called with 1, 2": tried(lambda: given(1, 2)), "called with a tuple": tried(lambda: given((1, 2))),
        "called with nothing": tried(given),
        **{f"it returns {what}": tried(lambda make=make: returning(make())) for what, make in RETURNED.items()},
        "after one that returns a number": tried(lambda: after_another(5)),
        "after one that returns a tuple": tried(lambda: after_another((7, 8, 9))),
        "after one that returns None": tried(lambda: after_another(None)),
        "two that change something": tried(one_after_the_other),
    }  # fmt: skip


@hookable.criterion(
    "A forward hook gets (self, args, output), and what it returns takes the place of the output",
    points=1.5,
    because="Measuring hooks return None and change nothing; 0 or an empty list is an output like any other.",
)
@own_dispatch
def hookable_forward(Hookable: Any, draw: Draw) -> Any:
    def returning(value: Any) -> Any:
        target = thing(Hookable)
        registered(target, "forward", lambda *given: value)
        return shown(target(1, 2), target)

    def after_another(value: Any) -> Any:
        target, seen = thing(Hookable), []
        registered(target, "forward", lambda *given: value)
        registered(target, "forward", lambda *given: seen.append(shown(given, target)))
        target(1, 2)
        return " ".join(seen) or "nothing"

    def after_a_pre_hook() -> Any:
        target, seen = thing(Hookable), []
        registered(target, "pre", lambda self, args: (5, 6))
        registered(target, "forward", lambda *given: seen.append(shown(given, target)))
        output = target(1, 2)
        return f"the hook gets {' '.join(seen) or 'nothing'}, the call returns {shown(output, target)}"

    def output_is(value: Any) -> Any:
        target, seen = thing(Hookable, lambda self, *args: value), []
        registered(target, "forward", lambda *given: seen.append(shown(given, target)))
        output = target(1)
        return f"the hook gets {' '.join(seen) or 'nothing'}, the call returns {shown(output, target)}"

    def one_after_the_other() -> Any:
        target = thing(Hookable, lambda self, x: x)
        registered(target, "forward", lambda self, args, output: output + 1)
        registered(target, "forward", lambda self, args, output: output * 10)
        return target(1)

    return {
        "after a pre-hook that changes args": tried(after_a_pre_hook),
        "forward returns a tuple": tried(lambda: output_is((1, 2))),
        "forward returns None": tried(lambda: output_is(None)),
        **{f"it returns {what}": tried(lambda make=make: returning(make())) for what, make in RETURNED.items()},
        "after one that returns a number": tried(lambda: after_another(5)),
        "after one that returns None": tried(lambda: after_another(None)),
        "two that change something": tried(one_after_the_other),
    }


@hookable.criterion(
    "remove() takes away its own hook and no other, and may be called twice",
    because="Whoever removes a hook must not take away somebody else's, even when it is the same function.",
)
@own_dispatch
def hookable_remove(Hookable: Any, draw: Draw) -> Any:
    def removing(kind: str, script: str) -> Any:
        """A letter registers a hook of that name, one after ^ prepended; a letter after - removes it again."""
        target, log, handles, hooks = thing(Hookable), [], {}, {}
        for step in script.split():
            name = step.lstrip("-^")
            if step.startswith("-"):
                if not goes(handles[name]):
                    return "remove() fails"
            else:
                hook = hooks.setdefault(name[0], writer(log, name[0]))
                handles[name] = registered(target, kind, hook, prepend=step.startswith("^"))
        return calls(target, log)

    def other_kind(kind: str) -> Any:
        target, log = thing(Hookable), []
        handles = [registered(target, each, writer(log, each)) for each in KINDS]
        handles[KINDS.index(kind)].remove()
        return calls(target, log)

    def other_object(kind: str) -> Any:
        one, other, log = thing(Hookable), thing(Hookable), []
        hook = writer(log, "calls it")
        first = registered(one, kind, hook)
        registered(other, kind, hook)
        first.remove()
        return f"the one {calls(one, log)}, the other {calls(other, log)}"

    scripts = {
        "the second of three removed": "A B C -B", "all removed": "A B -B -A", "removed twice": "A B -A -A",
        "the first of three removed, then the last": "A B C -A -C", "one prepended, the other removed": "A ^B -A",
        "one removed, then a new one": "A B -A C", "removed, a new one, removed again": "A B -A C -A",
        "the last one removed, a new one, removed again": "A B -B C -B",
        "a function registered twice, the second removed": "A1 B A2 -A2",
        "a function registered twice, the first removed": "A1 B A2 -A1",
        "a function registered twice, both removed": "A1 B A2 -A2 -A1",
        "a function registered twice, the second removed twice": "A1 B A2 -A2 -A2",
    }  # fmt: skip
    return {
        **{what: of_both(lambda kind, script=script: removing(kind, script)) for what, script in scripts.items()},
        "one hook of each kind, one removed": of_both(other_kind),
        "the same hook on two objects, removed from one": of_both(other_object),
    }


@hookable.criterion(
    "A handle is a context manager: leaving removes the hook, and exceptions pass through",
    because="What is removed only when all goes well stays behind when it does not.",
)
@own_dispatch
def hookable_with(Hookable: Any, draw: Draw) -> Any:
    def inside_and_after(kind: str, by_hand: bool) -> Any:
        target, log = thing(Hookable), []
        registered(target, kind, writer(log, "other"))
        handle = registered(target, kind, writer(log, "hook"))
        with handle:
            inside = calls(target, log)
            if by_hand and not goes(handle):
                return "remove() fails"
        return f"inside {inside} | after {calls(target, log)}"

    def passing(kind: str, error: BaseException) -> Any:
        target, log = thing(Hookable), []
        what = "no error"
        try:
            with registered(target, kind, writer(log, "hook")):
                raise error
        except (Halfway, Stopped) as caught:
            what = "the same error" if caught is error else "another error"
        return f"comes out: {what} | after: {calls(target, log)}"

    def breaking(kind: str) -> Any:
        def fails(self: Any, *args: Any) -> Any:
            raise Halfway

        target, log = thing(Hookable, fails), []
        try:
            with registered(target, kind, writer(log, "hook")):
                target(1)
            what = "no error"
        except Halfway:
            what = "its error"
        log.clear()
        return f"comes out: {what} | after: {calls(target, log)}"

    def nested(kind: str) -> Any:
        target, log = thing(Hookable), []
        with registered(target, kind, writer(log, "A")):
            with registered(target, kind, writer(log, "B"), prepend=True):
                inner = calls(target, log)
            outer = calls(target, log)
        return f"inner {inner} | outer {outer} | after {calls(target, log)}"

    return {
        "a hook": of_both(lambda kind: inside_and_after(kind, by_hand=False)),
        "removed by hand inside": of_both(lambda kind: inside_and_after(kind, by_hand=True)),
        "an error inside": of_both(lambda kind: passing(kind, Halfway())),
        "somebody presses stop inside": of_both(lambda kind: passing(kind, Stopped())),
        "a forward that fails": of_both(breaking),
        "one inside the other": of_both(nested),
    }


def goes(handle: Any) -> bool:
    """Whether `handle.remove()` goes without an error."""
    try:
        handle.remove()
    except NotImplementedError:
        raise
    except Exception:
        return False
    return True


@hookable.criterion(
    "Hooks registered during a call count from the next call, and a hook may remove itself",
    points=1.5,
    because="A queue that changes while you go through it skips somebody, or never ends.",
)
@own_dispatch
def hookable_during(Hookable: Any, draw: Draw) -> Any:
    seen = {}
    for by in KINDS:
        seen[f"a {by} hook registers one"] = of_both(lambda kind, by=by: adding(Hookable, by, kind))
        what = f"a {by} hook registers one, prepended"
        seen[what] = of_both(lambda kind, by=by: adding(Hookable, by, kind, prepend=True))
        what = f"a {by} hook registers one, then a hook fails"
        seen[what] = of_both(lambda kind, by=by: adding(Hookable, by, kind, fails="hook"))
        what = f"a {by} hook registers one, and removes it at once"
        seen[what] = of_both(lambda kind, by=by: in_and_out(Hookable, by, kind))
    what = "a pre hook registers one, then forward fails"
    seen[what] = of_both(lambda kind: adding(Hookable, "pre", kind, fails="forward"))
    seen["a hook that registers itself again"] = of_both(lambda kind: again_and_again(Hookable, kind))
    for place, where in enumerate(("after the first of three", "after the second", "as the last")):
        what = f"a hook that removes itself, {where}"
        seen[what] = of_both(lambda kind, place=place: removing_itself(Hookable, kind, place))
    return seen


def adding(Hookable: Any, by: str, kind: str, prepend: bool = False, fails: str = "") -> Any:
    """A hook of kind `by` registers one of `kind`; the first call may fail, in a hook or in forward."""
    log: list[Any] = []
    breaks = first_time(_break)
    target = thing(Hookable, lambda self, x: breaks() if fails == "forward" else log.append("forward"))
    registered(target, kind, writer(log, "old"))
    registered(target, by, first_time(lambda: registered(target, kind, writer(log, "new"), prepend=prepend)))
    if fails == "hook":
        registered(target, by, breaks)
    return calls(target, log, 3)


def in_and_out(Hookable: Any, by: str, kind: str) -> Any:
    """A hook registers another one and removes it, within one call."""
    target, log = thing(Hookable), []
    registered(target, by, first_time(lambda: registered(target, kind, writer(log, "new")).remove()))
    return calls(target, log, 2)


def removing_itself(Hookable: Any, kind: str, place: int) -> Any:
    """Three hooks, and behind the one at `place` another that removes itself."""
    target, log, handles = thing(Hookable), [], {}

    def goes(*arguments: Any) -> None:
        log.append("goes")
        handles["goes"].remove()

    for number in range(3):
        registered(target, kind, writer(log, "ABC"[number]))
        if number == place:
            handles["goes"] = registered(target, kind, goes)
    return calls(target, log, 2)


def again_and_again(Hookable: Any, kind: str) -> Any:
    """A hook that registers itself once more whenever it is called."""
    target, log = thing(Hookable), []

    def more(*arguments: Any) -> None:
        log.append("more")
        if len(log) < 20:
            registered(target, kind, more)

    registered(target, kind, more)
    return calls(target, log, 3)


def _break() -> None:
    raise Halfway


# ---------------------------------------------------------------------------------------------------------------------
# log_shapes
# ---------------------------------------------------------------------------------------------------------------------

log_shapes = Exercise(
    "log_shapes",
    requires="log_shapes",
    title="A log of all shapes",
    minutes=15,
    difficulty=2,
    hints=[
        (
            "`named_modules()` gives every module with its qualified name, a shared one once. A leaf is a module whose "
            "`children()` are none."
        ),
        (
            "A forward hook gets the module, its inputs and its output, but not its name. So every hook needs to know "
            "a name of its own, given to it when it is made."
        ),
        (
            "Do all your entries carry the last name? A function defined in a loop looks the loop's variable up when "
            "it is called, long after the loop. Cure: a function that gets the name as its argument and makes the hook."
        ),
        (
            "What does your hook return? Whatever is not None takes the place of the module's output. And what does "
            "your function return? Every `register_forward_hook` gave you something: collect it."
        ),
    ],
)


class Odd(nn.Module):
    """A model whose leaves lie at several depths, in containers of several kinds."""

    def __init__(self) -> None:
        super().__init__()
        self.stages = nn.ModuleList([nn.Sequential(nn.Linear(2, 3), nn.Tanh()), nn.Linear(3, 4)])
        self.extra = nn.ModuleDict({"gate": nn.Sigmoid(), "never": nn.Linear(4, 1)})
        self.gain = nn.Parameter(torch.ones(4))
        self.shortcut = nn.Sequential()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for stage in self.stages:
            x = stage(x)
        return self.gain * self.shortcut(x) * self.extra["gate"](x)


class Total(nn.Module):
    """A leaf that gives a tensor without axes."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.sum()


class Keyword(nn.Module):
    """Calls its leaf with a keyword."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(2, 3)

    def forward(self, x: torch.Tensor) -> Any:
        return self.inner(input=x)


def convolutions() -> nn.Sequential:
    """A small network for images of 8x8."""
    body = nn.Sequential(nn.Conv2d(1, 3, 3), nn.ReLU(), nn.MaxPool2d(2))
    return nn.Sequential(OrderedDict(body=body, flat=nn.Flatten(), head=nn.Linear(27, 2)))


def logged(log_shapes: Any, model: nn.Module, *inputs: torch.Tensor) -> list[Any]:
    """What stands in the log after the model has been called with each of the inputs."""
    log: list[Any] = []
    kept = log_shapes(model, log)
    for x in inputs:
        model(x)
    del kept
    return log


def shapes_in(log_shapes: Any, model: nn.Module, *inputs: torch.Tensor) -> list[Any]:
    """The entries of that log."""
    return entries(logged(log_shapes, model, *inputs))


def entries(log: list[Any]) -> list[Any]:
    """The entries of a log, those as text that are a name and a shape. A torch.Size is a tuple like any other."""
    return [repr((entry[0], tuple(entry[1]))) if _well_made(entry) else entry for entry in log]


def _well_made(entry: Any) -> bool:
    if not (is_a(entry, tuple) and len(entry) == 2 and type(entry[0]) is str and is_a(entry[1], tuple)):
        return False
    return all(type(size) is int for size in entry[1])


def firsts(entries: list[Any]) -> list[Any]:
    """The first item of every entry."""
    return [entry[0] if is_a(entry, tuple) or is_a(entry, list) else entry for entry in entries]


@log_shapes.criterion(
    "Every leaf that runs is in the log under its qualified name, and containers are not",
    points=1.5,
    because="A container only passes on what its leaves give, and would double their entries.",
)
def shapes_names(log_shapes: Any, draw: Draw) -> Any:
    image, x = draw.normal(1, 1, 8, 8), draw.normal(3, 2)
    return {
        "two levels": tried(lambda: firsts(logged(log_shapes, convolutions(), image))),
        "lists, dicts and an empty nn.Sequential": tried(lambda: firsts(logged(log_shapes, Odd(), x))),
        "a residual block": tried(lambda: firsts(logged(log_shapes, skipping(), x))),
        "a model that is a leaf itself": tried(lambda: firsts(logged(log_shapes, nn.Linear(2, 2), x))),
    }


@log_shapes.criterion(
    "Each entry is (qualified name, tuple(output.shape))",
    because="The shapes of the outputs are what tells you where a network goes wrong.",
)
def shapes_entries(log_shapes: Any, draw: Draw) -> Any:
    return {
        "a batch of one": tried(lambda: shapes_in(log_shapes, Twice(nn.Linear(2, 2), nn.ReLU()), draw.normal(1, 2))),
        "four images": tried(lambda: shapes_in(log_shapes, convolutions(), draw.normal(4, 1, 8, 8))),
        "a single vector": tried(lambda: shapes_in(log_shapes, Odd(), draw.normal(2))),
        "a leaf that gives a scalar": tried(lambda: shapes_in(log_shapes, nn.Sequential(Total()), draw.normal(2))),
        "a leaf that is called with a keyword": tried(lambda: shapes_in(log_shapes, Keyword(), draw.normal(5, 2))),
    }


@log_shapes.criterion(
    "Each call appends an entry; a layer with two names is hooked once, under its first name",
    because="named_modules() gives a module once, however many names it has, and a hook is called at every use.",
)
def shapes_calls(log_shapes: Any, draw: Draw) -> Any:
    def with_two_logs() -> Any:
        model, logs = nn.Sequential(nn.Linear(2, 3)), ([], ["before"])
        kept = [log_shapes(model, log) for log in logs]
        model(torch.ones(1, 2))
        del kept
        return {"one log": entries(logs[0]), "another log, not empty before": entries(logs[1])}

    shared = Twice(nn.Linear(2, 2), nn.Tanh())
    two_blocks = nn.Sequential(nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.Tanh())), nn.Linear(2, 2))
    two_blocks.append(two_blocks[0])
    return {
        "one ReLU, used twice, in two calls": tried(
            lambda: shapes_in(log_shapes, one_relu(), draw.normal(1, 2), draw.normal(4, 2))
        ),
        "a layer with two names": tried(lambda: shapes_in(log_shapes, shared, draw.normal(3, 2))),
        "a block with two names": tried(lambda: shapes_in(log_shapes, two_blocks, draw.normal(3, 2))),
        "a layer in two containers": tried(lambda: shapes_in(log_shapes, with_two_parents(), draw.normal(3, 2))),
        "two logs at the same time": tried(with_two_logs),
    }


def one_relu() -> nn.Sequential:
    """Two layers, and behind each of them the same ReLU."""
    relu = nn.ReLU()
    return nn.Sequential(nn.Linear(2, 3), relu, nn.Linear(3, 4), relu)


@log_shapes.criterion(
    "The model's outputs and gradients stay what they are",
    because="Whoever measures must not change what is measured.",
)
def shapes_unchanged(log_shapes: Any, draw: Draw) -> Any:
    models = {
        "images": (convolutions(), draw.normal(2, 1, 8, 8)),
        "a residual block": (skipping(), draw.normal(3, 2)),
        "a layer used twice": (Twice(nn.Linear(2, 2), nn.Tanh()), draw.normal(1, 2)),
    }

    def with_a_log(model: nn.Module) -> list[Any]:
        log: list[Any] = []
        kept.append(log_shapes(model, log))
        return log

    kept: list[Any] = []
    return {
        what: tried(lambda model=model, x=x: same_results(draw.fill(model), x, with_a_log))
        for what, (model, x) in models.items()
    }


@log_shapes.criterion(
    "It returns the handles: removing them ends the log, and other people's hooks stay",
    because="A hook without a handle stays on the model for as long as the model lives.",
)
def shapes_handles(log_shapes: Any, draw: Draw) -> Any:
    def after(model: nn.Module, x: torch.Tensor) -> Any:
        notes, log = strangers(model), []
        tables = Tables(model)
        handles = log_shapes(model, log)
        seen = f"{len(handles)} handles in a {'list' if is_a(handles, list) else type(handles).__name__}"
        seen += f"; hooks at first: {tables.now()}"
        removed(handles)
        model(x)
        seen += f"; after removing: {tables.now()}"
        return f"{seen}; entries in the log {len(log)}, calls of other hooks {len(notes)}"

    def first_removed() -> Any:
        model, log = skipping(), []
        log_shapes(model, log)[0].remove()
        model(draw.normal(1, 2))
        return firsts(log)

    return {
        "images": tried(lambda: after(convolutions(), draw.normal(1, 1, 8, 8))),
        "lists, dicts and an empty nn.Sequential": tried(lambda: after(Odd(), draw.normal(1, 2))),
        "a layer with two names": tried(lambda: after(Twice(nn.Linear(2, 2), nn.Tanh()), draw.normal(1, 2))),
        "only the first handle removed": tried(first_removed),
    }


# ---------------------------------------------------------------------------------------------------------------------
# capture
# ---------------------------------------------------------------------------------------------------------------------

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


# ---------------------------------------------------------------------------------------------------------------------
# normalize_inputs
# ---------------------------------------------------------------------------------------------------------------------

normalize_inputs = Exercise(
    "normalize_inputs",
    requires="normalize_inputs",
    title="Normalize at the door",
    minutes=15,
    difficulty=2,
    hints=[
        (
            "A pre-hook gets the module and a tuple of the positional inputs, and may return other ones. Which "
            "`register_...` is it?"
        ),
        (
            "What the hook returns takes the place of the whole tuple. So if there are more inputs than one, all the "
            "others have to be in what you return, as they were."
        ),
        (
            "`x -= mean` writes into the caller's own tensor. Calculate a new one, by a formula that autograd can "
            "follow: no `detach`, no `.data`, no `torch.no_grad()`."
        ),
        (
            "When must the error for a std of 0 come: at the first forward, or while whoever wrote the 0 is still "
            "looking? Only outside the hook can it come at once."
        ),
    ],
)


class Inputs(nn.Module):
    """A model with several inputs, which notes what arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: Any = None

    def forward(self, x: Any, *more: Any, **named: Any) -> Any:
        self.seen = {"the first input": x, "other inputs": more, "inputs by name": named}
        return x


@normalize_inputs.criterion(
    "The model gets (x - mean) / std",
    because="That is what to normalize means: away with the mean first, then into units of std.",
)
def normalize_formula(normalize_inputs: Any, draw: Draw) -> Any:
    def of(model: nn.Module, x: torch.Tensor, mean: float, std: float) -> Any:
        normalize_inputs(model, mean, std)
        return model(x).detach()

    x = draw.normal(4, 2)
    return {
        "mean 0.5, std 2.0": tried(lambda: of(draw.fill(skipping()), x, 0.5, 2.0)),
        "one sample": tried(lambda: of(draw.fill(skipping()), x[:1], -0.25, 0.5)),
        "in eval mode": tried(lambda: of(draw.fill(skipping()).eval(), x, 0.5, 2.0)),
        "images": tried(lambda: of(draw.fill(convolutions()), draw.normal(2, 1, 8, 8), 0.1307, 0.3081)),
        "a model that uses its input twice": tried(
            lambda: of(draw.fill(Skip(nn.Linear(2, 2), branch_first=False)), x, 0.5, 2.0)
        ),
        "ints": tried(lambda: of(nn.Identity(), x, 3, 2)), "mean 0, std 1": tried(lambda: of(nn.Identity(), x, 0, 1)),
        "a negative std": tried(lambda: of(nn.Identity(), x, 1.0, -2.0)),
        "a tiny std": tried(lambda: of(nn.Identity(), x, 0.5, 1e-30)),
        "bfloat16": tried(lambda: of(nn.Identity(), draw.integers(-9, 9, 2, 3).bfloat16(), 1.0, 2.0)),
        "float64": tried(lambda: of(draw.fill(skipping()).double(), x.double(), 0.5, 2.0)),
        "whole numbers as input": tried(lambda: of(nn.Identity(), draw.integers(0, 256, 2, 3), 127.5, 64.0)),
    }  # fmt: skip


@normalize_inputs.criterion(
    "Other inputs arrive as they were",
    because="What a pre-hook returns takes the place of all positional inputs, not of the first alone.",
)
def normalize_others(normalize_inputs: Any, draw: Draw) -> Any:
    x, mask = draw.integers(-9, 9, 2, 2).float(), draw.integers(2, 9, 2).float()

    def arriving(*inputs: Any, **named: Any) -> Any:
        model = Inputs()
        normalize_inputs(model, 1.0, 2.0)
        model(*inputs, **named)
        return shown(model.seen)

    def bilinear() -> Any:
        model = draw.fill(nn.Bilinear(2, 2, 3))
        normalize_inputs(model, 1.0, 2.0)
        return model(x, x + 1).detach()

    return {
        "one input": tried(lambda: arriving(x)), "two inputs": tried(lambda: arriving(x, mask)),
        "no tensors": tried(lambda: arriving(x, None, 3, "text")), "a tuple": tried(lambda: arriving(x, (mask, mask))),
        "the same tensor twice": tried(lambda: arriving(x, x)), "by name": tried(lambda: arriving(x, mask=mask)),
        "both": tried(lambda: arriving(x, mask, scale=2)), "nn.Bilinear": tried(bilinear),
    }  # fmt: skip


@normalize_inputs.criterion(
    "The caller's tensor is untouched, and gradients flow to it",
    because="The caller may use the same batch again, for the next epoch or for another model.",
)
def normalize_caller(normalize_inputs: Any, draw: Draw) -> Any:
    def untouched(x: torch.Tensor) -> Any:
        model, before = nn.Sequential(nn.Flatten()), x.clone()
        normalize_inputs(model, 0.5, 2.0)
        outputs = [model(x).clone() for _ in range(3)]
        return {
            "the tensor": "as it was" if torch.equal(before, x) else "changed",
            "three calls": "the same" if all(torch.equal(outputs[0], output) for output in outputs) else "different",
        }

    def gradients(loss: str, size: int) -> Any:
        model, x = draw.fill(skipping()), draw.normal(size, 2).requires_grad_()
        normalize_inputs(model, 0.5, 2.0)
        LOSSES[loss](model(x)).backward()
        return {"gradient of x": x.grad}

    def behind_a_layer() -> Any:
        model, x = draw.fill(skipping()), draw.normal(3, 2)
        normalize_inputs(model.head, 0.5, 2.0)
        model(x).square().mean().backward()
        return {"gradient of a weight before it": model.stem.weight.grad}

    return {
        "a batch": tried(lambda: untouched(draw.normal(3, 2))),
        "a part of a batch": tried(lambda: untouched(draw.normal(6, 2)[1:4])),
        **{f"{loss} loss, batch of {n}": tried(lambda n=n, k=loss: gradients(k, n)) for loss in LOSSES for n in (1, 4)},
        "in the middle of a model": tried(behind_a_layer),
    }


@normalize_inputs.criterion(
    "It returns the handle; several of them, and other people's hooks, get along",
    because="The handle is the only way back to the model as it was.",
)
def normalize_handle(normalize_inputs: Any, draw: Draw) -> Any:
    x = draw.normal(3, 2)

    def removing() -> Any:
        model = draw.fill(skipping())
        strangers(model)
        tables = Tables(model)
        handle = normalize_inputs(model, 0.5, 2.0)
        handle.remove()
        return {"output after removing": model(x).detach(), "the hook tables": tables.now()}

    def two() -> Any:
        model = nn.Identity()
        first = normalize_inputs(model, 1.0, 2.0)
        normalize_inputs(model, 3.0, 4.0)
        both = model(x)
        first.remove()
        return {"both of them": both, "the first removed": model(x)}

    def only_this_model() -> Any:
        one, other = nn.Identity(), nn.Identity()
        normalize_inputs(one, 1.0, 2.0)
        return {"another model": other(x)}

    return {"removed": tried(removing), "two of them": tried(two), "only on this model": tried(only_this_model)}


@normalize_inputs.criterion(
    "A std of 0 is a ValueError from this call itself, and nothing is registered",
    because="An error far from its cause, at the first forward some day, costs an afternoon.",
)
def normalize_zero(normalize_inputs: Any, draw: Draw) -> Any:
    def of(mean: float, std: float) -> Any:
        model = nn.Sequential(nn.Linear(2, 2))
        strangers(model)
        tables = Tables(model)
        return {"the error": refusal(lambda: normalize_inputs(model, mean, std)), "the hook tables": tables.now()}

    return {
        "0": tried(lambda: of(1, 0)), "0.0": tried(lambda: of(0.5, 0.0)), "-0.0": tried(lambda: of(0.5, -0.0)),
        "mean 0, std 0": tried(lambda: of(0, 0)),
    }  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------------
# ablate
# ---------------------------------------------------------------------------------------------------------------------

ablate = Exercise(
    "ablate",
    requires="ablate",
    title="Switch channels off",
    minutes=15,
    difficulty=2,
    hints=[
        (
            "A forward hook that returns something replaces the module's output. So calculate a new output, in which "
            "the channels are zero, and return that."
        ),
        (
            "Dimension 0 counts the samples, dimension 1 the channels, whether two dimensions follow or none. "
            "`output[:, channels]` is right for all of them."
        ),
        (
            "`output[:, channels] = 0` writes into the module's own output, which others may hold as well. Either you "
            "write into a `clone()`, or you multiply by a mask of zeros and ones."
        ),
    ],
)

ABLATED: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...], list[int]]] = {
    "features": (lambda: nn.Linear(2, 5), (4, 2), [1, 3]),
    "one sample": (lambda: nn.Linear(2, 5), (1, 2), [0]),
    "sequences": (lambda: nn.Conv1d(2, 4, 3), (2, 2, 4), [0, 3]),
    "images": (lambda: nn.Conv2d(1, 4, 3), (2, 1, 4, 4), [2, 0]),
    "as many samples as channels": (lambda: nn.Linear(2, 3), (3, 2), [2]),
    "as many rows as channels": (lambda: nn.Conv2d(1, 3, 2), (1, 1, 4, 3), [1]),
    "all channels": (lambda: nn.Linear(2, 3), (2, 2), [0, 1, 2]),
    "volumes": (lambda: nn.Conv3d(1, 2, 2), (1, 1, 3, 3, 3), [1]),
}


@ablate.criterion(
    "These channels are zero in the output, and the others are as they were",
    because="Channels are dimension 1: dimension 0 counts the samples.",
)
def ablate_zero(ablate: Any, draw: Draw) -> Any:
    def of(module: nn.Module, shape: tuple[int, ...], channels: Any) -> Any:
        ablate(draw.fill(module), channels)
        return module(draw.normal(*shape)).detach()

    def in_a_network() -> Any:
        model = draw.fill(convolutions())
        ablate(model.body[0], [0, 2])
        return model(draw.normal(3, 1, 8, 8)).detach()

    def whole_block() -> Any:
        model = draw.fill(skipping())
        ablate(model.block, [1])
        return model(draw.normal(3, 2)).detach()

    def in_float64(module: nn.Module) -> Any:
        ablate(draw.fill(module.double()), [1])
        return module(draw.normal(2, 2).double()).detach()

    def in_bfloat16() -> Any:
        module = nn.Identity()
        ablate(module, [1])
        return module(draw.integers(-9, 9, 2, 3).bfloat16())

    def used_twice() -> Any:
        model = draw.fill(Twice(nn.Linear(3, 3), nn.Tanh()))
        ablate(model.before, [1])
        return [model(draw.normal(size, 3)).detach() for size in (2, 1, 4)]

    return {
        **{what: tried(lambda case=case: of(case[0](), *case[1:])) for what, case in ABLATED.items()},
        "float64": tried(lambda: in_float64(nn.Linear(2, 3))),
        "bfloat16": tried(in_bfloat16),
        "in a network": tried(in_a_network),
        "a residual block as a whole": tried(whole_block),
        "a layer that is used twice, batches of 2, 1 and 4": tried(used_twice),
    }


@ablate.criterion(
    "It works out of place: nobody else's tensor is changed",
    because="The module's output may be the caller's input, or what another hook has kept.",
)
def ablate_out_of_place(ablate: Any, draw: Draw) -> Any:
    def kept_by_a_hook(module: nn.Module, *shape: int) -> Any:
        kept: list[torch.Tensor] = []
        draw.fill(module).register_forward_hook(lambda module, args, output: kept.append(output))
        ablate(module, [1])
        module(draw.normal(*shape))
        return {"what another hook has kept": kept[0].detach()}

    def input_of(module: nn.Module) -> Any:
        x = draw.normal(3, 2)
        before = x.clone()
        ablate(module, [0])
        output = module(x)
        return {"the input": "as it was" if torch.equal(x, before) else "changed", "the output": output}

    def beside_a_skip(branch_first: bool) -> Any:
        model, x = Skip(nn.Identity(), branch_first), draw.normal(3, 2)
        ablate(model.branch, [1])
        return model(x)

    return {
        "features": tried(lambda: kept_by_a_hook(nn.Linear(2, 3), 2, 2)),
        "images": tried(lambda: kept_by_a_hook(nn.Conv2d(1, 2, 3), 1, 1, 4, 4)),
        "nn.Identity": tried(lambda: input_of(nn.Identity())),
        "dropout in eval mode": tried(lambda: input_of(nn.Dropout().eval())),
        "a residual block, the branch first": tried(lambda: beside_a_skip(True)),
        "a residual block, the branch last": tried(lambda: beside_a_skip(False)),
    }


@ablate.criterion(
    "Gradients flow through the other channels, and none through these",
    because="A network that is to be trained around the gap needs its gradients.",
)
def ablate_gradients(ablate: Any, draw: Draw) -> Any:
    def of(module: nn.Module, loss: str, *shape: int) -> Any:
        ablate(draw.fill(module), [1])
        x = draw.normal(*shape).requires_grad_()
        LOSSES[loss](module(x)).backward()
        own = {name: parameter.grad for name, parameter in module.named_parameters()}
        return {"gradient of x": x.grad, "gradients of the parameters": own}

    def in_a_network(loss: str, branch_first: bool) -> Any:
        model = draw.fill(skipping(branch_first))
        ablate(model.stem, [0])
        ablate(model.block.branch[1], [0, 2])
        LOSSES[loss](model(draw.normal(4, 2))).backward()
        own = {"stem.weight": model.stem.weight, "block.branch.2.weight": model.block.branch[2].weight}
        return {name: parameter.grad for name, parameter in own.items()}

    return {
        "features": tried(lambda: of(nn.Linear(2, 3), "sum", 4, 2)),
        "one sample": tried(lambda: of(nn.Linear(2, 3), "mean", 1, 2)),
        "images": tried(lambda: of(nn.Conv2d(1, 2, 2), "sum", 1, 1, 3, 3)),
        "nn.Sigmoid, which needs its output": tried(lambda: of(nn.Sigmoid(), "sum", 2, 3)),
        **{
            f"a network with a residual block, {loss} loss, the branch {'first' if first else 'last'}": tried(
                lambda loss=loss, first=first: in_a_network(loss, first)
            )
            for loss in LOSSES
            for first in (True, False)
        },
    }


@ablate.criterion(
    "It returns the handle; several of them, and other people's hooks, get along",
    because="To know what a channel is good for you switch it off and on again.",
)
def ablate_handle(ablate: Any, draw: Draw) -> Any:
    x = draw.normal(2, 2)

    def removing() -> Any:
        module = draw.fill(nn.Sequential(nn.Linear(2, 4)))
        strangers(module)
        tables = Tables(module)
        handle = ablate(module[0], [1])
        handle.remove()
        return {"output after removing": module(x).detach(), "the hook tables": tables.now()}

    def two() -> Any:
        module = draw.fill(nn.Linear(2, 4))
        first, second = ablate(module, [0]), ablate(module, [2, 3])
        outputs = {"both of them": module(x).detach()}
        first.remove()
        outputs["the first removed"] = module(x).detach()
        second.remove()
        return {**outputs, "both removed": module(x).detach()}

    def after_another_hook() -> Any:
        module = draw.fill(nn.Linear(2, 4))
        module.register_forward_hook(lambda module, args, output: output + 1)
        ablate(module, [1])
        return module(x).detach()

    return {
        "removed": tried(removing), "two of them": tried(two),
        "after a hook that changes the output": tried(after_another_hook),
    }  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------------
# record_gradients
# ---------------------------------------------------------------------------------------------------------------------

record_gradients = Exercise(
    "record_gradients",
    requires="record_gradients",
    title="What flows back through a model",
    minutes=25,
    difficulty=3,
    hints=[
        (
            "`register_full_backward_hook` on every leaf, with a hook that knows the leaf's name, as in `log_shapes`. "
            "It gets the module, `grad_input` and `grad_output`: two tuples of tensors, or of None."
        ),
        (
            "The 2-norm over several tensors together is the root of the sum of all squares, not the sum of their "
            "norms. Leave the None out first. Is nothing left? Then the answer is None, not 0.0."
        ),
        (
            "Write a new dict into `records[name]` every time, both entries together. A layer that is used twice is "
            "called back twice in one backward, and the second time wins, a None of it too."
        ),
        (
            "The hook returns nothing, and changes nothing: what it returns takes the place of `grad_input`. "
            "`.item()` makes a number, which holds no graph and no tensor."
        ),
    ],
)


WATCHED = ("stem", "block.branch.0", "left", "meet", "split", "table", "before", "between", "1")
"""The leaves whose records are compared, number by number."""


def recorded(record: Any, model: nn.Module, x: Any, loss: str = "sum", backwards: int = 1) -> dict[str, Any]:
    """The records after a forward and a backward, or after several."""
    records, handles = record(model)
    for number in range(backwards):
        LOSSES[loss](model(x * (number + 1) if number else x)).backward()
    del handles
    return sides(records, *WATCHED)


def names_of(records: Any) -> str:
    """The names of the records, sorted, as a text."""
    return ", ".join(sorted(shown(name) for name in dict.keys(records))) or "none"


def sides(records: Any, *wanted: str) -> dict[str, Any]:
    """The records by name, sorted: all of them, or those of the wanted names."""
    return {name: _record(record) for name, record in sorted(dict.items(records)) if not wanted or name in wanted}


def _record(record: Any) -> Any:
    return {side: _number(value) for side, value in dict.items(record)} if is_a(record, dict) else record


def _number(value: Any) -> Any:
    """A number to seven digits, which is more than is compared, in whatever type it came."""
    found = plain_number(value)
    return float(f"{found:.7g}") if is_a(found, float) else "a tensor" if is_a(found, torch.Tensor) else found


class TwoInputs(nn.Module):
    """A leaf with two inputs, and layers before it."""

    def __init__(self) -> None:
        super().__init__()
        self.left = nn.Linear(2, 2)
        self.right = nn.Linear(2, 3)
        self.meet = nn.Bilinear(2, 3, 2)

    def forward(self, x: torch.Tensor) -> Any:
        return self.meet(self.left(x), self.right(x))


class HalfFixed(nn.Module):
    """A leaf with two inputs, one of which, the first or the second, needs no gradient."""

    def __init__(self, first: bool) -> None:
        super().__init__()
        self.left = nn.Linear(2, 2)
        self.meet = nn.Bilinear(2, 2, 2)
        self.first = first

    def forward(self, x: torch.Tensor) -> Any:
        return self.meet(x, self.left(x)) if self.first else self.meet(self.left(x), x)


class Silent(nn.Module):
    """A leaf that lets no gradient pass: the one that it hands on is all zeros."""

    def forward(self, x: torch.Tensor) -> Any:
        return x * 0


class Words(nn.Module):
    """Starts with whole numbers, which have no gradients."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(5, 3)
        self.head = nn.Linear(3, 2)

    def forward(self, x: torch.Tensor) -> Any:
        return self.head(self.table(x.long().clamp(0, 4)))


class Split(nn.Module):
    """A leaf with two outputs."""

    def forward(self, x: torch.Tensor) -> Any:
        return x[:, :1] * 2, x[:, 1:] * 3


class Halves(nn.Module):
    """Uses one half of what a leaf gives, or both."""

    def __init__(self, both: bool) -> None:
        super().__init__()
        self.stem = nn.Linear(2, 3)
        self.split = Split()
        self.both = both

    def forward(self, x: torch.Tensor) -> Any:
        first, second = self.split(self.stem(x))
        return first + second if self.both else first * 1


@record_gradients.criterion(
    "The model's outputs and gradients stay what they are",
    because="A backward hook that returns something changes the training that it was to watch.",
)
def gradients_unchanged(record: Any, draw: Draw) -> Any:
    models = {"the branch last": skipping(False), "the branch first": skipping(True), "two inputs": TwoInputs()}
    models["a layer used twice"] = Twice(nn.Linear(2, 2), nn.Tanh())
    return {
        f"{what}, {loss} loss": tried(
            lambda model=model, loss=loss: same_results(
                draw.fill(copy.deepcopy(model)), draw.normal(4, 2), record, loss
            )
        )
        for what, model in models.items()
        for loss in LOSSES
    }


@record_gradients.criterion(
    "Every leaf that a gradient passes has a record under its qualified name, none before the first backward",
    because="A leaf without a record is one that no gradient has reached: that is what you want to find out.",
)
def gradients_names(record: Any, draw: Draw) -> Any:
    def before_and_after(model: nn.Module, x: torch.Tensor) -> Any:
        records, handles = record(draw.fill(model))
        before = names_of(records)
        output = model(x)
        between = names_of(records)
        output.sum().backward()
        del handles
        return f"at first {before}; after forward {between}; after backward {names_of(records)}"

    def frozen() -> nn.Module:
        model = skipping()
        model.stem.requires_grad_(False)
        return model

    x = draw.normal(3, 2)
    return {
        "a residual block": tried(lambda: before_and_after(skipping(), x)),
        "lists, dicts and a leaf that does not run": tried(lambda: before_and_after(Odd(), x)),
        "a model that is a leaf itself": tried(lambda: before_and_after(nn.Linear(2, 2), x)),
        "the first layer is frozen": tried(lambda: before_and_after(frozen(), x)),
        "a layer with two names": tried(lambda: before_and_after(Twice(nn.Linear(2, 2), nn.Tanh()), x)),
        "a layer in two containers": tried(lambda: before_and_after(with_two_parents(), x)),
        "one ReLU, used twice": tried(lambda: before_and_after(one_relu(), x)),
    }


BACKWARD: dict[str, Callable[[], nn.Module]] = {
    "the branch last": lambda: skipping(False), "the branch first": lambda: skipping(True),
    "a leaf with two inputs": TwoInputs,
    "a leaf with two inputs, the second without gradient": lambda: HalfFixed(False),
    "a leaf with two inputs, the first without gradient": lambda: HalfFixed(True),
    "a leaf with two outputs": lambda: Halves(True), "only one of two outputs is used": lambda: Halves(False),
    "an embedding first": Words,
    "a leaf that hands on zeros": lambda: nn.Sequential(
        OrderedDict(stem=nn.Linear(2, 3), meet=Silent(), head=nn.Linear(3, 2))
    ),
}  # fmt: skip


def all_recorded(record: Any, draw: Draw, side: str) -> dict[str, Any]:
    """One side of the records of several models, with sum and mean losses, batches of 1 and 4."""
    cases = [(what, "sum", 4) for what in BACKWARD]
    cases += [("the branch last", "mean", 4), ("the branch first", "mean", 1)]
    seen = {}
    for what, loss, size in cases:
        model, x = draw.fill(BACKWARD[what]()), draw.normal(size, 2)
        found = tried(lambda model=model, loss=loss, x=x: recorded(record, model, x, loss))
        seen[f"{what}, {loss} loss, batch of {size}"] = one_side(found, side)
    return seen


def one_side(found: Any, side: str) -> Any:
    """One side of each of the records."""
    if not is_a(found, dict):
        return found
    return {name: value.get(side, "missing") if is_a(value, dict) else value for name, value in found.items()}


@record_gradients.criterion(
    "grad_output is the 2-norm of the gradients that arrive from behind, a Python float",
    points=1.5,
    because="grad_output is the loss's gradient with respect to the layer's output.",
)
def gradients_output(record: Any, draw: Draw) -> Any:
    def kinds() -> Any:
        records, handles = record(model := draw.fill(skipping()))
        model(draw.normal(3, 2)).sum().backward()
        del handles
        return {side: type_of(value) for side, value in sorted(dict.items(records["block.branch.0"]))}

    return {**all_recorded(record, draw, "grad_output"), "of type": tried(kinds)}


@record_gradients.criterion(
    "grad_input is the 2-norm of the gradients that are passed on, None where there is none",
    points=1.5,
    because="grad_input is the gradient with respect to the layer's inputs, not to its weights; data has none.",
)
def gradients_input(record: Any, draw: Draw) -> Any:
    seen = all_recorded(record, draw, "grad_input")
    x = draw.normal(3, 2).requires_grad_()
    return {**seen, "x requires grad": tried(lambda: recorded(record, draw.fill(skipping()), x, "mean"))}


@record_gradients.criterion(
    "The last firing wins, whole",
    because="A record of parts from two firings shows a backward that never was.",
)
def gradients_last(record: Any, draw: Draw) -> Any:
    def two_losses() -> Any:
        model = draw.fill(skipping())
        records, handles = record(model)
        output = model(draw.normal(4, 2))
        output[:, 0].sum().backward(retain_graph=True)
        first = copy.deepcopy(sides(records, "block.branch.1"))
        output[:, 1].square().mean().backward()
        del handles
        return {"after the first": first, "after the second": sides(records, "stem", "block.branch.1")}

    def first_with_gradient() -> Any:
        model = draw.fill(nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2)))
        records, handles = record(model)
        model(draw.normal(2, 2).requires_grad_()).sum().backward()
        model(draw.normal(3, 2)).sum().backward()
        del handles
        return sides(records)

    def later_a_part() -> Any:
        model = draw.fill(skipping())
        records, handles = record(model)
        model(draw.normal(2, 2)).sum().backward()
        model.stem(draw.normal(2, 2)).square().sum().backward()
        del handles
        return sides(records, "stem", "head")

    x = draw.normal(4, 2)
    return {
        "two backwards": tried(lambda: recorded(record, draw.fill(skipping()), x, "mean", 2)),
        "two losses of one forward": tried(two_losses),
        "the second time, x needs no gradient": tried(first_with_gradient),
        "the second time, only a part of the model": tried(later_a_part),
        "a layer with two names": tried(lambda: recorded(record, draw.fill(Twice(nn.Linear(2, 2), nn.Tanh())), x)),
        "one ReLU, used twice": tried(lambda: recorded(record, draw.fill(one_relu()), x)),
    }


@record_gradients.criterion(
    "It returns (records, handles): removing all the handles ends it, and other people's hooks stay",
    because="A hook without a handle stays on the model for as long as the model lives.",
)
def gradients_handles(record: Any, draw: Draw) -> Any:
    def after(model: nn.Module, x: torch.Tensor) -> Any:
        notes = strangers(draw.fill(model))
        tables = Tables(model)
        records, handles = record(model)
        handles = list(handles)
        removed(handles)
        model(x).sum().backward()
        seen = f"{len(handles)} handles; hooks after removing: {tables.now()}; calls of other hooks {len(notes)}"
        return f"{seen}; records {names_of(records)}"

    def records_stay() -> Any:
        model, x = draw.fill(skipping()), draw.normal(2, 2)
        records, handles = record(model)
        model(x).sum().backward()
        removed(handles)
        model(2 * x).square().sum().backward()
        return sides(records, "stem", "head")

    def two_recorders() -> Any:
        model = draw.fill(skipping())
        first, handles = record(model)
        second, kept = record(model)
        removed(handles)
        model(draw.normal(2, 2)).sum().backward()
        del kept
        return f"the removed one: {names_of(first)}; the other one: {names_of(second)}"

    return {
        "a residual block": tried(lambda: after(skipping(), draw.normal(2, 2))),
        "a layer with two names": tried(lambda: after(Twice(nn.Linear(2, 2), nn.Tanh()), draw.normal(2, 2))),
        "records stay when the handles are removed": tried(records_stay),
        "two recorders, one removed": tried(two_recorders),
    }


# ---------------------------------------------------------------------------------------------------------------------
# count_hooks
# ---------------------------------------------------------------------------------------------------------------------

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
