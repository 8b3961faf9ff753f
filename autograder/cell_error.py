"""The error that ended a cell: its line, and for what Python can't read the character at fault, with what to type."""

from __future__ import annotations

import re
import unicodedata

from autograder.feedback.errors import error_text
from autograder.grade import NoObservation, Outcome
from autograder.language import said
from autograder.observation import Raised
from autograder.parsing import syntax_error

_SYNTAX = {"SyntaxError", "IndentationError", "TabError"}
_PLACE = re.compile(r"\s*\([^()]*, line (\d{1,6})\)\s*$")
_EMPTY_LINES = re.compile(r"\A(?:[ \t]*\n)+")
"""IPython takes them away before it counts."""
_CODE_POINT = re.compile(r"U\+([0-9A-F]{4,6})\b")
_NEAR = 20
"""Characters of a line that are shown from where Python stopped."""
_LINE = 200
_TYPED = {"DASH": "-", "HYPHEN": "-", "MINUS": "-", "DOUBLE QUOTATION MARK": '"', "SINGLE QUOTATION MARK": "'"}
"""What is typed instead of a character with such a name."""


def cell_error(source: str, kind: str, text: str, number: int | None = None) -> NoObservation:
    """What ended a cell with this source: an exception's class and text, and the number of the cell's line that it came
    from, where that is known."""
    source = _EMPTY_LINES.sub("", source)
    place = _PLACE.search(text) if kind in _SYNTAX else None
    if place is None:
        return _error(source, error_text(Raised((kind,), text)), number)
    why, number = _PLACE.sub("", text).strip(), int(place[1])  # the file's name is a number in notebooks
    advice = _advice(_line(source, number), why)
    told = f"{kind}: {why}. {advice}" if advice else f"{kind}: {why}{_near(source, number)}"
    return _error(source, told, number)


def _error(source: str, reason: str, number: int | None) -> NoObservation:
    shown = _line(source, number).strip()
    return NoObservation(Outcome.ERROR, reason, f"line {number}: {shown}"[:_LINE] if shown else "")


def _near(source: str, number: int) -> str:
    """At which part of the line Python stopped, where a look at the source shows the same."""
    found = syntax_error(source)
    if found is None or found.lineno != number or not found.text or not found.offset:
        return ""
    before, rest = found.text[: found.offset - 1], found.text[found.offset - 1 :]
    return said(', at "{rest}"', rest=rest.strip()[:_NEAR]) if before.strip() and rest.strip() else ""


def _advice(line: str, why: str) -> str:
    """What to type instead of the character that Python names, or of a tab."""
    code = _CODE_POINT.search(why)
    if code is None:
        tabs = "\t" in line[: len(line) - len(line.lstrip())] and "dent" in why
        return said("This line begins with a tab: begin all lines with spaces.") if tabs else ""
    character = chr(min(int(code[1], 16), 0x10FFFF))
    name, plain = unicodedata.name(character, ""), _plain(character)
    if not plain or character not in line:
        return ""
    facts = {"place": line.index(character) + 1, "name": name.lower().replace("fullwidth", "full-width")}
    odd = said("Character {place} is a special one ({name}), as web pages and PDFs have it:", **facts)
    if unicodedata.category(character) == "Cf":
        return f"{odd} {said('delete it.')}"
    return f"{odd} {said('type {plain} instead.', plain=said('a space') if plain == ' ' else plain)}"


def _plain(character: str) -> str:
    """What the keyboard has for it; empty where there is no such thing."""
    category, same = unicodedata.category(character), unicodedata.normalize("NFKC", character)
    if category in ("Zs", "Cf"):
        return " " if category == "Zs" else character
    name = unicodedata.name(character, "")
    return same if same.isascii() else next((plain for part, plain in _TYPED.items() if part in name), "")


def _line(source: str, number: int | None) -> str:
    """One of the source's lines as Python counts them."""
    lines = re.split(r"\r\n|\r|\n", source)
    return lines[number - 1] if number and 0 < number <= len(lines) else ""
