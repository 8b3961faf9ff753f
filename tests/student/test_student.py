"""What students call, in a real notebook kernel: check, hint, progress. And outside of one."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers import ROOT
from helpers import toy_lesson as toy
from helpers.grades import HOSTILE, text_of, visible
from helpers.notebook_kernel import Kernel

import autograder
from autograder.judging.grade import GraderFault
from autograder.lesson import lesson as lessons
from autograder.student.plain_nbgrader import CheckFailed
from autograder.student.timelimit import TimeIsUp, time_limit

ENDLESS = """
def total(numbers):
    while True:
        try:
            numbers.append(0)
            numbers.pop()
        except Exception:
            pass
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("student")
    toy.write(folder / "lessons")
    return folder


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def kernel(folder: Path) -> Iterator[Kernel]:
    kernel = Kernel(folder)
    yield kernel
    kernel.stop()


def test_a_check_lays_out_one_card(kernel: Kernel) -> None:
    kernel.run("""
        from autograder.student import check as module
        cards, lay_out = [], module.lay_out
        def counted(*arguments, **named):
            cards.append(lay_out(*arguments, **named))
            return cards[-1]
        module.lay_out = counted
    """)
    kernel.run(toy.SCALE)
    kernel.shown('check("scale")')
    [output] = kernel.run("print(len(cards)); module.lay_out = lay_out")
    assert output["text"] == "1\n"


def test_a_right_answer(kernel: Kernel) -> None:
    kernel.run(toy.SCALE)
    text, page = kernel.shown('check("scale")')
    assert text == text_of("""
        scale: 4 of 4 points (✓ passed)

          ✓ passed: `weight` is a registered parameter (1 of 1)
          ✓ passed: `forward` returns x · weight (2 of 2)
          ✓ passed: Scale(0) raises ValueError (1 of 1)

        Well done. `progress()` shows what is next.
    """)
    assert "4 of 4 points" in visible(page)


def test_a_wrong_answer_names_the_misconception(kernel: Kernel) -> None:
    kernel.run(toy.PLAIN)
    text, page = kernel.shown('check("scale")')
    assert text.startswith("scale: 1 of 4 points (◐ partly right)\n\nWhat probably happened: plain tensor\n")
    assert "What probably happened: plain tensor" in visible(page)


def test_an_answer_nobody_foresaw_shows_expected_beside_yours(kernel: Kernel) -> None:
    kernel.run(toy.NO_REFUSAL)
    assert kernel.shown('check("scale")')[0] == text_of("""
        scale: 3 of 4 points (◐ partly right)

          ✓ passed: `weight` is a registered parameter (1 of 1)
          ✓ passed: `forward` returns x · weight (2 of 2)
          ✗ failed: Scale(0) raises ValueError (0 of 1)
              Expected ValueError, but it returned the text 'Scale'.

        Stuck? `hint("scale")` shows the first of 2 hints.
    """)


def test_an_error_says_where(kernel: Kernel) -> None:
    kernel.run("def total(numbers):\n    numbers = list(numbers)\n    return numbers.sum()")
    text = kernel.shown('check("total")')[0]
    assert "'list' object has no attribute 'sum' (at line 3: `return numbers.sum()`)." in flat(text)


def test_an_untouched_stub_and_a_name_that_is_gone(kernel: Kernel) -> None:
    kernel.run(toy.STUB)
    assert "(○ not attempted)" in kernel.shown('check("scale")')[0]
    kernel.run("del Scale")
    assert "`Scale` is not defined. Did the cell above run?" in kernel.shown('check("scale")')[0]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (toy.SCALE.replace("n < 1:", "n < 1"), "It could not run. Line 7, `if n < 1`: SyntaxError: expected ':'."),
        (
            f"import nothing_there\n{toy.SCALE}",
            "It could not run. Line 1, `import nothing_there`: ModuleNotFoundError: No module named 'nothing_there'.",
        ),
        (
            f"print(torch.arange(3).mean())\n{toy.SCALE}",
            "It could not run. Line 1, `print(torch.arange(3).mean())`: NotImplementedError: mean(): could not infer",
        ),
        (toy.SCALE.replace("class Scale", "class scale"), "Note: 'scale' is defined, but 'Scale' is asked for."),
    ],
    ids=["syntax error", "import", "torch", "another name"],
)
def test_a_cell_that_failed_is_not_the_stub_from_before(kernel: Kernel, answer: str, told: str) -> None:
    for before in (toy.STUB, "del Scale"):
        kernel.run(before)
        kernel.run(answer)
        kernel.run("1 + 1")
        assert told in flat(kernel.shown('check("scale")')[0])
    kernel.run(f"{toy.STUB}scale = None")
    assert "Not attempted yet: `raise NotImplementedError` is still there." in kernel.shown('check("scale")')[0]


def test_a_default_device_that_is_not_there_hides_no_misconception(kernel: Kernel) -> None:
    kernel.run(f"{toy.PLAIN}\ntorch.set_default_device('cuda')")
    text = kernel.shown('check("scale")')[0]
    kernel.run("torch.set_default_device(None)")
    assert "What probably happened: plain tensor" in text


def test_an_endless_loop_ends_by_itself(kernel: Kernel) -> None:
    kernel.run(ENDLESS)
    text = flat(kernel.shown('check("total")')[0])
    assert "(… timeout)" in text
    assert "Is there a loop that never ends? It ran longer than 0.4 s and was at line " in text


def test_the_stop_button_stops_the_check(kernel: Kernel) -> None:
    kernel.run("class Scale:\n    def __init__(self, n):\n        print('started')\n        while True: pass")
    before = time.monotonic()
    outputs = kernel.run('check("scale")', interrupt_at="started")
    assert time.monotonic() - before < 8
    assert [output["type"] for output in outputs] == ["stream", "display_data", "error"]
    assert outputs[1]["data"]["text/plain"].startswith("scale: stopped\n")
    assert outputs[2]["ename"] == "KeyboardInterrupt"


@pytest.mark.parametrize(
    "answer",
    [
        "raise SystemExit(3)", "raise BaseException('x')",
        "raise type('E', (Exception,), {'__str__': lambda self: 1/0})",
        f"raise ValueError({HOSTILE!r} * 20_000)", f"raise type({HOSTILE!r}.replace(chr(0), ''), (Exception,), {{}})",
        f"return {{{HOSTILE!r}: [{HOSTILE!r}]}}", "return 'x' * 1_000_000", "import torch; return torch.zeros(10**6)",
        "return total", "return total(numbers)", "a = []; a.append(a); return a",
    ],
)  # fmt: skip
def test_no_answer_makes_the_check_raise(kernel: Kernel, answer: str) -> None:
    kernel.run(f"def total(numbers):\n    {answer}")
    text, page = kernel.shown('check("total")')
    assert text.startswith("total: 0 of 1 point")
    assert "0 of 1 point" in visible(page)
    assert len(page) < 12_000


def test_a_check_answers_within_a_second(kernel: Kernel) -> None:
    kernel.run(toy.SCALE)
    before = time.monotonic()
    kernel.shown('check("scale")')
    assert time.monotonic() - before < 1


def test_an_unknown_exercise_gets_a_clear_word(kernel: Kernel) -> None:
    kernel.run(toy.SCALE)
    for call in ('check("scal")', 'hint("scal")', "check(Scale)"):
        assert 'Did you mean "scale"?' in kernel.shown(call)[0]


def test_hints_and_progress_are_remembered_across_kernels(folder: Path, kernel: Kernel) -> None:
    kernel.run(toy.TOTAL)
    kernel.shown('check("total")')
    titles = [kernel.shown('hint("scale")')[0].splitlines()[0] for _ in range(3)]
    assert titles == ["scale: hint 1 of 2", "scale: hint 2 of 2", "scale: no more hints"]
    assert kernel.shown('hint("scale", 1)')[0].startswith("scale: hint 1 of 2")
    assert kernel.shown('hint("scale", 9)')[0].startswith("scale: there is no such hint")
    kernel.manager.restart_kernel(now=True)
    kernel.client.wait_for_ready(timeout=60)
    kernel.run("from autograder import check, hint, progress")
    text, page = kernel.shown("progress()")
    assert "scale ✓ solved 4 of 4" in flat(text)
    assert "A layer that scales ( scale ) ✓ solved 4 of 4" in visible(page)
    assert json.loads((folder / "home" / "progress.json").read_text())["exercises"]["scale"]["hints"] == 2
    (folder / "home" / "progress.json").write_text("{damaged")
    kernel.run(toy.SCALE)
    assert "4 of 4 points" in kernel.shown('check("scale")')[0]
    assert (folder / "home" / "progress.damaged-1.json").read_text() == "{damaged"


# ---------------------------------------------------------------------------------------------------------------------
# Without a kernel
# ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def script(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs source in a module of its own, as a script would."""
    monkeypatch.setenv("AUTOGRADER_LESSONS", str(folder / "lessons"))
    monkeypatch.setenv("INSIDE_NN_MODULE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)

    def run(source: str) -> dict[str, Any]:
        return toy.names_of("from autograder import check, hint, progress\n" + source)

    return run


def test_a_script_prints_and_uses_its_own_names(script: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert script(toy.SCALE + 'answer = check("scale")')["answer"] is None
    assert capsys.readouterr().out.startswith("scale: 4 of 4 points (✓ passed)")


def test_a_terminal_without_our_symbols_still_gets_an_answer(script: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Ascii(list[str]):
        encoding = "ascii"

        def write(self, text: str) -> None:
            self.append(text.encode("ascii").decode())

    printed = Ascii()
    monkeypatch.setattr(sys, "stdout", printed)
    script(toy.SCALE + 'check("scale")')
    assert "".join(printed).startswith("scale: 4 of 4 points (? passed)")


def test_a_fault_of_ours_is_no_verdict(script: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
                                       tmp_path: Path) -> None:  # fmt: skip
    lesson = toy.write(tmp_path / "broken")
    lesson.golden.unlink()
    monkeypatch.setenv("AUTOGRADER_LESSONS", str(tmp_path / "broken"))
    script(toy.SCALE + 'check("scale")')
    assert capsys.readouterr().out.startswith("The check itself failed\n  This is not about your code")
    assert not (tmp_path / "home").exists()
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(GraderFault):
        script(toy.SCALE + 'check("scale")')


@pytest.mark.parametrize(("answer", "points"), [(toy.SCALE, None), (toy.PLAIN, 1.0), (toy.STUB, 0.0)])
def test_autograde_gets_points_as_a_result(script: Any, monkeypatch: pytest.MonkeyPatch, answer: str, points: Any,
                                           tmp_path: Path) -> None:  # fmt: skip
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert script(answer + 'points = check("scale")')["points"] == points
    assert not (tmp_path / "home").exists()


def test_validate_gets_an_error_that_says_what_is_wrong(script: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    assert script(toy.SCALE + 'answer = check("scale")')["answer"] is None
    with pytest.raises(CheckFailed, match="What probably happened: plain tensor") as caught:
        script(toy.PLAIN + 'check("scale")')
    assert caught.value._render_traceback_() == str(caught.value).splitlines()
    with pytest.raises(lessons.LessonNotFound):
        script('check("scal")')


def test_what_answers_write_to_stderr_costs_nothing_under_nbgrader(
    script: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    script(
        "import sys\ndef total(numbers):\n    print('noise', file=sys.stderr)\n    return sum(numbers)\ncheck('total')"
    )
    assert capsys.readouterr().err == ""


def test_progress_over_the_course_itself(script: Any, capsys: pytest.CaptureFixture[str]) -> None:
    script("progress()")
    assert capsys.readouterr().out.startswith("Your progress: 0 of ")


def test_importing_costs_little_beside_torch() -> None:
    source = (
        "import sys, time, autograder; assert 'torch' not in sys.modules; import torch; before = time.process_time();"
        "from autograder import check, hint, progress; print(time.process_time() - before);"
        "heavy = {'IPython', 'matplotlib', 'torchvision', 'jupytext', 'nbformat', 'nbgrader'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True, cwd=ROOT)
    assert float(done.stdout) < 1.5  # 0.1 s on an idle machine


def test_the_package_says_what_it_offers() -> None:
    assert {"check", "hint", "progress", "__version__"} <= set(dir(autograder))
    assert isinstance(autograder.__version__, str)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = autograder.nothing


def test_a_time_limit_ends_code_that_catches_exceptions() -> None:
    before = time.monotonic()
    with pytest.raises(TimeIsUp):
        loop_within(0.05)
    assert time.monotonic() - before < 5


def loop_within(seconds: float) -> None:
    with time_limit(seconds):
        while True:
            with contextlib.suppress(Exception):
                time.sleep(0.001)


def test_a_time_limit_that_was_kept_rings_no_more() -> None:
    with time_limit(0.05):
        pass
    time.sleep(0.1)
