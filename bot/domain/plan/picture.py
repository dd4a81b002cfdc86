"""What the picture of the money shows, by year and capital type, and the same in words. Pure.

How it is drawn is in `bot/charts`. Nothing that people wrote is in it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from bot.domain.funding import CAPITAL_TYPES
from bot.domain.plan.money import PlanMoney, YearRow
from bot.domain.plan.wording import rounded
from bot.domain.wording import locale_mark

# Drawn otherwise from this number on, so that a picture of before is not shown for it.
_DRAWING = 1


@dataclass(frozen=True, slots=True)
class MoneyChart:
    """Secured money: a column a year, in which capital types stand on one another."""

    rows: tuple[YearRow, ...]
    currency: str
    everything: bool  # of the whole coalition, or only what its reader sees

    @property
    def title(self) -> str:
        """What stands above the picture."""
        whose = "" if self.everything else ", as far as you see it"
        return f"Secured money by year and capital type{whose}"

    @property
    def types(self) -> tuple[str, ...]:
        """The capital types that have money, in their usual order."""
        return tuple(kind for kind in CAPITAL_TYPES if any(kind in row.by_type for row in self.rows))

    @property
    def key(self) -> str:
        """The same for the same picture, and for no other one."""
        drawn = (
            _DRAWING,
            self.currency,
            [(row.words, sorted(row.by_type.items())) for row in self.rows],
            *locale_mark(),
        )
        return hashlib.sha256(repr(drawn).encode()).hexdigest()[:32]

    @property
    def alt(self) -> str:
        """The picture in words."""
        said = [f"{row.words}: {self._kinds(row)}" for row in self.rows]
        return f"Column chart of secured money by year. {'. '.join(said)}."

    def _kinds(self, row: YearRow) -> str:
        return ", ".join(f"{kind} {rounded(value, self.currency)}" for kind, value in row.by_type.items())


def chart_of_money(money: PlanMoney | None, currency: str) -> MoneyChart | None:
    """The picture of what somebody sees; None where nothing is secured for any year."""
    if money is None or not money.years:
        return None
    return MoneyChart(money.years, currency, money.everything)
