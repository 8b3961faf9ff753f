"""Can a cell have spoiled the interpreter for others? A look at its text: at what it names, not at what it does.

It need not be right: where it says "tame" too easily, only the cell's own author may lose points, and where it says no
too easily, exercises that went wrong are looked at once more.
"""

from __future__ import annotations

import ast
import builtins
from functools import lru_cache

from autograder.source.parsing import parsed, written_module

SAFE = {
    "torch", "torchvision", "numpy", "matplotlib", "math", "collections", "contextlib", "copy", "dataclasses",
    "functools", "itertools", "operator", "re", "statistics", "types", "typing", "warnings", "abc", "__future__",
}  # fmt: skip
"""Modules that one imports to use them."""
RISKY = {
    "exec", "eval", "compile", "__import__", "globals", "locals", "open", "input", "breakpoint", "exit", "quit",
    "get_ipython", "__builtins__", "setattr", "delattr",
}  # fmt: skip
DEEP = {"library", "_C"}
"""Attributes of torch through which one gets at its inside."""
SETTERS = (
    "set_", "use_", "enable", "disable", "register_module_", "seed", "manual_seed", "filterwarnings", "simplefilter",
)  # fmt: skip
"""How methods begin that change something for everybody, where they are a module's."""


@lru_cache(maxsize=300)
def tame(source: str, given: frozenset[str]) -> bool:
    """Whether a cell seems to change nothing but its own names. `given` are names that others rely on."""
    tree = parsed(source)
    if tree is None:
        return False
    relied_on = given | frozenset(vars(builtins))
    outside = relied_on | _imported(tree)
    wild = any(_wild(node, outside) for node in ast.walk(tree))
    return not wild and not relied_on & _defined(tree)


@lru_cache(maxsize=300)
def bound_names(source: str) -> frozenset[str]:
    """The names that a cell binds at its margin, or the module that it writes; none where it can't be read."""
    if module := written_module(source):
        return frozenset({module})
    tree = parsed(source)
    return _imported(tree) | _defined(tree) if tree else frozenset()


def stored_names(source: str) -> frozenset[str]:
    """All names that a cell stores anywhere, or defines; none where it can't be read."""
    tree = parsed(source)
    stored = (node.id for node in ast.walk(tree or ast.Module([], [])) if isinstance(node, ast.Name)
              and isinstance(node.ctx, ast.Store))  # fmt: skip
    return bound_names(source).union(stored)


def _imported(tree: ast.Module) -> frozenset[str]:
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return frozenset((alias.asname or alias.name).partition(".")[0] for node in imports for alias in node.names)


def _defined(tree: ast.Module) -> frozenset[str]:
    """The names that statements at the margin bind, imports apart."""
    named = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    others = [part for node in tree.body if node not in named for part in ast.walk(node)]
    stored = {part.id for part in others if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load)}
    return frozenset({node.name for node in named} | stored)


def _wild(node: ast.AST, outside: frozenset[str]) -> bool:
    match node:
        case ast.Import(names=names):
            return any(alias.name.partition(".")[0] not in SAFE for alias in names)
        case ast.ImportFrom(module=module, names=names):
            return str(module).partition(".")[0] not in SAFE or any(alias.name == "*" for alias in names)
        case ast.Global() | ast.Await():
            return True
        case ast.Name(id=name):
            return name in RISKY
        case ast.Attribute(attr=name) if name in DEEP:
            return True
        case ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
            return _begins_in(node, outside)
        case ast.Call(func=ast.Attribute(attr=name) as function) if name.startswith(SETTERS):
            return _begins_in(function, outside)
    return False


def _begins_in(node: ast.AST, outside: frozenset[str]) -> bool:
    """Whether a chain of attributes and places begins at one of these names, or at none at all."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return not isinstance(node, ast.Name) or node.id in outside
