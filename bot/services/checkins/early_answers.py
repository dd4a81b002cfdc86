"""Answers for a round that has not opened: kept as drafts, and turned into its answer when the round is planned.

So an early answer belongs to the next round, even if that is moved, and counts from its opening. Steps for services.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.domain.checkins import PRIVATE_NOTE, NextRound, StandingRoles, typed_answers, update_on, with_words
from bot.domain.people import Topic, is_pulse, sends_checkins, topics_of, zone_of_member
from bot.domain.record import Cadence, MemberAnswer, QuestionSet, Record, Response, in_common
from bot.domain.rhythm import next_occurrence, window, zone_of
from bot.errors import UserError
from bot.services.access import ByActor, Transaction, UseCase
from bot.services.checkins.answers import put_answer
from bot.services.checkins.stocktakes import completed_stocktake
from bot.services.drafts import put_draft
from bot.store.checkins import DraftRow, RoundRow, RoundSubjectRow
from bot.store.people import MemberRow
from bot.store.record import keep_note

_SUBJECT = "early:"


@dataclass(frozen=True, slots=True)
class Ahead:
    """The next round of one topic, a priority or a member, with those who may answer it."""

    cadence: Cadence
    questions: QuestionSet
    slot: datetime
    opens_at: datetime
    closes_at: datetime
    topic: str
    topic_name: str
    owner: str
    owner_name: str
    delegate: str | None
    is_own: bool
    is_anonymous: bool

    @property
    def update(self) -> str:
        """What is asked for, in words."""
        return update_on(self.topic_name, is_own=self.is_own)


def next_round(record: Record, cadence: Cadence, topic: Topic, now: datetime) -> Ahead | None:
    """The round of this topic that opens next; None where none does."""
    owner = next(member for member in record.members if member.id == topic.owner)
    zone = zone_of(cadence, zone_of_member(record, owner.id))
    following = next_occurrence(cadence, now, zone)
    questions = next((one for one in record.question_sets if one.id == cadence.question_set), None)
    if following is None or questions is None or not sends_checkins(record, cadence):
        return None
    occurrence, opens_at = following
    return Ahead(
        cadence=cadence,
        questions=questions,
        slot=occurrence.slot,
        opens_at=opens_at,
        closes_at=window(cadence, occurrence, zone).closes_at,
        topic=topic.id,
        topic_name=questions.title if topic.is_member else topic.name,
        owner=owner.id,
        owner_name=owner.name,
        delegate=owner.delegate,
        is_own=topic.is_member,
        is_anonymous=questions.anonymous,
    )


def find_next_round(record: Record, cadence_key: str, topic_key: str, now: datetime) -> Ahead:
    """The same by ids. Raises UserError where there is no such round any more."""
    cadence = next((one for one in record.cadences if one.id == cadence_key), None)
    topics = topics_of(record, cadence) if cadence is not None else ()
    topic = next((one for one in topics if one.id == topic_key), None)
    found = next_round(record, cadence, topic, now) if cadence is not None and topic is not None else None
    if found is None:
        raise UserError("This check-in has no next round anymore. Type anything to me and I'll show what is open.")
    return found


async def rounds_ahead(tx: UseCase, member: str, open_ones: set[tuple[str, str]]) -> tuple[NextRound, ...]:
    """The next round of each priority that this member owns, and of each check-in that asks them for themselves, where
    it has no open round; `open_ones` names those."""
    found = [
        ahead
        for cadence in tx.record.cadences
        # Of an anonymous one nothing is kept by person, so nothing can be written ahead.
        if sends_checkins(tx.record, cadence) and not is_pulse(tx.record, cadence)
        for topic in topics_of(tx.record, cadence)
        if topic.owner == member and (cadence.id, topic.id) not in open_ones
        if (ahead := next_round(tx.record, cadence, topic, tx.now)) is not None
    ]
    roles = StandingRoles(tx.record)
    written = set(
        await tx.session.scalars(
            select(DraftRow.subject).where(
                tx.owns(DraftRow), DraftRow.subject.in_([subject_of(one.cadence.id, one.topic) for one in found])
            )
        )
    )
    return tuple(
        NextRound(
            cadence=one.cadence.id,
            is_written=subject_of(one.cadence.id, one.topic) in written,
            priority=one.topic,
            priority_name=one.topic_name,
            title=one.questions.title if not roles.of_cadence(one.cadence.id) else None,
            **in_common(NextRound, one, "cadence"),
        )
        for one in sorted(found, key=lambda one: one.opens_at)
    )


async def early_values(tx: ByActor, cadence: str, topic: str) -> Mapping[str, str]:
    """What this person wrote for the next round."""
    found: Mapping[str, str] | None = await tx.session.scalar(
        select(DraftRow.values).filter_by(
            coalition_id=tx.coalition_id, member_id=tx.actor.member_id, subject=subject_of(cadence, topic)
        )
    )
    return found or {}


async def keep_early(tx: ByActor, cadence: str, topic: str, values: Mapping[str, str | None]) -> None:
    """Keeps an answer for the next round; a second one by the same person replaces it."""
    kept = {name: value for name, value in values.items() if value}
    subject = subject_of(cadence, topic)
    mine = select(DraftRow).filter_by(member_id=tx.actor.member_id, subject=subject)
    put_draft(tx, await tx.session.scalar(mine.with_for_update()), subject, kept)
    await tx.session.flush()


async def early_answers_of(tx: Transaction, cadence: Cadence) -> Collection[str]:
    """The topics of this check-in for whose next round somebody has written an answer."""
    prefix = subject_of(cadence.id, "")
    found = await tx.session.scalars(
        select(DraftRow.subject).where(tx.owns(DraftRow), DraftRow.subject.startswith(prefix, autoescape=True))
    )
    return {subject.removeprefix(prefix) for subject in found}


async def take_early_answer(
    tx: Transaction,
    round_row: RoundRow,
    subject: RoundSubjectRow,
    cadence: Cadence,
    questions: QuestionSet,
    topic: Topic,
) -> bool:
    """Makes what was written early the round's answer, preferring the owner's own. Returns whether there was any."""
    session = tx.session
    drafts = (
        await session.execute(
            select(DraftRow, MemberRow.key)
            .join(MemberRow, MemberRow.id == DraftRow.member_id)
            .where(
                DraftRow.coalition_id == subject.coalition_id,
                DraftRow.subject == subject_of(cadence.id, topic.id),
            )
            .order_by(DraftRow.saved_at.desc(), DraftRow.id.desc())
        )
    ).all()
    if not drafts:
        return False
    taken, by = next(((draft, key) for draft, key in drafts if key == topic.owner), drafts[0])
    answer: Response | MemberAnswer
    if topic.is_member:
        answer = MemberAnswer(
            cadence=cadence.id,
            round=round_row.day,
            member=topic.id,
            by=by,
            answers=typed_answers(questions, taken.values),
            answered_at=subject.opens_at,
        )
        row = await put_answer(session, answer, round_row, subject, by_id=taken.member_id)
    else:
        said = Response(
            cadence=cadence.id,
            round=round_row.day,
            priority=topic.id,
            by=by,
            on_behalf_of=topic.owner if by != topic.owner else None,
            answered_at=subject.opens_at,
            sets_standing=round_row.sets_standing,
        )
        answer = await completed_stocktake(tx, with_words(said, questions, taken.values), questions, {})
        behalf = subject.owner_id if by != topic.owner else None
        row = await put_answer(session, answer, round_row, subject, by_id=taken.member_id, on_behalf_of_id=behalf)
    for draft, _key in drafts:
        # A note to the coordinators counts even if the answer beside it is not taken.
        await keep_note(session, row, draft.member_id, draft.values.get(PRIVATE_NOTE), subject.opens_at)
        await session.delete(draft)
    await session.flush()
    return True


def subject_of(cadence: str, topic: str) -> str:
    """Under which name an early answer is kept: a check-in is either about priorities or about members, so that ids of
    the two are never mixed up."""
    return f"{_SUBJECT}{cadence}:{topic}"
