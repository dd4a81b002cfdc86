"""Check-ins as things of their own: a card, the preview, pausing, and moving or skipping one date."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.checkins import (
    CheckinCard,
    CheckinChange,
    CheckinPreview,
    PauseQuestion,
    Upcoming,
    UpcomingRounds,
    preview_of,
)
from bot.domain.outbox import Item
from bot.domain.people import is_about_priorities, zone_of_member
from bot.domain.record import Cadence, Record
from bot.domain.rhythm import describe, is_slot, next_occurrence, occurrences, to_local, to_utc
from bot.domain.rights import Right
from bot.domain.wording import clock, near_day
from bot.errors import UserError
from bot.services.access import Actor, Service
from bot.services.checkins.asking import withdraw
from bot.services.checkins.lookup import find_checkin, is_over, newest_round
from bot.services.checkins.owed_messages import owed_items, take_up
from bot.services.checkins.prompts import Asked, prompt_items
from bot.services.checkins.rounds import next_opening
from bot.store.checkins import RoundRow, RoundSubjectRow
from bot.store.record import read_record
from bot.store.rhythm import CadenceRow, MoveRow

CHOICES = 12
_REACH = timedelta(days=400)


class CheckinCadences(Service):
    """Use cases around one recurring check-in."""

    async def show(self, actor: Actor, typed: str) -> CheckinCard:
        """One check-in, with the open updates of whoever asks."""
        actor.require("checkincadences.show")
        now = self.calendar.now()
        async with self.database.read(actor.coalition_id) as session:
            record = await read_record(session, actor.coalition_id)
            cadence = find_checkin(record, typed)
            lines = await newest_round(session, actor, cadence, now)
            owners = {member.id: member for member in record.members}
            open_lines = [line for line in lines if not is_over(line.subject, now)]
            mine = [
                Asked(Item.ASK if line.owner == actor.key else Item.DELEGATE, line.subject, line.round, line.priority)
                for line in open_lines
                if actor.key in {line.owner, owners[line.owner].delegate}
            ]
            questions = next((one for one in record.question_sets if one.id == cadence.question_set), None)
            return CheckinCard(
                id=cadence.id,
                name=cadence.name,
                rhythm=describe(cadence),
                title=questions.title if questions is not None else "",
                minutes=questions.minutes if questions is not None else 0,
                next_at=next_opening(record, cadence, now),
                open_until=max((line.subject.closes_at for line in open_lines), default=None),
                answered=sum(line.response is not None for line in open_lines),
                asked=len(open_lines),
                mine=await prompt_items(session, record, mine, now),
                paused_at=cadence.paused_at,
                may_run=actor.standing.may(Right.RUN_CHECKINS),
                may_configure=actor.standing.may(Right.CONFIGURE),
                zone=_zone(record, actor),
                now=now,
                has_rounds=is_about_priorities(record, cadence),
            )

    async def preview(self, actor: Actor, typed: str) -> CheckinPreview:
        """The next five dates, who is asked and who stands in, and minutes a week. Nothing is sent by asking."""
        actor.require("checkincadences.preview")
        now = self.calendar.now()
        async with self.database.read(actor.coalition_id) as session:
            record = await read_record(session, actor.coalition_id)
            found = preview_of(record, find_checkin(record, typed), now, _zone(record, actor))
            return replace(found, may_run=True, may_configure=actor.standing.may(Right.CONFIGURE))

    async def pausing(self, actor: Actor, typed: str) -> PauseQuestion:
        """What a pause would keep back, before it is made. Nothing is changed by asking."""
        actor.require("checkincadences.pausing")
        now = self.calendar.now()
        async with self.database.read(actor.coalition_id) as session:
            record = await read_record(session, actor.coalition_id)
            cadence = find_checkin(record, typed)
            lines = await newest_round(session, actor, cadence, now)
            open_until = [line.subject.closes_at for line in lines if not is_over(line.subject, now)]
            row_id = await session.scalar(
                select(CadenceRow.id).where(CadenceRow.coalition_id == actor.coalition_id, CadenceRow.key == cadence.id)
            )
            return PauseQuestion(
                id=cadence.id,
                name=cadence.name,
                owed=await owed_items(session, actor.coalition_id, now, cadence_id=row_id),
                open_until=max(open_until, default=None),
                next_at=next_opening(record, cadence, now),
                paused_at=cadence.paused_at,
                zone=_zone(record, actor),
                now=now,
            )

    async def pause(self, actor: Actor, typed: str) -> CheckinChange:
        """Nobody is asked or reminded until it is resumed; an open round still takes answers. Twice is once."""
        actor.require("checkincadences.pause")
        now = self.calendar.now()
        async with self.database.write(actor.author(now)) as session:
            record = await read_record(session, actor.coalition_id)
            cadence = find_checkin(record, typed)
            row = await _locked(session, actor, cadence)
            already = row.paused_at is not None
            if not already:
                row.paused_at = now
                subjects = await session.scalars(
                    select(RoundSubjectRow.id)
                    .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
                    .where(RoundRow.cadence_id == row.id, RoundSubjectRow.closed_at.is_(None))
                )
                await withdraw(session, subjects.all())
            await session.flush()
            return _change("paused", record, actor, cadence, now, at=row.paused_at, already=already)

    async def resume(self, actor: Actor, typed: str) -> CheckinChange:
        """Asks again from the next date on; of what came due meanwhile only what is open. Twice is once.

        An open round goes on: what it owes is planned again, and the late rules hold.
        """
        actor.require("checkincadences.resume")
        now = self.calendar.now()
        async with self.database.write(actor.author(now)) as session:
            record = await read_record(session, actor.coalition_id)
            cadence = find_checkin(record, typed)
            row = await _locked(session, actor, cadence)
            already = row.paused_at is None
            row.paused_at = None
            await session.flush()
            running = replace(cadence, paused_at=None)
            if not already:
                await take_up(session, record, row.id, now)
            found = _change("resumed", record, actor, running, now, already=already)
            owed = await owed_items(session, actor.coalition_id, now, cadence_id=row.id)
            return replace(found, next_at=next_opening(record, running, now), owed=owed)

    async def upcoming(self, actor: Actor, typed: str) -> UpcomingRounds:
        """The next dates, to move or skip one of them."""
        actor.require("checkincadences.upcoming")
        now = self.calendar.now()
        async with self.database.read(actor.coalition_id) as session:
            record = await read_record(session, actor.coalition_id)
            cadence = find_checkin(record, typed)
            start = to_local(now, cadence.timezone)
            planned = await _planned_slots(session, actor, cadence)
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
        actor.require("checkincadences.skip")
        now = self.calendar.now()
        async with self.database.write(actor.author(now)) as session:
            record = await read_record(session, actor.coalition_id)
            cadence = find_checkin(record, typed)
            row = await _locked(session, actor, cadence)
            already = slot in cadence.exdates
            if not already:
                opens = _local_of(cadence, slot)
                _require_seen(cadence, opens, seen, now)
                await _require_ahead(session, actor, cadence, slot, now)
                move = await _move(session, row, slot)
                if move is not None:
                    await session.delete(move)
                row.exdates = [*row.exdates, slot]
                await session.flush()
            else:
                opens = slot
            changed = find_checkin(await read_record(session, actor.coalition_id), cadence.id)
            found = _change("skipped", record, actor, changed, now, at=to_utc(opens, cadence.timezone), already=already)
            return replace(found, slot=slot)

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
        actor.require("checkincadences.move")
        now = self.calendar.now()
        async with self.database.write(actor.author(now)) as session:
            record = await read_record(session, actor.coalition_id)
            cadence = find_checkin(record, typed)
            row = await _locked(session, actor, cadence)
            hours = _hours(cadence, closes_after_hours)
            known = next((one for one in cadence.moves if one.original == slot), None)
            already = known is not None and known.to == to and known.closes_after_hours == hours["closes_after_hours"]
            if not already:
                _require_seen(cadence, _local_of(cadence, slot), seen, now)
                await _require_ahead(session, actor, cadence, slot, now)
                _require_free(cadence, slot, to, now)
                move = await _move(session, row, slot)
                if move is None:
                    session.add(
                        MoveRow(coalition_id=actor.coalition_id, cadence_id=row.id, original=slot, to=to, **hours)
                    )
                else:
                    move.to = to
                    for name, value in hours.items():
                        setattr(move, name, value)
                await session.flush()
            changed = find_checkin(await read_record(session, actor.coalition_id), cadence.id)
            digest = next((one for one in record.cadences if one.id == cadence.feeds), None)
            opens_at = to_utc(to, cadence.timezone)
            following = next_occurrence(digest, opens_at) if digest is not None else None
            found = _change("moved", record, actor, changed, now, at=opens_at, already=already)
            closes_at = opens_at + timedelta(hours=hours["closes_after_hours"] or cadence.closes_after_hours)
            return replace(found, until=closes_at, digest_at=following[1] if following is not None else None, slot=slot)

    async def restore(self, actor: Actor, typed: str, slot: datetime) -> CheckinChange:
        """Takes a move or a skip of one date back. Twice is once."""
        actor.require("checkincadences.restore")
        now = self.calendar.now()
        async with self.database.write(actor.author(now)) as session:
            record = await read_record(session, actor.coalition_id)
            cadence = find_checkin(record, typed)
            row = await _locked(session, actor, cadence)
            if not is_slot(cadence, slot):
                raise UserError(f"{cadence.name} doesn't open then anymore. “checkin preview” shows its dates.")
            await _require_ahead(session, actor, cadence, slot, now)
            move = await _move(session, row, slot)
            already = move is None and slot not in cadence.exdates
            if move is not None:
                await session.delete(move)
            if slot in cadence.exdates:
                row.exdates = [one for one in row.exdates if one != slot]
            await session.flush()
            changed = find_checkin(await read_record(session, actor.coalition_id), cadence.id)
            return _change("restored", record, actor, changed, now, at=to_utc(slot, cadence.timezone), already=already)


async def _locked(session: AsyncSession, actor: Actor, cadence: Cadence) -> CadenceRow:
    row: CadenceRow | None = await session.scalar(
        select(CadenceRow)
        .where(CadenceRow.coalition_id == actor.coalition_id, CadenceRow.key == cadence.id)
        .with_for_update()
    )
    if row is None:
        raise UserError("I can't find this check-in anymore.")
    return row


async def _move(session: AsyncSession, row: CadenceRow, slot: datetime) -> MoveRow | None:
    found: MoveRow | None = await session.scalar(
        select(MoveRow).where(MoveRow.cadence_id == row.id, MoveRow.original == slot)
    )
    return found


async def _planned_slots(session: AsyncSession, actor: Actor, cadence: Cadence) -> set[datetime]:
    """Rounds that people were asked in, or are about to be: they are what they are."""
    slots = await session.scalars(
        select(RoundRow.slot)
        .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
        .where(RoundRow.coalition_id == actor.coalition_id, CadenceRow.key == cadence.id)
    )
    return set(slots)


async def _require_ahead(session: AsyncSession, actor: Actor, cadence: Cadence, slot: datetime, now: datetime) -> None:
    opens = next((move.to for move in cadence.moves if move.original == slot), slot)
    is_planned = slot in await _planned_slots(session, actor, cadence)
    if is_planned and to_utc(opens, cadence.timezone) > now:
        # Messages of half an hour travel together, and the first of them may be on their way.
        raise UserError(
            f"The round of {_dated(opens, cadence, now)} is about to open, and its messages are on their way. "
            "“checkin close” ends it once it is open.",
            field="slot",
        )
    if is_planned or to_utc(opens, cadence.timezone) <= now:
        raise UserError(
            f"The round of {_dated(opens, cadence, now)} is already open or over. “checkin close” ends an open one.",
            field="slot",
        )


def _local_of(cadence: Cadence, slot: datetime) -> datetime:
    """When this date opens. Raises UserError for a time at which nothing takes place."""
    if not is_slot(cadence, slot) or slot in cadence.exdates:
        raise UserError(f"{cadence.name} doesn't open then. “checkin preview” shows its dates.", field="slot")
    return next((move.to for move in cadence.moves if move.original == slot), slot)


def _require_seen(cadence: Cadence, opens: datetime, seen: datetime | None, now: datetime) -> None:
    """Raises UserError where a date opens at another time than the form showed."""
    if seen is not None and seen != opens:
        raise UserError(
            f"Somebody has moved this round meanwhile: it opens {_dated(opens, cadence, now)}. Close this and open it "
            "again to change that.",
            field="slot",
        )


def _require_free(cadence: Cadence, slot: datetime, to: datetime, now: datetime) -> None:
    if to_utc(to, cadence.timezone) <= now:
        raise UserError("That moment has passed. Choose a later one.", field="date")
    # A round is known by the day on which it opens, so two may not share one.
    day = datetime.combine(to.date(), datetime.min.time())
    taken = [one for one in occurrences(cadence, day, day + timedelta(days=1)) if one.slot != slot]
    if taken:
        raise UserError(
            f"Another round opens on {_dated(taken[0].local, cadence, now)}. Choose another day.", field="date"
        )


def _hours(cadence: Cadence, closes: int | None) -> dict[str, int | None]:
    """The windows of a moved date; those of the check-in itself where it is open as long as usual."""
    if closes is None or closes == cadence.closes_after_hours:
        return {"closes_after_hours": None, "reminder_after_hours": None, "delegate_after_hours": None}
    if not 1 <= closes <= cadence.closes_after_hours * 4:
        raise UserError(f"Give 1 to {cadence.closes_after_hours * 4} hours.", field="closes")
    if closes > cadence.closes_after_hours:
        return {"closes_after_hours": closes, "reminder_after_hours": None, "delegate_after_hours": None}
    return {
        "closes_after_hours": closes,
        "reminder_after_hours": min(cadence.reminder_after_hours, max(1, closes - 8)),
        "delegate_after_hours": min(cadence.delegate_after_hours, max(1, closes - 5)),
    }


def _dated(local: datetime, cadence: Cadence, now: datetime) -> str:
    return f"{near_day(local.date(), to_local(now, cadence.timezone).date())}, {clock(local)}"


def _zone(record: Record, actor: Actor) -> str:
    return zone_of_member(record, actor.key) if actor.key is not None else record.coalition.timezone


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
        zone=_zone(record, actor),
        now=now,
    )
