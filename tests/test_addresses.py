"""Addresses as people write them."""

from __future__ import annotations

import pytest

from bot.addresses import Address, is_loopback
from tests.tables import on_each


@pytest.mark.parametrize(
    ("written", "read", "shown"),
    [
        ("3000", Address("127.0.0.1", 3000), "127.0.0.1:3000"),
        (" 0.0.0.0:80 ", Address("0.0.0.0", 80), "0.0.0.0:80"),
        ("bot.example.org:3000", Address("bot.example.org", 3000), "bot.example.org:3000"),
        ("[::1]:3000", Address("::1", 3000), "[::1]:3000"),
        ("0", Address("127.0.0.1", 0), "127.0.0.1:0"),
    ],
)
def test_what_is_an_address(written: str, read: Address, shown: str) -> None:
    assert Address.read(written) == read
    assert str(read) == shown
    assert Address.read(shown) == read


@on_each(
    "written",
    ["", ":", ":3000", "here", "here:", "1:65536", "a b:1", "::1:3000", "[x]:1", "http://a:1", "-1", "٣", "a:1\n2"],
)
def test_what_is_none(written: str) -> None:
    with pytest.raises(ValueError):
        Address.read(written)


def test_which_hosts_are_this_machine_alone() -> None:
    assert [is_loopback(host) for host in ("localhost", "127.0.0.9", "::1")] == [True] * 3
    assert [is_loopback(host) for host in ("", "0.0.0.0", "example.org", "10.0.0.1")] == [False] * 4
