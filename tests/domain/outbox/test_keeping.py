"""For how long deliveries are kept: each kind and each item says it, and what others read in channels stays."""

from __future__ import annotations

import pytest

from bot.domain.outbox import ENDED, ITEMS, KINDS, SHORTEST, Item, Keep, Kind, State
from bot.settings import read_settings


def test_every_kind_and_every_item_says_for_how_long_it_is_kept() -> None:
    assert set(KINDS) == set(Kind), "a new kind says in `keeping` what has to be over before it may be forgotten"
    assert set(ITEMS) == set(Item), "and so does a new item"


def test_each_says_something_that_is_looked_at_where_it_is_said() -> None:
    assert set(KINDS.values()) <= {Keep.ALWAYS, Keep.AGED, Keep.ITEMS, Keep.ROUND, Keep.TOLD}
    assert set(ITEMS.values()) <= set(Keep) - {Keep.ITEMS, Keep.TOLD}


def test_what_stands_in_channels_and_published_digests_are_kept_always() -> None:
    posted = {Kind.ROLL_UP, Kind.REPLY, Kind.CHANNEL_EDITION, Kind.DIGEST_COPY}
    posted |= {Kind.AGENDA, Kind.PACK, Kind.NOTES, Kind.DECISION, Kind.DECISION_OUTCOME, Kind.ISSUE, Kind.ROUND_SUMMARY}
    assert {kind for kind, keep in KINDS.items() if keep is Keep.ALWAYS} == posted


def test_nothing_counts_as_ended_that_may_still_go_or_is_to_be_decided_about() -> None:
    assert set(State) - ENDED == {State.PLANNED, State.CLAIMED, State.AMBIGUOUS, State.HELD}


def test_the_setting_takes_nothing_shorter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKBEAT_KEEP_DELIVERIES_DAYS", str(SHORTEST))
    assert read_settings().keep_deliveries_days == SHORTEST
