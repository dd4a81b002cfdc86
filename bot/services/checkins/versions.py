"""New versions of question sets: an edit leaves what was asked already as it was. Steps for services."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.checkins import edited
from bot.domain.record import QuestionSet, Record
from bot.store.base import id_of
from bot.store.checkins import ResponseRow, RoundRow
from bot.store.rhythm import CadenceRow, QuestionSetRow


async def versions_of(
    session: AsyncSession, coalition_id: int, known: Record, sets: Iterable[QuestionSet], now: datetime
) -> tuple[QuestionSet, ...]:
    """Question sets as they are written, where some of those that are `known` have changed."""
    before = {one.id: one for one in known.question_sets}
    return tuple(
        [
            one
            if before.get(one.id) in {None, one}
            else await new_version(session, coalition_id, before[one.id], one, now)
            for one in sets
        ]
    )


async def new_version(
    session: AsyncSession, coalition_id: int, before: QuestionSet, after: QuestionSet, now: datetime
) -> QuestionSet:
    """What an edit makes of a question set: a new version, where the one before was asked."""
    return edited(before, after, now, is_asked=await _is_asked(session, coalition_id, before))


async def _is_asked(session: AsyncSession, coalition_id: int, questions: QuestionSet) -> bool:
    """Whether a round asks this version, or an answer was given to it of which no round is known."""
    row_id = await id_of(session, QuestionSetRow, coalition_id, questions.id)
    rounds = select(RoundRow.id).where(
        RoundRow.coalition_id == coalition_id,
        RoundRow.question_set_id == row_id,
        RoundRow.questions_version == questions.version,
    )
    since = max((one.until.date() for one in questions.earlier), default=date.min)
    answers = (
        select(ResponseRow.id)
        .join(CadenceRow, CadenceRow.id == ResponseRow.cadence_id)
        .where(
            ResponseRow.coalition_id == coalition_id,
            CadenceRow.question_set_id == row_id,
            ResponseRow.round >= since,
        )
    )
    for asked in (rounds, answers):
        if await session.scalar(asked.limit(1)) is not None:
            return True
    return False
