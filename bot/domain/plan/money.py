"""Money as the plan shows it: secured by year and capital type, braided sources by themselves, blended ones as a pool.

Everything is as one reader sees it: what is not for them is not in these values. Pure; the words are in `wording`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import reduce

from bot.domain.funding import CAPITAL_TYPES, EXACT, PIPELINE, SECURED, FundingSight, received
from bot.domain.record import FundingSource, in_common
from bot.domain.vocabularies import Arrangement, FundingStatus

# So many years have a row of their own, the first of them so many before this one; what is beyond stands together.
MOST_YEARS = 10
YEARS_BACK = 2
UNDATED = "no dates set"


@dataclass(frozen=True, slots=True)
class YearRow:
    """What is secured for one year, or for what `words` say, by capital type. Exact, in the coalition's currency."""

    words: str
    by_type: Mapping[str, Fraction]  # types without money left out, in the order of the vocabulary

    @property
    def total(self) -> Fraction:
        return sum(self.by_type.values(), Fraction(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One source by itself. `amount` is what its reader sees of it: all, or what goes to their priorities."""

    id: str
    name: str
    funder: str
    capital_type: str
    status: FundingStatus
    amount: Decimal
    arrangement: Arrangement | None
    restricted: bool | None
    period_start: date | None
    period_end: date | None
    decision_expected: date | None
    received: Decimal | None  # None where it is not told, or the reader sees a part of the source only


@dataclass(frozen=True, slots=True)
class Pool:
    """The blended sources together: one pool with one set of rules."""

    shares: tuple[LedgerLine, ...]

    @property
    def secured(self) -> Decimal:
        return _total(one.amount for one in self.shares if one.status in SECURED)

    @property
    def pipeline(self) -> Decimal:
        return _total(one.amount for one in self.shares if one.status in PIPELINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMoney:
    """The money that one reader sees. `everything`: of every priority, and the coalition's own."""

    years: tuple[YearRow, ...]  # secured only, by year; what is beyond the years and without dates last
    by_type: Mapping[str, Decimal]  # secured only, types without money left out
    secured: Decimal
    pipeline: Decimal
    ledgers: tuple[LedgerLine, ...]  # braided ones, and those of which nobody has said; file order
    pool: Pool | None
    everything: bool


def money_of(sources: Iterable[FundingSource], sight: FundingSight, today: date) -> PlanMoney | None:
    """The money of secured and coming sources as it is seen; None for somebody who sees no amount of any.

    Only what is allocated counts: what a source has beyond its allocations counts nowhere.
    """
    if sight.is_nothing:
        return None
    seen = [one for one in sources if one.status in (*SECURED, *PIPELINE) and sight.allocations(one)]
    lines = [_line(one, sight) for one in seen if not sight.is_hidden(one)]
    blended = tuple(one for one in lines if one.arrangement == Arrangement.BLENDED)
    others = tuple(one for one in lines if one.arrangement != Arrangement.BLENDED)
    secured = [one for one in lines if one.status in SECURED]
    by_type = {kind: _total(one.amount for one in secured if one.capital_type == kind) for kind in CAPITAL_TYPES}
    return PlanMoney(
        years=tuple(_rows(secured, today)),
        by_type={kind: total for kind, total in by_type.items() if total},
        secured=_total(one.amount for one in secured),
        pipeline=_total(one.amount for one in lines if one.status in PIPELINE),
        ledgers=others,
        pool=Pool(blended) if blended else None,
        everything=sight.everything,
    )


def spread(amount: Decimal, start: date, end: date) -> dict[int, Fraction]:
    """An amount by calendar year: the same for each day of a period, its first and its last day included.

    Exact fractions, whose sum is the amount. When a funder really pays is another question: a plan asks what an
    amount lasts for.
    """
    days = (end - start).days + 1
    return {year: Fraction(amount) * _days_in(year, start, end) / days for year in range(start.year, end.year + 1)}


def _days_in(year: int, start: date, end: date) -> int:
    return (min(end, date(year, 12, 31)) - max(start, date(year, 1, 1))).days + 1


def _rows(secured: Iterable[LedgerLine], today: date) -> Iterator[YearRow]:
    """A row for each year with money, then what is beyond the years that have one, then what has no dates."""
    first = today.year - YEARS_BACK
    last = first + MOST_YEARS - 1
    before, after = f"before {first}", f"after {last}"
    found: dict[str, dict[str, Fraction]] = {
        before: {}, **{str(year): {} for year in range(first, last + 1)}, after: {}, UNDATED: {}
    }  # fmt: skip

    def add(words: str, kind: str, amount: Fraction) -> None:
        found[words][kind] = found[words].get(kind, Fraction(0)) + amount

    for one in secured:
        if one.period_start is None or one.period_end is None or one.period_start > one.period_end:
            add(UNDATED, one.capital_type, Fraction(one.amount))
            continue
        for year, amount in spread(one.amount, one.period_start, one.period_end).items():
            add(before if year < first else after if year > last else str(year), one.capital_type, amount)
    for words, by_type in found.items():
        if any(by_type.values()):
            yield YearRow(words, {kind: by_type[kind] for kind in CAPITAL_TYPES if by_type.get(kind)})


def _line(source: FundingSource, sight: FundingSight) -> LedgerLine:
    return LedgerLine(
        amount=_total(one.amount for one in sight.allocations(source)),
        received=received(source) if sight.whole(source) else None,
        **in_common(LedgerLine, source, "amount", "received"),
    )


def _total(amounts: Iterable[Decimal]) -> Decimal:
    return reduce(EXACT.add, amounts, Decimal(0))
