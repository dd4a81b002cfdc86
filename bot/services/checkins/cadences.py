"""Check-ins as a whole: card, preview, pausing, and moving or skipping one date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.domain import rhythm
from bot.domain.checkins import (
    CheckinCard,
    CheckinChange,
    CheckinPreview,
    PauseQuestion,
    Upcoming,
    UpcomingRounds,
    preview_of,
)
from bot.domain.endings import end_of
from bot.domain.outbox import Item
from bot.domain.people import Subject, has_rounds, is_pulse, subject_of, zone_of_member
from bot.domain.record import Cadence, Noun, QuestionSet, Record
from bot.domain.rhythm import describe, next_occurrence, occurrences, to_local, to_utc
from bot.domain.rights import (
    EVERYBODY_IN_COALITION,
    READERS_OF_ANSWERS,
    THE_COORDINATORS,
    Right,
    readers_of_own_answers,
)
from bot.domain.vocabularies import AnswerReaders
from bot.domain.wording import all_of
from bot.services.access import Actor, ByActor, Service, UseCase, locked_row
from bot.services.checkins.asking import withdraw
from bot.services.checkins.lookup import RoundLine, find_checkin, newest_round
from bot.services.checkins.owed_messages import owed_items, take_up
from bot.services.checkins.own_answers import answers_page, newest_result
from bot.services.checkins.prompts import Asked, prompt_items
from bot.services.checkins.pulses import count_took_part
from bot.services.checkins.rounds import next_opening
from bot.services.following import follow_meetings
from bot.store.base import id_of
from bot.store.checkins import RoundRow, RoundSubjectRow
from bot.store.rhythm import CadenceRow

CHOICES = 12
_REACH = timedelta(days=400)


class CheckinCadences(Service):
    """Use cases around one recurring check-in."""

    async def show(self, actor: Actor, typed: str) -> CheckinCard:
        """One check-in, with the open updates of whoever asks."""
        async with self.reading(actor, "checkincadences.show") as tx:
            cadence = find_checkin(tx.record, typed)
            lines = await newest_round(tx, cadence)
            owners = {member.id: member for member in tx.record.members}
            open_lines = [line for line in lines if not line.subject.is_over_at(tx.now)]
            mine = [
                Asked(Item.ASK if line.owner == actor.key else Item.DELEGATE, line.subject, line.round, line.topic)
                for line in open_lines
                if actor.key in {line.owner, owners[line.owner].delegate if not line.is_anonymous else None}
            ]
            questions = next((one for one in tx.record.question_sets if one.id == cadence.question_set), None)
            return CheckinCard(
                id=cadence.id,
                name=cadence.name,
                rhythm=describe(cadence),
                title=questions.title if questions is not None else "",
                minutes=questions.minutes if questions is not None else 0,
                next_at=next_opening(tx.record, cadence, tx.now),
                open_until=max((line.subject.closes_at for line in open_lines), default=None),
                answered=await _count_answered(tx, cadence, open_lines),
                asked=len(open_lines),
                is_anonymous=is_pulse(tx.record, cadence),
                mine=await prompt_items(tx, mine),
                paused_at=cadence.paused_at,
                may_run=actor.standing.may(Right.RUN_CHECKINS),
                may_configure=actor.standing.may(Right.CONFIGURE),
                zone=zone_of_member(tx.record, actor.key),
                now=tx.now,
                readers=_readers(tx.record, cadence, questions),
                summary=cadence.summary,
                answers=answers_page(tx, cadence),
                result=newest_result(tx, cadence),
                has_rounds=has_rounds(tx.record, cadence),
                end=end_of(actor.standing, tx.record, Noun.CADENCE, cadence),
            )

    async def preview(self, actor: Actor, typed: str) -> CheckinPreview:
        """The next five dates, who is asked and who stands in, and minutes a week. Nothing is sent by asking."""
        now = self.calendar.now()
        record = await self.read_record(actor, "checkincadences.preview")
        found = preview_of(record, find_checkin(record, typed), now, zone_of_member(record, actor.key))
        return replace(found, may_run=True, may_configure=actor.standing.may(Right.CONFIGURE))

    async def pausing(self, actor: Actor, typed: str) -> PauseQuestion:
        """What a pause would keep back, before it is made. Nothing is changed by asking."""
        async with self.reading(actor, "checkincadences.pausing", to_change=True) as tx:
            cadence = find_checkin(tx.record, typed)
            lines = await newest_round(tx, cadence)
            open_until = [line.subject.closes_at for line in lines if not line.subject.is_over_at(tx.now)]
            row_id = await id_of(tx.session, CadenceRow, actor.coalition_id, cadence.id)
            return PauseQuestion(
                id=cadence.id,
                name=cadence.name,
                owed=await owed_items(tx, cadence_id=row_id),
                open_until=max(open_until, default=None),
                next_at=next_opening(tx.record, cadence, tx.now),
                paused_at=cadence.paused_at,
                zone=zone_of_member(tx.record, actor.key),
                now=tx.now,
            )

    async def pause(self, actor: Actor, typed: str) -> CheckinChange:
        """Nobody is asked or reminded until it is resumed; an open round still takes answers. Twice is once."""
        async with self.writing(actor, "checkincadences.pause") as tx:
            record, cadence, row = await _held(tx, typed)
            paused = rhythm.pause(cadence, tx.now)
            already = paused == cadence
            if not already:
                await tx.writer().put(paused, cadence, row=row)
                subjects = await tx.session.scalars(
                    select(RoundSubjectRow.id)
                    .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
                    .where(RoundRow.cadence_id == row.id, RoundSubjectRow.closed_at.is_(None))
                )
                await withdraw(tx.session, subjects.all())
            return _change("paused", record, actor, cadence, tx.now, at=paused.paused_at, already=already)

    async def resume(self, actor: Actor, typed: str) -> CheckinChange:
        """Asks again from the next date on. Of what came due meanwhile, only an open round counts. Twice is once.

        An open round goes on: what it owes is planned again, and the late rules hold.
        """
        async with self.writing(actor, "checkincadences.resume") as tx:
            record, cadence, row = await _held(tx, typed)
            running = rhythm.resume(cadence)
            already = running == cadence
            if not already:
                await tx.writer().put(running, cadence, row=row)
                await take_up(tx.on(record), row.id)
            found = _change("resumed", record, actor, running, tx.now, already=already)
            owed = await owed_items(tx, cadence_id=row.id)
            return replace(found, next_at=next_opening(record, running, tx.now), owed=owed)

    async def upcoming(self, actor: Actor, typed: str) -> UpcomingRounds:
        """The next dates, to move or skip one of them."""
        async with self.reading(actor, "checkincadences.upcoming", to_change=True) as tx:
            cadence = find_checkin(tx.record, typed)
            start = to_local(tx.now, cadence.timezone)
            planned = await _planned_slots(tx, cadence)
            dates = [
                Upcoming(slot=one.slot, local=one.local, is_moved=one.moved)
                for one in occurrences(cadence, start, start + _REACH)
                if one.slot not in planned
            ]
            return UpcomingRounds(id=cadence.id, name=cadence.name, dates=tuple(dates[:CHOICES]), today=start.date())

    async def skip(self, actor: Actor, typed: str, slot: datetime, seen: datetime | None = None) -> CheckinChange:
        """Leaves one date out: nobody is asked, and nobody misses anything. Twice is once.

        `seen` is when the person believed it to open: moved meanwhile by somebody else, it stays as it is now.
        """
        async with self.writing(actor, "checkincadences.skip") as tx:
            record, cadence, row = await _held(tx, typed)
            is_planned = slot in await _planned_slots(tx, cadence)
            changed = rhythm.skip(cadence, slot, seen, tx.now, is_planned=is_planned)
            await tx.writer().put(changed, cadence, row=row)
            already = changed == cadence
            at = to_utc(slot if already else rhythm.opening_of(cadence, slot), cadence.timezone)
            return replace(_change("skipped", record, actor, changed, tx.now, at=at, already=already), slot=slot)

    async def move(
        self,
        actor: Actor,
        typed: str,
        slot: datetime,
        to: datetime,
        closes_after_hours: int | None = None,
        seen: datetime | None = None,
    ) -> CheckinChange:
        """Lets one date open at another wall time, open for so many hours; None: as long as usual. Twice is once.

        `seen` is when the person believed it to open: moved meanwhile by somebody else, it stays as it is now.

        A shorter round reminds eight hours, and asks stand-ins five hours before its close.
        """
        async with self.writing(actor, "checkincadences.move") as tx:
            record, cadence, row = await _held(tx, typed)
            is_planned = slot in await _planned_slots(tx, cadence)
            changed = rhythm.move(cadence, slot, to, closes_after_hours, seen, tx.now, is_planned=is_planned)
            await tx.writer().put(changed, cadence, row=row)
            digest = next((one for one in record.cadences if one.id == cadence.feeds), None)
            opens_at = to_utc(to, cadence.timezone)
            following = next_occurrence(digest, opens_at) if digest is not None else None
            found = _change("moved", record, actor, changed, tx.now, at=opens_at, already=changed == cadence)
            closes_at = opens_at + timedelta(hours=closes_after_hours or cadence.closes_after_hours)
            return replace(found, until=closes_at, digest_at=following[1] if following is not None else None, slot=slot)

    async def restore(self, actor: Actor, typed: str, slot: datetime) -> CheckinChange:
        """Takes a move or a skip of one date back. Twice is once."""
        async with self.writing(actor, "checkincadences.restore") as tx:
            record, cadence, row = await _held(tx, typed)
            is_planned = slot in await _planned_slots(tx, cadence)
            changed = rhythm.restore(cadence, slot, tx.now, is_planned=is_planned)
            await tx.writer().put(changed, cadence, row=row)
            tx = await tx.read()
            if changed != cadence and await follow_meetings(tx):
                tx = await tx.read()
            now_so = next(one for one in tx.record.cadences if one.id == cadence.id)
            at, already = to_utc(rhythm.opening_of(now_so, slot), cadence.timezone), changed == cadence
            return _change("restored", record, actor, now_so, tx.now, at=at, already=already)


async def _count_answered(tx: UseCase, cadence: Cadence, lines: Sequence[RoundLine]) -> int:
    if lines and lines[0].is_anonymous:
        return await count_took_part(tx, cadence.id, lines[0].round)
    return sum(line.given is not None for line in lines)


def _readers(record: Record, cadence: Cadence, questions: QuestionSet | None) -> str:
    """Who reads what is answered, in words; "" where each thing's own readers do."""
    if questions is None or questions.per_item:
        return ""
    if is_pulse(record, cadence):
        return f"{EVERYBODY_IN_COALITION}, counted and without names, once a round has closed"
    if subject_of(record, cadence) is not Subject.MEMBER:
        return READERS_OF_ANSWERS[questions.readers]
    found = readers_of_own_answers(record, cadence, questions.readers)
    return all_of([*found, THE_COORDINATORS]) if found else READERS_OF_ANSWERS[AnswerReaders.COORDINATORS]


async def _held(tx: ByActor, typed: str) -> tuple[Record, Cadence, CadenceRow]:
    """The check-in that was named, as it is once its row is held."""
    named = find_checkin(await tx.read_present(), typed)
    row = await locked_row(tx, CadenceRow, named.id, "I can't find this check-in anymore.")
    tx = await tx.read()
    return tx.record, find_checkin(tx.record, named.id), row


async def _planned_slots(tx: ByActor, cadence: Cadence) -> set[datetime]:
    """Rounds in which people were asked, or are about to be: these can't be changed any more."""
    slots = await tx.session.scalars(
        select(RoundRow.slot)
        .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
        .where(tx.owns(RoundRow), CadenceRow.key == cadence.id)
    )
    return set(slots)


def _change(
    what: str,
    record: Record,
    actor: Actor,
    cadence: Cadence,
    now: datetime,
    *,
    at: datetime | None = None,
    already: bool = False,
) -> CheckinChange:
    return CheckinChange(
        what=what,
        id=cadence.id,
        name=cadence.name,
        already=already,
        at=at,
        next_at=next_opening(record, cadence, now),
        zone=zone_of_member(record, actor.key),
        now=now,
    )
