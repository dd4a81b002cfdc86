"""What a change makes of a funding source. Pure. Forms and words of a change are in `forms`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

from bot.domain.funding.forms import Allocated, Plan, Terms
from bot.domain.record import Allocation, FundingReport, FundingSource
from bot.domain.typed import new_key, only

# Names of a plan → those under which a file keeps them beside a source's own fields.
_BESIDE = {"received": "received_to_date"}


def new_source(plan: Plan, taken: Collection[str]) -> FundingSource:
    """The source that a plan describes, with an id that none of the others has."""
    key = new_key(plan["name"], taken)
    return with_plan(
        FundingSource(id=key, name="", funder="", capital_type="", status=plan["status"], amount=Decimal(0)), plan
    )


def with_plan(source: FundingSource, plan: Plan) -> FundingSource:
    """The source with what the plan says in place of its own."""
    beside = {**source.extra, **{key: plan.get(name) for name, key in _BESIDE.items() if name in plan}}
    extra = {key: value for key, value in beside.items() if value is not None or key not in _BESIDE.values()}
    changed = replace(source, **only(Terms, plan), report=_report(source.report, plan), extra=extra)
    if "allocations" in plan:
        changed = replace(changed, allocations=_allocations(source, plan["allocations"]))
    return changed


def _report(before: FundingReport | None, plan: Plan) -> FundingReport | None:
    """Of a report that was sent it is kept which one it was."""
    was = before or FundingReport()
    report = FundingReport(
        next_due=plan.get("report_due", was.next_due),
        frequency=plan.get("report_frequency", was.frequency),
        owner=plan.get("report_owner", was.owner),
        extra=was.extra,
    )
    if "report_sent" in plan:
        report = replace(report, extra={**was.extra, "last_sent": plan["report_sent"], "last_due": was.next_due})
    return before if report == was else report


def _allocations(source: FundingSource, wanted: Allocated) -> tuple[Allocation, ...]:
    """Amounts change in their place, new ones come last."""
    left = dict(wanted)
    kept = [replace(one, amount=left.pop(one.to)) for one in source.allocations if one.to in left]
    return (*kept, *(Allocation(to=to, amount=value) for to, value in left.items()))
