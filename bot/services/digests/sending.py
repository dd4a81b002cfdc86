"""Sending a digest by hand: what it would mean now, and doing it once. Steps for the service of digests.

A week has one digest. Sent before its time, the regular one does not come again; sent once more, it is asked about
first. What a question allows is bound to how many digests its week has, so that the second of two people who press
at once is told what the first one did.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.digests import SendOutcome, SendQuestion, week_of_day
from bot.domain.outbox import Kind, State
from bot.domain.people import zone_of_member
from bot.domain.record import Cadence
from bot.domain.rhythm import next_occurrence, occurrences_between, to_local, to_utc
from bot.domain.wording import monday_of
from bot.services.access import ByActor, Transaction, UseCase
from bot.services.digests.planning import add_digest, cadence_id_of, copies_of
from bot.services.outbox import where_digest_is
from bot.store.checkins import ANSWERS_SUBJECT, ResponseRow, RoundRow, RoundSubjectRow
from bot.store.coalition import CoalitionRow
from bot.store.digests import DigestRow, DigestSendingRow
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow

_INSTANT = timedelta(microseconds=1)


async def question_of(tx: UseCase, coalition: CoalitionRow, cadence: Cadence | None) -> SendQuestion:
    """What sending this digest now would mean."""
    zone = zone_of_member(tx.record, tx.actor.key)
    if cadence is None:
        return SendQuestion(what="none", zone=zone, now=tx.now)
    if not coalition.is_live:
        return SendQuestion(what="off", zone=zone, now=tx.now, name=cadence.name, state=coalition.state)
    today = tx.today
    monday = to_utc(datetime.combine(monday_of(today), time.min), tx.record.coalition.timezone)
    sunday = to_utc(datetime.combine(monday_of(today) + timedelta(days=7), time.min), tx.record.coalition.timezone)
    cadence_id = await cadence_id_of(tx, cadence)
    rows = await tx.values(
        select(DigestRow)
        .where(DigestRow.cadence_id == cadence_id, DigestRow.due_at >= monday, DigestRow.due_at < sunday)
        .order_by(DigestRow.due_at, DigestRow.id)
    )
    ahead = [
        (occurrence, moment)
        for occurrence, moment in occurrences_between(cadence, monday - _INSTANT, sunday - _INSTANT)
        if moment > tx.now
    ]
    # One that was sent early may have been due in another week than the one it belongs to by its slot.
    done = set(
        await tx.session.scalars(
            select(DigestRow.slot).where(
                DigestRow.cadence_id == cadence_id, DigestRow.slot.in_([one.slot for one, _moment in ahead])
            )
        )
    )
    early = next(((one, moment) for one, moment in ahead if one.slot not in done), None)
    usual = next_occurrence(cadence, tx.now)
    asked = SendQuestion(
        what="extra",
        zone=zone,
        now=tx.now,
        name=cadence.name,
        token=f"{cadence.id}:{week_of_day(today)}:{len(rows)}",
        regular_at=usual[1] if usual is not None else None,
        channels=cadence.channels,
        copies=len(await copies_of(tx)),
        open_updates=await _without_update(tx),
    )
    last = rows[-1] if rows else None
    if last is not None and last.published_at is None:
        return replace(asked, what="planned", regular_at=last.due_at, waiting=await _waiting(tx.session, last))
    if last is not None:
        return replace(
            asked, what="again", published_at=last.published_at, sent_by_name=await _sender(tx.session, last)
        )
    if early is not None:
        return replace(asked, what="early", regular_at=early[1])
    return asked


async def send(tx: UseCase, coalition: CoalitionRow, cadence: Cadence, asked: SendQuestion) -> SendOutcome:
    """Plans what `asked` says, at once. The coalition's row is held, so nobody else does it meanwhile."""
    slot = to_local(tx.now, cadence.timezone)
    moved_from = None
    if asked.what == "early" and asked.regular_at is not None:
        occurrence = next(
            one
            for one, moment in occurrences_between(cadence, asked.regular_at - _INSTANT, asked.regular_at)
            if moment == asked.regular_at
        )
        slot = moved_from = occurrence.slot
    digest = await add_digest(tx, coalition, cadence, slot=slot, due_at=tx.now, moved_from=moved_from)
    tx.session.add(
        DigestSendingRow(
            coalition_id=tx.coalition_id,
            digest_id=digest.id,
            member_id=tx.actor.member_id,
            token=asked.token,
            what=asked.what,
            asked_at=tx.now,
        )
    )
    await tx.session.flush()
    wheres = await where_digest_is(tx, digest.id)
    there = [(kind, one) for kind, one in wheres if one.goes_at_once]
    # Channels of priorities are named one by one only where not all of them have it at once.
    to_priorities = all(one.goes_at_once for kind, one in wheres if kind is Kind.CHANNEL_EDITION)
    return SendOutcome(
        already=False,
        zone=asked.zone,
        now=tx.now,
        channels=tuple(
            one.to.removeprefix("#")
            for kind, one in there
            if kind is Kind.ROLL_UP or (kind is Kind.CHANNEL_EDITION and not to_priorities)
        ),
        copies=sum(kind is Kind.DIGEST_COPY for kind, _one in there),
        to_priorities=to_priorities,
        elsewhere=tuple(one for _kind, one in wheres if not one.goes_at_once),
        sent_at=tx.now,
        regular_at=asked.regular_at if asked.what == "early" else None,
    )


async def sent_before(tx: ByActor, token: str, asked: SendQuestion) -> SendOutcome | None:
    """What became of the press that this token allowed, if somebody pressed."""
    found = await tx.session.execute(
        select(DigestSendingRow.asked_at, MemberRow.name, MemberRow.id)
        .outerjoin(MemberRow, MemberRow.id == DigestSendingRow.member_id)
        .where(tx.owns(DigestSendingRow), DigestSendingRow.token == token)
    )
    row = found.first()
    if row is None:
        return None
    asked_at, name, member_id = row
    return SendOutcome(
        already=True,
        zone=asked.zone,
        now=asked.now,
        channels=asked.channels,
        copies=asked.copies,
        sent_at=asked_at,
        sent_by_name=None if member_id == tx.actor.member_id else name,
    )


async def _sender(session: AsyncSession, digest: DigestRow) -> str | None:
    name: str | None = await session.scalar(
        select(MemberRow.name)
        .join(DigestSendingRow, DigestSendingRow.member_id == MemberRow.id)
        .where(DigestSendingRow.digest_id == digest.id)
    )
    return name


async def _waiting(session: AsyncSession, digest: DigestRow) -> str | None:
    """Why a digest that should be out is not."""
    reason: str | None = await session.scalar(
        select(DeliveryRow.reason)
        .where(
            DeliveryRow.digest_id == digest.id,
            DeliveryRow.kind == Kind.ROLL_UP,
            DeliveryRow.state != State.SENT,
            DeliveryRow.reason.is_not(None),
        )
        .limit(1)
    )
    return reason


async def _without_update(tx: Transaction) -> tuple[str, ...]:
    """Names of the priorities whose round is open and has no answer yet."""
    answered = select(ResponseRow.id).where(ANSWERS_SUBJECT)
    names = await tx.session.scalars(
        select(PriorityRow.name)
        .join(RoundSubjectRow, RoundSubjectRow.priority_id == PriorityRow.id)
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .where(
            tx.owns(RoundSubjectRow),
            RoundSubjectRow.opens_at <= tx.now,
            RoundSubjectRow.closes_at > tx.now,
            RoundSubjectRow.closed_at.is_(None),
            # The digest is not about what any other set asks.
            RoundRow.sets_standing.is_not(False),
            ~answered.exists(),
        )
        .group_by(PriorityRow.id, PriorityRow.name)
        .order_by(func.min(RoundSubjectRow.id))
    )
    return tuple(names)
