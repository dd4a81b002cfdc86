"""Sends what is due: claim, render, post once, record. Knows no noun; content and renderer are chosen by kind."""

from __future__ import annotations

import asyncio

import structlog

from bot.services import Services
from bot.services.deliveries import Claimed
from bot.slack.gateway import Ambiguous, Gateway, Later, Rejected, Sent
from bot.slack.rendering import render

log = structlog.get_logger(__name__)

# Slack took an update for a message that is gone or can't be changed any more: there is nothing left to do about it.
UPDATE_IS_MOOT = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})


class Dispatcher:
    """One pass after another; a pass that is running is not started twice."""

    def __init__(self, services: Services, gateway: Gateway, team_id: str) -> None:
        self._services = services
        self._gateway = gateway
        self._team_id = team_id
        self._running = asyncio.Lock()
        self._draining = False

    async def run(self) -> int:
        """Sends everything that is due now; returns how many deliveries were claimed."""
        total = 0
        async with self._running:
            while not self._draining and (claimed := await self._services.deliveries.claim()):
                total += len(claimed)
                await asyncio.gather(*(self._guarded(one) for one in claimed))
        return total

    async def drain(self) -> None:
        """Takes nothing more, and waits for what is under way."""
        self._draining = True
        async with self._running:
            return

    async def _guarded(self, claimed: Claimed) -> None:
        """One delivery's failure never stops the others; its lease runs out, and a look decides."""
        try:
            await self._send(claimed)
        except Exception:
            log.exception("delivery_failed_unexpectedly", delivery=claimed.id, kind=claimed.kind)

    async def _send(self, claimed: Claimed) -> None:
        deliveries = self._services.deliveries
        channel_id = claimed.channel_id
        if claimed.user_id is not None:
            opened = await self._reach(claimed)
            if opened is None:
                return
            channel_id = opened
        content = await self._services.contents.content(claimed.id)
        if content is None:
            await deliveries.dropped(claimed.id, claimed.attempt, "nothing left to say")
            return
        message = render(claimed.kind, content)
        if channel_id is None:
            await deliveries.failed(claimed.id, claimed.attempt, "no conversation is known for it")
            return
        if not await deliveries.holds_lease(claimed.id, claimed.attempt):
            # This process slept too long between claim and post; whoever holds the lease now decides.
            log.warning("lease_lost_before_post", delivery=claimed.id)
            return
        if claimed.operation == "update":
            outcome = await self._gateway.update(channel_id, claimed.ts or "", message, key=claimed.key)
        else:
            outcome = await self._gateway.post(channel_id, message, key=claimed.key, thread_ts=claimed.thread_ts)
        await self._record(claimed, outcome)

    async def _reach(self, claimed: Claimed) -> str | None:
        """The person's conversation, stored before the first post into it; None where it can't be had now."""
        deliveries = self._services.deliveries
        user_id = claimed.user_id or ""
        active = await self._gateway.is_active(user_id)
        if isinstance(active, Later):
            await deliveries.later(claimed.id, claimed.attempt, active.reason, active.seconds)
            return None
        if not active:
            await deliveries.failed(claimed.id, claimed.attempt, "the Slack account is deactivated: link another one")
            return None
        if claimed.channel_id is not None:
            return claimed.channel_id
        opened = await self._gateway.open_dm(user_id)
        if isinstance(opened, Later):
            await deliveries.later(claimed.id, claimed.attempt, opened.reason, opened.seconds)
            return None
        if isinstance(opened, Rejected):
            await deliveries.failed(claimed.id, claimed.attempt, opened.reason)
            return None
        await deliveries.keep_dm(claimed.team_id or self._team_id, user_id, claimed.id, opened.channel_id)
        return opened.channel_id

    async def _record(self, claimed: Claimed, outcome: Sent | Ambiguous | Later | Rejected) -> None:
        deliveries = self._services.deliveries
        match outcome:
            case Sent(channel_id=channel_id, ts=ts):
                await deliveries.sent(claimed.id, claimed.attempt, channel_id, ts, claimed.version)
            case Ambiguous(reason=reason) if claimed.operation == "update":
                # An update may be done again, so nobody has to look.
                await deliveries.later(claimed.id, claimed.attempt, reason, deliveries.timing.retry)
            case Ambiguous(reason=reason):
                log.warning("delivery_unclear", delivery=claimed.id, kind=claimed.kind, reason=reason)
                await deliveries.unclear(claimed.id, claimed.attempt, reason)
            case Later(seconds=seconds, reason=reason):
                await deliveries.later(claimed.id, claimed.attempt, reason, seconds)
            case Rejected(code=code) if claimed.operation == "update" and code in UPDATE_IS_MOOT:
                await deliveries.dropped(claimed.id, claimed.attempt, "the message is gone")
            case Rejected(code=code, reason=reason):
                log.warning("delivery_refused", delivery=claimed.id, kind=claimed.kind, code=code)
                await deliveries.failed(claimed.id, claimed.attempt, reason)
