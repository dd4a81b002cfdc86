"""What somebody typed for a check-in and did not send, or sent after the close: kept until their own words are in.

It belongs to the next round of the same check-in: its message and its form show it. Steps for services.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.record import QuestionSet
from bot.services.access import ByActor
from bot.services.drafts import put_draft
from bot.store.checkins import DraftRow
from bot.store.database import parameter, prepared
from bot.store.people import MemberRow

_SUBJECT = "words:"


@dataclass(frozen=True, slots=True)
class KeptWords:
    """What was typed, by question, and when; "" where what is in already was emptied."""

    values: Mapping[str, str]
    saved_at: datetime


def words_subject(cadence: str, topic: str) -> str:
    """Under which name such words are kept."""
    return f"{_SUBJECT}{cadence}:{topic}"


async def keep_words(
    tx: ByActor,
    cadence: str,
    topic: str,
    questions: QuestionSet,
    values: Mapping[str, str | None],
    *,
    given: Mapping[str, str | None],
) -> None:
    """Keeps what stands in a form, in place of what was kept; what is empty only where something was `given` already.
    Of an anonymous set nothing is kept by person."""
    told = {name: value if value and value.strip() else "" for name, value in values.items()}
    kept = {name: value for name, value in told.items() if value or given.get(name)}
    if questions.anonymous or tx.actor.member_id is None:
        return
    row = await _row(tx, cadence, topic)
    if not kept:
        if row is not None:
            await tx.session.delete(row)
        return
    put_draft(tx, row, words_subject(cadence, topic), kept)
    await tx.session.flush()


async def kept_words(tx: ByActor, cadence: str, topic: str) -> KeptWords | None:
    """What this person wrote about a priority without sending it in time."""
    row = await _row(tx, cadence, topic)
    return KeptWords(row.values, row.saved_at) if row is not None else None


async def drop_words(tx: ByActor, cadence: str, topic: str) -> None:
    """Forgets words that are in by now, or stand elsewhere."""
    about = {"subject": words_subject(cadence, topic), "priority": topic}
    await tx.session.execute(_DROP, {"coalition": tx.coalition_id, "member": tx.actor.member_id, **about})


async def words_of(
    session: AsyncSession, coalitions: Collection[int], about: Collection[tuple[str, str]]
) -> dict[tuple[str, str, str], KeptWords]:
    """All that is kept about these check-ins and priorities, by them and by who wrote it (ids)."""
    if not about:
        return {}
    subjects = {words_subject(cadence, topic): (cadence, topic) for cadence, topic in about}
    found = {}
    for row, key in await session.execute(_WORDS, {"of": [*coalitions], "about": [*subjects]}):
        words = {name: value for name, value in row.values.items() if value}
        if words:
            found[*subjects[row.subject], key] = KeptWords(words, row.saved_at)
    return found


async def _row(tx: ByActor, cadence: str, topic: str) -> DraftRow | None:
    """The row; one of before check-ins had words of their own stands under the priority alone."""
    about = {"subject": words_subject(cadence, topic), "priority": topic}
    rows = await tx.session.scalars(_KEPT, {"coalition": tx.coalition_id, "member": tx.actor.member_id, **about})
    return rows.first()


_THEIRS = (
    DraftRow.coalition_id == parameter("coalition"),
    DraftRow.member_id == parameter("member"),
    or_(DraftRow.subject == parameter("subject"), DraftRow.subject == parameter("priority")),
)
_WORDS = prepared(
    select(DraftRow, MemberRow.key)
    .join(MemberRow, MemberRow.id == DraftRow.member_id)
    .where(
        DraftRow.coalition_id.in_(parameter("of", expanding=True)),
        DraftRow.subject.in_(parameter("about", expanding=True)),
    )
)
_KEPT = prepared(select(DraftRow).where(*_THEIRS).order_by(DraftRow.saved_at.desc()))
_DROP = prepared(delete(DraftRow).where(*_THEIRS).execution_options(synchronize_session=False))
