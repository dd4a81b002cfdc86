"""One busy hour in real time: the bot as a process of its own, with its default ticks, beside the sandbox; what arrives
is held against what *See week one* promised.

`python -m tests.busy_hour` takes the hour from 8:15 to 9:15 of the sample's Monday as it is; `--rate 20` lets both the
calendar and the ticks run twenty times as fast, so that they keep their proportion. The suite runs the minutes around
half past eight and nine.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bot.clock import FixedCalendar
from bot.demo import user_id_of, workspace_of
from bot.domain.outbox import Item, Kind
from bot.domain.record import Record
from bot.domain.rhythm import to_utc
from bot.domain.week import OF_ITEMS, OF_KINDS, What
from bot.log import configure_logging
from bot.opening import open_services
from bot.sandbox import Sandbox, SandboxClock
from bot.services import Services
from bot.services.access import Actor
from bot.settings import Settings, read_settings
from bot.slack.manifest import manifest
from bot.store.outbox import DeliveryItemRow, DeliveryRow
from tests.live_sample import bring_in, environment, link_everybody
from tests.processes import Child, Nursery
from tests.sample import sample_record

BEGIN = datetime.fromisoformat("2026-11-23T08:15:00-06:00")
HOUR = timedelta(hours=1)
# What a settings file would have to name to run as fast as the calendar.
TICKS = ("tick_plan", "tick_dispatch", "tick_reconcile", "post_spacing_seconds")
STARTS_WITHIN = 120.0  # seconds

# So late something may arrive and count as on time: a tick, and a busy machine, in elapsed seconds.
LATE_BY = 5.0


@dataclass(frozen=True, slots=True)
class Line:
    """A message: to whom, when, and what is in it."""

    to: str
    at: datetime
    whats: tuple[str, ...]

    def words(self) -> str:
        return f"{self.at.astimezone(BEGIN.tzinfo):%H:%M:%S}  {self.to.ljust(18)} {' + '.join(self.whats)}"


@dataclass
class Outcome:
    """What was promised, and what has arrived. `slack` is how late something may be on the calendar."""

    slack: timedelta
    promised: list[Line] = field(default_factory=list)
    arrived: list[Line] = field(default_factory=list)

    def matched(self) -> tuple[list[tuple[Line, Line]], list[Line], list[Line]]:
        """Promises with what came of them; promises of which nothing came; and what came without a promise."""
        pairs, left, absent = [], list(self.arrived), []
        for one in self.promised:
            came = next(
                (
                    other
                    for other in left
                    if (other.to, other.whats) == (one.to, one.whats)
                    and timedelta(0) <= other.at - one.at <= self.slack
                ),
                None,
            )
            if came is None:
                absent.append(one)
            else:
                left.remove(came)
                pairs.append((one, came))
        return pairs, absent, left

    @property
    def is_kept(self) -> bool:
        _pairs, absent, left = self.matched()
        return not absent and not left

    def lines(self) -> list[str]:
        """Both side by side, for a person to read."""
        pairs, absent, left = self.matched()
        found = [f"{one.words().ljust(60)} arrived {came.at.astimezone(BEGIN.tzinfo):%H:%M:%S}" for one, came in pairs]
        found += [f"{one.words().ljust(60)} DID NOT ARRIVE" for one in absent]
        found += [f"{one.words().ljust(60)} WAS NOT PROMISED" for one in left]
        found.append(f"{len(self.promised)} messages promised, {len(self.arrived)} arrived.")
        return found


def _whats(items: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({str(OF_ITEMS.get(Item(item), What.NEWS)) for item in items}))


class BusyHour:
    """One run: a sandbox in this process, the bot in another, one database between them."""

    def __init__(
        self, folder: Path, nursery: Nursery, rate: float, stretches: Sequence[tuple[datetime, datetime]]
    ) -> None:
        self._folder = folder
        self._nursery = nursery
        self._rate = rate
        self._stretches = stretches
        self._outcome = Outcome(slack=timedelta(seconds=LATE_BY * rate))

    async def run(self) -> Outcome:
        """Lives through the stretches, one after the other; between them everything sleeps."""
        record = sample_record()
        database, clock_file = self._folder / "busy.db", self._folder / "clock.json"
        clock = SandboxClock(self._stretches[0][0], running=False, clock_file=clock_file)
        settings = read_settings(_env_file=None, database_url=f"sqlite:///{database}")
        calendar = FixedCalendar(self._stretches[0][0])
        async with (
            await Sandbox.start(manifest(), workspace_of(record), clock=clock) as sandbox,
            open_services(settings, calendar) as services,
        ):
            actor = await bring_in(services, record)
            await link_everybody(services, sandbox, record, actor)
            await self._promise(services, record, actor)
            told = environment(sandbox, settings.database_url, clock_file, **self._ticks())
            bot = self._nursery.start("run", environment=told)
            try:
                await self._until_connected(sandbox, bot)
                for begin, end in self._stretches:
                    clock.hold()
                    clock.sleep(begin)
                    clock.live(self._rate)
                    while clock.now() < end:
                        assert bot.returncode is None, "the bot ended by itself"
                        await asyncio.sleep(0.1)
            finally:
                bot.kill()
            await self._count(services, sandbox, record)
        return self._outcome

    async def _promise(self, services: Services, record: Record, actor: Actor) -> None:
        """What week one lists for the stretches, read before anything is started."""
        preview = await services.week.preview(actor)
        await services.coalitions.go_live(actor)
        zones = {member.name: member.timezone or record.coalition.timezone for member in record.members}
        for entry in preview.entries:
            if entry.what in {What.CLOSE, What.MEETING}:
                continue
            for to in (*entry.people, *(f"#{name}" for name in entry.channels)):
                whats = {str(entry.what), *(str(one.what) for one in entry.along if to in one.people)}
                at = to_utc(entry.local, zones.get(to, record.coalition.timezone))
                if any(begin <= at < end for begin, end in self._stretches):
                    self._outcome.promised.append(Line(to, at, tuple(sorted(whats))))

    def _ticks(self) -> dict[str, str]:
        """The bot's defaults, all of them divided by the rate where they are ticks."""
        usual = {name: Settings.model_fields[name].default for name in TICKS}
        quick = {f"BACKBEAT_{name.upper()}": f"{seconds / self._rate:g}" for name, seconds in usual.items()}
        return quick if self._rate != 1 else {}

    async def _until_connected(self, sandbox: Sandbox, bot: Child) -> None:
        """The calendar stands still until the bot is there."""
        for _ in range(int(STARTS_WITHIN * 20)):
            assert bot.returncode is None, "the bot ended by itself"
            if any(entry["name"] == "apps.connections.open" for entry in sandbox.wire.after()):
                return
            await asyncio.sleep(0.05)
        raise AssertionError("the bot did not connect")

    async def _count(self, services: Services, sandbox: Sandbox, record: Record) -> None:
        """What Slack has: each message by its key, and what it speaks of."""
        people = {user_id_of(member.id): member.name for member in record.members}
        async with services.database.read() as session:
            rows = {row.key: row for row in await session.scalars(select(DeliveryRow))}
            items: dict[int, list[str]] = {}
            for item in await session.scalars(select(DeliveryItemRow).where(DeliveryItemRow.left_out.is_(None))):
                items.setdefault(item.delivery_id, []).append(item.kind)
        for post in sandbox.record.posts:
            row = rows[((post.metadata or {}).get("event_payload") or {})["key"]]
            channel = sandbox.workspace.channels[post.channel]
            others = [user for user in channel.members if user in people]
            to = people[others[0]] if row.member_id is not None else f"#{channel.name}"
            whats = _whats(items[row.id]) if row.kind == "prompts" else (str(OF_KINDS.get(Kind(row.kind), What.POST)),)
            self._outcome.arrived.append(Line(to, datetime.fromtimestamp(float(post.ts), UTC), whats))


async def run_hour(
    folder: Path, nursery: Nursery, *, rate: float = 1.0, stretches: Sequence[tuple[datetime, datetime]] = ()
) -> Outcome:
    """From a quarter past eight for an hour, or the stretches of it that are named."""
    return await BusyHour(folder, nursery, rate, stretches or [(BEGIN, BEGIN + HOUR)]).run()


def main() -> None:
    """The long form, by command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=1.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="backbeat-busy-") as folder, closing(Nursery()) as nursery:
        outcome = asyncio.run(run_hour(Path(folder), nursery, rate=arguments.rate))
    print("\n".join(outcome.lines()))
    sys.exit(0 if outcome.is_kept else 1)


if __name__ == "__main__":
    configure_logging("ERROR")
    main()
