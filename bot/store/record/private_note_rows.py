"""The rows of notes to the coordinators: kept, worded anew and taken back, whoever brings the words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.checkins import NoteReadingRow, PrivateNoteRow, ResponseRow


async def keep_note(
    session: AsyncSession, answer: ResponseRow, author_id: int, text: str | None, at: datetime, *, is_new: bool = False
) -> None:
    """What somebody wrote for the coordinators beside an answer; worded anew it is unseen again, without words it goes.

    Whoever edits another one's answer leaves that one's note alone. Beside an answer that `is_new` there is none yet.
    """
    note = (
        None
        if is_new
        else await session.scalar(
            select(PrivateNoteRow).where(PrivateNoteRow.response_id == answer.id, PrivateNoteRow.author_id == author_id)
        )
    )
    words = (text or "").strip()
    if note is None:
        if words:
            session.add(
                PrivateNoteRow(
                    coalition_id=answer.coalition_id,
                    response_id=answer.id,
                    author_id=author_id,
                    text=words,
                    written_at=at,
                )
            )
            await session.flush()
        return
    if note.text == words:
        return
    for reading in await session.scalars(select(NoteReadingRow).where(NoteReadingRow.note_id == note.id)):
        await session.delete(reading)
    await session.flush()
    if words:
        note.text, note.written_at = words, at
    else:
        await session.delete(note)
    await session.flush()


async def author_of_note(session: AsyncSession, answer: ResponseRow, text: object) -> int:
    """Whose note beside an answer says this; where none does, whoever gave the answer."""
    author: int | None = await session.scalar(
        select(PrivateNoteRow.author_id)
        .where(PrivateNoteRow.response_id == answer.id, PrivateNoteRow.text == str(text or "").strip())
        .limit(1)
    )
    return author if author is not None else answer.by_id
