"""The only caller of Slack's Web API for sending: says what became of each call, and paces them. It never sends twice.

Errors are sorted as documented by Slack: a refusal is certain, a time-out, a reset, a 5xx or an `internal_error`
is not. Nothing here retries by itself, since Slack has no idempotency key.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import ElapsedTime
from bot.domain.outbox import NO_DIRECT_MESSAGES, RESTRICTED, cut_off
from bot.domain.sending import Ambiguous, Later, MayPost, NotTried, Outcome, Rejected, Sent
from bot.slack.message import Message
from bot.slack.pace import Pace

log = structlog.get_logger(__name__)

METADATA_TYPE = "backbeat_delivery"
ASKED_TO_WAIT = "Slack asks to wait"
# Before Slack has to ask: so much was sent within a minute.
IN_TURN = "it waits its turn: Slack takes only so many a minute"
# By how much what an answer says of the time may be behind another one: a second, and the answer's way.
WHOLE_SECOND = 1.5

AMBIGUOUS_CODES = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
LATER_CODES = frozenset(
    {"ratelimited", "rate_limited", "message_limit_exceeded", "org_login_required", "team_added_to_org"}
)
# Refusals that somebody can mend, with the mend. Codes are for the log, words for people.
MENDS: Mapping[str, str] = {
    "channel_not_found": "Slack doesn't show it to me: invite me there with /invite @Backbeat, or name another channel",
    "not_in_channel": cut_off(is_archived=False).words,
    "is_archived": cut_off(is_archived=True).words,
    "account_inactive": "the account or the app was deactivated: reinstall the app or link another account",
    "token_revoked": "the token was revoked: reinstall the app and set the new SLACK_BOT_TOKEN",
    "invalid_auth": "the token is not valid: set the right SLACK_BOT_TOKEN",
    "missing_scope": "the app lacks a permission: install it again with the manifest of `backbeat manifest`",
    "messages_tab_disabled": "the app's Messages tab is off: turn it on in the app's settings",
    "restricted_action": "the workspace doesn't let me post here: ask a workspace admin",
    "user_disabled": "the Slack account is deactivated: link another one",
}
# Refusals that only a change of the program mends.
WORDS: Mapping[str, str] = {
    "invalid_blocks": "Slack doesn't take the layout of this message",
    "invalid_blocks_format": "Slack doesn't take the layout of this message",
    "msg_too_long": "this message is longer than Slack takes",
    "msg_blocks_too_long": "this message is longer than Slack takes",
}
REFUSED = "Slack refused it; the log says more"
# With these it is one person to whom Slack takes nothing; a code may have an ending.
_NOT_TO_THEM = frozenset(NO_DIRECT_MESSAGES)
# With these the token is at fault: once it is mended, a look says what became of the message.
TOKEN_CODES = frozenset({"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"})
# And with these whatever goes to Slack waits, a change too: the app is at fault, not what it says.
APP_CODES = TOKEN_CODES | {"missing_scope"}
# The client's methods that send, as Slack calls them.
_METHODS: Mapping[str, str] = {"chat_postMessage": "chat.postMessage", "chat_update": "chat.update"}
# With these a note would not be seen in a channel, and may be in another one.
_NOT_THERE = frozenset({"user_not_in_channel", "not_in_channel", "channel_not_found", "is_archived"})


def refusal_of(code: str) -> str | None:
    """The code of a refusal by which Slack takes no direct message to one person; None for any other."""
    known = RESTRICTED if code.startswith(RESTRICTED) else code
    return known if known in _NOT_TO_THEM else None


@dataclass(frozen=True, slots=True)
class Found:
    ts: str


@dataclass(frozen=True, slots=True)
class NotFound:
    pass


@dataclass(frozen=True, slots=True)
class CannotLook:
    """The conversation cannot be searched; nobody can know what became of the message. `code` is Slack's own."""

    reason: str
    code: str


Look = Found | NotFound | CannotLook | Later


class Gateway:
    """Sends and looks, one conversation at a time. `spacing` is elapsed seconds between posts to one conversation.

    Where Slack asks to wait, it means the method as a whole: until then nothing is sent by it. With a `pace` it needs
    not ask.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        elapsed: ElapsedTime,
        *,
        spacing: float = 1.0,
        at_once: int = 4,
        pace: Pace | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if client.retry_handlers:
            raise ValueError("the sending client must not retry: a retried post arrives twice")
        self._client = client
        self._elapsed = elapsed
        self._spacing = spacing
        self._sleep = sleep
        self.at_once = at_once
        self.pace = pace
        self._gate = asyncio.Semaphore(at_once)
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._last: dict[str, float] = {}
        self._paused: dict[str, float] = {}
        # What time it was at Slack when elapsed time stood at zero, by the last answer that said so, and when it came.
        self._slack_zero: float | None = None
        self.heard_at = float("-inf")

    @property
    def slack_ahead(self) -> float:
        """How many seconds Slack's clock is ahead of this machine's; one that leaps is noticed without an answer."""
        return self.slack_now() - self._elapsed.epoch()

    def slack_now(self) -> float:
        """What time it is at Slack, in epoch seconds: by its last answer and what has passed since, whatever this
        machine's clock shows. Until it has said so, by that clock."""
        if self._slack_zero is None:
            return self._elapsed.epoch()
        return self._slack_zero + self._elapsed.monotonic()

    def hear_time(self, moment: datetime | None) -> None:
        """Takes over what time it was at Slack just now."""
        if moment is None:
            return
        self.heard_at = self._elapsed.monotonic()
        zero = moment.timestamp() - self.heard_at
        # An answer says the time in whole seconds that have passed. The latest of what answers say is the nearest, and
        # time by it doesn't go back and forth.
        if self._slack_zero is None or not 0 <= self._slack_zero - zero < WHOLE_SECOND:
            self._slack_zero = zero

    async def ask_time(self) -> bool:
        """Asks Slack what time it is; whether it answered."""
        try:
            await self._heard(self._client.auth_test())
        except (SlackApiError, TimeoutError, aiohttp.ClientError, OSError):
            return False
        return True

    async def open_dm(self, user_id: str) -> Sent | Later | Rejected:
        """The direct conversation with a person; idempotent, so a lost answer is simply asked for again."""
        if (rest := self._rest("conversations.open")) > 0:
            return Later(rest, IN_TURN)
        try:
            reply = await self._client.conversations_open(users=[user_id])
        except SlackApiError as error:
            outcome = _api_outcome(error)
            return Later(5.0, outcome.reason) if isinstance(outcome, Ambiguous) else outcome
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return Later(5.0, _unreachable(error))
        return Sent(str(reply["channel"]["id"]), "")

    async def is_active(self, user_id: str) -> bool | Later:
        """Whether the account still exists: Slack takes messages to a deactivated one without a word."""
        if (rest := self._rest("users.info")) > 0:
            return Later(rest, IN_TURN)
        try:
            reply = await self._heard(self._client.users_info(user=user_id))
        except SlackApiError as error:
            outcome = _api_outcome(error)
            if isinstance(outcome, Later):
                return outcome
            # Not being shown the account is no proof that it is gone, as with connected people.
            return True
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return Later(5.0, _unreachable(error))
        return not reply["user"].get("deleted", False)

    async def post(
        self,
        channel_id: str,
        message: Message,
        *,
        key: str,
        thread_ts: str | None = None,
        may_post: MayPost | None = None,
        within: float | None = None,
    ) -> Outcome | NotTried:
        """Posts once, with the key as metadata that a later look can find.

        `may_post` is asked when its turn has come, right before the post: a turn may be long in coming. After `within`
        elapsed seconds without an answer it is unclear whether it arrived.
        """
        content = message.content()
        arguments: dict[str, Any] = {
            "channel": channel_id,
            "text": content["text"],
            "blocks": content["blocks"] or None,
            "metadata": {"event_type": METADATA_TYPE, "event_payload": {"key": key}},
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if thread_ts is not None:
            arguments["thread_ts"] = thread_ts
            if message.broadcast:
                arguments["reply_broadcast"] = True
        async with self._turn(channel_id):
            return await self._send(self._client.chat_postMessage, arguments, may_post, within)

    async def leave_note(self, channel_ids: Sequence[str], user_id: str, message: Message) -> str | None:
        """Shows something to one person in the first of these channels that they are in; returns which, None where they
        are in none of them, or nobody knows. Slack shows it only while they look, and never says whether it did."""
        content = message.content()
        for channel_id in channel_ids:
            if self._rest("chat.postEphemeral") > 0:
                return None
            try:
                await self._heard(
                    self._client.chat_postEphemeral(
                        channel=channel_id, user=user_id, text=content["text"], blocks=content["blocks"]
                    )
                )
            except SlackApiError as error:
                if code_of(error) in _NOT_THERE:
                    continue
                log.warning("note_not_left", code=code_of(error))
                return None
            except (TimeoutError, aiohttp.ClientError, OSError) as error:
                log.warning("note_not_left", error=type(error).__name__)
                return None
            return channel_id
        return None

    async def update(
        self,
        channel_id: str,
        ts: str,
        message: Message,
        *,
        key: str,
        may_post: MayPost | None = None,
        within: float | None = None,
    ) -> Outcome | NotTried:
        """Changes a message; doing it again does no harm."""
        arguments: dict[str, Any] = {
            "channel": channel_id,
            "ts": ts,
            **message.content(),
            "metadata": {"event_type": METADATA_TYPE, "event_payload": {"key": key}},
        }
        async with self._gate:
            return await self._send(self._client.chat_update, arguments, may_post, within)

    async def _send(
        self,
        method: Callable[..., Awaitable[Any]],
        arguments: dict[str, Any],
        may_post: MayPost | None,
        within: float | None,
    ) -> Outcome | NotTried:
        name = method.__name__
        rest = self._paused.get(name, float("-inf")) - self._elapsed.monotonic()
        if rest > 0:
            return Later(rest, ASKED_TO_WAIT)
        if (rest := self._rest(_METHODS[name])) > 0:
            return Later(rest, IN_TURN)
        if may_post is not None and not await may_post():
            if self.pace is not None:
                self.pace.give_back(_METHODS[name])
            return NotTried()
        outcome = await _call(self._heard(method(**arguments)), within)
        if isinstance(outcome, Later) and outcome.reason == ASKED_TO_WAIT:
            self._paused[name] = max(self._paused.get(name, 0.0), self._elapsed.monotonic() + outcome.seconds)
        return outcome

    async def find(self, channel_id: str, *, key: str, oldest: str, thread_ts: str | None = None) -> Look:
        """Looks for the message with this key, through all pages since `oldest` (Slack's ts)."""
        found = await self.arrived_since(channel_id, oldest=oldest, thread_ts=thread_ts, until_key=key)
        if isinstance(found, CannotLook | Later):
            return found
        return Found(found[key]) if key in found else NotFound()

    async def arrived_since(
        self, channel_id: str, *, oldest: str, thread_ts: str | None = None, until_key: str | None = None
    ) -> Mapping[str, str] | CannotLook | Later:
        """Slack's ts of every message with a key since `oldest` in a conversation or below a message, by key; of one
        that is there twice, the first. No page is read after the one with `until_key`."""
        found: dict[str, str] = {}
        cursor: str | None = None
        while True:
            arguments: dict[str, Any] = {
                "channel": channel_id,
                "oldest": oldest,
                "inclusive": True,
                "limit": 200,
                "include_all_metadata": True,
            }
            if cursor:
                arguments["cursor"] = cursor
            try:
                if thread_ts is not None:
                    reply = await self._client.conversations_replies(ts=thread_ts, **arguments)
                else:
                    reply = await self._client.conversations_history(**arguments)
            except SlackApiError as error:
                outcome = _api_outcome(error)
                if isinstance(outcome, Rejected) and outcome.code not in TOKEN_CODES:
                    # Whatever the code is, asking again gets the same answer.
                    return CannotLook(f"the conversation can't be searched, since {outcome.reason}", outcome.code)
                return outcome if isinstance(outcome, Later) else Later(5.0, outcome.reason)
            except (TimeoutError, aiohttp.ClientError, OSError) as error:
                return Later(5.0, _unreachable(error))
            for message in reply.get("messages") or []:
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                key, ts = payload.get("key"), str(message["ts"])
                if isinstance(key, str):
                    found[key] = min(ts, found.get(key, ts))
            cursor = (reply.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None or until_key in found:
                return found

    def _rest(self, method: str) -> float:
        """For how long this method is not called, ahead of Slack's word; 0 where it may be, and is."""
        return self.pace.wait(method) if self.pace is not None else 0.0

    async def _heard(self, request: Awaitable[Any]) -> Any:
        reply = await request
        self.hear_time(date_of(reply.headers))
        return reply

    def _turn(self, channel_id: str) -> _Turn:
        return _Turn(self, channel_id)

    async def wait_turn(self, channel_id: str) -> None:
        """Waits until this conversation may get its next post."""
        wait = self._last.get(channel_id, float("-inf")) + self._spacing - self._elapsed.monotonic()
        if wait > 0:
            await self._sleep(wait)
        self._last[channel_id] = self._elapsed.monotonic()


class _Turn:
    """One conversation's posts go one after the other, and only a few conversations at once."""

    def __init__(self, gateway: Gateway, channel_id: str) -> None:
        self._gateway = gateway
        self._channel_id = channel_id

    async def __aenter__(self) -> None:
        lock = self._gateway._locks[self._channel_id]
        await lock.acquire()
        try:
            await self._gateway.wait_turn(self._channel_id)
            await self._gateway._gate.acquire()
        except BaseException:
            lock.release()
            raise

    async def __aexit__(self, *_: object) -> None:
        self._gateway._gate.release()
        self._gateway._locks[self._channel_id].release()


async def _call(request: Awaitable[Any], within: float | None) -> Outcome:
    try:
        async with asyncio.timeout(within):
            reply = await request
            return Sent(str(reply["channel"]), str(reply["ts"]))
    except SlackApiError as error:
        return _api_outcome(error)
    except aiohttp.ClientConnectorError as error:
        # The connection was never made, so nothing can have arrived.
        return Later(5.0, _unreachable(error))
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        log.warning("slack_did_not_answer", error=type(error).__name__)
        return Ambiguous("Slack did not answer")
    except Exception as error:
        # The request was on its way: whatever happened here says nothing about what happened there.
        log.warning("slacks_answer_not_read", error=type(error).__name__)
        return Ambiguous("Slack's answer could not be read")


def date_of(headers: Mapping[str, Any] | None) -> datetime | None:
    """What time it was at Slack when it answered; None where it doesn't say, or nobody can read it."""
    found = next((value for name, value in (headers or {}).items() if name.lower() == "date"), None)
    try:
        return parsedate_to_datetime(found) if isinstance(found, str) else None
    except ValueError:
        return None


def code_of(error: SlackApiError) -> str:
    """Slack's own code; empty where what answered gave none."""
    data = getattr(error.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, Mapping) else ""


def asked_wait(error: SlackApiError) -> float:
    """How many seconds Slack asks to wait; 5 where it doesn't say."""
    return wait_in(getattr(error.response, "headers", {}) or {})


def wait_in(headers: Mapping[str, Any]) -> float:
    """How many seconds the headers of an answer ask to wait; 5 where they don't say."""
    waits = headers.get("Retry-After") or headers.get("retry-after") or "5"
    return float(waits) if str(waits).replace(".", "", 1).isdigit() else 5.0


def _api_outcome(error: SlackApiError) -> Ambiguous | Later | Rejected:
    status = getattr(error.response, "status_code", 200)
    code = code_of(error)
    if status == 429 or code in LATER_CODES:
        return Later(asked_wait(error), ASKED_TO_WAIT)
    if status >= 500 or code in AMBIGUOUS_CODES or not code:
        log.warning("slack_answered_unclearly", code=code, status=status)
        return Ambiguous("Slack answered unclearly")
    mend = MENDS.get("restricted_action" if code.startswith("restricted_action") else code)
    return Rejected(code, mend or WORDS.get(code, REFUSED), mendable=mend is not None)


def _unreachable(error: BaseException) -> str:
    log.warning("slack_not_reached", error=type(error).__name__)
    return "Slack can't be reached"
