"""What owners add to their part of a week's digest. Steps for services, in their session."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from bot.domain.digests import MOST_CONTEXT, ContextForm, Digest
from bot.domain.known import in_coalition_time
from bot.domain.rights import THE_COORDINATORS, readers_of_update
from bot.domain.typed import Marks, edit_of
from bot.domain.wording import monday_of, one_line
from bot.errors import UserError
from bot.services.access import ByActor, Transaction, UseCase
from bot.store.base import id_of
from bot.store.database import parameter, prepared
from bot.store.digests import DigestNoteRow, DigestRow
from bot.store.priorities import PriorityRow


async def notes_of(tx: Transaction, week: date) -> dict[str, str]:
    """What was added for the week of a day, by priority."""
    rows = await tx.session.execute(_NOTES, {"of": tx.coalition_id, "monday": monday_of(week)})
    return {key: text for key, text in rows if text}


# Built once: each owner's part of a digest asks it.
_NOTES = prepared(
    select(PriorityRow.key, DigestNoteRow.text)
    .join(DigestNoteRow, DigestNoteRow.priority_id == PriorityRow.id)
    .where(DigestNoteRow.coalition_id == parameter("of"), DigestNoteRow.week == parameter("monday"))
)


async def context_form_of(tx: UseCase, priority: str, week: date) -> ContextForm:
    """What was added so far. Raises UserError once the week's digest is out, and for a priority that is not there."""
    found = next((item for item in tx.record.priorities if item.id == priority), None)
    if found is None:
        raise UserError("That priority isn't there anymore.")
    out = await tx.session.scalars(
        select(DigestRow.due_at).where(tx.owns(DigestRow), DigestRow.published_at.is_not(None))
    )
    if any(monday_of(in_coalition_time(tx.record, due_at).date()) == monday_of(week) for due_at in out):
        raise UserError(
            "That week's digest is out, so nothing can be added to it. Your next update carries what is new.",
            field="text",
        )
    notes = await notes_of(tx, week)
    return ContextForm(
        priority=found.id,
        priority_name=found.name,
        week=monday_of(week),
        text=notes.get(found.id),
        readers=(*readers_of_update(tx.record, found), THE_COORDINATORS),
    )


def require_unchanged(there: ContextForm, text: str, opened: Marks | None) -> None:
    """Raises UserError where somebody else wrote something else since the form with these marks was opened."""
    if opened and edit_of(opened, {"text": there.text}, {"text": one_line(text) or None}).clashes:
        said = f"wrote “{there.text}”" if there.text else "took the text out"
        raise UserError(f"Somebody {said} meanwhile. Copy what you wrote, close this and open it again.", field="text")


async def keep_note(tx: ByActor, priority: str, week: date, text: str) -> None:
    """Keeps what is added; the newest text stands, and an empty one takes it out."""
    words = one_line(text)
    if len(words) > MOST_CONTEXT:
        raise UserError(f"This has {len(words)} characters. {MOST_CONTEXT} fit.", field="text")
    priority_id = await id_of(tx.session, PriorityRow, tx.coalition_id, priority)
    row = await tx.session.scalar(
        select(DigestNoteRow).filter_by(coalition_id=tx.coalition_id, priority_id=priority_id, week=monday_of(week))
    )
    if row is None:
        row = DigestNoteRow(
            coalition_id=tx.coalition_id,
            priority_id=priority_id,
            week=monday_of(week),
            member_id=tx.actor.member_id,
            text=words,
            written_at=tx.now,
        )
        tx.session.add(row)
    elif row.text != words:
        row.text, row.member_id, row.written_at = words, tx.actor.member_id, tx.now
    await tx.session.flush()


async def with_notes(tx: Transaction, digest: Digest, week: date | None = None) -> Digest:
    """The digest with what was added for the week of a day (None: its own)."""
    notes = await notes_of(tx, week or digest.today)
    if not notes:
        return digest
    return replace(digest, priorities=tuple(replace(part, context=notes.get(part.id)) for part in digest.priorities))
