"""Plans what meetings owe: agendas in channels, a fresh one each morning, and reminders. Steps for services.

Planning is by state, not by moment: whatever is due and not there yet is planned, so that doing it twice does it once.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.meetings import (
    AGENDA,
    TODAY,
    MeetingRef,
    Sitting,
    about_of,
    agenda_at,
    due_sittings,
    group_of,
    remind_at,
    remind_from,
)
from bot.domain.outbox import Item, Kind
from bot.domain.people import zone_of_member
from bot.domain.record import Cadence, Record
from bot.domain.vocabularies import CoalitionState
from bot.services.meetings.news import reachable, stand_ins
from bot.services.meetings.views import Answers, read_answers
from bot.services.outbox import offer, post, refresh_posts
from bot.store.base import ids_of
from bot.store.coalition import CoalitionRow
from bot.store.people import MemberRow


async def plan_ahead(session: AsyncSession, coalition_id: int, record: Record, cadence: Cadence, now: datetime) -> None:
    """For a meeting that was just added or moved: what would have been due by now, if the coalition is live."""
    state = await session.scalar(select(CoalitionRow.state).where(CoalitionRow.id == coalition_id))
    if state == CoalitionState.LIVE:
        await plan_meeting(session, coalition_id, record, cadence, now, horizon=now)


async def plan_meeting(
    session: AsyncSession,
    coalition_id: int,
    record: Record,
    cadence: Cadence,
    now: datetime,
    *,
    horizon: datetime,
    refresh_at: datetime | None = None,
) -> None:
    """Plans what is due by `horizon` for every occurrence ahead; agendas that are posted are shown anew at
    `refresh_at`."""
    sittings = due_sittings(cadence, now, horizon)
    if not sittings:
        return
    ids = await ids_of(session, MemberRow, coalition_id)
    answers = await read_answers(session, coalition_id, record, now)
    for sitting in sittings:
        if agenda_at(sitting) <= horizon:
            await _agenda(session, coalition_id, record, sitting, ids, now)
            if refresh_at is not None and refresh_at > agenda_at(sitting):
                await refresh_posts(session, coalition_id, Kind.AGENDA, sitting.ref.key, refresh_at)
        if remind_from(sitting) <= horizon:
            await _reminders(session, coalition_id, record, sitting, ids, answers, now)


async def refresh_agenda(session: AsyncSession, coalition_id: int, ref: MeetingRef, now: datetime) -> None:
    """Asks for an agenda that was posted to be shown anew."""
    await refresh_posts(session, coalition_id, Kind.AGENDA, ref.key, now)


async def _agenda(
    session: AsyncSession, coalition_id: int, record: Record, sitting: Sitting, ids: dict[str, int], now: datetime
) -> None:
    """The agenda in the group's channel; those who are to prepare, or who have no channel, hear of it themselves."""
    group = group_of(record, sitting.cadence)
    channel = group.channel if group is not None else None
    due_at = agenda_at(sitting)
    if channel is not None:
        await post(
            session,
            coalition_id,
            Kind.AGENDA,
            sitting.ref.key,
            now,
            channel=channel,
            due_at=due_at,
            until=sitting.starts_at,
        )
    if channel is not None and sitting.cadence.prework_days_before is None:
        return
    for key in reachable(record, sitting.cadence):
        await offer(
            session,
            coalition_id,
            ids[key],
            Item.MEETING_NEWS,
            about_of(sitting.ref, AGENDA),
            now,
            due_at=due_at,
            until=sitting.starts_at,
        )


async def _reminders(
    session: AsyncSession,
    coalition_id: int,
    record: Record,
    sitting: Sitting,
    ids: dict[str, int],
    answers: Answers,
    now: datetime,
) -> None:
    said = answers.get((sitting.ref.cadence, sitting.ref.slot), {})
    receivers = [key for key in reachable(record, sitting.cadence) if key not in said or said[key].answer == "coming"]
    receivers += stand_ins(record, said.values())
    for key in dict.fromkeys(receivers):
        await offer(
            session,
            coalition_id,
            ids[key],
            Item.MEETING,
            about_of(sitting.ref, TODAY, key),
            now,
            due_at=remind_at(sitting, zone_of_member(record, key)),
            until=sitting.starts_at,
            not_before=remind_from(sitting),
        )
