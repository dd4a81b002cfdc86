"""Stores what was said in a round, once however often it arrives, and keeps what came too late. Steps for services."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.domain.checkins import (
    PRIVATE_NOTE,
    AnsweredBy,
    Names,
    StandingRoles,
    keeping_note,
    said_for,
    said_in,
    summary_about,
    typed_answers,
    with_words,
)
from bot.domain.outbox import Item, Kind
from bot.domain.packing import pack
from bot.domain.people import zone_of_member
from bot.domain.record import MemberAnswer, Response, find_answer
from bot.domain.rights import coordinators
from bot.services.access import ByActor, Transaction
from bot.services.checkins.prompts import prompt_item
from bot.services.checkins.stocktakes import completed_stocktake
from bot.services.checkins.subjects import Given, Subject, is_on_behalf
from bot.services.checkins.words import drop_words
from bot.services.outbox import messages_where, queue_updates_found, spoken_of
from bot.store.checkins import MemberAnswerRow, ResponseRow, RoundRow, RoundSubjectRow, SubmissionRow
from bot.store.database import parameter, prepared
from bot.store.outbox import DeliveryItemRow, DeliveryRow
from bot.store.people import MemberRow
from bot.store.record import Writer, keep_note


@dataclass(frozen=True, slots=True)
class Stored:
    """The answer is in. `stands_in_for` names the owner where somebody else answered. Where somebody was asked for
    themselves (`is_own`), the name is the questions'."""

    priority_name: str
    stands_in_for: str | None
    closes_at: datetime
    edited: bool
    is_own: bool = False
    # The decision that a stocktake asks for, once it is one; "" where whoever answered may not propose it.
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class RoundClosed:
    """The round is over; what was written is kept for the next one."""

    closed_at: datetime
    next_opens_at: datetime | None
    coordinator: str | None
    zone: str
    words_kept: bool = True  # of an anonymous set nothing is kept


@dataclass(frozen=True, slots=True)
class NotYet:
    """The form has mistakes: question id → what to do. Nothing is stored."""

    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeptForNext:
    """The round has not opened: the answer is kept for it and counts from its opening."""

    priority_name: str
    opens_at: datetime
    stands_in_for: str | None
    zone: str
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class AnsweredMeanwhile:
    """Somebody else answered after the form was opened. Sending the form once more replaces that answer."""

    answer: AnsweredBy
    stands_in_for: str | None
    zone: str


Reply = Stored | RoundClosed | NotYet | KeptForNext | AnsweredMeanwhile


async def store_answer(
    tx: ByActor, subject: Subject, given: Given | None, values: Mapping[str, str | None], *, no_change: bool
) -> Given:
    """Writes the answer, in place of an earlier one if there is one."""
    is_owner = tx.actor.key == subject.owner
    assert tx.actor.key is not None
    # An answer to a round that is planned and opens in a moment counts from its opening.
    at = max(tx.now, subject.row.opens_at)
    answer: Response | MemberAnswer
    ids: dict[str, object] = {"by_id": tx.actor.member_id, "edited_at": None if given is None else at}
    if subject.is_own:
        assert not isinstance(given, ResponseRow)
        answers = dict(typed_answers(subject.questions, values))
        if given is not None and given.by_id != tx.actor.member_id and PRIVATE_NOTE in given.answers:
            # A note to the coordinators stays its author's.
            answers[PRIVATE_NOTE] = given.answers[PRIVATE_NOTE]
        answer = MemberAnswer(
            cadence=subject.cadence,
            round=subject.round.day,
            member=subject.topic,
            by=tx.actor.key,
            answers=answers,
            no_change=no_change,
            answered_at=at if given is None else given.answered_at,
        )
    else:
        assert not isinstance(given, MemberAnswerRow)
        said = Response(
            cadence=subject.cadence,
            round=subject.round.day,
            priority=subject.topic,
            by=tx.actor.key,
            on_behalf_of=None if is_owner else subject.owner,
            no_change=no_change,
            answered_at=at if given is None else given.answered_at,
            sets_standing=(given or subject.round).sets_standing,
        )
        answer = with_words(said, subject.questions, values)
        if given is not None and given.by_id != tx.actor.member_id:
            answer = keeping_note(answer, given.extra)
        answer = await completed_stocktake(tx, answer, subject.questions, given.extra if given is not None else {})
        ids["on_behalf_of_id"] = None if is_owner else subject.row.owner_id
    row = await put_answer(tx.session, answer, subject.round, subject.row, given, **ids)
    # "No change" leaves alone what was written and not sent.
    if not no_change:
        await drop_words(tx, subject.cadence, subject.topic)
    if PRIVATE_NOTE in values and tx.actor.member_id is not None:
        await keep_note(tx.session, row, tx.actor.member_id, values[PRIVATE_NOTE], at, is_new=given is None)
    return row


# What speaks of a round's subject, and the round's brief: one after the other, since for either of two conditions
# PostgreSQL looks at every message of years.
_Brief = aliased(DeliveryRow)
_SHOWING = prepared(
    messages_where(
        DeliveryRow.id.in_(
            union_all(
                spoken_of(
                    DeliveryItemRow.coalition_id == parameter("coalition"),
                    DeliveryItemRow.round_subject_id == parameter("subject"),
                ),
                select(_Brief.id).where(
                    _Brief.coalition_id == parameter("coalition"),
                    _Brief.kind == Kind.BRIEF,
                    _Brief.about == parameter("round"),
                ),
                # What was told of a round that is open once more.
                select(_Brief.id).where(
                    _Brief.coalition_id == parameter("coalition"),
                    _Brief.kind == Kind.ROUND_SUMMARY,
                    _Brief.about == parameter("summary"),
                ),
                spoken_of(
                    DeliveryItemRow.coalition_id == parameter("coalition"),
                    DeliveryItemRow.kind == Item.ROUND_SUMMARY,
                    DeliveryItemRow.about == parameter("summary"),
                ),
            )
        )
    )
)


async def show_answer(tx: Transaction, subject: Subject) -> None:
    """Has every message about what was answered show it, and the round's brief too, where it came after all."""
    about = {
        "subject": subject.row.id,
        "coalition": subject.row.coalition_id,
        "round": str(subject.round.id),
        "summary": summary_about(subject.cadence, subject.round.day),
    }
    await queue_updates_found(tx, (await tx.session.scalars(_SHOWING, about)).all())


async def put_answer(
    session: AsyncSession,
    answer: Response | MemberAnswer,
    round_row: RoundRow,
    subject: RoundSubjectRow,
    row: Given | None = None,
    **ids: object,
) -> Given:
    """Writes an answer, whose surroundings' ids are known, in place of the one in `row` if there is one."""
    about = (
        {"member_id": subject.member_id} if isinstance(answer, MemberAnswer) else {"priority_id": subject.priority_id}
    )
    known = {"cadence_id": round_row.cadence_id, **about, **ids}
    writer = Writer(session, subject.coalition_id)
    found: Given = await (writer.put_new(answer, **known) if row is None else writer.put(answer, row=row, **known))
    return found


def mark_of_answer(given: Given | None) -> str:
    """A mark of an answer that changes with each edit; "" where there is none."""
    return "" if given is None else f"{given.id}@{given.edited_at or given.answered_at}"


async def answered_meanwhile(
    tx: ByActor, subject: Subject, given: Given | None, seen: str | None
) -> AnsweredMeanwhile | None:
    """What somebody else has answered since the form with this mark was opened; None if nobody has."""
    if given is None or seen is None or given.by_id == tx.actor.member_id or mark_of_answer(given) == seen:
        return None
    name = await tx.session.scalar(select(MemberRow.name).where(MemberRow.id == given.by_id))
    tx = await tx.read()
    at = given.edited_at or given.answered_at or subject.row.opens_at
    said = AnsweredBy(
        by_name=name or "Somebody",
        at=at,
        assessment=None,
        confidence=None,
        moved=None,
        blocker=None,
        answer=mark_of_answer(given),
    )
    if isinstance(given, MemberAnswerRow):
        more = said_for(tx.record, subject.cadence, subject.round.day, subject.topic, at.date())
        said = replace(said, more=more)
    else:
        found = find_answer(tx.record, subject.cadence, subject.round.day, subject.topic)
        assert found is not None
        answer = StandingRoles(tx.record).resolved(found)
        said = replace(said, more=said_in(subject.questions, answer, Names.of(tx.record), at.date()))
        if answer.sets_standing:
            said = replace(said, **{name: getattr(given, name) for name in _STANDING})
    return AnsweredMeanwhile(
        said,
        subject.owner_name if is_on_behalf(given) else None,
        zone_of_member(tx.record, tx.actor.key or subject.owner),
    )


# What an answer says of how its priority stands, which has places of its own on screens.
_STANDING = ("assessment", "confidence", "moved", "blocker")


async def closed_reply(tx: ByActor, subject: Subject) -> RoundClosed:
    tx = await tx.read()
    item = await prompt_item(tx, Item.ASK, subject.row, subject.round, subject.topic)
    helper = next(iter(coordinators(tx.record)), None)
    return RoundClosed(
        closed_at=subject.row.closes_at,
        next_opens_at=item.next_opens_at,
        coordinator=helper.name if helper is not None else None,
        zone=zone_of_member(tx.record, tx.actor.key or subject.owner),
        words_kept=not subject.questions.anonymous,
    )


_KNOWN_SUBMISSION = prepared(select(SubmissionRow).where(SubmissionRow.key == parameter("of")).with_for_update())


async def known_submission(session: AsyncSession, key: str) -> SubmissionRow | None:
    row: SubmissionRow | None = await session.scalar(_KNOWN_SUBMISSION, {"of": key})
    return row


async def remember(tx: ByActor, before: SubmissionRow | None, key: str, digest: str, reply: Stored) -> None:
    data = pack(reply)
    if before is None:
        tx.session.add(
            SubmissionRow(coalition_id=tx.coalition_id, key=key, values_hash=digest, reply=data, created_at=tx.now)
        )
    else:
        before.values_hash, before.reply = digest, data


def hash_of(values: Mapping[str, str | None]) -> str:
    return hashlib.sha256(json.dumps(dict(sorted(values.items())), ensure_ascii=False).encode()).hexdigest()
