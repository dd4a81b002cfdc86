"""What comes of a meeting's notes: decisions, actions and points for the next time. Steps for services.

An edit meets what the notes made before: the same words stay what they are, changed words change it, and what is gone
from the notes is withdrawn. Actions are only added; they are changed where they stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from bot.domain import actions as action_items
from bot.domain import decisions
from bot.domain.meetings import (
    NotedAction,
    NotesInput,
    Sitting,
    group_of,
    next_sittings,
    pair,
    priorities_of,
    read_lines,
    reword_point,
    take_away,
    take_notes,
)
from bot.domain.record import AgendaPoint, MeetingNotes
from bot.domain.rhythm import to_local
from bot.domain.wording import with_article
from bot.errors import UserError
from bot.services.access import ByActor, UseCase
from bot.services.actions import ask_for_yes
from bot.services.meetings.agenda_points import points_by_row
from bot.services.meetings.planning import refresh_agenda
from bot.store.meetings import AgendaPointRow, MeetingNotesRow
from bot.store.record import read_beside
from bot.store.rhythm import CadenceRow


async def store_notes(
    tx: UseCase,
    cadence_row: CadenceRow,
    sitting: Sitting,
    typed: NotesInput,
    actions: Sequence[NotedAction],
    there: MeetingNotesRow | None,
) -> int:
    """Writes notes, or edits those that are `there`; returns how many actions were added."""
    before = await _kept(tx, there) if there is not None else None
    decided = await _decisions(tx, sitting, before, read_lines(typed.decided))
    added = await _actions(tx, cadence_row, actions)
    notes = take_notes(before, sitting.ref, typed, decided, tuple(added), tx.actor.key, tx.now)
    writer = tx.writer()
    if there is None:
        there = await writer.put_new(notes)
    else:
        await writer.put(notes, before, row=there)
    await _points(tx, sitting, there.id, notes.parked)
    return len(added)


async def _kept(tx: UseCase, there: MeetingNotesRow) -> MeetingNotes:
    [notes] = await read_beside(tx.session, tx.coalition_id, MeetingNotes, MeetingNotesRow.id == there.id)
    return notes


async def _decisions(tx: UseCase, sitting: Sitting, before: MeetingNotes | None, new: Sequence[str]) -> tuple[str, ...]:
    """The decisions' ids, one for each line of `new`; none where no group decides."""
    old, keys = (before.decided, before.decisions) if before is not None else ((), ())
    group = group_of(tx.record, sitting.cadence)
    if group is None or not (keys or new):
        return ()
    known = {one.id: one for one in tx.record.decisions}
    taken = [one.id for one in tx.unrestricted.decisions]
    own = priorities_of(tx.record, group)
    writer = tx.writer()
    match = pair(old, new)
    found: dict[int, str] = {}
    for was, now_at in match.kept:
        found[now_at] = keys[was]
        if keys[was] in known and old[was] != new[now_at]:
            decision = known[keys[was]]
            await writer.put(decisions.reword(decision, new[now_at]), decision)
    for gone in match.gone:
        if keys[gone] in known:
            decision = known[keys[gone]]
            await writer.put(decisions.strike(decision), decision)
    for added in match.added:
        found[added] = decisions.next_id(taken)
        taken.append(found[added])
        priority, day = own[0] if len(own) == 1 else None, sitting.occurrence.local.date()
        where = with_article(sitting.cadence.name)
        await writer.put_new(decisions.note_down(found[added], new[added], group.id, priority, day, where))
    return tuple(found[index] for index in range(len(new)))


async def _actions(tx: UseCase, cadence_row: CadenceRow, actions: Sequence[NotedAction]) -> list[str]:
    """New actions' ids, in the notes' order. One of another organization's waits for a yes, as any other does."""
    members = {member.id: member for member in tx.record.members}
    today: date = to_local(tx.now, tx.record.coalition.timezone).date()
    keys = [one.id for one in tx.unrestricted.actions]
    added: list[str] = []
    writer = tx.writer()
    for action in actions:
        new = action_items.NewAction(title=action.title, owner=action.owner, due=action.due, priority=action.priority)
        key = action_items.next_id([*keys, *added])
        by = members.get(tx.actor.key or "")
        made = action_items.add(key, new, members[action.owner], by, today, cadence_row.key)
        row = await writer.put_new(made)
        added.append(key)
        if not made.accepted:
            await ask_for_yes(tx, row)
    return added


async def _points(tx: ByActor, sitting: Sitting, notes_id: int, parked: Sequence[str]) -> None:
    """Parked points stand on the next agenda; there an edit changes them, or takes them away."""
    rows = list(
        await tx.session.scalars(
            select(AgendaPointRow)
            .where(AgendaPointRow.notes_id == notes_id, AgendaPointRow.withdrawn.is_(False))
            .order_by(AgendaPointRow.id)
        )
    )
    following = next(iter(next_sittings(sitting.cadence, max(tx.now, sitting.starts_at), 1)), None)
    if following is None:
        if parked:
            raise UserError(
                "This meeting has no date ahead, so nothing can be parked for it. Schedule one first, or clear this.",
                field="parked",
            )
        return
    writer = tx.writer()
    kept = await points_by_row(tx, [row.id for row in rows])
    there = [kept[row.id] for row in rows]
    match = pair([point.text for point in there], parked)
    for was, now_at in match.kept:
        await writer.put(reword_point(there[was], parked[now_at]), there[was], row=rows[was])
    for gone in match.gone:
        await writer.put(take_away(there[gone]), there[gone], row=rows[gone])
    for added in match.added:
        await writer.put_new(
            AgendaPoint(
                cadence=sitting.cadence.id,
                slot=following.ref.slot,
                text=parked[added],
                added_by=tx.actor.key,
                parked_at=sitting.ref.slot,
            ),
            notes_id=notes_id,
        )
    if rows or parked:
        await refresh_agenda(tx, following.ref)
