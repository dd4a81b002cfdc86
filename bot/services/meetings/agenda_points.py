"""Points for the agenda of a meeting: adding one, and reading those of an occurrence. Steps for services."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from bot.domain.meetings import MeetingRef, Sitting, carry_over, next_of_group, read_point, reword_point
from bot.domain.record import AgendaPoint
from bot.errors import UserError
from bot.services.access import ByActor, Transaction, UseCase
from bot.store.base import id_of
from bot.store.meetings import AgendaPointRow
from bot.store.record import read_beside_by_row
from bot.store.rhythm import CadenceRow


async def add_point_for_group(tx: UseCase, group: str, text: str, *, about: str | None = None) -> bool:
    """Puts a point on the agenda of a group's next meeting; `about` is the id of an issue or decision, which stands
    there once. Raises UserError for a group that has no meeting ahead."""
    found = next_of_group(tx.record, group, tx.now)
    if found is None:
        name = next((item.name for item in tx.record.everything.groups if item.id == group), "This group")
        raise UserError(f"{name} has no meeting ahead. Schedule one first, or write to its chair.")
    return await add_point(tx, found, text, about=about)


async def add_point(
    tx: ByActor, sitting: Sitting, text: str, *, about: str | None = None, submission: str | None = None
) -> bool:
    """Puts a point on the agenda of one occurrence. The same `about` stands there once, and so does a submission: with
    other words it changes its point. Returns whether it stood there before."""
    words = read_point(text)
    # One at a time, so that the same point pressed twice stands there once.
    cadence_id = await id_of(tx.session, CadenceRow, tx.coalition_id, sitting.cadence.id, lock=True)
    if cadence_id is None:
        raise UserError("This meeting is not in the plan anymore.")
    there = await points_of(tx, cadence_id, sitting.ref.slot)
    if any(point.about == about for point in there if about is not None):
        return True
    known = (
        await tx.session.scalar(select(AgendaPointRow).where(AgendaPointRow.submission_key == submission))
        if submission is not None
        else None
    )
    writer = tx.writer()
    if known is not None:
        before = (await points_by_row(tx, [known.id]))[known.id]
        after = reword_point(before, words)
        await writer.put(after, before, row=known)
        return after == before
    await writer.put_new(
        AgendaPoint(cadence=sitting.cadence.id, slot=sitting.ref.slot, text=words, about=about, added_by=tx.actor.key),
        submission_key=submission,
    )
    return False


async def points_of(tx: Transaction, cadence_id: int, slot: datetime) -> Sequence[AgendaPointRow]:
    """The points of one occurrence, oldest first."""
    found: Sequence[AgendaPointRow] = await tx.values(
        select(AgendaPointRow)
        .where(
            tx.owns(AgendaPointRow),
            AgendaPointRow.cadence_id == cadence_id,
            AgendaPointRow.slot == slot,
            AgendaPointRow.withdrawn.is_(False),
        )
        .order_by(AgendaPointRow.id)
    )
    return found


async def points_by_row(tx: Transaction, ids: Collection[int]) -> Mapping[int, AgendaPoint]:
    """The values of these rows."""
    return await read_beside_by_row(tx.session, tx.coalition_id, AgendaPoint, AgendaPointRow.id.in_(ids))


async def carry_points(tx: Transaction, old: MeetingRef, new: MeetingRef) -> int:
    """Takes the points of an occurrence that will not be to another one of the same meeting; returns how many."""
    cadence_id = await id_of(tx.session, CadenceRow, tx.coalition_id, old.cadence)
    if cadence_id is None:
        return 0
    rows = await points_of(tx, cadence_id, old.slot)
    writer, before = tx.writer(), await points_by_row(tx, [row.id for row in rows])
    for row in rows:
        await writer.put(carry_over(before[row.id], new.slot), before[row.id], row=row)
    return len(rows)
