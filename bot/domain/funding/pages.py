"""Funding as people meet it: who sees which money, a source's card, a priority's money, lists, reports due. Pure.

What counts as secured and what is added up is in `money`; what forms say is in `forms`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from bot.domain.funding.money import PIPELINE, REPORTING, FundingPart, funding_pieces
from bot.domain.record import Allocation, EndOf, FundingSource, Member, Record
from bot.domain.rights import Part, Right, Standing
from bot.domain.typed import Known, match_known, nearest
from bot.domain.vocabularies import FundingStatus
from bot.domain.wording import cut, day, days_overdue, near_day, one_line
from bot.errors import UserError

# Other funders hear neither of a prospect or an application nor of what became of it.
_BETWEEN_TWO = (*PIPELINE, "declined")
WHOLE_COALITION = Known("coalition", "The coalition's own")


class Money(StrEnum):
    """What a card is about."""

    SOURCE = "source"
    PRIORITY = "priority"
    COALITION = "coalition"


@dataclass(frozen=True, slots=True)
class Named:
    """A source, a priority, or the coalition's own money."""

    kind: Money
    key: str
    name: str


class UnknownFunding(UserError):
    """No source and no priority, or more than one, is called that. `suggestion` is what was probably meant."""

    def __init__(self, message: str, suggestion: Named | None) -> None:
        super().__init__(message, field="funding")
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingSight:
    """What money somebody sees: all of it, that of some priorities, or the grants of their own organization.

    `is_narrowed`: other funders' prospects and applications stay out of sight, whatever else is seen.
    """

    everything: bool = False
    priorities: frozenset[str] = frozenset()
    organization: str | None = None
    is_narrowed: bool = False

    @property
    def is_nothing(self) -> bool:
        return not (self.everything or self.priorities or self.organization)

    def is_hidden(self, source: FundingSource) -> bool:
        """Whether this person may not even know of it."""
        return self.is_narrowed and source.status in _BETWEEN_TWO and not self._is_own(source)

    def whole(self, source: FundingSource) -> bool:
        """Whether all of a source's amounts are seen."""
        return not self.is_hidden(source) and (self.everything or self._is_own(source))

    def sees(self, source: FundingSource) -> bool:
        """Whether anything of a source is seen."""
        return self.whole(source) or (not self.is_hidden(source) and bool(self.allocations(source)))

    def allocations(self, source: FundingSource) -> tuple[Allocation, ...]:
        """The allocations whose amounts are seen."""
        if self.whole(source):
            return source.allocations
        return tuple(one for one in source.allocations if one.to in self.priorities)

    def of_priority(self, priority: str) -> bool:
        """Whether the amounts of a priority are seen."""
        return self.everything or priority in self.priorities

    def _is_own(self, source: FundingSource) -> bool:
        return self.organization is not None and source.organization == self.organization


EVERY_AMOUNT = FundingSight(everything=True)


def funding_sight(record: Record, standing: Standing, member: Member | None) -> FundingSight:
    """What money a person sees. Coordinators keep the books, so nothing is kept from them."""
    is_funder = Part.FUNDER in standing.everywhere
    return FundingSight(
        everything=standing.may(Right.SEE_AMOUNTS),
        priorities=frozenset(one.id for one in record.priorities if standing.may(Right.SEE_AMOUNTS, one.id)),
        organization=member.organization if is_funder and member is not None else None,
        is_narrowed=is_funder and not standing.may(Right.CHANGE_FUNDING),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A source as one reader sees it: with its amount, or only with what it gives to their priorities."""

    id: str
    name: str
    funder: str
    capital_type: str
    status: FundingStatus
    amount: Decimal | None
    allocated: tuple[tuple[str, Decimal], ...]  # name, amount
    period_end: date | None
    report_due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCard:
    row: SourceRow
    organization: str | None
    arrangement: str | None
    restricted: bool | None
    decision_expected: date | None
    received: Decimal | None
    unallocated: Decimal | None
    match_required: Decimal | None
    match_secured: Decimal | None
    period_start: date | None
    report_frequency: str | None
    report_owner: str | None
    report_sent: date | None
    currency: str
    today: date
    may_change: bool
    may_set_report: bool
    may_record_report: bool = False
    end: EndOf | None = None

    @property
    def owes_report(self) -> bool:
        return self.row.status in REPORTING and self.row.report_due is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyCard:
    """The money of a priority, or the coalition's own, for one reader; without `amounts` only how many sources."""

    about: Named
    part: FundingPart
    amounts: bool
    sources: tuple[SourceRow, ...]
    currency: str
    today: date
    may_add: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    source: str
    source_name: str
    due: date
    owner: str | None
    may_record: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingOverview:
    """All the money that somebody sees, by priority, and the reports that come due."""

    parts: tuple[tuple[Named, FundingPart], ...]
    own_grants: tuple[SourceRow, ...]
    reports: tuple[ReportLine, ...]
    sources: int
    currency: str
    today: date
    may_add: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceList:
    rows: tuple[SourceRow, ...]
    currency: str
    today: date
    may_add: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReminder:
    """A report in somebody's message. `state`: due, sent, moved, passed_on."""

    source: str
    source_name: str
    due: date
    state: str
    today: date
    sent_on: date | None = None
    next_due: date | None = None
    may_record: bool = False
    helper: str | None = None
    minutes: int = 0

    @property
    def is_settled(self) -> bool:
        return self.state != "due"

    @property
    def has_lapsed(self) -> bool:
        """Its day was moved, or somebody else writes it now."""
        return self.state in {"moved", "passed_on"}


def find_funding(typed: str, known: Sequence[Named]) -> Named | None:
    """What is meant, by id, name or an unambiguous beginning; None where nothing is called so.

    What is called exactly so goes first, then what begins so, then what has a word in it that does. Raises
    UnknownFunding where several fit.
    """
    wanted = one_line(typed).strip(" “”\"'#")
    as_known = {f"{one.kind} {one.key}": one for one in known}
    # Ids of sources and priorities may be the same: each is looked up among its own kind and told apart by it.
    found = [
        as_known[f"{kind} {one.id}"]
        for kind in Money
        for one in match_known(wanted, [Known(each.key, each.name) for each in known if each.kind == kind])
    ]
    plain = wanted.casefold()
    exact = [one for one in found if plain in _called(one)]
    begins = [one for one in found if any(name.startswith(plain) for name in _called(one))]
    found = exact or begins or found
    if len(found) > 1:
        names = "; ".join(one_line(one.name) for one in found[:5])
        raise UnknownFunding(f"Several fit “{cut(wanted, 60)}”: {names}. Type a little more.", None)
    return found[0] if found else None


def _called(one: Named) -> tuple[str, str]:
    return one.key.casefold(), one_line(one.name).casefold()


def unknown_funding(typed: str, known: Iterable[Named]) -> UnknownFunding:
    """What to say of a name that nothing has."""
    wanted = one_line(typed)
    # All of it, else one word of it: "nxt rung" is far from the whole of a long name.
    suggestion = nearest(
        [wanted, *wanted.split()], known, lambda one: (one.key, one_line(one.name), *one_line(one.name).split())
    )
    hint = f" Did you mean {one_line(suggestion.name)}?" if suggestion is not None else ""
    return UnknownFunding(f"I don't know the source or priority “{cut(wanted, 60)}”.{hint}", suggestion)


def money_words(part: FundingPart, currency: str, today: date, *, amounts: bool, details: bool = True) -> str:
    """Some money in one line, as the digest says it: "$600,000 secured of $1,100,000; gap $500,000"."""
    pieces = funding_pieces(part, currency, today, amounts=amounts, details=details)
    return "; ".join(pieces) or ("no source yet, need not set" if amounts else "no source yet")


def report_words(due: date, today: date) -> str:
    """When a report is due: "due Jan 30, 2027", "due Nov 20, 3 days overdue"."""
    if due < today:
        return f"due {day(due, today)}, {days_overdue((today - due).days)}"
    return f"due {near_day(due, today)}"


def writes_report(source: FundingSource, member: str | None) -> bool:
    """Whether a member, of whatever role, is the one who writes a source's report."""
    return member is not None and source.report is not None and source.report.owner == member


def report_label(due: date, today: date) -> str:
    """What a report is called: one whose day is over is not the next one."""
    return "report" if due < today else "next report"


def owed_reports(sources: Iterable[FundingSource]) -> list[tuple[FundingSource, date]]:
    """Sources with a report that is owed, the earliest due first."""
    owed = [
        (one, one.report.next_due)
        for one in sources
        if one.status in REPORTING and one.report is not None and one.report.next_due is not None
    ]
    return sorted(owed, key=lambda pair: pair[1])
