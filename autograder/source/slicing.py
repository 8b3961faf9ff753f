"""Slicing: of a lesson's experiments, which a student left as they were, the definitions that the student's own cells
depend on. A training that nobody builds upon is not run again."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from autograder.source.parsing import definitions, parsed, written_module
from autograder.source.side_effects import bound_names

_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class _Definition:
    """A statement that defines: its text, the names that it binds, and those that it mentions."""

    text: str
    binds: frozenset[str]
    words: frozenset[str]


def slice_definitions(experiments: Mapping[int, str], written: Iterable[str]) -> dict[int, str]:
    """Of experiments by cell number, the definitions that the `written` cells depend on, by number; experiments of
    which nothing is needed are left out."""
    words = frozenset(word for text in written for word in _mentioned(text))
    left = [(number, definition) for number, source in experiments.items() for definition in _definitions(source)]
    kept: list[tuple[int, _Definition]] = []
    while found := [each for each in left if each[1].binds & words]:
        kept += found
        left = [each for each in left if each not in found]
        words = words.union(*(definition.words for _, definition in found))
    texts: dict[int, list[str]] = {number: [] for number in experiments}
    for number, source in experiments.items():
        texts[number] = [each.text for each in _definitions(source) if (number, each) in kept]
    return {number: "\n".join(parts) for number, parts in texts.items() if parts}


@lru_cache(maxsize=300)
def _definitions(source: str) -> tuple[_Definition, ...]:
    tree = parsed(source)
    texts = [ast.unparse(statement) for statement in definitions(tree)] if tree else []
    texts += [source] if written_module(source) else []
    return tuple(_Definition(text, bound_names(text), _mentioned(text)) for text in texts)


@lru_cache(maxsize=300)
def _mentioned(source: str) -> frozenset[str]:
    """The names in a cell, its modules, and the texts that may be names: `globals()["wave"]`. Of what is no Python,
    every word."""
    tree = parsed(source)
    if tree is None:
        return frozenset(_WORD.findall(source))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return frozenset(names | {text for text in texts if text.isidentifier()} | _modules(tree))


def _modules(tree: ast.Module) -> set[str]:
    """The modules from which something is imported."""
    paths = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    paths += [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return {path.partition(".")[0] for path in paths}
