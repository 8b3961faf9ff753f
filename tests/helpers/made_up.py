"""A made-up language under Esperanto's code, for tests: every message accented and put into ⟦brackets⟧; and a whole
repository, the engine with a course of one small lesson, that is translated into it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from babel.messages.pofile import read_po, write_po

from helpers import COURSE, ROOT, small_lesson

CODE = "eo"
KEPT = re.compile(r"(\{[^{}]*\}|<code>.*?</code>|`[^`]*`|<[^>]*>)")
ACCENTS = str.maketrans("aeiou", "áéíóú")

LESSON = '''\
# %% [markdown]
# # A small lesson
#
# It has a text of
# two lines.
#
# **After this lesson you can**
#
# - scale a number;
# - find the `middle`.
#
# **Time and difficulty.** About an hour, all of it for the exercises.
#
# ```
# this is fenced
# ```

# %% setup=true

# %% [markdown]
# <details><summary>What happened, and why</summary>
#
# Nothing happened.
#
# </details>

# %% alt="a number"
def experiment(x):
    """What this does,
    in two lines.

    And a second paragraph.
    """
    # A comment of
    # two lines.
    return x  # behind code


"a text"  # fmt: skip
print("printed", experiment(6 * 7))

# %% [markdown] edition="solutions"
# Look here.

'''
SCALE = '''\
class Scale(nn.Module):
    """Multiplies by a weight."""

    # Above the solution.
    ### BEGIN SOLUTION
    def __init__(self, n):
        """The secret of the start."""
        super().__init__()
        self.weight = nn.Parameter(torch.ones(n))  # a secret remark

    def forward(self, x):
        return x * self.weight
    ### END SOLUTION
'''
SOLUTION = re.compile(r"(?<=# %% solution=\"scale\"\n).*?### END SOLUTION\n", re.DOTALL)


def said(text: str) -> str:
    """A text in the made-up language."""
    parts = KEPT.split(text)
    return f"⟦{''.join(part if number % 2 else part.translate(ACCENTS) for number, part in enumerate(parts))}⟧"


def fill(course: Path, engine: Path | None = None) -> None:
    """Translate whatever has no translation yet, as a translator would, into the `.po` files."""
    for path in [*course.glob(f"*/languages/{CODE}.po"), *(engine.glob(f"languages/{CODE}.po") if engine else ())]:
        with path.open("rb") as file:
            words = read_po(file)
        for message in words:
            if message.id and isinstance(message.id, str) and not message.string:
                message.string = said(message.id)
            elif message.id and not any(message.string or ()):
                message.string = tuple(said(message.id[number]) for number in range(2))
        with path.open("wb") as file:
            write_po(file, words)


def write_lesson(course: Path) -> None:
    """The small lesson, with everything that prose can be."""
    lesson = small_lesson.write(course)
    text = LESSON + SOLUTION.sub(lambda _: SCALE, lesson.text.read_text(encoding="utf-8"))
    lesson.text.write_text(text, encoding="utf-8")
    config = (COURSE / "nbgrader_config.py").read_text(encoding="utf-8")
    (course / "nbgrader_config.py").write_text(f'{config}\nc.Grade.language = "{CODE}"\n', encoding="utf-8")
    (course / "secret.key").write_text("5" * 64)
    shutil.copy(ROOT / "pyproject.toml", course.parent)


def repository(folder: Path) -> Path:
    """The engine with a small course beside it, translated and built by the commands; returns the course."""
    others = shutil.ignore_patterns("__pycache__", "*.po", "*.mo")
    shutil.copytree(ROOT / "autograder", folder / "autograder", ignore=others)
    course = folder / "course"
    write_lesson(course)
    (course / "nbgrader_config.py").rename(folder / "later.py")
    shutil.copy(COURSE / "nbgrader_config.py", course)
    run(folder, "autograder", "build")
    run(folder, "autograder", "translate", CODE)
    fill(course, folder / "autograder")
    (folder / "later.py").rename(course / "nbgrader_config.py")
    run(folder, "autograder", "translate")
    run(folder, "autograder", "build")
    return course


def run(
    folder: Path, module: str, *arguments: str, language: str = "", fine: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run a program with the engine in that folder or above it."""
    repository = folder if (folder / "autograder").exists() else folder.parent
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AUTOGRADER_")}
    environment = {**kept, "PYTHONPATH": str(repository), "COLUMNS": "120", "AUTOGRADER_LANGUAGE": language}
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0 or not fine, f"{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
    return done
