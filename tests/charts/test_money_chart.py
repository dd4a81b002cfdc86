"""Drawing money: a PNG of one size for few and many years, the same each time, and its words."""

from __future__ import annotations

import struct
from decimal import Decimal
from fractions import Fraction

import pytest

from bot.charts.drawing import Drawing
from bot.charts.metric_chart import DPI, HEIGHT, WIDTH
from bot.charts.money_chart import LOOKS, draw_money
from bot.domain.funding import CAPITAL_TYPES
from bot.domain.plan import MoneyChart, YearRow, chart_of_money
from bot.domain.wording import short_amount
from tests.domain.plan import cases
from tests.tables import on_each


def chart() -> MoneyChart:
    plan = cases.plan()
    found = chart_of_money(plan.money, plan.currency)
    assert found is not None
    return found


def row(words: str, **by_type: int) -> YearRow:
    return YearRow(words, {kind: Fraction(value) for kind, value in by_type.items()})


@pytest.mark.parametrize(
    "rows",
    [
        chart().rows,
        (row("2026", public=1),),
        (row("no dates set", other=10**15),),
        tuple(
            row(words, public=10**9, other=1) for words in ("before 2024", *map(str, range(2024, 2034)), "after 2033")
        ),
    ],
    ids=["usual", "one", "undated", "many"],
)
def test_a_picture_of_one_size(rows: tuple[YearRow, ...]) -> None:
    png = draw_money(MoneyChart(rows, "USD", True))
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24]) == (round(WIDTH * DPI), round(HEIGHT * DPI))
    assert len(png) < 200_000


async def test_the_same_picture_is_drawn_alike_also_beside_the_loop() -> None:
    drawing = Drawing()
    try:
        assert await drawing.draw(chart()) == draw_money(chart())
    finally:
        drawing.close()
    assert draw_money(chart()) != draw_money(MoneyChart(chart().rows[1:], "USD", True))


def test_its_words_say_each_column() -> None:
    one = chart()
    assert one.title == "Secured money by year and capital type"
    assert one.alt.startswith(
        "Column chart of secured money by year. 2025: public $402,920, philanthropic $226,849. 2026:"
    )
    assert one.types == CAPITAL_TYPES
    assert one.key != MoneyChart(one.rows, "EUR", True).key
    assert MoneyChart(one.rows, "USD", False).title.endswith(", as far as you see it")
    assert LOOKS.keys() == set(CAPITAL_TYPES)
    assert len({hatch for _color, hatch in LOOKS.values()}) == 4


def test_nothing_secured_is_no_picture() -> None:
    assert chart_of_money(None, "USD") is None
    assert chart_of_money(cases.seen_by("pat").money, "USD") is None


@on_each(
    ("value", "words"),
    [
        ("999.5", "$1,000"),
        ("900", "$900"),
        ("629769", "$630k"),
        ("3248990.5", "$3.25M"),
        ("1700000", "$1.7M"),
        ("0", "$0"),
    ],
)
def test_amounts_for_a_small_place(value: str, words: str) -> None:
    assert short_amount(Fraction(Decimal(value)), "USD") == words
