"""Whatever a person does comes in and is answered by Socket Mode as it is over HTTP, each by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.clock import FixedCalendar
from bot.domain.record import Record
from bot.sandbox.delivery import Delivery
from bot.slack.metadata import encode_question
from tests.connection.stage import Connected, Way, connected
from tests.handlers.stage import words

TITLE, OWNER, DUE = (encode_question(name) for name in ("title", "owner", "due"))
PRIORITY = encode_question("priority")


@pytest.fixture(params=["socket", "http"])
async def slack(
    request: pytest.FixtureRequest, sqlite_sample_url: str, sample: Record, calendar: FixedCalendar
) -> AsyncIterator[Connected]:
    way: Way = request.param
    async with connected(way, sqlite_sample_url, sample, calendar) as opened:
        yield opened


async def test_command_form_menu_and_press(slack: Connected) -> None:
    omar = slack.person("omar")
    assert (await omar.command("/action", "add")).ok
    await omar.until(lambda: "What will be done?" in words(omar.modal))
    form = await omar.sees_modal("New action")
    (chosen,) = await omar.options(form, "find_member", "okaf")
    supplier = "Supplier and small-firm growth"
    await omar.fill({TITLE: "Call the bank", OWNER: chosen, DUE: "2026-11-01", PRIORITY: supplier})
    assert await omar.submit() == {DUE: "That day has passed. Choose today or a later day."}
    await omar.fill({DUE: "2026-12-04"})
    assert await omar.submit() is None
    await omar.until(lambda: "A-504" in words(omar.modal))
    grant = slack.person("grant")
    assert (await grant.command("/action", "A-202")).ok
    await grant.until(lambda: grant.ephemerals)
    assert (await grant.press(grant.ephemerals[-1], "Done")).ok
    await grant.until(lambda: "done Mon Nov 23" in words(grant.ephemerals[-1]))


async def test_an_event_that_comes_again_is_acknowledged_and_done_once(
    slack: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack sends it again, with its retry headers, where the first acknowledgement didn't reach it."""
    lost: list[Any] = []
    before = Delivery._try

    async def lose_the_first(
        self: Delivery, payload: dict[str, Any], retry: tuple[int, str]
    ) -> tuple[str | None, bool]:
        came = await before(self, payload, retry)
        if payload["event"].get("text") != "hello" or lost:
            return came
        lost.append(came)
        return "http_timeout", True

    monkeypatch.setattr(Delivery, "_try", lose_the_first)
    marcus = slack.person("marcus")
    await marcus.says("hello")
    await marcus.hears()
    await slack.sandbox.settled()
    sent = [one for one in slack.sent("message") if _payload(one)["event"].get("text") == "hello"]
    assert lost == [(None, True)]
    assert [one["error"] for one in sent] == [None, None]
    assert [_retry(one) for one in sent] == [0, 1]
    assert len(await marcus.hears()) == 1


def _payload(entry: dict[str, Any]) -> Any:
    return entry["request"]["payload"]


def _retry(entry: dict[str, Any]) -> int:
    said = entry["request"]
    return int(said["retry"][0] if "retry" in said else said["retry_attempt"])


async def test_only_the_way_that_was_asked_for_is_used(slack: Connected) -> None:
    if slack.way == "http":
        assert slack.sandbox.connections == 0
        assert await slack.sandbox.verify_request_url()
    else:
        assert slack.sandbox.connections == 1
        assert slack.bot.requests_at is None
