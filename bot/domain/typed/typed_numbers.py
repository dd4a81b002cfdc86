"""Numbers as people type them: "3,100,000", "$3.1m", "48.5%"; exact, or a question what was meant.

They are read with a point before decimals, and as the coalition's locale writes them. Where the two come to different
numbers, as with "4.120" in Germany, it is asked which one was meant: figures come from people, from spreadsheets and
from number fields, which know of no locale.
"""

from __future__ import annotations

import re
from decimal import Decimal

from bot.domain.wording import by_locale, cut, is_by_point, local_number, one_line
from bot.errors import Unclear, UserError

MOST_DIGITS = 18


_NUMBER = re.compile(
    r"(?P<sign>[-−+]?)(?P<unit>\$?)(?P<digits>[0-9][0-9,.'’]*|\.[0-9]+)(?P<suffix>[a-z%]*)", re.IGNORECASE
)


_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+")


_DECIMAL_COMMA = re.compile(r"[0-9]+,[0-9]{1,2}")


_GROUPED_BY_POINTS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}")


# "4 12": a space parts thousands in some locales, by threes.
_TORN_APART = re.compile(r"[0-9] (?![0-9]{3}(?![0-9]))[0-9]")


SUFFIXES = {"": 1, "%": 1, "k": 1000, "thousand": 1000, "m": 10**6, "mn": 10**6, "million": 10**6, "percent": 1}


_APPROXIMATE = re.compile(
    r"(?:~|≈|about |around |approx\.? |approximately |roughly |ca\.? |nearly |almost |over )(?=[$0-9])"
    r"|(?<=[0-9])(?:ish|\+)(?=\s|$)",
    re.IGNORECASE,
)


def read_value(text: str, unit: str) -> Decimal:
    """An exact value: "3,100,000", "$3.1m", "48.5%". Raises UserError with the mend for anything else."""
    typed = " ".join(text.split())
    shown = cut(typed, 40)
    _require_exact(typed)
    match = _NUMBER.fullmatch(re.sub(r"(?<=[0-9$]) (?=\S)", "", typed)) if typed else None
    if _TORN_APART.search(typed):
        match = None
    if match is None:
        raise UserError(f"“{shown}” isn't a number. Try “48.5” or “3,100,000”.", field="value")
    digits, suffix = match["digits"].rstrip("."), match["suffix"].casefold()
    plain = _plain_digits(digits, shown)
    if plain is None:
        raise Unclear(
            f"I can't tell what “{shown}” means. Write it with a point before decimals and a comma "
            "between thousands: “48.5”, “3,100,000”.",
            digits,
            _meant_by(digits),
            field="value",
        )
    if suffix in {"%", "percent"} and unit != "percent":
        raise UserError(f"This figure is in {_unit(unit)}, not percent. Enter it in {_unit(unit)}.", field="value")
    if match["unit"] == "$" and unit != "usd":
        raise UserError(f"This figure is in {_unit(unit)}, not dollars. Enter it in {_unit(unit)}.", field="value")
    if suffix not in SUFFIXES and suffix != unit.casefold().replace(" ", ""):
        raise UserError(f"“{shown}” isn't a number. Try “48.5”, “3,100,000” or “3.1m”.", field="value")
    if len(plain.replace(".", "")) > MOST_DIGITS:
        raise UserError(f"“{shown}” has too many digits. Check it.", field="value")
    whole, _, decimals = plain.partition(".")
    number = int((whole or "0") + decimals) * SUFFIXES.get(suffix, 1)
    # Built from digits: arithmetic on decimals could round, and "3.1m" should read as 3100000, "44.0" as 44.0.
    value = _shortest(number, len(decimals)) if SUFFIXES.get(suffix, 1) > 1 else Decimal(plain)
    return value.copy_negate() if match["sign"] in {"-", "−"} and value else value


def _plain_digits(digits: str, shown: str) -> str | None:
    """The number with nothing but a point before its decimals; None where it is none. Raises Unclear for one that reads
    otherwise in the coalition's locale."""
    plain = digits.replace(",", "") if _GROUPED.fullmatch(digits) else None
    if is_by_point():
        return plain
    local = by_locale(digits)
    if local is None:
        return plain
    if plain is None or Decimal(plain) == local:
        return f"{local:f}" if plain is None else plain
    meant = [local_number(one) for one in (local, Decimal(plain))]
    words = f"“{shown}” can be read as {' or as '.join(meant)}. Write “{'” or “'.join(meant)}”."
    raise Unclear(words, digits, tuple((one, one) for one in meant), field="value")


def _require_exact(typed: str) -> None:
    found = _APPROXIMATE.search(typed)
    if found is not None:
        raise UserError(
            f"“{cut(typed, 40)}” isn't one value. Write the figure itself; “provisional” says that it may change.",
            field="value",
        )


def _meant_by(digits: str) -> tuple[tuple[str, str], ...]:
    """What digits with a comma or points in unusual places may mean."""
    if _DECIMAL_COMMA.fullmatch(digits):
        return (
            (digits.replace(",", "."), digits.replace(",", ".")),
            (digits.replace(",", ""), digits.replace(",", "")),
        )
    if _GROUPED_BY_POINTS.fullmatch(digits):
        return ((digits.replace(".", ","), digits.replace(".", ",")),)
    return ()


def is_number(token: str) -> bool:
    return _NUMBER.fullmatch(_APPROXIMATE.sub("", token.rstrip(",;:."))) is not None


def _unit(unit: str) -> str:
    return {"usd": "dollars"}.get(unit, one_line(unit))


def _shortest(number: int, places: int) -> Decimal:
    while places and number % 10 == 0:
        number, places = number // 10, places - 1
    return Decimal((0, tuple(int(digit) for digit in str(number)), -places))
