"""Whether a translation keeps what it must: placeholders, tags, code. Knows nothing of catalogues."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_TAG = re.compile(r"<[/!?a-zA-Z][^>]*>?")
_CODE = re.compile(r"<code>.+?</code>|`[^`]+`")


def broken(message: str, translation: str, spare: str = "") -> str:
    """What is wrong with a translation so that it can't be used; nothing where it can. The placeholder `spare` may be
    there or not: "one point" needs no number."""
    for what, pattern in (("placeholders", _PLACEHOLDER), ("tags", _TAG)):
        wanted, found = ({*pattern.findall(text)} - {spare} for text in (message, translation))
        if wanted != found:
            return f"its {what} must be {_listed(wanted)}, and are {_listed(found)}"
    if _PLACEHOLDER.search(message) and re.search(r"[{}]", _PLACEHOLDER.sub("", translation)):
        return "it has a brace too many"
    return ""


def doubtful(message: str, translation: str) -> str:
    """What a person should look at: code that was not kept; nothing where all was."""
    lost = Counter(_CODE.findall(message)) - Counter(_CODE.findall(translation))
    return f"it lacks {_listed(lost)}" if lost else ""


def _listed(found: Iterable[str]) -> str:
    return ", ".join(sorted(found)) or "none"
