"""A coalition ends on a day, and goes on again: use cases. What the day brings with it is `bot/services/rhythm`'s."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Select, delete, func, select

from bot.domain import asks
from bot.domain.endings import CoalitionEnd, CoalitionEnding, over_words, require_last_day
from bot.domain.outbox import State
from bot.domain.people import zone_of_member
from bot.domain.record import open_actions
from bot.domain.typed import Marks, edit_of, require_no_clash
from bot.domain.vocabularies import CadenceKind, CoalitionState
from bot.errors import UserError
from bot.services.access import Actor, Addressee, OnRecord, Service, Transaction, UseCase
from bot.store.checkins import RoundSubjectRow
from bot.store.coalition import CoalitionRow
from bot.store.outbox import DeliveryRow
from bot.store.rhythm import ScheduleRow

DRAFT = "This coalition is a draft: nothing is sent yet, so there is nothing to end."


class CoalitionEnds(Service):
    """Use cases around the end of a coalition as a whole."""

    async def form(self, actor: Actor) -> CoalitionEnd:
        """What an end would mean now. Raises UserError for a draft, and for one that has ended."""
        async with self.reading(actor, "coalitionends.form") as tx:
            if tx.record.coalition.is_over(tx.today):
                raise UserError(over_words(tx.record, tx.today))
            return await _end_of(tx, await _row(tx))

    async def end(self, actor: Actor, opened: Marks, plan: CoalitionEnding) -> CoalitionEnd:
        """Keeps the last day. `opened` are the form's marks; the same sent twice changes nothing. Raises UserError at
        the field to mend."""
        async with self.changing(actor, "coalitionends.end", alone=True) as tx:
            row = await _row(tx)
            last_day = require_last_day(plan.last_day, tx.today)
            require_no_clash(edit_of(opened, {"last_day": row.ended}, {"last_day": last_day}).clashes)
            if row.ended != last_day:
                row.ended = last_day
                if last_day > tx.today:
                    row.last_digest_at = None
                await tx.session.flush()
            return await _end_of(await tx.read(), row)

    async def reopen(self, actor: Actor) -> CoalitionEnd:
        """It goes on: its rhythm starts anew from now, or it doesn't end after all. Twice is once."""
        async with self.changing(actor, "coalitionends.reopen", alone=True, also_ended=True) as tx:
            row = await tx.session.get_one(CoalitionRow, tx.coalition_id)
            was_over = tx.record.coalition.is_over(tx.today)
            row.ended = None
            if row.is_ended:
                await begin_anew(tx, row)
            row.last_digest_at = None
            await tx.session.flush()
            return replace(await _end_of(await tx.read(), row), was_over=was_over)

    async def is_meant(self, actor: Actor, typed: str) -> bool:
        """Whether somebody means the coalition as a whole: by its name, its id, or “coalition”."""
        async with self.reading(actor, "coalitionends.is_meant") as tx:
            own = tx.record.coalition
        names = {"coalition", "the coalition", own.id, own.name, own.short_name or own.name}
        return typed.strip().casefold() in {one.casefold() for one in names}


async def begin_anew(tx: Transaction, row: CoalitionRow) -> None:
    """The rhythm starts from this moment: its schedules are made anew, and owe nothing for the time between."""
    await tx.session.execute(delete(ScheduleRow).where(tx.owns(ScheduleRow)))
    row.state = CoalitionState.LIVE
    row.live_at = tx.now
    row.paused_at = row.last_digest_at = None


async def read_coalition_end(tx: OnRecord, _to: Addressee, _about: str) -> CoalitionEnd | None:
    """What its coordinators hear of the end; None where it goes on after all."""
    if tx.record.coalition.ended is None:
        return None
    return await _end_of(tx, await tx.session.get_one(CoalitionRow, tx.coalition_id))


async def _row(tx: UseCase) -> CoalitionRow:
    row = await tx.session.get_one(CoalitionRow, tx.coalition_id)
    if row.is_draft:
        raise UserError(DRAFT)
    return row


async def _end_of(tx: OnRecord, row: CoalitionRow) -> CoalitionEnd:
    record = tx.record
    digest = next((one for one in record.cadences if one.kind == CadenceKind.DIGEST and one.paused_at is None), None)
    actor = getattr(tx, "actor", None)
    return CoalitionEnd(
        name=record.coalition.name,
        key=record.coalition.id,
        last_day=record.coalition.ended,
        today=tx.today,
        state=row.state,
        zone=zone_of_member(record, actor.key if actor is not None else None),
        now=tx.now,
        channels=digest.channels if digest is not None else (),
        digest_hour=digest.dtstart.time() if digest is not None else None,
        rounds=await _count(
            tx,
            select(func.count(func.distinct(RoundSubjectRow.round_id))).where(
                tx.owns(RoundSubjectRow), RoundSubjectRow.closed_at.is_(None), RoundSubjectRow.opens_at <= tx.now
            ),
        ),
        asks=sum(not asks.is_over(one) for one in record.asks),
        actions=len(open_actions(record)),
        decisions=sum(one.is_undecided for one in record.decisions),
        issues=sum(one.is_open for one in record.issues),
        planned=await _count(
            tx,
            select(func.count(DeliveryRow.id)).where(
                tx.owns(DeliveryRow), DeliveryRow.operation == "post", DeliveryRow.state == State.PLANNED
            ),
        ),
    )


async def _count(tx: OnRecord, query: Select[int]) -> int:
    return await tx.session.scalar(query) or 0
