"""Canvases in priorities' channels: what is to be written, by one process at a time, and what became of it. For
coordinators: where they are, and making one again. Slack is spoken to by whoever calls this."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.canvases import (
    REFUSALS,
    TOLD,
    CanvasLine,
    CanvasList,
    CanvasNote,
    CanvasState,
    CanvasTask,
)
from bot.domain.outbox import Kind
from bot.domain.people import zone_of_member
from bot.domain.vocabularies import CanvasUse
from bot.errors import UserError
from bot.services.access import Actor, OnRecord, Service, Transaction
from bot.services.alarms import refresh_alarms, tell_of_canvas
from bot.services.canvases.tasks import is_wanted, places_of, tasks_of
from bot.store.base import id_of, keys_of
from bot.store.canvases import CanvasRow
from bot.store.database import elapsed_now
from bot.store.outbox import DeliveryRow
from bot.store.priorities import PriorityRow
from bot.store.record_log import RecordChangeRow

# Elapsed seconds for which one process may be at a canvas: longer than all its calls may take.
LEASE = 180.0
# Of the changes of the record so many of late are counted: one with a smaller number may be seen later.
_OF_LATE = 500

Mark = tuple[object, ...]


class Canvases(Service):
    """Use cases around canvases."""

    async def mark(self, actor: Actor) -> Mark:
        """What is another one once anything changed that may stand on a canvas, apart from what the hour brings."""
        actor.require("canvases.mark")
        async with self.database.read(actor.coalition_id) as session:
            mine = RecordChangeRow.coalition_id.in_([actor.coalition_id, 0])
            newest = await session.scalar(select(func.max(RecordChangeRow.id)).where(mine)) or 0
            late = select(func.count(RecordChangeRow.id)).where(mine, RecordChangeRow.id > newest - _OF_LATE)
            posted = select(func.max(DeliveryRow.sent_at)).where(
                DeliveryRow.coalition_id == actor.coalition_id, DeliveryRow.kind == Kind.CHANNEL_EDITION
            )
            mine_too = CanvasRow.coalition_id == actor.coalition_id
            states = select(CanvasRow.state, func.count(CanvasRow.id), func.max(CanvasRow.changed_at)).where(mine_too)
            told = await session.execute(states.group_by(CanvasRow.state).order_by(CanvasRow.state))
            return (newest, await session.scalar(late), await session.scalar(posted), *map(tuple, told))

    async def tasks(self, actor: Actor, team_id: str) -> tuple[CanvasTask, ...]:
        """What should stand on each canvas, and whether it may be changed now."""
        async with self.reading(actor, "canvases.tasks") as tx:
            return await tasks_of(tx, team_id)

    async def take(self, actor: Actor, team_id: str, task: CanvasTask) -> CanvasTask | None:
        """The task for this process alone; None where another one has it, or has done it."""
        actor.require("canvases.take")
        now = self.calendar.now()
        async with self.database.write(coalition_id=actor.coalition_id) as session:
            if task.row_id is None:
                priority_id = await id_of(session, PriorityRow, actor.coalition_id, task.priority)
                insert = sqlite.insert if self.database.is_sqlite else postgresql.insert
                values: dict[str, object] = {
                    "coalition_id": actor.coalition_id,
                    "priority_id": priority_id,
                    "team_id": team_id,
                    "channel_id": task.channel_id,
                    "state": CanvasState.NEW.value,
                    "changed_at": now,
                    "beside": False,
                    "seen": [],
                    "tries": 0,
                }
                await session.execute(insert(CanvasRow).values(**values).on_conflict_do_nothing())
            row = await session.scalar(
                update(CanvasRow)
                .where(
                    CanvasRow.coalition_id == actor.coalition_id,
                    CanvasRow.channel_id == task.channel_id,
                    CanvasRow.priority_id.in_(
                        select(PriorityRow.id).where(
                            PriorityRow.coalition_id == actor.coalition_id, PriorityRow.key == task.priority
                        )
                    ),
                    CanvasRow.state == task.state,
                    CanvasRow.written.is_not_distinct_from(task.written),
                    or_(CanvasRow.lease_until.is_(None), CanvasRow.lease_until <= elapsed_now()),
                    or_(CanvasRow.not_before.is_(None), CanvasRow.not_before <= elapsed_now()),
                )
                .values(lease_until=elapsed_now() + LEASE)
                .returning(CanvasRow.id)
                .execution_options(synchronize_session=False)
            )
            return replace(task, row_id=row) if row is not None else None

    async def note(self, actor: Actor, task: CanvasTask, note: CanvasNote, *, goes_on: bool = False) -> None:
        """Writes down what became of a task. `goes_on`: this process is still at it."""
        actor.require("canvases.note")
        now = self.calendar.now()
        async with self.database.write(coalition_id=actor.coalition_id) as session:
            row = await session.scalar(select(CanvasRow).where(CanvasRow.id == task.row_id).with_for_update())
            if row is None:
                return
            was = row.state
            row.state, row.code, row.tries = note.state, note.code, note.tries
            row.canvas_id = note.canvas_id or row.canvas_id
            row.title = note.title or row.title
            row.seen = row.seen if note.seen is None else list(note.seen)
            if note.written is not None:
                row.written, row.written_at = note.written, now
            if was != note.state or note.state in REFUSALS:
                row.changed_at = now
            await session.flush()
            rest = None if note.wait is None else elapsed_now() + note.wait
            lease = elapsed_now() + LEASE if goes_on else None
            await session.execute(
                update(CanvasRow)
                .where(CanvasRow.id == row.id)
                .values(not_before=rest, lease_until=lease)
                .execution_options(synchronize_session=False)
            )
            if note.state in TOLD and was != note.state:
                await tell_of_canvas(Transaction(session, actor.coalition_id, now), row.id)

    async def page(self, actor: Actor) -> CanvasList:
        """Where each priority's canvas is, for coordinators."""
        async with self.reading(actor, "canvases.page") as tx:
            return CanvasList(lines=await read_lines(tx), zone=zone_of_member(tx.record, actor.key), now=tx.now)

    async def make_again(self, actor: Actor, priority: str) -> CanvasLine:
        """A coordinator wants it made, whatever became of the one before; beside those of other people, if there are
        any."""
        async with self.writing(actor, "canvases.make_again") as tx:
            priority_id = await id_of(tx.session, PriorityRow, tx.coalition_id, priority)
            rows = await tx.values(
                select(CanvasRow).where(tx.owns(CanvasRow), CanvasRow.priority_id == priority_id).with_for_update()
            )
            again = [row for row in rows if row.state in TOLD]
            for row in again:
                row.beside = row.beside or row.state == CanvasState.THEIRS
                row.state, row.code, row.canvas_id, row.written, row.title = CanvasState.NEW, None, None, None, None
                row.tries, row.not_before, row.changed_at = 0, None, tx.now
            await tx.session.flush()
            await refresh_alarms(tx, canvases=[row.id for row in again])
            lines = await read_lines(await tx.read())
            found = next((one for one in lines if one.priority == priority), None)
            if found is None:
                raise UserError("That priority isn't there anymore.")
            return found

    async def ask_again(self, actor: Actor) -> CanvasList:
        """A coordinator wants Slack to be asked once more whether there may be canvases."""
        async with self.writing(actor, "canvases.ask_again") as tx:
            rows = await tx.values(select(CanvasRow).where(tx.owns(CanvasRow), CanvasRow.state.in_(REFUSALS)))
            for row in rows:
                row.state, row.code, row.tries, row.not_before = CanvasState.NEW, None, 0, None
                row.changed_at = tx.now
            await tx.session.flush()
            read = await tx.read()
            return CanvasList(lines=await read_lines(read), zone=zone_of_member(read.record, actor.key), now=tx.now)


async def read_lines(tx: OnRecord, ids: Collection[int] | None = None) -> tuple[CanvasLine, ...]:
    """Each priority's canvas, in file order; with `ids` those of these rows. A step of the caller's transaction."""
    keys = await keys_of(tx.session, PriorityRow, tx.coalition_id)
    places = await places_of(tx)
    rows = await tx.values(select(CanvasRow).where(tx.owns(CanvasRow)))
    by_place = {(keys[row.priority_id], row.channel_id): row for row in rows}
    found = []
    for one in tx.record.priorities:
        place = places.get(one.channel or "")
        row = by_place.get((one.id, place.channel_id)) if place is not None else None
        if ids is not None and (row is None or row.id not in ids):
            continue
        wanted = place is not None and is_wanted(one, place)
        state = CanvasState(row.state) if row is not None else CanvasState.NEW
        found.append(
            CanvasLine(
                priority=one.id,
                name=one.name,
                channel=one.channel,
                state=state if wanted else None,
                code=row.code if row is not None else None,
                written_at=row.written_at if row is not None else None,
                is_shared=place is not None and place.is_shared and one.canvas == CanvasUse.USUAL,
                is_off=one.canvas == CanvasUse.NEVER,
                tries=row.tries if row is not None else 0,
            )
        )
    return tuple(found)
