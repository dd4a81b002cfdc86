"""Getting a payload to the bot over either transport: one try for interactions, redelivery for events."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.sandbox.core import BOT_USER_ID, VERIFICATION_TOKEN, Core
from bot.sandbox.feed import PATIENCE
from bot.sandbox.http_delivery import HttpDelivery
from bot.sandbox.socket import ConnectionLost, SocketMode
from bot.sandbox.workspace import JSON

EVENT_SCOPES: dict[str, str] = {
    "message.im": "im:history",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "app_mention": "app_mentions:read",
    "user_change": "users:read",
    "team_join": "users:read",
}
KIND_OF_ENVELOPE = {"interactions": "interactive", "options": "interactive", "commands": "slash_commands"}
HOUR = 3600.0
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """The bot's answer to a command or interaction, or the word Slack has for there being none."""

    body: Any = None
    error: str | None = None


class Delivery:
    """The way out to the bot."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.sockets = SocketMode(core)
        self.http = HttpDelivery(core)
        self.subscriptions_disabled = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._sent: deque[tuple[float, bool]] = deque()
        self._accepted: deque[float] = deque()
        self._limited_minute = -1

    @property
    def ways(self) -> int:
        """How many connections payloads can go out by; a request URL counts as one."""
        return 1 if self._core.settings.request_urls is not None else self.sockets.count

    async def request(self, kind: str, payload: JSON) -> Answer:
        """Send a command, interaction or options request once and wait for the answer."""
        timeout = self._core.settings.ack_seconds
        if not self._core.is_installed:
            return Answer(error="app_not_installed")
        if self._core.settings.request_urls is not None:
            try:
                reply = await self.http.send(kind, payload, timeout=timeout)
            except TimeoutError:
                return Answer(error="operation_timeout")
            except aiohttp.ClientError:
                return Answer(error="dispatch_failed")
            if not 200 <= reply.status < 300:
                return Answer(error="dispatch_failed")
            return Answer(reply.body)
        if not self.sockets.count:
            log.warning("The bot has no connection that takes a request of kind %s.", kind)
            self._core.wire.add(
                "out",
                "envelope",
                payload.get("command") or payload.get("type", kind),
                request=payload,
                error="dispatch_failed",
            )
            return Answer(error="dispatch_failed")
        try:
            return Answer(
                await self.sockets.send(
                    KIND_OF_ENVELOPE[kind], payload, accepts_response=True, timeout=timeout, retry=None
                )
            )
        except TimeoutError:
            log.warning("The bot did not acknowledge a request of kind %s within %g s.", kind, timeout)
            return Answer(error="operation_timeout")
        except ConnectionLost:
            log.warning("The bot's connection went away under a request of kind %s.", kind)
            return Answer(error="dispatch_failed")

    def subscribed(self, name: str) -> bool:
        """Whether the manifest subscribes to an event and the bot has the scope it needs."""
        scope = EVENT_SCOPES.get(name)
        if name == "member_joined_channel":
            return name in self._core.app.events and bool({"channels:read", "groups:read"} & self._core.app.scopes)
        return name in self._core.app.events and (scope is None or scope in self._core.app.scopes)

    def event(self, name: str, event: JSON, *, ext_shared: bool = False) -> str | None:
        """Start delivering an event; its event_id, or None where the app does not get it.

        `name` is the subscription's name, such as `message.im`; `event` the inner event.
        """
        if not self._core.is_installed or self.subscriptions_disabled or not self.subscribed(name):
            return None
        if not self._within_hourly_rate():
            return None
        payload = self._callback(event, ext_shared=ext_shared)
        self._start(payload)
        event_id: str = payload["event_id"]
        return event_id

    def resend(self, event_id: str) -> bool:
        """Deliver an event of the wire log again under the same event_id; False if it is not there."""
        for entry in self._core.wire.after():
            request = entry["request"] or {}
            payload = request.get("payload") if isinstance(request, dict) else None
            if isinstance(payload, dict) and payload.get("event_id") == event_id:
                self._start({**payload, "token": VERIFICATION_TOKEN}, first_attempt=1)
                return True
        return False

    async def settled(self, timeout: float = PATIENCE) -> None:
        """Wait until no event is under way. Raises TimeoutError."""
        await self._core.feed.until(lambda: not self._tasks, timeout)

    async def close(self) -> None:
        """Stop delivering."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.sockets.close()
        await self.http.close()

    def _callback(self, event: JSON, *, ext_shared: bool = False) -> JSON:
        workspace = self._core.workspace
        event_id = f"Ev{secrets.token_hex(5).upper()}"
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": workspace.team_id,
            "api_app_id": self._core.app.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": event_id,
            "event_time": self._core.seconds,
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": workspace.team_id,
                    "user_id": BOT_USER_ID,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": ext_shared,
            "event_context": f"4-{event_id}",
        }

    def _start(self, payload: JSON, first_attempt: int = 0) -> None:
        task = asyncio.create_task(self._deliver(payload, first_attempt))
        self._tasks.add(task)

        def done(finished: asyncio.Task[None]) -> None:
            self._tasks.discard(finished)
            self._core.feed.poke()

        task.add_done_callback(done)

    async def _deliver(self, payload: JSON, first_attempt: int) -> None:
        settings = self._core.settings
        waits = [0.0, *(delay * settings.retry_scale for delay in settings.retry_delays)]
        if settings.delayed_events:
            waits += [HOUR * settings.retry_scale] * 24
        reason = "timeout" if first_attempt else ""
        first = time.monotonic()
        for attempt, wait in enumerate(waits):
            await asyncio.sleep(wait)
            if settings.request_urls is None and not self.sockets.count:
                left = first + settings.event_max_age_seconds - time.monotonic()
                if settings.delayed_events:
                    left = 24 * HOUR
                if not await self.sockets.wait_connected(max(left, 0.0)):
                    self._core.wire.add("out", "envelope", "event dropped: too old", request=payload)
                    return
                # Waiting for a connection is a delivery that did not arrive.
                reason = reason or "timeout"
                attempt = max(attempt, 1)
            attempt += first_attempt
            failure, again = await self._try(payload, (attempt, reason))
            self._count(failure is None)
            if failure is None or not again:
                return
            reason = failure

    async def _try(self, payload: JSON, retry: tuple[int, str]) -> tuple[str | None, bool]:
        """Send once: the reason it failed, if it did, and whether Slack may send it again."""
        timeout = self._core.settings.ack_seconds
        if self._core.settings.request_urls is None:
            try:
                await self.sockets.send("events_api", payload, accepts_response=False, timeout=timeout, retry=retry)
            except (TimeoutError, ConnectionLost):
                return "timeout", True
            return None, True
        try:
            reply = await self.http.send("events", payload, timeout=timeout, retry=retry)
        except TimeoutError:
            return "http_timeout", True
        except aiohttp.TooManyRedirects:
            return "too_many_redirects", True
        except aiohttp.ClientError:
            return "connection_failed", True
        if 200 <= reply.status < 300:
            return None, True
        return "http_error", not reply.no_retry

    def _count(self, success: bool) -> None:
        """Slack switches an app's subscriptions off when nearly everything fails for an hour."""
        now = time.monotonic()
        self._sent.append((now, success))
        while self._sent and self._sent[0][0] < now - HOUR:
            self._sent.popleft()
        total = len(self._sent)
        if total >= self._core.settings.events_min_success_from:
            good = sum(ok for _, ok in self._sent)
            self.subscriptions_disabled = good / total < self._core.settings.events_min_success

    def _within_hourly_rate(self) -> bool:
        now = time.monotonic()
        while self._accepted and self._accepted[0] < now - HOUR:
            self._accepted.popleft()
        if len(self._accepted) < self._core.settings.events_per_hour:
            self._accepted.append(now)
            return True
        minute = int(now // 60)
        if minute != self._limited_minute:
            self._limited_minute = minute
            limited = {
                "type": "app_rate_limited",
                "token": VERIFICATION_TOKEN,
                "team_id": self._core.workspace.team_id,
                "minute_rate_limited": self._core.seconds // 60 * 60,
                "api_app_id": self._core.app.app_id,
            }
            self._start(self._callback(limited))
        return False
