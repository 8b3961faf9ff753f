"""Keeps the translations beside the engine and the lessons up to date: templates, each language's words, compiled ones.

A *place* is the engine or a lesson. Its folder `languages` holds for each language a `.po`, in which translators write,
and a `.mo`, in which words are looked up; `language.py` says how they are used. The template, `words.pot`, is made from
the texts when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.lesson import ENGLISH, FOLDER, Lesson, all_lessons, compiled, forget
from autograder.source import BadTranslation
from autograder.texts import in_other_words, read_cells
from autograder.translation.catalogue import (
    BadCatalogue,
    NoLanguage,
    Words,
    as_compiled,
    as_text,
    locale_of,
    marked,
    merged,
    pairs,
    template,
    usable,
)
from autograder.translation.messages import vocabulary
from autograder.translation.placeholders import broken, doubtful

TEMPLATE = "words.pot"
ENGINE = Path(__file__).resolve().parents[1]
LONGEST = 60
"""Characters of a message that are shown where something is wrong with its translation."""


@dataclass(frozen=True)
class Translated:
    """How far the words of a place are in a language, and what a person should look at."""

    place: str
    language: str
    done: int
    fuzzy: int
    words: int
    doubts: list[str] = field(default_factory=list)


def translate(
    course: Path, new: str = "", lessons: list[Lesson] | None = None, templates: bool = False
) -> list[Translated]:
    """Bring the files of the engine and of these lessons (by default all) up to date, with those of a `new` language,
    and with the `templates`, which nobody needs but translators.

    Raises `NoLanguage`, and `BadCatalogue` where a translation can't be used; then nothing is written.
    """
    files, table = _files(course, new, lessons, templates)
    for path, content in files.items():
        if _differs(path, content):
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
    forget()
    return table


def stale(course: Path) -> list[Path]:
    """The files that `translate` would write, templates left out. Raises as it does."""
    return [path for path, content in _files(course)[0].items() if _differs(path, content)]


def template_of_engine() -> Words:
    """The template with all words of the engine."""
    found = [(text, f"{ENGINE.name}/{path}", "") for text, path in marked(ENGINE)]
    return template("Words of the engine: what check(), hint() and progress() say.", found)


def template_of(lesson: Lesson) -> Words:
    """The template with all words of a lesson, which must have been built."""
    found = [(each.text, _name(each.path, lesson), each.what) for each in vocabulary(lesson)]
    return template(f"Words of {lesson.name}: prose, exercises, known mistakes.", found)


def _files(
    course: Path, new: str = "", lessons: list[Lesson] | None = None, templates: bool = False
) -> tuple[dict[Path, bytes], list[Translated]]:
    files: dict[Path, bytes] = {}
    table: list[Translated] = []
    problems: list[str] = []
    languages = _languages(course) | ({_started(new)} if new else set())
    for folder, lesson, words in _places(course, lessons) if languages or templates else ():
        if templates:
            files[folder / FOLDER / TEMPLATE] = as_text(words)
        for language in sorted(languages):
            path = folder / FOLDER / f"{language}.po"
            said = merged(path, language, words)
            problems += [f"{path}: {problem}" for problem in _problems(said, lesson)]
            table.append(_progress(folder.name, language, said))
            files[path], files[compiled(folder, language)] = as_text(said), as_compiled(said)
    if problems:
        raise BadCatalogue("\n".join(["these translations can't be used, and nothing was written:", *problems]))
    return files, table


def _languages(course: Path) -> set[str]:
    """The languages in which some place has words already."""
    folders = [lesson.folder for lesson in all_lessons([course])] + ([ENGINE] if _beside_engine(course) else [])
    return {path.stem for folder in folders for path in (folder / FOLDER).glob("*.po")}


def _places(course: Path, lessons: list[Lesson] | None) -> Iterator[tuple[Path, Lesson | None, Words]]:
    """Each place's folder, its lesson, and its template: the lessons of a course, and the engine where it lies beside
    it, in one source tree."""
    if _beside_engine(course):
        yield ENGINE, None, template_of_engine()
    for lesson in all_lessons([course]) if lessons is None else lessons:
        if lesson.golden.exists():
            yield lesson.folder, lesson, template_of(lesson)


def _beside_engine(course: Path) -> bool:
    return course.resolve().parent == ENGINE.parent


def _name(path: Path, lesson: Lesson) -> str:
    return path.resolve().relative_to(lesson.folder.resolve().parents[1]).as_posix()


def _started(language: str) -> str:
    """A code that a language may be started with. Raises `NoLanguage`."""
    known = str(locale_of(language))
    if known == ENGLISH or known != language:
        raise NoLanguage(f"{language!r} can't be started: " + (
            "the course is in English" if known == ENGLISH else f"its code is {known}"
        ))  # fmt: skip
    return known


def _problems(words: Words, lesson: Lesson | None) -> Iterator[str]:
    """What is wrong with translations that would be used."""
    for message in words:
        if message.id and not message.fuzzy:
            spare = "" if isinstance(message.id, str) else "{number}"
            for text, said in pairs(message):
                if said and (problem := broken(text, said, spare)):
                    yield f"{_short(text)}: {problem}"
    if lesson:
        known = usable(words)
        try:
            in_other_words(read_cells(lesson.text, ENGLISH), lambda text, _: known.get(text, text))
        except BadTranslation as error:
            yield f"{_short(error.message)}: {error}"


def _progress(place: str, language: str, words: Words) -> Translated:
    messages = [message for message in words if message.id]
    used = [message for message in messages if not message.fuzzy and all(said for _, said in pairs(message))]
    found = [(text, doubtful(text, said)) for message in used for text, said in pairs(message)]
    doubts = [f"{_short(text)}: {doubt}" for text, doubt in found if doubt]
    return Translated(place, language, len(used), sum(message.fuzzy for message in messages), len(messages), doubts)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= LONGEST else f"{line[:LONGEST]}…")


def _differs(path: Path, content: bytes) -> bool:
    return not path.exists() or path.read_bytes() != content
