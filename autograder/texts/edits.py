"""Edits: how little must change in one text to make another, as the lines of a diff.

    -    return x @ self.weight.T + self.bias
    +    return x @ self.weight + self.bias

A hunk is lines that go (`-`), come (`+`) and stay (a space, or an empty line); a line `@@` begins another hunk. What a
hunk takes away or keeps must occur in the text exactly once, with nothing in between. There are no line numbers, so an
edit outlives changes of the text elsewhere.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from itertools import pairwise

NEXT_HUNK = "@@"


class EditError(ValueError):
    """An edit that can't be applied; the text says why, and `line` is the number of the hunk's first line, from 0."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


@dataclass(frozen=True)
class _Hunk:
    line: int
    before: list[str]
    after: list[str]


def apply_edit(base: str, edit: str) -> str:
    """The base with the edit made. Raises `EditError` for a hunk that doesn't occur exactly once, or is malformed."""
    lines = base.splitlines()
    places = sorted(((_place(lines, hunk), hunk) for hunk in _hunks(edit)), key=lambda found: found[0], reverse=True)
    for (place, hunk), (above, other) in pairwise(places):
        if above + len(other.before) > place:
            raise EditError(hunk.line, "two hunks change the same lines")
    for place, hunk in places:
        lines[place : place + len(hunk.before)] = hunk.after
    return "\n".join(lines) + "\n"


def find_edit(base: str, changed: str) -> str:
    """The smallest edit that makes `changed` of the base; of two texts that are equal, an empty one."""
    old, new = base.splitlines(), changed.splitlines()
    joined: list[tuple[int, int, int, int]] = []
    for tag, start, end, first, last in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        above, below = _context(old, start, end)
        hunk = (start - above, end + below, first - above, last + below)
        if joined and hunk[0] <= joined[-1][1]:
            before = joined.pop()
            hunk = (before[0], max(before[1], hunk[1]), before[2], max(before[3], hunk[3]))
        joined.append(hunk)
    hunks = [_lines(old[start:end], new[first:last]) for start, end, first, last in joined]
    lines = [line for number, hunk in enumerate(hunks) for line in (*[NEXT_HUNK] * bool(number), *hunk)]
    return "".join(f"{line}\n" for line in lines)


def _hunks(edit: str) -> list[_Hunk]:
    hunks = [_Hunk(0, [], [])]
    for number, line in enumerate(edit.splitlines()):
        sign, rest = line[:1], line[1:]
        if line == NEXT_HUNK:
            hunks.append(_Hunk(number + 1, [], []))
        elif sign not in {"", " ", "-", "+"}:
            raise EditError(number, f"a line of an edit begins with -, + or a space, and this one with {sign!r}")
        else:
            hunks[-1].before.extend([rest] if sign != "+" else [])
            hunks[-1].after.extend([rest] if sign != "-" else [])
    return hunks


def _place(lines: list[str], hunk: _Hunk) -> int:
    """The index of the one place where the hunk's lines stand."""
    places = _places(lines, hunk.before)
    if len(places) != 1 or not hunk.before:
        times = f"{len(places)} times" if hunk.before and places else "nowhere"
        wanted = "\n".join(f"    {line}" for line in hunk.before) or "    (no line that is there already)"
        why = f"these lines must stand there once, and stand there {times}:\n{wanted}"
        raise EditError(hunk.line, why + _nearest(lines, hunk.before))
    return places[0]


def _nearest(lines: list[str], wanted: list[str]) -> str:
    """What stands there in place of the first line that does not, if anything is like it."""
    missing = next((line for line in wanted if line not in lines), "")
    near = difflib.get_close_matches(missing, lines, 1) if missing.strip() else []
    return f"\nThe nearest to `{missing.strip()}` there is:\n    {near[0]}" if near else ""


def _places(lines: list[str], block: list[str]) -> list[int]:
    return [start for start in range(len(lines) - len(block) + 1) if lines[start : start + len(block)] == block]


def _context(lines: list[str], start: int, end: int) -> tuple[int, int]:
    """How many lines above and below tell these from all others."""
    above = below = 0
    while not any(map(str.strip, lines[start - above : end + below])) or (
        len(_places(lines, lines[start - above : end + below])) > 1
    ):
        more_above, more_below = start - above > 0, end + below < len(lines)
        if more_above and (above <= below or not more_below):
            above += 1
        elif more_below:
            below += 1
        else:
            break
    return above, below


def _lines(old: list[str], new: list[str]) -> list[str]:
    """A hunk's lines."""
    found: list[str] = []
    for tag, start, end, first, last in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [f" {line}" if line else "" for line in old[start:end]]
        else:
            found += [f"-{line}" for line in old[start:end]] + [f"+{line}" for line in new[first:last]]
    return found
