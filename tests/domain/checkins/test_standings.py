"""How a priority stands: whose word counts, since when, how confident, how silent, and whether numbers disagree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.checkins import Standing
from bot.domain.checkins import standings as standing
from bot.domain.known import known_at
from bot.domain.record import Directory, Move, Record, Response
from tests.builders import (
    NOON,
    TODAY,
    at,
    away,
    cadence,
    day,
    live_round,
    member,
    organization,
    priority,
    record,
    response,
)
from tests.examples import examples
from tests.tables import on_each


def history(*responses: Response) -> Sequence[Response]:
    return standing.histories(responses).get("p1", [])


def stands(*responses: Response, silent_rounds: int = 0, **own: Any) -> Standing:
    return standing.standing(priority(**own), history(*responses), TODAY, silent_rounds)


def silent(known: Record, moment: datetime = NOON) -> dict[str, int]:
    known = known_at(known, moment)
    told = standing.histories(known.responses)
    return standing.count_silent_rounds(known, moment, Directory.of(known), told)


# Whose word counts


def test_the_latest_response_stands() -> None:
    found = stands(response("17", "off_track", by="bo", on_behalf_of="ana"), response("10", "at_risk"))
    assert (found.assessment, found.by, found.on_behalf_of) == ("off_track", "bo", "ana")
    assert (found.since, found.weeks, found.age_days) == (day("17"), 0, 6)


def test_since_is_the_first_day_of_the_unbroken_run() -> None:
    found = stands(
        response("2026-10-06", "at_risk"),
        response("2026-10-13", "on_track"),
        response("2026-10-20", "at_risk"),
        response("3", "at_risk"),
        response("17", "at_risk"),
    )
    assert (found.since, found.age_days) == (day("2026-10-20"), 6)


@pytest.mark.parametrize(("since", "weeks"), [("23", 0), ("17", 0), ("16", 1), ("10", 1), ("9", 2)])
def test_weeks_are_whole_ones(since: str, weeks: int) -> None:
    assert stands(response(since)).weeks == weeks


def test_without_a_response_the_prioritys_own_assessment_stands() -> None:
    found = stands(assessment="at_risk", silent_rounds=1)
    assert (found.assessment, found.by, found.since, found.weeks, found.age_days) == ("at_risk", None, None, None, None)
    assert found.silent_rounds == 1
    dated = stands(assessment="at_risk", assessment_on="9")
    assert (dated.since, dated.weeks, dated.age_days, dated.by) == (day("9"), 2, 14, None)


@pytest.mark.parametrize(("assessment_on", "own_stands"), [(None, False), ("16", False), ("17", False), ("18", True)])
def test_an_own_assessment_stands_only_when_it_was_set_on_a_later_day(
    assessment_on: str | None, own_stands: bool
) -> None:
    found = stands(response("17", "on_track"), assessment="at_risk", assessment_on=assessment_on)
    assert found.assessment == ("at_risk" if own_stands else "on_track")
    assert found.by == (None if own_stands else "ana")


@pytest.mark.parametrize("assessment", ["paused", "complete"])
def test_paused_and_complete_stand_whatever_was_said_and_are_never_silent(assessment: str) -> None:
    found = stands(
        response("17", on_behalf_of="bo"), assessment=assessment, assessment_on="2026-10-01", silent_rounds=5
    )
    assert (found.assessment, found.since, found.age_days) == (assessment, day("2026-10-01"), 53)
    assert (found.by, found.on_behalf_of, found.silent_rounds) == (None, None, 0)
    assert stands(response("17"), assessment=assessment).since is None


@pytest.mark.parametrize(("assessment", "silent_rounds"), [("complete", 0), ("paused", 0), ("at_risk", 3)])
def test_a_response_that_says_so_ends_the_asking_too(assessment: str, silent_rounds: int) -> None:
    assert stands(response("3", assessment), silent_rounds=3).silent_rounds == silent_rounds


def test_a_clock_ahead_of_the_coalitions_makes_no_negative_age() -> None:
    found = stands(response("24"))
    assert (found.since, found.weeks, found.age_days) == (day("24"), 0, 0)


def test_the_owners_own_response_goes_before_a_delegates() -> None:
    own = response("17", "on_track")
    stand_in = response("17", "off_track", by="bo", on_behalf_of="ana")
    for order in ([own, stand_in], [stand_in, own]):
        (one,) = history(*order)
        assert one.by == "ana"


@pytest.mark.parametrize("on_behalf_of", [None, "ana"])
def test_of_two_alike_in_a_round_the_later_counts(on_behalf_of: str | None) -> None:
    (one,) = history(
        response("17", "on_track", on_behalf_of=on_behalf_of), response("17", "at_risk", on_behalf_of=on_behalf_of)
    )
    assert one.assessment == "at_risk"


def test_of_two_checkins_on_one_day_the_later_answer_is_the_latest() -> None:
    noon, evening = (at(f"2026-11-17T{hour}:00") for hour in (12, 18))
    for_steering = response("17", "off_track", cadence="steering", answered_at=evening)
    assert [one.assessment for one in history(for_steering, response("17", "at_risk", answered_at=noon))] == [
        "at_risk",
        "off_track",
    ]


def test_no_change_repeats_what_it_leaves_out() -> None:
    again = response("17", None, None, no_change=True)
    found = stands(response("10", "at_risk", 4), again)
    assert (found.assessment, found.since, found.age_days, found.no_change) == ("at_risk", day("10"), 6, True)
    assert standing.confidence(history(response("10", "at_risk", 4), again)).value == 4


def test_a_response_without_an_assessment_leaves_the_priority_its_own() -> None:
    assert stands(response("17", None), assessment="at_risk").assessment == "at_risk"


# Confidence


def confidence(*values: int | None) -> tuple[int | None, int | None, bool]:
    days = [f"{number + 1:02}" for number in range(len(values))]
    found = standing.confidence(
        history(*(response(on, "on_track", value) for on, value in zip(days, values, strict=True)))
    )
    return found.value, found.change, found.falling


@on_each(
    ("values", "expected"),
    [
        ((), (None, None, False)),
        ((6,), (6, None, False)),
        ((6, 5), (5, -1, False)),
        ((7, 6, 5), (5, -1, True)),
        ((7, 7, 5), (5, -2, False)),
        ((7, 5, 5), (5, 0, False)),
        ((5, 6, 5), (5, -1, False)),
        ((9, 7, 5, 6), (6, 1, False)),
        ((7, None, 5), (5, None, False)),
        ((7, 6, None), (None, None, False)),
        ((0, 10), (10, 10, False)),
    ],
)
def test_confidence_change_and_two_falls_in_a_row(
    values: tuple[int | None, ...], expected: tuple[int | None, int | None, bool]
) -> None:
    assert confidence(*values) == expected


def test_confidence_before_is_value_minus_change() -> None:
    found = standing.confidence(history(response("10", confidence=3), response("17", confidence=2)))
    assert found.before == 3
    assert standing.confidence(history(response("10"))).before is None


@given(st.lists(st.integers(0, 10), min_size=3, max_size=8))
def test_falling_means_exactly_that_the_last_three_fall(values: list[int]) -> None:
    first, second, third = values[-3:]
    assert confidence(*values) == (third, third - second, first > second > third)


# What numbers say


@on_each(
    ("assessment", "status", "expected"),
    [
        ("on_track", "off_track", True),
        ("complete", "off_track", True),
        ("on_track", "at_risk", False),
        ("on_track", "stale", False),
        ("on_track", None, False),
        ("off_track", "on_track", True),
        ("off_track", "met", True),
        ("off_track", "at_risk", False),
        ("off_track", "no_data", False),
        ("at_risk", "off_track", False),
        ("at_risk", "on_track", False),
        ("paused", "off_track", False),
        ("not_started", "off_track", False),
    ],
)
def test_owner_and_numbers_disagree_only_at_the_ends(assessment: str, status: str | None, expected: bool) -> None:
    assert standing.disagrees(assessment, status) is expected


# Silent rounds


def imported(*days: str, **fields: Any) -> Record:
    """`p1` answered on the days given; `p2` of the same owner opened the file's rounds on Oct 27."""
    return record(
        priorities=[priority("p1"), priority("p2")],
        responses=[response("2026-10-27", priority="p2"), *(response(one) for one in days)],
        **fields,
    )


def test_rounds_from_the_files_first_one_to_the_import_count_as_asked() -> None:
    assert silent(imported("3")) == {"p1": 2, "p2": 3}
    assert silent(imported("17")) == {"p1": 0, "p2": 3}
    # Oct 27, Nov 3, 10 and 17.
    assert silent(imported()) == {"p1": 4, "p2": 3}


def test_without_any_response_in_the_file_no_past_is_made_up() -> None:
    assert silent(record()) == {"p1": 0}


def test_a_round_is_silent_only_once_it_has_closed() -> None:
    assert silent(imported("10"), at("2026-11-19T11:59"))["p1"] == 0
    assert silent(imported("10"), at("2026-11-19T12:00"))["p1"] == 1


def test_a_round_that_opened_before_the_import_counts_and_a_later_one_does_not() -> None:
    full = imported("3", first_imported_at=at("2026-11-17T09:00"))
    assert silent(full)["p1"] == 2
    full = imported("3", first_imported_at=at("2026-11-17T08:59"))
    assert silent(full)["p1"] == 1


def test_after_the_import_only_live_rounds_count() -> None:
    full = imported("3", first_imported_at=at("2026-11-09T12:00"))
    assert silent(full)["p1"] == 0
    asked = [live_round("10"), live_round("17"), live_round("17", priority="p2", asked=False)]
    full = imported("3", first_imported_at=at("2026-11-09T12:00"), rounds=asked)
    assert silent(full) == {"p1": 2, "p2": 1}


def test_a_live_round_is_not_counted_beside_the_same_round_of_the_file() -> None:
    full = imported("3", first_imported_at=NOON, rounds=[live_round("17")])
    assert silent(full)["p1"] == 2
    full = imported("3", first_imported_at=NOON, rounds=[live_round("17", asked=False)])
    assert silent(full)["p1"] == 1


def test_an_answer_in_the_open_round_counts_at_once() -> None:
    full = imported("3", "23", first_imported_at=at("2026-11-01T00:00"), rounds=[live_round("17"), live_round("23")])
    assert silent(full)["p1"] == 0


def test_a_live_round_closes_when_it_says() -> None:
    full = record(first_imported_at=at("2026-11-01T00:00"), rounds=[live_round("23", hours=3)])
    assert silent(full, at("2026-11-23T11:59")) == {"p1": 0}
    assert silent(full, at("2026-11-23T12:00")) == {"p1": 1}


def test_rounds_while_the_owner_was_away_are_left_out() -> None:
    absent = member(away=(away("2026-11-09", "2026-11-10"),))
    assert silent(imported("3", members=[absent]))["p1"] == 1
    back = member(away=(away("2026-11-11", "2026-11-16"),))
    assert silent(imported("3", members=[back]))["p1"] == 2


def test_rounds_on_a_closed_day_of_the_owners_organization_are_left_out() -> None:
    closed = organization(closed_days=(day("10"),))
    other = organization("other", closed_days=(day("17"),))
    assert silent(imported("3", organizations=[closed, other]))["p1"] == 1
    every_year = organization(closed_yearly=("11-10",))
    assert silent(imported("3", organizations=[every_year, other]))["p1"] == 1


def test_a_moved_round_counts_on_its_new_day_with_its_own_hours() -> None:
    slot = datetime.fromisoformat("2026-11-17T09:00")
    move = Move(original=slot, to=slot - timedelta(days=1), closes_after_hours=5)
    absent = member(away=(away("2026-11-16", "2026-11-16"),))
    full = imported("10", cadences=[cadence(moves=(move,))])
    assert silent(full, at("2026-11-16T13:59"))["p1"] == 0
    assert silent(full, at("2026-11-16T14:00"))["p1"] == 1
    assert silent(imported("10", cadences=[cadence(moves=(move,))], members=[absent]))["p1"] == 0


def test_a_skipped_round_was_never_asked() -> None:
    skipping = cadence(exdates=(datetime.fromisoformat("2026-11-10T09:00"),))
    assert silent(imported("3", cadences=[skipping]))["p1"] == 1


def test_a_round_at_midnight_belongs_to_the_day_that_begins() -> None:
    midnight = cadence(dtstart=datetime.fromisoformat("2026-01-06T00:00"))
    # Oct 27, Nov 3, 10 and 17.
    assert silent(imported(cadences=[midnight]))["p1"] == 4


def test_a_round_runs_on_the_owners_clock() -> None:
    berlin = member(timezone="Europe/Berlin")
    closes = at("2026-11-19T05:00")
    assert silent(imported("10", members=[berlin]), closes - timedelta(seconds=1))["p1"] == 0
    assert silent(imported("10", members=[berlin]), closes)["p1"] == 1
    fixed = cadence(time_basis="coalition")
    assert silent(imported("10", members=[berlin], cadences=[fixed]), closes)["p1"] == 0


def test_other_checkins_make_no_owner_silent() -> None:
    pulse = cadence("pulse", audience="all_members")
    full = imported("17", cadences=[cadence(), pulse])
    assert silent(full)["p1"] == 0


@settings(max_examples=examples(25), deadline=None)
@given(st.sets(st.integers(0, 6)), st.integers(0, 60))
def test_silence_never_shrinks_while_nobody_answers(answered: set[int], hours: int) -> None:
    first = date(2026, 10, 6)
    full = record(
        responses=[response((first + timedelta(weeks=week)).isoformat()) for week in answered],
        first_imported_at=at("2026-12-31T00:00"),
    )
    moment = at("2026-11-23T12:00")
    later = moment + timedelta(hours=hours)
    expected = 6 - max(answered) if answered else 0
    assert silent(full, moment)["p1"] == expected
    assert silent(full, later)["p1"] >= expected
