"""Figures, money, dates and times by locale: each form in a few of them, and that one task's is not another's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import wording
from bot.domain.typed import read_day, read_period_end, read_value
from bot.errors import Unclear, UserError
from tests.tables import on_each

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 26, 12, 5)  # noqa: DTZ001
# A "_" stands for a space that doesn't break, a "~" for a narrow one.
FORMS: dict[str, tuple[Callable[[], str], str, str, str]] = {
    "a figure": (lambda: wording.figure(4120, "seats"), "4,120 seats", "4.120 seats", "4~120 seats"),
    "decimals": (lambda: wording.entered(Decimal("1234.50"), "x"), "1,234.5", "1.234,5", "1~234,5"),
    "a computed one": (lambda: wording.computed(Fraction(98, 20), "x"), "4.9", "4,9", "4,9"),
    "percent": (lambda: wording.entered(Decimal("48.50"), "percent"), "48.5%", "48,5_%", "48,5_%"),
    "dollars": (lambda: wording.amount(600000, "USD"), "$600,000", "600.000_$", "600~000_USD"),
    "a debt": (lambda: wording.amount(Decimal("-12.5"), "USD"), "-$12.5", "-12,5_$", "-12,5_USD"),
    "euro": (lambda: wording.amount(600000, "EUR"), "€600,000", "600.000_€", "600~000_€"),
    "a code": (lambda: wording.amount(600000, "CAD"), "CAD 600,000", "600.000_CAD", "600~000_CAD"),
    "a debt by its code": (lambda: wording.amount(-5, "CAD"), "-CAD 5", "-5_CAD", "-5_CAD"),
    "millions": (lambda: wording.short_amount(Fraction(3250000), "EUR"), "€3.25M", "3,25_Mio._€", "3,25_M_€"),
    "thousands": (lambda: wording.short_amount(Fraction(640400), "EUR"), "€640k", "640.400_€", "640_k_€"),
    "by their code": (lambda: wording.short_amount(Fraction(640400), "CAD"), "CAD 640k", "640.400_CAD", "640_k_CAD"),
    "a count": (lambda: wording.plural(1200, "action"), "1,200 actions", "1.200 actions", "1~200 actions"),
    "a day": (lambda: wording.day(TODAY, TODAY), "Nov 23", "23. Nov.", "23 nov."),
    "of another year": (lambda: wording.day(date(2027, 1, 6), TODAY), "Jan 6, 2027", "6. Jan. 2027", "6 janv. 2027"),
    "with its weekday": (lambda: wording.near_day(TODAY, TODAY), "Mon Nov 23", "Mo., 23. Nov.", "lun. 23 nov."),
    "in full": (lambda: wording.date_in_words(TODAY), "November 23, 2026", "23. November 2026", "23 novembre 2026"),
    "months": (
        lambda: wording.period(date(2025, 7, 1), date(2025, 9, 30), TODAY),
        "Jul–Sep 2025", "Juli–Sept. 2025", "juil.–sept. 2025",
    ),
    "a month": (lambda: wording.month(TODAY), "Nov 2026", "Nov. 2026", "nov. 2026"),
    "a time": (lambda: wording.clock(NOON), "12:05 PM", "12:05", "12:05"),
    "each week": (lambda: wording.weekday_and_clock(NOON), "Thu 12:05 PM", "Do. 12:05", "jeu. 12:05"),
}  # fmt: skip


def spaced(words: str) -> str:
    return words.replace("_", "\u00a0").replace("~", "\u202f")


@on_each("name", FORMS)
def test_a_form_is_that_of_the_locale(name: str) -> None:
    write, *expected = FORMS[name]
    for locale, words in zip(("en-US", "de-DE", "fr-FR"), expected, strict=True):
        with wording.written_in(locale):
            assert write() == spaced(words), locale


def test_a_countrys_own_currency_has_its_own_sign() -> None:
    for locale, currency, words in (
        ("fr-CA", "CAD", "600_000_$"),
        ("fr-CA", "USD", "600_000_USD"),
        ("sv-SE", "SEK", "600_000_kr"),
        ("de-CH", "CHF", "CHF_600'000"),
        ("en-IN", "INR", "₹6,00,000"),
    ):
        with wording.written_in(locale):
            assert wording.amount(600000, currency) == spaced(words)


async def test_each_task_writes_in_its_own() -> None:
    told: list[str] = []

    async def tell(locale: str) -> None:
        wording.write_in(locale)
        await asyncio.sleep(0)
        told.append(wording.in_figures(Decimal("4120.5")))

    await asyncio.gather(*(tell(one) for one in ("de-DE", "en-US", "fr-FR")))
    assert told == ["4.120,5", "4,120.5", spaced("4~120,5")]
    assert wording.current_locale() == "en-US"


@on_each(
    ("typed", "known"),
    [("de-DE", "de-DE"), ("de_DE", "de-DE"), ("fr-ca", "fr-CA"), ("dutch", None), ("xx-YY", None), ("", None),
     ("../../x", None), ("en-US.UTF-8", None), ("e" * 60, None)],
)  # fmt: skip
def test_a_locale_is_called_as_the_standard_calls_it(typed: str, known: str | None) -> None:
    assert wording.known_locale(typed) == known


def test_locales_are_found_by_country_language_and_id() -> None:
    assert wording.find_locales("")[0] == ("en-US", "English (United States)")
    for typed in ("germany", "german", "de_de", "de-DE"):
        assert ("de-DE", "German (Germany)") in wording.find_locales(typed), typed
    assert wording.find_locales("nowhere") == ()


TYPED = {
    ("en-US", "4,120"): "4120",
    ("en-US", "4.120"): "4.12",
    ("de-DE", "4120"): "4120",
    ("de-DE", "48,5"): "48.5",
    ("de-DE", "48.5"): "48.5",
    ("de-DE", "3.100.000"): "3100000",
    ("de-DE", "3,100,000"): "3100000",
    ("de-DE", "4.120,50"): "4120.5",
    ("de-DE", "4,120.50"): "4120.5",
    ("de-DE", "0,125"): "0.125",
    ("de-DE", "3,1m"): "3100000",
    ("de-DE", "4.120"): "“4.120” can be read as 4120 or as 4,12. Write “4120” or “4,12”.",
    ("de-DE", "4,125"): "“4,125” can be read as 4,1250 or as 4125. Write “4,1250” or “4125”.",
    ("fr-FR", "4 120,5"): "4120.5",
    ("fr-FR", spaced("4~120")): "4120",
    ("fr-FR", "4 12"): "“4 12” isn't a number. Try “48.5” or “3,100,000”.",
    ("fr-FR", "4,120"): "“4,120” can be read as 4,12 or as 4120. Write “4,12” or “4120”.",
    ("de-CH", "4’120.5"): "4120.5",
    ("en-IN", "1,00,000"): "100000",
}


@on_each(("locale", "typed"), TYPED)
def test_a_number_is_read_by_both_ways_or_asked_about(locale: str, typed: str) -> None:
    expected = TYPED[locale, typed]
    with wording.written_in(locale):
        if "“" not in expected:
            assert read_value(typed, "seats") == Decimal(expected)
            return
        with pytest.raises(UserError) as asked:
            read_value(typed, "seats")
        assert asked.value.message == expected
        # Each of what is offered is taken, and they are not the same.
        if isinstance(asked.value, Unclear):
            meant = {read_value(choice, "seats") for _, choice in asked.value.choices}
            assert len(meant) == 2


@given(
    st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False),
    st.sampled_from(["en-US", "de-DE", "fr-FR", "de-CH", "en-IN", "sv-SE", "pt-BR"]),
)
def test_what_a_form_is_filled_with_reads_back_the_same(value: Decimal, locale: str) -> None:
    with wording.written_in(locale):
        assert read_value(wording.typed_number(value), "seats") == value


def test_a_day_in_figures_is_asked_about_where_its_readers_begin_with_the_day() -> None:
    assert read_day("3/4", TODAY) == date(2027, 3, 4)
    for locale in ("de-DE", "en-GB"):
        with wording.written_in(locale):
            assert read_day("23/12", TODAY) == date(2026, 12, 23)
            assert read_day("2026-12-03", TODAY) == date(2026, 12, 3)
            assert read_period_end("30/6", TODAY) == date(2026, 6, 30)
            for read in (read_day, read_period_end):
                with pytest.raises(UserError, match=r"can be read in more than one way\. Try “Mar 4” or “Apr 3”"):
                    read("3/4", TODAY)
