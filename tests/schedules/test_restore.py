"""The whole way by its commands: a backup under load, more is sent, restored elsewhere, started with the same Slack."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from bot.domain.outbox import State
from bot.domain.record import Record
from tests.kills import SHORT
from tests.live_sample import environment
from tests.processes import Nursery
from tests.sandbox.browser import ARGUMENTS, executable
from tests.schedules.stage import Stage, opened, until
from tests.visitor import WIDE, Visitor

pytestmark = pytest.mark.at_once


# Seconds that a busy machine may take, pictures included.
PATIENCE = 180.0


async def is_at_rest(stage: Stage) -> bool:
    """Twice in a row, since between a plan and its claim there is a moment that looks like rest."""
    for _ in range(2):
        if not (await stage.services.rhythm.is_settled() and await stage.services.deliveries.is_settled()):
            return False
        await asyncio.sleep(0.2)
    return True


async def test_a_backup_under_load_restored_elsewhere_sends_nothing_twice(
    live_url: str, sample: Record, tmp_path: Path, nursery: Nursery
) -> None:
    clock_file = tmp_path / "clock.json"
    async with opened(live_url, sample, clock_file=clock_file) as stage:
        # A busy machine may take its time: nothing here is about leases that run out.
        times = SHORT | {"BACKBEAT_LEASE_SECONDS": "30", "BACKBEAT_POST_TIMEOUT_SECONDS": "10"}
        there = environment(stage.sandbox, live_url, clock_file, **times)
        elsewhere = there | {"DATABASE_URL": f"sqlite:///{tmp_path / 'elsewhere.db'}"}

        first = nursery.start("run", environment=there)
        assert (await first.line()).startswith("Backbeat runs in ")
        stage.sandbox.faults.add("chat.postMessage", "delay", times=50, seconds=0.2)
        stage.set("11-23 09:00")
        await until(lambda: _posted(stage, 1), limit=PATIENCE, pause=0.1)
        code, said, errors = await nursery.start("backup", str(tmp_path / "monday"), environment=there).read()
        assert (code, errors) == (0, "")
        assert "of 2026-11-23 15:00 UTC" in said
        stage.sandbox.faults.clear()
        await until(lambda: is_at_rest(stage), limit=PATIENCE, pause=0.1)
        known = len(stage.posts)
        stage.set("11-25 07:30")
        await until(lambda: _posted(stage, known + 5), limit=PATIENCE, pause=0.1)
        await until(lambda: is_at_rest(stage), limit=PATIENCE, pause=0.1)
        first.kill()
        await first.ended()
        sent = len(stage.posts)

        stage.set("11-25 08:00")
        code, said, errors = await nursery.start("restore", str(tmp_path / "monday"), environment=elsewhere).read()
        assert (code, errors) == (0, "")
        assert said.startswith(f"Restored: {tmp_path / 'monday'}, of 2026-11-23 15:00 UTC, schema ")
        other = Stage(stage.sandbox, stage.clock, stage.calendar, elsewhere["DATABASE_URL"], stage.client, stage.timing)
        other.coalition_id = stage.coalition_id
        other.process("beside it")
        # The copy knows of posts that were under way; a day later they are no more.
        await other.expire()
        second = nursery.start("run", environment=elsewhere)
        assert (await second.line()).startswith("Backbeat runs in ")
        await until(lambda: _posted(stage, sent + 3), limit=PATIENCE, pause=0.1)
        try:
            await until(lambda: is_at_rest(other), limit=PATIENCE, pause=0.1)
            assert stage.doubled == []
            assert {post.text[:23] for post in stage.posts[sent:]} == {"Restored from a backup "}
            assert len(stage.posts) == sent + 3
            assert (await other.one("digest_roll_up")).state == State.SENT
            await keep_picture(stage)
        finally:
            await other.close()
        second.send_signal(signal.SIGTERM)
        code, _output, errors = await second.read()
        assert code == 0, errors
        left = {one.name: one.stat().st_size for one in tmp_path.iterdir() if one.name.startswith("elsewhere.db")}
        assert left.get("elsewhere.db-wal", 0) == 0, "after a clean end one file holds all of it"


async def keep_picture(stage: Stage) -> None:
    """What a coordinator's Home says of it, for the README."""
    if os.environ.get("BACKBEAT_SCREENSHOTS"):
        from playwright.async_api import async_playwright

        async with async_playwright() as playwright:
            chromium = await playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
            visitor = Visitor(await chromium.new_page(viewport=WIDE, color_scheme="light"), stage.sandbox.url)
            await visitor.page.add_init_script("localStorage.setItem('sandbox-guide-closed', 'yes')")
            await visitor.act_as("omar", "home")
            await visitor.sees("Restored from a backup", visitor.home)
            await visitor.picture("after-a-restore")


async def _posted(stage: Stage, count: int) -> bool:
    return len(stage.posts) >= count
