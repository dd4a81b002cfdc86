"""`backbeat run` as a process of its own, told to end while a post is under way: it ends cleanly, its outcome known."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from bot.domain.outbox import State
from bot.domain.record import Record
from tests.live_sample import environment
from tests.processes import Nursery
from tests.schedules.stage import at, opened, until

pytestmark = pytest.mark.at_once


QUICK = {
    "BACKBEAT_TICK_PLAN": "0.1",
    "BACKBEAT_TICK_DISPATCH": "0.05",
    "BACKBEAT_TICK_RECONCILE": "0.05",
    "BACKBEAT_LEASE_SECONDS": "60",
    "BACKBEAT_POST_TIMEOUT_SECONDS": "20",
    "BACKBEAT_POST_SPACING_SECONDS": "0",
}


async def test_it_ends_with_its_post_recorded(live_url: str, sample: Record, tmp_path: Path, nursery: Nursery) -> None:
    clock_file = tmp_path / "clock.json"
    async with opened(live_url, sample, clock_file=clock_file) as stage:
        fault = stage.sandbox.faults.add("chat.postMessage", "delay", seconds=0.5)
        stage.set("11-23 09:00")
        process = nursery.start("run", environment=environment(stage.sandbox, stage.url, clock_file, **QUICK))
        try:

            async def is_under_way() -> bool:
                assert process.returncode is None
                return fault.hit > 0

            await until(is_under_way, limit=30.0)
            assert not stage.posts or len(stage.posts) < 4
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert await process.ended(15) == 0
            assert time.monotonic() - began < 15
        finally:
            process.kill()
            process.close()
        rows = [row for row in await stage.rows("prompts") if row.due_at <= at("11-23 09:00")]
        assert {row.state for row in rows} <= {State.SENT, State.PLANNED}
        assert {row.ts for row in rows if row.state == State.SENT} == {post.ts for post in stage.posts}
        assert stage.posts
        # Another process goes on where this one ended.
        await stage.settle()
        assert len(stage.posts) == 4
        assert not stage.doubled
