"""Plans what meetings owe: agendas in channels, a fresh one each morning, and reminders. Steps for services.

Planning is by state, not by moment: whatever is due and not there yet is planned, so that doing it twice does it once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, select

from bot.domain.meetings import (
    AGENDA,
    PACK,
    TODAY,
    MeetingRef,
    Sitting,
    about_of,
    agenda_at,
    due_sittings,
    group_of,
    has_pack,
    remind_at,
    remind_from,
)
from bot.domain.outbox import Item, Kind
from bot.domain.people import zone_of_member
from bot.domain.record import Cadence
from bot.domain.vocabularies import CoalitionState
from bot.services.access import OnRecord, Transaction
from bot.services.meetings.news import reachable, stand_ins
from bot.services.meetings.views import Answers, read_answers
from bot.services.outbox import Offer, offer_all, post, queue_updates_where, refresh_posts
from bot.store.base import ids_of
from bot.store.coalition import CoalitionRow
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow


async def plan_ahead(tx: OnRecord, cadence: Cadence) -> None:
    """For a meeting that was just added or moved: what would have been due by now, if the coalition is live."""
    state = await tx.session.scalar(select(CoalitionRow.state).where(CoalitionRow.id == tx.coalition_id))
    if state == CoalitionState.LIVE:
        await plan_meeting(tx, cadence, horizon=tx.now)


async def plan_meeting(
    tx: OnRecord, cadence: Cadence, *, horizon: datetime, refresh_at: datetime | None = None
) -> None:
    """Plans what is due by `horizon` for every occurrence ahead; agendas that are posted are shown anew at
    `refresh_at`."""
    sittings = due_sittings(cadence, tx.now, horizon)
    if not sittings:
        return
    ids = await ids_of(tx.session, MemberRow, tx.coalition_id)
    answers = await read_answers(tx)
    for sitting in sittings:
        if agenda_at(sitting) <= horizon:
            await _agenda(tx, sitting, ids)
            if refresh_at is not None and refresh_at > agenda_at(sitting):
                await refresh_posts(replace(tx, now=refresh_at), Kind.AGENDA, sitting.ref.key)
        if remind_from(sitting) <= horizon:
            await _reminders(tx, sitting, ids, answers)


async def refresh_agenda(tx: Transaction, ref: MeetingRef) -> None:
    """Asks for an agenda that was posted to be shown anew."""
    await refresh_posts(tx, Kind.AGENDA, ref.key)


async def refresh_pack(tx: Transaction, ref: MeetingRef) -> None:
    """Asks for a pack that was posted to be shown anew: its meeting moved, or is not held."""
    await refresh_posts(tx, Kind.PACK, ref.key)


async def refresh_ahead(tx: Transaction, cadence: str) -> None:
    """Asks for agendas and packs that were posted for what is ahead of a meeting (its id) to be shown anew: its rhythm
    may have changed, so that one of those dates is none any more."""
    of_it = DeliveryRow.about.startswith(f"{cadence}|", autoescape=True)
    kinds = DeliveryRow.kind.in_((Kind.AGENDA, Kind.PACK))
    await queue_updates_where(tx, and_(tx.owns(DeliveryRow), kinds, of_it, DeliveryRow.expires_at > tx.now))


async def _agenda(tx: OnRecord, sitting: Sitting, ids: dict[str, int]) -> None:
    """The agenda in the group's channel, and the pack above it where there is one; those who are to prepare, or who
    have no channel, hear of it themselves."""
    packed = has_pack(tx.record, sitting.cadence)
    group = group_of(tx.record, sitting.cadence)
    channel = group.channel if group is not None else None
    due_at = agenda_at(sitting)
    if channel is not None:
        kinds = (Kind.PACK, Kind.AGENDA) if packed else (Kind.AGENDA,)
        for kind in kinds:
            await post(tx, kind, sitting.ref.key, channel=channel, due_at=due_at, until=sitting.starts_at)
    if channel is not None and sitting.cadence.prework_days_before is None:
        return
    offers = [
        Offer(
            member_id=ids[key],
            item=Item.MEETING_NEWS,
            about=about_of(sitting.ref, PACK if packed else AGENDA),
            due_at=due_at,
            until=sitting.starts_at,
            not_before=tx.now,
        )
        for key in reachable(tx.record, sitting.cadence)
    ]
    await offer_all(tx, offers)


async def _reminders(tx: OnRecord, sitting: Sitting, ids: dict[str, int], answers: Answers) -> None:
    said = answers.get((sitting.ref.cadence, sitting.ref.slot), {})
    receivers = [
        key for key in reachable(tx.record, sitting.cadence) if key not in said or said[key].answer == "coming"
    ]
    receivers += stand_ins(tx.record, said.values())
    offers = [
        Offer(
            member_id=ids[key],
            item=Item.MEETING,
            about=about_of(sitting.ref, TODAY, key),
            due_at=remind_at(sitting, zone_of_member(tx.record, key)),
            until=sitting.starts_at,
            not_before=remind_from(sitting),
        )
        for key in dict.fromkeys(receivers)
    ]
    await offer_all(tx, offers)
