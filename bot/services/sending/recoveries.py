"""After a database was brought back from a copy: what may have been sent since is looked for before anything goes out.

Which messages are in doubt follows from when they were planned and due (`store.outbox.in_doubt`), so that also what is
planned later for the time that is missing is looked for first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import structlog
from sqlalchemy import ColumnElement, Select, bindparam, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.outbox import BUNDLE_SPAN, Item, Kind, State, delivery_key
from bot.domain.sending import Recovery, may_join
from bot.services.access import Service, Transaction
from bot.services.alarms import recovery_of, tell_of_recovery
from bot.services.briefs import compose_brief
from bot.services.digests import compose_once
from bot.services.outbox import receivers_of
from bot.services.sending.deliveries import Deliveries
from bot.services.sending.destinations import Destination, Reads, destination_of
from bot.services.sending.gathering import take_along
from bot.services.sending.outcomes import hold, record_sent
from bot.store.audit import Author
from bot.store.outbox import A_DAY, DeliveryItemRow, DeliveryRow, RecoveryRow, in_doubt

log = structlog.get_logger(__name__)

# A look begins so much before the copy's moment: clocks differ, and what was under way then may have arrived.
MARGIN = timedelta(minutes=10)
# Ended, but not so that a message can follow it.
_OVER = frozenset({State.FAILED, State.MISSED, State.DROPPED})
_MAY_HAVE_GONE = frozenset({State.PLANNED, State.HELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A message that may have been sent: its key, and where that has to be looked for, since Slack's `oldest`.

    `channel_id` is None where the conversation with this person has to be opened first.
    """

    id: int
    coalition_id: int
    key: str
    team_id: str | None
    user_id: str | None
    channel_id: str | None
    address: str | None  # to which it goes by mail
    thread_ts: str | None
    oldest: str


class Recoveries(Service):
    """Use cases around databases that were brought back. They share leases and scope with `Deliveries`."""

    def __init__(self, deliveries: Deliveries) -> None:
        super().__init__(deliveries.database, deliveries.calendar)
        self._deliveries = deliveries

    def _of_process(self) -> ColumnElement[bool]:
        """Those of the coalitions whose workspaces this process speaks to, or of all."""
        of = self._deliveries.coalitions
        return true() if of is None else RecoveryRow.coalition_id.in_(sorted(of))

    async def _is_any(self, *, is_open: bool = False) -> bool:
        """Whether there is one of these coalitions at all: hardly any database was ever brought back, and a bot asks
        every few seconds."""
        of = self._deliveries.coalitions
        about = {} if of is None else {"of": sorted(of)}
        return bool(await self.database.ask(_any(of is not None, is_open), about))

    async def doubts(self) -> tuple[Doubt, ...]:
        """Every message in doubt of which is known where to look; nothing where no database was ever brought back."""
        if not await self._is_any():
            return ()
        now = self.calendar.now()
        async with self.database.read() as session:
            since = {
                one.coalition_id: one.since
                for one in await session.execute(
                    select(RecoveryRow.coalition_id, func.min(RecoveryRow.since).label("since"))
                    .where(self._of_process())
                    .group_by(RecoveryRow.coalition_id)
                )
            }
            rows = (await session.scalars(_doubtful(since))).all()
            reads = Reads(rows, ())
            found = []
            for row in rows:
                parent = await session.get(DeliveryRow, row.parent_id) if row.parent_id is not None else None
                if parent is not None and parent.ts is None:
                    if parent.state not in _OVER and parent.state != State.SENT:
                        continue  # it has its turn once it is known where its message is
                    place: Destination | str = Destination()
                else:
                    place = await destination_of(Transaction(session, row.coalition_id, now), row, parent, reads)
                if isinstance(place, str) or place.notes_in:
                    continue  # nobody can look there now, and nothing can go there either
                found.append(
                    Doubt(
                        id=row.id,
                        coalition_id=row.coalition_id,
                        key=row.key,
                        team_id=place.team_id,
                        user_id=place.user_id,
                        channel_id=place.channel_id,
                        address=place.address,
                        thread_ts=parent.ts if parent is not None else None,
                        oldest=f"{(since[row.coalition_id] - MARGIN).timestamp():.6f}",
                    )
                )
            return tuple(found)

    async def looked(self, doubts: Collection[Doubt], channel_id: str, arrived: Mapping[str, str]) -> int:
        """A conversation was looked through. `arrived` has Slack's ts by key: what is in it was sent, the rest was not
        and goes by the usual rules. Returns how many had been sent."""
        now = self.calendar.now()
        async with self.database.write(Author(at=now, path="schedule")) as session:
            rows = await self._locked(session, doubts)
            found = {row: ts for row in rows if (ts := _ts_of(row, arrived)) is not None}
            others = [row for row in rows if row not in found]
            for row, ts in sorted(found.items(), key=lambda one: one[1]):
                moment = min(now, datetime.fromtimestamp(float(ts), UTC))
                await _note_arrival(session, row, channel_id, ts, moment, others)
            newest = await _newest(session, {row.coalition_id for row in rows})
            for row in rows:
                row.looked_for = newest[row.coalition_id].id
                newest[row.coalition_id].found += row in found
        self._deliveries.on_change()
        return len(found)

    async def cleared(self, doubts: Collection[Doubt]) -> None:
        """These can't have been sent: what they belong to wasn't, or it isn't known where that is."""
        await self._note(doubts, None)

    async def hold(self, doubts: Collection[Doubt], reason: str) -> None:
        """Nobody can look there: the coordinators decide about what was due, and are told so."""
        await self._note(doubts, reason)

    async def _note(self, doubts: Collection[Doubt], reason: str | None) -> None:
        now = self.calendar.now()
        async with self.database.write(Author(at=now, path="schedule")) as session:
            rows = await self._locked(session, doubts)
            newest = await _newest(session, {row.coalition_id for row in rows})
            for row in rows:
                recovery = newest[row.coalition_id]
                row.looked_for = recovery.id
                is_due = row.state == State.PLANNED and row.due_at <= recovery.noticed_at
                # An alarm that comes twice does less harm than one that nobody gets.
                if reason is not None and is_due and row.kind != Kind.HELD_NOTICE:
                    why = f"it may have gone out before this database was brought back, and {reason}"
                    await hold(session, row, why, now)
                    recovery.held += 1
        self._deliveries.on_change()

    async def _locked(self, session: AsyncSession, doubts: Collection[Doubt]) -> Sequence[DeliveryRow]:
        found = await session.scalars(
            select(DeliveryRow)
            .where(DeliveryRow.id.in_([one.id for one in doubts]), DeliveryRow.state.in_(_MAY_HAVE_GONE))
            .order_by(DeliveryRow.due_at, DeliveryRow.id)
            .with_for_update()
        )
        return found.all()

    async def end(self) -> tuple[Recovery, ...]:
        """Everything was looked for that could be: coordinators hear what came of it. Returns what ended."""
        if not await self._is_any(is_open=True):
            return ()
        now, ended = self.calendar.now(), []
        async with self.database.write(Author(at=now, path="schedule")) as session:
            rows = await session.scalars(
                select(RecoveryRow)
                .where(RecoveryRow.ended_at.is_(None), self._of_process())
                .order_by(RecoveryRow.id)
                .with_for_update()
            )
            for row in rows.all():
                row.ended_at = now
                ended.append(recovery_of(row))
                if ended[-1].is_news:
                    await tell_of_recovery(Transaction(session, row.coalition_id, now), row.id)
        for one in ended:
            log.warning(
                "looked_for_what_was_sent", why=one.why, since=one.since.isoformat(), found=one.found, held=one.held
            )
        self._deliveries.on_change()
        return tuple(ended)


@cache
def _any(of_some: bool, is_open: bool) -> Select[int]:
    found = select(RecoveryRow.id).limit(1)
    if of_some:
        found = found.where(RecoveryRow.coalition_id.in_(bindparam("of", expanding=True)))
    return found.where(RecoveryRow.ended_at.is_(None)) if is_open else found


def _ts_of(row: DeliveryRow, arrived: Mapping[str, str]) -> str | None:
    """Under which of Slack's ts a message is there. Earlier versions gave a message that they changed another key."""
    return arrived.get(row.key) or arrived.get(delivery_key(row.key, "update"))


def _doubtful(coalitions: Collection[int]) -> Select[DeliveryRow]:
    return (
        select(DeliveryRow)
        .where(
            DeliveryRow.coalition_id.in_(coalitions),
            DeliveryRow.state.in_(_MAY_HAVE_GONE),
            DeliveryRow.operation == "post",
            in_doubt(),
        )
        .order_by(DeliveryRow.due_at, DeliveryRow.id)
    )


async def _newest(session: AsyncSession, coalitions: Collection[int]) -> Mapping[int, RecoveryRow]:
    rows = await session.scalars(
        select(RecoveryRow).where(RecoveryRow.coalition_id.in_(coalitions)).order_by(RecoveryRow.id)
    )
    return {row.coalition_id: row for row in rows}


async def _note_arrival(
    session: AsyncSession,
    row: DeliveryRow,
    channel_id: str,
    ts: str,
    moment: datetime,
    others: Sequence[DeliveryRow],
) -> None:
    """A message had been sent at this moment, with what went in it then; what follows from that follows now."""
    if row.digest_id is not None and row.kind != Kind.REPLY:
        # What it said is composed anew, of what is known: its thread, its history and the next digest need it.
        await compose_once(Transaction(session, row.coalition_id, moment), row)
    elif row.kind == Kind.BRIEF and not row.subject:
        await compose_brief(Transaction(session, row.coalition_id, moment), row)
    elif row.kind == Kind.PROMPTS:
        await take_along(session, row, await _gone_along(session, row, moment, others))
    await record_sent(session, row, channel_id, ts, row.version, moment, is_new=False)


async def _gone_along(
    session: AsyncSession, row: DeliveryRow, moment: datetime, others: Sequence[DeliveryRow]
) -> list[DeliveryRow]:
    """Messages to the same person that became one with this one when it was claimed, as `gather` makes it: what was due
    by then, what was held back, and what was planned for later that day and as good then."""
    mine = [
        one
        for one in others
        if one.member_id == row.member_id and one.kind == Kind.PROMPTS and one.state == State.PLANNED
    ]
    if not mine:
        return []
    items = (
        await session.scalars(select(DeliveryItemRow).where(DeliveryItemRow.delivery_id.in_([one.id for one in mine])))
    ).all()
    [receiver] = (await receivers_of(session, [row.member_id or 0])).values()

    def went(one: DeliveryRow) -> bool:
        if one.due_at <= moment or (one.held_back and one.planned_at <= moment):
            return True
        held = [Item(item.kind) for item in items if item.delivery_id == one.id]
        is_near = one.due_at < moment + A_DAY and one.planned_at <= max(moment, row.due_at - BUNDLE_SPAN)
        return is_near and all(may_join(item, one.due_at, moment, receiver.zone) for item in held)

    return [one for one in mine if went(one)]
