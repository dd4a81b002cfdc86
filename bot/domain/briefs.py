"""The coordinators' brief before a digest: what needs a hand, as frozen values. Names and facts, no words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from bot.domain.asks import UNDECIDED, AskCard
from bot.domain.decisions import DecisionCard
from bot.domain.digests import Digest
from bot.domain.metrics import Figure
from bot.domain.people import PrivateNote
from bot.domain.sending import HeldNotice, Undelivered

# The brief comes so long after the last close of the round that feeds the digest.
AFTER_CLOSE = timedelta(hours=1)
MINUTES_EACH = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """A priority without an update in the round. `asked` are the names of those who were asked."""

    subject_id: int
    priority_name: str
    last_on: date | None
    owner: str  # member id
    owner_name: str
    asked: tuple[str, ...]
    answered_by_name: str | None  # somebody has answered since


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A priority whose owner and whose numbers say different things."""

    priority_name: str
    owner: str  # member id
    owner_name: str
    assessment: str
    status: str  # of the headline metric
    unit: str
    latest: Figure | None
    expected: Fraction | None
    is_owners_word: bool = True  # the owner said it; else somebody said it for them


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A figure that is not there. `since` is the last day that the newest one covers; None without one."""

    metric: str
    metric_name: str
    steward: str  # member id
    steward_name: str
    since: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What one coordinator is told. Asks and held messages that were decided since stay, as they are now."""

    round_id: int
    digest_at: datetime | None
    asks: tuple[AskCard, ...]
    notes: tuple[PrivateNote, ...]
    silent: tuple[Silent, ...]
    held: tuple[HeldNotice, ...]
    decisions: tuple[DecisionCard, ...]  # due soon, past their day, or to be recorded
    differences: tuple[Difference, ...]
    missing: tuple[Missing, ...]
    figures: int  # of how many
    asked_for_by: str | None  # who asked the stewards for what is missing
    asked_for_at: datetime | None
    overdue: int
    overdue_organizations: int
    sent: int  # messages of this week
    held_count: int
    undelivered: Undelivered | None
    may_pause: bool
    passed: int = 0  # targets whose day has passed without a new one
    late: int = 0  # of those sent this week
    lost: int = 0  # that did not arrive, and will not
    backup_at: datetime | None = None
    receiver: str  # member id
    zone: str
    now: datetime

    @property
    def things(self) -> int:
        """How many things are left to look at."""
        return (
            sum(card.state in UNDECIDED for card in self.asks)
            + sum(note.waits for note in self.notes)
            + sum(one.answered_by_name is None for one in self.silent)
            + sum(notice.waits for notice in self.held)
            + sum(one.is_needed for one in self.decisions)
            + (len(self.undelivered.cut_off) + bool(self.undelivered.count) if self.undelivered is not None else 0)
            + len(self.differences)
            + bool(self.missing)
            + bool(self.overdue)
        )

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to list, not even what was done about something."""
        return not (self.things or self.asks or self.notes or self.silent or self.held or self.decisions)

    @property
    def minutes(self) -> int:
        """What they take together, in steps of five."""
        return -(-self.things * MINUTES_EACH // 5) * 5


def differences(digest: Digest) -> tuple[Difference, ...]:
    """Where owners and numbers disagree, in the digest's order."""
    return tuple(
        Difference(
            priority_name=part.name,
            owner=part.owner,
            owner_name=part.owner_name,
            assessment=part.standing.assessment,
            is_owners_word=part.is_owners_word,
            status=part.headline.status,
            unit=part.headline.unit,
            latest=part.headline.latest,
            expected=part.headline.expected if part.headline.direction != "maintain" else None,
        )
        for part in digest.priorities
        if part.disagrees and part.headline is not None
    )


def missing(digest: Digest) -> tuple[Missing, ...]:
    """Figures that the digest counts as not reported."""
    wanted = {*digest.metrics_without_reading, *digest.stale_metrics}
    return tuple(
        Missing(
            metric=metric.id,
            metric_name=metric.name,
            steward=metric.steward,
            steward_name=metric.steward_name,
            since=metric.latest.period_end if metric.latest is not None else None,
        )
        for part in digest.priorities
        for metric in part.metrics
        if metric.id in wanted
    )


def overdue(digest: Digest) -> tuple[int, int]:
    """How many actions are overdue, and in how many organizations."""
    found = [
        action
        for summary in (*(part.actions for part in digest.priorities), digest.coalition_actions)
        for action in summary.overdue
    ]
    return len(found), len({action.organization for action in found})
