"""Funding sources of a coalition file: their allocations, periods and reports."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from bot.domain.coalition_file.known import Known, text_of
from bot.domain.coalition_file.plain import entry
from bot.domain.coalition_file.problems import shown
from bot.domain.coalition_file.section import Section
from bot.domain.record import Allocation, FundingReport, FundingSource
from bot.domain.vocabularies import CapitalType, FundingStatus


def read_funding_sources(top: Section, known: Known) -> tuple[FundingSource, ...]:
    found = []
    for section in top.entries("funding_sources"):
        start, end, more = _read_period(section)
        # Which grant a source is match for is read by no rule, but a wrong id in it would be a mistake all the same.
        match_for = section.ref("counts_as_match_for", known, "funding source")
        if match_for is not None and match_for == text_of(section.data, "id"):
            section.problem("counts_as_match_for", "is the source's own id. Write that of the source it matches.")
        source = FundingSource(
            id=section.id(),
            name=section.need_text("name"),
            funder=section.need_text("funder"),
            organization=section.ref("organization", known, "organization"),
            capital_type=section.need_choice("capital_type", CapitalType),
            status=section.need_choice("status", FundingStatus),
            amount=section.need_number("amount", 0),
            match_required=section.number("match_required", 0),
            match_secured=section.number("match_secured", 0),
            period_start=start,
            period_end=end,
            report=_read_report(section, known),
            allocations=_read_allocations(section, known),
            extra=_with(section, "counts_as_match_for", match_for, more),
        )
        if section.good("amount"):
            _check_allocations(section, source)
        found.append(source)
    return tuple(found)


def _with(section: Section, key: str, value: str | None, period: dict[str, Any]) -> dict[str, Any]:
    """The source's extra fields, with those that were checked but belong to no field of the value."""
    extra = dict(section.extra())
    if value is not None:
        extra[key] = value
    if period:
        extra["period"] = period
    return extra


def _read_period(source: Section) -> tuple[date | None, date | None, dict[str, Any]]:
    section = source.section("period")
    if section is None:
        return None, None, {}
    start, end = section.day("start"), section.day("end")
    if section.good("start", "end") and start is not None and end is not None and end <= start:
        section.problem("end", f"is {end}, and the period starts on {start}. Write a later end.")
    return start, end, dict(section.extra())


def _read_report(source: Section, known: Known) -> FundingReport | None:
    section = source.section("report")
    if section is None:
        return None
    return FundingReport(
        frequency=section.text("frequency", 80),
        next_due=section.day("next_due"),
        owner=section.ref("owner", known, "member"),
        extra=section.extra(),
    )


def _read_allocations(source: Section, known: Known) -> tuple[Allocation, ...]:
    found: dict[str, Allocation] = {}
    for section in source.entries("allocations"):
        allocation = Allocation(
            to=section.need_ref("to", known, "priority", "group"),
            amount=section.need_number("amount", 0),
            extra=section.extra(),
        )
        if section.good("to") and allocation.to in found:
            section.problem("to", f"is {shown(allocation.to)} a second time. Write one sum for each.")
        found.setdefault(allocation.to, allocation)
    return tuple(found.values())


def _check_allocations(section: Section, source: FundingSource) -> None:
    total = sum((allocation.amount for allocation in source.allocations), Decimal(0))
    if total > source.amount:
        section.problem(
            "allocations",
            f"add up to {shown(total)}, and the source has {shown(source.amount)}. Lower one, or raise the amount.",
        )


def write_funding_source(source: FundingSource) -> dict[str, Any]:
    extra = dict(source.extra)
    report = source.report
    always = ("report",) if report else ()
    more = extra.pop("period", None)
    period = entry({"start": source.period_start, "end": source.period_end}, more if isinstance(more, dict) else {})
    fields = {
        "id": source.id,
        "name": source.name,
        "funder": source.funder,
        "organization": source.organization,
        "capital_type": source.capital_type,
        "status": source.status,
        "amount": source.amount,
        "match_required": source.match_required,
        "match_secured": source.match_secured,
        "period": period,
        "report": entry(
            {"frequency": report.frequency, "next_due": report.next_due, "owner": report.owner}, report.extra
        )
        if report
        else None,
    }
    allocations = [entry({"to": each.to, "amount": each.amount}, each.extra) for each in source.allocations]
    return entry(fields, extra, always=always) | entry({"allocations": allocations}, {})
