"""A new date for an action, as people type it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.actions import moves_by_id, read_move, split_move
from bot.errors import UserError
from tests.tables import on_each

MONDAY = date(2026, 11, 23)


@on_each(
    ("line", "what", "due", "why"),
    [
        ("move A-301 to Dec 7", "A-301", "2026-12-07", ""),
        ("A-301 to Dec 7", "A-301", "2026-12-07", ""),
        ("a-301 moves to Dec 7, 2026", "a-301", "2026-12-07", ""),
        ("please move action A-301 until next Fri.", "A-301", None, ""),
        ("postpone A-301 to Dec 7 because the inspector is away until Dec 5", "A-301", "2026-12-07",
         "the inspector is away until Dec 5"),
        ("A-301 to Dec 7: no inspector", "A-301", "2026-12-07", "no inspector"),
        ("A-301 new date Dec 7, no inspector yet", "A-301", "2026-12-07", "no inspector yet"),
        ("A-301 to Dec 7 (no inspector)", "A-301", "2026-12-07", "no inspector"),
        ("push A-301 to 12/7 - waiting on the county", "A-301", "2026-12-07", "waiting on the county"),
        ("move A-301 Dec 7", "A-301", "2026-12-07", ""),
    ],
)  # fmt: skip
def test_becomes(line: str, what: str, due: str | None, why: str) -> None:
    assert moves_by_id(line)
    found, words = split_move(line)
    day, reason = read_move(words, MONDAY)
    assert (found, reason) == (what, why)
    assert due is None or day == date.fromisoformat(due)


@pytest.mark.parametrize("line", ["A-301", "move talent to Fri", "move D-2 to Dec 18", "A-301 blocked", "to Dec 7"])
def test_what_moves_no_action(line: str) -> None:
    assert not moves_by_id(line)


def test_words_of_a_title_and_no_day() -> None:
    assert split_move("fire inspection to Dec 7") == ("fire inspection", "Dec 7")
    assert split_move("move A-301") == ("A-301", "")
    assert split_move("301 to Dec 7") == ("301", "Dec 7")
    with pytest.raises(UserError, match="soon"):
        read_move("soon", MONDAY)
