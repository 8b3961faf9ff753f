"""What is wrong with a lesson as its own answers show: the solution, the known mistakes, the stub, the empty answers.

All are observed under the public seed, so that a build, which needs most of them as well, finds them in the cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from autograder.authoring.empties import empty_answers
from autograder.authoring.lint.places import Fault, at_cell, at_criterion, in_file
from autograder.judging import GraderFault, compare, public_seed, tolerance_of
from autograder.lesson import Criterion, Exercise, Lesson
from autograder.probing import MISSING, Mapping, Observation, Opaque, Raised, Sequence, UnknownKey
from autograder.running import observe_and_watch
from autograder.texts import Answer, answers, solutions, stubs


def answer_faults(lesson: Lesson) -> list[Fault]:
    """Every fault that running the lesson's answers shows."""
    try:
        shown = _Shown(lesson)
        return [fault for exercise in lesson.defined for rule in RULES for fault in rule(shown, exercise)]
    except GraderFault as error:
        return [Fault(in_file(lesson.folder), f"its answers can't be run: {error}")]


@dataclass(frozen=True)
class Seen:
    """An answer, what each criterion shows of it, and what nobody caught: of the cell first, then of each criterion."""

    answer: Answer
    shown: tuple[Observation, ...]
    uncaught: tuple[Observation, ...]


class _Shown:
    """What all answers of a lesson show."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        references = solutions(lesson)
        wrong = [answer for answer in answers(lesson) if answer.mistake is not None]
        empty = [
            Answer(exercise.id, what, source)
            for exercise in lesson.defined
            for what, source in empty_answers(exercise).items()
        ]
        asked = [*references.values(), *wrong, *stubs(lesson).values(), *empty]
        self.seen = self._observed(asked)
        again = [replace(answer, source=f"{answer.source}\n# once more\n") for answer in references.values()]
        self.again = {seen.answer.exercise: seen for seen in self._observed(again)}

    def _observed(self, asked: list[Answer]) -> list[Seen]:
        observed = observe_and_watch(self.lesson, asked, public_seed(self.lesson))
        return [Seen(answer, *both) for answer, both in zip(asked, observed, strict=True)]

    @cached_property
    def of(self) -> dict[str, list[Seen]]:
        """Exercise → its answers, the reference first."""
        found: dict[str, list[Seen]] = {name: [] for name in self.lesson.exercises}
        for seen in self.seen:
            found[seen.answer.exercise].append(seen)
        return found

    def reference(self, exercise: Exercise) -> Seen:
        """What the solution shows."""
        return self.of[exercise.id][0]

    def at_solution(self, exercise: Exercise) -> str:
        """The place of the solution's cell."""
        return at_cell(self.lesson.text, exercise.id, f'solution="{exercise.id}"')

    def at(self, exercise: Exercise, criterion: Criterion) -> str:
        """The place of a criterion."""
        return at_criterion(self.lesson, exercise, criterion)

    def passed(self, exercise: Exercise, seen: Seen) -> list[Criterion]:
        """The criteria under which an answer shows what the solution shows, where that raises nothing."""
        right = self.reference(exercise)
        rows = zip(exercise.criteria, right.shown, right.uncaught[1:], seen.shown, strict=True)
        return [
            criterion
            for criterion, wanted, uncaught, node in rows
            if not (isinstance(uncaught, Raised) or _is_missing(wanted))
            and not compare(wanted, node, tolerance_of(criterion))
        ]


def _solution_raises(shown: _Shown, exercise: Exercise) -> Iterator[Fault]:
    """The solution's cell raises, defines another name, or makes a criterion raise."""
    right = shown.reference(exercise)
    cell, *uncaught = right.uncaught
    if isinstance(cell, Raised):
        yield Fault(shown.at_solution(exercise), f"running the given cells and the solution raises {_told(cell)}")
        return
    if any(map(_is_missing, right.shown)):
        text = f"the solution doesn't define `{exercise.requires}`, which the exercise requires"
        yield Fault(shown.at_solution(exercise), text)
        return
    for criterion, error in zip(exercise.criteria, uncaught, strict=True):
        if isinstance(error, Raised):
            text = f"with the solution it raises {_told(error)}; where an exception is right, return attempt(lambda: …)"
            yield Fault(shown.at(exercise, criterion), text)


def _is_missing(node: Observation) -> bool:
    return isinstance(node, Raised) and node.types[0] == MISSING


def _told(error: Raised) -> str:
    at = f" (line {error.line}: {error.code})" if error.line else ""
    return f"{error.types[0]}: {error.message}{at}" if error.message else f"{error.types[0]}{at}"


def _unknown_values(shown: _Shown, exercise: Exercise) -> Iterator[Fault]:
    """The solution shows what can't be compared."""
    for criterion, node in zip(exercise.criteria, shown.reference(exercise).shown, strict=True):
        for path, kind in opaque_in(node):
            text = (
                f"with the solution it shows {kind} at {path or 'the top'}, which can't be compared: return plain data"
            )
            yield Fault(shown.at(exercise, criterion), text)


def opaque_in(node: Observation, path: str = "") -> Iterator[tuple[str, str]]:
    """Path and type's name of everything in an observation that never equals anything."""
    match node:
        case Opaque(kind):
            yield path, f"an object of type {kind}"
        case Sequence(_, items):
            for index, item in enumerate(items):
                yield from opaque_in(item, f"{path}[{index}]")
        case Mapping(items):
            for key, item in items:
                if isinstance(key, UnknownKey):
                    yield path, f"a key of type {key[1:-1]}"
                yield from opaque_in(item, f"{path}[{key}]")


def _two_runs_differ(shown: _Shown, exercise: Exercise) -> Iterator[Fault]:
    """The solution shows something else in a second process under the same seed."""
    again = shown.again[exercise.id]
    for criterion, one, other in zip(exercise.criteria, shown.reference(exercise).shown, again.shown, strict=True):
        different = compare(one, other, tolerance_of(criterion))
        if different and not any(opaque_in(one)):
            place = "".join(f"[{step}]" for step in different[0].path) or "the top"
            text = f"two runs of the solution differ at {place}: use `draw` for what is random"
            yield Fault(shown.at(exercise, criterion), text)


def _mistakes_pass(shown: _Shown, exercise: Exercise) -> Iterator[Fault]:
    """A known mistake shows what the solution shows."""
    for seen in shown.of[exercise.id]:
        if seen.answer.mistake is not None and len(shown.passed(exercise, seen)) == len(exercise.criteria):
            place = seen.answer.place
            assert place is not None
            text = f"the mistake {seen.answer.mistake} shows the same as the solution under every criterion"
            yield Fault(in_file(place.path, place.line, exercise.id), text)


def _nothing_earns(shown: _Shown, exercise: Exercise) -> Iterator[Fault]:
    """The stub, or an empty answer, earns points."""
    earned: dict[str, list[str]] = {}
    idle = ["stub", *empty_answers(exercise)]
    for seen in shown.of[exercise.id]:
        if seen.answer.mistake is None and seen.answer.name in idle:
            for criterion in shown.passed(exercise, seen):
                earned.setdefault(criterion.name, []).append(seen.answer.name)
    for criterion in exercise.criteria:
        if names := earned.get(criterion.name):
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            which = "the stub" if names[0] == "stub" else f"the empty answer `{names[0]}`"
            earns = f"earn{'' if more else 's'} {criterion.points:g}"
            text = f"{which}{more} {earns}; let it look at something that only a working answer shows"
            yield Fault(shown.at(exercise, criterion), text)


RULES = (_solution_raises, _unknown_values, _two_runs_differ, _mistakes_pass, _nothing_earns)
