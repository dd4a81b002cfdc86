"""The databases that universes begin with, made once by the product itself: a tiny coalition on a Tuesday morning.

*Planned*: everything is planned that the rhythm plans until shortly after nine, and letters are on their way.
*Unplanned*: half an hour earlier; whatever goes out has to be planned in the universe.
"""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.domain.record import Record
from bot.services import Services
from bot.store import schema
from bot.store.database import Database, database_url
from tests.builders import group, priority
from tests.services.small import friday, small, weekly
from tests.services.stage import Stage

CHICAGO = ZoneInfo("America/Chicago")
MONDAY = datetime(2026, 11, 23, 7, tzinfo=CHICAGO)
BEFORE_PLANNING = datetime(2026, 11, 24, 8, 29, tzinfo=CHICAGO)
BEFORE_NINE = datetime(2026, 11, 24, 8, 59, tzinfo=CHICAGO)


@dataclass(frozen=True)
class Templates:
    """The files, and the moments at which a universe begins with them."""

    planned: Path
    unplanned: Path

    def begin(self, path: Path, *, planned: bool) -> datetime:
        """Puts a copy there; returns the moment at which it begins."""
        for leftover in path.parent.glob(f"{path.name}*"):
            leftover.unlink()
        shutil.copyfile(self.planned if planned else self.unplanned, path)
        return BEFORE_NINE if planned else BEFORE_PLANNING


def coalition() -> Record:
    """Three owners are asked at nine; at five past a digest goes to two channels, in a thread."""
    return small(
        groups=(group(channel="leaders"),),
        priorities=(
            priority(channel="p-one"),
            priority("p2", owner="ben", channel="p-two"),
            priority("p3", owner="cal"),
        ),
        cadences=(
            weekly(),
            friday(rrule="FREQ=WEEKLY;BYDAY=TU", dtstart=datetime.fromisoformat("2026-01-06T09:05")),
        ),
    )


def make_templates(folder: Path) -> Templates:
    """Makes both in this folder, by migrating, importing, going live and planning."""
    templates = Templates(folder / "planned.db", folder / "unplanned.db")
    schema.migrate(database_url(f"sqlite:///{templates.unplanned}"))
    asyncio.run(_go_live(templates.unplanned))
    shutil.copyfile(templates.unplanned, templates.planned)
    asyncio.run(_plan(templates.planned))
    return templates


async def _go_live(path: Path) -> None:
    database, calendar = Database(database_url(f"sqlite:///{path}")), FixedCalendar(MONDAY)
    services = Services(database, calendar, SystemElapsedTime())
    stage = await Stage.with_record(services, calendar, coalition())
    await stage.link()
    await stage.join_channels()
    await stage.go_live()
    await services.rhythm.plan()
    await database.close()


async def _plan(path: Path) -> None:
    database, calendar = Database(database_url(f"sqlite:///{path}")), FixedCalendar(BEFORE_NINE)
    services = Services(database, calendar, SystemElapsedTime())
    stage = Stage(services, calendar, 1)
    await services.rhythm.plan()
    for key, to in (("letter-1", ["ana", "cal"]), ("letter-2", ["ben"])):
        await services.letters.send(await stage.actor("lou"), key, to, "Is there anything new?")
    await database.close()
