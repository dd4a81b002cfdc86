"""How many of the calls that a thousand direct messages take Slack refuses by its limits, and how near to them they go.

The Slack is the sandbox with its limits on; its minute is `--pace-minute` seconds long, and the pace's minute with it.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from bot.clock import SystemElapsedTime
from bot.demo import workspace_of
from bot.sandbox import Sandbox
from bot.sandbox.settings import Settings
from bot.slack.manifest import manifest
from bot.slack.pace import OURS, Pace
from bot.store.database import Database, database_url
from bot.store.people import SlackAccountRow
from tests.benchmarks.queue.stages import PEOPLE, Sending, settle_people, write_letters
from tests.benchmarks.series import Ratio
from tests.benchmarks.stage import TEAM, large_record
from tests.servers import empty_database

MESSAGES = 1000
# Posts a minute that Slack takes.
MOST = 300


async def measure(folder: Path, asked: argparse.Namespace) -> list[str]:
    """First contact and all: each person's conversation is opened too. On PostgreSQL also with two that send, which
    share what Slack takes and know nothing of each other but by the database."""
    minute = asked.pace_minute
    lines = [f"{MESSAGES:,} direct messages to {PEOPLE} people under Slack's limits, a minute of {minute:g} s"]
    for kind in asked.database:
        lines += await _paced(folder / kind, kind, asked, 1)
        if kind == "postgres":
            lines += await _paced(folder / f"{kind}-two", kind, asked, 2)
    return lines


async def _paced(folder: Path, kind: str, asked: argparse.Namespace, senders: int) -> list[str]:
    minute = asked.pace_minute
    workspace = workspace_of(large_record(PEOPLE))
    workspace.team_id = TEAM
    settings = Settings(real_rate_limits=True, rate_window_seconds=minute, wire_entries_max=100_000)
    async with (
        empty_database(folder, kind) as url,
        await Sandbox.start(manifest(), workspace, settings=settings) as sandbox,
    ):
        coalition_id = await settle_people(url)
        await _forget_conversations(url)
        keys = await write_letters(url, coalition_id, MESSAGES, due_in=timedelta(0), name="pace")
        sendings = []
        for number in range(senders):
            pace, owner = Pace(SystemElapsedTime(), minute), f"bench-{number}"
            one = Sending.of(url, sandbox.api_url, coalition_id, at_once=asked.at_once, owner=owner, pace=pace)
            one.workspaces.only.client.token = sandbox.bot_token
            # As after a start: it has the database open, by which the others know of it.
            await one.services.deliveries.count_processes()
            sendings.append(one)
        began = time.perf_counter()
        for one in sendings:
            one.heartbeat.start()
        try:
            await sandbox.until(lambda: len(sandbox.record.posts) >= MESSAGES, timeout=60 * minute)
        finally:
            took = time.perf_counter() - began
            for one in sendings:
                await one.heartbeat.stop()
                await one.close()
        calls = [one for one in sandbox.wire.after() if one["kind"] == "web_api"]
        assert Counter(sandbox.record.by_key("key")) == Counter(keys), "each once"
    refused = sum(one.get("error") == "ratelimited" for one in calls)
    name = kind if senders == 1 else f"{kind}, {senders} that send"
    rate = MESSAGES / took * minute / (MOST * OURS)
    return [
        f"  {name}: {len(calls):,} calls in {took:.0f} s ({took / minute:.1f} of these minutes)",
        Ratio(f"{name}: refused by Slack's limits, of 100", 100 * refused / len(calls), 1.0).line(),
        Ratio(f"{name}: messages a minute beside what the limit lets us", rate).line(),
    ]


async def _forget_conversations(url: str) -> None:
    """As before the first message of all."""
    database = Database(database_url(url))
    async with database.writer.begin() as connection:
        await connection.execute(update(SlackAccountRow).values(dm_channel_id=None))
    await database.close()
