"""What travels through Slack comes back as it was, and what this version never made is told apart."""

from __future__ import annotations

import pytest

from bot.errors import UserError
from bot.slack import metadata


@pytest.mark.parametrize("key", [0, 1, 987654321])
def test_ids_come_back(key: int) -> None:
    assert metadata.decode_id(metadata.encode_id(key)) == key


@pytest.mark.parametrize("value", [None, "", "x", "-1", "1.5", "²", "1 2"])
def test_foreign_values_are_out_of_date(value: str | None) -> None:
    with pytest.raises(UserError, match="older message"):
        metadata.decode_id(value)


def test_forms_come_back_and_hold_ids_only() -> None:
    assert metadata.encode_form(7) == '{"subject":7}'
    assert metadata.decode_form(metadata.encode_form(7)) == 7


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"subject":"7"}', "7"])
def test_foreign_forms_are_refused_kindly(text: str) -> None:
    with pytest.raises(UserError, match="Copy what you wrote"):
        metadata.decode_form(text)


def test_pages_come_back_without_first_ones() -> None:
    assert metadata.decode_pages(metadata.encode_pages({"people": 2, "held": 0})) == {"people": 2}


@pytest.mark.parametrize("value", [None, "", "x", "[]", '{"people":-1}', '{"people":"2"}'])
def test_foreign_pages_are_the_first_ones(value: str | None) -> None:
    assert metadata.decode_pages(value) == {}


def test_blocks_come_back() -> None:
    assert metadata.decode_question(metadata.encode_question("moved")) == "moved"
    assert metadata.decode_question("member:tom") is None
    assert metadata.decode_member(metadata.encode_member("tom")) == "tom"
    with pytest.raises(UserError):
        metadata.decode_member("question:moved")
