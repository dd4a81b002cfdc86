"""The simple choices of a check-in: the rule they make, what they refuse, and rhythms that stay as they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bot.domain.checkins import (
    PICKED,
    CheckinDraft,
    askable_sets,
    cadence_of,
    draft_of,
    is_stocktake,
    mistakes,
    preview_of,
    stocktake_draft,
)
from bot.domain.packing import pack, unpack
from bot.domain.record import Move, Question
from bot.domain.rhythm import STOCKTAKE, describe, is_slot
from bot.domain.typed import new_key
from tests.builders import meeting
from tests.services.group_checkin import with_group_checkin
from tests.services.small import small, weekly
from tests.tables import on_each

TODAY = date(2026, 11, 23)
MONDAY = datetime(2026, 11, 23, 13, tzinfo=UTC)


def draft(**fields: Any) -> CheckinDraft:
    usual: dict[str, Any] = {
        "id": None,
        "name": "Look back",
        "question_set": "weekly",
        "often": "weekly",
        "weekday": "TU",
        "at": time(9),
        "starts_on": date(2026, 11, 25),
        "basis": "member_local",
        "closes_after_hours": 51,
        "reminder_after_hours": 24,
        "delegate_after_hours": 29,
        "feeds": "friday",
    }
    return CheckinDraft(**(usual | fields))


@on_each(
    ("often", "weekday", "rule", "first"),
    [
        ("weekly", "TU", "FREQ=WEEKLY;BYDAY=TU", "2026-12-01"),
        ("weekly", "WE", "FREQ=WEEKLY;BYDAY=WE", "2026-11-25"),
        ("biweekly", "FR", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "2026-11-27"),
        ("monthly1", "WE", "FREQ=MONTHLY;BYDAY=1WE", "2026-12-02"),
        ("monthly4", "TH", "FREQ=MONTHLY;BYDAY=4TH", "2026-11-26"),
        ("monthly-1", "MO", "FREQ=MONTHLY;BYDAY=-1MO", "2026-11-30"),
        ("quarterly1", "TU", "FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU", "2026-12-01"),
    ],
)
def test_choices_make_a_rule_and_come_back_from_it(often: str, weekday: str, rule: str, first: str) -> None:
    chosen = draft(often=often, weekday=weekday)
    cadence = cadence_of(chosen, small(), None, "look-back")
    assert (cadence.rrule, cadence.dtstart.date()) == (rule, date.fromisoformat(first))
    back = draft_of(cadence)
    assert (back.often, back.weekday, back.at) == (often, weekday, time(9))
    kept = pack(chosen)
    assert unpack(CheckinDraft, kept) == chosen
    as_before = kept | {"at": "09:00", "starts_on": chosen.starts_on.isoformat()}
    assert unpack(CheckinDraft, as_before) == chosen


@on_each(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "n" * 81}, "name"),
        ({"name": "cadence FRIDAY"}, "name"),
        ({"question_set": "gone"}, "question_set"),
        ({"closes_after_hours": 24 * 28 + 1}, "closes"),
        ({"reminder_after_hours": 52}, "reminder"),
        ({"delegate_after_hours": 52}, "stand_in"),
        ({"feeds": "weekly"}, "feeds"),
        ({"starts_on": date(2026, 11, 22)}, "starts_on"),
    ],
)
def test_what_has_to_be_mended_names_its_field(changed: dict[str, Any], field: str) -> None:
    assert not mistakes(draft(), small(), None, TODAY)
    assert list(mistakes(draft(**changed), small(), None, TODAY)) == [field]


@pytest.mark.parametrize(
    ("asks", "made", "wrong"),
    [
        ("weekly", ("checkin", "priority_owners", 48, 20, "friday"), ["closes", "reminder", "stand_in"]),
        ("metric-refresh", ("checkin", "metric_stewards", 48, 24, None), ["closes"]),
        ("weekly-action", ("reminder", "action_owners", 51, 24, None), []),
    ],
)
def test_what_is_asked_decides_who_is_asked(asks: str, made: tuple[Any, ...], wrong: list[str]) -> None:
    chosen = draft(question_set=asks, closes_after_hours=48, reminder_after_hours=20)
    found = cadence_of(chosen, small(), None, "new")
    seen = (found.kind, found.audience, found.closes_after_hours, found.reminder_after_hours, found.feeds)
    assert seen == made
    hours = draft(question_set=asks, closes_after_hours=0)
    assert list(mistakes(hours, small(), None, TODAY)) == wrong


def test_a_checkin_keeps_what_it_is_about() -> None:
    known = weekly()
    assert [one.id for one in askable_sets(small(), known)] == ["weekly"]
    assert {one.id for one in askable_sets(small())} == {
        *("weekly", "weekly-action", "metric-refresh", "monthly-stocktake")
    }
    assert list(mistakes(draft(id="weekly", question_set="metric-refresh"), small(), known, TODAY)) == ["question_set"]


def test_a_rhythm_that_stays_keeps_its_dates_skips_and_moves() -> None:
    slot = datetime.fromisoformat("2026-12-01T09:00")
    before = weekly(exdates=(slot,), rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")
    assert is_slot(before, slot) is False
    before = replace(before, exdates=(datetime.fromisoformat("2026-12-08T09:00"),))
    assert is_slot(before, before.exdates[0])
    same = replace(draft_of(before), name="Renamed", starts_on=date(2026, 12, 2))
    after = cadence_of(same, small(), before, before.id)
    assert (after.name, after.rrule, after.dtstart, after.exdates) == (
        "Renamed",
        before.rrule,
        before.dtstart,
        before.exdates,
    )
    quarterly = weekly(rrule="FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU")
    other_month = replace(draft_of(quarterly), starts_on=date(2026, 12, 1))
    assert cadence_of(other_month, small(), quarterly, "weekly").dtstart.date() == date(2026, 12, 1)
    other_week = replace(same, starts_on=date(2026, 11, 25))
    assert cadence_of(other_week, small(), before, before.id).dtstart.date() == date(2026, 12, 1)


def test_a_new_rhythm_drops_what_hits_none_of_its_dates() -> None:
    tuesday = datetime.fromisoformat("2026-12-01T09:00")
    before = weekly(moves=(Move(original=tuesday, to=datetime.fromisoformat("2026-11-30T09:00")),))
    after = cadence_of(replace(draft_of(before), weekday="WE", starts_on=TODAY), small(), before, before.id)
    assert after.moves == ()


def test_a_rule_that_no_choice_says_stays_as_it_is() -> None:
    before = weekly(rrule="FREQ=MONTHLY;INTERVAL=2;BYDAY=1TU")
    kept = draft_of(before)
    assert kept.often == "keep"
    assert cadence_of(replace(kept, name="Pulse"), small(), before, before.id).rrule == before.rrule


def test_ids_are_made_of_names_and_never_taken_twice() -> None:
    taken = {cadence.id for cadence in small().cadences}
    assert new_key("Weekly: look & listen", taken, "check-in") == "weekly-look-listen"
    assert new_key("Friday", taken, "check-in") == "friday-2"
    assert new_key("…", taken, "check-in") == "check-in"


def test_a_preview_counts_minutes_and_warns_above_ten() -> None:
    record = small()
    busy = replace(record, question_sets=tuple(replace(one, minutes=11) for one in record.question_sets))
    cadence = next(one for one in busy.cadences if one.id == "weekly")
    shown = preview_of(busy, cadence, MONDAY, "America/Chicago")
    assert [one.opens.date().isoformat() for one in shown.dates] == [
        "2026-11-24",
        "2026-12-01",
        "2026-12-08",
        "2026-12-15",
        "2026-12-22",
    ]
    assert [(one.name, one.stand_in) for one in shown.receivers] == [("Ana", "Ben")]
    assert shown.above == (("Ana", 11),)
    assert describe(cadence) == shown.rhythm


OWN = {"name": "Look at us", "question_set": "work", "audience": "wg", "feeds": None}


def test_whom_a_check_in_asks_is_what_was_chosen() -> None:
    record = with_group_checkin()
    for audience, people, kept in (
        ("wg", (), ("wg", ())),
        ("steering", (), ("steering", ())),
        (PICKED, ("ana", "out"), (None, ("ana", "out"))),
    ):
        made = draft(**(OWN | {"audience": audience, "people": people}))
        assert mistakes(made, record, None, TODAY) == {}
        one = cadence_of(made, record, None, "look")
        assert (one.audience, one.attendees) == kept
        assert (one.reminder_after_hours, one.delegate_after_hours, one.feeds) == (24, 29, None)
        again = draft_of(one)
        assert (again.audience, again.people) == (audience, people)
        assert draft_of(replace(one, attendees=("ben",))).seen != again.seen


def test_a_check_in_keeps_what_it_is_about_and_changes_whom_it_asks() -> None:
    record = with_group_checkin()
    own = next(one for one in record.cadences if one.id == "group-checkin")
    # The form offers the next day of the rhythm that is there.
    about = replace(draft_of(own), audience="all_members", starts_on=date(2026, 11, 25))
    assert mistakes(about, record, own, TODAY) == {}
    assert cadence_of(about, record, own, own.id) == replace(own, audience="all_members")
    assert "audience" in mistakes(replace(about, audience="priority_owners"), record, own, TODAY)
    on_priorities = next(one for one in record.cadences if one.id == "weekly")
    assert "audience" in mistakes(replace(draft_of(on_priorities), audience="wg"), record, on_priorities, TODAY)


@on_each(
    ("fields", "field"),
    [
        ({"question_set": "weekly"}, "audience"),
        ({"audience": "wg-gone"}, "audience"),
        ({"audience": PICKED}, "people"),
        ({"audience": PICKED, "people": ("nobody",)}, "people"),
        ({"audience": "all_members", "summary": "channel"}, "summary"),
        ({"audience": PICKED, "people": ("ana",), "summary": "channel"}, "summary"),
    ],
)
def test_what_does_not_fit_together_stands_at_its_field(fields: dict[str, Any], field: str) -> None:
    assert set(mistakes(draft(**(OWN | fields)), with_group_checkin(), None, TODAY)) == {field}


@pytest.mark.parametrize(
    ("rrule", "began", "asked"),
    [
        ("FREQ=MONTHLY;BYDAY=1TH", "2026-01-01T13:00", "FREQ=MONTHLY;BYDAY=-1TH"),
        ("FREQ=MONTHLY;BYDAY=2WE", "2026-01-14T13:00", "FREQ=MONTHLY;BYDAY=1WE"),
        ("FREQ=MONTHLY;BYDAY=-1MO", "2026-01-26T13:00", "FREQ=MONTHLY;BYDAY=3MO"),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=1WE", "2026-01-07T13:00", "FREQ=MONTHLY;BYDAY=3TH"),
    ],
)
def test_owners_are_asked_a_week_before_stock_is_taken(rrule: str, began: str, asked: str) -> None:
    known = small(cadences=(weekly(), meeting("taken", began, kind="stocktake", rrule=rrule)))
    found = stocktake_draft(known, TODAY)
    assert mistakes(found, known, None, TODAY) == {}
    assert cadence_of(found, known, None, "new").rrule == asked


def test_what_asks_how_a_priority_stands_takes_no_stock() -> None:
    assert is_stocktake(STOCKTAKE)
    standing = Question(id="assessment", type="choice", label="How?", options=("on_track",))
    assert not is_stocktake(replace(STOCKTAKE, questions=(*STOCKTAKE.questions, standing)))
    assert not is_stocktake(replace(STOCKTAKE, anonymous=True))
