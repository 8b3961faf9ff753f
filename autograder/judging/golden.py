"""Golden observations: what the reference and the known mistakes show under public seeds, shipped to students.

They let `check()` answer in a student's notebook without any reference. Graded runs never use them.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.judging.compare import Tolerance, compare, settled
from autograder.judging.diagnose import KnownMistake
from autograder.judging.grade import Expected, GraderFault, tolerance_of
from autograder.lesson import Lesson
from autograder.probing import Observation, derive, from_json, to_json, without_lines

FORMAT = 4


def public_seed(lesson: Lesson) -> int:
    """The seed of the student's own checks."""
    return derive("public", lesson.name)


def write_golden(lesson: Lesson, expected: dict[str, Expected]) -> None:
    """Write the lesson's golden file.

    Numbers that agree within the tolerances with those of the file that is there stay as they are: another processor's
    last bits are no change.
    """
    written = _written(lesson)
    exercises = {}
    for name, item in expected.items():
        tolerances = [tolerance_of(criterion) for criterion in lesson.exercises[name].criteria]
        exercises[name] = _plain(_settled(written[name], item, tolerances) if name in written else item)
    content = {"format": FORMAT, "made_for": lesson.criteria_digest, "exercises": exercises}
    text = json.dumps(content, indent=0, ensure_ascii=False)
    lesson.golden.write_text(text + "\n", encoding="utf-8")


def read_golden(lesson: Lesson) -> dict[str, Expected]:
    """Exercise id → expected observations. Raises `GraderFault` where the file is missing or of another version."""
    if not lesson.golden.exists():
        raise GraderFault(f"{lesson.golden} is missing: run `autograder build`")
    made_for, expected = _read(lesson.golden, lesson.golden.stat().st_mtime_ns)
    if made_for != lesson.criteria_digest:
        raise GraderFault(f"{lesson.golden} was made for other criteria than exercises.py has: run `autograder build`")
    return expected


def _written(lesson: Lesson) -> dict[str, Expected]:
    """What the golden file says, for whatever criteria it was made; nothing where it is missing or can't be read."""
    try:
        return _read(lesson.golden, lesson.golden.stat().st_mtime_ns)[1]
    except (OSError, ValueError, KeyError, TypeError, GraderFault):
        return {}


def golden_agrees(lesson: Lesson, expected: dict[str, Expected]) -> bool:
    """Whether the golden file says what `expected` says, numbers within tolerance: it has not drifted."""
    golden = read_golden(lesson)
    return golden.keys() == expected.keys() and all(
        _agrees(lesson, name, golden[name], expected[name]) for name in expected
    )


def _settled(written: Expected, fresh: Expected, tolerances: list[Tolerance]) -> Expected:
    """Fresh observations with the numbers that are written, where those are close enough."""
    alike = [replace(tolerance, same_failure=True) for tolerance in tolerances]
    before = dict(zip(_numbered(written.mistakes), written.mistakes, strict=True))

    def settle(known: KnownMistake, key: tuple[str, int]) -> KnownMistake:
        old = before[key].observations if key in before else ()
        return replace(known, observations=_all_settled(old, known.observations, alike))

    mistakes = tuple(settle(known, key) for key, known in zip(_numbered(fresh.mistakes), fresh.mistakes, strict=True))
    return Expected(_all_settled(written.reference, fresh.reference, tolerances), mistakes)


def _numbered(mistakes: tuple[KnownMistake, ...]) -> list[tuple[str, int]]:
    """Each program's mistake, and which of its programs it is."""
    seen: Counter[str] = Counter()
    keys = []
    for known in mistakes:
        keys.append((known.id, seen[known.id]))
        seen[known.id] += 1
    return keys


def _all_settled(
    old: tuple[Observation, ...], new: tuple[Observation, ...], tolerances: list[Tolerance]
) -> tuple[Observation, ...]:
    if len(old) != len(new):
        return new
    return tuple(settled(was, now, how) for was, now, how in zip(old, new, tolerances, strict=True))


def _agrees(lesson: Lesson, name: str, golden: Expected, fresh: Expected) -> bool:
    told = [[(known.id, known.message) for known in item.mistakes] for item in (golden, fresh)]
    rows, fresh_rows = ([item.reference, *(m.observations for m in item.mistakes)] for item in (golden, fresh))
    tolerances = [tolerance_of(criterion) for criterion in lesson.exercises[name].criteria]
    alike = [replace(tolerance, same_failure=True) for tolerance in tolerances]
    return told[0] == told[1] and all(
        len(row) == len(fresh_row) == len(tolerances)
        and not any(compare(old, new, how) for old, new, how in zip(row, fresh_row, within, strict=True))
        for row, fresh_row, within in zip(rows, fresh_rows, [tolerances, *[alike] * len(golden.mistakes)], strict=True)
    )


@lru_cache(maxsize=16)
def _read(path: Path, modified: int) -> tuple[str, dict[str, Expected]]:
    content = json.loads(path.read_text(encoding="utf-8"))
    if content.get("format") != FORMAT:
        raise GraderFault(f"{path} is of another version: run `autograder build`")
    return content["made_for"], {name: _expected(plain) for name, plain in content["exercises"].items()}


def _plain(expected: Expected) -> dict[str, Any]:
    """Most mistakes agree with the reference in most criteria: each observation is written once, and then numbered.

    No line of code is written: a mistake's lines are half a solution.
    """
    numbers: dict[str, int] = {}

    def numbered(observations: tuple[Observation, ...]) -> list[int]:
        return [numbers.setdefault(to_json(without_lines(node)), len(numbers)) for node in observations]

    plain = {
        "reference": numbered(expected.reference),
        "mistakes": [
            {"id": known.id, "message": known.message, "observations": numbered(known.observations)}
            for known in expected.mistakes
        ],
    }
    return {**plain, "observations": list(numbers)}


def _expected(plain: dict[str, Any]) -> Expected:
    observations = [from_json(text) for text in plain["observations"]]

    def named(numbers: list[int]) -> tuple[Observation, ...]:
        return tuple(observations[number] for number in numbers)

    mistakes = tuple(
        KnownMistake(item["id"], item["message"], named(item["observations"])) for item in plain["mistakes"]
    )
    return Expected(named(plain["reference"]), mistakes)
