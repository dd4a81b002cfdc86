"""Money by year, exactly; ledgers and the pool; and nothing of what its reader doesn't see."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.funding import EVERY_AMOUNT, FundingSight
from bot.domain.plan import PlanMoney, money_of, spread
from bot.domain.record import FundingSource
from bot.domain.vocabularies import Arrangement, FundingStatus
from tests import builders
from tests.builders import TODAY
from tests.examples import examples

AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=2)
DAYS = st.dates(min_value=date(2015, 1, 1), max_value=date(2045, 12, 31))


def money(*sources: FundingSource, sight: FundingSight = EVERY_AMOUNT) -> PlanMoney:
    found = money_of(sources, sight, TODAY)
    assert found is not None
    return found


def source(key: str = "F-1", amount: object = 100, **fields: Any) -> FundingSource:
    return builders.source(key, {"p1": amount}, **fields)


def test_an_amount_is_spread_over_the_days_of_its_period() -> None:
    # 92 days of 2026 and 273 of 2027.
    assert spread(Decimal(365), date(2026, 10, 1), date(2027, 9, 30)) == {2026: 92, 2027: 273}
    assert spread(Decimal(10), date(2026, 1, 1), date(2026, 1, 1)) == {2026: 10}
    assert spread(Decimal(1), date(2027, 12, 31), date(2028, 1, 2)) == {2027: Fraction(1, 3), 2028: Fraction(2, 3)}


@given(AMOUNTS, DAYS, st.integers(min_value=0, max_value=5000))
@settings(max_examples=examples(40))
def test_years_add_up_to_the_amount(amount: Decimal, start: date, days: int) -> None:
    end = start + timedelta(days=days)
    years = spread(amount, start, end)
    assert list(years) == list(range(start.year, end.year + 1))
    assert sum(years.values()) == Fraction(amount)
    for year, part in years.items():
        counted = sum((start + timedelta(days=each)).year == year for each in range(days + 1))
        assert part == Fraction(amount) * counted / (days + 1)


@given(
    st.lists(
        st.tuples(
            AMOUNTS,
            st.sampled_from(["public", "commercial", "philanthropic", "other"]),
            st.sampled_from(list(FundingStatus)),
            st.none() | DAYS,
            st.none() | DAYS,
            st.sampled_from([None, *Arrangement]),
        ),
        max_size=8,
    )
)
@settings(max_examples=examples(40))
def test_every_secured_amount_is_in_one_row_and_with_its_kind(given_sources: list[Any]) -> None:
    sources = [
        source(
            f"F-{number}", amount, capital_type=kind, status=status, period_start=start, period_end=end, arrangement=how
        )
        for number, (amount, kind, status, start, end, how) in enumerate(given_sources)
    ]
    found = money(*sources)
    secured = [one for one in sources if one.status in ("awarded", "active")]
    assert sum(row.total for row in found.years) == found.secured == sum(one.amount for one in secured)
    for kind in ("public", "commercial", "philanthropic", "other"):
        of_kind = sum((one.amount for one in secured if one.capital_type == kind), Decimal(0))
        assert sum(row.by_type.get(kind, Fraction(0)) for row in found.years) == of_kind
        assert found.by_type.get(kind, Decimal(0)) == of_kind
    coming = [one for one in sources if one.status in ("applied", "prospect")]
    assert found.pipeline == sum(one.amount for one in coming)
    shares = found.pool.shares if found.pool is not None else ()
    assert {one.id for one in (*found.ledgers, *shares)} == {one.id for one in (*secured, *coming)}
    assert all(one.arrangement == Arrangement.BLENDED for one in shares)
    assert len(found.years) <= 13


def test_what_has_no_dates_or_lies_far_away_stands_together() -> None:
    found = money(
        source("F-1", 60, period_start=date(2010, 1, 1), period_end=date(2010, 12, 31)),
        source("F-2", 50, period_end=date(2027, 6, 30)),
        source("F-3", 40, period_start=date(2050, 1, 1), period_end=date(2051, 12, 31)),
        source("F-4", 30, period_start=date(2027, 1, 1), period_end=date(2027, 12, 31)),
    )
    assert [(row.words, int(row.total)) for row in found.years] == [
        ("before 2024", 60),
        ("2027", 30),
        ("after 2033", 40),
        ("no dates set", 50),
    ]


def test_blended_sources_are_one_pool_and_the_others_stand_by_themselves() -> None:
    found = money(
        source("F-1", 60, arrangement=Arrangement.BRAIDED, restricted=True),
        source("F-2", 50, arrangement=Arrangement.BLENDED),
        source("F-3", 40, arrangement=Arrangement.BLENDED, status=FundingStatus.APPLIED),
        source("F-4", 30),
    )
    assert [(one.id, one.restricted) for one in found.ledgers] == [("F-1", True), ("F-4", None)]
    assert found.pool is not None
    assert [found.pool.secured, found.pool.pipeline] == [Decimal(50), Decimal(40)]


OTHERS = builders.source("F-1", {"p1": 60, "p2": 40}, extra={"received_to_date": 30})
PROSPECT = builders.source("F-2", {"p1": 7}, status="prospect")


def test_an_owner_sees_what_goes_to_their_priority_and_no_more() -> None:
    found = money(OTHERS, PROSPECT, sight=FundingSight(priorities=frozenset({"p1"})))
    assert (found.secured, found.pipeline, found.everything) == (Decimal(60), Decimal(7), False)
    assert [(one.id, one.amount, one.received) for one in found.ledgers] == [
        ("F-1", Decimal(60), None),
        ("F-2", Decimal(7), None),
    ]
    assert money(OTHERS).ledgers[0].received == 30


def test_a_funder_sees_its_own_grant_whole_and_no_other() -> None:
    own = builders.source("F-3", {"p1": 5}, organization="acme")
    sight = FundingSight(organization="acme", is_narrowed=True)
    assert [one.id for one in money(OTHERS, PROSPECT, own, sight=sight).ledgers] == ["F-3"]
    steering = FundingSight(everything=True, organization="acme", is_narrowed=True)
    assert [one.id for one in money(OTHERS, PROSPECT, own, sight=steering).ledgers] == ["F-1", "F-3"]


@pytest.mark.parametrize("status", ["closed", "declined"])
def test_what_has_ended_counts_nowhere(status: str) -> None:
    found = money(source(status=status))
    assert (found.secured, found.ledgers, found.years) == (Decimal(0), (), ())


def test_whoever_sees_no_amount_has_no_money_to_look_at() -> None:
    assert money_of([OTHERS], FundingSight(), TODAY) is None
