"""A new version of a lesson comes into a notebook that somebody has begun, and nothing that was written is lost."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable

import nbformat
from helpers import small_lesson
from helpers.versions import Versions, answered, grown, place, sources
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode

from autograder.submission.notebook import code_cell, text_cell, write_notebook
from autograder.update.merge import CHANGED, GONE, STUB, merge


def in_cell(notebook: NotebookNode, text: str) -> NotebookNode:
    return notebook.cells[place(notebook, text)]


class TestMerge:
    """What becomes of each kind of cell."""

    def test_an_untouched_notebook_becomes_the_new_release(self, versions: Versions) -> None:
        assert versions.merged(versions.released("old")) == versions.released("new")

    def test_an_answer_stands_in_the_new_solution_cell_with_its_outputs(self, versions: Versions) -> None:
        student = answered(versions, scale=small_lesson.SCALE + "print('mine')\n")
        output = nbformat.v4.new_output("stream", text="mine\n")
        in_cell(student, "print('mine')").update(outputs=[output], execution_count=4)
        cell = in_cell(versions.merged(student), "print('mine')")
        assert cell.source == small_lesson.SCALE + "print('mine')\n"
        assert (cell.outputs, cell.execution_count) == ([output], 4)
        assert cell.metadata == in_cell(versions.released("new"), "class Scale").metadata

    def test_untouched_stubs_become_the_new_stubs(self, versions: Versions) -> None:
        done = versions.merged(answered(versions, scale=small_lesson.SCALE))
        assert in_cell(done, "def total").source == in_cell(versions.released("new"), "def total").source

    def test_half_an_answer_is_kept_though_it_still_raises(self, versions: Versions) -> None:
        half = "def middle(numbers):\n    ordered = sorted(numbers)\n    raise NotImplementedError\n"
        total = "def total(numbers):\n    # my idea: a loop\n    raise NotImplementedError\n"
        done = versions.merged(answered(versions, middle=half, total=total))
        assert half in sources(done)
        assert total in sources(done)

    def test_a_new_stub_is_shown_below_an_answer_to_the_old_one(self, versions: Versions) -> None:
        done = versions.merged(answered(versions))
        note = done.cells[sources(done).index(small_lesson.TOTAL) + 1]
        assert note.source.startswith(STUB)
        assert "def total(numbers, start=0):" in note.source
        assert not any(STUB in source for source in sources(versions.merged(versions.released("old"))))

    def test_an_answer_to_an_exercise_that_is_gone_is_kept_at_the_end(self, versions: Versions) -> None:
        done = versions.merged(answered(versions))
        assert sources(done)[-3:] == [GONE, "`middle`", small_lesson.MIDDLE]
        assert not done.cells[-1].metadata
        assert 'check("middle")' not in sources(done)

    def test_own_cells_stay_where_they_stood(self, versions: Versions) -> None:
        student = versions.released("old")
        for text, own in (("class Scale", code_cell("mine = 1")), ('check("total")', text_cell("I found this hard."))):
            student.cells.insert(place(student, text) + 1, own)
        student.cells.insert(0, text_cell("My notebook"))
        student.cells.append(code_cell("the_end = True"))
        done = versions.merged(student)
        assert place(done, "My notebook") == 0
        assert place(done, "mine = 1") == place(done, "class Scale") + 1
        assert place(done, "I found this hard.") == place(done, 'check("total")') + 1
        assert place(done, "the_end") == len(done.cells) - 1

    def test_an_earlier_attempt_stays_above_the_answer(self, versions: Versions) -> None:
        done = versions.merged(grown(versions))
        attempt, answer = place(done, "        return x\n"), place(done, "return x * self.weight")
        assert attempt < answer < place(done, 'check("scale")')
        assert place(done, "def add") < place(done, "return add(numbers)")
        student = versions.released("old")
        student.cells.insert(place(student, "Try it") + 1, code_cell("def total(numbers):\n    return 7"))
        student.cells.append(code_cell(small_lesson.TOTAL))
        done = versions.merged(student)
        assert place(done, "return 7") < sources(done).index(small_lesson.TOTAL) < place(done, 'check("total")')

    def test_what_one_changed_and_the_lesson_did_not_stays_in_its_place(self, versions: Versions) -> None:
        student = versions.released("old")
        in_cell(student, "rate = 0.1").source = "rate = 0.5\nprint('higher', rate)"
        in_cell(student, "**Predict.**").source += "\n\nI say 42."
        done = versions.merged(student)
        assert len(done.cells) == len(versions.released("new").cells)
        assert not any("rate = 0.1" in source for source in sources(done))
        assert in_cell(done, "I say 42.").source.startswith("**Predict.**")

    def test_what_both_changed_is_there_twice_and_says_why(self, versions: Versions) -> None:
        student = versions.released("old")
        in_cell(student, 'colour = "blue"').source = 'colour = "red"\nprint("the colour is", colour)'
        done = versions.merged(student)
        number = place(done, 'colour = "green"')
        assert sources(done)[number + 1] == CHANGED
        assert 'colour = "red"' in sources(done)[number + 2]

    def test_what_was_written_into_a_check_cell_is_kept_but_not_run(self, versions: Versions) -> None:
        student = versions.released("old")
        in_cell(student, 'check("total")').source = '# ``` odd\nremember = "this"\ncheck("total")'
        done = versions.merged(student)
        kept = in_cell(done, 'remember = "this"')
        assert kept.cell_type == "markdown"
        assert "````python" in kept.source
        assert sources(done).count('check("total")') == 1

    def test_words_in_the_place_of_an_answer_are_kept(self, versions: Versions) -> None:
        student = versions.released("old")
        number = place(student, "class Scale")
        student.cells[number] = text_cell("I could not do this.") | {"metadata": student.cells[number].metadata}
        done = versions.merged(student)
        assert in_cell(done, "I could not do this.").cell_type == "markdown"
        assert in_cell(done, "class Scale").cell_type == "code"

    def test_pictures_in_own_notes_are_kept(self, versions: Versions) -> None:
        student = versions.released("old")
        picture = {"drawing.png": {"image/png": "iVBORw0KGgo="}}
        student.cells.append(text_cell("![a drawing](attachment:drawing.png)") | {"attachments": picture})
        assert versions.merged(student).cells[-1].attachments == picture

    def test_without_stamps_what_is_not_in_the_release_counts_as_the_students(self, versions: Versions) -> None:
        student = answered(versions)
        for cell in student.cells:
            cell.metadata.pop("inside_nn_module", None)
        in_cell(student, "**Predict.**").source += "\n\nI say 42."
        in_cell(student, "rate = 0.1").source = "rate = 0.5\nprint('the rate is', rate)"
        done = versions.merged(student)
        assert in_cell(done, "I say 42.").source.startswith("**Predict.**")
        assert sources(done)[place(done, "rate = 0.5") - 2 :][:2] == ['rate = 0.1\nprint("the rate is", rate)', CHANGED]
        assert sources(done)[place(done, 'colour = "blue"') - 1] == CHANGED
        assert place(done, 'colour = "green"') == place(done, 'colour = "blue"') - 2

    def test_every_cell_has_an_id_of_its_own(self, versions: Versions) -> None:
        student = answered(versions)
        student.cells += [code_cell("x = 1"), code_cell("x = 1"), text_cell("y")]
        for cell in student.cells[-3:]:
            cell.id = "cell-000"
        done = versions.merged(student)
        assert len({cell.id for cell in done.cells}) == len(done.cells)
        nbformat.validate(done)

    def test_outputs_that_no_notebook_may_hold_are_left_out(self, versions: Versions) -> None:
        plain = json.loads(write_notebook(answered(versions)))
        for cell in plain["cells"]:
            if "outputs" in cell:
                cell.update(outputs=[{"output_type": "magic"}, 3], execution_count="x")
        plain["cells"] += [{"cell_type": "markdown", "source": "z", "attachments": 7, "metadata": [], "id": "no id!"}]
        done = merge(json.dumps(plain).encode(), versions.released("new"), versions.new).notebook
        nbformat.validate(done)
        assert sources(done)[-4] == "z"


LINES = st.text(st.sampled_from("abc xyz#`=()1\"'\\é学"), min_size=1, max_size=30)


TEXTS = st.lists(LINES, max_size=4).map("\n".join)


EDITS = st.lists(st.tuples(
    st.sampled_from(["insert", "note", "append", "prepend", "replace", "delete", "copy", "move", "bare", "retype"]),
    st.integers(0, 30), st.integers(0, 30), TEXTS,
), max_size=8)  # fmt: skip


WRITING: dict[str, Callable[[str, str], str]] = {
    "append": lambda before, text: f"{before}\n{text}", "prepend": lambda before, text: f"{text}\n{before}",
    "replace": lambda before, text: text,
}  # fmt: skip


def edited(notebook: NotebookNode, edits: list[tuple[str, int, int, str]]) -> NotebookNode:
    """A notebook after a student's edits."""
    cells = notebook.cells
    for how, first, second, text in edits:
        number, other = first % len(cells), second % len(cells)
        cell = cells[number]
        if how in WRITING:
            cell.source = WRITING[how](cell.source, text)
        elif how in ("insert", "note"):
            cells.insert(number, code_cell(text) if how == "insert" else text_cell(text))
        elif how in ("copy", "move"):
            cells.insert(other, copy.deepcopy(cell) if how == "copy" else cells.pop(number))
        elif how == "delete" and len(cells) > 1:
            del cells[number]
        elif how == "bare":
            cell.metadata.clear()
        elif how == "retype":
            new = text_cell if cell.cell_type == "code" else code_cell
            cells[number] = NotebookNode(new(cell.source) | {"metadata": cell.metadata})
    return notebook


def lines_of(notebook: NotebookNode) -> set[str]:
    return {line.rstrip() for source in sources(notebook) for line in source.splitlines()} - {""}


@settings(max_examples=150)
@given(edits=EDITS, begun=st.booleans())
@example(edits=[("bare", 25, 0, ""), ("delete", 0, 0, ""), ("delete", 0, 0, ""), ("copy", 9, 0, "")], begun=False)
def test_no_line_is_lost_and_a_second_update_changes_nothing(
    versions: Versions, edits: list[tuple[str, int, int, str]], begun: bool
) -> None:
    student = edited(answered(versions) if begun else versions.released("old"), edits)
    done = versions.merged(student)
    assert lines_of(student) - lines_of(versions.released("old")) <= lines_of(done)
    nbformat.validate(done)
    assert versions.merged(done) == done
