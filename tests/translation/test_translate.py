"""Templates, translations and what is compiled from them."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po
from helpers import COURSE, ROOT, made_up
from helpers.made_up import CODE, said
from helpers.packages import solution_bodies, squeezed

from autograder.judging.golden import public_seed, write_golden
from autograder.lesson.language import own_words
from autograder.lesson.lesson import Lesson, all_lessons
from autograder.running.reference import expected_observations
from autograder.translation.catalogue import BadCatalogue, NoLanguage, Words, as_text, marked
from autograder.translation.placeholders import broken, doubtful
from autograder.translation.translate import stale, template_of, template_of_engine, translate

LESSONS = list(all_lessons([COURSE]))


@pytest.fixture(scope="module")
def translated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of one small lesson, in the made-up language."""
    course = tmp_path_factory.mktemp("repository") / "course"
    made_up.write_lesson(course)
    lesson = Lesson(course / "small")
    write_golden(lesson, expected_observations(lesson, public_seed(lesson)))
    translate(course, CODE)
    made_up.fill(course)
    translate(course)
    return course


@pytest.fixture
def course(translated: Path, tmp_path: Path) -> Path:
    """A copy of it to change."""
    return Path(shutil.copytree(translated, tmp_path / "course"))


def words(course: Path) -> Path:
    return course / "small/languages" / f"{CODE}.po"


def opened(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def read_back(template: Words) -> Catalog:
    """A template as its reader has it."""
    return read_po(BytesIO(as_text(template)))


def edit(course: Path, message: str, translation: str) -> None:
    catalogue = opened(words(course))
    catalogue[message].string = translation
    with words(course).open("wb") as file:
        write_po(file, catalogue)


def looked_up(course: Path, message: str) -> str:
    found = own_words(course / "small", CODE)
    assert found
    return found.gettext(message)


def files(course: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (course / "small/languages").iterdir()}


class TestTranslate:
    """`autograder translate` on a course."""

    def test_all_words_are_looked_up(self, course: Path) -> None:
        [progress] = translate(course)
        assert (progress.place, progress.language, progress.fuzzy, progress.doubts) == ("small", CODE, 0, [])
        assert progress.done == progress.words > 20
        assert looked_up(course, "Sort first.") == said("Sort first.")

    def test_a_second_run_changes_nothing(self, course: Path) -> None:
        before = files(course)
        assert before.keys() == {f"{CODE}.po", f"{CODE}.mo"}
        assert stale(course) == []
        translate(course)
        assert files(course) == before

    def test_nothing_that_changes_by_itself_is_written(self, course: Path) -> None:
        translate(course, templates=True)
        text = (course / "small/languages/words.pot").read_text(encoding="utf-8")
        assert not re.search(r"\d\d:\d\d|Babel|\.py:\d", text)
        assert "#. hint 1 of scale\n#: course/small/exercises/__init__.py\n" in text

    def test_what_has_changed_is_fuzzy_and_not_used(self, course: Path) -> None:
        exercises = course / "small/exercises/__init__.py"
        exercises.write_text(exercises.read_text().replace("It finds the middle number", "It finds a middle number"))
        lesson = Lesson(course / "small")
        write_golden(lesson, expected_observations(lesson, public_seed(lesson)))
        assert [path.name for path in stale(course)] == [f"{CODE}.po", f"{CODE}.mo"]
        [progress] = translate(course)
        assert (progress.fuzzy, progress.words - progress.done) == (1, 1)
        message = opened(words(course))["It finds a middle number"]
        assert message.string == said("It finds the middle number")
        assert looked_up(course, "It finds a middle number") == "It finds a middle number"
        assert looked_up(course, "Sort first.") == said("Sort first.")
        assert stale(course) == []

    def test_a_translator_s_word_counts(self, course: Path) -> None:
        edit(course, "Sort first.", "Ordigu unue.")
        assert [path.name for path in stale(course)] == [f"{CODE}.po", f"{CODE}.mo"]
        translate(course)
        assert looked_up(course, "Sort first.") == "Ordigu unue."

    def test_lost_code_is_doubted_and_used(self, course: Path) -> None:
        edit(course, "Use `sum`.", "Sumigu.")
        [progress] = translate(course)
        assert progress.doubts == ["'Use `sum`.': it lacks `sum`"]
        assert looked_up(course, "Use `sum`.") == "Sumigu."

    @pytest.mark.parametrize(
        ("message", "translation", "problem"),
        [
            ("Nothing happened.", "Nothing {happened}.", "its placeholders must be none, and are {happened}"),
            ("Nothing happened.", "<script>alert(1)</script>", "its tags must be none, and are </script>, <script>"),
            ("Multiplies by a weight.", 'Multiplies"', "in a docstring it would end the text, or mean something else"),
        ],
    )
    def test_a_broken_translation_is_refused(self, course: Path, message: str, translation: str, problem: str) -> None:
        edit(course, message, translation)
        edit(course, "Sort first.", "Ordigu unue.")
        before = files(course)
        with pytest.raises(BadCatalogue) as refused:
            translate(course)
        assert str(refused.value).splitlines() == [
            "these translations can't be used, and nothing was written:",
            f"{words(course)}: {message!r}: {problem}",
        ]
        assert files(course) == before

    def test_a_damaged_file_is_named(self, course: Path) -> None:
        text = words(course).read_text(encoding="utf-8")
        words(course).write_text(f"{text}\n<<<<<<< HEAD\n", encoding="utf-8")
        with pytest.raises(BadCatalogue, match=re.escape(str(words(course)))):
            translate(course)

    @pytest.mark.parametrize("code", ["german", "xx", "de-AT", "../de", "en"])
    def test_what_is_no_language_is_not_begun(self, course: Path, code: str) -> None:
        before = files(course)
        with pytest.raises(NoLanguage, match=re.escape(repr(code))):
            translate(course, code)
        assert files(course) == before

    @pytest.mark.parametrize(("code", "forms"), [("ja", 1), ("de", 2), ("sl", 4)])
    def test_a_language_has_its_own_plural_forms(self, course: Path, code: str, forms: int) -> None:
        translate(course, code)
        assert f"nplurals={forms};" in (course / f"small/languages/{code}.po").read_text()


class TestFaithful:
    """What a translation has to keep."""

    @pytest.mark.parametrize(
        ("message", "translation", "spare", "wrong"),
        [
            ("{a} of {b}", "{b}: {a}", "", ""),
            ("{a} of {b}", "{a}", "", "its placeholders must be {a}, {b}, and are {a}"),
            ("{a:g}", "{a}", "", "its placeholders must be {a:g}, and are {a}"),
            ("{a}", "{a.__class__}", "", "its placeholders must be {a}, and are {a.__class__}"),
            ("{a}", "{a} {", "", "it has a brace too many"),
            ("{number} points", "one point", "{number}", ""),
            ("{number} of {b}", "one", "{number}", "its placeholders must be {b}, and are none"),
            ("a < b", "b > a", "", ""),
            ("<b>a", "a", "", "its tags must be <b>, and are none"),
        ],
    )
    def test_placeholders_and_tags(self, message: str, translation: str, spare: str, wrong: str) -> None:
        assert broken(message, translation, spare) == wrong

    def test_code(self) -> None:
        assert doubtful("`a` and `b`, `a`", "`b` kaj `a`") == "it lacks `a`"
        assert doubtful("`a` and `b`", "`b` kaj `a`") == ""
        assert doubtful("I get <code>an `error`</code>", "<code>eraro</code>") == "it lacks <code>an `error`</code>"


class TestTemplates:
    """The templates of the engine and of the course."""

    def test_every_word_that_the_engine_marks_is_there(self) -> None:
        template = read_back(template_of_engine())
        assert len(marked := list(marked_words())) > 200
        assert [text for text in marked if text not in template] == []

    @pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
    def test_every_word_of_an_exercise_is_there(self, lesson: Lesson) -> None:
        template = read_back(template_of(lesson))
        for exercise in lesson.exercises.values():
            because = [criterion.because for criterion in exercise.criteria if criterion.because]
            texts = [exercise.title, *exercise.hints, *(criterion.name for criterion in exercise.criteria), *because]
            assert [text for text in texts if text not in template] == []
        assert lesson.topic in template

    @pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
    def test_no_solution_is_there(self, lesson: Lesson) -> None:
        """Translations go to students: no body of a solution, and no line of one that they have not got otherwise."""
        template = read_back(template_of(lesson))
        text = squeezed("\n".join(str(message.id) for message in template))
        assert [body for body in solution_bodies() if squeezed(body) in text] == []
        release = COURSE / "release" / lesson.name / f"{lesson.name}.ipynb"
        theirs = [release, lesson.golden, *lesson.criteria_files()]
        known = "".join(squeezed(path.read_text(encoding="utf-8")) for path in theirs)
        lines = {squeezed(line) for body in solution_bodies() for line in body.splitlines()}
        assert [line for line in lines if len(line) >= 15 and line in text and line not in known] == []


class TestMarking:
    """Which literals of the engine's code are words for students."""

    def test_a_fact_may_be_an_f_string(self, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
        call = 'said("{n} s, {p}", n=f"{n:g}", p=counted("{number} point", "{number} points", n, by=f"{n}"))'
        (tmp_path / "engine.py").write_text(f"def f(n):\n    return {call}\n")
        assert [text for text, _ in marked(tmp_path)] == ["{n} s, {p}", ("{number} point", "{number} points")]
        assert capfd.readouterr() == ("", "")

    def test_a_text_must_not_be_one(self, tmp_path: Path) -> None:
        (tmp_path / "engine.py").write_text("def f(n):\n    return said(f'{n} s')\n")
        with pytest.raises(BadCatalogue, match=r"engine\.py:2: an f-string can't be translated"):
            marked(tmp_path)


def marked_words() -> Iterator[str]:
    """The literals that the engine's functions for words are called with."""
    for path in (ROOT / "autograder").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("said", "noted", "counted"):
                first = node.args[0]
                if isinstance(first, ast.Constant) and first.value:
                    yield str(first.value)
