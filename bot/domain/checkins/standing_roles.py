"""Which check-ins say how a priority stands. What their answers then say is in `standings`; this decides whose."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot.domain.people import ASSESSMENT, is_about_priorities
from bot.domain.record import Part, Record, Response, Round, once, part_of, priority_of
from bot.domain.vocabularies import READ_IN_DIGEST


def setting_cadences(record: Record) -> frozenset[str]:
    """The check-ins on priorities that ask for an assessment and feed a digest; where none feeds one, the first of
    them that runs.

    A stocktake or any other set says how a priority stands to nobody: its answers are shown where they are read. So
    does one that fewer read than the digest.
    """
    assessing = {
        questions.id
        for questions in record.question_sets
        if questions.readers in READ_IN_DIGEST and any(question.id == ASSESSMENT for question in questions.questions)
    }
    fit = [one for one in record.cadences if one.question_set in assessing and is_about_priorities(record, one)]
    feeding = frozenset(one.id for one in fit if one.feeds is not None)
    if feeding:
        return feeding
    running = [one for one in fit if one.paused_at is None]
    return frozenset(one.id for one in (running or fit)[:1])


class StandingRoles:
    """Whether an answer, a round or a check-in says how its priority stands.

    An answer and a round keep the role that their check-in had when the round opened, so that nobody's word changes
    its weight afterwards; those of before that was kept have the role that their check-in has now.
    """

    def __init__(self, record: Record) -> None:
        self._setting = setting_cadences(record)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StandingRoles) and self._setting == other._setting

    def __hash__(self) -> int:
        return hash(self._setting)

    def of_cadence(self, cadence: str) -> bool:
        """Whether a round of this check-in that opens now says how priorities stand."""
        return cadence in self._setting

    def of(self, one: Response | Round) -> bool:
        """Whether this answer, or the answer to this round, says how its priority stands."""
        return self.of_cadence(one.cadence) if one.sets_standing is None else one.sets_standing

    def resolved(self, response: Response) -> Response:
        """The answer with its role said, also where it is what its check-in does now."""
        return replace(response, sets_standing=self.of(response))

    def counting(self, responses: Iterable[Response]) -> tuple[Response, ...]:
        """Those of the answers that say how a priority stands, in their order."""
        return tuple(one for one in responses if self.of(one))

    def earlier(self, responses: Iterable[Response], cadence: str, priority: str, day: date) -> list[Response]:
        """What was said about a priority in rounds before `day` that a round of this check-in goes on from, oldest
        first: a check-in that says how it stands goes on from whichever did before, any other one from itself."""
        said = once(_run, part_of(responses, priority_of, priority), self, cadence)
        return said[: bisect_left(said, day, key=lambda one: one.round)]


def _run(responses: Part[Response], roles: StandingRoles, cadence: str) -> list[Response]:
    """Those of the answers about one priority that a round of this check-in goes on from, oldest first."""
    sets = roles.of_cadence(cadence)
    return sorted(
        (one for one in responses if (roles.of(one) if sets else one.cadence == cadence)), key=lambda one: one.round
    )
