"""Files as students hand them in: what can be read is read, what can be repaired is, and the rest is said."""

from __future__ import annotations

import copy
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from helpers import small_lesson
from helpers.small_lesson import ANSWERS, GIVEN, STUBS, check, code, notebook, solution, solved
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.judging.misnamed import misnamed
from autograder.lesson.lesson import Lesson
from autograder.running.plan import Step, plan, plan_alone
from autograder.source.parsing import functions_and_classes
from autograder.submission import reading
from autograder.submission.cells import (
    Submission,
    UnreadableSubmission,
    calls_check,
    guess_lesson,
    read_bytes,
    read_submission,
)
from autograder.submission.notebook import notebook_of, submission_of


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return small_lesson.write(tmp_path_factory.mktemp("course"))


def text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def roles(submission: Submission) -> list[tuple[str | None, str | None]]:
    return [(cell.role, cell.exercise) for cell in submission.cells]


WHOLE = [(None, None), *[(role, name) for name in ANSWERS for role in ("solution", "check")]]
"""The roles in a notebook that nobody has touched."""


def test_an_untouched_notebook_needs_no_repair(lesson: Lesson) -> None:
    submission = read_submission(notebook(solved()), lesson)
    assert roles(submission) == WHOLE
    assert submission.notes == {}
    assert [cell.source for cell in submission.cells if cell.role == "solution"] == list(ANSWERS.values())


def test_lost_metadata_is_found_again_by_content(lesson: Lesson) -> None:
    cells = [{**cell, "metadata": {}} for cell in solved()]
    submission = read_submission(notebook(cells), lesson)
    assert roles(submission) == WHOLE
    assert submission.notes == {}


@pytest.mark.parametrize(
    ("spoilt", "note"),
    [
        ([solution("middle")], "missing"),
        ([solution("middle"), check("middle"), check("middle")], "more than once"),
        ([check("middle"), solution("middle")], "before the solution"),
        ([solution("middle"), {**check("middle"), "source": "print(100)"}], "edited"),
        ([solution("middle"), {**check("middle"), "cell_type": "raw"}], "no code cell"),
    ],
    ids=["deleted", "doubled", "moved up", "edited", "retyped"],
)
def test_a_spoilt_check_cell_is_repaired_with_a_note(lesson: Lesson, spoilt: list[Any], note: str) -> None:
    submission = read_submission(notebook([*solved()[:3], *spoilt, *solved()[5:]]), lesson)
    assert list(submission.notes) == ["middle"]
    assert note in submission.notes["middle"][0]
    probes = [step.exercise for step in plan(submission, lesson) if step.exercise]
    assert probes == list(ANSWERS)
    ready = notebook_of(submission, lesson)
    assert (
        len([cell for cell in ready.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "check_middle"]) == 1
    )
    assert submission_of(ready).notes == submission.notes


def test_an_exercise_without_check_cell_is_graded_before_the_next_exercise(lesson: Lesson) -> None:
    cells = solved()
    submission = read_submission(notebook([*cells[:4], code("helper = 1"), *cells[5:]]), lesson)
    last = [Step(cell=3), Step(cell=4), Step(exercise="middle"), Step(cell=5), Step(exercise="total")]
    assert plan(submission, lesson)[-5:] == last


def stub(exercise: str) -> dict[str, Any]:
    """A solution cell as a student opens it."""
    return solution(exercise, STUBS[exercise])


@pytest.mark.parametrize(
    ("cells", "answer"),
    [
        ([solution("total"), check("total"), stub("total")], 0),  # a copy of the stub, kept below
        ([solution("total"), check("total"), stub("total"), check("total")], 0),  # the released notebook appended
        ([stub("total"), check("total"), code(ANSWERS["total"]), check("total")], 2),  # the answer further down
        ([stub("total"), code(f"{ANSWERS['total']}check('total')", "check_total")], 1),  # the answer with the check
        ([stub("total"), check("total")], 0),
    ],
)
def test_of_several_cells_the_answer_counts_and_no_stub(lesson: Lesson, cells: list[Any], answer: int) -> None:
    submission = read_submission(notebook(cells), lesson)
    assert submission.find("solution", "total") == answer
    assert submission.cells[answer].code
    assert submission.place("total") > answer


def test_a_scratch_cell_never_takes_the_place_of_an_answer(lesson: Lesson) -> None:
    abstract = "class Rule:\n    def of(self, x):\n        raise NotImplementedError\n\n"
    for answer in (
        f"{abstract}{ANSWERS['total']}",
        f"{ANSWERS['total']}    raise NotImplementedError('your code goes here')\n",
    ):
        cells = [solution("total", answer), check("total"), code("def total(numbers):\n    return 0\n")]
        submission = read_submission(notebook(cells), lesson)
        assert submission.find("solution", "total") == 0
        assert "total" not in submission.notes


def test_an_answer_begun_counts_before_a_stub(lesson: Lesson) -> None:
    begun = "class Scale:\n    def __init__(self, n):\n        self.n = n\n\n    def forward(self, x):\n        "
    begun += "raise NotImplementedError('your code goes here')\n"
    cells = [stub("scale"), code(begun), check("scale")]
    assert read_submission(notebook(cells), lesson).find("solution", "scale") == 1


def test_another_name_is_noted() -> None:
    defined = functions_and_classes(ANSWERS["scale"].replace("Scale", "scale"))
    assert misnamed("Scale", defined) == "`scale` is defined, but `Scale` is asked for."
    assert misnamed("Scale", ["Scales", "rescaled", "Scale"]) == "`Scales` is defined, but `Scale` is asked for."
    assert misnamed("Scale", ["total", "Scale"]) == ""


def test_questions_still_to_be_answered_are_a_stub(lesson: Lesson) -> None:
    answered, asked = 'total = {\n    "a b": True,\n}\n', 'total = {\n    "a b": None,\n}\n'
    cells = [solution("total", answered), check("total"), solution("total", asked), check("total")]
    assert read_submission(notebook(cells), lesson).find("solution", "total") == 0


def test_check_cells_are_never_run(lesson: Lesson) -> None:
    extra = [check("scale"), code("# again\ncheck('total');"), code("from autograder import check\ncheck( 'scale' )")]
    submission = read_submission(notebook([*extra, *solved()]), lesson)
    cells = [step.cell for step in plan(submission, lesson) if step.cell is not None]
    assert [submission.cells[number].source for number in cells] == [GIVEN, *ANSWERS.values()]


def test_an_exercise_alone_runs_its_own_cell_and_what_others_define(lesson: Lesson) -> None:
    submission = read_submission(notebook(solved()), lesson)
    alone = plan_alone(plan(submission, lesson), submission, "middle")
    assert alone == [
        Step(cell=0, definitions=True), Step(cell=1, definitions=True), Step(cell=3), Step(exercise="middle"),
    ]  # fmt: skip


def test_a_solution_retyped_as_markdown_is_run_where_it_is_code(lesson: Lesson) -> None:
    cells = solved()
    cells[3] = {**cells[3], "cell_type": "markdown"}
    assert read_submission(notebook(cells), lesson).cells[3].code
    cells[3]["source"] = "I could not solve this one."
    assert not read_submission(notebook(cells), lesson).cells[3].code


def test_of_two_cells_that_claim_a_solution_the_last_that_defines_it_counts(lesson: Lesson) -> None:
    cells = [*solved(), solution("total", "# a note to myself"), solution("total", "def total(x): return 1")]
    assert read_submission(notebook(cells), lesson).find("solution", "total") == len(cells) - 1


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('check("total")', True),
        ("  check('total') ;\n\n# done", True),
        ("from autograder import check\ncheck('total')", True),
        ("x = 1\ncheck('total')", False),
        ("print(check('total'))", False),
        ("# check('total')", False),
        ("check('middle')", False),
        ("check(total)", False),
        ("", False),
        ("\n" * 600 + "check('total')", False),
    ],
)
def test_a_check_cell_is_known_by_its_text(source: str, found: bool) -> None:
    assert calls_check(source, "total") is found


# Formats


def test_older_formats_are_read(lesson: Lesson) -> None:
    cells = [{**cell, "input": cell.pop("source").splitlines(keepends=True)} for cell in copy.deepcopy(solved())]
    worksheets = [{"cells": [*cells[:3], {"cell_type": "heading", "source": "A title"}]}, {"cells": cells[3:]}]
    content = json.dumps({"nbformat": 3, "nbformat_minor": 0, "worksheets": worksheets}).encode()
    submission = read_submission(content, lesson)
    assert roles(submission) == [*WHOLE[:3], (None, None), *WHOLE[3:]]
    assert submission.cells[1].source == ANSWERS["scale"]


@pytest.mark.parametrize("behind", ["\0" * 99, "}", "\n]}\n\n"])
def test_what_is_left_over_behind_a_notebook_does_no_harm(lesson: Lesson, behind: str) -> None:
    assert roles(read_submission(notebook(solved()) + behind.encode(), lesson)) == WHOLE


def test_of_two_notebooks_in_one_file_none_is_chosen(lesson: Lesson) -> None:
    with pytest.raises(UnreadableSubmission, match="not JSON"):
        read_submission(notebook(solved()) * 2, lesson)


def test_a_cell_that_is_too_long_says_so_when_it_is_run(lesson: Lesson) -> None:
    cells = [*solved(), code(f"'{'x' * 2_000_000}'")]
    assert "This cell has 2,000,002 characters" in read_submission(notebook(cells), lesson).cells[-1].source


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_any_encoding_of_json_is_read(lesson: Lesson, encoding: str) -> None:
    cells = [text("Übung ≠ 練習"), *solved()]
    content = notebook(cells).decode().encode(encoding)
    assert roles(read_submission(content, lesson)) == [(None, None), *WHOLE]


def test_windows_line_ends_are_read(lesson: Lesson) -> None:
    cells = [{**cell, "source": cell["source"].replace("\n", "\r\n"), "metadata": {}} for cell in solved()]
    assert roles(read_submission(notebook(cells), lesson)) == WHOLE


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b" \n\0\0", "empty"),
        (b"dear teacher", "not JSON at line 1"),
        (b'{"cells": [', "not JSON"),
        (b"[]", "no notebook"),
        (b"{}", "no list of cells"),
        (b'{"cells": {"a": 1}}', "no list of cells"),
        (b'{"worksheets": 3}', "no list of cells"),
        (b"[" * 100_000, "not JSON"),
        (b'{"cells":' * 50_000, "not JSON"),
        (b"9" * 10_000, "it is no notebook; save it"),
        (b"[" + b"{}," * 2_000_001, "too many parts"),
        (json.dumps({"cells": [{}] * 1_001}).encode(), "over 1,000 cells"),
        (b"\xff\xfe\x00\xd8", "not JSON"),
        (b"\x00\x00\x00\x01garbage", "not JSON"),
    ],
)
def test_what_is_no_notebook_is_said_with_what_to_do(lesson: Lesson, content: bytes, told: str) -> None:
    with pytest.raises(UnreadableSubmission, match=told) as caught:
        read_submission(content, lesson)
    assert "; " in str(caught.value)
    assert len(str(caught.value)) < 200


def test_cells_of_no_shape_are_passed_over(lesson: Lesson) -> None:
    odd: list[Any] = [
        3, None, [], "cell", {}, {"cell_type": 7, "source": 9}, {"cell_type": "code", "source": {"a": 1}},
        {"cell_type": "code", "source": ["a", 1, None, "b"], "metadata": []},
        {"cell_type": "code", "source": "x", "metadata": {"nbgrader": "scale"}},
        {"cell_type": "code", "source": "y\ud800", "metadata": {"nbgrader": {"grade_id": ["scale"]}}},
    ]  # fmt: skip
    submission = read_submission(notebook([*odd, *solved()]), lesson)
    assert roles(submission) == [(None, None)] * 6 + WHOLE
    assert [cell.source for cell in submission.cells[:6]] == ["", "", "", "ab", "x", "y?"]


@pytest.mark.parametrize(
    "source",
    ["\n" * 1_000_000, " " * 1_000_000 + "x", "check(" * 160_000, "(" * 1_000_000, "-" * 500_000 + "1 #total",
     "total" * 200_000, "class " * 160_000 + "total"],
    ids=["lines", "spaces", "calls", "brackets", "signs", "names", "keywords"],
)  # fmt: skip
def test_no_source_is_slow_to_recognise_or_fells_the_reader(lesson: Lesson, source: str) -> None:
    started = time.monotonic()
    read_submission(notebook([code(source), text(source), *solved()]), lesson)
    guess_lesson(notebook([code(source), *solved()]), [lesson])
    assert time.monotonic() - started < 5


# Which lesson


def test_a_notebook_is_known_by_any_trace_of_its_exercises(lesson: Lesson, tmp_path: Path) -> None:
    other = Lesson(tmp_path / "other")
    small_lesson.criteria(other).parent.mkdir(parents=True)
    small_lesson.criteria(other).write_text(small_lesson.CRITERIA.replace("total", "summa").replace("Scale", "Skala"))
    for cells in ([check("total")], [solution("total", "")], [code(ANSWERS["total"])]):
        assert guess_lesson(notebook(cells), [other, lesson]) == lesson


def test_a_notebook_of_no_lesson_is_said(lesson: Lesson) -> None:
    with pytest.raises(UnreadableSubmission, match=r"no exercise of any lesson \(lessons here: small\)"):
        guess_lesson(notebook([code("print(1)")]), [lesson])


# Files


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "練習 (final) ñ.ipynb"
    path.write_bytes(b"{}")
    assert read_bytes(path) == b"{}"


@pytest.mark.timeout(20)
def test_what_is_no_ordinary_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("not theirs")
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "secret")
    (tmp_path / "dangling.ipynb").symlink_to(tmp_path / "nothing")
    (tmp_path / "folder.ipynb").mkdir()
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "device.ipynb").symlink_to("/dev/zero")
    told = {"link": "a symbolic link", "dangling": "a symbolic link", "folder": "not an ordinary file",
            "pipe": "not an ordinary file", "device": "a symbolic link", "absent": "no such file"}  # fmt: skip
    for name, reason in told.items():
        with pytest.raises(UnreadableSubmission, match=reason):
            read_bytes(tmp_path / f"{name}.ipynb")


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 1_000_000)
    path = tmp_path / "large.ipynb"
    path.write_bytes(bytes(1_000_000))
    assert len(read_bytes(path)) == 1_000_000
    path.write_bytes(bytes(1_000_001))
    with pytest.raises(UnreadableSubmission, match="larger than 1 MB; clear all outputs"):
        read_bytes(path)


# Anything at all

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
SOURCES = st.sampled_from([*ANSWERS.values(), 'check("total")', "", "x = (", "\x00"]) | st.text() | JSON
IDS = st.sampled_from([*ANSWERS, "check_total", "check_scale"]) | JSON
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw"]) | JSON,
        "source": SOURCES | st.lists(SOURCES, max_size=3),
        "input": SOURCES,
        "metadata": st.fixed_dictionaries({}, optional={"nbgrader": st.fixed_dictionaries({"grade_id": IDS}) | JSON})
        | JSON,
    },
)
NOTEBOOKS = st.fixed_dictionaries(
    {},
    optional={
        "cells": st.lists(CELLS | JSON, max_size=8) | JSON,
        "worksheets": st.lists(st.fixed_dictionaries({"cells": st.lists(CELLS, max_size=3) | JSON}) | JSON, max_size=2),
        "metadata": JSON,
    },
)


@settings(max_examples=200)
@given(content=st.binary(max_size=200) | JSON.map(lambda plain: json.dumps(plain).encode())
       | NOTEBOOKS.map(lambda plain: json.dumps(plain).encode()))  # fmt: skip
def test_whatever_comes_is_read_or_refused(lesson: Lesson, content: bytes) -> None:
    try:
        submission = read_submission(content, lesson)
    except UnreadableSubmission:
        return
    found = [role for role in roles(submission) if role != (None, None)]
    assert len(found) == len(set(found))
    assert sorted(step.exercise for step in plan(submission, lesson) if step.exercise) == sorted(ANSWERS)
    again = submission_of(notebook_of(submission, lesson))
    assert {role for role in roles(again) if role[0] == "check"} == {("check", name) for name in ANSWERS}
    json.dumps([cell.source for cell in again.cells], ensure_ascii=False).encode()
