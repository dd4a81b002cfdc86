"""What comes of a meeting's notes: decisions, actions and points for the next time. Steps for services.

An edit meets what the notes made before: the same words stay what they are, changed words change it, and what is gone
from the notes is withdrawn. Actions are only added; they are changed where they stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import actions as action_items
from bot.domain import decisions
from bot.domain.meetings import (
    MOST_TITLE,
    NotedAction,
    NotesInput,
    Sitting,
    group_of,
    next_sittings,
    pair,
    priorities_of,
    read_lines,
)
from bot.domain.record import Record
from bot.domain.rhythm import to_local
from bot.domain.wording import cut, with_article
from bot.errors import UserError
from bot.services.access import Actor
from bot.services.actions import ask_for_yes
from bot.services.meetings.planning import refresh_agenda
from bot.store.decisions import DecisionRow
from bot.store.meetings import AgendaPointRow, MeetingNotesRow
from bot.store.organizations import GroupRow
from bot.store.priorities import PriorityRow
from bot.store.record import Writer
from bot.store.rhythm import CadenceRow


async def store_notes(
    session: AsyncSession,
    actor: Actor,
    record: Record,
    cadence_row: CadenceRow,
    sitting: Sitting,
    typed: NotesInput,
    actions: Sequence[NotedAction],
    there: MeetingNotesRow | None,
    now: datetime,
) -> int:
    """Writes notes, or edits those that are `there`; returns how many actions were added."""
    decided, parked = list(read_lines(typed.decided)), list(read_lines(typed.parked))
    if there is None:
        notes = MeetingNotesRow(
            coalition_id=actor.coalition_id,
            cadence_id=cadence_row.id,
            slot=sitting.ref.slot,
            by_id=actor.member_id,
            present=[],
            decided=[],
            decisions=[],
            actions=[],
            parked=[],
            posted_at=now,
            version=0,
        )
        session.add(notes)
    else:
        notes = there
        notes.edited_at, notes.by_id = now, actor.member_id
    notes.version += 1
    notes.decisions = await _decisions(session, actor, record, sitting, list(notes.decided), notes.decisions, decided)
    notes.decided = decided
    notes.present = list(typed.present)
    notes.actions = [*notes.actions, *await _actions(session, actor, record, cadence_row, actions, now)]
    await session.flush()
    await _points(session, actor, cadence_row, sitting, notes, parked, now)
    notes.parked = parked
    await session.flush()
    return len(actions)


async def _decisions(
    session: AsyncSession,
    actor: Actor,
    record: Record,
    sitting: Sitting,
    old: list[str],
    keys: list[str],
    new: list[str],
) -> list[str]:
    """The decisions' ids, one for each line of `new`; none where no group decides."""
    group = group_of(record, sitting.cadence)
    if group is None or not (keys or new):
        return []
    rows = {
        row.key: row
        for row in await session.scalars(
            select(DecisionRow).where(DecisionRow.coalition_id == actor.coalition_id, DecisionRow.key.in_(keys))
        )
    }
    known = await session.scalars(select(DecisionRow.key).where(DecisionRow.coalition_id == actor.coalition_id))
    taken = list(known)
    own = priorities_of(record, group)
    decider = await session.scalar(
        select(GroupRow.id).where(GroupRow.coalition_id == actor.coalition_id, GroupRow.key == group.id)
    )
    priority = await session.scalar(
        select(PriorityRow.id).where(
            PriorityRow.coalition_id == actor.coalition_id, PriorityRow.key == (own[0] if len(own) == 1 else None)
        )
    )
    match = pair(old, new)
    found: dict[int, str] = {}
    for was, now_at in match.kept:
        row = rows.get(keys[was])
        if row is not None and old[was] != new[now_at]:
            row.title, row.outcome = cut(new[now_at], MOST_TITLE), new[now_at]
        found[now_at] = keys[was]
    for gone in match.gone:
        row = rows.get(keys[gone])
        if row is not None:
            row.status = "withdrawn"
    for added in match.added:
        key = decisions.next_id(taken)
        taken.append(key)
        found[added] = key
        session.add(
            DecisionRow(
                coalition_id=actor.coalition_id,
                key=key,
                title=cut(new[added], MOST_TITLE),
                decider_id=decider,
                status="decided",
                priority_id=priority,
                options=[],
                decided_on=sitting.occurrence.local.date(),
                outcome=new[added],
                delegated=False,
                note=f"at {with_article(sitting.cadence.name)}",
                extra={},
            )
        )
    return [found[index] for index in range(len(new))]


async def _actions(
    session: AsyncSession,
    actor: Actor,
    record: Record,
    cadence_row: CadenceRow,
    actions: Sequence[NotedAction],
    now: datetime,
) -> list[str]:
    """New actions' ids, in the notes' order. One of another organization's waits for a yes, as any other does."""
    members = {member.id: member for member in record.members}
    today: date = to_local(now, record.coalition.timezone).date()
    keys = [one.id for one in record.actions]
    added: list[str] = []
    writer = Writer(session, actor.coalition_id)
    for action in actions:
        new = action_items.NewAction(title=action.title, owner=action.owner, due=action.due, priority=action.priority)
        key = action_items.next_id([*keys, *added])
        by = members.get(actor.key or "")
        made = action_items.add(key, new, members[action.owner], by, today, cadence_row.key)
        row = await writer.put_new(made)
        added.append(key)
        if not made.accepted:
            await ask_for_yes(session, row, now)
    return added


async def _points(
    session: AsyncSession,
    actor: Actor,
    cadence_row: CadenceRow,
    sitting: Sitting,
    notes: MeetingNotesRow,
    parked: list[str],
    now: datetime,
) -> None:
    """Parked points stand on the next agenda; there an edit changes them, or takes them away."""
    rows = list(
        await session.scalars(
            select(AgendaPointRow)
            .where(AgendaPointRow.notes_id == notes.id, AgendaPointRow.withdrawn.is_(False))
            .order_by(AgendaPointRow.id)
        )
    )
    following = next(iter(next_sittings(sitting.cadence, max(now, sitting.starts_at), 1)), None)
    if following is None:
        if parked:
            raise UserError(
                "This meeting has no date ahead, so nothing can be parked for it. Schedule one first, or clear this.",
                field="parked",
            )
        return
    match = pair([row.text for row in rows], parked)
    for was, now_at in match.kept:
        if rows[was].text != parked[now_at]:
            rows[was].text = parked[now_at]
    for gone in match.gone:
        rows[gone].withdrawn = True
    for added in match.added:
        session.add(
            AgendaPointRow(
                coalition_id=actor.coalition_id,
                cadence_id=cadence_row.id,
                slot=following.ref.slot,
                text=parked[added],
                added_by_id=actor.member_id,
                notes_id=notes.id,
                withdrawn=False,
            )
        )
    if rows or parked:
        await session.flush()
        await refresh_agenda(session, actor.coalition_id, following.ref, now)
