"""A coalition comes to its end, and back: the last digest on its last day, and what follows once that is over. Steps.

It follows from the day in the record, whoever entered it and however: a form, a command or a file.
"""

from __future__ import annotations

from datetime import datetime
from random import Random

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import asks
from bot.domain.endings import last_digest_moment
from bot.domain.outbox import ENDED_WITH_IT, Item, Kind, State
from bot.domain.record import Cadence
from bot.domain.rhythm import to_local
from bot.domain.rights import coordinators
from bot.domain.vocabularies import CadenceKind, CoalitionState
from bot.services.access import OnRecord, Transaction
from bot.services.checkins import count_up
from bot.services.digests import add_digest
from bot.services.endings import begin_anew
from bot.services.outbox import offer, queue_updates, refresh_items
from bot.store.asks import AskRow
from bot.store.base import ids_of
from bot.store.checkins import ANSWERS_SUBJECT, ResponseRow, RoundRow, RoundSubjectRow
from bot.store.coalition import CoalitionRow
from bot.store.digests import DigestRow
from bot.store.outbox import DeliveryItemRow, DeliveryRow, select_items
from bot.store.people import MemberRow
from bot.store.rhythm import CadenceRow


async def follow_last_day(tx: Transaction, coalition: CoalitionRow, chance: Random) -> None:
    """Does what the coalition's last day asks for at this moment. Twice is once. The row is locked, the session has an
    author. `chance` mixes what was answered anonymously."""
    on_record = await tx.read()
    last, today = on_record.record.coalition.ended, on_record.today
    if coalition.is_ended:
        if last is None or last >= today:
            await begin_anew(tx, coalition)
        return
    if last is None or coalition.is_draft:
        return
    is_over = last < today
    if coalition.is_live and coalition.last_digest_at is None:
        moments = [last_digest_moment(one, last) for one in _digests(on_record)]
        if is_over or (last == today and min(moments, default=tx.now) <= tx.now):
            await _plan_last_digest(on_record, coalition)
    if is_over:
        await _end(on_record, coalition, chance)


async def next_last_digest(session: AsyncSession, after: datetime) -> datetime | None:
    """When the next last digest is due, of any coalition."""
    rows = await session.execute(
        select(CadenceRow.dtstart, CadenceRow.timezone, CoalitionRow.ended)
        .join(CoalitionRow, CoalitionRow.id == CadenceRow.coalition_id)
        .where(
            CoalitionRow.is_live,
            CoalitionRow.ended.is_not(None),
            CoalitionRow.last_digest_at.is_(None),
            CadenceRow.kind == CadenceKind.DIGEST,
            CadenceRow.paused_at.is_(None),
        )
    )
    moments = (last_digest_moment(row, row.ended) for row in rows)
    return min((one for one in moments if one > after), default=None)


def _digests(tx: OnRecord) -> list[Cadence]:
    return [one for one in tx.record.cadences if one.kind == CadenceKind.DIGEST and one.paused_at is None]


async def _plan_last_digest(tx: OnRecord, coalition: CoalitionRow) -> None:
    """One digest more, at once, in the usual channels; that of the day itself is the last one where it is due. The
    coordinators hear what remains."""
    last = tx.record.coalition.ended
    for cadence in _digests(tx):
        slot = datetime.combine(last, cadence.dtstart.time()) if last is not None else tx.now
        there = await tx.session.scalar(
            select(DigestRow.id)
            .join(CadenceRow, CadenceRow.id == DigestRow.cadence_id)
            .where(tx.owns(DigestRow), CadenceRow.key == cadence.id, DigestRow.slot == slot)
        )
        if there is not None:
            slot = to_local(tx.now, cadence.timezone)
        await add_digest(tx, coalition, cadence, slot=slot, due_at=tx.now, moved_from=None)
    coalition.last_digest_at = tx.now
    running = [one.id for one in coordinators(tx.record) if one.ended is None]
    ids = await ids_of(tx.session, MemberRow, tx.coalition_id, running)
    for key in running:
        await offer(tx, ids[key], Item.COALITION_ENDS, "", urgent=True)


async def _end(tx: OnRecord, coalition: CoalitionRow, chance: Random) -> None:
    """Nothing is asked or sent any more, but for the last digest."""
    await _close_rounds(tx, chance)
    await _take_back_asks(tx)
    # Without a last one nothing is due after now.
    since = coalition.last_digest_at or tx.now
    last_digests = select(DigestRow.id).where(tx.owns(DigestRow), DigestRow.due_at >= since)
    told = select_items(DeliveryItemRow.delivery_id).where(
        tx.owns(DeliveryItemRow), DeliveryItemRow.kind == Item.COALITION_ENDS
    )
    of_last = DeliveryRow.digest_id.is_not(None) & DeliveryRow.digest_id.in_(last_digests)
    await tx.session.execute(
        update(DeliveryRow)
        .where(
            tx.owns(DeliveryRow),
            DeliveryRow.operation == "post",
            DeliveryRow.state == State.PLANNED,
            DeliveryRow.kind != Kind.HELD_NOTICE,
            DeliveryRow.id.not_in(told),
            ~of_last,
        )
        .values(state=State.DROPPED, reason=ENDED_WITH_IT)
        .execution_options(synchronize_session=False)
    )
    coalition.state = CoalitionState.ENDED
    coalition.paused_at = None


async def _close_rounds(tx: OnRecord, chance: Random) -> None:
    """What is open closes. Whoever had not answered was cut short, which is no silence: it counts as not asked."""
    answered = (
        select(ResponseRow.id).join(RoundRow, RoundRow.id == RoundSubjectRow.round_id).where(ANSWERS_SUBJECT).exists()
    )
    rows = await tx.rows(
        select(RoundSubjectRow, answered)
        .where(tx.owns(RoundSubjectRow), RoundSubjectRow.closed_at.is_(None))
        .with_for_update(of=RoundSubjectRow)
    )
    for subject, is_answered in rows:
        subject.closed_at = tx.now
        subject.closes_at = min(subject.closes_at, tx.now)
        if not is_answered:
            subject.asked_at = None
    if rows:
        await tx.session.flush()
        await count_up(tx, {subject.round_id for subject, _ in rows}, chance)
        await queue_updates(tx, [subject.id for subject, _ in rows])


async def _take_back_asks(tx: OnRecord) -> None:
    writer, about = tx.writer(), []
    for ask in tx.record.everything.asks:
        if asks.is_over(ask) or ask.row_id is None:
            continue
        row = await tx.session.get_one(AskRow, ask.row_id)
        await writer.put(asks.drop(ask, tx.now), ask, row=row)
        about.append(str(ask.row_id))
    await refresh_items(tx, [Item.HELP_WANTED, Item.ASK_NEWS], about)
