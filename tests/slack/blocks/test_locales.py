"""A digest, the plan and cards as coalitions in Germany and France read them: figures by locale, words in English."""

from __future__ import annotations

import re

import pytest

from bot.charts.drawing import Drawing, draw_chart
from bot.domain.digests import chart_of_week
from bot.domain.metrics import chart_of_line
from bot.domain.plan import chart_of_money
from bot.domain.record import Record
from bot.domain.wording import locale_mark, once_stopped, written_in
from bot.files.digest_text import as_text
from bot.files.plan_text import plan_as_markdown
from bot.slack.message import Message, View
from tests.domain.plan import cases
from tests.slack.blocks.digests.test_pages import FIRST, WEEK, dumped, leadership
from tests.slack.blocks.funding.test_funding import scenes as funding_scenes
from tests.slack.blocks.metrics.test_metrics import scenes as figure_scenes
from tests.slack.readable import check_golden
from tests.slack.screens import script

# Dates and figures as only the United States write them. What may be typed stays so, and stands in quotation marks.
AMERICAN = re.compile(
    r"\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]"
    r"|(?<![$0-9])[0-9]{1,3},[0-9]{3}\b|[$€][0-9][0-9,]*|[0-9]%|[0-9] [AP]M\b"
)
PEOPLES = ("$150,000", "$18,000")  # in titles that people wrote
QUOTED = re.compile(r"“[^”]*”")


def sent(message: Message | View) -> Message:
    """The message as Slack gets it."""
    assert isinstance(message, Message)
    content = message.content()
    return Message(content["text"], tuple(content["blocks"]))


@pytest.mark.parametrize("locale", ["de-DE", "fr-FR"])
def test_a_digest_the_plan_and_cards_are_those_of_the_golden_files(locale: str, sample: Record) -> None:
    plan = cases.plan()
    with written_in(locale):
        headline = WEEK.priorities[0].headline
        assert headline is not None
        money, line = chart_of_money(plan.money, plan.currency), chart_of_line(headline, WEEK.today)
        figures, funding = figure_scenes(), funding_scenes(sample)
        cards: dict[str, Message | View] = {name: sent(figures[name]) for name in ("card", "read back", "recorded")}
        cards |= {name: sent(funding[name]) for name in ("overview", "a source")}
        assert money is not None
        assert line is not None
        told = {
            f"digest-{locale}.txt": as_text(FIRST),
            f"digest-roll-up-{locale}.txt": dumped(tuple(sent(one) for one in leadership(WEEK)[:2])),
            f"plan-{locale}.md": plan_as_markdown(plan),
            f"cards-{locale}.txt": f"{script(cards)}\n{once_stopped(money.alt)}\n{once_stopped(line.alt)}\n",
        }
    for name, text in told.items():
        check_golden(name, text)
        assert [one for one in AMERICAN.findall(QUOTED.sub("", text)) if one not in PEOPLES] == [], name
        assert not re.search(r"\.[*_]?\.(?!\.)", text), f"two stops: {name}"


def test_a_picture_of_another_locale_is_another_picture() -> None:
    plan = cases.plan()
    headline = WEEK.priorities[0].headline
    assert headline is not None
    charts = (chart_of_money(plan.money, plan.currency), chart_of_line(headline, WEEK.today), chart_of_week(WEEK))
    for chart in charts:
        assert chart is not None
        usual = chart.key
        with written_in("de-DE"):
            assert chart.key != usual
            assert locale_mark() == ("de-DE",)
        assert locale_mark() == ()


async def test_pictures_are_drawn_in_the_locale_of_whoever_asks() -> None:
    """By a thread that has none of its own."""
    plan = cases.plan()
    chart = chart_of_money(plan.money, plan.currency)
    assert chart is not None
    drawing = Drawing()
    try:
        usual = await drawing.draw(chart)
        with written_in("de-DE"):
            assert await drawing.draw(chart) == draw_chart(chart) != usual
        assert await drawing.draw(chart) == usual
    finally:
        drawing.close()
