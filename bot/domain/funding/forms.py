"""A funding source as it is entered: what forms say, what is refused at which field, and a change in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import TypedDict, cast

from bot.domain.funding.money import CAPITAL_TYPES, EXACT
from bot.domain.metrics import next_period_end
from bot.domain.record import FundingSource, Record, lasting
from bot.domain.typed import Answers, Known, fields_of
from bot.domain.vocabularies import Arrangement, FundingStatus
from bot.domain.wording import amount, cut, day, exact, one_line

MOST_NAME = 150
FREQUENCIES = ("monthly", "quarterly", "semiannual", "annual")
STATUSES = tuple(FundingStatus)
ARRANGEMENTS = tuple(Arrangement)
LABELS = {
    "name": "Source",
    "funder": "Funder",
    "organization": "Organization",
    "capital_type": "Capital type",
    "arrangement": "Arrangement",
    "restricted": "Restricted",
    "status": "Status",
    "amount": "Amount",
    "received": "Received to date",
    "match_required": "Match required",
    "match_secured": "Match secured",
    "period_start": "Starts",
    "period_end": "Ends",
    "decision_expected": "Decision expected",
    "report_due": "Next report",
    "report_frequency": "Reports",
    "report_owner": "Report by",
    "report_sent": "Report sent",
    "allocations": "Allocated",
}
_TO = "to:"

Allocated = tuple[tuple[str, Decimal], ...]


class Terms(TypedDict, total=False):
    """What a form says of a source, and stands in it under the same name; only what it asked for."""

    name: str
    funder: str
    organization: str | None
    capital_type: str
    arrangement: Arrangement | None
    restricted: bool | None
    status: FundingStatus
    amount: Decimal
    match_required: Decimal | None
    match_secured: Decimal | None
    period_start: date | None
    period_end: date | None
    decision_expected: date | None


class Plan(Terms, total=False):
    """The same with what stands elsewhere, by the names of LABELS."""

    received: Decimal | None
    report_due: date | None
    report_frequency: str | None
    report_owner: str | None
    report_sent: date
    allocations: Allocated


@dataclass(frozen=True, slots=True)
class FundingChoices:
    """What the form of a source offers; `targets` are priorities, then groups."""

    organizations: Mapping[str, str]
    members: Mapping[str, str]
    targets: tuple[Known, ...]
    currency: str

    def name(self, key: object) -> str:
        """What a member, organization, priority or group is called."""
        targets = {one.id: one.name for one in self.targets}
        for names in (self.organizations, self.members, targets):
            if key in names:
                return names[str(key)]
        return str(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceForm:
    """The form of a new source, or of one that is there."""

    source: Known | None
    plan: Plan
    choices: FundingChoices
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationForm:
    """What a source gives to whom; `targets` has those that get something first."""

    source: Known
    plan: Plan
    amount: Decimal
    targets: tuple[Known, ...]
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportForm:
    """The form of a report: when it was sent, and when the next one is due. A funder sets only the next day."""

    source: Known
    plan: Plan
    following: date | None
    may_record: bool
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingSaved:
    source: Known
    what: str  # added | changed | allocated | reported | nothing
    lines: tuple[str, ...]
    may_change: bool = True


def funding_choices(record: Record) -> FundingChoices:
    """What may be chosen for a source."""
    targets = [Known(one.id, one.name) for one in lasting(record.priorities)]
    targets += [Known(one.id, one.name) for one in lasting(record.groups)]
    return FundingChoices(
        organizations={one.id: one.name for one in record.organizations},
        members={one.id: one.name for one in record.members},
        targets=tuple(targets),
        currency=record.coalition.currency,
    )


def source_plan(source: FundingSource) -> Plan:
    """A source by the names of LABELS, without its allocations."""
    report = source.report
    return {
        **cast(Plan, fields_of(Terms, source)),
        "amount": _exactly(source.amount),
        "received": received(source),
        "match_required": _plain(source.match_required),
        "match_secured": _plain(source.match_secured),
        "report_due": report.next_due if report else None,
        "report_frequency": report.frequency if report else None,
        "report_owner": report.owner if report else None,
    }


def allocation_plan(source: FundingSource) -> Plan:
    """A source's allocations as one value: two people who change them at once change the same thing."""
    return {"allocations": tuple(sorted((one.to, _exactly(one.amount)) for one in source.allocations))}


def report_plan(source: FundingSource) -> Plan:
    """When a source's next report is due."""
    return {"report_due": source.report.next_due if source.report else None}


def read_source(
    answers: Mapping[str, str | None], choices: FundingChoices, before: FundingSource | None, today: date
) -> Plan:
    """What the form of a source says. Raises Mistakes with a sentence for every field to mend."""
    reader = Answers(answers)
    name, organization = reader.needed("name", MOST_NAME, "Give it a name."), answers.get("organization")
    # Whoever chose the organization has said who gives the money.
    funder = reader.text("funder", MOST_NAME) or choices.organizations.get(organization or "")
    if funder is None:
        reader.errors.setdefault("funder", "Say who gives the money.")
    owner, frequency = answers.get("report_owner"), answers.get("report_frequency")
    arrangement, restricted = answers.get("arrangement"), answers.get("restricted")
    is_kept = before is not None and before.report is not None and before.report.frequency
    capital_type = reader.choice("capital_type", CAPITAL_TYPES, "Choose what kind of capital it is.")
    status = reader.word("status", FundingStatus, "Choose how far it is.")
    whole = _money(reader, "amount")
    plan: Plan = {
        "name": name,
        "funder": funder or "",
        "organization": organization if organization in choices.organizations else None,
        "report_owner": owner if owner in choices.members else None,
        "capital_type": capital_type,
        "status": status,
        "arrangement": Arrangement(arrangement) if arrangement in ARRANGEMENTS else None,
        "restricted": restricted == "yes" if restricted in ("yes", "no") else None,
        "report_frequency": frequency if frequency in {*FREQUENCIES, is_kept or None} else None,
        "amount": whole or Decimal(0),
        "match_required": _money(reader, "match_required"),
        "match_secured": _money(reader, "match_secured"),
        "period_start": reader.day("period_start"),
        "period_end": reader.day("period_end"),
        "decision_expected": reader.day("decision_expected"),
        "report_due": reader.day("report_due"),
    }
    if whole is None:
        reader.errors.setdefault("amount", "Enter the whole amount. Zero is fine while it is open.")
    _check_period(reader, plan)
    if before is None:
        plan["allocations"] = read_allocations(reader, choices.targets, whole, choices.currency)
    else:
        plan["received"] = _money(reader, "received")
        _check_amounts(reader, whole, plan["received"], before, choices.currency)
        _take_report_sent(reader, plan, before, today)
    reader.require_none()
    return plan


def read_allocations(reader: Answers, targets: Iterable[Known], whole: Decimal | None, currency: str) -> Allocated:
    """What goes to whom; more than the whole amount is told at the field where it gets too much."""
    found: list[tuple[str, Decimal]] = []
    total = Decimal(0)
    for target in targets:
        name = target_field(target.id)
        value = _money(reader, name)
        if not value:
            continue
        found.append((target.id, value))
        total = EXACT.add(total, value)
        if whole is not None and total > whole and not any(one.startswith(_TO) for one in reader.errors):
            over = amount(EXACT.subtract(total, whole), currency)
            reader.errors[name] = (
                f"Up to here {amount(total, currency)} is allocated, and the source has {amount(whole, currency)}. "
                f"Take off {over}."
            )
    return tuple(sorted(found))


def read_report(answers: Mapping[str, str | None], before: FundingSource, today: date, *, may_record: bool) -> Plan:
    reader = Answers(answers)
    was = before.report.next_due if before.report else None
    plan: Plan = {"report_due": reader.day("report_due")}
    sent = reader.day("report_sent") if may_record else None
    if sent is not None:
        plan["report_sent"] = sent
        if sent > today:
            reader.errors["report_sent"] = "That day is still ahead. Enter it once the report is sent."
        if was is not None and plan["report_due"] is not None and plan["report_due"] <= was:
            reader.errors.setdefault("report_due", "Choose the day of the report after that, or clear it if none is.")
    elif plan["report_due"] is None and not may_record:
        reader.errors.setdefault("report_due", "Choose the day on which the next report is due.")
    reader.require_none()
    return plan


def following_report(source: FundingSource) -> date | None:
    """When the report after the next one is due by its frequency; None where that is not known."""
    report = source.report
    if report is None or report.next_due is None or report.frequency not in FREQUENCIES:
        return None
    return next_period_end(report.next_due, report.frequency)


def change_lines(before: Plan, changes: Plan, choices: FundingChoices, today: date) -> tuple[str, ...]:
    """A sentence for each thing that a change makes different."""
    lines = [
        f"{label}: {value_words(name, before, choices, today)} → {value_words(name, changes, choices, today)}"
        for name, label in LABELS.items()
        if name in changes and name not in {"allocations", "report_sent"} and changes.get(name) != before.get(name)
    ]
    if "report_sent" in changes:
        lines.insert(0, f"Report sent {day(changes['report_sent'], today)}")
    if "allocations" in changes:
        old, new = dict(before.get("allocations", ())), dict(changes["allocations"])
        for target in dict.fromkeys([*(one.id for one in choices.targets), *old, *new]):
            if old.get(target) != new.get(target):
                was, now = (amount(one.get(target, Decimal(0)), choices.currency) for one in (old, new))
                lines.append(f"{one_line(choices.name(target))}: {was} → {now}")
    return tuple(lines)


def value_words(name: str, plan: Plan, choices: FundingChoices, today: date) -> str:
    value = plan.get(name)
    if value is None or value == ():
        return "none"
    if name == "allocations":
        return ", ".join(
            f"{one_line(choices.name(to))} {amount(one, choices.currency)}" for to, one in plan["allocations"]
        )
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return amount(value, choices.currency)
    if name in {"organization", "report_owner"}:
        return one_line(choices.name(value))
    if isinstance(value, date):
        return day(value, today)
    return cut(one_line(str(value)), 200)


def allocated(source: FundingSource) -> Decimal:
    """How much of a source is given to somebody."""
    return reduce(EXACT.add, (one.amount for one in source.allocations), Decimal(0))


def received(source: FundingSource) -> Decimal | None:
    """What has come in so far; anything in a file but a number is not one."""
    value = source.extra.get("received_to_date")
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        return None
    return _exactly(Decimal(value))


def target_field(target: str) -> str:
    """The field of what goes to a priority or group."""
    return f"{_TO}{target}"


def _plain(value: Decimal | None) -> Decimal | None:
    return None if value is None else _exactly(value)


def _exactly(value: Decimal) -> Decimal:
    """Written one way only: "4800000.0" and "4800000" are one amount, and have one mark."""
    return Decimal(str(exact(value)))


def _money(reader: Answers, name: str) -> Decimal | None:
    value = reader.value(name, "usd")
    if value is not None and value < 0:
        reader.errors[name] = "Enter an amount of zero or more."
        return None
    return _plain(value)


def _check_period(reader: Answers, plan: Plan) -> None:
    start, end = plan["period_start"], plan["period_end"]
    if start is not None and end is not None and end <= start:
        reader.errors.setdefault("period_end", "The end comes before the start. Choose a later day.")


def _check_amounts(
    reader: Answers, whole: Decimal | None, received: Decimal | None, before: FundingSource, currency: str
) -> None:
    if whole is None:
        return
    given = allocated(before)
    if given > whole:
        reader.errors.setdefault(
            "amount", f"{amount(given, currency)} is already allocated. Lower an allocation first, or enter that much."
        )
    if received is not None and received > whole:
        reader.errors.setdefault(
            "received", f"The source has {amount(whole, currency)}. Raise the amount, or enter what came in so far."
        )


def _take_report_sent(reader: Answers, plan: Plan, before: FundingSource, today: date) -> None:
    """A report that was sent makes the next one due, unless another day was chosen for it."""
    sent = reader.day("report_sent")
    if sent is None:
        return
    plan["report_sent"] = sent
    if sent > today:
        reader.errors["report_sent"] = "That day is still ahead. Enter it once the report is sent."
    if plan["report_due"] == report_plan(before)["report_due"]:
        plan["report_due"] = following_report(before)
