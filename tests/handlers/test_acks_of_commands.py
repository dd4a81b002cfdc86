"""Slack waits three seconds for a command's acknowledgement, however much there is to read for its answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest

from bot.store.database import Database
from handlers.messages import LINES
from tests.examples import one_in
from tests.handlers.stage import Stage, words

pytestmark = pytest.mark.at_once

# Commands whose answer is read from all that is kept, and what it says.
LONG = [
    ("/action", "history A-202", "Added for Grant Okafor"),
    ("/action", "list all", "open actions"),
    ("/priority", "history talent", "Outcome added"),
    ("/digest", "preview", "Weekly digest"),
    ("/digest", "history", "digest"),
    ("/coalition", "export", "The file is on its way"),
    ("/coalition", "audit", "Changes"),
    ("/coalition", "deliveries", "arrived"),
    ("/checkin", "status", "Supplier and small-firm growth"),
    ("/backbeat", "action list overdue", "overdue actions"),
]


@contextmanager
def held_back(database: Database, *, for_good: bool = False) -> Iterator[asyncio.Event]:
    """Nothing is read or written while the event is not set. `for_good`: whoever still waits at the end is sent away,
    so that nothing is read for answers at which nobody looks."""
    let_go = asyncio.Event()
    waiting: set[asyncio.Task[Any]] = set()
    usual = {"read": database.read, "write": database.write}

    def holding(how: Any) -> Any:
        @asynccontextmanager
        async def held(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            waits = asyncio.ensure_future(let_go.wait())
            waiting.add(waits)
            await waits
            async with how(*args, **kwargs) as session:
                yield session

        return held

    for name, how in usual.items():
        setattr(database, name, holding(how))
    try:
        yield let_go
    finally:
        for one in waiting if for_good else ():
            one.cancel()
        let_go.set()
        for name in usual:
            delattr(database, name)


async def test_the_acknowledgement_waits_for_nothing_that_is_read(live: Stage) -> None:
    live.edge.answer_within = 0.01
    omar = live.person("omar")
    for command, text, said in LONG:
        heard = len(omar.ephemerals)
        with held_back(live.services.database) as let_go:
            assert (await omar.command(command, text)).ok, (command, text)
            assert len(omar.ephemerals) == heard, (command, text)
            let_go.set()
            await omar.until(lambda: len(omar.ephemerals) > heard or said in words(omar.modal))  # noqa: B023
        answer = words(omar.modal) + words(omar.ephemerals[-1] if len(omar.ephemerals) > heard else None)
        assert said in answer, (command, text)
        await live.edge.drain()
        if omar.modal is not None:
            await omar.close(is_cleared=True)


async def test_what_a_line_writes_is_written_before_slack_hears_that_it_arrived(live: Stage) -> None:
    omar = live.person("omar")
    with held_back(live.services.database) as let_go:
        acked = asyncio.create_task(omar.command("/action", "done A-202"))
        done, _ = await asyncio.wait({acked}, timeout=0.3)
        assert not done
        let_go.set()
        assert (await acked).ok
    await omar.until(lambda: bool(omar.ephemerals))
    assert "done Mon Nov 23" in words(omar.ephemerals[-1])


@pytest.mark.in_part
async def test_so_is_every_line_that_can_be_typed(live: Stage) -> None:
    live.edge.answer_within = 0.01
    omar = live.person("omar")
    with held_back(live.services.database, for_good=True):
        for line in one_in(3, LINES):
            assert (await omar.command("/backbeat", line.text)).ok, line.text
            if omar.modal is not None:
                await omar.close(is_cleared=True)
