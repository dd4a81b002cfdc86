"""What `backbeat run` takes of the machine at rest, and whether check-ins make it grow: a real process beside the
sandbox, over Socket Mode."""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psutil

from bot.clock import FixedCalendar
from bot.demo import user_id_of, workspace_of
from bot.domain.record import Record
from bot.opening import open_services
from bot.sandbox import Sandbox, SandboxClock
from bot.sandbox import Settings as SandboxSettings
from bot.sandbox.person import Person
from bot.settings import read_settings
from bot.slack.manifest import manifest
from bot.slack.metadata import encode_question
from tests.benchmarks.series import Ratio
from tests.live_sample import environment, go_live
from tests.processes import Child, Nursery, Replica
from tests.sample import sample_record
from tests.servers import empty_database

SEVEN = datetime.fromisoformat("2026-11-23T07:00:00-06:00")
NINE = datetime.fromisoformat("2026-11-23T09:01:00-06:00")
OWNERS = ("yolanda", "grant", "tom", "imani")
# Elapsed seconds until what a start brings has been said, and until what was answered has been shown.
SETTLES_IN = 10.0


@dataclass
class Running:
    """A process of the bot, and the Slack that it speaks to."""

    process: psutil.Process
    child: Child
    sandbox: Sandbox

    def cpu(self) -> float:
        """Seconds of processor time that it has taken."""
        times = self.process.cpu_times()
        return times.user + times.system

    def memory(self) -> float:
        """MiB."""
        return self.process.memory_info().rss / 2**20


@asynccontextmanager
async def running(folder: Path, url: str, record: Record, moment: datetime) -> AsyncIterator[Running]:
    """The sample at this moment, at which the calendar stands still; ticks go on as ever."""
    clock_file = folder / "clock.json"
    clock_file.write_text(json.dumps({"now": moment.isoformat(), "running": False, "rate": 1, "anchor": 0}))
    clock, calendar = SandboxClock(moment, running=False), FixedCalendar(SEVEN)
    # A sandbox that another process keeps waiting is no slow acknowledgement.
    patient = SandboxSettings(ack_seconds=30.0, trigger_seconds=30.0)
    nursery = Nursery()
    try:
        async with (
            await Sandbox.start(manifest(), workspace_of(record), settings=patient, clock=clock) as sandbox,
            open_services(read_settings(_env_file=None, database_url=url), calendar) as services,
        ):
            await go_live(services, sandbox, record)
            # Four people answer for thousands, which is more than any of them may.
            told = environment(sandbox, url, clock_file, BACKBEAT_PRESSES_PER_MINUTE="0")
            child = nursery.start("run", environment=told)
            reading = Replica(0, child)
            try:
                await sandbox.connected(120)
                await asyncio.sleep(SETTLES_IN)
                yield Running(psutil.Process(child.pid), child, sandbox)
                assert child.returncode is None, b"".join(reading.said).decode()
            finally:
                child.kill()
                await child.ended()
    finally:
        nursery.close()


async def measure_idle(folder: Path, asked: argparse.Namespace) -> list[str]:
    """A live coalition for which nothing is due."""
    lines = [f"at rest for {asked.minutes:g} minutes"]
    for kind in asked.database:
        place = folder / kind
        async with empty_database(place, kind) as url, running(place, url, sample_record(), SEVEN) as bot:
            cpu, began = bot.cpu(), time.perf_counter()
            await asyncio.sleep(asked.minutes * 60)
            share = (bot.cpu() - cpu) / (time.perf_counter() - began)
        lines.append(Ratio(f"{kind}: hundredths of a core", share * 100, 1.0).line())
    return lines


async def measure_memory(folder: Path, asked: argparse.Namespace) -> list[str]:
    """Four owners answer and edit their answers, one form after the other each."""
    lines = [f"memory over {asked.checkins:,} check-ins"]
    for kind in asked.database:
        place = folder / kind
        async with empty_database(place, kind) as url, running(place, url, sample_record(), NINE) as bot:
            people = [bot.sandbox.person(user_id_of(owner)) for owner in OWNERS]
            # The first answer of each brings in what only then is imported.
            await asyncio.gather(*(_answer(person, "Answer", 0) for person in people))
            before, began = bot.memory(), time.perf_counter()
            each = max(1, asked.checkins // len(people))
            await asyncio.gather(*(_edit(person, each) for person in people))
            took = time.perf_counter() - began
            await asyncio.sleep(SETTLES_IN)
            after = bot.memory()
        count = each * len(people)
        lines += [
            f"  {kind}: {before:.0f} MiB → {after:.0f} MiB after {count:,} check-ins, {count / took:.0f} a second",
            Ratio(f"{kind}: memory beside that at the start", after / before, 1.5).line(),
        ]
    return lines


async def _edit(person: Person, times: int) -> None:
    for number in range(times):
        await _answer(person, "Edit", number + 1)


async def _answer(person: Person, button: str, number: int) -> None:
    """Presses the button of the first message, fills in the form, and sends it."""
    await person.until(lambda: bool(person.dm()) and button in str(person.dm()[0].blocks), 60)
    await person.press(person.dm()[0], button)
    await person.sees_modal("Weekly priority update", 60)
    values = {"assessment": "at_risk", "confidence": "6", "moved": f"The offer is out. ({number})", "next": "Signed."}
    values |= {"blocker": "Evening pay is below the market."}
    await person.fill({encode_question(name): value for name, value in values.items()})
    errors = await person.submit()
    assert not errors, errors
