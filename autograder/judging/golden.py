"""Golden observations: what the reference and the known mistakes show under public seeds, shipped to students.

They let `check()` answer in a student's notebook without any reference. Graded runs never use them.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from autograder.judging.compare import Tolerance, compare, differ, settled
from autograder.judging.diagnose import KnownMistake
from autograder.judging.grade import Expected, GraderFault, tolerance_of
from autograder.lesson import Lesson
from autograder.probing import Observation, derive, from_json, to_json, without_lines

FORMAT = 6


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
        raise GraderFault(f"{lesson.golden} was made for other criteria than the lesson has: run `autograder build`")
    return expected


def _written(lesson: Lesson) -> dict[str, Expected]:
    """What the golden file says, for whatever criteria it was made; empty where it is missing or can't be read."""
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
    """Fresh observations with the numbers that are written, where those are close enough: of the same answer, or else
    of any."""
    alike = [replace(tolerance, same_failure=True) for tolerance in tolerances]
    before = dict(zip(_numbered(written.mistakes), written.mistakes, strict=True))
    columns = _columns([written.reference, *(known.observations for known in written.mistakes)], len(tolerances))

    def settle(known: KnownMistake, key: tuple[str, int]) -> KnownMistake:
        own = [before[key].observations] if key in before else []
        candidates = [[*first, *others] for first, others in zip(_columns(own, len(alike)), columns, strict=True)]
        return replace(known, observations=_all_settled(candidates, known.observations, alike))

    mistakes = tuple(settle(known, key) for key, known in zip(_numbered(fresh.mistakes), fresh.mistakes, strict=True))
    reference = _all_settled(_columns([written.reference], len(tolerances)), fresh.reference, tolerances)
    return Expected(reference, mistakes)


def _columns(rows: list[tuple[Observation, ...]], count: int) -> list[list[Observation]]:
    """What each of `count` criteria shows in the rows that have as many, each observation once."""
    whole = [row for row in rows if len(row) == count]
    return [list({id(row[number]): row[number] for row in whole}.values()) for number in range(count)]


def _numbered(mistakes: tuple[KnownMistake, ...]) -> list[tuple[str, int]]:
    """Each program's mistake, and which of its programs it is."""
    seen: Counter[str] = Counter()
    keys = []
    for known in mistakes:
        keys.append((known.id, seen[known.id]))
        seen[known.id] += 1
    return keys


def _all_settled(
    candidates: list[list[Observation]], new: tuple[Observation, ...], tolerances: list[Tolerance]
) -> tuple[Observation, ...]:
    return tuple(map(_one_settled, candidates, new, tolerances))


def _one_settled(candidates: list[Observation], new: Observation, within: Tolerance) -> Observation:
    """The new observation with the numbers of the first candidate that agrees with it, if any."""
    old = next((was for was in candidates if not differ(was, new, within)), None)
    return new if old is None else settled(old, new, within)


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
    """Most mistakes agree with the reference in most criteria: each observation is written once, and then numbered. So
    is a mistake's message, above all ways to make it.

    No line of code is written: a mistake's lines are half a solution.
    """
    numbers: dict[str, int] = {}

    def numbered(observations: tuple[Observation, ...]) -> list[int]:
        return [numbers.setdefault(to_json(without_lines(node)), len(numbers)) for node in observations]

    plain = {
        "reference": numbered(expected.reference),
        "mistakes": [
            {"id": name, "message": message, "observations": [numbered(known.observations) for known in ways]}
            for (name, message), ways in groupby(expected.mistakes, lambda known: (known.id, known.message))
        ],
    }
    return {**plain, "observations": list(numbers)}


def _expected(plain: dict[str, Any]) -> Expected:
    observations = [from_json(text) for text in plain["observations"]]

    def named(numbers: list[int]) -> tuple[Observation, ...]:
        return tuple(observations[number] for number in numbers)

    mistakes = tuple(
        KnownMistake(item["id"], item["message"], named(numbers))
        for item in plain["mistakes"]
        for numbers in item["observations"]
    )
    return Expected(named(plain["reference"]), mistakes)
