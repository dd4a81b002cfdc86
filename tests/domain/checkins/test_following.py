"""A stocktake's round goes along with the meeting that it leads to: as many days ahead, once, never once it is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.checkins import followed, followed_rounds, rounds_of_date, stocktake_meeting
from bot.domain.record import Cadence, Move, Record
from bot.domain.rhythm import STOCKTAKE, leave_out, move, occurrences, opening_of, place, restore, skip, to_local
from bot.errors import UserError
from tests.builders import cadence, meeting
from tests.examples import examples
from tests.services.small import friday, small, weekly

ZONE = "America/Chicago"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Owners are asked on the third Thursday at nine; stock is taken on the fourth at one.
ASKED = replace(
    cadence("stock", question_set=STOCKTAKE.id, rrule="FREQ=MONTHLY;BYDAY=3TH"),
    dtstart=at("2026-01-15T09:00"),
    closes_after_hours=120,
    reminder_after_hours=72,
    delegate_after_hours=96,
)
TAKEN = meeting("taken", "2026-01-22T13:00", kind="stocktake", name="Stocktake", rrule="FREQ=MONTHLY;BYDAY=4TH")
NOW = moment("2026-12-01T18:00")
ROUND, HELD = at("2026-12-17T09:00"), at("2026-12-24T13:00")


def record(asked: Cadence = ASKED, taken: Cadence = TAKEN) -> Record:
    return small(cadences=(friday(), weekly(), asked, taken), question_sets=(STOCKTAKE,))


def follow(taken: Cadence, asked: Cadence = ASKED, now: datetime = NOW, planned: tuple[datetime, ...] = ()) -> Cadence:
    return followed(record(asked, taken), asked, now, planned)


def test_it_keeps_as_many_days_ahead_at_its_own_hour() -> None:
    found = follow(place(TAKEN, HELD, at("2027-01-05T10:00")))
    assert found.moves == (Move(original=ROUND, to=at("2026-12-29T09:00"), follows=at("2027-01-05T10:00")),)
    assert [(one.name, one.opens) for one in followed_rounds(ASKED, found)] == [(ASKED.name, at("2026-12-29T09:00"))]
    assert follow(TAKEN) == ASKED
    assert follow(place(TAKEN, HELD, at("2026-12-24T16:00"))) == ASKED, "another hour of the same day"


@pytest.mark.parametrize(
    ("to", "now", "opens", "hours"),
    [
        # Earlier, with the usual lead.
        ("2026-12-16T13:00", "2026-12-01T18:00", "2026-12-09T09:00", None),
        # Too late for that: the next working day, and over when stock is taken.
        ("2026-12-10T13:00", "2026-12-04T18:00", "2026-12-07T09:00", 76),
        ("2026-12-16T13:00", "2026-12-10T18:00", "2026-12-11T09:00", None),
        # Too late for any: it stays where it was, since the stock is due all the same.
        ("2026-12-02T10:00", "2026-12-01T18:00", "2026-12-17T09:00", None),
        # A meeting on a Monday, of a round that would open on a weekend.
        ("2026-12-21T13:00", "2026-12-01T18:00", "2026-12-14T09:00", None),
    ],
)
def test_where_the_usual_lead_would_be_too_short(to: str, now: str, opens: str, hours: int | None) -> None:
    found = follow(place(TAKEN, HELD, at(to)), now=moment(now))
    assert opening_of(found, ROUND) == at(opens)
    assert [one.closes_after_hours for one in found.moves] == ([hours] if at(opens) != ROUND else [])
    later = moment(now) + timedelta(hours=14)  # next day, before nine
    assert follow(place(TAKEN, HELD, at(to)), found, later) == found, "it does not hurry anew each day"


def test_of_a_lead_that_would_end_on_a_weekend_it_is_the_friday() -> None:
    asked = replace(ASKED, rrule="FREQ=MONTHLY;BYDAY=3TU", dtstart=at("2026-01-20T09:00"))
    found = follow(place(TAKEN, HELD, at("2026-12-29T13:00")), asked)
    assert opening_of(found, at("2026-12-15T09:00")) == at("2026-12-18T09:00"), "nine days ahead would be a Sunday"


def test_two_rounds_never_open_on_one_day() -> None:
    assert follow(place(TAKEN, HELD, at("2027-01-28T16:00"))) == ASKED, "the one of January opens that day"


def test_a_round_that_is_open_or_about_to_be_stays() -> None:
    taken = place(TAKEN, HELD, at("2027-01-05T10:00"))
    assert follow(taken, planned=(ROUND,)) == ASKED
    assert follow(taken, now=moment("2026-12-17T15:00")) == ASKED
    assert follow(taken, now=moment("2026-12-17T14:59")) != ASKED


def test_what_was_done_by_hand_stays() -> None:
    taken = place(TAKEN, HELD, at("2027-01-05T10:00"))
    by_hand = move(ASKED, ROUND, at("2026-12-18T09:00"), None, None, NOW, is_planned=False)
    assert follow(taken, by_hand) == by_hand
    skipped = skip(ASKED, ROUND, None, NOW, is_planned=False)
    assert follow(taken, skipped) == skipped
    # One that went along and is then moved by hand, also back to its own day, goes along no more.
    own_day = move(follow(taken), ROUND, ROUND, None, None, NOW, is_planned=False)
    assert opening_of(own_day, ROUND) == ROUND
    assert follow(place(TAKEN, HELD, at("2027-01-06T10:00")), own_day) == own_day
    with pytest.raises(UserError, match="since the meeting that it leads to was moved"):
        restore(follow(taken), ROUND, NOW, is_planned=False)


def test_of_a_meeting_that_is_not_held_the_round_opens_on_its_own_day() -> None:
    gone = leave_out(TAKEN, HELD)
    assert follow(gone) == ASKED
    moved = follow(place(TAKEN, HELD, at("2027-01-05T10:00")))
    assert follow(gone, moved) == ASKED
    assert [one.opens for one in rounds_of_date(record(ASKED, gone), gone, HELD, NOW)] == [ROUND]
    # Its own day has passed meanwhile, so it opens where it was put.
    assert follow(gone, moved, moment("2026-12-20T18:00")) == moved


def test_another_meeting_or_another_checkin_moves_nothing() -> None:
    sitting = replace(place(TAKEN, HELD, at("2027-01-05T10:00")), kind="meeting")
    assert follow(sitting) == ASKED
    assert stocktake_meeting(record(ASKED, sitting)) is None
    quarterly = replace(TAKEN, rrule="FREQ=MONTHLY;INTERVAL=3;BYDAY=4TH")
    assert rounds_of_date(record(ASKED, quarterly), quarterly, at("2027-01-28T13:00"), NOW)
    assert not rounds_of_date(record(ASKED, TAKEN), replace(TAKEN, id="other"), HELD, NOW)


_DAYS = st.integers(min_value=-40, max_value=40)
_STEPS = st.lists(
    st.tuples(st.sampled_from(["move", "back", "skip", "later"]), st.integers(0, 2), _DAYS, st.integers(1, 9)),
    max_size=12,
)


@settings(max_examples=examples(25), deadline=None)
@given(_STEPS)
# December's round is led to the day from which January's goes away.
@example([("move", 1, -11, 1), ("move", 0, 22, 1), ("move", 1, 0, 1)])
def test_whatever_becomes_of_the_meeting_each_round_opens_once(steps: list[tuple[str, int, int, int]]) -> None:
    """Live as the rhythm does: a round whose moment has come is asked, and is never again or elsewhere."""
    asked, taken, now = ASKED, TAKEN, NOW
    dates = [at("2026-12-24T13:00"), at("2027-01-28T13:00"), at("2027-02-25T13:00")]
    opened: dict[datetime, datetime] = {}

    def live(until: datetime, since: datetime) -> None:
        start, end = to_local(since, ZONE), to_local(until, ZONE)
        for one in occurrences(asked, start + timedelta(microseconds=1), end + timedelta(microseconds=1)):
            assert one.slot not in opened, "asked twice"
            opened[one.slot] = one.local

    for what, which, days, hours in steps:
        there = dates[which]
        if what == "later":
            live(now + timedelta(hours=13 * hours), now)
            now += timedelta(hours=13 * hours)
        elif there not in taken.exdates and to_local(now, ZONE) < opening_of(taken, there):
            to = there + timedelta(days=days, hours=hours - 4)
            if what == "move" and to > to_local(now, ZONE):
                taken = place(taken, there, to)
            elif what == "back" and there > to_local(now, ZONE):
                taken = place(taken, there, there)
            elif what == "skip":
                taken = leave_out(taken, there)
        before = asked
        asked = follow(taken, asked, now, tuple(opened))
        assert follow(taken, asked, now, tuple(opened)) == asked, "twice is once"
        for slot, local in opened.items():
            assert opening_of(asked, slot) == opening_of(before, slot) == local
        days_of = [one.local.date() for one in occurrences(asked, at("2026-11-01T00:00"), at("2027-06-01T00:00"))]
        assert len(days_of) == len(set(days_of)), "two rounds on one day"
        for changed in followed_rounds(before, asked):
            assert changed.opens > to_local(now, ZONE)
    live(moment("2027-06-01T18:00"), now)
    assert {slot for slot in opened if slot < at("2027-05-01T00:00")} == {
        at(day)
        for day in (
            "2026-12-17T09:00",
            "2027-01-21T09:00",
            "2027-02-18T09:00",
            "2027-03-18T09:00",
            "2027-04-15T09:00",
        )
    }, "each once"


@settings(max_examples=examples(20), deadline=None)
@given(st.lists(st.integers(min_value=0, max_value=20), min_size=1, max_size=5))
def test_how_the_meeting_came_there_makes_no_difference(ways: list[int]) -> None:
    taken, asked = TAKEN, ASKED
    for days in ways:
        taken = place(taken, HELD, HELD + timedelta(days=days))
        asked = follow(taken, asked)
    assert asked == follow(taken)
