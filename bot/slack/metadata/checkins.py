"""What buttons and forms of check-ins carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.checkins import NextKey, SetAbout, UpcomingRounds
from bot.slack.metadata.codec import OUT_OF_DATE_FORM, carried

carried()(NextKey)


@carried(says=OUT_OF_DATE_FORM)
@dataclass(frozen=True, slots=True)
class AnswerOpened:
    """Which round's subject is answered, and a mark of the answer that was there then, "" for none; None compares
    nothing."""

    subject: int
    answer: str | None = None


@carried()
@dataclass(frozen=True, slots=True)
class RoundKey:
    """Which date of which check-in or digest: the slot is a naive wall time."""

    cadence: str
    slot: datetime


@carried()
@dataclass(frozen=True, slots=True)
class DatesOpened:
    """A form that moves or skips: of which check-in or digest, and when each of its dates was to come, as wall times.
    A form of an early version has seen none."""

    cadence: str
    seen: Mapping[datetime, datetime] = field(default_factory=dict)


def seen_dates(rounds: UpcomingRounds) -> DatesOpened:
    """What a form that moves or skips has seen of these dates."""
    return DatesOpened(rounds.id, {one.slot: one.local for one in rounds.dates})


@carried()
@dataclass(frozen=True, slots=True)
class CheckinOpened:
    """Which check-in a form changes, none for a new one, and a mark of how that was then, "" for none."""

    cadence: str | None = None
    seen: str = ""


carried()(SetAbout)


@carried()
@dataclass(frozen=True, slots=True)
class QuestionOpened:
    """Which question of which set in hand a form changes; none for a new one."""

    key: str | None = None
    copied: bool = False
    seen: str = ""
    question: str | None = None

    @classmethod
    def of(cls, about: SetAbout, question: str | None) -> QuestionOpened:
        """That of a set in hand."""
        return cls(about.key, about.copied, about.seen, question)

    @property
    def about(self) -> SetAbout:
        """The set in hand."""
        return SetAbout(self.key, self.copied, self.seen)
