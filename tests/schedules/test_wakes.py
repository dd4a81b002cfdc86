"""Processes on one PostgreSQL wake each other: what one commits another one posts, long before its tick."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import psycopg
import pytest

from bot.clock import SystemElapsedTime
from bot.domain.decisions import NewDecision
from bot.domain.outbox import Kind
from bot.domain.record import Record
from bot.store.database import wakes
from bot.store.outbox import DeliveryRow
from schedules.scheduler import Heartbeat, Ticks
from tests.schedules.stage import TEAM, Stage, opened, until

pytestmark = pytest.mark.postgres

RARE = Ticks(plan=600, dispatch=600, reconcile=600)


@pytest.fixture
async def shared(postgres_live_url: str, sample: Record) -> AsyncIterator[Stage]:
    """The stage on PostgreSQL at ten, everything that was due sent, with a second process."""
    async with opened(postgres_live_url, sample) as stage:
        await stage.go("11-23 10:00")
        stage.process("second")
        yield stage


@asynccontextmanager
async def beating(stage: Stage) -> AsyncIterator[Heartbeat]:
    """The second process's heartbeat, which hardly ever ticks, once it hears others."""
    other = stage.processes[-1]
    heartbeat = Heartbeat(other.services, other.workspaces, SystemElapsedTime(), ticks=RARE)
    heartbeat.start()
    assert other.database.wakes is not None
    try:
        await asyncio.wait_for(other.database.wakes.is_hearing.wait(), 10)
        await until(lambda: _is_at_rest(heartbeat))
        yield heartbeat
    finally:
        await heartbeat.stop()


async def _is_at_rest(heartbeat: Heartbeat) -> bool:
    return heartbeat._planned_once.is_set() and not heartbeat._at_work and not heartbeat._wake.is_set()


async def propose(stage: Stage, title: str) -> None:
    """Something to send at once, committed by the main process, which sends nothing here."""
    new = NewDecision(title=title, decider="steering", needed_by=date(2026, 12, 11), options=("Yes", "No"))
    await stage.services.decisions.propose(await stage.actor("omar"), title, new)


async def test_what_one_process_commits_another_posts_long_before_its_tick(shared: Stage) -> None:
    async with beating(shared):
        await propose(shared, "Pay for the van")
        await until(lambda: _is_posted(shared, "Pay for the van"))
    assert not shared.doubled


async def test_it_is_heard_after_a_silence(shared: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """In which the connection was tried again and again; what came while it was tried counts."""
    monkeypatch.setattr(wakes, "SILENCE", 0.01)
    async with beating(shared):
        await asyncio.sleep(0.5)
        for title in ("Pay for the van", "Pay for the bus", "Pay for the boat"):
            await propose(shared, title)
            await until(lambda title=title: _is_posted(shared, title))  # type: ignore[misc]
    assert not shared.doubled


async def _is_posted(stage: Stage, title: str) -> bool:
    return any(title in post.text for post in stage.posts)


async def _write_in_vain(stage: Stage) -> None:
    now = stage.calendar.now()
    async with stage.services.database.write() as session:
        session.add(
            DeliveryRow(coalition_id=stage.coalition_id, key="new", kind=Kind.HELD_NOTICE, planned_at=now, due_at=now)
        )
        await session.flush()
        raise ZeroDivisionError


async def test_nothing_is_told_of_what_is_rolled_back_or_brings_nothing_to_send(
    shared: Stage, postgres_live_url: str
) -> None:
    async with await psycopg.AsyncConnection.connect(postgres_live_url, autocommit=True) as listener:
        await listener.execute("LISTEN backbeat_to_send")
        await shared.services.people.coalition_of(TEAM)
        with pytest.raises(ZeroDivisionError):
            await _write_in_vain(shared)
        await shared.services.deliveries.wake_waiting(shared.coalition_id)
        assert [told async for told in listener.notifies(timeout=0.3)] == []
        await propose(shared, "Pay for the van")
        assert [told.channel async for told in listener.notifies(timeout=10, stop_after=1)] == ["backbeat_to_send"]


async def test_a_listener_that_was_cut_off_comes_back_and_looks_at_what_it_missed(
    shared: Stage, postgres_live_url: str
) -> None:
    async with beating(shared) as heartbeat:
        wakes = shared.processes[-1].database.wakes
        assert wakes is not None
        with psycopg.connect(postgres_live_url, autocommit=True) as other:
            cut = other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            ).fetchall()
        assert cut == [(True,)]

        async def is_deaf() -> bool:
            return not wakes.is_hearing.is_set()

        await until(is_deaf)
        await propose(shared, "While it heard nothing")
        await until(lambda: _is_posted(shared, "While it heard nothing"))
        await asyncio.wait_for(wakes.is_hearing.wait(), 10)
        await until(lambda: _is_at_rest(heartbeat))
        await propose(shared, "Hears again")
        await until(lambda: _is_posted(shared, "Hears again"))
    assert not shared.doubled
