"""One mismatch in words: what was expected, what was seen, and the sentence that joins them.

Small functions by kind of mismatch, in the field's own words. Where the mismatch is, `differences.py` says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograder.feedback.errors import error_text
from autograder.feedback.render import (
    CELL,
    clean,
    is_clause,
    is_text_list,
    key_text,
    kind_of,
    name_text,
    shape_text,
    short,
)  # fmt: skip
from autograder.feedback.tensors import comparable, digits_apart, numbers_apart
from autograder.judging import Apart, Mismatch
from autograder.lesson import noted, said
from autograder.probing import Array, Mapping, Observation, Raised, Scalar, Sequence, Wording

NAMES = 6
"""Names that are listed before "and 3 more"."""
_FACT = {"shape": noted("shape {value}"), "dtype": noted("dtype {value}"), "requires_grad": "requires_grad={value}"}


@dataclass(frozen=True)
class Sides:
    """The two sides of a mismatch, for a table.

    In text it reads as `words`, filled with the subject, what was seen and what was expected (or `brief`, where there
    is one); as `sentence`, where those would make none; or as `clause`, without a subject, where a side has a verb of
    its own. `note` says what the two sides can't: how many numbers differ and where most.
    """

    expected: str
    seen: str
    words: str = noted("{subject} is {seen}; expected {expected}")
    sentence: str = ""
    note: str = ""
    brief: str = ""
    clause: str = ""

    def of(self, subject: str) -> str:
        """The whole about a subject; without one, the two sides."""
        words = self.words if subject else self.clause or noted("{seen}; expected {expected}")
        return said(words, subject=subject, seen=self.seen, expected=self.brief or self.expected)


def tell(mismatch: Mismatch) -> Sides:
    """The mismatch in words."""
    expected, seen = mismatch.expected, mismatch.seen
    match mismatch.kind, expected, seen:
        case "raised", _, _:
            return _raised(expected, seen)
        case "names" | "length" | "value", Mapping() | Sequence(), Mapping() | Sequence():
            return _collections(mismatch.kind, expected, seen)
        case "number", Array(shape), Array():
            if shape or not comparable(expected, seen):
                return _numbers(expected, seen, mismatch.apart)
            return Sides(*digits_apart(expected.values, seen.values))
        case ("shape" | "dtype" | "requires_grad") as kind, _, _:
            return _facts(kind, expected, seen)
        case "type", _, _ if isinstance(seen, Wording) and " " in short(seen):  # it says what was found instead
            return Sides(short(expected), short(seen), sentence=short(seen))
        case "type", _, _:
            return Sides(_typed(expected, seen), _typed(seen, expected), clause=_clause(expected, seen))
    return Sides(*_apart(expected, seen), clause=_clause(expected, seen))


def raised_text(error: Raised) -> str:
    """An exception in words, with the student's line where it is known."""
    what = error_text(error)
    tried = said("trying out your code raised {error}", error=what)  # its result may not be what the check goes on with
    text = said("your code raised {error}", error=what) if error.line else tried
    where = said("at line {number}", number=error.line)
    return f"{text} ({where}: `{clean(error.code, 120)}`)" if error.line and error.code else text


def _raised(expected: Observation, seen: Observation) -> Sides:
    if not isinstance(expected, Raised):
        return Sides(short(expected), short(seen), sentence=raised_text(seen) if isinstance(seen, Raised) else "")
    wanted = clean(expected.types[0], 80)
    if isinstance(seen, Raised):
        sentence = said("{what}; expected {error}", what=raised_text(seen), error=wanted)
        return Sides(said("raises {error}", error=wanted), short(seen), sentence=sentence)
    nothing = said("expected {error}, but it raised nothing", error=wanted)
    other = said("expected {error}, but it returned {seen}", error=wanted, seen=kind_of(seen))
    sides = said("raises {error}", error=wanted), said("returned {seen}", seen=short(seen))
    return Sides(*sides, sentence=nothing if seen == Scalar(None) else other)


def _collections(kind: str, expected: Any, seen: Any) -> Sides:
    """Names are told by what is missing and what is too many, other sequences by what is in them."""
    if kind == "names" or (is_text_list(expected) and is_text_list(seen)):
        wanted, got = _names(expected), _names(seen)
        told = _names_apart(wanted, got)
        note = told if wanted and got else ""
        return Sides(_listed(wanted) or said("nothing"), _listed(got) or said("nothing"), sentence=told, note=note)
    if kind == "length":
        return Sides(*(f"{kind_of(node)}: {short(node)}" if node.items else kind_of(node) for node in (expected, seen)))
    return Sides(*_apart(expected, seen))


def _names_apart(wanted: list[str], got: list[str]) -> str:
    missing = [name for name in wanted if name not in got]
    extra = [name for name in got if name not in wanted]
    told = [said("missing: {names}", names=_listed(missing))] if missing else []
    told += [said("not expected: {names}", names=_listed(extra))] if extra else []
    sides = {"seen": _listed(got), "expected": _listed(wanted)}
    if told or sorted(wanted) != sorted(got):
        return "; ".join(told) or said("some come twice or not at all: {seen}; expected {expected}", **sides)
    return said("right names, other order: {seen}; expected {expected}", **sides)


def _names(node: Any) -> list[str]:
    if isinstance(node, Mapping):
        return [key_text(key) for key, _ in node.items]
    return [name_text(str(item.value)) for item in node.items]


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:NAMES])
    return said("{names} and {count} more", names=shown, count=len(names) - NAMES) if len(names) > NAMES else shown


def _numbers(expected: Array, seen: Array, apart: Apart | None) -> Sides:
    wanted, got, sentence = numbers_apart(expected, seen, apart)
    return Sides(wanted, got, sentence=sentence, note=sentence)


def _facts(kind: str, expected: Observation, seen: Observation) -> Sides:
    """Two tensors' shapes, dtypes or requires_grad, whether the nodes are the tensors or the facts themselves."""
    wanted, got = _fact(kind, expected), _fact(kind, seen)
    words = noted("{subject} has {seen}; expected {expected}")
    brief = "" if kind == "requires_grad" else wanted
    return Sides(said(_FACT[kind], value=wanted), said(_FACT[kind], value=got), words, brief=brief)


def _fact(kind: str, node: Observation) -> str:
    if isinstance(node, Array):
        return shape_text(node.shape) if kind == "shape" else node.dtype
    return clean(node.value) if isinstance(node, Scalar) and isinstance(node.value, str) else short(node)


def _typed(node: Observation, other: Observation) -> str:
    """A value with its type's name where the value alone would look like the other one, else as a noun."""
    if isinstance(node, Scalar) and isinstance(other, Scalar) and None not in (node.value, other.value):
        return f"{clean(repr(node.value), CELL)} ({type(node.value).__name__})"
    in_full = isinstance(other, Scalar) and (isinstance(node, Scalar) or isinstance(other, Wording))
    return short(node) if in_full else kind_of(node)


def _clause(expected: Observation, seen: Observation) -> str:
    if is_clause(expected):
        return noted("{seen}; expected: {expected}")
    return noted("{seen}; expected {expected}") if is_clause(seen) else ""


def _apart(expected: Observation, seen: Observation) -> tuple[str, str]:
    if isinstance(expected, Scalar) and isinstance(seen, Scalar):
        if isinstance(seen.value, float | complex):
            return digits_apart(expected.value, seen.value)
        if isinstance(expected, Wording) or isinstance(seen, Wording):  # then neither has quotes
            return clean(said(str(expected.value)), CELL), clean(said(str(seen.value)), CELL)
    return short(expected), short(seen)
