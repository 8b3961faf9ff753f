"""All that a lesson says to students, message by message: what stands in its template for translators.

Nothing is marked in a lesson. Its words are what its objects and texts hold: titles, hints, criteria, messages of known
mistakes, the prose; and what criteria show: keys that are phrases in the observations of the reference and of the
mistakes, and texts beside the criteria. No code of any solution is among them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.judging import Expected, read_golden
from autograder.lesson import ENGLISH, Lesson
from autograder.probing import Condition, Mapping, Observation, Sequence
from autograder.texts import in_other_words, read_cells

_WORDS = re.compile(r"(?=.*\S\s+\S).*(?:^|\s)[a-z]{2,}(?=[\s,.:;?!]|$)", re.DOTALL)
"""Several words, one of them a plain one: `x of shape (5, 3)`, but neither `MLP([4, 5, 3])` nor `A B -A`."""


SHOWN = "what a criterion may show"


@dataclass(frozen=True)
class Message:
    """A text for students, the file that it comes from, and what it is, for translators."""

    text: str
    path: Path
    what: str


def vocabulary(lesson: Lesson) -> Iterator[Message]:
    """The lesson's messages, some of them several times, in the order of its files. Raises `GraderFault` where its
    golden file is missing or old."""
    golden = read_golden(lesson)
    if lesson.topic:
        yield Message(lesson.topic, lesson.text, "what the lesson is about, in its name")
    for name, exercise in lesson.exercises.items():
        exercises = lesson.file_of(name)
        yield Message(exercise.title, exercises, f"title of {name}")
        for number, hint in enumerate(exercise.hints, 1):
            yield Message(hint, exercises, f"hint {number} of {name}")
        for number, criterion in enumerate(exercise.criteria, 1):
            yield Message(criterion.name, exercises, f"criterion {number} of {name}")
            if criterion.because:
                yield Message(criterion.because, exercises, f"why criterion {number} of {name} matters")
        for phrase in _phrases(golden[name]):
            yield Message(phrase, exercises, f"what {name} is looked at with")
    for path in sorted(lesson.criteria_files()):
        for text in shown_texts(path):
            yield Message(text, path, SHOWN)
    for name, expected in golden.items():
        yield from _mistakes(expected, name, lesson.home(name) / "mistakes.md")
    yield from _prose(lesson)


def _mistakes(expected: Expected, exercise: str, path: Path) -> Iterator[Message]:
    for known in expected.mistakes:
        yield Message(known.title, path, f"a mistake in {exercise}")
        yield Message(known.message, path, f"told about {known.id} in {exercise}")


def shown_texts(path: Path) -> Iterator[str]:
    """The texts of several words in a Python file, but for docstrings, parts of f-strings, and what exercises and
    criteria are made with."""
    for node in _outside(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _WORDS.match(node.value):
            yield node.value


def _outside(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes in the order of the text, without those that hold no text of a criterion's."""
    yield node
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.JoinedStr() | ast.Expr(ast.Constant()):
                pass
            case ast.Call(ast.Name("Exercise")) | ast.Call(ast.Attribute(attr="criterion")):
                pass
            case _:
                yield from _outside(child)


def _phrases(expected: Expected) -> Iterator[str]:
    rows = [expected.reference, *(known.observations for known in expected.mistakes)]
    keys = dict.fromkeys(key for row in rows for observation in row for key in _keys(observation))
    conditions = (key[1:-1] for key in keys if isinstance(key, Condition))  # they travel as reprs
    yield from filter(_WORDS.match, conditions)


def _keys(node: Observation) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in node.items:
            yield key
            yield from _keys(value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _keys(item)


def _prose(lesson: Lesson) -> Iterator[Message]:
    found: list[Message] = []

    def note(message: str, what: str) -> str:
        found.append(Message(message, lesson.text, what))
        return message

    in_other_words(read_cells(lesson.text, ENGLISH), note)
    yield from found
