"""Funding on screen: words in a golden file, and limits at none, one, the usual few and too many."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.funding import (
    AllocationForm,
    EndingMoney,
    FundingChoices,
    FundingOverview,
    FundingSaved,
    Money,
    MoneyCard,
    Named,
    Plan,
    ReportForm,
    ReportLine,
    ReportReminder,
    SourceCard,
    SourceForm,
    SourceList,
    SourceRow,
    allocation_plan,
    funding_choices,
    report_plan,
    source_plan,
    summarize,
)
from bot.domain.record import Record
from bot.domain.typed import Known
from bot.slack.blocks.bundles import BundleReader
from bot.slack.blocks.funding import (
    ALLOCATION_FORM,
    REPORT_FORM,
    SOURCE_FORM,
    card_message,
    list_message,
    money_ends_item,
    overview_message,
    report_due_item,
    saved_message,
    unknown_funding_message,
)
from bot.slack.blocks.home import home_view
from bot.slack.message import Message, View
from bot.slack.metadata import Marked, decode
from tests import builders
from tests.slack.readable import check_golden
from tests.slack.refusals import problems
from tests.slack.screens import LONG, MONDAY, page, script

TODAY = date(2026, 11, 23)
FEDERAL = Known("F-1", "Federal regional workforce award")
SUPPLIER = Named(Money.PRIORITY, "supplier-growth", "Supplier and small-firm growth")


def row(**fields: Any) -> SourceRow:
    usual: dict[str, Any] = {
        "id": "F-1",
        "name": FEDERAL.name,
        "funder": "Federal economic development agency",
        "capital_type": "public",
        "status": "active",
        "amount": Decimal(4800000),
        "allocated": (("Talent pathways", Decimal(3200000)), ("Backbone <Team>", Decimal(500000))),
        "period_end": date(2028, 9, 30),
        "report_due": date(2026, 11, 20),
    }
    return SourceRow(**(usual | fields))


def card(**fields: Any) -> SourceCard:
    usual: dict[str, Any] = {
        "row": row(),
        "organization": None,
        "arrangement": "braided",
        "restricted": True,
        "decision_expected": None,
        "received": Decimal(1650000),
        "unallocated": Decimal(1100000),
        "match_required": Decimal(960000),
        "match_secured": Decimal(710000),
        "period_start": date(2025, 10, 1),
        "report_frequency": "semiannual",
        "report_owner": "Omar Castellanos",
        "report_sent": None,
        "currency": "USD",
        "today": TODAY,
        "may_change": True,
        "may_set_report": True,
        "may_record_report": True,
    }
    return SourceCard(**(usual | fields))


def own_part(**fields: Any) -> SourceCard:
    seen = row(amount=None, allocated=(("Child care", Decimal(250000)),), report_due=None)
    usual: dict[str, Any] = {"received": None, "unallocated": None, "may_change": False, "may_set_report": False}
    return card(**({"row": seen} | usual | fields))


def money(record: Record, **fields: Any) -> MoneyCard:
    given = [
        (one, allocation.amount)
        for one in record.funding_sources
        for allocation in one.allocations
        if allocation.to == SUPPLIER.key
    ]
    need = next((one.need for one in record.priorities if one.id == SUPPLIER.key), None)
    usual: dict[str, Any] = {
        "about": SUPPLIER,
        "part": summarize(given, need),
        "amounts": True,
        "sources": (row(), row(id="F-6", name="Bank <loan>", status="prospect", period_end=None, report_due=None)),
        "currency": "USD",
        "today": TODAY,
        "may_add": True,
    }
    return MoneyCard(**(usual | fields))


LATE = ReportLine(source="F-1", source_name=FEDERAL.name, due=date(2026, 11, 20), owner="Omar Castellanos")
SOON = ReportLine(source="F-9", source_name="Dues", due=date(2026, 12, 1), owner=None)


def overview(record: Record, **fields: Any) -> FundingOverview:
    usual: dict[str, Any] = {
        "parts": ((SUPPLIER, money(record).part), (Named(Money.COALITION, "coalition", "The coalition's own"), EMPTY)),
        "own_grants": (),
        "reports": (LATE, SOON),
        "sources": 9,
        "currency": "USD",
        "today": TODAY,
        "may_add": True,
    }
    return FundingOverview(**(usual | fields))


def listed(*rows: SourceRow, may_add: bool = True) -> SourceList:
    return SourceList(rows=rows, currency="USD", today=TODAY, may_add=may_add)


READER = BundleReader(
    zone="America/Chicago",
    now=MONDAY,
    receiver="omar",
    receiver_name="Omar Castellanos",
    is_alone=True,
    may_be_primary=True,
)


def reminder(state: str, **fields: Any) -> Message:
    usual: dict[str, Any] = {
        "source": "F-1",
        "source_name": FEDERAL.name,
        "due": date(2026, 11, 30),
        "state": state,
        "today": TODAY,
        "may_record": True,
        "helper": "Dana Whitlock",
    }
    blocks, words = report_due_item(ReportReminder(**(usual | fields)), READER)
    return Message(text=words, blocks=tuple(blocks))


def ending(state: str, **fields: Any) -> Message:
    usual: dict[str, Any] = {
        "source": "F-1",
        "source_name": FEDERAL.name,
        "ends": date(2027, 5, 22),
        "state": state,
        "today": TODAY,
        "shares": (("Talent pathways", Decimal(3200000)), ("Backbone <Team>", Decimal(500000))),
        "currency": "USD",
    }
    blocks, words = money_ends_item(EndingMoney(**(usual | fields)), READER)
    return Message(text=words, blocks=tuple(blocks))


def report(record: Record, *, may_record: bool, following: date | None = date(2027, 7, 30)) -> ReportForm:
    plan = report_plan(record.funding_sources[0])
    return ReportForm(source=FEDERAL, plan=plan, following=following, may_record=may_record, today=TODAY)


def saved(what: str, **fields: Any) -> Message:
    return saved_message(FundingSaved(**({"source": FEDERAL, "what": what, "lines": ()} | fields)))


EMPTY = summarize([], None)


def scenes(record: Record) -> dict[str, Message | View]:
    federal, choices = record.funding_sources[0], funding_choices(record)
    allocation = AllocationForm(
        source=FEDERAL,
        plan=allocation_plan(federal),
        amount=federal.amount,
        targets=choices.targets[:5],
        currency="USD",
    )
    nothing = {"parts": (), "reports": (), "sources": 0, "may_add": False}
    return {
        "overview": overview_message(overview(record)),
        "home": home_view(page(due_reports=(replace(LATE, may_record=True), SOON))),
        "overview, a funder": overview_message(
            overview(record, parts=(), own_grants=(row(),), may_add=False, sources=1)
        ),
        "overview, one source": overview_message(overview(record, sources=1, reports=())),
        "overview, a funder without a grant": overview_message(overview(record, **nothing)),
        "a source": card_message(card()),
        "a source, its report sent": card_message(card(row=row(report_due=None), report_sent=date(2026, 11, 20))),
        "a source that was applied for": card_message(
            card(
                row=row(status="applied", report_due=None),
                arrangement="blended",
                restricted=False,
                decision_expected=date(2027, 2, 15),
            )
        ),
        "a source, a funder's own": card_message(card(may_change=False)),
        "a source, part of it": card_message(own_part()),
        "a priority": card_message(money(record)),
        "a priority, without amounts": card_message(money(record, amounts=False, sources=(), may_add=False)),
        "a priority without a source": card_message(money(record, part=EMPTY, sources=())),
        "list": list_message(listed(row(), row(id="F-2", name="Own", amount=None))),
        "list, none": list_message(listed()),
        "list, none to read": list_message(listed(may_add=False)),
        "not known": unknown_funding_message("I don't know the source or priority “suplier”.", SUPPLIER),
        "a new source": SOURCE_FORM.view(SourceForm(source=None, plan={}, choices=choices, today=TODAY)),
        "update": SOURCE_FORM.view(SourceForm(source=FEDERAL, plan=source_plan(federal), choices=choices, today=TODAY)),
        "allocate": ALLOCATION_FORM.view(allocation),
        "report": REPORT_FORM.view(report(record, may_record=True)),
        "report, a funder's": REPORT_FORM.view(report(record, may_record=False)),
        "added": saved("added", lines=("$300,000", "applied")),
        "reported": saved("reported", lines=("Report sent Nov 20",), may_change=False).view("Funding"),
        "nothing": saved("nothing"),
        "money ends: due": ending("due"),
        "money ends: tomorrow, of which its reader sees nothing": ending("due", ends=date(2026, 11, 24), shares=()),
        "money ends: moved": ending("moved", now_ends=date(2028, 5, 22)),
        "money ends: no end now": ending("moved", now_ends=None),
        "money ends: passed on": ending("passed_on"),
        "report: due": reminder("due"),
        "report: due, to somebody who can't record it": reminder("due", may_record=False),
        "report: sent": reminder("sent", sent_on=date(2026, 11, 27)),
        "report: moved": reminder("moved", next_due=date(2027, 1, 15)),
        "report: none anymore": reminder("moved", next_due=None),
        "report: passed on": reminder("passed_on"),
    }


def test_words(sample: Record) -> None:
    check_golden("funding.txt", script(scenes(sample)))


@pytest.mark.parametrize("count", [0, 1, 4, 90])
def test_any_number_fits(sample: Record, count: int) -> None:
    huge = Decimal("123456789012345678.99")
    rows = tuple(
        row(id=f"F-{number}", name=LONG, funder=LONG, allocated=((LONG, huge),) * count, amount=huge)
        for number in range(count)
    )
    named = tuple((Named(Money.PRIORITY, f"p{number}", LONG), money(sample).part) for number in range(count))
    reports = tuple(ReportLine(source="F", source_name=LONG, due=TODAY, owner=LONG) for _ in range(count))
    targets = tuple(Known(f"priority-with-a-long-id-{number}", LONG) for number in range(count))
    choices = FundingChoices(organizations={"o": LONG}, members={"m": LONG}, targets=targets, currency="USD")
    whole = builders.source(allocations={one.id: "1.5" for one in targets}, amount=huge)
    long = replace(whole, name=LONG, funder=LONG, organization="o", extra={"received_to_date": huge})
    plan: Plan = {**source_plan(long), "report_owner": "m", "report_frequency": LONG[:75]}
    surfaces: list[Message | View] = [
        overview_message(overview(sample, parts=named, reports=reports, own_grants=rows)),
        home_view(page(due_reports=tuple(replace(one, may_record=True) for one in reports))),
        list_message(listed(*rows)),
        card_message(money(sample, sources=rows)),
        card_message(card(row=row(name=LONG, funder=LONG, allocated=((LONG, huge),) * count), report_owner=LONG)),
        SOURCE_FORM.view(SourceForm(source=None, plan={}, choices=choices, today=TODAY)),
        SOURCE_FORM.view(SourceForm(source=Known("F", LONG), plan=plan, choices=choices, today=TODAY)),
        ALLOCATION_FORM.view(
            AllocationForm(
                source=Known("F", LONG), plan=allocation_plan(long), amount=huge, targets=targets, currency="USD"
            )
        ),
        saved("changed", source=Known("F", LONG), lines=(LONG,) * count),
        reminder("due", source_name=LONG),
    ]
    assert not [problem for surface in surfaces for problem in problems(surface)]


def test_a_forms_metadata_holds_no_words_and_no_amounts(sample: Record) -> None:
    federal = sample.funding_sources[0]
    form = SourceForm(source=FEDERAL, plan=source_plan(federal), choices=funding_choices(sample), today=TODAY)
    metadata = SOURCE_FORM.view(form).metadata
    assert "Federal" not in metadata
    assert "4800000" not in metadata
    assert decode(Marked, metadata).id == "F-1"
