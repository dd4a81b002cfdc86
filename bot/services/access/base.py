"""What every service shares: database and calendar, how a transaction is opened for somebody, and how it waits for
others: for a row that one holds, or for whoever makes something new in the coalition."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import select

from bot.clock import Calendar
from bot.domain.record import Record
from bot.errors import UserError
from bot.services.access.actors import Actor
from bot.services.access.transactions import ByActor, Transaction, UseCase
from bot.store.coalition import CoalitionRow
from bot.store.database import Database

R = TypeVar("R")


class Service:
    """One noun's use cases. Each public method is one transaction; public methods never call each other's sessions."""

    def __init__(self, database: Database, calendar: Calendar) -> None:
        self.database = database
        self.calendar = calendar

    @asynccontextmanager
    async def looking(
        self, actor: Actor, method: str | None = None, *, to_change: bool = False
    ) -> AsyncIterator[ByActor]:
        """A transaction that sees one state of the actor's coalition and writes nothing.

        `to_change`: for a form of something that is to be changed. Reading the record in it raises UserError where the
        coalition has ended, so that nobody fills in what can't be saved.

        Here and below, `method` is what the rights table has to let the actor call. It is left out where the right
        depends on what is read, and asked for there.
        """
        _require(actor, method)
        now = self.calendar.now()
        async with self.database.read(actor.coalition_id) as session:
            yield ByActor(session, actor.coalition_id, now, actor, refuses_ended=to_change)

    @asynccontextmanager
    async def reading(
        self, actor: Actor, method: str | None = None, *, to_change: bool = False
    ) -> AsyncIterator[UseCase]:
        """The same with the record in it."""
        async with self.looking(actor, method, to_change=to_change) as tx:
            yield await tx.read()

    async def read_record(self, actor: Actor, method: str | None = None, *, to_change: bool = False) -> Record:
        """The record alone, where nothing else is read with it."""
        async with self.reading(actor, method, to_change=to_change) as tx:
            return tx.record

    @asynccontextmanager
    async def noting(self, actor: Actor, method: str | None = None) -> AsyncIterator[ByActor]:
        """A transaction that keeps something for the actor which is no part of the record, and so has no author. It is
        to become one, so reading the record in it raises UserError where the coalition has ended."""
        _require(actor, method)
        now = self.calendar.now()
        async with self.database.write(coalition_id=actor.coalition_id) as session:
            yield ByActor(session, actor.coalition_id, now, actor, refuses_ended=True)

    @asynccontextmanager
    async def keeping(self, actor: Actor, method: str | None = None) -> AsyncIterator[UseCase]:
        """The same with the record in it."""
        async with self.noting(actor, method) as tx:
            yield await tx.read()

    @asynccontextmanager
    async def writing(
        self, actor: Actor, method: str | None = None, *, also_ended: bool = False
    ) -> AsyncIterator[ByActor]:
        """A transaction under the actor's name. Reading the record in it raises UserError where the coalition has
        ended, unless `also_ended`: then one brings it back, and looks after people and what was sent."""
        _require(actor, method)
        now = self.calendar.now()
        async with self.database.write(actor.author(now)) as session:
            yield ByActor(session, actor.coalition_id, now, actor, refuses_ended=not also_ended)

    @asynccontextmanager
    async def changing(
        self, actor: Actor, method: str | None = None, *, alone: bool = False, also_ended: bool = False
    ) -> AsyncIterator[UseCase]:
        """The same with the record as it is then. `alone`: whoever else makes something new waits until this is
        done."""
        async with self.writing(actor, method, also_ended=also_ended) as tx:
            if alone:
                await one_at_a_time(tx)
            yield await tx.read()


def _require(actor: Actor, method: str | None) -> None:
    if method is not None:
        actor.require(method)


async def locked_row(tx: Transaction, kind: type[R], key: str, otherwise: str) -> R:
    """A row by its file id, locked until the end of the transaction. If there is none, raises UserError with the words
    `otherwise`."""
    row: Any = kind
    found: R | None = await tx.session.scalar(
        select(row).where(row.coalition_id == tx.coalition_id, row.key == key).with_for_update()
    )
    if found is None:
        raise UserError(otherwise)
    return found


async def one_at_a_time(tx: Transaction) -> None:
    """Until the end of the transaction nobody else makes something new: two new things never get the same id."""
    await tx.session.scalar(
        select(CoalitionRow.id).where(CoalitionRow.id == tx.coalition_id).with_for_update(key_share=True)
    )
