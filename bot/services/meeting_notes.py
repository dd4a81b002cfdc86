"""Meeting notes: the form, the lines as they are understood, and posting them once with what comes of them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.action_line import ActionLineContext, Known
from bot.domain.cadence import to_local
from bot.domain.deliveries import Kind
from bot.domain.meeting_notes import (
    MOST_ACTIONS,
    MOST_DECIDED,
    MOST_PARKED,
    CheckedAction,
    NotedAction,
    NotedLine,
    NotesCheck,
    NotesForm,
    NotesInput,
    NotesPost,
    NotesSaved,
    read_actions,
    read_lines,
)
from bot.domain.meeting_pages import UnknownMeeting
from bot.domain.meetings import (
    MeetingRef,
    Sitting,
    attendees,
    find_meetings,
    group_of,
    next_sittings,
    priorities_of,
)
from bot.domain.record import Cadence, Record
from bot.domain.wording import with_article
from bot.errors import UserError
from bot.services.action_views import known_members, known_priorities
from bot.services.actors import Actor
from bot.services.base import Service
from bot.services.meeting_outcomes import store_notes
from bot.services.meeting_planning import refresh_agenda
from bot.services.meeting_views import (
    NOTES_BEFORE,
    MeetingsView,
    known_cadence,
    known_sitting,
    locked_cadence,
    read_view,
    unknown_meeting,
)
from bot.services.posts import post, refresh_posts
from bot.store.cadences import CadenceRow
from bot.store.checkins import DraftRow, SubmissionRow
from bot.store.coalitions import CoalitionRow
from bot.store.deliveries import DeliveryRow
from bot.store.meetings import MeetingNotesRow
from bot.store.members import MemberRow
from bot.store.record_view import read_record
from bot.store.slack_accounts import SlackAccountRow

KEPT = timedelta(days=7)
_SUBJECT = "notes:"


class MeetingNotes(Service):
    """Use cases around meeting notes."""

    async def find(self, actor: Actor, typed: str) -> NotesForm | UnknownMeeting:
        """The form for the newest occurrence of the meeting that was meant."""
        async with self.database.read() as session:
            view = await self._view(session, actor)
            found = find_meetings(view.record, typed)
            if not found:
                return unknown_meeting(view.record, typed)
            own = [cadence for cadence in found if view.may_see(cadence)] or found
            view.require_notes(own[0])
            last = view.notes_sitting(own[0])
            if last is None:
                raise UserError(f"{own[0].name} has not met yet. Notes are written once it has begun.")
            return await _form(session, actor, view, last)

    async def form(self, actor: Actor, ref: MeetingRef) -> NotesForm:
        """The form for one occurrence, filled with the notes that are there."""
        async with self.database.read() as session:
            view = await self._view(session, actor)
            view.require_notes(known_cadence(view.record, ref.cadence))
            return await _form(session, actor, view, _begun(view, known_sitting(view.record, ref)))

    async def again(self, actor: Actor, token: str) -> NotesForm:
        """The form as it was filled in before it was checked."""
        async with self.database.read() as session:
            view = await self._view(session, actor)
            values = await _kept(session, actor, token)
            ref = _ref_of(values)
            view.require_notes(known_cadence(view.record, ref.cadence))
            there = await _notes_of(session, actor.coalition_id, ref)
            return _as_form(view, known_sitting(view.record, ref), token, _input_of(values), there)

    async def check(self, actor: Actor, token: str, ref: MeetingRef, typed: NotesInput, version: int) -> NotesCheck:
        """The notes as they are understood, kept but not posted. Raises UserError, with its field, for what to mend.

        `version` is that of the notes as the form showed them; 0 where there were none.
        """
        now = self.calendar.now()
        async with self.database.write() as session:
            view = await self._view(session, actor)
            cadence = known_cadence(view.record, ref.cadence)
            view.require_notes(cadence)
            found = _begun(view, known_sitting(view.record, ref))
            actions = await _understood(session, actor, view, cadence, typed)
            there = await _notes_of(session, actor.coalition_id, ref)
            await _keep(session, actor, token, ref, typed, version, now)
            return _as_check(view, found, token, typed, actions, there)

    async def post(self, actor: Actor, token: str) -> NotesSaved:
        """Posts the notes that were kept under `token`, once: decisions are recorded, actions added, parked points put
        on the next agenda. Notes that are there already are edited, if they are as the form showed them."""
        now = self.calendar.now()
        submission = f"{_SUBJECT}{actor.coalition_id}:{token}"
        async with self.database.write(actor.author(now)) as session:
            # One at a time: ids of actions and decisions are one more than the greatest.
            await session.scalar(
                select(CoalitionRow.id).where(CoalitionRow.id == actor.coalition_id).with_for_update(key_share=True)
            )
            view = await self._view(session, actor)
            done = await session.scalar(select(SubmissionRow).where(SubmissionRow.key == submission))
            if done is not None:
                ref = MeetingRef.read(done.reply["ref"])
                assert ref is not None
                return await _saved(session, actor, view, ref, added=done.reply["added"], already=True)
            values = await _kept(session, actor, token)
            ref = _ref_of(values)
            row = await locked_cadence(session, actor, ref.cadence)
            cadence = known_cadence(view.record, ref.cadence)
            view.require_notes(cadence)
            found = _begun(view, known_sitting(view.record, ref))
            there = await _notes_of(session, actor.coalition_id, ref)
            if (there.version if there is not None else 0) != values["version"]:
                # Somebody was faster: what they wrote stands, and this person sees it before they change it.
                return await _saved(session, actor, view, ref, added=0, others=await _author(session, there))
            typed = _input_of(values)
            actions = await _understood(session, actor, view, cadence, typed)
            added = await store_notes(session, actor, view.record, row, found, typed, actions, there, now)
            session.add(
                SubmissionRow(
                    coalition_id=actor.coalition_id,
                    key=submission,
                    values_hash="",
                    reply={"ref": ref.key, "added": added},
                    created_at=now,
                )
            )
            await session.flush()
            await _publish(session, actor.coalition_id, view.record, cadence, ref, now, is_edit=there is not None)
            view = await self._view(session, actor)
            return await _saved(session, actor, view, ref, added=added)

    async def _view(self, session: AsyncSession, actor: Actor) -> MeetingsView:
        record = await read_record(session, actor.coalition_id)
        return await read_view(session, actor, record, self.calendar.now())


async def read_notes_post(session: AsyncSession, row: DeliveryRow, now: datetime) -> NotesPost | None:
    """Notes as they are posted under their agenda."""
    ref = MeetingRef.read(row.about or "")
    notes = await _notes_of(session, row.coalition_id, ref) if ref is not None else None
    if ref is None or notes is None:
        return None
    record = await read_record(session, row.coalition_id)
    return as_post(record, ref, notes, now)


def as_post(record: Record, ref: MeetingRef, notes: MeetingNotesRow, now: datetime) -> NotesPost | None:
    """Notes with names: organizations for people."""
    cadence = next((one for one in record.cadences if one.id == ref.cadence), None)
    if cadence is None:
        return None
    local = next((move.to for move in cadence.moves if move.original == ref.slot), ref.slot)
    members = {member.id: member for member in record.members}
    names = {item.id: item.name for item in record.organizations}
    actions = {action.id: action for action in record.actions}
    lines = []
    for key in notes.actions:
        action = actions.get(key)
        if action is not None and action.status != "cancelled":
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


def _begun(view: MeetingsView, found: Sitting) -> Sitting:
    if found.starts_at - NOTES_BEFORE > view.now:
        raise UserError(f"{found.cadence.name} has not begun. Notes are written from an hour before it on.")
    return found


async def _form(session: AsyncSession, actor: Actor, view: MeetingsView, found: Sitting) -> NotesForm:
    there = await _notes_of(session, actor.coalition_id, found.ref)
    if there is None:
        said = view.answers_of(found.ref)
        # Those who said that they come, and whoever was to come for somebody else.
        came = [key for key, one in said.items() if one.answer == "coming"]
        typed = NotesInput(present=tuple(dict.fromkeys(came)))
    else:
        typed = NotesInput(
            present=tuple(there.present), decided="\n".join(there.decided), parked="\n".join(there.parked)
        )
    return _as_form(view, found, secrets.token_hex(8), typed, there)


def _as_form(
    view: MeetingsView, found: Sitting, token: str, typed: NotesInput, there: MeetingNotesRow | None
) -> NotesForm:
    record = view.record
    names = {member.id: member.name for member in record.members}
    titles = {action.id: action.title for action in record.actions}
    group = group_of(record, found.cadence)
    steering = [item.name for item in record.groups if item.kind == "steering_committee"]
    invited = attendees(record, found.cadence)
    channel = [f"#{group.channel}"] if group is not None and group.channel else []
    return NotesForm(
        token=token,
        ref=found.ref,
        name=found.cadence.name,
        local=found.occurrence.local,
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


def _as_check(
    view: MeetingsView,
    found: Sitting,
    token: str,
    typed: NotesInput,
    actions: Sequence[NotedAction],
    there: MeetingNotesRow | None,
) -> NotesCheck:
    record, names = view.record, view.directory
    group = group_of(record, found.cadence)
    form = _as_form(view, found, token, typed, there)
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


async def _understood(
    session: AsyncSession, actor: Actor, view: MeetingsView, cadence: Cadence, typed: NotesInput
) -> tuple[NotedAction, ...]:
    """The actions of the notes. Raises UserError, with its field, for the first field with something to mend."""
    record = view.record
    if not typed.present:
        raise UserError("Choose at least one person.", field="present")
    unknown = [key for key in typed.present if key not in view.directory.members]
    if unknown:
        raise UserError("I can't find somebody in this list anymore. Choose again.", field="present")
    for field, text, most in (
        ("decided", typed.decided, MOST_DECIDED),
        ("actions", typed.actions, MOST_ACTIONS),
        ("parked", typed.parked, MOST_PARKED),
    ):
        if len(text) > most:
            raise UserError(f"This has {len(text)} characters. {most} fit.", field=field)
    accounts = await session.execute(
        select(SlackAccountRow.user_id, MemberRow.key)
        .join(MemberRow, MemberRow.id == SlackAccountRow.member_id)
        .where(SlackAccountRow.coalition_id == actor.coalition_id)
    )
    known = ActionLineContext(
        members=known_members(record),
        priorities=known_priorities(record),
        accounts={row[0]: row[1] for row in accounts.all()},
        me=actor.key,
    )
    own = priorities_of(record, group_of(record, cadence))
    today: date = to_local(view.now, record.coalition.timezone).date()
    actions, problems = read_actions(typed.actions, known, today, own[0] if len(own) == 1 else None)
    if problems:
        raise UserError(" ".join(problems), field="actions")
    return actions


async def _publish(
    session: AsyncSession,
    coalition_id: int,
    record: Record,
    cadence: Cadence,
    ref: MeetingRef,
    now: datetime,
    *,
    is_edit: bool,
) -> None:
    """The post below its agenda, where the group has a channel; an edit changes the one that is there."""
    group = group_of(record, cadence)
    state = await session.scalar(select(CoalitionRow.state).where(CoalitionRow.id == coalition_id))
    if group is not None and group.channel is not None and state != "draft":
        agenda = await session.scalar(
            select(DeliveryRow).where(
                DeliveryRow.coalition_id == coalition_id,
                DeliveryRow.kind == Kind.AGENDA,
                DeliveryRow.operation == "post",
                DeliveryRow.about == ref.key,
                DeliveryRow.channel == group.channel,
            )
        )
        known = await session.scalar(
            select(DeliveryRow.id).where(
                DeliveryRow.coalition_id == coalition_id,
                DeliveryRow.kind == Kind.NOTES,
                DeliveryRow.operation == "post",
                DeliveryRow.about == ref.key,
            )
        )
        if known is None:
            await post(
                session,
                coalition_id,
                kind=Kind.NOTES,
                about=ref.key,
                channel=group.channel,
                due_at=now,
                now=now,
                thread_of=agenda if agenda is not None and agenda.ts is not None else None,
            )
    if is_edit:
        await refresh_posts(session, coalition_id, Kind.NOTES, ref.key, now)
    await refresh_agenda(session, coalition_id, ref, now)


async def _saved(
    session: AsyncSession,
    actor: Actor,
    view: MeetingsView,
    ref: MeetingRef,
    *,
    added: int,
    already: bool = False,
    others: str | None = None,
) -> NotesSaved:
    notes = await _notes_of(session, actor.coalition_id, ref)
    assert notes is not None
    shown = as_post(view.record, ref, notes, view.now)
    assert shown is not None
    group = group_of(view.record, known_cadence(view.record, ref.cadence))
    return NotesSaved(
        post=shown,
        channel=group.channel if group is not None else None,
        added=added,
        already=already,
        others=others,
        posted_at=notes.edited_at or notes.posted_at,
        reader_zone=view.zone,
    )


async def _author(session: AsyncSession, notes: MeetingNotesRow | None) -> str | None:
    if notes is None or notes.by_id is None:
        return "Somebody"
    return (await session.get_one(MemberRow, notes.by_id)).name


async def _notes_of(session: AsyncSession, coalition_id: int, ref: MeetingRef) -> MeetingNotesRow | None:
    found: MeetingNotesRow | None = await session.scalar(
        select(MeetingNotesRow)
        .join(CadenceRow, CadenceRow.id == MeetingNotesRow.cadence_id)
        .where(
            MeetingNotesRow.coalition_id == coalition_id,
            CadenceRow.key == ref.cadence,
            MeetingNotesRow.slot == ref.slot,
        )
    )
    return found


async def _keep(
    session: AsyncSession, actor: Actor, token: str, ref: MeetingRef, typed: NotesInput, version: int, now: datetime
) -> None:
    """Keeps what was typed for some days; what nobody posted meanwhile goes."""
    mine = DraftRow.member_id == actor.member_id
    await session.execute(
        delete(DraftRow).where(mine, DraftRow.subject.startswith(_SUBJECT), DraftRow.saved_at < now - KEPT)
    )
    values = {
        "ref": ref.key,
        "version": version,
        "present": list(typed.present),
        "decided": typed.decided,
        "actions": typed.actions,
        "parked": typed.parked,
    }
    row = await session.scalar(select(DraftRow).where(mine, DraftRow.subject == f"{_SUBJECT}{token}"))
    if row is not None:
        row.values, row.saved_at = values, now
    else:
        session.add(
            DraftRow(
                coalition_id=actor.coalition_id,
                member_id=actor.member_id,
                subject=f"{_SUBJECT}{token}",
                values=values,
                saved_at=now,
            )
        )
    await session.flush()


async def _kept(session: AsyncSession, actor: Actor, token: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] | None = await session.scalar(
        select(DraftRow.values).where(
            DraftRow.coalition_id == actor.coalition_id,
            DraftRow.member_id == actor.member_id,
            DraftRow.subject == f"{_SUBJECT}{token}",
        )
    )
    if found is None:
        raise UserError("I keep such a form for a week only. Open it again with “meeting notes”.")
    return found


def _ref_of(values: Mapping[str, Any]) -> MeetingRef:
    found = MeetingRef.read(values["ref"])
    assert found is not None
    return found


def _input_of(values: Mapping[str, Any]) -> NotesInput:
    return NotesInput(
        present=tuple(values["present"]),
        decided=values["decided"],
        actions=values["actions"],
        parked=values["parked"],
    )
