"""Check-ins as people meet them: what is open for me, its form, and giving an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.checkins import (
    DECISION,
    DECISION_ID,
    KNOWN,
    PRIVATE_NOTE,
    CheckinForm,
    MyCheckins,
    NextKey,
    PromptItem,
    StandingRoles,
    asks_for_stocktakes,
    entered_text,
    found_in,
    is_stocktake,
    pickable,
)
from bot.domain.outbox import Item
from bot.domain.packing import unpack
from bot.domain.people import is_away, whose_word, zone_of_member
from bot.domain.record import MemberAnswer, Record, Response
from bot.domain.rights import Right, channel_in_words, coordinators, readers_of_notes, summary_channel
from bot.domain.typed import Known
from bot.services.access import Actor, ByActor, Service, UseCase
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
)
from bot.services.checkins.early_answers import Ahead, early_values, find_next_round, keep_early, rounds_ahead
from bot.services.checkins.forms import earlier_answer, form_questions, headline_of, mistakes_in
from bot.services.checkins.private_notes import own_note
from bot.services.checkins.prompts import Asked, prompt_item, prompt_items, readers_of
from bot.services.checkins.pulses import require_asked
from bot.services.checkins.rounds import run_lines
from bot.services.checkins.subjects import (
    Given,
    Subject,
    find_subject,
    given_answer,
    last_to_repeat,
    refuse_stand_in_over_owner,
    require_answerer,
)
from bot.services.checkins.words import drop_words, keep_words, kept_words
from bot.services.people import find_member
from bot.store.checkins import MemberAnswerRow, ResponseRow, RoundRow, RoundSubjectRow
from bot.store.coalition import CoalitionRow
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow
from bot.store.rhythm import CadenceRow


class Checkins(Service):
    """Use cases around check-ins on priorities, and around those that ask people for themselves."""

    async def mine(self, actor: Actor) -> MyCheckins:
        """What this person may answer now, the next rounds of their own priorities, and what they run."""
        async with self.reading(actor, "checkins.mine") as tx:
            found = await _mine(tx, actor.key)
            if not actor.standing.may(Right.RUN_CHECKINS):
                return found
            offers = bool(tx.record.priorities) and not asks_for_stocktakes(tx.record)
            may_add = actor.standing.may(Right.CONFIGURE)
            return replace(found, runs=run_lines(tx.record, tx.now), may_add=may_add, offers_stocktake=offers)

    async def of_member(self, actor: Actor, typed: str) -> MyCheckins:
        """The same for another member, who is mentioned or named: for coordinators, who may answer on their behalf."""
        async with self.reading(actor, "checkins.of_member") as tx:
            key = await find_member(tx, typed)
            name = next(member.name for member in tx.record.members if member.id == key)
            found = await _mine(tx, key)
            if key == actor.key:
                return found
            # What is asked anonymously is nobody's to answer for somebody.
            shown = tuple(one for one in found.open if not one.is_anonymous)
            return replace(found, open=shown, for_name=name)

    async def search(self, actor: Actor, typed: str, source: str) -> tuple[Known, ...]:
        """What may be picked from a source as an answer, by what was typed; all of it where nothing was."""
        record = await self.read_record(actor, "checkins.search")
        return found_in(pickable(record, actor.standing, actor.key, source), typed)

    async def form(self, actor: Actor, subject_id: int) -> CheckinForm:
        """The form for one priority, or for somebody themselves, filled with the answer or draft that is there.

        Raises Refused for somebody who may not answer, UserError for a subject that is not known.
        """
        async with self.looking(actor) as tx:
            subject = await find_subject(tx, subject_id)
            if subject.is_anonymous:
                await require_asked(tx, subject)
            else:
                await require_answerer(tx, subject, "checkins.form")
            tx = await tx.read()
            item = await prompt_item(tx, Item.ASK, subject.row, subject.round, subject.topic)
            given = await given_answer(tx.session, subject)
            return await _form(
                tx,
                subject,
                (subject.cadence, subject.topic, subject.round.day),
                await _given_values(tx, given),
                subject_id=subject.row.id,
                state=item.state,
                closes_at=subject.row.closes_at,
                next_opens_at=item.next_opens_at,
                readers=item.readers,
                digest_at=item.digest_at,
                sets_standing=item.sets_standing,
                told_in=_told_in(tx, subject),
                answer=mark_of_answer(given),
            )

    async def form_ahead(self, actor: Actor, cadence: str, topic: str) -> CheckinForm:
        """The form of a round that has not opened, filled with what this person wrote for it."""
        async with self.reading(actor, to_change=True) as tx:
            ahead = find_next_round(tx.record, cadence, topic, tx.now)
            await require_answerer(tx, ahead, "checkins.form_ahead")
            sets_standing = StandingRoles(tx.record).of_cadence(cadence)
            return await _form(
                tx,
                ahead,
                (cadence, topic, ahead.slot.date()),
                await early_values(tx, cadence, topic),
                subject_id=0,
                state="ahead",
                closes_at=ahead.closes_at,
                next_opens_at=ahead.opens_at,
                readers=readers_of(tx.record, ahead.cadence, ahead.questions, topic, sets_standing=sets_standing),
                digest_at=None,
                sets_standing=sets_standing,
                ahead=NextKey(cadence, topic, ahead.slot),
            )

    async def submit_ahead(self, actor: Actor, key: str, about: NextKey, values: Mapping[str, str | None]) -> Reply:
        """Keeps an answer for the next round; where that has opened meanwhile, it is that round's answer.

        The same form sent again changes nothing.
        """
        async with self.writing(actor) as tx:
            subject_id = await tx.session.scalar(
                select(RoundSubjectRow.id)
                .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
                .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
                .outerjoin(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
                .outerjoin(MemberRow, MemberRow.id == RoundSubjectRow.member_id)
                .where(
                    tx.owns(RoundSubjectRow),
                    CadenceRow.key == about.cadence,
                    func.coalesce(PriorityRow.key, MemberRow.key) == about.priority,
                    RoundRow.slot == about.slot,
                )
            )
            if subject_id is not None:
                return await _submit(tx, key, subject_id, values, "checkins.submit_ahead")
            tx = await tx.read()
            ahead = find_next_round(tx.record, about.cadence, about.priority, tx.now)
            await require_answerer(tx, ahead, "checkins.submit_ahead")
            errors = await mistakes_in(tx, ahead.questions, values)
            if errors:
                return NotYet(errors)
            await keep_early(tx, about.cadence, about.priority, values)
            await drop_words(tx, about.cadence, about.priority)
            return KeptForNext(
                ahead.topic_name,
                ahead.opens_at,
                ahead.owner_name if actor.key != ahead.owner else None,
                zone_of_member(tx.record, actor.key or ahead.owner),
                ahead.is_own,
            )

    async def keep_words(self, actor: Actor, subject_id: int, values: Mapping[str, str | None]) -> None:
        """Keeps what stands in an open form that was not sent, for when it is opened again."""
        async with self.noting(actor) as tx:
            subject = await find_subject(tx, subject_id)
            if subject.is_anonymous:
                return
            await require_answerer(tx, subject, "checkins.keep_words")
            given = await _given_values(tx, await given_answer(tx.session, subject))
            if _told(values) == _told(given):
                # The form says only what is already in.
                await drop_words(tx, subject.cadence, subject.topic)
                return
            await keep_words(tx, subject.cadence, subject.topic, subject.questions, values, given=given)

    async def keep_words_ahead(self, actor: Actor, about: NextKey, values: Mapping[str, str | None]) -> None:
        """The same of the form of a round that has not opened."""
        async with self.keeping(actor) as tx:
            ahead = find_next_round(tx.record, about.cadence, about.priority, tx.now)
            await require_answerer(tx, ahead, "checkins.keep_words_ahead")
            given = await early_values(tx, about.cadence, about.priority)
            if _told(values) == _told(given):
                await drop_words(tx, about.cadence, about.priority)
                return
            await keep_words(tx, about.cadence, about.priority, ahead.questions, values, given=given)

    async def submit(
        self, actor: Actor, key: str, subject_id: int, values: Mapping[str, str | None], seen: str | None = None
    ) -> Reply:
        """Stores an answer. The same form sent again gets the first reply; with other values it changes the answer.

        `key` identifies the form as it was opened; `values` holds the typed text by question id. `seen` is the mark
        of the answer that the form was opened with: what somebody else answered since is told before it is replaced.
        """
        async with self.writing(actor) as tx:
            return await _submit(tx, key, subject_id, values, "checkins.submit", seen)

    async def repeat_last(self, actor: Actor, key: str, subject_id: int) -> Reply:
        """ "No change": re-affirms the last answer, shown as such, at most twice in a row."""
        async with self.writing(actor) as tx:
            subject = await find_subject(tx, subject_id, lock=True)
            await require_answerer(tx, subject, "checkins.repeat_last")
            before = await known_submission(tx.session, key)
            if before is not None:
                return unpack(Stored, before.reply)
            if subject.row.is_over_at(tx.now):
                return await closed_reply(tx, subject)
            given = await given_answer(tx.session, subject)
            refuse_stand_in_over_owner(actor, subject, given)
            if given is None:
                last = await last_to_repeat(tx, subject)
                values = _repeated(last)
                await store_answer(tx, subject, None, values, no_change=True)
            reply = _stored(tx, subject, given)
            await remember(tx, None, key, "", reply)
            await show_answer(tx, subject)
            return reply


def _repeated(last: Response | MemberAnswer) -> dict[str, str | None]:
    """What "no change" says once more: never what was for that week or for the coordinators only."""
    if isinstance(last, MemberAnswer):
        return {name: entered_text(value) for name, value in last.answers.items() if name != PRIVATE_NOTE}
    return {
        "assessment": last.assessment,
        "confidence": entered_text(last.confidence),
        "blocker": last.blocker,
        "next": last.next,
    }


def _stored(tx: ByActor, subject: Subject, given: Given | None) -> Stored:
    return Stored(
        subject.topic_name,
        subject.owner_name if tx.actor.key != subject.owner else None,
        subject.row.closes_at,
        given is not None,
        subject.is_own,
    )


def _told_in(tx: UseCase, subject: Subject) -> str | None:
    """The channel that is told of an anonymous round once it has closed; None where everybody who is asked is."""
    cadence = next(one for one in tx.record.cadences if one.id == subject.cadence)
    channel = summary_channel(tx.record, cadence, subject.questions.readers)
    return channel_in_words(tx.record, channel) if channel is not None else None


async def _given_values(tx: ByActor, given: Given | None) -> dict[str, str | None]:
    """What an answer says, as its form shows it to this person."""
    if given is None:
        return {}
    if isinstance(given, MemberAnswerRow):
        values = {name: entered_text(value) for name, value in given.answers.items()}
    else:
        values = {name: entered_text(getattr(given, name)) for name in KNOWN}
        values |= {name: entered_text(value) for name, value in given.extra.items()}
    if given.by_id != tx.actor.member_id:
        # A note to the coordinators is theirs and its writer's, also where somebody else edits the answer.
        values[PRIVATE_NOTE] = await own_note(tx.session, given, tx.actor.member_id)
    return values


def _told(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: words for name, value in values.items() if value and (words := value.strip())}


def _whose_word(record: Record, key: str) -> str | None:
    cadence = next((one for one in record.cadences if one.id == key), None)
    return whose_word(record, cadence) if cadence is not None else None


async def _form(
    tx: UseCase, asked: Subject | Ahead, of: tuple[str, str, date], given: Mapping[str, Any], **own: Any
) -> CheckinForm:
    """The form of a round of a check-in about a topic, on a day: filled with what is `given`, and over it with what
    this person typed there and did not send. `own` is what is not the same before a round has opened."""
    cadence, topic, day = of
    about = None if asked.is_own else next(item for item in tx.record.priorities if item.id == topic)
    earlier = StandingRoles(tx.record).earlier(tx.record.responses, cadence, topic, day) if about is not None else []
    last = earlier[-1] if earlier else None
    # Words that came too late for the last round count for the next one.
    kept = await kept_words(tx, cadence, topic)
    initial = dict(given) | dict(kept.values if kept is not None else {})
    helper = next(iter(coordinators(tx.record)), None)
    return CheckinForm(
        title=asked.questions.title,
        priority_name=asked.topic_name,
        is_own=asked.is_own,
        whose_word=_whose_word(tx.record, cadence) if asked.is_own else None,
        zone=zone_of_member(tx.record, tx.actor.key or asked.owner),
        now=tx.now,
        headline=headline_of(tx.record, about, tx.now) if about is not None else None,
        earlier=earlier_answer(tx.record, last, tx.actor.key, day),
        came_true=initial.get("came_true"),
        private_readers=readers_of_notes(tx.record),
        for_name=asked.owner_name if tx.actor.key != asked.owner else None,
        coordinator=helper.name if helper is not None else None,
        questions=tuple(form_questions(tx.record, about, asked.questions, last, initial)),
        kept_at=kept.saved_at if kept is not None else None,
        is_anonymous=asked.is_anonymous,
        **own,
    )


async def _submit(
    tx: ByActor, key: str, subject_id: int, values: Mapping[str, str | None], method: str, seen: str | None = None
) -> Reply:
    digest = hash_of(values)
    subject = await find_subject(tx, subject_id, lock=True)
    await require_answerer(tx, subject, method)
    # The same form, arriving at the same moment, waited for the subject's lock; the first reply is there by now.
    before = await known_submission(tx.session, key)
    if before is not None and before.values_hash == digest:
        return unpack(Stored, before.reply)
    if subject.row.is_over_at(tx.now):
        await keep_words(tx, subject.cadence, subject.topic, subject.questions, values, given={})
        return await closed_reply(tx, subject)
    given = await given_answer(tx.session, subject)
    refuse_stand_in_over_owner(tx.actor, subject, given)
    errors = await mistakes_in(tx, subject.questions, values)
    if errors:
        return NotYet(errors)
    meanwhile = await answered_meanwhile(tx, subject, given, seen)
    if meanwhile is not None:
        return meanwhile
    reply = _stored(tx, subject, given)
    if is_stocktake(subject.questions):
        # What it asks to be decided becomes a decision, of which whoever answers hears at once.
        is_told = isinstance(given, ResponseRow) and DECISION_ID in given.extra
        row = await store_answer(tx, subject, given, values, no_change=False)
        if isinstance(row, ResponseRow) and (values.get(DECISION) or "").strip() and not is_told:
            reply = replace(reply, decision=str(row.extra.get(DECISION_ID) or ""))
        await remember(tx, before, key, digest, reply)
    else:
        # Before the answer, so that both are written together.
        await remember(tx, before, key, digest, reply)
        await store_answer(tx, subject, given, values, no_change=False)
    await show_answer(tx, subject)
    return reply


async def _mine(tx: UseCase, member: str | None) -> MyCheckins:
    """What a member may answer; as stand-in only once the stand-in is asked."""
    rounds = await open_rounds(tx, member)
    shown = tuple(item for item, is_asked in rounds if is_asked)
    open_ones = {(cadence_of_item, item.priority) for item, cadence_of_item in await _with_cadence(tx.session, shown)}
    coalition = await tx.session.get_one(CoalitionRow, tx.coalition_id)
    is_live = coalition.is_live
    return MyCheckins(
        zone=zone_of_member(tx.record, tx.actor.key),
        now=tx.now,
        open=shown,
        ahead=await rounds_ahead(tx, member, open_ones) if member and is_live else (),
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


async def open_rounds(tx: UseCase, member: str | None) -> list[tuple[PromptItem, bool]]:
    """Open rounds of a member's own priorities, of check-ins that ask them for themselves, and of those for whom they
    stand in, each with whether they are asked."""
    rows = await tx.session.execute(
        select(RoundSubjectRow, RoundRow, PriorityRow.key.label("priority"), MemberRow.key.label("member"))
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .outerjoin(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
        .outerjoin(MemberRow, MemberRow.id == RoundSubjectRow.member_id)
        .where(
            tx.owns(RoundSubjectRow),
            RoundSubjectRow.closed_at.is_(None),
            RoundSubjectRow.opens_at <= tx.now,
            RoundSubjectRow.closes_at > tx.now,
        )
        .order_by(RoundSubjectRow.opens_at, RoundSubjectRow.id)
    )
    asked, are_asked = [], []
    owners = {item.id: item.owner for item in tx.record.priorities}
    for subject, round_row, priority_key, member_key in rows.all():
        owner_key = owners[priority_key] if priority_key is not None else member_key
        owner = next(item for item in tx.record.members if item.id == owner_key)
        if member is None or member not in {owner.id, owner.delegate if subject.took_part is None else None}:
            continue
        kind = Item.ASK if member == owner.id else Item.DELEGATE
        asked.append(Asked(kind, subject, round_row, priority_key or member_key))
        are_asked.append(
            kind == Item.ASK
            or (subject.delegate_at is not None and subject.delegate_at <= tx.now)
            or is_away(owner, round_row.day)
        )
    return list(zip(await prompt_items(tx, asked), are_asked, strict=True))
