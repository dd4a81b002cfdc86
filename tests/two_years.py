"""Two years of the sample, once with everything kept and once with what ended forgotten each day: the same messages go
out, and everybody reads the same of what is there.

`python -m tests.two_years` says beside that what both databases hold and how long they take; `--weeks 40` is less, and
`--database postgres` the other kind. Services, without Slack.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.domain.decisions import NewDecision
from bot.domain.outbox import SHORTEST
from bot.files import load_coalition_file, sample_text
from bot.services import Services
from bot.services.sending import Claimed, Forgotten
from bot.store import schema
from bot.store.database import Database, database_url
from bot.store.outbox import DeliveryItemRow, DeliveryRow
from bot.store.record import read_record
from tests.benchmarks.growth import MONDAY
from tests.services.stage import Stage

A_WEEK = timedelta(days=7)
# Who answers in which weeks: the rest is reminded, handed on and missed.
ANSWERS = {"family-access": ("imani", 1), "supplier-growth": ("marcus", 2), "job-quality": ("tom", 5)}


@dataclass
class Life:
    """A coalition that lives through weeks. With `forgets` it does so once a day as housekeeping does."""

    stage: Stage
    forgets: bool
    sent: list[tuple[str, str, str, str]] = field(default_factory=list)
    gone: Forgotten = field(default_factory=Forgotten)

    @classmethod
    async def begun(cls, database: Database, *, forgets: bool) -> Life:
        """The sample on a Monday, live, with everybody reachable."""
        sample = load_coalition_file(sample_text()).record
        assert sample is not None
        services = Services(database, FixedCalendar(MONDAY), SystemElapsedTime(), owner="years")
        stage = await Stage.with_record(services, services.calendar, sample)  # type: ignore[arg-type]
        await stage.link()
        await stage.join_channels()
        await stage.go_live(meetings=True)
        return cls(stage, forgets)

    async def live(self, weeks: int, *, since: int = 0) -> None:
        """So many weeks, moment by moment as anything is due."""
        for week in range(since, since + weeks):
            monday = MONDAY + week * A_WEEK
            await self._act(week)
            await self._until(monday + timedelta(days=1, hours=4))
            for priority, (owner, every) in ANSWERS.items():
                if week % every == 0:
                    await self.stage.answer(owner, priority, form=f"{priority}-{week}", moved=f"Week {week}.")
            await self._until(monday + A_WEEK)

    async def _until(self, end: Any) -> None:
        services, calendar = self.stage.services, self.stage.calendar
        while (moment := await services.rhythm.next_due(calendar.now(), end)) is not None:
            calendar.set(moment)
            for one in await self.stage.settle():
                self.sent.append(self._told(one))
            if self.forgets:
                for gone in (await services.forgetting.forget(SHORTEST)).values():
                    self.gone = Forgotten(
                        self.gone.deliveries + gone.deliveries,
                        self.gone.drafts + gone.drafts,
                    )
        calendar.set(end)

    def _told(self, one: Claimed) -> tuple[str, str, str, str]:
        return (self.stage.calendar.now().isoformat(), one.kind, one.operation, one.key)

    async def _act(self, week: int) -> None:
        """What people do besides: things that end, and things that wait for years."""
        services, omar = self.stage.services, await self.stage.actor("omar")
        today = self.stage.calendar.now().date()
        if week % 13 == 0:
            await services.letters.send(omar, f"letter-{week}", ["grant"], f"Is there anything new in week {week}?")
        if week % 10 == 0:
            needed = today + timedelta(days=12)
            new = NewDecision(
                title=f"Choice {week}", decider="steering", options=("Pay", "Wait"), needed_by=needed, issue=None
            )
            # Nobody ever decides these.
            await services.decisions.propose(omar, f"decision-{week}", new)

    async def pages(self) -> dict[str, Any]:
        """What everybody reads in Home, and coordinators of what did not arrive."""
        services, record = self.stage.services, await self.stage.record()
        found: dict[str, Any] = {}
        for member in record.members:
            found[member.id] = await services.home.page(await self.stage.actor(member.id), whole=True)
        omar = await self.stage.actor("omar")
        found["undelivered"] = await services.undeliveries.page(omar)
        found["status"] = await services.checkin_rounds.status(omar, "")
        return found

    async def rows(self) -> Counter[str]:
        """How many messages, updates and items there are."""
        async with self.stage.services.database.read() as session:
            by_operation = await session.execute(
                select(DeliveryRow.operation, func.count()).group_by(DeliveryRow.operation)
            )
            found: Counter[str] = Counter({f"{one}s": count for one, count in by_operation})
            found["items"] = await session.scalar(select(func.count()).select_from(DeliveryItemRow)) or 0
        return found


async def first_read(stage: Stage) -> float:
    """Milliseconds for the whole record."""
    stage.services.database.snapshots.forget()
    began = time.perf_counter()
    async with stage.services.database.read() as session:
        await read_record(session, stage.coalition_id)
    return (time.perf_counter() - began) * 1000


async def refresh(stage: Stage) -> float:
    """Milliseconds for what planning does of each coalition on a new day."""
    began = time.perf_counter()
    await stage.services.rhythm._refresh(stage.coalition_id)
    return (time.perf_counter() - began) * 1000


async def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.two_years", description=__doc__)
    parser.add_argument("--weeks", type=int, default=104)
    asked = parser.parse_args(arguments)
    lives, read = [], []
    with tempfile.TemporaryDirectory() as folder:
        for forgets in (False, True):
            file = Path(folder) / f"{forgets}.db"
            await asyncio.to_thread(schema.migrate, database_url(f"sqlite:///{file}"))
            life = await Life.begun(Database(database_url(f"sqlite:///{file}")), forgets=forgets)
            await life.live(asked.weeks)
            lives.append(life)
            read.append(await life.pages())
            name = "forgetting" if forgets else "keeping all"
            rows = dict(await life.rows())
            times = sorted([(await first_read(life.stage), await refresh(life.stage)) for _ in range(5)])[2]
            await life.stage.services.database.close()
            size = file.stat().st_size
            with sqlite3.connect(file) as connection:
                connection.execute("VACUUM")
            print(
                f"{name}: {len(life.sent)} sent, {rows}, removed {life.gone}, file {size / 2**20:.2f} MiB, packed "
                f"{file.stat().st_size / 2**20:.2f} MiB; record read in {times[0]:.0f} ms, refreshed in {times[1]:.0f}",
                flush=True,
            )
    (kept, forgot), same_pages = lives, read[0] == read[1]
    differ = set(kept.sent) ^ set(forgot.sent)
    print(f"the same was sent: {kept.sent == forgot.sent} ({len(differ)} differ); the same is read: {same_pages}")
    for one in sorted(differ)[:20]:
        print(*one, "only keeping all" if one in set(kept.sent) else "only forgetting")
    return 0 if kept.sent == forgot.sent and same_pages else 1


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
