"""Everything that is kept about somebody is in their own file, and nothing that is only others'."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.files import own_data_text
from tests.examples import on
from tests.services.stage import Stage


async def exported(stage: Stage, key: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(own_data_text(await stage.services.own_data.export(await stage.actor(key))))
    return found


@pytest.mark.in_part
@on("sqlite", "any_url")
async def test_what_somebody_is_said_and_got_is_in_it(any_used: Stage) -> None:
    found = await exported(any_used, "imani")
    [me] = found["members"]
    assert (me["key"], me["name"], me["email"]) == ("imani", "Imani Rhodes", "imani.rhodes@crossroads.example")
    assert me["delegate"] == "luis"
    assert {
        "slack_accounts",
        "roles",
        "responses",
        "member_answers",
        "private_notes",
        "deliveries",
        "digest_notes",
    } <= set(found)
    assert [note["text"] for note in found["private_notes"]] == ["Between us."] * 2
    assert "An inspector." in {one.get("ask") for one in found["responses"]}
    assert {one["priority"] for one in found["responses"]} == {"family-access"}
    assert {one["key"] for one in found["priorities"]} == {"family-access"}
    assert any(one["what"] == "responses" for one in found["changes"])


async def test_nothing_of_others_is_in_it(played: Stage) -> None:
    text = own_data_text(await played.services.own_data.export(await played.actor("helen")))
    for words in ("Between us.", "Is there anything new?", "imani.rhodes@crossroads.example", "An inspector."):
        assert words not in text
    found = json.loads(text)
    assert {one["key"] for one in found["members"]} == {"helen"}, "not whom she stands in for"


@pytest.mark.in_part
@on("postgres", "any_sample_url")
async def test_no_amount_comes_along_with_a_report(any_sample: Stage) -> None:
    """Who writes a source's report may not be one of those who read its amount."""
    found = await exported(any_sample, "yolanda")
    [source] = found["funding_sources"]
    assert source == {
        "key": "F-2",
        "name": "State workforce formula share",
        "status": "active",
        "report_owner": "yolanda",
    }


async def test_letters_are_the_senders_and_the_receivers(played: Stage) -> None:
    for key in ("omar", "grant"):
        found = await exported(played, key)
        assert [one["text"] for one in found["letters"]] == ["Is there anything new?"]
