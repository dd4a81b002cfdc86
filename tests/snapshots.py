"""Random histories of a coalition by several processes; at every read the kept record is compared with a fresh one.

`python -m tests.snapshots` is the long form (`--database sqlite|postgres`, `--processes`, `--steps` of each, `--seed`);
the suite runs a short one. A process edits by rows and by bare statements, adds, takes out, imports, takes back whole
transactions and savepoints, clears the log and what it keeps, and dies between writing and committing; another one
takes its place.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as wall_time
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Table, Text, func, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.domain.record import GROUPED_BY, Record
from bot.errors import Busy, ConfigurationError, UserError
from bot.files import load_coalition_file, sample_text
from bot.log import configure_logging
from bot.services import Services
from bot.store.asks import AskRow
from bot.store.audit import Author
from bot.store.base import Json
from bot.store.checkins import ResponseRow, RoundRow, RoundSubjectRow
from bot.store.coalition import CoalitionRow
from bot.store.database import Database, database_url
from bot.store.digests import DigestRow
from bot.store.people import SlackChannelRow
from bot.store.priorities import PriorityRow
from bot.store.record import read_record, snapshots, write_record
from bot.store.record import tree as record_tree
from bot.store.record.parts import PARTS, owner_column, table_of
from bot.store.record.snapshots import read_afresh
from bot.store.record_log import prune_log
from bot.store.tables import AUDITED
from tests.servers import fresh_database
from tests.services.edits import EDITS

MONDAY = datetime.fromisoformat("2026-11-23T07:00:00-06:00")
KEYS = ("long-bend", "river-forks")
DIED = "died between writing and committing"
# So many, then it dies, and another one goes on.
STEPS_OF_A_LIFE = 8


class Undo(Exception):
    """Takes a transaction back."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a history was made of, and how many reads were compared."""

    done: Counter[str]
    seconds: float

    def lines(self) -> list[str]:
        """The counts, in words."""
        tables = [what for what in self.done if what.startswith("of ")]
        counts = ", ".join(f"{what} {count}" for what, count in sorted(self.done.items()) if what not in tables)
        return [f"{self.seconds:.0f} s: {counts}; {len(tables)} of {len(PARTS)} tables"]


class Life:
    """One process: what it does, by a seed."""

    def __init__(self, url: str, seed: int) -> None:
        self.database = Database(database_url(url))
        self.services = Services(self.database, FixedCalendar(MONDAY), SystemElapsedTime(), owner=f"life-{seed}")
        self.random = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.author = Author(at=MONDAY, path="import")
        self.coalitions: list[int] = []

    async def live(self, steps: int, *, dies: bool) -> None:
        """Several tasks at once, as a bot has them, until so many steps are done, or one more in which it dies."""
        async with self.database.read() as session:
            self.coalitions = list(await session.scalars(select(CoalitionRow.id)))
        left = iter(range(steps))
        try:
            async with asyncio.TaskGroup() as tasks:
                for _ in range(3):
                    tasks.create_task(self._go_on(left))
            while dies:
                with suppress(IntegrityError, OperationalError, StaleDataError, ConfigurationError):
                    await self.die()
        finally:
            await self.database.close()

    async def _go_on(self, left: Iterator[int]) -> None:
        acts: list[tuple[int, Callable[[], Any]]] = [
            (8, self.edit),
            (8, self.look),
            (3, self.look_for_long),
            (3, self.take_back),
            (2, self.take_back_inside),
            (1, self.bring_in),
            (1, self.erase),
            (1, self.prune),
        ]
        for _ in left:
            act = self.random.choices([one for _, one in acts], [weight for weight, _ in acts])[0]
            try:
                await act()
            except (IntegrityError, StaleDataError, UserError):
                # Also where another transaction has taken away the row meanwhile.
                self.done["refused"] += 1
            except Busy:
                # Two transactions stood in each other's way, and PostgreSQL ended one of them; or one waited too long.
                self.done["busy"] += 1
            await self.look()

    def any_coalition(self) -> int:
        return self.random.choice(self.coalitions)

    async def pause(self) -> None:
        """Lets others come in between."""
        if self.random.random() < 0.5:
            await asyncio.sleep(self.random.random() * 0.02)

    async def look(self) -> None:
        """One read, in a transaction that sees one state."""
        async with self.database.read() as session:
            await self.compare(session, self.any_coalition())

    async def look_for_long(self) -> None:
        """A transaction goes on seeing the state of its beginning."""
        coalition_id = self.any_coalition()
        async with self.database.read() as session:
            first = await self.compare(session, coalition_id)
            await asyncio.sleep(self.random.random() * 0.05)
            assert await self.compare(session, coalition_id) == first

    async def compare(self, session: AsyncSession, coalition_id: int) -> Any:
        """The record as it is given, equal to a fresh one of the same transaction."""
        for _ in range(20):
            given = await read_record(session, coalition_id)
            with suppress(LookupError):  # Rows of several moments, where each statement sees a newer one.
                fresh = (await read_afresh(session, coalition_id)).record
                # Where others committed between the two, they may differ, and then the one that is given does as well.
                if given == fresh or await read_record(session, coalition_id) is given:
                    assert given == fresh, differences(given, fresh)
                    assert sections_in_parts(given) == sections_in_parts(fresh)
                    self.done["compared"] += 1
                    return given
        self.done["others wrote all the time"] += 1
        return None

    async def edit(self) -> None:
        """A transaction that changes a few things and reads between them."""
        coalition_id = self.any_coalition()
        async with self.database.write(self.author) as session:
            if self.random.random() < 0.5:
                await self.compare(session, coalition_id)
            for _ in range(self.random.choice((1, 1, 2, 4))):
                await self.change(session, coalition_id)
                if self.random.random() < 0.5:
                    await self.compare(session, coalition_id)
                await self.pause()
        self.done["edited"] += 1

    async def change(self, session: AsyncSession, coalition_id: int) -> None:
        """One change of some table, by one of the ways to write."""
        name = self.random.choice(PARTS)
        table = table_of(name)
        of = table.c[owner_column(name)] == coalition_id
        way = self.random.choice(("row", "statement", "many", "add", "take out"))
        row = (await session.execute(select(table).where(of).order_by(func.random()).limit(1))).mappings().first()
        if row is None:
            return
        self.done[f"of {name}"] += 1
        column, value = await self.another(session, table, coalition_id, row)
        if way == "row" and name in AUDITED:
            mapped = await session.get(AUDITED[name], row["id"])
            if mapped is not None:
                setattr(mapped, column.name, value)
        elif way == "add" and name != "coalitions":
            new = {key: one for key, one in row.items() if key != "id"} | {column.name: value}
            for unique in ("key", "submission_key"):
                if new.get(unique) is not None:
                    new[unique] = f"{new[unique]}-{self.random.randrange(10**6)}"
            await (await session.connection()).execute(insert(table).values(new))
        elif way == "take out" and name != "coalitions":
            await (await session.connection()).execute(table.delete().where(table.c.id == row["id"]))
        elif way == "many" and "extra" in table.c:
            values = {"extra": {"seen": self.random.randrange(10**6)}}
            await (await session.connection()).execute(update(table).where(of).values(values))
        else:
            await (await session.connection()).execute(
                update(table).where(table.c.id == row["id"]).values({column: value})
            )
        await session.flush()
        self.done[f"by {way}"] += 1

    async def another(
        self, session: AsyncSession, table: Table, coalition_id: int, row: Any
    ) -> tuple[Column[Any], Any]:
        """A column with something else for it."""
        for _ in range(50):
            column = self.random.choice([one for one in table.c if not one.primary_key and one.name != "coalition_id"])
            if column.foreign_keys:
                target = next(iter(column.foreign_keys)).column.table
                theirs = target.c[owner_column(target.name)] == coalition_id
                value = await session.scalar(select(target.c.id).where(theirs).order_by(func.random()).limit(1))
            elif isinstance(column.type, Json) and column.name.endswith("extra"):
                value = {"seen": self.random.randrange(10**6)}
            else:
                value = self._value(column, row[column.name])
            if value is not None:
                return column, value
        raise Undo

    def _value(self, column: Column[Any], value: Any) -> Any:
        n = self.random.randrange(1, 1000)
        match value:
            case bool():
                return not value
            case int():
                return n
            case Decimal():
                return value + n
            case datetime() | date():
                return value + timedelta(days=self.random.randrange(-30, 31))
            case wall_time():
                return value.replace(minute=n % 60)
            case str() if column.name == "key" and self.random.random() < 0.7:
                return None
            case str() | None if isinstance(column.type, Text) and not isinstance(column.type, Json):
                return f"word {n}"
        return None

    async def take_back(self) -> None:
        """A transaction that fails at its end."""
        coalition_id = self.any_coalition()
        with suppress(Undo):
            async with self.database.write(self.author) as session:
                await self.change(session, coalition_id)
                await self.compare(session, coalition_id)
                await self.pause()
                raise Undo
        self.done["taken back"] += 1

    async def take_back_inside(self) -> None:
        """One that goes on after it has taken back a part of itself."""
        coalition_id = self.any_coalition()
        async with self.database.write(self.author) as session:
            await self.change(session, coalition_id)
            with suppress(Undo):
                async with session.begin_nested():
                    await self.change(session, coalition_id)
                    await self.compare(session, coalition_id)
                    raise Undo
            await self.compare(session, coalition_id)
            await self.change(session, coalition_id)
            await self.compare(session, coalition_id)
        self.done["savepoints"] += 1

    async def bring_in(self) -> None:
        """A file is imported: hundreds of rows are written by the import's own writer."""
        coalition_id = self.any_coalition()
        sample = load_coalition_file(sample_text()).record
        assert sample is not None
        for name in self.random.sample(sorted(EDITS), 3):
            with suppress(AssertionError):
                sample = EDITS[name](sample)
        async with self.database.write(self.author) as session:
            row = await session.get_one(CoalitionRow, coalition_id)
            await write_record(session, row, sample)
            await self.compare(session, coalition_id)
        self.done["imported"] += 1

    async def erase(self) -> None:
        """What is kept is gone at once."""
        self.database.snapshots.forget(self.random.choice((None, self.any_coalition())))
        self.done["erased"] += 1

    async def prune(self) -> None:
        """What was noted is gone, but for one entry that stands for it."""
        async with self.database.write() as session:
            await prune_log(session, self.random.choice((0, 50)))
        self.done["pruned"] += 1

    async def die(self) -> None:
        """The process ends while a transaction of it is open, with nothing said to anybody."""
        coalition_id = self.any_coalition()
        async with self.database.write(self.author) as session:
            await self.change(session, coalition_id)
            await self.compare(session, coalition_id)
            self.done[DIED] += 1
            _tell(self.done)
            os.kill(os.getpid(), signal.SIGKILL)


def sections_in_parts(record: Record) -> dict[str, Any]:
    """The sections that are kept in parts, with the place of each item."""
    return {
        name: {key: (part, part.places) for key, part in getattr(record, name).parts.items()} for name in GROUPED_BY
    }


def differences(one: Any, other: Any) -> str:
    """Which sections of two records differ, and the first item that does."""
    found = []
    for name in type(one).__dataclass_fields__:
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine != theirs:
            pairs = zip(mine, theirs, strict=False) if isinstance(mine, tuple) else [(mine, theirs)]
            first = next(((a, b) for a, b in pairs if a != b), None)
            found.append(f"{name}: {first}")
    return "\n".join(found)


def _tell(done: Counter[str]) -> None:
    """One line that the parent reads, also of a process that is about to die."""
    os.write(1, (json.dumps(done) + "\n").encode())


def _run_child(url: str, seed: int, steps: int, *, dies: bool) -> None:
    """In a process of its own."""
    life = Life(url, seed)
    _count_ways(life.done)
    try:
        asyncio.run(life.live(steps, dies=dies))
    except BaseException:
        traceback.print_exc()
        _tell(life.done)
        os._exit(1)
    _tell(life.done)
    os._exit(0)


def _count_ways(done: Counter[str]) -> None:
    """How records were come by: as a whole, or by what had changed. A kept one that was of no use is a mistake."""

    def counting(what: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any) -> Any:
            done[what] += 1
            return real(*arguments)

        return counted

    snapshots.replace_rows = counting("followed", record_tree.replace_rows)
    snapshots.log.warning = _refuse


def _refuse(what: str, **about: object) -> None:
    raise AssertionError(f"{what}: {about}")


def run(url: str, *, processes: int, steps: int, seed: int) -> Outcome:
    """Lets so many processes live at once on a database that holds the sample twice. Raises AssertionError where any
    read was not what stood there."""
    start, done = time.monotonic(), Counter[str]()
    numbers = iter(range(seed, seed + 10**6))
    lives: dict[int, tuple[int, int]] = {}  # process: the end of its pipe, the steps that are left after it

    def begin(left: int) -> None:
        now = min(left, STEPS_OF_A_LIFE)
        ours, theirs = os.pipe()
        number = next(numbers)
        pid = os.fork()
        if pid == 0:
            os.close(ours)
            os.dup2(theirs, 1)
            _run_child(url, number, now, dies=left > now)
        os.close(theirs)
        lives[pid] = (ours, left - now)

    for _ in range(processes):
        begin(steps)
    failed = False
    while lives:
        pid, status = os.wait()
        pipe, left = lives.pop(pid)
        with os.fdopen(pipe) as told:
            for line in told:
                done += Counter(json.loads(line))
        if os.waitstatus_to_exitcode(status) != (-signal.SIGKILL if left else 0):
            failed = True
        elif left:
            begin(left)
    if failed:
        raise AssertionError(f"a process found a record that is not what stands there; seed {seed}")
    return Outcome(done, time.monotonic() - start)


async def prepare(url: str) -> None:
    """Two coalitions, in a database that is empty or has them already, live a little."""
    database = Database(database_url(url))
    services = Services(database, FixedCalendar(MONDAY), SystemElapsedTime())
    there = {one.key for one in await services.coalitions.all()}
    for key in KEYS:
        if key not in there:
            record = load_coalition_file(sample_text()).record
            assert record is not None
            await services.coalitions.import_record(record, as_key=key)
    async with database.write(Author(at=MONDAY, path="schedule")) as session:
        for coalition_id in (await session.scalars(select(CoalitionRow.id))).all():
            await _live_a_little(session, coalition_id)
    await database.close()


async def _live_a_little(session: AsyncSession, coalition_id: int) -> None:
    """A round, what was asked for in it, a digest and channels: what no file brings."""
    own = {"coalition_id": coalition_id}
    responses = await session.scalars(select(ResponseRow).where(ResponseRow.coalition_id == coalition_id).limit(4))
    for number, response in enumerate(responses.all()):
        session.add(AskRow(**own, response_id=response.id, text=f"Ask {number}", state="waiting", made_at=MONDAY))
        cadence = response.cadence_id
    slot = MONDAY.replace(tzinfo=None)
    opened = RoundRow(**own, cadence_id=cadence, slot=slot, day=MONDAY.date(), planned_at=MONDAY)
    session.add(opened)
    await session.flush()
    priorities = await session.scalars(select(PriorityRow).where(PriorityRow.coalition_id == coalition_id))
    for number, priority in enumerate(priorities.all()):
        about = {"round_id": opened.id, "priority_id": priority.id, "owner_id": priority.owner_id}
        opens = MONDAY + timedelta(hours=number)
        session.add(RoundSubjectRow(**own, **about, opens_at=opens, closes_at=opens + timedelta(days=1)))
    content = {"published": {"number": 1}}
    session.add(DigestRow(**own, cadence_id=cadence, slot=slot, due_at=MONDAY, published_at=MONDAY, content=content))
    for name in ("talent", "growth"):
        session.add(SlackChannelRow(**own, name=f"{name}-{coalition_id}", channel_id=name, is_member=True))


def main() -> None:
    """The long form."""
    parser = argparse.ArgumentParser(prog="python -m tests.snapshots", description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgres"], help="only this one")
    parser.add_argument("--url", help="a database that is there already, empty or with the sample as both coalitions")
    parser.add_argument("--processes", type=int, help="usually three on PostgreSQL, one on SQLite")
    parser.add_argument("--steps", type=int, default=1000, help="of each process")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked = parser.parse_args()
    configure_logging("WARNING")
    kinds = [asked.database] if asked.database else ["sqlite", "postgres"]
    for kind in kinds if asked.url is None else [database_url(asked.url).get_backend_name()]:
        with (
            tempfile.TemporaryDirectory(prefix="bb-snap-") as folder,
            fresh_database(Path(folder), kind) if asked.url is None else nullcontext(asked.url) as url,
        ):
            asyncio.run(prepare(url))
            processes = asked.processes or (1 if kind == "sqlite" else 3)
            outcome = run(url, processes=processes, steps=asked.steps, seed=asked.seed)
            for line in outcome.lines():
                print(f"{kind}, seed {asked.seed}, {line}", flush=True)


if __name__ == "__main__":
    main()
