"""Values that a series has, in their steward's messages and Home: what is proposed, what was recorded, and trouble."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.record import Reading
from bot.domain.series import RecordedNews, SeriesNews, TroubleNews, vintage_words
from bot.domain.wording import cut, day, figure, period
from bot.slack.blocks import kit
from bot.slack.blocks.bundles import BundleReader
from bot.slack.identifiers import Action
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import bold, own

_MOST_NAME = 150
_NOT_SHOWN = "not shown"


def series_proposed_item(news: SeriesNews, reader: BundleReader) -> tuple[Iterable[Block], str]:
    """A value with what its steward may say to it, or what has become of it."""
    return _proposed(news, may_be_primary=reader.may_be_primary)


def proposed_blocks(news: SeriesNews) -> tuple[Block, ...]:
    """The same in Home."""
    return tuple(_proposed(news, may_be_primary=False)[0])


def declined_message(news: SeriesNews) -> Message:
    """What became of a press on [Not this one]."""
    name, words = cut(news.metric.name, _MOST_NAME), _settled(news)
    text = f"{bold(name)}\n{own(words)}"
    card = kit.button("Open card", Action.FIGURE_CARD, value=news.metric.id)
    return Message.of(f"{name}: {words}", kit.section(text), kit.actions(card))


def series_recorded_item(told: RecordedNews, _reader: BundleReader) -> tuple[Iterable[Block], str]:
    """A value that was recorded by itself, and how to take it back."""
    news = told.news
    name = cut(news.metric.name, _MOST_NAME)
    if not told.stands:
        words = f"{_value(news)} from {news.series} isn't this period's figure any more."
        return [kit.section(f"{bold(name)}\n{own(words)}")], f"{name}: {words}"
    words = f"I recorded {_value(news)} from {news.series}, {_vintage(news)}, as you said."
    buttons = [
        kit.button("Take it back", Action.FIGURE_UNDO, value=news.token or "", about=name),
        kit.button("Open card", Action.FIGURE_CARD, value=news.metric.id, about=name),
    ]
    return [kit.section(f"{bold(name)}\n{own(words)}"), kit.actions(*buttons)], f"{name}: {words}"


def series_trouble_item(told: TroubleNews, _reader: BundleReader) -> tuple[Iterable[Block], str]:
    """Why a series can't be read, and where to mend it."""
    name = cut(told.metric.name, _MOST_NAME)
    if told.is_over:
        words = f"{told.series} can be read again."
        return [kit.section(f"{bold(name)}\n{own(words)}")], f"{name}: {words}"
    words = f"I can't take its figures from {told.series}. {cut(told.trouble, 500)}"
    button = kit.button("Series", Action.METRIC_SERIES, value=told.metric.id, about=name)
    return [kit.section(f"{bold(name)}\n{own(words)}", accessory=button)], f"{name}: {words}"


def _proposed(news: SeriesNews, *, may_be_primary: bool) -> tuple[list[Block], str]:
    name = cut(news.metric.name, _MOST_NAME)
    if news.is_settled:
        words = _settled(news)
        return [kit.section(f"{bold(name)}\n{own(words)}")], f"{name}: {words}"
    words = f"{news.series} has {_value(news)}, {_vintage(news)}. {_yours(news)}"
    blocks: list[Block] = []
    if news.state == "needs":
        words = f"{words} It needs you: {news.needs}"
        buttons = [kit.button("Enter it", Action.SERIES_CHANGE, value=news.about, primary=may_be_primary, about=name)]
    else:
        buttons = [
            kit.button("Record it", Action.SERIES_RECORD, value=news.about, primary=may_be_primary, about=name),
            kit.button("Change it", Action.SERIES_CHANGE, value=news.about, about=name),
        ]
    buttons.append(kit.button("Not this one", Action.SERIES_DECLINE, value=news.about, about=name))
    blocks += [kit.section(f"{bold(name)}\n{own(words)}"), kit.actions(*buttons)]
    return blocks, f"{name}: {words}"


def _settled(news: SeriesNews) -> str:
    found = f"{_value(news)} from {news.series}"
    if news.state == "recorded":
        return f"{found} is recorded. Thank you."
    if news.state == "declined":
        return f"{found} isn't recorded, as you said. “metric update” records another figure."
    return f"{found}: there is a newer word on this period."


def _yours(news: SeriesNews) -> str:
    """What there is now, for the same period or the one before."""
    if news.current is not None:
        if news.current.value == news.value and not news.current_withheld:
            return "It is the figure that there is, and it is final now."
        return f"Yours is {_there(news, news.current, withheld=news.current_withheld)} for the same period."
    if news.latest is None:
        return "There is no figure yet."
    there = _there(news, news.latest, withheld=news.latest_withheld)
    return f"Yours is {there} ({day(news.latest.period_end, news.today)})."


def _there(news: SeriesNews, reading: Reading, *, withheld: bool) -> str:
    return _NOT_SHOWN if withheld else figure(reading.value, news.metric.unit)


def _value(news: SeriesNews) -> str:
    """ "48.5% (Jan–Jun, provisional)"."""
    covered = period(news.period_start, news.period_end, news.today)
    quality = ", provisional" if news.quality == "provisional" else ""
    return f"{figure(news.value, news.metric.unit)} ({covered}{quality})"


def _vintage(news: SeriesNews) -> str:
    return vintage_words(news.series, news.vintage, news.seen_on, news.today)
