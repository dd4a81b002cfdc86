"""Asks: what an organization is asked for, and what became of it. Values and rules, pure."""

from __future__ import annotations

from bot.domain.asks.asks import (
    ANSWERS,
    MOST_TEXT,
    OUTCOMES,
    SENT,
    UNDECIDED,
    AskCard,
    AskNews,
    FirstLook,
    HelpWanted,
    PriorityAsks,
    asked_on,
    find_ask,
    group_of,
    looks_first,
    may_answer,
    name_of,
    open_asks,
    receiver_of,
    sent_asks,
    told_asks,
)
from bot.domain.asks.changes import (
    answer,
    drop,
    end,
    hold,
    is_over,
    make,
    read_text,
    say_anew,
    send,
    stays,
    waits_for,
    withdraw,
    word,
)
