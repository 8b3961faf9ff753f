"""What a drawing says better than words: names as a tree, texts as a sequence, shapes, and where numbers differ.

Each drawing is made of plain data, bounded in size, and has two forms: HTML, and lines of text for terminals and for
whoever can't see it. Nothing is judged here: a drawing is of a mismatch that `compare` found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence as Items
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from autograder.feedback.grids import Numbers, Shapes, numbers_of, shapes_of
from autograder.feedback.markup import inline, table
from autograder.feedback.render import clean, is_text_list
from autograder.judging import Mismatch
from autograder.lesson import noted, said
from autograder.probing import Condition, Mapping, Observation, Scalar, Sequence

MOST = 24
"""Names or texts on either side, and lines of a tree; more are not drawn."""
NONE = "–"
SAME, MISSING, EXTRA = "✓", noted("✗ missing"), noted("+ not expected")
MOVED, ANOTHER = noted("⇅ other place"), noted("✗ another")
_NAME = re.compile(r"[A-Za-z_]\w*(\.\w+)+")


@dataclass(frozen=True)
class Steps:
    """Two sequences of texts side by side: (expected, seen, how they compare), row by row."""

    rows: tuple[tuple[str, str, str], ...]

    def html(self) -> str:
        """A table, a row a step."""
        head = [said("expected"), said("yours"), said("same?")]
        return table(head, [[wanted, got, said(mark)] for wanted, got, mark in self.rows], "inm-steps")

    def text(self) -> list[str]:
        """A line a step."""
        rows = ((said("expected"), said("yours"), ""), *self.rows)
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        return [
            f"{wanted.ljust(widths[0])}  {got.ljust(widths[1])}  {said(mark)}".rstrip() for wanted, got, mark in rows
        ]


@dataclass(frozen=True)
class Tree:
    """Qualified names as a tree of modules: (depth, last part, how it compares), line by line."""

    lines: tuple[tuple[int, str, str], ...]

    def html(self) -> str:
        """Nested lists."""
        parts, depth = [], -1
        for level, name, mark in self.lines:
            parts.append("<ul>" * (level - depth) if level > depth else "</li>" + "</ul></li>" * (depth - level))
            parts.append(f"<li><code>{inline(name)}</code> {inline(said(mark))}")
            depth = level
        return f'<div class="inm-tree">{"".join(parts)}{"</li></ul>" * (depth + 1)}</div>'

    def text(self) -> list[str]:
        """Indented lines."""
        return [f"{'  ' * level}{name} {said(mark)}".rstrip() for level, name, mark in self.lines]


Drawing = Steps | Tree | Shapes | Numbers


def drawing(mismatch: Mismatch) -> Drawing | None:
    """The drawing of a mismatch; None where words say it as well."""
    expected, seen = mismatch.expected, mismatch.seen
    match mismatch.kind:
        case "names" | "value" | "length":
            return _of_texts(expected, seen)
        case "shape":
            return shapes_of(expected, seen)
        case "number":
            return numbers_of(expected, seen, mismatch.apart)
    return None


def _of_texts(expected: Observation, seen: Observation) -> Drawing | None:
    wanted, got = _texts(expected), _texts(seen)
    if wanted is None or got is None or not 2 < max(len(wanted), len(got)) <= MOST:
        return None
    if _are_names([*wanted, *got]) and sorted(wanted) != sorted(got):
        tree = _tree(wanted, got)
        return tree if len(tree.lines) <= MOST else None
    unordered = isinstance(expected, Mapping) or "set" in (_kind(expected), _kind(seen))
    return None if unordered or not wanted or not got else _steps(wanted, got)


def _texts(node: Observation) -> list[str] | None:
    """The texts of a sequence, or a dict's keys where these are names."""
    if isinstance(node, Mapping):
        plain = [key[1:-1] for key, _ in node.items if key[:1] in "'\"" and not isinstance(key, Condition)]
        return [clean(name, 60) for name in plain] if len(plain) == len(node.items) else None
    if isinstance(node, Sequence) and is_text_list(node):
        return [clean(str(item.value), 60) for item in node.items if isinstance(item, Scalar)]
    return None


def _kind(node: Observation) -> str:
    return node.kind if isinstance(node, Sequence) else ""


def _are_names(texts: Items[str]) -> bool:
    """Whether the texts are names, at least one of them of a part of a part."""
    return any(map(_NAME.fullmatch, texts)) and all(text.replace(".", "_").isidentifier() for text in texts)


def _steps(wanted: list[str], got: list[str]) -> Steps:
    rows: list[tuple[str, str, str]] = []
    for how, i, end, j, stop in SequenceMatcher(None, wanted, got, autojunk=False).get_opcodes():
        if how == "equal":
            rows += [(text, text, SAME) for text in wanted[i:end]]
        else:
            rows += [
                (text or NONE, other or NONE, _mark(text, other, wanted, got))
                for text, other in zip_longest(wanted[i:end], got[j:stop])
            ]
    return Steps(tuple(rows))


def _mark(text: str | None, other: str | None, wanted: list[str], got: list[str]) -> str:
    """How two steps compare that are not the same; one that stands elsewhere in the other column was moved."""
    if all(step is None or (step in wanted and step in got) for step in (text, other)):
        return MOVED
    return EXTRA if text is None else MISSING if other is None else ANOTHER


def _tree(wanted: list[str], got: list[str]) -> Tree:
    """The names of both sides, each parent above its children, in the order in which they come first. A module in which
    nothing differs is a line."""
    everything = list(dict.fromkeys([*wanted, *got]))
    places: dict[str, int] = {}
    for name in everything:
        parts = name.split(".")
        for depth in range(len(parts)):
            places.setdefault(".".join(parts[: depth + 1]), len(places))

    def order(name: str) -> list[int]:
        parts = name.split(".")
        return [places[".".join(parts[: depth + 1])] for depth in range(len(parts))]

    whole = {place for place in places if not any(_inside(name, place) for name in set(wanted) ^ set(got))}
    lines = [
        (name.count("."), name.rpartition(".")[2], SAME if name in whole else _found(name, wanted, got))
        for name in sorted(places, key=order)
        if name.rpartition(".")[0] not in whole
    ]
    return Tree(tuple(lines))


def _inside(name: str, place: str) -> bool:
    return name == place or name.startswith(f"{place}.")


def _found(name: str, wanted: list[str], got: list[str]) -> str:
    if name not in wanted:
        return EXTRA if name in got else ""
    return SAME if name in got else MISSING
