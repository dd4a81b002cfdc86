"""How fast the queue drains beside the same posts by Slack's client alone, and how long a commit takes to its call.

Pacing is off as far as settings go: `BACKBEAT_POST_SPACING_SECONDS=0`, and as many posts at once as the bare client
has. The Slack is a process that answers at once, so that what is left is the program's own work.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.services import Services
from bot.slack.client import client_of, kept_connections
from bot.slack.gateway import METADATA_TYPE
from tests.benchmarks.queue.answering import Answering, answering
from tests.benchmarks.queue.stages import (
    PEOPLE,
    SENDER_ID,
    WORDS,
    Sending,
    settle_people,
    write_letters,
)
from tests.benchmarks.series import Ratio, Series
from tests.benchmarks.stage import TEAM
from tests.servers import empty_database


@dataclass(frozen=True)
class Pace:
    """How many went, in how many elapsed seconds and seconds of this process's processor time."""

    count: int
    took: float
    cpu: float

    @property
    def rate(self) -> float:
        return self.count / self.took

    @property
    def cpu_each(self) -> float:
        """Milliseconds."""
        return self.cpu * 1000 / self.count

    def line(self, name: str) -> str:
        return f"  {name:<58} {self.rate:7.0f} a second, {self.cpu_each:5.2f} ms of processor each"


async def measure(folder: Path, asked: argparse.Namespace) -> list[str]:
    """Both databases; the bare client goes right after each, so that both meet the machine alike."""
    lines = [f"draining {asked.deliveries:,} deliveries, {asked.at_once} posts at once"]
    for kind in asked.database:
        async with empty_database(folder / kind, kind) as url, answering() as slack:
            coalition_id = await settle_people(url)
            # What a program does once, such as finding the words of its statements, is done before.
            await write_letters(url, coalition_id, 2 * asked.at_once, due_in=timedelta(0), name="warming")
            sending = Sending.of(url, slack.api_url, coalition_id, at_once=asked.at_once)
            await _drained(sending)
            keys = await write_letters(url, coalition_id, asked.deliveries, due_in=timedelta(0), name="drain")
            await slack.forget()
            drained = await _drained(sending)
            arrived = Counter(key for key, _ in await slack.arrived())
            await sending.close()
            assert arrived == Counter(keys), "each once"
            bare = await bare_posts(AsyncWebClient("xoxb-bench", slack.api_url), asked.deliveries, asked.at_once)
            async with kept_connections(10.0) as connections:
                client = client_of("xoxb-bench", slack.api_url, connections)
                kept = await bare_posts(client, asked.deliveries, asked.at_once)
        lines += [
            drained.line(f"{kind}: Backbeat"),
            bare.line(f"{kind}: the same posts by the bare client"),
            kept.line(f"{kind}: the same by one that keeps its connections"),
            Ratio(f"{kind}: rate beside the bare client", drained.rate / bare.rate, 0.5, at_least=True).line(),
            Ratio(f"{kind}: rate beside the one that keeps them", drained.rate / kept.rate).line(),
            Ratio(f"{kind}: processor beside the bare client", drained.cpu_each / bare.cpu_each).line(),
            Ratio(f"{kind}: processor beside the one that keeps them", drained.cpu_each / kept.cpu_each).line(),
        ]
    return lines


async def _drained(sending: Sending) -> Pace:
    """Sends all that is due."""
    began, cpu, count = time.perf_counter(), time.process_time(), 0
    while claimed := await sending.heartbeat._dispatcher.run():
        count += claimed
    return Pace(max(1, count), time.perf_counter() - began, time.process_time() - cpu)


async def bare_posts(client: AsyncWebClient, count: int, at_once: int) -> Pace:
    """The same posts by Slack's client alone: no database, no look, no record."""
    numbers = iter(range(count))

    async def post_some() -> None:
        for number in numbers:
            user = number % PEOPLE
            await client.chat_postMessage(**_arguments(f"D0OWNER{user:03}", number))

    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(post_some() for _ in range(at_once)))
    return Pace(count, time.perf_counter() - began, time.process_time() - cpu)


def _arguments(channel_id: str, number: int) -> Mapping[str, Any]:
    """A post about as long as a letter's."""
    words = f"*Owner 000* (Limestone Bend Partnership) writes to you:\n>{WORDS} ({number})"
    block = {"type": "section", "text": {"type": "mrkdwn", "text": words}}
    return {
        "channel": channel_id,
        "text": words,
        "blocks": [block, block],
        "metadata": {"event_type": METADATA_TYPE, "event_payload": {"key": f"bare:{number}"}},
        "unfurl_links": False,
        "unfurl_media": False,
    }


async def measure_commit(folder: Path, asked: argparse.Namespace) -> list[str]:
    """From the end of a commit to the post's arrival at Slack, under the running heartbeat with its usual ticks."""
    lines = ["commit → Slack's call, milliseconds"]
    for kind in asked.database:
        async with empty_database(folder / kind, kind) as url, answering() as slack:
            coalition_id = await settle_people(url)
            sending = Sending.of(url, slack.api_url, coalition_id, at_once=4)
            sending.heartbeat.start()
            try:
                waits = await _commits(sending.services, slack, asked.letters)
            finally:
                await sending.heartbeat.stop()
                await sending.close()
        series = Series(f"{kind}: a letter", waits)
        lines += [series.line(), Ratio(f"{kind}: p50 in ms", series.at(0.5), 15.0).line()]
    return lines


async def _commits(services: Services, slack: Answering, count: int, *, warming: int = 5) -> list[float]:
    """Elapsed seconds of each; one after the other."""
    sender = await services.people.actor_of(TEAM, SENDER_ID)
    assert sender is not None
    committed: list[float] = []
    tell = services.database.on_something_to_send

    def note() -> None:
        committed.append(time.monotonic())
        tell()

    services.database.on_something_to_send = note
    waits = []
    for number in range(count + warming):
        before = len(await slack.arrived())
        committed.clear()
        await services.letters.send(sender, f"commit-{number}", ["owner-001"], f"{WORDS} ({number})")
        arrived: Sequence[tuple[str, float]] = []
        async with asyncio.timeout(30):
            while not arrived:
                # Asking takes this loop's time too, so it is not done while the message is on its way.
                await asyncio.sleep(0.05)
                arrived = await slack.arrived(before)
        waits.append(arrived[0][1] - committed[0])
        # Until whatever follows from it is done, so that each commit finds a program at rest.
        await asyncio.sleep(0.2)
    return waits[warming:]
