"""A database or a Slack that is away takes one line of the log, and one when it is back, however long that takes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
import structlog

from bot.domain.record import Record
from bot.errors import Busy, TakenAway, Unavailable
from schedules.outages import Outages
from tests.schedules.stage import Stage, opened, until
from tests.schedules.test_heartbeat import beating

pytestmark = pytest.mark.at_once


BEGAN, OVER = "outage", "outage_is_over"


def told(logs: list[Any]) -> list[tuple[str, str]]:
    return [(line["event"], line.get("why", line.get("of", ""))) for line in logs if line["event"] in (BEGAN, OVER)]


def test_a_line_for_each_kind_and_one_when_it_is_over() -> None:
    now = 0.0
    outages = Outages(lambda: now)
    with structlog.testing.capture_logs() as logs:
        for _ in range(3):
            outages.met("plan", Unavailable("lost"))
            outages.met("dispatch", Unavailable("can't be reached"))
            outages.met("housekeeping", Unavailable("asks to wait", of="slack"))
        now = 90.0
        outages.went("dispatch")
        outages.went("plan")
        outages.went("dispatch")
        outages.went("housekeeping")
    assert told(logs) == [(BEGAN, "lost"), (BEGAN, "asks to wait"), (OVER, "database"), (OVER, "slack")]
    assert [line["seconds"] for line in logs if line["event"] == OVER] == [90, 90]


def test_what_one_job_waits_for_is_not_over_by_another() -> None:
    outages = Outages(lambda: 0.0)
    with structlog.testing.capture_logs() as logs:
        outages.met("plan", Busy("held"))
        outages.went("dispatch")
        outages.met("plan", Busy("held"))
        outages.went("plan")
    assert told(logs) == [(BEGAN, "held"), (OVER, "database")]


def test_a_database_that_was_taken_away_is_told_once_whatever_goes_on() -> None:
    outages = Outages(lambda: 0.0)
    with structlog.testing.capture_logs() as logs:
        outages.met("plan", TakenAway("gone"))
        outages.went("plan")  # by a connection that it had
        outages.met("housekeeping", TakenAway("gone"))
        outages.went("housekeeping")
    assert told(logs) == [(BEGAN, "gone")]


@pytest.fixture
async def replicated(postgres_live_url: str, sample: Record) -> AsyncIterator[Stage]:
    async with opened(postgres_live_url, sample) as stage:
        yield stage


async def posted(stage: Stage) -> None:
    """What is due arrives."""

    async def all_asked() -> bool:
        return len(stage.posts) == 4

    stage.set("11-23 09:00")
    await until(all_asked, limit=30)


async def is_told(logs: list[Any]) -> None:
    """That something is away stands in the log."""

    async def began() -> bool:
        return any(event == BEGAN for event, _why in told(logs))

    await until(began, limit=30)


def test_a_job_that_began_before_the_end_meets_nothing_new() -> None:
    now = 0.0
    outages = Outages(lambda: now)
    with structlog.testing.capture_logs() as logs:
        outages.met("plan", Unavailable("It is away.", of="database"), began=now)
        now = 3.0
        outages.went("dispatch")
        now = 3.5
        outages.met("plan", Unavailable("It is away.", of="database"), began=2.5)
        assert [line["event"] for line in logs] == ["outage", "outage_is_over"]
        outages.met("plan", Unavailable("It is away.", of="database"), began=now)
    assert [line["event"] for line in logs] == ["outage", "outage_is_over", "outage"]


@pytest.mark.postgres
async def test_a_transaction_that_somebody_left_open_ends_nothing(
    replicated: Stage, postgres_live_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ticks try again, the watchdog sees them live, and what is due goes out when it may."""
    monkeypatch.setattr("bot.store.database.database.BUSY_TIMEOUT_MS", 200)
    with structlog.testing.capture_logs() as logs:
        async with beating(replicated):
            with psycopg.connect(postgres_live_url) as holder:
                holder.execute("LOCK TABLE schedules, deliveries IN ACCESS EXCLUSIVE MODE")
                replicated.set("11-23 09:00")
                await is_told(logs)
                await asyncio.sleep(0.5)
                assert not replicated.posts
            await posted(replicated)
    assert told(logs).count((BEGAN, told(logs)[0][1])) == 1
    assert "Look for a transaction that was left open" in told(logs)[0][1]
    assert "exception" not in str(logs)
    assert not [line for line in logs if line["log_level"] == "error"]


@pytest.mark.postgres
async def test_a_server_that_is_away_takes_two_lines(replicated: Stage, postgres_live_url: str) -> None:
    base, _, query = postgres_live_url.partition("?")
    name = base.rpartition("/")[2]
    elsewhere = f"{base.rpartition('/')[0]}/postgres?{query}"
    with structlog.testing.capture_logs() as logs, psycopg.connect(elsewhere, autocommit=True) as server:
        async with beating(replicated):
            await asyncio.sleep(0.3)
            # Nobody new comes in, and who is there is sent away: what a server that ends looks like from outside.
            # Nothing goes on here until they are gone: one that still answered would end what the others had met.
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
            server.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [name])
            await is_told(logs)
            await asyncio.sleep(0.5)
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
            await posted(replicated)
    assert [event for event, _why in told(logs)] == [BEGAN, OVER]
    assert not [line for line in logs if line["log_level"] == "error"]
