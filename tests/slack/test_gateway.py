"""The gateway: what each answer of Slack means, one post at a time to a conversation, and never a second try."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.clock import SystemElapsedTime
from bot.demo import user_id_of, workspace_of
from bot.domain.record import Record
from bot.domain.sending import Ambiguous, Later, NotTried, Rejected, Sent
from bot.sandbox import Sandbox
from bot.sandbox.workspace import Channel
from bot.slack.gateway import (
    IN_TURN,
    MENDS,
    CannotLook,
    Found,
    Gateway,
    NotFound,
)
from bot.slack.manifest import manifest
from bot.slack.message import Message
from bot.slack.pace import Pace

HELLO = Message("Hello")
IMANI = user_id_of("imani")


@dataclass
class Elapsed:
    """Time that passes only by sleeping."""

    now: float = 100.0
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now

    def epoch(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds
        await asyncio.sleep(0)


@pytest.fixture
async def sandbox(sample: Record, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sandbox]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    async with await Sandbox.start(manifest(), workspace_of(sample)) as running:
        yield running


def client_of(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, timeout=5, retry_handlers=[])


@pytest.fixture
def gateway(sandbox: Sandbox) -> Gateway:
    return Gateway(client_of(sandbox), SystemElapsedTime(), spacing=0.0)


def steering(sandbox: Sandbox) -> Channel:
    channel = sandbox.workspace.channel_called("lb-steering")
    assert channel is not None
    return channel


async def post(gateway: Gateway, sandbox: Sandbox, message: Message = HELLO, **how: Any) -> Any:
    return await gateway.post(steering(sandbox).id, message, **{"key": "k1"} | how)


def test_a_client_that_retries_by_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="must not retry"):
        Gateway(AsyncWebClient(token="x", retry_handlers=[AsyncConnectionErrorRetryHandler()]), SystemElapsedTime())


async def test_a_post_carries_its_key_and_nothing_else_as_metadata(sandbox: Sandbox, gateway: Gateway) -> None:
    outcome = await post(gateway, sandbox)
    (accepted,) = sandbox.record.posts
    assert outcome == Sent(steering(sandbox).id, accepted.ts)
    assert accepted.metadata == {"event_type": "backbeat_delivery", "event_payload": {"key": "k1"}}


@pytest.mark.parametrize(
    ("kind", "accepted"),
    [
        ("drop_before_accept", 0),
        ("drop_after_accept", 1),
        ("error_500", 0),
        ("error_500_after_accept", 1),
        ("internal_error", 1),
    ],
)
async def test_an_unclear_answer_is_said_to_be_unclear_and_tried_once(
    sandbox: Sandbox, gateway: Gateway, kind: str, accepted: int
) -> None:
    fault = sandbox.faults.add("chat.postMessage", kind, times=5)
    assert isinstance(await post(gateway, sandbox), Ambiguous)
    assert fault.hit == 1
    assert len(sandbox.record.posts) == accepted


async def test_no_answer_in_time_is_unclear(sandbox: Sandbox, gateway: Gateway) -> None:
    sandbox.faults.add("chat.postMessage", "withhold", seconds=30)
    outcome = await post(gateway, sandbox, within=0.3)
    assert outcome == Ambiguous("Slack did not answer")
    assert len(sandbox.record.posts) == 1


async def test_an_answer_that_makes_no_sense_is_unclear(
    sandbox: Sandbox, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def odd(**_: Any) -> Any:
        return {"ok": True}

    monkeypatch.setattr(gateway._client, "chat_postMessage", odd)
    odd.__name__ = "chat_postMessage"
    assert isinstance(await post(gateway, sandbox), Ambiguous)


async def test_where_nothing_can_be_reached_nothing_has_arrived(sandbox: Sandbox) -> None:
    client = AsyncWebClient(token="x", base_url="http://127.0.0.1:9/api/", retry_handlers=[])
    gateway = Gateway(client, SystemElapsedTime(), spacing=0.0)
    assert await post(gateway, sandbox) == Later(5.0, "Slack can't be reached")


async def test_a_wait_is_as_long_as_slack_asks(sandbox: Sandbox, gateway: Gateway) -> None:
    sandbox.faults.add("chat.postMessage", "rate_limited", seconds=77)
    assert await post(gateway, sandbox) == Later(77.0, "Slack asks to wait")
    assert not sandbox.record.posts


async def test_until_the_wait_is_over_the_method_is_not_called_at_all(sandbox: Sandbox) -> None:
    elapsed = Elapsed()
    gateway = Gateway(client_of(sandbox), elapsed, spacing=0.0, sleep=elapsed.sleep)
    fault = sandbox.faults.add("chat.postMessage", "rate_limited", seconds=60, times=9)
    await post(gateway, sandbox)
    elapsed.now += 20
    assert await gateway.post(steering(sandbox).id, HELLO, key="k2") == Later(40.0, "Slack asks to wait")
    assert fault.hit == 1
    sandbox.faults.clear()
    elapsed.now += 40
    outcome = await post(gateway, sandbox)
    assert isinstance(outcome, Sent)
    # Other methods are not meant by it.
    sandbox.faults.add("chat.postMessage", "rate_limited", seconds=60)
    await post(gateway, sandbox, key="k3")
    assert isinstance(await gateway.update(outcome.channel_id, outcome.ts, HELLO, key="k1"), Sent)


REFUSALS = {
    "is_archived": (True, "archived"),
    "not_in_channel": (True, "I'm not in it"),
    "channel_not_found": (True, "Slack doesn't show it to me"),
    "missing_scope": (True, "lacks a permission"),
    "invalid_auth": (True, "token is not valid"),
    "restricted_action_read_only_channel": (True, "doesn't let me post here"),
    "invalid_blocks": (False, "Slack doesn't take the layout of this message"),
}


@pytest.mark.parametrize("code", REFUSALS)
async def test_a_refusal_says_whether_and_how_it_can_be_mended(sandbox: Sandbox, gateway: Gateway, code: str) -> None:
    channel, message = steering(sandbox), HELLO
    match code:
        case "is_archived":
            channel.is_archived = True
        case "not_in_channel":
            channel.kind = "public"
            channel.members.remove("U0SANDBOT")
        case "channel_not_found":
            channel.members.remove("U0SANDBOT")
        case "missing_scope":
            object.__setattr__(sandbox._core.app, "scopes", frozenset())
        case "invalid_auth":
            gateway._client.token = "xoxb-other"
        case "restricted_action_read_only_channel":
            channel.is_read_only = True
        case _:
            message = Message("Hello", ({"type": "nonsense"},))
    outcome = await post(gateway, sandbox, message)
    mendable, reason = REFUSALS[code]
    assert isinstance(outcome, Rejected)
    assert (outcome.code, outcome.mendable) == (code, mendable)
    assert reason in outcome.reason
    assert not sandbox.record.posts


@pytest.mark.parametrize(
    ("code", "means"),
    [
        ("account_inactive", Rejected),
        ("token_revoked", Rejected),
        ("messages_tab_disabled", Rejected),
        ("msg_too_long", Rejected),
        ("ratelimited", Later),
        ("org_login_required", Later),
        ("fatal_error", Ambiguous),
        ("service_unavailable", Ambiguous),
    ],
)
async def test_codes_are_sorted_as_slack_documents_them(
    sandbox: Sandbox, gateway: Gateway, code: str, means: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway._client, "chat_postMessage", _answering(gateway._client, {"ok": False, "error": code}))
    assert isinstance(await post(gateway, sandbox), means)


def _answering(client: AsyncWebClient, data: dict[str, Any]) -> Any:
    async def chat_postMessage(**_: Any) -> AsyncSlackResponse:
        reply = AsyncSlackResponse(
            client=client, http_verb="POST", api_url="x", req_args={}, data=data, headers={}, status_code=200
        )
        reply.validate()  # type: ignore[no-untyped-call]
        return reply

    return chat_postMessage


async def test_it_asks_right_before_the_post_whether_it_still_may(sandbox: Sandbox, gateway: Gateway) -> None:
    asked: list[int] = []

    async def no() -> bool:
        asked.append(len(sandbox.record.posts))
        return False

    gateway.pace = Pace(SystemElapsedTime(), limits={"chat.postMessage": 2, "chat.update": 2})
    assert await post(gateway, sandbox, may_post=no) == NotTried()
    assert asked == [0]
    assert not sandbox.record.posts
    outcome = await post(gateway, sandbox)
    assert isinstance(
        await gateway.update(outcome.channel_id, outcome.ts, Message("New"), key="k1", may_post=no), NotTried
    )
    assert next(iter(steering(sandbox).messages.values())).text == "Hello"


async def test_whoever_waits_for_a_turn_is_asked_only_when_it_comes(sandbox: Sandbox, gateway: Gateway) -> None:
    sandbox.faults.add("chat.postMessage", "withhold", seconds=5)
    asked: list[int] = []

    async def yes() -> bool:
        asked.append(len(sandbox.record.posts))
        return True

    first = asyncio.create_task(post(gateway, sandbox, key="first"))
    await sandbox.until(lambda: len(sandbox.record.posts) == 1)
    second = asyncio.create_task(post(gateway, sandbox, key="second", may_post=yes))
    await asyncio.sleep(0)
    assert not asked
    sandbox.faults.release()
    await asyncio.gather(first, second)
    assert asked == [1]


async def test_posts_to_one_conversation_keep_their_distance_and_others_do_not_wait(sandbox: Sandbox) -> None:
    elapsed = Elapsed()
    gateway = Gateway(client_of(sandbox), elapsed, spacing=1.0, sleep=elapsed.sleep)
    for number in range(3):
        assert isinstance(await post(gateway, sandbox, key=str(number)), Sent)
    assert elapsed.slept == [1.0, 1.0]
    other = sandbox.workspace.channel_called("lb-talent")
    assert other is not None
    assert isinstance(await gateway.post(other.id, HELLO, key="other"), Sent)
    assert elapsed.slept == [1.0, 1.0]


async def test_posts_to_one_conversation_stand_in_the_order_in_which_they_were_asked_for(
    sandbox: Sandbox, gateway: Gateway
) -> None:
    sandbox.faults.add("chat.postMessage", "delay", seconds=0.05)
    await asyncio.gather(*(post(gateway, sandbox, Message(str(number)), key=str(number)) for number in range(5)))
    assert [accepted.text for accepted in sandbox.record.posts] == ["0", "1", "2", "3", "4"]


async def test_a_turn_is_passed_on_when_somebody_gives_up_waiting(sandbox: Sandbox, gateway: Gateway) -> None:
    sandbox.faults.add("chat.postMessage", "withhold", seconds=5)
    first = asyncio.create_task(post(gateway, sandbox, key="first"))
    await sandbox.until(lambda: len(sandbox.record.posts) == 1)
    second = asyncio.create_task(post(gateway, sandbox, key="second"))
    await asyncio.sleep(0)
    second.cancel()
    sandbox.faults.release()
    await asyncio.gather(first, second, return_exceptions=True)
    assert isinstance(await asyncio.wait_for(post(gateway, sandbox, key="third"), 5), Sent)


async def test_a_look_finds_the_key_in_the_channel_in_a_thread_and_nowhere_else(
    sandbox: Sandbox, gateway: Gateway
) -> None:
    head = await post(gateway, sandbox, key="head")
    reply = await post(gateway, sandbox, key="reply", thread_ts=head.ts)
    channel = steering(sandbox).id
    assert await gateway.find(channel, key="head", oldest="0") == Found(head.ts)
    assert await gateway.find(channel, key="reply", oldest="0") == NotFound()
    assert await gateway.find(channel, key="reply", oldest="0", thread_ts=head.ts) == Found(reply.ts)
    assert await gateway.find(channel, key="other", oldest="0", thread_ts=head.ts) == NotFound()
    assert await gateway.find(channel, key="head", oldest=f"{float(head.ts) + 10:.6f}") == NotFound()


async def test_a_look_reads_every_page(sandbox: Sandbox, gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await post(gateway, sandbox, key="first")
    for number in range(7):
        await post(gateway, sandbox, key=str(number))
    history = gateway._client.conversations_history

    async def small_pages(**arguments: Any) -> AsyncSlackResponse:
        return await history(**{**arguments, "limit": 3})

    monkeypatch.setattr(gateway._client, "conversations_history", small_pages)
    assert await gateway.find(steering(sandbox).id, key="first", oldest="0") == Found(first.ts)
    assert await gateway.find(steering(sandbox).id, key="none", oldest="0") == NotFound()


@pytest.mark.parametrize("code", ["not_in_channel", "missing_scope", "channel_not_found", "thread_not_found"])
async def test_a_refused_look_is_no_answer(sandbox: Sandbox, gateway: Gateway, code: str) -> None:
    channel = steering(sandbox)
    match code:
        case "not_in_channel":
            channel.kind = "public"
            channel.members.remove("U0SANDBOT")
        case "channel_not_found":
            channel.members.remove("U0SANDBOT")
        case "missing_scope":
            object.__setattr__(sandbox._core.app, "scopes", frozenset({"chat:write"}))
    thread = "1.000100" if code == "thread_not_found" else None
    look = await gateway.find(channel.id, key="k1", oldest="0", thread_ts=thread)
    words = MENDS.get(code, "Slack refused it; the log says more")
    assert look == CannotLook(f"the conversation can't be searched, since {words}", code)
    assert code not in look.reason


async def test_a_refusal_that_nobody_has_heard_of_does_not_make_it_look_for_ever(
    sandbox: Sandbox, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = _answering(gateway._client, {"ok": False, "error": "ekm_access_denied"})
    monkeypatch.setattr(gateway._client, "conversations_history", answer)
    look = await gateway.find(steering(sandbox).id, key="k1", oldest="0")
    words = "the conversation can't be searched, since Slack refused it; the log says more"
    assert look == CannotLook(words, "ekm_access_denied")


async def test_a_look_with_a_token_that_is_mended_later_is_tried_later(sandbox: Sandbox, gateway: Gateway) -> None:
    gateway._client.token = "xoxb-other"
    assert isinstance(await gateway.find(steering(sandbox).id, key="k1", oldest="0"), Later)


@pytest.mark.parametrize("kind", ["error_500", "drop_before_accept", "internal_error", "rate_limited"])
async def test_a_look_that_gets_no_answer_is_tried_later(sandbox: Sandbox, gateway: Gateway, kind: str) -> None:
    # The HTTP client itself asks once more where a connection ends while something is only read.
    sandbox.faults.add("conversations.history", kind, times=2, seconds=7)
    look = await gateway.find(steering(sandbox).id, key="k1", oldest="0")
    assert isinstance(look, Later)
    assert look.seconds == (7.0 if kind == "rate_limited" else 5.0)


async def test_a_conversation_is_opened_once_and_found_again(sandbox: Sandbox, gateway: Gateway) -> None:
    first = await gateway.open_dm(IMANI)
    assert isinstance(first, Sent)
    assert await gateway.open_dm(IMANI) == first
    for kind in ("error_500", "drop_after_accept", "internal_error"):
        sandbox.faults.add("conversations.open", kind)
        assert isinstance(await gateway.open_dm(IMANI), Later)
    assert isinstance(await gateway.open_dm("U0NOBODY"), Rejected)


async def test_a_deactivated_account_is_noticed_and_a_doubtful_one_is_not_given_up(
    sandbox: Sandbox, gateway: Gateway
) -> None:
    assert await gateway.is_active(IMANI) is True
    sandbox.change_user(IMANI, deleted=True)
    assert await gateway.is_active(IMANI) is False
    # Not being shown an account is no proof that it is gone.
    assert await gateway.is_active("U0NOBODY") is True
    sandbox.faults.add("users.info", "rate_limited", seconds=3)
    assert await gateway.is_active(IMANI) == Later(3.0, "Slack asks to wait")
    sandbox.faults.add("users.info", "drop_before_accept", times=2)
    assert isinstance(await gateway.is_active(IMANI), Later)


async def test_an_update_changes_the_message_and_keeps_its_key(sandbox: Sandbox, gateway: Gateway) -> None:
    sent = await post(gateway, sandbox)
    assert await gateway.update(sent.channel_id, sent.ts, Message("New"), key="k1") == sent
    (message,) = steering(sandbox).messages.values()
    assert message.text == "New"
    assert await gateway.find(sent.channel_id, key="k1", oldest="0") == Found(sent.ts)
    del steering(sandbox).messages[sent.ts]
    gone = await gateway.update(sent.channel_id, sent.ts, Message("New"), key="k1")
    assert isinstance(gone, Rejected)
    assert gone.code == "message_not_found"


async def test_whoever_is_too_quick_waits_its_turn_and_slack_hears_nothing(sandbox: Sandbox) -> None:
    elapsed = Elapsed()
    gateway = Gateway(client_of(sandbox), elapsed, spacing=0.0, pace=Pace(elapsed, 60.0, {"chat.postMessage": 2}))
    channel = steering(sandbox).id
    assert isinstance(await gateway.post(channel, Message("one"), key="one"), Sent)
    elapsed.now += 20
    asked: list[str] = []

    async def may_post() -> bool:
        asked.append("asked")
        return True

    assert await gateway.post(channel, Message("two"), key="two", may_post=may_post) == Later(40.0, IN_TURN)
    assert not asked, "its lease is not renewed for nothing"
    elapsed.now += 40
    assert isinstance(await gateway.post(channel, Message("two"), key="two", may_post=may_post), Sent)
    assert [post.text for post in sandbox.record.posts] == ["one", "two"]


@pytest.mark.parametrize("method", ["users.info", "conversations.open"])
async def test_what_comes_before_a_direct_message_has_its_turn_too(sandbox: Sandbox, method: str) -> None:
    elapsed = Elapsed()
    gateway = Gateway(client_of(sandbox), elapsed, spacing=0.0, pace=Pace(elapsed, 60.0, {method: 2}))
    user = next(iter(sandbox.workspace.users))
    ask = gateway.is_active if method == "users.info" else gateway.open_dm
    assert not isinstance(await ask(user), Later)
    assert await ask(user) == Later(60.0, IN_TURN)
