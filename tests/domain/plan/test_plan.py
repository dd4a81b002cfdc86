"""Who reads what of the plan, outcomes and metrics by term, and that nothing more is in the value that screens get."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.plan import Depth, horizons_of, plan_pages
from bot.domain.plan.plan import horizon_of
from tests import builders
from tests.domain.plan import cases
from tests.tables import on_each

FAMILY, TALENT, SUPPLIER, QUALITY = "family-access", "talent-pathways", "supplier-growth", "job-quality"
ALL = {FAMILY: "whole", TALENT: "whole", SUPPLIER: "whole", QUALITY: "whole"}
SUMMARIES = dict.fromkeys(ALL, "summary")


@on_each(
    ("member", "depths", "amounts"),
    [
        ("dana", ALL, set(ALL)),
        ("marcus", ALL, set(ALL)),  # steering
        ("charlotte", ALL, set(ALL)),  # steering and a funder
        ("luis", SUMMARIES | {FAMILY: "whole"}, {FAMILY}),  # a co-chair, as an owner
        ("ben", dict.fromkeys(ALL, "outcomes"), set()),  # a funder
        ("pat", {FAMILY: "whole"}, set()),  # a member of its group
    ],
)
def test_each_reads_what_is_theirs(member: str, depths: dict[str, str], amounts: set[str]) -> None:
    plan = cases.seen_by(member)
    assert {one.part.id: str(one.depth) for one in plan.priorities} == depths
    assert {one.part.id for one in plan.priorities if one.amounts} == amounts
    assert plan.of == 4
    assert plan.goal is not None


def words(member: str) -> str:
    return "\n".join(page.plain for page in plan_pages(cases.seen_by(member)))


def test_of_others_priorities_an_owner_reads_what_the_roll_up_says() -> None:
    told = words("luis")
    record = cases.planned()
    for one in record.priorities:
        assert one.name in told
        is_own = one.id == FAMILY
        assert all((each.name in told) is is_own for each in one.outcomes)
        headline = one.headline_metric or one.metrics[0].id
        assert all((each.name in told) is is_own for each in one.metrics if each.id != headline)
        assert ((one.goal or "") in told) is is_own
    assert "$600,000 secured of $1,100,000" in told
    assert "5,750,000" not in told
    assert "4,800,000" not in told  # a source of which nothing goes to hers


def test_a_funder_reads_outcomes_and_its_own_grant() -> None:
    told = words("ben")
    assert "Next Rung outcomes grant: $1,500,000" in told
    assert "Federal" not in told
    assert "sources secured" not in told
    assert "Three providers are licensed" in told
    assert "Remove the two barriers" not in told


def test_whoever_reads_no_amounts_reads_how_many_sources_are_secured() -> None:
    told = words("pat")
    assert "2 of 3 sources secured" in told
    assert "$" not in told
    assert "You read 1 of 4 priorities; the coordinators read all." in told


def test_nobodys_answer_is_in_the_value() -> None:
    """Screens get what is shown and nothing else: what people said of a priority has no place in the plan."""
    for member in ("dana", "luis", "ben", "pat"):
        value = repr(cases.seen_by(member))
        for said in cases.planned().responses:
            for text in (said.moved, said.blocker, said.ask, said.next, said.extra.get("for_coordinator")):
                assert not text or text not in value
        assert all(one.title not in value for one in cases.planned().actions)
        assert all(one.title not in value for one in cases.planned().decisions)


def test_a_summary_holds_nothing_that_is_not_shown() -> None:
    talent = next(one for one in cases.seen_by("luis").priorities if one.part.id == TALENT)
    whole = next(one for one in cases.plan().priorities if one.part.id == TALENT)
    assert talent.depth == Depth.SUMMARY
    value = repr(talent)
    assert all(one.name not in value for one in whole.part.outcomes)
    assert whole.goal is not None
    assert whole.goal not in value
    assert "5600000" not in value


@pytest.mark.parametrize(
    ("due", "horizon"),
    [
        ("2026-01-01", "short"),
        ("2028-11-23", "short"),
        ("2028-11-24", "medium"),
        ("2030-11-23", "medium"),
        ("2030-11-24", "long"),
    ],
)
def test_an_outcome_belongs_to_a_term_by_its_day(due: str, horizon: str) -> None:
    record = builders.record(priorities=[builders.priority(outcomes=(builders.outcome(due=due),))])
    [one] = cases.plan(record).priorities[0].part.outcomes
    assert horizon_of(one, builders.TODAY) == horizon
    assert horizon_of(replace(one, completed=date(2026, 1, 1)), builders.TODAY) == "short"


def test_two_years_after_a_leap_day() -> None:
    record = builders.record(priorities=[builders.priority(outcomes=(builders.outcome(due="2030-02-28"),))])
    [one] = cases.plan(record).priorities[0].part.outcomes
    assert horizon_of(one, date(2028, 2, 29)) == "short"
    assert horizon_of(replace(one, due=date(2030, 3, 1)), date(2028, 2, 29)) == "medium"


def test_a_metric_says_its_own_term() -> None:
    metrics = tuple(builders.metric(key, horizon=key) for key in ("long", "short"))
    record = builders.record(priorities=[builders.priority(metrics=metrics)])
    part = cases.plan(record).priorities[0].part
    assert [
        (one.horizon, [each.id for each in one.metrics]) for one in horizons_of((), part.metrics, builders.TODAY)
    ] == [
        ("short", ["short"]),
        ("long", ["long"]),
    ]


def test_a_goal_is_next_until_its_day_is_over() -> None:
    goals = []
    for moment in ("2026-12-31T12:00-06:00", "2027-01-01T12:00-06:00", "2029-01-01T12:00-06:00"):
        goal = cases.plan(moment=cases.MOMENT.fromisoformat(moment)).goal
        goals.append(goal.on.year if goal is not None else None)
    assert goals == [2026, 2027, None]
