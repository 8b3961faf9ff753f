"""The language in which students are spoken to.

English stands in the code and in the lessons. Another language is a data file: a catalogue in gettext's format, which
translators' tools read (https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html),

    autograder/languages/LANGUAGE.po             the engine's words
    course/LESSON/languages/LANGUAGE.po          a lesson's: its texts, hints, criteria, misconceptions

each beside its template, `words.pot`, in which all words of one place stand (`autograder translate` writes both). What
has no translation yet is said in English. Codes are gettext's: `de`, `pt_BR`.
"""

from __future__ import annotations

import gettext
import os
from functools import cache
from pathlib import Path

from autograder.lesson import all_lessons

VARIABLE = "AUTOGRADER_LANGUAGE"
"""The environment variable that holds the language's code."""
FOLDER = "languages"
COMPILED = ".mo"
"""How a catalogue ends in which words can be looked up; the build makes one from each `.po`."""


class NoSuchLanguage(LookupError):
    """There is no catalogue of that language."""


def said(text: str, /, **facts: object) -> str:
    """`text` in the student's language, with `facts` in the places that it names in braces. `text` is a literal: the
    template is made of them."""
    words = _words().gettext(text) if text else ""
    return words.format(**facts) if facts else words


def counted(one: str, many: str, number: int | float, /, **facts: object) -> str:
    """The same, in the form that the language has for so many; `{number}` stands for it in the text. Half a point is
    many."""
    whole = int(number) if number == int(number) else 2
    return _words().ngettext(one, many, whole).format(**{"number": number, **facts})


def noted(text: str) -> str:
    """Marks words that are looked up elsewhere, later. Gives them back as they are."""
    return text


def speak(language: str) -> None:
    """Speak that language from now on, in this process and those that it starts; English for an empty text. Raises
    `NoSuchLanguage`."""
    _catalogue(language)
    os.environ[VARIABLE] = language


def spoken() -> str:
    """The language's code; empty for English."""
    return os.environ.get(VARIABLE, "")


def languages() -> list[str]:
    """The codes of the languages that the engine has words in, beside English."""
    return sorted(path.stem for path in (Path(__file__).parent / FOLDER).glob(f"*{COMPILED}"))


def _words() -> gettext.NullTranslations:
    return _catalogue(spoken())


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """The engine's words and every lesson's."""
    words = gettext.NullTranslations()
    if language in ("", "en"):
        return words
    if language not in languages():
        raise NoSuchLanguage(f"there are no words in {language!r}; there are: {', '.join(['en', *languages()])}")
    folders = [Path(__file__).parent, *(lesson.folder for lesson in all_lessons())]
    for folder in folders:
        path = folder / FOLDER / f"{language}{COMPILED}"
        if path.is_file():
            with path.open("rb") as file:
                words.add_fallback(gettext.GNUTranslations(file))
    return words
