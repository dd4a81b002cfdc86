"""What open rounds owe people as long as nobody answers: listed before a pause, and planned again after it. Steps for
services."""

from __future__ import annotations

from sqlalchemy import func, or_, select, true

from bot.domain.checkins import Owed
from bot.domain.outbox import Item, State
from bot.domain.people import Step, chain_of, topics_of, zone_of_member
from bot.domain.vocabularies import AT_REST
from bot.services.access import OnRecord, Transaction
from bot.services.checkins.asking import ON_ITS_WAY
from bot.services.outbox import in_round, offer_all
from bot.store.base import ids_of
from bot.store.checkins import (
    ANSWERS_MEMBER,
    ANSWERS_SUBJECT,
    IS_UNANSWERED,
    MemberAnswerRow,
    ResponseRow,
    RoundRow,
    RoundSubjectRow,
)
from bot.store.outbox import DeliveryItemRow, DeliveryRow, select_items
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow
from bot.store.rhythm import CadenceRow


async def owed_items(tx: Transaction, *, cadence_id: int | None = None) -> tuple[Owed, ...]:
    """What open rounds have planned for people whose update is not in, by time; of one check-in or of all."""
    rows = await tx.session.execute(
        select_items(
            DeliveryItemRow.kind,
            MemberRow.key,
            MemberRow.name,
            func.coalesce(PriorityRow.name, CadenceRow.name).label("about"),
            DeliveryRow.due_at,
        )
        .join(MemberRow, MemberRow.id == DeliveryRow.member_id)
        .join(RoundSubjectRow, RoundSubjectRow.id == DeliveryItemRow.round_subject_id)
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
        .outerjoin(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
        .outerjoin(ResponseRow, ANSWERS_SUBJECT)
        .outerjoin(MemberAnswerRow, ANSWERS_MEMBER)
        .where(
            tx.owns(RoundSubjectRow),
            RoundRow.cadence_id == cadence_id if cadence_id is not None else true(),
            RoundSubjectRow.closed_at.is_(None),
            RoundSubjectRow.closes_at > tx.now,
            PriorityRow.assessment.is_(None) | PriorityRow.assessment.not_in(AT_REST),
            # Of an anonymous round nobody reads who has taken part.
            or_(IS_UNANSWERED, RoundSubjectRow.took_part.is_not(None)),
            DeliveryItemRow.left_out.is_(None),
            DeliveryRow.operation == "post",
            DeliveryRow.state == State.PLANNED,
        )
        .order_by(DeliveryRow.due_at, DeliveryRow.id, DeliveryItemRow.position)
    )
    return tuple(
        Owed(
            what=row.kind,
            member=row.key,
            name=row.name,
            priority_name=row.about,
            at=max(row.due_at, tx.now),
        )
        for row in rows
    )


async def take_up(tx: OnRecord, cadence_id: int) -> None:
    """Plans once more what the open rounds of a check-in owe: what was withdrawn when it was paused, the late rules
    deciding at its claim. What arrived, or is planned, is not planned a second time."""
    rows = await tx.rows(
        select(
            RoundSubjectRow,
            RoundRow.day,
            PriorityRow.key.label("priority"),
            MemberRow.key.label("member"),
            CadenceRow.key,
        )
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
        .outerjoin(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
        .outerjoin(MemberRow, MemberRow.id == RoundSubjectRow.member_id)
        .outerjoin(ResponseRow, ANSWERS_SUBJECT)
        .outerjoin(MemberAnswerRow, ANSWERS_MEMBER)
        .where(
            RoundRow.cadence_id == cadence_id,
            RoundSubjectRow.closed_at.is_(None),
            RoundSubjectRow.closes_at > tx.now,
            IS_UNANSWERED,
        )
        .order_by(RoundSubjectRow.id)
        .with_for_update(of=RoundSubjectRow)
    )
    if not rows:
        return
    members = {member.id: member for member in tx.record.members}
    cadences = {cadence.id: cadence for cadence in tx.record.cadences}
    there: dict[int | None, set[str]] = {}
    for subject_id, kind in await tx.session.execute(
        select_items(DeliveryItemRow.round_subject_id, DeliveryItemRow.kind).where(
            DeliveryItemRow.round_subject_id.in_([row.RoundSubjectRow.id for row in rows]),
            DeliveryItemRow.left_out.is_(None),
            DeliveryRow.operation == "post",
            DeliveryRow.state.in_([State.PLANNED, *ON_ITS_WAY]),
        )
    ):
        there.setdefault(subject_id, set()).add(kind)
    ids = await ids_of(tx.session, MemberRow, rows[0].RoundSubjectRow.coalition_id)
    owed = []
    for subject, day, priority, member, cadence in rows:
        topics = topics_of(tx.record, cadences[cadence])
        topic = next((one for one in topics if one.id == (priority or member)), None)
        if topic is None:
            # Its priority rests, or its member has left those who are asked.
            continue
        owner = members[topic.owner]
        steps = chain_of(
            owner,
            members.get(owner.delegate or "") if subject.took_part is None else None,
            zone_of_member(tx.record, owner.id),
            day,
            opens_at=subject.opens_at,
            reminder_at=subject.reminder_at,
            delegate_at=subject.delegate_at,
            closes_at=subject.closes_at,
        )
        if subject.asked_again_at is not None and steps and steps[0].item is Item.ASK:
            # A coordinator had asked once more, which had not gone out when the check-in was paused.
            steps += (Step(Item.AGAIN, owner.id, tx.now),)
        for step in steps:
            if step.item in there.get(subject.id, ()):
                continue
            to, due_at = ids[step.member], max(step.due_at, tx.now)
            owed.append(in_round(subject, to, step.item, due_at=due_at, not_before=tx.now))
    await offer_all(tx, owed)
