"""Cadences come round when their rule says, less what was skipped, at the times to which they were moved.

The zones' own clock changes have a file of their own, test_cadence_zones.py; the rules have test_recurrence.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.record import Cadence, Move
from bot.domain.rhythm import (
    Occurrence,
    RuleError,
    is_slot,
    latest_occurrence,
    next_occurrence,
    occurrences,
    occurrences_between,
    to_local,
    to_utc,
    window,
    zone_of,
)
from bot.domain.rhythm.cadence import Window
from tests.domain.cadences import CHECKIN, CHICAGO, cadence, days, rules, utc, wall
from tests.examples import examples
from tests.tables import on_each


def opens(it: Cadence, start: str, end: str) -> list[str]:
    return [f"{each.local:%Y-%m-%d %H:%M}" for each in occurrences(it, wall(start), wall(end))]


@given(rules(), st.integers(0, 2000))
@settings(max_examples=examples(20), deadline=None)
def test_next_and_latest_stand_on_both_sides_of_a_moment(rule: tuple[str, datetime], offset: int) -> None:
    text, dtstart = rule
    it = cadence(text, dtstart.isoformat())
    moment = to_utc(dtstart + timedelta(days=offset), CHICAGO)
    latest, following = latest_occurrence(it, moment), next_occurrence(it, moment)
    assert latest is not None
    assert following is not None
    assert latest[1] <= moment < following[1]
    assert occurrences_between(it, latest[1], following[1]) == [following]
    assert next_occurrence(it, latest[1]) == following
    assert latest_occurrence(it, following[1]) == following


def test_years_after_its_start_a_cadence_is_still_asked_quickly() -> None:
    it = cadence("FREQ=DAILY", "1970-01-01T09:00")
    moments = [utc("2199-03-01T00:00") + timedelta(days=day) for day in range(200)]
    for moment in moments:
        following = next_occurrence(it, moment)
        assert following is not None
        assert following[1] - moment <= timedelta(days=1)


def test_an_unusable_cadence_is_refused_when_it_is_asked() -> None:
    with pytest.raises(RuleError):
        occurrences(cadence("FREQ=WEEKLY;BYDAY=TU", "2026-01-05T09:00"), wall("2026-01-01"), wall("2026-02-01"))


def test_a_skipped_slot_is_left_out() -> None:
    it = cadence("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00", exdates=(wall("2026-01-13T09:00"),))
    assert days(it, "2026-01-01", "2026-01-25") == ["2026-01-06", "2026-01-20"]


def test_a_skip_at_another_time_of_day_skips_nothing() -> None:
    it = cadence("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00", exdates=(wall("2026-01-13T00:00"),))
    assert days(it, "2026-01-12", "2026-01-14") == ["2026-01-13"]


def test_a_skipped_slot_still_counts_for_count() -> None:
    it = cadence("FREQ=WEEKLY;BYDAY=TU;COUNT=3", "2026-01-06T09:00", exdates=(wall("2026-01-13T09:00"),))
    assert days(it, "2026-01-01", "2027-01-01") == ["2026-01-06", "2026-01-20"]


def moved(start: str, end: str, *moves: tuple[str, str], **fields: Any) -> list[tuple[str, str]]:
    it = cadence(
        "FREQ=WEEKLY;BYDAY=TU",
        "2026-01-06T09:00",
        moves=tuple(Move(original=wall(original), to=wall(to)) for original, to in moves),
        **fields,
    )
    return [(f"{each.slot:%m-%d}", f"{each.local:%m-%d}") for each in occurrences(it, wall(start), wall(end))]


def test_a_move_keeps_the_slot_and_changes_the_opening() -> None:
    found = moved("2026-01-12", "2026-01-21", ("2026-01-13T09:00", "2026-01-15T14:00"))
    assert found == [("01-13", "01-15"), ("01-20", "01-20")]


def test_a_move_out_of_the_range_is_not_in_it() -> None:
    assert moved("2026-01-12", "2026-01-14", ("2026-01-13T09:00", "2026-01-15T14:00")) == []


def test_a_move_into_the_range_is_in_it() -> None:
    assert moved("2026-01-14", "2026-01-17", ("2026-01-13T09:00", "2026-01-15T14:00")) == [("01-13", "01-15")]


def test_a_moved_one_is_held_to_the_same_bounds() -> None:
    move = ("2026-01-13T09:00", "2026-01-15T14:00")
    assert moved("2026-01-15T14:00", "2026-01-16", move) == [("01-13", "01-15")]
    assert moved("2026-01-14", "2026-01-15T14:00", move) == []


def test_a_move_over_another_occurrence_stands_where_it_opens() -> None:
    found = moved("2026-01-01", "2026-01-28", ("2026-01-13T09:00", "2026-01-21T09:00"))
    assert found == [("01-06", "01-06"), ("01-20", "01-20"), ("01-13", "01-21"), ("01-27", "01-27")]


def test_a_move_to_before_the_first_date_opens_there() -> None:
    found = moved("2025-12-01", "2026-01-14", ("2026-01-06T09:00", "2025-12-30T09:00"))
    assert found == [("01-06", "12-30"), ("01-13", "01-13")]


def test_two_that_open_together_stand_in_order_of_their_slots() -> None:
    found = moved("2026-01-12", "2026-01-22", ("2026-01-13T09:00", "2026-01-20T09:00"))
    assert found == [("01-13", "01-20"), ("01-20", "01-20")]


def test_the_later_of_two_moves_of_one_slot_counts() -> None:
    moves = (("2026-01-13T09:00", "2026-01-14T09:00"), ("2026-01-13T09:00", "2026-01-16T09:00"))
    assert moved("2026-01-12", "2026-01-19", *moves) == [("01-13", "01-16")]


def test_a_move_of_no_slot_makes_no_occurrence() -> None:
    assert moved("2026-01-14", "2026-01-19", ("2026-01-14T09:00", "2026-01-15T09:00")) == []


def test_a_skipped_slot_is_not_moved() -> None:
    skipped = (wall("2026-01-13T09:00"),)
    found = moved("2026-01-07", "2026-01-19", ("2026-01-13T09:00", "2026-01-15T09:00"), exdates=skipped)
    assert found == []


def test_a_slot_past_the_end_of_the_rule_cannot_be_moved_back() -> None:
    it = cadence(
        "FREQ=WEEKLY;BYDAY=TU;COUNT=2",
        "2026-01-06T09:00",
        moves=(Move(original=wall("2026-01-20T09:00"), to=wall("2026-01-19T09:00")),),
    )
    assert days(it, "2026-01-01", "2026-02-01") == ["2026-01-06", "2026-01-13"]


def test_moved_says_whether_the_time_differs() -> None:
    slot = wall("2026-01-13T09:00")
    assert not Occurrence(slot, slot).moved
    assert not Occurrence(slot, slot, Move(original=slot, to=slot, closes_after_hours=3)).moved
    assert Occurrence(slot, wall("2026-01-13T10:00"), Move(original=slot, to=wall("2026-01-13T10:00"))).moved


@pytest.mark.parametrize(
    ("slot", "answer"),
    [
        ("2026-11-24T09:00", True),
        ("2026-11-24T09:01", False),
        ("2026-11-23T09:00", False),
        ("2025-12-30T09:00", False),
    ],
)
def test_is_slot_asks_the_rule_alone(slot: str, answer: bool) -> None:
    assert is_slot(CHECKIN, wall(slot)) is answer


def test_next_is_strictly_after_and_latest_is_not() -> None:
    it = cadence("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00")
    moment = utc("2026-01-13T15:00")
    following, latest = next_occurrence(it, moment), latest_occurrence(it, moment)
    assert following is not None
    assert latest is not None
    assert following[1] == utc("2026-01-20T15:00")
    assert latest[1] == moment
    before = next_occurrence(it, moment - timedelta(microseconds=1))
    assert before is not None
    assert before[1] == moment


def test_between_leaves_out_its_beginning_and_includes_its_end() -> None:
    it = cadence("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00")
    found = occurrences_between(it, utc("2026-01-06T15:00"), utc("2026-01-20T15:00"))
    assert [moment for _, moment in found] == [utc("2026-01-13T15:00"), utc("2026-01-20T15:00")]
    assert occurrences_between(it, utc("2026-01-20T15:00"), utc("2026-01-20T15:00")) == []


def test_nothing_comes_after_the_end_nor_before_the_start() -> None:
    it = cadence("FREQ=WEEKLY;BYDAY=TU;COUNT=2", "2026-01-06T09:00")
    assert next_occurrence(it, utc("2026-01-13T15:00")) is None
    assert latest_occurrence(it, utc("2026-01-06T14:59")) is None
    last = latest_occurrence(it, utc("2036-01-01T00:00"))
    assert last is not None
    assert last[1] == utc("2026-01-13T15:00")


def test_latest_finds_a_moved_one_long_before_its_slot() -> None:
    it = cadence(
        "FREQ=YEARLY",
        "2026-06-17T09:00",
        moves=(Move(original=wall("2027-06-17T09:00"), to=wall("2026-07-01T09:00")),),
    )
    latest = latest_occurrence(it, utc("2028-06-01T00:00"))
    assert latest is not None
    assert latest[0].slot == wall("2027-06-17T09:00")
    following = next_occurrence(it, utc("2026-07-02T00:00"))
    assert following is not None
    assert following[0].slot == wall("2028-06-17T09:00")


def test_latest_finds_the_first_one_moved_to_before_the_start() -> None:
    it = cadence(
        "FREQ=YEARLY",
        "2026-06-17T09:00",
        moves=(Move(original=wall("2026-06-17T09:00"), to=wall("2026-05-01T09:00")),),
    )
    latest = latest_occurrence(it, utc("2026-05-10T00:00"))
    assert latest is not None
    assert latest[1] == utc("2026-05-01T14:00")
    assert latest_occurrence(it, utc("2026-05-01T13:59")) is None


def test_moments_decide_where_a_clock_change_turns_wall_times_round() -> None:
    """02:45 is skipped and opens at 03:45, after the one that was moved to 03:15."""
    skipped, shown = wall("2026-03-08T02:45"), wall("2026-03-08T03:15")
    it = cadence("FREQ=YEARLY", "2026-03-08T02:45", moves=(Move(original=wall("2027-03-08T02:45"), to=shown),))
    first, second = utc("2026-03-08T08:15"), utc("2026-03-08T08:45")
    between = occurrences_between(it, utc("2026-03-01T00:00"), utc("2026-04-01T00:00"))
    assert [(occurrence.local, moment) for occurrence, moment in between] == [(shown, first), (skipped, second)]
    assert next_occurrence(it, utc("2026-03-01T00:00")) == between[0]
    assert next_occurrence(it, first) == between[1]
    for day in range(1, 300):
        assert latest_occurrence(it, second + timedelta(days=day, minutes=-45)) == between[1]


def test_all_skipped_is_an_end() -> None:
    it = cadence(
        "FREQ=WEEKLY;BYDAY=TU;COUNT=2",
        "2026-01-06T09:00",
        exdates=(wall("2026-01-06T09:00"), wall("2026-01-13T09:00")),
    )
    assert next_occurrence(it, utc("2025-01-01T00:00")) is None
    assert latest_occurrence(it, utc("2027-01-01T00:00")) is None


@on_each(
    ("local", "zone", "moment"),
    [
        ("2026-01-06T09:00", CHICAGO, "2026-01-06T15:00"),
        ("2026-07-07T09:00", CHICAGO, "2026-07-07T14:00"),
        ("2026-03-08T01:59", CHICAGO, "2026-03-08T07:59"),
        ("2026-03-08T02:30", CHICAGO, "2026-03-08T08:30"),  # shown as 03:30
        ("2026-03-08T03:00", CHICAGO, "2026-03-08T08:00"),
        ("2026-11-01T00:59", CHICAGO, "2026-11-01T05:59"),
        ("2026-11-01T01:30", CHICAGO, "2026-11-01T06:30"),  # the first of the two
        ("2026-11-01T02:00", CHICAGO, "2026-11-01T08:00"),
        ("2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:45"),  # a gap of half an hour: 02:45
        ("2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45"),
        ("2026-03-29T01:30", "Antarctica/Troll", "2026-03-29T01:30"),  # a gap of two hours: 03:30
    ],
)
def test_wall_time_to_moment(local: str, zone: str, moment: str) -> None:
    assert to_utc(wall(local), zone) == utc(moment)
    assert to_utc(wall(local).replace(fold=1), zone) == utc(moment)


def test_moment_to_wall_time() -> None:
    shown = to_local(utc("2026-11-01T07:30"), CHICAGO)
    assert shown == wall("2026-11-01T01:30")
    assert shown.fold == 0
    assert to_local(to_utc(wall("2026-03-08T02:30"), CHICAGO), CHICAGO) == wall("2026-03-08T03:30")


def test_the_two_kinds_of_time_are_not_mixed_up() -> None:
    with pytest.raises(ValueError, match="wall time"):
        to_utc(utc("2026-01-01T00:00"), CHICAGO)
    with pytest.raises(ValueError, match="moment"):
        to_local(wall("2026-01-01T00:00"), CHICAGO)
    with pytest.raises(RuleError):
        to_utc(wall("2026-01-01T00:00"), "Mars/Olympus")


@on_each(
    ("kind", "basis", "member_zone", "expected"),
    [
        ("checkin", "member_local", "Europe/Berlin", "Europe/Berlin"),
        ("checkin", "member_local", None, CHICAGO),
        ("checkin", "coalition", "Europe/Berlin", CHICAGO),
        ("meeting", "member_local", "Europe/Berlin", CHICAGO),
        ("stocktake", "member_local", "Europe/Berlin", CHICAGO),
        ("reminder", "member_local", "Europe/Berlin", "Europe/Berlin"),
        ("digest", "coalition", "Europe/Berlin", CHICAGO),
    ],
)
def test_whose_clock_decides(kind: str, basis: str, member_zone: str | None, expected: str) -> None:
    it = cadence("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00", kind=kind, time_basis=basis)
    assert zone_of(it, member_zone) == expected


def test_a_floating_slot_opens_at_each_receivers_own_moment() -> None:
    after = utc("2026-11-29T00:00")
    found = {zone: next_occurrence(CHECKIN, after, zone) for zone in (None, "America/New_York", "Europe/Berlin")}
    moments = {zone: each[1] for zone, each in found.items() if each is not None}
    assert moments == {
        None: utc("2026-12-01T15:00"),
        "America/New_York": utc("2026-12-01T14:00"),
        "Europe/Berlin": utc("2026-12-01T08:00"),
    }
    assert {each[0].slot for each in found.values() if each is not None} == {wall("2026-12-01T09:00")}


def test_a_fixed_slot_ignores_the_receivers_zone() -> None:
    it = cadence("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00")
    assert next_occurrence(it, utc("2026-01-01T00:00"), "Europe/Berlin") == next_occurrence(it, utc("2026-01-01T00:00"))


def test_a_window_counts_elapsed_hours() -> None:
    it = replace(CHECKIN, moves=())
    occurrence = Occurrence(wall("2026-12-01T09:00"), wall("2026-12-01T09:00"))
    assert window(it, occurrence) == Window(
        opens_at=utc("2026-12-01T15:00"),
        reminder_at=utc("2026-12-02T15:00"),
        delegate_at=utc("2026-12-02T20:00"),
        closes_at=utc("2026-12-03T18:00"),
    )


@pytest.mark.parametrize(
    ("dtstart", "reminder", "closes"),
    [
        ("2026-03-07T09:00", "2026-03-08 10:00", "2026-03-09 13:00"),
        ("2026-10-31T09:00", "2026-11-01 08:00", "2026-11-02 11:00"),
    ],
)
def test_hours_elapse_over_a_clock_change(dtstart: str, reminder: str, closes: str) -> None:
    it = cadence("FREQ=WEEKLY;BYDAY=SA", dtstart)
    found = window(it, Occurrence(wall(dtstart), wall(dtstart)))
    assert found.reminder_at is not None
    assert f"{to_local(found.reminder_at, CHICAGO):%Y-%m-%d %H:%M}" == reminder
    assert f"{to_local(found.closes_at, CHICAGO):%Y-%m-%d %H:%M}" == closes
    assert found.closes_at - found.opens_at == timedelta(hours=51)


def test_the_samples_holiday_round_has_hours_of_its_own() -> None:
    found = next_occurrence(CHECKIN, utc("2026-11-20T00:00"))
    assert found is not None
    occurrence, moment = found
    assert (occurrence.slot, occurrence.local) == (wall("2026-11-24T09:00"), wall("2026-11-23T09:00"))
    assert moment == utc("2026-11-23T15:00")
    assert window(CHECKIN, occurrence) == Window(
        opens_at=moment,
        reminder_at=moment + timedelta(hours=22),
        delegate_at=moment + timedelta(hours=25),
        closes_at=moment + timedelta(hours=30),
    )
    berlin = window(CHECKIN, occurrence, "Europe/Berlin")
    assert berlin.opens_at == utc("2026-11-23T08:00")
    assert berlin.closes_at == utc("2026-11-24T14:00")
    following = next_occurrence(CHECKIN, moment)
    assert following is not None
    assert following[0].slot == wall("2026-12-01T09:00")


def test_a_move_without_hours_keeps_the_cadences() -> None:
    bare = replace(CHECKIN, moves=(Move(original=wall("2026-11-24T09:00"), to=wall("2026-11-23T09:00")),))
    [occurrence] = occurrences(bare, wall("2026-11-23"), wall("2026-11-25"))
    assert window(bare, occurrence).closes_at == utc("2026-11-25T18:00")


def test_zero_hours_of_a_move_are_hours() -> None:
    move = Move(original=wall("2026-11-24T09:00"), to=wall("2026-11-23T09:00"), reminder_after_hours=0)
    bare = replace(CHECKIN, moves=(move,))
    [occurrence] = occurrences(bare, wall("2026-11-23"), wall("2026-11-25"))
    assert window(bare, occurrence).reminder_at == utc("2026-11-23T15:00")


def test_a_window_closes_when_the_next_one_opens() -> None:
    it = cadence("FREQ=DAILY", "2026-01-06T09:00", closes_after_hours=51)
    found = window(it, Occurrence(wall("2026-01-06T09:00"), wall("2026-01-06T09:00")))
    assert found.closes_at == utc("2026-01-07T15:00")
    assert found.reminder_at == utc("2026-01-07T15:00")  # at the close, which is not after it
    assert found.delegate_at is None


def test_a_window_closes_when_a_moved_one_opens() -> None:
    it = replace(CHECKIN, moves=(Move(original=wall("2026-12-08T09:00"), to=wall("2026-12-02T08:00")),))
    found = window(it, Occurrence(wall("2026-12-01T09:00"), wall("2026-12-01T09:00")))
    assert found.closes_at == utc("2026-12-02T14:00")
    assert found.reminder_at is None
    assert found.delegate_at is None


def test_a_window_is_not_cut_by_a_skipped_one() -> None:
    it = cadence("FREQ=DAILY", "2026-01-06T09:00", closes_after_hours=40, exdates=(wall("2026-01-07T09:00"),))
    found = window(it, Occurrence(wall("2026-01-06T09:00"), wall("2026-01-06T09:00")))
    assert found.closes_at - found.opens_at == timedelta(hours=40)


@given(st.integers(1, 400), st.integers(0, 3))
@settings(max_examples=examples(20), deadline=None)
def test_windows_of_a_cadence_never_overlap(hours: int, moved_by: int) -> None:
    moves = (Move(original=wall("2026-02-03T09:00"), to=wall("2026-02-03T09:00") - timedelta(days=2 * moved_by)),)
    it = cadence("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00", closes_after_hours=hours, moves=moves)
    windows = [window(it, each) for each in occurrences(it, wall("2026-01-06"), wall("2026-04-01"))]
    assert all(one.opens_at < one.closes_at <= two.opens_at for one, two in pairwise(windows))


def test_nothing_comes_round_after_the_last_day() -> None:
    daily = cadence("FREQ=DAILY", "2026-11-23T09:00")
    beyond = Move(original=wall("2026-11-24T09:00"), to=wall("2026-11-27T09:00"))
    ended = replace(daily, ended=wall("2026-11-25T00:00").date(), moves=(beyond,))
    assert opens(ended, "2026-11-20T00:00", "2026-12-20T00:00") == ["2026-11-23 09:00", "2026-11-25 09:00"]
    assert next_occurrence(ended, utc("2026-11-26T00:00")) is None
