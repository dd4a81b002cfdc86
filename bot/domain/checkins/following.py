"""A stocktake's round goes along with the meeting that it leads to, when that is moved. Pure.

A round leads to the date of a stocktake meeting that is the first at or after it, where no later round is before that
date, and keeps as many days ahead of it as by the rules of both. What somebody moved or left out by hand stays so, and
so does a round that has opened. A meeting that is not held moves nothing: the stock is due all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from bot.domain.checkins.stocktakes import is_stocktake
from bot.domain.checkins.versions import set_of_cadence
from bot.domain.people import is_about_priorities
from bot.domain.record import Cadence, Move, Record
from bot.domain.rhythm import Followed, follow, occurrences, opening_of, slots_between, to_local, to_utc
from bot.domain.vocabularies import CadenceKind

# A meeting further ahead of a round than this isn't what the round is for.
_FURTHEST_LEAD = timedelta(days=31)
_A_DAY = timedelta(days=1)
_FRIDAY = 4
# A round that has to hurry is open at least this long before the meeting: a reminder and a stand-in have to fit in.
_SHORTEST = timedelta(hours=6)


def stocktake_meeting(record: Record) -> Cadence | None:
    """The meeting at which stock is taken together: the first one, where there are several."""
    return next((one for one in record.cadences if one.kind == CadenceKind.STOCKTAKE), None)


def following_checkins(record: Record) -> Iterator[Cadence]:
    """The check-ins whose rounds go along with the stocktake meeting, in file order; none where there is none."""
    if stocktake_meeting(record) is None:
        return
    for cadence in record.cadences:
        if is_about_priorities(record, cadence) and is_stocktake(set_of_cadence(record, cadence.id)):
            yield cadence


def followed(record: Record, checkin: Cadence, now: datetime, planned: Collection[datetime] = ()) -> Cadence:
    """The check-in with each round where its meeting leads it; twice is once. `planned` are the slots of rounds that
    are open or about to be, which stay."""
    meeting = stocktake_meeting(record)
    if meeting is None:
        return checkin
    # A round that finds its day taken may have it once the one that was there has gone elsewhere.
    while (after := _followed_once(checkin, meeting, now, planned)) != checkin:
        checkin = after
    return checkin


def _followed_once(checkin: Cadence, meeting: Cadence, now: datetime, planned: Collection[datetime]) -> Cadence:
    for slot, (there, place) in sorted(_led_to(checkin, meeting).items()):
        known = _move_of(checkin, slot)
        by_hand = known is not None and known.follows is None
        if by_hand or slot in checkin.exdates or slot in planned:
            continue
        if to_utc(opening_of(checkin, slot), checkin.timezone) <= now:
            continue
        checkin = _moved(checkin, slot, meeting, there, place, now)
    return checkin


def followed_rounds(before: Cadence, after: Cadence) -> tuple[Followed, ...]:
    """The rounds that open at another time than before."""
    slots = sorted({one.original for one in (*before.moves, *after.moves)})
    return tuple(
        Followed(after.name, slot, opening_of(after, slot))
        for slot in slots
        if opening_of(before, slot) != opening_of(after, slot)
    )


def rounds_of_date(record: Record, meeting: Cadence, there: datetime, now: datetime) -> tuple[Followed, ...]:
    """The rounds ahead that lead to a date of this meeting by the rules of both, also where it is not held."""
    first = stocktake_meeting(record)
    return tuple(
        Followed(checkin.name, slot, opening_of(checkin, slot))
        for checkin in (following_checkins(record) if first is not None and first.id == meeting.id else ())
        if (slot := _round_before(checkin, there)) is not None
        and _meeting_after(meeting, slot) == there
        and slot not in checkin.exdates
        and to_utc(opening_of(checkin, slot), checkin.timezone) > now
    )


def _led_to(checkin: Cadence, meeting: Cadence) -> dict[datetime, tuple[datetime, datetime | None]]:
    """The rounds that a moved date of the meeting concerns, or did before: each with the date that it leads to by the
    rules of both, and where that is now (None: nowhere, since it is not held)."""
    found: dict[datetime, tuple[datetime, datetime | None]] = {}
    for there in (one.original for one in meeting.moves):
        slot = _round_before(checkin, there)
        if slot is not None and _meeting_after(meeting, slot) == there:
            found[slot] = (there, _place_of(meeting, there))
    for known in checkin.moves:
        if known.follows is not None and known.original not in found:
            led = _meeting_after(meeting, known.original)
            found[known.original] = (led or known.original, _place_of(meeting, led) if led is not None else None)
    return found


def _round_before(checkin: Cadence, there: datetime) -> datetime | None:
    return next(iter(slots_between(checkin, there - _FURTHEST_LEAD, there)[-1:]), None)


def _meeting_after(meeting: Cadence, slot: datetime) -> datetime | None:
    return next(iter(slots_between(meeting, slot, slot + _FURTHEST_LEAD)), None)


def _place_of(meeting: Cadence, there: datetime) -> datetime | None:
    """Where a date of the meeting is now; None where it is not held."""
    place = opening_of(meeting, there)
    held = occurrences(meeting, place, place + timedelta(seconds=1))
    return place if any(one.slot == there for one in held) else None


def _moved(
    checkin: Cadence, slot: datetime, meeting: Cadence, there: datetime, place: datetime | None, now: datetime
) -> Cadence:
    known = _move_of(checkin, slot)
    local_now = to_local(now, checkin.timezone)
    if place is None:
        # The stock is due all the same, on its own day; where that has passed, where it was put.
        is_ahead = known is not None and slot > local_now and not _others_on(checkin, slot, slot)
        return follow(checkin, slot, slot, there) if is_ahead else checkin
    if known is not None and known.follows == place:
        # What was worked out for this place stays, however the days pass.
        return checkin
    to = _on_a_working_day(slot + (place.date() - there.date()), slot)
    hours = None
    if to <= local_now:
        # Too late for the usual lead: as soon as it can, and over when stock is taken.
        to = _on_a_later_working_day(local_now, slot)
        until = to_utc(place, meeting.timezone) - to_utc(to, checkin.timezone)
        if until < _SHORTEST:
            return checkin
        hours = min(checkin.closes_after_hours, int(until / timedelta(hours=1)))
    if _others_on(checkin, slot, to):
        return checkin
    return follow(checkin, slot, to, place, hours)


def _on_a_working_day(day: datetime, slot: datetime) -> datetime:
    """That day, or the working day before it where it is on a weekend and the round usually isn't."""
    while day.weekday() > _FRIDAY >= slot.weekday():
        day -= _A_DAY
    return day


def _on_a_later_working_day(local_now: datetime, slot: datetime) -> datetime:
    day = datetime.combine(local_now.date() + _A_DAY, slot.time())
    while day.weekday() > _FRIDAY >= slot.weekday():
        day += _A_DAY
    return day


def _others_on(checkin: Cadence, slot: datetime, to: datetime) -> bool:
    """Whether another round opens on that day: a round is known by its day, so two may not share one."""
    day = datetime.combine(to.date(), datetime.min.time())
    return any(one.slot != slot for one in occurrences(checkin, day, day + _A_DAY))


def _move_of(checkin: Cadence, slot: datetime) -> Move | None:
    return next((one for one in checkin.moves if one.original == slot), None)
