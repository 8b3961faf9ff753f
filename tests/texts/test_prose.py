"""A lesson's prose in other words: what is a message, and what stays as it is."""

from __future__ import annotations

import pytest
from helpers import COURSE
from helpers.code import runs
from helpers.made_up import said

from autograder.lesson.language import ENGLISH
from autograder.lesson.lesson import Lesson, all_lessons
from autograder.source.comments import BadTranslation, code_said
from autograder.texts.percent import read_cells, solution_source
from autograder.texts.prose import in_other_words, text_said

LESSONS = list(all_lessons([COURSE]))


def loud(message: str, what: str) -> str:
    return f"⟦{message}⟧"


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
class TestLessons:
    """The course's own lessons."""

    def test_the_same_words_give_the_same_cells(self, lesson: Lesson) -> None:
        cells = read_cells(lesson.text, ENGLISH)
        assert in_other_words(cells, lambda message, what: message) == cells

    def test_other_words_change_no_code(self, lesson: Lesson) -> None:
        cells = read_cells(lesson.text, ENGLISH)
        for cell, other in zip(cells, in_other_words(cells, lambda message, what: said(message)), strict=True):
            assert {**cell.metadata, "alt": ""} == {**other.metadata, "alt": ""}
            if cell.cell_type == "code":
                assert runs(other.source) == runs(cell.source)
                assert solution_source(cell.source).count("\n") == solution_source(other.source).count("\n")

    def test_all_prose_is_said_anew(self, lesson: Lesson) -> None:
        cells = in_other_words(read_cells(lesson.text, ENGLISH), lambda message, what: "⟦⟧")
        texts = [cell.source for cell in cells if cell.cell_type == "markdown" and "edition" not in cell.metadata]
        left = {line.strip().lstrip("#").strip() for text in texts for line in text_without_fences(text)}
        assert left <= {"⟦⟧", "", "</details>", "<details><summary>⟦⟧</summary>"}


def text_without_fences(text: str) -> list[str]:
    """The lines of a text but those of fenced code."""
    return [line for part in text.split("```")[::2] for line in part.splitlines()]


TEXTS = [
    ("# A title\n\nOne\ntwo.", "# ⟦A title⟧\n\n⟦One\ntwo.⟧"),
    ("## A title\ntext", "## ⟦A title⟧\n⟦text⟧"),
    ("- one\n- two\n\n  of two\n  lines", "⟦- one\n- two⟧\n\n  ⟦of two\n  lines⟧"),
    ("Code:\n\n```python\n# stays\n\nstays\n```\nand on", "⟦Code:⟧\n\n```python\n# stays\n\nstays\n```\n⟦and on⟧"),
    (
        "<details><summary>Why <code>x</code></summary>\n\nThis.\n\n</details>",
        "<details><summary>⟦Why <code>x</code>⟧</summary>\n\n⟦This.⟧\n\n</details>",
    ),
    ("---\n\n42", "---\n\n42"),
]


@pytest.mark.parametrize(("text", "told"), TEXTS)
def test_texts(text: str, told: str) -> None:
    assert text_said(text, loud) == told


CODE = [
    ("x = 1  # behind", "x = 1  # ⟦behind⟧"),
    ("# one\n# two\nx = 1", "# ⟦one\n# two⟧\nx = 1"),
    ("if x:\n    # one\n    # two\n    y = 1", "if x:\n    # ⟦one\n    # two⟧\n    y = 1"),
    ("x = 1  # one\ny = 2  # two", "x = 1  # ⟦one⟧\ny = 2  # ⟦two⟧"),
    ("# one\n\n# two\n# fmt: skip\n# three", "# ⟦one⟧\n\n# ⟦two⟧\n# fmt: skip\n# ⟦three⟧"),
    ("# @title A form\n#@title Too\nx = [1]  # noqa: E501\n# %%", None),
    ("x = '# no comment'\nprint('nor this')", None),
    ('"""Of the cell."""\nx = """no docstring"""', None),
    ('def f():\n    """One."""', 'def f():\n    """⟦One.⟧"""'),
    ("def f(): 'One.'", "def f(): '⟦One.⟧'"),
    (
        'class A:\n    """One\n    two.\n\n      >>> stays\n\n        three\n    """\n    x = 1',
        'class A:\n    """⟦One\n    two.⟧\n\n      >>> stays\n\n        ⟦three⟧\n    """\n    x = 1',
    ),
    (
        '### BEGIN SOLUTION\n# secret\ndef f():\n    """Secret."""\n### END SOLUTION\n# open',
        '### BEGIN SOLUTION\n# secret\ndef f():\n    """Secret."""\n### END SOLUTION\n# ⟦open⟧',
    ),
    ("# open\n### BEGIN SOLUTION\n# without an end", "# ⟦open⟧\n### BEGIN SOLUTION\n# without an end"),
    ("%magic\n# no Python", None),
]


@pytest.mark.parametrize(("source", "told"), CODE)
def test_code(source: str, told: str | None) -> None:
    assert code_said(source, loud) == (source if told is None else told)


@pytest.mark.parametrize(
    "words",
    ['an """ end', 'an end"', r"a \d", '"""\nimport os\n"""', '""" + print("evil") + """', "a nul \0 in it"],
)
def test_a_docstring_stays_one(words: str) -> None:
    with pytest.raises(BadTranslation) as refused:
        code_said('def f():\n    """Words."""\n    return 1', lambda message, what: words)
    assert refused.value.message == "Words."


def test_a_comment_is_no_delimiter() -> None:
    source = "# one\ndef f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION"
    with pytest.raises(BadTranslation):
        code_said(source, lambda message, what: "here ## BEGIN SOLUTION")


@pytest.mark.parametrize("words", ["one\nimport os", "one\rimport os", "one\fimport os", "one\x85import os"])
@pytest.mark.parametrize("source", ["x = 1  # words", "# words\nx = 1", "# words\n# words\nx = 1"])
def test_a_comment_stays_one(words: str, source: str) -> None:
    assert runs(code_said(source, lambda message, what: words)) == "x = 1"
