"""Where the course lives on the web, and the addresses made from that: what pip installs, what Colab opens.

One line says it, `Repository` below [project.urls] in pyproject.toml: a repository on GitHub, with a branch where that
is not `main` (https://github.com/OWNER/NAME/tree/BRANCH). `autograder build` writes it into badges and first cells.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COLAB = "https://colab.research.google.com/github"
PICTURE = "https://colab.research.google.com/assets/colab-badge.svg"
_REPOSITORY = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?(?:/tree/([\w./-]*[\w-]))?/?")
_LINK = re.compile(re.escape(COLAB) + r"/[\w.-]+/[\w.-]+/blob/[\w./-]+?/(?=course/)")
_BADGE = re.compile(rf"\[!\[Open [\w .]+ in Colab\]\({re.escape(PICTURE)}\)\]\({re.escape(COLAB)}/[\w./-]+\.ipynb\)")


_ADVICE = (
    'It needs version = "1.0" and requires-python = ">=3.11" below [project], and below [project.urls] '
    'Repository = "https://github.com/OWNER/NAME", with values of your own'
)


class BadAddress(ValueError):
    """pyproject.toml is missing, says too little, or has an address that Colab can't open."""


@dataclass(frozen=True)
class Address:
    """A repository on GitHub, as OWNER/NAME, and a branch."""

    repository: str
    branch: str = "main"

    @property
    def archive(self) -> str:
        """What pip installs the student package from."""
        return f"https://github.com/{self.repository}/archive/refs/heads/{self.branch}.zip"

    def colab(self, path: str) -> str:
        """The link that opens a notebook, by its path in the repository, in Colab."""
        return f"{COLAB}/{self.repository}/blob/{self.branch}/{path}"

    def badge(self, path: str, what: str = "this lesson") -> str:
        """The badge that does so, as markdown; `what` it opens is for those who can't see it."""
        return f"[![Open {what} in Colab]({PICTURE})]({self.colab(path)})"

    def stamped(self, page: str) -> str:
        """A page whose links to the course's notebooks in Colab lead to this repository, whatever was there before."""
        return _LINK.sub(self.colab(""), page)


def address_of(course: Path) -> Address:
    """The address in the pyproject.toml beside the course's folder. Raises `BadAddress`."""
    said = project_of(course).get("urls", {}).get("Repository", "")
    found = _REPOSITORY.fullmatch(said)
    if found is None:
        raise BadAddress(
            f'{_project_file(course)}: Repository = "{said}" below [project.urls] is no repository on GitHub, which '
            "Colab needs. One looks like https://github.com/OWNER/NAME or https://github.com/OWNER/NAME/tree/BRANCH"
        )
    return Address(found[1], found[2] or "main")


def project_of(course: Path) -> dict[str, Any]:
    """What that file says below [project]. Raises `BadAddress` where it is missing, or lacks what notebooks need."""
    path = _project_file(course)
    try:
        said: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8")).get("project", {})
    except FileNotFoundError:
        raise BadAddress(f"{path} is missing; every notebook's first cell needs it. {_ADVICE}") from None
    except tomllib.TOMLDecodeError as error:
        raise BadAddress(f"{path} can't be read: {error}") from None
    if lacking := [key for key in ("version", "requires-python") if key not in said]:
        raise BadAddress(f"{path} lacks {' and '.join(lacking)} below [project]. {_ADVICE}")
    return said


def _project_file(course: Path) -> Path:
    return course.resolve().parent / "pyproject.toml"


def is_badge(text: str) -> bool:
    """Whether a text is such a badge and nothing else, whoever's notebook it opens."""
    return _BADGE.fullmatch(text.strip()) is not None
