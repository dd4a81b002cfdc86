"""The entries of slack-limits.yaml about deadlines, expiry, redelivery and rates; settings shorten the durations."""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import Clock, SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import RequestUrls, Sandbox, Settings
from bot.sandbox.interactions import TROUBLE
from tests.sandbox.apps import NO_ACK, connected, http_bot, open_socket
from tests.sandbox.conftest import Start, buttons, client_of, error_of, modal, refusal, text_input
from tests.sandbox.test_limits import ENTRIES

JSON = dict[str, Any]


async def ok(payload: JSON, n: int) -> web.Response:
    return web.Response()


async def trigger(sandbox: Sandbox) -> str:
    """A trigger id as a bot gets one."""
    async with connected(sandbox) as bot:
        await sandbox.person("U1").command("/echo")
        return str(bot.payloads[0]["trigger_id"])


async def response_url(sandbox: Sandbox) -> str:
    """A response_url as a bot gets one."""
    async with connected(sandbox) as bot:
        await sandbox.person("U1").command("/echo")
        return str(bot.payloads[0]["response_url"])


async def post(url: str, **body: Any) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as reply:
        return reply.status, await reply.text()


def test_durations_as_they_come() -> None:
    settings = Settings()
    assert settings.ack_seconds == ENTRIES["ack.deadline"] == ENTRIES["view_submission.response_deadline"]
    assert settings.trigger_seconds == ENTRIES["trigger_id.ttl"]
    assert settings.response_url_seconds == ENTRIES["response_url.ttl"]
    assert settings.response_url_uses == ENTRIES["response_url.uses"]
    assert list(settings.retry_delays) == ENTRIES["events.retry.schedule"]
    assert len(settings.retry_delays) == ENTRIES["events.retry.max"]
    assert settings.events_per_hour == ENTRIES["events.rate.per_workspace_app"]
    assert settings.events_min_success == ENTRIES["events.min_success_rate"]
    assert settings.redirects_max == ENTRIES["events.redirects.max"]
    assert settings.socket_connections_max == ENTRIES["socket_mode.connections.max"]
    assert settings.socket_warning_seconds == ENTRIES["socket_mode.disconnect_warning"]
    assert settings.rate_window_seconds == 60
    assert 200 <= settings.messages_per_window <= 900


async def test_ack_deadline(start: Start) -> None:
    sandbox = await start(ack_seconds=0.05)
    message = await client_of(sandbox).chat_postMessage(channel="C1", text="x", blocks=[buttons("go")])
    ana = sandbox.person("U1")
    async with connected(sandbox, lambda envelope: NO_ACK):
        outcome = await ana.command("/echo")
        assert outcome.error == '/echo failed with the error "operation_timeout"'
        pressed = await ana.press(sandbox.channel("C1").messages[message["ts"]], "Go")
        assert pressed.error == TROUBLE


async def test_response_to_a_submission_comes_in_time(start: Start) -> None:
    sandbox = await start()
    ana = sandbox.person("U1")
    await client_of(sandbox).views_open(trigger_id=await trigger(sandbox), view=modal(text_input()))
    await ana.fill({"Name": "Ana"})
    sandbox.settings.ack_seconds = 0.05
    async with connected(sandbox, lambda envelope: NO_ACK) as bot:
        view = ana.modal
        assert view is not None
        outcome = await sandbox.submissions.submit("U1", view.id)
        assert outcome.error == TROUBLE
        # An answer that comes too late changes nothing.
        await bot.socket.send_json({"envelope_id": bot.envelopes[0]["envelope_id"]})
        await sandbox.until(lambda: any(e["kind"] == "ack" and e["error"] for e in sandbox.wire.after()))
        assert ana.modal is view


async def test_trigger_is_single_use_and_expires(start: Start) -> None:
    assert ENTRIES["trigger_id.uses"] == 1
    sandbox = await start()
    client = client_of(sandbox)
    first = await trigger(sandbox)
    await client.views_open(trigger_id=first, view=modal())
    assert await error_of(client.views_open(trigger_id=first, view=modal())) == "exchanged_trigger_id"
    sandbox.settings.trigger_seconds = 0.0
    assert await error_of(client.views_open(trigger_id=await trigger(sandbox), view=modal())) == "expired_trigger_id"
    assert await error_of(client.views_open(trigger_id="1.2.3", view=modal())) == "invalid_trigger_id"


async def test_response_url_uses(sandbox: Sandbox) -> None:
    url = await response_url(sandbox)
    for i in range(ENTRIES["response_url.uses"]):
        assert await post(url, text=f"{i}") == (200, "ok")
    status, body = await post(url, text="one more")
    assert status == 404
    assert "used_url" in body


async def test_response_url_expires(start: Start) -> None:
    sandbox = await start(response_url_seconds=0.0)
    status, body = await post(await response_url(sandbox), text="late")
    assert status == 404
    assert "expired_url" in body


async def test_stack_of_views(sandbox: Sandbox) -> None:
    client = client_of(sandbox)
    await client.views_open(trigger_id=await trigger(sandbox), view=modal())
    for _ in range(ENTRIES["modal.view_stack.max"] - 1):
        await client.views_push(trigger_id=await trigger(sandbox), view=modal())
    too_many = client.views_push(trigger_id=await trigger(sandbox), view=modal())
    assert await error_of(too_many) == "push_limit_reached"
    assert len(sandbox.person("U1").modals) == ENTRIES["modal.view_stack.max"]


async def test_no_command_in_a_thread(sandbox: Sandbox) -> None:
    assert ENTRIES["slash_command.in_thread"] is False
    ana = sandbox.person("U1")
    message = await ana.says("A thread", "general")
    async with connected(sandbox) as bot:
        outcome = await ana.command("/echo", channel="general", thread_ts=message.ts)
        assert outcome.error == "/echo is not supported in threads. Sorry!"
        assert bot.envelopes == []


async def test_signature_is_good_for_its_age(start: Start) -> None:
    async with http_bot(ok) as bot:
        sandbox = await start(request_urls=RequestUrls(bot.url))
        await sandbox.person("U1").command("/echo", "a & b")
        headers, _ = bot.requests[0]

        class Later(Clock):
            def __init__(self, seconds: int) -> None:
                self.seconds = seconds

            def now(self) -> float:
                return int(headers["x-slack-request-timestamp"]) + self.seconds

        most = ENTRIES["request_signature.max_age"]
        for seconds, valid in ((0, True), (most, True), (most + 1, False)):
            verifier = SignatureVerifier(sandbox.signing_secret, Later(seconds))
            assert verifier.is_valid_request(bot.bodies[0], headers) is valid
        assert not SignatureVerifier("other", Later(0)).is_valid_request(bot.bodies[0], headers)


async def test_events_are_retried_on_schedule(start: Start) -> None:
    at: list[float] = []

    async def fail(payload: JSON, n: int) -> web.Response:
        at.append(time.monotonic())
        return web.Response(status=500)

    async with http_bot(fail) as bot:
        sandbox = await start(request_urls=RequestUrls(bot.url), retry_scale=0.001)
        await sandbox.person("U1").says("hello")
        await sandbox.settled()
    assert len(bot.requests) == 1 + ENTRIES["events.retry.max"]
    numbers = [headers.get("x-slack-retry-num") for headers, _ in bot.requests]
    assert numbers == [None, "1", "2", "3"]
    assert {headers.get("x-slack-retry-reason") for headers, _ in bot.requests[1:]} == {"http_error"}
    assert len({payload["event_id"] for _, payload in bot.requests}) == 1
    gaps = [b - a for a, b in itertools.pairwise(at)]
    for gap, seconds in zip(gaps, ENTRIES["events.retry.schedule"], strict=True):
        assert gap >= seconds * 0.001


async def test_no_retry_is_honoured(start: Start) -> None:
    async def fail(payload: JSON, n: int) -> web.Response:
        return web.Response(status=500, headers={"x-slack-no-retry": "1"})

    async with http_bot(fail) as bot:
        sandbox = await start(request_urls=RequestUrls(bot.url), retry_scale=0.0)
        await sandbox.person("U1").says("hello")
        await sandbox.settled()
    assert len(bot.requests) == 1


async def test_delayed_events(start: Start) -> None:
    extra = ENTRIES["events.delayed_events.extra"]

    async def fail(payload: JSON, n: int) -> web.Response:
        return web.Response(status=500)

    async with http_bot(fail) as bot:
        sandbox = await start(request_urls=RequestUrls(bot.url), retry_scale=0.0, delayed_events=True)
        await sandbox.person("U1").says("hello")
        await sandbox.settled()
    assert len(bot.requests) == 1 + ENTRIES["events.retry.max"] + extra["for_s"] // extra["interval_s"]


async def test_old_events_are_dropped(start: Start) -> None:
    sandbox = await start(event_max_age_seconds=0.02)
    await sandbox.person("U1").says("hello")
    await sandbox.settled()
    async with connected(sandbox) as bot:
        await sandbox.person("U1").says("again")
        await sandbox.settled()
        assert [payload["event"]["text"] for payload in bot.payloads] == ["again"]


async def test_too_many_events(start: Start) -> None:
    sandbox = await start(events_per_hour=2)
    async with connected(sandbox) as bot:
        for i in range(4):
            await sandbox.person("U1").says(f"{i}")
        await sandbox.settled()
        kinds = [payload["event"]["type"] for payload in bot.payloads]
        assert sorted(kinds) == ["app_rate_limited", "message", "message"]


async def test_subscriptions_are_disabled_after_failures(start: Start) -> None:
    async def fail(payload: JSON, n: int) -> web.Response:
        return web.Response(status=500, headers={"x-slack-no-retry": "1"})

    async with http_bot(fail) as bot:
        sandbox = await start(request_urls=RequestUrls(bot.url), events_min_success_from=5)
        for i in range(8):
            await sandbox.person("U1").says(f"{i}")
            await sandbox.settled()
        assert sandbox.subscriptions_disabled
        assert len(bot.requests) == 5


@pytest.mark.parametrize("redirects", [ENTRIES["events.redirects.max"], ENTRIES["events.redirects.max"] + 1])
async def test_redirects(start: Start, redirects: int) -> None:
    async def answer(payload: JSON, n: int) -> web.Response:
        if n < redirects:
            return web.Response(status=307, headers={"Location": f"/hop{n}"})
        return web.Response()

    async with http_bot(answer) as bot:
        sandbox = await start(request_urls=RequestUrls(bot.url), retry_scale=0.0)
        await sandbox.person("U1").says("hello")
        await sandbox.settled()
        reasons = [headers.get("x-slack-retry-reason") for headers, _ in bot.requests]
    if redirects > ENTRIES["events.redirects.max"]:
        assert "too_many_redirects" in reasons
    else:
        assert reasons == [None] * (redirects + 1)


async def test_at_most_ten_connections(sandbox: Sandbox) -> None:
    most = ENTRIES["socket_mode.connections.max"]
    async with aiohttp.ClientSession() as session:
        sockets = [await open_socket(sandbox, session, lambda envelope: None) for _ in range(most)]
        assert [raw.others[0]["num_connections"] for raw in sockets] == list(range(1, most + 1))
        one_more = await open_socket(sandbox, session, lambda envelope: None)
        assert one_more.others[0] == {"type": "disconnect", "reason": "too_many_websockets", "debug_info": {}}
        assert sandbox.connections == most
        for i in range(30):
            await sandbox.person("U1").command("/echo", f"{i}")
        # Each envelope goes to exactly one connection, and all connections get some.
        texts = [payload["text"] for raw in sockets for payload in raw.payloads]
        assert sorted(texts, key=int) == [f"{i}" for i in range(30)]
        assert all(len(raw.envelopes) == 3 for raw in sockets)


async def test_warning_before_the_disconnect(start: Start) -> None:
    sandbox = await start(socket_warning_seconds=0.5)
    async with connected(sandbox) as bot:
        await sandbox.disconnect("warning")
        # Until the connection ends it still gets envelopes.
        await sandbox.person("U1").command("/echo")
        assert bot.others[-1]["reason"] == "warning"
        assert len(bot.envelopes) == 1
        await sandbox.until(lambda: sandbox.connections == 0)


TIER_METHODS: list[tuple[int, str, JSON]] = [
    (1, "apps.connections.open", {}),
    (2, "conversations.list", {}),
    (3, "conversations.info", {"channel": "C1"}),
    (4, "users.info", {"user": "U1"}),
]


@pytest.mark.parametrize(("tier", "method", "args"), TIER_METHODS)
async def test_tier(start: Start, tier: int, method: str, args: JSON) -> None:
    sandbox = await start(real_rate_limits=True)
    client = client_of(sandbox, sandbox.app_token if tier == 1 else None)
    for _ in range(ENTRIES[f"rate.tier{tier}"]):
        await client.api_call(method, params=args)
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, params=args)
    assert caught.value.response.status_code == 429
    assert caught.value.response["error"] == "ratelimited"
    # The scope is one method: another one still answers.
    await client_of(sandbox).api_call("team.info")


async def test_retry_after_is_in_seconds(start: Start) -> None:
    assert ENTRIES["rate.retry_after.unit"] == "seconds"
    sandbox = await start(real_rate_limits=True)
    client = client_of(sandbox, sandbox.app_token)
    await client.api_call("apps.connections.open")
    with pytest.raises(SlackApiError) as caught:
        await client.api_call("apps.connections.open")
    assert 58 <= int(caught.value.response.headers["Retry-After"]) <= 60
    sandbox.settings.rate_window_seconds = 0.01
    await asyncio.sleep(0.02)
    await client.api_call("apps.connections.open")


async def test_messages_of_a_channel_and_of_the_workspace(start: Start) -> None:
    assert ENTRIES["rate.chat.postMessage.per_channel"] == 1
    sandbox = await start(message_per_second_per_channel=True, rate_window_seconds=600)
    client = client_of(sandbox)
    await client.chat_postMessage(channel="C1", text="1")
    assert (await refusal(client.chat_postMessage(channel="C1", text="2")))["error"] == "ratelimited"
    await client.chat_postMessage(channel="C3", text="3")

    assert "hundred" in ENTRIES["rate.chat.postMessage.per_workspace"]
    busy = await start(real_rate_limits=True, messages_per_window=3)
    for _ in range(3):
        await client_of(busy).chat_postMessage(channel="C1", text="x")
    assert await error_of(client_of(busy).chat_postMessage(channel="C3", text="x")) == "ratelimited"


async def test_rate_of_a_response_url(start: Start) -> None:
    assert ENTRIES["rate.incoming_webhook"] == 1
    sandbox = await start(real_rate_limits=True, rate_window_seconds=600)
    url = await response_url(sandbox)
    assert (await post(url, text="1"))[0] == 200
    assert (await post(url, text="2"))[0] == 429


async def fill(client: AsyncWebClient, sandbox: Sandbox, count: int) -> None:
    """Put many messages into #general."""
    for i in range(count):
        sandbox._backend.posting.post(sandbox.channel("C1"), f"{i}")


async def test_history_of_an_app_outside_the_marketplace(start: Start) -> None:
    sandbox = await start(nonmarketplace_history=True)
    client = client_of(sandbox)
    await fill(client, sandbox, 20)
    some = await client.conversations_history(channel="C1", limit=100)
    assert len(some["messages"]) == ENTRIES["conversations.history.limit.nonmarketplace_distributed"]
    assert some["has_more"]
    assert ENTRIES["rate.conversations.history.nonmarketplace_distributed"] == 1
    assert await error_of(client.conversations_history(channel="C1")) == "ratelimited"
    assert ENTRIES["rate.conversations.replies.nonmarketplace_distributed"] == 1
    ts = some["messages"][0]["ts"]
    await client.conversations_replies(channel="C1", ts=ts)
    assert await error_of(client.conversations_replies(channel="C1", ts=ts)) == "ratelimited"


async def test_history_of_an_internal_app(start: Start) -> None:
    assert ENTRIES["rate.conversations.history.internal_or_marketplace"] == "tier3"
    sandbox = await start(real_rate_limits=True)
    client = client_of(sandbox)
    most = ENTRIES["conversations.history.limit.max"]
    await fill(client, sandbox, most + 5)
    whole = await client.conversations_history(channel="C1", limit=most + 1)
    assert len(whole["messages"]) == most
    for _ in range(ENTRIES["rate.tier3"] - 1):
        await client.conversations_history(channel="C1", limit=1)
    assert await error_of(client.conversations_history(channel="C1", limit=1)) == "ratelimited"
