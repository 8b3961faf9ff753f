"""Observations in a few readable words: `tensor of shape (2, 3), float32: -0.652, 1.42, …`.

Everything here may come from a student's code, so every text passes through `clean`: no control characters, no
escape sequences, no bidirectional overrides, bounded length. HTML is escaped later, in `markup.py`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from autograder.lesson import noted, said
from autograder.probing import (
    MONSTROUS,
    NDARRAY,
    NUMPY_SCALAR,
    TENSOR,
    Array,
    Condition,
    Mapping,
    Observation,
    Opaque,
    Raised,
    Scalar,
    Sequence,
    Wording,
)  # fmt: skip

TEXT = 240
"""Characters of a student's text that are shown."""
CELL = 100
"""Characters of one rendered observation."""
NUMBERS = 6
ITEMS = 6

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_CALL = re.compile(r"[\w.]+\(.*\)")
_FACTS = {"'shape'", "'dtype'", "'trainable'"}
_OF_SO_MANY = {
    "list": noted("a list of {count}"), "tuple": noted("a tuple of {count}"), "set": noted("a set of {count}"),
    "dict": noted("a dict of {count}"),
}  # fmt: skip
_EMPTY = {
    "list": noted("an empty list"), "tuple": noted("an empty tuple"), "set": noted("an empty set"),
    "dict": noted("an empty dict"),
}  # fmt: skip
_MONSTROUS = noted("an answer of monstrous size")
_OF_SHAPE = {TENSOR: noted("a tensor of shape {shape}"), NDARRAY: noted("a NumPy array of shape {shape}")}
_TENSOR, _NUMPY = noted("tensor of shape {shape}, {dtype}"), noted("NumPy array of shape {shape}, {dtype}")


def clean(text: str, limit: int = TEXT) -> str:
    """One line of harmless text: what a terminal or a browser could act on is gone, length is at most `limit`.

    Backticks become quotes, because in our own words they mark code.
    """
    kept = (_harmless(character) for character in _ESCAPES.sub("", text[: 8 * limit]))
    line = " ".join("".join(kept).replace("`", "'").split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def sentence_of(text: str) -> str:
    """The text with a capital first and a full stop last; nothing stays nothing."""
    return f"{text[:1].upper()}{ended(text[1:])}" if text else ""


def ended(text: str) -> str:
    """The text with a full stop, unless it ends in a mark of its own."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def short(node: Observation, limit: int = CELL) -> str:
    """The observation as a value, for a table's cell."""
    return clean(said(node.value) if isinstance(node, Wording) else _short(node), limit)


def kind_of(node: Observation) -> str:
    """The observation as a noun: `a list of 2`, `a tensor of shape (2, 3)`, `None`."""
    match node:
        case Scalar(str()) if not isinstance(node, Wording):
            return said("the text {text}", text=short(node, 60))
        case Scalar() | Array(kind="NumPy scalar"):
            return short(node)
        case Mapping() if is_facts(node):
            return _facts(
                node, noted("a tensor of shape {shape}, {dtype}"), noted("a parameter of shape {shape}, {dtype}")
            )
        case Sequence(kind, items):
            return _so_many(kind, len(items))
        case Mapping(items):
            return _so_many("dict", len(items))
        case Array(shape, kind=kind):
            return said(_OF_SHAPE[kind], shape=shape_text(shape))
        case Raised(types):
            return clean(types[0], 80)
        case Opaque() if node == MONSTROUS:
            return said(_MONSTROUS)
        case Opaque(name):
            return said("an object of type {name}", name=clean(name, 80))


def key_text(key: str | int) -> str:
    """A step of a path. A dict's key travels as its repr: texts lose their quotes, and names are marked as code."""
    if isinstance(key, int):
        return said("item [{number}]", number=key)
    quoted = len(key) > 1 and key[0] == key[-1] and key[0] in "'\""
    text = key[1:-1] if quoted else key
    if isinstance(key, Condition) and not _CALL.fullmatch(text):
        return clean(said(text), 80)
    return name_text(text) if text or quoted else ""


def name_text(name: str) -> str:
    """A name, marked as code; an empty one is shown by its quotes."""
    plain = clean(name, 80)
    return f"`{plain}`" if plain else '`""`'


def is_clause(node: Observation) -> bool:
    """Whether this is a text in words that does not read after "is": `requires a gradient`, not `a plain tensor`."""
    return isinstance(node, Wording) and " " in node.value and not node.value.startswith(("a ", "an ", "the "))


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as Python writes it, with a long one cut off."""
    return str(tuple(shape)) if len(shape) <= 8 else f"{str(tuple(shape[:8]))[:-1]}, …)"


def number_text(value: Any, digits: int = 4) -> str:
    """A number in few digits; bools and ints as they are."""
    plain = value.item() if hasattr(value, "item") else value
    return str(plain) if isinstance(plain, bool | int) else f"{plain or 0.0:.{digits}g}"  # and no -0


def is_facts(node: Observation) -> bool:
    """Whether this is what `observe.parameters_of` and `buffers_of` tell about one tensor."""
    return isinstance(node, Mapping) and {"'shape'", "'dtype'"} <= {key for key, _ in node.items} <= _FACTS


def is_text_list(node: Observation) -> bool:
    """Whether this is a list, tuple or set of texts, names for one."""
    return isinstance(node, Sequence) and all(isinstance(i, Scalar) and isinstance(i.value, str) for i in node.items)


def _short(node: Observation) -> str:
    match node:
        case Scalar(bool() | None | bytes() | range() as value):
            return repr(value)
        case Scalar(int() | float() | complex() as value):
            return number_text(value, 6)
        case Scalar(value):
            return repr(clean(str(value), CELL))
        case Sequence(kind, items):
            return _bracketed(kind, [_short(item) for item in items[:ITEMS]], len(items) - ITEMS)
        case Mapping(items):
            pairs = [f"{key_text(key)}: {_short(value)}" for key, value in items[:ITEMS]]
            shown = [_TENSOR, noted("parameter of shape {shape}, {dtype}")]
            return _facts(node, *shown) if is_facts(node) else _bracketed("dict", pairs, len(items) - ITEMS)
        case Array():
            return _array(node)
        case Raised(types, message):
            error = f"{types[0]}: {said(message)}" if message else types[0]
            return said("raised {error}", error=error)
        case Opaque():
            return kind_of(node)


def _bracketed(kind: str, parts: list[str], more: int) -> str:
    left, right = {"list": ("[", "]"), "tuple": ("(", ")")}.get(kind, ("{", "}"))
    inside = ", ".join([*parts, "…"] if more > 0 else parts)
    return f"{left}{inside}{',' if kind == 'tuple' and len(parts) == 1 else ''}{right}"


def _array(node: Array) -> str:
    if node.kind == NUMPY_SCALAR and node.values is not None:
        return f"np.{node.dtype}({listed_numbers(node.values.reshape(-1), node.dtype, 6)})"
    words = _NUMPY if node.kind == NDARRAY else _TENSOR
    head = said(words, shape=shape_text(node.shape), dtype=node.dtype)
    if node.values is None or node.projected or not node.values.size:
        return head
    flat = node.values.reshape(-1)[:NUMBERS]
    return f"{head}: {listed_numbers(flat, node.dtype)}{', …' if node.values.size > NUMBERS else ''}"


def listed_numbers(values: Any, dtype: str, digits: int = 3) -> str:
    """Numbers in few digits each, bools as Python writes them."""
    return ", ".join(str(bool(value)) if dtype == "bool" else number_text(value, digits) for value in values)


def _so_many(kind: str, count: int) -> str:
    return said(_OF_SO_MANY[kind], count=count) if count else said(_EMPTY[kind])


def _facts(node: Mapping, tensor: str, parameter: str) -> str:
    """The facts about a tensor, or a parameter, in the words for it."""
    facts = dict(node.items)
    words = tensor if "'trainable'" not in facts else parameter
    frozen = ", requires_grad=False" if facts.get("'trainable'") == Scalar(False) else ""
    return said(words, shape=_short(facts["'shape'"]), dtype=getattr(facts["'dtype'"], "value", "")) + frozen


def _harmless(character: str) -> str:
    category = unicodedata.category(character)
    if character in "\t\n\r\v\f" or category[0] == "Z":
        return " "
    return "" if category[0] == "C" else character
