"""The course as web pages: built by the command that `make site` runs; every link leads somewhere, every picture has
words, every lesson can be opened in Colab."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urldefrag, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup
from helpers import COURSE, ROOT
from playwright.sync_api import Browser, expect

from autograder.lesson.lesson import all_lessons

LESSONS = [lesson.name for lesson in all_lessons([COURSE])]
PAGES = [f"{edition}/{name}/{name}" for edition in ("release", "solutions") for name in LESSONS]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages."""
    folder = tmp_path_factory.mktemp("site") / "pages"
    command: list[str | Path] = [sys.executable, ROOT / "tools" / "build_site.py", folder]
    done = subprocess.run(command, cwd=folder.parent, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{folder / 'index.html'}\n"
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, BeautifulSoup]:
    return {path: BeautifulSoup(path.read_bytes(), "html.parser") for path in site.rglob("*.html")}


def links(page: BeautifulSoup) -> Iterator[str]:
    """Everything that a page refers to."""
    for name in ("href", "src"):
        yield from (str(tag[name]) for tag in page.find_all(lambda tag, name=name: tag.has_attr(name)))


def test_every_lesson_has_a_page_in_both_editions(site: Path) -> None:
    assert {path.relative_to(site).with_suffix("").as_posix() for path in site.rglob("lesson*.html")} == set(PAGES)


def test_every_link_inside_the_site_leads_somewhere(pages: dict[Path, BeautifulSoup]) -> None:
    places = {path: {str(tag["id"]) for tag in page.find_all(id=True)} for path, page in pages.items()}
    lost, followed = [], 0
    for path, page in pages.items():
        for link in links(page):
            address, place = urldefrag(link)
            if urlsplit(link).scheme:
                continue
            target = (path.parent / unquote(urlsplit(address).path)).resolve() if address else path
            followed += 1
            if not target.is_file() or (place and target in places and unquote(place) not in places[target]):
                lost.append(f"{path.name}: {link}")
    assert not lost
    assert followed > 100 * len(PAGES) / 10


def test_every_picture_has_words(pages: dict[Path, BeautifulSoup]) -> None:
    pictures = {(path.name, str(tag["src"])): str(tag.get("alt", "")) for path, page in pages.items()
                for tag in page.find_all("img")}  # fmt: skip
    assert [where for where, words in pictures.items() if len(words) < 10 or "_images" in words] == []
    figures = [words for (_, source), words in pictures.items() if "_images" in source]
    assert len(figures) > 10
    assert min(map(len, figures)) > 60  # a figure is told in a sentence at least


def test_every_lesson_opens_in_colab(pages: dict[Path, BeautifulSoup], site: Path) -> None:
    for name in PAGES:
        page = pages[site / f"{name}.html"]
        (badge,) = page.find_all("img", src=lambda source: source.endswith("colab-badge.svg"))
        opened = name.replace("release/", "selfstudy/")  # whoever comes by the site is on his own
        assert badge.parent["href"].endswith(f"/blob/main/course/{opened}.ipynb")
        assert (COURSE / f"{opened}.ipynb").is_file()
        assert badge["alt"].startswith("Open Lesson")


def test_a_page_says_what_the_notebook_says(pages: dict[Path, BeautifulSoup], site: Path) -> None:
    for name in PAGES:
        notebook = nbformat.read(COURSE / f"{name}.ipynb", as_version=4)
        page = pages[site / f"{name}.html"]
        blocks = [block.get_text().strip() for block in page.select("div.cell_input pre")]
        assert blocks == [cell.source.strip() for cell in notebook.cells if cell.cell_type == "code"]
        assert len(page.find_all("h1")) == 1


def test_pages_have_a_language_and_titles_that_differ(pages: dict[Path, BeautifulSoup]) -> None:
    assert {page.html["lang"] for page in pages.values()} == {"en"}
    titles = [page.title.get_text() for page in pages.values()]
    assert len(set(titles)) == len(titles)


def test_nothing_that_is_needed_comes_from_elsewhere(pages: dict[Path, BeautifulSoup]) -> None:
    scripts = {str(tag["src"]) for page in pages.values() for tag in page.find_all("script", src=True)}
    styles = {str(tag["href"]) for page in pages.values() for tag in page.find_all("link", rel="stylesheet")}
    assert {link for link in scripts | styles if urlsplit(link).scheme or link.startswith("//")} == set()


@pytest.fixture
def served(site: Path) -> Iterator[str]:
    """The address of a web server with the pages."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.browser
def test_the_search_finds_a_lesson_and_nothing_is_wider_than_a_telephone(served: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{served}/search.html?q=register_buffer")
    expect(page.locator("#search-results li").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    for name in ("index", *PAGES):
        page.goto(f"{served}/{name}.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
    assert errors == []
    page.close()
