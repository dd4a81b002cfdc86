"""Figures, amounts, dates and times by the current locale. The one place where they become text; the rules for what is
said are in `wording`. English words around them stay English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from decimal import Context, Decimal, localcontext
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.dates import DateTimePattern, format_date, format_interval, format_time, parse_pattern
from babel.numbers import (
    NumberFormatError,
    NumberPattern,
    format_compact_currency,
    get_currency_symbol,
    get_territory_currencies,
    parse_decimal,
)
from babel.numbers import parse_pattern as parse_number_pattern

from bot.domain.wording.locales import current_locale

DayForm = Literal["MMMd", "yMMMd", "MMMEd", "yMMMEd"]
# Thousands of digits are nobody's figure; until then nothing is rounded.
_EXACT = Context(prec=4000)
# What follows the weekday in English dates stands in sentences, where one comma more is too many.
_COMMA_AFTER_WEEKDAY = re.compile(r"^(E+), ")
_NARROW = "\u202f"
_LARGE = ((10**9, 2), (10**6, 2), (10**3, 0))


@dataclass(frozen=True, slots=True)
class _Forms:
    """What of a locale is worked out once."""

    locale: Locale
    decimal: NumberPattern
    percent: NumberPattern
    days: dict[str, DateTimePattern]
    point: str
    group: str
    day_first: bool


@lru_cache(maxsize=64)
def _forms_of(name: str) -> _Forms:
    locale = Locale.parse(name, sep="-")
    symbols = locale.number_symbols["latn"]
    short = locale.date_formats["short"].pattern
    return _Forms(
        locale,
        locale.decimal_formats[None],
        locale.percent_formats[None],
        {form: _day_pattern(locale, form) for form in ("MMMd", "yMMMd", "MMMEd", "yMMMEd")},
        symbols["decimal"],
        symbols["group"],
        short.find("d") < short.find("M"),
    )


def _day_pattern(locale: Locale, form: str) -> DateTimePattern:
    pattern: DateTimePattern = locale.datetime_skeletons[form]
    if locale.language != "en":
        return pattern
    return parse_pattern(_COMMA_AFTER_WEEKDAY.sub(r"\1 ", pattern.pattern))


def number(value: int | Decimal) -> str:
    """Return a number with all its digits: "4,120.5"."""
    return _number(value, current_locale())


@lru_cache(maxsize=8192, typed=True)
def _number(value: int | Decimal, name: str) -> str:
    forms = _forms_of(name)
    return _applied(forms.decimal, value, forms.locale)


def percent(value: int | Decimal) -> str:
    """Return so many percent, with all its digits: "48.5%" for 48.5."""
    return _percent(value, current_locale())


@lru_cache(maxsize=4096, typed=True)
def _percent(value: int | Decimal, name: str) -> str:
    forms = _forms_of(name)
    return _applied(forms.percent, _EXACT.scaleb(Decimal(value), -2), forms.locale)


def money(value: int | Decimal, currency: str) -> str:
    """Return an amount with all its digits: "$600,000", "CAD 600,000"."""
    return _money(value, currency, current_locale())


@lru_cache(maxsize=8192, typed=True)
def _money(value: int | Decimal, currency: str, name: str) -> str:
    locale = _forms_of(name).locale
    return _applied(_money_pattern(currency, name), value, locale, currency)


def short_money(value: Decimal, currency: str) -> str:
    """Return an amount of zero or more for a small place: "$3.25M", "$640k"; one below a thousand in whole units."""
    return _short_money(value, currency, current_locale())


@lru_cache(maxsize=1024)
def _short_money(value: Decimal, currency: str, name: str) -> str:
    locale = _forms_of(name).locale
    for unit, places in _LARGE:
        if value < unit:
            continue
        step = Decimal(unit).scaleb(-places)
        rounded = (value / step + Decimal("0.5")).to_integral_value("ROUND_FLOOR") * step
        words = format_compact_currency(rounded, currency, locale=locale, fraction_digits=places)
        symbol = get_currency_symbol(currency, locale)
        if re.sub(r"[\W\d]", "", words.replace(symbol, "")):
            sign = _named_currency(currency, locale)
            words = re.sub(r"(?<=[^\W\d])(?=\d)", " ", words.replace(symbol, sign))
            # A "K" beside a figure is a temperature to some, and "k" it has always been.
            return words.replace("K", "k") if locale.language == "en" and not currency.endswith("K") else words
        break
    return _money(int(value + Decimal("0.5")), currency, name)


@lru_cache(maxsize=256)
def _money_pattern(currency: str, name: str) -> NumberPattern:
    """The locale's pattern without forced cents, and by the currency's code where its sign has letters, which readers
    elsewhere can't tell apart ("$US", "$CA"); a country's own sign is its own."""
    locale = _forms_of(name).locale
    written = locale.currency_formats["standard"].pattern.replace("0.00", "0")
    sign = _named_currency(currency, locale)
    if sign[-1:].isalpha() and f"{written}"[:1] == "¤":
        written = re.sub(r"¤(?=[-#0])", "¤\u00a0" if locale.language != "en" else "¤ ", written)
    return parse_number_pattern(written.replace("¤", f"'{sign}'"))


def _named_currency(currency: str, locale: Locale) -> str:
    sign: str = get_currency_symbol(currency, locale)
    own = get_territory_currencies(locale.territory) if locale.territory else []
    return sign if currency in own or not any(one.isalpha() for one in sign) else currency


def day(on: date, form: DayForm) -> str:
    """Return a date in the locale's short form: "Nov 23", "Mon Nov 23, 2026"."""
    return _day(on, form, current_locale())


@lru_cache(maxsize=8192)
def _day(on: date, form: DayForm, name: str) -> str:
    forms = _forms_of(name)
    return str(forms.days[form].apply(on, forms.locale))


def long_day(on: date) -> str:
    """Return a date at full length: "January 6, 2026"."""
    return format_date(on, "long", locale=_forms_of(current_locale()).locale)


def month(on: date) -> str:
    """Return a month with its year: "Nov 2026"."""
    forms = _forms_of(current_locale())
    return str(forms.locale.datetime_skeletons["yMMM"].apply(on, forms.locale))


def months(start: date, end: date, *, with_year: bool) -> str:
    """Return whole months of one year: "Jul–Sep", "Jul 2025"."""
    return _months(start, end, with_year, current_locale())


@lru_cache(maxsize=1024)
def _months(start: date, end: date, with_year: bool, name: str) -> str:
    locale = _forms_of(name).locale
    if start.month == end.month:
        return str(locale.datetime_skeletons["yMMM" if with_year else "MMM"].apply(end, locale))
    words = format_interval(start, end, "yMMM" if with_year else "MMM", locale=locale)
    return re.sub(r"\s*–\s*", "–", words)


def weekday(on: date) -> str:
    """Return a day's short name: "Mon"."""
    forms = _forms_of(current_locale())
    return str(forms.locale.days["format"]["abbreviated"][on.weekday()])


def time_of_day(at: time) -> str:
    """Return a time of day: "7:30 AM", "07:30"."""
    return _time_of_day(at.replace(tzinfo=None), current_locale())


@lru_cache(maxsize=2048)
def _time_of_day(at: time, name: str) -> str:
    return format_time(at, "short", locale=_forms_of(name).locale).replace(_NARROW, " ")


def once_stopped(text: str) -> str:
    """Return a text in which a sentence that ends with a shortened month ("by 4. Dez.") has one stop at its end."""
    found = _abbreviation(current_locale())
    return text if found is None else found.sub(r"\1.\2", text)


@lru_cache(maxsize=64)
def _abbreviation(name: str) -> re.Pattern[str] | None:
    """A short name of this locale's dates with two stops behind it, and what may stand between them."""
    locale = _forms_of(name).locale
    names = [
        *(one for use in locale.months.values() for one in use["abbreviated"].values()),
        *(one for use in locale.days.values() for one in use["abbreviated"].values()),
        *(one for use in locale.day_periods.values() for one in use.get("abbreviated", {}).values()),
    ]
    stopped = sorted({re.escape(one[:-1]) for one in names if one.endswith(".")}, key=len, reverse=True)
    marks = r"(?:[*_”]|</[a-z]+>)*"
    return re.compile(rf"\b({'|'.join(stopped)})\.({marks})\.(?!\.)") if stopped else None


def is_day_first() -> bool:
    """Whether dates in figures begin with their day."""
    return _forms_of(current_locale()).day_first


def by_locale(digits: str) -> Decimal | None:
    """Return the number that digits with signs are in this locale, strictly; None where they are none."""
    forms = _forms_of(current_locale())
    typed = digits.replace("’", "'").replace("'", forms.group) if forms.group in {"'", "’"} else digits
    try:
        return parse_decimal(typed, locale=forms.locale, strict=True)
    except NumberFormatError:
        return None


def is_by_point() -> bool:
    """Whether numbers have a point before decimals and a comma between thousands, by threes."""
    forms = _forms_of(current_locale())
    return (forms.point, forms.group, forms.decimal.grouping) == (".", ",", (3, 3))


def typed_number(value: Decimal) -> str:
    """Return a number as it may be typed in every locale, without signs between thousands: "48.5", "1.2500".

    Exactly three decimals get a fourth one, since a point before three digits parts thousands in some locales.
    """
    words = f"{value:f}"
    return f"{words}0" if re.search(r"\.[0-9]{3}$", words) else words


def local_number(value: Decimal) -> str:
    """Return the same with the locale's own sign before the decimals: "48,5", "1,2500"."""
    whole, point, decimals = typed_number(value.normalize()).partition(".")
    return whole + (_forms_of(current_locale()).point + decimals if point else "")


def _applied(pattern: NumberPattern, value: int | Decimal, locale: Locale, currency: str | None = None) -> str:
    exactly = value if isinstance(value, Decimal) else Decimal(value)
    with localcontext(_EXACT):
        words: str = pattern.apply(
            exactly, locale, currency=currency, currency_digits=False, decimal_quantization=False
        )
    return words
