"""What to say where a package that instructors need is missing. Imports nothing: anything may be."""

from __future__ import annotations

EXTRAS = {"dask": "cluster", "distributed": "cluster", "psycopg": "postgresql"}
"""Packages that only some instructors need, and by what name they get them."""


def without(missing: ModuleNotFoundError) -> str:
    """What to tell somebody who lacks a package. Raises `missing` again where it is one of our own modules."""
    package = (missing.name or "autograder").partition(".")[0]
    if package == "autograder":
        raise missing
    if package in EXTRAS:
        return f"the package {package!r} is not installed: pip install 'inside-nn-module[instructor,{EXTRAS[package]}]'"
    return (
        f"the package {package!r} is not installed. No notebook needs these commands; for them, install what"
        " instructors need: pip install 'inside-nn-module[instructor]'"
    )
