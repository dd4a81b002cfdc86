"""Everybody at once: how long Slack waits for each acknowledgement while the bot asks, reminds and redraws.

`python -m tests.crowd` starts the bot as a process of its own, on SQLite and then on PostgreSQL, lets three hours of
the sample's Monday pass in a minute, and lets people type commands, press buttons, open forms and send them, so many a
second, whether the ones before were answered or not. It prints p50, p99 and the longest of each kind, and what got no
answer within Slack's three seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.clock import FixedCalendar
from bot.demo import user_id_of, workspace_of
from bot.log import configure_logging
from bot.opening import open_services
from bot.sandbox import Sandbox, SandboxClock
from bot.sandbox.interactions import Outcome
from bot.sandbox.person import Person
from bot.sandbox.views import View
from bot.settings import read_settings
from bot.slack.manifest import manifest
from bot.store import schema
from bot.store.database import database_url
from tests.benchmarks.series import Series
from tests.live_sample import environment, go_live
from tests.processes import Nursery
from tests.sample import sample_record
from tests.servers import Server

BEGIN = datetime.fromisoformat("2026-11-23T08:30:00-06:00")
RATE = 180.0  # seconds of the calendar in one of real time
COMMANDS = ("/action", "/priority", "/metric", "/decision", "/issue", "/meeting", "/funding", "/digest", "/checkin")
# Real seconds in which a form has to come, before it counts as none.
PATIENCE = 10.0


@dataclass
class Answers:
    """What Slack waited for, by kind."""

    series: dict[str, Series] = field(default_factory=dict)
    unanswered: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    posts: int = 0

    async def time(self, kind: str, act: Awaitable[Outcome]) -> Outcome:
        """Waits for an act's acknowledgement."""
        began = time.perf_counter()
        outcome = await act
        self.series.setdefault(kind, Series(kind)).values.append(time.perf_counter() - began)
        if not outcome.ok:
            self.unanswered[f"{kind}: {outcome.error}"] += 1
        return outcome

    @property
    def count(self) -> int:
        return sum(len(one.values) for one in self.series.values())

    def lines(self, name: str) -> list[str]:
        """The figures, for a person to read."""
        found = [f"{name}: {self.count} payloads beside {self.posts} posts, {sum(self.unanswered.values())} unanswered"]
        for one in sorted(self.series.values(), key=lambda one: one.name):
            found.append(f"{one.line()}   longest {max(one.values) * 1000:.0f} ms, {len(one.values)} of them")
        found += [f"  unanswered: {what} ({count})" for what, count in self.unanswered.items()]
        return found + [f"  refused: {what} ({count})" for what, count in self.refused.items()]


class Crowd:
    """The people of one run, and what they do. All chance is from `seed`."""

    def __init__(self, sandbox: Sandbox, members: list[str], seed: int) -> None:
        self.answers = Answers()
        self._people = [sandbox.person(user_id_of(member)) for member in members]
        self._chance = random.Random(seed)
        self._busy: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._acts: tuple[tuple[Callable[[Person], Awaitable[None]], int], ...] = (
            (self._lists, 5),
            (self._adds_by_line, 2),
            (self._adds_by_form, 2),
            (self._presses, 3),
        )

    async def act(self, each: float, seconds: float) -> None:
        """Acts `each` times a second for so many, and waits for what is under way."""
        began = time.monotonic()
        acts, weights = zip(*self._acts, strict=True)
        for number in range(int(each * seconds)):
            await asyncio.sleep(max(0.0, began + number / each - time.monotonic()))
            free = [one for one in self._people if one.id not in self._busy]
            if free:
                [act] = self._chance.choices(acts, weights)
                task = asyncio.create_task(self._done(self._chance.choice(free), act))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        await asyncio.gather(*self._tasks)

    async def _done(self, person: Person, act: Callable[[Person], Awaitable[None]]) -> None:
        # A person has two hands: one thing after the other.
        self._busy.add(person.id)
        try:
            if person.modal is not None:
                # A line in which something is in doubt opens a form.
                await person.close(is_cleared=True)
            await act(person)
        except TimeoutError:
            self.answers.unanswered["no form came"] += 1
        finally:
            self._busy.discard(person.id)

    async def _lists(self, person: Person) -> None:
        await self.answers.time("a command", person.command(self._chance.choice(COMMANDS)))

    async def _adds_by_line(self, person: Person) -> None:
        line = f"add Call the bank {self._chance.randrange(10**6)} by Dec 11 in supplier"
        await self.answers.time("a line that adds", person.command("/action", line))

    async def _adds_by_form(self, person: Person) -> None:
        await self.answers.time("a command for a form", person.command("/action", "add"))
        await person.until(lambda: person.modal is not None and _is_new_action(person.modal), PATIENCE)
        await person.fill({"What will be done?": f"Call the bank {self._chance.randrange(10**6)}"})
        began = time.perf_counter()
        problem = await person.submit()
        series = self.answers.series.setdefault("a form that is sent", Series("a form that is sent"))
        series.values.append(time.perf_counter() - began)
        if problem:
            self.answers.refused[str(problem)] += 1
        await person.close(is_cleared=True)

    async def _presses(self, person: Person) -> None:
        """A button of Home that opens something."""
        await person.open_home()
        await person.until(lambda: person.home() is not None, PATIENCE)
        home = person.home()
        assert home is not None
        beside = [(one["block_id"], one.get("accessory", {})) for one in home.blocks]
        buttons = [block_id for block_id, element in beside if element.get("type") == "button" and "url" not in element]
        if buttons:
            before = len(person.modals)
            await self.answers.time("a button", person.press(home, self._chance.choice(buttons)))
            with contextlib.suppress(TimeoutError):  # not every button opens something
                await person.until(lambda: len(person.modals) > before, timeout=2)
                await person.close(is_cleared=True)


def _is_new_action(form: View) -> bool:
    """Whether it is the form, and all there."""
    return form.body["title"]["text"] == "New action" and any(one["type"] == "input" for one in form.blocks)


async def run(url: str, folder: Path, *, each: float, seconds: float, seed: int) -> Answers:
    """One minute on one database. Raises AssertionError where the bot ends by itself."""
    record = sample_record()
    schema.migrate(database_url(url))
    clock_file = folder / "clock.json"
    clock = SandboxClock(BEGIN, running=False, clock_file=clock_file)
    settings = read_settings(_env_file=None, database_url=url)
    async with (
        await Sandbox.start(manifest(), workspace_of(record), clock=clock) as sandbox,
        open_services(settings, FixedCalendar(BEGIN)) as services,
    ):
        await go_live(services, sandbox, record, meetings=True)
        members = [one.id for one in record.members if one.access != "email_only"]
        own = [one for one in members if not sandbox.workspace.users[user_id_of(one)].is_connected]
        nursery = Nursery()
        # People of this crowd are quicker than people are.
        told = environment(sandbox, url, clock_file, BACKBEAT_PRESSES_PER_MINUTE="6000")
        bot = nursery.start("run", environment=told)
        try:
            assert (await bot.line(120)).startswith("Backbeat runs in ")
            await sandbox.connected(PATIENCE)
            crowd = Crowd(sandbox, own, seed)
            clock.live(RATE)
            await crowd.act(each, seconds)
            assert bot.returncode is None, "the bot ended by itself"
            crowd.answers.posts = len(sandbox.record.posts)
            return crowd.answers
        finally:
            bot.kill()
            nursery.close()


async def main(each: float, seconds: float, seed: int) -> None:
    """Both databases, one after the other."""
    with tempfile.TemporaryDirectory(prefix="bbcrowd") as name:
        folder = Path(name)
        answers = await run(f"sqlite:///{folder / 'crowd.db'}", folder, each=each, seconds=seconds, seed=seed)
        print("\n".join(answers.lines("SQLite")), flush=True)
        server = await asyncio.to_thread(Server, folder)
        try:
            answers = await run(server.make("crowd"), folder, each=each, seconds=seconds, seed=seed)
            print("\n".join(answers.lines("PostgreSQL")), flush=True)
        finally:
            server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.crowd", description=__doc__)
    parser.add_argument("--each", type=float, default=30.0, help="acts a second")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    configure_logging("CRITICAL")
    asyncio.run(main(asked.each, asked.seconds, asked.seed))
