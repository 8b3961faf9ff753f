"""Which mismatches are worth telling, and where each is: the steps from the root of what was seen.

Entries of one short sequence that differ become one mismatch of the whole sequence, and a fact that `parameters_of`
tells of a tensor (its shape, say) becomes a mismatch of the tensor.
"""

from __future__ import annotations

from dataclasses import replace

from autograder.feedback.render import ITEMS, is_text_list
from autograder.judging import SEVERITY, Mismatch, Path, Step
from autograder.probing import Condition, Mapping, Observation, Scalar, Sequence

Trail = list[tuple[Step, Observation]]

_FACT_KINDS: dict[Step, str] = {
    "'shape'": "shape", "'dtype'": "dtype", "'trainable'": "requires_grad", "'requires_grad'": "requires_grad",
}  # fmt: skip
_RANK = {**{kind: rank for rank, kind in enumerate(SEVERITY)}, "requires_grad": SEVERITY.index("value")}


def trails(mismatches: tuple[Mismatch, ...], seen: Observation) -> list[tuple[Mismatch, Trail]]:
    """What to tell of the mismatches, each with its trail through `seen`; the gravest kinds first."""
    telling = _merged(_without_consequences(mismatches), seen)
    return sorted((_of_tensor(mismatch, seen) for mismatch in telling), key=lambda found: _RANK[found[0].kind])


def steps(root: Observation, path: Path) -> Trail | None:
    """The steps of a mismatch's path, each with the node that it leads to; None where `root` has no such path."""
    trail: Trail = []
    node: Observation | None = root
    for step in path:
        node = _child(node, step) if node is not None else None
        if node is None:
            return None
        trail.append((step, node))
    return trail


def _child(node: Observation, step: Step) -> Observation | None:
    match node, step:
        case Sequence(_, items), int():
            return items[step] if step < len(items) else None
        case Mapping(items), str():
            return dict(items).get(step)
    return None


def _without_consequences(mismatches: tuple[Mismatch, ...]) -> list[Mismatch]:
    """The mismatches, less the keys that a description lacks because something else in it is wrong.

    A description is a dict with conditions for keys, "held as" for one: what is not there could not be described.
    """
    return [
        mismatch
        for mismatch in mismatches
        if mismatch.kind != "names"
        or not _is_description(mismatch.expected)
        or not any(_is_below(other.path, mismatch.path) for other in mismatches)
    ]


def _is_below(path: Path, above: Path) -> bool:
    return len(path) > len(above) and path[: len(above)] == above


def _is_description(node: Observation) -> bool:
    return isinstance(node, Mapping) and any(isinstance(key, Condition) for key, _ in node.items)


def _merged(mismatches: list[Mismatch], seen: Observation) -> list[Mismatch]:
    """The mismatches, with those inside one flat sequence made into one of the whole sequence."""
    found: dict[Path, Mismatch] = {}
    for mismatch in mismatches:
        trail = steps(seen, mismatch.path) or []
        parent = trail[-2][1] if len(trail) > 1 else seen
        if not trail or not isinstance(parent, Sequence) or not _reads_as_one(parent):
            found[mismatch.path] = mismatch
            continue
        index = int(trail[-1][0])
        path = mismatch.path[:-1]
        whole = found.get(path) or Mismatch("value", path, parent, parent)
        found[path] = replace(whole, expected=_with_item(whole.expected, index, mismatch.expected))
    return list(found.values())


def _reads_as_one(node: Sequence) -> bool:
    return all(isinstance(item, Scalar) for item in node.items) and (len(node.items) <= ITEMS or is_text_list(node))


def _with_item(node: Observation, index: int, item: Observation) -> Observation:
    assert isinstance(node, Sequence)
    return Sequence(node.kind, (*node.items[:index], item, *node.items[index + 1 :]))


def _of_tensor(mismatch: Mismatch, seen: Observation) -> tuple[Mismatch, Trail]:
    """The mismatch and its trail; a fact about a tensor is told of the tensor, under the fact's own kind."""
    trail = steps(seen, mismatch.path) or []
    kind = _FACT_KINDS.get(trail[-1][0]) if trail else None
    told_already = mismatch.kind == "raised"
    return (mismatch, trail) if kind is None or told_already else (replace(mismatch, kind=kind), trail[:-1])
