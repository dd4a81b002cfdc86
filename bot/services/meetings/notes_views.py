"""Meeting notes as they are shown: their form, the check before they are posted, and the post itself."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from bot.domain.meetings import (
    CheckedAction,
    MeetingRef,
    NotedAction,
    NotedLine,
    NotesCheck,
    NotesForm,
    NotesInput,
    NotesPost,
    NotesSaved,
    Sitting,
    attendees,
    group_of,
    next_sittings,
    read_lines,
)
from bot.domain.outbox import Kind
from bot.domain.record import Cadence, Record, find_actions
from bot.domain.rhythm import to_local
from bot.domain.rights import Right
from bot.domain.typed import Known
from bot.domain.wording import with_article
from bot.services.access import ByActor, Transaction
from bot.services.meetings.views import MeetingsView, known_cadence
from bot.services.outbox import where_posts_are
from bot.store.meetings import MeetingNotesRow
from bot.store.outbox import DeliveryRow
from bot.store.rhythm import CadenceRow


async def notes_of(tx: Transaction, ref: MeetingRef) -> MeetingNotesRow | None:
    """The notes of one occurrence; None before there are some."""
    found: MeetingNotesRow | None = await tx.session.scalar(
        select(MeetingNotesRow)
        .join(CadenceRow, CadenceRow.id == MeetingNotesRow.cadence_id)
        .where(tx.owns(MeetingNotesRow), CadenceRow.key == ref.cadence, MeetingNotesRow.slot == ref.slot)
    )
    return found


async def read_notes_post(tx: Transaction, row: DeliveryRow) -> NotesPost | None:
    """Notes as they are posted under their agenda."""
    ref = MeetingRef.read(row.about or "")
    notes = await notes_of(tx, ref) if ref is not None else None
    if ref is None or notes is None:
        return None
    tx = await tx.read()
    return as_post(tx.record, ref, notes, tx.now)


def as_post(record: Record, ref: MeetingRef, notes: MeetingNotesRow, now: datetime) -> NotesPost | None:
    """Notes with names: organizations for people."""
    cadence = next((one for one in record.cadences if one.id == ref.cadence), None)
    if cadence is None:
        return None
    local = next((move.to for move in cadence.moves if move.original == ref.slot), ref.slot)
    members = {member.id: member for member in record.members}
    names = {item.id: item.name for item in record.everything.organizations}
    actions = {action.id: action for action in find_actions(record, notes.actions)}
    lines = []
    for key in notes.actions:
        action = actions.get(key)
        if action is not None and not action.is_cancelled:
            organization = action.organization or members[action.owner].organization
            lines.append(
                NotedLine(
                    id=key, title=action.title, organization_name=names.get(organization, organization), due=action.due
                )
            )
    present, invited = organizations_of(record, cadence, notes.present)
    return NotesPost(
        ref=ref,
        name=cadence.name,
        local=local,
        zone=cadence.timezone,
        organizations=present,
        of_organizations=invited,
        decided=tuple(notes.decided),
        actions=tuple(lines),
        parked=tuple(notes.parked),
        edited_at=notes.edited_at,
        today=to_local(now, cadence.timezone).date(),
        now=now,
    )


def organizations_of(record: Record, cadence: Cadence, present: Sequence[str]) -> tuple[int, int]:
    """How many organizations were there, and of how many: guests from others count on both sides."""
    home = {member.id: member.organization for member in record.members}
    there = {home[key] for key in present if key in home}
    invited = {home[key] for key in attendees(record, cadence)}
    return (len(there), len(invited | there))


async def read_form(tx: ByActor, view: MeetingsView, found: Sitting) -> NotesForm:
    """The form with the notes that are there; before, with everybody who said that they come."""
    there = await notes_of(tx, found.ref)
    if there is None:
        said = view.answers_of(found.ref)
        # Those who said that they come, and whoever was to come for somebody else.
        came = [key for key, one in said.items() if one.answer == "coming"]
        typed = NotesInput(present=tuple(dict.fromkeys(came)))
    else:
        typed = NotesInput(
            present=tuple(there.present), decided="\n".join(there.decided), parked="\n".join(there.parked)
        )
    return as_form(view, found, secrets.token_hex(8), typed, there)


def as_form(
    view: MeetingsView, found: Sitting, token: str, typed: NotesInput, there: MeetingNotesRow | None
) -> NotesForm:
    """The form with what was typed; `there` are the notes that it edits."""
    record = view.record
    names = {member.id: member.name for member in record.members}
    titles = {one.id: one.title for one in find_actions(record, there.actions if there is not None else ())}
    group = group_of(record, found.cadence)
    steering = [item.name for item in record.groups if item.steers]
    invited = attendees(record, found.cadence)
    channel = [f"#{group.channel}"] if group is not None and group.channel else []
    return NotesForm(
        token=token,
        ref=found.ref,
        name=found.cadence.name,
        local=found.occurrence.local,
        today=to_local(view.now, found.cadence.timezone).date(),
        readers=(*channel, "the coordinators", *(with_article(name) for name in steering)),
        present=tuple(Known(key, names[key]) for key in typed.present if key in names),
        decided=typed.decided,
        actions=typed.actions,
        parked=typed.parked,
        added=tuple(Known(key, titles[key]) for key in (there.actions if there is not None else ()) if key in titles),
        is_edit=there is not None,
        version=there.version if there is not None else 0,
        example=next(iter(invited), "omar"),
    )


def as_check(
    view: MeetingsView,
    found: Sitting,
    token: str,
    typed: NotesInput,
    actions: Sequence[NotedAction],
    there: MeetingNotesRow | None,
) -> NotesCheck:
    """What was typed, as it is understood, before it is posted."""
    record, names = view.record, view.directory
    group = group_of(record, found.cadence)
    form = as_form(view, found, token, typed, there)
    present, invited = organizations_of(record, found.cadence, typed.present)
    following = next(iter(next_sittings(found.cadence, max(view.now, found.starts_at), 1)), None)
    return NotesCheck(
        token=token,
        ref=found.ref,
        name=form.name,
        local=form.local,
        present=tuple(names.name(key) for key in typed.present),
        organizations=present,
        of_organizations=invited,
        decided=read_lines(typed.decided),
        records_decisions=group is not None,
        actions=tuple(_checked_action(view, action) for action in actions),
        added=form.added,
        parked=read_lines(typed.parked),
        next_at=following.starts_at if following is not None else None,
        channel=group.channel if group is not None else None,
        is_edit=form.is_edit,
        reader_zone=view.zone,
        today=to_local(view.now, record.coalition.timezone).date(),
        now=view.now,
    )


def _checked_action(view: MeetingsView, action: NotedAction) -> CheckedAction:
    names = view.directory
    organization = names.organization_of(action.owner)
    return CheckedAction(
        title=action.title,
        owner_name=names.name(action.owner),
        organization_name=names.name(organization),
        due=action.due,
        priority_name=names.priority_name(action.priority),
        is_asked=view.works_elsewhere(action.owner),
    )


async def read_saved(
    tx: ByActor, view: MeetingsView, ref: MeetingRef, *, added: int, already: bool = False, others: str | None = None
) -> NotesSaved:
    """The notes once they are posted, for whoever posted them."""
    notes = await notes_of(tx, ref)
    assert notes is not None
    shown = as_post(view.record, ref, notes, view.now)
    assert shown is not None
    group = group_of(view.record, known_cadence(view.record, ref.cadence))
    posts = await where_posts_are(tx, Kind.NOTES, [ref.key])
    return NotesSaved(
        post=shown,
        channel=group.channel if group is not None else None,
        added=added,
        already=already,
        others=others,
        posted_at=notes.edited_at or notes.posted_at,
        reader_zone=view.zone,
        delivery=next(iter(posts[ref.key]), None),
        may_mend=tx.actor.standing.may(Right.MANAGE_MEMBERS),
    )
