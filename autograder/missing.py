"""What to say where a package that instructors need is missing. Imports nothing: anything may be."""

from __future__ import annotations


def without(missing: ModuleNotFoundError) -> str:
    """What to tell somebody who lacks a package. Raises `missing` again where it is one of our own modules."""
    package = (missing.name or "autograder").partition(".")[0]
    if package == "autograder":
        raise missing
    return (
        f"the package {package!r} is not installed. No notebook needs these commands; for them, install what"
        " instructors need: pip install 'inside-nn-module[instructor]'"
    )
