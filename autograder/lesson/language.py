"""The language in which students are spoken to.

English stands in the code and in the lessons. Another language is a data file: a catalogue in gettext's format, which
translators' tools read (https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html),

    autograder/languages/LANGUAGE.po             the engine's words
    course/LESSON/languages/LANGUAGE.po          a lesson's: its texts, hints, criteria, misconceptions

which `autograder translate` writes, together with the template of all words of each place, `words.pot`. What has no
translation yet is said in English. Codes are gettext's: `de`, `pt_BR`.

A process speaks one language at a time.
"""

from __future__ import annotations

import gettext
import os
from functools import cache, lru_cache
from pathlib import Path

from autograder.lesson.lesson import all_lessons, lesson_roots

ENGLISH = "en"
VARIABLE = "AUTOGRADER_LANGUAGE"
"""The environment variable that holds the language's code."""
CHOSEN = os.environ.get(VARIABLE, "")
"""What it held when this process started: somebody's choice. `speak` changes it later."""
FOLDER = "languages"
COMPILED = ".mo"
"""How a catalogue ends in which words can be looked up; `autograder translate` makes one from each `.po`."""
_HERE = Path(__file__).resolve().parents[1]
_COURSES: list[Path] = []
"""The course that is worked in, if it was named."""


class NoSuchLanguage(LookupError):
    """There is no catalogue of that language."""


def said(text: str, /, **facts: object) -> str:
    """`text` in the student's language, with `facts` in the places that it names in braces. `text` is a literal: the
    template is made of them."""
    words = _words().gettext(text) if text else ""
    return words.format(**facts) if facts else words


def counted(one: str, many: str, number: int | float, /, **facts: object) -> str:
    """Like `said`, in the plural form that the language has for `number`, which also replaces `{number}` in the text. A
    fraction takes the plural."""
    whole = int(number) if number == int(number) else 2
    return _words().ngettext(one, many, whole).format(**{"number": number, **facts})


def noted(text: str) -> str:
    """Marks a text for translation and returns it unchanged: it is translated where it is shown (gettext's `N_`)."""
    return text


def speak(language: str, course: Path | None = None) -> None:
    """Speak that language from now on, in this process and those that it starts; English for an empty text. The words
    of a course's lessons count before those of all others. Raises `NoSuchLanguage`."""
    code = "" if language == ENGLISH else language
    known = (course.resolve(),) if course else ()
    _catalogue(code, known)
    _COURSES[:] = known
    os.environ[VARIABLE] = code


def forget() -> None:
    """Drop the catalogues that were read, since their files have changed; they are read anew when needed."""
    _catalogue.cache_clear()


def spoken() -> str:
    """The language's code; empty for English."""
    language = os.environ.get(VARIABLE, "")
    return "" if language == ENGLISH else language


def languages() -> list[str]:
    """The codes of the languages that the engine has words in, beside English."""
    return sorted(path.stem for path in (_HERE / FOLDER).glob(f"*{COMPILED}"))


def own_words(folder: Path, language: str) -> gettext.NullTranslations | None:
    """The catalogue of one folder, a lesson's for one; None where it has none in that language. A file that has changed
    is read anew, into another object."""
    path = compiled(folder, language)
    return _own(path, path.stat().st_mtime_ns) if language and path.is_file() else None


def word_files(folder: Path) -> list[Path]:
    """The files in which the spoken language's words on a lesson are looked up; none for English."""
    found = [compiled(place, spoken()) for place in (_HERE, folder)] if spoken() else []
    return [path for path in found if path.is_file()]


def compiled(folder: Path, language: str) -> Path:
    """The compiled catalogue of a folder in a language: the file in which words are looked up."""
    return folder / FOLDER / f"{language}{COMPILED}"


def _words() -> gettext.NullTranslations:
    return _catalogue(spoken(), (*_COURSES,))


@cache
def _catalogue(language: str, courses: tuple[Path, ...]) -> gettext.NullTranslations:
    """The engine's words and every lesson's, of these courses first."""
    words = gettext.NullTranslations()
    if not language:
        return words
    if language not in languages():
        raise NoSuchLanguage(f"there are no words in {language!r}; there are: {', '.join([ENGLISH, *languages()])}")
    folders = [_HERE, *(lesson.folder for lesson in all_lessons([*courses, *lesson_roots()]))]
    for path in (compiled(folder, language) for folder in folders):
        if path.is_file():
            words.add_fallback(_read(path))
    return words


@lru_cache(maxsize=32)
def _own(path: Path, modified: int) -> gettext.NullTranslations:
    return _read(path)


def _read(path: Path) -> gettext.NullTranslations:
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)
