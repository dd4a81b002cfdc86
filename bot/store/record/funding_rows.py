"""The rows of funding sources and of where their money goes, written from their values."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain import record as values
from bot.store.funding import AllocationRow, FundingSourceRow
from bot.store.organizations import OrganizationRow
from bot.store.people import MemberRow
from bot.store.record.writer import Writer


async def write_funding_sources(writer: Writer, items: Iterable[values.FundingSource]) -> None:
    """Sources with their allocations; organizations, members, priorities and groups must be there."""
    for item in items:
        report = item.report
        row = await writer.put(
            FundingSourceRow,
            item.id,
            {
                "name": item.name,
                "funder": item.funder,
                "capital_type": item.capital_type,
                "status": item.status,
                "amount": item.amount,
                "organization_id": writer.id_of(OrganizationRow, item.organization),
                "match_required": item.match_required,
                "match_secured": item.match_secured,
                "period_start": item.period_start,
                "period_end": item.period_end,
                "has_report": report is not None,
                "report_frequency": None if report is None else report.frequency,
                "report_next_due": None if report is None else report.next_due,
                "report_owner_id": None if report is None else writer.id_of(MemberRow, report.owner),
                "report_extra": {} if report is None else dict(report.extra),
                "extra": dict(item.extra),
            },
        )
        await writer.session.flush()
        await writer.put_children(
            AllocationRow,
            "funding_source_id",
            row.id,
            [
                {
                    **writer.scope_of(allocation.to),
                    "amount": allocation.amount,
                    "extra": dict(allocation.extra),
                    "position": n,
                }
                for n, allocation in enumerate(item.allocations)
            ],
        )
    await writer.session.flush()
