"""A figure inside a bundle: what is asked of its steward, or what has become of it."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.metrics import FigureAsk
from bot.domain.wording import day, figure, near_day, period
from bot.slack.blocks import kit
from bot.slack.identifiers import Action
from bot.slack.message import Block
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, cut, unmark

_MOST_NAME = 150


def figure_item(ask: FigureAsk, reader: Clock) -> tuple[Iterable[Block], str]:
    """A figure with its button, or as it was recorded."""
    metric, name = ask.metric, bold(cut(ask.metric.name, _MOST_NAME))
    if ask.state == "recorded" and ask.last is not None:
        words = f"{name} · {_figure(ask)}recorded"
        if ask.last.recorded_on is not None:
            words += f" {near_day(ask.last.recorded_on, ask.today)}"
        return [kit.section(words)], f"{unmark(words)}."
    words = f"{name}: {_since(ask)}"
    if ask.state == "closed" and ask.closes_at is not None:
        words += f"\n{reader.token(ask.closes_at, 'This round closed ')}. Type “update” to record it."
        return [kit.section(words)], _sentences(words)
    if ask.closes_at is not None:
        words += f"\n{reader.token(ask.closes_at, 'Open until ')}."
    button = kit.button("Update", Action.FIGURE_UPDATE, value=metric.id, about=metric.name)
    return [kit.section(words, accessory=button)], _sentences(words)


def _figure(ask: FigureAsk) -> str:
    """ "48.5% (Jan–Jun 2026, provisional) "; nothing of a figure that is withheld."""
    last = ask.last
    if last is None or ask.value_withheld:
        return ""
    quality = ", provisional" if last.quality == "provisional" else ""
    return f"{figure(last.value, ask.metric.unit)} ({period(last.period_start, last.period_end, ask.today)}{quality}) "


def _since(ask: FigureAsk) -> str:
    if ask.last is not None:
        return f"no new figure since {day(ask.last.period_end, ask.today)}"
    return "no figure yet" + (f", first due {day(ask.first_due, ask.today)}" if ask.first_due is not None else "")


def _sentences(words: str) -> str:
    plain = unmark(words).replace("\n", ". ")
    return plain if plain.endswith(".") else f"{plain}."
