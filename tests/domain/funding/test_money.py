"""Money of a priority and of the coalition: what is secured, in the pipeline, needed, matched and reported."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.funding import FundingPart
from bot.domain.funding import money as funding
from bot.domain.record import Directory, FundingSource
from tests.builders import day, group, need, priority, record, report, source
from tests.examples import examples
from tests.tables import on_each

STATUSES = ["prospect", "applied", "awarded", "active", "closed", "declined"]


def whole(*amounts: Decimal) -> tuple[int, ...]:
    """Amounts as integers; mypy rightly sees that a tuple of decimals never is one of integers."""
    assert all(amount == int(amount) for amount in amounts)
    return tuple(int(amount) for amount in amounts)


def of_p1(sources: list[FundingSource], amount: object = None) -> FundingPart:
    shares = funding.by_target(sources).get("p1", [])
    return funding.summarize(shares, None if amount is None else need(amount))


@on_each(
    ("status", "secured", "pipeline"),
    [
        ("prospect", 0, 100),
        ("applied", 0, 100),
        ("awarded", 100, 0),
        ("active", 100, 0),
        ("closed", 0, 0),
        ("declined", 0, 0),
    ],
)
def test_a_status_decides_what_money_counts_as(status: str, secured: int, pipeline: int) -> None:
    part = of_p1([source(status=status)])
    assert whole(part.secured, part.pipeline) == (secured, pipeline)


def test_only_what_is_allocated_counts_and_only_where_it_is_allocated() -> None:
    part = of_p1([source(allocations={"p1": 40, "p2": 50}, amount=Decimal(1000))])
    assert part.secured == 40
    assert of_p1([source(allocations={"p2": 50})]).secured == 0


@pytest.mark.parametrize(("amount", "gap"), [(150, 50), (100, 0), (60, 0)])
def test_the_gap_is_need_minus_secured_and_never_below_zero(amount: int, gap: int) -> None:
    assert of_p1([source()], amount).gap == gap


def test_without_a_need_there_is_no_gap_and_no_through_date() -> None:
    part = of_p1([source()])
    assert (part.need, part.gap, part.through) == (None, None, None)


def test_the_through_date_is_the_needs() -> None:
    assert of_p1([], 100).through == date(2027, 12, 31)


def test_the_first_end_is_the_earliest_of_secured_sources() -> None:
    part = of_p1(
        [
            source("F-1", status="applied", period_end="2026-12-31"),
            source("F-2", status="active", period_end="2028-12-31"),
            source("F-3", status="awarded", period_end="2027-12-31"),
            source("F-4", status="active"),
        ]
    )
    assert part.first_ends_on == day("2027-12-31")
    assert of_p1([source()]).first_ends_on is None


def test_capital_types_split_secured_money_only_and_leave_out_empty_ones() -> None:
    part = of_p1(
        [
            source("F-1", capital_type="philanthropic"),
            source("F-2", capital_type="public"),
            source("F-3", capital_type="public"),
            source("F-4", capital_type="commercial", status="applied"),
            source("F-5", {"p1": 0}, capital_type="other"),
        ]
    )
    assert list(part.by_capital_type) == ["public", "philanthropic"]
    assert whole(*part.by_capital_type.values()) == (200, 100)


def test_a_match_counts_in_whole_for_every_priority_it_reaches() -> None:
    both = source(allocations={"p1": 40, "p2": 50}, match_required=Decimal(30), match_secured=Decimal(20))
    for target in ("p1", "p2"):
        part = funding.summarize(funding.by_target([both])[target], None)
        assert whole(part.match_required, part.match_secured) == (30, 20)


@pytest.mark.parametrize("status", ["prospect", "applied", "closed", "declined"])
def test_a_match_of_an_unsecured_source_does_not_count(status: str) -> None:
    part = of_p1([source(status=status, match_required=Decimal(30), match_secured=Decimal(20))])
    assert whole(part.match_required, part.match_secured) == (0, 0)


def test_a_match_counts_once_where_two_groups_share_a_source() -> None:
    directory = Directory.of(record(groups=[group("steering"), group("backbone")]))
    shared = source(allocations={"steering": 40, "backbone": 50, "p1": 10}, match_required=Decimal(30))
    part = funding.summarize(funding.to_groups([shared], directory), None)
    assert whole(part.secured, part.match_required) == (90, 30)
    (share,) = part.shares
    assert (share.source, *whole(share.amount)) == ("F-1", 90)


def test_the_coalitions_own_money_is_what_goes_to_groups() -> None:
    directory = Directory.of(record(groups=[group("backbone")], priorities=[priority("p1")]))
    sources = [source("F-1", {"p1": 5}), source("F-2", {"backbone": 7}), source("F-3", {"backbone": 9})]
    assert [one.id for one, _ in funding.to_groups(sources, directory)] == ["F-2", "F-3"]


@on_each(
    ("status", "counts"),
    [
        ("prospect", False),
        ("applied", False),
        ("awarded", True),
        ("active", True),
        ("closed", True),
        ("declined", False),
    ],
)
def test_reports_are_owed_by_awarded_active_and_closed_sources(status: str, counts: bool) -> None:
    part = of_p1([source(status=status, report=report("2027-01-30"))])
    assert (part.next_report is not None) is counts


def test_the_next_report_is_the_earliest_even_when_it_is_past() -> None:
    part = of_p1(
        [
            source("F-1", report=report("2027-01-30")),
            source("F-2", report=report("2026-01-30"), status="closed"),
            source("F-3", report=report("2026-01-30")),
            source("F-4"),
        ]
    )
    assert part.next_report is not None
    assert (part.next_report.source, part.next_report.due) == ("F-2", day("2026-01-30"))


def test_shares_name_secured_applied_and_prospect_sources() -> None:
    part = of_p1([source(status, {"p1": 10}, status=status) for status in STATUSES])
    assert [share.source for share in part.secured_shares] == ["awarded", "active"]
    assert [share.source for share in part.applied_shares] == ["applied"]
    assert [share.source for share in part.prospect_shares] == ["prospect"]
    assert len(part.shares) == 4


def test_a_source_is_described_with_the_names_of_what_it_goes_to() -> None:
    directory = Directory.of(record(groups=[group("backbone", name="Backbone Team")]))
    line = funding.describe(source(allocations={"backbone": 3, "p1": 4}, report=report("2027-01-30")), directory)
    assert [one.to_name for one in line.allocations] == ["Backbone Team", "Priority p1"]
    assert whole(*(one.amount for one in line.allocations)) == (3, 4)
    assert line.report_due == day("2027-01-30")


AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=2)


@settings(max_examples=examples(25), deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(STATUSES),
            AMOUNTS,
            st.sampled_from(["public", "commercial", "philanthropic", "other"]),
        )
    ),
    AMOUNTS,
)
def test_gap_is_never_negative_and_parts_add_up(given_sources: list[tuple[str, Decimal, str]], amount: Decimal) -> None:
    sources = [
        source(f"F-{number}", {"p1": value}, status=status, capital_type=capital_type)
        for number, (status, value, capital_type) in enumerate(given_sources)
    ]
    part = of_p1(sources, amount)
    assert part.gap is not None
    assert part.gap >= 0
    assert part.gap == 0 or part.gap + part.secured == amount
    assert sum(part.by_capital_type.values()) == part.secured
    assert all(part.by_capital_type.values())
    assert sum(share.amount for share in part.shares) == part.secured + part.pipeline


def test_sums_are_exact_beyond_the_usual_precision() -> None:
    large = Decimal("12345678901234567890123456789.01")
    part = of_p1([source("F-1", {"p1": large}), source("F-2", {"p1": Decimal("0.02")})], large)
    assert part.secured == Decimal("12345678901234567890123456789.03")
    assert part.gap == 0
