"""Figures in their stewards' messages, through the sandbox: asked with the week's list, settled in their place."""

from __future__ import annotations

import pytest

from bot.slack.metadata import encode_question
from tests.handlers.stage import Stage, words
from tests.handlers.test_action_items import typed
from tests.services.stage import rest_meetings

PLACED = "Completers placed in a good job within 90 days"
WAGE = "Frontline workers earning the local living wage"
VALUE, COVERS, QUALITY = (encode_question(name) for name in ("value", "period_end", "quality"))


async def test_a_due_figure_travels_with_the_bundle_and_is_settled_in_its_place(live: Stage) -> None:
    yolanda = live.person("yolanda")
    [message] = yolanda.dm()
    assert f"*{PLACED}*: no new figure since Dec 31, 2025\nUpdate" in words(message)
    assert f"{PLACED}: no new figure since Dec 31, 2025." in message.text
    assert PLACED not in "\n".join(words(one) for one in live.person("grant").dm())

    await yolanda.press(message, f"Update: {PLACED}")
    await yolanda.until(lambda: "Latest value" in words(yolanda.modal))
    await yolanda.fill({VALUE: "48.5", COVERS: "2026-06-30", QUALITY: "provisional"})
    assert await yolanda.submit() is None
    await yolanda.until(lambda: "Recorded:" in words(yolanda.modal))
    await live.settle()
    [message] = yolanda.dm()
    assert f"*{PLACED}* · 48.5% (Jan–Jun, provisional) recorded Mon Nov 23" in words(message)
    assert yolanda.modal is not None

    await yolanda.press(yolanda.modal, "Undo")
    await yolanda.until(lambda: "Recorded:" not in words(yolanda.modal))
    await live.settle()
    assert f"*{PLACED}*: no new figure since Dec 31, 2025\nUpdate" in words(yolanda.dm()[0])


async def test_the_list_comes_at_half_past_eight_on_ones_own_clock(live: Stage) -> None:
    priya = live.person("priya")
    assert not priya.dm()
    await live.go("11-23 09:30")
    assert f"*{WAGE}*: no figure yet, first due Sep 27\nUpdate" in words(priya.dm()[-1])


async def no_digests(stage: Stage) -> None:
    """What a test doesn't look at rests: digests, and what owners see of them before."""
    await rest_meetings(stage.services, stage.bot.coalition_id, "digest", "preview")


@pytest.mark.lived(no_digests, "11-23 09:30", "11-30 10:00")
async def test_it_is_asked_for_once_a_week_until_it_is_there(live: Stage) -> None:
    priya = live.person("priya")
    assert len([one for one in priya.dm() if f"*{WAGE}*: no figure yet" in words(one)]) == 2
    await typed(priya, "update jq-wage 53 as of 2025-12-31", "/metric")
    await priya.press(priya.ephemerals[-1], "Record")
    await priya.until(lambda: "Recorded:" in words(priya.ephemerals[-1]))
    await live.settle()
    assert not [one for one in priya.dm() if f"*{WAGE}*: no figure yet" in words(one)], "every message is settled"
    said = len(priya.dm())
    await live.go("12-07 09:30")
    assert WAGE not in "\n".join(words(one) for one in priya.dm()[said:])
