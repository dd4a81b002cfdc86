"""The money of a priority and of the coalition: secured, in the pipeline, needed, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction
from functools import reduce

from bot.domain import wording
from bot.domain.record import Directory, FundingSource, Need, in_common
from bot.domain.vocabularies import FundingStatus

CAPITAL_TYPES = ("public", "commercial", "philanthropic", "other")
SECURED = ("awarded", "active")
PIPELINE = ("applied", "prospect")
# Sums are exact: the default context would round an amount of more than 28 digits.
EXACT = Context(prec=200)
REPORTING = ("awarded", "active", "closed")


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationLine:
    to: str  # priority or group id
    to_name: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A funding source with all its allocations. Amounts are in the coalition's currency."""

    id: str
    name: str
    funder: str
    organization: str | None  # the funder's organization id, where it is a member
    capital_type: str
    status: FundingStatus
    amount: Decimal
    period_end: date | None
    report_due: date | None
    report_owner: str | None
    allocations: tuple[AllocationLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceShare:
    """What one source gives to one priority (or to the coalition itself)."""

    source: str
    name: str
    funder: str
    organization: str | None
    capital_type: str
    status: FundingStatus
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDue:
    source: str
    source_name: str
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingPart:
    """The money of a priority or of the coalition. Amounts are exact, in the coalition's currency."""

    secured: Decimal
    pipeline: Decimal  # applied and prospect together
    need: Decimal | None
    through: date | None
    gap: Decimal | None  # None without a need, never below 0
    first_ends_on: date | None
    by_capital_type: Mapping[str, Decimal]  # secured only, types without money left out
    match_required: Decimal
    match_secured: Decimal
    next_report: ReportDue | None
    shares: tuple[SourceShare, ...]  # secured and pipeline, file order

    @property
    def secured_shares(self) -> tuple[SourceShare, ...]:
        """The shares of awarded and active sources."""
        return tuple(share for share in self.shares if share.status in SECURED)

    @property
    def applied_shares(self) -> tuple[SourceShare, ...]:
        """The shares of sources that were applied for."""
        return tuple(share for share in self.shares if share.status == FundingStatus.APPLIED)

    @property
    def prospect_shares(self) -> tuple[SourceShare, ...]:
        """The shares of sources that are in talks."""
        return tuple(share for share in self.shares if share.status == FundingStatus.PROSPECT)


def by_target(sources: Iterable[FundingSource]) -> dict[str, list[tuple[FundingSource, Decimal]]]:
    """Group sources by the id of what they allocate to, with the amount; sources keep their order."""
    found: dict[str, list[tuple[FundingSource, Decimal]]] = {}
    for source in sources:
        for allocation in source.allocations:
            found.setdefault(allocation.to, []).append((source, allocation.amount))
    return found


def to_groups(sources: Iterable[FundingSource], directory: Directory) -> Iterator[tuple[FundingSource, Decimal]]:
    """Yield what sources allocate to groups: the coalition's own money, in the order of the sources."""
    for source in sources:
        for allocation in source.allocations:
            if allocation.to in directory.groups:
                yield source, allocation.amount


def summarize(shares: Iterable[tuple[FundingSource, Decimal]], need: Need | None) -> FundingPart:
    """Add up what sources give to one priority, or to the coalition; amounts in the coalition's currency.

    A source may come several times (two groups of the coalition); its match counts once and in whole.
    """
    amounts: dict[str, Decimal] = {}
    sources: dict[str, FundingSource] = {}
    for source, amount in shares:
        sources[source.id] = source
        amounts[source.id] = EXACT.add(amounts.get(source.id, Decimal(0)), amount)
    secured_sources = [source for source in sources.values() if source.status in SECURED]
    secured = _total(amounts[source.id] for source in secured_sources)
    ends = [source.period_end for source in secured_sources if source.period_end is not None]
    return FundingPart(
        secured=secured,
        pipeline=_total(amounts[source.id] for source in sources.values() if source.status in PIPELINE),
        need=need.amount if need else None,
        through=need.through if need else None,
        gap=max(EXACT.subtract(need.amount, secured), Decimal(0)) if need else None,
        first_ends_on=min(ends, default=None),
        by_capital_type=_by_capital_type(secured_sources, amounts),
        match_required=_total(source.match_required or Decimal(0) for source in secured_sources),
        match_secured=_total(source.match_secured or Decimal(0) for source in secured_sources),
        next_report=_next_report(sources.values()),
        shares=tuple(
            SourceShare(
                source=source.id,
                amount=amounts[source.id],
                **in_common(SourceShare, source, "amount"),
            )
            for source in sources.values()
            if source.status in SECURED + PIPELINE
        ),
    )


def without_amounts(part: FundingPart) -> FundingPart:
    """The same for a reader who sees no amounts: how many sources there are, how far they are, and the next report."""
    nothing = Decimal(0)
    return FundingPart(
        secured=nothing,
        pipeline=nothing,
        need=None,
        through=None,
        gap=None,
        first_ends_on=None,
        by_capital_type={},
        match_required=nothing,
        match_secured=nothing,
        next_report=part.next_report,
        shares=tuple(replace(one, amount=nothing) for one in part.shares),
    )


def describe(source: FundingSource, directory: Directory) -> SourceLine:
    """Return a source with the names of what it is allocated to."""
    return SourceLine(
        report_due=source.report.next_due if source.report else None,
        report_owner=source.report.owner if source.report else None,
        allocations=tuple(
            AllocationLine(to=one.to, to_name=directory.name(one.to), amount=one.amount) for one in source.allocations
        ),
        **in_common(SourceLine, source, "allocations"),
    )


def _total(amounts: Iterable[Decimal]) -> Decimal:
    return reduce(EXACT.add, amounts, Decimal(0))


def _by_capital_type(sources: Iterable[FundingSource], amounts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    totals = dict.fromkeys(CAPITAL_TYPES, Decimal(0))
    for source in sources:
        so_far = totals.get(source.capital_type, Decimal(0))
        totals[source.capital_type] = EXACT.add(so_far, amounts[source.id])
    return {capital_type: total for capital_type, total in totals.items() if total}


def _next_report(sources: Iterable[FundingSource]) -> ReportDue | None:
    """The earliest report that is due; a past one is included, because it stays owed until the date moves on."""
    owed = [
        ReportDue(source=source.id, source_name=source.name, due=source.report.next_due)
        for source in sources
        if source.status in REPORTING and source.report is not None and source.report.next_due is not None
    ]
    return min(owed, key=lambda report: report.due, default=None)


def funding_pieces(
    funding: FundingPart, currency: str, today: date, *, amounts: bool, details: bool = True
) -> list[str]:
    """Return what there is to say of some money: "$600,000 secured of $1,100,000", "gap $500,000", …"""
    pieces: list[str] = []
    if not amounts:
        if funding.shares:
            pieces.append(f"{len(funding.secured_shares)} of {len(funding.shares)} sources secured")
    elif funding.need is not None:
        until = f" through {wording.day(funding.through, today)}" if funding.through else ""
        secured = wording.amount(funding.secured, currency)
        pieces.append(f"{secured} secured of {wording.amount(funding.need, currency)}{until}")
        if funding.gap:
            pieces.append(f"gap {wording.amount(funding.gap, currency)}")
    elif funding.shares:
        pieces.append(f"{wording.amount(funding.secured, currency)} secured, need not set")
    if amounts:
        if funding.through is None and funding.first_ends_on is not None:
            pieces.append(f"first source ends {wording.day(funding.first_ends_on, today)}")
        for shares, words in ((funding.applied_shares, "applied for"), (funding.prospect_shares, "in talks")):
            if shares:
                pieces.append(f"{wording.amount(sum(Fraction(one.amount) for one in shares), currency)} {words}")
        if details and funding.match_required:
            match = wording.amount(funding.match_secured, currency)
            pieces.append(f"match {match} of {wording.amount(funding.match_required, currency)}")
    if details and funding.next_report is not None:
        pieces.append(wording.coming_report(funding.next_report.due, today))
    return pieces
