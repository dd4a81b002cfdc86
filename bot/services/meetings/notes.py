"""Meeting notes: taken by a form, their lines understood, kept until they are posted, and posted once with what comes
of them. How they are shown is in `notes_views`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.actions import ActionLineContext
from bot.domain.meetings import (
    MOST_ACTIONS,
    MOST_DECIDED,
    MOST_PARKED,
    MeetingRef,
    NotedAction,
    NotesCheck,
    NotesForm,
    NotesInput,
    NotesSaved,
    Sitting,
    UnknownMeeting,
    find_meetings,
    group_of,
    priorities_of,
    read_actions,
)
from bot.domain.outbox import Kind
from bot.domain.packing import pack
from bot.domain.record import Cadence
from bot.domain.rhythm import to_local
from bot.domain.typed import known_members, known_priorities
from bot.domain.vocabularies import CoalitionState
from bot.errors import UserError
from bot.services.access import Actor, ByActor, OnRecord, Service, one_at_a_time
from bot.services.drafts import Drafts
from bot.services.meetings.notes_views import as_check, as_form, notes_of, read_form, read_saved
from bot.services.meetings.outcomes import store_notes
from bot.services.meetings.planning import refresh_agenda
from bot.services.meetings.views import (
    NOTES_BEFORE,
    MeetingsView,
    known_cadence,
    known_sitting,
    locked_cadence,
    meetings_now,
    unknown_meeting,
)
from bot.services.outbox import post, refresh_posts
from bot.store.checkins import SubmissionRow
from bot.store.coalition import CoalitionRow
from bot.store.meetings import MeetingNotesRow
from bot.store.outbox import DeliveryRow, posts_of
from bot.store.people import MemberRow, keys_by_account


class MeetingNotes(Service):
    """Use cases around meeting notes."""

    async def find(self, actor: Actor, typed: str) -> NotesForm | UnknownMeeting:
        """The form for the newest occurrence of the meeting that was meant."""
        async with self.looking(actor) as tx:
            view = await meetings_now(tx)
            found = find_meetings(view.record, typed)
            if not found:
                return unknown_meeting(view.record, typed)
            own = [cadence for cadence in found if view.may_see(cadence)] or found
            view.require_notes(own[0])
            last = view.notes_sitting(own[0])
            if last is None:
                raise UserError(f"{own[0].name} has not met yet. Notes are written once it has begun.")
            return await read_form(tx, view, last)

    async def form(self, actor: Actor, ref: MeetingRef) -> NotesForm:
        """The form for one occurrence, filled with the notes that are there."""
        async with self.looking(actor, to_change=True) as tx:
            view = await meetings_now(tx)
            view.require_notes(known_cadence(view.record, ref.cadence))
            return await read_form(tx, view, _begun(view, known_sitting(view.record, ref)))

    async def again(self, actor: Actor, token: str) -> NotesForm:
        """The form as it was filled in before it was checked."""
        async with self.looking(actor) as tx:
            view = await meetings_now(tx)
            kept = await kept_notes(tx, token)
            ref = kept.meeting
            view.require_notes(known_cadence(view.record, ref.cadence))
            there = await notes_of(tx, ref)
            return as_form(view, known_sitting(view.record, ref), token, kept.typed, there)

    async def check(self, actor: Actor, token: str, ref: MeetingRef, typed: NotesInput, version: int) -> NotesCheck:
        """The notes as they are understood, kept but not posted. Raises UserError, with its field, for what to mend.

        `version` is that of the notes as the form showed them; 0 where there were none.
        """
        async with self.noting(actor) as tx:
            view = await meetings_now(tx)
            cadence = known_cadence(view.record, ref.cadence)
            view.require_notes(cadence)
            found = _begun(view, known_sitting(view.record, ref))
            actions = await _understood(tx, view, cadence, typed)
            there = await notes_of(tx, ref)
            await keep_notes(tx, token, ref, typed, version)
            return as_check(view, found, token, typed, actions, there)

    async def post(self, actor: Actor, token: str) -> NotesSaved:
        """Posts the notes that were kept under `token`, once: decisions are recorded, actions added, parked points put
        on the next agenda. Notes that are there already are edited, if they are as the form showed them."""
        submission = DRAFTS.subject(f"{actor.coalition_id}:{token}")
        async with self.writing(actor) as tx:
            # One at a time: ids of actions and decisions are one more than the greatest.
            await one_at_a_time(tx)
            view = await meetings_now(tx)
            done = await tx.session.scalar(select(SubmissionRow).where(SubmissionRow.key == submission))
            if done is not None:
                ref = MeetingRef.read(done.reply["ref"])
                assert ref is not None
                return await read_saved(tx, view, ref, added=done.reply["added"], already=True)
            kept = await kept_notes(tx, token)
            ref = kept.meeting
            row = await locked_cadence(tx, ref.cadence)
            cadence = known_cadence(view.record, ref.cadence)
            view.require_notes(cadence)
            found = _begun(view, known_sitting(view.record, ref))
            there = await notes_of(tx, ref)
            if (there.version if there is not None else 0) != kept.version:
                # Somebody was faster: what they wrote stands, and this person sees it before they change it.
                return await read_saved(tx, view, ref, added=0, others=await _author(tx.session, there))
            actions = await _understood(tx, view, cadence, kept.typed)
            added = await store_notes(tx.on(view.unrestricted), row, found, kept.typed, actions, there)
            tx.session.add(
                SubmissionRow(
                    coalition_id=actor.coalition_id,
                    key=submission,
                    values_hash="",
                    reply={"ref": ref.key, "added": added},
                    created_at=tx.now,
                )
            )
            await tx.session.flush()
            await _publish(tx.on(view.unrestricted), cadence, ref, is_edit=there is not None)
            view = await meetings_now(tx)
            return await read_saved(tx, view, ref, added=added)


def _begun(view: MeetingsView, found: Sitting) -> Sitting:
    if found.starts_at - NOTES_BEFORE > view.now:
        raise UserError(f"{found.cadence.name} has not begun. Notes are written from an hour before it on.")
    return found


async def _understood(tx: ByActor, view: MeetingsView, cadence: Cadence, typed: NotesInput) -> tuple[NotedAction, ...]:
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
    known = ActionLineContext(
        members=known_members(record),
        priorities=known_priorities(record),
        accounts=await keys_by_account(tx.session, tx.coalition_id),
        me=tx.actor.key,
    )
    own = priorities_of(record, group_of(record, cadence))
    today: date = to_local(view.now, record.coalition.timezone).date()
    actions, problems = read_actions(typed.actions, known, today, own[0] if len(own) == 1 else None)
    if problems:
        raise UserError(" ".join(problems), field="actions")
    return actions


async def _publish(tx: OnRecord, cadence: Cadence, ref: MeetingRef, *, is_edit: bool) -> None:
    """The post below its agenda, where the group has a channel; an edit changes the one that is there."""
    group = group_of(tx.record, cadence)
    state = await tx.session.scalar(select(CoalitionRow.state).where(CoalitionRow.id == tx.coalition_id))
    if group is not None and group.channel is not None and state != CoalitionState.DRAFT:
        agenda = await tx.session.scalar(
            select(DeliveryRow).where(
                posts_of(tx.coalition_id, Kind.AGENDA),
                DeliveryRow.about == ref.key,
                DeliveryRow.channel == group.channel,
            )
        )
        known = await tx.session.scalar(
            select(DeliveryRow.id).where(posts_of(tx.coalition_id, Kind.NOTES), DeliveryRow.about == ref.key)
        )
        if known is None:
            await post(
                tx,
                Kind.NOTES,
                ref.key,
                channel=group.channel,
                thread_of=agenda if agenda is not None and agenda.ts is not None else None,
            )
    if is_edit:
        await refresh_posts(tx, Kind.NOTES, ref.key)
    await refresh_agenda(tx, ref)


async def _author(session: AsyncSession, notes: MeetingNotesRow | None) -> str | None:
    if notes is None or notes.by_id is None:
        return "Somebody"
    return (await session.get_one(MemberRow, notes.by_id)).name


DRAFTS = Drafts("notes", "I keep such a form for a week only. Open it again with “meeting notes”.")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptNotes:
    """What was typed about one occurrence, and the version of the notes that the form showed."""

    ref: str
    version: int
    present: tuple[str, ...]
    decided: str
    actions: str
    parked: str

    @property
    def meeting(self) -> MeetingRef:
        """The occurrence."""
        found = MeetingRef.read(self.ref)
        assert found is not None
        return found

    @property
    def typed(self) -> NotesInput:
        """As it was typed."""
        return NotesInput(present=self.present, decided=self.decided, actions=self.actions, parked=self.parked)


async def keep_notes(tx: ByActor, token: str, ref: MeetingRef, typed: NotesInput, version: int) -> None:
    """Keeps what was typed for some days; what nobody posted meanwhile goes."""
    await DRAFTS.keep(tx, token, {"ref": ref.key, "version": version, **pack(typed)})


async def kept_notes(tx: ByActor, token: str) -> KeptNotes:
    """What was kept under `token`. Raises UserError once it is gone."""
    return await DRAFTS.kept(tx, token, KeptNotes)
