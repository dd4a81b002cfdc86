"""The digest's rules, one by one, on coalitions that hold only what a rule is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.digests import compose, dumps, to_data, to_published
from bot.domain.record import Coalition, Move, NorthStar, Record
from tests.builders import (
    NOON,
    action,
    at,
    cadence,
    dated,
    decision,
    group,
    issue,
    meeting,
    member,
    metric,
    need,
    outcome,
    priority,
    published,
    reading,
    record,
    report,
    response,
    source,
)


def told(known: Record, moment: datetime = NOON) -> dict[str, Any]:
    return to_data(compose(known, moment))


def told_of(known: Record, moment: datetime = NOON) -> dict[str, Any]:
    (one,) = told(known, moment)["priorities"]
    found: dict[str, Any] = one
    return found


# The shape


def test_keys_are_complete_and_in_the_promised_order() -> None:
    full = record(
        priorities=[priority(metrics=(metric("m1", reading()),), outcomes=(outcome(),), need=need())],
        responses=[response("17", ask="Help", ask_from="acme")],
        decisions=[decision(), decision("D-2", status="decided", decided_on="20")],
        funding_sources=[source(report=report("2027-01-30"))],
        cadences=[cadence(), meeting()],
    )
    data = told(full)
    assert list(data) == [
        "coalition",
        "week",
        "as_of",
        "north_star",
        "decisions_needed",
        "asks",
        "decisions_made",
        "issues_escalated",
        "changed",
        "priorities",
        "coalition_actions",
        "coalition_funding",
        "silent_owners",
        "metrics_without_reading",
        "stale_metrics",
        "cross_organization_waits",
        "upcoming_meetings",
    ]
    (one,) = data["priorities"]
    assert list(one) == (
        [
            "id",
            "standing",
            "confidence",
            "disagrees",
            "metrics",
            "moved",
            "blocker",
            "ask",
            "next_outcome",
            "actions",
            "funding",
        ]
    )
    assert list(one["standing"]) == ["assessment", "since", "weeks", "age_days", "by", "on_behalf_of", "silent_rounds"]
    assert list(one["confidence"]) == ["value", "change", "falling"]
    assert list(one["metrics"][0]) == (
        ["id", "headline", "status", "baseline", "target", "latest", "expected", "progress"]
    )
    assert list(one["metrics"][0]["latest"]) == ["value", "period_end", "quality"]
    assert list(one["ask"]) == ["text", "organization"]
    assert list(one["next_outcome"]) == ["id", "due", "days_overdue"]
    assert list(one["actions"]) == list(data["coalition_actions"]) == ["done", "open", "overdue", "blocked"]
    money = ["secured", "pipeline", "need", "gap", "first_ends_on", "by_capital_type", "match_required"]
    assert list(one["funding"]) == list(data["coalition_funding"]) == [*money, "match_secured", "next_report"]
    assert list(one["funding"]["next_report"]) == ["source", "due"]
    assert list(data["decisions_needed"][0]) == ["id", "title", "priority", "decider", "needed_by", "recommended"]
    assert list(data["decisions_made"][0]) == ["id", "title", "decided_on", "delegated"]
    assert list(data["asks"][0]) == ["priority", "text", "organization"]
    assert list(data["upcoming_meetings"][0]) == ["cadence", "starts_at"]


def test_an_empty_coalition_has_every_key_with_nothing_in_it() -> None:
    data = told(record(priorities=[], members=[], groups=[], cadences=[], organizations=[]))
    nothing: dict[str, list[str]] = {"done": [], "open": [], "overdue": [], "blocked": []}
    assert data["north_star"] is None
    assert data["priorities"] == data["asks"] == data["changed"] == data["upcoming_meetings"] == []
    assert data["coalition_actions"] == nothing
    assert data["coalition_funding"]["secured"] == 0
    assert data["coalition_funding"]["by_capital_type"] == {}


def test_a_bare_priority_says_null_for_what_is_not_known() -> None:
    one = told_of(record())
    assert one["standing"] == {
        "assessment": "not_started",
        "since": None,
        "weeks": None,
        "age_days": None,
        "by": None,
        "on_behalf_of": None,
        "silent_rounds": 0,
    }
    assert one["confidence"] == {"value": None, "change": None, "falling": False}
    assert (one["moved"], one["blocker"], one["ask"], one["next_outcome"]) == (None, None, None, None)
    assert one["funding"] == {
        "secured": 0,
        "pipeline": 0,
        "need": None,
        "gap": None,
        "first_ends_on": None,
        "by_capital_type": {},
        "match_required": 0,
        "match_secured": 0,
        "next_report": None,
    }


@pytest.mark.parametrize(
    ("moment", "week", "as_of"),
    [
        ("2026-11-23T00:00", "2026-W48", "2026-11-23T00:00:00-06:00"),
        ("2026-11-22T23:59", "2026-W47", "2026-11-22T23:59:00-06:00"),
        ("2026-07-01T07:30", "2026-W27", "2026-07-01T07:30:00-05:00"),
        ("2027-01-01T07:30", "2026-W53", "2027-01-01T07:30:00-06:00"),
        ("2027-01-04T07:30", "2027-W01", "2027-01-04T07:30:00-06:00"),
    ],
)
def test_week_and_moment_are_the_coalitions(moment: str, week: str, as_of: str) -> None:
    for asked in (at(moment), at(moment).astimezone(UTC), datetime.fromisoformat(moment)):
        data = told(record(), asked)
        assert (data["week"], data["as_of"]) == (week, as_of)


# Priorities


def test_priorities_come_by_assessment_then_in_file_order_and_lists_keep_file_order() -> None:
    stands = ["complete", "on_track", "paused", "not_started", "at_risk", "off_track", "at_risk"]
    priorities = [
        priority(f"p{number}", assessment=stand, owner=f"m{number}", metrics=(metric(f"k{number}"),))
        for number, stand in enumerate(stands)
    ]
    responses = [
        response("2026-10-06", None, priority=f"p{number}", ask=f"Ask {number}", ask_from="acme") for number in (5, 1)
    ]
    data = told(
        record(priorities=priorities, members=[member(f"m{number}") for number in range(7)], responses=responses)
    )
    assert [one["id"] for one in data["priorities"]] == ["p5", "p4", "p6", "p3", "p2", "p1", "p0"]
    assert [ask["text"] for ask in data["asks"]] == ["Ask 1", "Ask 5"]
    assert data["silent_owners"] == ["m1", "m3", "m4", "m5", "m6"]
    assert data["metrics_without_reading"] == [f"k{number}" for number in range(7)]


def test_an_owner_of_two_silent_priorities_is_named_once() -> None:
    both = record(priorities=[priority("p1"), priority("p2")], responses=[response("3")])
    assert [one["standing"]["silent_rounds"] for one in told(both)["priorities"]] == [3, 2]
    assert told(both)["silent_owners"] == ["ana"]


@pytest.mark.parametrize(("answered", "silent"), [("3", ["ana"]), ("10", []), ("17", [])])
def test_an_owner_is_silent_from_the_second_round_on(answered: str, silent: list[str]) -> None:
    assert told(record(responses=[response(answered)]))["silent_owners"] == silent


def test_moved_is_gone_once_a_round_was_missed_and_the_rest_of_the_answer_stays() -> None:
    said = {"moved": "Moved.", "blocker": "Rain.", "ask": "Umbrellas", "ask_from": "steering"}
    fresh = told_of(record(responses=[response("17", "at_risk", 4, **said)]))
    assert (fresh["moved"], fresh["blocker"]) == ("Moved.", "Rain.")
    missed = told_of(record(responses=[response("10", "at_risk", 4, **said)]))
    assert (missed["moved"], missed["blocker"], missed["confidence"]["value"]) == (None, "Rain.", 4)
    assert missed["ask"] == {"text": "Umbrellas", "organization": "steering"}


def test_only_the_latest_responses_ask_stands() -> None:
    older = response("10", ask="Umbrellas", ask_from="acme")
    data = told(record(responses=[older, response("17")]))
    assert data["asks"] == []
    assert data["priorities"][0]["ask"] is None


def test_an_own_assessment_leaves_the_words_of_the_latest_response() -> None:
    full = record(
        priorities=[priority(assessment="paused", assessment_on="20")],
        responses=[response("3", "at_risk", 4, blocker="Rain.")],
    )
    one = told_of(full)
    assert (one["standing"]["assessment"], one["standing"]["by"], one["standing"]["silent_rounds"]) == (
        "paused",
        None,
        0,
    )
    assert (one["confidence"]["value"], one["moved"], one["blocker"]) == (4, "Moved on 3.", "Rain.")


def test_the_next_outcome_is_the_earliest_not_completed_past_ones_included() -> None:
    outcomes = (
        outcome("o1", "2027-06-30"),
        outcome("o2", "20"),
        outcome("o3", "1", completed="2"),
        outcome("o4", "20"),
    )
    assert told_of(record(priorities=[priority(outcomes=outcomes)]))["next_outcome"] == {
        "id": "o2",
        "due": "2026-11-20",
        "days_overdue": 3,
    }
    due_today = told_of(record(priorities=[priority(outcomes=(outcome("o1", "23"),))]))["next_outcome"]
    assert due_today["days_overdue"] == 0
    done = told_of(record(priorities=[priority(outcomes=(outcome("o1", "1", completed="23"),))]))
    assert done["next_outcome"] is None


def test_the_oldest_escalated_issue_is_found_for_its_priority_only() -> None:
    issues = [
        issue("I-1", status="escalated", escalated="20"),
        issue("I-2", status="escalated", escalated="18"),
        issue("I-3", status="escalated", escalated="1", priority=None),
    ]
    digest = compose(record(issues=issues), NOON)
    assert digest.priorities[0].escalated_issue is not None
    assert digest.priorities[0].escalated_issue.id == "I-2"
    assert [one.id for one in digest.issues_escalated] == ["I-1", "I-2", "I-3"]


def test_actions_without_a_priority_are_the_coalitions() -> None:
    data = told(record(actions=[action("A-1"), action("A-2", due="1", priority=None)]))
    assert data["priorities"][0]["actions"]["open"] == ["A-1"]
    assert data["coalition_actions"] == {"done": [], "open": ["A-2"], "overdue": ["A-2"], "blocked": []}


def test_allocations_to_groups_are_the_coalitions() -> None:
    full = record(
        groups=[group("steering"), group("backbone")],
        funding_sources=[source("F-1", {"p1": 10, "steering": 20}), source("F-2", {"backbone": "0.5"})],
    )
    data = told(full)
    assert data["priorities"][0]["funding"]["secured"] == 10
    assert data["coalition_funding"]["secured"] == Decimal("20.5")
    assert (data["coalition_funding"]["need"], data["coalition_funding"]["gap"]) == (None, None)


# Metrics


def test_the_headline_is_the_named_metric_else_the_first() -> None:
    metrics = (metric("m1"), metric("m2"))
    for named, expected in ((None, [True, False]), ("m2", [False, True]), ("gone", [True, False])):
        one = told_of(record(priorities=[priority(metrics=metrics, headline_metric=named)]))
        assert [each["headline"] for each in one["metrics"]] == expected


def test_a_figure_of_too_few_is_withheld_with_its_progress_but_not_its_status() -> None:
    secret = metric("m1", reading(value="44.321", reporters=4), confidential_below_n=5)
    (line,) = told_of(record(priorities=[priority(metrics=(secret,))]))["metrics"]
    assert line["latest"] == {"value": None, "period_end": "2026-09-30", "quality": "final"}
    assert line["progress"] is None
    assert line["status"] == "on_track"
    assert line["expected"] is not None
    stored = dumps(to_published(compose(record(priorities=[priority(metrics=(secret,))]), NOON)))
    assert "44.321" not in stored


def test_enough_reporters_show_the_figure() -> None:
    shown = metric("m1", reading(value=45, reporters=5), confidential_below_n=5)
    (line,) = told_of(record(priorities=[priority(metrics=(shown,))]))["metrics"]
    assert (line["latest"]["value"], line["progress"]) == (45, Decimal("0.45"))


def test_a_metric_without_a_figure_is_null_but_for_its_plan() -> None:
    (line,) = told_of(record(priorities=[priority(metrics=(metric(),))]))["metrics"]
    assert line == {
        "id": "m1",
        "headline": True,
        "status": "no_data",
        "baseline": 0,
        "target": 100,
        "latest": None,
        "expected": None,
        "progress": None,
    }


def test_a_maintained_metric_expects_its_target_and_has_no_progress() -> None:
    kept = metric(
        "m1", reading(value="87.5"), direction="maintain", tolerance=Decimal(3), target=dated(88, "2027-12-31")
    )
    (line,) = told_of(record(priorities=[priority(metrics=(kept,))]))["metrics"]
    assert (line["expected"], line["progress"], line["latest"]["value"]) == (88, None, Decimal("87.5"))


def test_the_north_star_is_a_headline_and_in_neither_metric_list() -> None:
    star = Coalition(
        id="c", name="C", timezone="America/Chicago", north_star=NorthStar(statement="S", metric=metric("ns"))
    )
    data = told(record(coalition=star))
    assert data["north_star"]["headline"] is True
    assert data["metrics_without_reading"] == data["stale_metrics"] == []


@pytest.mark.parametrize(("recorded_on", "shown"), [("15", False), ("16", True), ("23", True), ("24", False)])
def test_restatements_show_for_seven_days(recorded_on: str, shown: bool) -> None:
    restated = metric("m1", reading(value=50), reading(value=55, recorded_on=recorded_on))
    digest = compose(record(priorities=[priority(metrics=(restated,))]), NOON)
    assert [line.id for line in digest.restated] == (["m1"] if shown else [])


# Meetings


def test_meetings_reach_from_the_moment_to_the_end_of_the_seventh_day() -> None:
    cadences = [
        meeting("now", "2026-11-23T12:00", rrule="FREQ=DAILY;COUNT=1"),
        meeting("before", "2026-11-23T11:59", rrule="FREQ=DAILY;COUNT=1"),
        meeting("last", "2026-11-30T23:59", rrule="FREQ=DAILY;COUNT=1"),
        meeting("after", "2026-12-01T00:00", rrule="FREQ=DAILY;COUNT=1"),
        meeting("stocktake", "2026-11-24T09:00", rrule="FREQ=DAILY;COUNT=1", kind="stocktake"),
        meeting("reminder", "2026-11-24T09:00", rrule="FREQ=DAILY;COUNT=1", kind="reminder"),
        meeting("digest", "2026-11-24T09:00", rrule="FREQ=DAILY;COUNT=1", kind="digest"),
        meeting("east", "2026-11-24T09:30", rrule="FREQ=DAILY;COUNT=1", timezone="America/New_York"),
    ]
    assert told(record(cadences=cadences))["upcoming_meetings"] == [
        {"cadence": "now", "starts_at": "2026-11-23T12:00:00-06:00"},
        {"cadence": "east", "starts_at": "2026-11-24T08:30:00-06:00"},
        {"cadence": "stocktake", "starts_at": "2026-11-24T09:00:00-06:00"},
        {"cadence": "last", "starts_at": "2026-11-30T23:59:00-06:00"},
    ]


def test_a_moved_meeting_stands_at_its_new_time_and_a_skipped_one_nowhere() -> None:
    slot = datetime.fromisoformat("2026-11-30T10:00")
    away = Move(original=slot, to=slot + timedelta(days=1))
    near = Move(original=slot, to=slot - timedelta(days=4))
    assert told(record(cadences=[meeting(moves=(away,))]))["upcoming_meetings"] == []
    assert told(record(cadences=[meeting(exdates=(slot,))]))["upcoming_meetings"] == []
    (moved,) = compose(record(cadences=[meeting(moves=(near,))]), NOON).upcoming_meetings
    assert (moved.starts_at, moved.moved_from) == (at("2026-11-26T10:00"), at("2026-11-30T10:00"))


# Counts and quiet weeks


def test_a_quiet_week_has_no_change_and_needs_nothing() -> None:
    quiet = record(responses=[response("17")])
    then = published(at("2026-11-20T07:30"), to_published(compose(quiet, at("2026-11-20T07:30"))))
    digest = compose(replace(quiet, published=(then,)), NOON)
    assert digest.is_quiet
    asked = replace(quiet, published=(then,), decisions=(decision(),))
    assert not compose(asked, NOON).is_quiet
    assert not compose(quiet, NOON).is_quiet


def test_unreported_figures_are_counted_out_of_all() -> None:
    metrics = (metric("m1"), metric("m2", reading("2026-03-31")), metric("m3", reading()))
    digest = compose(record(priorities=[priority(metrics=metrics), priority("p2")]), NOON)
    assert (digest.figures_not_reported, digest.figures_total) == (2, 3)
    assert digest.stale_metrics == ("m2",)
    assert digest.assessment_counts == {"not_started": 2}
