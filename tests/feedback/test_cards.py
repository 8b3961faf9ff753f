"""Every kind of card, as it reads and as it looks.

`cards/NAME.txt` holds the expected text, and below it what of the HTML is read aloud. After a change of words look at
`git diff` of what `python tests/feedback/test_cards.py` writes: words are reviewed like code.
"""

from __future__ import annotations

import html.parser
import re
import sys
import tempfile
import textwrap
from gettext import NullTranslations
from pathlib import Path
from typing import Any

import pytest
from helpers import made_up, small_lesson
from helpers.cards import GRADES, SOURCE, everything
from helpers.grades import HOSTILE, exercise_of, graded
from rich.console import Console

from autograder.cli.console import print_grade
from autograder.judging.grade import ExerciseGrade, SubmissionGrade
from autograder.lesson import language

FOLDER = Path(__file__).parent / "cards"
CARDS = everything()
IN_A_TERMINAL = "in-a-terminal"


class Reader(html.parser.HTMLParser):
    """What is read aloud: texts, labels of pictures, headings and lists by their roles."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.silent: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        settings = dict(attrs)
        if self.silent or tag == "style" or settings.get("role") == "img" or settings.get("aria-hidden"):
            self.silent.append(tag)
        if settings.get("role") == "img":
            self.heard.append(f"\n[picture: {settings['aria-label']}]\n")
        elif settings.get("role") == "heading":
            self.heard.append(f"\n{'#' * int(settings['aria-level'] or 0)} ")
        elif not self.silent and tag == "ul":
            self.depth += 1
        elif not self.silent and tag in ("li", "tr", "p", "summary", "pre", "div") and self.heard[-1:] != [self.item]:
            self.heard.append({"li": self.item, "tr": "\n| "}.get(tag, "\n"))
        elif not self.silent and tag in ("td", "th"):
            self.heard.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self.silent:
            assert self.silent.pop() == tag
        elif tag == "ul":
            self.depth -= 1
        elif tag in ("td", "th"):
            self.heard.append(" |")

    @property
    def item(self) -> str:
        return f"\n{'  ' * (self.depth - 1)}- "

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.heard.append(data)


def heard(source: str) -> str:
    reader = Reader()
    reader.feed(source)
    lines = [line.rstrip() for line in "".join(reader.heard).splitlines() if line.strip(" -|")]
    return "\n".join(part for line in lines for part in textwrap.wrap(line, 110, subsequent_indent="    "))


def expected_text(name: str) -> str:
    text, page = CARDS[name]
    return f"{text}\n\n======== read aloud ========\n\n{heard(page)}\n"


@pytest.mark.parametrize("name", CARDS)
def test_a_card_reads_as_expected(name: str) -> None:
    assert expected_text(name) == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


NAMES = {
    "scal", "scale", "Scale", "total", "weight", "bias", "head", "layers", "extra", "net", "low", "pre", "out",
    "computes", "line", "picture", "at", "regraded", "of", "point", "golden", "json", "missing", "is", "forward",
    "ValueError", "RuntimeError", "self",
}  # fmt: skip
"""What the cards are about: names, and what the tests themselves say."""
CODE = re.compile(r"<code>.*?</code>|<pre>.*?</pre>|`[^`]*`", re.DOTALL)


class Accented(NullTranslations):
    """A language in which every word has accents on its vowels."""

    def gettext(self, message: str) -> str:
        return made_up.said(message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        return made_up.said(one if number == 1 else many)


def test_no_word_is_left_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_words", Accented)
    for name, (text, page) in everything().items():
        shown = "\n".join(line for line in text.splitlines() if line.strip() not in SOURCE)
        words = re.findall(r"[A-Za-z]*[aeiou][A-Za-z]*", CODE.sub("", shown) + heard(CODE.sub("", page)))
        assert name == "hostile" or not {word for word in words if not re.search("[áéíóú]", word)} - NAMES, name


def test_there_is_nothing_else() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {*CARDS, IN_A_TERMINAL}


@pytest.mark.parametrize("name", [name for name in CARDS if name.startswith("drawing") or name == "hostile"])
def test_drawings_stay_small_and_harmless(name: str) -> None:
    text, page = CARDS[name]
    assert len(page) < 40_000
    assert max(map(len, text.splitlines())) <= 80
    assert "<img" not in page
    assert "http" not in page
    assert "<script" not in page


# ---------------------------------------------------------------------------------------------------------------------
# In a terminal: `autograder check NOTEBOOK`
# ---------------------------------------------------------------------------------------------------------------------


def in_a_terminal(folder: Path, name: str, *exercises: ExerciseGrade) -> str:
    console = Console(width=80, force_terminal=False)
    with console.capture() as captured:
        print_grade(console, name, SubmissionGrade(small_lesson.write(folder), exercises))
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def one_notebook(folder: Path) -> str:
    kinds = ("not-attempted", "two-mistakes", "drawing-of-a-module-tree", "error-in-one", "graded-with-a-note")
    right = graded(exercise_of("it works"), [1], [1])
    return in_a_terminal(folder, "a[b]\x1b.ipynb", right, *(GRADES[kind][0]() for kind in kinds))


def test_a_terminal_shows_the_same(tmp_path: Path) -> None:
    assert one_notebook(tmp_path) == (FOLDER / f"{IN_A_TERMINAL}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", GRADES)
def test_any_card_fits_a_terminal_and_is_harmless(name: str, tmp_path: Path) -> None:
    text = in_a_terminal(tmp_path, HOSTILE, GRADES[name][0]())
    assert all(character == "\n" or character.isprintable() for character in text)
    assert max(map(len, text.splitlines())) <= 80


# ---------------------------------------------------------------------------------------------------------------------
# In a browser
# ---------------------------------------------------------------------------------------------------------------------

THEMES = {"light": ("#1f2328", "#ffffff"), "dark": ("#e6e6e6", "#111111")}
TOO_WIDE = """() => [...document.querySelectorAll('.inm, .inm *')].filter(element => {
    const card = element.closest('.inm').getBoundingClientRect(), box = element.getBoundingClientRect();
    return box.right > Math.min(card.right, innerWidth) + 1 || box.left < card.left - 1;
}).map(element => element.className + ' ' + element.textContent.slice(0, 60))"""
FAINT = """() => {
    const numbers = text => (text.match(/[\\d.]+/g) || []).map(Number);
    const over = (top, below, alpha) => below.map((part, i) => top[i] * alpha + part * (1 - alpha));
    const light = colour => {
        const [r, g, b] = colour.map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const chain = element => element ? [...chain(element.parentElement), element] : [];
    const seen = (element, property) => {
        // The element's ground, and its ink on it: translucent layers and groups, from the page up.
        let ground = numbers(getComputedStyle(document.body).backgroundColor).slice(0, 3), alpha = 1;
        for (const each of chain(element)) {
            const style = getComputedStyle(each), [r, g, b, a = 1] = numbers(style.backgroundColor);
            alpha *= Number(style.opacity);
            ground = over([r, g, b], ground, a * alpha);
        }
        const style = getComputedStyle(element), [r, g, b, a = 1] = numbers(style[property]);
        const share = property === 'stroke' ? Number(style.strokeOpacity) : 1;
        const [x, y] = [light(over([r, g, b], ground, a * alpha * share)), light(ground)];
        return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
    };
    const found = [];
    for (const element of document.querySelectorAll('.inm *')) {
        const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        if (own && seen(element, 'color') < 4.5)
            found.push([seen(element, 'color').toFixed(2), element.className, element.textContent.slice(0, 40)]);
        if (element.matches('.inm-cross, .inm-line') && seen(element, 'stroke') < 3)
            found.push([seen(element, 'stroke').toFixed(2), element.classList[0]]);
    }
    return found;
}"""


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 480, 1000])
@pytest.mark.parametrize("theme", THEMES)
def test_every_card_fits_and_can_be_read(browser: Any, theme: str, width: int) -> None:
    ink, ground = THEMES[theme]
    page = browser.new_page(viewport={"width": width, "height": 900})
    body = "".join(source for _, source in CARDS.values()).replace("<details>", "<details open>")
    page.set_content(f'<body style="margin:8px;color:{ink};background:{ground}">{body}</body>')
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(FAINT) == []
    page.close()


@pytest.mark.browser
@pytest.mark.slow
def test_the_measure_of_contrast_finds_what_is_faint(browser: Any) -> None:
    page = browser.new_page()
    page.set_content('<body style="background:#fff"><div class="inm"><p style="color:#777">x</p>'
                     '<p style="color:#767676">y</p><p style="color:#000;opacity:.4">z</p></div></body>')  # fmt: skip
    assert [row[2] for row in page.evaluate(FAINT)] == ["x", "z"]
    page.close()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.txt"):
        path.unlink()
    for card in CARDS:
        (FOLDER / f"{card}.txt").write_text(expected_text(card), encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        (FOLDER / f"{IN_A_TERMINAL}.txt").write_text(one_notebook(Path(name)), encoding="utf-8")
    sys.exit(f"wrote {len(CARDS)} files: now read `git diff {FOLDER}`")
