"""Numbers as a digest's data carries them: exact integers and decimals, never binary floats."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import overload

_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_EVEN)


@overload
def exact(value: Decimal | Fraction | int) -> int | Decimal: ...
@overload
def exact(value: None) -> None: ...
@overload
def exact(value: Decimal | Fraction | int | None) -> int | Decimal | None: ...


def exact(value: Decimal | Fraction | int | None) -> int | Decimal | None:
    """Return a whole number as an int, a terminating one as the exact decimal without trailing zeros.

    One that does not terminate is rounded to 15 significant digits.
    """
    if value is None:
        return None
    fraction = Fraction(value)
    if fraction.denominator == 1:
        return fraction.numerator
    places = _decimal_places(fraction.denominator)
    if places is None:
        return _FIFTEEN.divide(Decimal(fraction.numerator), Decimal(fraction.denominator))
    scaled = fraction.numerator * 10**places // fraction.denominator
    # Built from digits, because arithmetic on decimals would round to the context's precision.
    return Decimal((int(scaled < 0), tuple(int(digit) for digit in str(abs(scaled))), -places))


def _decimal_places(denominator: int) -> int | None:
    """How many places a fraction in lowest terms needs after the point; None where they never end."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None
