"""Empty answers to an exercise: they define the required name, or don't, and do no work at all.

They are the same for every exercise, and none may earn a point: who has done nothing has shown nothing.
"""

from __future__ import annotations

from autograder.lesson import Exercise

_VALUES = ("None", "{}", "[]")
_BODIES = {
    "pass": "pass",
    "return {}": "return {}",
    "return []": "return []",
    "return set()": "return set()",
    "an empty generator": "yield from ()",
}
_OPEN_INIT = "def __init__(self, *args, **kwargs):\n        super().__init__()"
_CLASSES = {
    "class: pass": ("", "pass"),
    "class with an empty __init__": ("", "def __init__(self, *args, **kwargs):\n        pass"),
    "class(nn.Module): pass": ("(nn.Module)", "pass"),
    "class(nn.Module) with an empty __init__": ("(nn.Module)", _OPEN_INIT),
    "class(nn.Module) with an empty forward": (
        "(nn.Module)", f"{_OPEN_INIT}\n\n    def forward(self, *args, **kwargs):\n        pass",
    ),
}  # fmt: skip


def empty_answers(exercise: Exercise) -> dict[str, str]:
    """What the empty answer is → its source, which needs nothing but Python and torch."""
    name = exercise.requires
    values = {f"= {value}": f"{name} = {value}\n" for value in _VALUES}
    functions = {f"def: {what}": _function(name, body) for what, body in _BODIES.items()}
    managers = {f"with: yield {value}": _context_manager(name, value) for value in ("None", "{}")}
    classes = {what: _class(name, *parts) for what, parts in _CLASSES.items()}
    return {"nothing": "", **values, **functions, **managers, **classes}


def _function(name: str, body: str) -> str:
    return f"def {name}(*args, **kwargs):\n    {body}\n"


def _context_manager(name: str, value: str) -> str:
    return f"import contextlib\n\n\n@contextlib.contextmanager\n{_function(name, f'yield {value}')}"


def _class(name: str, bases: str, body: str) -> str:
    return f"from torch import nn\n\n\nclass {name}{bases}:\n    {body}\n"
