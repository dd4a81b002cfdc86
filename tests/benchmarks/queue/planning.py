"""What it takes to plan what is due among a million schedules, beside the same where there are no others.

Others' schedules lie in coalitions that are live as well, a hundred in each, and are not due for a year. Those that are
due are real ones: members in ten time zones of the same clock, each owner of a priority, and ten check-ins on their
clocks. The process has looked at every coalition since it started, as one has after its first tick.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, text

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.domain.record import Member, Priority, Record, Role
from bot.domain.rhythm import to_local
from bot.services import Services
from bot.services.access import operator
from bot.services.rhythm.rhythm import _LIVE
from bot.store.coalition import CoalitionRow
from bot.store.database import Database, database_url
from bot.store.rhythm import CadenceRow, ScheduleRow
from tests.benchmarks.queue.stages import CHUNK
from tests.benchmarks.series import Ratio
from tests.sample import sample_record
from tests.servers import empty_database

MONDAY = datetime.fromisoformat("2026-11-23T07:00:00-06:00")
NINE = datetime.fromisoformat("2026-11-23T09:00:00-06:00")
# One clock in winter, by ten names.
ZONES = (
    "America/Chicago",
    "America/Winnipeg",
    "America/Menominee",
    "America/Indiana/Knox",
    "America/Regina",
    "America/Costa_Rica",
    "America/Guatemala",
    "America/El_Salvador",
    "America/Managua",
    "America/Tegucigalpa",
)
CHECKINS = 10
EACH = len(ZONES) * CHECKINS
# What a cadence of a coalition without members points at.
_OF_NOBODY = dict.fromkeys(["audience_group_id", "group_id", "feeds_id", "question_set_id"])


async def measure(folder: Path, asked: argparse.Namespace) -> list[str]:
    """With few and with many schedules, on each database; and which index the search for what is due goes by."""
    due = max(1, asked.due // EACH)
    others = max(0, asked.schedules // EACH - due)
    lines = [f"planning {due * EACH:,} schedules that are due, of {due * EACH:,} and of {(due + others) * EACH:,}"]
    for kind in asked.database:
        few, _ = await _planned(folder / f"{kind}-few", kind, due, 0)
        many, plan = await _planned(folder / f"{kind}-many", kind, due, others)
        lines += [
            f"  {kind}: planned in {few.took:.1f} s of few, in {many.took:.1f} s of many",
            f"  {kind}: a tick with nothing due {few.idle * 1000:.1f} ms with few, {many.idle * 1000:.1f} ms with many",
            Ratio(f"{kind}: planning among many beside few", many.took / few.took, 1.5).line(),
            f"  {kind}: the search goes by {plan}",
        ]
    return lines


class _Times:
    """Elapsed seconds: of planning what was due, and of a tick after it."""

    def __init__(self, took: float, idle: float) -> None:
        self.took, self.idle = took, idle


async def _planned(folder: Path, kind: str, due: int, others: int) -> tuple[_Times, str]:
    async with empty_database(folder, kind) as url:
        database, calendar = Database(database_url(url)), FixedCalendar(MONDAY)
        services = Services(database, calendar, SystemElapsedTime(), owner="planning")
        for number in range(due):
            result = await services.coalitions.import_record(many_clocks(), as_key=f"due-{number}")
            await services.coalitions.go_live(operator(result.coalition_id or 0))
        await services.rhythm.plan()
        async with database.writer.begin() as connection:
            await connection.run_sync(add_others, others)
        _look_at_all(services, calendar, [row async for row in _ids(database)])
        calendar.set(NINE)
        began = time.perf_counter()
        planned = await services.rhythm.plan()
        took = time.perf_counter() - began
        assert planned >= due * EACH, planned
        idle = []
        for _ in range(5):
            began = time.perf_counter()
            assert await services.rhythm.plan() == 0
            idle.append(time.perf_counter() - began)
        plan = await _index(database)
        await database.close()
    return _Times(took, sorted(idle)[2]), plan


async def _ids(database: Database) -> Any:
    async with database.reader.connect() as connection:
        for row in (await connection.execute(select(CoalitionRow.id, CoalitionRow.timezone))).all():
            yield row


def _look_at_all(services: Services, calendar: FixedCalendar, coalitions: list[Any]) -> None:
    """Whoever is not due has been looked at: nothing of theirs was changed since."""
    now = calendar.now()
    for coalition_id, zone in coalitions:
        services.rhythm._refreshed.setdefault(coalition_id, (0, now.date(), to_local(now, zone).date()))


def many_clocks() -> Record:
    """The sample's coalition with ten owners more on ten clocks, and ten check-ins more of all of them."""
    record = sample_record()
    members = tuple(
        Member(
            id=f"clock-{number}",
            name=f"Clock {number}",
            organization=record.organizations[0].id,
            email=f"clock-{number}@bench.example",
            timezone=zone,
            roles=(Role(role="priority_owner", scope=f"timed-{number}"),),
        )
        for number, zone in enumerate(ZONES)
    )
    priorities = tuple(
        Priority(id=f"timed-{number}", name=f"Timed {number}", owner=f"clock-{number}") for number in range(len(ZONES))
    )
    weekly = next(cadence for cadence in record.cadences if cadence.id == "weekly-checkin")
    checkins = tuple(replace(weekly, id=f"checkin-{number}", name=f"Check-in {number}") for number in range(CHECKINS))
    return replace(
        record,
        members=(*record.members, *members),
        priorities=(*record.priorities, *priorities),
        cadences=(*record.cadences, *checkins),
    )


def add_others(connection: Connection, count: int) -> None:
    """So many live coalitions with a hundred schedules each, none of which is due for a year."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        connection.execute(text("SET LOCAL statement_timeout = 0"))
    first = connection.execute(select(CoalitionRow.__table__).limit(1)).mappings().one()
    cadence = connection.execute(select(CadenceRow.__table__).limit(1)).mappings().one()
    newest = connection.scalar(text("SELECT max(id) FROM coalitions")) or 0
    newest_cadence = connection.scalar(text("SELECT max(id) FROM cadences")) or 0
    then = NINE.astimezone(UTC) + timedelta(days=365)
    schedule = {"next_slot": then.replace(tzinfo=None), "next_run_at": then, "planned_through": MONDAY}
    for start in range(0, count, CHUNK // CHECKINS):
        some = range(start, min(count, start + CHUNK // CHECKINS))
        ids = {number: newest + 1 + number for number in some}
        connection.execute(
            insert(CoalitionRow.__table__),  # type: ignore[arg-type]
            [{**first, "id": ids[number], "key": f"other-{number}", "is_live": True} for number in some],
        )
        cadences = [
            {**cadence, "id": newest_cadence + 1 + number * CHECKINS + nth, "coalition_id": ids[number]}
            | {"key": f"checkin-{nth}", **_OF_NOBODY}
            for number in some
            for nth in range(CHECKINS)
        ]
        connection.execute(insert(CadenceRow.__table__), cadences)  # type: ignore[arg-type]
        rows = [
            {"coalition_id": one["coalition_id"], "cadence_id": one["id"], "zone": zone, **schedule}
            for one in cadences
            for zone in ZONES
        ]
        connection.execute(insert(ScheduleRow.__table__), rows)  # type: ignore[arg-type]
    connection.execute(text("ANALYZE"))


async def _index(database: Database) -> str:
    """What the database says of how it finds out whether anything is due: as the product's own query asks."""
    statement = _LIVE.compile(dialect=database.reader.dialect)
    params = {name: str(NINE) if name == "horizon" else value for name, value in statement.params.items()}
    given: Any = tuple(params[name] for name in statement.positiontup) if statement.positiontup else params
    explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    async with database.reader.connect() as connection:
        rows = (await connection.exec_driver_sql(f"{explain} {statement}", given)).all()
    lines = [str(row[-1]).strip() for row in rows]
    return " / ".join(line for line in lines if "schedules" in line)
