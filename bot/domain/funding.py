"""The money of a priority and of the coalition: secured, in the pipeline, needed, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


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
    status: str
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
    status: str
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
        return tuple(share for share in self.shares if share.status in ("awarded", "active"))

    @property
    def applied_shares(self) -> tuple[SourceShare, ...]:
        """The shares of sources that were applied for."""
        return tuple(share for share in self.shares if share.status == "applied")

    @property
    def prospect_shares(self) -> tuple[SourceShare, ...]:
        """The shares of sources that are in talks."""
        return tuple(share for share in self.shares if share.status == "prospect")
