"""The channels as Slack shows them: which take posts, which do not and what waits for those, and which have another
name by now: the coalition means the channel, not the word. Steps for services."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.domain.meetings import is_meeting
from bot.domain.outbox import Kind, State, cut_off, read_trouble
from bot.domain.people import SeenChannel
from bot.domain.record import Record
from bot.domain.rhythm import next_occurrence
from bot.domain.sending import KIND_WORDS, CutOff, WaitingPost
from bot.domain.vocabularies import CadenceKind, CoalitionState
from bot.services.access import OnRecord, Transaction
from bot.services.alarms import CHANNELS, refresh_alarms, tell_of_channels
from bot.services.outbox import SHOWN, queue_updates_of
from bot.store.coalition import CoalitionRow
from bot.store.organizations import GroupRow
from bot.store.outbox import DeliveryRow, posts_of
from bot.store.people import SlackChannelRow
from bot.store.priorities import PriorityRow
from bot.store.rhythm import CadenceRow


def channels_of(record: Record) -> tuple[str, ...]:
    """Every channel that digests and agendas go to, once, in file order."""
    named = [name for cadence in record.cadences if cadence.kind == CadenceKind.DIGEST for name in cadence.channels]
    named += [priority.channel for priority in record.priorities if priority.channel]
    meeting = {cadence.group for cadence in record.cadences if is_meeting(cadence)}
    named += [group.channel for group in record.groups if group.channel and group.id in meeting]
    return tuple(dict.fromkeys(named))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a coalition's channels: as Slack showed them, by name, and what is planned to be posted."""

    rows: Mapping[str, SlackChannelRow]
    planned: Sequence[DeliveryRow]

    def missing(self, record: Record) -> tuple[str, ...]:
        joined = {name for name, row in self.rows.items() if row.is_member}
        # One that the bot is in may take no posts for another reason, which its waiting post tells.
        stuck = [one.channel for one in self.planned if one.waiting and one.channel is not None]
        return tuple(dict.fromkeys([*(name for name in channels_of(record) if name not in joined), *stuck]))


async def _known(tx: Transaction) -> _Known:
    rows = await tx.session.scalars(select(SlackChannelRow).where(tx.owns(SlackChannelRow)))
    planned = await tx.session.scalars(
        select(DeliveryRow)
        .where(
            tx.owns(DeliveryRow),
            DeliveryRow.channel.is_not(None),
            DeliveryRow.operation == "post",
            DeliveryRow.parent_id.is_(None),
            DeliveryRow.state == State.PLANNED,
        )
        .order_by(DeliveryRow.due_at, DeliveryRow.id)
    )
    return _Known({row.name: row for row in rows}, planned.all())


async def missing_channels(tx: OnRecord) -> tuple[str, ...]:
    """Those of them, and of those for which something waits, that take no posts."""
    return (await _known(tx)).missing(tx.record)


async def cut_off_channels(tx: OnRecord, names: Collection[str] | None = None) -> tuple[CutOff, ...]:
    """Why channels take no posts, and what waits for each, the earliest first; of these names only, or all of them."""
    known = await _known(tx)
    waiting: dict[str | None, list[DeliveryRow]] = defaultdict(list)
    for delivery in known.planned:
        if delivery.due_at <= tx.now:
            waiting[delivery.channel].append(delivery)
    found = []
    for name in known.missing(tx.record):
        if names is not None and name not in names:
            continue
        row = known.rows.get(name)
        trouble = cut_off(is_archived=row is not None and row.is_archived)
        if row is not None and row.is_member:
            refused = next((read_trouble(one.reason) for one in waiting[name] if one.waiting and one.reason), None)
            if refused is None:
                continue
            trouble = refused
        found.append(
            CutOff(
                channel=name,
                trouble=trouble,
                waiting=tuple(_waiting(one) for one in waiting[name]),
                following=following_post(tx.record, name, tx.now),
            )
        )
    return tuple(found)


def _waiting(row: DeliveryRow) -> WaitingPost:
    return WaitingPost(KIND_WORDS.get(Kind(row.kind), "a post"), row.due_at, is_digest=row.digest_id is not None)


def following_post(record: Record, channel: str, now: datetime) -> WaitingPost | None:
    """The digest that comes to this channel next, if any does."""
    own = any(priority.channel == channel for priority in record.priorities)
    moments = []
    for cadence in record.cadences:
        is_roll_up = channel in cadence.channels
        if cadence.kind != CadenceKind.DIGEST or not (is_roll_up or own):
            continue
        following = next_occurrence(cadence, now)
        if following is not None:
            kind = Kind.ROLL_UP if is_roll_up else Kind.CHANNEL_EDITION
            moments.append(WaitingPost(KIND_WORDS[kind], following[1]))
    return min(moments, key=lambda one: one.due_at, default=None)


async def take_over_channels(tx: Transaction, seen: Sequence[SeenChannel]) -> None:
    """Writes down what Slack shows, follows names that changed, and tells of channels that were lost or are back."""
    rows = {row.name: row for row in await tx.session.scalars(select(SlackChannelRow).where(tx.owns(SlackChannelRow)))}
    before = {row.channel_id for row in rows.values() if row.is_member}
    await follow_renames(tx, tuple(rows.values()), seen)
    there = {channel.name for channel in seen}
    ids = {channel.channel_id for channel in seen}
    for channel in seen:
        row = rows.get(channel.name)
        if row is None:
            row = SlackChannelRow(coalition_id=tx.coalition_id, name=channel.name)
            tx.session.add(row)
            rows[channel.name] = row
        row.channel_id = channel.channel_id
        row.is_member = not channel.is_archived
        row.is_archived = channel.is_archived
        row.is_private = channel.is_private
        row.is_external = channel.is_external
        row.checked_at = tx.now
    for name, row in list(rows.items()):
        if name not in there and row.channel_id in ids:
            # Nothing has this name any more; kept, it would stand for the same channel a second time.
            await tx.session.delete(row)
            del rows[name]
        elif name not in there:
            row.is_member = row.is_archived = False
            row.checked_at = tx.now
    await tx.session.flush()
    await _tell(tx, rows.values(), before)


async def _tell(tx: Transaction, rows: Collection[SlackChannelRow], before: Collection[str | None]) -> None:
    """What changed for channels that the coalition posts in, while it sends at all."""
    lost = [row.name for row in rows if not row.is_member and row.channel_id in before]
    back = [row.name for row in rows if row.is_member and row.channel_id not in before]
    if not lost and not back:
        return
    await refresh_alarms(tx, channels=back)
    state = await tx.session.scalar(select(CoalitionRow.state).where(CoalitionRow.id == tx.coalition_id))
    if lost and state == CoalitionState.LIVE:
        named = channels_of(await tx.read_present())
        await tell_of_channels(tx, [name for name in named if name in lost])


async def follow_renames(tx: Transaction, known: Sequence[SlackChannelRow], seen: Sequence[SeenChannel]) -> None:
    """Gives groups, priorities, cadences, deliveries and alarms the names that their channels have now, by the
    channels' ids.

    Names that changed hands (one channel took another's) are followed all at once. `known` is left to the caller.
    """
    names_now = {channel.channel_id: channel.name for channel in seen if channel.name}
    renamed = {
        row.name: names_now[row.channel_id]
        for row in known
        if row.channel_id is not None and names_now.get(row.channel_id, row.name) != row.name
    }
    if not renamed:
        return
    groups = select(GroupRow).where(tx.owns(GroupRow), GroupRow.channel.in_(renamed))
    for group in await tx.session.scalars(groups):
        group.channel = _now(group.channel, renamed)
    priorities = select(PriorityRow).where(tx.owns(PriorityRow), PriorityRow.channel.in_(renamed))
    for priority in await tx.session.scalars(priorities):
        priority.channel = _now(priority.channel, renamed)
    for cadence in await tx.session.scalars(select(CadenceRow).where(tx.owns(CadenceRow))):
        channels = [_now(name, renamed) for name in cadence.channels]
        if channels != cadence.channels:
            cadence.channels = channels
    for delivery in await tx.session.scalars(
        select(DeliveryRow).where(tx.owns(DeliveryRow), DeliveryRow.channel.in_(renamed))
    ):
        delivery.channel = _now(delivery.channel, renamed)
        if delivery.state == State.PLANNED and delivery.waiting:
            # It may have waited for an invitation to a channel that only seemed to be missing.
            delivery.waiting, delivery.next_attempt_at, delivery.reason = False, None, None
    for notice in await tx.session.scalars(select(DeliveryRow).where(posts_of(tx.coalition_id, Kind.HELD_NOTICE))):
        told = [str(name) for name in notice.subject.get(CHANNELS, [])]
        if renamed.keys() & set(told):
            notice.subject = {**notice.subject, CHANNELS: [_now(name, renamed) for name in told]}
            await queue_updates_of(tx, [notice] if notice.state in SHOWN else [])
    await tx.session.flush()


def _now(name: str | None, renamed: Mapping[str, str]) -> str | None:
    return renamed.get(name, name) if name is not None else None
