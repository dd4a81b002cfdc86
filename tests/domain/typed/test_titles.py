"""Words of a title find the one that is meant."""

from __future__ import annotations

import pytest

from bot.domain.typed import NotTitled, Titled, find_titled
from bot.errors import UserError
from tests.tables import on_each

KNOWN = (
    Titled("A-1", "Draft the loan pool term sheet", True),
    Titled("A-2", "Draft the wage table", True),
    Titled("A-3", "Send the wage table (again)", False),
    Titled("B 4", "Café für alle öffnen", True),
)


@on_each(
    ("typed", "found"),
    [
        ("term sheet", "A-1"),
        ("LOAN", "A-1"),
        ("sheet loan", "A-1"),
        ("dra loa", "A-1"),
        ("“loan pool”", "A-1"),
        ("wage", "A-2"),  # what is open goes first
        ("wage again", "A-3"),
        ("ÖFFNEN", "B 4"),
        ("b 4", "B 4"),
    ],
)
def test_the_one_that_is_meant(typed: str, found: str) -> None:
    assert find_titled(typed, KNOWN, "action", "") == found


@pytest.mark.parametrize("typed", ["", "…", "qqqq", "loan qqqq", "oan"])
def test_none(typed: str) -> None:
    with pytest.raises(NotTitled, match=r"I don't know the action “.*”\. See the list\."):
        find_titled(typed, KNOWN, "action", "See the list.")


def test_several_are_named() -> None:
    with pytest.raises(UserError) as caught:
        find_titled("draft", KNOWN, "action", "")
    assert str(caught.value) == (
        "Several actions fit “draft”: A-1, “Draft the loan pool term sheet”; A-2, “Draft the wage table”. "
        "Type a little more, or the id."
    )
    many = [Titled(f"A-{number}", "Call", True) for number in range(9)]
    with pytest.raises(UserError, match="; and 4 more"):
        find_titled("call", many, "action", "")
