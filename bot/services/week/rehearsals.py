"""What would be sent in a span of time if nobody did anything, found by sending it: the planner and the claims that
send for real run on a copy of the coalition, under a calendar of their own, with a Slack that takes everything.

So nothing that is planned can be missing from a preview. Everybody counts as reachable here, and the bot as a guest of
every channel: whom nothing reaches yet is said beside it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from bot.clock import FixedCalendar
from bot.domain.outbox import Kind, State
from bot.domain.record import Record
from bot.services.rhythm import Rhythm
from bot.services.sending import Claimed, Contents, Deliveries
from bot.store.checkins import RoundRow, RoundSubjectRow
from bot.store.copies import Rows, opened_copy
from bot.store.database import Database
from bot.store.outbox import DeliveryItemRow, DeliveryRow
from bot.store.record import read_record

_TEAM = "T"
_MOST = 500
# More moments than any week holds, so that a mistake ends.
_MOST_MOMENTS = 2000


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of it. `deliveries` are messages of their own, sent or settled, in the order in which they were due;
    `resting` is what was due too and is held back beyond the end."""

    record: Record
    deliveries: tuple[tuple[DeliveryRow, tuple[DeliveryItemRow, ...]], ...]
    resting: tuple[tuple[DeliveryRow, tuple[DeliveryItemRow, ...]], ...]
    subjects: dict[int, RoundSubjectRow]
    rounds: dict[int, RoundRow]
    keys: dict[str, dict[int, str]]  # ids of members, priorities and cadences by their rows


async def rehearse(rows: Rows, begin: datetime, until: datetime, *, has_mail: bool = False) -> Rehearsal:
    """Lives from `begin` to `until` as if these rows were live, off the loop: it takes a second or more. `has_mail`:
    this program sends mail, so whoever reads by e-mail only gets it."""
    return await asyncio.to_thread(asyncio.run, _live(rows, begin, until, has_mail))


async def _live(rows: Rows, begin: datetime, until: datetime, has_mail: bool) -> Rehearsal:
    _let_everybody_be_reached(rows, begin)
    async with opened_copy(rows, has_mail=has_mail) as database:
        calendar = FixedCalendar(begin)
        stage = _Stage(database, calendar)
        await stage.settle()
        for _ in range(_MOST_MOMENTS):
            due = await stage.rhythm.next_due(calendar.now(), until)
            if due is None:
                break
            calendar.set(due)
            await stage.settle()
        return await _found(database, rows, begin, until)


class _Leaping:
    """Elapsed time in which whatever rests a while has rested by the next moment."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def epoch(self) -> float:
        return self.seconds


class _Stage:
    """The services that send, on the copy."""

    def __init__(self, database: Database, calendar: FixedCalendar) -> None:
        self._database = database
        self._elapsed = _Leaping()
        self.rhythm = Rhythm(database, calendar)
        self._deliveries = Deliveries(database, calendar, self._elapsed, owner="rehearsal")
        self._contents = Contents(database, calendar)

    async def settle(self) -> None:
        """Plans, closes and sends what is due at this moment."""
        self._elapsed.seconds += 1000
        await self.rhythm.plan()
        await self.rhythm.close()
        await self._show_anew()
        while claimed := await self._deliveries.claim(_MOST, mails=_MOST):
            for one in claimed:
                await self._send(one)

    async def _show_anew(self) -> None:
        """What changes in its place is no message: it is shown at once."""
        async with self._database.write() as session:
            await session.execute(
                update(DeliveryRow)
                .where(DeliveryRow.operation == "update", DeliveryRow.state == State.PLANNED)
                .values(state=State.SENT)
            )

    async def _send(self, one: Claimed) -> None:
        # Of a meeting that was taken away nothing is left to say; whatever else is claimed has something.
        is_agenda = one.kind in {Kind.AGENDA, Kind.PACK} and one.operation == "post"
        if is_agenda and await self._contents.content(one.id) is None:
            await self._deliveries.dropped(one.id, one.attempt, "nothing left to say")
            return
        channel = one.channel_id or f"D{one.user_id}"
        await self._deliveries.sent(one.id, one.attempt, channel, one.ts or f"{one.id}.000100", one.version)


def _let_everybody_be_reached(rows: Rows, begin: datetime) -> None:
    for coalition in rows["coalitions"]:
        if coalition["state"] == "draft":
            coalition["live_at"] = begin
        if coalition["state"] != "ended":
            coalition["state"] = "live"
        coalition_id = coalition["id"]
    accounts = rows["slack_accounts"]
    linked = {account["member_id"] for account in accounts}
    for member in rows["members"]:
        # That somebody was written to for the first time is kept like any change, and each change is planned anew.
        member["first_contact_at"] = member["first_contact_at"] or begin
    for account in accounts:
        account["deactivated"], account["dm_refusal"] = False, None
    for member in rows["members"]:
        if member["id"] not in linked:
            number = max((account["id"] for account in accounts), default=0) + 1
            accounts.append(
                {
                    "id": number,
                    "coalition_id": coalition_id,
                    "team_id": _TEAM,
                    "user_id": f"U{number}",
                    "member_id": member["id"],
                    "timezone": None,
                    "dm_channel_id": None,
                    "deactivated": False,
                    "dm_refusal": None,
                    "dm_refused_at": None,
                    "noted_at": None,
                    "linked_by": None,
                    "linked_at": None,
                }
            )
    names = {row["channel"] for row in (*rows["groups"], *rows["priorities"]) if row["channel"]}
    names |= {name for row in rows["cadences"] for name in row["channels"] or ()}
    channels = {row["name"]: row for row in rows["slack_channels"]}
    for number, name in enumerate(sorted(names | set(channels)), 1):
        channels[name] = {
            "id": number,
            "coalition_id": coalition_id,
            "name": name,
            "channel_id": f"C{number}",
            "is_member": True,
            "is_private": True,
            "is_external": False,
            "checked_at": None,
        }
    rows["slack_channels"] = list(channels.values())


async def _found(database: Database, rows: Rows, begin: datetime, until: datetime) -> Rehearsal:
    [coalition] = rows["coalitions"]
    async with database.read(coalition["id"]) as session:
        record = await read_record(session, coalition["id"])
        posts = await session.scalars(
            select(DeliveryRow)
            .where(
                DeliveryRow.operation == "post",
                DeliveryRow.parent_id.is_(None),
                DeliveryRow.state.in_([State.SENT, State.MISSED, State.DROPPED]),
            )
            .order_by(DeliveryRow.due_at, DeliveryRow.id)
        )
        before = {row["id"]: row["state"] for row in rows["deliveries"]}
        kept = [
            row
            for row in posts
            # What had come to its end before is no part of it.
            if before.get(row.id, State.PLANNED) == State.PLANNED and begin <= (row.sent_at or row.due_at) <= until
        ]
        held_back = await session.scalars(
            select(DeliveryRow).where(
                DeliveryRow.operation == "post", DeliveryRow.state == State.PLANNED, DeliveryRow.held_back.is_(True)
            )
        )
        resting = [row for row in held_back if row.due_at > until]
        items: dict[int, list[DeliveryItemRow]] = {row.id: [] for row in (*kept, *resting)}
        for item in await session.scalars(select(DeliveryItemRow).order_by(DeliveryItemRow.position)):
            if item.delivery_id in items:
                items[item.delivery_id].append(item)
        return Rehearsal(
            record=record,
            deliveries=tuple((row, tuple(items[row.id])) for row in kept),
            resting=tuple(
                (row, tuple(one for one in items[row.id] if one.due_at is not None and one.due_at <= until))
                for row in resting
            ),
            subjects={row.id: row for row in await session.scalars(select(RoundSubjectRow))},
            rounds={row.id: row for row in await session.scalars(select(RoundRow))},
            keys={
                table: {row["id"]: row["key"] for row in rows[table]} for table in ("members", "priorities", "cadences")
            },
        )
