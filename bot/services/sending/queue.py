"""How much there is to send, for whoever watches over the program: numbers of all coalitions together, by one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Text, and_, bindparam, case, func, literal, select

from bot.domain.outbox import State
from bot.services.access import Service
from bot.store.coalition import CoalitionRow
from bot.store.outbox import DeliveryRow

# After how long what is due counts as late, by the calendar.
LATE = timedelta(minutes=1)
# What has not come to its end. Everything else only grows with the years.
UNENDED = (State.PLANNED, State.CLAIMED, State.AMBIGUOUS, State.HELD)


@dataclass(frozen=True, slots=True)
class QueueNumbers:
    """How many deliveries stand in each state that is no end, how many of them are due and may go, and are late.

    `oldest_due`: for how many calendar seconds the oldest of those has been due; 0.0 where there is none.
    """

    by_state: dict[State, int]
    due: int
    late: int
    oldest_due: float


class Queue(Service):
    """What waits to be sent."""

    async def numbers(self) -> QueueNumbers:
        """What there is now."""
        now = self.calendar.now()
        found = await self.database.ask(_NUMBERS, {"now": now, "late": now - LATE})
        counts = {State(state): count for state, count, *_ in found}
        oldest = min((at for *_, at in found if at is not None), default=now)
        return QueueNumbers(
            by_state={state: counts.get(state, 0) for state in UNENDED},
            due=sum(due or 0 for _, _, due, _, _ in found),
            late=sum(late or 0 for _, _, _, late, _ in found),
            oldest_due=max(0.0, (now - oldest).total_seconds()),
        )


# What waits for somebody to do something, or for a day with room, is not late, and neither is what rests in a pause.
_DUE = and_(
    DeliveryRow.state == State.PLANNED,
    DeliveryRow.due_at <= bindparam("now", type_=DeliveryRow.due_at.type),
    DeliveryRow.waiting.is_(False),
    DeliveryRow.held_back.is_(False),
    DeliveryRow.coalition_id.in_(select(CoalitionRow.id).where(CoalitionRow.is_live)),
)
_IS_LATE = and_(_DUE, DeliveryRow.due_at <= bindparam("late", type_=DeliveryRow.due_at.type))
_NUMBERS = (
    select(
        DeliveryRow.state,
        func.count(),
        func.sum(case((_DUE, 1), else_=0)),
        func.sum(case((_IS_LATE, 1), else_=0)),
        func.min(case((_DUE, DeliveryRow.due_at))),
    )
    .where(DeliveryRow.state.in_([literal(str(state), Text()) for state in UNENDED]))
    .group_by(DeliveryRow.state)
)
