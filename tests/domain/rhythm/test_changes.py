"""What a change of its dates makes of a check-in, and which changes are refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import rhythm
from bot.domain.record import Cadence, Move
from bot.errors import UserError
from tests import builders as make
from tests.builders import NOON
from tests.examples import examples
from tests.tables import on_each

NEXT = datetime.fromisoformat("2026-11-24T09:00")  # Tuesdays at nine; NOON is the Monday before
LATER = NEXT + timedelta(days=7)
CHECKIN = make.cadence(name="Weekly check-in")
MOVED = rhythm.move(CHECKIN, NEXT, NEXT + timedelta(days=1), 20, None, NOON, is_planned=False)
SKIPPED = rhythm.skip(CHECKIN, NEXT, None, NOON, is_planned=False)


def said(change: Callable[[], object]) -> tuple[str, str | None]:
    with pytest.raises(UserError) as caught:
        change()
    return caught.value.message, caught.value.field


_slots = st.sampled_from([NEXT, LATER, LATER + timedelta(days=7)])
_days = st.integers(-2, 3).map(lambda days: timedelta(days=days))
CHANGES = st.one_of(
    st.tuples(st.just("skip"), _slots, _days),
    st.tuples(st.just("move"), _slots, _days),
    st.tuples(st.just("restore"), _slots, _days),
    st.tuples(st.sampled_from(["pause", "resume"]), _slots, _days),
)


def changed(cadence: Cadence, what: str, slot: datetime, by: timedelta) -> Cadence:
    match what:
        case "skip":
            return rhythm.skip(cadence, slot, None, NOON, is_planned=False)
        case "move":
            return rhythm.move(cadence, slot, slot + by, None, None, NOON, is_planned=False)
        case "restore":
            return rhythm.restore(cadence, slot, NOON, is_planned=False)
        case "pause":
            return rhythm.pause(cadence, NOON)
    return rhythm.resume(cadence)


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(CHANGES, max_size=10))
def test_whatever_happens_each_date_is_moved_or_skipped_or_as_it_was(
    steps: list[tuple[str, datetime, timedelta]],
) -> None:
    cadence = CHECKIN
    for step in steps:
        try:
            cadence = changed(cadence, *step)
        except UserError:
            continue
        assert changed(cadence, *step) == cadence, "twice is once"
        moved = [one.original for one in cadence.moves]
        assert len(set(moved)) == len(moved)
        assert len(set(cadence.exdates)) == len(cadence.exdates)
        assert not set(moved) & set(cadence.exdates), "what is left out is not moved"
        days = [
            one.local.date()
            for one in rhythm.occurrences(cadence, NEXT - timedelta(days=3), LATER + timedelta(days=12))
        ]
        assert len(set(days)) == len(days), "a round is known by its day"
    untouched = {"exdates": (), "moves": (), "paused_at": None}
    assert replace(cadence, **untouched) == CHECKIN  # type: ignore[arg-type]


def test_a_pause_keeps_when_it_began() -> None:
    paused = rhythm.pause(CHECKIN, NOON)
    assert paused.paused_at == NOON
    assert rhythm.pause(paused, NOON + timedelta(days=1)) == paused
    assert rhythm.resume(paused) == CHECKIN


def test_a_skipped_date_is_left_out() -> None:
    assert SKIPPED.exdates == (NEXT,)
    assert rhythm.skip(SKIPPED, NEXT, LATER, NOON, is_planned=True) == SKIPPED
    once_moved = rhythm.skip(MOVED, NEXT, None, NOON, is_planned=False)
    assert (once_moved.moves, once_moved.exdates) == ((), (NEXT,))
    assert rhythm.restore(once_moved, NEXT, NOON, is_planned=False) == CHECKIN


HOURS: dict[int | None, tuple[int | None, int | None, int | None]] = {
    None: (None, None, None),
    51: (None, None, None),
    60: (60, None, None),
    20: (20, 12, 15),
    4: (4, 1, 1),
    50: (50, 24, 29),
}


@on_each("hours", HOURS)
def test_a_shorter_round_reminds_eight_and_asks_stand_ins_five_hours_before_its_close(hours: int | None) -> None:
    to = NEXT + timedelta(hours=2)
    found = rhythm.move(CHECKIN, NEXT, to, hours, None, NOON, is_planned=False)
    closes, reminder, delegate = HOURS[hours]
    assert found.moves == (
        Move(
            original=NEXT,
            to=to,
            closes_after_hours=closes,
            reminder_after_hours=reminder,
            delegate_after_hours=delegate,
        ),
    )


def test_a_move_is_moved_again_in_its_place() -> None:
    both = rhythm.move(MOVED, LATER, LATER + timedelta(days=1), None, None, NOON, is_planned=False)
    kept = replace(both, moves=(replace(both.moves[0], extra={"why": "snow"}), both.moves[1]))
    again = rhythm.move(kept, NEXT, NEXT + timedelta(hours=1), None, None, NOON, is_planned=False)
    assert again.moves == (Move(original=NEXT, to=NEXT + timedelta(hours=1), extra={"why": "snow"}), both.moves[1])
    assert rhythm.opening_of(again, NEXT) == NEXT + timedelta(hours=1)
    assert rhythm.opening_of(CHECKIN, NEXT) == NEXT


LONG = "Give 1 to 204 hours."
REFUSED: dict[str, tuple[Callable[[], object], tuple[str, str | None]]] = {
    "no hours": (lambda: rhythm.move(CHECKIN, NEXT, LATER, 0, None, NOON, is_planned=False), (LONG, "closes")),
    "too many hours": (lambda: rhythm.move(CHECKIN, NEXT, LATER, 205, None, NOON, is_planned=False), (LONG, "closes")),
    "nothing takes place": (
        lambda: rhythm.skip(CHECKIN, NEXT + timedelta(days=1), None, NOON, is_planned=False),
        ("Weekly check-in doesn't open then. “checkin preview” shows its dates.", "slot"),
    ),
    "left out": (
        lambda: rhythm.move(SKIPPED, NEXT, LATER, None, None, NOON, is_planned=False),
        ("Weekly check-in doesn't open then. “checkin preview” shows its dates.", "slot"),
    ),
    "moved meanwhile": (
        lambda: rhythm.skip(MOVED, NEXT, NEXT, NOON, is_planned=False),
        (
            "Somebody has moved this round meanwhile: it opens Wed Nov 25, 9:00 AM. Close this and open it again to "
            "change that.",
            "slot",
        ),
    ),
    "about to open": (
        lambda: rhythm.skip(CHECKIN, NEXT, None, NOON, is_planned=True),
        (
            "The round of Tue Nov 24, 9:00 AM is about to open, and its messages are on their way. “checkin close” "
            "ends it once it is open.",
            "slot",
        ),
    ),
    "open": (
        lambda: rhythm.restore(CHECKIN, NEXT - timedelta(days=7), NOON, is_planned=True),
        ("The round of Tue Nov 17, 9:00 AM is already open or over. “checkin close” ends an open one.", "slot"),
    ),
    "to a moment that has passed": (
        lambda: rhythm.move(CHECKIN, NEXT, NEXT - timedelta(hours=21), None, None, NOON, is_planned=False),
        ("That moment has passed. Choose a later one.", "date"),
    ),
    "to another round's day": (
        lambda: rhythm.move(CHECKIN, NEXT, LATER + timedelta(hours=4), None, None, NOON, is_planned=False),
        ("Another round opens on Tue Dec 1, 9:00 AM. Choose another day.", "date"),
    ),
    "restored where nothing was": (
        lambda: rhythm.restore(CHECKIN, NEXT + timedelta(hours=1), NOON, is_planned=False),
        ("Weekly check-in doesn't open then anymore. “checkin preview” shows its dates.", None),
    ),
}


@on_each("case", REFUSED)
def test_what_is_refused_says_what_is_so(case: str) -> None:
    change, words = REFUSED[case]
    assert said(change) == words


def test_one_date_of_a_meeting_is_placed_elsewhere_in_its_place_and_back() -> None:
    day = timedelta(days=1)
    two = rhythm.place(rhythm.place(CHECKIN, NEXT, NEXT + day), LATER, LATER + day)
    assert [(one.original, one.to) for one in two.moves] == [(NEXT, NEXT + day), (LATER, LATER + day)]
    again = rhythm.place(two, NEXT, NEXT + 2 * day)
    assert [(one.original, one.to) for one in again.moves] == [(NEXT, NEXT + 2 * day), (LATER, LATER + day)]
    assert rhythm.place(rhythm.place(again, NEXT, NEXT), LATER, LATER) == CHECKIN
    without = rhythm.leave_out(rhythm.leave_out(two, LATER), NEXT)
    assert (without.moves, without.exdates) == ((), (NEXT, LATER))
    assert rhythm.leave_out(without, NEXT) == without
