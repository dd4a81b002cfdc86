"""What the clock does: plans rounds, prompts and digests as they come due, and closes rounds. Sending is elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random, SystemRandom

import structlog
from sqlalchemy import Text, and_, bindparam, func, or_, select, type_coerce

from bot.clock import Calendar
from bot.domain.known import in_coalition_time
from bot.domain.meetings import is_meeting
from bot.domain.outbox import BUNDLE_SPAN, State
from bot.domain.people import asks_for_figures, is_about_priorities, lists_actions, sends_checkins, zone_of_member
from bot.domain.record import Cadence, Record
from bot.domain.rhythm import to_local, to_utc, zone_of
from bot.domain.vocabularies import CadenceKind
from bot.errors import Unavailable
from bot.services.access import OnRecord, Service, Transaction
from bot.services.actions import offer_due_reminders
from bot.services.checkins import after_close
from bot.services.decisions import chase_decisions, next_chase
from bot.services.digests import refresh_buttons, refresh_previews
from bot.services.following import follow_meetings
from bot.services.funding import offer_funding_notices
from bot.services.rhythm.planning import complete_previews, locked, plan_due, set_next
from bot.services.rhythm.winding_up import follow_last_day, next_last_digest
from bot.services.targets import offer_passed_targets
from bot.store.audit import AuditEntryRow, Author, ChangeRow
from bot.store.base import ids_of
from bot.store.checkins import RoundSubjectRow
from bot.store.coalition import CoalitionRow
from bot.store.database import Database, parameter, prepared
from bot.store.outbox import DeliveryRow
from bot.store.rhythm import CadenceRow, ScheduleRow

# Nothing is planned further ahead than this, by any clock that agrees with Slack's to a minute or so.
_FURTHEST = BUNDLE_SPAN + timedelta(minutes=5)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Live:
    """A live coalition, or one that has a last day: its time zone, its newest change, the last moment through which
    anything of it was planned, whether anything is due within the bundling span, and how it stands to its end."""

    id: int
    zone: str
    last_change: int
    furthest: datetime | None
    is_due: bool
    is_live: bool
    is_ended: bool
    ended: date | None

    def asks_for_its_end(self, today: date) -> bool:
        """Whether its last day has come, or it goes on after all."""
        if self.is_ended:
            return self.ended is None or self.ended >= today
        return self.ended is not None and self.ended <= today


_OWN_SCHEDULES = ScheduleRow.coalition_id == CoalitionRow.id
_LIVE = (
    select(
        CoalitionRow.id,
        CoalitionRow.timezone,
        func.coalesce(
            select(func.max(ChangeRow.id)).where(ChangeRow.coalition_id == CoalitionRow.id).scalar_subquery(), 0
        ),
        select(func.max(ScheduleRow.planned_through)).where(_OWN_SCHEDULES).scalar_subquery(),
        select(ScheduleRow.id).where(_OWN_SCHEDULES, ScheduleRow.next_run_at <= bindparam("horizon")).exists(),
        CoalitionRow.is_live,
        CoalitionRow.is_ended,
        CoalitionRow.ended,
    )
    .where(or_(CoalitionRow.is_live, CoalitionRow.is_ended, CoalitionRow.ended.is_not(None)))
    .order_by(CoalitionRow.id)
)


class Rhythm(Service):
    """Planning and closing, a coalition at a time."""

    def __init__(self, database: Database, calendar: Calendar) -> None:
        super().__init__(database, calendar)
        self._refreshed: dict[int, tuple[int, date, date]] = {}
        # Mixes what was answered anonymously.
        self.chance: Random = SystemRandom()

    async def plan(self) -> int:
        """Plans everything that comes due within the bundling span; returns how many occurrences were planned."""
        planned = 0
        errors: list[Exception] = []
        for one in await self._live_coalitions():
            try:
                planned += await self._plan_one(one)
            except Exception as error:
                errors.append(error)
        if errors:
            # Told only now, so that one coalition's trouble is not the others'.
            if all(isinstance(error, Unavailable) for error in errors):
                raise errors[0]  # it is the same for each of them
            raise ExceptionGroup("planning went wrong", errors)
        return planned

    async def _plan_one(self, one: _Live) -> int:
        # A new day brings days that come near, as a change brings new ones; with the coalition's own, what was due is
        # overdue.
        now, is_due = self.calendar.now(), one.is_due
        if one.asks_for_its_end(to_local(now, one.zone).date()):
            one = replace(one, is_live=await self._follow_last_day(one.id))
        if not one.is_live:
            return 0
        state = (one.last_change, now.date(), to_local(now, one.zone).date())
        if self._refreshed.get(one.id) != state or (one.furthest is not None and one.furthest > now + _FURTHEST):
            await self._refresh(one.id)
            self._refreshed[one.id] = state
            is_due = await self._has_due(one.id)
        return await self._plan(one.id) if is_due else 0

    async def _follow_last_day(self, coalition_id: int) -> bool:
        """Whether the coalition is live then."""
        now = self.calendar.now()
        author = Author(at=now, path="schedule", coalition_id=coalition_id)
        async with self.database.write(author) as session:
            tx = Transaction(session, coalition_id, now)
            coalition = await locked(tx)
            before = coalition.state
            await follow_last_day(tx, coalition, self.chance)
            if coalition.state != before:
                self._refreshed.pop(coalition_id, None)
            return coalition.is_live

    async def _live_coalitions(self) -> list[_Live]:
        """What a tick has to know of each, by one statement however many there are."""
        horizon = self.calendar.now() + BUNDLE_SPAN
        return [_Live(*found) for found in await self.database.ask(_LIVE, {"horizon": horizon})]

    async def _has_due(self, coalition_id: int) -> bool:
        horizon = self.calendar.now() + BUNDLE_SPAN
        return bool(await self.database.ask(_DUE, {"of": coalition_id, "horizon": horizon}))

    async def _refresh(self, coalition_id: int) -> None:
        """Makes the schedules agree with the cadences and the owners' clocks of this moment."""
        now = self.calendar.now()
        # Rounds that go along with a meeting are moved here.
        async with self.database.write(Author(at=now, path="schedule", coalition_id=coalition_id)) as session:
            planned = Transaction(session, coalition_id, now)
            coalition = await locked(planned)
            tx = await planned.read()
            if await follow_meetings(tx):
                tx = await planned.read()
            cadence_ids = await ids_of(session, CadenceRow, coalition_id)
            found = {(row.cadence_id, row.zone): row for row in await session.scalars(_SCHEDULES, {"of": coalition_id})}
            added_at, back_at = await _added_and_back(tx)
            wanted: set[tuple[int, str]] = set()
            too_far: set[str] = set()
            for cadence in tx.record.cadences:
                for zone in _zones(tx.record, cadence):
                    key = (cadence_ids[cadence.id], zone)
                    wanted.add(key)
                    schedule = found.get(key)
                    # A cadence that was added later owes nothing for the time before it was there.
                    begins = max(coalition.live_at or now, added_at.get(key[0], now))
                    # Nor does one that had ended, for the time before it was there again.
                    since = back_at.get(key[0])
                    begins = begins if since is None else max(begins, since)
                    if schedule is None:
                        schedule = ScheduleRow(
                            coalition_id=coalition_id, cadence_id=key[0], zone=zone, planned_through=begins
                        )
                        session.add(schedule)
                    elif schedule.planned_through > now + _FURTHEST:
                        # A clock was wrong. What was planned before it has its keys, and does not come again.
                        too_far.add(cadence.id)
                        schedule.planned_through = min(begins, now)
                    elif since is not None and schedule.planned_through < since:
                        schedule.planned_through = since
                    set_next(schedule, cadence, tx.record)
            for key, schedule in found.items():
                if key not in wanted:
                    await session.delete(schedule)
            if too_far:
                log.warning("planned_too_far_ahead", coalition=coalition_id, cadences=sorted(too_far))
            await offer_due_reminders(tx)
            await offer_funding_notices(tx)
            await offer_passed_targets(tx, coalition.live_at)
            await chase_decisions(tx)
            await complete_previews(tx, coalition, found.values())
            await refresh_previews(tx)
            await refresh_buttons(tx)

    async def _plan(self, coalition_id: int) -> int:
        now = self.calendar.now()
        # An answer that was written before its round opened becomes the round's answer here.
        async with self.database.write(Author(at=now, path="schedule")) as session:
            return await plan_due(Transaction(session, coalition_id, now))

    async def close(self) -> int:
        """Closes rounds whose time is over and changes their messages; returns of how many subjects."""
        now = self.calendar.now()
        if not await self.database.ask(_OVER, {"now": now}):
            return 0
        async with self.database.write(Author(at=now, path="schedule")) as session:
            subjects = (
                await session.scalars(
                    select(RoundSubjectRow)
                    .where(RoundSubjectRow.closed_at.is_(None), RoundSubjectRow.closes_at <= now)
                    .limit(200)
                    .with_for_update(skip_locked=True)
                )
            ).all()
            by_coalition: dict[int, list[RoundSubjectRow]] = defaultdict(list)
            for subject in subjects:
                subject.closed_at = subject.closes_at
                by_coalition[subject.coalition_id].append(subject)
            for coalition_id, closed in by_coalition.items():
                await after_close(Transaction(session, coalition_id, now), closed, self.chance)
            return len(subjects)

    async def is_settled(self) -> bool:
        """Whether everything that is due at this moment is planned or closed."""
        now = self.calendar.now()
        async with self.database.read() as session:
            due = await session.scalar(
                select(ScheduleRow.id)
                .join(CoalitionRow, CoalitionRow.id == ScheduleRow.coalition_id)
                .where(ScheduleRow.next_run_at <= now, CoalitionRow.is_live)
                .limit(1)
            )
            if due is not None:
                return False
            return await session.scalar(_OVER, {"now": now}) is None

    async def next_due(self, after: datetime, until: datetime) -> datetime | None:
        """The earliest moment in (after, until] at which anything is planned, sent or closed.

        A new day is one, in UTC and on each coalition's clock: what comes near with it is offered then, what was due is
        overdue, and what travels together depends on what is known.
        """
        async with self.database.read() as session:
            zones = list(await session.scalars(_ZONES))
            moments = [
                *(_next_day(after, zone) for zone in (*zones, *(["UTC"] if zones else []))),
                await session.scalar(_NEXT_PLANNED, {"after": after}),
                await session.scalar(_NEXT_DUE, {"after": after}),
                await session.scalar(_NEXT_CLOSE, {"after": after}),
                await next_chase(session, after),
                await next_last_digest(session, after),
            ]
        earliest = min((moment for moment in moments if moment is not None), default=None)
        return earliest if earliest is not None and earliest <= until else None


# Built once: each tick asks the first two, and each moment of a preview the others.
_DUE = (
    select(ScheduleRow.id)
    .where(ScheduleRow.coalition_id == parameter("of"), ScheduleRow.next_run_at <= parameter("horizon"))
    .limit(1)
)
_OVER = (
    select(RoundSubjectRow.id)
    .where(RoundSubjectRow.closed_at.is_(None), RoundSubjectRow.closes_at <= parameter("now"))
    .limit(1)
)
_SCHEDULES = prepared(select(ScheduleRow).where(ScheduleRow.coalition_id == parameter("of")))
_ZONES = select(CoalitionRow.timezone).where(CoalitionRow.is_live).distinct()
_NEXT_PLANNED = (
    select(func.min(ScheduleRow.next_run_at))
    .join(CoalitionRow, CoalitionRow.id == ScheduleRow.coalition_id)
    .where(ScheduleRow.next_run_at > parameter("after"), CoalitionRow.is_live)
)
_NEXT_DUE = select(func.min(DeliveryRow.due_at)).where(
    DeliveryRow.state == State.PLANNED, DeliveryRow.due_at > parameter("after")
)
_NEXT_CLOSE = select(func.min(RoundSubjectRow.closes_at)).where(
    RoundSubjectRow.closed_at.is_(None), RoundSubjectRow.closes_at > parameter("after")
)


def _next_day(after: datetime, zone: str) -> datetime:
    """When the next day begins somewhere."""
    return to_utc(datetime.combine(to_local(after, zone).date() + timedelta(days=1), time()), zone)


async def _added_and_back(tx: OnRecord) -> tuple[Mapping[int, datetime], Mapping[int, datetime]]:
    """When each cadence came to be, and when each one that had ended was there again, by the audit trail; one whose
    last day was still ahead had gone on all the time."""
    rows = await tx.session.execute(_OF_CADENCES, {"of": tx.coalition_id})
    added, back = {}, {}
    for row_id, operation, old, at in rows:
        if operation == "insert":
            added[row_id] = at
        elif (last := old.get("ended")) is not None and last < in_coalition_time(tx.record, at).date():
            back[row_id] = at
    return added, back


_HAD_ENDED = and_(AuditEntryRow.operation == "update", type_coerce(AuditEntryRow.old, Text).contains('"ended":{'))
_OF_CADENCES = prepared(
    select(AuditEntryRow.row_id, AuditEntryRow.operation, AuditEntryRow.old, ChangeRow.at)
    .join(ChangeRow, ChangeRow.id == AuditEntryRow.change_id)
    .where(
        AuditEntryRow.coalition_id == parameter("of"),
        AuditEntryRow.table_name == CadenceRow.__tablename__,
        or_(AuditEntryRow.operation == "insert", _HAD_ENDED),
    )
    .order_by(ChangeRow.id)
)


def _zones(record: Record, cadence: Cadence) -> list[str]:
    if sends_checkins(record, cadence) and is_about_priorities(record, cadence):
        owners = dict.fromkeys(zone_of(cadence, zone_of_member(record, item.owner)) for item in record.priorities)
        return list(owners)
    if sends_checkins(record, cadence) or lists_actions(record, cadence) or asks_for_figures(record, cadence):
        return list(dict.fromkeys(zone_of(cadence, zone_of_member(record, item.id)) for item in record.present))
    if is_meeting(cadence):
        return [cadence.timezone] if cadence.paused_at is None else []
    return [cadence.timezone] if cadence.kind == CadenceKind.DIGEST else []
