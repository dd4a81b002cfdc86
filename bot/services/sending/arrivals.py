"""Arrivals: records that a message or a change of one is where it belongs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, Update, and_, or_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine

from bot.domain.outbox import State
from bot.services.sending.outcomes import FOLLOWED, after_sent, record_sent
from bot.services.sending.together import Together
from bot.store.database import Database, Each, Value
from bot.store.outbox import DeliveryRow

# States in which a word from Slack that it has the message still counts.
UNDECIDED = frozenset({State.PLANNED, State.CLAIMED, State.AMBIGUOUS, State.HELD})


@dataclass(frozen=True, slots=True)
class Arrived:
    """What Slack has: a delivery's `attempt`, with its content of `version`. Mails have no channel and no timestamp."""

    id: int
    attempt: int
    channel_id: str | None
    ts: str | None
    version: int
    now: datetime

    @property
    def values(self) -> dict[str, object]:
        """What the statements below are asked with."""
        by = {"of": self.id, "attempt": self.attempt, "as_of": self.version, "now": self.now}
        return by | {"in_channel": self.channel_id, "under": self.ts}


class Arrivals:
    """Those from which nothing follows, many by one statement."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._recording = Together(self._record)

    async def record_together(self, arrived: Arrived) -> bool:
        """Whether it was recorded; what was overtaken, what something may follow from, and of what the coordinators
        were told, is left alone."""
        return await self._recording.one(arrived)

    async def _record(self, arrived: Sequence[Arrived]) -> Sequence[bool]:
        return await self._database.change_each(_RECORDING_ALONE, [one.values for one in arrived])


async def record_arrival(session: AsyncSession, arrived: Arrived) -> bool:
    """Records one, with what follows from it; whether anything may wait for it."""
    recorded = (await session.execute(_RECORDING, arrived.values)).one_or_none()
    if recorded is None:
        row = await session.get(DeliveryRow, arrived.id, with_for_update=True)
        # Whatever others have made of it: it has arrived, and must not be sent again.
        if row is not None and row.attempts == arrived.attempt and row.state in UNDECIDED:
            await record_sent(session, row, arrived.channel_id, arrived.ts, arrived.version, arrived.now)
        return True
    is_post: bool = recorded.operation == "post"
    if is_post and recorded.kind in FOLLOWED:
        await after_sent(session, await session.get_one(DeliveryRow, arrived.id), arrived.now, is_new=True)
    return is_post


def _recording(value: Value) -> Update:
    """Records what arrived unchanged since its claim. What was overtaken, or told to the coordinators, is recorded with
    its consequences."""
    return (
        update(DeliveryRow)
        .where(
            DeliveryRow.attempts == value("attempt"),
            DeliveryRow.state == State.CLAIMED,
            DeliveryRow.told_at.is_(None),
            or_(DeliveryRow.operation == "post", DeliveryRow.version <= value("as_of")),
        )
        .values(
            channel_id=value("in_channel"),
            ts=value("under"),
            sent_at=value("now"),
            reason=None,
            lease_owner=None,
            lease_until=None,
            next_attempt_at=None,
            state=State.SENT,
        )
    )


def _recording_alone(value: Value) -> Update:
    """The same of what nothing follows from."""
    followed = and_(*(DeliveryRow.kind != kind for kind in FOLLOWED))
    return _recording(value).where(or_(DeliveryRow.operation == "update", followed))


_ARRIVED: Mapping[str, TypeEngine[Any]] = {
    "of": Integer(),
    "attempt": Integer(),
    "as_of": Integer(),
    "in_channel": String(),
    "under": String(),
    "now": DeliveryRow.sent_at.type,
}
_RECORDING = Each(DeliveryRow.id, _ARRIVED, _recording).one.returning(DeliveryRow.kind, DeliveryRow.operation)
_RECORDING_ALONE = Each(DeliveryRow.id, _ARRIVED, _recording_alone)
