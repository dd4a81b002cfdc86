"""What there is to say of some money, in words: for the digest, a card, a list."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from bot.domain import wording
from bot.domain.funding.money import FundingPart


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
