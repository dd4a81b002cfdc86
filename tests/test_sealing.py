"""What is sealed opens only with a key, only for what it was sealed for, and where that is asked, only soon."""

from __future__ import annotations

import pytest

from bot.errors import ConfigurationError
from bot.sealing import Broken, Seal, new_key

NOW = 1_800_000_000.0


def test_the_first_key_seals_and_each_opens() -> None:
    old, new = new_key(), new_key()
    sealed = Seal([old]).close("bot:T1", "xoxb-secret", at=NOW)
    assert "xoxb" not in sealed
    both = Seal([new, old])
    assert both.open("bot:T1", sealed) == "xoxb-secret"
    with pytest.raises(Broken, match="install the app there again"):
        Seal([new]).open("bot:T1", sealed)
    assert Seal([new]).open("bot:T1", both.renew(sealed)) == "xoxb-secret"


def test_what_is_one_workspaces_is_not_taken_for_another_ones() -> None:
    seal = Seal([new_key()])
    with pytest.raises(Broken, match="another workspace"):
        seal.open("bot:T2", seal.close("bot:T1", "xoxb-secret", at=NOW))


@pytest.mark.parametrize(("after", "opens"), [(0, True), (600, True), (601, False)])
def test_what_comes_back_too_late_opens_no_more(after: float, *, opens: bool) -> None:
    seal = Seal([new_key()])
    sealed = seal.close("install", "words", at=NOW)
    if opens:
        assert seal.open("install", sealed, at=NOW + after, within=600) == "words"
    else:
        with pytest.raises(Broken):
            seal.open("install", sealed, at=NOW + after, within=600)


@pytest.mark.parametrize("made_up", ["", "made-up", "…", "gAAAAA==", "a" * 5000])
def test_what_was_never_sealed_opens_nothing(made_up: str) -> None:
    with pytest.raises(Broken):
        Seal([new_key()]).open("install", made_up, at=NOW, within=600)


def test_what_is_no_key_is_said_without_it() -> None:
    with pytest.raises(ConfigurationError, match="backbeat keys new") as raised:
        Seal(["hunter2"])
    assert "hunter2" not in str(raised.value)
