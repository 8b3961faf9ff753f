"""Where the course lives on the web, and the addresses made from that: what pip installs, what Colab opens.

One line says it, `Repository` below [project.urls] in pyproject.toml: a repository on GitHub, with a branch where that
is not `main` (https://github.com/OWNER/NAME/tree/BRANCH). `autograder build` writes it into badges and first cells.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

COLAB = "https://colab.research.google.com/github"
PICTURE = "https://colab.research.google.com/assets/colab-badge.svg"
_REPOSITORY = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?(?:/tree/([\w./-]*[\w-]))?/?")
_LINK = re.compile(re.escape(COLAB) + r"/[\w.-]+/[\w.-]+/blob/[\w./-]+?/(?=course/)")
_BADGE = re.compile(rf"\[!\[Open [\w .]+ in Colab\]\({re.escape(PICTURE)}\)\]\({re.escape(COLAB)}/[\w./-]+\.ipynb\)")


class BadAddress(ValueError):
    """The address in pyproject.toml is none that Colab can open."""


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
    path = course.resolve().parent / "pyproject.toml"
    said = tomllib.loads(path.read_text(encoding="utf-8"))["project"].get("urls", {}).get("Repository", "")
    found = _REPOSITORY.fullmatch(said)
    if found is None:
        raise BadAddress(
            f'{path}: Repository = "{said}" below [project.urls] is no repository on GitHub, which Colab needs. '
            "One looks like https://github.com/OWNER/NAME or https://github.com/OWNER/NAME/tree/BRANCH"
        )
    return Address(found[1], found[2] or "main")


def is_badge(text: str) -> bool:
    """Whether a text is such a badge and nothing else, whoever's notebook it opens."""
    return _BADGE.fullmatch(text.strip()) is not None
