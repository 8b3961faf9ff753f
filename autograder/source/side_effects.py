"""Whether a cell has side effects: whether it may change, in the interpreter, what other cells rely on. Judged by its
text alone, by what it names.

The answer need not be right: where side effects are overlooked, only the cell's own author may lose points, and where
they are suspected in vain, exercises that went wrong are looked at once more.
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
def has_side_effects(source: str, given: frozenset[str]) -> bool:
    """Whether a cell seems to change more than its own names, or can't be parsed. `given` are names that other cells
    rely on."""
    tree = parsed(source)
    if tree is None:
        return True
    relied_on = given | frozenset(vars(builtins))
    outside = relied_on | _imported(tree)
    reaches_out = any(_reaches_out(node, outside) for node in ast.walk(tree))
    return reaches_out or bool(relied_on & _defined(tree))


@lru_cache(maxsize=300)
def bound_names(source: str) -> frozenset[str]:
    """The names that a cell binds at its top level, or the module that it writes; none where it can't be read."""
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
    """The names that statements at the top level bind, imports apart."""
    named = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    others = [part for node in tree.body if node not in named for part in ast.walk(node)]
    stored = {part.id for part in others if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load)}
    return frozenset({node.name for node in named} | stored)


def _reaches_out(node: ast.AST, outside: frozenset[str]) -> bool:
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
