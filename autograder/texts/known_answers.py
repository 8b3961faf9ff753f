"""Reads the answers that an exercise's folder knows, right and wrong. The only importer of markdown-it.

    exercises/affine/right/matmul.py   a right answer in another style, which edits may start from
    exercises/affine/mistakes.md       wrong answers, and what students are told whose own shows the same
    exercises/affine/more.md           further answers, right and wrong, for tests alone

In `mistakes.md` a heading is a mistake's id, the text below it is what is told, and each block is one way to make it
(a text behind a block is a remark for authors):

    ## plain-tensor
    A weight or bias of yours is a plain tensor. …

    ```diff base=matmul
    -        self.weight = nn.Parameter(torch.randn(out_features, in_features))
    +        self.weight = torch.randn(out_features, in_features)
    ```

A block of `diff` is an edit (see `edits`) of a right answer: of the file in `right/` that `base=` names, or of the
lesson's solution. A block of `python` is a whole answer.

In `more.md` a heading says what must become of the answers below it: `right` (they pass), `unnamed` (they fail, and no
mistake is named), or the id of the mistake that is named. `name=` beside `diff` or `python` calls an answer something.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from autograder.lesson import Lesson
from autograder.texts.edits import EditError, apply_edit
from autograder.texts.percent import Answer, LessonTextError, Place, solutions

RIGHT, UNNAMED = "right", "unnamed"
SOLUTION = "solution"
"""What the lesson's own solution is called among the bases."""


@dataclass(frozen=True)
class Further:
    """An answer for tests alone: whether it is right, and which mistake must be named (None for none)."""

    answer: Answer
    right: bool
    told: str | None


@dataclass(frozen=True)
class _Block:
    """A fenced block: the heading that it stands below, its info string's settings, and its text."""

    heading: str
    kind: str
    settings: dict[str, str]
    text: str
    place: Place
    end: int


def answers(lesson: Lesson) -> list[Answer]:
    """The known right and wrong answers, exercise by exercise, in the order of the files.

    In English: their messages are put into other words when they are shown. Raises `LessonTextError` where a file can't
    be read: a mistake without message or answer, an edit that doesn't apply.
    """
    return [
        answer for exercise in lesson.exercises for answer in (*_right(lesson, exercise), *_wrong(lesson, exercise))
    ]


def further_answers(lesson: Lesson) -> list[Further]:
    """The answers in `more.md`, exercise by exercise. Raises `LessonTextError` as `answers` does."""
    return [further for exercise in lesson.exercises for further in _further(lesson, exercise)]


def bases(lesson: Lesson, exercise: str) -> dict[str, str]:
    """The right answers that an edit may start from, by name."""
    files = sorted((lesson.home(exercise) / RIGHT).glob("*.py"))
    return {
        SOLUTION: solutions(lesson)[exercise].source,
        **{path.stem: path.read_text(encoding="utf-8") for path in files},
    }


def end_of_answers(lesson: Lesson, exercise: str, mistake: str) -> int | None:
    """After how many lines of `mistakes.md` the last answer that shows a mistake ends; None for no such mistake."""
    blocks = _parts(lesson.home(exercise) / "mistakes.md")[1]
    return max((block.end for block in blocks if block.heading == mistake), default=None)


def _right(lesson: Lesson, exercise: str) -> Iterator[Answer]:
    folder = lesson.home(exercise) / RIGHT
    for name, source in bases(lesson, exercise).items():
        if name != SOLUTION:
            yield Answer(exercise, name, source, place=Place(folder / f"{name}.py", 1))


def _wrong(lesson: Lesson, exercise: str) -> Iterator[Answer]:
    messages, blocks = _parts(lesson.home(exercise) / "mistakes.md")
    counted: Counter[str] = Counter()
    starts = bases(lesson, exercise)
    for block in blocks:
        name = f"{block.heading}#{counted[block.heading]}"
        counted[block.heading] += 1
        told = messages[block.heading].text
        yield Answer(exercise, name, _source(block, starts), block.heading, told, place=block.place)
    for heading, message in messages.items():
        if not message.text or not counted[heading]:
            lacks = "an answer that shows it" if message.text else "a message"
            raise LessonTextError(message.place, f"the mistake {heading} needs {lacks}")


def _further(lesson: Lesson, exercise: str) -> Iterator[Further]:
    path, starts = lesson.home(exercise) / "more.md", bases(lesson, exercise)
    known = {RIGHT, UNNAMED, *_parts(lesson.home(exercise) / "mistakes.md")[0]}
    for number, block in enumerate(_parts(path)[1]):
        if block.heading not in known:
            raise LessonTextError(block.place, f"no mistake is called {block.heading}; nor is it right or unnamed")
        name = block.settings.get("name", f"more#{number}")
        answer = Answer(exercise, name, _source(block, starts), place=block.place)
        yield Further(answer, block.heading == RIGHT, None if block.heading in (RIGHT, UNNAMED) else block.heading)


def _source(block: _Block, starts: dict[str, str]) -> str:
    """The whole program of a block."""
    if block.kind == "python":
        return block.text
    base = block.settings.get("base", SOLUTION)
    if base not in starts:
        raise LessonTextError(block.place, f"there is no base {base}; there are {', '.join(starts)}")
    try:
        return apply_edit(starts[base], block.text)
    except EditError as error:
        place = Place(block.place.path, block.place.line + 1 + error.line)
        raise LessonTextError(place, f"the edit doesn't apply to {base}: {error}") from error


@dataclass(frozen=True)
class _Message:
    text: str
    place: Place


def _parts(path: Path) -> tuple[dict[str, _Message], list[_Block]]:
    """A file's headings with the texts below them, and its blocks; none where there is no file."""
    return _read(path, path.stat().st_mtime_ns) if path.exists() else ({}, [])


@lru_cache(maxsize=128)
def _read(path: Path, modified: int) -> tuple[dict[str, _Message], list[_Block]]:
    messages: dict[str, _Message] = {}
    blocks: list[_Block] = []
    heading = ""
    tokens = MarkdownIt().parse(path.read_text(encoding="utf-8"))
    for opening, token in zip((None, *tokens), tokens, strict=False):
        place = Place(path, _line(token))
        if token.type == "inline" and opening is not None and opening.type == "heading_open" and opening.tag == "h2":
            heading = token.content
            if heading in messages:
                raise LessonTextError(place, f"a second heading {heading}")
            messages[heading] = _Message("", place)
        elif token.type == "inline" and heading and (not blocks or blocks[-1].heading != heading):
            said = " ".join(f"{messages[heading].text} {token.content}".split())
            messages[heading] = _Message(said, messages[heading].place)
        elif token.type == "fence":
            blocks.append(_block(heading, token, place))
    return messages, blocks


def _block(heading: str, token: Token, place: Place) -> _Block:
    kind, *settings = token.info.split() or [""]
    found = dict(setting.partition("=")[::2] for setting in settings)
    if not heading or kind not in {"diff", "python"} or not found.keys() <= {"base", "name"}:
        raise LessonTextError(place, "a block stands below a heading, is diff or python, and may have base= and name=")
    return _Block(heading, kind, found, token.content, place, token.map[1] if token.map else 0)


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 0
