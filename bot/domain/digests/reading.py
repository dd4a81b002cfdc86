"""Digests as one person reads them: editions, what amounts they show, what a person gets, past ones, sending one.

Frozen values and the rules on them; what an edition says is composed and worded in the other modules of the digest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.digests.parts import Digest
from bot.domain.outbox import Whereabouts
from bot.domain.record import Member, Record
from bot.domain.rhythm import Seen
from bot.domain.rights import ALLOWED, Part, Right, Standing

ROLL_UP = "roll_up"
PRIORITY = "priority"
FUNDER = "funder"
PAGE = 10


@dataclass(frozen=True, slots=True)
class Edition:
    """One way to tell a digest: the roll-up (no `about`), one priority's by its id, or a funder's by organization."""

    kind: str
    about: str = ""
    name: str = ""  # of the priority or organization

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.about}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Which amounts somebody sees: all of them, or those of some priorities.

    A funder sees no other funder's applications and prospects: only those of `pipeline_of`, where that is set.
    """

    everything: bool = False
    priorities: frozenset[str] = frozenset()
    pipeline_of: str | None = None


EVERYTHING = Sight(everything=True)
NOTHING = Sight()


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPost:
    """One post of a digest. `priority` names whose part it is; None is the roll-up itself or its closing reply.

    `late_since` is the moment it was planned for, where that has passed. `copy` is the edition of a copy by direct
    message; None is a post in a channel, or a reply.
    """

    digest: Digest
    sight: Sight
    posted_at: datetime
    priority: str | None = None
    channel: str = ""
    late_since: datetime | None = None
    moved_from: datetime | None = None  # coalition wall time of the slot that was moved
    copy: Edition | None = None
    decided: frozenset[str] = frozenset()  # decisions that are not needed any more


def sight_of(record: Record, standing: Standing, member: Member | None) -> Sight:
    """What amounts a person sees; the program's operator sees all, and so do coordinators, who keep the books."""
    is_funder = Part.FUNDER in standing.everywhere and not standing.may(Right.CHANGE_FUNDING)
    return Sight(
        everything=standing.may(Right.SEE_AMOUNTS),
        priorities=frozenset(item.id for item in record.priorities if standing.may(Right.SEE_AMOUNTS, item.id)),
        pipeline_of=member.organization if is_funder and member is not None else None,
    )


def as_seen(digest: Digest, sight: Sight) -> Digest:
    """The digest without the applications and prospects that a reader who is a funder has no part in."""
    if sight.pipeline_of is None:
        return digest
    parts = []
    for part in digest.priorities:
        shares = tuple(
            share
            for share in part.funding.shares
            if share in part.funding.secured_shares or share.organization == sight.pipeline_of
        )
        parts.append(replace(part, funding=replace(part.funding, shares=shares)))
    return replace(digest, priorities=tuple(parts))


def editions_of(record: Record, standing: Standing, member: Member | None) -> tuple[Edition, ...]:
    """The editions that somebody may read, the widest first."""
    found = [Edition(ROLL_UP)] if standing.may(Right.READ_ROLL_UP) else []
    found += [Edition(PRIORITY, item.id, item.name) for item in record.priorities if _may_read(standing, item.id)]
    names = {item.id: item.name for item in record.everything.organizations}
    if standing.may(Right.MANAGE_MEMBERS):
        funders = funders_of(record)
    else:
        is_funder = Part.FUNDER in standing.everywhere
        funders = (member.organization,) if is_funder and member is not None else ()
    found += [Edition(FUNDER, key, names[key]) for key in funders if key in names]
    return tuple(found)


def funders_of(record: Record) -> tuple[str, ...]:
    """The organizations that have a funder among their people, in file order of the people."""
    people = [item for item in record.members if any(role.role in {"funder", "observer"} for role in item.roles)]
    return tuple(dict.fromkeys(item.organization for item in people))


def _may_read(standing: Standing, priority: str) -> bool:
    parts = (standing.everywhere - {Part.MEMBER, Part.FUNDER}) | standing.scoped.get(priority, frozenset())
    return bool(parts & ALLOWED[Right.READ_PRIORITY])


@dataclass(frozen=True, slots=True)
class Query:
    """Which edition of which digest, and which page. `digest` None is the digest as it would read now."""

    digest: int | None = None
    edition: str = ""  # an edition's key; empty is the widest that the reader may read
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Seen):
    """One edition to read. Of a published digest it is what was stored then; moments are UTC."""

    query: Query
    edition: Edition
    editions: tuple[Edition, ...]  # all that this reader may choose from
    digest: Digest
    sight: Sight
    next_at: datetime | None  # when the next one goes out, where this is not a published one
    published_at: datetime | None
    late_since: datetime | None
    moved_from: datetime | None
    channels: tuple[str, ...]  # where the roll-up is posted


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """An edition that may come by direct message. `is_subscribed`: it does."""

    edition: Edition
    is_subscribed: bool
    delivery: Whereabouts | None = None  # where the newest one is; None where none was due of late


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOn:
    """That somebody passed a digest on by hand: to whom, who did it, and when."""

    to: str  # name
    by: str | None  # name; None where nobody's name is known
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A digest that went out. `place` is where its roll-up stands in Slack: channel id and timestamp, if known."""

    id: int
    published_at: datetime
    sent_by_name: str | None = None  # who had it sent, where it did not go out by itself
    place: tuple[str, str] | None = None
    passed_on: tuple[PassedOn, ...] = ()  # by hand; coordinators only read it


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview(Seen):
    """What one person gets, and when. `state` is the coalition's: draft, live or paused."""

    state: str
    channels: tuple[tuple[Edition, str], ...]  # what stands in which channel of theirs
    copies: tuple[Copy, ...]
    previews: tuple[str, ...]  # names of the priorities whose part they see the day before
    next_at: datetime | None
    latest: Published | None
    may_send: bool
    close: TwoDigests | None = None  # for whoever may leave one of them out
    may_mend: bool = False
    preview: Whereabouts | None = None  # where the newest preview is; None where none was due of late


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDigests(Seen):
    """A page of the digests that went out, newest first."""

    digests: tuple[Published, ...]
    page: int
    start: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendQuestion(Seen):
    """What sending a digest now would mean, before it is done.

    `what`: "early" (this week's goes out now instead), "again" (this week's is out already), "extra" (none is planned
    this week), "planned" (it is on its way), "off" (the coalition is not live), "none" (no digest is set up).
    `token` says which press this question allows, once.
    """

    what: str
    name: str = ""
    token: str = ""
    regular_at: datetime | None = None  # of this week's, or of the next one
    published_at: datetime | None = None
    sent_by_name: str | None = None
    channels: tuple[str, ...] = ()
    copies: int = 0
    state: str = ""
    open_updates: tuple[str, ...] = ()  # priorities whose round is open and without an answer
    waiting: str | None = None  # why what is on its way waits


@dataclass(frozen=True, slots=True, kw_only=True)
class SendOutcome(Seen):
    """What became of [Send now]: sent, or what is so already."""

    already: bool
    channels: tuple[str, ...] = ()
    copies: int = 0
    sent_at: datetime | None = None
    sent_by_name: str | None = None
    regular_at: datetime | None = None  # this week's, which does not come again
    to_priorities: bool = True  # it is on its way to the channels of all priorities
    elsewhere: tuple[Whereabouts, ...] = ()  # posts and copies that are not on their way


def week_of_day(day: date) -> str:
    """A week's name in a token: its ISO year and number."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def page_of(items: Sequence[Published], page: int) -> tuple[int, tuple[Published, ...]]:
    """The page's number, held inside what there is, and what stands on it."""
    last = max(0, (len(items) - 1) // PAGE)
    number = min(max(page, 0), last)
    return number, tuple(items[number * PAGE : (number + 1) * PAGE])


@dataclass(frozen=True, slots=True)
class FeedingRound:
    """The round of a check-in that a digest tells of. Moments are UTC; `slot` is a naive wall time."""

    cadence: str
    name: str
    slot: datetime
    opens_at: datetime
    closes_at: datetime


# Two digests that come closer than this, the first one late, may be one too many.
SOON_AFTER = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoDigests:
    """A digest that went out late, so that the next one, of `slot`, follows it closely. Moments are UTC."""

    cadence: str
    slot: datetime
    due_at: datetime
    published_at: datetime
    next_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestLeftOut(Seen):
    """A digest that doesn't go out at `at`, and when the next one does (UTC)."""

    name: str
    at: datetime
    next_at: datetime | None
    already: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestMoved(Seen):
    """A digest that goes out at another time: `at` (UTC)."""

    name: str
    at: datetime
    rounds: tuple[FeedingRound, ...]
    already: bool = False
