"""What a change makes of a funding source, and at which field a form is refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.funding import (
    STATUSES,
    FundingChoices,
    Plan,
    allocation_plan,
    change_lines,
    new_source,
    read_report,
    read_source,
    received,
    source_plan,
    target_field,
    with_plan,
)
from bot.domain.record import Allocation, FundingReport
from bot.domain.typed import Known, Mistakes
from tests import builders as make
from tests.builders import day
from tests.examples import examples
from tests.tables import on_each

TODAY = day("2026-11-23")
CHOICES = FundingChoices(
    organizations={"kpf": "The foundation"},
    members={"ana": "Ana A."},
    targets=(Known("p1", "Talent"), Known("p2", "Housing"), Known("g1", "Group")),
    currency="USD",
)
SOURCE = replace(
    make.source(allocations={"p2": 300, "p1": 100}, amount=Decimal("1000.0")),
    report=FundingReport(next_due=day("2026-12-31"), frequency="quarterly", owner="ana", extra={"portal": "x"}),
    extra={"received_to_date": Decimal(250), "number": "G-7"},
)
ENTERED: dict[str, str | None] = {
    "name": "A grant",
    "funder": "A funder",
    "capital_type": "public",
    "status": "active",
    "amount": "1000",
    "report_due": "2026-12-31",
    "report_frequency": "quarterly",
    "report_owner": "ana",
}
_money = st.decimals(0, 10**6, places=0)
PLANS: st.SearchStrategy[Plan] = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["A grant", "A loan"]),
        "funder": st.just("Another funder"),
        "organization": st.none() | st.just("kpf"),
        "status": st.sampled_from(STATUSES),
        "amount": _money,
        "match_required": st.none() | _money,
        "period_end": st.none() | st.dates(),
        "arrangement": st.none() | st.just("pooled"),
        "received": st.none() | _money,
        "report_due": st.none() | st.dates(),
        "report_frequency": st.none() | st.just("annual"),
        "report_owner": st.none() | st.just("ana"),
        "allocations": st.dictionaries(st.sampled_from(["p1", "p2", "g1"]), _money).map(
            lambda found: tuple(sorted(found.items()))
        ),
    },
)  # type: ignore[assignment]


@settings(max_examples=examples(25), deadline=None)
@given(PLANS)
def test_a_source_is_as_its_plan_says_and_otherwise_as_it_was(plan: Plan) -> None:
    changed = with_plan(SOURCE, plan)
    before: Plan = {**source_plan(SOURCE), **allocation_plan(SOURCE)}
    assert {**source_plan(changed), **allocation_plan(changed)} == {**before, **plan}
    assert (changed.id, changed.extra["number"]) == (SOURCE.id, "G-7")
    assert changed.report is not None
    assert changed.report.extra == {"portal": "x"}
    assert with_plan(changed, plan) == changed
    lines = change_lines(before, plan, CHOICES, TODAY)
    given: Plan = {**before, **plan}
    assert bool(lines) == (given != before and _told(given) != _told(before))


def _told(plan: Plan) -> Plan:
    """Nothing allocated and zero are one thing to whoever reads it."""
    return {**plan, "allocations": tuple(one for one in plan["allocations"] if one[1])}


def test_allocations_change_in_their_place_and_new_ones_come_last() -> None:
    kept = replace(
        SOURCE, allocations=(Allocation(to="p2", amount=Decimal(300), extra={"line": 4}), SOURCE.allocations[1])
    )
    changed = with_plan(kept, {"allocations": (("g1", Decimal(5)), ("p1", Decimal(100)), ("p2", Decimal(200)))})
    assert changed.allocations == (
        Allocation(to="p2", amount=Decimal(200), extra={"line": 4}),
        Allocation(to="p1", amount=Decimal(100)),
        Allocation(to="g1", amount=Decimal(5)),
    )
    assert with_plan(kept, {"allocations": ()}).allocations == ()
    twice = replace(kept, allocations=(*kept.allocations, Allocation(to="p2", amount=Decimal(9))))
    assert len(with_plan(twice, {"allocations": (("p2", Decimal(1)),)}).allocations) == 1


def test_of_a_sent_report_it_is_kept_which_one_it_was() -> None:
    changed = with_plan(SOURCE, {"report_due": day("2027-03-31"), "report_sent": day("2026-11-20")})
    assert changed.report == FundingReport(
        next_due=day("2027-03-31"),
        frequency="quarterly",
        owner="ana",
        extra={"portal": "x", "last_sent": day("2026-11-20"), "last_due": day("2026-12-31")},
    )


def test_a_report_is_there_once_anything_is_said_of_it() -> None:
    bare = replace(SOURCE, report=None)
    assert with_plan(bare, {"report_due": None, "report_owner": None, "report_frequency": None}).report is None
    assert with_plan(bare, {"report_owner": "ana"}).report == FundingReport(owner="ana")
    assert with_plan(SOURCE, {"report_due": None}).report is not None


def test_what_came_in_is_kept_beside_it() -> None:
    assert received(with_plan(SOURCE, {"received": Decimal(300)})) == 300
    assert with_plan(SOURCE, {"received": None}).extra == {"number": "G-7"}
    assert with_plan(SOURCE, {"name": "It"}).extra == SOURCE.extra


def test_a_new_source_has_an_id_of_its_own() -> None:
    plan = read_source({**ENTERED, target_field("p1"): "400", "organization": "kpf"}, CHOICES, None, TODAY)
    found = new_source(plan, {"a-grant"})
    assert (found.id, found.name, found.funder, found.amount) == ("a-grant-2", "A grant", "A funder", Decimal(1000))
    assert (found.organization, found.status, found.match_required) == ("kpf", "active", None)
    assert found.allocations == (Allocation(to="p1", amount=Decimal(400)),)
    assert found.report == FundingReport(next_due=day("2026-12-31"), frequency="quarterly", owner="ana")
    assert found.extra == {}


MISTAKES: dict[str, tuple[dict[str, str | None], dict[str, str]]] = {
    "nothing": (
        dict.fromkeys(ENTERED),
        {
            "name": "Give it a name.",
            "funder": "Say who gives the money.",
            "capital_type": "Choose what kind of capital it is.",
            "status": "Choose how far it is.",
            "amount": "Enter the whole amount. Zero is fine while it is open.",
        },
    ),
    "below zero": (
        {"match_required": "-1"},
        {"match_required": "Enter an amount of zero or more."},
    ),
    "ends before it starts": (
        {"period_start": "2026-12-31", "period_end": "2026-12-31"},
        {"period_end": "The end comes before the start. Choose a later day."},
    ),
    "less than is allocated": (
        {"amount": "399"},
        {"amount": "$400 is already allocated. Lower an allocation first, or enter that much."},
    ),
    "more came in than there is": (
        {"received": "1001"},
        {"received": "The source has $1,000. Raise the amount, or enter what came in so far."},
    ),
    "a report of tomorrow": (
        {"report_sent": "2026-11-24"},
        {"report_sent": "That day is still ahead. Enter it once the report is sent."},
    ),
}


@on_each("case", MISTAKES)
def test_each_mistake_is_told_at_its_field(case: str) -> None:
    answers, said = MISTAKES[case]
    with pytest.raises(Mistakes) as caught:
        read_source({**ENTERED, **answers}, CHOICES, SOURCE, TODAY)
    assert caught.value.errors == said


def test_more_than_the_whole_is_told_where_it_is_too_much() -> None:
    entered = {**ENTERED, target_field("p1"): "800", target_field("p2"): "300"}
    with pytest.raises(Mistakes) as caught:
        read_source(entered, CHOICES, None, TODAY)
    assert list(caught.value.errors) == [target_field("p2")]


def test_a_sent_report_makes_the_next_one_due() -> None:
    plan = read_source({**ENTERED, "report_sent": "2026-11-20"}, CHOICES, SOURCE, TODAY)
    assert plan["report_due"] == day("2027-03-31")
    chosen = {**ENTERED, "report_sent": "2026-11-20", "report_due": "2027-01-31"}
    assert read_source(chosen, CHOICES, SOURCE, TODAY)["report_due"] == day("2027-01-31")


def test_the_report_after_a_sent_one_comes_later() -> None:
    answers = {"report_due": "2026-12-31", "report_sent": "2026-11-20"}
    with pytest.raises(Mistakes) as caught:
        read_report(answers, SOURCE, TODAY, may_record=True)
    assert caught.value.errors == {"report_due": "Choose the day of the report after that, or clear it if none is."}
    assert read_report(answers, SOURCE, TODAY, may_record=False) == {"report_due": day("2026-12-31")}
    with pytest.raises(Mistakes) as caught:
        read_report({"report_due": None}, SOURCE, TODAY, may_record=False)
    assert caught.value.errors == {"report_due": "Choose the day on which the next report is due."}


def test_a_change_in_words() -> None:
    before: Plan = {**source_plan(SOURCE), **allocation_plan(SOURCE)}
    plan: Plan = {
        "organization": "kpf",
        "amount": Decimal(2000),
        "report_due": day("2027-03-31"),
        "report_sent": day("2026-11-20"),
        "allocations": (("g1", Decimal(50)), ("p2", Decimal(300))),
    }
    assert change_lines(before, plan, CHOICES, TODAY) == (
        "Report sent Nov 20",
        "Organization: none → The foundation",
        "Amount: $1,000 → $2,000",
        "Next report: Dec 31 → Mar 31, 2027",
        "Talent: $100 → $0",
        "Group: $0 → $50",
    )
