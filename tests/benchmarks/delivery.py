"""How long from a commit to the message in Slack, from the start to ready, and what the process then holds."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import psutil

from bot.clock import FixedCalendar
from bot.demo import RunningDemo, user_id_of, workspace_of
from bot.files import load_coalition_file, sample_text
from bot.opening import open_services
from bot.sandbox import Sandbox
from bot.services.access import operator
from bot.settings import read_settings
from bot.slack.manifest import manifest
from tests.live_sample import reaching

NINE = datetime.fromisoformat("2026-11-23T09:00:00-06:00")


async def commit_to_message(folder: Path, rounds: int = 30) -> list[str]:
    """An owner edits an answer again and again; from each commit to the changed message in the sandbox."""
    waits: list[float] = []
    async with RunningDemo(database=folder / "delivery.db") as demo:
        sandbox, services = demo.sandbox, demo.bot.services
        await sandbox.clock.jump(NINE)
        actor = await services.people.actor_of(demo.bot.token.team_id, user_id_of("grant"))
        assert actor is not None
        subject = (await services.checkins.mine(actor)).open[0]
        direct = sandbox.workspace.im_with(user_id_of("grant"))
        assert direct is not None
        for number in range(rounds):
            words = f"Edit {number} of the sourcing forecasts."
            values = {"assessment": "on_track", "confidence": "7", "moved": words, "next": "Two more are in."}
            await services.checkins.submit(actor, f"bench-{number}", subject.subject_id, values)
            began = time.perf_counter()
            services.deliveries.on_change()
            await sandbox.until(_shows(lambda: str(direct.messages), words), timeout=10)
            waits.append(time.perf_counter() - began)
    ordered = sorted(waits)
    return [
        f"commit → message seen in the sandbox: p50 {ordered[len(ordered) // 2] * 1000:.0f} ms, "
        f"p99 {ordered[-1] * 1000:.0f} ms ({rounds} edits)"
    ]


def _shows(text: Callable[[], str], words: str) -> Callable[[], bool]:
    return lambda: words in text()


async def start_to_ready(folder: Path) -> list[str]:
    """`backbeat run` as a process of its own, until it has a connection; then what it holds in memory."""
    record = load_coalition_file(sample_text()).record
    assert record is not None
    settings = read_settings(_env_file=None, database_url=f"sqlite:///{folder / 'start.db'}")
    async with open_services(settings, FixedCalendar(NINE)) as services:
        result = await services.coalitions.import_record(record)
        await services.coalitions.go_live(operator(result.coalition_id or 0))
    async with await Sandbox.start(manifest(), workspace_of(record)) as sandbox:
        environment = {**os.environ, **reaching(sandbox), "DATABASE_URL": settings.database_url}
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=environment, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        await process.stdout.readline()
        ready = time.perf_counter() - began
        memory = psutil.Process(process.pid).memory_info().rss / 1024 / 1024
        process.terminate()
        await process.wait()
    return [f"start → ready: {ready:.2f} s; memory after start: {memory:.0f} MiB"]
