"""What each criterion of `hookable` looks at."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import wraps
from typing import Any

import torch
from torch import nn

from autograder.criteria import Codes, Draw, Exercise, Halfway, Look, forbidden, is_a, lineage, own_work, tried

from ..shared import Stopped, shown, writer

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
