"""Calendar files of meetings, as data: which meetings, how far ahead, and how often each was changed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from bot.domain.decisions import match_group
from bot.domain.meetings import CalendarEvent, CalendarFile, attendees, event_of, find_meetings, group_of, meetings
from bot.domain.record import Cadence, Record
from bot.domain.rhythm import to_local, to_utc
from bot.domain.typed import Known
from bot.errors import UserError
from bot.services.access import Actor, Service, Transaction, UseCase
from bot.services.meetings.views import MeetingsView, read_view
from bot.store.audit import AuditEntryRow, ChangeRow
from bot.store.base import keys_of
from bot.store.coalition import CoalitionRow
from bot.store.rhythm import CadenceRow, MoveRow

MONTHS = 12
MOST_MONTHS = 60


class Calendars(Service):
    """Answers what a calendar file holds."""

    async def mine(self, actor: Actor, typed: str = "") -> CalendarFile:
        """The meetings that this person goes to, or those that were named and that they may see."""
        async with self.reading(actor, "calendars.mine") as tx:
            view = await read_view(tx)
            wanted = _named(view, typed) if typed.strip() else own_meetings(view, actor)
            return await file_of(tx, wanted, MONTHS)

    async def event(self, actor: Actor, key: str) -> CalendarEvent | None:
        """One meeting as calendars have it, for word of what became of an occurrence; None where it is no more."""
        async with self.reading(actor, "calendars.event") as tx:
            cadence = next((one for one in meetings(tx.record) if one.id == key), None)
            if cadence is None:
                return None
            file = await file_of(tx, [cadence], MONTHS)
        return next(iter(file.events), None)

    async def every(self, actor: Actor, group: str | None = None, months: int = MONTHS) -> CalendarFile:
        """Every meeting, or those of one group by its id or name, for so many months."""
        actor.require("calendars.every")
        if not 1 <= months <= MOST_MONTHS:
            raise UserError(f"Choose between 1 and {MOST_MONTHS} months.")
        async with self.reading(actor) as tx:
            key = _group_named(tx.record, group) if group is not None else None
            wanted = of_group(tx.record, key) if key is not None else list(meetings(tx.record))
            return await file_of(tx, wanted, months)


def _group_named(record: Record, typed: str) -> str:
    found = match_group(typed, [Known(one.id, one.name) for one in record.groups], {})
    if len(found) != 1:
        known = ", ".join(one.id for one in record.groups)
        raise UserError(f"There is no group “{typed}”. These are there: {known}.")
    return found[0].id


def of_group(record: Record, key: str) -> list[Cadence]:
    """The meetings of a group."""
    return [one for one in meetings(record) if (own := group_of(record, one)) is not None and own.id == key]


def own_meetings(view: MeetingsView, actor: Actor) -> list[Cadence]:
    own = {line.ref.cadence for line in view.own_lines()}
    return [
        cadence
        for cadence in meetings(view.record)
        if cadence.id in own or (actor.key is not None and actor.key in attendees(view.record, cadence))
    ]


def _named(view: MeetingsView, typed: str) -> list[Cadence]:
    found = find_meetings(view.record, typed)
    if not found:
        raise UserError(f"I don't know the meeting “{typed.strip()[:60]}”. Type “meetings” to see yours.")
    visible = [cadence for cadence in found if view.may_see(cadence)]
    if not visible:
        view.require_see(found[0])
    return visible


async def file_of(tx: UseCase, wanted: list[Cadence], months: int, *, name: str | None = None) -> CalendarFile:
    """What a calendar says of these meetings, so many months ahead."""
    zone = tx.record.coalition.timezone
    local = to_local(tx.now, zone)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    through = local.replace(year=year, month=month + 1, day=min(local.day, 28))
    changes, elsewhere = await _changes(tx), await _changes_elsewhere(tx)
    events = (
        event_of(tx.record.coalition.id, cadence, to_utc(through, zone), elsewhere + changes.get(cadence.id, 0))
        for cadence in wanted
    )
    coalition = tx.record.coalition.short_name or tx.record.coalition.name
    return CalendarFile(
        name=coalition if name is None else f"{coalition}: {name}",
        events=tuple(event for event in events if event is not None),
        made_at=tx.now,
        through=through,
    )


async def _changes_elsewhere(tx: UseCase) -> int:
    """At least how often a meeting was changed where this coalition lived before it was brought here by a file, which
    tells none of it: a change an hour. Calendars take nothing whose count is lower than what they have."""
    began_here = await tx.session.scalar(
        select(ChangeRow.at)
        .join(CoalitionRow, CoalitionRow.first_change_id == ChangeRow.id)
        .where(CoalitionRow.id == tx.coalition_id)
    )
    began = tx.record.first_imported_at
    return max(0, (began_here - began) // timedelta(hours=1)) if began is not None and began_here is not None else 0


async def _changes(tx: Transaction) -> dict[str, int]:
    """How often each cadence, or one of its moves, was changed after it was made: what a calendar calls SEQUENCE."""
    keys = await keys_of(tx.session, CadenceRow, tx.coalition_id)
    own = await tx.session.execute(
        select(AuditEntryRow.row_id, func.count(AuditEntryRow.id))
        .where(
            tx.owns(AuditEntryRow),
            AuditEntryRow.table_name == CadenceRow.__tablename__,
            AuditEntryRow.operation != "insert",
        )
        .group_by(AuditEntryRow.row_id)
    )
    found: dict[str, int] = {keys[row[0]]: row[1] for row in own.all() if row[0] in keys}
    moves = await tx.session.execute(
        select(AuditEntryRow.row_id, AuditEntryRow.old, AuditEntryRow.new).where(
            tx.owns(AuditEntryRow), AuditEntryRow.table_name == MoveRow.__tablename__
        )
    )
    # A move that is gone names its cadence in the entry that removed it; one that was changed, in the one that made it.
    of_move: dict[int, int] = {}
    counts: dict[int, int] = {}
    for row_id, old, new in moves:
        cadence_id = (new or {}).get("cadence_id") or (old or {}).get("cadence_id")
        if cadence_id is not None:
            of_move[row_id] = cadence_id
        counts[row_id] = counts.get(row_id, 0) + 1
    for row_id, count in counts.items():
        key = keys.get(of_move.get(row_id, 0))
        if key is not None:
            found[key] = found.get(key, 0) + count
    return found
