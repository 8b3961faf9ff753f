"""The engine's rooms: on which floor each lies, which imports which, and the map of them in CONTRIBUTING.md.

    python tools/house.py           # write the map into CONTRIBUTING.md
    python tools/house.py --check   # exit 1 where the map is out of date, or an import runs up or past a door

A room is a package of `autograder/`. It imports from rooms on lower floors only, and only what their doors, the
`__all__` of their `__init__`, hand out: names, and modules that are to be imported by those alone who need them, since
they bring torch, nbgrader or zmq. What a room is, its `__init__` says.
"""

from __future__ import annotations

import ast
import re
import sys
import textwrap
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # before anything is installed, too

from autograder.rooms import FLOORS  # noqa: E402

ENGINE = ROOT / "autograder"
PAGE = ROOT / "CONTRIBUTING.md"
EXCEPTIONS: dict[tuple[str, str], str] = {}
"""(room, room on no lower floor that it imports from) → the reason."""
BEGIN, END = "<!-- Rooms: written by tools/house.py -->\n", "<!-- End of rooms -->\n"
WIDTH, COLUMN = 116, 14


def floor(room: str) -> int:
    """A room's floor, 1 at the bottom. Raises `StopIteration` for a room that has none."""
    return next(len(FLOORS) - number for number, rooms in enumerate(FLOORS) if room in rooms)


def rooms() -> set[str]:
    """The packages of the engine."""
    return {path.parent.name for path in ENGINE.glob("*/__init__.py")}


def arrows() -> dict[tuple[str, str], list[str]]:
    """(room, another room that it imports from) → the files that do."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in sorted(ENGINE.glob("*/**/*.py")):
        room = path.relative_to(ENGINE).parts[0]
        for other in {name.split(".")[1] for name in _imported(path) if name.startswith("autograder.")} - {room}:
            found[room, other].append(path.relative_to(ROOT).as_posix())
    return {pair: files for pair, files in found.items() if pair[1] in rooms()}


def running_up() -> list[str]:
    """Imports from a room that lies on no lower floor, without a reason, a line each."""
    up = {
        pair: files for pair, files in arrows().items() if floor(pair[0]) <= floor(pair[1]) and pair not in EXCEPTIONS
    }
    return [f"{here} imports from {there}: {', '.join(files)}" for (here, there), files in sorted(up.items())]


def past_doors() -> list[str]:
    """Imports of what another room does not hand out, a line each."""
    found = []
    for path in sorted(ENGINE.glob("*/**/*.py")):
        for name in sorted(_imported(path)):
            package, room, inner = [*name.split("."), "", "", ""][:3]
            other = package == "autograder" and room in rooms() and room != path.relative_to(ENGINE).parts[0]
            if other and inner and inner not in _handed_out(room):
                found.append(f"{path.relative_to(ROOT)} imports {name}, which the room {room} does not hand out")
    return found


def _handed_out(room: str) -> set[str]:
    """What a room's `__all__` lists; nothing where it has none."""
    tree = ast.parse((ENGINE / room / "__init__.py").read_text(encoding="utf-8"))
    assigned = [node for node in tree.body if isinstance(node, ast.Assign)]
    return {
        name for node in assigned if ast.unparse(node.targets[0]) == "__all__" for name in ast.literal_eval(node.value)
    }


def map_of_rooms() -> str:
    """The map, as the page has it: floor by floor, each room with what its `__init__` says first."""
    lines = ["```"]
    for names in FLOORS:
        for name in names:
            said = ast.get_docstring(ast.parse((ENGINE / name / "__init__.py").read_text(encoding="utf-8"))) or ""
            first = " ".join(said.split("\n\n")[0].split())
            text = textwrap.wrap(first, WIDTH - COLUMN - 2)
            head = f"{floor(name)} {name}".ljust(COLUMN + 2)
            lines += [f"{head if not number else ' ' * (COLUMN + 2)}{part}" for number, part in enumerate(text)]
    return "\n".join([*lines, "```", ""])


def _imported(path: Path) -> set[str]:
    """The modules that a file imports, wherever it does."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def with_map(page: str) -> str:
    """The page with the map as it is now. Raises `ValueError` where it has no place for one."""
    pattern = re.compile(f"(?<={re.escape(BEGIN)}).*?(?={re.escape(END)})", re.DOTALL)
    if not pattern.search(page):
        raise ValueError(f"CONTRIBUTING.md has no {BEGIN.strip()} … {END.strip()}")
    return pattern.sub(lambda _: map_of_rooms(), page)


def main() -> int:
    """Write or check; returns the exit status."""
    text = PAGE.read_text(encoding="utf-8")
    wanted = with_map(text)
    if "--check" not in sys.argv:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    old_map = ["CONTRIBUTING.md: the map of rooms is out of date; run python tools/house.py"] if wanted != text else []
    faults = running_up() + past_doors() + old_map
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
