"""What still holds of a delivery at the moment it is claimed: who it is for, what it asks, where and when it may go.

Steps of the claim's transaction; how a delivery changes its state otherwise is in `deliveries`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.domain.actions import read_list_about
from bot.domain.checkins import AT_REST
from bot.domain.outbox import (
    NOT_LINKED,
    NOTHING_LEFT,
    RESTS,
    WAITS_IN_HOME,
    Item,
    Kind,
    Receiver,
    State,
    cut_off,
    delivery_key,
    late_rule,
    sendable_at,
    thing_of,
)
from bot.domain.people import decode_moved
from bot.domain.record import Record
from bot.domain.rhythm import to_local, to_utc
from bot.domain.sending import (
    CHAIN,
    falls_on_a_weekend,
    has_room,
    is_unwanted,
    may_be_held_back,
    may_join,
    next_day_with_room,
)
from bot.services.outbox import A_DAY, NO_OPEN_HOUR, NO_OPEN_HOUR_IN_ROUND, SHOWN, later, trouble_of
from bot.services.sending.readers import ITEM_READERS
from bot.store.checkins import ANSWERS_SUBJECT, ResponseRow, RoundRow, RoundSubjectRow
from bot.store.digests import DigestRow
from bot.store.outbox import DeliveryItemRow, DeliveryRow
from bot.store.people import MemberRow, SlackAccountRow, SlackChannelRow
from bot.store.priorities import PriorityRow
from bot.store.record import read_record

SENT_TOGETHER = "sent together with an earlier message"


@dataclass(frozen=True, slots=True)
class Destination:
    """A person's conversation (`channel_id` None until it was opened) or a channel."""

    team_id: str | None = None
    user_id: str | None = None
    channel_id: str | None = None


def settle(row: DeliveryRow, state: State, reason: str) -> None:
    """Ends a delivery that isn't sent, with the reason."""
    row.state = state
    row.reason = reason
    row.next_attempt_at = None


async def is_written_to(session: AsyncSession, row: DeliveryRow) -> bool:
    """Whether another message with prompts is on its way to this person: two at once would both be the first one."""
    under_way = await session.scalar(
        select(DeliveryRow.id)
        .where(
            DeliveryRow.member_id == row.member_id,
            DeliveryRow.kind == Kind.PROMPTS,
            DeliveryRow.operation == "post",
            DeliveryRow.state.in_([State.CLAIMED, State.AMBIGUOUS]),
        )
        .limit(1)
    )
    if under_way is not None:
        return True
    # Another process may be claiming for this person at the same time, which only a lock shows.
    mine = await session.scalar(
        select(MemberRow.id).where(MemberRow.id == row.member_id).with_for_update(key_share=True, skip_locked=True)
    )
    return mine is None


async def gather(session: AsyncSession, row: DeliveryRow, now: datetime, receiver: Receiver | None) -> None:
    """After downtime several messages to one person are due at once: they become this one, each thing once.

    So does what was held back, and what is planned for later today and as good now.
    """
    others = (
        await session.scalars(
            select(DeliveryRow)
            .where(
                DeliveryRow.member_id == row.member_id,
                DeliveryRow.kind == Kind.PROMPTS,
                DeliveryRow.operation == "post",
                DeliveryRow.state == State.PLANNED,
                # What was held back takes the first message that goes.
                or_(DeliveryRow.due_at <= now, DeliveryRow.held_back.is_(True)),
                DeliveryRow.id != row.id,
            )
            .order_by(DeliveryRow.due_at, DeliveryRow.id)
            .with_for_update(skip_locked=True)
        )
    ).all()
    others = [*others, *await _as_good_now(session, row, now, receiver)]
    if not others:
        return
    items = (
        await session.scalars(
            select(DeliveryItemRow)
            .where(DeliveryItemRow.delivery_id.in_([row.id, *(other.id for other in others)]))
            .order_by(DeliveryItemRow.position)
        )
    ).all()
    there = {_thing(item) for item in items if item.delivery_id == row.id}
    position = max((item.position for item in items if item.delivery_id == row.id), default=-1)
    for other in others:
        for item in items:
            if item.delivery_id == other.id and _thing(item) not in there:
                position += 1
                item.delivery_id, item.position = row.id, position
                there.add(_thing(item))
        row.expires_at = later(row.expires_at, other.expires_at)
        settle(other, State.DROPPED, SENT_TOGETHER)
    await session.flush()


async def _as_good_now(
    session: AsyncSession, row: DeliveryRow, now: datetime, receiver: Receiver | None
) -> list[DeliveryRow]:
    """Messages planned for later on this day of the receiver's, all of which may as well come now."""
    if receiver is None:
        return []
    found = (
        await session.execute(
            select(DeliveryRow, DeliveryItemRow)
            .join(DeliveryItemRow, DeliveryItemRow.delivery_id == DeliveryRow.id)
            .where(
                DeliveryRow.member_id == row.member_id,
                DeliveryRow.kind == Kind.PROMPTS,
                DeliveryRow.operation == "post",
                DeliveryRow.state == State.PLANNED,
                DeliveryRow.held_back.is_(False),
                DeliveryRow.due_at > now,
                DeliveryRow.due_at < now + A_DAY,
                DeliveryRow.id != row.id,
            )
            .order_by(DeliveryRow.due_at, DeliveryRow.id)
            .with_for_update(skip_locked=True, of=DeliveryRow)
        )
    ).all()
    late = {other.id for other, item in found if not may_join(Item(item.kind), other.due_at, now, receiver.zone)}
    return list(dict.fromkeys(other for other, _item in found if other.id not in late))


def _thing(item: DeliveryItemRow) -> tuple[str, str]:
    """What an item speaks of: a priority or a decision once, whether it asks, reminds or asks a stand-in."""
    return (thing_of(Item(item.kind)), item.about)


class Reads:
    """Coalitions and their channels as they were read for one claim, each once and only where something needs it."""

    def __init__(self, superseded: Collection[int]) -> None:
        self.superseded = superseded  # digests that a later one covers
        self._records: dict[int, Record] = {}
        self._channels: dict[int, dict[str, SlackChannelRow]] = {}

    async def record(self, session: AsyncSession, coalition_id: int) -> Record:
        if coalition_id not in self._records:
            self._records[coalition_id] = await read_record(session, coalition_id)
        return self._records[coalition_id]

    async def channel(self, session: AsyncSession, coalition_id: int, name: str | None) -> SlackChannelRow | None:
        if coalition_id not in self._channels:
            rows = await session.scalars(select(SlackChannelRow).where(SlackChannelRow.coalition_id == coalition_id))
            self._channels[coalition_id] = {row.name: row for row in rows}
        return self._channels[coalition_id].get(name or "")


async def still_asks(
    session: AsyncSession, row: DeliveryRow, now: datetime, receiver: Receiver | None, reads: Reads
) -> bool:
    """Whether a bundle has anything left to say now; else it is settled, or put off to an open hour."""
    found = (
        await session.scalars(
            select(DeliveryItemRow).where(DeliveryItemRow.delivery_id == row.id, DeliveryItemRow.left_out.is_(None))
        )
    ).all()
    rounds = await _rounds(session, row)
    unwanted = (await session.get_one(MemberRow, row.member_id)).no_messages_about or ()
    late, wanted, settled, resting, at_home = [], [], False, False, False
    for item in found:
        asked = rounds.get(item.round_subject_id or 0)
        rule = late_rule(Kind(row.kind), Item(item.kind), now, asked.subject.closes_at if asked else item.until)
        if asked is not None and asked.answered:
            settled = True
        elif asked is not None and asked.rests:
            resting, item.left_out = True, RESTS
        elif asked is not None and rule.send and asked.receiver_of(item) != row.member_id:
            await _pass_on(session, row, item, asked.subject, asked.receiver_of(item), now)
        elif not rule.send:
            late.append(rule)
            # A round that is over is left out as well: a message that comes after its close asks nobody.
            item.left_out = WAITS_IN_HOME if asked is None and row.held_back else rule.reason
        elif asked is None and is_unwanted(Item(item.kind), item.about, unwanted, in_round=_is_in_round(item)):
            at_home, item.left_out = True, WAITS_IN_HOME
        elif asked is None and not await _has_news(session, row, item, now, reads):
            settled, item.left_out = True, NOTHING_LEFT
        else:
            wanted.append(item)
    if not wanted:
        if late and row.held_back:
            settle(row, State.MISSED, WAITS_IN_HOME)
        elif late:
            settle(row, State.MISSED, f"{late[0].reason}{f' ({row.reason})' if row.reason else ''}")
        elif at_home:
            settle(row, State.DROPPED, f"{WAITS_IN_HOME}: this person wants no messages about it")
        elif resting:
            settle(row, State.DROPPED, RESTS)
        elif settled:
            settle(row, State.DROPPED, "already answered" if rounds else NOTHING_LEFT)
        elif found:
            settle(row, State.DROPPED, "somebody else is asked now")
        else:
            settle(row, State.DROPPED, NOTHING_LEFT)
        return False
    moment = now if receiver is None else _open_at(row, wanted, now, receiver)
    if moment is None:
        settle(row, State.MISSED, NO_OPEN_HOUR_IN_ROUND if rounds else NO_OPEN_HOUR)
    elif moment > now:
        row.due_at = moment
    elif receiver is not None and may_be_held_back([(Item(item.kind), item.urgent) for item in wanted]):
        if await _hold_back(session, row, now, receiver):
            return False
        return not await _wait_for_company(session, row, wanted, now, receiver, reads)
    return moment == now


def _open_at(row: DeliveryRow, wanted: Sequence[DeliveryItemRow], now: datetime, receiver: Receiver) -> datetime | None:
    """When a bundle may reach this person from now on, by what is in it."""
    due = [(item, item.due_at or row.due_at) for item in wanted]
    found = sendable_at(
        now,
        receiver,
        not_before=now,
        until=row.expires_at,
        on_weekends=any(falls_on_a_weekend(Item(item.kind), item.about, at, receiver.zone) for item, at in due),
        is_chain=any(item.kind in CHAIN for item in wanted),
    )
    if found is None and any(item.urgent for item in wanted):
        found = sendable_at(now, receiver, not_before=now, until=row.expires_at, on_weekends=True)
    return found


def waits_for_an_open_hour(row: DeliveryRow, now: datetime, receiver: Receiver | None) -> bool:
    """Whether a message of its own to a person, late as it is, is put off or settled: nobody is written to at night,
    on a closed day or on a weekend. A late digest keeps its time."""
    if receiver is None or row.kind == Kind.DIGEST_COPY:
        return False
    moment = sendable_at(now, receiver, not_before=now, until=row.expires_at)
    if moment is None:
        settle(row, State.MISSED, NO_OPEN_HOUR)
    elif moment > now:
        row.due_at = moment
    return moment != now


def _is_in_round(item: DeliveryItemRow) -> bool:
    """Whether a round asks for a figure: it closes, as a check-in does."""
    return item.kind == Item.FIGURE and item.until is not None


async def _hold_back(session: AsyncSession, row: DeliveryRow, now: datetime, receiver: Receiver) -> bool:
    """Puts off what the daily and weekly limits keep from this person for now; whether it was.

    It goes with the next message that may go, or by itself on the next day with room.
    """
    local = to_local(now, receiver.zone)
    sent = await _days_with_messages(session, row, now, local, receiver.zone)
    if has_room(sent, local.date()):
        return False
    hour = to_local(datetime.fromisoformat(row.subject["first_due"]), receiver.zone).time()
    by_itself = to_utc(datetime.combine(next_day_with_room(sent, local.date()), hour), receiver.zone)
    moment = sendable_at(by_itself, receiver, not_before=by_itself, until=row.expires_at)
    row.held_back = True
    # Where no day with room comes in time it waits for company until it is of no use.
    row.due_at = moment or row.expires_at or by_itself
    row.subject = {**row.subject, "first_due": row.due_at.isoformat()}
    return True


async def _wait_for_company(
    session: AsyncSession,
    row: DeliveryRow,
    wanted: Sequence[DeliveryItemRow],
    now: datetime,
    receiver: Receiver,
    reads: Reads,
) -> bool:
    """Puts off what is as good with another message that is due to this person later today; whether it was."""
    if any(item.due_at is None or item.due_at <= row.planned_at for item in wanted):
        return False
    moments = await session.scalars(
        select(DeliveryRow.due_at)
        .where(
            DeliveryRow.member_id == row.member_id,
            DeliveryRow.kind == Kind.PROMPTS,
            DeliveryRow.operation == "post",
            DeliveryRow.state == State.PLANNED,
            DeliveryRow.held_back.is_(False),
            DeliveryRow.due_at > now,
            DeliveryRow.due_at < now + A_DAY,
        )
        .order_by(DeliveryRow.due_at)
    )
    company = next((moment for moment in moments if row.expires_at is None or moment < row.expires_at), None)
    if company is None or any(not may_join(Item(item.kind), now, company, receiver.zone) for item in wanted):
        return False
    today = to_local(now, receiver.zone).date()
    listed = {key for item in wanted if item.kind == Item.ACTION_LIST for key in read_list_about(item.about)[1]}
    if listed and any(
        one.id in listed and one.due == today for one in (await reads.record(session, row.coalition_id)).actions
    ):
        return False
    row.held_back, row.due_at = True, company
    return True


async def _days_with_messages(
    session: AsyncSession, row: DeliveryRow, now: datetime, local: datetime, zone: str
) -> list[date]:
    """The day of each unprompted message of this week that has reached this person, is on its way, or goes with this
    very pass: a digest's copy is due at the same minute as what it leaves no room for."""
    monday = datetime.combine(local.date() - timedelta(days=local.weekday()), time())
    moment = func.coalesce(DeliveryRow.sent_at, DeliveryRow.due_at)
    found = await session.scalars(
        select(moment).where(
            DeliveryRow.member_id == row.member_id,
            DeliveryRow.operation == "post",
            DeliveryRow.parent_id.is_(None),
            or_(
                DeliveryRow.state.in_(SHOWN),
                and_(
                    DeliveryRow.state == State.PLANNED, DeliveryRow.kind == Kind.DIGEST_COPY, DeliveryRow.due_at <= now
                ),
            ),
            # Of these one goes to an account that this person reads no more.
            DeliveryRow.kind != Kind.ACCOUNT_MOVED,
            moment >= to_utc(monday, zone),
            DeliveryRow.id != row.id,
        )
    )
    return [to_local(one, zone).date() for one in found]


async def _has_news(
    session: AsyncSession, row: DeliveryRow, item: DeliveryItemRow, now: datetime, reads: Reads
) -> bool:
    """Whether there is anything to say about a thing that is no check-in."""
    record = await reads.record(session, row.coalition_id)
    receiver = await session.get_one(MemberRow, row.member_id)
    value = await ITEM_READERS[Item(item.kind)](session, record, receiver.key, item.about, now)
    return value is not None and not value.is_settled


@dataclass(frozen=True, slots=True)
class _Asked:
    """A round's subject: whether it was answered, whether its priority rests, its owner and their stand-in of now."""

    subject: RoundSubjectRow
    answered: bool
    rests: bool
    owner_id: int
    stand_in_id: int | None

    def receiver_of(self, item: DeliveryItemRow) -> int | None:
        """Whom an item about it is for now."""
        return self.stand_in_id if item.kind == Item.DELEGATE else self.owner_id


async def _rounds(session: AsyncSession, row: DeliveryRow) -> Mapping[int, _Asked]:
    """The rounds' subjects that a bundle asks about, by id."""
    owner = aliased(MemberRow)
    found = await session.execute(
        select(RoundSubjectRow, ResponseRow.id, PriorityRow.assessment, owner.id, owner.delegate_id)
        .join(DeliveryItemRow, DeliveryItemRow.round_subject_id == RoundSubjectRow.id)
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .join(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
        .join(owner, owner.id == PriorityRow.owner_id)
        .outerjoin(
            ResponseRow,
            ANSWERS_SUBJECT,
        )
        .where(DeliveryItemRow.delivery_id == row.id)
    )
    return {
        subject.id: _Asked(subject, answer is not None, assessment in AT_REST, owner_id, stand_in_id)
        for subject, answer, assessment, owner_id, stand_in_id in found
    }


async def _pass_on(
    session: AsyncSession,
    row: DeliveryRow,
    item: DeliveryItemRow,
    subject: RoundSubjectRow,
    wanted: int | None,
    now: datetime,
) -> None:
    """The priority or its stand-in changed hands after this was planned: whoever may answer now is asked instead."""
    if wanted is None:
        await session.delete(item)
        await session.flush()
        return
    kind = Item.DELEGATE if item.kind == Item.DELEGATE else Item.ASK
    key = delivery_key(row.key, "instead", subject.id, kind, wanted)
    other = await session.scalar(select(DeliveryRow).where(DeliveryRow.key == key))
    if other is None:
        other = DeliveryRow(
            coalition_id=row.coalition_id,
            key=key,
            kind=row.kind,
            member_id=wanted,
            subject={"first_due": now.isoformat()},
            planned_at=now,
            due_at=now,
            expires_at=subject.closes_at,
        )
        session.add(other)
        await session.flush()
    count = await session.scalar(select(func.count(DeliveryItemRow.id)).where(DeliveryItemRow.delivery_id == other.id))
    item.delivery_id, item.kind, item.position = other.id, kind, count or 0
    await session.flush()


async def with_successors(session: AsyncSession, ids: Collection[int], now: datetime) -> set[int]:
    """Those of these digests whose cadence's next one for the same channel is due too: one covers the whole gap."""
    if not ids:
        return set()
    mine, theirs, newer = aliased(DigestRow), aliased(DigestRow), aliased(DeliveryRow)
    found = await session.scalars(
        select(DeliveryRow.id)
        .join(mine, mine.id == DeliveryRow.digest_id)
        .join(theirs, mine.cadence_id == theirs.cadence_id)
        .join(newer, newer.digest_id == theirs.id)
        .where(
            DeliveryRow.id.in_(ids),
            newer.coalition_id == DeliveryRow.coalition_id,
            newer.kind == DeliveryRow.kind,
            newer.operation == "post",
            newer.channel.is_not_distinct_from(DeliveryRow.channel),
            newer.member_id.is_not_distinct_from(DeliveryRow.member_id),
            newer.due_at > DeliveryRow.due_at,
            newer.due_at <= now,
        )
    )
    return set(found)


async def destination_of(
    session: AsyncSession, row: DeliveryRow, parent: DeliveryRow | None, reads: Reads
) -> Destination | str:
    """Where to send to, or the sentence that says what is missing."""
    if parent is not None:
        return Destination(channel_id=parent.channel_id)
    if row.member_id is not None:
        member = await session.get_one(MemberRow, row.member_id)
        # What is said about an account goes to that one, also where it is the member's no more.
        whose = (
            SlackAccountRow.id == decode_moved(row.about)[0]
            if row.kind == Kind.ACCOUNT_MOVED
            else SlackAccountRow.member_id == row.member_id
        )
        account = await session.scalar(
            select(SlackAccountRow).where(SlackAccountRow.coalition_id == row.coalition_id, whose)
        )
        trouble = trouble_of(member.access, account)
        if trouble is not None or account is None:
            return (trouble or NOT_LINKED).words
        return Destination(account.team_id, account.user_id, account.dm_channel_id)
    channel = await reads.channel(session, row.coalition_id, row.channel)
    if channel is None or channel.channel_id is None or not channel.is_member:
        is_archived = channel is not None and channel.is_archived
        return cut_off(is_archived=is_archived).words
    return Destination(channel_id=channel.channel_id)
