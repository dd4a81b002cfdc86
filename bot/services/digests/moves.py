"""Moving one digest to another time, or leaving it out. What is planned of it already moves along; the rounds that feed
it are named, so that they can be moved too."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.domain.checkins import Upcoming, UpcomingRounds
from bot.domain.digests import DigestLeftOut, DigestMoved, FeedingRound
from bot.domain.outbox import LEFT_OUT, Kind, State
from bot.domain.people import sends_checkins, zone_of_member
from bot.domain.record import Cadence, Record
from bot.domain.rhythm import is_slot, leave_out, occurrences, place, to_local, to_utc, window
from bot.domain.vocabularies import CadenceKind
from bot.domain.wording import clock, near_day
from bot.errors import UserError
from bot.services.access import Actor, Service, Transaction
from bot.services.digests.owner_previews import about_of
from bot.services.digests.planning import copy_at
from bot.services.digests.readings import digest_cadences, digest_typed, next_digest_at
from bot.services.outbox import receivers_of
from bot.store.digests import DigestRow
from bot.store.outbox import DeliveryRow, posts_of
from bot.store.rhythm import CadenceRow

CHOICES = 12
_REACH = timedelta(days=400)
_FARTHEST = timedelta(days=31)


class DigestMoves(Service):
    """Use cases around moving one digest."""

    async def upcoming(self, actor: Actor, typed: str = "") -> UpcomingRounds:
        """The next digests, to move one of them. Raises UserError for a name that is not known."""
        async with self.reading(actor, "digestmoves.upcoming", to_change=True) as tx:
            cadence = digest_typed(tx.record, typed)
            if cadence is None:
                raise UserError("No digest is planned yet. “coalition setup” plans one.")
            start = to_local(tx.now, cadence.timezone)
            made = set(
                await tx.session.scalars(
                    select(DigestRow.slot)
                    .join(CadenceRow, CadenceRow.id == DigestRow.cadence_id)
                    .where(tx.owns(DigestRow), CadenceRow.key == cadence.id, DigestRow.due_at <= tx.now)
                )
            )
            dates = [
                Upcoming(slot=one.slot, local=one.local, is_moved=one.moved)
                for one in occurrences(cadence, start, start + _REACH)
                if one.slot not in made
            ]
            return UpcomingRounds(id=cadence.id, name=cadence.name, dates=tuple(dates[:CHOICES]), today=start.date())

    async def move(
        self, actor: Actor, key: str, slot: datetime, to: datetime, seen: datetime | None = None
    ) -> DigestMoved:
        """Lets one digest go out at another wall time of its own clock. Twice is once.

        `seen` is when the person believed it to go out: moved meanwhile by somebody else, it stays as it is now.
        """
        async with self.writing(actor) as tx:
            actor.require("digestmoves.move")
            row = await tx.session.scalar(
                select(CadenceRow).filter_by(coalition_id=actor.coalition_id, key=key).with_for_update()
            )
            tx = await tx.read()
            cadence = next(
                (one for one in tx.record.cadences if one.id == key and one.kind == CadenceKind.DIGEST), None
            )
            if row is None or cadence is None or not is_slot(cadence, slot) or slot in cadence.exdates:
                raise UserError("That digest is not in the plan anymore. Close this and open it again.", field="slot")
            before = next((one.to for one in cadence.moves if one.original == slot), slot)
            already = before == to
            if not already:
                _require_movable(cadence, slot, before, to, seen, tx.now)
                await tx.writer().put(place(cadence, slot, to), cadence, row=row)
                await _move_planned(tx, row.id, slot, to_utc(to, cadence.timezone))
                tx = await tx.read()
            return DigestMoved(
                name=cadence.name,
                at=to_utc(to, cadence.timezone),
                rounds=_feeding(tx.record, cadence, slot, tx.now),
                zone=zone_of_member(tx.record, actor.key),
                now=tx.now,
                already=already,
            )

    async def leave_out(self, actor: Actor, key: str, slot: datetime) -> DigestLeftOut:
        """Lets one digest not go out; the one after it tells of what was since the last. Twice is once."""
        async with self.writing(actor) as tx:
            actor.require("digestmoves.leave_out")
            row = await tx.session.scalar(
                select(CadenceRow).filter_by(coalition_id=actor.coalition_id, key=key).with_for_update()
            )
            tx = await tx.read()
            cadence = next((one for one in digest_cadences(tx.record) if one.id == key), None)
            if row is None or cadence is None or not is_slot(cadence, slot):
                raise UserError("That digest is not in the plan anymore. Type “digest” to see what is.")
            at = to_utc(next((one.to for one in cadence.moves if one.original == slot), slot), cadence.timezone)
            already = slot in cadence.exdates
            if not already:
                if at <= tx.now:
                    raise UserError("This digest is already out or on its way.")
                await _take_back(tx, row.id, slot)
                await tx.writer().put(leave_out(cadence, slot), cadence, row=row)
                tx = await tx.read()
            return DigestLeftOut(
                name=cadence.name,
                at=at,
                next_at=await next_digest_at(tx),
                already=already,
                zone=zone_of_member(tx.record, actor.key),
                now=tx.now,
            )


async def _take_back(tx: Transaction, cadence_id: int, slot: datetime) -> None:
    """What is planned of a digest, half an hour ahead, and of its owners' previews. Raises UserError once one of its
    posts is under way."""
    previews = await tx.values(
        select(DeliveryRow).where(
            posts_of(tx.coalition_id, Kind.OWNER_PREVIEW),
            DeliveryRow.about == about_of(cadence_id, slot),
            DeliveryRow.state == State.PLANNED,
        )
    )
    for preview in previews:
        preview.state, preview.reason = State.DROPPED, LEFT_OUT
    digest = await tx.session.scalar(select(DigestRow).filter_by(cadence_id=cadence_id, slot=slot).with_for_update())
    if digest is None:
        return
    rows = await tx.values(select(DeliveryRow).where(DeliveryRow.digest_id == digest.id).with_for_update())
    if digest.composed_at is not None or any(row.state != State.PLANNED or row.attempts for row in rows):
        raise UserError("This digest is already out or on its way.")
    # Nothing of it was ever sent, so that nothing else speaks of it.
    for one in rows:
        await tx.session.delete(one)
    await tx.session.flush()
    await tx.session.delete(digest)
    await tx.session.flush()


def _require_movable(
    cadence: Cadence, slot: datetime, before: datetime, to: datetime, seen: datetime | None, now: datetime
) -> None:
    today = to_local(now, cadence.timezone).date()
    if seen is not None and seen != before:
        raise UserError(
            f"Somebody has moved this digest meanwhile: it goes out {_dated(before, cadence, now)}. Close this and "
            "open it again to change that.",
            field="slot",
        )
    if to_utc(before, cadence.timezone) <= now:
        raise UserError("This digest is already out or on its way.", field="slot")
    if to_utc(to, cadence.timezone) <= now:
        raise UserError("That moment has passed. Choose a later one.", field="date")
    if abs(to - slot) > _FARTHEST:
        usual = near_day(slot.date(), today)
        raise UserError(f"That is more than a month from its usual day, {usual}. Choose a nearer one.", field="date")
    day = datetime.combine(to.date(), datetime.min.time())
    taken = [one for one in occurrences(cadence, day, day + timedelta(days=1)) if one.slot != slot]
    if taken:
        raise UserError(
            f"Another digest goes out {_dated(taken[0].local, cadence, now)}. Choose another day.", field="date"
        )


async def _move_planned(tx: Transaction, cadence_id: int, slot: datetime, at: datetime) -> None:
    """Posts and copies are planned half an hour ahead. Raises UserError once one of them is under way."""
    digest = await tx.session.scalar(select(DigestRow).filter_by(cadence_id=cadence_id, slot=slot).with_for_update())
    if digest is None:
        return
    rows = await tx.values(select(DeliveryRow).where(DeliveryRow.digest_id == digest.id))
    if digest.composed_at is not None or any(row.state != State.PLANNED for row in rows):
        raise UserError("This digest is already out or on its way.", field="slot")
    digest.due_at = at
    receivers = await receivers_of(tx.session, [row.member_id for row in rows if row.member_id is not None])
    for row in rows:
        receiver = receivers.get(row.member_id or 0)
        row.subject = {**row.subject, "moved_from": slot.isoformat()}
        row.due_at = at if receiver is None else copy_at(at, receiver)
    await tx.session.flush()


def _feeding(record: Record, digest: Cadence, slot: datetime, now: datetime) -> tuple[FeedingRound, ...]:
    """The rounds that the digest of this slot tells of, of each check-in that feeds it; none of those that are over.

    By their usual times, since both may have been moved already.
    """
    found = []
    for cadence in record.cadences:
        if cadence.feeds != digest.id or not sends_checkins(record, cadence):
            continue
        around = occurrences(cadence, slot - _REACH, slot + _FARTHEST)
        told = max((one for one in around if one.slot < slot), key=lambda one: one.slot, default=None)
        if told is None:
            continue
        times = window(cadence, told, digest.timezone)
        if times.closes_at > now:
            found.append(FeedingRound(cadence.id, cadence.name, told.slot, times.opens_at, times.closes_at))
    return tuple(found)


def _dated(local: datetime, cadence: Cadence, now: datetime) -> str:
    return f"{near_day(local.date(), to_local(now, cadence.timezone).date())}, {clock(local)}"
