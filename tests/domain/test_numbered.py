"""Ids of a letter and a number, and the page of a list that there is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.numbered import PAGE, Ids, NumberedQuery
from tests.tables import on_each

IDS = Ids("I")


@given(st.lists(st.integers(1, 999)), st.lists(st.text(max_size=4)))
def test_the_next_id_is_one_more_than_the_greatest(numbers: list[int], others: list[str]) -> None:
    known = [*(f"I-{one}" for one in numbers), *(one for one in others if not one.startswith("I-"))]
    assert IDS.next_id(known) == f"I-{max(numbers, default=0) + 1}"


@on_each("typed", ["I-7", "i-7", "i7", "7", " I-7 ", "I-7.", "7?"])
def test_an_id_is_read_however_it_is_typed(typed: str) -> None:
    assert IDS.read_id(typed) == "I-7"


@on_each("typed", ["", "A-7", "I-", "I-7b", "seven", "I-1234567890", "7 8"])
def test_anything_else_is_no_id(typed: str) -> None:
    assert IDS.read_id(typed) is None


@given(st.integers(0, 40), st.integers(0, 12))
def test_a_page_that_is_not_there_is_the_last_one(total: int, page: int) -> None:
    found = list(range(total))
    query, start, shown = NumberedQuery(page=page).cut(found)
    assert start == query.page * PAGE
    assert list(shown) == found[start : start + PAGE]
    assert bool(shown) is bool(found)
    assert query.page == (page if page * PAGE < total else max(0, (total - 1) // PAGE))
