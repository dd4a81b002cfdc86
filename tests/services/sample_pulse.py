"""The sample's partner pulse with a round that is open, or one that is told: its own first one comes in December."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from bot.domain.checkins import summary_about
from bot.services import Services
from bot.services.access import operator
from bot.store.checkins import PulseResultRow, RoundRow, RoundSubjectRow
from bot.store.people import MemberRow
from bot.store.rhythm import CadenceRow

PULSE = "partner-pulse"
TOLD_ON = date(2026, 9, 8)
TOLD = summary_about(PULSE, TOLD_ON)


async def open_pulse(services: Services, coalition_id: int, member: str) -> int:
    """A round that asks somebody now; the id of what it asks them."""
    now = services.calendar.now()
    async with services.database.write() as session:
        of_sample = select(CadenceRow.id, CadenceRow.question_set_id).where(
            CadenceRow.coalition_id == coalition_id, CadenceRow.key == PULSE
        )
        cadence_id, set_id = (await session.execute(of_sample)).one()
        member_id = await session.scalar(
            select(MemberRow.id).where(MemberRow.coalition_id == coalition_id, MemberRow.key == member)
        )
        row = RoundRow(
            coalition_id=coalition_id,
            cadence_id=cadence_id,
            slot=datetime(2026, 11, 23, 9),  # noqa: DTZ001
            day=date(2026, 11, 23),
            planned_at=now,
            question_set_id=set_id,
            questions_version=1,
        )
        session.add(row)
        await session.flush()
        subject = RoundSubjectRow(
            coalition_id=coalition_id,
            round_id=row.id,
            member_id=member_id,
            owner_id=member_id,
            opens_at=now,
            closes_at=now + timedelta(days=5),
            took_part=False,
        )
        session.add(subject)
        await session.flush()
        return subject.id


async def tell_pulse(services: Services, coalition_id: int) -> str:
    """What came of a round, unless it stands there already; as its message carries it."""
    author = operator(coalition_id).author(services.calendar.now())
    async with services.database.write(author) as session:
        cadence_id = await session.scalar(
            select(CadenceRow.id).where(CadenceRow.coalition_id == coalition_id, CadenceRow.key == PULSE)
        )
        known = select(PulseResultRow.id).where(PulseResultRow.coalition_id == coalition_id)
        if await session.scalar(known) is None:
            worth = {"question": "worth", "label": "Worth it?", "answered": 6, "choices": ["5 of 5"], "counts": [6]}
            session.add(
                PulseResultRow(
                    coalition_id=coalition_id,
                    cadence_id=cadence_id,
                    round=TOLD_ON,
                    title="Partner pulse",
                    asked=9,
                    answered=6,
                    told=[worth],
                    extra={},
                )
            )
    return TOLD
