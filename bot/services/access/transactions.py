"""What a step of a use case works with: one open transaction, the moment at which it happens, and what is known in it.

Steps take one of these as `tx`, so that a step that needs something more doesn't change the calls of all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import ColumnElement, Row
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import TypedReturnsRows

from bot.domain.endings import require_going_on
from bot.domain.known import in_coalition_time
from bot.domain.record import Record, present_on
from bot.domain.rights import seen_by, seen_in
from bot.services.access.actors import Actor
from bot.store.record import Writer, read_record

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


@dataclass(frozen=True)
class Transaction:
    """An open transaction in one coalition, and the moment at which it happens."""

    session: AsyncSession
    coalition_id: int
    now: datetime

    def on(self, record: Record) -> OnRecord:
        """The same, working on this record."""
        return OnRecord(self.session, self.coalition_id, self.now, record)

    def by(self, actor: Actor) -> ByActor:
        """The same, done by this actor."""
        return ByActor(self.session, self.coalition_id, self.now, actor)

    def writer(self) -> Writer:
        """Writes values of this coalition."""
        return Writer(self.session, self.coalition_id)

    def owns(self, kind: Any) -> ColumnElement[bool]:
        """In a query: the rows of this coalition."""
        mine: ColumnElement[bool] = kind.coalition_id == self.coalition_id
        return mine

    async def rows(self, query: TypedReturnsRows[*Ts]) -> Sequence[Row[*Ts]]:
        """All that a query finds, row by row."""
        return (await self.session.execute(query)).all()

    async def values(self, query: TypedReturnsRows[T]) -> Sequence[T]:
        """All that a query of one column or one table finds."""
        return (await self.session.scalars(query)).all()

    async def read(self) -> OnRecord:
        """The same with the record as it is by now, what this transaction has written included, and what has ended
        left out."""
        return self.on(await self.read_present())

    async def read_present(self) -> Record:
        """That record alone."""
        record = await read_record(self.session, self.coalition_id)
        return present_on(record, in_coalition_time(record, self.now).date())


@dataclass(frozen=True)
class OnRecord(Transaction):
    """A transaction with the record that it works on."""

    record: Record

    @property
    def today(self) -> date:
        """The day that it is in the coalition."""
        return in_coalition_time(self.record, self.now).date()

    @property
    def unrestricted(self) -> Record:
        """The record with what only some may see, for what has to know of all: new ids, and whom somebody may see."""
        return self.record

    def by(self, actor: Actor) -> UseCase:
        return _use_case(self, actor, self.unrestricted)


@dataclass(frozen=True)
class ByActor(Transaction):
    """A transaction and who acts in it. `refuses_ended`: nothing is changed in it once the coalition has ended."""

    actor: Actor
    refuses_ended: bool = field(default=False, kw_only=True)

    def on(self, record: Record) -> UseCase:
        if self.refuses_ended:
            require_going_on(record, in_coalition_time(record, self.now).date())
        return _use_case(self, self.actor, record)

    async def read(self) -> UseCase:
        return self.on(await self.read_present())


@dataclass(frozen=True)
class UseCase(ByActor, OnRecord):
    """A transaction with who acts in it and the record that it works on, without the items that they may not see."""

    of_all: Record

    @property
    def unrestricted(self) -> Record:
        return self.of_all


def _use_case(tx: Transaction, actor: Actor, record: Record) -> UseCase:
    seen = seen_by(record, actor.standing, actor.key)
    return UseCase(tx.session, tx.coalition_id, tx.now, seen, actor, record)


@dataclass(frozen=True)
class ForChannel(Transaction):
    """A transaction that reads what is told in a channel, without the items that may not be told there."""

    channel: str | None

    def on(self, record: Record) -> OnRecord:
        return OnRecord(self.session, self.coalition_id, self.now, seen_in(record, self.channel))
