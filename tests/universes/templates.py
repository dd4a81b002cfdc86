"""The databases that universes begin with, made once by the product itself: a tiny coalition on a Tuesday morning.

In most of them everything is planned that the rhythm plans until shortly after nine. Some hold one kind of message
only, so that a universe is short; some hold all. In one nothing is planned yet: what goes out has to be planned there.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.domain.record import Record
from bot.domain.record import record as values
from bot.services import Services
from bot.store import schema
from bot.store.database import Database, database_url
from bot.store.record import Snapshots, read_record
from tests.builders import group, priority
from tests.services.small import friday, small, weekly
from tests.services.stage import Stage
from tests.universes.place import Template

CHICAGO = ZoneInfo("America/Chicago")
MONDAY = datetime(2026, 11, 23, 7, tzinfo=CHICAGO)
BEFORE_NINE = datetime(2026, 11, 24, 8, 59, tzinfo=CHICAGO)
BEFORE_DIGEST = datetime(2026, 11, 24, 9, 4, tzinfo=CHICAGO)


@dataclass(frozen=True)
class Beginning:
    """What there is to send. `share`: of how many universes in a hundred, in the mean."""

    name: str
    share: int
    owners: Sequence[str] = ()  # who is asked at nine
    has_digest: bool = False  # at five past nine, in threads
    letters: Sequence[tuple[str, Sequence[str]]] = ()
    is_planned: bool = True
    begins_at: datetime = BEFORE_NINE

    def coalition(self) -> Record:
        """The coalition whose rhythm it is."""
        cadences: list[values.Cadence] = []
        if self.has_digest:
            at_five_past = datetime.fromisoformat("2026-01-06T09:05")
            cadences.append(friday(rrule="FREQ=WEEKLY;BYDAY=TU", dtstart=at_five_past))
        if self.owners:
            cadences.append(weekly() if self.has_digest else weekly(feeds=None))
        owners = self.owners or ("ana",)
        priorities = [
            priority(f"p{number}", owner=who, channel=f"p-{number}" if number < 3 else None)
            for number, who in enumerate(owners, start=1)
        ]
        return small(groups=(group(channel="leaders"),), priorities=tuple(priorities), cadences=tuple(cadences))


BEGINNINGS = (
    Beginning("asked", 30, owners=("ana", "ben")),
    Beginning("letters", 25, letters=(("letter-1", ("ana", "cal")),)),
    Beginning("digest", 25, has_digest=True, begins_at=BEFORE_DIGEST),
    Beginning(
        "all",
        8,
        owners=("ana", "ben", "cal"),
        has_digest=True,
        letters=(("letter-1", ("ana", "cal")), ("letter-2", ("ben",))),
    ),
    Beginning("unplanned", 12, owners=("ana", "ben"), has_digest=True, is_planned=False),
)


def make_templates(folder: Path, migrated: Path | None = None) -> dict[str, Template]:
    """Makes all of them in this folder, by migrating, importing, going live and planning. They go by their beginnings'
    names. `migrated` is an empty database at the newest schema, if there is one already."""
    if migrated is None:
        migrated = folder / "migrated.db"
        schema.migrate(database_url(f"sqlite:///{migrated}"))
    made = {}
    for beginning in BEGINNINGS:
        path = folder / f"{beginning.name}.db"
        shutil.copyfile(migrated, path)
        snapshots = asyncio.run(_make(beginning, path))
        made[beginning.name] = Template(path, snapshots)
    return made


async def _make(beginning: Beginning, path: Path) -> Snapshots:
    """Returns the record as whoever read it last knows it."""
    database, calendar = Database(database_url(f"sqlite:///{path}")), FixedCalendar(MONDAY)
    services = Services(database, calendar, SystemElapsedTime())
    stage = await Stage.with_record(services, calendar, beginning.coalition())
    await stage.link()
    await stage.join_channels()
    await stage.go_live()
    await services.rhythm.plan()
    if beginning.is_planned:
        calendar.set(beginning.begins_at)
        await services.rhythm.plan()
    for key, to in beginning.letters:
        await services.letters.send(await stage.actor("lou"), key, list(to), "Is there anything new?")
    async with database.read(1) as session:
        await read_record(session, 1)
    snapshots = database.snapshots.copy()
    await database.close()
    return snapshots
