"""What a press, a digest and an idle tick cost after years: weeks of history by numbers of priorities, both databases.

`python -m tests.benchmarks growth` measures all of it, which takes long; `--weeks 0,520 --priorities 4 --database
sqlite --times 9` a part. The first of `--weeks` is what the others are compared with. Services, without Slack.
"""

from __future__ import annotations

import argparse
import gc
import math
import statistics
import time
import tracemalloc
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.domain.digests import compose, to_published
from bot.domain.packing import pack
from bot.files import load_coalition_file, sample_text
from bot.services import Services
from bot.store.database import Database, database_url
from bot.store.record import read_record
from bot.store.record.parts import table_of
from bot.store.tables import METADATA
from tests.growth import grown
from tests.servers import empty_database
from tests.services.stage import Stage

MONDAY = datetime.fromisoformat("2026-11-23T07:00:00-06:00")
OPEN_ACTIONS = 60
AUTOVACUUM_THRESHOLD = 50
GIVEN = ("rounds", "responses", "action_items", "changes", "deliveries")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """What is to be measured."""

    def numbers(text: str) -> list[int]:
        return [int(one) for one in text.split(",")]

    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks growth", description=__doc__)
    parser.add_argument("--weeks", type=numbers, default=[0, 52, 260, 520])
    parser.add_argument("--priorities", type=numbers, default=[4, 12, 40])
    parser.add_argument("--database", choices=["sqlite", "postgres"], action="append")
    parser.add_argument("--times", type=int, default=15, help="how often each thing is done")
    return parser.parse_args(arguments)


async def measure(folder: Path, arguments: Sequence[str] = ()) -> list[str]:
    """Lines for a person: p50 in milliseconds, its ratio to that at the fewest weeks, and that of this process's time.

    All lengths of history take turns, so that what else the machine does slows each of them alike.
    """
    asked = parse(arguments)
    lines = []
    for kind in asked.database or ["sqlite", "postgres"]:
        for priorities in asked.priorities:
            async with AsyncExitStack() as opened:
                points = {}
                for weeks in asked.weeks:
                    place = folder / f"{kind}-{priorities}-{weeks}"
                    place.mkdir(parents=True)
                    url = await opened.enter_async_context(empty_database(place, kind))
                    points[weeks] = await Point.made(url, priorities, weeks)
                for name in next(iter(points.values())).acts:
                    for number in range(asked.times + 2):
                        for point in points.values():
                            await point.do(name, number)
                found = {weeks: point.found() for weeks, point in points.items()}
                for point in points.values():
                    await point.stage.services.database.close()
            base = found[asked.weeks[0]]
            for weeks, values in found.items():
                cpu = partial(points[weeks].cpu_beside, points[asked.weeks[0]])
                cells = [f"{name} {one:.1f} ({one / base[name]:.2f} ×{cpu(name)})" for name, one in values.items()]
                lines.append(f"{kind}, {priorities} priorities, {weeks} weeks: {', '.join(cells)}")
                print(lines[-1], flush=True)
    return [f"Growth: p50 in ms and its ratio to {asked.weeks[0]} weeks, {len(lines)} points (above)"]


@dataclass
class Point:
    """One coalition: how long it takes to read it first, what it takes to hold it, and what each act took, in ms."""

    stage: Stage
    once: dict[str, float]
    acts: dict[str, Callable[[int], Awaitable[Any]]] = field(default_factory=dict)
    took: dict[str, list[float]] = field(default_factory=dict)
    cpu: dict[str, list[float]] = field(default_factory=dict)

    @classmethod
    async def made(cls, url: str, priorities: int, weeks: int) -> Point:
        """A live coalition with an open round and so many weeks behind it."""
        sample = load_coalition_file(sample_text()).record
        assert sample is not None
        database = Database(database_url(url))
        services = Services(database, FixedCalendar(MONDAY), SystemElapsedTime(), owner="growth")
        record = grown(sample, math.ceil(priorities / len(sample.priorities)))
        stage = await Stage.with_record(services, services.calendar, record)  # type: ignore[arg-type]
        await stage.link()
        await stage.join_channels()
        await stage.go_live()
        stage.at("2026-11-23T09:00")
        await stage.settle()
        digest = compose(await stage.record(), stage.calendar.now())
        last = {"published": to_published(digest), "digest": pack(digest)}
        async with database.writer.begin() as connection:
            await connection.run_sync(add_history, stage.coalition_id, weeks, last)
        await stage.settle()
        point = cls(stage, await _first_reads(database, stage.coalition_id))
        point.acts = await _acts(stage)
        return point

    async def do(self, name: str, number: int) -> None:
        """One act, timed; the first two of each warm up."""
        began, worked = time.perf_counter(), time.process_time()
        await self.acts[name](number)
        self.cpu.setdefault(name, []).append(time.process_time() - worked)
        self.took.setdefault(name, []).append((time.perf_counter() - began) * 1000)

    def cpu_beside(self, other: Point, name: str) -> str:
        """The processor's time of an act beside that of another point: what a busy machine changes least."""
        if name not in self.cpu:
            return ""
        own, others = (statistics.median(point.cpu[name][2:]) for point in (self, other))
        return f", cpu {own / others:.2f} ×"

    def found(self) -> dict[str, float]:
        """The median of each act, and what was measured once."""
        return self.once | {name: statistics.median(of[2:]) for name, of in self.took.items()}


async def _first_reads(database: Database, coalition_id: int) -> dict[str, float]:
    """How long the first read takes, and how many MB its outcome holds."""

    async def read() -> None:
        database.snapshots.forget()
        async with database.read() as session:
            await read_record(session, coalition_id)

    began = time.perf_counter()
    await read()
    took = (time.perf_counter() - began) * 1000
    database.snapshots.forget()
    gc.collect()
    tracemalloc.start()
    await read()
    gc.collect()
    held = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()
    return {"first read": took, "memory, MB": held}


async def _acts(stage: Stage) -> dict[str, Callable[[int], Awaitable[Any]]]:
    services = stage.services
    imani, omar = await stage.actor("imani"), await stage.actor("omar")
    subject = await stage.subject("family-access")
    answer = {"assessment": "on_track", "confidence": "7", "next": "Next."}

    async def submit(number: int) -> None:
        values = answer | {"moved": f"Moved {number}."}
        await services.checkins.submit(imani, f"growth-{number}", subject.id, values)

    async def tick(_number: int) -> None:
        await services.rhythm.plan()
        await services.rhythm.close()
        assert not await services.deliveries.claim()

    async def settled_tick(number: int) -> None:
        while await stage.settle():
            pass
        await tick(number)

    await settled_tick(0)
    return {
        "idle tick": tick,
        "home": lambda _number: services.home.page(imani, whole=True),
        "metric card": lambda _number: services.metrics.card(imani, "tp-placed"),
        "digest": lambda _number: services.digests.compose(stage.operator, stage.calendar.now()),
        "done": lambda number: services.action_items.complete(imani, f"A-{900_000 + number}"),
        "submit": submit,
        "a coordinator's home": lambda _number: services.home.page(omar, whole=True),
    }


def add_history(connection: Connection, coalition_id: int, weeks: int, last: Mapping[str, Any]) -> None:
    """So many weeks in which each priority was asked about and answered, finished an action, and had a figure, each
    told by a message; a digest came out every week, and `last` is what each said."""
    if connection.dialect.name == "postgresql":
        # Years are put together here, between two statements.
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
    own = {"coalition_id": coalition_id}
    newest = {name: _newest(connection, name) for name in GIVEN}
    cadence = _one(connection, "cadences", coalition_id, key="weekly-checkin")
    digests = _one(connection, "cadences", coalition_id, key="weekly-digest")
    imani = _one(connection, "members", coalition_id, key="imani")
    priorities, metrics = (_some(connection, name, coalition_id) for name in ("priorities", "metrics"))
    rows: dict[str, list[dict[str, Any]]] = {}

    def add(table: str, **values: Any) -> None:
        rows.setdefault(table, []).append({**own, **values})

    action = _some(connection, "action_items", coalition_id)[0]
    for number in range(OPEN_ACTIONS):
        key = f"A-{900_000 + number}"
        open_one = {"key": key, "owner_id": imani["id"], "due": date(2026, 12, 20), "status": "open"}
        add("action_items", **{**action, **open_one, "id": newest["action_items"] + number + 1, "completed": None})
    action_id, response_id = newest["action_items"] + OPEN_ACTIONS, newest["responses"]
    change_id, delivery_id = newest["changes"], newest["deliveries"]
    delivery = _some(connection, "deliveries", coalition_id)[0]
    response = _some(connection, "responses", coalition_id)[0]

    def published(moment: datetime) -> None:
        sent = {"slot": moment.replace(tzinfo=None), "due_at": moment, "composed_at": moment, "published_at": moment}
        add("digests", **sent, cadence_id=digests["id"], content=last)

    # One there always is, so that what is compared with no history is no first digest.
    published(datetime(2026, 11, 13, 13, tzinfo=UTC))
    for week in range(1, weeks + 1):
        day = date(2026, 11, 2) - timedelta(weeks=week)
        moment = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
        round_id = newest["rounds"] + week
        slot = moment.replace(tzinfo=None)
        add("rounds", id=round_id, cadence_id=cadence["id"], slot=slot, day=day, planned_at=moment, sets_standing=True)
        change_id += 1
        add("changes", id=change_id, at=moment, actor_id=None, on_behalf_of_id=None, path="slack")
        for one in priorities:
            closed = moment + timedelta(days=1)
            add(
                "round_subjects",
                **{"round_id": round_id, "priority_id": one["id"], "owner_id": one["owner_id"], "opens_at": moment},
                **{"closes_at": closed, "asked_at": moment, "closed_at": closed},
            )
            response_id += 1
            answer = {"id": response_id, "round": day, "priority_id": one["id"], "by_id": one["owner_id"]}
            add("responses", **{**response, **answer, "cadence_id": cadence["id"], "answered_at": moment})
            _trail(add, change_id, "responses", response_id, answer)
            action_id += 1
            done = {"key": f"A-{action_id + 1_000_000}", "status": "done", "completed": day, "due": day, "created": day}
            done |= {"priority_id": one["id"], "owner_id": one["owner_id"], "id": action_id}
            add("action_items", **{**action, **done})
            _trail(add, change_id, "action_items", action_id, done)
            delivery_id += 1
            told = {"key": f"growth-{delivery_id}", "state": "sent", "planned_at": moment, "due_at": moment}
            add("deliveries", **{**delivery, **told, "id": delivery_id, "sent_at": moment})
            about = {"kind": "ask", "about": "", "round_subject_id": None, "position": 0, "urgent": False}
            add("delivery_items", **about, delivery_id=delivery_id, due_at=moment)
        if week % 4 == 0:
            for metric in metrics:
                add("readings", **_reading(metric["id"], day))
        published(moment)
    for table, of_it in rows.items():
        columns = {key for row in of_it for key in row}
        for start in range(0, len(of_it), 2000):
            some = [{key: row.get(key) for key in columns} for row in of_it[start : start + 2000]]
            connection.execute(insert(table_of(table)), some)
        if connection.dialect.name == "postgresql":
            # Ids were given here, so whoever gives the next ones has to hear of it.
            name = f"pg_get_serial_sequence('{table}', 'id')"
            connection.exec_driver_sql(f"SELECT setval({name}, (SELECT max(id) FROM {table}))")
    if connection.dialect.name == "postgresql":
        # As it does by itself within a minute, by its own default: where more than so many rows have changed.
        for table in METADATA.tables:
            if (connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() or 0) > AUTOVACUUM_THRESHOLD:
                connection.exec_driver_sql(f"ANALYZE {table}")


def _trail(add: Callable[..., None], change_id: int, table: str, row_id: int, values: dict[str, Any]) -> None:
    new = {key: value for key, value in values.items() if key != "id"}
    add("audit_entries", change_id=change_id, table_name=table, row_id=row_id, operation="insert", old={}, new=new)


def _reading(metric_id: int, day: date) -> dict[str, Any]:
    period = {"period_start": day - timedelta(days=27), "period_end": day, "recorded_on": day}
    return {
        "metric_id": metric_id,
        "value": day.toordinal() % 1000,
        "quality": "final",
        **period,
        "breakdown": [],
        "extra": {},
    }


def _some(connection: Connection, name: str, coalition_id: int) -> list[dict[str, Any]]:
    table: Table = table_of(name)
    query = select(table).where(table.c.coalition_id == coalition_id).order_by(table.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def _one(connection: Connection, name: str, coalition_id: int, key: str) -> dict[str, Any]:
    return next(row for row in _some(connection, name, coalition_id) if row["key"] == key)


def _newest(connection: Connection, name: str) -> int:
    table = table_of(name)
    return connection.scalar(select(table.c.id).order_by(table.c.id.desc()).limit(1)) or 0
