"""Drawing what a figure is made of: as high as it has bars, and nothing of what is withheld."""

from __future__ import annotations

import struct
from datetime import date
from decimal import Decimal

from bot.charts.drawing import draw_chart
from bot.charts.metric_chart import DPI, WIDTH
from bot.charts.parts_chart import EDGE, LINE, ROW
from bot.domain.metrics import MOST_BARS, PartsChart, parts_chart
from bot.domain.metrics.breakdowns import Part, Split
from bot.domain.wording import written_in
from tests.tables import on_each

ON, TODAY = date(2026, 9, 30), date(2026, 11, 23)


def chart(*values: int | str, names: tuple[str, ...] = (), hidden: int = 0, unit: str = "people") -> PartsChart:
    parts = tuple(
        Part(names[number] if names else f"County {number + 1}", Decimal(value)) for number, value in enumerate(values)
    )
    found = parts_chart("Jobs", unit, Split(by="county", parts=parts, hidden=hidden), ON, TODAY)
    assert found is not None
    return found


CHARTS = {
    "two": chart(90, 40),
    "some are withheld": chart(90, 40, 12, hidden=2),
    "more than fit": chart(*range(1, 21)),
    "below zero": chart(12, -5, "0.5", unit="percent"),
    "nothing but zeros": chart(0, 0),
    "letters of no font, and long names": chart(12, 3, names=("中文", "A county whose name " * 3)),
    "money": chart(1_200_000, 40, unit="usd", names=("A $ and _a_ $", "B")),
}


@on_each("name", CHARTS)
def test_a_picture_as_high_as_it_has_bars(name: str) -> None:
    one = CHARTS[name]
    png = draw_chart(one)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    height = ROW * len(one.parts) + LINE * (1 + len(one.notes)) + 2 * EDGE
    wide, high = struct.unpack(">II", png[16:24])
    assert wide == round(WIDTH * DPI)
    assert abs(high - height * DPI) <= 1
    assert len(png) < 200_000


def test_its_words_say_each_part_and_what_is_withheld() -> None:
    assert CHARTS["some are withheld"].alt == (
        "Bars of Jobs by county, as of Sep 30: County 1 90; County 2 40; County 3 12; "
        "2 parts withheld, so that few can't be told from it."
    )
    many = CHARTS["more than fit"]
    assert (len(many.parts), many.parts[0].value, many.left_out) == (MOST_BARS, Decimal(20), 8)
    assert many.alt.endswith("County 9 9; and 8 smaller parts.")


def test_one_bar_is_no_picture() -> None:
    for parts, hidden in (((), 3), ((Part("Harrow", Decimal(90)),), 2)):
        assert parts_chart("Jobs", "people", Split(by="county", parts=parts, hidden=hidden), ON, TODAY) is None


def test_another_picture_has_another_key() -> None:
    keys = {one.key for one in CHARTS.values()}
    keys.add(parts_chart("Jobs", "people", Split(by="county", parts=CHARTS["two"].parts, hidden=0), TODAY, TODAY).key)  # type: ignore[union-attr]
    with written_in("fr-FR"):
        keys.add(CHARTS["two"].key)
    assert len(keys) == len(CHARTS) + 2
