"""Looking in the conversation after an unclear answer: late history, many pages, refusals, and what is held then."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.clock import SystemCalendar
from bot.domain.outbox import State
from bot.errors import UserError
from bot.sandbox import SandboxClock
from bot.sandbox import Settings as SandboxSettings
from bot.services.sending.leases import TRIES
from schedules import reconcile
from tests.schedules.conftest import Opener
from tests.schedules.stage import Stage


async def test_history_that_lags_is_looked_at_again(open_stage: Opener) -> None:
    async with open_stage(settings=SandboxSettings(history_lag_seconds=600)) as stage:
        stage.sandbox.faults.add("chat.postMessage", "drop_after_accept")
        stage.set("11-23 08:00")
        await stage.services.rhythm.plan()
        await stage.main.dispatcher.run()
        await stage.hurry()
        await stage.main.reconciler.run()
        assert (await stage.ask("imani")).state == State.AMBIGUOUS
        for message in stage.dm("imani"):
            message.visible_at = 0.0
        await stage.settle()
        assert (await stage.ask("imani")).state == State.SENT
        assert len(stage.posts) == 1
        assert len(stage.calls("conversations.history")) == 2


async def test_the_risk_that_remains_is_a_history_that_lags_longer_than_all_looks(open_stage: Opener) -> None:
    async with open_stage(settings=SandboxSettings(history_lag_seconds=60)) as stage:
        stage.sandbox.faults.add("chat.postMessage", "drop_after_accept")
        await stage.go("11-23 08:00")
        assert (await stage.ask("imani")).state == State.SENT
        assert len(stage.posts) == 2


async def test_a_message_that_shows_up_after_all_looks_still_ends_the_next_attempt(open_stage: Opener) -> None:
    """The second attempt is unclear too, hours later: a look begins at the first one."""
    async with open_stage(settings=SandboxSettings(history_lag_seconds=60)) as stage:
        stage.sandbox.faults.add("chat.postMessage", "drop_after_accept")
        stage.set("11-23 08:00")
        await stage.services.rhythm.plan()
        await stage.main.dispatcher.run()
        while (await stage.ask("imani")).state == State.AMBIGUOUS:
            await stage.hurry()
            await stage.main.reconciler.run()
        stage.set("11-23 12:00")
        stage.sandbox.faults.add("chat.postMessage", "error_500")
        await stage.main.dispatcher.run()
        assert (await stage.ask("imani")).state == State.AMBIGUOUS
        for message in stage.dm("imani"):
            message.visible_at = 0.0
        await stage.settle()
        assert ((await stage.ask("imani")).state, (await stage.ask("imani")).attempts) == (State.SENT, 2)
        assert len(stage.dm("imani")) == 1


class Ahead(SystemCalendar):
    """A machine's clock that is ten minutes ahead of Slack's."""

    def __init__(self, slack: SandboxClock) -> None:
        super().__init__()
        self._slack = slack

    def now(self) -> datetime:
        return self._slack.now() + timedelta(minutes=10) - self.ahead


async def test_a_clock_that_is_ahead_of_slacks_misses_no_message(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.set("11-23 08:00")
    stage.calendar = Ahead(stage.clock)  # type: ignore[assignment]
    stage.processes.insert(0, stage.process("ahead"))
    # The sandbox's answers are dated by the machine, where Slack's are by its own clock.
    stage.main.gateway.hear_time(stage.clock.now())
    monkeypatch.setattr(stage.main.gateway, "hear_time", lambda _moment: None)
    stage.sandbox.faults.add("chat.postMessage", "drop_after_accept", times=3)
    await stage.settle()
    assert (await stage.ask("imani")).state == State.SENT
    assert len(stage.dm("imani")) == 1
    assert stage.doubled == [], "the look began before the post by Slack's clock"


async def test_a_look_reads_every_page(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    history = stage.client.conversations_history

    async def small_pages(**arguments: Any) -> AsyncSlackResponse:
        return await history(**{**arguments, "limit": 3})

    monkeypatch.setattr(stage.client, "conversations_history", small_pages)
    stage.sandbox.faults.add("chat.postMessage", "drop_after_accept")
    stage.set("11-23 08:00")
    await stage.main.services.rhythm.plan()
    await stage.main.dispatcher.run()
    imani = stage.sandbox.person("U0IMANI")
    for number in range(8):
        await imani.says(f"Hello {number}")
    await stage.settle()
    assert (await stage.ask("imani")).state == State.SENT
    assert len(stage.posts) == 1
    assert len(stage.calls("conversations.history")) == 3


@pytest.mark.parametrize(
    ("scope", "said"),
    [("missing_scope", "the app lacks a permission"), ("not_in_channel", "invite me there with /invite @Backbeat")],
)
async def test_where_nobody_may_look_it_is_held_and_every_coordinator_is_told(
    stage: Stage, scope: str, said: str
) -> None:
    _forbid_looking(stage, scope)
    stage.sandbox.faults.add("chat.postMessage", "drop_after_accept")
    await stage.go("11-23 08:00")
    held = await stage.ask("imani")
    assert held.state == State.HELD
    assert said in (held.reason or "")
    assert len(stage.dm("imani")) == 1
    for coordinator in ("dana", "omar"):
        (notice,) = stage.dm(coordinator)
        assert "the check-in message to Imani" in notice.text
        assert _buttons(notice.blocks) == ["It arrived", "Send again"]
    # It stays as it is until somebody decides, and nobody is told twice.
    await stage.go("11-23 08:30")
    assert len(stage.dm("dana")) == 1
    assert len(stage.dm("imani")) == 1


def _forbid_looking(stage: Stage, code: str = "missing_scope") -> None:
    if code == "missing_scope":
        app = stage.sandbox._core.app
        object.__setattr__(app, "scopes", frozenset(scope for scope in app.scopes if not scope.endswith(":history")))
        return

    async def refuse(**_: Any) -> AsyncSlackResponse:
        # A channel that the bot is not in, so that the sandbox says it in its own words.
        channel = stage.sandbox.workspace.channel_called("lb-talent")
        assert channel is not None
        channel.members.remove("U0SANDBOT")
        try:
            return await stage.client.api_call("conversations.history", params={"channel": channel.id})
        finally:
            channel.members.append("U0SANDBOT")

    stage.client.conversations_history = refuse  # type: ignore[method-assign]


def _buttons(blocks: object) -> list[str]:
    assert isinstance(blocks, list)
    return [element["text"]["text"] for block in blocks if block["type"] == "actions" for element in block["elements"]]


async def _held(stage: Stage) -> int:
    _forbid_looking(stage)
    stage.sandbox.faults.add("chat.postMessage", "drop_after_accept")
    await stage.go("11-23 08:00")
    delivery = await stage.ask("imani")
    assert delivery.state == State.HELD
    return delivery.id


async def test_what_a_coordinator_marks_as_arrived_is_not_sent_again(stage: Stage) -> None:
    delivery_id = await _held(stage)
    await stage.services.unclear_posts.resolve_held(await stage.actor("omar"), delivery_id, arrived=True)
    await stage.settle()
    delivery = await stage.ask("imani")
    assert (delivery.state, delivery.reason) == (State.SENT, "marked as arrived")
    assert len(stage.dm("imani")) == 1
    for coordinator in ("dana", "omar"):
        (notice,) = stage.dm(coordinator)
        assert "Marked as arrived by Omar" in notice.text
        assert _buttons(notice.blocks) == []
    with pytest.raises(UserError, match="already decided about this message"):
        await stage.services.unclear_posts.resolve_held(await stage.actor("dana"), delivery_id, arrived=False)


async def test_what_a_coordinator_sends_again_is_sent_once_more(stage: Stage) -> None:
    delivery_id = await _held(stage)
    await stage.services.unclear_posts.resolve_held(await stage.actor("dana"), delivery_id, arrived=False)
    await stage.settle()
    delivery = await stage.ask("imani")
    assert (delivery.state, delivery.attempts) == (State.SENT, 2)
    assert len(stage.dm("imani")) == 2
    (notice,) = stage.dm("omar")
    assert "gain" in notice.text
    assert _buttons(notice.blocks) == []


async def test_what_is_sent_again_too_late_is_missed_and_says_so(stage: Stage) -> None:
    delivery_id = await _held(stage)
    stage.set("11-24 15:30")
    await stage.services.unclear_posts.resolve_held(await stage.actor("dana"), delivery_id, arrived=False)
    delivery = await stage.ask("imani")
    assert delivery.state == State.MISSED
    await stage.settle()
    (notice,) = stage.dm("omar")
    assert "will not be sent again: the check-in could not be sent before its round closed" in notice.text
    assert len(stage.dm("imani")) == 1


async def test_a_held_message_that_is_said_to_have_arrived_cannot_be_changed_and_needs_not(stage: Stage) -> None:
    delivery_id = await _held(stage)
    await stage.services.unclear_posts.resolve_held(await stage.actor("omar"), delivery_id, arrived=True)
    # The round closes, so its messages would be changed.
    await stage.go("11-24 15:30")
    update = next(
        row for row in await stage.rows("prompts", operation="update", to="imani") if row.parent_id == delivery_id
    )
    assert update.state == State.DROPPED
    assert not [call for call in stage.calls("chat.update") if not call["request"].get("ts")]


async def test_a_message_found_out_to_have_arrived_while_held_tells_so(stage: Stage) -> None:
    delivery_id = await _held(stage)
    (message,) = stage.dm("imani")
    await stage.services.deliveries.sent(delivery_id, 1, message.channel, message.ts, 0)
    await stage.settle()
    delivery = await stage.ask("imani")
    assert (delivery.state, delivery.ts) == (State.SENT, message.ts)
    (notice,) = stage.dm("dana")
    assert _buttons(notice.blocks) == []
    assert len(stage.dm("imani")) == 1


async def test_a_slack_that_cannot_say_anything_for_long_leaves_nothing_hanging(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconcile, "ASKED_IN_VAIN", 4)
    stage.sandbox.faults.add("conversations.history", "error_500", times=100)
    stage.sandbox.faults.add("chat.postMessage", "drop_after_accept")
    stage.set("11-23 08:00")
    for _ in range(5):
        await stage.hurry()
        await stage.main.round()
    delivery = await stage.ask("imani")
    assert delivery.state == State.HELD
    assert "Slack couldn't be asked 4 times" in (delivery.reason or "")


async def test_a_short_outage_of_history_counts_for_no_look(stage: Stage) -> None:
    stage.sandbox.faults.add("conversations.history", "error_500", times=5)
    stage.sandbox.faults.add("chat.postMessage", "drop_after_accept")
    stage.set("11-23 08:00")
    for _ in range(8):
        await stage.hurry()
        await stage.main.round()
    assert (await stage.ask("imani")).state == State.SENT
    assert len(stage.posts) == 1


async def test_what_slack_never_answers_clearly_is_held_in_the_end(stage: Stage) -> None:
    stage.sandbox.faults.add("chat.postMessage", "error_500", times=TRIES)
    stage.set("11-23 08:00")
    for _ in range(5 * TRIES):
        await stage.hurry()
        await stage.main.round()
    delivery = await stage.ask("imani")
    assert (delivery.state, delivery.attempts) == (State.HELD, TRIES)
    assert delivery.reason == f"Slack gave no clear answer {TRIES} times"
    assert len(stage.dm("dana")) == 1
