"""Catalogues of one place, the engine or a lesson, as files: the template, a language's words, the words compiled.

The only importer of Babel. What is written depends on the words alone, without dates, line numbers and versions: the
same words give the same files.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from babel import Locale, UnknownLocaleError
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

WIDTH = 140
PROJECT = "inside-nn-module"
HEADER = "# {what}\n# CC BY 4.0 as the course's own prose, or MIT as its code: see LICENSE-prose and LICENSE."
LEFT_OUT = {"POT-Creation-Date", "Generated-By", "Report-Msgid-Bugs-To"}
MARKS = {"said": None, "noted": None, "counted": (1, 2)}
"""The functions whose literals are the engine's words, and which of their arguments."""


class NoLanguage(ValueError):
    """That is no language's code."""


class BadCatalogue(ValueError):
    """A file of translations can't be read, or has some that can't be used; the text names them."""


class Words(Catalog):
    """A catalogue whose header tells neither dates nor versions that change by themselves."""

    def __iter__(self) -> Iterator[Message]:
        header, *messages = super().__iter__()
        lines = [line.strip() for line in str(header.string).splitlines() if line.partition(":")[0] not in LEFT_OUT]
        header.string = "".join(f"{line}\n" for line in lines)
        return iter([header, *messages])


def template(what: str, messages: Iterable[tuple[str | tuple[str, str], str, str]]) -> Words:
    """A template for translators: (text, or one and several, the file it is in, what it is) for each message."""
    words = Words(header_comment=HEADER.format(what=what), project=PROJECT, version=" ")
    for text, path, what_it_is in messages:
        words.add(text, locations=[(path, 0)], auto_comments=[what_it_is] if what_it_is else [])
    return words


def marked(folder: Path) -> list[tuple[str | tuple[str, str], str]]:
    """The texts that Python files below a folder mark as words for students, and the files' paths in there."""
    found = extract_from_dir(
        folder, [("**.py", f"{__name__}:marking_calls")], keywords=MARKS,
        directory_filter=lambda path: not Path(path).name.startswith("."),
    )  # fmt: skip
    return [(text if isinstance(text, str) else (text[0], text[1]), path) for path, _, text, _, _ in found]


def marking_calls(
    file: IO[bytes], marks: Collection[str], comment_tags: Collection[str], options: Mapping[str, object]
) -> Iterator[tuple[int, str, tuple[str | None, ...], list[str]]]:
    """A file's calls of marking functions, as Babel's extract() wants them: line, function, literals, comments.

    Babel's own method goes by the tokens: to it an f-string among a text's facts is a text that can't be translated.
    Raises `BadCatalogue` where a text is one.
    """
    calls = [node for node in ast.walk(ast.parse(file.read())) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        if isinstance(call.func, ast.Name) and call.func.id in marks:
            if any(isinstance(argument, ast.JoinedStr) for argument in call.args):
                raise BadCatalogue(
                    f"{file.name}:{call.lineno}: an f-string can't be translated; name its parts in braces"
                )
            yield call.lineno, call.func.id, tuple(map(_literal, call.args)), []


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def merged(path: Path, language: str, wanted: Words) -> Words:
    """The words in a language's file, if there is one, for the messages that are wanted now. Raises `BadCatalogue`."""
    had = Catalog(locale=locale_of(language), fuzzy=False, header_comment=wanted.header_comment)
    if path.exists():
        try:
            had = read_po(io.BytesIO(path.read_bytes()), locale=language, abort_invalid=True)
        except (PoFileError, ValueError) as error:
            raise BadCatalogue(f"{path}: {error}") from error
    words = Words(
        locale=locale_of(language), header_comment=had.header_comment, project=PROJECT, version=" ",
        last_translator=had.last_translator, language_team=had.language_team,
        revision_date=had.revision_date, fuzzy=had.fuzzy,
    )  # fmt: skip
    for message in had:
        if message.id:
            words[message.id] = message
    words.obsolete = had.obsolete
    words.update(wanted)
    return words


def as_text(words: Words) -> bytes:
    """The file that translators edit."""
    file = io.BytesIO()
    write_po(file, words, width=WIDTH, include_lineno=False)
    return file.getvalue()


def as_compiled(words: Words) -> bytes:
    """The file in which words are looked up; fuzzy ones are left out."""
    file = io.BytesIO()
    write_mo(file, words)
    return file.getvalue()


def pairs(message: Message) -> list[tuple[str, str]]:
    """A message and its translation; of one that has a form for several, that one and each of the language's forms."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string or ""))]
    return [(message.id[1], str(form or "")) for form in message.string or ("",)]


def usable(words: Words) -> Mapping[str, str]:
    """Message → translation, of those that have one form, are translated and not fuzzy."""
    found = {str(each.id): str(each.string) for each in words if each.id and isinstance(each.id, str) and each.string}
    return {text: said for text, said in found.items() if not words[text].fuzzy}


def locale_of(language: str) -> Locale:
    """What is known of a language. Raises `NoLanguage`."""
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError, TypeError) as error:
        raise NoLanguage(f"{language!r} is no language's code: they look like de, eo, pt_BR") from error
