"""Anonymous check-ins: an answer is stored without its person, who has taken part is written apart, and what a round
was answered is counted and mixed once it has closed for everybody.

Use cases, and steps for other services.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from bot.clock import Calendar
from bot.domain.checkins import (
    MOST_DID,
    PulseDone,
    RoundSummary,
    find_result,
    questions_asked,
    read_summary_about,
    result_of,
    summary_about,
    summary_of_result,
    typed_answers,
)
from bot.domain.outbox import Item, Kind
from bot.domain.people import zone_of_member
from bot.domain.record import Cadence, PulseResult, QuestionSet
from bot.domain.rights import summary_channel
from bot.domain.typed import Marks, marks_of
from bot.errors import UserError
from bot.services.access import Actor, ByActor, OnRecord, Service, Transaction, UseCase
from bot.services.checkins.answers import NotYet, RoundClosed, closed_reply
from bot.services.checkins.forms import mistakes_in
from bot.services.checkins.subjects import Subject, find_subject, has_taken_part, refused_for_others
from bot.services.outbox import offer, post, queue_updates, refresh_items, refresh_posts
from bot.store.base import ids_of
from bot.store.checkins import PulseAnswerRow, PulseResultRow, RoundRow, RoundSubjectRow, new_key
from bot.store.database import Database
from bot.store.people import ErasureRow, MemberRow
from bot.store.rhythm import CadenceRow

# How often at most it is written who has taken part, and how many have to be written together: one alone would tell by
# its transaction which answer came before it.
WRITTEN_EVERY = timedelta(minutes=10)
TOGETHER = 3
# Before a reminder or the close all that is known counts, so that nobody is asked in vain.
NEAR = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class TookPart:
    """The answer is in, and nobody's. `already`: somebody takes part once, and has done so before."""

    name: str  # of the questions
    closes_at: datetime
    zone: str
    already: bool = False


PulseReply = TookPart | RoundClosed | NotYet


class Pulses(Service):
    """Use cases around anonymous check-ins."""

    def __init__(self, database: Database, calendar: Calendar) -> None:
        super().__init__(database, calendar)
        self._written_at = calendar.now()

    async def submit(self, actor: Actor, subject_id: int, values: Mapping[str, str | None]) -> PulseReply:
        """Stores an answer that leads to nobody; `values` holds the typed text by question id. It can't be changed, and
        the same form sent again stores nothing. Raises Refused for anybody else than who is asked."""
        async with self.looking(actor) as tx:
            subject = await find_subject(tx, subject_id)
            await require_asked(tx, subject)
            took_part = await _took_part(tx, subject)
            if has_taken_part(tx, subject.row):
                return _already(took_part)
            if subject.row.is_over_at(tx.now):
                return await closed_reply(tx, subject)
            errors = await mistakes_in(tx, subject.questions, values)
            if errors:
                return NotYet(errors)
            answers = dict(typed_answers(subject.questions, values))
        if not self.database.taking_part.take(subject_id):
            return _already(took_part)
        try:
            is_in = await self._store(actor, subject, answers)
        except BaseException:
            # Where the connection broke at the very commit the answer may be in all the same.
            self.database.taking_part.let_go([subject_id])
            raise
        if is_in:
            return took_part
        self.database.taking_part.let_go([subject_id])
        async with self.looking(actor) as tx:
            return await closed_reply(tx, subject)

    async def _store(self, actor: Actor, subject: Subject, answers: Mapping[str, Any]) -> bool:
        """Writes the answer in a transaction of its own, in which nothing of its person is written or locked. False
        where the round has closed meanwhile."""
        async with self.database.write(coalition_id=actor.coalition_id) as session:
            # Whoever closes the round for everybody waits for this, and this for them.
            await session.scalar(select(RoundRow.id).where(RoundRow.id == subject.round.id).with_for_update(read=True))
            now = self.calendar.now()
            still_open = await session.scalar(
                select(RoundSubjectRow.id).where(
                    RoundSubjectRow.id == subject.row.id,
                    RoundSubjectRow.closed_at.is_(None),
                    RoundSubjectRow.closes_at > now,
                )
            )
            if still_open is None:
                return False
            await session.execute(
                insert(PulseAnswerRow).values(
                    random_key=new_key(),
                    coalition_id=actor.coalition_id,
                    round_id=subject.round.id,
                    day=subject.round.day,
                    answers=answers,
                )
            )
            return True

    async def write_down(self, *, everything: bool = False) -> int:
        """Writes who has taken part, several together and without a moment; returns how many. `everything`: also those
        who would wait for company, as when this process ends."""
        held = self.database.taking_part.held
        now = self.calendar.now()
        is_time = everything or not self._written_at <= now < self._written_at + WRITTEN_EVERY
        if not held:
            return 0
        async with self.database.write() as session:
            # Of somebody who was erased since, nobody is to know; another process did that, maybe.
            erased = select(ErasureRow.member_id).where(ErasureRow.coalition_id == RoundSubjectRow.coalition_id)
            known = select(RoundSubjectRow).where(
                RoundSubjectRow.id.in_(held), RoundSubjectRow.member_id.not_in(erased)
            )
            rows = (await session.scalars(known)).all()
            by_round: dict[tuple[int, int], list[RoundSubjectRow]] = defaultdict(list)
            for row in rows:
                if not row.is_over_at(now):
                    by_round[row.coalition_id, row.round_id].append(row)
            waiting: set[int] = set()
            written = 0
            for (coalition_id, _round_id), found in sorted(by_round.items()):
                ids = [row.id for row in found]
                if not everything and not _is_near(found, now) and (len(ids) < TOGETHER or not is_time):
                    waiting.update(ids)
                    continue
                # One statement, whose order is that of the rows and not of who came first.
                await session.execute(
                    update(RoundSubjectRow)
                    .where(RoundSubjectRow.id.in_(sorted(ids)))
                    .values(took_part=True)
                    .execution_options(synchronize_session=False)
                )
                await queue_updates(Transaction(session, coalition_id, now), sorted(ids))
                written += len(ids)
        if is_time:
            self._written_at = now
        # What has closed meanwhile, or is gone, nobody asks about any more.
        self.database.taking_part.let_go(held - waiting)
        return written

    async def done_form(self, actor: Actor, about: str) -> PulseDone:
        """What was done about what a round was answered, to be written. Raises UserError for an unknown round."""
        async with self.reading(actor, "pulses.done_form") as tx:
            return _done(tx, _found(tx, about))

    async def say_done(self, actor: Actor, about: str, text: str, seen: Marks) -> RoundSummary:
        """Writes what was done, which the next digest tells once; without words it is taken back. What somebody else
        wrote meanwhile is told instead of replaced. The same twice is once."""
        words = text.strip()
        if len(words) > MOST_DID:
            raise UserError(f"Shorten this to {MOST_DID} characters; it has {len(words)}.", field="did")
        async with self.changing(actor, "pulses.say_done") as tx:
            key, day = read_summary_about(about)
            row = await tx.session.scalar(
                select(PulseResultRow)
                .join(CadenceRow, CadenceRow.id == PulseResultRow.cadence_id)
                .where(tx.owns(PulseResultRow), CadenceRow.key == key, PulseResultRow.round == day)
                .with_for_update(of=PulseResultRow)
            )
            tx = await tx.read()
            before = _found(tx, about)
            if words == (before.did or ""):
                return _told(tx, before)
            if before.did is not None and marks_of({"did": before.did}) != seen:
                raise UserError(f"Somebody wrote this meanwhile: “{before.did}” Open the form anew.", field="did")
            after = replace(before, did=words or None, did_at=(before.did_at or tx.now) if words else None)
            await tx.writer().put(after, before, row=row)
            await refresh_posts(tx, Kind.ROUND_SUMMARY, about)
            await refresh_items(tx, [Item.ROUND_SUMMARY], [about])
            return _told(tx, after)


def _found(tx: OnRecord, about: str) -> PulseResult:
    key, day = read_summary_about(about)
    result = find_result(tx.record, key, day)
    if result is None:
        raise UserError("I can't find what came of this round anymore.")
    return result


def _done(tx: UseCase, result: PulseResult) -> PulseDone:
    name = next(one.name for one in tx.record.cadences if one.id == result.cadence)
    about = summary_about(result.cadence, result.round)
    return PulseDone(about=about, name=name, on=result.round, today=tx.today, did=result.did)


def _told(tx: UseCase, result: PulseResult) -> RoundSummary:
    name = next(one.name for one in tx.record.cadences if one.id == result.cadence)
    found = summary_of_result(result, name, tx.today)
    assert found is not None
    return replace(found, may_say=True)


def _is_near(found: Collection[RoundSubjectRow], now: datetime) -> bool:
    moments = [at for row in found for at in (row.reminder_at, row.closes_at) if at is not None]
    return any(now <= at <= now + NEAR for at in moments)


def _already(took_part: TookPart) -> TookPart:
    return TookPart(took_part.name, took_part.closes_at, took_part.zone, already=True)


async def _took_part(tx: ByActor, subject: Subject) -> TookPart:
    record = (await tx.read()).record
    return TookPart(subject.topic_name, subject.row.closes_at, zone_of_member(record, subject.owner))


async def require_asked(tx: ByActor, subject: Subject) -> None:
    """An anonymous check-in is answered by whoever is asked, for themselves. Raises Refused for anybody else."""
    if not subject.is_anonymous:
        raise UserError("This check-in is answered by name. Open it anew from its message.")
    if tx.actor.key != subject.owner:
        raise await refused_for_others(tx)


async def count_took_part(tx: OnRecord, cadence: str, round_row: RoundRow) -> int:
    """How many have taken part in an anonymous round of a check-in (its id)."""
    result = find_result(tx.record, cadence, round_row.day)
    if result is not None:
        return result.answered
    found = await tx.session.scalar(
        select(func.count(PulseAnswerRow.random_key)).where(PulseAnswerRow.round_id == round_row.id)
    )
    return found or 0


async def count_up(tx: Transaction, round_ids: Collection[int], chance: Random) -> None:
    """What anonymous rounds were answered is counted and mixed, once they have closed for everybody: single answers and
    who has taken part go in the same transaction. Then it is told, once."""
    rounds = await tx.rows(
        select(RoundRow.id, RoundRow.day, CadenceRow.key)
        .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
        .join(RoundSubjectRow, RoundSubjectRow.round_id == RoundRow.id)
        .where(RoundRow.id.in_(round_ids), RoundSubjectRow.took_part.is_not(None))
        .group_by(RoundRow.id, RoundRow.day, CadenceRow.key)
        .having(func.count(RoundSubjectRow.id) == func.count(RoundSubjectRow.closed_at))
        .order_by(RoundRow.id)
    )
    for round_id, day, key in rounds:
        # Whoever is just storing an answer is waited for.
        await tx.session.scalar(select(RoundRow.id).where(RoundRow.id == round_id).with_for_update())
        tx = await tx.read()
        cadence = next(one for one in tx.record.cadences if one.id == key)
        questions = questions_asked(tx.record, key, day, None)
        answers = await tx.values(select(PulseAnswerRow.answers).where(PulseAnswerRow.round_id == round_id))
        subjects = await tx.rows(_ASKED.where(RoundSubjectRow.round_id == round_id))
        asked = [member_id for member_id, asked_at in subjects if asked_at is not None]
        await _forget_answers(tx, round_id)
        if questions is None or any((one.cadence, one.round) == (key, day) for one in tx.record.pulses):
            continue
        result = result_of(tx.record, cadence, questions, day, answers, asked=len(asked), chance=chance)
        await tx.writer().put_new(result)
        if answers:
            await _tell(await tx.read(), cadence, questions, day, asked)


_ASKED = select(RoundSubjectRow.member_id, RoundSubjectRow.asked_at).order_by(RoundSubjectRow.id)


async def _forget_answers(tx: Transaction, round_id: int) -> None:
    """Single answers go, and everybody's row says the same from now on and was written at the same moment."""
    await tx.session.execute(
        delete(PulseAnswerRow).where(PulseAnswerRow.round_id == round_id).execution_options(synchronize_session=False)
    )
    await tx.session.execute(
        update(RoundSubjectRow)
        .where(RoundSubjectRow.round_id == round_id)
        .values(took_part=False)
        .execution_options(synchronize_session=False)
    )


async def _tell(
    tx: OnRecord, cadence: Cadence, questions: QuestionSet, day: date, asked: Collection[int | None]
) -> None:
    about = summary_about(cadence.id, day)
    channel = summary_channel(tx.record, cadence, questions.readers)
    if channel is not None:
        await post(tx, Kind.ROUND_SUMMARY, about, channel=channel)
        return
    ids = await ids_of(tx.session, MemberRow, tx.coalition_id)
    present = {ids[member.id] for member in tx.record.present}
    for member_id in sorted(present.intersection(asked)):
        await offer(tx, member_id, Item.ROUND_SUMMARY, about)
