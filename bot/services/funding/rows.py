"""Rows of funding sources: writing what a plan says into them. Steps for services."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.funding import Allocated, Plan
from bot.errors import UserError
from bot.store.funding import AllocationRow, FundingSourceRow
from bot.store.organizations import GroupRow, OrganizationRow
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow

_SAME = (
    "name",
    "funder",
    "capital_type",
    "status",
    "amount",
    "match_required",
    "match_secured",
    "period_start",
    "period_end",
)
_REPORT = {"report_due": "report_next_due", "report_frequency": "report_frequency"}
_KEPT = {"arrangement": "arrangement", "received": "received_to_date"}


def new_source_row(coalition_id: int, key: str) -> FundingSourceRow:
    """A row for the plan to fill."""
    return FundingSourceRow(coalition_id=coalition_id, key=key, has_report=False, report_extra={}, extra={})


async def locked_source(session: AsyncSession, coalition_id: int, key: str) -> FundingSourceRow:
    """The source's row, held until the end of the transaction."""
    row: FundingSourceRow | None = await session.scalar(
        select(FundingSourceRow)
        .where(FundingSourceRow.coalition_id == coalition_id, FundingSourceRow.key == key)
        .with_for_update()
    )
    if row is None:
        raise UserError("I can't find this source anymore. Type “funding list” to see what there is.")
    return row


async def write_source(session: AsyncSession, row: FundingSourceRow, plan: Plan) -> None:
    """Writes what a plan says into a source's row; of a report that was sent it is kept which one it was."""
    was_due = row.report_next_due
    for name in _SAME:
        if name in plan:
            setattr(row, name, plan[name])
    for name, column in _REPORT.items():
        if name in plan:
            setattr(row, column, plan[name])
    if "organization" in plan:
        row.organization_id = await session.scalar(
            select(OrganizationRow.id).where(
                OrganizationRow.coalition_id == row.coalition_id, OrganizationRow.key == plan["organization"]
            )
        )
    if "report_owner" in plan:
        row.report_owner_id = await session.scalar(
            select(MemberRow.id).where(
                MemberRow.coalition_id == row.coalition_id, MemberRow.key == plan["report_owner"]
            )
        )
    kept = {key: plan[name] for name, key in _KEPT.items() if name in plan and plan[name] is not None}
    gone = {key for name, key in _KEPT.items() if name in plan and plan[name] is None}
    if kept or gone:
        row.extra = {**{key: value for key, value in (row.extra or {}).items() if key not in gone}, **kept}
    if plan.get("report_sent") is not None:
        row.report_extra = {**(row.report_extra or {}), "last_sent": plan["report_sent"], "last_due": was_due}
    if any(value is not None for value in (row.report_next_due, row.report_frequency, row.report_owner_id)):
        row.has_report = True
    session.add(row)
    await session.flush()


async def write_allocations(session: AsyncSession, row: FundingSourceRow, wanted: Allocated) -> None:
    """Makes a source's allocations those that are wanted: amounts change in their place, new ones come last."""
    found = (
        await session.scalars(
            select(AllocationRow)
            .where(AllocationRow.coalition_id == row.coalition_id, AllocationRow.funding_source_id == row.id)
            .order_by(AllocationRow.position)
        )
    ).all()
    priorities = await _ids(session, row.coalition_id, PriorityRow)
    groups = await _ids(session, row.coalition_id, GroupRow)
    # A priority's id goes before a group's, as in a coalition file.
    left: dict[tuple[int | None, int | None], Decimal] = {
        (priorities.get(to), None if to in priorities else groups[to]): value for to, value in wanted
    }
    for one in found:
        value = left.pop((one.priority_id, one.group_id), None)
        if value is None:
            await session.delete(one)
        elif one.amount != value:
            one.amount = value
    last = max((one.position for one in found), default=-1)
    for number, ((priority_id, group_id), value) in enumerate(left.items(), start=last + 1):
        session.add(
            AllocationRow(
                coalition_id=row.coalition_id,
                funding_source_id=row.id,
                priority_id=priority_id,
                group_id=group_id,
                amount=value,
                extra={},
                position=number,
            )
        )
    await session.flush()


async def _ids(session: AsyncSession, coalition_id: int, table: type[PriorityRow] | type[GroupRow]) -> dict[str, int]:
    rows = await session.execute(select(table.key, table.id).where(table.coalition_id == coalition_id))
    return {row.key: row.id for row in rows}
