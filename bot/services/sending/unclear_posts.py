"""Posts that may have arrived: looked for by their key, sent again, or held until a coordinator decides."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, Update, bindparam, func, or_, select, update

from bot.domain.outbox import Item, Kind, State, Transport, late_rule
from bot.errors import UserError
from bot.services.access import Actor, Service
from bot.services.alarms import refresh_alarms
from bot.services.sending.deliveries import Deliveries
from bot.services.sending.due import Moment, Scope, of_process
from bot.services.sending.leases import TRIES
from bot.services.sending.outcomes import after_sent, hold, record_sent, settle
from bot.store.audit import Author
from bot.store.database import elapsed_now, read_elapsed
from bot.store.outbox import DeliveryRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """A post that may have arrived: where to look for its key."""

    id: int
    coalition_id: int
    key: str
    channel_id: str | None
    thread_ts: str | None
    look_from: str
    looks: int  # that found nothing so far
    attempt: int
    operation: str
    by_mail: bool  # it can't be looked for


class UnclearPosts(Service):
    """Use cases around posts whose outcome nobody knows. They share leases, pauses and counts with `Deliveries`."""

    def __init__(self, deliveries: Deliveries) -> None:
        super().__init__(deliveries.database, deliveries.calendar)
        self._deliveries = deliveries

    async def expire_leases(self, *, mine: bool = False) -> int:
        """Ends leases that ran out: the delivery becomes unclear, or planned anew if its turn never came. Returns how
        many. `mine`: after a restart, leases under this process's name are dead at once."""
        ended = DeliveryRow.lease_until <= elapsed_now()
        if mine:
            ended = or_(ended, DeliveryRow.lease_owner == self._deliveries.owner)
        elif not await self.database.ask(_ANY_ENDED, {}):
            return 0
        async with self.database.write() as session:
            rows = (
                await session.scalars(
                    select(DeliveryRow)
                    .where(DeliveryRow.state == State.CLAIMED, ended)
                    .with_for_update(skip_locked=True)
                )
            ).all()
            for row in rows:
                row.lease_owner = row.lease_until = None
                if row.attempted_at is None:
                    # Its turn had not come, so that nothing can have arrived.
                    row.state, row.next_attempt_at = State.PLANNED, None
                    continue
                row.state = State.AMBIGUOUS
                row.reason = "the program ended while this was being sent"
                row.next_attempt_at = row.attempted_at + self._deliveries.timing.looks[0]
            return len(rows)

    async def due(self, limit: int = 20) -> tuple[Unclear, ...]:
        """Those whose next look is due, up to `limit` of each coalition: one has not to wait for another's."""
        moment = Moment(self.calendar.now(), self._deliveries.coalitions)
        about = {**moment.values(), "limit": limit}
        ids = [row.id for row in await self.database.ask(_whose_look_is_due(moment.scope), about)]
        if not ids:
            return ()
        async with self.database.read() as session:
            rows = await session.scalars(
                select(DeliveryRow).where(DeliveryRow.id.in_(ids)).order_by(DeliveryRow.next_attempt_at, DeliveryRow.id)
            )
            found = []
            for row in rows:
                parent = await session.get(DeliveryRow, row.parent_id) if row.parent_id is not None else None
                found.append(
                    Unclear(
                        id=row.id,
                        coalition_id=row.coalition_id,
                        key=row.key,
                        channel_id=row.channel_id,
                        thread_ts=parent.ts if parent is not None else None,
                        look_from=row.attempted_ts or "0",
                        looks=row.looks,
                        attempt=row.attempts,
                        operation=row.operation,
                        by_mail=row.transport == Transport.MAIL,
                    )
                )
            return tuple(found)

    async def found(self, delivery_id: int, channel_id: str, ts: str) -> None:
        """A look found the message: it had arrived."""
        now = self.calendar.now()
        async with self.database.write(Author(at=now, path="schedule")) as session:
            row = await session.get(DeliveryRow, delivery_id, with_for_update=True)
            if row is not None and row.state == State.AMBIGUOUS:
                await record_sent(session, row, channel_id, ts, row.version, now, is_new=False)
        self._deliveries.tries.forget(delivery_id)
        self._deliveries.on_change()

    async def not_found(self, one: Unclear) -> None:
        """A look found nothing: look again later, or after the last look send again.

        Of several processes that looked at the same time only the first one counts. What stays unclear again and again
        is held, since Slack seems to have trouble with this very message.
        """
        now, tries = self.calendar.now(), self._deliveries.tries
        async with self.database.write() as session:
            row = await session.get(DeliveryRow, one.id, with_for_update=True)
            if row is None or row.state != State.AMBIGUOUS or (row.attempts, row.looks) != (one.attempt, one.looks):
                return
            now_epoch = await read_elapsed(session)
            row.looks += 1
            if row.looks >= len(self._deliveries.timing.looks):
                tries.unclear[row.id] += 1
                times = tries.unclear[row.id]
                if times >= TRIES:
                    tries.forget(row.id)
                    await hold(session, row, f"Slack gave no clear answer {times} times", now)
                    return
                row.state = State.PLANNED
                row.next_attempt_at = now_epoch + tries.pause(times - 1) if times > 1 else None
                row.reason = None
            else:
                look_after = self._deliveries.timing.looks[row.looks]
                row.next_attempt_at = (row.attempted_at or now_epoch) + look_after
        self._deliveries.on_change()

    async def not_sent(self, delivery_id: int, attempt: int) -> None:
        """It certainly did not arrive, or doing it again does no harm: it is planned anew.

        Said of one attempt, as what follows: whoever looks may have heard of it so long ago that another process has
        tried again since.
        """
        async with self.database.write() as session:
            await session.execute(
                _unclear(delivery_id, attempt).values(state=State.PLANNED, next_attempt_at=None, reason=None)
            )
        self._deliveries.on_change()

    async def look_later(self, one: Unclear, seconds: float) -> None:
        """Slack could not be asked. The look doesn't count, and is due again after so many elapsed seconds.

        Where another process has looked meanwhile, the next look is another one, and waits until it is due.
        """
        async with self.database.write() as session:
            await session.execute(
                _unclear(one.id, one.attempt)
                .where(DeliveryRow.looks == one.looks)
                .values(next_attempt_at=elapsed_now() + seconds)
            )

    async def hold(self, delivery_id: int, attempt: int, reason: str) -> None:
        """Nobody can know whether it arrived: the coordinators decide, and are told so."""
        now = self.calendar.now()
        async with self.database.write() as session:
            row = await session.get(DeliveryRow, delivery_id, with_for_update=True)
            if row is None or row.state != State.AMBIGUOUS or row.attempts != attempt:
                return
            await hold(session, row, reason, now)
        self._deliveries.on_change()

    async def resolve_held(self, actor: Actor, delivery_id: int, *, arrived: bool) -> str:
        """A coordinator's word on a held message; returns what it is now. Raises UserError if it isn't held."""
        async with self.writing(actor, "unclearposts.resolve_held", also_ended=True) as tx:
            row = await tx.session.get(DeliveryRow, delivery_id, with_for_update=True)
            if row is None or row.coalition_id != actor.coalition_id:
                raise UserError("I can't find this message anymore.")
            if row.state != State.HELD:
                raise UserError("Somebody has already decided about this message.")
            row.resolved_by_id = actor.member_id
            if arrived:
                row.state = State.SENT
                row.sent_at = tx.now
                row.reason = "marked as arrived"
                await after_sent(tx.session, row, tx.now, is_new=False)
            elif row.expires_at is not None and row.expires_at <= tx.now:
                settle(row, State.MISSED, late_rule(Kind(row.kind), Item.ASK, tx.now, row.expires_at).reason)
            else:
                row.state = State.PLANNED
                row.reason = None
                row.looks = 0
            await refresh_alarms(tx, row=row)
        self._deliveries.on_change()
        return "arrived" if arrived else "again"


def _unclear(delivery_id: int, attempt: int) -> Update:
    """To change a delivery of which this attempt is unclear."""
    return update(DeliveryRow).where(
        DeliveryRow.id == delivery_id, DeliveryRow.attempts == attempt, DeliveryRow.state == State.AMBIGUOUS
    )


# Built once: each tick asks both.
_ANY_ENDED = (
    select(DeliveryRow.id).where(DeliveryRow.state == State.CLAIMED, DeliveryRow.lease_until <= elapsed_now()).limit(1)
)


@cache
def _whose_look_is_due(scope: Scope) -> Select[int]:
    in_turn = func.row_number().over(
        partition_by=DeliveryRow.coalition_id, order_by=(DeliveryRow.next_attempt_at, DeliveryRow.id)
    )
    due = (
        select(DeliveryRow.id, in_turn.label("turn"))
        .where(
            *of_process(scope),
            DeliveryRow.state == State.AMBIGUOUS,
            or_(DeliveryRow.next_attempt_at.is_(None), DeliveryRow.next_attempt_at <= elapsed_now()),
        )
        .subquery()
    )
    return select(due.c.id).where(due.c.turn <= bindparam("limit"))
