"""Where a delivery goes, and what else a claim needs to know of its coalition, each read once a claim."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.outbox import MAIL_COMES_BACK, NO_MAIL, Kind, Path, Receiver, Trouble, cut_off
from bot.domain.people import decode_moved
from bot.domain.record import Record
from bot.services.access import Transaction
from bot.services.outbox import comes_back, held_of, path_of, receivers_in, sends_mail, with_hours
from bot.store.database import prepared
from bot.store.digests import DigestRow
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow, SlackAccountRow, SlackChannelRow, with_accounts

# In so many channels a note is tried, until Slack says that the person is in one.
MOST_NOTES_TRIED = 8


@dataclass(frozen=True, slots=True)
class Destination:
    """A person's conversation (`channel_id` None until it was opened), a channel, or an address for mail. Where Slack
    takes no direct message to the person, `notes_in` are channels that they may be in: a note there tells them that
    something waits, for the reason of `trouble`."""

    team_id: str | None = None
    user_id: str | None = None
    channel_id: str | None = None
    address: str | None = None
    notes_in: tuple[str, ...] = ()
    trouble: Trouble | None = None


class Reads:
    """What one claim reads about coalitions, people and channels: once each, and only if something needs it."""

    def __init__(self, rows: Collection[DeliveryRow], superseded: Collection[int]) -> None:
        self.superseded = superseded  # digests that a later one covers
        self.digests: dict[int, DigestRow] = {}  # locked and composed
        self._waiting = {row.member_id for row in rows if row.member_id is not None}
        self._people: dict[int, tuple[MemberRow, SlackAccountRow | None]] = {}
        self._receivers: dict[int, Receiver] = {}
        self._records: dict[int, Record] = {}
        self._channels: dict[int, dict[str, SlackChannelRow]] = {}

    async def person(self, session: AsyncSession, member_id: int) -> tuple[MemberRow, SlackAccountRow | None]:
        """A member with their account."""
        await self._read_people(session, member_id)
        return self._people[member_id]

    async def receiver(self, session: AsyncSession, member_id: int) -> Receiver:
        """When a member may be written to."""
        await self._read_people(session, member_id)
        return self._receivers[member_id]

    async def _read_people(self, session: AsyncSession, member_id: int) -> None:
        """The first time it reads the members of all messages that may be claimed."""
        if member_id in self._people:
            return
        unread = {member_id, *self._waiting} - self._people.keys()
        found = (await session.execute(_PEOPLE, {"of": sorted(unread)})).all()
        self._people |= {member.id: (member, account) for member, account, *_hours in found}
        self._receivers |= receivers_in(hours for _member, _account, *hours in found)

    async def record(self, session: AsyncSession, coalition_id: int, now: datetime) -> Record:
        """The coalition's record, without what has ended."""
        if coalition_id not in self._records:
            self._records[coalition_id] = await Transaction(session, coalition_id, now).read_present()
        return self._records[coalition_id]

    async def channel(self, session: AsyncSession, coalition_id: int, name: str | None) -> SlackChannelRow | None:
        if coalition_id not in self._channels:
            rows = await session.scalars(select(SlackChannelRow).where(SlackChannelRow.coalition_id == coalition_id))
            self._channels[coalition_id] = {row.name: row for row in rows}
        return self._channels[coalition_id].get(name or "")


# Built once: each claim asks it.
_PEOPLE = prepared(with_hours(with_accounts()))


async def destination_of(
    tx: Transaction, row: DeliveryRow, parent: DeliveryRow | None, reads: Reads
) -> Destination | str:
    """Where to send to, or the sentence that says what is missing."""
    session = tx.session
    if parent is not None:
        return Destination(channel_id=parent.channel_id)
    if row.member_id is not None:
        member, account = await reads.person(session, row.member_id)
        if row.kind == Kind.ACCOUNT_MOVED:
            # Word about an account goes to that account, even if it is no longer the member's.
            account = await session.scalar(
                select(SlackAccountRow).filter_by(coalition_id=row.coalition_id, id=decode_moved(row.about)[0])
            )
        if row.kind == Kind.INVITATION:
            # For a calendar, whatever else comes in Slack.
            if not sends_mail(tx) or not member.email:
                return NO_MAIL.words
            return MAIL_COMES_BACK.words if comes_back(member) else Destination(address=member.email)
        path = path_of(tx, member, account, asks_again=True)
        if path is Path.MAIL:
            return Destination(address=member.email)
        if isinstance(path, Trouble):
            notes_in = await _notes_in(tx, row, member, account, reads)
            if account is None or not notes_in:
                return path.words
            return Destination(account.team_id, account.user_id, notes_in=notes_in, trouble=path)
        if account is None:
            raise LookupError(f"{row.id}: nobody reaches Slack without an account")
        return Destination(account.team_id, account.user_id, account.dm_channel_id)
    channel = await reads.channel(session, row.coalition_id, row.channel)
    if channel is None or channel.channel_id is None or not channel.is_member:
        is_archived = channel is not None and channel.is_archived
        return cut_off(is_archived=is_archived).words
    return Destination(channel_id=channel.channel_id)


async def _notes_in(
    tx: Transaction, row: DeliveryRow, member: MemberRow, account: SlackAccountRow | None, reads: Reads
) -> tuple[str, ...]:
    """Ids of the channels in which a note may tell this member that something waits; their own groups' come first."""
    if account is None or row.kind != Kind.PROMPTS or not held_of(account).takes_a_note_at(tx.now):
        return ()
    record = await reads.record(tx.session, tx.coalition_id, tx.now)
    groups = sorted(record.groups, key=lambda one: member.key not in one.members)
    cadences = [name for one in record.cadences for name in one.channels]
    named = [*(one.channel for one in groups), *(one.channel for one in record.priorities), *cadences]
    names = dict.fromkeys(name for name in named if name)
    rows = [await reads.channel(tx.session, tx.coalition_id, name) for name in names]
    found = [one.channel_id for one in rows if one is not None and one.is_member and one.channel_id is not None]
    return tuple(found[:MOST_NOTES_TRIED])
