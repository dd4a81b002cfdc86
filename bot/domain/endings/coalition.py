"""A coalition ends: its last day, what that means for what is open, and its last digest. Values and rules, pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol

from bot.domain.endings.ends import FURTHEST
from bot.domain.record import Record
from bot.domain.rhythm import to_utc
from bot.domain.vocabularies import CoalitionState
from bot.domain.wording import all_of, clock, near_day, plural, sentence
from bot.errors import UserError


class _Runs(Protocol):
    """What runs at an hour of a clock: a cadence, or its row."""

    @property
    def dtstart(self) -> datetime: ...
    @property
    def timezone(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CoalitionEnding:
    """What the form says."""

    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CoalitionEnd:
    """The end of a coalition, in its form and after it was saved. `last_day` is None while it goes on.

    `digest_at`: when the last digest goes out by `last_day`, else by today, aware; None where it goes at once or there
    is none. Counts are of what is open now.
    """

    name: str
    key: str
    last_day: date | None
    today: date
    state: str
    zone: str
    now: datetime
    channels: tuple[str, ...]  # of the digest, without "#"
    digest_hour: time | None
    rounds: int
    asks: int
    actions: int
    decisions: int
    issues: int
    planned: int  # messages
    was_over: bool = False  # it had ended, and goes on again
    minutes: int = 0

    @property
    def is_settled(self) -> bool:
        return False


def meaning_of_end(end: CoalitionEnd) -> Iterator[str]:
    """What the last day brings, a sentence or two each."""
    if end.state == CoalitionState.PAUSED:
        yield "Sending is paused, so no last digest goes out. Resume first if there should be one."
    elif end.digest_hour is not None:
        to = f" in {all_of([f'#{one}' for one in end.channels])}" if end.channels else ""
        hour = clock(datetime.combine(end.today, end.digest_hour))
        yield f"A last digest goes out{to} on that day at {hour}, or at once if that has passed: what was reached."
    closing = all_of(_counted((end.rounds, "open check-in"), (end.asks, "open ask")))
    if closing:
        yield f"{sentence(closing)} {'close' if end.rounds + end.asks > 1 else 'closes'} with it."
    yield "From the day after nothing is asked or posted. What is planned then is dropped, and never sent later."
    staying = all_of(_counted((end.actions, "action"), (end.decisions, "decision"), (end.issues, "issue")))
    if staying:
        yield f"Left open as it stands: {staying}."


def _counted(*found: tuple[int, str]) -> list[str]:
    return [plural(count, words) for count, words in found if count]


def last_digest_moment(digest: _Runs, last_day: date) -> datetime:
    """When a digest goes out for the last time: at its usual hour on the last day. Aware UTC."""
    return to_utc(datetime.combine(last_day, digest.dtstart.time()), digest.timezone)


def require_last_day(last_day: date, today: date) -> date:
    """The last day that a form gives. Raises UserError for one that has passed or is too far ahead."""
    if last_day < today:
        raise UserError("That day has passed. Choose today or a later day.", field="last_day")
    if last_day > today + FURTHEST:
        raise UserError("That is more than a year away. Choose an earlier day.", field="last_day")
    return last_day


def require_going_on(record: Record, today: date) -> None:
    """Raises UserError where the coalition has ended."""
    if record.coalition.is_over(today):
        raise UserError(over_words(record, today))


def over_words(record: Record, today: date) -> str:
    """What somebody reads who would change something in a coalition that has ended."""
    assert record.coalition.ended is not None, "it has ended"
    ended = f"{record.coalition.name} ended {near_day(record.coalition.ended, today)}, so nothing new is recorded."
    return f"{ended} A lead or an admin can bring it back: “coalition reopen coalition”."
