"""Words about decisions to others: the post in the deciders' channel, and items for those whose voice is missing.

Steps for services, in their transaction; what is said is read when it is sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.asking import is_away, zone_of_member
from bot.domain.cadence import to_utc
from bot.domain.deciding import seats_of
from bot.domain.decision_pages import DecisionCard
from bot.domain.deliveries import Item, Kind
from bot.domain.record import Decision, Group, Member, Record
from bot.domain.rights import standing_of
from bot.services.actors import Actor
from bot.services.bundles import offer, refresh_items
from bot.services.decision_views import DecisionsView, read_decisions
from bot.services.posts import post, refresh_posts
from bot.store.coalitions import CoalitionRow
from bot.store.decisions import DecisionRow
from bot.store.deliveries import DeliveryItemRow, DeliveryRow
from bot.store.members import MemberRow
from bot.store.record_view import read_record

# A decision that is needed within two days is asked for by itself, in the morning of the reader's clock.
_DAYS_BEFORE = timedelta(days=2)
_MORNING = time(9)


async def announce(session: AsyncSession, coalition_id: int, record: Record, decision: Decision, now: datetime) -> None:
    """Posts a decision where its group talks; a group without a channel hears of it one by one."""
    group = _group(record, decision)
    if group.channel:
        await post(
            session, coalition_id, kind=Kind.DECISION, about=decision.id, channel=group.channel, due_at=now, now=now
        )
    elif decision.status == "needed":
        await ask_voices(session, coalition_id, record, (decision,), now, at_once=True)
    await refresh(session, coalition_id, decision.id, now)


async def refresh(session: AsyncSession, coalition_id: int, key: str, now: datetime) -> None:
    """Asks for everything that was said of a decision to be shown anew."""
    await refresh_posts(session, coalition_id, Kind.DECISION, key, now)
    await refresh_items(session, coalition_id, {Item.DECISION}, {key}, now)


async def ask_voices(
    session: AsyncSession,
    coalition_id: int,
    record: Record,
    decisions: Iterable[Decision],
    now: datetime,
    *,
    at_once: bool = False,
) -> None:
    """Offers needed decisions to everybody whose voice counts: on the morning two days before, or `at_once`."""
    rows = await session.execute(select(MemberRow.key, MemberRow.id).where(MemberRow.coalition_id == coalition_id))
    ids = {row[0]: row[1] for row in rows}
    for decision in decisions:
        until = _end_of(decision.needed_by, record.coalition.timezone) if decision.needed_by is not None else None
        for member in _asked(record, _group(record, decision), decision):
            due_at = now
            if decision.needed_by is not None and not at_once:
                due_at = max(now, _morning_before(decision.needed_by, zone_of_member(record, member.id)))
            await offer(
                session,
                coalition_id,
                member_id=ids[member.id],
                item=Item.DECISION,
                about=decision.id,
                due_at=due_at,
                now=now,
                until=until,
                urgent=not at_once,
            )


async def tell_voice(
    session: AsyncSession, coalition_id: int, record: Record, decision: Decision, voice: str, now: datetime
) -> None:
    """Says to those who share a voice what a coordinator wrote down for it, with the way to change it."""
    rows = await session.execute(select(MemberRow.key, MemberRow.id).where(MemberRow.coalition_id == coalition_id))
    ids = {row[0]: row[1] for row in rows}
    for member in _asked(record, _group(record, decision), decision, voice):
        # Without an end: it is no asking, which everybody's two days before still is.
        await offer(
            session,
            coalition_id,
            member_id=ids[member.id],
            item=Item.DECISION,
            about=decision.id,
            due_at=now,
            now=now,
        )


async def unasked(session: AsyncSession, coalition_id: int, now: datetime) -> frozenset[str]:
    """The needed decisions that are due within two days and for which nobody has been asked yet."""
    zone = await session.scalar(select(CoalitionRow.timezone).where(CoalitionRow.id == coalition_id)) or "UTC"
    today = now.astimezone(ZoneInfo(zone)).date()
    rows = await session.execute(
        select(DecisionRow.key, DecisionRow.needed_by, func.max(DeliveryItemRow.until))
        .outerjoin(
            DeliveryItemRow,
            (DeliveryItemRow.coalition_id == DecisionRow.coalition_id)
            & (DeliveryItemRow.kind == Item.DECISION)
            & (DeliveryItemRow.about == DecisionRow.key),
        )
        .where(
            DecisionRow.coalition_id == coalition_id,
            DecisionRow.status == "needed",
            DecisionRow.needed_by >= today,
            DecisionRow.needed_by <= today + _DAYS_BEFORE,
        )
        .group_by(DecisionRow.key, DecisionRow.needed_by)
    )
    return frozenset(
        key
        for key, needed_by, until in rows
        if until is None or (needed_by is not None and until < _end_of(needed_by, zone))
    )


async def next_asking(session: AsyncSession, after: datetime) -> datetime | None:
    """The earliest moment after `after` at which somebody is asked about a decision, in any live coalition."""
    rows = await session.execute(
        select(DecisionRow.needed_by, CoalitionRow.timezone)
        .join(CoalitionRow, CoalitionRow.id == DecisionRow.coalition_id)
        .where(DecisionRow.status == "needed", DecisionRow.needed_by.is_not(None), CoalitionRow.state == "live")
    )
    moments = [_morning_before(needed_by, zone) for needed_by, zone in rows if needed_by is not None]
    return min((moment for moment in moments if moment > after), default=None)


def _morning_before(needed_by: date, zone: str) -> datetime:
    return to_utc(datetime.combine(needed_by - _DAYS_BEFORE, _MORNING), zone)


def _end_of(day: date, zone: str) -> datetime:
    return to_utc(datetime.combine(day + timedelta(days=1), time()), zone)


def _asked(record: Record, group: Group, decision: Decision, voice: str | None = None) -> tuple[Member, ...]:
    """Those who can answer for each voice, or for one: its members, or the stand-in of one who can't be written to or
    is away."""
    members = {member.id: member for member in record.members}
    found: dict[str, Member] = {}
    for seat in (one for one in seats_of(record, group) if voice is None or one.voice == voice):
        for key in seat.members:
            member = members[key]
            is_out = member.access == "email_only" or (
                decision.needed_by is not None and is_away(member, decision.needed_by)
            )
            stand_in = members.get(member.delegate or "") if is_out else member
            if stand_in is not None and stand_in.access != "email_only":
                found[stand_in.id] = stand_in
    return tuple(found.values())


async def read_item(
    session: AsyncSession, record: Record, member: str, about: str, now: datetime
) -> DecisionCard | None:
    """A decision as one person's message shows it."""
    decision = next((one for one in record.decisions if one.id == about), None)
    own = next((one for one in record.members if one.id == member), None)
    if decision is None or own is None:
        return None
    coalition_id = await session.scalar(select(CoalitionRow.id).where(CoalitionRow.key == record.coalition.id))
    assert coalition_id is not None
    reader = Actor(coalition_id=coalition_id, standing=standing_of(record, own), path="schedule", key=member)
    return (await read_decisions(session, reader, coalition_id, record, now)).card(decision)


async def read_post(session: AsyncSession, row: DeliveryRow, now: datetime) -> DecisionCard | None:
    """A decision as its group's channel sees it."""
    record = await read_record(session, row.coalition_id)
    decision = next((one for one in record.decisions if one.id == row.about), None)
    if decision is None:
        return None
    return (await read_decisions(session, None, row.coalition_id, record, now)).card(decision)


def waiting_cards(view: DecisionsView) -> tuple[DecisionCard, ...]:
    """What waits for this person's voice, the earliest first."""
    waiting = [one for one in view.record.decisions if view.waits_for_me(one)]
    return tuple(view.card(one) for one in sorted(waiting, key=lambda one: one.needed_by or date.max))


async def home_lines(session: AsyncSession, record: Record, actor: Actor, now: datetime) -> tuple[DecisionCard, ...]:
    """What waits for this person's voice, for Home; the earliest first."""
    return waiting_cards(await read_decisions(session, actor, actor.coalition_id, record, now))


def _group(record: Record, decision: Decision) -> Group:
    return next(group for group in record.groups if group.id == decision.decider)
