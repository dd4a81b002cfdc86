"""Whom a coordinator passes the digest on to, and what is said before there is one."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.domain.digests import ByHand, Edition, ToForward
from bot.slack import limits
from bot.slack.blocks.digests import forward_view
from bot.slack.blocks.digests.forwarding import MOST_READERS
from tests.slack.readable import check_golden, dump

OUT = datetime.fromisoformat("2026-11-25T13:30:00+00:00")
LORNA = ByHand(member="lorna", name="Lorna *Pruitt*", address="lorna@harrow.example", edition=Edition("roll_up"))
BEN = ByHand(member="ben", name="Ben", address=None, edition=Edition("funder", "next-rung", "Next Rung"))


def page(*readers: ByHand, published_at: datetime | None = OUT) -> ToForward:
    return ToForward(readers=readers, published_at=published_at, zone="America/Chicago", now=OUT)


SCREENS = {
    "two readers, of one of whom no address is known": forward_view(page(LORNA, BEN)),
    "once the files are there": forward_view(page(LORNA), "Both files for Lorna Pruitt are in your messages with me."),
    "before the first digest": forward_view(page(LORNA, published_at=None)),
    "nobody": forward_view(page()),
}


def test_every_screen_is_that_of_the_golden_file() -> None:
    check_golden("digest-forwarding.txt", "\n".join(f"## {name}\n{dump(screen)}" for name, screen in SCREENS.items()))


@pytest.mark.parametrize("count", [MOST_READERS, MOST_READERS + 30])
def test_many_readers_fit(count: int) -> None:
    view = forward_view(page(*[LORNA] * count))
    assert len(view.blocks) <= limits.VIEW_BLOCKS
    assert sum("accessory" in block for block in view.blocks) == MOST_READERS
    assert (f"{MOST_READERS} of {count}" in str(view.blocks)) == (count > MOST_READERS)
