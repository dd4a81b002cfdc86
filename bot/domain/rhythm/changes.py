"""What a change of its dates makes of a cadence: paused, or one date left out, moved or restored. Pure.

Twice is once: what is so already comes back as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.record import Cadence, Move
from bot.domain.rhythm.cadence import is_slot, occurrences, to_local, to_utc
from bot.domain.wording import clock, near_day
from bot.errors import UserError


@dataclass(frozen=True, slots=True)
class Followed:
    """A round that goes along with a meeting. Naive wall times."""

    name: str  # of the check-in
    slot: datetime
    opens: datetime  # on the clock of whoever is asked


def pause(cadence: Cadence, now: datetime) -> Cadence:
    """Nothing is planned from now on."""
    return cadence if cadence.paused_at is not None else replace(cadence, paused_at=now)


def resume(cadence: Cadence) -> Cadence:
    return replace(cadence, paused_at=None)


def skip(cadence: Cadence, slot: datetime, seen: datetime | None, now: datetime, *, is_planned: bool) -> Cadence:
    """Leaves one date out. `seen` is when somebody believed it to open, `is_planned` whether its messages are."""
    if slot in cadence.exdates:
        return cadence
    _require_seen(cadence, slot, seen, now)
    _require_ahead(cadence, slot, now, is_planned)
    others = tuple(one for one in cadence.moves if one.original != slot)
    return replace(cadence, moves=others, exdates=(*cadence.exdates, slot))


def move(
    cadence: Cadence,
    slot: datetime,
    to: datetime,
    closes_after_hours: int | None,
    seen: datetime | None,
    now: datetime,
    *,
    is_planned: bool,
) -> Cadence:
    """Lets one date open at another wall time, open for so many hours; None: as long as usual."""
    known = _move_of(cadence, slot)
    moved = _with_hours(replace(known or Move(original=slot, to=to), to=to), cadence, closes_after_hours)
    if known is not None and (known.to, known.closes_after_hours) == (to, moved.closes_after_hours):
        return cadence
    _require_seen(cadence, slot, seen, now)
    _require_ahead(cadence, slot, now, is_planned)
    _require_free(cadence, slot, to, now)
    return _with_move(cadence, moved)


def place(cadence: Cadence, slot: datetime, to: datetime) -> Cadence:
    """One date of a meeting or a digest at another wall time; back at its own time there is no move."""
    if to == slot:
        return replace(cadence, moves=tuple(one for one in cadence.moves if one.original != slot))
    return _with_move(cadence, replace(_move_of(cadence, slot) or Move(original=slot, to=to), to=to))


def leave_out(cadence: Cadence, slot: datetime) -> Cadence:
    """One date of a meeting that will not be."""
    return replace(place(cadence, slot, slot), exdates=tuple(sorted({*cadence.exdates, slot})))


def follow(
    cadence: Cadence, slot: datetime, to: datetime, follows: datetime, closes_after_hours: int | None = None
) -> Cadence:
    """One round along with the meeting that it leads to, which is at `follows` now; back at its own time there is no
    move."""
    if to == slot and closes_after_hours is None:
        return replace(cadence, moves=tuple(one for one in cadence.moves if one.original != slot))
    moved = _with_hours(Move(original=slot, to=to), cadence, closes_after_hours)
    return _with_move(cadence, replace(moved, follows=follows))


def _move_of(cadence: Cadence, slot: datetime) -> Move | None:
    return next((one for one in cadence.moves if one.original == slot), None)


def _with_move(cadence: Cadence, moved: Move) -> Cadence:
    known = _move_of(cadence, moved.original)
    moves = tuple(moved if one is known else one for one in cadence.moves)
    return replace(cadence, moves=moves if known is not None else (*moves, moved))


def restore(cadence: Cadence, slot: datetime, now: datetime, *, is_planned: bool) -> Cadence:
    """Takes a move or a skip of one date back."""
    if not is_slot(cadence, slot):
        raise UserError(f"{cadence.name} doesn't open then anymore. “checkin preview” shows its dates.")
    _require_ahead(cadence, slot, now, is_planned)
    known = _move_of(cadence, slot)
    if known is not None and known.follows is not None:
        raise UserError(
            f"This round opens {_dated(known.to, cadence, now)}, since the meeting that it leads to was moved. Move "
            "the round itself to have it on another day."
        )
    return replace(
        cadence,
        moves=tuple(one for one in cadence.moves if one.original != slot),
        exdates=tuple(one for one in cadence.exdates if one != slot),
    )


def opening_of(cadence: Cadence, slot: datetime) -> datetime:
    """The wall time at which this date opens, moved or not."""
    return next((one.to for one in cadence.moves if one.original == slot), slot)


def _with_hours(moved: Move, cadence: Cadence, closes: int | None) -> Move:
    """The windows of a moved date; those of the check-in itself where it is open as long as usual."""
    usual = replace(moved, closes_after_hours=None, reminder_after_hours=None, delegate_after_hours=None, follows=None)
    if closes is None or closes == cadence.closes_after_hours:
        return usual
    if not 1 <= closes <= cadence.closes_after_hours * 4:
        raise UserError(f"Give 1 to {cadence.closes_after_hours * 4} hours.", field="closes")
    if closes > cadence.closes_after_hours:
        return replace(usual, closes_after_hours=closes)
    return replace(
        usual,
        closes_after_hours=closes,
        reminder_after_hours=min(cadence.reminder_after_hours, max(1, closes - 8)),
        delegate_after_hours=min(cadence.delegate_after_hours, max(1, closes - 5)),
    )


def _require_seen(cadence: Cadence, slot: datetime, seen: datetime | None, now: datetime) -> None:
    """Raises UserError for a time at which nothing takes place, or that differs from what the form showed."""
    if not is_slot(cadence, slot) or slot in cadence.exdates:
        raise UserError(f"{cadence.name} doesn't open then. “checkin preview” shows its dates.", field="slot")
    opens = opening_of(cadence, slot)
    if seen is not None and seen != opens:
        raise UserError(
            f"Somebody has moved this round meanwhile: it opens {_dated(opens, cadence, now)}. Close this and open it "
            "again to change that.",
            field="slot",
        )


def _require_ahead(cadence: Cadence, slot: datetime, now: datetime, is_planned: bool) -> None:
    opens = opening_of(cadence, slot)
    is_over = to_utc(opens, cadence.timezone) <= now
    if is_planned and not is_over:
        # Messages of half an hour travel together, and the first of them may be on their way.
        raise UserError(
            f"The round of {_dated(opens, cadence, now)} is about to open, and its messages are on their way. "
            "“checkin close” ends it once it is open.",
            field="slot",
        )
    if is_over:
        raise UserError(
            f"The round of {_dated(opens, cadence, now)} is already open or over. “checkin close” ends an open one.",
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


def _dated(local: datetime, cadence: Cadence, now: datetime) -> str:
    return f"{near_day(local.date(), to_local(now, cadence.timezone).date())}, {clock(local)}"
