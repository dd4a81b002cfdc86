"""Funding sources of a coalition file: their allocations, periods and reports."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.domain.coalition_file.kinds import DAY, FLAG, ID, NAME, choice, many, number, one, ref, text
from bot.domain.coalition_file.known import text_of
from bot.domain.coalition_file.problems import shown
from bot.domain.coalition_file.section import Section
from bot.domain.coalition_file.shape import Field, Kind, Shape
from bot.domain.record import Allocation, FundingReport, FundingSource
from bot.domain.vocabularies import Arrangement, CapitalType, FundingStatus

_MATCH = "counts_as_match_for"


def _read_extra(section: Section, _key: str) -> Mapping[str, Any]:
    # Which grant a source is match for is read by no rule, but a wrong id in it would be a mistake all the same.
    match_for = section.ref(_MATCH, "funding source")
    if match_for is not None and match_for == text_of(section.data, "id"):
        section.problem(_MATCH, "is the source's own id. Write that of the source it matches.")
    return {**section.extra(), **({_MATCH: match_for} if match_for is not None else {})}


def _check_period(section: Section, source: FundingSource) -> None:
    period, start, end = section.section("period"), source.period_start, source.period_end
    if period is not None and period.good("start", "end") and start is not None and end is not None and end <= start:
        period.problem("end", f"is {end}, and the period starts on {start}. Write a later end.")


def _check_allocations(section: Section, source: FundingSource) -> None:
    sums: dict[str, Decimal] = {}
    for each, allocation in zip(section.entries("allocations"), source.allocations, strict=True):
        if each.good("to") and allocation.to in sums:
            each.problem("to", f"is {shown(allocation.to)} a second time. Write one sum for each.")
        sums.setdefault(allocation.to, allocation.amount)
    total = sum(sums.values(), Decimal(0))
    if section.good("amount") and total > source.amount:
        section.problem(
            "allocations",
            f"add up to {shown(total)}, and the source has {shown(source.amount)}. Lower one, or raise the amount.",
        )


_REPORT = Shape(
    FundingReport, "report", Field("frequency", text(80)), Field("next_due", DAY), Field("owner", ref("member"))
)

_ALLOCATION = Shape(Allocation, "allocation", Field("to", ref("priority", "group")), Field("amount", number(0)))

FUNDING_SOURCE = Shape(
    FundingSource,
    "funding source",
    Field("id", ID),
    Field("name", NAME),
    Field("funder", NAME),
    Field("organization", ref("organization")),
    Field("capital_type", choice(CapitalType)),
    Field("status", choice(FundingStatus)),
    Field("arrangement", choice(Arrangement)),
    Field("restricted", FLAG),
    Field("amount", number(0)),
    Field("match_required", number(0)),
    Field("match_secured", number(0)),
    Field("period_start", DAY, "start", group="period"),
    Field("period_end", DAY, "end", group="period"),
    Field("decision_expected", DAY),
    Field("report", one(_REPORT)),
    Field("ended", DAY),
    Field("extra", Kind(_read_extra)),
    Field("allocations", many(_ALLOCATION)),
    checks=(_check_period, _check_allocations),
)
