"""What each criterion of `hook_order` looks at."""

from __future__ import annotations

from collections import Counter
from typing import Any

from autograder.criteria import Draw, Exercise, NotAttempted, is_a

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
