"""The rows of notes to the coordinators: kept, worded anew and taken back, whoever brings the words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.checkins import MemberAnswerRow, NoteReadingRow, PrivateNoteRow, ResponseRow


async def keep_note(
    session: AsyncSession,
    answer: ResponseRow | MemberAnswerRow,
    author_id: int,
    text: str | None,
    at: datetime,
    *,
    is_new: bool = False,
) -> None:
    """What somebody wrote for the coordinators beside an answer; worded anew it is unseen again, without words it goes.

    Whoever edits another one's answer leaves that one's note alone. Beside an answer that `is_new` there is none yet.
    """
    note = (
        None
        if is_new
        else await session.scalar(
            select(PrivateNoteRow).where(stands_beside(answer), PrivateNoteRow.author_id == author_id)
        )
    )
    words = (text or "").strip()
    if note is None:
        if words:
            session.add(
                PrivateNoteRow(
                    coalition_id=answer.coalition_id,
                    response_id=answer.id if isinstance(answer, ResponseRow) else None,
                    member_answer_id=answer.id if isinstance(answer, MemberAnswerRow) else None,
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


def stands_beside(answer: ResponseRow | MemberAnswerRow) -> ColumnElement[bool]:
    """That a note stands beside this answer."""
    if isinstance(answer, ResponseRow):
        return PrivateNoteRow.response_id == answer.id
    return PrivateNoteRow.member_answer_id == answer.id


async def author_of_note(session: AsyncSession, answer: ResponseRow | MemberAnswerRow, text: object) -> int:
    """Whose note beside an answer says this; where none does, whoever gave the answer."""
    author: int | None = await session.scalar(
        select(PrivateNoteRow.author_id)
        .where(stands_beside(answer), PrivateNoteRow.text == str(text or "").strip())
        .limit(1)
    )
    return author if author is not None else answer.by_id
