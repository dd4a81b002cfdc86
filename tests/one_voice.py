"""How many messages reach each of the sample's people in its first two weeks, with nobody answering, as a table.

`python -m tests.one_voice` prints it. A cell names what came: capital letters are messages of the one that a day has
room for, small ones those that are never held back by it. What the caps say is checked by `test_one_voice`.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.domain.outbox import Item, Kind, State
from bot.domain.sending import may_be_held_back
from bot.log import configure_logging
from bot.services import Services
from bot.store import schema
from bot.store.database import Database, database_url
from bot.store.outbox import DeliveryItemRow, DeliveryRow
from bot.store.people import MemberRow
from tests.sample import sample_record
from tests.services.stage import Stage

MONDAY = datetime.fromisoformat("2026-11-23T07:00:00-06:00")
WEEKS = 2
LETTERS = {Kind.PROMPTS: "m", Kind.BRIEF: "b", Kind.DIGEST_COPY: "d", Kind.OWNER_PREVIEW: "p", Kind.LETTER: "l"}


@dataclass(frozen=True, slots=True)
class Message:
    """A direct message that nobody asked for. `is_spared`: the limits never hold it back."""

    member: str
    at: datetime  # on the receiver's clock
    kind: Kind
    items: tuple[str, ...]
    is_spared: bool


async def live(stage: Stage, until: datetime) -> None:
    """Goes from due moment to due moment, and does at each what is due."""
    await stage.settle()
    while (due := await stage.services.rhythm.next_due(stage.calendar.now(), until)) is not None:
        stage.calendar.set(due)
        await stage.settle()


async def messages(stage: Stage) -> list[Message]:
    """What has reached people so far, in the order in which it came."""
    record = await stage.record()
    zones = {member.id: ZoneInfo(member.timezone or record.coalition.timezone) for member in record.members}
    async with stage.services.database.read() as session:
        keys = {row.id: row.key for row in await session.scalars(select(MemberRow))}
        items: dict[int, list[DeliveryItemRow]] = defaultdict(list)
        for item in await session.scalars(select(DeliveryItemRow).where(DeliveryItemRow.left_out.is_(None))):
            items[item.delivery_id].append(item)
        rows = await session.scalars(
            select(DeliveryRow)
            .where(
                DeliveryRow.coalition_id == stage.coalition_id,
                DeliveryRow.operation == "post",
                DeliveryRow.parent_id.is_(None),
                DeliveryRow.state == State.SENT,
                DeliveryRow.member_id.is_not(None),
            )
            .order_by(DeliveryRow.sent_at, DeliveryRow.id)
        )
        found = []
        for row in rows:
            key = keys[row.member_id or 0]
            held = [(Item(item.kind), item.urgent) for item in items[row.id]]
            spared = row.kind == Kind.OWNER_PREVIEW or (row.kind == Kind.PROMPTS and not may_be_held_back(held))
            at = (row.sent_at or row.due_at).astimezone(zones[key])
            found.append(
                Message(key, at, Kind(row.kind), tuple(f"{one.kind} {one.about}" for one in items[row.id]), spared)
            )
    return found


def as_table(found: Sequence[Message], people: Sequence[str], start: date) -> str:
    """The messages of each person by day and week."""
    days = [start + timedelta(days=n) for n in range(7 * WEEKS)]
    cells: Mapping[tuple[str, date], list[str]] = defaultdict(list)
    for one in found:
        letter = LETTERS.get(one.kind, "?")
        cells[one.member, one.at.date()].append(letter if one.is_spared else letter.upper())
    lines = ["  ".join(["person".ljust(10), *(f"{day:%a %d}" for day in days), "week 1", "week 2"])]
    for person in people:
        counts = [sum(len(cells[person, day]) for day in days[7 * n : 7 * n + 7]) for n in range(WEEKS)]
        row = [person.ljust(10), *("".join(cells[person, day]).ljust(6) for day in days)]
        lines.append("  ".join([*row, *(str(count).ljust(6) for count in counts)]).rstrip())
    lines += [
        "",
        "M message with actions, meetings, decisions · m one with a check-in, its reminder or a stand-in's request ·",
        "b brief · p owner's preview · d digest copy. Capitals count for one a day and four a week; small letters",
        "are never held back.",
    ]
    return "\n".join(lines)


async def _print() -> None:
    record = sample_record()
    with tempfile.TemporaryDirectory(prefix="backbeat-voice-") as folder:
        url = database_url(f"sqlite:///{Path(folder) / 'voice.db'}")
        schema.migrate(url)
        database = Database(url)
        try:
            calendar = FixedCalendar(MONDAY)
            stage = await Stage.with_record(Services(database, calendar, SystemElapsedTime()), calendar, record)
            await stage.link()
            await stage.join_channels()
            await stage.go_live(meetings=True)
            await live(stage, MONDAY + timedelta(weeks=WEEKS))
            people = [member.id for member in record.members if member.access != "email_only"]
            print(as_table(await messages(stage), people, MONDAY.date()))
        finally:
            await database.close()


if __name__ == "__main__":
    configure_logging("ERROR")
    asyncio.run(_print())
