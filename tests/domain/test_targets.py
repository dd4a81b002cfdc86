"""Targets whose day has passed: which ask for a new one, whom, and what the figure says beside them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.domain.record import Record
from bot.domain.record import record as values
from bot.domain.targets import (
    Result,
    TargetKind,
    asked_targets,
    asks_no_more,
    find_target,
    last_targets,
    passed_targets,
    receivers_of_target,
    result_of,
)
from bot.domain.vocabularies import Assessment
from tests.builders import dated, day, metric, outcome, priority, reading
from tests.services.small import small
from tests.tables import on_each

LIVE = day("2026-11-01")
DUE = "2026-12-31"


def with_target(**fields: Any) -> Record:
    return small(priorities=(priority(metrics=(metric("m1", **({"target": dated(100, DUE)} | fields)),)),))


def with_star(*goals: str) -> Record:
    record = small()
    star = values.NorthStar(
        statement="Homes",
        metric=metric("star", target=dated(900, "2032-12-31"), steward="ben"),
        yearly_goals=tuple(dated(100, one) for one in goals),
    )
    return replace(record, coalition=replace(record.coalition, north_star=star))


def asked(record: Record, today: str, live: date = LIVE) -> list[tuple[str, str]]:
    found = asked_targets(record, live, day(today), day(today))
    return [(str(one.kind), one.key) for one in found]


def test_it_asks_the_day_after_and_for_two_weeks_no_longer() -> None:
    record = with_target()
    assert asked(record, "2026-12-31") == []
    ahead = [one.asked_on for one in asked_targets(record, LIVE, day("2026-12-28"), day("2027-01-05"))]
    assert ahead == [day("2027-01-01")], "the week ahead knows"
    assert asked(record, "2027-01-02") == [("metric", "m1")]
    assert asked(record, "2027-01-14") == [("metric", "m1")]
    assert asked(record, "2027-01-15") == []


def test_what_had_passed_before_the_coalition_went_live_asks_nobody_and_is_told_of() -> None:
    record = with_target(target=dated(100, "2026-10-31"))
    assert asked(record, "2026-11-02") == []
    assert [one.key for one in passed_targets(record, day("2026-11-02"))] == ["m1"]
    assert asked(record, "2026-11-02", live=day("2026-10-31")) == [("metric", "m1")]


@pytest.mark.parametrize("assessment", [Assessment.PAUSED, Assessment.COMPLETE])
def test_what_rests_asks_nothing(assessment: Assessment) -> None:
    record = small(priorities=(priority(assessment=assessment, metrics=(metric(),), outcomes=(outcome(),)),))
    assert list(last_targets(record)) == []


def test_what_ends_or_is_reached_asks_nothing() -> None:
    ended, reached = outcome("o1", ended="2027-03-31"), outcome("o2", completed="2026-12-01")
    record = small(priorities=(priority(metrics=(metric(ended=day("2027-03-31")),), outcomes=(ended, reached)),))
    assert list(last_targets(record)) == []
    over = small(priorities=(priority(ended="2027-03-31", metrics=(metric(),)),))
    assert list(last_targets(over)) == []


def test_a_goal_asks_nothing_once_its_figure_has_an_end() -> None:
    record = with_star("2026-12-31")
    star = record.coalition.north_star
    assert star is not None
    assert star.metric is not None
    over = replace(star, metric=replace(star.metric, ended=day("2027-03-31")))
    assert list(last_targets(replace(record, coalition=replace(record.coalition, north_star=over)))) == []


def test_it_has_not_passed_on_its_day() -> None:
    assert passed_targets(with_target(), day(DUE)) == ()
    assert [one.key for one in passed_targets(with_target(), day("2027-01-01"))] == ["m1"]


def test_a_goal_is_asked_of_those_who_may_set_it() -> None:
    """Not of staff beside them; of staff where nobody may."""
    staff = {"roles": (values.Role(role="backbone_staff", scope="coalition"),)}
    record = replace(with_star("2026-12-31"), members=small(ben=staff).members)
    goal = next(one for one in last_targets(record) if one.kind is TargetKind.GOAL)
    assert receivers_of_target(record, goal) == ("lou",)
    without = replace(record, members=tuple(one for one in record.members if one.id != "lou"))
    assert receivers_of_target(without, goal) == ("ben",)


def test_only_the_last_yearly_goal_asks_for_the_next() -> None:
    assert asked(with_star("2026-12-31", "2027-12-31"), "2027-01-02") == []
    assert asked(with_star("2026-12-31"), "2027-01-02") == [("goal", "star")]
    assert asked(with_star("2026-12-31", "2027-12-31"), "2028-01-02") == [("goal", "star")]


def test_whom_it_asks() -> None:
    kept = with_target(steward="ben")
    [one] = last_targets(kept)
    assert receivers_of_target(kept, one) == ("ben",)
    without = small(ben={"ended": day("2026-12-01")}, priorities=kept.priorities)
    assert receivers_of_target(without, one) == ("ana",), "the owner, where the steward has left"
    alone = small(ben={"ended": day("2026-12-01")}, ana={"ended": day("2026-12-01")}, priorities=kept.priorities)
    assert receivers_of_target(alone, one) == ("lou",), "else who coordinates"
    goal = next(one for one in last_targets(with_star("2026-12-31")) if one.kind is TargetKind.GOAL)
    assert receivers_of_target(with_star("2026-12-31"), goal) == ("lou",), "who may set it, not the figure's steward"


@on_each(
    ("fields", "readings", "result", "value"),
    [
        ({}, [], Result.NO_FIGURE, None),
        ({}, [reading("2026-09-30", 60)], Result.NOT_YET_KNOWN, 60),
        ({}, [reading("2026-09-30", 100)], Result.REACHED, 100),
        ({}, [reading(DUE, 99)], Result.NOT_REACHED, 99),
        ({}, [reading(DUE, 100), reading("2027-01-31", 90)], Result.REACHED, 100),
        ({}, [reading(DUE, 90), reading("2027-01-31", 120)], Result.NOT_REACHED, 90),
        ({"direction": "decrease", "baseline": dated(200, "2026-01-01")}, [reading(DUE, 99)], Result.REACHED, 99),
        ({"direction": "maintain", "tolerance": 5}, [reading(DUE, 104)], Result.REACHED, 104),
        ({"direction": "maintain", "tolerance": 3}, [reading(DUE, 104)], Result.NOT_REACHED, 104),
        ({"confidential_below_n": 5}, [reading(DUE, 104, reporters=2)], Result.WITHHELD, None),
    ],
)
def test_what_the_figure_says(
    fields: dict[str, Any], readings: list[values.Reading], result: Result, value: int | None
) -> None:
    one = metric("m1", *readings, target=dated(100, DUE), **fields)
    found, figure = result_of(one, dated(100, DUE), day("2027-02-01"))
    assert found is result
    assert (figure.value if figure is not None else None) == value


def test_a_goal_and_the_last_target_of_the_same_figure_are_two() -> None:
    record = with_star("2026-12-31")
    for kind, on in (("goal", "2026-12-31"), ("metric", "2032-12-31")):
        found, _ = find_target(record, f"{kind} star {on}")
        assert found is not None
        assert (found.kind, found.day) == (kind, day(on))


def test_a_new_target_is_another_and_ends_the_question() -> None:
    before, after = with_target(), with_target(target=dated(150, "2027-12-31"))
    [one] = last_targets(before)
    assert asks_no_more(before, after) == (one.about,)
    assert asks_no_more(before, before) == ()
    found, spoken_of = find_target(after, one.about)
    assert found is not None
    assert (found.day, spoken_of) == (day("2027-12-31"), day(DUE))
