"""Leave to post: whether a claim still holds when a delivery has its turn, and renewing its lease with the asking."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, Float, Integer, String, Update, and_, bindparam, case, or_, select, update

from bot.clock import ElapsedTime
from bot.domain.outbox import State
from bot.services.sending.leases import Timing
from bot.services.sending.together import Together
from bot.store.coalition import CoalitionRow
from bot.store.database import Database, Each, Value, elapsed_now
from bot.store.outbox import DeliveryRow

# Elapsed seconds for which a delivery may be sent that was claimed, or asked for ahead: in them a pause is not seen.
AHEAD = 0.1
MOST_AHEAD = 1000


class Turns:
    """The leave to post of what one process has claimed; it is named `owner` in leases."""

    def __init__(self, database: Database, elapsed: ElapsedTime, owner: str, timing: Timing) -> None:
        self._database = database
        self.elapsed = elapsed
        self._owner = owner
        self._timing = timing
        self._renewing = Together(self._renew, most=64)
        # By delivery and attempt: what was asked for those that have their turn soon.
        self._ahead: dict[tuple[int, int], asyncio.Future[float | None]] = {}

    async def may_post(
        self,
        delivery_id: int,
        attempt: int,
        *,
        claimed_at: float | None,
        ahead: Iterable[tuple[int, int]],
        along: Collection[int],
    ) -> bool:
        """As `Deliveries.may_post` says."""
        if self._still_holds(claimed_at):
            return True
        if along:
            values = {"of": delivery_id, "attempt": attempt, "owner": self._owner, "lease": self._timing.lease}
            mine = await self._database.change(_RENEWING_ALONG, values | {"along": [*along]})
            return any(one.id == delivery_id for one in mine)
        known = self._ahead.pop((delivery_id, attempt), None)
        if known is not None and self._still_holds(await known):
            return True
        answer = self._renewing.put((delivery_id, attempt))
        self._ask_ahead(ahead)
        return await answer is not None

    def _answers(self, asked: asyncio.Future[float | None]) -> bool:
        return not asked.cancelled() and asked.exception() is None and self._still_holds(asked.result())

    def _still_holds(self, renewed_at: float | None) -> bool:
        return renewed_at is not None and 0 <= self.elapsed.epoch() - renewed_at < AHEAD

    def _ask_ahead(self, ahead: Iterable[tuple[int, int]]) -> None:
        if len(self._ahead) >= MOST_AHEAD:
            # Of those that never had their turn, as when Slack asked to wait before it.
            self._ahead.clear()
        for one in ahead:
            known = self._ahead.get(one)
            if known is None or (known.done() and not self._answers(known)):
                self._ahead[one] = answer = self._renewing.put(one)
                # Where it can't be asked, whoever has a turn hears of it, and of one that has none nobody needs to.
                answer.add_done_callback(lambda done: done.cancelled() or done.exception())

    async def _renew(self, asked: Sequence[tuple[int, int]]) -> Sequence[float | None]:
        """When the lease of each was renewed, if it may be sent; else None."""
        now, mine = self.elapsed.epoch(), {"owner": self._owner, "lease": self._timing.lease}
        values = [{"of": delivery_id, "attempt": attempt} | mine for delivery_id, attempt in asked]
        return [now if is_mine else None for is_mine in await self._database.change_each(_RENEWING, values)]


# Renews the lease of the delivery whose turn it is, and of those that go after it; the latter returns which it renewed.
def _mine(value: Value) -> tuple[ColumnElement[bool], ...]:
    return (
        DeliveryRow.state == State.CLAIMED,
        DeliveryRow.lease_owner == value("owner"),
        DeliveryRow.coalition_id.in_(select(CoalitionRow.id).where(or_(CoalitionRow.is_live, CoalitionRow.is_ended))),
    )


def _renewing(value: Value) -> Update:
    renewed = {"lease_until": elapsed_now() + value("lease"), "attempted_at": elapsed_now()}
    return update(DeliveryRow).where(DeliveryRow.attempts == value("attempt"), *_mine(value)).values(renewed)


_RENEWING = Each(
    DeliveryRow.id, {"of": Integer(), "attempt": Integer(), "owner": String(), "lease": Float()}, _renewing
)
_HAS_TURN = and_(DeliveryRow.id == bindparam("of"), DeliveryRow.attempts == bindparam("attempt"))
_RENEWING_ALONG = (
    update(DeliveryRow)
    .where(or_(_HAS_TURN, DeliveryRow.id.in_(bindparam("along", expanding=True))), *_mine(bindparam))
    .values(
        lease_until=elapsed_now() + bindparam("lease", type_=Float()),
        attempted_at=case((_HAS_TURN, elapsed_now()), else_=DeliveryRow.attempted_at),
    )
    .returning(DeliveryRow.id)
    .execution_options(synchronize_session=False)
)
