"""Edits of texts: what `find_edit` finds, `apply_edit` makes; what doesn't apply exactly once is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.texts.edits import EditError, apply_edit, find_edit

LINES = st.lists(st.sampled_from(["", "    return x", "a = 1", "b = 2", "-c", "+d", "@@", " @@ "]), max_size=12)
BASE = "def f(x):\n    y = x\n    return y\n\n\ndef g(x):\n    y = x\n    return x\n"


@given(old=LINES, new=LINES)
def test_an_edit_that_is_found_makes_the_change(old: list[str], new: list[str]) -> None:
    base, changed = ("\n".join(["first", *lines]) + "\n" for lines in (old, new))
    edit = find_edit(base, changed)
    assert changed == (apply_edit(base, edit) if edit else base)


def test_lines_that_stand_there_twice_get_the_context_that_tells_them_apart() -> None:
    assert find_edit(BASE, BASE.replace("y = x\n    return y", "y = 2 * x\n    return y")) == (
        " def f(x):\n-    y = x\n+    y = 2 * x\n"
    )


def test_an_edit_is_independent_of_the_rest() -> None:
    edit = "-    return y\n+    return -y"
    assert apply_edit(f"import math\n\n{BASE}", edit) == f"import math\n\n{BASE.replace('return y', 'return -y')}"


@pytest.mark.parametrize(
    ("edit", "line", "told"),
    [
        (
            "-    return z\n+    return 0",
            0,
            "stand there nowhere:\n        return z\nThe nearest to `return z` there is:\n        return y",
        ),
        ("-    return y\n@@\n-    y = x", 2, "stand there 2 times:\n        y = x"),
        ("+    return 0", 0, "stand there nowhere:\n    (no line that is there already)"),
        ("-    return y\nreturn 0", 1, "begins with -, + or a space, and this one with 'r'"),
        (" def g(x):\n-    y = x\n@@\n-    y = x\n     return x", 3, "two hunks change the same lines"),
    ],
)
def test_what_does_not_apply_is_told_with_its_line(edit: str, line: int, told: str) -> None:
    with pytest.raises(EditError) as error:
        apply_edit(BASE, edit)
    assert error.value.line == line
    assert str(error.value).endswith(told)
