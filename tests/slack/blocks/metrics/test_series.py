"""Series on screen: the form, what a card says of one, and what a steward reads of a value that was found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from bot.domain.metrics import FigureCard, FigureRow, standing
from bot.domain.outbox import Item
from bot.domain.record import Reading, Series
from bot.domain.series import (
    RecordedNews,
    SeriesForm,
    SeriesLine,
    SeriesNews,
    SeriesSaved,
    TroubleNews,
    series_plan,
)
from bot.slack.blocks.metrics import (
    SERIES_FORM,
    card_message,
    declined_message,
    meaning_view,
    proposed_blocks,
    series_saved_message,
)
from bot.slack.message import Message
from bot.slack.rendering import prompts_message
from tests.builders import metric, reading
from tests.slack.blocks.actions.test_bundles import bundle, update
from tests.slack.readable import check_golden
from tests.slack.refusals import problems
from tests.slack.screens import LONG, script

TODAY = date(2026, 11, 23)
UNRATE = Series(provider="fred", address="UNRATE")
FILE = Series(
    provider="csv",
    address="https://data.example.org/jobs.csv",
    period_column="month",
    value_column="rate",
    looks="when_due",
    record_by_itself=True,
)
RATE = metric(
    "rate",
    reading("2026-09-30", "4.3"),
    name="Unemployment",
    unit="percent",
    frequency="monthly",
    direction="decrease",
    target=None,
    series=UNRATE,
)
WHY = "It has a value each quarter, and this figure is wanted each month. Choose another series."


def news(**fields: Any) -> SeriesNews:
    usual: dict[str, Any] = {
        "metric": RATE,
        "about": "rate 2026-10-31 4.1",
        "state": "open",
        "series": "FRED UNRATE",
        "value": Decimal("4.1"),
        "period_end": date(2026, 10, 31),
        "quality": "provisional",
        "vintage": date(2026, 11, 7),
        "seen_on": TODAY,
        "today": TODAY,
        "latest": RATE.readings[-1],
        "token": "series-1",
    }
    return SeriesNews(**(usual | fields))


def told(**fields: Any) -> tuple[Item, SeriesNews]:
    return Item.SERIES_PROPOSED, news(**fields)


def recorded(**fields: Any) -> tuple[Item, RecordedNews]:
    return Item.SERIES_RECORDED, RecordedNews(news=news(state="recorded"), **fields)


def trouble(**fields: Any) -> tuple[Item, TroubleNews]:
    return Item.SERIES_TROUBLE, TroubleNews(metric=RATE, series="FRED UNRATE", trouble=WHY, **fields)


def card(line: SeriesLine | None) -> FigureCard:
    row = FigureRow(
        standing=standing(replace(RATE, series=line.series if line is not None else None), TODAY),
        priority_name="Talent pathways",
        steward_name="Priya Raman",
        due_on=date(2026, 10, 31),
        is_due=True,
        is_mine=True,
        may_record=True,
    )
    return FigureCard(row=row, restatements=(), earlier=(), today=TODAY, series=line, fetches=True)


def form(series: Series | None) -> SeriesForm:
    one = replace(RATE, series=series)
    return SeriesForm(metric=one, plan=series_plan(one), steward_name="Priya Raman", fetches=True)


def test_words() -> None:
    there = Reading(period_end=date(2026, 10, 31), value=Decimal("4.2"))
    looked = SeriesLine(series=UNRATE, looked_on=date(2026, 11, 20), proposed_on=date(2026, 11, 7), proposed_for=TODAY)
    scenes = {
        "a new value": bundle(told()),
        "below an update": bundle(update(), told()),
        "the first one": bundle(told(latest=None, vintage=None, series="BLS LNS14000000", quality="final")),
        "another value": bundle(told(current=there, vintage=None, series="data.example.org")),
        "another value of one that is withheld": bundle(told(current=there, current_withheld=True)),
        "the same, final by now": bundle(told(current=replace(there, value=Decimal("4.1")), quality="final")),
        "of a file": bundle(told(series="data.example.org")),
        "it needs its steward": bundle(told(state="needs", needs="Say how many reported, such as “from 12”.")),
        "recorded by its steward": bundle(told(state="recorded")),
        "not recorded": bundle(told(state="declined")),
        "overtaken": bundle(told(state="other")),
        "recorded by itself": bundle(recorded(stands=True)),
        "taken back": bundle(recorded(stands=False)),
        "trouble": bundle(trouble()),
        "no trouble any more": bundle(trouble(is_over=True)),
    }
    shown: dict[str, Any] = {name: prompts_message(value) for name, value in scenes.items()}
    shown |= {
        "in Home": Message.of("Home", *proposed_blocks(news())),
        "answered with no": declined_message(news(state="declined")),
        "the form of none": SERIES_FORM.view(form(None)),
        "the form of a file": SERIES_FORM.view(form(FILE)),
        "saved": series_saved_message(SeriesSaved(metric=RATE, lines=("Series: none → UNRATE",), fetches=True)),
        "taken away": series_saved_message(
            SeriesSaved(metric=replace(RATE, series=None), lines=("Series: UNRATE → none",), fetches=True)
        ),
        "nothing different": series_saved_message(SeriesSaved(metric=RATE, lines=(), fetches=True)),
        "a card before the first look": card_message(card(SeriesLine(series=FILE))),
        "a card after a look": card_message(card(looked)),
        "a card with trouble": card_message(card(replace(looked, trouble=WHY, outcome="trouble"))),
        "the form where series are off": SERIES_FORM.view(replace(form(FILE), fetches=False)),
        "saved where series are off": series_saved_message(
            SeriesSaved(metric=RATE, lines=("Series: none → UNRATE",), fetches=False)
        ),
        "a card where series are off": card_message(replace(card(looked), fetches=False)),
        "a card of no series where they are off": card_message(replace(card(None), fetches=False)),
        "what it means": meaning_view(card(SeriesLine(series=FILE))),
    }
    check_golden("series.txt", script(shown))


def test_the_longest_words_fit() -> None:
    long = replace(RATE, name=LONG)
    items = (told(metric=long, state="needs", needs=LONG) for _one in range(30))
    assert not problems(prompts_message(bundle(update(), *items)))
    address = replace(FILE, address=f"https://data.example.org/{'x' * 470}", period_column="p" * 100)
    for shown in (
        SERIES_FORM.view(form(address)),
        card_message(card(SeriesLine(series=address, looked_on=TODAY, trouble=LONG * 3))),
        meaning_view(card(SeriesLine(series=address))),
        series_saved_message(SeriesSaved(metric=long, lines=(LONG,) * 6, fetches=True)),
    ):
        assert not problems(shown)


def test_what_people_and_files_say_is_never_markup() -> None:
    """Names of columns and hosts come from elsewhere."""
    message = prompts_message(
        bundle((Item.SERIES_TROUBLE, TroubleNews(metric=RATE, series="<!here>", trouble="*a* <@U1>")))
    )
    text = str(message.blocks)
    assert "<!here>" not in text
    assert "<@U1>" not in text
