"""A fact that is dated after the moment asked for does not exist yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.domain.known import in_coalition_time, known_at
from bot.domain.record import Coalition, NorthStar, Record
from tests.builders import (
    NOON,
    TODAY,
    action,
    at,
    dated,
    decision,
    issue,
    live_round,
    metric,
    outcome,
    priority,
    published,
    reading,
    record,
    response,
)
from tests.tables import on_each


def only(items: tuple[Any, ...]) -> Any:
    (item,) = items
    return item


def test_a_moment_without_an_offset_is_coalition_time() -> None:
    assert in_coalition_time(record(), datetime.fromisoformat("2026-11-23T12:00")) == NOON
    skipped = in_coalition_time(record(), datetime.fromisoformat("2026-03-08T02:30"))
    assert skipped.isoformat() == "2026-03-08T03:30:00-05:00"
    twice = in_coalition_time(record(), datetime.fromisoformat("2026-11-01T01:30"))
    assert twice.isoformat() == "2026-11-01T01:30:00-05:00"


def test_the_north_star_keeps_all_that_is_said_of_it() -> None:
    star = NorthStar(
        statement="More good jobs.",
        metric=metric("star"),
        yearly_goals=(dated(5, "2027-12-31"),),
        public=True,
        extra={"adopted": 2025},
    )
    known = record(coalition=Coalition(id="test", name="Test", timezone="America/Chicago", north_star=star))
    assert known_at(known, NOON).coalition.north_star == star


def test_a_moment_with_an_offset_is_turned_to_the_coalitions_clock() -> None:
    late = datetime(2026, 11, 24, 3, tzinfo=UTC)
    assert in_coalition_time(record(), late).isoformat() == "2026-11-23T21:00:00-06:00"


def test_today_is_the_coalitions_day_not_the_worlds() -> None:
    known = record(actions=[action(created="24")])
    assert known_at(known, datetime(2026, 11, 24, 5, 59, tzinfo=UTC)).actions == ()
    assert known_at(known, datetime(2026, 11, 24, 6, 0, tzinfo=UTC)).actions == known.actions


@on_each(
    ("name", "fact"),
    [
        ("actions", action(created="24")),
        ("issues", issue(raised="24")),
        ("responses", response("24")),
        ("responses", response("23", answered_at=at("2026-11-23T12:00:01"))),
        ("rounds", live_round("24")),
        ("published", published(at("2026-11-24T07:30"), {})),
    ],
)
def test_what_begins_later_is_left_out(name: str, fact: Any) -> None:
    assert getattr(known_at(record(**{name: [fact]}), NOON), name) == ()


@on_each(
    ("name", "fact"),
    [
        ("actions", action(created="23")),
        ("issues", issue(raised="23")),
        ("responses", response("23")),
        ("responses", response("23", answered_at=NOON)),
        ("rounds", live_round("23")),
        ("published", published(at("2026-11-23T11:59:59"), {})),
        ("decisions", decision(status="decided", decided_on="23", outcome="Agreed", delegated=True)),
        ("actions", action(status="done", completed="23")),
        ("issues", issue(status="resolved", resolved="23")),
        ("issues", issue(status="escalated", escalated="23", escalated_to="steering")),
        ("rounds", replace(live_round("23"), opens_at=NOON)),
        ("priorities", priority(metrics=(metric("m1", reading(recorded_on="23")),))),
        ("priorities", priority(metrics=(metric("m1", baseline=dated(5, "2026-11-23")),))),
        ("priorities", priority(metrics=(metric("m1", baseline=None),))),
    ],
)
def test_what_begins_today_or_by_now_is_kept_as_it_is(name: str, fact: Any) -> None:
    assert getattr(known_at(record(**{name: [fact]}), NOON), name) == (fact,)


def test_the_digest_published_at_the_very_moment_is_not_its_own_forerunner() -> None:
    assert known_at(record(published=[published(NOON, {})]), NOON).published == ()


def test_an_answer_of_a_clock_ahead_counts_when_it_was_given() -> None:
    ahead = response("24", answered_at=at("2026-11-23T20:00"))
    known = record(responses=[ahead])
    assert known_at(known, at("2026-11-23T21:00")).responses == (ahead,)


def test_an_action_completed_later_is_in_progress() -> None:
    found = only(known_at(record(actions=[action(status="done", completed="24")]), NOON).actions)
    assert (found.status, found.completed) == ("in_progress", None)


def test_an_issue_resolved_later_is_open_or_escalated() -> None:
    resolved = issue("I-1", status="resolved", resolved="24")
    from_above = issue("I-2", status="resolved", resolved="24", escalated_to="steering", escalated="20")
    found = known_at(record(issues=[resolved, from_above]), NOON).issues
    assert [(one.status, one.resolved) for one in found] == [("open", None), ("escalated", None)]


def test_an_issue_escalated_later_is_open_and_with_nobody() -> None:
    later = issue("I-1", status="escalated", escalated_to="steering", escalated="24")
    both = issue("I-2", status="resolved", escalated_to="steering", escalated="24", resolved="25")
    found = known_at(record(issues=[later, both]), NOON).issues
    assert [(one.status, one.escalated_to, one.escalated) for one in found] == [("open", None, None)] * 2


def test_an_issue_that_is_closed_stays_closed_when_it_is_escalated_later() -> None:
    reopened = issue(status="resolved", resolved="20", escalated_to="steering", escalated="24")
    assert only(known_at(record(issues=[reopened]), NOON).issues).status == "resolved"


def test_an_escalation_without_a_date_holds_from_the_beginning() -> None:
    undated = issue(status="escalated", escalated_to="steering")
    assert only(known_at(record(issues=[undated]), NOON).issues) == undated


def test_a_decision_made_later_is_needed() -> None:
    later = decision(status="decided", decided_on="24", outcome="Agreed", delegated=True)
    found = only(known_at(record(decisions=[later]), NOON).decisions)
    assert (found.status, found.decided_on, found.outcome, found.delegated) == ("needed", None, None, False)


def test_an_outcome_completed_later_is_not_completed() -> None:
    later = priority(outcomes=(outcome("o1", completed="24"), outcome("o2", completed="23")))
    found = only(known_at(record(priorities=[later]), NOON).priorities)
    assert [one.completed for one in found.outcomes] == [None, TODAY]


def test_an_assessment_set_later_was_not_made() -> None:
    later = priority(assessment="paused", assessment_on="24")
    found = only(known_at(record(priorities=[later]), NOON).priorities)
    assert (found.assessment, found.assessment_on) == ("not_started", None)
    for kept in (priority(assessment="paused"), priority(assessment="paused", assessment_on="23")):
        assert only(known_at(record(priorities=[kept]), NOON).priorities) == kept


def test_readings_count_from_the_day_they_were_recorded_else_from_their_period_end() -> None:
    early, late = reading("2026-09-30", 1), reading("2026-09-30", 2, recorded_on="24")
    ahead = reading("2026-11-30", 3)
    found = only(known_at(record(priorities=[priority(metrics=(metric("m1", early, late, ahead),))]), NOON).priorities)
    assert found.metrics[0].readings == (early,)


def test_a_baseline_dated_later_is_not_set_yet_but_a_target_is_a_plan() -> None:
    planned = metric(baseline=dated(5, "2026-11-24"), target=dated(9, "2027-12-31"))
    star = Coalition(id="c", name="C", timezone="America/Chicago", north_star=NorthStar(statement="S", metric=planned))
    known = known_at(record(coalition=star, priorities=[priority(metrics=(planned,))]), NOON)
    assert known.coalition.north_star is not None
    for found in (known.coalition.north_star.metric, known.priorities[0].metrics[0]):
        assert found is not None
        assert found.baseline is None
        assert found.target is not None
        assert found.target.value == Decimal(9)


def test_what_is_known_is_known_again() -> None:
    """Filtering twice changes nothing, and a later moment knows at least as much."""
    full: Record = record(
        actions=[action(f"A-{number}", created=f"{number:02}") for number in range(1, 31)],
        responses=[response(f"{number:02}") for number in range(1, 31)],
    )
    before: set[str] = set()
    for hours in range(0, 24 * 30, 12):
        moment = at("2026-11-01T00:00") + timedelta(hours=hours)
        known = known_at(full, moment)
        assert known_at(known, moment) == known
        ids = {one.id for one in known.actions}
        assert before <= ids
        before = ids
