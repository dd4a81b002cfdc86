"""Whom a coordinator passes the digest on to, what there is to copy, and who did it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.domain.digests import (
    ByHand,
    Edition,
    Forwarding,
    ForwardKey,
    PassedOn,
    PastDigests,
    Published,
    ToForward,
)
from bot.slack import limits
from bot.slack.blocks.digests import forward_view, past_message, text_view
from bot.slack.blocks.digests.forwarding import MOST_PIECES, MOST_READERS, pieces_of
from bot.slack.message import Message, View
from tests.slack.readable import check_golden, dump
from tests.tables import on_each

OUT = datetime.fromisoformat("2026-11-25T13:30:00+00:00")
FRIDAY = datetime.fromisoformat("2026-11-27T15:00:00+00:00")
LORNA = ByHand(member="lorna", name="Lorna *Pruitt*", address="lorna@harrow.example", edition=Edition("roll_up"))
BEN = ByHand(member="ben", name="Ben", address=None, edition=Edition("funder", "next-rung", "Next Rung"))
OMAR_DID = PassedOn(to="Lorna *Pruitt*", by="Omar <Castellanos>", at=FRIDAY)


def page(*readers: ByHand, published_at: datetime | None = OUT) -> ToForward:
    return ToForward(readers=readers, published_at=published_at, zone="America/Chicago", now=FRIDAY, digest=12)


def forwarding() -> Forwarding:
    post: Any = None  # what it says is text by now
    return Forwarding(
        key=ForwardKey(12, "lorna", "roll_up:"),
        reader=LORNA,
        post=post,
        coalition="Limestone Bend",
        by="Omar Castellanos",
        by_address=None,
        zone="America/Chicago",
        now=FRIDAY,
    )


def past(*done: PassedOn) -> PastDigests:
    digests = (Published(id=12, published_at=OUT, passed_on=done), Published(id=11, published_at=OUT))
    return PastDigests(digests=digests, page=0, start=0, total=2, zone="America/Chicago", now=FRIDAY)


SCREENS: dict[str, Message | View] = {
    "two readers, of one of whom no address is known": forward_view(page(LORNA, BEN)),
    "one of them has it": forward_view(page(replace(LORNA, passed_on=OMAR_DID), BEN)),
    "whoever did it is known no more": forward_view(page(replace(LORNA, passed_on=replace(OMAR_DID, by=None)))),
    "once the files are there": forward_view(page(LORNA), "Text and HTML for Lorna are in your messages with me."),
    "before the first digest": forward_view(page(LORNA, published_at=None)),
    "nobody": forward_view(page()),
    "the text": text_view(forwarding(), "Weekly digest: <Limestone> & Bend", "One *line*\n\n> a `quote`\n"),
    "the text, once it is there as a file": text_view(forwarding(), "Weekly digest", "One", "It is there."),
    "past digests": past_message(past(OMAR_DID, replace(OMAR_DID, to="Ben", by=None))),
}


def test_every_screen_is_that_of_the_golden_file() -> None:
    check_golden("digest-forwarding.txt", "\n".join(f"## {name}\n{dump(screen)}" for name, screen in SCREENS.items()))


@pytest.mark.parametrize("count", [MOST_READERS, MOST_READERS + 30])
def test_many_readers_fit(count: int) -> None:
    view = forward_view(page(*[replace(LORNA, passed_on=OMAR_DID)] * count), "Said.")
    assert len(view.blocks) <= limits.VIEW_BLOCKS
    assert sum(block["type"] == "actions" for block in view.blocks) == MOST_READERS
    assert (f"{MOST_READERS} of {count}" in str(view.blocks)) == (count > MOST_READERS)


def copied(view: View) -> list[str]:
    """The texts that can be copied, the subject first."""
    return [block["elements"][0]["elements"][0]["text"] for block in view.blocks if block["type"] == "rich_text"]


@on_each("lines", [1, 40, 200, 400])
@on_each("line", ["Three firms of nine have signed, and <two> & “more” will by Friday. 🟡", "x" * 7001])
def test_a_long_text_is_parted_where_it_has_to_be_and_nothing_of_it_is_lost(line: str, lines: int) -> None:
    text = "\n".join([line] * lines)
    view = text_view(forwarding(), "Subject", text, "Said.")
    _subject, *pieces = copied(view)
    assert len(view.blocks) <= limits.VIEW_BLOCKS
    assert all(0 < len(one) <= limits.TEXT for one in pieces)
    whole = len(pieces_of(text)) <= MOST_PIECES
    assert ("the file holds the whole text" in str(view.blocks)) == (not whole)
    assert "".join(pieces).replace("\n", "") == text.replace("\n", "")[: len("".join(pieces).replace("\n", ""))]
    if whole:
        assert "".join(pieces).replace("\n", "") == text.replace("\n", "")


def test_what_people_wrote_stands_as_it_is() -> None:
    text = "A ```fence``` & <!channel> *stars*"
    assert copied(text_view(forwarding(), text, text)) == [text, text]
