"""The sample lived for a year by scripted people, checked each Friday by what everybody's screens say.

`python -m tests.a_season` lives a year of weeks, `--weeks 13` its first quarter; the suite lives three weeks with the
endings of the year in them. Every digest's numbers are counted a second time by `season/recount.py`.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from ruamel.yaml import YAML

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.files import sample_text
from bot.log import configure_logging
from bot.services import Services
from bot.store import schema
from bot.store.database import Database, database_url
from tests.conftest import MONDAY_SEVEN
from tests.handlers.conftest import opened
from tests.sample import sample_record
from tests.season.acts import moment
from tests.season.checks import check, local
from tests.season.life import CHICAGO, Act, Season
from tests.season.recount import Ledger
from tests.season.script import WEEKS as SCRIPTED
from tests.season.year import weeks as weeks_after

Week = tuple[tuple[str, Act], ...]
WEEKS: tuple[Week, ...] = (*SCRIPTED, *weeks_after())
THANKSGIVING_FRIDAY = date(2026, 11, 27)  # its digest is moved to Wednesday
MEMBERS_BY_MAIL = ("lorna", "charlotte")


async def live(url: str, weeks: Sequence[Week], report: bool = False) -> Season:
    """Lives these weeks on a database with the sample; what did not hold is in the season's faults."""
    sample = sample_record()
    async with opened(url, FixedCalendar(MONDAY_SEVEN), sample) as stage:
        await stage.go_live(meetings=True)
        plain = YAML(typ="safe").load(sample_text())
        members = tuple(one["id"] for one in plain["members"] if one["id"] not in MEMBERS_BY_MAIL)
        season = Season(stage=stage, ledger=Ledger(plain), members=members)
        for number, week in enumerate(weeks):
            before = len(season.faults)
            friday = MONDAY_SEVEN + timedelta(weeks=number, days=4, hours=5)
            for when, act in sorted(week, key=lambda one: moment(one[0])):
                assert season.now <= moment(when) <= friday, when
                await season.until(moment(when))
                try:
                    await act(season)
                except (AssertionError, LookupError, TimeoutError) as error:
                    season.faulty(f"could not be done: {act.__qualname__.split('.')[0]}: {error}")
                    for member in members:
                        await season.puts_away(member)
            await season.until(friday)
            await check(season, number, _digest_of(friday))
            if report:
                print(f"week {number + 1}, {local(friday)}: {len(season.heard)} messages", flush=True)
                for fault in season.faults[before:]:
                    print(f"  {fault}", flush=True)
            if number + 1 < len(weeks):
                await season.until(MONDAY_SEVEN + timedelta(weeks=number + 1) - timedelta(hours=1))
        return season


def _digest_of(friday: datetime) -> datetime:
    """When the digest of this week is to go out."""
    at = friday.astimezone(CHICAGO).replace(hour=7, minute=30)
    return at - timedelta(days=2) if at.date() == THANKSGIVING_FRIDAY else at


async def prepare(path: Path) -> str:
    """A database with the sample as a draft; its URL."""
    url = f"sqlite:///{path}"
    await asyncio.to_thread(schema.migrate, database_url(url))
    database = Database(database_url(url))
    await Services(database, FixedCalendar(MONDAY_SEVEN), SystemElapsedTime()).coalitions.import_record(sample_record())
    await database.close()
    return url


async def run(weeks: int, folder: Path) -> Season:
    return await live(await prepare(folder / "season.db"), WEEKS[:weeks], report=True)


def main() -> None:
    """The long form, by command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=len(WEEKS), choices=range(1, len(WEEKS) + 1))
    arguments = parser.parse_args()
    configure_logging("WARNING")
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="backbeat-season-"))
    try:
        season = asyncio.run(run(arguments.weeks, folder))
    finally:
        shutil.rmtree(folder)
    print(
        f"{arguments.weeks} weeks in {time.monotonic() - began:.0f} s: {len(season.heard)} messages to "
        f"{len(season.members)} people, {len(season.said)} words with readers, {len(season.faults)} faults"
    )
    sys.exit(1 if season.faults else 0)


if __name__ == "__main__":
    main()
