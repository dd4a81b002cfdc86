"""Check-ins as people meet them: what is open for me, its form, and storing an answer once however often it arrives."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.domain.asking import zone_of_member
from bot.domain.deliveries import Item
from bot.domain.prompts import CheckInForm, PromptItem
from bot.domain.record import QuestionSet
from bot.domain.rights import METHODS, coordinators
from bot.errors import Refused, UserError
from bot.services.actors import Actor
from bot.services.base import Service
from bot.services.checkin_forms import check_values, form_questions, headline_of
from bot.services.content import (
    earlier_responses,
    private_readers_of,
    prompt_item,
    readers_of,
)
from bot.services.updates import queue_updates
from bot.store.cadences import CadenceRow, QuestionSetRow
from bot.store.checkins import DraftRow, ResponseRow, RoundRow, RoundSubjectRow, SubmissionRow
from bot.store.members import MemberRow
from bot.store.priorities import PriorityRow
from bot.store.record_rows import question_set_of
from bot.store.record_view import read_record

# Answers that are columns of their own; whatever else a question set asks is kept beside them.
COLUMNS = ("assessment", "confidence", "moved", "blocker", "ask", "ask_from", "next", "came_true")
CAME_TRUE = ("yes", "in_part", "not_yet")
PRIVATE_NOTE = "for_coordinator"


@dataclass(frozen=True, slots=True)
class Stored:
    """The answer is in. `stands_in_for` names the owner where somebody else answered."""

    priority_name: str
    stands_in_for: str | None
    closes_at: datetime
    edited: bool


@dataclass(frozen=True, slots=True)
class RoundClosed:
    """The round is over; what was written is kept for the next one."""

    closed_at: datetime
    next_opens_at: datetime | None
    coordinator: str | None
    zone: str


@dataclass(frozen=True, slots=True)
class NotYet:
    """The form has mistakes: question id → what to do. Nothing is stored."""

    errors: Mapping[str, str] = field(default_factory=dict)


Reply = Stored | RoundClosed | NotYet


@dataclass(frozen=True, slots=True)
class _Subject:
    """A round's subject with what a press needs of its surroundings: the whole coalition is read only where words
    about it are wanted."""

    row: RoundSubjectRow
    round: RoundRow
    priority: str
    priority_name: str
    owner: str
    owner_name: str
    delegate: str | None
    cadence: str
    questions: QuestionSet


class CheckIns(Service):
    """Use cases around check-ins on priorities."""

    async def open_for(self, actor: Actor) -> tuple[PromptItem, ...]:
        """What this person may answer now: as owner, or as stand-in where the owner is asked too."""
        actor.require("checkins.open_for")
        now = self.calendar.now()
        async with self.database.read() as session:
            record = await read_record(session, actor.coalition_id)
            rows = (
                await session.execute(
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
            ).all()
            found = []
            for subject, round_row, priority_key in rows:
                priority = next(item for item in record.priorities if item.id == priority_key)
                owner = next(item for item in record.members if item.id == priority.owner)
                if actor.key not in {owner.id, owner.delegate}:
                    continue
                kind = Item.ASK if actor.key == owner.id else Item.DELEGATE
                found.append(await prompt_item(session, record, kind, subject, round_row, priority_key, now))
            return tuple(found)

    async def form(self, actor: Actor, subject_id: int) -> CheckInForm:
        """The form for one priority, filled with the answer or draft that is there.

        Raises Refused for somebody who may not answer, UserError for a subject that is not known.
        """
        now = self.calendar.now()
        async with self.database.read() as session:
            subject = await _subject(session, actor, subject_id)
            await _require_answerer(session, actor, subject, "checkins.form")
            record = await read_record(session, actor.coalition_id)
            priority = next(item for item in record.priorities if item.id == subject.priority)
            item = await prompt_item(session, record, Item.ASK, subject.row, subject.round, subject.priority, now)
            given = await _given(session, subject)
            draft = await session.scalar(
                select(DraftRow.values).where(
                    DraftRow.member_id == actor.member_id, DraftRow.subject == subject.priority
                )
            )
            earlier = earlier_responses(record, subject.cadence, subject.priority, subject.round)
            last = earlier[-1] if earlier else None
            initial = {name: _text(getattr(given, name)) for name in COLUMNS} if given is not None else draft or {}
            if given is not None:
                initial |= {name: _text(value) for name, value in given.extra.items()}
                if given.by_id != actor.member_id:
                    # A note to the coordinators is theirs and its writer's, also where somebody else edits the answer.
                    initial.pop(PRIVATE_NOTE, None)
            helper = next(iter(coordinators(record)), None)
            return CheckInForm(
                subject_id=subject.row.id,
                title=subject.questions.title,
                state=item.state,
                priority_name=subject.priority_name,
                zone=zone_of_member(record, actor.key or subject.owner),
                now=now,
                closes_at=subject.row.closes_at,
                next_opens_at=item.next_opens_at,
                readers=readers_of(record, priority),
                digest_at=item.digest_at,
                headline=headline_of(record, priority, now),
                promise=last.next if last is not None else None,
                came_true=initial.get("came_true"),
                private_readers=private_readers_of(record),
                for_name=subject.owner_name if actor.key != subject.owner else None,
                coordinator=helper.name if helper is not None else None,
                questions=tuple(form_questions(record, priority, subject.questions, last, initial)),
            )

    async def submit(self, actor: Actor, key: str, subject_id: int, values: Mapping[str, str | None]) -> Reply:
        """Stores an answer. The same form sent again gets the first reply; with other values it changes the answer.

        `key` identifies the form as it was opened; `values` holds the typed text by question id.
        """
        now = self.calendar.now()
        digest = _hash(values)
        async with self.database.write(actor.author(now)) as session:
            before = await _submission(session, key)
            if before is not None and before.values_hash == digest:
                return _reply_from(before.reply)
            subject = await _subject(session, actor, subject_id, lock=True)
            await _require_answerer(session, actor, subject, "checkins.submit")
            # The same form that came at the same time waited for the subject's lock, and has its first reply by now.
            before = await _submission(session, key)
            if before is not None and before.values_hash == digest:
                return _reply_from(before.reply)
            if _is_closed(subject.row, now):
                await _keep_draft(session, actor, subject, values, now)
                return await _closed_reply(session, actor, subject, now)
            given = await _given(session, subject)
            _refuse_stand_in_over_owner(actor, subject, given)
            errors = check_values(subject.questions, values)
            if errors:
                return NotYet(errors)
            edited = await _store(session, actor, subject, given, values, now, no_change=False)
            reply = Stored(
                subject.priority_name,
                subject.owner_name if actor.key != subject.owner else None,
                subject.row.closes_at,
                edited,
            )
            await _remember(session, actor, before, key, digest, reply, now)
            await queue_updates(session, [subject.row.id], now)
            return reply

    async def repeat_last(self, actor: Actor, key: str, subject_id: int) -> Reply:
        """ "No change": re-affirms the last answer, shown as such, at most twice running."""
        now = self.calendar.now()
        async with self.database.write(actor.author(now)) as session:
            before = await _submission(session, key)
            if before is not None:
                return _reply_from(before.reply)
            subject = await _subject(session, actor, subject_id, lock=True)
            await _require_answerer(session, actor, subject, "checkins.repeat_last")
            before = await _submission(session, key)
            if before is not None:
                return _reply_from(before.reply)
            if _is_closed(subject.row, now):
                return await _closed_reply(session, actor, subject, now)
            given = await _given(session, subject)
            _refuse_stand_in_over_owner(actor, subject, given)
            if given is None:
                last = await _last_to_repeat(session, subject)
                values = {
                    "assessment": last.assessment,
                    "confidence": _text(last.confidence),
                    "blocker": last.blocker,
                    "next": last.next,
                }
                await _store(session, actor, subject, None, values, now, no_change=True)
            reply = Stored(
                subject.priority_name,
                subject.owner_name if actor.key != subject.owner else None,
                subject.row.closes_at,
                given is not None,
            )
            await _remember(session, actor, None, key, "", reply, now)
            await queue_updates(session, [subject.row.id], now)
            return reply


async def _subject(session: AsyncSession, actor: Actor, subject_id: int, *, lock: bool = False) -> _Subject:
    owner, delegate = aliased(MemberRow), aliased(MemberRow)
    query = (
        select(
            RoundSubjectRow,
            RoundRow,
            QuestionSetRow,
            PriorityRow.key.label("priority"),
            PriorityRow.name.label("priority_name"),
            owner.key.label("owner"),
            owner.name.label("owner_name"),
            delegate.key.label("delegate"),
            CadenceRow.key.label("cadence"),
        )
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
        .join(QuestionSetRow, QuestionSetRow.id == CadenceRow.question_set_id)
        .join(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
        .join(owner, owner.id == PriorityRow.owner_id)
        .outerjoin(delegate, delegate.id == owner.delegate_id)
        .where(RoundSubjectRow.id == subject_id, RoundSubjectRow.coalition_id == actor.coalition_id)
    )
    found = (await session.execute(query.with_for_update(of=RoundSubjectRow) if lock else query)).one_or_none()
    if found is None:
        raise UserError("This check-in is not known any more. Type anything to me and I'll show what is open.")
    return _Subject(
        row=found.RoundSubjectRow,
        round=found.RoundRow,
        priority=found.priority,
        priority_name=found.priority_name,
        owner=found.owner,
        owner_name=found.owner_name,
        delegate=found.delegate,
        cadence=found.cadence,
        questions=question_set_of(found.QuestionSetRow),
    )


async def _require_answerer(session: AsyncSession, actor: Actor, subject: _Subject, method: str) -> None:
    """The owner, the owner's stand-in, or a coordinator on the owner's behalf."""
    if actor.key is not None and actor.key in {subject.owner, subject.delegate}:
        return
    if actor.standing.may(METHODS[method], subject.priority):
        return
    record = await read_record(session, actor.coalition_id)
    helper = next(iter(coordinators(record)), None)
    names = " or ".join(name for name in (subject.owner_name, helper.name if helper else None) if name)
    raise Refused(
        f"The update on {subject.priority_name} is given by its owner, the owner's stand-in or a coordinator. "
        f"{names} can help."
    )


async def _last_to_repeat(session: AsyncSession, subject: _Subject) -> ResponseRow:
    """The answer that "no change" repeats. Raises UserError where there is none, or after two repeats in a row."""
    earlier = (
        await session.scalars(
            select(ResponseRow)
            .where(
                ResponseRow.cadence_id == subject.round.cadence_id,
                ResponseRow.priority_id == subject.row.priority_id,
                ResponseRow.round < subject.round.day,
            )
            .order_by(ResponseRow.round.desc())
            .limit(2)
        )
    ).all()
    if not subject.questions.allow_no_change or not earlier:
        raise UserError("There is no earlier answer to repeat. Please answer in your own words this time.")
    if len(earlier) == 2 and all(one.no_change for one in earlier):
        raise UserError("“No change” works at most twice running. Please answer in your own words this time.")
    return earlier[0]


def _is_closed(row: RoundSubjectRow, now: datetime) -> bool:
    return row.closed_at is not None or row.closes_at <= now


async def _given(session: AsyncSession, subject: _Subject) -> ResponseRow | None:
    row: ResponseRow | None = await session.scalar(
        select(ResponseRow).where(
            ResponseRow.cadence_id == subject.round.cadence_id,
            ResponseRow.round == subject.round.day,
            ResponseRow.priority_id == subject.row.priority_id,
        )
    )
    return row


def _refuse_stand_in_over_owner(actor: Actor, subject: _Subject, given: ResponseRow | None) -> None:
    if given is None or given.on_behalf_of_id is not None or actor.member_id == given.by_id:
        return
    if actor.key == subject.delegate:
        raise Refused(f"{subject.owner_name} has answered. Nothing to do.")


async def _store(
    session: AsyncSession,
    actor: Actor,
    subject: _Subject,
    given: ResponseRow | None,
    values: Mapping[str, str | None],
    now: datetime,
    *,
    no_change: bool,
) -> bool:
    """Writes the answer; returns whether it changed one that was there."""
    typed = {name: (value.strip() or None) if value is not None else None for name, value in values.items()}
    owner_id = subject.row.owner_id
    stands_in = actor.key != subject.owner
    extra = {
        question.id: typed[question.id]
        for question in subject.questions.questions
        if question.id not in COLUMNS and typed.get(question.id) is not None
    }
    confidence = typed.get("confidence")
    columns: dict[str, Any] = {name: typed.get(name) for name in COLUMNS if name != "confidence"}
    columns |= {
        "confidence": int(confidence) if confidence else None,
        "by_id": actor.member_id,
        "on_behalf_of_id": owner_id if stands_in else None,
        "no_change": no_change,
        "extra": extra,
    }
    if columns["came_true"] not in CAME_TRUE:
        columns["came_true"] = None
    if given is None:
        session.add(
            ResponseRow(
                coalition_id=actor.coalition_id,
                cadence_id=subject.round.cadence_id,
                round=subject.round.day,
                priority_id=subject.row.priority_id,
                answered_at=now,
                **columns,
            )
        )
    else:
        if given.by_id != actor.member_id and PRIVATE_NOTE in given.extra:
            columns["extra"] = {PRIVATE_NOTE: given.extra[PRIVATE_NOTE]} | extra
        for name, value in columns.items():
            if getattr(given, name) != value:
                setattr(given, name, value)
        given.edited_at = now
    draft = await session.scalar(
        select(DraftRow).where(DraftRow.member_id == actor.member_id, DraftRow.subject == subject.priority)
    )
    if draft is not None:
        await session.delete(draft)
    await session.flush()
    return given is not None


async def _keep_draft(
    session: AsyncSession, actor: Actor, subject: _Subject, values: Mapping[str, str | None], now: datetime
) -> None:
    """What somebody wrote for a round that is over belongs to the next one."""
    kept = {name: value for name, value in values.items() if value}
    if not kept or actor.member_id is None:
        return
    draft = await session.scalar(
        select(DraftRow).where(DraftRow.member_id == actor.member_id, DraftRow.subject == subject.priority)
    )
    if draft is None:
        session.add(
            DraftRow(
                coalition_id=actor.coalition_id,
                member_id=actor.member_id,
                subject=subject.priority,
                values=kept,
                saved_at=now,
            )
        )
    else:
        draft.values, draft.saved_at = kept, now


async def _closed_reply(session: AsyncSession, actor: Actor, subject: _Subject, now: datetime) -> RoundClosed:
    record = await read_record(session, actor.coalition_id)
    item = await prompt_item(session, record, Item.ASK, subject.row, subject.round, subject.priority, now)
    helper = next(iter(coordinators(record)), None)
    return RoundClosed(
        closed_at=subject.row.closes_at,
        next_opens_at=item.next_opens_at,
        coordinator=helper.name if helper is not None else None,
        zone=zone_of_member(record, actor.key or subject.owner),
    )


async def _submission(session: AsyncSession, key: str) -> SubmissionRow | None:
    row: SubmissionRow | None = await session.scalar(
        select(SubmissionRow).where(SubmissionRow.key == key).with_for_update()
    )
    return row


async def _remember(
    session: AsyncSession,
    actor: Actor,
    before: SubmissionRow | None,
    key: str,
    digest: str,
    reply: Stored,
    now: datetime,
) -> None:
    data = {
        "priority_name": reply.priority_name,
        "stands_in_for": reply.stands_in_for,
        "closes_at": reply.closes_at,
        "edited": reply.edited,
    }
    if before is None:
        session.add(
            SubmissionRow(coalition_id=actor.coalition_id, key=key, values_hash=digest, reply=data, created_at=now)
        )
    else:
        before.values_hash, before.reply = digest, data


def _reply_from(data: Mapping[str, Any]) -> Stored:
    return Stored(**data)


def _hash(values: Mapping[str, str | None]) -> str:
    return hashlib.sha256(json.dumps(dict(sorted(values.items())), ensure_ascii=False).encode()).hexdigest()


def _text(value: object) -> str | None:
    return None if value is None else str(value)
