"""The owner's preview: what somebody hears of a digest before it goes out, and on which day. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.actions import ActionCard
from bot.domain.digests.parts import Digest, PriorityPart
from bot.domain.people import is_away
from bot.domain.record import Cadence, Member, Record
from bot.domain.rhythm import Seen, to_utc
from bot.domain.vocabularies import AT_REST

# A longer run of closed days is a mistake in the data.
_MOST_DAYS_BEFORE = 14
SATURDAY = 5
MOST_CONTEXT = 200
_A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerPreview(Seen):
    """What is told of somebody in a digest that is about to go out, or has. Moments are UTC.

    `digest_at` is None where the digest is not planned any more; `changed_at` is when the text last changed since it
    was sent. `named` are the person's actions that it names, or named when the preview was sent.
    """

    receiver_name: str
    digest: Digest
    parts: tuple[str, ...]  # the priorities that the person owns
    named: tuple[ActionCard, ...]
    week: date
    digest_at: datetime | None
    changed_at: datetime | None
    published_at: datetime | None
    digest_id: int | None
    stands_in_for: tuple[str, ...] = ()  # names of those who are away, so that this person sees their part
    amounts: frozenset[str] = frozenset()  # ids of the priorities whose money this person may see
    may_add: frozenset[str] = frozenset()  # ids of those to whose part they may add a text
    leadership: tuple[str, ...]  # who reads the roll-up beside the coordinators, in words
    channels: tuple[str, ...]  # of the person's priorities, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextForm:
    """The form for what an owner adds to a priority's part of one week's digest."""

    priority: str
    priority_name: str
    week: date
    text: str | None
    readers: tuple[str, ...]


def preview_at(record: Record, cadence: Cadence, digest_on: date, member: Member) -> datetime | None:
    """When a member sees their part: on their clock, the working day before the digest; None where there is no preview.

    A working day is Monday to Friday and not one on which their organization is closed.
    """
    if cadence.owner_preview_at is None:
        return None
    day = _preview_day(record, digest_on, member)
    return to_utc(datetime.combine(day, cadence.owner_preview_at), member.timezone or record.coalition.timezone)


def parts_of_previews(digest: Digest) -> tuple[PriorityPart, ...]:
    """The parts of a digest that their owners see before it goes out. Of a priority that is paused or complete nothing
    new is told, once a digest has said so."""
    return tuple(part for part in digest.priorities if not _has_long_rested(part, digest.today))


def _has_long_rested(part: PriorityPart, today: date) -> bool:
    standing = part.standing
    return standing.assessment in AT_REST and standing.since is not None and today - standing.since >= _A_WEEK


def receivers_of_previews(record: Record, digest_on: date, told: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Who sees whose part of a digest: members' ids by the receiver's. `told` are those of whom it tells.

    The stand-in of somebody who is away on the day of the preview sees it in their place; stand-ins don't chain.
    """
    members = {member.id: member for member in record.members}
    found: dict[str, tuple[str, ...]] = {}
    for member in record.present:
        if member.id not in told:
            continue
        receiver = member
        if is_away(member, _preview_day(record, digest_on, member)):
            stand_in = members.get(member.delegate or "")
            can_read = stand_in is not None and record.reaches(stand_in)
            if stand_in is not None and can_read and not is_away(stand_in, _preview_day(record, digest_on, stand_in)):
                receiver = stand_in
        if record.reaches(receiver):
            found[receiver.id] = (*found.get(receiver.id, ()), member.id)
    return found


def _preview_day(record: Record, digest_on: date, member: Member) -> date:
    organization = next(item for item in record.everything.organizations if item.id == member.organization)
    days = (digest_on - timedelta(days=back) for back in range(1, _MOST_DAYS_BEFORE))
    return working_day_before(digest_on, {one for one in days if organization.is_closed(one)})


def working_day_before(day: date, closed: Collection[date]) -> date:
    """The last Monday to Friday before a day that is not closed; the day before where there is none."""
    for back in range(1, _MOST_DAYS_BEFORE):
        found = day - timedelta(days=back)
        if found.weekday() < SATURDAY and found not in closed:
            return found
    return day - timedelta(days=1)


def named_actions(digest: Digest) -> tuple[str, ...]:
    """The actions that a digest names: each priority's oldest overdue one, and those that wait for others."""
    return tuple(dict.fromkeys((*_oldest(digest), *(wait.action for wait in digest.waits))))


def _oldest(digest: Digest) -> Iterator[str]:
    for part in digest.priorities:
        if part.actions.oldest_overdue is not None:
            yield part.actions.oldest_overdue.id
