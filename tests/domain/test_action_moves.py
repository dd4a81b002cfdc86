"""How often an action has moved, kept in its note, and how the digest tells a move."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.action_moves import HELP_ASKED, NONE, RENEWED, answered_note, is_asked, moved_note, moves_of
from bot.domain.digest_json import to_published
from bot.domain.digest_pages import line
from bot.domain.digest_roll_up import roll_up_pages
from bot.domain.digests import compose
from bot.domain.record import ActionItem
from tests import builders as make
from tests.builders import at, day, record
from tests.examples import examples

TODAY = day("24")


def moved(action: ActionItem, due: str, reason: str | None = "Legal is closed") -> ActionItem:
    return replace(action, due=day(due), note=moved_note(action, reason, TODAY))


@pytest.mark.parametrize(
    ("note", "count", "reason"),
    [
        (None, 0, None),
        ("Handed back by Acme", 0, None),
        ("Moved from Nov 20", 1, None),
        ("Moved from Nov 20: It waits: for a date", 1, "It waits: for a date"),
        ("Moved from Dec 1, 2025, second time: Snow", 2, "Snow"),
        ("Renewed. Moved from Nov 20, third time: Snow", 3, "Snow"),
        ("Moved from Nov 20, 12th time: Snow", 12, "Snow"),
        ("Moved from home", 0, None),
    ],
)
def test_a_note_tells_how_often_and_why(note: str | None, count: int, reason: str | None) -> None:
    assert (moves_of(note).count, moves_of(note).reason) == (count, reason)


@settings(max_examples=examples(25), deadline=None)
@given(st.integers(1, 15), st.one_of(st.none(), st.text("abc:, ", min_size=1).map(str.strip).filter(bool)))
def test_every_move_counts_and_is_read_back(times: int, reason: str | None) -> None:
    action = make.action(due="2026-11-20")
    for number in range(times):
        action = moved(action, f"2026-12-{number + 1:02}", reason)
        assert moves_of(action.note) == replace(moves_of(action.note), count=number + 1, reason=reason, answer=None)
    assert is_asked(action) == (times >= 3)
    for answer in (RENEWED, HELP_ASKED):
        said = replace(action, note=answered_note(action.note, answer))
        assert (moves_of(said.note).count, moves_of(said.note).answer) == (times, answer)
        assert not is_asked(said)
        assert moves_of(moved(said, "2026-12-31").note).count == times + 1
    assert moves_of("") == NONE


def test_the_digest_tells_each_move_once_with_its_number_and_reason() -> None:
    friday = at("2026-11-20T07:30")
    then = [make.action("A-101", "2026-11-20"), make.action("A-102", "2026-11-20"), make.action("A-103", "2026-12-20")]
    once = moved(then[1], "2026-12-04", None)
    thrice = moved(moved(moved(then[0], "2026-12-01"), "2026-12-20"), "2027-01-15")
    before = record(actions=[then[0], then[1], then[2]])
    published = make.published(friday, to_published(compose(before, friday)))
    known = replace(before, actions=(thrice, once, replace(then[2], status="done")), published=(published,))
    digest = compose(known, make.NOON)
    told = roll_up_pages(digest, amounts=True, occasion=line("Week"))[0].plain
    assert "• A-101 moved to Jan 15, 2027, third time: Legal is closed (Action A-101)" in told
    assert "• A-102 moved to Dec 4 (Action A-102)" in told
    assert "A-103 moved" not in told
    assert "A quiet week" not in told
    again = make.published(make.NOON, to_published(digest))
    later = compose(replace(known, published=(again,)), at("2026-11-27T07:30"))
    assert "moved to" not in roll_up_pages(later, amounts=True, occasion=line("Week"))[0].plain


def test_many_moves_are_counted() -> None:
    friday = at("2026-11-20T07:30")
    before = record(actions=[make.action(f"A-{number}", "2026-12-01") for number in range(8)])
    published = make.published(friday, to_published(compose(before, friday)))
    after = replace(before, actions=tuple(moved(one, "2026-12-20") for one in before.actions), published=(published,))
    told = roll_up_pages(compose(after, make.NOON), amounts=True, occasion=line("Week"))[0].plain
    assert told.count("moved to Dec 20") == 5
    assert "• 3 more actions moved" in told
