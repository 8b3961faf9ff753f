"""A lesson's prose in another language: the same cells, in which every text for students is said anew.

Messages are

- of a text cell each paragraph, heading and summary of a `<details>`; fenced code stays;
- of a code cell each comment and each paragraph of a docstring; code, printed texts and labels of plots stay;
- the words for those who can't see a figure.

The solutions and the cells of the solved edition alone stay in English: students don't get them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from itertools import groupby

from nbformat import NotebookNode

from autograder.source import Say, asked, code_said, paragraph

_FENCE = re.compile(r"\s*(```|~~~)")
_ALONE = re.compile(r"(\s*#+\s+)(.+)()|(\s*<details><summary>)(.+)(</summary>\s*)")
"""A line that is a message of its own: a heading, a summary."""
_TAGS = re.compile(r"\s*(</?\w[^>]*>\s*)+")


def in_other_words(cells: Iterable[NotebookNode], say: Say) -> list[NotebookNode]:
    """Copies of a lesson's cells, with what `say` gives for every message. Where it gives the message itself, they are
    the same to the letter. Raises `BadTranslation`."""
    said = deepcopy(list(cells))
    for cell in said:
        if "edition" in cell.metadata:
            continue
        if cell.cell_type == "markdown":
            exercise = cell.metadata.get("exercise")
            cell.source = text_said(cell.source, say, f"text of {exercise}" if exercise else "text")
        else:
            cell.source = code_said(cell.source, say)
        if "alt" in cell.metadata:
            cell.metadata["alt"] = say(cell.metadata["alt"], "for those who can't see the figure")
    return said


def text_said(source: str, say: Say, what: str = "text") -> str:
    """A text cell's markdown in other words."""
    said: list[str] = []
    for kind, lines in _parts(source):
        if kind == "text":
            said += paragraph(lines, say, what)
        else:
            said += [_ALONE.sub(lambda found: _line(found, say), line) if kind == "alone" else line for line in lines]
    return "\n".join(said)


def _parts(source: str) -> Iterator[tuple[str, list[str]]]:
    """The lines, in groups: of a paragraph ("text"), lines that are messages by themselves ("alone"), and others."""
    fenced, kinds, lines = False, [], source.split("\n")
    for line in lines:
        fence = _FENCE.match(line) is not None
        stays = fenced or fence or _TAGS.fullmatch(line) or not line.strip()
        kinds.append("stays" if stays else "alone" if _ALONE.fullmatch(line) else "text")
        fenced ^= fence
    for kind, group in groupby(zip(kinds, lines, strict=True), key=lambda pair: pair[0]):
        yield kind, [line for _, line in group]


def _line(found: re.Match[str], say: Say) -> str:
    before, text, after = (part for part in found.groups() if part is not None)
    what = "heading" if "#" in before else "heading of a text that opens at a click"
    said = asked(text, say, what).replace("\n", " ")
    return f"{before}{said}{after}"
