"""A Slack in virtual time, behind the client that the gateway calls: it accepts, refuses, loses what is on its way, or
accepts and never answers. What it has accepted is what arrived.

A post is in a conversation's history `LONGEST_UNSEEN` seconds after the call at the latest: later than the last look is
the risk that is documented, and not looked for here.
"""

from __future__ import annotations

import asyncio
import contextvars
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from tests.universes.world import World

LONGEST_UNSEEN = 55.0
TEAM = "T0TEST"
# Seconds after which slack_sdk's client gives up by itself.
CLIENTS_TIMEOUT = 30.0
# Refusals of a post that end by themselves when the world is mended; those for good come apart.
MENDABLE = ("not_in_channel", "channel_not_found", "is_archived", "restricted_action", "missing_scope")
FOR_GOOD = ("msg_too_long", "invalid_blocks", "no_text")
UNCLEAR = ("internal_error", "fatal_error", "service_unavailable", "request_timeout")


class Reply(dict[str, Any]):
    """An answer as slack_sdk gives it, as far as the gateway reads it."""

    headers: dict[str, str]
    status_code = 200

    @property
    def data(self) -> dict[str, Any]:
        return self


@dataclass
class Kept:
    """A message that Slack has. `seen_from`: when history begins to show it."""

    channel: str
    ts: str
    key: str
    thread_ts: str | None
    text: str
    seen_from: float
    updates: int = 0


@dataclass(frozen=True)
class Course:
    """What happens to one call: virtual seconds of its way there and back, and what goes wrong. `error` is Slack's
    code."""

    there: float
    back: float
    error: str | None = None
    arrives: bool = True
    answers: bool = True
    is_reset: bool = False  # the connection breaks where no answer comes; otherwise nothing is heard at all
    unseen: float = 0.0


@dataclass
class Slack:
    """The workspace. `trouble` is the share of calls that go wrong; 0 once the world is mended."""

    world: World
    chances: random.Random
    trouble: float
    messages: dict[tuple[str, str], Kept] = field(default_factory=dict)
    accepted: list[Kept] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)  # what went wrong, by kind
    gone: set[str] = field(default_factory=set)  # deactivated accounts
    revoked_until: float = 0.0
    all_there_at: float = 0.0  # when what is on its way will have arrived
    _count: int = 0

    def by_key(self) -> Counter[str]:
        """How often each key arrived."""
        return Counter(one.key for one in self.accepted)

    def course_of(self, method: str) -> Course:
        """Decides what will happen to a call."""
        chances = self.chances
        there, back = chances.uniform(0.01, 0.2), chances.uniform(0.01, 0.2)
        unseen = chances.uniform(0.0, 40.0) if chances.random() < 0.25 else 0.0
        if self.world.loop.time() < self.revoked_until:
            return Course(there, back, error="token_revoked")
        if chances.random() >= self.trouble:
            return Course(there, back, unseen=unseen)
        kind = chances.choices(
            ("429", "refused", "never", "no answer", "slow", "unclear", "late", "revoked"), (3, 3, 3, 6, 3, 3, 2, 0.3)
        )[0]
        self.seen[f"{method} {kind}"] += 1
        is_reset = chances.random() < 0.5
        match kind:
            case "429":
                return Course(there, back, error="ratelimited")
            case "refused":
                return Course(there, back, error=self._refusal(method))
            case "never":
                return Course(there, back, arrives=False, answers=False, is_reset=is_reset)
            case "no answer":
                return Course(there, back, answers=False, is_reset=is_reset, unseen=unseen)
            case "slow":
                return Course(there, chances.uniform(3.0, 60.0), unseen=unseen)
            case "unclear":
                arrives = chances.random() < 0.5
                return Course(there, back, error=chances.choice(UNCLEAR), arrives=arrives, unseen=unseen)
            case "late":
                # It is on its way for so long that whoever sent it has given up.
                return Course(chances.uniform(5.0, LONGEST_UNSEEN - 1), back)
            case _:
                self.revoked_until = self.world.loop.time() + chances.uniform(1.0, 90.0)
                return Course(there, back, error="token_revoked")

    def _refusal(self, method: str) -> str:
        if method == "chat_postMessage" and self.chances.random() < 0.15:
            return self.chances.choice(FOR_GOOD)
        if method == "users_info":
            return "user_not_found"
        if method == "chat_update":
            return self.chances.choice(("message_not_found", "cant_update_message", *MENDABLE))
        return self.chances.choice(MENDABLE)

    def next_ts(self) -> str:
        """Slack's own clock, never the same twice."""
        self._count += 1
        return f"{self.world.epoch():.3f}{self._count % 1000:03}"


class Client:
    """What one process holds of Slack: `AsyncWebClient`, as far as the gateway calls it."""

    retry_handlers: tuple[Any, ...] = ()

    def __init__(self, slack: Slack, process: int) -> None:
        self._slack = slack
        self._process = process

    async def chat_postMessage(self, **asked: Any) -> Reply:
        """Accepts a message."""
        slack, world = self._slack, self._slack.world
        called = world.loop.time()
        key = asked["metadata"]["event_payload"]["key"]

        def accept(course: Course) -> dict[str, Any]:
            seen_from = min(world.loop.time() + course.unseen, called + LONGEST_UNSEEN)
            kept = Kept(asked["channel"], slack.next_ts(), key, asked.get("thread_ts"), asked["text"], seen_from)
            slack.messages[kept.channel, kept.ts] = kept
            slack.accepted.append(kept)
            world.note("accepted", key, kept.channel, kept.ts)
            return {"channel": kept.channel, "ts": kept.ts}

        return await self._call("chat_postMessage", accept, key)

    async def chat_update(self, **asked: Any) -> Reply:
        """Changes a message."""
        channel, ts = asked["channel"], asked["ts"]

        def accept(_course: Course) -> dict[str, Any] | str:
            kept = self._slack.messages.get((channel, ts))
            if kept is None:
                return "message_not_found"
            kept.text, kept.updates = asked["text"], kept.updates + 1
            self._slack.world.note("changed", channel, ts)
            return {"channel": channel, "ts": ts}

        return await self._call("chat_update", accept, ts)

    async def chat_postEphemeral(self, **asked: Any) -> Reply:
        """Shows something to one person in a channel; nothing of it stays."""
        return await self._call(
            "chat_postEphemeral", lambda _course: {"message_ts": self._slack.next_ts()}, asked["user"]
        )

    async def conversations_open(self, **asked: Any) -> Reply:
        """The one conversation with a person."""
        return await self._call(
            "conversations_open", lambda _course: {"channel": {"id": f"D{asked['users'][0]}"}}, asked["users"][0]
        )

    async def users_info(self, **asked: Any) -> Reply:
        """Whether an account was deactivated."""
        user = asked["user"]
        return await self._call(
            "users_info", lambda _course: {"user": {"id": user, "deleted": user in self._slack.gone}}, user
        )

    async def auth_test(self) -> Reply:
        """Who asks, and what time it is."""
        return await self._call("auth_test", lambda _course: {"team_id": TEAM}, "")

    async def conversations_history(self, **asked: Any) -> Reply:
        """What stands in a conversation by now."""
        return await self._call("conversations_history", lambda _course: self._read(asked, None), asked["channel"])

    async def conversations_replies(self, **asked: Any) -> Reply:
        """What stands in a thread by now."""
        return await self._call("conversations_replies", lambda _course: self._read(asked, asked["ts"]), asked["ts"])

    def _read(self, asked: dict[str, Any], thread_ts: str | None) -> dict[str, Any]:
        now, oldest = self._slack.world.loop.time(), float(asked["oldest"])
        found = [
            {"ts": one.ts, "metadata": {"event_payload": {"key": one.key}}}
            for one in self._slack.messages.values()
            if one.channel == asked["channel"]
            and one.seen_from <= now
            and float(one.ts) >= oldest
            and one.thread_ts == thread_ts
        ]
        # Newest first, a page of few at a time, as Slack pages what is long.
        found.reverse()
        start = int(asked.get("cursor") or 0)
        more = start + 5 < len(found)
        return {
            "messages": found[start : start + 5],
            "response_metadata": {"next_cursor": str(start + 5) if more else ""},
        }

    async def _call(self, method: str, accept: Callable[[Course], dict[str, Any] | str], about: str) -> Reply:
        """One call. What is on its way arrives, whatever becomes of who sent it."""
        slack, world = self._slack, self._slack.world
        world.require_life(self._process)
        course = slack.course_of(method)
        world.note("calls", self._process, method, about)
        answer: asyncio.Future[Reply] = world.loop.create_future()
        outside = contextvars.Context()
        if course.arrives or course.error is not None:
            slack.all_there_at = max(slack.all_there_at, world.loop.time() + course.there)
            world.loop.call_later(course.there, self._arrive, course, accept, answer, context=outside)
        elif course.is_reset:
            world.loop.call_later(course.there, _fail, answer, _never_made(), context=outside)
        world.may_stop(self._process)
        async with asyncio.timeout(CLIENTS_TIMEOUT):
            return await answer

    def _arrive(
        self, course: Course, accept: Callable[[Course], dict[str, Any] | str], answer: asyncio.Future[Reply]
    ) -> None:
        slack, world, outside = self._slack, self._slack.world, contextvars.Context()
        found: dict[str, Any] | str | None = None
        if course.error is None or (course.error in UNCLEAR and course.arrives):
            found = accept(course)
        code = course.error or (found if isinstance(found, str) else None)
        if code is None and not course.answers:
            if course.is_reset:
                world.loop.call_later(course.back, _fail, answer, aiohttp.ServerDisconnectedError(), context=outside)
            return
        headers = {"Date": formatdate(world.epoch(), usegmt=True)}
        reply = Reply(found if isinstance(found, dict) and code is None else {"ok": False, "error": code})
        reply.headers = headers
        if code is None:
            world.loop.call_later(course.back, _answer, answer, reply, context=outside)
            return
        if code == "ratelimited":
            headers["Retry-After"] = str(slack.chances.choice((1, 5, 30, 90)))
            reply.status_code = 429
        elif code in UNCLEAR and slack.chances.random() < 0.5:
            reply.status_code = 503
        error = SlackApiError(code, reply)  # type: ignore[no-untyped-call]
        world.loop.call_later(course.back, _fail, answer, error, context=outside)


def _answer(future: asyncio.Future[Reply], reply: Reply) -> None:
    if not future.done():
        future.set_result(reply)


def _fail(future: asyncio.Future[Reply], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)


def _never_made() -> Exception:
    key = aiohttp.client_reqrep.ConnectionKey("slack.test", 443, True, True, None, None, None)
    return aiohttp.ClientConnectorError(key, OSError(111, "Connection refused"))
