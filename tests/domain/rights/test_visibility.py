"""Who sees an item that only some may: the record is narrowed by it, and nothing else is taken away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digests import compose, to_data
from bot.domain.record import Record
from bot.domain.rights import may_be_told_in, seen_by, seen_by_everybody, seen_in, standing_of
from tests.conftest import MONDAY_SEVEN
from tests.services.restricted import Item, hidden_from, hidden_in, restricted, with_restricted


def left(record: Record) -> set[str]:
    items: tuple[Item, ...] = (*record.actions, *record.issues, *record.decisions)
    return {one.id for one in items}


@given(seed=st.integers(0, 10_000), reader=st.integers(0, 40))
def test_a_member_sees_all_but_what_is_hidden_from_them(sample: Record, seed: int, reader: int) -> None:
    record = with_restricted(sample, seed, each=6)
    member = record.members[reader % len(record.members)]
    seen = seen_by(record, standing_of(record, member), member.id)
    assert left(seen) == left(record) - hidden_from(record, member.id)
    assert replace(seen, actions=(), issues=(), decisions=()) == replace(record, actions=(), issues=(), decisions=())


@given(seed=st.integers(0, 10_000), place=st.integers(0, 10))
def test_a_channel_is_told_all_but_what_is_not_its_groups(sample: Record, seed: int, place: int) -> None:
    record = with_restricted(sample, seed, each=6)
    channels = sorted({one.channel for one in record.groups if one.channel})
    channel = channels[place % len(channels)]
    seen = seen_in(record, channel)
    assert left(seen) == left(record) - hidden_in(record, channel)
    told = {one.id for one in restricted(record).values() if may_be_told_in(record, one, channel)}
    assert told == set(restricted(record)) - hidden_in(record, channel)


def test_a_channel_that_everybody_may_read_is_told_nothing_of_them(sample: Record) -> None:
    record = with_restricted(sample, 1)
    channel = next(one.channel for one in record.groups if one.channel)
    assert hidden_in(record, channel) != set(restricted(record))
    public = replace(record, public_channels=frozenset({channel}))
    assert left(seen_in(public, channel)) == left(sample)


@pytest.mark.parametrize("seed", range(3))
def test_digests_are_as_if_they_were_not_there(sample: Record, seed: int) -> None:
    record = with_restricted(sample, seed)
    assert left(seen_by_everybody(record)) == left(sample)
    assert to_data(compose(record, MONDAY_SEVEN)) == to_data(compose(sample, MONDAY_SEVEN))


def test_a_record_without_them_stays_itself(sample: Record) -> None:
    """A click costs nothing for them where there are none."""
    assert seen_by_everybody(sample) is sample
