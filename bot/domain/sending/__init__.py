"""Sending: when a message may go, and what became of it. Values and rules, pure."""

from __future__ import annotations

from bot.domain.sending.alarms import (
    KIND_WORDS,
    REACHES_BACK,
    SAME_DAY,
    TOGETHER,
    Alarm,
    BackAgain,
    CutOff,
    HeldNotice,
    WaitingPost,
    alarm_at,
)
from bot.domain.sending.bounces import DELAYED, TOLD_WITHIN, came_back
from bot.domain.sending.envelopes import Envelope, Person
from bot.domain.sending.outcomes import Ambiguous, Later, Mailed, MayPost, NotTried, Outcome, Rejected, Sent
from bot.domain.sending.recoveries import TOLD_FOR, Recovery, Why
from bot.domain.sending.restraint import (
    ALWAYS,
    BROUGHT_BY_CLOCK,
    CHAIN,
    IN_WORDS,
    falls_on_a_weekend,
    has_room,
    in_words,
    is_unwanted,
    is_weekend,
    kind_of,
    may_be_held_back,
    may_join,
    next_day_with_room,
    refusable,
)
from bot.domain.sending.undelivered import ITEM_WORDS, LOOKS_BACK, PAGE, Receiver, Undelivered, UndeliveredLine
