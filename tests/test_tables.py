"""A table that one test tries: no case is left out, and each that differs is named with what went wrong in it."""

from __future__ import annotations

import pytest

from tests.tables import on_each

tried: list[tuple[int, str]] = []


@on_each("number", [1, 2, 3])
@on_each("word", ["a", "b"])
def _all(number: int, word: str) -> None:
    tried.append((number, word))


@on_each(("number", "double"), [(1, 2), (2, 5), (3, 6), (4, 9)])
def _wrong(number: int, double: int) -> None:
    assert number * 2 == double, "not twice as much"


@on_each("number", [1, 2, 3])
async def _wrong_later(number: int) -> None:
    if number > 1:
        raise ValueError(number)


@on_each("number", [1, 2], ids=["first", "second"])
def _failing(number: int) -> None:
    if number == 2:
        pytest.fail("said so")


@on_each("number", [1, 2])
def _skipped(number: int) -> None:
    if number == 1:
        pytest.skip("not here")


def test_every_case_is_tried_and_each_with_each_where_two_stand_together() -> None:
    tried.clear()
    _all()
    assert sorted(tried) == [(number, word) for number in (1, 2, 3) for word in "ab"]


def test_all_that_differ_are_named_and_the_others_are_not() -> None:
    with pytest.raises(pytest.fail.Exception) as failed:
        _wrong()
    said = str(failed.value)
    assert said.startswith("2 of 4 cases:")
    assert "2, 5" in said
    assert "4, 9" in said
    assert "1, 2" not in said
    assert said.count("AssertionError: not twice as much") == 2


async def test_what_waits_is_tried_as_well() -> None:
    with pytest.raises(pytest.fail.Exception, match="2 of 3 cases:"):
        await _wrong_later()


def test_a_case_that_fails_by_its_own_words_is_named_by_its_id() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"(?s)1 of 2 cases:.*second.*said so"):
        _failing()


def test_a_case_that_is_skipped_is_told_as_well() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"(?s)1 of 2 cases:.*not here"):
        _skipped()


def test_an_empty_table_tries_nothing_and_is_refused() -> None:
    with pytest.raises(AssertionError, match="nothing to try"):
        on_each("number", [])


def test_names_that_the_test_does_not_take_are_refused() -> None:
    with pytest.raises(AssertionError, match="are not what the test takes"):
        on_each("other", [1])(lambda number: None)
