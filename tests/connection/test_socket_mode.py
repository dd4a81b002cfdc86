"""The socket ends without a word, or Slack has no connection to spare: how long nobody is heard, and what is said."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from bot.clock import FixedCalendar
from bot.connection import socket_mode
from bot.domain.record import Record
from tests.connection.stage import connected

# Elapsed seconds; Slack's own client took eight and more.
SOON = 3.0


async def test_after_an_abrupt_end_commands_are_answered_again_at_once(
    sqlite_sample_url: str, sample: Record, calendar: FixedCalendar, record_property: Callable[[str, object], None]
) -> None:
    gaps = []
    async with connected("socket", sqlite_sample_url, sample, calendar) as slack:
        omar = slack.person("omar")
        for _ in range(3):
            await slack.sandbox.cut()
            cut_at = time.monotonic()
            while not (await omar.command("/backbeat", "help")).ok:
                assert time.monotonic() - cut_at < SOON, "nobody is heard"
                await asyncio.sleep(0.02)
            gaps.append(time.monotonic() - cut_at)
    record_property(
        "figures", f"abrupt ends of the socket: no commands for {', '.join(f'{gap:.2f}' for gap in gaps)} s"
    )


async def test_the_end_of_the_socket_is_told_and_not_looked_for(
    sqlite_sample_url: str, sample: Record, calendar: FixedCalendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_mode, "LOOK", 60.0)
    async with connected("socket", sqlite_sample_url, sample, calendar) as slack:
        for end in (slack.sandbox.cut, slack.sandbox.disconnect):
            before = len([one for one in slack.sandbox.wire.after() if one["name"] == "apps.connections.open"])
            await end()
            async with asyncio.timeout(SOON):
                while (
                    len([one for one in slack.sandbox.wire.after() if one["name"] == "apps.connections.open"]) == before
                ):
                    await asyncio.sleep(0.02)
            await slack.sandbox.connected(SOON)
        assert (await slack.person("omar").command("/backbeat", "help")).ok


async def test_where_slack_has_no_connection_to_spare_it_is_said_and_waited_for(
    sqlite_sample_url: str, sample: Record, calendar: FixedCalendar
) -> None:
    with capture_logs() as logs:
        async with connected("socket", sqlite_sample_url, sample, calendar) as slack:
            slack.sandbox.settings.socket_connections_max = 0
            await slack.sandbox.cut()
            await asyncio.sleep(2.0)
            opened = len([one for one in slack.sandbox.wire.after() if one["name"] == "apps.connections.open"])
            assert opened <= 6, "it asks again after growing pauses"
            slack.sandbox.settings.socket_connections_max = 10
            await slack.sandbox.connected(20)
            assert (await slack.person("omar").command("/backbeat", "help")).ok
    said = [one["event"] for one in logs if one["event"].startswith("socket_")]
    assert said.count("socket_refused") == 1
    assert said.count("socket_let_in") == 1
