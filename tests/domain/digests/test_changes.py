"""What changed since the last published digest, every kind, and what was promised in the week before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.digests import compose, dumps, to_data, to_published
from bot.domain.digests.data import loads
from bot.domain.record import Coalition, NorthStar, Record
from tests.builders import (
    NOON,
    at,
    dated,
    day,
    decision,
    issue,
    member,
    metric,
    outcome,
    priority,
    published,
    reading,
    record,
    response,
)
from tests.tables import on_each


def told(known: Record, moment: datetime = NOON) -> dict[str, Any]:
    return to_data(compose(known, moment))


def after(then: Record, now: Record, *, plain: bool = False) -> list[tuple[str, str | None, str, Any, Any]]:
    """What changed in `now` since `then` was published on the Friday before; `plain` keeps the promised keys only."""
    friday = at("2026-11-20T07:30")
    digest = compose(then, friday)
    content = loads(dumps(to_data(digest) if plain else to_published(digest)))
    data = told(replace(now, published=(published(friday, content),)))
    assert all(list(one) == ["kind", "priority", "subject", "from", "to"] for one in data["changed"])
    return [tuple(one.values()) for one in data["changed"]]


def with_metric(*readings: Any, **fields: Any) -> Record:
    return record(priorities=[priority(metrics=(metric("m1", *readings, **fields),))])


def test_nothing_changed_before_the_first_published_digest() -> None:
    full = record(issues=[issue(status="escalated")], decisions=[decision(status="decided", decided_on="23")])
    assert told(full)["changed"] == []


def test_nothing_changed_where_nothing_changed() -> None:
    full = record(
        priorities=[priority(metrics=(metric("m1", reading()),), outcomes=(outcome("o1", "1"),))],
        responses=[response("17")],
        issues=[issue(status="escalated")],
        decisions=[decision(status="decided", decided_on="18")],
    )
    assert after(full, full) == after(full, full, plain=True) == []


CHANGES: dict[str, tuple[Record, Record, tuple[str, str | None, str, Any, Any]]] = {
    "standing": (
        record(responses=[response("17", "on_track")]),
        record(responses=[response("17", "on_track"), response("23", "at_risk")]),
        ("standing", "p1", "p1", "on_track", "at_risk"),
    ),
    "confidence": (
        record(responses=[response("17", confidence=7)]),
        record(responses=[response("17", confidence=7), response("23", confidence=5)]),
        ("confidence", "p1", "p1", 7, 5),
    ),
    "metric_status": (
        with_metric(reading(value=45)),
        with_metric(reading(value=45), reading(value=5, recorded_on="23"), reading("2026-10-31", 5)),
        ("metric_status", "p1", "m1", "on_track", "off_track"),
    ),
    "restated": (
        with_metric(reading(value=45)),
        with_metric(reading(value=45), reading(value="44.5", recorded_on="23")),
        ("restated", "p1", "m1", 45, Decimal("44.5")),
    ),
    "escalated": (
        record(issues=[issue()]),
        record(issues=[issue(status="escalated", escalated="23", escalated_to="steering")]),
        ("escalated", "p1", "I-1", "open", "escalated"),
    ),
    "decided": (
        record(decisions=[decision()]),
        record(decisions=[decision(status="decided", decided_on="23")]),
        ("decided", "p1", "D-1", "needed", "decided"),
    ),
    "retargeted": (
        with_metric(reading(value=45)),
        with_metric(reading(value=45), target=dated("101.5", "2027-12-31")),
        ("retargeted", "p1", "m1", 100, Decimal("101.5")),
    ),
    "outcome": (
        record(priorities=[priority(outcomes=(outcome("o1", "22"),))]),
        record(priorities=[priority(outcomes=(outcome("o1", "22"),))]),
        ("outcome", "p1", "o1", "due", "overdue"),
    ),
    "owner": (
        record(members=[member("ana"), member("bo")]),
        record(members=[member("ana"), member("bo")], priorities=[priority(owner="bo")]),
        ("owner", "p1", "p1", "ana", "bo"),
    ),
}


@on_each("kind", CHANGES)
def test_every_kind_of_change_is_told(kind: str) -> None:
    then, now, change = CHANGES[kind]
    found = after(then, now)
    assert change in found
    assert {one[0] for one in found} <= {kind, "restated"}


@on_each("kind", [kind for kind in CHANGES if kind != "owner"])
def test_a_published_digest_without_its_state_still_tells_what_its_data_can(kind: str) -> None:
    then, now, change = CHANGES[kind]
    found = after(then, now, plain=True)
    # An issue that was not escalated is not in the data at all.
    expected = change if kind != "escalated" else (*change[:3], None, "escalated")
    assert expected in found


def test_a_restatement_of_an_earlier_period_is_told() -> None:
    then = with_metric(reading("2026-06-30", 30), reading(value=45))
    now = with_metric(reading("2026-06-30", 30), reading("2026-06-30", 33, recorded_on="23"), reading(value=45))
    assert after(then, now) == [("restated", "p1", "m1", 30, 33)]


def test_a_new_target_date_alone_is_told_as_dates() -> None:
    then, now = with_metric(), with_metric(target=dated(100, "2028-06-30"))
    assert after(then, now) == [("retargeted", "p1", "m1", "2027-12-31", "2028-06-30")]
    assert after(with_metric(target=None), then) == [("retargeted", "p1", "m1", None, 100)]


def test_an_outcome_completed_or_given_a_later_date_is_told() -> None:
    late = record(priorities=[priority(outcomes=(outcome("o1", "1"),))])
    done = record(priorities=[priority(outcomes=(outcome("o1", "1", completed="23"),))])
    moved = record(priorities=[priority(outcomes=(outcome("o1", "2026-12-31"),))])
    assert after(late, done) == [("outcome", "p1", "o1", "overdue", "completed")]
    assert after(late, moved) == [("outcome", "p1", "o1", "overdue", "due")]


def test_what_is_new_is_a_change_only_for_standings_escalations_and_decisions() -> None:
    full = record(
        priorities=[priority("p1"), priority("p2", metrics=(metric("m2", reading()),), outcomes=(outcome(),))],
        issues=[issue("I-9", status="escalated", priority="p2", raised="21")],
        decisions=[
            decision("D-8", status="decided", decided_on="19", priority=None),
            decision("D-9", status="decided", decided_on="20", priority=None),
        ],
    )
    assert after(record(), full) == [
        ("standing", "p2", "p2", None, "not_started"),
        ("escalated", "p2", "I-9", None, "escalated"),
        ("decided", None, "D-9", None, "decided"),
    ]


def test_a_withheld_figure_stays_withheld_when_it_is_restated() -> None:
    then = with_metric(reading(value=45, reporters=9), confidential_below_n=5)
    now = with_metric(
        reading(value=45, reporters=9), reading(value=77, reporters=2, recorded_on="23"), confidential_below_n=5
    )
    assert ("restated", "p1", "m1", 45, None) in after(then, now)


def test_changes_come_by_kind_then_in_file_order_the_north_star_first() -> None:
    def full(*readings: Any, **fields: Any) -> Record:
        star = NorthStar(statement="S", metric=metric("ns", *readings))
        return record(
            coalition=Coalition(id="c", name="C", timezone="America/Chicago", north_star=star),
            priorities=[
                priority("p1", metrics=(metric("m1", *readings),), assessment=fields.get("p1", "on_track")),
                priority("p2", metrics=(metric("m2", *readings),), assessment=fields.get("p2", "on_track")),
            ],
        )

    found = after(full(), full(reading(value=90, recorded_on="23"), p1="at_risk", p2="off_track"))
    assert [(one[0], one[2]) for one in found] == [
        ("standing", "p1"),
        ("standing", "p2"),
        ("metric_status", "ns"),
        ("metric_status", "m1"),
        ("metric_status", "m2"),
    ]
    assert [one[1] for one in found] == ["p1", "p2", None, "p1", "p2"]


def test_the_newest_digest_published_before_the_moment_is_compared_with() -> None:
    first, second = (record(responses=[response("10", stand)]) for stand in ("on_track", "at_risk"))
    digests = tuple(
        published(at(moment), to_published(compose(then, at(moment))))
        for moment, then in (("2026-11-20T07:30", second), ("2026-11-13T07:30", first))
    )
    now = replace(second, published=digests)
    assert told(now)["changed"] == []
    assert [one["from"] for one in told(now, at("2026-11-20T07:30"))["changed"]] == ["on_track"]
    assert compose(now, NOON).compared_with == at("2026-11-20T07:30")


def test_numbers_read_back_as_floats_are_no_change() -> None:
    import json

    full = with_metric(reading(value="44.1"), target=dated("101.7", "2027-12-31"))
    content = json.loads(dumps(to_published(compose(full, NOON))))
    later = NOON + timedelta(hours=1)
    assert told(replace(full, published=(published(NOON, content),)), later)["changed"] == []


# Promises


@pytest.mark.parametrize(
    ("latest", "came_true", "shown"),
    [("23", "yes", True), ("17", "in_part", True), ("23", None, False), ("16", "yes", False)],
)
def test_a_promise_shows_when_it_was_answered_this_week(latest: str, came_true: str | None, shown: bool) -> None:
    full = record(responses=[response("10", next="Done."), response(latest, came_true=came_true)])
    digest = compose(full, NOON)
    assert [one.text for one in digest.promises] == (["Done."] if shown else [])
    promise = digest.priorities[0].promise
    assert promise is not None
    assert (promise.text, promise.promised_on, promise.came_true) == ("Done.", day("10"), came_true)


def test_a_first_response_answers_no_promise() -> None:
    assert compose(record(responses=[response("17", came_true="yes")]), NOON).priorities[0].promise is None
