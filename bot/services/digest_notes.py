"""What owners add to their part of a week's digest. Steps for services, in their session."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.digest_parts import Digest
from bot.domain.wording import monday_of
from bot.store.digests import DigestNoteRow
from bot.store.priorities import PriorityRow


async def notes_of(session: AsyncSession, coalition_id: int, week: date) -> dict[str, str]:
    """What was added for the week of a day, by priority."""
    rows = await session.execute(
        select(PriorityRow.key, DigestNoteRow.text)
        .join(DigestNoteRow, DigestNoteRow.priority_id == PriorityRow.id)
        .where(DigestNoteRow.coalition_id == coalition_id, DigestNoteRow.week == monday_of(week))
    )
    return {key: text for key, text in rows if text}


async def with_notes(session: AsyncSession, coalition_id: int, digest: Digest, week: date | None = None) -> Digest:
    """The digest with what was added for the week of a day (None: its own)."""
    notes = await notes_of(session, coalition_id, week or digest.today)
    if not notes:
        return digest
    return replace(digest, priorities=tuple(replace(part, context=notes.get(part.id)) for part in digest.priorities))
