"""Who passed a digest on by hand, in words."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.digests import PassedOn
from bot.slack.moments import Clock
from bot.slack.mrkdwn import own
from bot.slack.names import listed_some

_MOST = 6


def passed_on_words(done: PassedOn, reader: Clock) -> str:
    """Who forwarded it, and when."""
    return f"{own(done.by or 'Somebody')} forwarded it on {reader.day_of(done.at)}."


def passed_on_line(done: Sequence[PassedOn], reader: Clock) -> str:
    """The same of a digest that several got so, below each other."""
    told = [f"{one.to} ({one.by or 'somebody'}, {reader.day_of(one.at)})" for one in done]
    return f"Passed on by hand: {own(listed_some(told, _MOST))}"
