"""The owner's preview of a digest: planned before it, sent while it is of use, updated when something changes.

Steps for services, in their transaction. `about` of such a delivery is the digest's cadence and slot.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.domain.actions import ActionCard
from bot.domain.digests import (
    Digest,
    OwnerPreview,
    compose,
    named_actions,
    parts_of_previews,
    preview_at,
    receivers_of_previews,
)
from bot.domain.known import in_coalition_time
from bot.domain.outbox import Kind, State, delivery_key, sendable_at
from bot.domain.record import Cadence, Member, Record, find_actions
from bot.domain.rhythm import Occurrence, occurrences_between, to_local, to_utc
from bot.domain.rights import METHODS, Right, channel_in_words, leadership_in_words, standing_of
from bot.domain.wording import monday_of
from bot.services.access import OnRecord, Transaction, person
from bot.services.actions import ActionsView
from bot.services.digests.composed import composed_digest
from bot.services.digests.notes import with_notes
from bot.services.digests.reach import with_reach
from bot.services.outbox import NO_HOUR_LEFT, queue_updates_of, receivers_of
from bot.store.base import ids_of
from bot.store.checkins import RoundSubjectRow
from bot.store.coalition import CoalitionRow
from bot.store.database import parameter, prepared
from bot.store.digests import DigestRow
from bot.store.outbox import DeliveryRow, posts_of
from bot.store.people import MemberRow
from bot.store.rhythm import CadenceRow, ScheduleRow

OUT_ALREADY = "the digest was out before this could be sent"
_NOTHING_TOLD = "nothing of this person is told"
_AROUND = timedelta(days=40)  # a move reaches no further


def about_of(cadence_id: int, slot: datetime) -> str:
    """What a preview is about: one occurrence of a digest."""
    return f"{cadence_id}|{slot.isoformat()}"


def first_preview_at(record: Record, cadence: Cadence, occurrence: Occurrence) -> datetime | None:
    """When the first of the owners sees their part; None where nobody does."""
    digest_on = occurrence.local.date()
    receivers = receivers_of_previews(record, digest_on, {item.owner for item in record.priorities})
    moments = [
        moment
        for member in record.members
        if member.id in receivers and (moment := preview_at(record, cadence, digest_on, member)) is not None
    ]
    return min(moments, default=None)


async def plan_previews(
    tx: OnRecord,
    coalition: CoalitionRow,
    schedule: ScheduleRow,
    cadence: Cadence,
    occurrence: Occurrence,
    moment: datetime,
    *,
    only_missing: bool = False,
) -> None:
    """Plans a preview for everybody who is told of in the digest at `moment`, unless that digest is made already.

    `only_missing`: they were planned before, and what is planned stays as it is. Whoever came to be told of since then,
    since somebody else's action was done, gets theirs as soon as may be.
    """
    schedule.prepared_for = moment
    made = await tx.session.scalar(select(DigestRow.id).filter_by(cadence_id=schedule.cadence_id, slot=occurrence.slot))
    if made is not None:
        return
    # What will be overdue on the digest's day counts as overdue now, so that planning early or late makes no
    # difference.
    digest = compose(tx.record, moment)
    named = {*named_actions(compose(tx.record, tx.now)), *named_actions(digest)}
    told = {part.owner for part in parts_of_previews(digest)}
    told |= {item.owner for item in find_actions(tx.record, named)}
    seen = receivers_of_previews(tx.record, occurrence.local.date(), told)
    members = [member for member in tx.record.members if member.id in seen]
    ids = await ids_of(tx.session, MemberRow, coalition.id)
    about = about_of(schedule.cadence_id, occurrence.slot)
    there = {
        row.member_id: row
        for row in await tx.session.scalars(
            select(DeliveryRow).where(posts_of(coalition.id, Kind.OWNER_PREVIEW), DeliveryRow.about == about)
        )
    }
    receivers = await receivers_of(tx.session, [ids[member.id] for member in members])
    for member in members:
        due = preview_at(tx.record, cadence, occurrence.local.date(), member)
        if due is None:
            continue
        when = sendable_at(due, receivers[ids[member.id]], not_before=tx.now, until=moment)
        row = there.get(ids[member.id])
        if row is None:
            row = DeliveryRow(
                coalition_id=coalition.id,
                key=delivery_key(coalition.key, Kind.OWNER_PREVIEW, cadence.id, occurrence.slot.isoformat(), member.id),
                kind=Kind.OWNER_PREVIEW,
                about=about,
                member_id=ids[member.id],
                subject={"parts": [item.id for item in tx.record.priorities if item.owner in seen[member.id]]},
                planned_at=tx.now,
            )
            tx.session.add(row)
        elif row.state == State.DROPPED and row.reason == _NOTHING_TOLD:
            pass
        elif only_missing and row.state in {State.PLANNED, State.MISSED}:
            continue
        elif row.state not in {State.PLANNED, State.MISSED}:
            # It was sent before the digest was moved; its text says the new time.
            row.expires_at = moment
            continue
        row.due_at, row.expires_at = when or due, moment
        row.state = State.PLANNED if when is not None else State.MISSED
        row.reason = None if when is not None else f"{NO_HOUR_LEFT} before the digest"
    await tx.session.flush()


async def prepare_claim(tx: Transaction, row: DeliveryRow) -> bool:
    """Whether a preview may go now. It waits for a round that closes at this moment, and goes never after the digest.

    What is about to be shown is kept as a mark, so that only a real change shows it anew.
    """
    closing = await tx.session.scalar(
        select(RoundSubjectRow.id)
        .where(
            RoundSubjectRow.coalition_id == row.coalition_id,
            RoundSubjectRow.closed_at.is_(None),
            RoundSubjectRow.closes_at <= tx.now,
        )
        .limit(1)
    )
    if closing is not None:
        return False
    cadence_id, slot = _parts_of(row.about or "")
    made = await tx.session.scalar(
        select(DigestRow.id).where(DigestRow.cadence_id == cadence_id, DigestRow.slot == slot)
    )
    if made is not None:
        row.state, row.reason, row.next_attempt_at = State.MISSED, OUT_ALREADY, None
        return False
    value = await owner_preview(tx, row)
    if value is None:
        row.state, row.reason, row.next_attempt_at = State.DROPPED, _NOTHING_TOLD, None
        return False
    row.subject = _shown(value)
    return True


async def refresh_previews(tx: OnRecord) -> None:
    """Previews whose digest is still to come are shown anew where what they say has changed."""
    rows = (await tx.session.scalars(_SENT, {"of": tx.coalition_id, "now": tx.now})).all()
    changed = []
    composed: dict[date, Digest] = {}
    for row in rows:
        value = await owner_preview(tx, row, record=tx.record, is_shown=True, composed=composed)
        if value is None or value.published_at is not None or _mark(value) == row.subject.get("shown"):
            continue
        row.subject = _shown(value) | {"changed_at": tx.now.isoformat()}
        changed.append(row)
    await queue_updates_of(tx, changed)


_SENT = prepared(
    select(DeliveryRow)
    .where(
        DeliveryRow.coalition_id == parameter("of"),
        DeliveryRow.kind == Kind.OWNER_PREVIEW,
        DeliveryRow.operation == "post",
        DeliveryRow.state == State.SENT,
        DeliveryRow.expires_at > parameter("now"),
    )
    .order_by(DeliveryRow.id)
)


async def owner_preview(
    tx: Transaction,
    row: DeliveryRow,
    *,
    record: Record | None = None,
    is_shown: bool = False,
    composed: dict[date, Digest] | None = None,
) -> OwnerPreview | None:
    """What a preview says; None where nothing of this person is told. Once the digest is out, it is what was published.

    `is_shown`: it was sent, so that what it named then stays on it. `composed`: the digest to come as it was composed
    for other previews of this record at this moment, by its week.
    """
    post = row if row.operation == "post" else await tx.session.get_one(DeliveryRow, row.parent_id)
    is_shown = is_shown or row.operation == "update"
    record = record or await tx.read_present()
    cadence_id, slot = _parts_of(post.about or "")
    key = await tx.session.scalar(select(CadenceRow.key).where(CadenceRow.id == cadence_id))
    cadence = next((item for item in record.cadences if item.id == key), None)
    receiver = await tx.session.get_one(MemberRow, post.member_id)
    member = next(item for item in record.members if item.id == receiver.key)
    made = await tx.session.scalar(
        select(DigestRow).where(
            DigestRow.cadence_id == cadence_id, DigestRow.slot == slot, DigestRow.published_at.is_not(None)
        )
    )
    digest_at = _moment_of(cadence, slot) if cadence is not None else None
    if made is not None:
        digest, week = composed_digest(made), monday_of(composed_digest(made).today)
    else:
        if digest_at is None and not is_shown:
            return None
        week = monday_of(in_coalition_time(record, digest_at or tx.now).date())
        known = composed.get(week) if composed is not None else None
        digest = known or await with_reach(tx, await with_notes(tx, compose(record, tx.now), week))
        if composed is not None:
            composed[week] = digest
    before = post.subject.get("named", []) if is_shown else []
    # Before it is known when the digest goes out, nobody stands in for anybody.
    digest_on = to_local(digest_at, cadence.timezone).date() if digest_at is not None and cadence is not None else None
    whose = _principals(record, digest, digest_on, member)
    parts = tuple(part for part in parts_of_previews(digest) if part.owner in whose)
    named = _cards(row.coalition_id, record, digest, member, whose, receiver.id, before, tx.now)
    standing = standing_of(record, member)
    if not parts and not named:
        return None
    changed_at = post.subject.get("changed_at")
    return OwnerPreview(
        receiver_name=member.name,
        zone=member.timezone or record.coalition.timezone,
        now=tx.now,
        digest=digest,
        parts=tuple(part.id for part in parts),
        named=named,
        week=week,
        digest_at=digest_at,
        changed_at=datetime.fromisoformat(changed_at) if changed_at else None,
        published_at=made.published_at if made is not None else None,
        digest_id=made.id if made is not None else None,
        stands_in_for=tuple(one.name for one in record.members if one.id in whose and one.id != member.id),
        amounts=frozenset(part.id for part in parts if standing.may(Right.SEE_AMOUNTS, part.id)),
        may_add=frozenset(part.id for part in parts if standing.may(METHODS["digests.add_context"], part.id)),
        leadership=leadership_in_words(record),
        channels=tuple(channel_in_words(record, part.channel) for part in parts if part.channel),
    )


def _principals(record: Record, digest: Digest, digest_on: date | None, member: Member) -> frozenset[str]:
    """Those whose part a member sees: their own, and that of whoever is away and named them as stand-in."""
    told = {part.owner for part in digest.priorities} | {
        item.owner for item in find_actions(record, named_actions(digest))
    }
    found = receivers_of_previews(record, digest_on, told).get(member.id, ()) if digest_on is not None else ()
    return frozenset({member.id, *found})


def _cards(
    coalition_id: int,
    record: Record,
    digest: Digest,
    member: Member,
    whose: Collection[str],
    member_id: int,
    before: Sequence[str],
    now: datetime,
) -> tuple[ActionCard, ...]:
    """The actions of these people that are named now, or were when the preview was sent, in file order."""
    wanted = {*named_actions(digest), *before}
    actor = person(coalition_id, standing_of(record, member), member.id, member_id)
    view = ActionsView(actor, record, now, {})
    return tuple(view.card(one) for one in find_actions(record, wanted) if one.owner in whose)


def _parts_of(about: str) -> tuple[int, datetime]:
    cadence_id, _, slot = about.partition("|")
    return int(cadence_id), datetime.fromisoformat(slot)


def _moment_of(cadence: Cadence, slot: datetime) -> datetime | None:
    """When the occurrence of this slot goes out, wherever it was moved; None where it was skipped."""
    around = to_utc(slot, cadence.timezone)
    found = occurrences_between(cadence, around - _AROUND, around + _AROUND)
    return next((moment for occurrence, moment in found if occurrence.slot == slot), None)


def _shown(value: OwnerPreview) -> dict[str, Any]:
    """What is kept beside a preview of what it shows."""
    return {"shown": _mark(value), "named": [one.id for one in value.named], "parts": list(value.parts)}


def _mark(value: OwnerPreview) -> str:
    """A short mark of what a preview says, without what changes by the mere passing of time."""
    parts = [part for part in value.digest.priorities if part.id in value.parts]
    cards = [(card.id, card.title, card.due, card.status, card.reason, card.accepted) for card in value.named]
    told: tuple[object, ...] = (parts, cards, value.digest_at)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]
