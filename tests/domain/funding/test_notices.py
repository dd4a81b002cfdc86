"""When people hear of a report, and of money that comes to its end, and who does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.funding import (
    Notice,
    end_notices,
    every_notice_about,
    read_notice_about,
    receivers_of_end,
    receivers_of_report,
    report_notices,
)
from bot.domain.record import FundingReport, Role
from bot.domain.vocabularies import FundingStatus
from tests import builders
from tests.builders import member
from tests.examples import examples

DUE = date(2027, 7, 31)


def days(notices: list[Notice], day: date = DUE) -> list[tuple[str, int]]:
    return [(one.when, (day - one.on).days) for one in notices]


@pytest.mark.parametrize(
    ("frequency", "long_before"),
    [
        (None, [180, 90, 30]),
        ("annual", [180, 90, 30]),
        ("semiannual", [180, 90, 30]),
        ("quarterly", [90, 30]),
        ("monthly", []),
    ],
)
def test_a_report_is_told_of_but_never_before_the_one_before_it_is_due(
    frequency: str | None, long_before: list[int]
) -> None:
    source = builders.source(report=FundingReport(next_due=DUE, frequency=frequency))
    found = list(report_notices([source]))
    assert days(found) == [*((str(one), one) for one in long_before), ("week", 7), ("day", 0)]


def test_money_that_is_secured_is_told_of_before_it_ends() -> None:
    source = builders.source(period_end=DUE)
    assert days(list(end_notices([source]))) == [("180", 180), ("90", 90), ("30", 30)]
    for status in set(FundingStatus) - {FundingStatus.AWARDED, FundingStatus.ACTIVE}:
        assert not list(end_notices([replace(source, status=status)]))
    assert not list(end_notices([replace(source, period_end=None)]))


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)), st.sampled_from([None, "annual", "quarterly"]))
@settings(max_examples=examples(20))
def test_each_is_of_use_until_the_next_comes(day: date, frequency: str | None) -> None:
    source = builders.source(period_end=day, report=FundingReport(next_due=day, frequency=frequency))
    reports, ends = list(report_notices([source])), list(end_notices([source]))
    for notices, last in ((reports, day + timedelta(days=7)), (ends, day)):
        assert all(one.until == following.on for one, following in pairwise(notices))
        assert notices[-1].until == last
        assert all(one.on < one.until for one in notices)
    for one in (*reports, *ends):
        assert read_notice_about(one.about) == ("F-1", day)
        assert one.about in every_notice_about("F-1", day)
    assert len({one.about for one in reports}) == len(reports)


def test_who_hears() -> None:
    lead = member("lou", roles=(Role(role="backbone_lead", scope="coalition"),))
    record = builders.record(
        members=[member("ana"), member("ben"), lead],
        priorities=[builders.priority("p1"), builders.priority("p2", owner="ben"), builders.priority("p3")],
    )
    source = builders.source("F-1", {"p1": 1, "p3": 1, "steering": 1})
    assert receivers_of_end(record, source) == ("ana", "lou")
    assert receivers_of_end(record, builders.source("F-1", {"steering": 1})) == ("lou",)
    assert receivers_of_report(record, source) == ("lou",)
    assert receivers_of_report(record, replace(source, report=FundingReport(owner="ben"))) == ("ben",)
