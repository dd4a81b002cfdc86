"""Notes to the coordinators only: kept beside an answer, read by each coordinator, replied to by a letter.

Where they are shown is decided by the screens that ask for them: the brief, a round's status, a priority's card, Home.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.domain.people import LetterForm, NoteReading, PrivateNote, checked_words, replying_to
from bot.domain.rights import Right, Standing
from bot.errors import UserError
from bot.services.access import Actor, ByActor, Service, Transaction
from bot.services.checkins.subjects import Given
from bot.services.outbox import refresh_briefs
from bot.services.people import correct_letters, form_to, write_letters
from bot.store.checkins import MemberAnswerRow, NoteReadingRow, PrivateNoteRow, ResponseRow
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow
from bot.store.record import stands_beside
from bot.store.rhythm import CadenceRow

# For whom somebody else answered.
_PRINCIPAL = case((MemberAnswerRow.by_id != MemberAnswerRow.member_id, MemberAnswerRow.member_id))
NOTE_GONE = "This note isn't there anymore: whoever wrote it has taken it back."


class PrivateNotes(Service):
    """Use cases around notes to the coordinators."""

    async def show(self, actor: Actor, note_id: int) -> PrivateNote:
        """One note, for a coordinator. Raises UserError for one that was taken back."""
        async with self.looking(actor, "privatenotes.show") as tx:
            return await require_note(tx, note_id)

    async def see(self, actor: Actor, note_id: int) -> PrivateNote:
        """[Seen]: kept with who and when; twice is once. Raises UserError for a note that was taken back."""
        async with self.writing(actor, "privatenotes.see", also_ended=True) as tx:
            await keep_seen(tx, note_id)
            return await require_note(tx, note_id)

    async def reply_form(self, actor: Actor, note_id: int) -> LetterForm:
        """The form to write to a note's author. Raises UserError for a note that was taken back, or one's own."""
        async with self.looking(actor, "privatenotes.reply_form", to_change=True) as tx:
            note = await _foreign(tx, note_id)
            tx = await tx.read()
            author = next(member for member in tx.record.members if member.id == note.author)
            return replace(form_to(tx.record, actor, author), note_id=note.id, quoted=note.text)

    async def reply(self, actor: Actor, key: str, note_id: int, text: str) -> tuple[str, ...]:
        """Writes to a note's author, who reads it beside their own words, and keeps that the coordinator has seen it;
        returns the author's name. The same `key` sends once."""
        actor.require("privatenotes.reply")
        words = checked_words(text)
        async with self.writing(actor) as tx:
            await tx.read()  # which says so where the coalition has ended
            note = await _foreign(tx, note_id)
            await correct_letters(tx, key, words)
            await write_letters(tx, key, {note.author: words}, about=replying_to(note.id))
            await keep_seen(tx, note_id)
            return (note.author_name,)


async def _foreign(tx: ByActor, note_id: int) -> PrivateNote:
    note = await require_note(tx, note_id)
    if note.is_own:
        raise UserError("This note is your own.")
    return note


def reads_notes(standing: Standing) -> bool:
    """Whether somebody is one of those whom a note is for."""
    return standing.may(Right.READ_NOTES)


async def own_note(session: AsyncSession, answer: Given, author_id: int | None) -> str | None:
    """What this person wrote to the coordinators beside an answer."""
    text: str | None = await session.scalar(
        select(PrivateNoteRow.text).where(stands_beside(answer), PrivateNoteRow.author_id == author_id)
    )
    return text


async def keep_seen(tx: ByActor, note_id: int) -> None:
    """That this coordinator has seen a note. Raises UserError for one that was taken back."""
    await require_note(tx, note_id)
    there = await tx.session.scalar(select(NoteReadingRow.id).filter_by(note_id=note_id, member_id=tx.actor.member_id))
    if there is None and tx.actor.member_id is not None:
        tx.session.add(
            NoteReadingRow(coalition_id=tx.coalition_id, note_id=note_id, member_id=tx.actor.member_id, seen_at=tx.now)
        )
        await tx.session.flush()
        await refresh_briefs(tx)


async def require_note(tx: ByActor, note_id: int) -> PrivateNote:
    """A note of the actor's coalition. Raises UserError where there is none."""
    found = await notes_for(tx, tx.actor.key, PrivateNoteRow.id == note_id)
    if not found:
        raise UserError(NOTE_GONE)
    return found[0]


async def notes_for(tx: Transaction, reader: str | None, *which: ColumnElement[bool]) -> tuple[PrivateNote, ...]:
    """Notes as this coordinator (a member's id) reads them, the newest first. Whoever calls has asked for the right."""
    author, principal = aliased(MemberRow), aliased(MemberRow)
    rows = await tx.rows(
        select(
            PrivateNoteRow,
            func.coalesce(ResponseRow.round, MemberAnswerRow.round).label("round"),
            func.coalesce(ResponseRow.by_id, MemberAnswerRow.by_id).label("by_id"),
            PriorityRow.key.label("priority"),
            func.coalesce(PriorityRow.name, CadenceRow.name).label("priority_name"),
            CadenceRow.name.label("checkin"),
            author.key.label("author"),
            author.name.label("author_name"),
            principal.name.label("for_name"),
        )
        .outerjoin(ResponseRow, ResponseRow.id == PrivateNoteRow.response_id)
        .outerjoin(MemberAnswerRow, MemberAnswerRow.id == PrivateNoteRow.member_answer_id)
        .outerjoin(PriorityRow, PriorityRow.id == ResponseRow.priority_id)
        .join(CadenceRow, CadenceRow.id == func.coalesce(ResponseRow.cadence_id, MemberAnswerRow.cadence_id))
        .join(author, author.id == PrivateNoteRow.author_id)
        .outerjoin(principal, principal.id == func.coalesce(ResponseRow.on_behalf_of_id, _PRINCIPAL))
        .where(tx.owns(PrivateNoteRow), *which)
        .order_by(PrivateNoteRow.written_at.desc(), PrivateNoteRow.id.desc())
    )
    seen = await _readings(tx.session, [row.PrivateNoteRow.id for row in rows])
    return tuple(
        PrivateNote(
            id=row.PrivateNoteRow.id,
            text=row.PrivateNoteRow.text,
            priority=row.priority,
            priority_name=row.priority_name,
            checkin=row.checkin,
            on=row.round,
            author=row.author,
            author_name=row.author_name,
            for_name=row.for_name if row.by_id == row.PrivateNoteRow.author_id else None,
            written_at=row.PrivateNoteRow.written_at,
            seen=tuple(reading for _key, reading in seen[row.PrivateNoteRow.id]),
            seen_by_reader=reader in {key for key, _reading in seen[row.PrivateNoteRow.id]},
            is_own=row.author == reader,
        )
        for row in rows
    )


async def unseen_by(tx: Transaction, reader: str, began: datetime | None) -> tuple[PrivateNote, ...]:
    """The notes that this coordinator has not said they have seen, the newest first. What is older than
    the coalition's first import (`began`) came with its file and waits for nobody: it stands on the priority's card."""
    seen = (
        select(NoteReadingRow.id)
        .join(MemberRow, MemberRow.id == NoteReadingRow.member_id)
        .where(NoteReadingRow.note_id == PrivateNoteRow.id, MemberRow.key == reader)
        .exists()
    )
    here = [PrivateNoteRow.written_at >= began] if began is not None else []
    return tuple(one for one in await notes_for(tx, reader, ~seen, *here) if one.waits)


async def _readings(session: AsyncSession, notes: Collection[int]) -> dict[int, list[tuple[str, NoteReading]]]:
    """Who has seen which of these notes, by note, each with the member's id."""
    found: dict[int, list[tuple[str, NoteReading]]] = defaultdict(list)
    if not notes:
        return found
    rows = await session.execute(
        select(NoteReadingRow.note_id, NoteReadingRow.seen_at, MemberRow.key, MemberRow.name)
        .join(MemberRow, MemberRow.id == NoteReadingRow.member_id)
        .where(NoteReadingRow.note_id.in_(notes))
        .order_by(NoteReadingRow.seen_at, NoteReadingRow.id)
    )
    for row in rows:
        found[row.note_id].append((row.key, NoteReading(row.name, row.seen_at)))
    return found
