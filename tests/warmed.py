"""What a bot asks of its database, worded once before its processes are forked: each would find the words of the same
statements anew, which took a fourth of the processor time of its short life."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.log import configure_logging
from bot.services import Services
from bot.store.database import Database, database_url
from schedules.recover import Recoverer
from tests.engines import share_words
from tests.handlers.stage import at, stage_of
from tests.sample import sample_record


def warm_up(sample_file: str) -> None:
    """Lives through the sample's first morning in a copy of this database. What is learned of statements stays in this
    process, for those that are forked from it; no thread and no connection does."""
    share_words()
    configure_logging("ERROR")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory(dir=Path(sample_file).parent) as folder:
        asyncio.run(_live(shutil.copy(sample_file, folder)))
    while threading.active_count() > 1:
        time.sleep(0.001)


async def _live(path: str) -> None:
    database = Database(database_url(f"sqlite:///{path}"))
    calendar = FixedCalendar(at("11-23 07:00"))
    services = Services(database, calendar, SystemElapsedTime(), owner="warming up")
    await services.runs.begin()
    async with stage_of(services, calendar, sample_record()) as stage:
        services.deliveries.coalitions = stage.bot.workspaces.coalitions
        await stage.go_live()
        for moment in ("11-23 08:35", "11-23 09:00"):
            await stage.go(moment)
            await Recoverer(services, stage.bot.workspaces).run()
        await stage.bot.keep_house()
    await database.close()
