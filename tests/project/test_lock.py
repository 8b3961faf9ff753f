"""What `make` installs: the lock satisfies pyproject.toml for each supported Python, and has hashes and no address."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest
from helpers import ROOT
from helpers.packages import LOCK, PROJECT, PYTHONS, load, requirements
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def locked(environment: dict[str, str]) -> dict[str, str]:
    """Name → version of what the lock installs in an environment as markers describe it."""
    lines = re.findall(r"^([^\s#].*?) \\$", LOCK, re.M)
    wanted = [one for one in map(Requirement, lines) if one.marker is None or one.marker.evaluate(environment)]
    found: dict[str, str] = {canonicalize_name(one.name): str(one.specifier).removeprefix("==") for one in wanted}
    assert len(found) == len(wanted), "a name occurs twice"
    return found


def required(requirement: Requirement) -> Iterator[Requirement]:
    """The requirement, or what an extra of our own stands for."""
    if requirement.name != PROJECT["name"]:
        yield requirement
    for extra in requirement.extras if requirement.name == PROJECT["name"] else ():
        for one in requirements(extra):
            yield from required(one)


@pytest.mark.parametrize("python", PYTHONS)
def test_lock_satisfies_what_is_required(python: str) -> None:
    versions = {"python_version": python, "python_full_version": f"{python}.0"}
    pins = locked({**versions, "sys_platform": "linux", "platform_machine": "x86_64", "os_name": "posix"})
    for requirement in (*requirements("student"), *(one for line in requirements("dev") for one in required(line))):
        pin = pins[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(pin), f"{requirement}, and the lock has {pin}"


def test_lock_is_versions_and_hashes_alone() -> None:
    """Each package has both, and no line has anything else: no address, no option, no folder."""
    package, digest, comment = r"[\w.-]+==[\w.+-]+( ; [^\\]+)? \\", r"    --hash=sha256:[0-9a-f]{64}", r" *#.*"
    kinds = re.compile(rf"(?P<package>{package})|(?P<hash>{digest})(?P<more> \\)?|(?P<comment>{comment})")
    lines = [kinds.fullmatch(line) for line in LOCK.splitlines()]
    assert [line for line, kind in zip(LOCK.splitlines(), lines, strict=True) if not kind] == []
    steps = [kind for kind in lines if kind and not kind["comment"]]
    for step, following in itertools.pairwise(steps):
        assert bool(step["package"] or step["more"]) == bool(following["hash"])
    assert steps[0]["package"] and steps[-1]["hash"]
    assert not re.search(r"://|^[^#]*(/|@)", LOCK, re.M)


def test_lock_was_made_for_these_requirements() -> None:
    assert LOCK.startswith(load(ROOT / "tools" / "lock.py").header()), "requirements have changed; run: make lock"


def test_the_first_python_is_the_oldest_that_is_allowed() -> None:
    assert PROJECT["requires-python"] == f">={PYTHONS[0]}"
