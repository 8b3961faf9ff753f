"""Probes exercises in a session: what each criterion shows, or why it shows nothing."""

from __future__ import annotations

from autograder.judging import NoObservation, Outcome, Seen, all_raised
from autograder.probing import MISSING, Raised
from autograder.running.remote import look, look_at_all
from autograder.running.session import Session
from autograder.sandbox import KernelLost

DEATHS = 2
"""Kernels that one exercise's criteria may kill: what comes after is not tried."""


class Prober:
    """Asks a session's kernel for the observations of one exercise after the other.

    `doubtful` are the exercises whose observations another cell may have spoiled.
    """

    def __init__(self, session: Session, seed: int) -> None:
        self.session, self.seed, self.doubtful = session, seed, set[str]()
        self._at_once = True

    def observe(self, exercise: str) -> list[Seen]:
        """What all criteria of an exercise show: all at once, or where anything is in the way of that, one by one."""
        log = self.session.log
        seen = self._look_at_all(exercise) if self._at_once and not log.doubt else None
        if not seen:
            self._at_once, seen = False, self._look_at_each(exercise)
        if log.doubt and self.session.submission.find("solution", exercise) not in log.hung:
            self.doubtful.add(exercise)
        return seen

    def _look_at_all(self, exercise: str) -> list[Seen] | None:
        session = self.session
        try:
            session.renew()
            found = look_at_all(session.kernel(), session.lesson, exercise, self.seed, session.left)
        except KernelLost:
            session.lose()
            return None
        if found is None or not session.is_unspoiled(found[0]):
            return None
        return [self._understood(exercise, each) for each in found[1]]

    def _look_at_each(self, exercise: str) -> list[Seen]:
        seen: list[Seen] = []
        lost: list[NoObservation] = []
        for number in range(len(self.session.lesson.exercises[exercise].criteria)):
            try:
                if len(lost) < DEATHS:
                    seen.append(self._look(exercise, number))
                    continue
            except KernelLost as error:
                self.session.lose()
                lost.append(NoObservation(Outcome(error.outcome), error.reason))
            seen.append(lost[-1])
        return seen

    def _look(self, exercise: str, number: int) -> Seen:
        session = self.session
        if number == 0:
            session.renew()
        seen = look(session.kernel(), session.lesson, exercise, number, self.seed, session.left)
        session.log.doubt |= session.left <= 0
        return self._understood(exercise, seen)

    def _understood(self, exercise: str, seen: Seen) -> Seen:
        """The same, or what is in the way of it; and note which names were not there."""
        if isinstance(seen, NoObservation):
            return seen
        if isinstance(seen, Raised) and seen.types[0] == MISSING:
            return self.session.why_missing(exercise) or seen
        for error in all_raised(seen):
            self.session.log.note_missed(error.types, error.message)
        return seen
