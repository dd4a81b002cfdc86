"""What Slack and the network do to a post: every unclear answer comes to one message, every refusal to its reason."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import pytest

from bot.domain.outbox import Kind, State
from bot.slack.message import Message
from bot.slack.rendering import render
from schedules.lane import ACCOUNTS_KNOWN
from tests.examples import one_in, part
from tests.schedules.conftest import Opener
from tests.schedules.stage import IMPATIENT, Stage, until

MESSAGES_OF_MONDAY = 4
UNCLEAR = ("drop_before_accept", "drop_after_accept", "error_500", "error_500_after_accept", "internal_error")


@pytest.mark.in_part
@pytest.mark.parametrize("kind", one_in(3, UNCLEAR))
async def test_an_unclear_answer_comes_to_one_message(stage: Stage, kind: str) -> None:
    fault = stage.sandbox.faults.add("chat.postMessage", kind)
    await stage.go("11-23 08:00")
    assert fault.hit == 1
    delivery = await stage.ask("imani")
    assert delivery.state == State.SENT
    assert [message.ts for message in stage.dm("imani")] == [delivery.ts]
    accepted = kind not in {"drop_before_accept", "error_500"}
    assert delivery.attempts == (1 if accepted else 2)
    # Without the message a look takes place three times before it is sent once more.
    assert len(stage.calls("conversations.history")) == (1 if accepted else 3)


async def test_an_answer_that_never_comes_is_settled_by_a_look(open_stage: Opener) -> None:
    async with open_stage(timing=IMPATIENT) as stage:
        stage.sandbox.faults.add("chat.postMessage", "withhold", seconds=30)
        await stage.go("11-23 08:00")
        delivery = await stage.ask("imani")
        assert (delivery.state, delivery.attempts) == (State.SENT, 1)
        assert [message.ts for message in stage.dm("imani")] == [delivery.ts]


@pytest.mark.in_part
@pytest.mark.parametrize("kind", part(["drop_after_accept"], ["error_500", "drop_after_accept"]))
async def test_every_message_of_the_week_survives_an_unclear_answer(stage: Stage, kind: str) -> None:
    for moment in ("11-23 09:00", "11-25 07:30"):
        stage.sandbox.faults.add("chat.postMessage", kind, times=4)
        await stage.go(moment)
        stage.sandbox.faults.clear()
    now = stage.services.calendar.now()
    rows = [row for row in await stage.rows() if row.state not in {State.DROPPED, State.MISSED} and row.due_at <= now]
    assert len(rows) > MESSAGES_OF_MONDAY
    assert {row.state for row in rows} == {State.SENT}
    assert stage.sandbox.record.by_key("key") == {row.key: 1 for row in rows}


async def test_slack_may_ask_to_wait_longer_than_a_lease_lasts(stage: Stage) -> None:
    stage.sandbox.faults.add("chat.postMessage", "rate_limited", seconds=3600)
    stage.set("11-23 08:00")
    await stage.main.round()
    await stage.main.round()
    delivery = await stage.ask("imani")
    assert (delivery.state, delivery.reason) == (State.PLANNED, "Slack asks to wait")
    assert delivery.lease_until is None
    assert delivery.next_attempt_at is not None
    assert delivery.next_attempt_at - (delivery.attempted_at or 0) > 3590
    assert not stage.posts


async def test_where_slack_asks_to_wait_nobody_else_is_sent_to_either(stage: Stage) -> None:
    stage.sandbox.faults.add("chat.postMessage", "rate_limited", seconds=3600)
    await stage.go_to_rest("11-23 08:00")
    asked = len(stage.calls("chat.postMessage"))
    await stage.go_to_rest("11-23 09:00")
    assert len(stage.calls("chat.postMessage")) == asked == 1
    assert {row.state for row in await stage.rows("prompts") if row.due_at <= stage.calendar.now()} == {State.PLANNED}
    # What Slack asked for isn't forgotten because somebody looks at Slack's people again.
    await stage.refresh()
    await stage.main.round()
    assert len(stage.calls("chat.postMessage")) == asked


@pytest.mark.at_once
async def test_a_post_that_slack_does_not_answer_holds_up_nobody_else(asked: Stage) -> None:
    """Neither those that are due with it nor what is committed while it is waited for."""
    record, sender = await asked.record(), await asked.actor("omar")
    receivers = [one.id for one in record.members if one.access != "email_only" and one.id != "omar"]
    assert len(receivers) > 8, "more than are claimed at once"
    await asked.services.letters.send(sender, "first", receivers, "The offer is out.")
    asked.sandbox.faults.add("chat.postMessage", "withhold", seconds=60)
    sending = asyncio.create_task(asked.main.dispatcher.run())

    async def has_arrived(words: str, count: int) -> bool:
        return sum(words in post.text for post in asked.posts) >= count

    try:
        await until(partial(has_arrived, "The offer is out.", len(receivers)))
        await asked.services.letters.send(sender, "second", receivers[-1:], "It is signed.")
        await until(partial(has_arrived, "It is signed.", 1))
        assert not sending.done()
    finally:
        asked.sandbox.faults.release()
    await sending
    assert [row.state for row in await asked.rows("letter")] == [State.SENT] * (len(receivers) + 1)
    assert not asked.doubled


async def test_it_goes_on_when_the_wait_is_over(stage: Stage) -> None:
    stage.sandbox.faults.add("chat.postMessage", "rate_limited", seconds=1)
    await stage.go("11-23 08:00")
    assert (await stage.ask("imani")).state == State.SENT
    assert len(stage.dm("imani")) == 1


def _no_scope(stage: Stage) -> None:
    app = stage.sandbox._core.app
    object.__setattr__(app, "scopes", frozenset(app.scopes) - {"chat:write"})


def _no_tab(stage: Stage) -> None:
    object.__setattr__(stage.sandbox._core.app, "messages_tab", False)


def _wrong_token(stage: Stage) -> None:
    stage.client.token = "xoxb-revoked"


def _no_account(stage: Stage) -> None:
    stage.sandbox.change_user("U0IMANI", deleted=True)


@pytest.mark.parametrize(
    ("break_it", "reason"),
    [
        (_no_scope, "the app lacks a permission"),
        (_no_tab, "the app's Messages tab is off"),
        (_wrong_token, "the token is not valid"),
        (_no_account, "the Slack account is deactivated"),
    ],
)
async def test_what_somebody_can_mend_waits_and_is_missed_with_its_reason(
    stage: Stage, break_it: Callable[[Stage], None], reason: str
) -> None:
    break_it(stage)
    stage.set("11-23 08:00")
    await stage.main.round()
    delivery = await stage.ask("imani")
    assert (delivery.state, delivery.waiting) == (State.PLANNED, True)
    assert reason in (delivery.reason or "")
    assert await stage.services.deliveries.is_settled()
    await stage.services.deliveries.wake_waiting(stage.coalition_id)
    stage.set("11-24 15:30")
    await stage.main.round()
    delivery = await stage.ask("imani")
    assert delivery.state == State.MISSED
    assert "could not be sent before its round closed" in (delivery.reason or "")
    assert reason in (delivery.reason or "")
    assert not stage.dm("imani")


async def test_what_was_mended_is_sent(stage: Stage) -> None:
    right = stage.client.token
    stage.client.token = "xoxb-revoked"
    stage.set("11-23 08:00")
    await stage.main.round()
    assert not stage.posts
    stage.client.token = right
    await stage.refresh()
    await stage.settle()
    assert len(stage.dm("imani")) == 1
    assert (await stage.ask("imani")).state == State.SENT


async def test_a_change_that_met_a_revoked_token_is_shown_once_it_is_mended(asked: Stage) -> None:
    [message] = asked.dm("imani")
    before = message.text
    right = asked.client.token
    asked.client.token = "xoxb-revoked"
    asked.set("11-24 15:30")
    await asked.main.round()
    await asked.main.round()
    assert message.text == before
    asked.client.token = right
    await asked.refresh()
    await asked.settle()
    assert "The round closed Tue Nov 24" in message.text


async def test_a_channel_that_is_lost_between_look_and_post_waits_for_its_mend(stage: Stage) -> None:
    channel = stage.sandbox.workspace.channel_called("lb-steering")
    assert channel is not None
    kind = channel.kind
    stage.set("11-25 07:30")
    for event, reason in [
        ("removed", "I'm not in it"), ("archived", "it is archived"), ("gone", "Slack doesn't show it to me")
    ]:  # fmt: skip
        channel.is_archived = event == "archived"
        if event != "archived":
            channel.members.remove("U0SANDBOT")
        # A public one, so that Slack says what is wrong with it.
        channel.kind = "public" if event == "removed" else kind
        await stage.go_to_rest("11-25 07:30")
        roll_up = await stage.one("digest_roll_up")
        assert (roll_up.state, roll_up.waiting) == (State.PLANNED, True), event
        assert reason in (roll_up.reason or "")
        assert not list(channel.messages)
        # The other channels get theirs.
        assert {row.state for row in await stage.rows("digest_channel")} == {State.SENT}
        channel.is_archived, channel.kind = False, kind
        if "U0SANDBOT" not in channel.members:
            channel.members.append("U0SANDBOT")
        await stage.refresh()
        roll_up = await stage.one("digest_roll_up")
        assert not roll_up.waiting, "it is in sight again"
    await stage.settle()
    roll_up = await stage.one("digest_roll_up")
    assert roll_up.state == State.SENT
    assert [message.ts for message in channel.top_level()] == [roll_up.ts]
    assert len(channel.replies(roll_up.ts or "")) == 5


async def test_what_slack_refuses_for_good_fails_and_the_coordinators_are_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(kind: Kind, content: object) -> Message:
        return Message("x", ({"type": "nonsense"},)) if kind == Kind.PROMPTS else render(kind, content)

    monkeypatch.setattr("schedules.lane.render", broken)
    await stage.go("11-23 09:00")
    delivery = await stage.ask("imani")
    assert (delivery.state, delivery.attempts) == (State.FAILED, 1)
    assert delivery.reason == "Slack doesn't take the layout of this message"
    told = stage.dm("omar")
    assert len(told) == 1
    assert told[0].text.startswith("Not sent: the check-in message to ")
    assert "Imani Rhodes" in told[0].text, "everybody's message has the same fault"
    assert "Grant Okafor" in told[0].text
    assert "Slack doesn't take the layout of this message" in told[0].text


async def test_a_slack_that_cannot_be_reached_has_nothing(stage: Stage) -> None:
    address = stage.client.base_url
    stage.client.base_url = "http://127.0.0.1:9/api/"
    stage.set("11-23 08:00")
    await stage.main.round()
    delivery = await stage.ask("imani")
    assert (delivery.state, delivery.reason) == (State.PLANNED, "Slack can't be reached")
    stage.client.base_url = address
    assert not stage.posts
    await stage.hurry()
    await stage.main.round()
    assert (await stage.ask("imani")).state == State.SENT
    assert len(stage.posts) == 1


async def test_each_account_is_asked_about_only_where_all_were_read_long_ago(stage: Stage) -> None:
    def asked() -> int:
        return sum(entry["name"] == "users.info" for entry in stage.sandbox.wire.after())

    elapsed = stage.services.deliveries.elapsed.monotonic
    stage.main.workspaces.only.accounts_read_at = elapsed()
    stage.set("11-23 08:00")
    await stage.main.round()
    assert (await stage.ask("imani")).state == State.SENT
    assert asked() == 0
    stage.main.workspaces.only.accounts_read_at = elapsed() - ACCOUNTS_KNOWN - 1
    stage.set("11-23 09:00")
    await stage.main.round()
    assert len(stage.posts) == 4
    assert asked() == 3
