"""Check-ins as people meet them: what is open for me, its form, and giving an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.checkins import KNOWN, PRIVATE_NOTE, CheckinForm, MyCheckins, NextKey, PromptItem, StandingRoles
from bot.domain.outbox import Item
from bot.domain.packing import unpack
from bot.domain.people import is_away, zone_of_member
from bot.domain.record import Record
from bot.domain.rights import Right, coordinators, readers_of_notes, readers_of_update, readers_on_card
from bot.services.access import Actor, Service
from bot.services.checkins.answers import (
    KeptForNext,
    NotYet,
    Reply,
    Stored,
    answered_meanwhile,
    closed_reply,
    hash_of,
    known_submission,
    mark_of_answer,
    remember,
    show_answer,
    store_answer,
    text_of,
)
from bot.services.checkins.early_answers import early_values, find_next_round, keep_early, rounds_ahead
from bot.services.checkins.forms import check_values, earlier_answer, form_questions, headline_of
from bot.services.checkins.private_notes import own_note
from bot.services.checkins.prompts import Asked, prompt_item, prompt_items
from bot.services.checkins.rounds import run_lines
from bot.services.checkins.subjects import (
    find_subject,
    given_answer,
    is_closed,
    last_to_repeat,
    refuse_stand_in_over_owner,
    require_answerer,
)
from bot.services.checkins.words import drop_words, keep_words, kept_words
from bot.services.people import find_member
from bot.store.checkins import ResponseRow, RoundRow, RoundSubjectRow
from bot.store.coalition import CoalitionRow
from bot.store.priorities import PriorityRow
from bot.store.record import read_record
from bot.store.rhythm import CadenceRow


class Checkins(Service):
    """Use cases around check-ins on priorities."""

    async def mine(self, actor: Actor) -> MyCheckins:
        """What this person may answer now, the next rounds of their own priorities, and what they run."""
        async with self.reading(actor, "checkins.mine") as (session, record, now):
            found = await _mine(session, actor, record, actor.key, now)
            if not actor.standing.may(Right.RUN_CHECKINS):
                return found
            return replace(found, runs=run_lines(record, now), may_add=actor.standing.may(Right.CONFIGURE))

    async def of_member(self, actor: Actor, typed: str) -> MyCheckins:
        """The same for another member, who is mentioned or named: for coordinators, who may answer on their behalf."""
        async with self.reading(actor, "checkins.of_member") as (session, record, now):
            key = await find_member(session, record, actor.coalition_id, typed)
            name = next(member.name for member in record.members if member.id == key)
            found = await _mine(session, actor, record, key, now)
            return replace(found, for_name=name if key != actor.key else None)

    async def form(self, actor: Actor, subject_id: int) -> CheckinForm:
        """The form for one priority, filled with the answer or draft that is there.

        Raises Refused for somebody who may not answer, UserError for a subject that is not known.
        """
        now = self.calendar.now()
        async with self.database.read(actor.coalition_id) as session:
            subject = await find_subject(session, actor, subject_id)
            await require_answerer(session, actor, subject, "checkins.form")
            record = await read_record(session, actor.coalition_id)
            priority = next(item for item in record.priorities if item.id == subject.priority)
            item = await prompt_item(session, record, Item.ASK, subject.row, subject.round, subject.priority, now)
            given = await given_answer(session, subject)
            kept = await kept_words(session, actor, subject.cadence, subject.priority)
            earlier = StandingRoles(record).earlier(
                record.responses, subject.cadence, subject.priority, subject.round.day
            )
            last = earlier[-1] if earlier else None
            initial = await _given_values(session, actor, given) | dict(kept.values if kept is not None else {})
            helper = next(iter(coordinators(record)), None)
            return CheckinForm(
                subject_id=subject.row.id,
                title=subject.questions.title,
                state=item.state,
                priority_name=subject.priority_name,
                zone=zone_of_member(record, actor.key or subject.owner),
                now=now,
                closes_at=subject.row.closes_at,
                next_opens_at=item.next_opens_at,
                readers=item.readers,
                digest_at=item.digest_at,
                headline=headline_of(record, priority, now),
                earlier=earlier_answer(record, last, actor.key, subject.round.day),
                came_true=initial.get("came_true"),
                private_readers=readers_of_notes(record),
                sets_standing=item.sets_standing,
                for_name=subject.owner_name if actor.key != subject.owner else None,
                coordinator=helper.name if helper is not None else None,
                questions=tuple(form_questions(record, priority, subject.questions, last, initial)),
                answer=mark_of_answer(given),
                kept_at=kept.saved_at if kept is not None else None,
                is_anonymous=subject.questions.anonymous,
            )

    async def form_ahead(self, actor: Actor, cadence: str, priority: str) -> CheckinForm:
        """The form of a round that has not opened, filled with what this person wrote for it."""
        async with self.reading(actor) as (session, record, now):
            ahead = find_next_round(record, cadence, priority, now)
            await require_answerer(session, actor, ahead, "checkins.form_ahead")
            about = next(item for item in record.priorities if item.id == priority)
            roles = StandingRoles(record)
            sets_standing = roles.of_cadence(cadence)
            earlier = roles.earlier(record.responses, cadence, priority, ahead.slot.date())
            last = earlier[-1] if earlier else None
            # Words that came too late for the last round count for this one.
            kept = await kept_words(session, actor, cadence, priority)
            early = await early_values(session, actor, cadence, priority)
            initial = dict(early) | dict(kept.values if kept is not None else {})
            helper = next(iter(coordinators(record)), None)
            return CheckinForm(
                subject_id=0,
                title=ahead.questions.title,
                state="ahead",
                priority_name=ahead.priority_name,
                zone=zone_of_member(record, actor.key or ahead.owner),
                now=now,
                closes_at=ahead.closes_at,
                next_opens_at=ahead.opens_at,
                readers=readers_of_update(record, about) if sets_standing else readers_on_card(record, about),
                digest_at=None,
                headline=headline_of(record, about, now),
                earlier=earlier_answer(record, last, actor.key, ahead.slot.date()),
                came_true=initial.get("came_true"),
                private_readers=readers_of_notes(record),
                sets_standing=sets_standing,
                for_name=ahead.owner_name if actor.key != ahead.owner else None,
                coordinator=helper.name if helper is not None else None,
                questions=tuple(form_questions(record, about, ahead.questions, last, initial)),
                ahead=NextKey(cadence, priority, ahead.slot),
                kept_at=kept.saved_at if kept is not None else None,
                is_anonymous=ahead.questions.anonymous,
            )

    async def submit_ahead(self, actor: Actor, key: str, about: NextKey, values: Mapping[str, str | None]) -> Reply:
        """Keeps an answer for the next round; where that has opened meanwhile, it is that round's answer.

        The same form sent again changes nothing.
        """
        async with self.writing(actor) as (session, now):
            subject_id = await session.scalar(
                select(RoundSubjectRow.id)
                .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
                .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
                .join(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
                .where(
                    RoundSubjectRow.coalition_id == actor.coalition_id,
                    CadenceRow.key == about.cadence,
                    PriorityRow.key == about.priority,
                    RoundRow.slot == about.slot,
                )
            )
            if subject_id is not None:
                return await _submit(session, actor, key, subject_id, values, now, "checkins.submit_ahead")
            record = await read_record(session, actor.coalition_id)
            ahead = find_next_round(record, about.cadence, about.priority, now)
            await require_answerer(session, actor, ahead, "checkins.submit_ahead")
            errors = check_values(ahead.questions, values)
            if errors:
                return NotYet(errors)
            await keep_early(session, actor, about.cadence, about.priority, values, now)
            await drop_words(session, actor, about.cadence, about.priority)
            return KeptForNext(
                ahead.priority_name,
                ahead.opens_at,
                ahead.owner_name if actor.key != ahead.owner else None,
                zone_of_member(record, actor.key or ahead.owner),
            )

    async def keep_words(self, actor: Actor, subject_id: int, values: Mapping[str, str | None]) -> None:
        """Keeps what stands in an open form that was not sent, for when it is opened again."""
        now = self.calendar.now()
        async with self.database.write(coalition_id=actor.coalition_id) as session:
            subject = await find_subject(session, actor, subject_id)
            await require_answerer(session, actor, subject, "checkins.keep_words")
            given = await _given_values(session, actor, await given_answer(session, subject))
            if _told(values) == _told(given):
                # The form says only what is already in.
                await drop_words(session, actor, subject.cadence, subject.priority)
                return
            about = subject.cadence, subject.priority
            await keep_words(session, actor, *about, subject.questions, values, now, given=given)

    async def keep_words_ahead(self, actor: Actor, about: NextKey, values: Mapping[str, str | None]) -> None:
        """The same of the form of a round that has not opened."""
        now = self.calendar.now()
        async with self.database.write(coalition_id=actor.coalition_id) as session:
            record = await read_record(session, actor.coalition_id)
            ahead = find_next_round(record, about.cadence, about.priority, now)
            await require_answerer(session, actor, ahead, "checkins.keep_words_ahead")
            given = await early_values(session, actor, about.cadence, about.priority)
            if _told(values) == _told(given):
                await drop_words(session, actor, about.cadence, about.priority)
                return
            await keep_words(session, actor, about.cadence, about.priority, ahead.questions, values, now, given=given)

    async def submit(
        self, actor: Actor, key: str, subject_id: int, values: Mapping[str, str | None], seen: str | None = None
    ) -> Reply:
        """Stores an answer. The same form sent again gets the first reply; with other values it changes the answer.

        `key` identifies the form as it was opened; `values` holds the typed text by question id. `seen` is the mark
        of the answer that the form was opened with: what somebody else answered since is told before it is replaced.
        """
        async with self.writing(actor) as (session, now):
            return await _submit(session, actor, key, subject_id, values, now, "checkins.submit", seen)

    async def repeat_last(self, actor: Actor, key: str, subject_id: int) -> Reply:
        """ "No change": re-affirms the last answer, shown as such, at most twice in a row."""
        async with self.writing(actor) as (session, now):
            subject = await find_subject(session, actor, subject_id, lock=True)
            await require_answerer(session, actor, subject, "checkins.repeat_last")
            before = await known_submission(session, key)
            if before is not None:
                return unpack(Stored, before.reply)
            if is_closed(subject.row, now):
                return await closed_reply(session, actor, subject, now)
            given = await given_answer(session, subject)
            refuse_stand_in_over_owner(actor, subject, given)
            if given is None:
                last = await last_to_repeat(session, actor, subject)
                values = {
                    "assessment": last.assessment,
                    "confidence": text_of(last.confidence),
                    "blocker": last.blocker,
                    "next": last.next,
                }
                await store_answer(session, actor, subject, None, values, now, no_change=True)
            reply = Stored(
                subject.priority_name,
                subject.owner_name if actor.key != subject.owner else None,
                subject.row.closes_at,
                given is not None,
            )
            await remember(session, actor, None, key, "", reply, now)
            await show_answer(session, subject, now)
            return reply


async def _given_values(session: AsyncSession, actor: Actor, given: ResponseRow | None) -> dict[str, str | None]:
    """What an answer says, as its form shows it to this person."""
    if given is None:
        return {}
    values = {name: text_of(getattr(given, name)) for name in KNOWN}
    values |= {name: text_of(value) for name, value in given.extra.items()}
    if given.by_id != actor.member_id:
        # A note to the coordinators is theirs and its writer's, also where somebody else edits the answer.
        values[PRIVATE_NOTE] = await own_note(session, given.id, actor.member_id)
    return values


def _told(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: words for name, value in values.items() if value and (words := value.strip())}


async def _submit(
    session: AsyncSession,
    actor: Actor,
    key: str,
    subject_id: int,
    values: Mapping[str, str | None],
    now: datetime,
    method: str,
    seen: str | None = None,
) -> Reply:
    digest = hash_of(values)
    subject = await find_subject(session, actor, subject_id, lock=True)
    await require_answerer(session, actor, subject, method)
    # The same form, arriving at the same moment, waited for the subject's lock; the first reply is there by now.
    before = await known_submission(session, key)
    if before is not None and before.values_hash == digest:
        return unpack(Stored, before.reply)
    if is_closed(subject.row, now):
        about = subject.cadence, subject.priority
        await keep_words(session, actor, *about, subject.questions, values, now, given={})
        return await closed_reply(session, actor, subject, now)
    given = await given_answer(session, subject)
    refuse_stand_in_over_owner(actor, subject, given)
    errors = check_values(subject.questions, values)
    if errors:
        return NotYet(errors)
    meanwhile = await answered_meanwhile(session, actor, subject, given, seen)
    if meanwhile is not None:
        return meanwhile
    reply = Stored(
        subject.priority_name,
        subject.owner_name if actor.key != subject.owner else None,
        subject.row.closes_at,
        given is not None,
    )
    # Before the answer, so that both are written together.
    await remember(session, actor, before, key, digest, reply, now)
    await store_answer(session, actor, subject, given, values, now, no_change=False)
    await show_answer(session, subject, now)
    return reply


async def _mine(session: AsyncSession, actor: Actor, record: Record, member: str | None, now: datetime) -> MyCheckins:
    """What a member may answer; as stand-in only once the stand-in is asked."""
    rounds = await open_rounds(session, actor, record, member, now)
    shown = tuple(item for item, is_asked in rounds if is_asked)
    open_ones = {(cadence_of_item, item.priority) for item, cadence_of_item in await _with_cadence(session, shown)}
    coalition = await session.get_one(CoalitionRow, actor.coalition_id)
    is_live = coalition.is_live
    return MyCheckins(
        zone=zone_of_member(record, actor.key),
        now=now,
        open=shown,
        ahead=await rounds_ahead(session, actor, record, member, open_ones, now) if member and is_live else (),
        state=coalition.state,
    )


async def _with_cadence(session: AsyncSession, items: tuple[PromptItem, ...]) -> list[tuple[PromptItem, str]]:
    rows = await session.execute(
        select(RoundSubjectRow.id, CadenceRow.key)
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
        .where(RoundSubjectRow.id.in_([item.subject_id for item in items]))
    )
    cadences = {row.id: row.key for row in rows}
    return [(item, cadences[item.subject_id]) for item in items]


async def open_rounds(
    session: AsyncSession, actor: Actor, record: Record, member: str | None, now: datetime
) -> list[tuple[PromptItem, bool]]:
    """Open rounds of a member's own priorities and of those they stand in for, each with whether they are asked."""
    rows = await session.execute(
        select(RoundSubjectRow, RoundRow, PriorityRow.key)
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .join(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
        .where(
            RoundSubjectRow.coalition_id == actor.coalition_id,
            RoundSubjectRow.closed_at.is_(None),
            RoundSubjectRow.opens_at <= now,
            RoundSubjectRow.closes_at > now,
        )
        .order_by(RoundSubjectRow.opens_at, RoundSubjectRow.id)
    )
    asked, are_asked = [], []
    for subject, round_row, priority_key in rows.all():
        priority = next(item for item in record.priorities if item.id == priority_key)
        owner = next(item for item in record.members if item.id == priority.owner)
        if member is None or member not in {owner.id, owner.delegate}:
            continue
        kind = Item.ASK if member == owner.id else Item.DELEGATE
        asked.append(Asked(kind, subject, round_row, priority_key))
        are_asked.append(
            kind == Item.ASK
            or (subject.delegate_at is not None and subject.delegate_at <= now)
            or is_away(owner, round_row.day)
        )
    return list(zip(await prompt_items(session, record, asked, now), are_asked, strict=True))
