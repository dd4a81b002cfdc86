"""What did not arrive, for coordinators: waiting for somebody's hand, held for a decision, refused, or too late."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.outbox import (
    CHECKINS,
    NOTHING_LEFT,
    RESTS,
    STUCK,
    WAITS_IN_HOME,
    Item,
    Kind,
    State,
    Trouble,
    Where,
    Whereabouts,
)
from bot.domain.people import zone_of_member
from bot.domain.record import Record
from bot.domain.sending import (
    ITEM_WORDS,
    KIND_WORDS,
    LOOKS_BACK,
    CutOff,
    HeldNotice,
    Receiver,
    Undelivered,
    UndeliveredLine,
)
from bot.domain.vocabularies import Access
from bot.services.access import Actor, OnRecord, Service, Transaction, names_of_members
from bot.services.alarms import read_recovery, wrong_clocks
from bot.services.outbox import trouble_of, where_is
from bot.services.people import cut_off_channels
from bot.store.asks import AskRow
from bot.store.checkins import ResponseRow, RoundSubjectRow
from bot.store.outbox import DeliveryItemRow, DeliveryRow, select_items
from bot.store.people import MemberRow, members_with_accounts
from bot.store.priorities import PriorityRow

# Left out of a message with a good reason, or standing where its reader finds it.
NO_LOSS = (WAITS_IN_HOME, NOTHING_LEFT, RESTS)
_NUMBERED = re.compile(r"[A-Z]+-\d+\b")


class Undeliveries(Service):
    """The list as coordinators look it up."""

    async def page(self, actor: Actor) -> Undelivered:
        """All that did not arrive, by whom it was for."""
        async with self.reading(actor, "undeliveries.page") as tx:
            zone = zone_of_member(tx.record, actor.key)
            return await read_undelivered(tx, zone)


async def read_undelivered(tx: OnRecord, zone: str) -> Undelivered:
    """The list at this moment. A step of the caller's transaction; as many statements for a long one as for none."""
    since = tx.now - LOOKS_BACK
    rows = await tx.values(
        select(DeliveryRow)
        .where(
            tx.owns(DeliveryRow),
            DeliveryRow.operation == "post",
            DeliveryRow.kind != Kind.HELD_NOTICE,
            DeliveryRow.state.in_([State.PLANNED, State.HELD, State.FAILED, State.MISSED]),
            or_(
                and_(
                    DeliveryRow.state == State.PLANNED,
                    DeliveryRow.due_at <= tx.now,
                    DeliveryRow.parent_id.is_(None),
                ),
                DeliveryRow.state == State.HELD,
                and_(DeliveryRow.state.in_([State.FAILED, State.MISSED]), DeliveryRow.due_at > since),
            ),
        )
        .order_by(DeliveryRow.due_at, DeliveryRow.id)
    )
    left_out: Sequence[Any] = await tx.rows(
        select_items(DeliveryItemRow, DeliveryRow)
        .where(
            tx.owns(DeliveryRow),
            DeliveryRow.state == State.SENT,
            DeliveryRow.operation == "post",
            DeliveryRow.due_at > since,
            DeliveryItemRow.left_out.is_not(None),
            DeliveryItemRow.left_out.not_in(NO_LOSS),
        )
        .order_by(DeliveryRow.due_at, DeliveryRow.id, DeliveryItemRow.position)
    )
    members = await members_with_accounts(tx.session, tx.owns(MemberRow))
    people = {member.id: member.key for member, _account in members}
    found_troubles = ((member.id, trouble_of(tx, member, account)) for member, account in members)
    troubles = {member_id: trouble for member_id, trouble in found_troubles if trouble is not None}
    cut_off = {one.channel: one for one in await cut_off_channels(tx)}
    items = await _items_of(tx.session, rows)
    item_names = await name_items(tx.session, [*items, *(item for item, _row in left_out)])
    names = name_messages(rows, items, item_names)
    held = [row for row in rows if row.state == State.HELD]
    notices = dict(zip([row.id for row in held], await held_notices(tx, held, zone), strict=True))
    labels = {member.id: member.name for member in tx.record.members}
    lines: dict[tuple[int | None, str | None], list[UndeliveredLine]] = defaultdict(list)
    for row in rows:
        if row.state == State.MISSED and row.reason and row.reason.startswith(WAITS_IN_HOME):
            continue
        found = where_is(
            row,
            labels[people[row.member_id]] if row.member_id is not None else f"#{row.channel}",
            is_live=True,  # what waits for a resumption is not stuck
            now=tx.now,
            trouble=troubles.get(row.member_id or 0)
            or (cut_off[row.channel].trouble if row.channel in cut_off else None),
        )
        if found.where in STUCK:
            line = UndeliveredLine(what=names[row.id], whereabouts=found, notice=notices.get(row.id))
            lines[row.member_id, row.channel].append(line)
    for item, row in left_out:
        if row.member_id is None:
            continue
        found = Whereabouts(
            where=Where.MISSED,
            to=labels[people[row.member_id]],
            due_at=item.due_at or row.due_at,
            at=item.due_at or row.due_at,
            trouble=Trouble(item.left_out or ""),
        )
        lines[row.member_id, None].append(UndeliveredLine(what=item_names[item.id], whereabouts=found))
    return Undelivered(
        receivers=(
            *_channels(lines, cut_off),
            *_people(tx.record, lines, {key: member_id for member_id, key in people.items()}, troubles),
        ),
        since=since,
        zone=zone,
        now=tx.now,
        clocks=await wrong_clocks(tx),
        recovery=await read_recovery(tx),
    )


def _channels(
    lines: Mapping[tuple[int | None, str | None], list[UndeliveredLine]], cut_off: Mapping[str, CutOff]
) -> list[Receiver]:
    names = dict.fromkeys([*cut_off, *(channel for _member, channel in lines if channel is not None)])
    return [
        Receiver(
            name=f"#{name}",
            member=None,
            organization=None,
            lines=tuple(lines.get((None, name), ())),
            trouble=cut_off[name].trouble if name in cut_off else None,
            cut_off=cut_off.get(name),
        )
        for name in names
    ]


def _people(
    record: Record,
    lines: Mapping[tuple[int | None, str | None], list[UndeliveredLine]],
    ids: Mapping[str, int],
    troubles: Mapping[int, Trouble],
) -> list[Receiver]:
    organizations = {one.id: one.name for one in record.everything.organizations}
    return [
        Receiver(
            name=member.name,
            member=member.id,
            organization=organizations.get(member.organization),
            lines=tuple(sorted(found, key=lambda line: line.whereabouts.due_at)),
            trouble=troubles.get(ids[member.id]),
            may_be_linked=ids[member.id] in troubles and member.access != Access.EMAIL_ONLY,
        )
        for member in record.members
        if (found := lines.get((ids[member.id], None)))
    ]


async def _items_of(session: AsyncSession, rows: Sequence[DeliveryRow]) -> Sequence[DeliveryItemRow]:
    """What people's messages hold, in their order."""
    bundles = [row.id for row in rows if row.kind == Kind.PROMPTS]
    if not bundles:
        return ()
    found = await session.scalars(
        select(DeliveryItemRow).where(DeliveryItemRow.delivery_id.in_(bundles)).order_by(DeliveryItemRow.position)
    )
    return found.all()


def name_messages(
    rows: Sequence[DeliveryRow], items: Sequence[DeliveryItemRow], named: Mapping[int, str]
) -> Mapping[int, str]:
    """What each message is, in words; a person's by what it holds."""
    found = {}
    for row in rows:
        held = dict.fromkeys(named[item.id] for item in items if item.delivery_id == row.id)
        found[row.id] = ", ".join(held) or KIND_WORDS.get(Kind(row.kind), "a message")
    return found


async def name_items(session: AsyncSession, items: Collection[DeliveryItemRow]) -> Mapping[int, str]:
    """What each thing in a message is: of which priority, and by its number where it has one."""
    subjects = {item.round_subject_id for item in items if item.round_subject_id is not None}
    priorities: dict[int | None, str] = {}
    if subjects:
        rounds = await session.execute(
            select(RoundSubjectRow.id, PriorityRow.name)
            .join(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
            .where(RoundSubjectRow.id.in_(subjects))
        )
        priorities = {row.id: row.name for row in rounds}
    asks = {int(item.about) for item in items if item.kind == Item.HELP_WANTED and item.about.isdigit()}
    askers: dict[str, str] = {}
    if asks:
        asking = await session.execute(
            select(AskRow.id, PriorityRow.name)
            .join(ResponseRow, ResponseRow.id == AskRow.response_id)
            .join(PriorityRow, PriorityRow.id == ResponseRow.priority_id)
            .where(AskRow.id.in_(asks))
        )
        askers = {str(row.id): row.name for row in asking}
    found = {}
    for item in items:
        words = ITEM_WORDS.get(Item(item.kind), "a message")
        number = _NUMBERED.match(item.about)
        if item.kind in CHECKINS and item.round_subject_id in priorities:
            words = f"{words} on {priorities[item.round_subject_id]}"
        elif item.kind == Item.HELP_WANTED and item.about in askers:
            words = f"{words} from {askers[item.about]}"
        elif number is not None:
            words = f"{words} ({number.group()})"
        found[item.id] = words
    return found


async def held_notices(tx: Transaction, held: Sequence[DeliveryRow], zone: str) -> tuple[HeldNotice, ...]:
    """What a coordinator is told about held deliveries, in their order. A step in the caller's transaction."""
    people = {one for row in held for one in (row.member_id, row.resolved_by_id) if one is not None}
    names = await names_of_members(tx.session, people)
    return tuple(_held_notice(row, names, zone, tx.now) for row in held)


def _held_notice(held: DeliveryRow, names: Mapping[int, str], zone: str, now: datetime) -> HeldNotice:
    what = KIND_WORDS.get(Kind(held.kind), "a message")
    resolver = names[held.resolved_by_id] if held.resolved_by_id is not None else None
    return HeldNotice(
        delivery_id=held.id,
        what=what,
        to=names[held.member_id] if held.member_id is not None else f"#{held.channel}",
        due_at=held.due_at,
        reason=held.reason or "",
        state=held.state,
        resolved_by=resolver,
        zone=zone,
        may_send_again=held.state == State.HELD and (held.expires_at is None or held.expires_at > now),
    )
