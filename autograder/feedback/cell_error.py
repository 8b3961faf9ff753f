"""The error that ended a cell: its line, and for what Python can't read the character at fault, with what to type."""

from __future__ import annotations

import re
import unicodedata

from autograder.feedback.errors import error_text
from autograder.feedback.render import clean, ended, sentence_of
from autograder.judging import CellError
from autograder.lesson import said
from autograder.probing import Raised
from autograder.source import syntax_error

_SYNTAX = {"SyntaxError", "IndentationError", "TabError"}
_PLACE = re.compile(r"\s*\([^()]*, line (\d{1,6})\)\s*$")
_EMPTY_LINES = re.compile(r"\A(?:[ \t]*\n)+")
"""IPython takes them away before it counts."""
_CODE_POINT = re.compile(r"U\+([0-9A-F]{4,6})\b")
_NEAR = 20
"""Characters of a line that are shown from where Python stopped."""
_LINE, _SHOWN = 200, 120
"""Characters of a line that are looked at, and that are shown."""
_TYPED = {"DASH": "-", "HYPHEN": "-", "MINUS": "-", "DOUBLE QUOTATION MARK": '"', "SINGLE QUOTATION MARK": "'"}
"""What is typed instead of a character with such a name."""


def cell_error_text(error: CellError) -> str:
    """What ended a cell, and at which of its lines, as a sentence."""
    source = _EMPTY_LINES.sub("", error.source)
    place = _PLACE.search(error.text) if error.kind in _SYNTAX else None
    number = int(place[1]) if place else error.line
    reason = ended(clean(_syntax(source, error, number) if place else error_text(Raised((error.kind,), error.text))))
    shown = clean(_line(source, number)[:_LINE], _SHOWN)
    if not shown:
        return sentence_of(reason)
    return said("Line {number}, `{line}`: {reason}", number=number, line=shown, reason=reason)


def _syntax(source: str, error: CellError, number: int | None) -> str:
    why = _PLACE.sub("", error.text).strip()  # the file's name is a number in notebooks
    advice = _advice(_line(source, number), why)
    return f"{error.kind}: {why}. {advice}" if advice else f"{error.kind}: {why}{_near(source, number)}"


def _near(source: str, number: int | None) -> str:
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
